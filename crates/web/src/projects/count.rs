//! The count of a round: counting, the council's report, why a project won or lost, and what anybody needs to count
//! again.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use door::{Door, Failure, Signed};
use http::{HeaderValue, StatusCode, header};
use language::digits;
use projects::count::{self, Reason, Story};
use projects::{Project, ProjectError, Round, book, list as found};
use storage::Tx;
use words::Words;

use super::said;
use super::{Trouble, manage, trouble};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;

/// `POST /rounds/{code}/count`. Reading and keeping are short; the count between them has no database and no hurry.
pub async fn count(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let (jurisdiction, known) = (signed.jurisdiction, code.clone());
    let boxes = door.db.read(move |tx| open(tx, jurisdiction, &known)).await;
    let boxes = match boxes {
        Ok(boxes) => boxes,
        Err(error) => return refused(&door, code, signed, ask, error).await,
    };
    let decided = apart(move || count::decide(&boxes)).await?.map_err(Failure::new)?;
    let decided = Arc::new(decided);
    manage::lead(&door, code, signed, ask, "counted", move |tx, act, _, jurisdiction, id| {
        count::keep(tx, act, jurisdiction, id, &decided)
    })
    .await
}

fn open(tx: &mut Tx<'_>, jurisdiction: i64, code: &str) -> Result<count::Boxes, ProjectError> {
    let id = book(tx, jurisdiction)?.by_code(code).ok_or(ProjectError::NotFound)?.id;
    count::boxes(tx, jurisdiction, id)
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(Failure::new)
}

async fn refused(
    door: &Door,
    code: String,
    signed: Signed,
    ask: Ask,
    error: ProjectError,
) -> Result<Response, Failure> {
    match trouble(door, ask, error).await? {
        (_, Trouble::Answered(response)) => Ok(response),
        (ask, Trouble::Wrong(wrong)) => manage::show(door, Some(code), signed, ask, wrong, None).await,
    }
}

#[derive(Template)]
#[template(path = "projects/report.html")]
struct Report<'a> {
    page: Page<'a>,
    path: String,
    round: String,
    lines: Vec<Line>,
}

struct Line {
    rule: &'static str,
    is_own: bool,
    winners: String,
    spent: String,
    without: String,
    others: String,
}

/// `GET /rounds/{code}/report`: the same ballots by other rules.
pub async fn report(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let (jurisdiction, known) = (signed.jurisdiction, code.clone());
    let boxes = match door.db.read(move |tx| open(tx, jurisdiction, &known)).await {
        Ok(boxes) => boxes,
        Err(error) => return refused(&door, code, signed, ask, error).await,
    };
    let round = boxes.round.clone();
    let compared = apart(move || count::compare(&boxes)).await?.map_err(Failure::new)?;
    ask::answer(&door, ask, move |_, ask, here| {
        let w = ask.words();
        let n = |number: usize| digits::grouped(number as i64, ask.lang);
        let line = |line: &count::Compared| Line {
            rule: match line.rule {
                "" => w.projects_report_own(),
                rule => {
                    w.by_key(&format!("projects-allocation-{rule}")).unwrap_or(w.projects_allocation_other())
                }
            },
            is_own: line.rule.is_empty(),
            winners: n(line.winners),
            spent: said::money(w, line.spent),
            without: match (line.without_winner as f64 * 100.0 / line.voters.max(1) as f64).round() {
                share if line.voters > 0 => {
                    w.projects_report_share_plain(&digits::decimal(share, 0, ask.lang))
                }
                _ => String::new(),
            },
            others: n(line.others),
        };
        let html = render(&Report {
            page: here.staff(ask, &signed, w.projects_report_title()),
            path: format!("/rounds/{}/manage", round.code),
            round: round.name.get(ask.lang).to_owned(),
            lines: compared.iter().map(line).collect(),
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

/// Why a project won or lost, in sentences.
pub fn why(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    round: &Round,
    project: &Project,
    w: Words,
) -> storage::Result<Vec<String>> {
    let Some(story) = count::story_of(tx, jurisdiction, project.id)? else { return Ok(Vec::new()) };
    let other = match story.used_by {
        Some((number, _)) => found::numbered(tx, jurisdiction, round.id, &[number])?.into_iter().next(),
        None => None,
    };
    Ok(sentences(&story, project, other.as_ref(), w))
}

fn sentences(story: &Story, project: &Project, other: Option<&Project>, w: Words) -> Vec<String> {
    let n = |number: u64| digits::grouped(number as i64, w.lang());
    let money = |rial: i64| said::money(w, rial);
    let (votes, cost, had) = (n(story.votes), money(project.cost), money(story.had.unwrap_or(0)));
    let other = other.map(|other| digits::shown(other.title.get(w.lang()), w.lang()));
    let left = story.used_by.map_or(String::new(), |(_, left)| money(left));
    let mut said = vec![match (story.reason, &other) {
        (Reason::WonByVotes, _) => w.projects_why_won_by_votes_plain(&had, &votes),
        (Reason::WonByShares, _) => {
            w.projects_why_won_by_shares_plain(&money(story.price.unwrap_or(0)), &votes)
        }
        (Reason::WonByLoad, _) => w.projects_why_won_by_load_plain(&votes),
        (Reason::Unwanted, _) => w.projects_why_unwanted().into(),
        (Reason::BelowLeast, _) => w.projects_why_below_least_plain(&n(story.least.unwrap_or(0)), &votes),
        (Reason::AboveBudget, _) => w.projects_why_above_budget_plain(&cost),
        (Reason::DidNotFit, _) => w.projects_why_did_not_fit_plain(&cost, &had),
        (Reason::Ended, Some(other)) => w.projects_why_ended(other),
        (Reason::Ended, None) => w.projects_why_did_not_fit_plain(&cost, &had),
        (Reason::ShortOfMoney, Some(other)) => w.projects_why_used_by(&cost, &had, &left, other, &votes),
        (Reason::ShortOfMoney, None) => w.projects_why_short_of_money_plain(&cost, &had, &votes),
    }];
    if let Some(more) = story.enough_votes {
        said.push(w.projects_why_enough_votes_plain(&n(more)));
    }
    if let Some(cost) = story.enough_cost {
        said.push(w.projects_why_enough_cost_plain(&money(cost)));
    }
    said
}

/// `GET /rounds/{code}/bundle.json`: what to read first when counting again.
pub async fn bundle(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
) -> Result<Response, Failure> {
    let made = public(&door, &ask, code, |tx, city, round| {
        Ok(count::bundle(tx, city.0, round.id)?.map(|bundle| bundle.about.to_string()))
    })
    .await?;
    Ok(sent(made, "application/json; charset=utf-8"))
}

/// `GET /rounds/{code}/bundle/{file}`: the ballots of one pot, without persons.
pub async fn bundle_file(
    State(door): State<Door>,
    Path((code, file)): Path<(String, String)>,
    ask: Ask,
) -> Result<Response, Failure> {
    let made = public(&door, &ask, code, move |tx, city, round| {
        Ok(count::bundle(tx, city.0, round.id)?.and_then(|mut bundle| bundle.files.remove(&file)))
    })
    .await?;
    Ok(sent(made, "text/plain; charset=utf-8"))
}

/// `GET /rounds/{code}/oc4ids.json`: the projects in the language of infrastructure transparency.
pub async fn oc4ids(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
) -> Result<Response, Failure> {
    let (now, inner) = (door.now(), door.clone());
    let made = public(&door, &ask, code, move |tx, city, round| {
        let mut all = Vec::new();
        loop {
            let after = all.last().map_or(0, |project: &Project| project.number);
            let filter = found::Filter { after, ..found::Filter::default() };
            let some = found::list(tx, city.0, round.id, &filter)?;
            let is_last = some.len() < found::MOST as usize;
            all.extend(some);
            if is_last {
                break;
            }
        }
        let address = |project: &Project| inner.address(&format!("/projects/{}", project.code));
        let city = (city.1.as_str(), city.2.as_str());
        Ok(Some(count::oc4ids(city, round, &all, address, &now.to_rfc3339_z()).to_string()))
    })
    .await?;
    Ok(sent(made, "application/json; charset=utf-8"))
}

/// Something about a public round of the first city, or the one that is asked for: its id, code and name are given.
async fn public(
    door: &Door,
    ask: &Ask,
    code: String,
    make: impl FnOnce(&mut Tx<'_>, &(i64, String, String), &Round) -> Result<Option<String>, ProjectError>
    + Send
    + 'static,
) -> Result<Option<String>, Failure> {
    let asked = ask.city_code().to_owned();
    let made = door
        .db
        // A large round takes seconds: whoever counts again must not hold up the pages.
        .read_slow(move |tx| -> Result<Option<String>, ProjectError> {
            let cities = territory::jurisdictions(tx)?;
            let Some(city) = cities.iter().find(|city| asked.is_empty() || city.code == asked) else {
                return Ok(None);
            };
            let book = book(tx, city.id)?;
            let Some(round) = book.by_code(&code).filter(|round| round.is_public) else { return Ok(None) };
            make(tx, &(city.id, city.code.clone(), city.name_en.clone()), round)
        })
        .await;
    match made {
        Ok(made) => Ok(made),
        Err(ProjectError::Failure(failure)) => Err(failure.into()),
        // Not counted yet, or not there: nothing to send.
        Err(_) => Ok(None),
    }
}

fn sent(made: Option<String>, kind: &'static str) -> Response {
    match made {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(text) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
                (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60")),
                (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
            ];
            (headers, text).into_response()
        }
    }
}
