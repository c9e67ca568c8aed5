//! What somebody with an account said to the city: the requests that carry the mobile number they proved.

use people::{Act, accounts};
use storage::{Result, Tx, params, sql};

use crate::find;
use crate::request::{RequestId, ServiceRequest};

/// The author's own requests, the newest first, private ones too; none for whoever has no account or no number.
pub fn mine(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, most: u32) -> Result<Vec<ServiceRequest>> {
    let Some(account) = act.by.account() else { return Ok(Vec::new()) };
    let mobile = accounts::by_id(tx, jurisdiction, account)?.and_then(|account| account.mobile);
    let Some(mobile) = mobile.filter(|mobile| !mobile.is_empty()) else { return Ok(Vec::new()) };
    let ids = tx.query(
        sql!(
            "SELECT request_id FROM request_contacts WHERE jurisdiction_id = $1 AND mobile = $2 AND mobile <> ''
             ORDER BY request_id DESC LIMIT $3"
        ),
        &params![jurisdiction, &mobile, most],
        |row| Ok(RequestId(row.get(0)?)),
    )?;
    find::by_ids(tx, jurisdiction, &ids)
}
