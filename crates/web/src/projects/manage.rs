//! Leading a round: beginning it, its dates and rules, putting projects on the ballot, the registry, the box.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use door::{Door, Failure, Form, Signed};
use language::{TrackingCode, digits};
use projects::ballots::identity;
use projects::channels::tablet;
use projects::{
    Phase, ProjectError, Right, Round, RoundId, Stage, ballots, book, list as found, rounds, samples,
};
use storage::Tx;

use super::fields::Field;
use super::manage_form::{Typed, draft_of};
use super::said::{self, Card};
use super::{Trouble, missing, page_of, refusal, to, trouble};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "projects/manage.html")]
struct List<'a> {
    page: Page<'a>,
    rounds: Vec<(String, String, String, &'static str)>,
}

/// `GET /rounds/manage`.
pub async fn list(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let now = door.now();
    ask::answer(&door, ask, move |tx, ask, here| {
        let w = ask.words();
        let book = book(tx, here.city().id)?;
        let line = |round: &Round| {
            let stage =
                if round.is_public { said::stage(w, round.stage(now)) } else { w.projects_not_public() };
            let code = digits::shown(&round.code, ask.lang);
            (format!("/rounds/{}/manage", round.code), round.name.get(ask.lang).to_owned(), code, stage)
        };
        let html = render(&List {
            page: here.staff(ask, &signed, w.projects_manage_title()),
            rounds: book.rounds.iter().map(line).collect(),
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

#[derive(Template)]
#[template(path = "projects/manage-one.html")]
struct One<'a> {
    page: Page<'a>,
    action: String,
    path: Option<String>,
    parts: Vec<(&'static str, Vec<Field>)>,
    stage: &'static str,
    drafts: Vec<Card>,
    shown: String,
    may_publish: bool,
    may_open: bool,
    is_opened: bool,
    may_count: bool,
    may_compare: bool,
    has_registry: bool,
    asks_registry: bool,
    patterns: Vec<Pattern>,
    quarantine: Vec<(&'static str, String)>,
    withdrawing: Vec<Card>,
    done: Option<&'static str>,
    wrong: Wrongs,
}

struct Pattern {
    who: String,
    ballots: String,
    alike: String,
    fastest: String,
    refused: String,
    is_odd: bool,
}

/// `GET /rounds/manage/new`: filled in like the newest round.
pub async fn new(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    show(&door, None, signed, ask, Wrongs::default(), None).await
}

/// `GET /rounds/{code}/manage`.
pub async fn one(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    show(&door, Some(code), signed, ask, Wrongs::default(), None).await
}

pub(super) async fn show(
    door: &Door,
    code: Option<String>,
    signed: Signed,
    ask: Ask,
    wrong: Wrongs,
    typed: Option<Typed>,
) -> Result<Response, Failure> {
    let act = signed.act(door);
    ask::answer(door, ask, move |tx, ask, here| {
        let city = here.city();
        let book = book(tx, city.id)?;
        let round = match &code {
            Some(code) => match book.by_code(code) {
                Some(round) => Some(round),
                None => return Ok(Answer::Missing),
            },
            None => None,
        };
        let atlas = territory::atlas(tx, city.id)?;
        let typed = match (typed, round) {
            (Some(typed), _) => typed,
            (None, Some(round)) => Typed::from(&draft_of(round), ask.lang, &city.zone, &atlas),
            (None, None) => {
                let parts: Vec<_> = atlas
                    .districts()
                    .zip(1_i64..)
                    .map(|(district, _)| (district.id, Default::default(), 1_000_000_000_000))
                    .collect();
                let mut draft =
                    samples::draft("", Phase::Collect, act.at.plus_millis(14 * 86_400_000), &parts);
                if let Some(newest) = book.rounds.first() {
                    draft.rules = newest.rules.clone();
                    draft.pots = draft_of(newest).pots;
                }
                draft.is_public = false;
                Typed::from(&draft, ask.lang, &city.zone, &atlas)
            }
        };
        let is_wrong = !wrong.is_empty();
        let html = draw(tx, ask, here, &signed, &act, round, typed, wrong)?;
        Ok(page_of(html, is_wrong))
    })
    .await
}

fn draw(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    act: &people::Act,
    round: Option<&Round>,
    typed: Typed,
    wrong: Wrongs,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city());
    let atlas = territory::atlas(tx, city.id)?;
    let n = |number: i64| digits::grouped(number, ask.lang);
    let (mut drafts, mut withdrawing, mut shown) = (Vec::new(), Vec::new(), 0);
    let (mut patterns, mut quarantine) = (Vec::new(), Vec::new());
    if let Some(round) = round {
        let filter = found::Filter { drafts_too: true, limit: found::MOST, ..found::Filter::default() };
        let all = found::list(tx, city.id, round.id, &filter)?;
        let card = |project: &projects::Project| said::card(project, round, &atlas, w);
        drafts = all.iter().filter(|p| p.state == projects::State::Draft).map(card).collect();
        withdrawing = all.iter().filter(|p| p.state == projects::State::Published).map(card).collect();
        shown = found::sums(tx, city.id, round.id)?.0;
        let report = match ballots::patterns::report(tx, act, city.id, round.id) {
            Ok(report) => report,
            Err(ProjectError::Failure(failure)) => return Err(failure.into()),
            Err(_) => Vec::new(),
        };
        for pattern in report {
            let who = people::accounts::by_id(tx, city.id, pattern.account)?;
            patterns.push(Pattern {
                who: who.map_or_else(|| pattern.account.to_string(), |account| account.name),
                ballots: n(pattern.ballots),
                alike: n(pattern.alike),
                fastest: n(pattern.fastest_hour),
                refused: n(pattern.refused),
                is_odd: pattern.is_odd,
            });
        }
        let held = tablet::quarantine(tx, city.id, round.id)?;
        quarantine = held.into_iter().map(|(code, count)| (refusal(w, &code), n(count))).collect();
    }
    let action =
        round.map_or("/rounds/manage/new".to_owned(), |round| format!("/rounds/{}/manage", round.code));
    let has_begun = round.is_some_and(|round| round.is_public && round.stage(act.at) != Stage::Ahead);
    render(&One {
        page: here.staff(ask, signed, w.projects_manage_title()).wrong(!wrong.is_empty()).at(&action, ""),
        path: round.map(|round| format!("/rounds/{}", round.code)),
        parts: typed.fields(w, &wrong, has_begun),
        stage: round.map_or("", |round| said::stage(w, round.stage(act.at))),
        may_publish: round.is_some_and(|round| round.allows(Right::Price, act.at)) && !drafts.is_empty(),
        may_open: round.is_some_and(|round| round.allows(Right::Count, act.at) && round.opened_at.is_none()),
        is_opened: round.is_some_and(|round| round.opened_at.is_some()),
        may_count: round.is_some_and(|round| {
            round.allows(Right::Count, act.at) && round.opened_at.is_some() && round.counted_at.is_none()
        }),
        may_compare: round.is_some_and(|round| round.opened_at.is_some()),
        has_registry: identity::has_registry(tx, city.id)?,
        asks_registry: round.is_some_and(|r| r.rules.identity == projects::IdentityRule::Registry),
        shown: n(shown),
        drafts,
        withdrawing,
        patterns,
        quarantine,
        done: match ask.field("done") {
            "saved" => Some(w.projects_done_saved()),
            "published" => Some(w.projects_done_published()),
            "opened" => Some(w.projects_done_opened()),
            "counted" => Some(w.projects_done_counted()),
            "registry" => Some(w.projects_done_registry()),
            _ => None,
        },
        wrong,
        action: action.clone(),
    })
}

/// `POST /rounds/manage/new`.
pub async fn make(
    State(door): State<Door>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    put(&door, None, signed, ask, form).await
}

/// `POST /rounds/{code}/manage`.
pub async fn change(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    put(&door, Some(code), signed, ask, form).await
}

async fn put(
    door: &Door,
    code: Option<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let typed = Typed::of(&form);
    let (act, inner, jurisdiction) = (signed.act(door), door.clone(), signed.jurisdiction);
    let (theirs, known) = (typed.clone(), code.clone());
    let saved = door
        .db
        .write(move |tx: &mut Tx<'_>| -> Result<String, ProjectError> {
            let atlas = territory::atlas(tx, jurisdiction)?;
            let draft = theirs
                .draft(&atlas.jurisdiction.zone, &atlas)
                .map_err(|code| ProjectError::Refused { code, field: "dates" })?;
            let id = match &known {
                Some(code) => Some(book(tx, jurisdiction)?.by_code(code).ok_or(ProjectError::NotFound)?.id),
                None => None,
            };
            let id = rounds::put(tx, &act, &inner.seal, jurisdiction, id, &draft)?;
            let book = book(tx, jurisdiction)?;
            Ok(book.round(id).map(|round| round.code.clone()).unwrap_or_default())
        })
        .await;
    match saved {
        Ok(code) => Ok(to(&ask, &format!("/rounds/{code}/manage?done=saved"))),
        Err(error) => match trouble(door, ask, error).await? {
            (_, Trouble::Answered(response)) => Ok(response),
            (ask, Trouble::Wrong(wrong)) => show(door, code, signed, ask, wrong, Some(typed)).await,
        },
    }
}

/// Changes a round by a verb, and leads back to its desk.
pub(super) async fn lead<F>(
    door: &Door,
    code: String,
    signed: Signed,
    ask: Ask,
    done: &'static str,
    verb: F,
) -> Result<Response, Failure>
where
    F: FnOnce(&mut Tx<'_>, &people::Act, &people::Seal, i64, RoundId) -> Result<(), ProjectError>
        + Send
        + Clone
        + 'static,
{
    let (act, inner, jurisdiction, known) =
        (signed.act(door), door.clone(), signed.jurisdiction, code.clone());
    let led = door
        .db
        .write(move |tx: &mut Tx<'_>| {
            let id = book(tx, jurisdiction)?.by_code(&known).ok_or(ProjectError::NotFound)?.id;
            verb.clone()(tx, &act, &inner.seal, jurisdiction, id)
        })
        .await;
    match led {
        Ok(()) => Ok(to(&ask, &format!("/rounds/{code}/manage?done={done}"))),
        Err(error) => match trouble(door, ask, error).await? {
            (_, Trouble::Answered(response)) => Ok(response),
            (ask, Trouble::Wrong(wrong)) => show(door, Some(code), signed, ask, wrong, None).await,
        },
    }
}

/// `POST /rounds/{code}/publish`: every draft goes on the ballot.
pub async fn publish(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    lead(&door, code, signed, ask, "published", |tx, act, _, jurisdiction, id| {
        projects::publish_all(tx, act, jurisdiction, id).map(|_| ())
    })
    .await
}

/// `POST /rounds/{code}/open-box`.
pub async fn open_box(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    lead(&door, code, signed, ask, "opened", |tx, act, seal, jurisdiction, id| {
        ballots::open_box(tx, act, seal, jurisdiction, id).map(|_| ())
    })
    .await
}

/// `POST /rounds/{code}/registry`: the city's file of who may vote.
pub async fn registry(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let bytes = form.files("file").next().map(|file| file.bytes.clone()).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    lead(&door, code, signed, ask, "registry", move |tx, act, seal, jurisdiction, _| {
        identity::bring_in(tx, act, seal, jurisdiction, &text).map(|_| ())
    })
    .await
}

/// `POST /projects/{code}/withdraw`.
pub async fn withdraw(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let Ok(parsed) = TrackingCode::parse(&code) else { return missing(&door, ask).await };
    let (act, jurisdiction, reason) =
        (signed.act(&door), signed.jurisdiction, form.text("reason").to_owned());
    let done = door
        .db
        .write(move |tx: &mut Tx<'_>| -> Result<(), ProjectError> {
            let project = projects::by_code(tx, jurisdiction, parsed)?.ok_or(ProjectError::NotFound)?;
            projects::withdraw(tx, &act, jurisdiction, project.id, &reason)
        })
        .await;
    match done {
        Ok(()) => Ok(to(&ask, &format!("/projects/{parsed}?done=withdrawn"))),
        Err(error) => match trouble(&door, ask, error).await? {
            (_, Trouble::Answered(response)) => Ok(response),
            (ask, Trouble::Wrong(wrong)) => {
                super::one::show(&door, code, Some(signed), ask, wrong, Default::default()).await
            }
        },
    }
}
