//! Rounds for everybody: what is going on, until when, by which rules, and what came of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use door::{Door, Failure};
use language::digits;
use projects::{Phase, Right, Round, Stage, ballots, book, ideas, list as projects_list};

use super::said::{self, Card, Knot};
use crate::ask::{self, Answer, Ask, FRESH, render};
use crate::page::Page;

#[derive(Template)]
#[template(path = "projects/rounds.html")]
struct Rounds<'a> {
    page: Page<'a>,
    rounds: Vec<Line>,
}

struct Line {
    path: String,
    name: String,
    code: String,
    stage: &'static str,
    budget: String,
    is_now: bool,
}

/// `GET /rounds`.
pub async fn list(State(door): State<Door>, ask: Ask) -> Result<Response, Failure> {
    let now = door.now();
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let book = book(tx, city.id)?;
        let line = |round: &Round| Line {
            path: format!("/rounds/{}", round.code),
            name: round.name.get(ask.lang).to_owned(),
            code: digits::shown(&round.code, ask.lang),
            stage: said::stage(w, round.stage(now)),
            budget: said::money(w, round.budget()),
            is_now: matches!(round.stage(now), Stage::In(phase) if phase != Phase::Execution),
        };
        let rounds = book.rounds.iter().filter(|round| round.is_public).map(line).collect();
        let html = render(&Rounds { page: here.page(ask, w.projects_rounds_title()), rounds })?;
        Ok(Answer::Page(FRESH, html))
    })
    .await
}

#[derive(Template)]
#[template(path = "projects/round.html")]
struct One<'a> {
    page: Page<'a>,
    path: String,
    vote_path: String,
    name: String,
    about: String,
    stage: &'static str,
    can_send: bool,
    can_vote: bool,
    is_published: bool,
    has_ideas: bool,
    thread: Vec<Knot>,
    rules: Vec<String>,
    rules_hash: String,
    seed_hash: String,
    pots: Vec<(String, String)>,
    pots_left: String,
    budget: String,
    ideas: String,
    projects: String,
    persons: Option<String>,
    received: String,
    channels: Vec<(&'static str, String)>,
    selections: Option<(String, String)>,
    winners: Vec<Card>,
}

/// The pots that are listed; a city with one for each neighbourhood has hundreds.
const MOST_POTS: usize = 30;

/// `GET /rounds/{code}`.
pub async fn one(State(door): State<Door>, Path(code): Path<String>, ask: Ask) -> Result<Response, Failure> {
    let now = door.now();
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let book = book(tx, city.id)?;
        let Some(round) = book.by_code(&code).filter(|round| round.is_public) else {
            return Ok(Answer::Missing);
        };
        let atlas = territory::atlas(tx, city.id)?;
        let n = |number: i64| digits::grouped(number, ask.lang);
        let ideas: i64 = ideas::counts(tx, city.id, round.id)?.iter().map(|(_, count)| count).sum();
        let (projects, _) = projects_list::sums(tx, city.id, round.id)?;
        let sums = ballots::persons(tx, city.id, round.id)?;
        let channels = ballots::by_channel(tx, city.id, round.id)?;
        let stage = round.stage(now);
        let selections = match round.opened_at {
            Some(_) => Some(ballots::selections(tx, city.id, round.id)?),
            None => None,
        };
        let winners = match round.counted_at {
            Some(_) => {
                let filter = projects_list::Filter {
                    won: true,
                    order: projects_list::Order::Votes,
                    limit: 50,
                    ..projects_list::Filter::default()
                };
                projects_list::list(tx, city.id, round.id, &filter)?
            }
            None => Vec::new(),
        };
        let votes_began = round.times.begins_at(Phase::Voting).is_some_and(|at| at <= now);
        let pots: Vec<(String, String)> =
            round.pots.iter().map(|pot| (said::pot(pot, &atlas, w), said::money(w, pot.budget))).collect();
        let left = pots.len().saturating_sub(MOST_POTS) as i64;
        let html = render(&One {
            page: here.page(ask, round.name.get(ask.lang)),
            path: format!("/rounds/{}", round.code),
            vote_path: format!("/vote/{}", round.code),
            name: format!("{} {}", round.name.get(ask.lang), digits::shown(&round.code, ask.lang)),
            about: round.about.get(ask.lang).to_owned(),
            stage: said::stage(w, stage),
            can_send: stage.allows(Right::SendIdea),
            can_vote: stage.allows(Right::Vote),
            is_published: projects > 0,
            has_ideas: ideas > 0 || stage.allows(Right::SendIdea),
            thread: said::thread(round, w, &city.zone, now),
            rules: said::rules(w, &round.rules),
            rules_hash: round.rules_hash.clone(),
            seed_hash: round.seed_hash.clone(),
            pots_left: if left > 0 { w.projects_pots_left(&n(left)) } else { String::new() },
            pots: pots.into_iter().take(MOST_POTS).collect(),
            budget: said::money(w, round.budget()),
            ideas: n(ideas),
            projects: n(projects),
            persons: votes_began.then(|| n(sums.persons)),
            received: n(sums.received),
            channels: channels
                .iter()
                .map(|(channel, count)| (channel_name(w, *channel), n(*count)))
                .collect(),
            selections: selections.map(|sums| (n(sums.ballots), n(sums.selections))),
            winners: winners.iter().map(|project| said::card(project, round, &atlas, w)).collect(),
        })?;
        Ok(Answer::Page(FRESH, html))
    })
    .await
}

pub fn channel_name(w: words::Words, channel: ballots::Channel) -> &'static str {
    match channel {
        ballots::Channel::Web => w.projects_channel_web(),
        ballots::Channel::Sms => w.projects_channel_sms(),
        ballots::Channel::Ussd => w.projects_channel_ussd(),
        ballots::Channel::Paper => w.projects_channel_paper(),
        ballots::Channel::Tablet => w.projects_channel_tablet(),
    }
}

/// The round that is spoken of on the first page of the city: one in which something can be done now.
pub fn current(book: &projects::Book, now: calendar::Timestamp) -> Option<&Round> {
    let is_now = |round: &&Round| {
        round.is_public && matches!(round.stage(now), Stage::In(phase) if phase != Phase::Execution)
    };
    book.rounds.iter().find(is_now).or_else(|| book.rounds.iter().find(|round| round.is_public))
}

/// What the first page says of it.
pub struct Teaser {
    pub path: String,
    pub name: String,
    pub words: String,
}

pub fn teaser(
    tx: &mut storage::Tx<'_>,
    jurisdiction: i64,
    w: words::Words,
    now: calendar::Timestamp,
) -> storage::Result<Option<Teaser>> {
    let book = book(tx, jurisdiction)?;
    Ok(current(&book, now).map(|round| {
        let stage = round.stage(now);
        Teaser {
            path: format!("/rounds/{}", round.code),
            name: format!("{} {}", round.name.get(w.lang()), digits::shown(&round.code, w.lang())),
            words: match stage {
                stage if stage.allows(Right::Vote) => w.projects_home_vote().into(),
                stage if stage.allows(Right::SendIdea) => w.projects_home_ideas().into(),
                stage => w.projects_home_now_plain(said::stage(w, stage)),
            },
        }
    }))
}
