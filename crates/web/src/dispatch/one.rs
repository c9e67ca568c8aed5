//! One order: what is to be done, who has it, who could, what happened, what was brought back.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use calendar::{Timestamp, words as dates};
use dispatch::evidence::{self, Evidence, EvidenceKind};
use dispatch::orders::{self, Told};
use dispatch::{CrewId, OrderStatus, WorkOrder, roads};
use door::{Door, Failure, Signed};
use http::{HeaderValue, StatusCode, header};
use people::Act;
use storage::files::FileId;
use storage::{Tx, journal};
use words::Words;

use super::candidates::{self, Candidates, around};
use super::row::{self, Names, Row};
use super::{board, done, sentence};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;

#[derive(Template)]
#[template(path = "dispatch/one.html")]
struct One<'a> {
    page: Page<'a>,
    said: Option<&'static str>,
    refused: Option<&'static str>,
    row: Row,
    facts: Vec<(&'static str, String)>,
    request: Option<String>,
    candidates: Candidates,
    can_assign: bool,
    can_unassign: bool,
    needs_words: bool,
    can_lock: bool,
    can_cancel: bool,
    can_again: bool,
    ties: Vec<Tie>,
    photos: Vec<Picture>,
    brought: Vec<(String, String, String)>,
    live: String,
    back: String,
}

struct Tie {
    what: String,
    when: String,
    at: String,
    said: String,
}

struct Picture {
    path: String,
    thumbnail: String,
    words: String,
}

/// `GET /dispatch/orders/{code}`.
pub async fn page(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
    signed: Signed,
) -> Result<Response, Failure> {
    let (act, now) = (signed.act(&door), door.now());
    ask::answer(&door, ask, move |tx, ask, here| {
        Ok(match draw(tx, ask, here, &signed, &act, now, &code)? {
            Some(html) => Answer::Page(NEVER, html),
            None => Answer::Missing,
        })
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
    code: &str,
) -> Result<Option<String>, Failure> {
    let (w, city) = (ask.words(), here.city().id);
    let (seq, _) = journal::head(tx, city)?;
    let Some((today, order)) = around(tx, act, city, code, now)? else { return Ok(None) };
    let atlas = territory::atlas(tx, city)?;
    let names = board::all_names(tx, city, w)?;
    let can_assign = matches!(order.status, OrderStatus::Open | OrderStatus::Assigned);
    let candidates = match can_assign {
        true => candidates::of(&today, &*roads::of(tx, city, now)?, &order, &atlas, &names, w),
        false => {
            Candidates { version: order.version, action: super::path(&order.code), ..Candidates::default() }
        }
    };
    let brought = evidence::of_order(tx, city, order.id)?;
    let ties = ties(tx, &order, &names, w)?;
    let request = match order.request {
        Some(id) => requests::find::by_id(tx, city, id)?.map(|request| format!("/work/{}", request.code)),
        None => None,
    };
    let row = Row::of(&order, &today.kinds, &atlas, &names, w, now);
    let code_shown = language::digits::shown(&order.code, w.lang());
    // The number keeps its direction inside a Persian line.
    let title = format!("{} · \u{2066}{code_shown}\u{2069}", row.title);
    let path = super::path(&order.code);
    let district = order.district.and_then(|id| atlas.division(id)).map_or("", |d| d.code.as_str());
    let refused = Some(ask.field("refused")).filter(|code| !code.is_empty()).map(|code| sentence(w, code));
    let live = format!("/dispatch/live?since={seq}&district={district}");
    let page = here.staff(ask, signed, &title).at(&path, "").wrong(refused.is_some());
    let html = render(&One {
        said: done(w, ask.field("done")),
        refused,
        facts: facts(&order, &today.kinds, &names, w, &atlas),
        request,
        can_assign,
        can_unassign: matches!(order.status, OrderStatus::Assigned | OrderStatus::OnTheWay)
            && !order.is_locked,
        needs_words: order.status == OrderStatus::OnTheWay,
        can_lock: order.crew.is_some() && order.is_open(),
        can_cancel: order.is_open(),
        can_again: matches!(order.status, OrderStatus::Done | OrderStatus::NotDone | OrderStatus::Checked),
        ties,
        photos: brought.iter().filter_map(|e| picture(e, &order, w, &atlas)).collect(),
        brought: brought.iter().filter_map(|e| told(e, &today.kinds, w, &atlas)).collect(),
        candidates,
        row,
        live: page.url(&live).to_string(),
        back: format!("/dispatch?district={district}"),
        page,
    })?;
    Ok(Some(html))
}

fn facts(
    order: &WorkOrder,
    kinds: &dispatch::job_types::Kinds,
    names: &Names,
    w: Words,
    atlas: &territory::Atlas,
) -> Vec<(&'static str, String)> {
    let zone = &atlas.jurisdiction.zone;
    let between = if w.lang() == language::Lang::Fa { "، " } else { ", " };
    let named = |list: &[dispatch::Named], codes: &[String]| {
        let name = |code: &String| {
            let found = list.iter().find(|named| named.code == *code);
            found.map_or_else(|| code.clone(), |named| named.name(w.lang()).to_owned())
        };
        codes.iter().map(name).collect::<Vec<_>>().join(between)
    };
    let when = |at: Timestamp| dates::short_date_time(w.lang(), at, zone);
    let mut facts = vec![
        (w.dispatch_fact_status(), row::status(w, order.status).to_owned()),
        (w.dispatch_fact_urgency(), row::urgency(w, order.urgency).to_owned()),
        (w.dispatch_fact_crew(), row::name(names, order.crew, w)),
        (w.dispatch_fact_duration(), row::minutes(w, order.duration)),
        (w.dispatch_fact_people(), language::digits::grouped(order.people, w.lang())),
    ];
    let more = [
        (w.dispatch_fact_due(), order.due_at.map(when)),
        (w.dispatch_fact_planned(), order.planned_at.map(when)),
        (w.dispatch_fact_window_from(), order.not_before.map(when)),
        (w.dispatch_fact_window_to(), order.not_after.map(when)),
        (w.dispatch_fact_skills(), Some(named(&kinds.skills, &order.skills)).filter(|s| !s.is_empty())),
        (
            w.dispatch_fact_equipment(),
            Some(named(&kinds.equipment, &order.equipment)).filter(|s| !s.is_empty()),
        ),
        (w.dispatch_fact_reason(), Some(row::reason(w, &order.reason)).filter(|s| !s.is_empty())),
        (
            w.dispatch_fact_visit(),
            (order.visit > 1).then(|| language::digits::grouped(order.visit, w.lang())),
        ),
    ];
    facts.extend(more.into_iter().filter_map(|(name, value)| Some((name, value?))));
    facts
}

/// What happened, the newest first.
fn ties(tx: &mut Tx<'_>, order: &WorkOrder, names: &Names, w: Words) -> Result<Vec<Tie>, Failure> {
    let atlas = territory::atlas(tx, order.jurisdiction)?;
    let entries = journal::of(tx, order.jurisdiction, dispatch::ORDER, order.id.0, 500)?;
    Ok(entries
        .iter()
        .rev()
        .filter_map(|entry| {
            let told: Told = serde_json::from_str(&entry.payload).unwrap_or_default();
            let what = w.by_key(&format!("dispatch-fact-of-{}", entry.fact))?;
            let crew = told.crew.or(told.before).map(|crew| row::name(names, Some(CrewId(crew)), w));
            let at = Timestamp(entry.at);
            Some(Tie {
                what: what.to_owned(),
                when: dates::short_date_time(w.lang(), at, &atlas.jurisdiction.zone),
                at: at.to_rfc3339_z(),
                said: [crew.unwrap_or_default(), row::reason(w, &told.reason)]
                    .into_iter()
                    .filter(|text| !text.is_empty())
                    .collect::<Vec<_>>()
                    .join(" · "),
            })
        })
        .collect())
}

fn picture(e: &Evidence, order: &WorkOrder, w: Words, atlas: &territory::Atlas) -> Option<Picture> {
    let photo = e.photo.as_ref()?;
    let at = dates::short_date_time(w.lang(), e.at, &atlas.jurisdiction.zone);
    let words = match e.kind {
        EvidenceKind::Before => w.dispatch_photo_before(&at),
        _ => w.dispatch_photo_after(&at),
    };
    let path = |file: &str| format!("{}/photo/{file}.jpg", super::path(&order.code));
    Some(Picture { path: path(&photo.file), thumbnail: path(&photo.thumbnail), words })
}

/// Checks, materials, quantities and words: what, how much, when.
fn told(
    e: &Evidence,
    kinds: &dispatch::job_types::Kinds,
    w: Words,
    atlas: &territory::Atlas,
) -> Option<(String, String, String)> {
    let at = dates::short_date_time(w.lang(), e.at, &atlas.jurisdiction.zone);
    let named = |list: &[dispatch::Named]| {
        let found = list.iter().find(|named| named.code == e.code());
        found.map_or_else(|| e.code().to_owned(), |named| named.name(w.lang()).to_owned())
    };
    let amount = || language::digits::decimal(e.amount(), 1, w.lang());
    let check = || {
        let all = kinds.job_types.iter().flat_map(|kind| &kind.checklist);
        let found = all.into_iter().find(|check| check.code == e.code());
        found.map_or_else(|| e.code().to_owned(), |check| check.name(w.lang()).to_owned())
    };
    Some(match e.kind {
        EvidenceKind::Before | EvidenceKind::After => return None,
        EvidenceKind::Check => (check(), w.dispatch_brought_ticked().to_owned(), at),
        EvidenceKind::Material => (named(&kinds.materials), amount(), at),
        EvidenceKind::Quantity => (e.code().to_owned(), amount(), at),
        EvidenceKind::Note => (w.dispatch_brought_note().to_owned(), e.words().to_owned(), at),
    })
}

/// `GET /dispatch/orders/{code}/photo/{sha256}.jpg`, for whoever may see the order.
pub async fn photo(
    State(door): State<Door>,
    Path((code, name)): Path<(String, String)>,
    signed: Signed,
) -> Result<Response, Failure> {
    let missing = || Ok(StatusCode::NOT_FOUND.into_response());
    let Some(id) = FileId::parse(name.strip_suffix(".jpg").unwrap_or(&name)) else { return missing() };
    let (act, city, wanted) = (signed.act(&door), signed.jurisdiction, id.to_string());
    let may = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let Some(order) = orders::by_code(tx, city, &code)? else { return Ok(false) };
            let has = |e: &Evidence| {
                e.photo.as_ref().is_some_and(|photo| photo.file == wanted || photo.thumbnail == wanted)
            };
            let is_there = evidence::of_order(tx, city, order.id)?.iter().any(has);
            Ok(is_there && order.require(&act, people::Permission::Dispatch).is_ok())
        })
        .await?;
    if !may {
        return missing();
    }
    let files = door.files.clone();
    let Some(bytes) = super::apart(move || files.get(id)).await?? else { return missing() };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400")),
    ];
    Ok((headers, bytes).into_response())
}
