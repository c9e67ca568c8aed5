//! Delivery reports: what a gateway says became of a message.
//!
//! A report may come twice, in any order, and even before the gateway's answer to the sending was written down. It is
//! kept once, and applied when both it and the message are there. "Delivered" has the last word.

use calendar::Timestamp;
use storage::{Result, Tx, params, sql};

use crate::outbox::count;

/// Keeps a report and applies it. Returns whether anything changed that was not known before.
pub fn take(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    gateway: &str,
    gateway_id: &str,
    delivered: bool,
    at: Timestamp,
) -> Result<bool> {
    let added = tx.execute(
        sql!(
            "INSERT INTO notice_reports (jurisdiction_id, gateway, gateway_id, delivered, at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING"
        ),
        &params![jurisdiction, gateway, gateway_id, delivered, at.0],
    )?;
    if added == 1 {
        apply(tx, jurisdiction, gateway, gateway_id)?;
    }
    Ok(added == 1)
}

/// Applies the reports that are known of a message.
pub(crate) fn apply(tx: &mut Tx<'_>, jurisdiction: i64, gateway: &str, gateway_id: &str) -> Result<()> {
    let reports = tx.query(
        sql!(
            "SELECT delivered, at FROM notice_reports WHERE jurisdiction_id = $1 AND gateway = $2 AND gateway_id = $3
             ORDER BY delivered LIMIT 2"
        ),
        &params![jurisdiction, gateway, gateway_id],
        |row| Ok((row.get::<bool>(0)?, row.get::<i64>(1)?)),
    )?;
    let Some((delivered, at)) = reports.last().copied() else { return Ok(()) };
    let channel: Option<String> = if delivered {
        tx.value(
            sql!(
                "UPDATE notice_outbox SET state = 'delivered', reason = '', delivered_at = $4
                 WHERE jurisdiction_id = $1 AND gateway = $2 AND gateway_id = $3
                   AND (state = 'sent' OR (state = 'failed' AND reason = 'undelivered'))
                 RETURNING channel"
            ),
            &params![jurisdiction, gateway, gateway_id, at],
        )?
    } else {
        tx.value(
            sql!(
                "UPDATE notice_outbox SET state = 'failed', reason = 'undelivered'
                 WHERE jurisdiction_id = $1 AND gateway = $2 AND gateway_id = $3 AND state = 'sent'
                 RETURNING channel"
            ),
            &params![jurisdiction, gateway, gateway_id],
        )?
    };
    if let Some(channel) = channel {
        let outcome = if delivered { "delivered" } else { "undelivered" };
        count(tx, jurisdiction, Timestamp(at), &channel, gateway, outcome, 0, 0)?;
    }
    Ok(())
}
