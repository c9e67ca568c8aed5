//! The end of a report: the code, the promise, and what comes next.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::words as dates;
use door::{Door, Failure};
use language::TrackingCode;
use requests::{catalogue, find};

use crate::ask::{self, Answer, Ask, FRESH, NEVER, render};
use crate::page::Page;
use crate::parts::{Code, code};
use crate::requests::thread::{self, End};
use crate::requests::{line, one};

#[derive(Template)]
#[template(path = "report/done.html")]
struct Done<'a> {
    page: Page<'a>,
    code: Code,
    path: String,
    at: String,
    when: String,
    unit: &'a str,
    end: Option<End>,
    hint: Option<&'a str>,
}

/// `GET /report/done/{code}`.
pub async fn done(
    State(door): State<Door>,
    Path(typed): Path<String>,
    ask: Ask,
) -> Result<Response, Failure> {
    let now = door.now();
    ask::answer_to_code(&door, ask, move |tx, ask, here| {
        let Ok(known) = TrackingCode::parse(&typed) else { return Ok(Answer::Missing) };
        let city = here.city();
        let Some(request) = find::by_code(tx, city.id, known)? else {
            return Ok(one::elsewhere(tx, ask, here, known)?.map_or(Answer::Missing, Answer::Go));
        };
        let atlas = territory::atlas(tx, city.id)?;
        let catalogue = catalogue(tx, city.id)?;
        let service = catalogue.service(request.service);
        let hint = service.and_then(|s| s.about.emergency.as_ref()).map(|e| e.hint.get(ask.lang));
        let html = render(&Done {
            page: here.page(ask, ask.words().report_done_title()).live().with_form(),
            code: code(request.code, ask.lang, true),
            path: line::path(request.code),
            at: request.requested_at.to_rfc3339_z(),
            when: dates::date_time(ask.lang, request.requested_at, &city.zone),
            unit: catalogue.unit_name(request.unit, ask.lang),
            end: thread::end(&request, &atlas, ask.words(), now),
            hint,
        })?;
        Ok(Answer::Page(if request.is_public { FRESH } else { NEVER }, html))
    })
    .await
}
