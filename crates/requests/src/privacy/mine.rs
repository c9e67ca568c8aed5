//! What a citizen said, for themselves: to see all of it, to take it along, and to be forgotten.
//!
//! A citizen is known by their account and by the mobile number that the account proved. The requests stay, without
//! the person; what is held by law stays whole until the hold is lifted, and they are told so.

use calendar::Timestamp;
use people::{Act, accounts};
use storage::{Result, Tx, params, sql};

use super::{Erased, erase, legal};
use crate::Contact;
use crate::find::{self, Knot};
use crate::request::{RequestId, ServiceRequest};

/// As many requests as one person's data are made of at most; the newest are kept.
const MOST: u32 = 2_000;

/// One request of somebody's own, with everything that is kept about them in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mine {
    pub request: ServiceRequest,
    pub contact: Contact,
    pub thread: Vec<Knot>,
    pub is_held: bool,
}

/// A request that somebody follows or said "me too" to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    pub request: RequestId,
    pub code: String,
    pub at: Timestamp,
    pub me_too: bool,
}

struct Me {
    account: String,
    mobile: String,
}

fn me(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Option<Me>> {
    let Some(id) = act.by.account() else { return Ok(None) };
    let account = accounts::by_id(tx, jurisdiction, id)?;
    Ok(account.map(|account| Me { account: id.to_string(), mobile: account.mobile.unwrap_or_default() }))
}

fn ids(tx: &mut Tx<'_>, jurisdiction: i64, me: &Me) -> Result<Vec<RequestId>> {
    let mut ids = Vec::new();
    if !me.mobile.is_empty() {
        ids = tx.query(
            sql!(
                "SELECT request_id FROM request_contacts WHERE jurisdiction_id = $1 AND mobile = $2 AND mobile <> ''
                 ORDER BY request_id DESC LIMIT $3"
            ),
            &params![jurisdiction, &me.mobile, MOST],
            |row| Ok(RequestId(row.get(0)?)),
        )?;
    }
    ids.extend(tx.query(
        sql!(
            "SELECT request_id FROM request_contacts WHERE jurisdiction_id = $1 AND account = $2 AND account <> ''
             ORDER BY request_id DESC LIMIT $3"
        ),
        &params![jurisdiction, &me.account, MOST],
        |row| Ok(RequestId(row.get(0)?)),
    )?);
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.dedup();
    ids.truncate(MOST as usize);
    Ok(ids)
}

/// Everything that the author said, the newest first. Whoever is not signed in said nothing.
pub fn all(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Vec<Mine>> {
    let Some(me) = me(tx, act, jurisdiction)? else { return Ok(Vec::new()) };
    let ids = ids(tx, jurisdiction, &me)?;
    let mut mine = Vec::with_capacity(ids.len());
    for request in find::by_ids(tx, jurisdiction, &ids)? {
        let contact = tx.query_opt(
            sql!(
                "SELECT name, mobile, email, device, account FROM request_contacts WHERE jurisdiction_id = $1 AND request_id = $2"
            ),
            &params![jurisdiction, request.id.0],
            |row| {
                Ok(Contact {
                    name: row.get(0)?,
                    mobile: row.get(1)?,
                    email: row.get(2)?,
                    device: row.get(3)?,
                    account: row.get(4)?,
                })
            },
        )?;
        let thread = find::thread(tx, &request, false)?;
        let is_held = legal::is_held(tx, jurisdiction, request.id)?;
        mine.push(Mine { contact: contact.unwrap_or_default(), thread, is_held, request });
    }
    Ok(mine)
}

/// What the author follows, the newest first.
pub fn followed(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Vec<Followed>> {
    let Some(me) = me(tx, act, jurisdiction)?.filter(|me| !me.mobile.is_empty()) else {
        return Ok(Vec::new());
    };
    tx.query(
        sql!(
            "SELECT f.request_id, r.tracking_code, f.at, f.me_too FROM request_followers f
             JOIN service_requests r ON r.jurisdiction_id = f.jurisdiction_id AND r.id = f.request_id
             WHERE f.jurisdiction_id = $1 AND f.contact = $2 ORDER BY f.request_id DESC LIMIT $3"
        ),
        &params![jurisdiction, &me.mobile, MOST],
        |row| {
            Ok(Followed {
                request: RequestId(row.get(0)?),
                code: row.get(1)?,
                at: Timestamp(row.get(2)?),
                me_too: row.get(3)?,
            })
        },
    )
}

/// What became of a wish to be forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    pub requests: usize,
    pub followed: u64,
    /// Kept for now, because the law needs them.
    pub held: usize,
}

/// Makes every request of the author forget them: name, number, address, device and account go, the request stays.
/// What they follow is followed no more.
pub fn forget(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Forgotten> {
    let Some(me) = me(tx, act, jurisdiction)? else { return Ok(Forgotten::default()) };
    let mut done = Forgotten::default();
    let ids = ids(tx, jurisdiction, &me)?;
    for request in find::by_ids(tx, jurisdiction, &ids)? {
        if legal::is_held(tx, jurisdiction, request.id)? {
            done.held += 1;
            continue;
        }
        let erased: Erased = erase::erase_reporter(tx, act, &request)?;
        done.requests += usize::from(erased.contact);
    }
    if !me.mobile.is_empty() {
        done.followed = tx.execute(
            sql!(
                "UPDATE request_followers SET contact = 'forgotten:' || CAST(id AS TEXT), words = ''
                 WHERE jurisdiction_id = $1 AND contact = $2"
            ),
            &params![jurisdiction, &me.mobile],
        )?;
    }
    Ok(done)
}
