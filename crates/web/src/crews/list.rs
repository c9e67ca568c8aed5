//! Every crew that somebody looks after: its state, where it is and since when we know.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calendar::words as dates;
use dispatch::crews::{self, Wanted};
use dispatch::{OrderId, job_types, orders, shifts};
use door::{Door, Failure, Signed};

use super::{Tab, district_name, districts, is_mine, names, status_name, tabs, tone};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;

#[derive(Template)]
#[template(path = "crews/list.html")]
struct List<'a> {
    page: Page<'a>,
    tabs: Vec<Tab>,
    districts: Vec<(String, String)>,
    district: String,
    shows_withdrawn: bool,
    count: i64,
    working: i64,
    crews: Vec<Line>,
}

struct Line {
    path: String,
    code: String,
    name: String,
    district: String,
    skills: String,
    status: &'static str,
    tone: &'static str,
    since: String,
    /// How long ago it was seen; empty when it never was.
    seen: String,
    is_old: bool,
    order: String,
    stops: i64,
    shift: String,
    is_withdrawn: bool,
}

/// A position older than this says little, in milliseconds.
const OLD: i64 = 10 * 60_000;

/// `GET /crews`.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let atlas = territory::atlas(tx, city.id)?;
        let kinds = job_types::kinds(tx, city.id)?;
        let shows_withdrawn = ask.field("withdrawn") == "yes";
        let district = ask.field("district").to_owned();
        let wanted = Wanted { district: district.parse().ok(), unit: None, active: !shows_withdrawn };
        let mut all = crews::list(tx, city.id, &wanted)?;
        all.retain(|crew| is_mine(&act, crew));
        let open = orders::open(tx, city.id, &orders::Wanted::default())?;
        let current = shifts::between(tx, city.id, act.at, act.at.plus_minutes(1))?;
        let order_code = |id: Option<OrderId>| {
            let found = id.and_then(|id| open.iter().find(|order| order.id == id));
            found.map_or_else(String::new, |order| order.code.clone())
        };
        let lines: Vec<Line> = all
            .iter()
            .map(|crew| Line {
                path: format!("/crews/{}", crew.code),
                code: crew.code.clone(),
                name: crew.name(ask.lang).to_owned(),
                district: district_name(&atlas, crew.district, w),
                skills: names(&kinds.skills, &crew.skills, w),
                status: status_name(w, crew.status),
                tone: tone(crew.status),
                since: dates::relative(ask.lang, crew.status_at, act.at),
                seen: crew
                    .position
                    .map_or_else(String::new, |position| dates::relative(ask.lang, position.at, act.at)),
                is_old: crew.position.is_some_and(|position| act.at.millis_since(position.at) > OLD),
                order: order_code(crew.order),
                stops: open.iter().filter(|order| order.crew == Some(crew.id)).count() as i64,
                shift: current.iter().find(|shift| shift.crew == crew.id).map_or_else(String::new, |shift| {
                    let time = |at: calendar::Timestamp| dates::time(ask.lang, at.minute_of_day(&city.zone));
                    w.crews_from_to(&time(shift.starts_at), &time(shift.ends_at))
                }),
                is_withdrawn: !crew.is_active,
            })
            .collect();
        let html = render(&List {
            page: here.staff(ask, &signed, w.crews_title()),
            tabs: tabs(w, "/crews"),
            districts: districts(&atlas, w),
            district,
            shows_withdrawn,
            count: all.len() as i64,
            working: all.iter().filter(|crew| crew.is_active && crew.status.is_working()).count() as i64,
            crews: lines,
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}
