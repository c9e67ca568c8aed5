//! What else was said at this place and by the same person, and who reported.
//!
//! Looking at a person leaves a fact in the journal, every time: who looked, at which request, and no name.

use calendar::Timestamp;
use people::{Act, Permission};
use storage::{Result, Tx, params, sql};
use territory::{Bounds, Point, cell};

use super::step::{self, WorkError};
use crate::request::{RequestId, ServiceRequest};
use crate::{Contact, SUBJECT, find};

/// What counts as the same place, in metres.
pub const METRES: f64 = 60.0;
/// How far back both look: twelve months.
pub const MILLIS: i64 = 365 * 86_400_000;
const MOST_READ: u32 = 300;

/// Another request nearby, and how far it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearby {
    pub request: ServiceRequest,
    pub metres: f64,
}

/// What was said at the same place in the last twelve months, the newest first: what is public, and what the author
/// may see besides.
pub fn near(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest, most: usize) -> Result<Vec<Nearby>> {
    let Some(point) = request.point else { return Ok(Vec::new()) };
    let oldest = people::first_id_at(Timestamp(act.at.0 - MILLIS));
    let mut ids = Vec::new();
    for range in cell::ranges(around(point), 4) {
        ids.extend(tx.query(
            sql!(
                "SELECT id FROM service_requests
                 WHERE jurisdiction_id = $1 AND cell >= $2 AND cell <= $3 AND +id >= $4 ORDER BY cell LIMIT $5"
            ),
            &params![request.jurisdiction, *range.start(), *range.end(), oldest, MOST_READ],
            |row| Ok(RequestId(row.get(0)?)),
        )?);
    }
    ids.retain(|id| *id != request.id);
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.truncate(MOST_READ as usize);
    let mut near: Vec<Nearby> = find::by_ids(tx, request.jurisdiction, &ids)?
        .into_iter()
        .filter(|other| other.is_public || find::may_see_internal(act, other))
        .filter_map(|other| {
            let metres = other.point?.metres_to(point);
            (metres <= METRES).then_some(Nearby { request: other, metres })
        })
        .collect();
    near.truncate(most);
    Ok(near)
}

fn around(point: Point) -> Bounds {
    let lat = METRES / 111_320.0;
    let long = lat / point.lat.to_radians().cos().max(0.01);
    Bounds::of(
        Point { lat: (point.lat - lat).max(-90.0), long: (point.long - long).max(-180.0) },
        Point { lat: (point.lat + lat).min(90.0), long: (point.long + long).min(180.0) },
    )
}

/// Who reported. The journal is told that somebody looked.
pub fn contact(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
) -> Result<Option<Contact>, WorkError> {
    let request = step::open(tx, act, jurisdiction, id, None)?;
    let contact = match find::contact(tx, act, &request) {
        Ok(contact) => contact,
        Err(find::ContactError::Denied(denied)) => return Err(WorkError::Denied(denied)),
        Err(find::ContactError::Failure(failure)) => return Err(WorkError::Failure(failure)),
    };
    act.record(tx, jurisdiction, SUBJECT, id.0, "contact-seen", "{}".into());
    Ok(contact)
}

/// What the same person said in the last twelve months, known by their mobile number, the newest first. Only what is
/// within the author's own right to such a history. The journal is told that somebody looked.
pub fn of_person(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    most: u32,
) -> Result<Vec<ServiceRequest>, WorkError> {
    let request = step::open(tx, act, jurisdiction, id, None)?;
    act.require(Permission::SeeHistory, request.place())?;
    act.record(tx, jurisdiction, SUBJECT, id.0, "history-seen", "{}".into());
    let mobile: Option<String> = tx.value(
        sql!("SELECT mobile FROM request_contacts WHERE jurisdiction_id = $1 AND request_id = $2"),
        &params![jurisdiction, id.0],
    )?;
    let Some(mobile) = mobile.filter(|mobile| !mobile.is_empty()) else { return Ok(Vec::new()) };
    let oldest = people::first_id_at(Timestamp(act.at.0 - MILLIS));
    let ids = tx.query(
        sql!(
            "SELECT request_id FROM request_contacts
             WHERE jurisdiction_id = $1 AND mobile = $2 AND mobile <> '' AND request_id >= $3 AND request_id <> $4
             ORDER BY request_id DESC LIMIT $5"
        ),
        &params![jurisdiction, &mobile, oldest, id.0, most],
        |row| Ok(RequestId(row.get(0)?)),
    )?;
    let found = find::by_ids(tx, jurisdiction, &ids)?;
    Ok(found.into_iter().filter(|other| act.may(Permission::SeeHistory, other.place())).collect())
}

/// Which account stands behind each fact of a request, by the number of the fact. For colleagues only: the public
/// thread names roles.
pub fn authors(tx: &mut Tx<'_>, request: &ServiceRequest) -> Result<std::collections::HashMap<i64, i64>> {
    let entries = storage::journal::of(tx, request.jurisdiction, SUBJECT, request.id.0, 500)?;
    Ok(entries
        .into_iter()
        .filter_map(|entry| Some((entry.seq, entry.actor.split_once(':')?.1.parse().ok()?)))
        .collect())
}
