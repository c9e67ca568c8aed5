//! Storm mode: the hours in which a week's messages come in a day, most of them about the same few incidents.
//!
//! A storm is over the city or over one district. It is begun, changed and ended by people who may; the program only
//! proposes one (see `rate`). While it lasts some services come first and some wait, what waits is promised for later
//! and says so, incidents are confirmed by rule, people are asked only the most needed, and the home page and the
//! phone menu say what is going on. What holds is the storm's own copy of the pack's rules, so it can be changed while
//! it lasts; every change is a fact.

pub mod rate; // messages by minute, and what is unusual
pub mod rules; // storm.toml
mod shift; // promises that were given before are moved, and told
mod steps; // begin, change, end, dismiss

use std::sync::Arc;

use calendar::Timestamp;
use storage::{Error, Result, Row, Tx, params, sql};

use crate::catalogue::Catalogue;
use crate::kinds::coded;
use crate::service::Service;

pub use rules::{Mode, StormRules};
pub use shift::SHIFTING;
pub use steps::{StormError, begin, change, dismiss, end};

/// The journal's name for a storm.
pub const SUBJECT: &str = "storm";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct StormId(pub i64);

coded! {
    /// Where a storm stands.
    State {
        /// The program thinks so: far more messages than usual.
        Proposed = "proposed",
        Begun = "begun",
        Ended = "ended",
        /// It was none.
        Dismissed = "dismissed",
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Storm {
    pub jurisdiction: i64,
    pub id: StormId,
    /// `None` for the whole city.
    pub district: Option<i64>,
    pub state: State,
    pub begun_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Who began it, as the journal writes it.
    pub begun_by: String,
    /// Messages of the quarter of an hour before it was proposed, and as many as were usual.
    pub rate: i64,
    pub usual: i64,
    pub mode: Mode,
    /// The last request whose promise was looked at; `None` when none waits for it.
    pub shifting: Option<i64>,
    pub version: i64,
}

macro_rules! storm_columns {
    () => {
        "jurisdiction_id, id, district_id, state, begun_at, ended_at, begun_by, rate, usual, rules, shifting, version"
    };
}
pub(crate) use storm_columns;

impl Storm {
    pub fn is_begun(&self) -> bool {
        self.state == State::Begun
    }

    /// Where it is, in the sense of rights.
    pub fn place(&self) -> people::Where {
        people::Where::city(self.jurisdiction).in_district(self.district)
    }

    pub(crate) fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Storm {
            jurisdiction: row.get(0)?,
            id: StormId(row.get(1)?),
            district: row.get(2)?,
            state: State::parse(&row.get::<String>(3)?)
                .ok_or_else(|| Error::corrupt("a storm with an unknown state"))?,
            begun_at: Timestamp(row.get(4)?),
            ended_at: row.get::<Option<i64>>(5)?.map(Timestamp),
            begun_by: row.get(6)?,
            rate: row.get(7)?,
            usual: row.get(8)?,
            mode: serde_json::from_str(&row.get::<String>(9)?).map_err(Error::corrupt)?,
            shifting: row.get(10)?,
            version: row.get(11)?,
        })
    }
}

/// The storms that hold now, in memory.
#[derive(Debug, Default)]
pub struct Storms {
    pub all: Vec<Storm>,
}

/// The storms that hold, as this transaction sees them. Beginning, changing and ending one makes a new edition.
pub fn current(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Arc<Storms>> {
    tx.memo(jurisdiction, |tx, jurisdiction| {
        Ok(Storms { all: open(tx, jurisdiction)?.into_iter().filter(Storm::is_begun).collect() })
    })
}

impl Storms {
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The storm over a place: its district's own, or the city's.
    pub fn over(&self, district: Option<i64>) -> Option<&Storm> {
        let own = district.and_then(|d| self.all.iter().find(|s| s.district == Some(d)));
        own.or_else(|| self.city())
    }

    /// The storm over the whole city.
    pub fn city(&self) -> Option<&Storm> {
        self.all.iter().find(|s| s.district.is_none())
    }

    /// How much longer a new promise is, in milliseconds.
    pub fn shift(&self, service: &Service, district: Option<i64>) -> i64 {
        self.over(district).map_or(0, |storm| storm.mode.shift_of(service))
    }

    /// Whether people are asked only the most needed in a district. Before they said where they are, only a storm over
    /// the whole city says so.
    pub fn is_simple(&self, district: Option<i64>) -> bool {
        self.over(district).is_some_and(|storm| storm.mode.simple)
    }

    /// What comes first while storms last, by the ids of services: in the districts with a storm of their own, and
    /// everywhere else.
    pub fn first(&self, catalogue: &Catalogue) -> First {
        let ids = |storm: &Storm| {
            let codes = storm.mode.first.iter();
            codes.filter_map(|code| Some(catalogue.by_code(code)?.id)).collect::<Vec<_>>()
        };
        First {
            of_districts: self.all.iter().filter_map(|s| Some((s.district?, ids(s)))).collect(),
            elsewhere: self.city().map(ids).unwrap_or_default(),
        }
    }
}

/// The services that come first while storms last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct First {
    of_districts: Vec<(i64, Vec<i64>)>,
    elsewhere: Vec<i64>,
}

impl First {
    pub fn is_nothing(&self) -> bool {
        self.elsewhere.is_empty() && self.of_districts.iter().all(|(_, services)| services.is_empty())
    }

    pub fn has(&self, service: i64, district: Option<i64>) -> bool {
        let own = self.of_districts.iter().find(|(id, _)| Some(*id) == district);
        own.map_or(&self.elsewhere, |(_, services)| services).contains(&service)
    }

    /// The same as a condition on requests, with its values in their order.
    pub(crate) fn condition(&self) -> (String, Vec<i64>) {
        let (mut any, mut values) = (Vec::new(), Vec::new());
        let holes = |n: usize| vec!["{}"; n].join(", ");
        for (district, services) in self.of_districts.iter().filter(|(_, services)| !services.is_empty()) {
            any.push(format!("(district_id = {{}} AND service_id IN ({}))", holes(services.len())));
            values.push(*district);
            values.extend(services);
        }
        if !self.elsewhere.is_empty() {
            let here = format!("service_id IN ({})", holes(self.elsewhere.len()));
            values.extend(&self.elsewhere);
            any.push(if self.of_districts.is_empty() {
                here
            } else {
                values.extend(self.of_districts.iter().map(|(id, _)| *id));
                format!("({here} AND COALESCE(district_id, 0) NOT IN ({}))", holes(self.of_districts.len()))
            });
        }
        (if any.is_empty() { "1 = 0".into() } else { any.join(" OR ") }, values)
    }
}

/// Storms that are proposed or hold, the city's first.
pub fn open(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Vec<Storm>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            storm_columns!(),
            " FROM storms WHERE jurisdiction_id = $1 AND is_open = 1 ORDER BY COALESCE(district_id, 0), id LIMIT 200"
        )),
        &params![jurisdiction],
        Storm::from_row,
    )
}

/// Storms of the past, the newest first.
pub fn past(tx: &mut Tx<'_>, jurisdiction: i64, most: u32) -> Result<Vec<Storm>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            storm_columns!(),
            " FROM storms WHERE jurisdiction_id = $1 AND state = 'ended' ORDER BY id DESC LIMIT $2"
        )),
        &params![jurisdiction, most.min(200)],
        Storm::from_row,
    )
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: StormId) -> Result<Option<Storm>> {
    tx.query_opt(
        sql!(concat!("SELECT ", storm_columns!(), " FROM storms WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id.0],
        Storm::from_row,
    )
}
