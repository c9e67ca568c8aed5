//! Numbers and texts are forgotten; counts by day stay.

use people::{Act, Chore};
use storage::{Result, Tx, params, sql};

/// How long they are kept, in milliseconds: long enough to answer "did you send it?".
pub const KEPT_MS: i64 = 10 * 24 * 3_600_000;

pub const FORGET: Chore = Chore { name: "notices-forget", every: 3_600_000, at_once: 500, run: forget };

/// Takes numbers and texts out of what was kept long enough.
fn forget(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, most: u32) -> Result<usize> {
    let before = act.at.plus_millis(-KEPT_MS).0;
    let done = tx.execute(
        sql!(
            "UPDATE notice_outbox SET recipient = '', text = '', subject = ''
             WHERE jurisdiction_id = $1 AND id IN (
                 SELECT id FROM notice_outbox WHERE jurisdiction_id = $1 AND made_at < $2 AND waiting = 0 AND recipient <> ''
                 ORDER BY made_at, id LIMIT $3)"
        ),
        &params![jurisdiction, before, most],
    )?;
    tx.execute(
        sql!("UPDATE notice_inbound SET sender = '', text = '' WHERE jurisdiction_id = $1 AND at < $2 AND sender <> ''"),
        &params![jurisdiction, before],
    )?;
    tx.execute(
        sql!("DELETE FROM notice_drafts WHERE jurisdiction_id = $1 AND expires_at < $2"),
        &params![jurisdiction, act.at.0],
    )?;
    tx.execute(
        sql!("DELETE FROM notice_reports WHERE jurisdiction_id = $1 AND at < $2"),
        &params![jurisdiction, before],
    )?;
    Ok(done as usize)
}
