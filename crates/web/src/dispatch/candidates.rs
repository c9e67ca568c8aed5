//! Who could take one order: the best three with their reasons, and everybody else at work with what speaks against it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use calendar::Timestamp;
use dispatch::day::{self, Day, Opinion, Tag};
use dispatch::{CrewId, WorkOrder, roads};
use door::{Door, Failure, Signed};
use http::{HeaderValue, StatusCode, header};
use people::Permission;
use storage::Tx;
use territory::Atlas;
use words::Words;

use super::board;
use super::row::{self, Names};
use crate::ask::{Ask, Here, render};
use crate::page::Page;

/// The best that are shown first.
const BEST: usize = 3;

/// What `dispatch/candidates.html` shows.
#[derive(Clone, Default)]
pub struct Candidates {
    pub best: Vec<Candidate>,
    pub others: Vec<Candidate>,
    /// Crews at work that cannot, and why.
    pub cannot: Vec<(String, String)>,
    pub version: i64,
    pub action: String,
    /// One crew was asked about, and cannot.
    pub is_empty: bool,
    pub others_title: String,
    pub cannot_title: String,
}

#[derive(Clone)]
pub struct Candidate {
    pub id: i64,
    pub name: String,
    pub begin: String,
    /// Why it is among the best, and what it does to others.
    pub reasons: Vec<&'static str>,
    pub effect: String,
    pub is_costly: bool,
    pub holds: bool,
}

#[derive(Template)]
#[template(path = "dispatch/candidates.html")]
struct Part<'a> {
    page: Page<'a>,
    candidates: Candidates,
}

/// Works it out; for an order that a crew is at, nobody.
pub fn of(
    today: &Day,
    travel: &dyn roads::Travel,
    order: &WorkOrder,
    atlas: &Atlas,
    names: &Names,
    w: Words,
) -> Candidates {
    let posed = day::pose(today, travel);
    let opinions = day::opinions(&posed, order.id).unwrap_or_default();
    let mut candidates =
        Candidates { version: order.version, action: super::path(&order.code), ..Candidates::default() };
    for (n, opinion) in opinions.iter().enumerate() {
        let told = told(opinion, today, atlas, names, w);
        if n < BEST { candidates.best.push(told) } else { candidates.others.push(told) }
    }
    let known: Vec<CrewId> = opinions.iter().map(|opinion| opinion.crew).collect();
    for duty in today.crews.iter().filter(|duty| !known.contains(&duty.crew.id)) {
        let code = day::why_not(today, order.id, duty.crew.id);
        candidates.cannot.push((duty.crew.name(w.lang()).to_owned(), super::sentence(w, code).to_owned()));
    }
    candidates.is_empty = opinions.is_empty();
    titled(candidates, w)
}

fn titled(mut candidates: Candidates, w: Words) -> Candidates {
    candidates.others_title = w.dispatch_other_crews(candidates.others.len() as i64);
    candidates.cannot_title = w.dispatch_cannot(candidates.cannot.len() as i64);
    candidates
}

fn told(opinion: &Opinion, today: &Day, atlas: &Atlas, names: &Names, w: Words) -> Candidate {
    let mut effects = Vec::new();
    if opinion.late > 0 {
        effects.push(w.dispatch_effect_late(&row::minutes(w, opinion.late)));
    }
    if opinion.travel >= 60 {
        effects.push(w.dispatch_effect_travel(&row::minutes(w, opinion.travel)));
    }
    if opinion.delay >= 60 {
        effects.push(w.dispatch_effect_delay(&row::minutes(w, opinion.delay)));
    }
    if !opinion.made_late.is_empty() {
        let codes: Vec<String> = opinion
            .made_late
            .iter()
            .filter_map(|id| today.order(*id))
            .map(|order| language::digits::shown(&order.code, w.lang()))
            .collect();
        effects.push(w.dispatch_effect_made_late(&codes.join(if w.lang() == language::Lang::Fa {
            "، "
        } else {
            ", "
        })));
    }
    Candidate {
        id: opinion.crew.0,
        name: row::name(names, Some(opinion.crew), w),
        begin: row::clock(w, opinion.begin, atlas),
        reasons: opinion.tags.iter().filter_map(|tag| tag_name(w, *tag)).collect(),
        effect: effects.join(if w.lang() == language::Lang::Fa { "؛ " } else { "; " }),
        is_costly: opinion.late > 0 || !opinion.made_late.is_empty(),
        holds: opinion.tags.contains(&Tag::Holds),
    }
}

fn tag_name(w: Words, tag: Tag) -> Option<&'static str> {
    Some(match tag {
        Tag::Soonest => w.dispatch_tag_soonest(),
        Tag::Nearest => w.dispatch_tag_nearest(),
        Tag::Harmless => w.dispatch_tag_harmless(),
        Tag::InTime => w.dispatch_tag_in_time(),
        Tag::Holds => w.dispatch_tag_holds(),
        // The effect says by how much.
        Tag::Late | Tag::Costly => return None,
    })
}

/// The day around an order, and the order as this reader may see it.
pub fn around(
    tx: &mut Tx<'_>,
    act: &people::Act,
    city: i64,
    code: &str,
    now: Timestamp,
) -> Result<Option<(Day, WorkOrder)>, Failure> {
    let Some(order) = dispatch::orders::by_code(tx, city, code)? else { return Ok(None) };
    if order.require(act, Permission::Dispatch).is_err() {
        return Ok(None);
    }
    let day = board::theirs(Day::read(tx, city, order.district, now)?, act);
    Ok(Some((day, order)))
}

/// `GET /dispatch/orders/{code}/crews`, with `?crew=` for one of them: a part of a page for the board's script.
pub async fn part(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
    signed: Signed,
) -> Result<Response, Failure> {
    let (act, now) = (signed.act(&door), door.now());
    let only = ask.field("crew").parse().ok();
    let html = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let w = ask.words();
            let Some(here) = Here::find(tx, &ask)? else { return Ok(None) };
            let city = here.city().id;
            let Some((today, order)) = around(tx, &act, city, &code, now)? else { return Ok(None) };
            let atlas = territory::atlas(tx, city)?;
            let travel = roads::of(tx, city, now)?;
            let names = row::names(today.crews.iter().map(|duty| &duty.crew), w);
            let mut candidates = of(&today, &*travel, &order, &atlas, &names, w);
            if let Some(only) = only {
                one(&mut candidates, only, &today, &order, w);
            }
            let page = here.page(&ask, "");
            Ok(Some(render(&Part { candidates, page })?))
        })
        .await?;
    let Some(html) = html else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, html).into_response())
}

/// Leaves what concerns one crew.
fn one(candidates: &mut Candidates, only: i64, today: &Day, order: &WorkOrder, w: Words) {
    let mut all = std::mem::take(&mut candidates.best);
    all.append(&mut candidates.others);
    all.retain(|candidate| candidate.id == only);
    let crew = today.crew(CrewId(only)).map(|duty| duty.crew.name(w.lang()).to_owned());
    candidates.cannot = match (all.is_empty(), crew) {
        (true, Some(name)) => {
            let why = day::why_not(today, order.id, CrewId(only));
            vec![(name, super::sentence(w, why).to_owned())]
        }
        _ => Vec::new(),
    };
    candidates.is_empty = all.is_empty();
    candidates.best = all;
    *candidates = titled(std::mem::take(candidates), w);
}
