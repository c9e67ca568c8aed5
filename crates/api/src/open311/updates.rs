//! What was said since: FixMyStreet's `servicerequestupdates`.

use axum::extract::Request;
use calendar::Timestamp;
use language::{TrackingCode, display, mask};
use people::{Act, Role};
use requests::moves::{self, MoveError, Step};
use requests::{NoteError, ServiceRequest, Status, find};
use storage::Tx;
use words::Words;

use super::answer::Value;
use super::window::{both_or_none, update_status};
use super::write::{read_form, sender};
use super::{Answer, Call};
use crate::native::read_visible;
use crate::problem::{FieldError, No};
use crate::refusals;
use language::Lang;

const MOST: u32 = 1_000;

/// Public notes of a window of time, oldest first.
pub(crate) async fn list(call: &Call) -> Result<Answer, No> {
    let city = call.city(None).await?;
    let (id, now) = (city.id, call.api.door.now());
    let (from, until) = both_or_none(call, now)?;
    let list = call
        .api
        .door
        .db
        .read(move |tx| -> Result<Vec<Value>, No> {
            let updates = requests::updates(tx, id, from, until, MOST)?;
            let mut ids: Vec<_> = updates.iter().map(|update| update.request).collect();
            ids.sort_unstable();
            ids.dedup();
            let requests = find::by_ids(tx, id, &ids)?;
            let value = |update: requests::Update| {
                let request = requests.iter().find(|request| request.id == update.request)?;
                let status = match update.status {
                    Some(status) => update_status(status),
                    // A note alone leaves its request where it is.
                    None if request.status.is_open() => "OPEN",
                    None => update_status(request.status),
                };
                Some(Value::Object(vec![
                    ("update_id", Value::Text(update.id.to_string())),
                    ("service_request_id", Value::Text(request.code.to_string())),
                    ("status", Value::text(status)),
                    ("updated_datetime", Value::Text(update.at.to_rfc3339_z())),
                    ("description", Value::text(mask::public_text(&update.text))),
                    ("media_url", Value::Null),
                ]))
            };
            Ok(updates.into_iter().filter_map(value).collect())
        })
        .await?;
    Ok(("service_request_updates", Value::List("request_update", list)))
}

/// A sender says something about a request, and where it thinks the request stands.
pub(crate) async fn create(call: &Call, request: Request) -> Result<Answer, No> {
    let form = read_form(request, &call.api).await?;
    let city = call.city(Some(&form)).await?;
    let (id, lang) = (city.id, call.lang(&city));
    let actor = sender(call, &form, id, lang).await?;
    let code =
        TrackingCode::parse(form.text("service_request_id")).map_err(|_| No::NotFound("request-unknown"))?;
    let text = display::clean_text(form.text("description"));
    let wanted = wanted(form.text("status").trim());
    if call.trial {
        return Ok(one(form.text("update_id").to_owned(), Words(lang).api_notice_trial()));
    }
    let act = call.api.door.act(actor);
    let (update, unchanged) = call
        .api
        .door
        .db
        .write(move |tx| -> Result<(i64, bool), No> {
            let request = read_visible(tx, &act, id, code)?;
            if let Some(earlier) = said_before(tx, &act, &request, &text)? {
                return Ok((earlier, false));
            }
            let moved = match wanted.and_then(|wanted| next(wanted, &request)) {
                Some(to) => moved(tx, &act, &request, to, &text)?,
                None => false,
            };
            if !moved {
                note(tx, &act, &request, &text, lang)?;
            }
            let unchanged =
                !moved && wanted.is_some_and(|wanted| wanted.is_open() != request.status.is_open());
            Ok((newest(tx, act.at, &request)?, unchanged))
        })
        .await?;
    let notice = if unchanged { Words(lang).api_notice_status_unchanged() } else { "" };
    Ok(one(update.to_string(), notice))
}

fn one(id: String, notice: &str) -> Answer {
    let value = Value::Object(vec![("update_id", Value::Text(id)), ("service_notice", Value::text(notice))]);
    ("service_request_updates", Value::List("request_update", vec![value]))
}

/// What a state of FixMyStreet is called here.
fn wanted(status: &str) -> Option<Status> {
    Some(match status.to_ascii_uppercase().as_str() {
        "OPEN" | "REOPEN" | "REOPENED" => Status::Reopened,
        "INVESTIGATING" | "FOR_TRIAGE" => Status::Confirmed,
        "IN_PROGRESS" => Status::InProgress,
        "ACTION_SCHEDULED" => Status::Assigned,
        "FIXED" => Status::Answered,
        "CLOSED" => Status::Closed,
        "DUPLICATE" => Status::Duplicate,
        "NO_FURTHER_ACTION" | "NOT_COUNCILS_RESPONSIBILITY" | "NOT_RESPONSIBLE" => Status::Declined,
        "INTERNAL_REFERRAL" => Status::ReferredOutside,
        "CANCELLED" => Status::Cancelled,
        _ => return None,
    })
}

/// The move that leads there from where the request stands, if the table has one.
fn next(wanted: Status, request: &ServiceRequest) -> Option<Status> {
    if wanted == request.status {
        return None;
    }
    // "Closed" by somebody who never said "done" is the city's answer.
    let to = if wanted == Status::Closed && request.status.is_open() { Status::Answered } else { wanted };
    request.status.move_to(to).map(|line| line.to)
}

/// Makes the move when the sender may; otherwise the words alone are kept.
fn moved(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest, to: Status, text: &str) -> Result<bool, No> {
    match moves::make(tx, act, request.jurisdiction, request.id, &Step::to(to).saying(text)) {
        Ok(_) => Ok(true),
        Err(MoveError::Failure(error)) => Err(error.into()),
        // All of these are found before anything is written.
        Err(_) => Ok(false),
    }
}

fn note(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest, text: &str, lang: Lang) -> Result<(), No> {
    let refused = |code: &str| {
        No::Refused(vec![FieldError {
            code: code.into(),
            field: "description".into(),
            message: refusals::by_code(lang, code),
        }])
    };
    requests::note(tx, act, request.jurisdiction, request.id, text, false).map_err(|error| match error {
        NoteError::NotFound => No::NotFound("request-unknown"),
        NoteError::NothingSaid => refused("nothing-said"),
        NoteError::TooLong { .. } => refused("words-too-long"),
        NoteError::Denied(denied) => denied.into(),
        NoteError::Failure(failure) => failure.into(),
    })
}

/// The note with the same words that a program already sent: a retry after a time-out.
fn said_before(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest, text: &str) -> Result<Option<i64>, No> {
    if act.by.role() != Role::Sender || text.is_empty() {
        return Ok(None);
    }
    let thread = find::thread(tx, request, false)?;
    let Some(same) = thread.iter().find(|knot| knot.by == Role::Sender && knot.text == text) else {
        return Ok(None);
    };
    Ok(Some(newest(tx, same.at, request)?))
}

/// The id of the newest note of a moment.
fn newest(tx: &mut Tx<'_>, at: Timestamp, request: &ServiceRequest) -> Result<i64, No> {
    let said = requests::updates(tx, request.jurisdiction, at, at, MOST)?;
    let newest = said.into_iter().filter(|update| update.request == request.id).map(|update| update.id).max();
    Ok(newest.unwrap_or(request.id.0))
}
