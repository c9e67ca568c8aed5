//! After a vote: the receipt, and looking one up.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use calendar::words as dates;
use door::{Budget, Door, Failure, Signed};
use projects::ballots::{self, Found};
use projects::{Phase, book};

use super::to;
use crate::ask::{self, Answer, Ask, FRESH, NEVER, render};
use crate::page::Page;

#[derive(Template)]
#[template(path = "projects/voted.html")]
struct Done<'a> {
    page: Page<'a>,
    path: String,
    round_path: String,
    look: String,
    receipt: String,
    until: String,
    is_change: bool,
}

/// `GET /vote/{code}/done`; every other step leads to the beginning.
pub async fn done(
    State(door): State<Door>,
    Path((code, step)): Path<(String, String)>,
    _: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let now = door.now();
    let path = format!("/vote/{}", percent_encoding::utf8_percent_encode(&code, crate::page::PLAIN));
    if step != "done" {
        return Ok(to(&ask, &path));
    }
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let book = book(tx, city.id)?;
        let Some(round) = book.by_code(&code).filter(|round| round.is_public) else {
            return Ok(Answer::Missing);
        };
        let receipt: String = ask.field("receipt").chars().filter(char::is_ascii_digit).take(20).collect();
        if ballots::find(tx, city.id, round.id, false, &receipt)? == Found::Unknown {
            return Ok(Answer::Missing);
        }
        let until = round.times.ends_of(Phase::Voting).unwrap_or(now);
        let html = render(&Done {
            page: here.page(ask, w.projects_done_title()),
            path: path.clone(),
            round_path: format!("/rounds/{}", round.code),
            look: format!("/rounds/{}/receipt?r={receipt}", round.code),
            receipt: ballots::for_people(&receipt, ask.lang),
            until: dates::date_time(ask.lang, until, &city.zone),
            is_change: !ask.field("change").is_empty(),
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

#[derive(Template)]
#[template(path = "projects/receipt.html")]
struct Receipt<'a> {
    page: Page<'a>,
    path: String,
    typed: String,
    found: Option<(&'static str, &'static str)>,
}

/// `GET /rounds/{code}/receipt`: anybody looks whether a sealed ballot is in the box.
pub async fn receipt(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
) -> Result<Response, Failure> {
    if !ask.field("r").is_empty()
        && let Err(refusal) = door.limits.check(Budget::Search, ask.client)
    {
        return Ok(refusal.into_response());
    }
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let book = book(tx, city.id)?;
        let Some(round) = book.by_code(&code).filter(|round| round.is_public) else {
            return Ok(Answer::Missing);
        };
        let typed: String = ask.field("r").chars().take(60).collect();
        let found = match typed.is_empty() {
            true => None,
            false => Some(match ballots::find(tx, city.id, round.id, round.opened_at.is_some(), &typed)? {
                Found::Unknown => ("bad", w.projects_receipt_unknown()),
                Found::Received => ("good", w.projects_receipt_received()),
                Found::Counted => ("good", w.projects_receipt_counted()),
                Found::Replaced => ("wait", w.projects_receipt_replaced()),
            }),
        };
        let html = render(&Receipt {
            page: here.page(ask, w.projects_receipt_title()),
            path: format!("/rounds/{}", round.code),
            typed,
            found,
        })?;
        Ok(Answer::Page(FRESH, html))
    })
    .await
}
