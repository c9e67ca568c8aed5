//! One project: what, where, for how much, who would build it; and what speaks for and against it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::words as dates;
use door::{Door, Failure, Signed};
use language::{TrackingCode, digits};
use projects::arguments::{self, Argument, Shown, Side};
use projects::{Right, Stage, State as ProjectState, book};

use super::moderate::reason_words;
use super::said::{self, Card};
use super::{missing, page_of};
use crate::ask::{self, Answer, Ask, FRESH, render};
use crate::page::Page;
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "projects/one.html")]
struct One<'a> {
    page: Page<'a>,
    path: String,
    round_path: String,
    vote_path: String,
    round: String,
    card: Card,
    words: String,
    address: String,
    pin: Option<String>,
    range: String,
    pot: String,
    unit: String,
    idea: Option<String>,
    withdrawn: String,
    place: Option<String>,
    /// Why it won or lost, in sentences; none before the count.
    why: Vec<String>,
    /// What the line was told about this place.
    told: Option<String>,
    can_vote: bool,
    may_argue: bool,
    is_signed: bool,
    is_following: bool,
    followers: String,
    sides: [Column; 2],
    typed: String,
    side: String,
    share: String,
    done: Option<&'static str>,
    wrong: Wrongs,
}

struct Column {
    code: &'static str,
    name: &'static str,
    arguments: Vec<Said>,
}

struct Said {
    words: String,
    when: String,
    /// Said to the author alone.
    note: String,
    flag: Option<String>,
    appeal: Option<String>,
}

/// What was typed into the form of arguments and refused.
#[derive(Default)]
pub struct Typed {
    pub side: String,
    pub words: String,
}

/// `GET /projects/{code}`.
pub async fn page(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Option<Signed>,
    ask: Ask,
) -> Result<Response, Failure> {
    show(&door, code, signed, ask, Wrongs::default(), Typed::default()).await
}

pub async fn show(
    door: &Door,
    code: String,
    signed: Option<Signed>,
    ask: Ask,
    wrong: Wrongs,
    typed: Typed,
) -> Result<Response, Failure> {
    let now = door.now();
    let Ok(code) = TrackingCode::parse(&code) else { return missing(door, ask).await };
    let share = door.address(&door::lang::path(ask.lang, &format!("/projects/{code}")));
    ask::answer_to_code(door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let me = signed.as_ref().filter(|signed| signed.jurisdiction == city.id).map(|signed| signed.account);
        let found = projects::by_code(tx, city.id, code)?.filter(|p| p.state != ProjectState::Draft);
        let Some(project) = found else { return Ok(Answer::Missing) };
        let book = book(tx, city.id)?;
        let Some(round) = book.round(project.round).filter(|round| round.is_public) else {
            return Ok(Answer::Missing);
        };
        let atlas = territory::atlas(tx, city.id)?;
        let stage = round.stage(now);
        let all = arguments::of_project(tx, city.id, project.id, me)?;
        let column = |side: Side| Column {
            code: side.code(),
            name: if side == Side::For { w.projects_for() } else { w.projects_against() },
            arguments: all
                .iter()
                .filter(|argument| argument.side == side)
                .map(|argument| {
                    said(argument, w, me, dates::date(ask.lang, argument.made_at.day(&city.zone)))
                })
                .collect(),
        };
        let is_following = match me {
            Some(me) => projects::following(tx, city.id, project.id, me)?,
            None => false,
        };
        let idea = match project.idea {
            Some(idea) => projects::ideas::by_id(tx, city.id, projects::ideas::IdeaId(idea))?,
            None => None,
        };
        let units = people::units::all(tx, city.id)?;
        let unit = units.iter().find(|unit| Some(unit.id) == project.unit);
        let is_wrong = !wrong.is_empty();
        let path = format!("/projects/{}", project.code);
        let title = digits::shown(project.title.get(ask.lang), ask.lang);
        let html = render(&One {
            page: super::ideas::with_map(here.page(ask, &title), project.point).wrong(is_wrong).at(&path, ""),
            round_path: format!("/rounds/{}", round.code),
            vote_path: format!("/vote/{}", round.code),
            round: round.name.get(ask.lang).to_owned(),
            card: said::card(&project, round, &atlas, w),
            words: project.words.get(ask.lang).to_owned(),
            address: project.address.clone(),
            pin: project.point.map(|p| format!("{},{}", p.long, p.lat)),
            range: w
                .projects_cost_range(&said::money(w, project.cost_least), &said::money(w, project.cost_most)),
            pot: round.pot(project.pot).map(|pot| said::pot(pot, &atlas, w)).unwrap_or_default(),
            unit: unit.map_or(String::new(), |unit| {
                let name = if ask.lang == language::Lang::Fa { &unit.name_fa } else { &unit.name_en };
                digits::shown(name, ask.lang)
            }),
            idea: idea.map(|idea| format!("/ideas/{}", idea.code)),
            withdrawn: project.withdrawn.clone(),
            place: project.place.filter(|place| *place > 0).map(|place| digits::plain(place, ask.lang)),
            told: told(tx, city.id, &project, now, w)?,
            why: super::count::why(tx, city.id, round, &project, w)?,
            can_vote: stage.allows(Right::Vote) && project.state == ProjectState::Published,
            may_argue: stage.allows(Right::Argue) && stage != Stage::Ahead,
            is_signed: me.is_some(),
            is_following,
            followers: digits::grouped(project.followers, ask.lang),
            sides: [column(Side::For), column(Side::Against)],
            typed: typed.words,
            side: typed.side,
            share,
            done: match ask.field("done") {
                "following" => Some(w.projects_done_following()),
                "left" => Some(w.projects_done_left()),
                "argued" => Some(w.projects_done_argued()),
                "flagged" => Some(w.projects_done_flagged()),
                "appealed" => Some(w.projects_done_appealed()),
                "withdrawn" => Some(w.projects_done_withdrawn()),
                _ => None,
            },
            wrong,
            path: path.clone(),
        })?;
        Ok(if is_wrong || me.is_some() { page_of(html, is_wrong) } else { Answer::Page(FRESH, html) })
    })
    .await
}

fn said(argument: &Argument, w: words::Words, me: Option<i64>, when: String) -> Said {
    let is_mine = me.is_some() && argument.account == me;
    let note = match argument.state {
        Shown::Waiting => w.projects_argument_waiting().to_owned(),
        Shown::Hidden => w.projects_argument_hidden(reason_words(w, &argument.reason)),
        Shown::Appealed => w.projects_argument_appealed().to_owned(),
        _ => String::new(),
    };
    let address = format!("/arguments/{}", argument.id);
    let is_open = matches!(argument.state, Shown::Open | Shown::Flagged);
    Said {
        words: argument.words.clone(),
        when,
        note: if is_mine { note } else { String::new() },
        flag: (me.is_some() && !is_mine && is_open).then(|| address.clone()),
        appeal: (is_mine && argument.state == Shown::Hidden && argument.appeal.is_empty()).then_some(address),
    }
}

/// "Forty-one times in twelve months", with the services that were named most.
fn told(
    tx: &mut storage::Tx<'_>,
    jurisdiction: i64,
    project: &projects::Project,
    now: calendar::Timestamp,
    w: words::Words,
) -> storage::Result<Option<String>> {
    const YEAR: i64 = 365 * 86_400_000;
    const MOST: usize = 3;
    let Some(point) = project.point else { return Ok(None) };
    let told = requests::place::told(tx, jurisdiction, point, now.plus_millis(-YEAR))?;
    let all: u64 = told.iter().map(|(_, count)| count).sum();
    if all == 0 {
        return Ok(None);
    }
    let catalogue = requests::catalogue::catalogue(tx, jurisdiction)?;
    let one = |(service, count): &(i64, u64)| {
        let name = catalogue.service(*service)?.name(w.lang());
        Some(w.projects_told_service_plain(*count as i64, name))
    };
    let named: Vec<String> = told.iter().take(MOST).filter_map(one).collect();
    let metres = digits::grouped(requests::place::METRES as i64, w.lang());
    Ok(Some(w.projects_told_plain(all as i64, &metres, &named.join(w.projects_told_and()))))
}
