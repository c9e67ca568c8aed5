//! What is due leaves.
//!
//! One step claims a handful under a lease, hands each message to its gateway and marks how it went. Steps may run on
//! several threads and machines at once. A machine that dies between handing over and marking leaves a lease behind;
//! whoever takes over asks the same gateway with the same key.

use calendar::Timestamp;
use people::Dice;
use storage::{Db, Result};

use crate::gateway::{Gateways, Outcome};
use crate::outbox;

/// Messages that one step takes. With the time-outs of the gateways they must fit into a lease.
pub const AT_ONCE: u32 = 4;

/// One step for one city at a moment. Returns how many messages were handed over. It blocks while gateways answer, so
/// it runs on a thread of its own. `now` is asked again after each answer.
pub fn step(
    db: &Db,
    jurisdiction: i64,
    gateways: &std::sync::Arc<Gateways>,
    dice: &Dice,
    now: &dyn Fn() -> Timestamp,
) -> Result<usize> {
    let began = now();
    let ways = gateways.clone();
    let leased = db.write_blocking(move |tx| outbox::claim(tx, jurisdiction, &ways, began, AT_ONCE))?;
    let count = leased.len();
    for message in leased {
        let outcome = match gateways.by_name(&message.gateway) {
            Some(named) => named.gateway.send(&message.message),
            None => Outcome::failed("the gateway is gone"),
        };
        if let Outcome::Failed { why, .. } | Outcome::Refused { why } = &outcome {
            // Who and what stays out of the log.
            tracing::warn!(
                gateway = message.gateway,
                id = message.id,
                attempt = message.attempts,
                why,
                "not sent"
            );
        }
        let (ways, then, chance) = (gateways.clone(), now(), dice.number());
        db.write_blocking(move |tx| outbox::mark(tx, jurisdiction, &ways, &message, &outcome, then, chance))?;
    }
    Ok(count)
}
