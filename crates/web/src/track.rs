//! A code leads to its request.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use door::{Budget, Door, Failure};
use http::StatusCode;
use language::{TrackingCode, TrackingCodeRefusal};
use requests::find;

use crate::ask::{self, Answer, Ask, FRESH, Here, render};
use crate::page::Page;
use crate::requests::{line, one};

#[derive(Template)]
#[template(path = "track/page.html")]
struct Track<'a> {
    page: Page<'a>,
    typed: &'a str,
    wrong: Option<String>,
}

/// `GET /track`, with `?code=` in any digits and with any spaces.
pub async fn page(State(door): State<Door>, ask: Ask) -> Result<Response, Failure> {
    if !ask.field("code").is_empty()
        && let Err(refusal) = door.limits.check(Budget::Search, ask.client)
    {
        return Ok(refusal.into_response());
    }
    ask::answer(&door, ask, |tx, ask, here| {
        let w = ask.words();
        if ask.fields.get("code").is_none() {
            return Ok(Answer::Page(FRESH, show(ask, here, None)?));
        }
        let code = match TrackingCode::parse(ask.field("code")) {
            Ok(code) => code,
            Err(refusal) => {
                let html = show(ask, here, Some(sentence(w, refusal)))?;
                return Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html));
            }
        };
        if find::by_code(tx, here.city().id, code)?.is_some() {
            return Ok(Answer::Go(here.page(ask, "").url(&line::path(code)).to_string()));
        }
        if let Some(address) = one::elsewhere(tx, ask, here, code)? {
            return Ok(Answer::Go(address));
        }
        Ok(Answer::Refused(StatusCode::NOT_FOUND, show(ask, here, Some(w.track_unknown().to_owned()))?))
    })
    .await
}

fn show(ask: &Ask, here: &Here, wrong: Option<String>) -> Result<String, Failure> {
    let page = here.page(ask, ask.words().track_title()).wrong(wrong.is_some());
    render(&Track { page, typed: ask.field("code"), wrong })
}

/// What is wrong with a code, and what to do about it.
pub fn sentence(w: words::Words, refusal: TrackingCodeRefusal) -> String {
    match refusal {
        TrackingCodeRefusal::Empty => w.track_empty().to_owned(),
        TrackingCodeRefusal::NotDigits => w.track_not_digits().to_owned(),
        TrackingCodeRefusal::WrongLength(length) => {
            w.track_wrong_length(i64::try_from(length).unwrap_or(i64::MAX))
        }
        TrackingCodeRefusal::WrongCheckDigit => w.track_wrong_check_digit().to_owned(),
    }
}
