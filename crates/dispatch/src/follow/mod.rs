//! From a request to an order, and from the order back to the request.
//!
//! A request that is confirmed or assigned, or an emergency the moment it is reported, becomes one order when its
//! service has a kind of work and its place is known. Requests that are one incident share one order. What ends a
//! request ends its orders. When the crew is on the way the request is in progress; when everything is done the
//! citizen is answered with words and photos; when they object and the inspector agrees, somebody goes again, unpaid.

mod incident; // one order for many reports
mod loop_closes; // from the order back to the request
mod request; // one order for one report

use std::collections::BTreeSet;
use std::sync::Arc;

use calendar::Timestamp;
use people::{Act, Actor, Dice};
use requests::incidents::IncidentId;
use requests::{Priority, RequestId};
use storage::followers::Follower;
use storage::journal::Entry;
use storage::{Result, Tx};

use crate::{DispatchError, Done, OrderId, Urgency};

/// Follows requests, incidents and orders. Its cursor begins at the end of the journal in a city that was there before
/// orders were.
pub const FOLLOWER: Follower = Follower { name: "dispatch-orders", at_once: 50, follow };

fn follow(tx: &mut Tx<'_>, jurisdiction: i64, entries: &[Entry]) -> Result<()> {
    if crate::job_types::kinds(tx, jurisdiction)?.job_types.is_empty() {
        // A city without crews is none of our business.
        return Ok(());
    }
    // A rush reports one incident a hundred times a second; it is looked at once for each handful.
    let mut seen = BTreeSet::new();
    for entry in entries {
        let is_news = match entry.subject_kind.as_str() {
            requests::SUBJECT => request::concerns(&entry.fact),
            requests::incidents::SUBJECT => seen.insert((entry.subject, entry.fact.clone())),
            crate::ORDER => loop_closes::concerns(&entry.fact),
            _ => false,
        };
        if !is_news {
            continue;
        }
        // What follows from one fact draws the same numbers whenever it is followed again.
        let dice = Arc::new(Dice::seeded(entry.seq as u64 ^ 0x0d15_a7c4));
        let act = Act::new(Actor::System("dispatch"), Timestamp(entry.at), dice);
        let followed = match entry.subject_kind.as_str() {
            requests::SUBJECT => {
                request::happened(tx, &act, jurisdiction, RequestId(entry.subject), &entry.fact)
            }
            requests::incidents::SUBJECT => {
                incident::happened(tx, &act, jurisdiction, IncidentId(entry.subject), &entry.fact)
            }
            _ => loop_closes::happened(tx, &act, jurisdiction, OrderId(entry.subject), &entry.fact),
        };
        passing(followed)?;
    }
    Ok(())
}

/// What cannot become an order (its place is outside, its kind of work is gone) stays with the unit that has the
/// request; a failure of the machine is tried again.
fn passing(followed: Done<()>) -> Result<()> {
    match followed {
        Err(DispatchError::Storage(failure)) => Err(failure),
        // Somebody changed it a moment before; what they did has a fact of its own.
        _ => Ok(()),
    }
}

/// A person in danger makes work more urgent than its kind usually is.
fn urgency_of(usual: Urgency, priority: Priority) -> Urgency {
    match priority {
        Priority::Normal => usual,
        Priority::Urgent => usual.min(Urgency::TwoHours),
        Priority::Emergency => Urgency::Immediate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_priority_hastens_and_never_slows() {
        for (usual, priority, expected) in [
            (Urgency::Planned, Priority::Normal, Urgency::Planned),
            (Urgency::Planned, Priority::Urgent, Urgency::TwoHours),
            (Urgency::Day, Priority::Emergency, Urgency::Immediate),
            (Urgency::Immediate, Priority::Normal, Urgency::Immediate),
            (Urgency::Immediate, Priority::Urgent, Urgency::Immediate),
        ] {
            assert_eq!(urgency_of(usual, priority), expected, "{usual:?} {priority:?}");
        }
    }
}
