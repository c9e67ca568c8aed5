//! After a call: the code, big and in words, what was promised, and what became of the call.

use calendar::{Timestamp, words as dates};
use door::Failure;
use requests::calls::{Call, CallError, CallId, WrapUp};
use requests::{calls, find};
use storage::Tx;

use super::{draw, who};
use crate::ask::{Ask, Here};
use crate::parts::{Code, code};
use crate::requests::{divisions, line, title};

/// What is left to say, and to tick.
pub struct After {
    pub call: i64,
    pub headline: &'static str,
    /// None for a call without a request.
    pub request: Option<Told>,
    /// Code, word, and whether it is the one.
    pub endings: Vec<(&'static str, &'static str, bool)>,
    /// How long the call was, as a clock shows it.
    pub took: String,
}

/// What the caller is told.
pub struct Told {
    pub code: Code,
    /// Digit by digit, in words.
    pub aloud: String,
    pub path: String,
    pub title: String,
    pub place: String,
    pub promise: String,
    pub unit: String,
    /// Whom to call when somebody is in danger.
    pub hint: String,
}

/// What comes after a call of this operator that is wrapped up; none for any other.
pub fn after(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    act: &people::Act,
    id: i64,
) -> Result<Option<After>, Failure> {
    let city = here.city().id;
    let Some(account) = act.by.account() else { return Ok(None) };
    let call = calls::by_id(tx, city, CallId(id))?;
    let Some(call) = call.filter(|c| c.account == Some(account) && !c.is_open()) else { return Ok(None) };
    let w = ask.words();
    let request = match call.request {
        Some(request) => told(tx, ask, here, request, act.at)?,
        None => None,
    };
    let headline = match call.wrap_up {
        Some(WrapUp::Registered) => w.desk_after_registered(),
        Some(WrapUp::Joined) => w.desk_after_joined(),
        Some(WrapUp::Added) => w.desk_after_added(),
        _ => w.desk_after_ended(),
    };
    Ok(Some(After {
        call: id,
        headline,
        endings: endings(&call, w),
        took: call.handling_millis().map(|millis| draw::clock(millis, ask.lang)).unwrap_or_default(),
        request,
    }))
}

/// The codes that fit: what came of the call, and what else it may have been about.
fn endings(call: &Call, w: words::Words) -> Vec<(&'static str, &'static str, bool)> {
    let fits = |code: &&WrapUp| {
        let needs_request = matches!(code, WrapUp::Registered | WrapUp::Joined | WrapUp::Added);
        !needs_request || call.wrap_up == Some(**code)
    };
    WrapUp::ALL
        .iter()
        .filter(fits)
        .map(|code| (code.code(), draw::wrap_up(*code, w), call.wrap_up == Some(*code)))
        .collect()
}

fn told(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    id: requests::RequestId,
    now: Timestamp,
) -> Result<Option<Told>, Failure> {
    let city = here.city();
    let Some(request) = find::by_id(tx, city.id, id)? else { return Ok(None) };
    let (catalogue, atlas) = (requests::catalogue(tx, city.id)?, territory::atlas(tx, city.id)?);
    let (w, lang) = (ask.words(), ask.lang);
    let hint = catalogue.service(request.service).and_then(|s| s.about.emergency.as_ref());
    let within = divisions(&atlas, request.district, request.neighbourhood, lang);
    let parts: Vec<&str> =
        [request.address.as_str(), within.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    Ok(Some(Told {
        code: code(request.code, lang, true),
        aloud: who::in_words(request.code, w),
        path: line::path(request.code),
        title: title(&catalogue, &request, w).to_owned(),
        place: parts.join(" · "),
        promise: request
            .due_at
            .filter(|due| request.status.is_open() && *due >= now)
            .map(|due| dates::date_time(lang, due, &city.zone))
            .unwrap_or_default(),
        unit: catalogue.unit_name(request.unit, lang).to_owned(),
        hint: hint.map(|hint| hint.hint.get(lang).to_owned()).unwrap_or_default(),
    }))
}

/// The sentence for what a call refuses.
pub fn sentence(w: words::Words, refusal: &calls::CallRefusal) -> String {
    use calls::CallRefusal::*;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    match refusal {
        NotFound => w.desk_refusal_not_found().into(),
        ExtensionWrong => w.desk_refusal_extension().into(),
        ExchangeIdWrong => w.desk_refusal_not_found().into(),
        Wrapped => w.desk_refusal_wrapped().into(),
        RequestNotFound => w.desk_refusal_request().into(),
        IncidentOver => w.desk_refusal_incident_over().into(),
        IncidentUnfit => w.desk_refusal_incident_unfit().into(),
        NothingSaid => w.desk_refusal_nothing_said().into(),
        WordsTooLong { most } => w.desk_refusal_words_too_long(count(*most)),
        DoorUnknown => w.desk_refusal_door().into(),
        DraftTooLong => w.desk_refusal_draft_too_long().into(),
    }
}

/// A refusal of a verb about a call, or the failure that it was.
pub fn refused(error: CallError) -> Result<calls::CallRefusal, Failure> {
    match error {
        CallError::Refused(refusal) => Ok(refusal),
        CallError::Denied(denied) => Err(Failure::new(denied)),
        CallError::Failure(failure) => Err(failure.into()),
    }
}
