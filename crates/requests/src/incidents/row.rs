//! One incident as it stands, and its row.

use calendar::Timestamp;
use people::Where;
use storage::{Error, Result, Row, Tx, params, sql};
use territory::{Point, cell};

use super::likeness::Learned;
use super::{IncidentId, State};
use crate::service::Both;
use crate::submit::json;

#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    pub jurisdiction: i64,
    pub id: IncidentId,
    pub state: State,
    /// The code of its family of services; `=code` for a service in none.
    pub family: String,
    /// The service that most members name.
    pub service: i64,
    pub district: Option<i64>,
    pub neighbourhood: Option<i64>,
    pub unit: Option<i64>,
    /// The middle of its members.
    pub point: Point,
    /// Metres around the middle.
    pub reach: i64,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// Requests that belong to it.
    pub size: i64,
    /// From 0 to 100; see [`super::danger`].
    pub danger: i64,
    pub learned: Learned,
    /// What colleagues say of it.
    pub words: String,
    /// What its members are told.
    pub answer: Both,
    /// Members up to this one were answered; `None` when nobody waits for it.
    pub answering: Option<i64>,
    /// Members wait to be told that they are part of it.
    pub telling: bool,
    pub merged_into: Option<IncidentId>,
    /// A person decided something about it, so the program does not merge it by itself.
    pub by_people: bool,
    pub updated_at: Timestamp,
    pub version: i64,
}

macro_rules! incident_columns {
    () => {
        "jurisdiction_id, id, state, family, service_id, district_id, neighbourhood_id, unit_id, lat, long, reach, first_at, last_at, \
         size, danger, learned, words, answer_fa, answer_en, answering, telling, merged_into, by_people, updated_at, version"
    };
}
pub(super) use incident_columns;

impl Incident {
    /// Where it is, in the sense of rights.
    pub fn place(&self) -> Where {
        Where::unit(self.jurisdiction, self.unit)
            .in_district(self.district)
            .in_neighbourhood(self.neighbourhood)
    }

    pub(super) fn from_row(row: &Row<'_>) -> Result<Self> {
        let wrong = |what: &str| Error::corrupt(format_args!("an incident with an unknown {what}"));
        Ok(Incident {
            jurisdiction: row.get(0)?,
            id: IncidentId(row.get(1)?),
            state: State::parse(&row.get::<String>(2)?).ok_or_else(|| wrong("state"))?,
            family: row.get(3)?,
            service: row.get(4)?,
            district: row.get(5)?,
            neighbourhood: row.get(6)?,
            unit: row.get(7)?,
            point: Point::new(row.get(8)?, row.get(9)?).ok_or_else(|| wrong("place"))?,
            reach: row.get(10)?,
            first_at: Timestamp(row.get(11)?),
            last_at: Timestamp(row.get(12)?),
            size: row.get(13)?,
            danger: row.get(14)?,
            learned: serde_json::from_str(&row.get::<String>(15)?).map_err(Error::corrupt)?,
            words: row.get(16)?,
            answer: Both::new(row.get::<String>(17)?, row.get::<String>(18)?),
            answering: row.get(19)?,
            telling: row.get(20)?,
            merged_into: row.get::<Option<i64>>(21)?.map(IncidentId),
            by_people: row.get(22)?,
            updated_at: Timestamp(row.get(23)?),
            version: row.get(24)?,
        })
    }

    /// What the journal and live pages are told of it; nothing of what anybody said.
    pub(super) fn told(&self, new: i64, from: Option<i64>) -> Result<String> {
        json(&Told {
            state: self.state,
            size: self.size,
            danger: self.danger,
            service: self.service,
            district: self.district,
            neighbourhood: self.neighbourhood,
            unit: self.unit,
            lat: (self.point.lat * 1e5).round() / 1e5,
            long: (self.point.long * 1e5).round() / 1e5,
            new,
            from,
            into: self.merged_into,
        })
    }
}

/// What a fact about an incident says.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Told {
    pub state: State,
    pub size: i64,
    pub danger: i64,
    #[serde(rename = "s")]
    pub service: i64,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub district: Option<i64>,
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub neighbourhood: Option<i64>,
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<i64>,
    pub lat: f64,
    pub long: f64,
    /// Members that came with this fact.
    #[serde(default)]
    pub new: i64,
    /// When the first of those was received that came now; one that had waited alone for its like is not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The incident that it goes on in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<IncidentId>,
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: IncidentId) -> Result<Option<Incident>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            incident_columns!(),
            " FROM incidents WHERE jurisdiction_id = $1 AND id = $2"
        )),
        &params![jurisdiction, id.0],
        Incident::from_row,
    )
}

pub(super) fn insert(tx: &mut Tx<'_>, i: &Incident) -> Result<()> {
    tx.execute_one(
        sql!(
            "INSERT INTO incidents (jurisdiction_id, id, state, is_open, family, service_id, district_id, neighbourhood_id, unit_id, lat,
                 long, cell, reach, first_at, last_at, size, danger, learned, words, answer_fa, answer_en, answering, telling,
                 merged_into, by_people, updated_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
                 $26, $27)"
        ),
        &params![
            i.jurisdiction, i.id.0, i.state.code(), i.state.is_open(), &i.family, i.service, i.district, i.neighbourhood, i.unit,
            i.point.lat, i.point.long, cell::of(i.point), i.reach, i.first_at.0, i.last_at.0, i.size, i.danger, &json(&i.learned)?,
            &i.words, &i.answer.fa, &i.answer.en, i.answering, i.telling, i.merged_into.map(|id| id.0), i.by_people, i.updated_at.0,
            i.version,
        ],
    )
}

/// Writes it back. Refused with a conflict when somebody else changed it since it was read.
pub(super) fn update(tx: &mut Tx<'_>, i: &mut Incident) -> Result<()> {
    tx.execute_one(
        sql!(
            "UPDATE incidents SET state = $4, is_open = $5, service_id = $6, district_id = $7, neighbourhood_id = $8, unit_id = $9,
                 lat = $10, long = $11, cell = $12, reach = $13, first_at = $14, last_at = $15, size = $16, danger = $17, learned = $18,
                 words = $19, answer_fa = $20, answer_en = $21, answering = $22, telling = $23, merged_into = $24, by_people = $25,
                 updated_at = $26, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3"
        ),
        &params![
            i.jurisdiction, i.id.0, i.version, i.state.code(), i.state.is_open(), i.service, i.district, i.neighbourhood, i.unit,
            i.point.lat, i.point.long, cell::of(i.point), i.reach, i.first_at.0, i.last_at.0, i.size, i.danger, &json(&i.learned)?,
            &i.words, &i.answer.fa, &i.answer.en, i.answering, i.telling, i.merged_into.map(|id| id.0), i.by_people, i.updated_at.0,
        ],
    )?;
    i.version += 1;
    Ok(())
}
