//! A request in words, as the page of one shows it to colleagues: nothing is covered, and everybody has a name.

use std::collections::HashMap;

use calendar::{Timestamp, words as dates};
use people::Permission;
use requests::find::Knot;
use requests::reply::Evidence;
use requests::service::Datatype;
use requests::work::holds::Held;
use requests::work::standard::Standard;
use requests::{Catalogue, ServiceRequest, Status};
use territory::Atlas;
use words::Words;

use super::parties::{self, Ready};
use crate::parts::shown;

/// One knot of the thread.
pub struct Tie {
    pub what: String,
    pub at: String,
    pub when: String,
    pub who: String,
    pub said: String,
    pub is_internal: bool,
}

pub fn ties(
    knots: &[Knot],
    authors: &HashMap<i64, i64>,
    names: &HashMap<i64, String>,
    catalogue: &Catalogue,
    atlas: &Atlas,
    w: Words,
) -> Vec<Tie> {
    knots
        .iter()
        .filter(|knot| knot.fact != "me-too")
        .map(|knot| Tie {
            what: what(w, knot, catalogue),
            at: knot.at.to_rfc3339_z(),
            when: dates::date_time(w.lang(), knot.at, &atlas.jurisdiction.zone),
            who: authors
                .get(&knot.seq)
                .and_then(|account| names.get(account))
                .cloned()
                .unwrap_or_else(|| crate::people::role_name(w, knot.by).to_owned()),
            said: knot.text.clone(),
            is_internal: knot.is_internal,
        })
        .collect()
}

/// What happened, in words for colleagues.
fn what(w: Words, knot: &Knot, catalogue: &Catalogue) -> String {
    let unit = catalogue.unit_name(knot.unit, w.lang());
    match (knot.fact.as_str(), unit.is_empty()) {
        ("assigned", false) => w.requests_fact_assigned_to(unit),
        ("referred", false) => w.requests_fact_referred_to(unit),
        (fact, _) => w
            .by_key(&format!("work-fact-{fact}"))
            .or_else(|| w.by_key(&format!("requests-fact-{fact}")))
            .unwrap_or(w.requests_fact_other())
            .to_owned(),
    }
}

/// What was asked and answered, also what the public does not see.
pub fn answers(
    catalogue: &Catalogue,
    request: &ServiceRequest,
    atlas: &Atlas,
    w: Words,
) -> Vec<(String, String)> {
    let Some(service) = catalogue.service(request.service) else { return Vec::new() };
    let lang = w.lang();
    let named = |answer: &requests::Answer| {
        let question = service.about.attributes.iter().find(|a| a.code == answer.code)?;
        let values = answer.values.iter().map(|value| match question.datatype {
            Datatype::SingleValueList | Datatype::MultiValueList => {
                let chosen = question.values.iter().find(|v| v.key == *value);
                chosen.map_or(value.clone(), |v| v.name.get(lang).to_owned())
            }
            Datatype::Datetime => Timestamp::parse_rfc3339(value)
                .map_or(value.clone(), |at| dates::short_date_time(lang, at, &atlas.jurisdiction.zone)),
            _ => shown(value, lang),
        });
        let between = if lang == language::Lang::Fa { "، " } else { ", " };
        Some((question.name.get(lang).to_owned(), values.collect::<Vec<_>>().join(between)))
    };
    request.answers.iter().filter_map(named).collect()
}

/// Who had it, and for how long.
pub struct Stretch {
    pub unit: String,
    pub person: String,
    pub from: String,
    pub long: String,
    pub is_now: bool,
}

pub fn stretches(
    held: &[Held],
    names: &HashMap<i64, String>,
    catalogue: &Catalogue,
    atlas: &Atlas,
    w: Words,
    now: Timestamp,
) -> Vec<Stretch> {
    held.iter()
        .map(|held| {
            let until = held.until_at.unwrap_or(now);
            let millis = until.millis_since(held.from_at).max(0);
            Stretch {
                unit: catalogue.unit_name(held.unit, w.lang()).to_owned(),
                person: held.account.and_then(|id| names.get(&id)).cloned().unwrap_or_default(),
                from: dates::short_date_time(w.lang(), held.from_at, &atlas.jurisdiction.zone),
                long: if millis < 60_000 {
                    w.requests_done_soon().to_owned()
                } else {
                    dates::duration(w.lang(), millis)
                },
                is_now: held.until_at.is_none(),
            }
        })
        .collect()
}

/// A move that somebody may make, with the fields that it needs.
pub struct Step {
    pub to: &'static str,
    pub name: &'static str,
    pub icon: &'static str,
    pub asks_words: bool,
    pub needs_words: bool,
    pub asks_unit: bool,
    pub asks_other: bool,
    pub asks_photos: bool,
    /// A photo of the finished work is owed.
    pub owes_photo: bool,
    pub ready: Vec<Ready>,
}

/// The moves that somebody may make from here. Referring outside has a form of its own, with a date.
pub fn steps(
    act: &people::Act,
    request: &ServiceRequest,
    all: &[Standard],
    catalogue: &Catalogue,
    atlas: &Atlas,
    w: Words,
) -> Vec<Step> {
    let may_judge = !request.with_inspector || act.may(Permission::Inspect, request.place());
    if !may_judge {
        return Vec::new();
    }
    let evidence = catalogue.service(request.service).map_or(Evidence::Text, |s| s.about.evidence);
    request
        .status
        .next()
        .filter(|to| *to != Status::ReferredOutside)
        .filter_map(|to| {
            let line = request.status.move_to(to)?;
            act.may(line.permission, request.place()).then(|| Step {
                to: to.code(),
                name: step_name(w, to),
                icon: icon(to),
                asks_words: line.needs_words
                    || matches!(to, Status::InProgress | Status::Assigned | Status::Closed),
                needs_words: line.needs_words && !(evidence == Evidence::None && to == Status::Answered),
                asks_unit: line.needs_unit,
                asks_other: to == Status::Duplicate,
                asks_photos: matches!(to, Status::Answered | Status::InProgress),
                owes_photo: evidence == Evidence::Photo && to == Status::Answered,
                ready: parties::ready(all, request, to, catalogue, atlas, w),
            })
        })
        .collect()
}

pub fn step_name(w: Words, to: Status) -> &'static str {
    match to {
        Status::Received => w.status_received(),
        Status::Confirmed => w.work_step_confirmed(),
        Status::Assigned => w.work_step_assigned(),
        Status::InProgress => w.work_step_in_progress(),
        Status::WaitingForCitizen => w.work_step_waiting_for_citizen(),
        Status::ReferredOutside => w.work_step_referred_outside(),
        Status::Declined => w.work_step_declined(),
        Status::Answered => w.work_step_answered(),
        Status::Reopened => w.work_step_reopened(),
        Status::Closed => w.work_step_closed(),
        Status::Duplicate => w.work_step_duplicate(),
        Status::Cancelled => w.work_step_cancelled(),
    }
}

fn icon(to: Status) -> &'static str {
    match to {
        Status::Answered | Status::Closed | Status::Confirmed => "check",
        Status::Declined | Status::Cancelled => "close",
        Status::WaitingForCitizen => "info",
        Status::Duplicate => "people",
        _ => "arrow",
    }
}
