//! Today's figures of one operator and of the line, and whom to call back.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use door::{Door, Failure, Signed};
use language::digits;
use people::Act;
use requests::calls::{self, CallError};
use serde::Serialize;
use storage::Tx;
use words::Words;

use super::draw;
use super::who;
use crate::ask::{Ask, Here, render};
use crate::page::Page;

/// The two parts of the page that are true for a moment only.
#[derive(Debug, Default, Serialize)]
pub struct Figures {
    pub figures: String,
    pub missed: String,
}

#[derive(Template)]
#[template(path = "desk/figures.html")]
struct Numbers<'a> {
    page: Page<'a>,
    calls: String,
    registered: String,
    median: String,
    waiting: String,
    /// Somebody waits longer than anybody should.
    is_long: bool,
    waited: String,
    open_today: String,
    per_minute: String,
}

#[derive(Template)]
#[template(path = "desk/missed.html")]
struct Missed<'a> {
    page: Page<'a>,
    count: i64,
    /// Id, number, when.
    calls: Vec<(i64, String, String)>,
}

/// Seconds that nobody should wait.
const LONG: i64 = 60;

/// `GET /desk/figures`.
pub async fn answer(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let act = signed.act(&door);
    let figures = door
        .db
        .read(move |tx| -> Result<Figures, Failure> {
            match Here::find(tx, &ask)? {
                Some(here) => figures(tx, &ask, &here, &act),
                None => Ok(Figures::default()),
            }
        })
        .await?;
    let headers = [(http::header::CONTENT_TYPE, "application/json; charset=utf-8")];
    Ok((headers, serde_json::to_vec(&figures).map_err(Failure::new)?).into_response())
}

pub fn figures(tx: &mut Tx<'_>, ask: &Ask, here: &Here, act: &Act) -> Result<Figures, Failure> {
    let (w, lang, city) = (ask.words(), ask.lang, here.city().id);
    let own = or_nothing(calls::counters(tx, act, city))?.unwrap_or_default();
    let line = calls::line(tx, city, act.at)?;
    let count = |n: i64| digits::grouped(n, lang);
    let numbers = Numbers {
        page: here.page(ask, ""),
        calls: count(own.calls),
        registered: count(own.registered),
        median: own.median_millis.map(|millis| draw::clock(millis, lang)).unwrap_or_default(),
        waiting: line.waiting.map(count).unwrap_or_default(),
        is_long: line.waiting.is_some_and(|n| n > 0) && line.waiting_seconds >= LONG,
        waited: draw::clock(line.waiting_seconds * 1000, lang),
        open_today: count(line.open_today),
        per_minute: digits::decimal(line.per_minute, 1, lang),
    };
    Ok(Figures { figures: render(&numbers)?, missed: missed(tx, ask, here, act, w)? })
}

fn missed(tx: &mut Tx<'_>, ask: &Ask, here: &Here, act: &Act, w: Words) -> Result<String, Failure> {
    let zone = &here.city().zone;
    let missed = or_nothing(calls::missed(tx, act, here.city().id))?.unwrap_or_default();
    let count = i64::try_from(missed.len()).unwrap_or(0);
    let calls = missed
        .iter()
        .map(|call| {
            (call.id.0, who::number_shown(&call.caller, w), draw::hour(call.began_at, zone, ask.lang))
        })
        .collect();
    render(&Missed { page: here.page(ask, ""), count, calls })
}

/// What an operator may not see is not there; what failed has failed.
pub fn or_nothing<T>(outcome: Result<T, CallError>) -> Result<Option<T>, Failure> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(CallError::Failure(failure)) => Err(failure.into()),
        Err(CallError::Refused(_) | CallError::Denied(_)) => Ok(None),
    }
}
