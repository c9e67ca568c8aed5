//! One request in a list of work.

use std::collections::HashMap;

use calendar::{Timestamp, words as dates};
use requests::storm::First;
use requests::{Catalogue, RequestId, ServiceRequest};
use serde_json::{Value, json};
use territory::Atlas;
use words::Words;

use crate::parts::{Badge, Code, badge, code, shown};
use crate::requests::{divisions, line, title};

/// Letters of the words that a list shows.
const EXCERPT: usize = 140;

pub struct Row<'a> {
    pub code: String,
    /// The code as people read it.
    pub spoken: String,
    pub shown_code: Code,
    pub path: String,
    pub title: &'a str,
    pub excerpt: String,
    pub place: String,
    pub unit: &'a str,
    pub badge: Badge,
    pub due: String,
    pub is_late: bool,
    /// A storm lets its service come first.
    pub is_first: bool,
    pub holder: String,
    pub when: String,
}

impl<'a> Row<'a> {
    pub fn of(
        request: &ServiceRequest,
        catalogue: &'a Catalogue,
        atlas: &Atlas,
        w: Words,
        now: Timestamp,
        holder: Option<&String>,
        first: &First,
    ) -> Self {
        let is_late = request.is_overdue(now);
        Row {
            code: request.code.to_string(),
            spoken: request.code.for_people(w.lang()),
            shown_code: code(request.code, w.lang(), false),
            path: path(request),
            title: title(catalogue, request, w),
            excerpt: excerpt(&request.words),
            place: place(request, atlas, w),
            unit: catalogue.unit_name(request.unit, w.lang()),
            badge: badge(w, request.status, is_late),
            due: due(request, atlas, w, now),
            is_late,
            is_first: request.status.is_open() && first.has(request.service, request.district),
            holder: holder.cloned().unwrap_or_default(),
            when: line::moment(w.lang(), request.requested_at, now, atlas),
        }
    }
}

/// The address of the staff's page of a request.
pub fn path(request: &ServiceRequest) -> String {
    format!("/work/{}", request.code)
}

fn place(request: &ServiceRequest, atlas: &Atlas, w: Words) -> String {
    let within = divisions(atlas, request.district, request.neighbourhood, w.lang());
    match (request.address.is_empty(), within.is_empty()) {
        (true, _) => within,
        (false, true) => shown(&request.address, w.lang()),
        (false, false) => format!("{} · {within}", shown(&request.address, w.lang())),
    }
}

/// When it is due, in the words that fit how it stands.
pub fn due(request: &ServiceRequest, atlas: &Atlas, w: Words, now: Timestamp) -> String {
    let Some(due) = request.due_at.filter(|_| request.status.is_open()) else { return String::new() };
    if request.status.pauses_the_clock() {
        return w.work_clock_stands().to_owned();
    }
    if due < now {
        return w.requests_late_by(&dates::duration(w.lang(), now.millis_since(due)));
    }
    w.requests_due(&dates::short_date_time(w.lang(), due, &atlas.jurisdiction.zone))
}

fn excerpt(words: &str) -> String {
    let one_line = words.replace('\n', " ");
    if one_line.chars().count() <= EXCERPT {
        return one_line;
    }
    let mut short: String = one_line.chars().take(EXCERPT).collect();
    if let Some(space) = short.rfind(' ') {
        short.truncate(space);
    }
    short.push('…');
    short
}

/// The requests of a page as GeoJSON, for the map beside the list. It travels inside the page, so that the map shows
/// what the list shows and nothing else.
pub fn marks(requests: &[ServiceRequest], catalogue: &Catalogue, w: Words, now: Timestamp) -> String {
    let features: Vec<Value> = requests
        .iter()
        .filter_map(|request| {
            let point = request.point?;
            Some(json!({
                "type": "Feature",
                "geometry": { "type": "Point", "coordinates": [point.long, point.lat] },
                "properties": {
                    "code": request.code.to_string(),
                    "title": title(catalogue, request, w),
                    "open": i64::from(request.status.is_open()),
                    "late": i64::from(request.is_overdue(now)),
                },
            }))
        })
        .collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

/// The names of those who hold some requests, by request.
pub fn holders(held: &HashMap<RequestId, i64>, names: &HashMap<i64, String>) -> HashMap<RequestId, String> {
    held.iter().filter_map(|(id, account)| Some((*id, names.get(account)?.clone()))).collect()
}
