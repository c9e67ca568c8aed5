//! The rules of a storm: begun, changed and ended on one form.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use people::{Act, Permission};
use requests::catalogue;
use requests::service::Both;
use requests::storm::{self, Mode, StormError, StormId};
use storage::Tx;
use territory::Level;

use super::sentence;
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;

#[derive(Template)]
#[template(path = "storm/mode.html")]
struct Rules<'a> {
    page: Page<'a>,
    refused: Option<&'a str>,
    /// The storm that holds here; none while one is begun.
    id: Option<i64>,
    since: String,
    districts: Vec<(String, String)>,
    district: &'a str,
    district_name: String,
    mode: Mode,
    groups: Vec<(&'a str, Vec<Ranked<'a>>)>,
}

struct Ranked<'a> {
    code: &'a str,
    name: &'a str,
    rank: &'static str,
}

/// `GET /storm/mode`, with `?district=`: the rules that hold there, or those a storm would begin with.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let district = ask.field("district").to_owned();
        match draw(tx, ask, here, &signed, &act, &district, None, None)? {
            Some(html) => Ok(Answer::Page(NEVER, html)),
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
    code: &str,
    refused: Option<&str>,
    typed: Option<Mode>,
) -> Result<Option<String>, Failure> {
    let (w, city) = (ask.words(), here.city().id);
    let (catalogue, atlas) = (catalogue(tx, city)?, territory::atlas(tx, city)?);
    let district = atlas.by_code(Level::District, code);
    if district.is_none() && !code.is_empty() {
        return Ok(None);
    }
    let id = district.map(|d| d.id);
    let known = storm::open(tx, city)?.into_iter().find(|s| s.district == id);
    let mode = match (typed, &known) {
        (Some(mode), _) => mode,
        (None, Some(storm)) => storm.mode.clone(),
        (None, None) => storm::rules::rules(tx, city)?.storm.clone(),
    };
    let rank = |code: &String| match () {
        () if mode.first.contains(code) => "first",
        () if mode.wait.contains(code) => "wait",
        () => "usual",
    };
    let groups = catalogue
        .groups
        .iter()
        .map(|group| {
            let services = catalogue.offered_in(group.id);
            let ranked =
                services.map(|s| Ranked { code: &s.code, name: s.name(ask.lang), rank: rank(&s.code) });
            (group.name.get(ask.lang), ranked.collect::<Vec<_>>())
        })
        .filter(|(_, services)| !services.is_empty())
        .collect();
    let begun = known.as_ref().filter(|s| s.is_begun());
    let title = if begun.is_some() { w.storm_mode_title() } else { w.storm_mode_title_new() };
    let zone = &atlas.jurisdiction.zone;
    let may = |district| act.may(Permission::ManageStorm, people::Where::city(city).in_district(district));
    let mut districts: Vec<(String, String)> = Vec::new();
    if may(None) {
        districts.push((String::new(), w.storm_mode_city().to_owned()));
    }
    let mine = atlas.districts().filter(|d| may(Some(d.id)));
    districts.extend(mine.map(|d| (d.code.clone(), d.name(ask.lang).to_owned())));
    let page = here.staff(ask, signed, title).wrong(refused.is_some());
    Ok(Some(render(&Rules {
        refused,
        id: begun.map(|s| s.id.0),
        since: begun
            .map(|s| w.storm_since(&calendar::words::date_time(w.lang(), s.begun_at, zone)))
            .unwrap_or_default(),
        districts,
        district: code,
        district_name: district.map_or(w.storm_mode_city().to_owned(), |d| d.name(ask.lang).to_owned()),
        mode: mode.clone(),
        groups,
        page,
    })?))
}

/// What was typed, over the rules that held.
fn typed(form: &Form, before: &Mode) -> Mode {
    let number = |name: &str, before: i64| {
        let text = language::digits::to_ascii(form.text(name).trim());
        // What is no number is refused by the verb: no city waits for less than nothing.
        if text.is_empty() { before } else { text.parse().unwrap_or(-1) }
    };
    let both = |name: &str| Both::new(form.text(&format!("{name}-fa")), form.text(&format!("{name}-en")));
    let mut mode = Mode {
        first: Vec::new(),
        wait: Vec::new(),
        shift_hours: number("shift-hours", before.shift_hours),
        shift_given: form.text("shift-given") == "yes",
        auto_join: form.text("auto-join") == "yes",
        auto_least: number("auto-least", before.auto_least),
        simple: form.text("simple") == "yes",
        message: both("message"),
        phone: both("phone"),
    };
    for (name, value) in form.pairs() {
        match (name.strip_prefix("rank-"), value) {
            (Some(code), "first") => mode.first.push(code.to_owned()),
            (Some(code), "wait") => mode.wait.push(code.to_owned()),
            _ => {}
        }
    }
    mode
}

/// `POST /storm/mode`: begin, change, end or dismiss.
pub async fn send(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let what = form.text("do").to_owned();
    let id = form.text("id").parse().ok().map(StormId);
    let code = form.text("district").to_owned();
    let before = door.db.read(move |tx| storm::rules::rules(tx, city)).await?;
    let wanted = typed(&form, &before.storm);
    let (mode, district, wish) = (wanted.clone(), code.clone(), what.clone());
    let work = move |tx: &mut Tx<'_>| match (wish.as_str(), id) {
        ("begin", _) => {
            let known = territory::atlas(tx, city)?.by_code(Level::District, &district).map(|d| d.id);
            if known.is_none() && !district.is_empty() {
                return Err(StormError::DistrictUnknown);
            }
            storm::begin(tx, &act, city, known, Some(mode.clone())).map(|_| "begun")
        }
        ("change", Some(id)) => storm::change(tx, &act, city, id, mode.clone()).map(|_| "changed"),
        ("end", Some(id)) => storm::end(tx, &act, city, id).map(|_| "ended"),
        ("dismiss", Some(id)) => storm::dismiss(tx, &act, city, id).map(|_| "dismiss"),
        _ => Err(StormError::NotFound),
    };
    let refused = match door.db.write(work).await {
        Ok(done) => {
            let to = format!("/storm?done={done}");
            let carried = move |tx: &mut Tx<'_>| -> Result<_, Failure> {
                let here = Here::find(tx, &ask)?;
                Ok(here.map_or(to.clone(), |here| here.page(&ask, "").url(&to).to_string()))
            };
            return Ok(Redirect::to(&door.db.read(carried).await?).into_response());
        }
        Err(StormError::Failure(failure)) => return Err(failure.into()),
        Err(no) => no.code().unwrap_or("storm-over"),
    };
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let words = sentence(ask.words(), refused);
        let typed = (what == "begin" || what == "change").then_some(wanted);
        match draw(tx, ask, here, &signed, &act, &code, Some(words), typed)? {
            Some(html) => Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html)),
            None => Ok(Answer::Missing),
        }
    })
    .await
}
