//! What a storm and an incident are in this city: `storm.toml` of the city pack.
//!
//! A city without the file has the defaults: every service is a family of its own, and a storm puts first what has a
//! target for emergencies. A service that the file names and the pack does not have is refused when it is loaded.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use storage::{Error, Result, Tx, params, sql};

use crate::service::{Both, Service};
use crate::submit::json;

/// The whole of `storm.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StormRules {
    pub incident: IncidentRules,
    /// Services that are often said for one and the same thing.
    pub family: Vec<Family>,
    pub danger: Danger,
    pub alarm: Alarm,
    /// What a storm begins with; each storm has its own copy.
    pub storm: Mode,
}

/// When reports become an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IncidentRules {
    /// Reports before the program proposes one.
    pub least: usize,
    /// Metres within which reports of a service without a family may be about one thing.
    pub reach: f64,
    /// Hours of silence after which a new report is about something new.
    pub hours: i64,
}

impl Default for IncidentRules {
    fn default() -> Self {
        IncidentRules { least: 3, reach: 120.0, hours: 24 }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    pub code: String,
    pub name: Both,
    pub services: Vec<String>,
    /// Metres: half a street for a tree, several for a power cut.
    pub reach: f64,
    #[serde(default = "a_day")]
    pub hours: i64,
}

fn a_day() -> i64 {
    24
}

/// How dangerous a report is, from 0 to 100: the largest of what it says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Danger {
    /// Of every report of a service.
    pub service: Vec<ServiceDanger>,
    /// Of an answer to a question of a service.
    pub answer: Vec<AnswerDanger>,
    /// Of words, as they are folded for search; all words of one entry must be there.
    pub words: Vec<WordsDanger>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceDanger {
    pub service: String,
    pub danger: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerDanger {
    pub service: String,
    pub question: String,
    pub value: String,
    pub danger: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordsDanger {
    pub any: Vec<String>,
    pub danger: i64,
}

/// When the program proposes storm mode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Alarm {
    /// Messages in a quarter of an hour, at least, in the whole city.
    pub city: i64,
    /// The same in one district.
    pub district: i64,
    /// So many times the usual at this hour.
    pub times: i64,
}

impl Default for Alarm {
    fn default() -> Self {
        Alarm { city: 60, district: 25, times: 4 }
    }
}

/// What holds while a storm lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mode {
    /// Services that are worked on first.
    pub first: Vec<String>,
    /// Services that wait: their target times are longer by `shift_hours`.
    pub wait: Vec<String>,
    pub shift_hours: i64,
    /// Whether promises that were given before are moved too, each with a fact and a word to the citizen.
    pub shift_given: bool,
    /// Whether the program confirms incidents by itself once they have `auto_least` reports.
    pub auto_join: bool,
    pub auto_least: i64,
    /// Whether people are asked only the most needed when they report.
    pub simple: bool,
    /// On the home page.
    pub message: Both,
    /// Read out by the phone menu.
    pub phone: Both,
}

impl Default for Mode {
    fn default() -> Self {
        Mode {
            first: Vec::new(),
            wait: Vec::new(),
            shift_hours: 48,
            shift_given: false,
            auto_join: true,
            auto_least: 5,
            simple: true,
            message: Both::default(),
            phone: Both::default(),
        }
    }
}

/// The longest shift of a target time, in hours: two weeks.
pub const MOST_SHIFT: i64 = 336;
/// The longest message on the home page, in characters.
pub const MOST_MESSAGE: usize = 500;

impl StormRules {
    /// The first thing that is wrong in them, for whoever wrote the pack.
    pub(crate) fn wrong(&self, services: &HashSet<&str>) -> Option<String> {
        let mut seen = HashSet::new();
        for family in &self.family {
            for service in &family.services {
                if !seen.insert(service.as_str()) {
                    return Some(format!("service {service} is in two families"));
                }
            }
            if !(10.0..=500.0).contains(&family.reach) || !(1..=240).contains(&family.hours) {
                return Some(format!("family {}: reach is 10 to 500 metres, hours 1 to 240", family.code));
            }
        }
        let named = self.family.iter().flat_map(|f| &f.services);
        let named = named.chain(&self.storm.first).chain(&self.storm.wait);
        let named = named.chain(self.danger.service.iter().map(|d| &d.service));
        let mut named = named.chain(self.danger.answer.iter().map(|d| &d.service));
        if let Some(code) = named.find(|code| !services.contains(code.as_str())) {
            return Some(format!("there is no service {code}"));
        }
        if !(10.0..=500.0).contains(&self.incident.reach) || self.incident.least < 2 {
            return Some("incident: reach is 10 to 500 metres, least at least 2".into());
        }
        self.storm.wrong().map(str::to_owned)
    }
}

impl Mode {
    pub(crate) fn wrong(&self) -> Option<&'static str> {
        if !(0..=MOST_SHIFT).contains(&self.shift_hours) {
            return Some("storm: shift_hours is 0 to 336");
        }
        if self.auto_least < 2 {
            return Some("storm: auto_least is at least 2");
        }
        let texts = [&self.message.fa, &self.message.en, &self.phone.fa, &self.phone.en];
        texts.iter().any(|t| t.chars().count() > MOST_MESSAGE).then_some("storm: a message is too long")
    }

    /// How long a promise for a service is longer, in milliseconds.
    pub fn shift_of(&self, service: &Service) -> i64 {
        if self.wait.contains(&service.code) { self.shift_hours * 3_600_000 } else { 0 }
    }
}

/// The rules of a city as this transaction sees them.
pub fn rules(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<std::sync::Arc<StormRules>> {
    tx.memo(jurisdiction, |tx, jurisdiction| {
        let text: Option<String> = tx.value(
            sql!("SELECT definition FROM storm_rules WHERE jurisdiction_id = $1"),
            &params![jurisdiction],
        )?;
        text.map_or(Ok(StormRules::default()), |text| serde_json::from_str(&text).map_err(Error::corrupt))
    })
}

/// Keeps what a pack says. The pack's loading makes the new edition.
pub(crate) fn keep(tx: &mut Tx<'_>, jurisdiction: i64, rules: &StormRules) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO storm_rules (jurisdiction_id, definition) VALUES ($1, $2)
             ON CONFLICT (jurisdiction_id) DO UPDATE SET definition = excluded.definition"
        ),
        &params![jurisdiction, &json(rules)?],
    )?;
    Ok(())
}
