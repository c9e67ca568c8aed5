//! Crisis mode: the hours in which everybody is called and danger to life comes before everything else.
//!
//! A crisis is over the city or over one district. While it lasts work counts by its danger to life, what was merely planned
//! waits, crews that are off duty are called and a shift is made for each of them, and people of the neighbourhood
//! help as crews that may do some things. A district without a line to the city is marked as cut off: nobody takes
//! work from its crews or gives them any until it is back. Nothing of it needs anything outside the city.
//!
//! What people are told goes through storm mode: a crisis may begin a storm with its words, and ends that one with itself.

mod calls; // who was called, and what they said
mod rules; // what holds while it lasts
mod silent; // crews that nobody hears of
mod standing; // what all of it means for a plan
mod steps; // begin, change, end
mod volunteers; // people of the neighbourhood

use std::sync::Arc;

use calendar::Timestamp;
use people::Where;
use requests::storm::StormId;
use storage::{Error, Result, Row, Tx, params, sql};

use crate::kinds::coded;

pub use calls::{Answer, Call, answer, call_all, calls, open_call_of};
pub use rules::Rules;
pub use silent::silent;
pub use standing::Standing;
pub use steps::{begin, change, end};
pub use volunteers::{Helpers, equipment as volunteer_equipment, muster, skills as volunteer_skills};

/// The journal's name for a crisis.
pub const SUBJECT: &str = "crisis";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct CrisisId(pub i64);

coded! {
    State { Begun = "begun", Ended = "ended" }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Crisis {
    pub jurisdiction: i64,
    pub id: CrisisId,
    /// `None` for the whole city.
    pub district: Option<i64>,
    pub state: State,
    pub begun_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Who began it, as the journal writes it.
    pub begun_by: String,
    pub rules: Rules,
    /// The storm that it began to tell people.
    pub storm: Option<StormId>,
    pub version: i64,
}

macro_rules! crisis_columns {
    () => {
        "jurisdiction_id, id, district_id, state, begun_at, ended_at, begun_by, rules, storm_id, version"
    };
}

impl Crisis {
    pub fn is_begun(&self) -> bool {
        self.state == State::Begun
    }

    /// Where it is, in the sense of rights.
    pub fn place(&self) -> Where {
        Where::city(self.jurisdiction).in_district(self.district)
    }

    /// Whether it is over this district.
    pub fn covers(&self, district: Option<i64>) -> bool {
        self.district.is_none() || self.district == district
    }

    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Crisis {
            jurisdiction: row.get(0)?,
            id: CrisisId(row.get(1)?),
            district: row.get(2)?,
            state: State::parse(&row.get::<String>(3)?)
                .ok_or_else(|| Error::corrupt("a crisis with an unknown state"))?,
            begun_at: Timestamp(row.get(4)?),
            ended_at: row.get::<Option<i64>>(5)?.map(Timestamp),
            begun_by: row.get(6)?,
            rules: serde_json::from_str(&row.get::<String>(7)?).map_err(Error::corrupt)?,
            storm: row.get::<Option<i64>>(8)?.map(StormId),
            version: row.get(9)?,
        })
    }
}

/// The crises that hold now, in memory.
#[derive(Debug, Default)]
pub struct Crises {
    pub all: Vec<Crisis>,
}

impl Crises {
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The crisis over a place: its district's own, or the city's.
    pub fn over(&self, district: Option<i64>) -> Option<&Crisis> {
        let own = district.and_then(|d| self.all.iter().find(|c| c.district == Some(d)));
        own.or_else(|| self.all.iter().find(|c| c.district.is_none()))
    }

    /// Whether nobody can reach this district's crews: they keep what they have and get nothing new.
    pub fn is_cut_off(&self, district: Option<i64>) -> bool {
        district.is_some_and(|district| self.all.iter().any(|c| c.rules.cut_off.contains(&district)))
    }
}

/// The crises that hold, as this transaction sees them. Beginning, changing and ending one makes a new edition.
pub fn current(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Arc<Crises>> {
    tx.memo(jurisdiction, |tx, jurisdiction| {
        let all = tx.query(
            sql!(concat!(
                "SELECT ",
                crisis_columns!(),
                " FROM crises WHERE jurisdiction_id = $1 AND is_open = 1 ORDER BY COALESCE(district_id, 0), id LIMIT 200"
            )),
            &params![jurisdiction],
            Crisis::from_row,
        )?;
        Ok(Crises { all })
    })
}

/// Crises of the past, the newest first.
pub fn past(tx: &mut Tx<'_>, jurisdiction: i64, most: u32) -> Result<Vec<Crisis>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            crisis_columns!(),
            " FROM crises WHERE jurisdiction_id = $1 AND is_open = 0 ORDER BY id DESC LIMIT $2"
        )),
        &params![jurisdiction, most.min(200)],
        Crisis::from_row,
    )
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: CrisisId) -> Result<Option<Crisis>> {
    tx.query_opt(
        sql!(concat!("SELECT ", crisis_columns!(), " FROM crises WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id.0],
        Crisis::from_row,
    )
}
