//! Projects of a round: filters by place, topic, money and words, a map beside the list, and some of them side by side.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use door::{Budget, Door, Failure};
use language::digits;
use projects::list::{self, Filter, Order};
use projects::{Project, Right, Round, book};
use serde_json::json;

use super::said::{self, Card};
use crate::ask::{self, Answer, Ask, FRESH, render};
use crate::page::{PLAIN, Page};

const PER_PAGE: u32 = 30;
/// More do not fit beside each other.
const MOST_COMPARED: usize = 4;
/// Upper ends of the steps of cost, in rial.
const COSTS: [i64; 4] = [10_000_000_000, 50_000_000_000, 200_000_000_000, 1_000_000_000_000];

#[derive(Template)]
#[template(path = "projects/list.html")]
struct List<'a> {
    page: Page<'a>,
    round: String,
    path: String,
    vote_path: String,
    can_vote: bool,
    pots: Vec<(String, String, bool)>,
    topics: Vec<(String, String, bool)>,
    costs: Vec<(String, String, bool)>,
    orders: Vec<(&'static str, &'static str, bool)>,
    typed: String,
    cards: Vec<Card>,
    next: Option<String>,
    marks: Option<String>,
    bounds: Option<String>,
    href: String,
}

/// `GET /rounds/{code}/projects`.
pub async fn page(State(door): State<Door>, Path(code): Path<String>, ask: Ask) -> Result<Response, Failure> {
    if !ask.field("q").is_empty()
        && let Err(refusal) = door.limits.check(Budget::Search, ask.client)
    {
        return Ok(refusal.into_response());
    }
    let now = door.now();
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let book = book(tx, city.id)?;
        let Some(round) = book.by_code(&code).filter(|round| round.is_public) else {
            return Ok(Answer::Missing);
        };
        let atlas = territory::atlas(tx, city.id)?;
        let pot = ask.field("pot").parse().ok().and_then(|number| round.pot_numbered(number));
        let topic = Some(ask.field("topic").to_owned()).filter(|t| round.rules.topic(t).is_some());
        let cost: Option<usize> = ask.field("cost").parse().ok().filter(|step| *step <= COSTS.len());
        let words: String = ask.field("q").chars().take(200).collect();
        let order = match ask.field("order") {
            "cost" => Order::Cost,
            "votes" if round.counted_at.is_some() => Order::Votes,
            _ => Order::Number,
        };
        let filter = Filter {
            pot: pot.map(|pot| pot.id),
            topic: topic.clone(),
            cost_from: cost.and_then(|step| Some(COSTS.get(step.checked_sub(1)?)? + 1)),
            cost_to: cost.and_then(|step| COSTS.get(step).copied()),
            words: words.clone(),
            order,
            after: ask.field("after").parse().unwrap_or(0),
            limit: PER_PAGE + 1,
            ..Filter::default()
        };
        let mut found = list::list(tx, city.id, round.id, &filter)?;
        let more = found.len() > PER_PAGE as usize && order == Order::Number;
        found.truncate(PER_PAGE as usize);
        let base = format!("/rounds/{}", round.code);
        let pot_number = pot.map_or(String::new(), |pot| pot.number.to_string());
        let code_of = |text: &str| percent_encoding::utf8_percent_encode(text, PLAIN).to_string();
        let next = found.last().filter(|_| more).map(|last| {
            format!(
                "{base}/projects?pot={pot_number}&topic={}&cost={}&q={}&after={}",
                code_of(topic.as_deref().unwrap_or("")),
                ask.fields.text("cost").parse::<usize>().map_or(String::new(), |step| step.to_string()),
                code_of(&words),
                last.number
            )
        });
        let marks = marks(&found, ask);
        let html = render(&List {
            page: here.page(ask, w.projects_projects_title()).with_map(),
            round: round.name.get(ask.lang).to_owned(),
            vote_path: format!("/vote/{}", round.code),
            can_vote: round.allows(Right::Vote, now),
            pots: pots(round, &atlas, ask, pot.map(|pot| pot.number)),
            topics: super::ideas::topics(round, ask, topic.as_deref().unwrap_or("")),
            costs: costs(ask, cost),
            orders: [
                ("", w.projects_order_number(), Order::Number),
                ("cost", w.projects_order_cost(), Order::Cost),
                ("votes", w.projects_order_votes(), Order::Votes),
            ]
            .into_iter()
            .filter(|(_, _, o)| *o != Order::Votes || round.counted_at.is_some())
            .map(|(value, name, o)| (value, name, o == order))
            .collect(),
            typed: words,
            cards: found.iter().map(|project| said::card(project, round, &atlas, w)).collect(),
            next,
            bounds: atlas
                .bounds()
                .filter(|_| marks.is_some())
                .map(|b| format!("{},{},{},{}", b.min.long, b.min.lat, b.max.long, b.max.lat)),
            marks,
            href: format!("{}/", door::lang::path(ask.lang, "/projects")),
            path: base,
        })?;
        Ok(Answer::Page(FRESH, html))
    })
    .await
}

fn pots(
    round: &Round,
    atlas: &territory::Atlas,
    ask: &Ask,
    chosen: Option<i64>,
) -> Vec<(String, String, bool)> {
    let pots = round.pots.iter();
    pots.map(|pot| (pot.number.to_string(), said::pot(pot, atlas, ask.words()), chosen == Some(pot.number)))
        .collect()
}

fn costs(ask: &Ask, chosen: Option<usize>) -> Vec<(String, String, bool)> {
    let w = ask.words();
    let name = |step: usize| match (step.checked_sub(1).and_then(|s| COSTS.get(s)), COSTS.get(step)) {
        (None, Some(to)) => w.projects_cost_up_to_plain(&said::money(w, *to)),
        (Some(from), Some(to)) => w.projects_cost_between_plain(&said::money(w, *from), &said::money(w, *to)),
        (Some(from), None) => w.projects_cost_over_plain(&said::money(w, *from)),
        (None, None) => String::new(),
    };
    (0..=COSTS.len()).map(|step| (step.to_string(), name(step), chosen == Some(step))).collect()
}

/// What the list shows, for the map beside it.
fn marks(projects: &[Project], ask: &Ask) -> Option<String> {
    let features: Vec<_> = projects
        .iter()
        .filter_map(|project| {
            let point = project.point?;
            Some(json!({
                "type": "Feature",
                "geometry": { "type": "Point", "coordinates": [point.long, point.lat] },
                "properties": {
                    "code": project.code.to_string(),
                    "title": project.title.get(ask.lang),
                    "open": i64::from(project.state == projects::State::Published),
                },
            }))
        })
        .collect();
    (!features.is_empty()).then(|| json!({ "type": "FeatureCollection", "features": features }).to_string())
}

#[derive(Template)]
#[template(path = "projects/compare.html")]
struct Compare<'a> {
    page: Page<'a>,
    path: String,
    round: String,
    projects: Vec<Compared>,
}

struct Compared {
    card: Card,
    words: String,
    range: String,
    followers: String,
}

/// `GET /rounds/{code}/compare?p=12&p=40`.
pub async fn compare(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
) -> Result<Response, Failure> {
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let book = book(tx, city.id)?;
        let Some(round) = book.by_code(&code).filter(|round| round.is_public) else {
            return Ok(Answer::Missing);
        };
        let atlas = territory::atlas(tx, city.id)?;
        let numbers: Vec<i64> =
            ask.fields.all("p").filter_map(|number| number.parse().ok()).take(MOST_COMPARED).collect();
        let found = list::numbered(tx, city.id, round.id, &numbers)?;
        let projects = found.iter().map(|project| Compared {
            card: said::card(project, round, &atlas, w),
            words: project.words.get(ask.lang).to_owned(),
            range: w
                .projects_cost_range(&said::money(w, project.cost_least), &said::money(w, project.cost_most)),
            followers: digits::grouped(project.followers, ask.lang),
        });
        let html = render(&Compare {
            page: here.page(ask, w.projects_compare_title()),
            path: format!("/rounds/{}", round.code),
            round: round.name.get(ask.lang).to_owned(),
            projects: projects.collect(),
        })?;
        Ok(Answer::Page(FRESH, html))
    })
    .await
}
