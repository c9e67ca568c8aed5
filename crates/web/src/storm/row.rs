//! One line of the board: an incident in words.

use calendar::Timestamp;
use requests::Catalogue;
use requests::incidents::{Incident, State, danger};
use requests::storm::Storms;
use territory::Atlas;
use words::Words;

use super::path;
use crate::requests::{divisions, line};

/// What `storm/row.html` needs.
pub struct Row<'a> {
    pub id: i64,
    pub path: String,
    pub title: &'a str,
    pub place: String,
    pub size: i64,
    pub state: &'static str,
    pub state_name: &'static str,
    pub danger: &'static str,
    pub danger_name: &'static str,
    pub danger_value: i64,
    pub last: String,
    pub last_at: String,
    pub unit: &'a str,
    pub lat: f64,
    pub long: f64,
    pub is_first: bool,
    pub can_confirm: bool,
}

impl<'a> Row<'a> {
    pub fn of(
        incident: &Incident,
        catalogue: &'a Catalogue,
        atlas: &Atlas,
        storms: &Storms,
        w: Words,
        now: Timestamp,
    ) -> Self {
        let service = catalogue.service(incident.service);
        let (danger, danger_name) = level(w, incident.danger);
        let mode = storms.over(incident.district).map(|storm| &storm.mode);
        Row {
            id: incident.id.0,
            path: path(incident.id),
            title: service.map_or(w.common_unknown(), |s| s.name(w.lang())),
            place: divisions(atlas, incident.district, incident.neighbourhood, w.lang()),
            size: incident.size,
            state: incident.state.code(),
            state_name: state_name(w, incident.state),
            danger,
            danger_name,
            danger_value: incident.danger,
            last: line::moment(w.lang(), incident.last_at, now, atlas),
            last_at: incident.last_at.to_rfc3339_z(),
            unit: catalogue.unit_name(incident.unit, w.lang()),
            lat: incident.point.lat,
            long: incident.point.long,
            is_first: service.is_some_and(|s| mode.is_some_and(|mode| mode.first.contains(&s.code))),
            can_confirm: incident.state == State::Proposed,
        }
    }
}

/// How dangerous: a word and the name of its look.
pub fn level(w: Words, value: i64) -> (&'static str, &'static str) {
    match value {
        danger::HIGH.. => ("high", w.storm_danger_high()),
        30.. => ("some", w.storm_danger_some()),
        _ => ("none", w.storm_danger_none()),
    }
}

pub fn state_name(w: Words, state: State) -> &'static str {
    match state {
        State::Proposed => w.storm_state_proposed(),
        State::Confirmed => w.storm_state_confirmed(),
        State::Answered => w.storm_state_answered(),
        State::Closed => w.storm_state_closed(),
        State::Dismissed => w.storm_state_dismissed(),
        State::Merged => w.storm_state_merged(),
    }
}
