//! Who wants no news. Codes, emergencies and answers to their own texts reach them all the same.

use calendar::Timestamp;
use storage::{Result, Tx, params, sql};

/// Whether somebody asked for no more news.
pub fn is_opted_out(tx: &mut Tx<'_>, jurisdiction: i64, recipient: &str) -> Result<bool> {
    let found: Option<i64> = tx.value(
        sql!("SELECT at FROM notice_opt_outs WHERE jurisdiction_id = $1 AND recipient = $2"),
        &params![jurisdiction, recipient],
    )?;
    Ok(found.is_some())
}

/// No more news for a number; what waits for it is taken back.
pub fn opt_out(tx: &mut Tx<'_>, jurisdiction: i64, recipient: &str, at: Timestamp) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO notice_opt_outs (jurisdiction_id, recipient, at) VALUES ($1, $2, $3)
             ON CONFLICT (jurisdiction_id, recipient) DO NOTHING"
        ),
        &params![jurisdiction, recipient, at.0],
    )?;
    tx.execute(
        sql!(
            "UPDATE notice_outbox SET state = 'suppressed', waiting = 0, reason = 'opted-out'
             WHERE jurisdiction_id = $1 AND recipient = $2 AND waiting = 1 AND urgent = 0 AND state = 'queued'"
        ),
        &params![jurisdiction, recipient],
    )?;
    Ok(())
}

/// News again.
pub fn join(tx: &mut Tx<'_>, jurisdiction: i64, recipient: &str) -> Result<()> {
    tx.execute(
        sql!("DELETE FROM notice_opt_outs WHERE jurisdiction_id = $1 AND recipient = $2"),
        &params![jurisdiction, recipient],
    )?;
    Ok(())
}
