//! The board: incidents by danger and size, the storms that hold, how much comes in and where.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calendar::{Timestamp, words as dates};
use door::{Door, Failure, Signed};
use people::{Act, Permission};
use requests::catalogue;
use requests::incidents::{self, read};
use requests::storm::{self, Storm, rate};
use storage::{Tx, journal};
use territory::{Atlas, Level};

use super::row::Row;
use super::{done, sentence};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;

/// Incidents on one page.
const MOST: u32 = 200;
/// Minutes of the drawing.
const MINUTES: i64 = 60;

#[derive(Template)]
#[template(path = "storm/board.html")]
struct Board<'a> {
    page: Page<'a>,
    said: Option<&'static str>,
    refused: Option<&'static str>,
    storms: Vec<StormLine>,
    may_rule: bool,
    is_calm: bool,
    minute: i64,
    quarter: i64,
    open: i64,
    inside: i64,
    bars: Vec<Bar>,
    series: String,
    by_district: Vec<(String, i64, i64)>,
    districts: Vec<(&'a str, String)>,
    district: &'a str,
    rows: Vec<Row<'a>>,
    /// None on the board itself, which shows what is open.
    states: Option<Vec<(&'static str, &'static str)>>,
    state: &'a str,
    map: MapAt,
    live: String,
    action: &'static str,
}

struct StormLine {
    text: String,
    since: String,
    is_begun: bool,
    path: String,
    id: i64,
    may: bool,
}

struct Bar {
    x: i64,
    y: i64,
    height: i64,
    words: String,
}

struct MapAt {
    bounds: Option<String>,
    centre: String,
    zoom: f64,
}

/// `GET /storm`, with `?district=`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    show(&door, ask, signed, false).await
}

/// `GET /incidents`, with `?state=` and `?district=`: those that are over too.
pub async fn all(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    show(&door, ask, signed, true).await
}

async fn show(door: &Door, ask: Ask, signed: Signed, all: bool) -> Result<Response, Failure> {
    let (act, now) = (signed.act(door), door.now());
    ask::answer(door, ask, move |tx, ask, here| {
        Ok(Answer::Page(NEVER, draw(tx, ask, here, &signed, &act, now, all)?))
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
    all: bool,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city().id);
    let (catalogue, atlas) = (catalogue(tx, city)?, territory::atlas(tx, city)?);
    // Before anything is read, so that whatever comes meanwhile is told again by the stream.
    let (seq, _) = journal::head(tx, city)?;
    let district = atlas.by_code(Level::District, ask.field("district"));
    let state = incidents::State::ALL.iter().find(|s| all && s.code() == ask.field("state")).copied();
    let asked =
        read::Asked { district: district.map(|d| d.id), states: state.into_iter().collect(), most: MOST };
    let known = storm::open(tx, city)?;
    let storms = storm::current(tx, city)?;
    let found = read::board(tx, city, &asked)?;
    let rows = found
        .iter()
        .filter(|i| act.may(Permission::ManageIncidents, i.place()))
        .map(|i| Row::of(i, &catalogue, &atlas, &storms, w, now))
        .collect();
    let counts = read::counts(tx, city, asked.district)?;
    let minutes = rate::by_minute(tx, city, asked.district, now.0, MINUTES)?;
    let last = |n: usize| minutes.iter().rev().take(n).map(|(_, count)| count).sum::<i64>();
    let by_district = rate::by_district(tx, city, now.0, 15)?;
    let most = by_district.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    let title = if all { w.storm_list() } else { w.storm_title() };
    let stream = format!("/storm/live?since={seq}&district={}", district.map_or("", |d| d.code.as_str()));
    let page = here.staff(ask, signed, title).with_map();
    let html = render(&Board {
        said: done(w, ask.field("done")),
        refused: Some(ask.field("refused")).filter(|code| !code.is_empty()).map(|code| sentence(w, code)),
        is_calm: storms.is_empty(),
        storms: known.iter().map(|s| line(s, &atlas, w, act)).collect(),
        may_rule: act.may_somewhere(Permission::ManageStorm),
        minute: last(1),
        quarter: last(15),
        open: counts.iter().map(|(_, n, _)| n).sum(),
        inside: counts.iter().map(|(_, _, size)| size).sum(),
        bars: bars(&minutes, w, &atlas),
        series: w.storm_series(MINUTES),
        by_district: by_district
            .into_iter()
            .map(|(id, count)| (name(id, &atlas, w), count, count * 100 / most))
            .collect(),
        districts: atlas.districts().map(|d| (d.code.as_str(), d.name(ask.lang).to_owned())).collect(),
        district: district.map_or("", |d| d.code.as_str()),
        rows,
        states: all.then(|| {
            let states = incidents::State::ALL.iter();
            states.map(|s| (s.code(), super::row::state_name(w, *s))).collect()
        }),
        state: state.map_or("", |s| s.code()),
        map: map_at(here, &atlas),
        live: page.url(&stream).to_string(),
        action: if all { "/incidents" } else { "/storm" },
        page,
    })?;
    Ok(html)
}

fn name(id: Option<i64>, atlas: &Atlas, w: words::Words) -> String {
    let named = id.and_then(|id| atlas.division(id)).map(|d| d.name(w.lang()).to_owned());
    named.unwrap_or_else(|| w.storm_no_district().to_owned())
}

fn line(storm: &Storm, atlas: &Atlas, w: words::Words, act: &Act) -> StormLine {
    let district = storm.district.map(|id| name(Some(id), atlas, w));
    let text = match (storm.is_begun(), &district) {
        (true, None) => w.storm_on_city().to_owned(),
        (true, Some(district)) => w.storm_on_district(district),
        (false, None) => w.storm_proposed_city(storm.rate, storm.usual),
        (false, Some(district)) => w.storm_proposed_district(district, storm.rate, storm.usual),
    };
    let code = storm.district.and_then(|id| atlas.division(id)).map_or("", |d| d.code.as_str());
    StormLine {
        text,
        since: w.storm_since(&dates::date_time(w.lang(), storm.begun_at, &atlas.jurisdiction.zone)),
        is_begun: storm.is_begun(),
        path: format!("/storm/mode?district={code}"),
        id: storm.id.0,
        may: act.may(Permission::ManageStorm, storm.place()),
    }
}

/// One bar for each minute, 8 wide, at most 80 high.
fn bars(minutes: &[(i64, i64)], w: words::Words, atlas: &Atlas) -> Vec<Bar> {
    let most = minutes.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let bar = |(n, (at, count)): (usize, &(i64, i64))| {
        let height = (count * 80 / most).max(i64::from(*count > 0));
        let time = dates::short_date_time(w.lang(), Timestamp(*at), &atlas.jurisdiction.zone);
        let words = format!("{time}: {}", language::digits::grouped(*count, w.lang()));
        Bar { x: n as i64 * 10, y: 80 - height, height, words }
    };
    minutes.iter().enumerate().map(bar).collect()
}

fn map_at(here: &Here, atlas: &Atlas) -> MapAt {
    let city = here.city();
    MapAt {
        bounds: atlas.bounds().map(|b| format!("{},{},{},{}", b.min.long, b.min.lat, b.max.long, b.max.lat)),
        centre: format!("{},{}", city.centre.long, city.centre.lat),
        zoom: city.zoom,
    }
}
