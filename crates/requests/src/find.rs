//! One request, its thread, its photos, and, for those who may, who reported it.

use std::collections::HashMap;

use calendar::Timestamp;
use language::TrackingCode;
use people::{Act, Actor, Denied, Permission, Role};
use storage::{Filter, Result, Tx, journal, params, sql};

use crate::figures::Counted;
use crate::request::{RequestId, ServiceRequest, columns};
use crate::{Contact, SUBJECT, Status};

const MOST_KNOTS: u32 = 500;
/// The same for all requests of a list together.
const MOST_KNOTS_OF_MANY: u32 = 50_000;

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: RequestId) -> Result<Option<ServiceRequest>> {
    tx.query_opt(
        sql!(concat!("SELECT ", columns!(), " FROM service_requests WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id.0],
        ServiceRequest::from_row,
    )
}

pub fn by_code(tx: &mut Tx<'_>, jurisdiction: i64, code: TrackingCode) -> Result<Option<ServiceRequest>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM service_requests WHERE jurisdiction_id = $1 AND tracking_code = $2"
        )),
        &params![jurisdiction, &code.to_string()],
        ServiceRequest::from_row,
    )
}

/// The request that a source knows by its own number.
pub fn by_source(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    source: &str,
    external_id: &str,
) -> Result<Option<ServiceRequest>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM service_requests WHERE jurisdiction_id = $1 AND source = $2 AND external_id = $3 AND external_id IS NOT NULL"
        )),
        &params![jurisdiction, source, external_id],
        ServiceRequest::from_row,
    )
}

/// Several at once, in the order asked for; those that are not there are left out.
pub fn by_ids(tx: &mut Tx<'_>, jurisdiction: i64, ids: &[RequestId]) -> Result<Vec<ServiceRequest>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut filter = Filter::new();
    filter.and("jurisdiction_id = {}", [jurisdiction]).within("id", ids.iter().map(|id| id.0));
    let (sql, params) = filter
        .finish(concat!("SELECT ", columns!(), " FROM service_requests WHERE"), "ORDER BY id LIMIT 5000");
    let mut found = tx.query(&sql, &params, ServiceRequest::from_row)?;
    let order: HashMap<i64, usize> = ids.iter().enumerate().map(|(n, id)| (id.0, n)).collect();
    found.sort_by_key(|r| order.get(&r.id.0).copied().unwrap_or(usize::MAX));
    Ok(found)
}

/// One knot of the thread: what happened, when, by whom, and what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knot {
    pub seq: i64,
    pub at: Timestamp,
    pub by: Role,
    /// The fact's code: `submitted`, `assigned`, `answered` ...
    pub fact: String,
    /// Where the request stood afterwards, when the fact moved it.
    pub status: Option<Status>,
    /// The unit that had it from then on, when the fact says so.
    pub unit: Option<i64>,
    pub text: String,
    /// Colleagues only.
    pub is_internal: bool,
}

/// What happened to a request, oldest first. Internal notes are there only when `internal` is asked for; ask
/// [`may_see_internal`] before.
pub fn thread(tx: &mut Tx<'_>, request: &ServiceRequest, internal: bool) -> Result<Vec<Knot>> {
    let facts = journal::of(tx, request.jurisdiction, SUBJECT, request.id.0, MOST_KNOTS)?;
    let notes = notes_of(tx, request.jurisdiction, &[request.id])?;
    Ok(facts.into_iter().filter_map(|entry| knot(entry, &notes, internal)).collect())
}

/// The public [`thread`] of several requests, in two statements however many they are.
pub fn threads(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    ids: &[RequestId],
) -> Result<HashMap<RequestId, Vec<Knot>>> {
    let mut threads: HashMap<RequestId, Vec<Knot>> = HashMap::new();
    if ids.is_empty() {
        return Ok(threads);
    }
    let facts = journal::of_many(tx, jurisdiction, SUBJECT, ids.iter().map(|id| id.0), MOST_KNOTS_OF_MANY)?;
    let notes = notes_of(tx, jurisdiction, ids)?;
    for entry in facts {
        let of = RequestId(entry.subject);
        if let Some(knot) = knot(entry, &notes, false) {
            threads.entry(of).or_default().push(knot);
        }
    }
    Ok(threads)
}

/// Words by the id of their note, and whether they are for colleagues.
fn notes_of(tx: &mut Tx<'_>, jurisdiction: i64, ids: &[RequestId]) -> Result<HashMap<i64, (String, bool)>> {
    let mut filter = Filter::new();
    filter.and("jurisdiction_id = {}", [jurisdiction]).within("request_id", ids.iter().map(|id| id.0));
    let tail = format!("ORDER BY request_id, id LIMIT {MOST_KNOTS_OF_MANY}");
    let (sql, conditions) = filter.finish("SELECT id, text, visibility FROM request_notes WHERE", &tail);
    let notes = tx.query(&sql, &conditions, |row| {
        Ok((row.get::<i64>(0)?, (row.get::<String>(1)?, row.get::<String>(2)? == "internal")))
    })?;
    Ok(notes.into_iter().collect())
}

/// What a fact tells; `None` when it is not for whoever asks.
fn knot(entry: journal::Entry, notes: &HashMap<i64, (String, bool)>, internal: bool) -> Option<Knot> {
    // The first half of a change of unit is for the figures; the second half tells it.
    if entry.fact == "handed-over" {
        return None;
    }
    let told: Told = serde_json::from_str(&entry.payload).unwrap_or_default();
    let (text, is_internal) = match told.note.and_then(|id| notes.get(&id)) {
        Some((text, is_internal)) => (text.clone(), *is_internal),
        None => (String::new(), is_for_colleagues(&entry.fact)),
    };
    if is_internal && !internal {
        return None;
    }
    Some(Knot {
        seq: entry.seq,
        at: Timestamp(entry.at),
        by: Actor::role_of(&entry.actor),
        fact: entry.fact,
        status: told.counted.as_ref().and_then(|c| c.to),
        unit: told.unit,
        text,
        is_internal,
    })
}

/// Facts about the work on a request that are nobody's business but the colleagues'.
fn is_for_colleagues(fact: &str) -> bool {
    matches!(
        fact,
        "noted-internally"
            | "held"
            | "mentioned"
            | "masked"
            | "anonymised"
            | "photographed"
            | "contact-seen"
            | "history-seen"
            | "referral-reminded"
            | "referral-answered"
            | "referral-link-made"
            | "legally-held"
            | "legally-released"
    )
}

/// What a payload says beside the figures.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Told {
    /// The note with the words that go with the fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<i64>,
    /// SHA-256 of those words, so that the journal proves them without holding them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words_hash: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<i64>,
    /// The answer that this fact gives or replies to.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<crate::feedback::Answered>,
    #[serde(default, skip_serializing_if = "Option::is_none", flatten)]
    pub counted: Option<Counted>,
}

pub fn may_see_internal(act: &Act, request: &ServiceRequest) -> bool {
    act.may(Permission::SeeInternal, request.place())
}

/// A photo of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    pub file: String,
    pub thumbnail: String,
    pub width: i64,
    pub height: i64,
    pub at: Timestamp,
    /// `reported`, `before`, `after`.
    pub stage: String,
}

/// The photos that everybody may see.
pub fn photos(tx: &mut Tx<'_>, request: &ServiceRequest) -> Result<Vec<Photo>> {
    if request.photos == 0 {
        return Ok(Vec::new());
    }
    tx.query(
        sql!(
            "SELECT file, thumbnail, width, height, at, stage FROM request_photos
             WHERE jurisdiction_id = $1 AND request_id = $2 AND is_public = 1 ORDER BY position LIMIT 100"
        ),
        &params![request.jurisdiction, request.id.0],
        |row| {
            Ok(Photo {
                file: row.get(0)?,
                thumbnail: row.get(1)?,
                width: row.get(2)?,
                height: row.get(3)?,
                at: Timestamp(row.get(4)?),
                stage: row.get(5)?,
            })
        },
    )
}

/// The photos that everybody may see, of several requests at once.
pub fn photos_of(tx: &mut Tx<'_>, jurisdiction: i64, ids: &[RequestId]) -> Result<Vec<(RequestId, Photo)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut filter = Filter::new();
    filter
        .and("jurisdiction_id = {} AND is_public = 1", [jurisdiction])
        .within("request_id", ids.iter().map(|id| id.0));
    let (sql, params) = filter.finish(
        "SELECT request_id, file, thumbnail, width, height, at, stage FROM request_photos WHERE",
        "ORDER BY request_id, position LIMIT 10000",
    );
    tx.query(&sql, &params, |row| {
        let photo = Photo {
            file: row.get(1)?,
            thumbnail: row.get(2)?,
            width: row.get(3)?,
            height: row.get(4)?,
            at: Timestamp(row.get(5)?),
            stage: row.get(6)?,
        };
        Ok((RequestId(row.get(0)?), photo))
    })
}

/// Whether a file is a public photo of some public request, so that it may be served to anyone.
pub fn is_public_photo(tx: &mut Tx<'_>, jurisdiction: i64, file: &str) -> Result<bool> {
    let found: Option<i64> = tx.value(
        sql!(
            "SELECT CAST(1 AS BIGINT) FROM request_photos p JOIN service_requests r ON r.jurisdiction_id = p.jurisdiction_id AND r.id = p.request_id
             WHERE p.jurisdiction_id = $1 AND (p.file = $2 OR p.thumbnail = $2) AND p.is_public = 1 AND r.is_public = 1 LIMIT 1"
        ),
        &params![jurisdiction, file],
    )?;
    Ok(found.is_some())
}

/// Whose a file of the photo store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoStanding {
    /// It belongs to no request (yet).
    OfNobody,
    Public,
    /// It belongs to a request, and not everybody may see it.
    Hidden,
}

/// How a photo or a small copy stands in a city.
pub fn photo_standing(tx: &mut Tx<'_>, jurisdiction: i64, file: &str) -> Result<PhotoStanding> {
    if is_public_photo(tx, jurisdiction, file)? {
        return Ok(PhotoStanding::Public);
    }
    let known: Option<i64> = tx.value(
        sql!("SELECT CAST(1 AS BIGINT) FROM request_photos WHERE jurisdiction_id = $1 AND (file = $2 OR thumbnail = $2) LIMIT 1"),
        &params![jurisdiction, file],
    )?;
    Ok(if known.is_some() { PhotoStanding::Hidden } else { PhotoStanding::OfNobody })
}

/// Who reported it. Refused to those who may not know.
pub fn contact(
    tx: &mut Tx<'_>,
    act: &Act,
    request: &ServiceRequest,
) -> Result<Option<Contact>, ContactError> {
    act.require(Permission::SeeContact, request.place())?;
    Ok(tx.query_opt(
        sql!("SELECT name, mobile, email, device, account FROM request_contacts WHERE jurisdiction_id = $1 AND request_id = $2"),
        &params![request.jurisdiction, request.id.0],
        |row| {
            Ok(Contact { name: row.get(0)?, mobile: row.get(1)?, email: row.get(2)?, device: row.get(3)?, account: row.get(4)? })
        },
    )?)
}

#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}
