//! What the city does, and by when it promises.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use calendar::words as dates;
use door::{Budget, Door, Failure};
use requests::service::{Group, Service};
use requests::{Priority, catalogue};

use crate::ask::{self, Answer, Ask, FRESH, render};
use crate::page::Page;

/// Services that a search shows.
const MOST_FOUND: usize = 50;

#[derive(Template)]
#[template(path = "services/page.html")]
struct Services<'a> {
    page: Page<'a>,
    q: &'a str,
    groups: Vec<(Option<&'a Group>, Vec<Line<'a>>)>,
}

struct Line<'a> {
    name: &'a str,
    path: String,
    description: &'a str,
    promised: String,
}

#[derive(Template)]
#[template(path = "services/one.html")]
struct One<'a> {
    page: Page<'a>,
    service: &'a Service,
    group: &'a str,
    icon: &'a str,
    description: &'a str,
    hint: Option<&'a str>,
    promises: Vec<(&'static str, String)>,
    asks: Vec<(&'a str, &'a str)>,
    report_path: String,
    list_path: String,
}

/// `GET /services`, with `?q=` for some of them.
pub async fn page(State(door): State<Door>, ask: Ask) -> Result<Response, Failure> {
    if !ask.field("q").is_empty()
        && let Err(refusal) = door.limits.check(Budget::Search, ask.client)
    {
        return Ok(refusal.into_response());
    }
    ask::answer(&door, ask, |tx, ask, here| {
        let catalogue = catalogue(tx, here.city().id)?;
        let q = ask.field("q");
        let groups = if q.is_empty() {
            let all = catalogue
                .groups
                .iter()
                .map(|g| (Some(g), catalogue.offered_in(g.id).map(|s| line(s, ask)).collect()));
            all.filter(|(_, lines): &(_, Vec<_>)| !lines.is_empty()).collect()
        } else {
            let found: Vec<Line<'_>> =
                catalogue.search(q, MOST_FOUND).into_iter().map(|s| line(s, ask)).collect();
            if found.is_empty() { Vec::new() } else { vec![(None, found)] }
        };
        Ok(Answer::Page(
            FRESH,
            render(&Services { page: here.page(ask, ask.words().services_title()), q, groups })?,
        ))
    })
    .await
}

fn line<'s>(service: &'s Service, ask: &Ask) -> Line<'s> {
    let w = ask.words();
    let target = service.target(Priority::Normal);
    Line {
        name: service.name(ask.lang),
        path: format!("/services/{}", service.code),
        description: service.about.description.get(ask.lang),
        promised: target
            .map_or(w.services_no_target().to_owned(), |t| w.services_within(&dates::target(ask.lang, t))),
    }
}

/// `GET /services/{code}`.
pub async fn one(State(door): State<Door>, Path(code): Path<String>, ask: Ask) -> Result<Response, Failure> {
    ask::answer(&door, ask, move |tx, ask, here| {
        let catalogue = catalogue(tx, here.city().id)?;
        let Some(service) = catalogue.by_code(&code) else { return Ok(Answer::Missing) };
        let (w, lang) = (ask.words(), ask.lang);
        let group = catalogue.group(service.group);
        let targets = &service.about.target;
        let promises = [
            (w.services_normal(), targets.normal),
            (w.services_urgent(), targets.urgent),
            (w.services_emergency(), targets.emergency),
        ];
        let promises = promises
            .into_iter()
            .filter_map(|(name, t)| Some((name, w.services_within(&dates::target(lang, t?)))));
        let asks = service
            .about
            .attributes
            .iter()
            .filter(|a| a.variable)
            .map(|a| (a.name.get(lang), a.hint.get(lang)));
        let html = render(&One {
            page: here.page(ask, service.name(lang)),
            group: group.map_or("", |g| g.name.get(lang)),
            icon: crate::requests::icon_of(&catalogue, Some(service)),
            description: service.about.description.get(lang),
            hint: service.about.emergency.as_ref().map(|e| e.hint.get(lang)).filter(|h| !h.is_empty()),
            promises: promises.collect(),
            asks: asks.collect(),
            report_path: format!("/report/place?service_code={}", service.code),
            list_path: format!("/requests?status=all&service={}", service.code),
            service,
        })?;
        Ok(Answer::Page(FRESH, html))
    })
    .await
}
