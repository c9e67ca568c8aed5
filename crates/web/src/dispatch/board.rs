//! The board: warnings, the proposal, crews on a line of time and on the map, and what nobody has.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calendar::Timestamp;
use dispatch::day::{self, Day, Duty};
use dispatch::{CrewId, OrderStatus, WorkOrder, roads};
use door::{Door, Failure, Signed};
use people::{Act, Permission};
use storage::{Tx, journal};
use territory::{Atlas, Level};
use words::Words;

use super::gantt::{Drawing, Scale, Tick, WIDTH};
use super::row::{self, Names, Row};
use super::{done, plan::Proposal, sentence};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;

/// Crews and orders of one page; who has more looks at one district.
const MOST_LANES: usize = 60;
const MOST_ROWS: usize = 200;
/// The engine says why nobody has something, for so many.
const MOST_REASONS: usize = 120;

#[derive(Template)]
#[template(path = "dispatch/board.html")]
struct Board<'a> {
    page: Page<'a>,
    said: Option<&'static str>,
    refused: Option<&'static str>,
    districts: Vec<(&'a str, String)>,
    district: &'a str,
    /// Plans are made for one district, or for a city that has none.
    is_planned: bool,
    by_itself: bool,
    figures: Figures,
    alarms: Vec<AlarmLine>,
    alarms_title: String,
    proposal: Option<Proposal>,
    lanes: Vec<Lane>,
    width: i64,
    now_x: i64,
    ticks: Vec<Tick>,
    rows: Vec<Row>,
    /// Orders that some crew has, for the map.
    held: Vec<Row>,
    is_cut: bool,
    trouble: Option<String>,
    map: MapAt,
    live: String,
    plan_path: String,
    handover_path: String,
}

struct Figures {
    standing: day::Standing,
    crews: i64,
}

struct AlarmLine {
    row: Row,
    level_name: &'static str,
}

/// One crew.
pub struct Lane {
    pub id: i64,
    pub name: String,
    pub path: String,
    pub sheet: String,
    pub status: &'static str,
    pub status_name: &'static str,
    pub shift: String,
    pub seen: String,
    pub is_stale: bool,
    pub lat: f64,
    pub long: f64,
    pub drawing: Drawing,
    pub stops: Vec<TableStop>,
}

/// A stop in the table that says the same as the drawing.
pub struct TableStop {
    pub time: String,
    pub row: Row,
}

struct MapAt {
    bounds: Option<String>,
    centre: String,
    zoom: f64,
}

/// `GET /dispatch`, with `?district=`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let (act, now) = (signed.act(&door), door.now());
    ask::answer(&door, ask, move |tx, ask, here| {
        Ok(Answer::Page(NEVER, draw(tx, ask, here, &signed, &act, now)?))
    })
    .await
}

/// What this reader may see of a day.
pub fn theirs(mut day: Day, act: &Act) -> Day {
    day.orders.retain(|order| order.require(act, Permission::Dispatch).is_ok());
    day.crews.retain(|duty| act.may(Permission::Dispatch, duty.crew.place()));
    day
}

fn draw(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    act: &Act,
    now: Timestamp,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city().id);
    let atlas = territory::atlas(tx, city)?;
    // Before anything is read, so that whatever comes meanwhile is told again by the stream.
    let (seq, _) = journal::head(tx, city)?;
    let district = atlas.by_code(Level::District, ask.field("district"));
    let id = district.map(|d| d.id);
    let code = district.map_or("", |d| d.code.as_str());
    let is_planned = id.is_some() || atlas.districts().next().is_none();
    let mut today = theirs(Day::read(tx, city, id, now)?, act);
    let travel = roads::of(tx, city, now)?;
    say_why(&mut today, &*travel);
    let names = row::names(today.crews.iter().map(|duty| &duty.crew), w);
    let kinds = today.kinds.clone();
    let line = |order: &WorkOrder| Row::of(order, &kinds, &atlas, &names, w, now);
    let alarms = alarms(tx, city, &today, id, w, &line)?;
    let proposal = match is_planned {
        true => day::proposed(tx, city, id)?
            .filter(|kept| act.may(Permission::Dispatch, kept.place()))
            .map(|kept| Proposal::of(&kept, &today, &atlas, &names, w)),
        false => None,
    };
    let scale = Scale::new(now, ask.lang, &atlas.jurisdiction.zone);
    let is_cut = today.crews.len() > MOST_LANES || unassigned(&today).count() > MOST_ROWS;
    let lanes = lanes(&today, scale, &atlas, w, now, &line);
    let title = w.dispatch_title();
    let live = format!("/dispatch/live?since={seq}&district={code}");
    let page = here.staff(ask, signed, title).with_map();
    let html = render(&Board {
        said: done(w, ask.field("done")),
        refused: Some(ask.field("refused")).filter(|code| !code.is_empty()).map(|code| sentence(w, code)),
        districts: atlas.districts().map(|d| (d.code.as_str(), d.name(ask.lang).to_owned())).collect(),
        district: code,
        is_planned,
        by_itself: is_planned && day::by_itself(tx, city, id)?,
        figures: Figures {
            standing: day::standing(&today.orders, now),
            crews: today.crews.iter().filter(|duty| duty.crew.status.is_working()).count() as i64,
        },
        alarms_title: w.dispatch_alarms(alarms.len() as i64),
        alarms,
        proposal,
        lanes,
        width: WIDTH,
        now_x: scale.x(now),
        ticks: scale.ticks(w, &atlas.jurisdiction.zone),
        rows: unassigned(&today).take(MOST_ROWS).map(&line).collect(),
        held: today.orders.iter().filter(|order| order.crew.is_some()).take(500).map(&line).collect(),
        is_cut,
        trouble: travel.trouble().map(|_| w.dispatch_travel_trouble().to_owned()),
        map: map_at(here, &atlas),
        live: page.url(&live).to_string(),
        plan_path: format!("/dispatch/plan?district={code}"),
        handover_path: format!("/dispatch/handover?district={code}"),
        page,
    })?;
    Ok(html)
}

fn unassigned(today: &Day) -> impl Iterator<Item = &WorkOrder> {
    today.orders.iter().filter(|order| order.status == OrderStatus::Open)
}

/// Writes the engine's reason beside every order that nobody has.
fn say_why(today: &mut Day, travel: &dyn roads::Travel) {
    if today.orders.len() > MOST_REASONS {
        return;
    }
    let posed = day::pose(today, travel);
    let Ok(reasons) = day::left_over(&posed) else { return };
    let of: HashMap<_, _> = reasons.into_iter().map(|reasoned| (reasoned.order, reasoned.reason)).collect();
    for order in today.orders.iter_mut().filter(|order| order.status == OrderStatus::Open) {
        if let Some(reason) = of.get(&order.id) {
            order.reason.clone_from(reason);
        }
    }
}

fn alarms(
    tx: &mut Tx<'_>,
    city: i64,
    today: &Day,
    district: Option<i64>,
    w: Words,
    line: &dyn Fn(&WorkOrder) -> Row,
) -> Result<Vec<AlarmLine>, Failure> {
    let open = day::open_alarms(tx, city, district)?;
    let told = open.iter().filter_map(|alarm| {
        let order = today.order(alarm.order)?;
        let level_name = match alarm.level {
            day::AlarmLevel::Soon => w.dispatch_alarm_soon(),
            day::AlarmLevel::Missed => w.dispatch_alarm_missed(),
        };
        Some(AlarmLine { row: line(order), level_name })
    });
    Ok(told.take(50).collect())
}

fn lanes(
    today: &Day,
    scale: Scale,
    atlas: &Atlas,
    w: Words,
    now: Timestamp,
    line: &dyn Fn(&WorkOrder) -> Row,
) -> Vec<Lane> {
    let zone = &atlas.jurisdiction.zone;
    today
        .crews
        .iter()
        .take(MOST_LANES)
        .map(|duty| {
            let stops: Vec<(&WorkOrder, Row)> =
                stops(today, duty.crew.id).into_iter().map(|order| (order, line(order))).collect();
            lane(duty, scale.draw(duty, &stops, w, now, zone), &stops, atlas, w, now)
        })
        .collect()
}

/// The open stops of a crew, in the order in which it goes to them.
pub fn stops(today: &Day, crew: CrewId) -> Vec<&WorkOrder> {
    let mut stops: Vec<&WorkOrder> = today.orders.iter().filter(|order| order.crew == Some(crew)).collect();
    stops.sort_by_key(|order| (!order.status.is_under_way(), order.stop.is_none(), order.stop, order.id));
    stops
}

fn lane(
    duty: &Duty,
    drawing: Drawing,
    stops: &[(&WorkOrder, Row)],
    atlas: &Atlas,
    w: Words,
    now: Timestamp,
) -> Lane {
    let crew = &duty.crew;
    let time = |at: Timestamp| row::clock(w, at, atlas);
    let point = crew.point();
    Lane {
        id: crew.id.0,
        name: crew.name(w.lang()).to_owned(),
        path: format!("/crews/{}", crew.code),
        sheet: format!("/dispatch/sheet/{}", crew.code),
        status: crew.status.code(),
        status_name: row::crew_status(w, crew.status),
        shift: w.dispatch_from_to(&time(duty.shift.starts_at), &time(duty.shift.ends_at)),
        seen: crew.position.map_or_else(
            || w.dispatch_position_none().to_owned(),
            |position| w.dispatch_position_seen(&calendar::words::relative(w.lang(), position.at, now)),
        ),
        is_stale: crew.position.is_none_or(|position| position.at.plus_minutes(30) < now),
        lat: point.lat,
        long: point.long,
        drawing,
        stops: stops
            .iter()
            .map(|(order, row)| TableStop {
                time: order.planned_at.map_or(String::new(), time),
                row: row.clone(),
            })
            .collect(),
    }
}

fn map_at(here: &Here, atlas: &Atlas) -> MapAt {
    let city = here.city();
    MapAt {
        bounds: atlas.bounds().map(|b| format!("{},{},{},{}", b.min.long, b.min.lat, b.max.long, b.max.lat)),
        centre: format!("{},{}", city.centre.long, city.centre.lat),
        zoom: city.zoom,
    }
}

/// Names of all crews of a city, also of those that are not at work.
pub fn all_names(tx: &mut Tx<'_>, city: i64, w: Words) -> Result<Names, Failure> {
    let all = dispatch::crews::list(tx, city, &dispatch::crews::Wanted::default())?;
    Ok(row::names(&all, w))
}
