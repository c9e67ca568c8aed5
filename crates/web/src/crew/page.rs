//! The page of a crew: whole without script, and the shell of the app with it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calendar::words as dates;
use dispatch::field::read;
use door::{Door, Failure, Signed};
use http::StatusCode;
use storage::Tx;

use super::day::{self, Day};
use super::words_of;
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;

/// Troubles of so long ago are still shown, in milliseconds.
const LATELY: i64 = 24 * 3_600_000;

#[derive(Template)]
#[template(path = "crew/page.html")]
struct CrewPage<'a> {
    page: Page<'a>,
    day: Option<Day>,
    account: i64,
    person: &'a str,
    said: Option<&'static str>,
    typed: &'a Typed,
    troubles: Vec<Trouble>,
    /// Names the items of the forms, so that a form that is sent twice is taken once.
    nonce: String,
    city: String,
}

struct Trouble {
    what: &'static str,
    order: String,
    outcome: &'static str,
    why: &'static str,
    when: String,
}

/// What was typed and refused, so that nothing is lost.
#[derive(Default, Clone)]
pub struct Typed {
    pub stop: String,
    pub sentence: String,
    pub words: String,
    pub note: String,
    pub reason: String,
    pub ticked: Vec<String>,
}

impl Typed {
    fn is(&self, stop: &str) -> bool {
        !self.sentence.is_empty() && self.stop == stop
    }

    fn words(&self, stop: &str) -> &str {
        if self.is(stop) { &self.words } else { "" }
    }

    fn note(&self, stop: &str) -> &str {
        if self.is(stop) { &self.note } else { "" }
    }

    fn has_reason(&self, stop: &str, reason: &str) -> bool {
        self.is(stop) && self.reason == reason
    }

    fn has_tick(&self, stop: &str, check: &str) -> bool {
        self.is(stop) && self.ticked.iter().any(|code| code == check)
    }
}

/// `GET /crew`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let (now, nonce) = (door.now(), nonce(&door));
    ask::answer(&door, ask, move |tx, ask, here| {
        let html = draw(tx, ask, here, &signed, now, nonce, &Typed::default())?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

/// The page again, with why something was refused.
pub async fn refused(door: &Door, ask: Ask, signed: Signed, typed: Typed) -> Result<Response, Failure> {
    let (now, nonce) = (door.now(), nonce(door));
    ask::answer(door, ask, move |tx, ask, here| {
        let html = draw(tx, ask, here, &signed, now, nonce, &typed)?;
        Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
    })
    .await
}

fn nonce(door: &Door) -> String {
    format!("{:016x}", door.dice.number())
}

fn draw(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    now: calendar::Timestamp,
    nonce: String,
    typed: &Typed,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city());
    let atlas = territory::atlas(tx, city.id)?;
    let day = day::of(tx, w, &atlas, signed.account, now)?;
    let troubles = read::troubles(tx, city.id, signed.account, now.plus_millis(-LATELY))?;
    let page = here.page(ask, w.crew_title());
    let said = match ask.field("done") {
        "" => None,
        _ => Some(w.crew_said_done()),
    };
    render(&CrewPage {
        day,
        account: signed.account,
        person: &signed.name,
        said: said.filter(|_| typed.sentence.is_empty()),
        typed,
        troubles: troubles
            .iter()
            .map(|kept| Trouble {
                what: words_of::kind(w, &kept.kind),
                order: kept
                    .content
                    .get("order")
                    .and_then(|v| v.as_str())
                    .map_or_else(String::new, |code| crate::parts::shown(code, w.lang())),
                outcome: words_of::outcome(w, kept.outcome),
                why: words_of::code(w, &kept.code),
                when: dates::short_date_time(w.lang(), kept.happened_at, &city.zone),
            })
            .collect(),
        nonce,
        city: here.carried().map_or_else(String::new, |code| format!("?city={code}")),
        page: page.wrong(!typed.sentence.is_empty()).with_map(),
    })
}
