//! Who was refused is written down once for each who, what and minute: a fact is for people who read the journal, and
//! nobody fills it by knocking.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use people::{Act, Actor, Permission, Where};

use crate::Door;

/// As many are remembered; then those of earlier minutes are forgotten.
const MOST: usize = 10_000;
const MINUTE: i64 = 60_000;

/// The last minute in which somebody was refused something. Each machine remembers its own.
#[derive(Debug, Default)]
pub struct Denials(Mutex<HashMap<(i64, i64, String), i64>>);

impl Denials {
    /// Whether this is the first refusal of its kind in this minute.
    fn is_first(&self, city: i64, who: i64, what: &str, minute: i64) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, last| *last >= minute);
        }
        // Full of this very minute, it is told no more of: there are facts enough.
        if known.len() >= MOST {
            return false;
        }
        known.insert((city, who, what.to_owned()), minute) != Some(minute)
    }
}

impl Door {
    /// Writes down that somebody was refused. Whoever is not let in is not let in, whether or not it could be written.
    pub async fn note_denied(&self, act: Act, jurisdiction: i64, what: &str, permission: Permission) {
        let who = match &act.by {
            Actor::Key { id, .. } => *id,
            other => other.account().unwrap_or(0),
        };
        if !self.denials.is_first(jurisdiction, who, what, self.now().0 / MINUTE) {
            return;
        }
        let path = what.to_owned();
        let noted = self
            .db
            .write(move |tx| -> storage::Result<()> {
                let place = Where::city(jurisdiction);
                people::audit_of(tx, &act, jurisdiction, &path, permission, place, false, None);
                Ok(())
            })
            .await;
        if let Err(error) = noted {
            tracing::error!(%error, what, "a refusal could not be noted in the journal");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knocking_is_one_fact_a_minute() {
        let denials = Denials::default();
        let check = |who: i64, what: &str, minute: i64, is: bool| {
            assert_eq!(denials.is_first(1, who, what, minute), is, "{who} {what} {minute}");
        };
        check(7, "/people", 100, true);
        check(7, "/people", 100, false);
        check(8, "/people", 100, true);
        check(7, "/notices", 100, true);
        check(7, "/people", 101, true);
        for who in 0..2 * MOST as i64 {
            denials.is_first(1, who, "/people", 102);
        }
        assert!(denials.0.lock().unwrap().len() <= MOST);
        check(1, "/people", 103, true);
    }
}
