//! One request, several units: it is split into parts, and answered when all of them are over.
//!
//! A part is a request of its own with its own unit and thread. It keeps the service, the place and the promise of the
//! whole and is as public as the whole is; it carries no reporter. The citizen follows the whole, which the program
//! answers in the units' own words.

use language::{TrackingCode, display};
use people::{Act, Actor, Permission};
use storage::{Result, Tx, params, sql};
use territory::{Place, cell};

use super::holds;
use super::step::{self, WorkError};
use crate::catalogue::catalogue;
use crate::figures::Counted;
use crate::find::{self, Told};
use crate::moves::{self, MOST_PHOTOS, MoveError, Step};
use crate::reply::Stage;
use crate::request::{RequestId, ServiceRequest};
use crate::rules::MOST_WORDS;
use crate::submit::{json, search_words};
use crate::{PhotoRef, SUBJECT, Status, search};

/// A request is split into so many parts at once.
pub const LEAST: usize = 2;
pub const MOST: usize = 10;
/// The source of a part, by which lists of the public and of near reports tell it from what citizens said.
pub const SOURCE: &str = "part";

/// One part: who does what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub unit: i64,
    pub words: String,
}

/// Splits a request. Its parts are given to their units at once.
pub fn split(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    seen: i64,
    parts: &[Part],
) -> Result<Vec<RequestId>, WorkError> {
    let whole = step::open(tx, act, jurisdiction, id, Some(seen))?;
    act.require(Permission::Assign, whole.place())?;
    if !(LEAST..=MOST).contains(&parts.len()) {
        return Err(WorkError::PartsWrong { least: LEAST, most: MOST });
    }
    if !whole.status.is_open() || whole_of(tx, &whole)?.is_some() || !of(tx, &whole)?.is_empty() {
        return Err(WorkError::NotSplittable);
    }
    let catalogue = catalogue(tx, jurisdiction)?;
    if parts.iter().any(|part| catalogue.unit(part.unit).is_none()) {
        return Err(WorkError::UnitUnknown);
    }
    let mut words = Vec::with_capacity(parts.len());
    for part in parts {
        let clean = display::clean_text(&part.words);
        if clean.is_empty() {
            return Err(WorkError::WordsMissing);
        }
        if clean.chars().count() > MOST_WORDS {
            return Err(WorkError::WordsTooLong { most: MOST_WORDS });
        }
        words.push(clean);
    }
    let mut ids = Vec::with_capacity(parts.len());
    for (n, (part, words)) in parts.iter().zip(words).enumerate() {
        ids.push(begin(tx, act, &whole, n + 1, part.unit, words)?);
    }
    if whole.status.move_to(Status::InProgress).is_some() || whole.status == Status::InProgress {
        holds::touch(tx, act, &whole)?;
    } else {
        // A request that units work on is given to somebody: to whoever splits it.
        let unit = whole.unit.or_else(|| act.by.unit()).or(parts.first().map(|p| p.unit));
        moves::make(tx, act, jurisdiction, id, &Step { unit, ..Step::to(Status::Assigned) })?;
    }
    let payload = json(&serde_json::json!({ "parts": ids.iter().map(|id| id.0).collect::<Vec<_>>() }))?;
    act.record(tx, jurisdiction, SUBJECT, id.0, "split", payload);
    Ok(ids)
}

fn begin(
    tx: &mut Tx<'_>,
    act: &Act,
    whole: &ServiceRequest,
    number: usize,
    unit: i64,
    words: String,
) -> Result<RequestId, WorkError> {
    let jurisdiction = whole.jurisdiction;
    let id = RequestId(act.new_id());
    let mut inserted = 0;
    for _ in 0..16 {
        let code = TrackingCode::from_random(act.dice.number());
        // The rest is the whole's own: service, place, promise, and how public it is.
        inserted = tx.execute(
            sql!(
                "INSERT INTO service_requests (jurisdiction_id, id, tracking_code, kind, service_id, status, is_open, is_public,
                     priority, channel, language, words, answers, address, district_id, neighbourhood_id, lat, long, cell, unit_id,
                     requested_at, updated_at, due_at, clock, status_note, photos, source, external_id)
                 SELECT jurisdiction_id, $3, $4, kind, service_id, $5, 1, is_public,
                     priority, channel, language, $6, answers, address, district_id, neighbourhood_id, lat, long, cell, $7,
                     $8, $8, due_at, clock, '', 0, $9, $10
                 FROM service_requests WHERE jurisdiction_id = $1 AND id = $2
                 ON CONFLICT (jurisdiction_id, tracking_code) DO NOTHING"
            ),
            &params![
                jurisdiction, whole.id.0, id.0, &code.to_string(), Status::Assigned.code(), &words, unit, act.at.0, SOURCE,
                &format!("{}-{number}", whole.code),
            ],
        )?;
        if inserted == 1 {
            break;
        }
    }
    if inserted != 1 {
        return Err(WorkError::Failure(storage::Error::Conflict));
    }
    tx.execute(
        sql!("INSERT INTO request_parts (jurisdiction_id, parent_id, child_id) VALUES ($1, $2, $3)"),
        &params![jurisdiction, whole.id.0, id.0],
    )?;
    let atlas = territory::atlas(tx, jurisdiction)?;
    if whole.is_public {
        let catalogue = catalogue(tx, jurisdiction)?;
        let place =
            Place { district: whole.district, neighbourhood: whole.neighbourhood, ..Place::default() };
        let text = search_words(&catalogue, whole.service, &place, &words, &whole.address);
        search::add(tx, jurisdiction, id, &text)?;
    }
    let counted = Counted {
        from: None,
        to: Some(Status::Assigned),
        service: whole.service,
        district: whole.district,
        neighbourhood: whole.neighbourhood,
        unit: Some(unit),
        cell: whole.point.filter(|_| whole.is_public).map(cell::of),
        requested_on: act.at.day(&atlas.jurisdiction.zone).days_since_epoch(),
        late: None,
        late_before: None,
    };
    let told = Told { unit: Some(unit), counted: Some(counted), ..Told::default() };
    act.record(tx, jurisdiction, SUBJECT, id.0, "split-off", json(&told)?);
    Ok(id)
}

/// The parts of a request, in the order in which they were made.
pub fn of(tx: &mut Tx<'_>, whole: &ServiceRequest) -> Result<Vec<ServiceRequest>> {
    let ids = tx.query(
        sql!(
            "SELECT child_id FROM request_parts WHERE jurisdiction_id = $1 AND parent_id = $2 ORDER BY child_id LIMIT 100"
        ),
        &params![whole.jurisdiction, whole.id.0],
        |row| Ok(RequestId(row.get(0)?)),
    )?;
    find::by_ids(tx, whole.jurisdiction, &ids)
}

/// The request that this one is a part of.
pub fn whole_of(tx: &mut Tx<'_>, part: &ServiceRequest) -> Result<Option<ServiceRequest>> {
    if part.source != SOURCE {
        return Ok(None);
    }
    let id: Option<i64> = tx.value(
        sql!("SELECT parent_id FROM request_parts WHERE jurisdiction_id = $1 AND child_id = $2"),
        &params![part.jurisdiction, part.id.0],
    )?;
    match id {
        Some(id) => find::by_id(tx, part.jurisdiction, RequestId(id)),
        None => Ok(None),
    }
}

/// A part was moved: when it was the last that was open, the whole is answered. Called by the verb that moves.
pub(crate) fn moved(
    tx: &mut Tx<'_>,
    act: &Act,
    before: &ServiceRequest,
    after: &ServiceRequest,
) -> Result<(), MoveError> {
    if after.source != SOURCE || after.status.is_open() || !before.status.is_open() {
        return Ok(());
    }
    let Some(whole) = whole_of(tx, after)? else { return Ok(()) };
    let parts = of(tx, &whole)?;
    if !whole.status.is_open() || parts.iter().any(|part| part.status.is_open()) {
        return Ok(());
    }
    let is_done = |part: &&ServiceRequest| matches!(part.status, Status::Answered | Status::Closed);
    let to = if parts.iter().any(|part| is_done(&part)) { Status::Answered } else { Status::Declined };
    if whole.status.move_to(to).is_none() {
        return Ok(());
    }
    let catalogue = catalogue(tx, whole.jurisdiction)?;
    let mut words = String::new();
    for part in parts.iter().filter(|part| !part.status_note.is_empty()) {
        if !words.is_empty() {
            words.push('\n');
        }
        let unit = catalogue.unit_name(part.unit, whole.language);
        words.push_str(&format!("{unit}: {}", part.status_note));
    }
    let mut words: String = words.chars().take(MOST_WORDS).collect();
    if words.is_empty() {
        words.push('✓');
    }
    // What the units showed of their work is shown with the whole.
    let ids: Vec<RequestId> = parts.iter().map(|part| part.id).collect();
    let after = find::photos_of(tx, whole.jurisdiction, &ids)?
        .into_iter()
        .filter(|(_, p)| p.stage == Stage::After.code());
    let photos = after.take(MOST_PHOTOS).map(|(_, photo)| PhotoRef {
        file: photo.file,
        thumbnail: photo.thumbnail,
        width: u32::try_from(photo.width).unwrap_or_default(),
        height: u32::try_from(photo.height).unwrap_or_default(),
    });
    let step = Step::to(to).saying(words).showing(Stage::After, photos);
    let act = Act { by: Actor::System("parts"), ..act.clone() };
    moves::make(tx, &act, whole.jurisdiction, whole.id, &step)?;
    Ok(())
}

/// The whole was hidden or shown: its parts follow. Called by the verb that hides.
pub(crate) fn hidden(
    tx: &mut Tx<'_>,
    act: &Act,
    whole: &ServiceRequest,
    public: bool,
    why: &str,
) -> Result<(), MoveError> {
    if whole.source == SOURCE {
        return Ok(());
    }
    for part in of(tx, whole)? {
        let act = Act { by: Actor::System("parts"), ..act.clone() };
        crate::visibility::set_public(tx, &act, part.jurisdiction, part.id, public, why)?;
    }
    Ok(())
}
