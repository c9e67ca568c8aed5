//! The states of a request, and which move may follow which.
//!
//! A workflow is a table: [`MOVES`] says from where to where, who may, whether a reason must be given, and
//! [`Status::open311`] folds twelve states into the two that the standard knows.

use people::Permission;

use crate::kinds::coded;

coded! {
    /// Where a request stands.
    Status {
        /// It is stored and has a code; nobody has looked at it.
        Received = "received",
        /// Checked: in scope, not a duplicate, the right service.
        Confirmed = "confirmed",
        /// A unit has it.
        Assigned = "assigned",
        /// Somebody is working on it.
        InProgress = "in-progress",
        /// The citizen was asked something; the clock stands still.
        WaitingForCitizen = "waiting-for-citizen",
        /// Another organisation has it; the answer is followed.
        ReferredOutside = "referred-outside",
        /// Not done, with a reason.
        Declined = "declined",
        /// Done, as the unit says. The citizen may object.
        Answered = "answered",
        /// Not really done, as the citizen or an inspector says.
        Reopened = "reopened",
        /// Over.
        Closed = "closed",
        /// The same as another request, which goes on.
        Duplicate = "duplicate",
        /// Taken back by whoever reported it.
        Cancelled = "cancelled",
    }
}

use Status::*;

impl Status {
    /// Work is still owed.
    pub const fn is_open(self) -> bool {
        !matches!(self, Declined | Answered | Closed | Duplicate | Cancelled)
    }

    /// The two states that Open311 knows.
    pub const fn open311(self) -> &'static str {
        if self.is_open() { "open" } else { "closed" }
    }

    /// The promise stands still: the next word is the citizen's.
    pub const fn pauses_the_clock(self) -> bool {
        matches!(self, WaitingForCitizen)
    }

    /// The move to `next`, if the table has it.
    pub fn move_to(self, next: Status) -> Option<&'static Move> {
        MOVES.iter().find(|m| m.from.contains(&self) && m.to == next)
    }

    /// What may come next.
    pub fn next(self) -> impl Iterator<Item = Status> {
        MOVES.iter().filter(move |m| m.from.contains(&self)).map(|m| m.to)
    }
}

/// One line of the workflow.
#[derive(Debug)]
pub struct Move {
    pub from: &'static [Status],
    pub to: Status,
    pub permission: Permission,
    /// The citizen is owed words: why declined, what was done, why reopened.
    pub needs_words: bool,
    /// The move names the unit that has the request from now on.
    pub needs_unit: bool,
    /// The fact that the journal records.
    pub fact: &'static str,
}

const fn step(from: &'static [Status], to: Status, permission: Permission, fact: &'static str) -> Move {
    Move { from, to, permission, needs_words: false, needs_unit: false, fact }
}

const fn with_words(m: Move) -> Move {
    Move { needs_words: true, ..m }
}

const fn with_unit(m: Move) -> Move {
    Move { needs_unit: true, ..m }
}

/// Every move there is.
pub const MOVES: &[Move] = &[
    step(&[Received], Confirmed, Permission::Confirm, "confirmed"),
    with_unit(step(
        &[Received, Confirmed, Assigned, InProgress, WaitingForCitizen, ReferredOutside, Reopened],
        Assigned,
        Permission::Assign,
        "assigned",
    )),
    step(&[Assigned, WaitingForCitizen, ReferredOutside, Reopened], InProgress, Permission::Work, "started"),
    with_words(step(
        &[Received, Confirmed, Assigned, InProgress, ReferredOutside, Reopened],
        WaitingForCitizen,
        Permission::Work,
        "asked",
    )),
    with_words(with_unit(step(
        &[Received, Confirmed, Assigned, InProgress, WaitingForCitizen, Reopened],
        ReferredOutside,
        Permission::Assign,
        "referred",
    ))),
    with_words(step(
        &[Received, Confirmed, Assigned, InProgress, WaitingForCitizen, ReferredOutside, Reopened],
        Declined,
        Permission::Work,
        "declined",
    )),
    with_words(step(
        &[Received, Confirmed, Assigned, InProgress, WaitingForCitizen, ReferredOutside, Reopened],
        Answered,
        Permission::Work,
        "answered",
    )),
    with_words(step(&[Declined, Answered, Closed], Reopened, Permission::Close, "reopened")),
    step(&[Declined, Answered], Closed, Permission::Close, "closed"),
    step(
        &[Received, Confirmed, Assigned, InProgress, WaitingForCitizen, Reopened],
        Duplicate,
        Permission::Confirm,
        "duplicate",
    ),
    step(&[Duplicate], Confirmed, Permission::Confirm, "separated"),
    step(&[Received, Confirmed, Assigned, WaitingForCitizen], Cancelled, Permission::Withdraw, "cancelled"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_can_be_reached_and_every_open_one_can_end() {
        for status in Status::ALL {
            let reached = *status == Received || MOVES.iter().any(|m| m.to == *status);
            assert!(reached, "{status:?}");
            if status.is_open() {
                assert!(status.next().any(|next| !next.is_open()), "{status:?} has no end");
            }
        }
    }

    #[test]
    fn the_table_says_each_move_once() {
        for from in Status::ALL {
            for to in Status::ALL {
                let times = MOVES.iter().filter(|m| m.from.contains(from) && m.to == *to).count();
                assert!(times <= 1, "{from:?} to {to:?} stands {times} times");
            }
        }
    }

    #[test]
    fn what_is_over_is_not_worked_on() {
        for over in [Closed, Cancelled, Duplicate, Declined, Answered] {
            for work in [Assigned, InProgress, WaitingForCitizen, Answered] {
                assert!(over.move_to(work).is_none(), "{over:?} to {work:?}");
            }
        }
        assert!(Cancelled.next().next().is_none());
    }

    #[test]
    fn open311_knows_two_states() {
        for status in Status::ALL {
            assert_eq!(status.open311() == "open", status.is_open());
        }
    }
}
