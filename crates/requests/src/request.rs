//! The row: one request as it stands now.

use calendar::{Clock, Timestamp};
use language::{Lang, TrackingCode};
use storage::{Error, Result, Row};
use territory::Point;

use crate::answers::Answer;
use crate::kinds::{Channel, Kind, Priority};
use crate::status::Status;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub i64);

/// A request as it stands now. Who reported it is not here: see `find::contact`.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceRequest {
    pub jurisdiction: i64,
    pub id: RequestId,
    pub code: TrackingCode,
    pub kind: Kind,
    pub service: i64,
    pub status: Status,
    /// False when its service is private, or somebody hid it.
    pub is_public: bool,
    pub priority: Priority,
    pub channel: Channel,
    /// The language it was written in.
    pub language: Lang,
    pub words: String,
    pub answers: Vec<Answer>,
    pub address: String,
    pub district: Option<i64>,
    pub neighbourhood: Option<i64>,
    pub point: Option<Point>,
    pub unit: Option<i64>,
    pub requested_at: Timestamp,
    pub updated_at: Timestamp,
    /// The promise. `None` where the city promised nothing.
    pub due_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub clock: Option<Clock>,
    /// The last words of the city that everybody may read.
    pub status_note: String,
    pub duplicate_of: Option<RequestId>,
    pub followers: i64,
    pub photos: i64,
    /// Empty for the line itself; else where the record came from, `generated` for made-up demo data.
    pub source: String,
    pub external_id: Option<String>,
    /// Grows with every change; a change says which version it saw.
    pub version: i64,
    /// The citizen objected, and the inspector has not decided yet.
    pub with_inspector: bool,
    /// The account of the official who promised it on the line.
    pub owner: Option<i64>,
}

/// The columns in the order that [`ServiceRequest::from_row`] reads them.
macro_rules! columns {
    () => {
        "jurisdiction_id, id, tracking_code, kind, service_id, status, is_public, priority, channel, language, words, answers, \
         address, district_id, neighbourhood_id, lat, long, unit_id, requested_at, updated_at, due_at, closed_at, clock, \
         status_note, duplicate_of, followers, photos, source, external_id, version, with_inspector, owner_id"
    };
}
pub(crate) use columns;

impl ServiceRequest {
    /// Where it is, in the sense of rights. Whose it is stands apart with the contact: a verb that lets citizens act
    /// on their own adds `.owned_by(..)`.
    pub fn place(&self) -> people::Where {
        people::Where::unit(self.jurisdiction, self.unit)
            .in_district(self.district)
            .in_neighbourhood(self.neighbourhood)
    }

    /// The promise has passed and the work is still owed.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        let clock_runs = self.clock.is_none_or(|c| !c.is_paused());
        self.status.is_open() && clock_runs && self.due_at.is_some_and(|due| due < now)
    }

    /// Made up for a demo city, and shown as such.
    pub fn is_generated(&self) -> bool {
        self.source == GENERATED
    }

    pub(crate) fn from_row(row: &Row<'_>) -> Result<Self> {
        let wrong = |what: &str| Error::corrupt(format_args!("a request with an unknown {what}"));
        let answers: String = row.get(11)?;
        let clock: String = row.get(22)?;
        let lat: Option<f64> = row.get(15)?;
        let long: Option<f64> = row.get(16)?;
        Ok(ServiceRequest {
            jurisdiction: row.get(0)?,
            id: RequestId(row.get(1)?),
            code: TrackingCode::parse(&row.get::<String>(2)?).map_err(|_| wrong("tracking code"))?,
            kind: Kind::parse(&row.get::<String>(3)?).ok_or_else(|| wrong("kind"))?,
            service: row.get(4)?,
            status: Status::parse(&row.get::<String>(5)?).ok_or_else(|| wrong("status"))?,
            is_public: row.get(6)?,
            priority: Priority::parse(&row.get::<String>(7)?).ok_or_else(|| wrong("priority"))?,
            channel: Channel::parse(&row.get::<String>(8)?).ok_or_else(|| wrong("channel"))?,
            language: Lang::from_code(&row.get::<String>(9)?).unwrap_or(Lang::Fa),
            words: row.get(10)?,
            answers: if answers.is_empty() {
                Vec::new()
            } else {
                serde_json::from_str(&answers).map_err(Error::corrupt)?
            },
            address: row.get(12)?,
            district: row.get(13)?,
            neighbourhood: row.get(14)?,
            point: lat.zip(long).and_then(|(lat, long)| Point::new(lat, long)),
            unit: row.get(17)?,
            requested_at: Timestamp(row.get(18)?),
            updated_at: Timestamp(row.get(19)?),
            due_at: row.get::<Option<i64>>(20)?.map(Timestamp),
            closed_at: row.get::<Option<i64>>(21)?.map(Timestamp),
            clock: if clock.is_empty() {
                None
            } else {
                Some(serde_json::from_str(&clock).map_err(Error::corrupt)?)
            },
            status_note: row.get(23)?,
            duplicate_of: row.get::<Option<i64>>(24)?.map(RequestId),
            followers: row.get(25)?,
            photos: row.get(26)?,
            source: row.get(27)?,
            external_id: row.get(28)?,
            version: row.get(29)?,
            with_inspector: row.get(30)?,
            owner: row.get(31)?,
        })
    }
}

/// The source of made-up demo requests.
pub const GENERATED: &str = "generated";
