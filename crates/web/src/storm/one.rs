//! One incident: what and where, its requests, and every decision about it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::{Timestamp, words as dates};
use door::{Door, Failure, Signed};
use http::StatusCode;
use people::{Act, Permission};
use requests::incidents::{self, Incident, IncidentId, read};
use requests::{RequestId, catalogue, storm};
use storage::{Tx, journal};

use super::row::Row;
use super::{done, path};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::requests::line::Line;

/// Members on one page.
const MOST: u32 = 50;
/// Neighbours that are offered.
const NEAR: usize = 5;

#[derive(Template)]
#[template(path = "storm/one.html")]
struct One<'a> {
    page: Page<'a>,
    path: String,
    row: Row<'a>,
    said: Option<&'static str>,
    refused: Option<&'a str>,
    size: String,
    open: String,
    first: String,
    last: String,
    reach: String,
    is_open: bool,
    is_proposed: bool,
    is_confirmed: bool,
    can_close: bool,
    merged: Option<String>,
    answering: bool,
    told: [&'a str; 2],
    words: &'a str,
    typed: Typed,
    members: Vec<Member<'a>>,
    older: Option<String>,
    near: Vec<(Row<'a>, String)>,
    live: String,
}

struct Member<'a> {
    id: i64,
    line: Line<'a>,
    how: String,
    refused: bool,
}

/// What was typed and refused, so that nothing is lost.
#[derive(Default, Clone)]
pub struct Typed {
    pub fa: String,
    pub en: String,
    pub note: Option<String>,
    pub code: String,
}

/// `GET /incidents/{id}`, with `?before=` for older members.
pub async fn page(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
    signed: Signed,
) -> Result<Response, Failure> {
    let (act, now) = (signed.act(&door), door.now());
    let Ok(id) = id.parse().map(IncidentId) else {
        return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await;
    };
    ask::answer(&door, ask, move |tx, ask, here| {
        match draw(tx, ask, here, &signed, &act, now, id, None, Typed::default())? {
            Some(html) => Ok(Answer::Page(NEVER, html)),
            None => Ok(Answer::Missing),
        }
    })
    .await
}

/// The page again, with why it was refused.
pub async fn refused(
    door: &Door,
    ask: Ask,
    signed: Signed,
    id: IncidentId,
    sentence: &'static str,
    typed: Typed,
) -> Result<Response, Failure> {
    let (act, now) = (signed.act(door), door.now());
    ask::answer(door, ask, move |tx, ask, here| {
        match draw(tx, ask, here, &signed, &act, now, id, Some(sentence), typed)? {
            Some(html) => Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html)),
            None => Ok(Answer::Missing),
        }
    })
    .await
}

fn draw(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    act: &Act,
    now: Timestamp,
    id: IncidentId,
    refused: Option<&str>,
    typed: Typed,
) -> Result<Option<String>, Failure> {
    let (w, city) = (ask.words(), here.city().id);
    let (seq, _) = journal::head(tx, city)?;
    let Some(incident) = read::by_id(tx, city, id)? else { return Ok(None) };
    // Somebody else's incident is not there, so that numbers cannot be tried out.
    if !act.may(Permission::ManageIncidents, incident.place()) {
        return Ok(None);
    }
    let (catalogue, atlas) = (catalogue(tx, city)?, territory::atlas(tx, city)?);
    let storms = storm::current(tx, city)?;
    let before = ask.field("before").parse().ok().map(RequestId);
    let members = read::members(tx, city, id, before, MOST)?;
    let open = read::open_members(tx, city, id)?;
    let near = if incident.state.is_open() { read::neighbours(tx, &incident, NEAR)? } else { Vec::new() };
    let older = members.last().filter(|_| members.len() == MOST as usize);
    let when = |at| dates::date_time(w.lang(), at, &atlas.jurisdiction.zone);
    let row = |i: &Incident| Row::of(i, &catalogue, &atlas, &storms, w, now);
    let here_row = row(&incident);
    let title = format!("{} · {}", here_row.title, here_row.place);
    let path = path(id);
    let page = here.staff(ask, signed, &title).with_map().at(&path, "").wrong(refused.is_some());
    let html = render(&One {
        said: done(w, ask.field("done")),
        refused,
        size: w.storm_one_size(incident.size),
        open: w.storm_one_open(open),
        first: w.storm_one_first(&when(incident.first_at)),
        last: w.storm_one_last(&when(incident.last_at)),
        reach: w.storm_one_reach(incident.reach),
        is_open: incident.state.is_open(),
        is_proposed: incident.state == incidents::State::Proposed,
        is_confirmed: incident.state == incidents::State::Confirmed,
        can_close: matches!(incident.state, incidents::State::Confirmed | incidents::State::Answered),
        merged: incident.merged_into.map(super::path),
        answering: incident.answering.is_some(),
        told: [&incident.answer.fa, &incident.answer.en],
        words: &incident.words,
        typed,
        older: older.map(|m| format!("{path}?before={}", m.request.id.0)),
        members: members
            .iter()
            .map(|m| Member {
                id: m.request.id.0,
                line: Line::of(&m.request, &catalogue, &atlas, w, now),
                how: m.likeness.map_or(w.storm_one_by_hand().to_owned(), |n| w.storm_one_alike(n)),
                refused: !m.refused.is_empty(),
            })
            .collect(),
        near: near
            .iter()
            .map(|(other, metres)| (row(other), w.storm_one_metres(metres.round() as i64)))
            .collect(),
        row: here_row,
        live: page.url(&format!("/storm/live?since={seq}")).to_string(),
        path: path.clone(),
        page,
    })?;
    Ok(Some(html))
}
