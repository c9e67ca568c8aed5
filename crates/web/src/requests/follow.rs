//! Staying informed about a request, and "me too" instead of a second report.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use door::{Budget, Door, Failure, Form};
use http::{HeaderValue, header};
use language::TrackingCode;
use people::Actor;
use requests::{FollowError, FollowRefusal, RequestId, find};
use storage::Tx;

use super::{line, one};
use crate::ask::{self, Answer, Ask, Here};
use crate::{errors, refusals};

/// The cookie that lets a device say "me too" once. It holds a random number and nothing else, and is given only
/// to those who say it.
const DEVICE: &str = "peyvand-device";

/// `POST /requests/{code}/follow`: hear of it by telephone or e-mail.
pub async fn follow(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let contact = form.text("contact").to_owned();
    stand_behind(&door, ask, &code, contact, false).await
}

/// `POST /requests/{code}/me-too`.
pub async fn me_too(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
) -> Result<Response, Failure> {
    stand_behind(&door, ask, &code, String::new(), true).await
}

/// What came of it.
enum Outcome {
    Done(Answer),
    Refused(RequestId, FollowRefusal),
}

async fn stand_behind(
    door: &Door,
    ask: Ask,
    typed: &str,
    contact: String,
    me_too: bool,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let Ok(code) = TrackingCode::parse(typed) else {
        return ask::answer(door, ask, |_, _, _| Ok(Answer::Missing)).await;
    };
    let (device, is_new) = device(door, &ask);
    let act = door.act(Actor::Citizen);
    let (city, lang) = (ask.city_code().to_owned(), ask.lang);
    let contact_typed = contact.clone();
    let found = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let Some(here) = Here::find(tx, &ask)? else { return Ok((ask, None)) };
            let id = find::by_code(tx, here.city().id, code)?.map(|r| (here.city().id, r.id));
            Ok((ask, id))
        })
        .await?;
    let (ask, Some((jurisdiction, id))) = found else {
        let ask = found.0;
        return ask::answer(door, ask, |_, _, _| Ok(Answer::Missing)).await;
    };
    let done = {
        let (contact, device) = (contact.clone(), device.clone());
        let written = door
            .db
            .write(move |tx: &mut Tx<'_>| {
                requests::follow(tx, &act, jurisdiction, id, &contact, &device, me_too, "")
            })
            .await;
        match written {
            Ok(_) => Outcome::Done(Answer::Go(String::new())),
            Err(FollowError::Refused(refusal)) => Outcome::Refused(id, refusal),
            Err(FollowError::Denied(_)) => Outcome::Done(Answer::Missing),
            Err(FollowError::Failure(failure)) => return Err(failure.into()),
        }
    };
    match done {
        Outcome::Done(Answer::Go(_)) => {
            let what = if me_too { "me-too" } else { "follow" };
            let mut to = format!("{}?done={what}", door::lang::path(lang, &line::path(code)));
            if !city.is_empty() {
                to =
                    format!("{to}&city={}", percent_encoding::utf8_percent_encode(&city, crate::page::PLAIN));
            }
            let mut response = axum::response::Redirect::to(&to).into_response();
            if me_too
                && is_new
                && let Some(cookie) = cookie(door, &device)
            {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Outcome::Refused(id, FollowRefusal::ContactWrong | FollowRefusal::WordsTooLong { .. }) => {
            let now = door.now();
            ask::answer(door, ask, move |tx, ask, here| {
                let Some(request) = find::by_id(tx, here.city().id, id)? else { return Ok(Answer::Missing) };
                let sentence = refusals::follow(ask.words(), &FollowRefusal::ContactWrong);
                one::refused(tx, ask, here, &request, now, &sentence, &contact_typed)
            })
            .await
        }
        // A private request is nobody's to follow; that it exists is known to whoever has its code.
        _ => {
            ask::answer(door, ask, |_, ask, here| {
                Ok(Answer::Refused(http::StatusCode::FORBIDDEN, errors::denied(ask, here)?))
            })
            .await
        }
    }
}

/// The number of this device, and whether it was drawn just now.
fn device(door: &Door, ask: &Ask) -> (String, bool) {
    match ask.cookie(DEVICE).filter(|v| v.len() == 32 && v.bytes().all(|b| b.is_ascii_hexdigit())) {
        Some(known) => (known.to_owned(), false),
        None => (format!("{:016x}{:016x}", door.dice.number(), door.dice.number()), true),
    }
}

fn cookie(door: &Door, device: &str) -> Option<HeaderValue> {
    let secure = if door.settings.is_https() { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{DEVICE}={device}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}"
    ))
    .ok()
}
