//! What crises and silence mean for a plan, read once with the day: how much an order counts, whether it waits, and which
//! crews keep exactly the stops they have.

use std::collections::HashSet;
use std::sync::Arc;

use calendar::Timestamp;
use storage::{Result, Tx};

use super::{Crises, current, silent};
use crate::{Crew, CrewId, WorkOrder};

/// Empty on a calm day.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    crises: Arc<Crises>,
    silent: HashSet<CrewId>,
}

impl Standing {
    pub fn read(tx: &mut Tx<'_>, jurisdiction: i64, now: Timestamp) -> Result<Standing> {
        let crises = current(tx, jurisdiction)?;
        let silent = match crises.all.iter().map(|crisis| crisis.rules.silent_minutes).min() {
            None => HashSet::new(),
            Some(minutes) => {
                let since = now.plus_minutes(-minutes);
                silent(tx, jurisdiction, since)?.into_iter().map(|(crew, _)| crew).collect()
            }
        };
        Ok(Standing { crises, silent })
    }

    /// How many times as much an order counts.
    pub fn counts(&self, order: &WorkOrder) -> i64 {
        self.crises
            .over(order.district)
            .and_then(|c| c.rules.counts(order.danger, order.urgency))
            .unwrap_or(1)
    }

    /// Why nobody is to be sent to an order now that nobody has: a code.
    pub fn waits(&self, order: &WorkOrder) -> Option<&'static str> {
        let crisis = self.crises.over(order.district)?;
        if crisis.rules.counts(order.danger, order.urgency).is_none() {
            return Some("crisis-waits");
        }
        self.crises.is_cut_off(order.district).then_some("district-cut-off")
    }

    /// A crew that nobody can reach keeps what it has and gets nothing new.
    pub fn is_frozen(&self, crew: &Crew) -> bool {
        self.silent.contains(&crew.id) || self.crises.is_cut_off(crew.district)
    }
}
