//! The inspector's list of objections, and the decision about each.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use calendar::words as dates;
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use language::{TrackingCode, fold};
use requests::moves::MoveError;
use requests::reply::{self, Decision, Objection};
use requests::{Catalogue, catalogue, find};
use storage::Tx;
use territory::Atlas;
use words::Words;

use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::errors;
use crate::page::Page;
use crate::parts::{Badge, Code, badge, code};
use crate::requests::one::{Photo, photos_of_work};
use crate::requests::{divisions, line, title};
use crate::wrong::Wrongs;

/// Objections on one page, the promise that passes first on top.
const MOST: u32 = 50;

#[derive(Template)]
#[template(path = "objections/page.html")]
struct Objections<'a> {
    page: Page<'a>,
    cases: Vec<Case<'a>>,
    units: Vec<&'a str>,
    done: Option<&'static str>,
    wrong: Wrongs,
}

/// One objection as the inspector reads it.
struct Case<'a> {
    key: String,
    path: String,
    decide: String,
    code: Code,
    badge: Badge,
    subject: &'a str,
    place: String,
    unit: &'a str,
    reported: String,
    answer: String,
    answered: String,
    words: String,
    due: String,
    times: String,
    photos: Vec<Photo>,
    /// What was typed before, when it was refused.
    typed: Typed,
    error: Option<(&'static str, String)>,
}

impl Case<'_> {
    fn is_wrong(&self, field: &str) -> bool {
        self.error.as_ref().is_some_and(|(wrong, _)| *wrong == field)
    }

    fn sentence(&self) -> &str {
        self.error.as_ref().map_or("", |(_, sentence)| sentence)
    }
}

#[derive(Clone, Default)]
struct Typed {
    decision: String,
    unit: String,
    words: String,
}

/// `GET /objections`.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let done = match ask.field("done") {
            "given-back" => Some(ask.words().objections_done_given_back()),
            "closed" => Some(ask.words().objections_done_closed()),
            _ => None,
        };
        Ok(Answer::Page(NEVER, show(tx, ask, here, &signed, &act, done, None)?))
    })
    .await
}

/// `POST /objections/{code}`.
pub async fn decide(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let text = |name: &str| form.text(name).trim().to_owned();
    let typed = Typed { decision: text("decision"), unit: text("unit"), words: text("words") };
    let Ok(code) = TrackingCode::parse(&code) else {
        return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await;
    };
    let (act, jurisdiction, theirs) = (signed.act(&door), signed.jurisdiction, typed.clone());
    let decided = door
        .db
        .write(move |tx: &mut Tx<'_>| -> Result<&'static str, MoveError> {
            let request = find::by_code(tx, jurisdiction, code)?.ok_or(MoveError::NotFound)?;
            let (decision, done) = match theirs.decision.as_str() {
                "close" => (Decision::Close, "closed"),
                _ => (Decision::GiveBack { unit: unit_of(tx, jurisdiction, &theirs.unit)? }, "given-back"),
            };
            reply::decide(tx, &act, jurisdiction, request.id, decision, &theirs.words)?;
            Ok(done)
        })
        .await;
    let act = signed.act(&door);
    match decided {
        Ok(done) => {
            let city = Some(ask.city_code()).filter(|code| !code.is_empty());
            let page = Page::new(ask.words(), None, city, "", "", "");
            Ok(Redirect::to(&page.url(&format!("/objections?done={done}")).to_string()).into_response())
        }
        Err(MoveError::Failure(failure)) => Err(failure.into()),
        Err(MoveError::NotFound) => ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await,
        Err(MoveError::Denied(_)) => {
            ask::answer(&door, ask, |_, ask, here| {
                Ok(Answer::Refused(StatusCode::FORBIDDEN, errors::denied(ask, here)?))
            })
            .await
        }
        Err(refused) => {
            ask::answer(&door, ask, move |tx, ask, here| {
                let again = Some((code, typed, sentence(ask.words(), &refused)));
                let html = show(tx, ask, here, &signed, &act, None, again)?;
                Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
            })
            .await
        }
    }
}

/// The unit that was typed by its name or code; none when nothing was typed.
fn unit_of(tx: &mut Tx<'_>, jurisdiction: i64, typed: &str) -> Result<Option<i64>, MoveError> {
    if typed.is_empty() {
        return Ok(None);
    }
    let catalogue = catalogue(tx, jurisdiction)?;
    let wanted = fold::search_text(typed);
    let found = catalogue.units().find(|unit| {
        unit.code == typed
            || [&unit.name_fa, &unit.name_en].iter().any(|name| fold::search_text(name) == wanted)
    });
    found.map(|unit| Some(unit.id)).ok_or(MoveError::UnitUnknown)
}

fn sentence(w: Words, refused: &MoveError) -> (&'static str, String) {
    match refused {
        MoveError::WordsMissing => ("words", w.objections_refusal_words_missing().into()),
        MoveError::WordsTooLong { most } => {
            ("words", w.reply_refusal_words_too_long(i64::try_from(*most).unwrap_or(i64::MAX)))
        }
        MoveError::UnitUnknown | MoveError::UnitMissing => ("unit", w.objections_refusal_unit().into()),
        _ => ("", w.objections_refusal_decided().into()),
    }
}

fn show(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    act: &people::Act,
    done: Option<&'static str>,
    again: Option<(TrackingCode, Typed, (&'static str, String))>,
) -> Result<String, Failure> {
    let w = ask.words();
    let city = here.city().id;
    let atlas = territory::atlas(tx, city)?;
    let catalogue = catalogue(tx, city)?;
    let found = reply::objections(tx, act, city, MOST)?;
    let mut wrong = Wrongs::default();
    let mut cases = Vec::new();
    for objection in &found {
        let mut case = case(tx, objection, &catalogue, &atlas, w, act.at)?;
        if let Some((_, typed, error)) = again.as_ref().filter(|(code, ..)| *code == objection.request.code) {
            case.typed = typed.clone();
            case.error = Some(error.clone());
        }
        cases.push(case);
    }
    if let Some((_, _, (_, sentence))) = &again {
        wrong.add("", sentence);
    }
    let mut units: Vec<&str> =
        catalogue.units().map(|unit| catalogue.unit_name(Some(unit.id), ask.lang)).collect();
    units.sort_unstable();
    units.dedup();
    render(&Objections {
        page: here.staff(ask, signed, w.objections_title()).at("/objections", "").wrong(!wrong.is_empty()),
        cases,
        units,
        done,
        wrong,
    })
}

fn case<'a>(
    tx: &mut Tx<'_>,
    objection: &'a Objection,
    catalogue: &'a Catalogue,
    atlas: &Atlas,
    w: Words,
    now: calendar::Timestamp,
) -> Result<Case<'a>, Failure> {
    let Objection { request, round, words } = objection;
    let zone = &atlas.jurisdiction.zone;
    let subject = title(catalogue, request, w);
    let place = divisions(atlas, request.district, request.neighbourhood, w.lang());
    let between = if request.address.is_empty() || place.is_empty() { "" } else { " · " };
    Ok(Case {
        key: request.code.to_string(),
        path: line::path(request.code),
        decide: format!("/objections/{}", request.code),
        code: code(request.code, w.lang(), false),
        badge: badge(w, request.status, request.is_overdue(now)),
        subject,
        place: format!("{}{between}{place}", request.address),
        unit: catalogue.unit_name(round.unit, w.lang()),
        reported: request.words.clone(),
        answer: answer_of(tx, request)?,
        answered: dates::date_time(w.lang(), round.answered_at, zone),
        words: words.clone(),
        due: request.due_at.map(|due| dates::date_time(w.lang(), due, zone)).unwrap_or_default(),
        times: if round.number > 1 { w.objections_times(round.number) } else { String::new() },
        photos: photos_of_work(tx, request, subject, w)?,
        typed: Typed::default(),
        error: None,
    })
}

/// The last answer in the city's own words.
fn answer_of(tx: &mut Tx<'_>, request: &requests::ServiceRequest) -> Result<String, Failure> {
    let knots = find::thread(tx, request, false)?;
    let answer = knots.into_iter().rev().find(|knot| matches!(knot.fact.as_str(), "answered" | "declined"));
    Ok(answer.map(|knot| knot.text).unwrap_or_default())
}
