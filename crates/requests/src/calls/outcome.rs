//! How a call ends in something: a new request, a place behind somebody else's, a word added to one's own, or the
//! way to another door.
//!
//! What came of it and the wrap-up of the call are one transaction, so no code is ever read out for a call that is
//! not tied to it.

use language::mobile;
use people::{Act, Denied};
use storage::Tx;

use super::call::{Call, CallId, WrapUp};
use super::other_doors::other_doors;
use super::take::{open, own, tie, wrap, wrap_up};
use super::{CallError, CallRefusal};
use crate::incidents::{self, IncidentError, IncidentId};
use crate::request::RequestId;
use crate::{Draft, Refusal, SubmitError, Submitted};

/// Why a call did not become a request.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Something about the draft, each beside its field.
    #[error("refused: {0:?}")]
    Refused(Vec<Refusal>),
    /// Something about the call.
    #[error("refused: {0:?}")]
    Call(CallRefusal),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl From<CallError> for RegisterError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(refusal) => RegisterError::Call(refusal),
            CallError::Denied(denied) => denied.into(),
            CallError::Failure(failure) => failure.into(),
        }
    }
}

impl From<SubmitError> for RegisterError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Refused(refusals) => RegisterError::Refused(refusals),
            SubmitError::Denied(denied) => denied.into(),
            SubmitError::Failure(failure) => failure.into(),
        }
    }
}

/// What the caller says becomes a request, and the call is wrapped up as such. Sent again with the same key it answers
/// the same.
pub fn register(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CallId,
    draft: &Draft,
) -> Result<Submitted, RegisterError> {
    let call = own(tx, act, jurisdiction, id)?;
    // What was sent before has its code already; anything else needs a call that goes on.
    let earlier = crate::earlier(tx, act, draft)?;
    if let Some(earlier) = earlier {
        return Ok(earlier);
    }
    if !call.is_open() {
        return Err(RegisterError::Call(CallRefusal::Wrapped));
    }
    let submitted = crate::submit(tx, act, draft)?;
    tie(tx, jurisdiction, &call, submitted.id)?;
    wrap_up(tx, act, jurisdiction, id, WrapUp::Registered)?;
    Ok(submitted)
}

/// What the caller says becomes a request that belongs to an incident from its first moment: it has its own code, and is
/// answered with the incident in the caller's own language. One that was merged meanwhile is the one it goes on in.
pub fn register_in(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CallId,
    draft: &Draft,
    incident: IncidentId,
) -> Result<Submitted, RegisterError> {
    let submitted = register(tx, act, jurisdiction, id, draft)?;
    let incident = incidents::goes_on(tx, jurisdiction, incident)?;
    match incidents::join(tx, act, jurisdiction, incident, submitted.id) {
        Ok(_) => Ok(submitted),
        // The program was quicker, or the form was sent twice.
        Err(IncidentError::Elsewhere(_)) => Ok(submitted),
        Err(IncidentError::Denied(denied)) => Err(denied.into()),
        Err(IncidentError::Failure(failure)) => Err(failure.into()),
        Err(IncidentError::NoPlace | IncidentError::RequestUnknown) => {
            Err(RegisterError::Call(CallRefusal::IncidentUnfit))
        }
        Err(_) => Err(RegisterError::Call(CallRefusal::IncidentOver)),
    }
}

/// The caller joins what somebody else reported: they stand behind it, hear of it, and their words are kept.
pub fn join(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CallId,
    request: RequestId,
    mobile: &str,
    words: &str,
) -> Result<Call, CallError> {
    let call = open(tx, act, jurisdiction, id)?;
    // Without a mobile number the call itself stands for the caller, so that they are counted once.
    let contact = mobile::parse(mobile).unwrap_or_default();
    crate::follow(tx, act, jurisdiction, request, &contact, &format!("call-{}", id.0), true, words)?;
    tie(tx, jurisdiction, &call, request)?;
    wrap_up(tx, act, jurisdiction, id, WrapUp::Joined)
}

/// The caller adds something to what they reported before.
pub fn add(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CallId,
    request: RequestId,
    words: &str,
) -> Result<Call, CallError> {
    let call = open(tx, act, jurisdiction, id)?;
    crate::note(tx, act, jurisdiction, request, words, false)?;
    tie(tx, jurisdiction, &call, request)?;
    wrap_up(tx, act, jurisdiction, id, WrapUp::Added)
}

/// The caller was told where to go with it, by name; there is no request.
pub fn told_elsewhere(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CallId,
    answer: &str,
) -> Result<Call, CallError> {
    open(tx, act, jurisdiction, id)?;
    if other_doors(tx, jurisdiction)?.by_code(answer).is_none() {
        return Err(CallRefusal::DoorUnknown.into());
    }
    wrap(tx, act, jurisdiction, id, WrapUp::ToldElsewhere, Some(answer))
}
