//! Many requests: filters that read as a sentence, the list and the map together, an address to pass on.
//!
//! `status`, `service` (a code, or `group.*`), `district`, `neighbourhood` (codes of the city), `q` (words) and
//! `before` (where the page before ended) stand in the address, and the map is asked the same.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use calendar::Timestamp;
use door::{Budget, Door, Failure};
use percent_encoding::utf8_percent_encode;
use requests::list::{self, Filter};
use requests::{Catalogue, Kind, RequestId, catalogue};
use storage::Tx;
use territory::{Atlas, Level};

use super::line::Line;
use crate::ask::{self, Answer, Ask, FRESH, Here, render};
use crate::kept::Kept;
use crate::options::{Lists, option, options};
use crate::page::{PLAIN, Page};

const PER_PAGE: u32 = 20;
const STATUSES: [&str; 4] = ["open", "late", "done", "all"];

/// A choice that stands first in its list: value and name.
type Chosen = Option<(String, String)>;

/// The filters as they were asked for, with names for those that exist.
struct Asked {
    status: &'static str,
    service: Chosen,
    district: Chosen,
    neighbourhood: Chosen,
    /// The codes of the services that were chosen, one or a whole group.
    codes: Vec<String>,
    words: String,
    /// The same as the part of an address after `?`, without the page.
    query: String,
    is_narrow: bool,
}

struct Form<'a> {
    asked: &'a Asked,
    lists: &'a Lists,
    neighbourhoods: String,
    cities: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "requests/list.html")]
struct List<'a> {
    page: Page<'a>,
    form: Form<'a>,
    lines: Vec<Line<'a>>,
    next: Option<String>,
    /// The address of the first page, when this is not it.
    first: Option<String>,
    map_path: String,
    map: MapView,
    report_path: &'static str,
}

#[derive(Template)]
#[template(path = "requests/map.html")]
struct Large<'a> {
    page: Page<'a>,
    form: Form<'a>,
    list_path: String,
    map: MapView,
}

/// What the map island is told.
struct MapView {
    bounds: Option<String>,
    centre: String,
    zoom: f64,
    query: String,
    href: String,
}

/// `GET /requests`.
pub async fn page(
    State(door): State<Door>,
    Extension(kept): Extension<Kept>,
    ask: Ask,
) -> Result<Response, Failure> {
    if !ask.field("q").is_empty()
        && let Err(refusal) = door.limits.check(Budget::Search, ask.client)
    {
        return Ok(refusal.into_response());
    }
    let now = door.now();
    let place = kept.list(&door, &ask, now);
    if let Some(page) = kept.get(&ask, &place) {
        return Ok(page);
    }
    ask::answer(&door, ask, move |tx, ask, here| {
        let city = here.city();
        let atlas = territory::atlas(tx, city.id)?;
        let catalogue = catalogue(tx, city.id)?;
        let options = options(tx, city.id)?;
        let mut filter = Filter { limit: PER_PAGE, ..Filter::of(city.id) };
        let asked = read(ask, &atlas, &catalogue, &mut filter, now);
        filter.before = ask.field("before").parse().ok().map(RequestId);
        let found = list::list(tx, &filter)?;
        let lines =
            found.requests.iter().map(|r| Line::of(r, &catalogue, &atlas, ask.words(), now)).collect();
        let next = found.next.map(|id| with(&asked.query, &format!("before={}", id.0)));
        let first = filter.before.map(|_| with(&asked.query, ""));
        let map_path = address("/map", &asked.query);
        let html = render(&List {
            page: here.page(ask, ask.words().requests_list()).with_map(),
            form: form(tx, ask, here, &atlas, &asked, options.of(ask.lang))?,
            lines,
            next,
            first,
            map_path,
            map: map_view(ask, here, &atlas, &asked),
            report_path: "/report",
        })?;
        kept.put(place, &html);
        Ok(Answer::Page(FRESH, html))
    })
    .await
}

/// `GET /map`: the same filters, and the map as large as the screen.
pub async fn map(State(door): State<Door>, ask: Ask) -> Result<Response, Failure> {
    let now = door.now();
    ask::answer(&door, ask, move |tx, ask, here| {
        let city = here.city();
        let atlas = territory::atlas(tx, city.id)?;
        let catalogue = catalogue(tx, city.id)?;
        let options = options(tx, city.id)?;
        let asked = read(ask, &atlas, &catalogue, &mut Filter::of(city.id), now);
        let html = render(&Large {
            page: here.page(ask, ask.words().requests_map()).with_map(),
            form: form(tx, ask, here, &atlas, &asked, options.of(ask.lang))?,
            list_path: address("/requests", &asked.query),
            map: map_view(ask, here, &atlas, &asked),
        })?;
        Ok(Answer::Page(FRESH, html))
    })
    .await
}

/// Reads the address into a filter. What does not exist is left out, as if it had not been asked.
fn read(ask: &Ask, atlas: &Atlas, catalogue: &Catalogue, filter: &mut Filter, now: Timestamp) -> Asked {
    let lang = ask.lang;
    let status = STATUSES.into_iter().find(|s| *s == ask.field("status")).unwrap_or("open");
    match status {
        "open" => filter.open = Some(true),
        "late" => filter.overdue_at = Some(now),
        "done" => filter.open = Some(false),
        _ => {}
    }
    let mut service = None;
    let mut codes = Vec::new();
    let code = ask.field("service");
    if let Some(group) =
        code.strip_suffix(".*").and_then(|code| catalogue.groups.iter().find(|g| g.code == code))
    {
        let within = catalogue.services.iter().filter(|s| s.group == group.id);
        (filter.services, codes) = within.map(|s| (s.id, s.code.clone())).unzip();
        service =
            Some((code.to_owned(), ask.words().requests_filter_whole_group_plain(group.name.get(lang))));
    } else if let Some(known) = catalogue.by_code(code) {
        filter.services = vec![known.id];
        codes.push(known.code.clone());
        service = Some((code.to_owned(), known.name(lang).to_owned()));
    }
    let district = atlas.by_code(Level::District, ask.field("district"));
    filter.district = district.map(|d| d.id);
    let neighbourhood = atlas
        .by_code(Level::Neighbourhood, ask.field("neighbourhood"))
        .filter(|n| district.is_none_or(|d| atlas.place_of(n.id).district == Some(d.id)));
    filter.neighbourhood = neighbourhood.map(|n| n.id);
    filter.kind = Kind::parse(ask.field("kind"));
    filter.words = ask.field("q").chars().take(200).collect();
    let named = |code: &str, name: String| (code.to_owned(), name);
    let mut asked = Asked {
        status,
        service,
        district: district.map(|d| named(&d.code, crate::options::district_name(atlas, d, lang))),
        neighbourhood: neighbourhood.map(|n| named(&n.code, n.name(lang).to_owned())),
        codes,
        words: filter.words.clone(),
        query: String::new(),
        is_narrow: false,
    };
    asked.query = query_of(&asked);
    asked.is_narrow = !asked.query.is_empty();
    asked
}

/// The filters as an address says them; what is usual is not said.
fn query_of(asked: &Asked) -> String {
    let chosen = |c: &Chosen| c.as_ref().map(|(value, _)| value.clone()).unwrap_or_default();
    let parts = [
        ("status", if asked.status == "open" { String::new() } else { asked.status.to_owned() }),
        ("service", chosen(&asked.service)),
        ("district", chosen(&asked.district)),
        ("neighbourhood", chosen(&asked.neighbourhood)),
        ("q", asked.words.clone()),
    ];
    let said: Vec<String> = parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, PLAIN)))
        .collect();
    said.join("&")
}

fn with(query: &str, more: &str) -> String {
    let both: Vec<&str> = [query, more].into_iter().filter(|part| !part.is_empty()).collect();
    address("/requests", &both.join("&"))
}

fn address(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

fn form<'a>(
    _tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    atlas: &Atlas,
    asked: &'a Asked,
    lists: &'a Lists,
) -> Result<Form<'a>, Failure> {
    let mut neighbourhoods = String::new();
    let district = asked.district.as_ref().and_then(|(code, _)| atlas.by_code(Level::District, code));
    for neighbourhood in district.into_iter().flat_map(|d| atlas.neighbourhoods(d.id)) {
        option(&mut neighbourhoods, &neighbourhood.code, neighbourhood.name(ask.lang), ask.lang);
    }
    Ok(Form { asked, lists, neighbourhoods, cities: cities(ask, here) })
}

/// The cities of this installation with the address of their first page, and which one this is.
pub fn cities(ask: &Ask, here: &Here) -> Vec<(String, String, bool)> {
    if here.cities.len() < 2 {
        return Vec::new();
    }
    let all = here.cities.iter().enumerate();
    all.map(|(n, city)| {
        let carried = (n > 0).then_some(city.code.as_str());
        let page = Page::new(ask.words(), Some(city), carried, &ask.path, "", "");
        (page.url(&ask.path).to_string(), city.name(ask.lang).to_owned(), city.id == here.city().id)
    })
    .collect()
}

fn map_view(ask: &Ask, here: &Here, atlas: &Atlas, asked: &Asked) -> MapView {
    let city = here.city();
    let bounds = atlas.bounds().map(|b| format!("{},{},{},{}", b.min.long, b.min.lat, b.max.long, b.max.lat));
    let mut query = here.page(ask, "").tiles();
    query.push_str(match asked.status {
        "open" => "&status=open",
        "late" => "&overdue=true",
        "done" => "&status=closed",
        _ => "",
    });
    let chosen = |c: &Chosen| c.as_ref().map(|(value, _)| value.clone()).unwrap_or_default();
    let parts = [
        ("service", asked.codes.join(",")),
        ("district", chosen(&asked.district)),
        ("neighbourhood", chosen(&asked.neighbourhood)),
        ("q", asked.words.clone()),
    ];
    for (name, value) in parts.iter().filter(|(_, value)| !value.is_empty()) {
        query.push_str(&format!("&{name}={}", utf8_percent_encode(value, PLAIN)));
    }
    MapView {
        bounds,
        centre: format!("{},{}", city.centre.long, city.centre.lat),
        zoom: city.zoom,
        query,
        href: format!("{}/", door::lang::path(ask.lang, "/requests")),
    }
}
