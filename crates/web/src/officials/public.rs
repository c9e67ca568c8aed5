//! What everybody sees: who answers when, and what became of the promises of past hours.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use door::{Door, Failure};
use language::digits;
use requests::{catalogue, officials};

use super::said::{self, Shown};
use crate::ask::{self, Answer, Ask, FRESH, render};
use crate::page::Page;

const MOST_AHEAD: u32 = 50;
const MOST_PAST: u32 = 20;

#[derive(Template)]
#[template(path = "officials/page.html")]
struct Officials<'a> {
    page: Page<'a>,
    ahead: Vec<Shown<'a>>,
    past: Vec<Shown<'a>>,
    kept: Option<String>,
}

/// `GET /officials`.
pub async fn page(State(door): State<Door>, ask: Ask) -> Result<Response, Failure> {
    let now = door.now();
    ask::answer(&door, ask, move |tx, ask, here| {
        let w = ask.words();
        let city = here.city();
        let catalogue = catalogue(tx, city.id)?;
        let ahead = officials::upcoming(tx, city.id, now, MOST_AHEAD)?;
        let past = officials::past(tx, city.id, now, MOST_PAST)?;
        let kept = officials::kept(tx, city.id)?;
        let mut over = Vec::new();
        for hour in &past {
            let mut shown = said::hour(hour, ask.lang, &city.zone, now, &city.phone);
            for request in officials::promised(tx, city.id, hour.id)?.iter().filter(|r| r.is_public) {
                shown.promises.push(said::promise(request, &catalogue, w, &city.zone, now, false));
            }
            over.push(shown);
        }
        let n = |number| digits::grouped(number, ask.lang);
        let html = render(&Officials {
            page: here.page(ask, w.officials_title()),
            ahead: ahead.iter().map(|h| said::hour(h, ask.lang, &city.zone, now, &city.phone)).collect(),
            past: over,
            kept: (kept.made > 0).then(|| w.officials_kept(&n(kept.done), &n(kept.made), &n(kept.open))),
        })?;
        Ok(Answer::Page(FRESH, html))
    })
    .await
}
