//! What is wrong: a service, found by words or by group.

use askama::Template;
use calendar::words as dates;
use door::Failure;
use requests::service::{Group, Service};

use super::Frame;
use crate::ask::{Ask, render};
use crate::page::Page;
use crate::report::Room;
use crate::report::state::State;

/// Services that a search offers first.
const MOST_FOUND: usize = 8;

#[derive(Template)]
#[template(path = "report/service.html")]
struct ServiceStep<'a> {
    page: Page<'a>,
    frame: Frame<'a>,
    state: &'a State,
    found: Vec<Choice<'a>>,
    nothing_found: bool,
    groups: Vec<(&'a Group, Vec<Choice<'a>>)>,
}

/// A service to choose.
struct Choice<'a> {
    code: &'a str,
    name: &'a str,
    promised: String,
    words: String,
    is_chosen: bool,
}

pub fn page(
    page: Page<'_>,
    frame: Frame<'_>,
    ask: &Ask,
    room: &Room,
    state: &State,
) -> Result<String, Failure> {
    let catalogue = &room.catalogue;
    let mut found =
        if state.q.trim().is_empty() { Vec::new() } else { catalogue.search(&state.q, MOST_FOUND) };
    if found.is_empty()
        && let Some(meant) = language::wrong_layout::as_persian(&state.q)
    {
        found = catalogue.search(&meant, MOST_FOUND);
    }
    let found: Vec<Choice<'_>> = found.into_iter().map(|s| choice(s, ask, room, state)).collect();
    let is_found = |code: &str| found.iter().any(|c| c.code == code);
    let groups = catalogue
        .groups
        .iter()
        .map(|group| {
            let of_group = catalogue.offered_in(group.id).filter(|s| !is_found(&s.code));
            (group, of_group.map(|s| choice(s, ask, room, state)).collect::<Vec<_>>())
        })
        .filter(|(_, services)| !services.is_empty())
        .collect();
    let nothing_found = found.is_empty() && !state.q.trim().is_empty();
    render(&ServiceStep { page, frame, state, found, nothing_found, groups })
}

fn choice<'s>(service: &'s Service, ask: &Ask, room: &Room, state: &State) -> Choice<'s> {
    let target = service.target(requests::Priority::Normal);
    let mut words = format!("{} {}", service.about.name.fa, service.about.name.en);
    if let Some(group) = room.catalogue.group(service.group) {
        words.push_str(&format!(" {} {}", group.name.fa, group.name.en));
    }
    for word in service.about.keywords.fa.iter().chain(&service.about.keywords.en) {
        words.push(' ');
        words.push_str(word);
    }
    Choice {
        code: &service.code,
        name: service.name(ask.lang),
        promised: target
            .map(|t| ask.words().services_within(&dates::target(ask.lang, t)))
            .unwrap_or_default(),
        words,
        is_chosen: service.code == state.service_code,
    }
}
