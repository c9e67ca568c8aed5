//! The author and the time of a change.

use std::sync::Arc;

use calendar::Timestamp;
use storage::{Tx, journal::Note};

use crate::permissions::{Denied, Permission, Where};
use crate::{Actor, Dice};

/// Who is doing this, when, and the dice they draw ids and codes from. The doors make it; the domain never
/// reads a clock and has no other source of chance.
#[derive(Debug, Clone)]
pub struct Act {
    pub by: Actor,
    pub at: Timestamp,
    pub dice: Arc<Dice>,
}

impl Act {
    pub fn new(by: Actor, at: Timestamp, dice: Arc<Dice>) -> Self {
        Act { by, at, dice }
    }

    /// A new id, in the order of time.
    pub fn new_id(&self) -> i64 {
        self.dice.id(self.at)
    }

    /// Refuses unless the author may do this to something at this place.
    pub fn require(&self, permission: Permission, place: Where) -> Result<(), Denied> {
        crate::permissions::require(&self.by, permission, place)
    }

    pub fn may(&self, permission: Permission, place: Where) -> bool {
        self.require(permission, place).is_ok()
    }

    /// Whether there is any place at all where the author may do this. Pages and routes ask it before they open; the
    /// verbs then ask [`Act::require`] about the thing itself.
    pub fn may_somewhere(&self, permission: Permission) -> bool {
        crate::permissions::may_somewhere(&self.by, permission)
    }

    /// Announces a fact about a subject. `payload` is JSON.
    pub fn record(
        &self,
        tx: &mut Tx<'_>,
        jurisdiction: i64,
        subject_kind: &'static str,
        subject: i64,
        fact: &'static str,
        payload: String,
    ) {
        tx.record(Note {
            jurisdiction,
            at: self.at.0,
            actor: self.by.signature(),
            subject_kind,
            subject,
            fact,
            payload,
        });
    }
}
