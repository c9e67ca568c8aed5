//! A move by somebody who saw a certain version: whoever comes second is told what changed instead of overwriting it.

use people::{Act, Denied, Permission};
use storage::Tx;

use super::referrals;
use crate::moves::{self, MoveError, Step};
use crate::request::{RequestId, ServiceRequest};
use crate::{find, notes::NoteError};

/// Why work on a request was refused.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    #[error("there is no such request, or it is none of this member's")]
    NotFound,
    #[error("the request changed since it was seen")]
    Changed,
    #[error("words are missing")]
    WordsMissing,
    #[error("at most {most} characters")]
    WordsTooLong { most: usize },
    #[error("there is no such unit")]
    UnitUnknown,
    #[error("this unit is not outside the municipality")]
    UnitNotExternal,
    #[error("this colleague may not work on it")]
    ColleagueUnknown,
    #[error("an answer is due in the past")]
    DueWrong,
    #[error("from {least} to {most} parts")]
    PartsWrong { least: usize, most: usize },
    #[error("a part is not split again, and what is over is not split")]
    NotSplittable,
    #[error("nothing waits for an answer from outside")]
    NothingReferred,
    #[error("there is no such service")]
    ServiceUnknown,
    #[error("the place is outside the city or unknown")]
    PlaceWrong,
    #[error("neither the service nor the place is another")]
    NothingChanged,
    #[error("at most {most} at once")]
    TooMany { most: usize },
    #[error(transparent)]
    Move(#[from] MoveError),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl WorkError {
    /// A stable code for message keys and programs; failures have none.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            WorkError::NotFound => "request-unknown",
            WorkError::Changed => "request-changed",
            WorkError::WordsMissing => "move-words-missing",
            WorkError::WordsTooLong { .. } => "words-too-long",
            WorkError::UnitUnknown => "unit-unknown",
            WorkError::UnitNotExternal => "unit-not-external",
            WorkError::ColleagueUnknown => "colleague-unknown",
            WorkError::DueWrong => "due-wrong",
            WorkError::PartsWrong { .. } => "parts-wrong",
            WorkError::NotSplittable => "not-splittable",
            WorkError::NothingReferred => "nothing-referred",
            WorkError::ServiceUnknown => "service-unknown",
            WorkError::PlaceWrong => "place-wrong",
            WorkError::NothingChanged => "nothing-changed",
            WorkError::TooMany { .. } => "too-many",
            WorkError::Move(error) => return error.code(),
            WorkError::Denied(_) => "denied",
            WorkError::Failure(_) => return None,
        })
    }
}

impl From<NoteError> for WorkError {
    fn from(error: NoteError) -> Self {
        match error {
            NoteError::NotFound => WorkError::NotFound,
            NoteError::NothingSaid => WorkError::WordsMissing,
            NoteError::TooLong { most } => WorkError::WordsTooLong { most },
            NoteError::Denied(denied) => WorkError::Denied(denied),
            NoteError::Failure(failure) => WorkError::Failure(failure),
        }
    }
}

/// Whether somebody may open the staff's view of a request: it is within their reach, or their unit asked an
/// organisation outside about it and waits for the answer.
pub fn may_see(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest) -> storage::Result<bool> {
    if act.may(Permission::SeeInternal, request.place()) {
        return Ok(true);
    }
    let referral = referrals::waiting(tx, request)?;
    Ok(referral.is_some_and(|r| {
        act.may(Permission::SeeInternal, people::Where { unit: r.from_unit, ..request.place() })
    }))
}

/// The request for somebody who may work on it or look at it; what is not theirs is not there.
pub fn open(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    seen: Option<i64>,
) -> Result<ServiceRequest, WorkError> {
    let request = find::by_id(tx, jurisdiction, id)?.ok_or(WorkError::NotFound)?;
    if !may_see(tx, act, &request)? {
        return Err(WorkError::NotFound);
    }
    if seen.is_some_and(|version| version != request.version) {
        return Err(WorkError::Changed);
    }
    Ok(request)
}

/// Makes a move for somebody who saw this version of the request.
pub fn make(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    seen: i64,
    step: &Step,
) -> Result<ServiceRequest, WorkError> {
    open(tx, act, jurisdiction, id, Some(seen))?;
    Ok(moves::make(tx, act, jurisdiction, id, step)?)
}
