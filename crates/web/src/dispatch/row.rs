//! Orders and crews in words.

use std::collections::HashMap;

use calendar::{Timestamp, words as dates};
use dispatch::job_types::Kinds;
use dispatch::{Crew, CrewId, CrewStatus, OrderStatus, Urgency, WorkOrder};
use territory::Atlas;
use words::Words;

use crate::requests::divisions;

/// Names of crews, for everything that mentions one.
pub type Names = HashMap<CrewId, (String, String)>;

/// What `dispatch/order-row.html` and the drawings need of an order.
#[derive(Debug, Clone)]
pub struct Row {
    pub code: String,
    pub path: String,
    pub version: i64,
    pub title: String,
    pub place: String,
    pub words: String,
    pub urgency: &'static str,
    pub urgency_name: &'static str,
    pub status: &'static str,
    pub status_name: &'static str,
    pub due: String,
    pub due_at: String,
    pub is_late: bool,
    pub is_dangerous: bool,
    pub is_locked: bool,
    pub is_under_way: bool,
    pub reason: String,
    pub crew: String,
    pub lat: f64,
    pub long: f64,
}

impl Row {
    pub fn of(
        order: &WorkOrder,
        kinds: &Kinds,
        atlas: &Atlas,
        names: &Names,
        w: Words,
        now: Timestamp,
    ) -> Row {
        let zone = &atlas.jurisdiction.zone;
        let within = divisions(atlas, order.district, order.neighbourhood, w.lang());
        let address = language::digits::shown(&order.address, w.lang());
        Row {
            code: order.code.clone(),
            path: super::path(&order.code),
            version: order.version,
            title: kinds.name(&order.job_type, w.lang()),
            place: if address.is_empty() { within } else { address },
            words: order.words.chars().take(160).collect(),
            urgency: order.urgency.code(),
            urgency_name: urgency(w, order.urgency),
            status: order.status.code(),
            status_name: status(w, order.status),
            due: order.due_at.map_or(String::new(), |due| {
                let clock = dates::time(w.lang(), due.minute_of_day(zone));
                format!("{} ({clock})", dates::relative(w.lang(), due, now))
            }),
            due_at: order.due_at.map_or(String::new(), |due| due.to_rfc3339_z()),
            is_late: order.is_late(now),
            is_dangerous: order.danger > 1,
            is_locked: order.is_locked,
            is_under_way: order.status.is_under_way(),
            reason: reason(w, &order.reason),
            crew: order
                .crew
                .and_then(|crew| names.get(&crew))
                .map_or(String::new(), |(_, name)| name.clone()),
            lat: order.point.lat,
            long: order.point.long,
        }
    }

    /// The order and its place in one line.
    pub fn line(&self) -> String {
        if self.place.is_empty() { self.title.clone() } else { format!("{} · {}", self.title, self.place) }
    }
}

/// Codes and names of crews.
pub fn names<'c>(crews: impl IntoIterator<Item = &'c Crew>, w: Words) -> Names {
    crews.into_iter().map(|crew| (crew.id, (crew.code.clone(), crew.name(w.lang()).to_owned()))).collect()
}

pub fn name(names: &Names, crew: Option<CrewId>, w: Words) -> String {
    let found = crew.and_then(|crew| names.get(&crew));
    found.map_or_else(|| w.dispatch_nobody().to_owned(), |(_, name)| name.clone())
}

pub fn urgency(w: Words, urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Immediate => w.dispatch_urgency_immediate(),
        Urgency::TwoHours => w.dispatch_urgency_two_hours(),
        Urgency::Day => w.dispatch_urgency_day(),
        Urgency::Planned => w.dispatch_urgency_planned(),
    }
}

pub fn status(w: Words, status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Open => w.dispatch_status_open(),
        OrderStatus::Assigned => w.dispatch_status_assigned(),
        OrderStatus::OnTheWay => w.dispatch_status_on_the_way(),
        OrderStatus::OnSite => w.dispatch_status_on_site(),
        OrderStatus::Done => w.dispatch_status_done(),
        OrderStatus::NotDone => w.dispatch_status_not_done(),
        OrderStatus::Checked => w.dispatch_status_checked(),
        OrderStatus::Cancelled => w.dispatch_status_cancelled(),
    }
}

pub fn crew_status(w: Words, status: CrewStatus) -> &'static str {
    match status {
        CrewStatus::OffDuty => w.dispatch_crew_off_duty(),
        CrewStatus::OnDuty => w.dispatch_crew_on_duty(),
        CrewStatus::OnTheWay => w.dispatch_crew_on_the_way(),
        CrewStatus::OnSite => w.dispatch_crew_on_site(),
        CrewStatus::OnBreak => w.dispatch_crew_on_break(),
        CrewStatus::OutOfService => w.dispatch_crew_out_of_service(),
    }
}

/// Why nobody has it, or why it was not done; nothing for codes that have no words.
pub fn reason(w: Words, code: &str) -> String {
    match code {
        "" => String::new(),
        code => w.by_key(&format!("dispatch-reason-{code}")).unwrap_or_default().to_owned(),
    }
}

/// The time of the day, on the city's clock.
pub fn clock(w: Words, at: Timestamp, atlas: &Atlas) -> String {
    dates::time(w.lang(), at.minute_of_day(&atlas.jurisdiction.zone))
}

/// Seconds as minutes or hours, for people who plan by them.
pub fn minutes(w: Words, seconds: i64) -> String {
    dates::duration(w.lang(), seconds.saturating_mul(1000))
}
