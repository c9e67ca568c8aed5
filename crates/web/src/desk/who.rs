//! The caller, and what they asked for before: how each request stands, in words that can be read out.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calendar::{Timestamp, words as dates};
use door::{Door, Failure, Form, Signed};
use language::{Lang, digits};
use requests::calls::{self, CallError, CallId, Caller, Earlier};
use requests::{Catalogue, Status};
use storage::Tx;
use territory::Atlas;
use words::Words;

use crate::ask::{Ask, html_with, render};
use crate::page::Page;
use crate::parts::{Badge, Code, badge, code};
use crate::requests::{divisions, line, title};

/// A request of the caller, as the list shows it.
pub struct Before<'a> {
    pub code: Code,
    /// For buttons and addresses.
    pub plain: String,
    pub path: String,
    pub title: &'a str,
    pub badge: Badge,
    pub when: String,
    pub place: String,
    /// What is said to the caller: how it stands, until when, who has it.
    pub say: String,
    pub is_open: bool,
    pub is_own: bool,
    /// The one that the key for "add to this one" means.
    pub is_first: bool,
}

#[derive(Template)]
#[template(path = "desk/who.html")]
struct Who<'a> {
    page: Page<'a>,
    number: String,
    name: &'a str,
    before: Vec<Before<'a>>,
    total: i64,
    /// Where the newest of them was, to be offered again: text, latitude, longitude, division, and its name.
    last: Option<Last>,
}

struct Last {
    text: String,
    lat: String,
    long: String,
    division: String,
    within: String,
}

/// What stands beside the number.
pub fn fragment(
    page: Page<'_>,
    caller: &Caller,
    catalogue: &Catalogue,
    atlas: &Atlas,
    w: Words,
    now: Timestamp,
) -> Result<String, Failure> {
    let first = caller.open_one().map(|request| request.id);
    let before = caller
        .requests
        .iter()
        .map(|earlier| Before {
            is_first: Some(earlier.request.id) == first,
            ..before(earlier, catalogue, atlas, w, now)
        })
        .collect();
    let last = caller.last_place().map(|request| {
        let (lat, long) = request
            .point
            .map_or((String::new(), String::new()), |p| (format!("{:.6}", p.lat), format!("{:.6}", p.long)));
        let within = divisions(atlas, request.district, request.neighbourhood, w.lang());
        Last {
            text: if request.address.is_empty() { within.clone() } else { request.address.clone() },
            division: match request.point {
                Some(_) => String::new(),
                None => {
                    request.neighbourhood.or(request.district).map(|id| id.to_string()).unwrap_or_default()
                }
            },
            lat,
            long,
            within,
        }
    });
    render(&Who {
        page,
        number: digits::shown(&calls::number_for_people(&caller.number), w.lang()),
        name: &caller.name,
        before,
        total: i64::try_from(caller.total).unwrap_or(i64::MAX),
        last,
    })
}

fn before<'a>(
    earlier: &'a Earlier,
    catalogue: &'a Catalogue,
    atlas: &Atlas,
    w: Words,
    now: Timestamp,
) -> Before<'a> {
    let request = &earlier.request;
    let overdue = request.is_overdue(now);
    let place = if request.address.is_empty() {
        divisions(atlas, request.district, request.neighbourhood, w.lang())
    } else {
        request.address.clone()
    };
    Before {
        code: code(request.code, w.lang(), false),
        plain: request.code.to_string(),
        path: line::path(request.code),
        title: title(catalogue, request, w),
        badge: badge(w, request.status, overdue),
        when: line::moment(w.lang(), request.requested_at, now, atlas),
        place,
        say: say(earlier, catalogue, atlas, w, now),
        is_open: request.status.is_open(),
        is_own: earlier.is_own,
        is_first: false,
    }
}

/// How a request stands, as an operator reads it out: never a date that has passed as if it were to come.
fn say(earlier: &Earlier, catalogue: &Catalogue, atlas: &Atlas, w: Words, now: Timestamp) -> String {
    let request = &earlier.request;
    let unit = catalogue.unit_name(request.unit, w.lang());
    let note = language::mask::public_text(&request.status_note);
    match (request.status, request.due_at) {
        (Status::WaitingForCitizen, _) => w.desk_say_waiting(&note),
        (status, _) if !status.is_open() && !note.is_empty() => w.desk_say_answer(&note),
        (status, _) if !status.is_open() => String::new(),
        (_, Some(due)) if due < now => {
            w.desk_say_late(&dates::duration(w.lang(), now.millis_since(due)), unit)
        }
        (_, Some(due)) => w.desk_say_by(unit, &dates::date_time(w.lang(), due, &atlas.jurisdiction.zone)),
        (_, None) => unit.to_owned(),
    }
}

/// `POST /desk/caller`: what is known of a number that was typed.
pub async fn answer(
    State(door): State<Door>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let act = signed.act(&door);
    let number = form.text("caller").to_owned();
    let call = form.text("call").parse().ok().map(CallId);
    let jurisdiction = signed.jurisdiction;
    let html = door
        .db
        .write(move |tx: &mut Tx<'_>| -> Result<String, Failure> {
            let caller = seen(calls::caller(tx, &act, jurisdiction, call, &number))?;
            let Some(here) = crate::ask::Here::find(tx, &ask)? else { return Ok(String::new()) };
            let (catalogue, atlas) =
                (requests::catalogue(tx, jurisdiction)?, territory::atlas(tx, jurisdiction)?);
            fragment(here.page(&ask, ""), &caller, &catalogue, &atlas, ask.words(), act.at)
        })
        .await?;
    Ok(html_with(http::StatusCode::OK, html))
}

/// A caller, or nobody when this operator may not know.
pub fn seen(outcome: Result<Caller, CallError>) -> Result<Caller, Failure> {
    match outcome {
        Ok(caller) => Ok(caller),
        Err(CallError::Failure(failure)) => Err(failure.into()),
        Err(CallError::Refused(_) | CallError::Denied(_)) => Ok(Caller::default()),
    }
}

/// The number of a call, as people read it, or the word for a hidden one.
pub fn number_shown(number: &str, w: Words) -> String {
    match number {
        "" => w.desk_number_hidden().to_owned(),
        number => digits::shown(&calls::number_for_people(number), w.lang()),
    }
}

/// The digits of a code in words, in the groups in which people read them out.
pub fn in_words(code: language::TrackingCode, w: Words) -> String {
    let between = if w.lang() == Lang::Fa { "، " } else { ", " };
    let text = code.for_people(Lang::En);
    let groups: Vec<String> = text
        .split('\u{A0}')
        .map(|group| {
            let digits = group.chars().filter_map(|digit| w.by_key(&format!("desk-digit-{digit}")));
            digits.collect::<Vec<_>>().join(" ")
        })
        .collect();
    groups.join(between)
}
