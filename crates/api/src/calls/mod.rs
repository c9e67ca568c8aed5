//! The telephone exchange tells of calls.
//!
//! One address takes every event, with the key of the exchange (scope `calls`) or signed by it. An event may come twice, late, or in
//! the wrong order; the answer is the same and says where the call stands now. What an exchange sends is described in
//! docs/operating/telephone.md.

mod crews; // whom a crew wants to speak to

use axum::extract::{RawQuery, Request, State};
use axum::response::Response;
use axum::routing::post;
use axum::{Router, extract::DefaultBodyLimit};
use calendar::Timestamp;
use door::Form;
use http::{HeaderMap, StatusCode};
use notices::callback::Shown;
use people::Actor;
use requests::calls::{self, CallError, CallRefusal, Event, Happened, QueueLength};
use serde::{Deserialize, Serialize};

use crate::native::{Call, answered, given, json};
use crate::problem::{FieldError, No};
use crate::refusals;
use crate::state::Api;

/// An event has a few short fields.
const MOST_BYTES: usize = 8 * 1024;

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/api/v1/calls/events", post(events).layer(DefaultBodyLimit::max(MOST_BYTES)))
        .route("/api/v1/calls/crew", post(crews::whom).layer(DefaultBodyLimit::max(MOST_BYTES)))
}

/// What the exchange says. Fields that an event does not need may be left out; unknown ones are let pass, because
/// exchanges send more than anybody asked for.
#[derive(Debug, Deserialize)]
struct Told {
    /// `ringing`, `answered`, `ended`, or `queue`.
    event: String,
    /// The exchange's own name for the call.
    #[serde(default)]
    call: String,
    #[serde(default)]
    caller: String,
    #[serde(default)]
    extension: String,
    /// RFC 3339; now without it.
    #[serde(default)]
    at: Option<String>,
    /// With `queue`: how many wait, and for how many seconds the first of them.
    #[serde(default)]
    waiting: i64,
    #[serde(default)]
    seconds: i64,
}

#[derive(Debug, Serialize)]
struct Stands {
    /// Our own id of the call.
    id: String,
    state: &'static str,
    /// Something was not known before.
    changed: bool,
}

async fn events(State(api): State<Api>, RawQuery(query): RawQuery, mut request: Request) -> Response {
    let headers = std::mem::take(request.headers_mut());
    let answer = async {
        let query = Form::from_query(query.as_deref())?;
        let Call { city, lang } = Call::of(&api, &query, &headers).await?;
        let body = given::bytes(&headers, request).await?;
        let actor = exchange(&api, city.id, &headers, &body).await?;
        let told: Told = given::object(&body)?;
        let field = |field: &str, code: &str| {
            let message = refusals::by_code(lang, code);
            No::Refused(vec![FieldError { code: code.into(), field: field.into(), message }])
        };
        let act = api.door.act(actor);
        if told.event == "queue" {
            let queue = QueueLength { waiting: told.waiting, seconds: told.seconds };
            let write = move |tx: &mut storage::Tx<'_>| calls::hear_queue(tx, &act, city.id, queue);
            api.door.db.write(write).await.map_err(|error| refused(error, &field))?;
            return Ok(json(StatusCode::OK, &serde_json::json!({ "waiting": queue.waiting })));
        }
        let happened = Happened::parse(&told.event).ok_or_else(|| field("event", "event-unknown"))?;
        let at = match told.at.as_deref() {
            None | Some("") => None,
            Some(text) => Some(Timestamp::parse_rfc3339(text).map_err(|_| field("at", "time-wrong"))?),
        };
        let event = Event { call: told.call, happened, at, caller: told.caller, extension: told.extension };
        let write = move |tx: &mut storage::Tx<'_>| calls::hear(tx, &act, city.id, &event);
        let heard = api.door.db.write(write).await.map_err(|error| refused(error, &field))?;
        let stands = Stands { id: heard.id.0.to_string(), state: heard.state.code(), changed: heard.changed };
        Ok(json(StatusCode::OK, &stands))
    };
    answered(answer.await, &headers)
}

/// The exchange, which signed or has a key.
async fn exchange(api: &Api, city: i64, headers: &HeaderMap, body: &[u8]) -> Result<Actor, No> {
    let actor = match is_signed(api, headers, body)? {
        true if api.city(Some(&api.door.settings.telephone.jurisdiction)).await?.id == city => {
            Actor::System("telephone")
        }
        true => return Err(No::KeyWrong),
        false => api.caller(city, headers).await?,
    };
    if actor == Actor::Citizen { Err(No::KeyMissing) } else { Ok(actor) }
}

/// Whether the exchange proved itself by a signature. A wrong one is no reason to look for a key.
fn is_signed(api: &Api, headers: &HeaderMap, body: &[u8]) -> Result<bool, No> {
    let telephone = &api.door.settings.telephone;
    if !telephone.is_set() || !headers.contains_key(telephone.proof.header.as_str()) {
        return Ok(false);
    }
    let value = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let shown = Shown { proof: value(&telephone.proof.header), time: value(&telephone.proof.time), body };
    if telephone.proof.believes(&shown, api.door.now()) {
        return Ok(true);
    }
    tracing::warn!("a call in the name of the telephone exchange was refused");
    Err(No::KeyWrong)
}

fn refused(error: CallError, field: &impl Fn(&str, &str) -> No) -> No {
    match error {
        CallError::Denied(denied) => denied.into(),
        CallError::Failure(failure) => failure.into(),
        CallError::Refused(CallRefusal::ExtensionWrong) => field("extension", "extension-wrong"),
        CallError::Refused(_) => field("call", "call-wrong"),
    }
}
