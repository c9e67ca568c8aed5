//! The queue of a telephone: many items at once, each answered by itself.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use calendar::Timestamp;
use dispatch::DispatchError;
use dispatch::field::{self, Clock, Item, MOST_ITEMS, Outcome, Taken, Unfit};
use door::{Door, Failure, Signed, forms};
use http::{HeaderValue, StatusCode, header};
use people::Act;
use serde::{Deserialize, Serialize};
use words::Words;

use super::{day, words_of};
use crate::ask::Ask;

/// How often an item is tried again when two telephones write about one order at the same moment.
const TRIES: usize = 5;

/// What a telephone sends.
#[derive(Deserialize)]
struct Queue {
    device: String,
    /// The telephone's clock at this moment.
    sent_at: Timestamp,
    /// Whose queue it is: a telephone is lent, and nobody does another's work.
    account: String,
    #[serde(default)]
    items: Vec<serde_json::Value>,
}

/// The answer to one item, with words for the person.
#[derive(Serialize)]
pub struct Told {
    #[serde(flatten)]
    pub taken: Taken,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub words: &'static str,
}

impl Told {
    pub fn new(taken: Taken, w: Words) -> Told {
        let is_said = taken.outcome != Outcome::Accepted && taken.first != Some(Outcome::Accepted);
        let words = if is_said { words_of::code(w, &taken.code) } else { "" };
        Told { taken, words }
    }
}

#[derive(Serialize)]
struct Answer {
    /// Our clock.
    now: Timestamp,
    /// Changes when the crew's stops change, so that the telephone knows when to load its page anew.
    stamp: String,
    items: Vec<Told>,
}

/// `POST /crew/sync`.
pub async fn sync(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    request: Request,
) -> Result<Response, Failure> {
    let body = match forms::body(request).await {
        Ok(body) => body,
        Err(refusal) => return Ok(refusal.into_response()),
    };
    let Ok(queue) = serde_json::from_slice::<Queue>(&body) else {
        return Ok(StatusCode::UNPROCESSABLE_ENTITY.into_response());
    };
    if queue.account != signed.account.to_string() {
        return Ok(StatusCode::CONFLICT.into_response());
    }
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let clock = match greet(&door, &act, city, &queue.device, queue.sent_at).await? {
        Ok(clock) => clock,
        Err(status) => return Ok(status.into_response()),
    };
    let w = ask.words();
    let mut items = Vec::new();
    let mut told = Vec::new();
    for value in queue.items.into_iter().take(MOST_ITEMS) {
        let id = value.get("id").and_then(serde_json::Value::as_str).unwrap_or("").to_owned();
        match serde_json::from_value::<Item>(value) {
            Ok(item) => items.push(item),
            Err(_) => told.push(Told::new(
                Taken { id, outcome: Outcome::Refused, first: None, code: "item-content".into() },
                w,
            )),
        }
    }
    // What was done first is taken first, however the telephone lists it.
    items.sort_by_key(|item| item.sequence);
    for item in items {
        told.push(Told::new(one(&door, &act, city, &queue.device, clock, item).await?, w));
    }
    let account = signed.account;
    let stamp = door.db.read(move |tx| day::stamp(tx, city, account)).await?;
    Ok(json(&Answer { now: act.at, stamp, items: told }))
}

/// A telephone says hello; the outer error is the machine's, the inner one the telephone's.
pub async fn greet(
    door: &Door,
    act: &Act,
    city: i64,
    device: &str,
    sent_at: Timestamp,
) -> Result<Result<Clock, StatusCode>, Failure> {
    let (act, device) = (act.clone(), device.to_owned());
    let greeted = door.db.write(move |tx| field::greet(tx, &act, city, &device, sent_at)).await;
    match greeted {
        Ok(clock) => Ok(Ok(clock)),
        Err(DispatchError::Storage(failure)) => Err(failure.into()),
        Err(DispatchError::Denied(_)) => Ok(Err(StatusCode::FORBIDDEN)),
        Err(_) => Ok(Err(StatusCode::UNPROCESSABLE_ENTITY)),
    }
}

/// Takes one item in, in a transaction of its own; what cannot be taken is kept with the reason.
pub async fn one(
    door: &Door,
    act: &Act,
    city: i64,
    device: &str,
    clock: Clock,
    item: Item,
) -> Result<Taken, Failure> {
    let (device, item) = (device.to_owned(), std::sync::Arc::new(item));
    for _ in 0..TRIES {
        let taken = {
            let (act, device, item) = (act.clone(), device.clone(), item.clone());
            door.db.write(move |tx| field::take(tx, &act, city, &device, clock, &item)).await
        };
        let kept = match taken {
            Err(Unfit::Kept { outcome, code }) => {
                let (act, device, item) = (act.clone(), device.clone(), item.clone());
                door.db
                    .write(move |tx| field::keep(tx, &act, city, &device, clock, &item, outcome, code))
                    .await
            }
            other => other,
        };
        match kept {
            Ok(taken) => return Ok(taken),
            Err(Unfit::Again) => {}
            Err(Unfit::Storage(failure)) => return Err(failure.into()),
            Err(Unfit::Denied(_) | Unfit::Kept { .. }) => {
                let code = "crew-left".to_owned();
                return Ok(Taken { id: item.id.clone(), outcome: Outcome::Refused, first: None, code });
            }
        }
    }
    Err(Failure::passing("an item was written by others again and again"))
}

/// An answer for programs, kept by nobody.
pub fn json(value: &impl Serialize) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, serde_json::to_string(value).unwrap_or_default()).into_response()
}
