//! What waits for a moderator, and the log of their decisions that everybody reads.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::words as dates;
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use projects::arguments::{Shown, Side};
use projects::moderation::{self, Deed, Reason};
use projects::{ProjectError, book};
use storage::Tx;
use words::Words;

use super::{Trouble, page_of, to, trouble};
use crate::ask::{self, Answer, Ask, FRESH, render};
use crate::errors;
use crate::page::Page;
use crate::wrong::Wrongs;

const MOST: u32 = 50;

#[derive(Template)]
#[template(path = "projects/moderation.html")]
struct Queue<'a> {
    page: Page<'a>,
    waiting: Vec<Waiting>,
    reasons: Vec<(&'static str, &'static str)>,
    done: Option<&'static str>,
    wrong: Wrongs,
}

struct Waiting {
    path: String,
    version: i64,
    project: String,
    project_path: String,
    side: &'static str,
    state: &'static str,
    words: String,
    appeal: String,
    when: String,
    heading: String,
}

/// The words of a reason's code.
pub fn reason_words(w: Words, code: &str) -> &'static str {
    w.by_key(&format!("projects-reason-{code}")).unwrap_or("")
}

/// `GET /moderation`.
pub async fn queue(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    show(&door, signed, ask, Wrongs::default()).await
}

async fn show(door: &Door, signed: Signed, ask: Ask, wrong: Wrongs) -> Result<Response, Failure> {
    let act = signed.act(door);
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let found = match moderation::queue(tx, &act, city.id, MOST) {
            Ok(found) => found,
            Err(ProjectError::Failure(failure)) => return Err(failure.into()),
            Err(_) => return Ok(Answer::Refused(StatusCode::FORBIDDEN, errors::denied(ask, here)?)),
        };
        let mut waiting = Vec::new();
        for argument in found {
            let project = projects::by_id(tx, city.id, argument.project)?;
            waiting.push(Waiting {
                path: format!("/moderation/{}", argument.id),
                version: argument.version,
                project: project.as_ref().map_or(String::new(), |p| p.title.get(ask.lang).to_owned()),
                project_path: project.map_or(String::new(), |p| format!("/projects/{}", p.code)),
                side: if argument.side == Side::For { w.projects_for() } else { w.projects_against() },
                state: match argument.state {
                    Shown::Appealed => w.projects_waiting_appealed(),
                    Shown::Flagged => w.projects_waiting_flagged(),
                    _ => w.projects_waiting_new(),
                },
                words: argument.words,
                appeal: argument.appeal,
                when: dates::relative(ask.lang, argument.made_at, act.at),
                heading: format!("argument-{}", argument.id),
            });
        }
        let is_wrong = !wrong.is_empty();
        let html = render(&Queue {
            page: here
                .staff(ask, &signed, w.projects_moderation_title())
                .at("/moderation", "")
                .wrong(is_wrong),
            waiting,
            reasons: Reason::ALL
                .iter()
                .map(|reason| (reason.code(), reason_words(w, reason.code())))
                .collect(),
            done: (ask.field("done") == "decided").then(|| w.projects_done_decided()),
            wrong,
        })?;
        Ok(page_of(html, is_wrong))
    })
    .await
}

/// `POST /moderation/{id}`.
pub async fn decide(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, jurisdiction) = (signed.act(&door), signed.jurisdiction);
    let deed = Deed::parse(form.text("deed"));
    let (reason, version) = (Reason::parse(form.text("reason")), form.text("version").parse().unwrap_or(0));
    let words = form.text("words").to_owned();
    let decided = door
        .db
        .write(move |tx: &mut Tx<'_>| {
            let deed = deed.ok_or(ProjectError::NotFound)?;
            moderation::decide(tx, &act, jurisdiction, id, version, deed, reason, &words)
        })
        .await;
    match decided {
        Ok(()) => Ok(to(&ask, "/moderation?done=decided")),
        Err(error) => match trouble(&door, ask, error).await? {
            (_, Trouble::Answered(response)) => Ok(response),
            (ask, Trouble::Wrong(wrong)) => show(&door, signed, ask, wrong).await,
        },
    }
}

#[derive(Template)]
#[template(path = "projects/log.html")]
struct Log<'a> {
    page: Page<'a>,
    path: String,
    round: String,
    reasons: Vec<&'static str>,
    entries: Vec<Line>,
    next: Option<String>,
}

struct Line {
    deed: &'static str,
    reason: &'static str,
    words: String,
    after_appeal: bool,
    when: String,
}

/// `GET /rounds/{code}/moderation`.
pub async fn log(State(door): State<Door>, Path(code): Path<String>, ask: Ask) -> Result<Response, Failure> {
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let book = book(tx, city.id)?;
        let Some(round) = book.by_code(&code).filter(|round| round.is_public) else {
            return Ok(Answer::Missing);
        };
        let before = ask.field("before").parse().ok();
        let mut found = moderation::log(tx, city.id, round.id, before, MOST + 1)?;
        let more = found.len() > MOST as usize;
        found.truncate(MOST as usize);
        let path = format!("/rounds/{}", round.code);
        let next = found.last().filter(|_| more).map(|last| format!("{path}/moderation?before={}", last.id));
        let entries = found.into_iter().map(|entry| Line {
            deed: match entry.deed {
                Deed::Shown => w.projects_deed_shown(),
                Deed::Hidden => w.projects_deed_hidden(),
            },
            reason: entry.reason.map_or("", |reason| reason_words(w, reason.code())),
            words: entry.words,
            after_appeal: entry.after_appeal,
            when: dates::date_time(ask.lang, entry.at, &city.zone),
        });
        let html = render(&Log {
            page: here.page(ask, w.projects_log_title()),
            round: round.name.get(ask.lang).to_owned(),
            reasons: Reason::ALL.iter().map(|reason| reason_words(w, reason.code())).collect(),
            entries: entries.collect(),
            next,
            path,
        })?;
        Ok(Answer::Page(FRESH, html))
    })
    .await
}
