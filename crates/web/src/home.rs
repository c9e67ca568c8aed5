//! The first page: one question, a code, the city right now.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use calendar::Timestamp;
use door::{Door, Failure};
use language::Lang;
use requests::catalogue;
use requests::figures::{self, Figures};
use requests::list::{self, Filter};
use storage::Tx;

use crate::ask::{self, Answer, Ask, FRESH, Here, render};
use crate::city_map::{self, District};
use crate::kept::Kept;
use crate::page::Page;
use crate::projects::Teaser;
use crate::requests::line::Line;
use crate::requests::list::cities;
use crate::storm::banner::{Banner, banner};

/// The days over which "in time" is counted.
const DAYS: i64 = 90;
/// Subjects that stand below the question.
const QUICK: usize = 5;

#[derive(Template)]
#[template(path = "home/page.html")]
struct Home<'a> {
    page: Page<'a>,
    quick: Vec<Quick<'a>>,
    open: String,
    all: String,
    in_time: Option<(String, String)>,
    lately: String,
    districts: Vec<District>,
    is_drawn: bool,
    height: i64,
    lines: Vec<Line<'a>>,
    storm: Option<Banner>,
    round: Option<Teaser>,
    cities: Vec<(String, String, bool)>,
}

struct Quick<'a> {
    icon: &'a str,
    name: &'a str,
    path: String,
}

/// `GET /`.
pub async fn page(
    State(door): State<Door>,
    Extension(kept): Extension<Kept>,
    ask: Ask,
) -> Result<Response, Failure> {
    let now = door.now();
    let place = kept.first(&ask, now);
    if let Some(page) = kept.get(&ask, &place) {
        return Ok(page);
    }
    ask::answer(&door, ask, move |tx, ask, here| {
        let html = show(tx, ask, here, now)?;
        kept.put(place, &html);
        Ok(Answer::Page(FRESH, html))
    })
    .await
}

fn show(tx: &mut Tx<'_>, ask: &Ask, here: &Here, now: Timestamp) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city());
    let atlas = territory::atlas(tx, city.id)?;
    let catalogue = catalogue(tx, city.id)?;
    let today = now.day(&city.zone).days_since_epoch();
    let ever = figures::of_ever(tx, city.id)?;
    let recent = figures::of_city(tx, city.id, today - DAYS, today)?;
    let lately = figures::of_city(tx, city.id, today - 6, today)?;
    let open = figures::open_by_district(tx, city.id)?;
    let drawing = city_map::drawing(tx, city.id)?;
    let newest = list::list(tx, &Filter { limit: 4, ..Filter::of(city.id) })?.requests;
    let page = here.page(ask, w.home_title());
    render(&Home {
        quick: quick(tx, ask, here, &catalogue, today)?,
        open: page.n(&ever.open.max(0)),
        all: w.home_open_of(ever.all),
        in_time: in_time(&recent, w),
        lately: page.n(&lately.all),
        districts: city_map::districts(&atlas, &drawing, &open, ask.lang),
        is_drawn: city_map::is_drawn(&drawing, &page),
        height: drawing.height,
        lines: newest.iter().map(|r| Line::of(r, &catalogue, &atlas, w, now)).collect(),
        storm: banner(tx, city.id, w)?,
        round: crate::projects::teaser(tx, city.id, w, now)?,
        cities: cities(ask, here),
        page,
    })
}

/// The share that was in time, and of how many.
fn in_time(recent: &Figures, w: words::Words) -> Option<(String, String)> {
    let percent = recent.in_time_percent()?;
    let number = language::digits::grouped(percent, w.lang());
    // The mark keeps the Persian sign on its side of the number.
    let shown = if w.lang() == Lang::Fa { format!("{number}\u{200F}٪") } else { format!("{number}%") };
    Some((shown, w.home_in_time_of(DAYS, recent.in_time + recent.late)))
}

/// What people reported most in these weeks, or the first services of a new city.
fn quick<'c>(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    catalogue: &'c requests::Catalogue,
    today: i64,
) -> Result<Vec<Quick<'c>>, Failure> {
    let most = figures::counts(tx, here.city().id, figures::By::Service, today - 30, today, 12)?;
    let popular = most.iter().filter_map(|(id, _)| catalogue.service(id.parse().ok()?));
    let mut chosen: Vec<&requests::service::Service> = Vec::new();
    for service in popular.chain(&catalogue.services) {
        let is_new = chosen.iter().all(|known| known.id != service.id && known.group != service.group);
        if service.is_open && is_new && chosen.len() < QUICK {
            chosen.push(service);
        }
    }
    Ok(chosen
        .into_iter()
        .map(|service| Quick {
            icon: crate::requests::icon_of(catalogue, Some(service)),
            name: service.name(ask.lang),
            path: format!("/report/place?service_code={}", service.code),
        })
        .collect())
}
