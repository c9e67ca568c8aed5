//! Browsers that asked for news of a request (web push).

use language::Lang;
use people::Act;
use serde::{Deserialize, Serialize};
use storage::{Error, Result, Tx, params, sql};

/// What a browser gives whoever may send to it (W3C Push API, `PushSubscription.toJSON`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Browser {
    pub endpoint: String,
    /// Its public key, base64url: 65 bytes of an uncompressed P-256 point.
    pub p256dh: String,
    /// Its secret, base64url: 16 bytes.
    pub auth: String,
}

impl Browser {
    /// Whether the keys look like keys; whether they are some is found out when the first message is made.
    pub fn has_keys(&self) -> bool {
        use base64::Engine as _;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let length =
            |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map(|bytes| bytes.len()).ok();
        length(&self.p256dh) == Some(65) && length(&self.auth) == Some(16)
    }
}

/// How many browsers hear of one request.
const MOST: u32 = 1_000;

/// Adds a browser to those that hear of a request. Saying it twice changes nothing.
pub fn add(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    request: i64,
    browser: &Browser,
    lang: Lang,
) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO notice_browsers (jurisdiction_id, request_id, id, endpoint, p256dh, auth, language, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (jurisdiction_id, request_id, endpoint) DO NOTHING"
        ),
        &params![
            jurisdiction, request, act.new_id(), &browser.endpoint, &browser.p256dh, &browser.auth, lang.code(), act.at.0
        ],
    )?;
    Ok(())
}

/// Forgets a browser that is gone. `to` is what [`of`] gave.
pub(crate) fn forget(tx: &mut Tx<'_>, jurisdiction: i64, to: &str) -> Result<()> {
    let Ok(browser) = serde_json::from_str::<Browser>(to) else { return Ok(()) };
    tx.execute(
        sql!("DELETE FROM notice_browsers WHERE jurisdiction_id = $1 AND endpoint = $2"),
        &params![jurisdiction, &browser.endpoint],
    )?;
    Ok(())
}

/// The browsers that hear of a request, each as the recipient that a gateway is handed.
pub fn of(tx: &mut Tx<'_>, jurisdiction: i64, request: i64) -> Result<Vec<(String, Lang)>> {
    tx.query(
        sql!(
            "SELECT endpoint, p256dh, auth, language FROM notice_browsers WHERE jurisdiction_id = $1 AND request_id = $2
             ORDER BY id LIMIT $3"
        ),
        &params![jurisdiction, request, MOST],
        |row| {
            let browser = Browser { endpoint: row.get(0)?, p256dh: row.get(1)?, auth: row.get(2)? };
            let to = serde_json::to_string(&browser).map_err(Error::corrupt)?;
            Ok((to, Lang::from_code(&row.get::<String>(3)?).unwrap_or_default()))
        },
    )
}
