//! What this is, what becomes of what people say, and whom the data are owed to.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use door::{Door, Failure};
use language::digits;

use crate::ask::{self, Answer, Ask, FRESH, render};
use crate::page::Page;

#[derive(Template)]
#[template(path = "about/page.html")]
struct About<'a> {
    page: Page<'a>,
    edition: String,
}

/// `GET /about`.
pub async fn page(State(door): State<Door>, ask: Ask) -> Result<Response, Failure> {
    ask::answer(&door, ask, |_, ask, here| {
        let edition = digits::shown(&here.city().edition, ask.lang);
        Ok(Answer::Page(FRESH, render(&About { page: here.page(ask, ask.words().about_title()), edition })?))
    })
    .await
}
