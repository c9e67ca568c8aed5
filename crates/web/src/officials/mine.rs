//! The official's own hours, and everything they promised with its state.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use door::{Door, Failure, Signed};
use requests::{catalogue, officials};

use super::said::{self, Promise, Shown};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;

const MOST_HOURS: u32 = 30;
const MOST_PROMISES: u32 = 200;

#[derive(Template)]
#[template(path = "officials/mine.html")]
struct Mine<'a> {
    page: Page<'a>,
    hours: Vec<Shown<'a>>,
    promises: Vec<Promise<'a>>,
    /// Where an hour leads: to the official's screen or to the operators'.
    line: &'static str,
    shows_promises: bool,
}

/// `GET /officials/mine`.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let city = here.city();
        let catalogue = catalogue(tx, city.id)?;
        let hours = officials::mine(tx, &act, city.id, MOST_HOURS)?;
        let promised = officials::of_account(tx, city.id, signed.account, MOST_PROMISES)?;
        let w = ask.words();
        let html = render(&Mine {
            page: here.staff(ask, &signed, w.officials_mine_title()),
            hours: hours.iter().map(|h| said::hour(h, ask.lang, &city.zone, act.at, &city.phone)).collect(),
            promises: promised
                .iter()
                .map(|request| said::promise(request, &catalogue, w, &city.zone, act.at, true))
                .collect(),
            line: "/officials/line/",
            shows_promises: true,
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

/// `GET /officials/calls`: the hours that operators put callers through to.
pub async fn operators(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let now = door.now();
    ask::answer(&door, ask, move |tx, ask, here| {
        let city = here.city();
        let hours = officials::upcoming(tx, city.id, now, MOST_HOURS)?;
        let html = render(&Mine {
            page: here.staff(ask, &signed, ask.words().officials_calls_title()),
            hours: hours.iter().map(|h| said::hour(h, ask.lang, &city.zone, now, &city.phone)).collect(),
            promises: Vec::new(),
            line: "/officials/calls/",
            shows_promises: false,
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}
