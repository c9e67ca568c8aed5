//! Calls at the line, and the operator who takes them.
//!
//! The telephone exchange tells what happens to a call, in any order and perhaps twice; the state of a call is
//! always what its times say, so every order ends the same. An operator says at which extension they sit, and every
//! call that comes there is theirs until it is wrapped up with a code. What was typed is kept with the call, so no
//! closed window and no second call loses it. Numbers stand in rows only, never in the journal, and are forgotten
//! after [`FORGOTTEN_AFTER_DAYS`].

mod call; // the row, its state, how it ended
mod caller; // who calls, and what they asked for before
mod counters; // today's figures of one operator, and of the line
mod events; // what the exchange tells
mod missed; // nobody answered: whom to call back
mod number; // the number of a caller, however the exchange writes it
mod other_doors; // what is said to people who are wrong here
mod outcome; // a request, a place behind another, or the way to another door
mod take; // an operator takes a call, types, and wraps it up
pub mod triage; // how urgent it is, by questions

pub use call::{Call, CallId, CallState, WrapUp, by_id};
pub use caller::{Caller, Earlier, caller};
pub use counters::{Counters, Line, counters, line};
pub use events::{Event, Happened, Heard, QueueLength, hear, hear_queue};
pub use missed::{CHORE, FORGOTTEN_AFTER_DAYS, call_back, missed};
pub use number::{clean as clean_number, for_people as number_for_people};
pub use other_doors::{OtherDoor, OtherDoors, other_doors};
pub(crate) use other_doors::{check as check_other_doors, load as load_other_doors};
pub use outcome::{RegisterError, add, join, register, register_in, told_elsewhere};
pub use take::{begin, extension_of, keep_draft, mine, sit, stand_up, take, wrap_up};

use people::Denied;

use crate::{FollowRefusal, NoteError};

/// The journal's name for a call.
pub const SUBJECT: &str = "call";

/// The city says no to something about a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallRefusal {
    /// There is no such call, or it is somebody else's.
    NotFound,
    /// An extension is up to 20 digits and letters.
    ExtensionWrong,
    /// The exchange's name for a call is missing or too long.
    ExchangeIdWrong,
    /// It was wrapped up before.
    Wrapped,
    /// The request to join or to add to is not there.
    RequestNotFound,
    /// The incident to join is over.
    IncidentOver,
    /// What was said does not fit into an incident: it is private, or has no place on the map.
    IncidentUnfit,
    /// There is nothing to add.
    NothingSaid,
    WordsTooLong {
        most: usize,
    },
    /// A door that the city does not know of.
    DoorUnknown,
    /// More was typed than a form can hold.
    DraftTooLong,
}

#[derive(Debug, thiserror::Error)]
pub enum CallError {
    #[error("refused: {0:?}")]
    Refused(CallRefusal),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl From<CallRefusal> for CallError {
    fn from(refusal: CallRefusal) -> Self {
        CallError::Refused(refusal)
    }
}

impl From<crate::FollowError> for CallError {
    fn from(error: crate::FollowError) -> Self {
        match error {
            crate::FollowError::Refused(FollowRefusal::WordsTooLong { most }) => {
                CallRefusal::WordsTooLong { most }.into()
            }
            crate::FollowError::Refused(_) => CallRefusal::RequestNotFound.into(),
            crate::FollowError::Denied(denied) => denied.into(),
            crate::FollowError::Failure(failure) => failure.into(),
        }
    }
}

impl From<NoteError> for CallError {
    fn from(error: NoteError) -> Self {
        match error {
            NoteError::NotFound => CallRefusal::RequestNotFound.into(),
            NoteError::NothingSaid => CallRefusal::NothingSaid.into(),
            NoteError::TooLong { most } => CallRefusal::WordsTooLong { most }.into(),
            NoteError::Denied(denied) => denied.into(),
            NoteError::Failure(failure) => failure.into(),
        }
    }
}
