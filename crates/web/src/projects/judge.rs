//! Feasibility: the queue of a unit, and its answer to one idea.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::words as dates;
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use language::TrackingCode;
use projects::feasibility::{self, Verdict};
use projects::ideas::{self, Idea, IdeaState};
use projects::{ProjectError, Right, Round, book};
use storage::Tx;

use super::fields::Field;
use super::{Trouble, ideas as pages, missing, page_of, said, to, trouble};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::errors;
use crate::page::Page;
use crate::wrong::Wrongs;

const MOST: u32 = 100;

#[derive(Template)]
#[template(path = "projects/feasibility.html")]
struct Queue<'a> {
    page: Page<'a>,
    rounds: Vec<(String, Vec<pages::Line>)>,
    done: Option<&'static str>,
}

/// `GET /feasibility`.
pub async fn queue(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let book = book(tx, city.id)?;
        let atlas = territory::atlas(tx, city.id)?;
        let mut rounds = Vec::new();
        for round in book.rounds.iter().filter(|round| round.allows(Right::Judge, act.at)) {
            let found = match feasibility::queue(tx, &act, city.id, round.id, None, MOST) {
                Ok(found) => found,
                Err(ProjectError::Failure(failure)) => return Err(failure.into()),
                Err(_) => return Ok(Answer::Refused(StatusCode::FORBIDDEN, errors::denied(ask, here)?)),
            };
            let lines = found.iter().map(|idea| pages::Line {
                path: format!("/feasibility/{}", idea.code),
                ..pages::line(idea, round, &atlas, w)
            });
            rounds.push((round.name.get(ask.lang).to_owned(), lines.collect()));
        }
        let html = render(&Queue {
            page: here.staff(ask, &signed, w.projects_feasibility_title()),
            rounds,
            done: match ask.field("done") {
                "judged" => Some(w.projects_done_judged()),
                "handed-on" => Some(w.projects_done_handed_on()),
                _ => None,
            },
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

#[derive(Template)]
#[template(path = "projects/judge.html")]
struct One<'a> {
    page: Page<'a>,
    path: String,
    line: pages::Line,
    words: String,
    address: String,
    sent: String,
    version: i64,
    fields: Vec<Field>,
    units: Vec<(String, String, bool)>,
    verdict: String,
    is_open: bool,
    wrong: Wrongs,
}

#[derive(Clone, Default)]
struct Typed {
    verdict: String,
    reason: String,
    least: String,
    most: String,
    unit: String,
    pot: String,
    title_other: String,
}

impl Typed {
    fn of(form: &Form) -> Typed {
        let text = |name: &str| form.text(name).trim().to_owned();
        Typed {
            verdict: text("verdict"),
            reason: text("reason"),
            least: text("cost_least"),
            most: text("cost_most"),
            unit: text("unit"),
            pot: text("pot"),
            title_other: text("title_other"),
        }
    }
}

/// `GET /feasibility/{code}`.
pub async fn one(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    show(&door, code, signed, ask, Wrongs::default(), Typed::default()).await
}

async fn show(
    door: &Door,
    code: String,
    signed: Signed,
    ask: Ask,
    wrong: Wrongs,
    typed: Typed,
) -> Result<Response, Failure> {
    let Ok(code) = TrackingCode::parse(&code) else { return missing(door, ask).await };
    let act = signed.act(door);
    ask::answer(door, ask, move |tx, ask, here| {
        let city = here.city();
        let Some(idea) = ideas::by_code(tx, city.id, code)? else { return Ok(Answer::Missing) };
        let place = people::Where::unit(city.id, idea.unit);
        if !act.may(people::Permission::JudgeFeasibility, place) {
            return Ok(Answer::Refused(StatusCode::FORBIDDEN, errors::denied(ask, here)?));
        }
        let book = book(tx, city.id)?;
        let Some(round) = book.round(idea.round) else { return Ok(Answer::Missing) };
        let is_wrong = !wrong.is_empty();
        let html =
            draw(tx, ask, here, &signed, round, &idea, round.allows(Right::Judge, act.at), wrong, typed)?;
        Ok(page_of(html, is_wrong))
    })
    .await
}

fn draw(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    round: &Round,
    idea: &Idea,
    may_judge: bool,
    wrong: Wrongs,
    typed: Typed,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city());
    let atlas = territory::atlas(tx, city.id)?;
    let units = people::units::all(tx, city.id)?;
    let name = |unit: &people::units::Unit| {
        language::digits::shown(
            if ask.lang == language::Lang::Fa { &unit.name_fa } else { &unit.name_en },
            ask.lang,
        )
    };
    let own = round.pot_of(idea.district, idea.neighbourhood).map(|pot| pot.number.to_string());
    let unit = if typed.unit.is_empty() {
        idea.unit.map(|id| id.to_string()).unwrap_or_default()
    } else {
        typed.unit.clone()
    };
    let pot = if typed.pot.is_empty() { own.unwrap_or_else(|| "0".into()) } else { typed.pot.clone() };
    let names: Vec<(String, String)> = units.iter().map(|u| (u.id.to_string(), name(u))).collect();
    let pots: Vec<(String, String)> =
        round.pots.iter().map(|pot| (pot.number.to_string(), said::pot(pot, &atlas, w))).collect();
    let fields = vec![
        Field::area("reason", w.projects_judge_reason(), &typed.reason, &wrong)
            .hint(w.projects_judge_reason_hint()),
        Field::line("cost_least", w.projects_judge_least(), &typed.least, &wrong)
            .ltr()
            .hint(w.projects_judge_money_hint()),
        Field::line("cost_most", w.projects_judge_most(), &typed.most, &wrong).ltr(),
        Field::choice("unit", w.projects_judge_unit(), &unit, &wrong, names.clone()),
        Field::choice("pot", w.projects_pot(), &pot, &wrong, pots),
        Field::line("title_other", w.projects_judge_title_other(), &typed.title_other, &wrong).optional(),
    ];
    let path = format!("/feasibility/{}", idea.code);
    let is_open =
        may_judge && matches!(idea.state, IdeaState::Open | IdeaState::Feasible | IdeaState::NotFeasible);
    render(&One {
        page: here.staff(ask, signed, w.projects_judge_title()).wrong(!wrong.is_empty()).at(&path, ""),
        line: pages::line(idea, round, &atlas, w),
        words: idea.words.clone(),
        address: idea.address.clone(),
        sent: dates::date(ask.lang, idea.made_at.day(&city.zone)),
        version: idea.version,
        units: names
            .into_iter()
            .map(|(id, name)| (id.clone(), name, idea.unit.map(|u| u.to_string()) == Some(id)))
            .collect(),
        verdict: typed.verdict,
        fields,
        is_open,
        wrong,
        path: path.clone(),
    })
}

/// `POST /feasibility/{code}`: a verdict, or another unit.
pub async fn judge(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let Ok(parsed) = TrackingCode::parse(&code) else { return missing(&door, ask).await };
    let typed = Typed::of(&form);
    let (act, jurisdiction, theirs) = (signed.act(&door), signed.jurisdiction, typed.clone());
    let version = form.text("version").parse().unwrap_or(0);
    let hand_on = (form.text("do") == "hand-on").then(|| form.text("to").parse().unwrap_or(0));
    let judged = door
        .db
        .write(move |tx: &mut Tx<'_>| -> Result<&'static str, ProjectError> {
            let idea = ideas::by_code(tx, jurisdiction, parsed)?.ok_or(ProjectError::NotFound)?;
            if let Some(unit) = hand_on {
                feasibility::hand_on(tx, &act, jurisdiction, idea.id, unit)?;
                return Ok("handed-on");
            }
            let book = book(tx, jurisdiction)?;
            let round = book.round(idea.round).ok_or(ProjectError::NotFound)?;
            let pot = theirs.pot.parse().ok().and_then(|number| round.pot_numbered(number)).map(|pot| pot.id);
            let verdict = Verdict {
                is_feasible: theirs.verdict == "yes",
                reason: theirs.reason.clone(),
                cost_least: said::typed_money(&theirs.least).unwrap_or(0),
                cost_most: said::typed_money(&theirs.most).unwrap_or(0),
                unit: theirs.unit.parse().ok(),
                pot,
                title_other: theirs.title_other.clone(),
            };
            feasibility::judge(tx, &act, jurisdiction, idea.id, version, &verdict)?;
            Ok("judged")
        })
        .await;
    match judged {
        Ok(done) => Ok(to(&ask, &format!("/feasibility?done={done}"))),
        Err(error) => match trouble(&door, ask, error).await? {
            (_, Trouble::Answered(response)) => Ok(response),
            (ask, Trouble::Wrong(wrong)) => show(&door, code, signed, ask, wrong, typed).await,
        },
    }
}
