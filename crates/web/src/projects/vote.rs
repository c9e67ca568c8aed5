//! A ballot on the page: who one is and where one lives, what one wants, a last look, and the receipt.
//!
//! Nothing is kept between the steps but what the forms themselves carry, so a step back loses nothing and nothing of a
//! ballot lies anywhere before it is sealed.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use calendar::{Day, words as dates};
use door::{Budget, Door, Failure, Form, Signed};
use language::digits;
use people::accounts;
use projects::ballots::identity::{Claim, Identity, Listed, prove};
use projects::ballots::{self, Casting, Channel};
use projects::{
    BallotKind, HomeRule, IdentityRule, Phase, PotId, Project, ProjectError, Right, Round, Stage, book, list,
};
use storage::Tx;
use territory::Atlas;

use super::choosing::Chosen;
use super::fields::Field;
use super::said::{self, Card};
use super::{Trouble, missing, page_of, refusal, to, trouble};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

/// What somebody said of themselves.
#[derive(Clone, Default)]
struct Who {
    national_id: String,
    birth: String,
    home: String,
}

impl Who {
    fn of(form: &Form) -> Who {
        let text = |name: &str| form.text(name).trim().to_owned();
        Who { national_id: text("national_id"), birth: text("birth"), home: text("home") }
    }

    fn hidden(&self) -> Vec<(String, String)> {
        [("national_id", &self.national_id), ("birth", &self.birth), ("home", &self.home)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect()
    }
}

#[derive(Template)]
#[template(path = "projects/vote.html")]
struct Begin<'a> {
    page: Page<'a>,
    path: String,
    round_path: String,
    round: String,
    lead: &'static str,
    until: String,
    has_voted: bool,
    fields: Vec<Field>,
    rules: Vec<String>,
    wrong: Wrongs,
}

/// `GET /vote/{code}`.
pub async fn begin(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let home = ask.field("home").to_owned();
    first(&door, code, signed, ask, Who { home, ..Who::default() }, Wrongs::default()).await
}

async fn first(
    door: &Door,
    code: String,
    signed: Signed,
    ask: Ask,
    who: Who,
    wrong: Wrongs,
) -> Result<Response, Failure> {
    let (now, inner) = (door.now(), door.clone());
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let book = book(tx, city.id)?;
        let Some(round) = book.by_code(&code).filter(|round| round.is_public) else {
            return Ok(Answer::Missing);
        };
        if !round.allows(Right::Vote, now) || round.opened_at.is_some() {
            return closed(ask, here, round, now);
        }
        let atlas = territory::atlas(tx, city.id)?;
        let until = round.times.ends_of(Phase::Voting).unwrap_or(now);
        // Whoever is known by the mobile number alone is known already.
        let has_voted = match round.rules.identity {
            IdentityRule::Mobile => match proven(tx, &inner, &signed, city.id, round, &who)? {
                Ok(identity) => {
                    ballots::has_voted(tx, &inner.seal, city.id, round, &identity).unwrap_or(false)
                }
                Err(_) => false,
            },
            IdentityRule::Registry => false,
        };
        let is_wrong = !wrong.is_empty();
        let path = format!("/vote/{}", round.code);
        let html = render(&Begin {
            page: here.page(ask, w.projects_vote_title()).wrong(is_wrong).at(&path, ""),
            round_path: format!("/rounds/{}", round.code),
            round: round.name.get(ask.lang).to_owned(),
            lead: match round.rules.identity {
                IdentityRule::Mobile => w.projects_vote_lead_mobile(),
                IdentityRule::Registry => w.projects_vote_lead_registry(),
            },
            until: w.projects_vote_until(&dates::date_time(ask.lang, until, &city.zone)),
            has_voted,
            fields: fields(ask, round, &atlas, &who, &wrong),
            rules: said::rules(w, &round.rules),
            wrong,
            path: path.clone(),
        })?;
        Ok(page_of(html, is_wrong))
    })
    .await
}

fn fields(ask: &Ask, round: &Round, atlas: &Atlas, who: &Who, wrong: &Wrongs) -> Vec<Field> {
    let w = ask.words();
    let mut fields = Vec::new();
    if round.rules.identity == IdentityRule::Registry {
        fields.push(Field::line("national_id", w.projects_vote_national_id(), &who.national_id, wrong).ltr());
        fields.push(
            Field::line("birth", w.projects_vote_birth(), &who.birth, wrong)
                .ltr()
                .hint(w.projects_vote_birth_hint()),
        );
    }
    if round.rules.home == HomeRule::Chosen {
        let mut homes: Vec<(String, String)> =
            round.homes().map(|pot| (pot.number.to_string(), said::pot(pot, atlas, w))).collect();
        homes.insert(0, (String::new(), w.projects_vote_home_choose().to_owned()));
        let hint = w.projects_vote_home_hint();
        fields.push(Field::choice("home", w.projects_vote_home(), &who.home, wrong, homes).hint(hint));
    }
    fields
}

/// Who is signed in, proven by the rule of the round.
fn proven(
    tx: &mut Tx<'_>,
    door: &Door,
    signed: &Signed,
    jurisdiction: i64,
    round: &Round,
    who: &Who,
) -> Result<Result<Identity, ProjectError>, storage::Error> {
    let account = accounts::by_id(tx, jurisdiction, signed.account)?;
    let zone = territory::atlas(tx, jurisdiction)?.jurisdiction.zone.clone();
    let claim = Claim {
        mobile: account.as_ref().and_then(|account| account.mobile.as_deref()),
        national_id: &who.national_id,
        birth: Day::parse(&digits::to_ascii(&who.birth)).ok(),
    };
    let listed = Listed { seal: &door.seal };
    let today = door.now().day(&zone);
    match prove(tx, &listed, jurisdiction, round, Channel::Web, &claim, today) {
        Err(ProjectError::Failure(failure)) => Err(failure),
        other => Ok(other),
    }
}

fn home(round: &Round, who: &Who) -> Option<PotId> {
    let number = digits::parse_i64(&who.home)?;
    round.pot_numbered(number).filter(|pot| !pot.is_of_city()).map(|pot| pot.id)
}

#[derive(Template)]
#[template(path = "projects/vote-closed.html")]
struct Closed<'a> {
    page: Page<'a>,
    round_path: String,
    words: &'static str,
}

fn closed(ask: &Ask, here: &Here, round: &Round, now: calendar::Timestamp) -> Result<Answer, Failure> {
    let w = ask.words();
    let is_ahead = match round.stage(now) {
        Stage::Ahead => true,
        Stage::In(phase) => phase < Phase::Voting,
        Stage::Over => false,
    };
    let html = render(&Closed {
        page: here.page(ask, w.projects_vote_title()),
        round_path: format!("/rounds/{}", round.code),
        words: refusal(w, if is_ahead { "voting-not-open" } else { "voting-closed" }),
    })?;
    Ok(Answer::Page(NEVER, html))
}

#[derive(Template)]
#[template(path = "projects/ballot.html")]
struct Ballot<'a> {
    page: Page<'a>,
    path: String,
    hidden: Vec<(String, String)>,
    how: String,
    pots: Vec<Part>,
    is_ticked: bool,
    weight: &'static str,
    chosen: Chosen,
    wrong: Wrongs,
}

/// One pot on the ballot.
struct Part {
    name: String,
    budget: String,
    cards: Vec<Card>,
}

#[derive(Template)]
#[template(path = "projects/review.html")]
struct Review<'a> {
    page: Page<'a>,
    path: String,
    hidden: Vec<(String, String)>,
    chosen: Vec<(Card, String)>,
    total: String,
    is_change: bool,
    wrong: Wrongs,
}

/// `POST /vote/{code}/{step}`: the ballot, the last look, the box.
pub async fn go_on(
    State(door): State<Door>,
    Path((code, step)): Path<(String, String)>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let who = Who::of(&form);
    match step.as_str() {
        "ballot" => ballot(&door, code, signed, ask, who, Some(form), Wrongs::default()).await,
        "review" => review(&door, code, signed, ask, who, form, Wrongs::default()).await,
        "cast" => cast(&door, code, signed, ask, who, form).await,
        _ => missing(&door, ask).await,
    }
}

async fn ballot(
    door: &Door,
    code: String,
    signed: Signed,
    ask: Ask,
    who: Who,
    form: Option<Form>,
    wrong: Wrongs,
) -> Result<Response, Failure> {
    let (inner, theirs, me, round_code) = (door.clone(), who.clone(), signed.clone(), code.clone());
    let jurisdiction = signed.jurisdiction;
    // Who one is comes first: a person who may not vote is told so before they read a hundred projects.
    let known = door
        .db
        .read(move |tx| -> Result<(), ProjectError> {
            let book = book(tx, jurisdiction)?;
            let Some(round) = book.by_code(&round_code) else { return Ok(()) };
            let identity = proven(tx, &inner, &me, jurisdiction, round, &theirs)??;
            let needs_home = round.rules.home == HomeRule::Chosen;
            if needs_home && home(round, &theirs).is_none() {
                return Err(ProjectError::Refused { code: "home-missing", field: "home" });
            }
            let _ = identity;
            Ok(())
        })
        .await;
    if let Err(error) = known {
        return match trouble(door, ask, error).await? {
            (_, Trouble::Answered(response)) => Ok(response),
            (ask, Trouble::Wrong(wrong)) => first(door, code, signed, ask, who, wrong).await,
        };
    }
    let (now, inner) = (door.now(), door.clone());
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let book = book(tx, city.id)?;
        let Some(round) = book.by_code(&code).filter(|round| round.is_public) else {
            return Ok(Answer::Missing);
        };
        if !round.allows(Right::Vote, now) || round.opened_at.is_some() {
            return closed(ask, here, round, now);
        }
        let kind = round.rules.ballot.kind;
        let chosen = form.as_ref().map(|form| Chosen::of(form, kind)).unwrap_or_default();
        let pots = parts(tx, here, ask, &inner, &signed, round, &who)?;
        let is_wrong = !wrong.is_empty();
        let path = format!("/vote/{}", round.code);
        let html = render(&Ballot {
            page: here.page(ask, w.projects_ballot_title()).wrong(is_wrong).at(&path, ""),
            hidden: who.hidden(),
            how: said::rules(w, &round.rules).into_iter().next().unwrap_or_default(),
            pots,
            is_ticked: matches!(kind, BallotKind::Approval | BallotKind::Knapsack),
            weight: if kind == BallotKind::Ranked {
                w.projects_ballot_rank()
            } else {
                w.projects_ballot_points()
            },
            chosen,
            wrong,
            path: path.clone(),
        })?;
        Ok(page_of(html, is_wrong))
    })
    .await
}

/// The pots of somebody with what is on offer in each.
fn parts(
    tx: &mut Tx<'_>,
    here: &Here,
    ask: &Ask,
    door: &Door,
    signed: &Signed,
    round: &Round,
    who: &Who,
) -> Result<Vec<Part>, Failure> {
    let (w, city) = (ask.words(), here.city());
    let atlas = territory::atlas(tx, city.id)?;
    let mut home = home(round, who);
    if round.rules.home == HomeRule::Proven
        && let Ok(identity) = proven(tx, door, signed, city.id, round, who)?
    {
        home = round.pot_of(None, identity.division).map(|pot| pot.id);
    }
    let mut parts = Vec::new();
    let own = round.pots.iter().filter(|pot| Some(pot.id) == home);
    for pot in own.chain(round.pots.iter().filter(|pot| pot.is_of_city())) {
        let filter = list::Filter { pot: Some(pot.id), limit: list::MOST, ..list::Filter::default() };
        let found = list::list(tx, city.id, round.id, &filter)?;
        let on_offer = found.iter().filter(|project| project.state == projects::State::Published);
        parts.push(Part {
            name: said::pot(pot, &atlas, w),
            budget: said::money(w, pot.budget),
            cards: on_offer.map(|project| said::card(project, round, &atlas, w)).collect(),
        });
    }
    Ok(parts)
}

async fn review(
    door: &Door,
    code: String,
    signed: Signed,
    ask: Ask,
    who: Who,
    form: Form,
    wrong: Wrongs,
) -> Result<Response, Failure> {
    let (inner, theirs, me, round_code) = (door.clone(), who.clone(), signed.clone(), code.clone());
    let jurisdiction = signed.jurisdiction;
    let form = std::sync::Arc::new(form);
    let typed = form.clone();
    let looked = door
        .db
        .read(move |tx| -> Result<(Chosen, Vec<Project>, bool), ProjectError> {
            let book = book(tx, jurisdiction)?;
            let round =
                book.by_code(&round_code).filter(|round| round.is_public).ok_or(ProjectError::NotFound)?;
            let identity = proven(tx, &inner, &me, jurisdiction, round, &theirs)??;
            let chosen = Chosen::of(&typed, round.rules.ballot.kind);
            let choices = ballots::look(round, home(round, &theirs), &identity, &chosen.choices(), &book)?;
            let numbers: Vec<i64> = choices.iter().map(|choice| choice.number).collect();
            let found = list::numbered(tx, jurisdiction, round.id, &numbers)?;
            let has_voted = ballots::has_voted(tx, &inner.seal, jurisdiction, round, &identity)?;
            Ok((chosen, found, has_voted))
        })
        .await;
    let (chosen, found, has_voted) = match looked {
        Ok(looked) => looked,
        Err(error) => {
            return match trouble(door, ask, error).await? {
                (_, Trouble::Answered(response)) => Ok(response),
                (ask, Trouble::Wrong(wrong)) => {
                    let form = std::sync::Arc::into_inner(form);
                    ballot(door, code, signed, ask, who, form, wrong).await
                }
            };
        }
    };
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let book = book(tx, city.id)?;
        let Some(round) = book.by_code(&code) else { return Ok(Answer::Missing) };
        let atlas = territory::atlas(tx, city.id)?;
        let total: i64 = found.iter().map(|project| project.cost).fold(0, i64::saturating_add);
        let is_ticked = matches!(round.rules.ballot.kind, BallotKind::Approval | BallotKind::Knapsack);
        let weight = |number: i64| match is_ticked {
            true => String::new(),
            false => digits::shown(chosen.typed(&number), ask.lang),
        };
        let mut hidden = who.hidden();
        hidden.extend(chosen.hidden(round));
        let is_wrong = !wrong.is_empty();
        let path = format!("/vote/{}", round.code);
        let html = render(&Review {
            page: here.page(ask, w.projects_review_title()).wrong(is_wrong).at(&path, ""),
            hidden,
            chosen: found.iter().map(|p| (said::card(p, round, &atlas, w), weight(p.number))).collect(),
            total: said::money(w, total),
            is_change: has_voted,
            wrong,
            path: path.clone(),
        })?;
        Ok(page_of(html, is_wrong))
    })
    .await
}

async fn cast(
    door: &Door,
    code: String,
    signed: Signed,
    ask: Ask,
    who: Who,
    form: Form,
) -> Result<Response, Failure> {
    let (act, inner, me, theirs, round_code) =
        (signed.act(door), door.clone(), signed.clone(), who.clone(), code.clone());
    let jurisdiction = signed.jurisdiction;
    let form = std::sync::Arc::new(form);
    let typed = form.clone();
    let done = door
        .db
        .write(move |tx: &mut Tx<'_>| -> Result<ballots::Cast, ProjectError> {
            let book = book(tx, jurisdiction)?;
            let round = book.by_code(&round_code).ok_or(ProjectError::NotFound)?;
            let casting = Casting {
                round: round.id,
                identity: proven(tx, &inner, &me, jurisdiction, round, &theirs)??,
                home: home(round, &theirs),
                choices: Chosen::of(&typed, round.rules.ballot.kind).choices(),
                channel: Channel::Web,
                assistant: None,
            };
            ballots::cast(tx, &act, &inner.seal, jurisdiction, &casting)
        })
        .await;
    match done {
        Ok(cast) => {
            let how = if cast.is_change { "&change=1" } else { "" };
            Ok(to(&ask, &format!("/vote/{code}/done?receipt={}{how}", cast.receipt)))
        }
        Err(error) => match trouble(door, ask, error).await? {
            (_, Trouble::Answered(response)) => Ok(response),
            (ask, Trouble::Wrong(wrong)) => {
                let form = std::sync::Arc::into_inner(form);
                ballot(door, code, signed, ask, who, form, wrong).await
            }
        },
    }
}
