//! What is known of the words and the place so far: what it may be about, whether others reported it, how urgent it
//! is, and what would be read back.
//!
//! One look is one read; the page asks for it when somebody stops typing, and without script at the press of a
//! button. Nothing is chosen here.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use calendar::{Clock, Timestamp, words as dates};
use door::{Door, Failure, Form};
use language::{Lang, wrong_layout};
use requests::incidents::read;
use requests::service::Service;
use requests::{Catalogue, Priority, duplicates, suggest};
use serde::Serialize;
use storage::Tx;
use territory::{Atlas, Located, Point};
use words::Words;

use super::choose;
use super::draw::{Question, questions};
use super::typed::Typed;
use crate::ask::{Ask, Here, render};
use crate::page::Page;
use crate::parts::{Badge, Code, badge, code};
use crate::report::Wrong;
use crate::requests::{distance, divisions, line};
use crate::storm::row::Row;

const MOST_SUGGESTED: usize = 3;
const MOST_NEAR: usize = 4;
const MOST_INCIDENTS: usize = 2;
const MOST_DOORS: usize = 2;

/// Every part of the page that follows from what was typed, as HTML.
#[derive(Debug, Default, Serialize)]
pub struct Look {
    pub suggestions: String,
    /// The service whose questions and triage these are; a page that shows them already leaves them alone.
    pub service: String,
    pub questions: String,
    pub triage: String,
    pub near: String,
    pub readback: String,
}

#[derive(Template)]
#[template(path = "desk/suggestions.html")]
struct Suggestions<'a> {
    page: Page<'a>,
    suggested: Vec<choose::Choice>,
    chosen: &'a str,
    /// The same keys on the other keyboard, when that is what was meant.
    meant: String,
    /// Doors that are not ours and that the words are about: code, name.
    doors: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "desk/questions.html")]
struct Questions<'a> {
    page: Page<'a>,
    hint: &'a str,
    questions: Vec<Question<'a>>,
}

#[derive(Template)]
#[template(path = "desk/triage.html")]
struct Triage<'a> {
    page: Page<'a>,
    has_service: bool,
    /// Code, question, and whether it was answered with yes.
    questions: Vec<(&'a str, &'a str, bool)>,
}

#[derive(Template)]
#[template(path = "desk/near.html")]
struct Near<'a> {
    page: Page<'a>,
    /// Incidents that it may be part of.
    incidents: Vec<Row<'a>>,
    /// How far each of them is.
    far: Vec<String>,
    near: Vec<Other<'a>>,
    count: i64,
    has_place: bool,
}

/// A request of somebody else that may be the same.
struct Other<'a> {
    code: Code,
    plain: String,
    path: String,
    badge: Badge,
    line: line::Line<'a>,
    far: String,
}

#[derive(Template)]
#[template(path = "desk/readback.html")]
struct ReadBack<'a> {
    page: Page<'a>,
    service: &'a str,
    place: String,
    within: String,
    priority: &'static str,
    urgent: &'static str,
    promise: String,
    unit: &'a str,
    is_outside: bool,
}

/// `POST /desk/look`.
pub async fn answer(State(door): State<Door>, ask: Ask, form: Form) -> Result<Response, Failure> {
    let now = door.now();
    let typed = Typed::of_form(&form);
    let look = door
        .db
        .read(move |tx| -> Result<Look, Failure> {
            match Here::find(tx, &ask)? {
                Some(here) => look(tx, &ask, &here, &typed, &[], now),
                None => Ok(Look::default()),
            }
        })
        .await?;
    let body = serde_json::to_vec(&look).map_err(Failure::new)?;
    let headers = [
        (http::header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (http::header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, body).into_response())
}

/// Everything that follows from what was typed.
pub fn look(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    typed: &Typed,
    wrong: &[Wrong],
    now: Timestamp,
) -> Result<Look, Failure> {
    let city = here.city().id;
    let catalogue = requests::catalogue(tx, city)?;
    let atlas = territory::atlas(tx, city)?;
    let (w, service) = (ask.words(), typed.service(&catalogue));
    let page = || here.page(ask, "");
    let mut asked: Vec<(&str, &str, bool)> = Vec::new();
    for question in service.iter().flat_map(|s| &s.about.triage) {
        asked.push((&question.code, question.name.get(ask.lang), typed.triage.contains(&question.code)));
    }
    let hint = service.and_then(|s| s.about.emergency.as_ref()).map_or("", |e| e.hint.get(ask.lang));
    Ok(Look {
        suggestions: render(&suggestions(tx, page(), city, &catalogue, typed, w)?)?,
        service: service.map(|s| s.code.clone()).unwrap_or_default(),
        questions: render(&Questions {
            page: page(),
            hint,
            questions: questions(service, typed, wrong, ask.lang),
        })?,
        triage: render(&Triage { page: page(), has_service: service.is_some(), questions: asked })?,
        near: near(tx, page(), city, &catalogue, &atlas, typed, w, now)?,
        readback: render(&read_back(page(), &catalogue, &atlas, typed, service, w, now))?,
    })
}

fn suggestions<'a>(
    tx: &mut Tx<'_>,
    page: Page<'a>,
    city: i64,
    catalogue: &Catalogue,
    typed: &'a Typed,
    w: Words,
) -> storage::Result<Suggestions<'a>> {
    let meant = meant(catalogue, &typed.words, w.lang()).unwrap_or_default();
    let words = if meant.is_empty() { &typed.words } else { &meant };
    let suggested = suggest::suggest(tx, city, words, MOST_SUGGESTED)?
        .iter()
        .filter_map(|s| Some(choose::choice(catalogue.service(s.service)?, Some(s), w)))
        .collect();
    let doors = requests::calls::other_doors(tx, city)?;
    let doors = doors
        .for_words(words, MOST_DOORS)
        .into_iter()
        .map(|door| (door.code.clone(), door.name(w.lang()).to_owned()))
        .collect();
    Ok(Suggestions { page, suggested, chosen: &typed.service, meant, doors })
}

/// What was meant, when somebody typed on the wrong keyboard. On a Persian page Latin letters alone are such a slip; on
/// an English one only if the city has words like the Persian ones and none like the English.
fn meant(catalogue: &Catalogue, words: &str, lang: Lang) -> Option<String> {
    let known = |text: &str| {
        text.split_whitespace()
            .filter(|word| word.chars().count() > 2 && !catalogue.search(word, 1).is_empty())
            .count()
    };
    match lang {
        Lang::Fa => wrong_layout::as_persian(words).filter(|meant| known(meant) > 0 || known(words) == 0),
        Lang::En => {
            let other = wrong_layout::as_english(words).or_else(|| wrong_layout::as_persian(words))?;
            (known(&other) > known(words)).then_some(other)
        }
    }
}

fn near(
    tx: &mut Tx<'_>,
    page: Page<'_>,
    city: i64,
    catalogue: &Catalogue,
    atlas: &Atlas,
    typed: &Typed,
    w: Words,
    now: Timestamp,
) -> Result<String, Failure> {
    let point = typed.point().and_then(|(lat, long)| Point::new(lat, long));
    let found = match point {
        Some(point) if !typed.service.is_empty() => {
            duplicates::near(tx, city, &typed.service, point, &typed.words, now, MOST_NEAR)?
        }
        _ => Vec::new(),
    };
    let like = match point {
        Some(point) if !typed.service.is_empty() => {
            let address = typed.address(w.lang());
            let wording = read::Wording { words: &typed.words, address: &address };
            read::like(tx, city, &typed.service, point, wording, now, MOST_INCIDENTS)?
        }
        _ => Vec::new(),
    };
    let storms = requests::storm::current(tx, city)?;
    let incidents: Vec<Row<'_>> =
        like.iter().map(|like| Row::of(&like.incident, catalogue, atlas, &storms, w, now)).collect();
    let far = like.iter().map(|like| distance(w, like.metres)).collect();
    let near: Vec<Other<'_>> = found
        .iter()
        .map(|near| Other {
            code: code(near.request.code, w.lang(), false),
            plain: near.request.code.to_string(),
            path: line::path(near.request.code),
            badge: badge(w, near.request.status, near.request.is_overdue(now)),
            line: line::Line::of(&near.request, catalogue, atlas, w, now),
            far: distance(w, near.metres),
        })
        .collect();
    let count = i64::try_from(near.len() + incidents.len()).unwrap_or(0);
    render(&Near { page, incidents, far, near, count, has_place: point.is_some() })
}

fn read_back<'a>(
    page: Page<'a>,
    catalogue: &'a Catalogue,
    atlas: &Atlas,
    typed: &Typed,
    service: Option<&'a Service>,
    w: Words,
    now: Timestamp,
) -> ReadBack<'a> {
    let chosen = typed.division.parse().ok().map(|id: i64| atlas.place_of(id)).unwrap_or_default();
    let point = typed.point().and_then(|(lat, long)| Point::new(lat, long));
    let located = point.map(|point| atlas.locate(point));
    let is_outside = matches!(located, Some(Located::Outside { .. }));
    let place = match located {
        Some(Located::Inside(place)) => place,
        _ => chosen,
    };
    let priority = service.map_or(Priority::Normal, |s| typed.priority(s));
    let due = service
        .and_then(|s| s.target(priority))
        .map(|target| Clock::start(now, target).due_at(atlas.working()));
    ReadBack {
        page,
        service: service.map_or("", |s| s.name(w.lang())),
        place: typed.address(w.lang()),
        within: divisions(atlas, place.district, place.neighbourhood, w.lang()),
        priority: w.by_key(&format!("priority-{}", priority.code())).unwrap_or_default(),
        urgent: match priority {
            Priority::Normal => "",
            Priority::Urgent => "urgent",
            Priority::Emergency => "emergency",
        },
        promise: due.map(|due| dates::date_time(w.lang(), due, &atlas.jurisdiction.zone)).unwrap_or_default(),
        unit: service
            .and_then(|s| catalogue.responsible(s, place.district))
            .map_or("", |unit| catalogue.unit_name(Some(unit), w.lang())),
        is_outside,
    }
}
