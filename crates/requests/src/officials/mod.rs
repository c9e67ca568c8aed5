//! Officials on the line (روی خط شهر): published hours at which a named official answers callers in person.
//!
//! What is promised there is not a note but a request, with the official as its owner: it has a code, a unit and a
//! target time, the caller follows it like any other, and everybody sees in the end what became of it.

mod callers; // who waits on the line
mod hours; // when, who, under which number
mod promises; // what was promised, and what became of it

pub use callers::{CHORE, Caller, CallerState, callers, enter, forget, set_caller};
pub use hours::{Hour, HourField, NewHour, all, by_id, cancel, mine, past, put, upcoming};
pub use promises::{Kept, kept, of_account, promise, promised};

use people::{Act, Denied, Permission, Where};

use crate::Refusal;

/// The journal's name for an hour.
pub const SUBJECT: &str = "official-hour";

#[derive(Debug, thiserror::Error)]
pub enum OfficialError {
    #[error("there is no such hour")]
    NotFound,
    #[error("{field:?} is missing or wrong")]
    Wrong { field: HourField },
    #[error("a caller's number is no mobile number")]
    MobileWrong,
    #[error("a caller's name or matter is too long")]
    TooLong,
    #[error("this caller is not waiting any more")]
    CallerGone,
    #[error("the promise is not complete: {0:?}")]
    Refused(Vec<Refusal>),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl OfficialError {
    /// A stable code for programs and message keys; failures have none.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            OfficialError::NotFound => "hour-unknown",
            OfficialError::Wrong { field } => field.code(),
            OfficialError::MobileWrong => "mobile-wrong",
            OfficialError::TooLong => "words-too-long",
            OfficialError::CallerGone => "caller-gone",
            OfficialError::Refused(_) => "promise-refused",
            OfficialError::Denied(_) => "denied",
            OfficialError::Failure(_) => return None,
        })
    }
}

/// Whether this is the hour of the one who acts.
pub fn is_own(act: &Act, hour: &Hour) -> bool {
    hour.account.is_some() && act.by.account() == hour.account
}

/// Only the official speaks in their own hour, or whoever arranges the hours for them.
fn require_speaker(act: &Act, jurisdiction: i64, hour: &Hour) -> Result<(), Denied> {
    let place = Where::city(jurisdiction).owned_by(hour.account);
    if act.may(Permission::ManageOfficials, place) {
        return Ok(());
    }
    act.require(Permission::SpeakAsOfficial, place)?;
    if is_own(act, hour) {
        return Ok(());
    }
    Err(Denied { role: act.by.role(), permission: Permission::SpeakAsOfficial })
}
