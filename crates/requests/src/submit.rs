//! A person says something to the city.
//!
//! It happens in two steps. [`prepare`] reads the draft against the rules, places it, routes it and works out the
//! promise, without a database and on any thread. [`store`] writes the rows, the search words and the fact, which is all
//! that the one writer has to do. [`submit()`] is both in one transaction. A repeated send with the same key
//! answers what the first one answered.

use std::ops::RangeInclusive;
use std::sync::Arc;

use calendar::{Clock, Timestamp};
use language::{TrackingCode, fold, mask};
use people::{Act, Permission, permissions::Where};
use serde::Serialize;
use sha2::{Digest, Sha256};
use storage::{Tx, params, sql};
use territory::{Atlas, Place, Point, cell};

use crate::catalogue::{Catalogue, catalogue};
use crate::figures::Counted;
use crate::request::{RequestId, ServiceRequest};
use crate::rules::{MOST_LINE, read};
use crate::storm::{self, Storms};
use crate::{Contact, Draft, PhotoRef, Refusal, SUBJECT, Status, duplicates, find, search};

#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    #[error("refused: {0:?}")]
    Refused(Vec<Refusal>),
    #[error(transparent)]
    Denied(#[from] people::Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl From<Refusal> for SubmitError {
    fn from(refusal: Refusal) -> Self {
        SubmitError::Refused(vec![refusal])
    }
}

/// What the sender is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Submitted {
    pub id: RequestId,
    pub code: TrackingCode,
    pub due_at: Option<Timestamp>,
    pub unit: Option<i64>,
    /// Open requests that may be about the same thing, nearest first.
    pub alike: Vec<RequestId>,
    /// The answer to an earlier send with the same key.
    pub repeated: bool,
}

/// The city's rules as they stood at one edition, in memory.
pub struct Rules {
    edition: i64,
    pub catalogue: Arc<Catalogue>,
    pub atlas: Arc<Atlas>,
    pub storms: Arc<Storms>,
}

/// The rules as this transaction sees them. `storage::Db::remembered` gives a door the last ones without asking.
pub fn rules(tx: &mut Tx<'_>, jurisdiction: i64) -> storage::Result<Arc<Rules>> {
    tx.memo(jurisdiction, |tx, jurisdiction| {
        Ok(Rules {
            edition: tx.edition(jurisdiction)?,
            catalogue: catalogue(tx, jurisdiction)?,
            atlas: territory::atlas(tx, jurisdiction)?,
            storms: storm::current(tx, jurisdiction)?,
        })
    })
}

/// A draft that passed every rule, with everything worked out that needs no row.
#[derive(Debug)]
pub struct Ready {
    /// The edition of the rules that it was read against.
    edition: i64,
    body: String,
    service: i64,
    is_public: bool,
    place: Place,
    point: Option<Point>,
    words: String,
    address: String,
    answers: String,
    contact: Contact,
    unit: Option<i64>,
    due_at: Option<Timestamp>,
    clock: String,
    search: String,
    payload: String,
    /// Where to look for others that may be about the same thing.
    reach: Vec<RangeInclusive<i64>>,
}

/// What would be refused if the draft were sent as it is. Nothing is stored.
pub fn check(tx: &mut Tx<'_>, draft: &Draft) -> storage::Result<Vec<Refusal>> {
    let rules = rules(tx, draft.jurisdiction)?;
    Ok(read(&rules.catalogue, &rules.atlas, draft).err().unwrap_or_default())
}

/// Stores what somebody says and gives it a code, a unit and a promise.
pub fn submit(tx: &mut Tx<'_>, act: &Act, draft: &Draft) -> Result<Submitted, SubmitError> {
    let rules = rules(tx, draft.jurisdiction)?;
    match prepare(&rules, act, draft) {
        Ok(ready) => write(tx, act, draft, &ready),
        // What was taken in once stays so, whatever became of the rules since.
        Err(SubmitError::Refused(no)) => earlier(tx, act, draft)?.ok_or(SubmitError::Refused(no)),
        Err(error) => Err(error),
    }
}

/// The first step: reads the draft against the rules, places it, routes it and works out the promise. It needs no
/// database, so doors take it on their own threads.
pub fn prepare(rules: &Rules, act: &Act, draft: &Draft) -> Result<Ready, SubmitError> {
    act.require(Permission::Submit, Where::city(draft.jurisdiction))?;
    let Rules { catalogue, atlas, storms, edition } = rules;
    let checked = read(catalogue, atlas, draft).map_err(SubmitError::Refused)?;
    let service = checked.service;
    let unit = catalogue.responsible(service, checked.place.district);
    let clock = service.target(draft.priority).map(|target| Clock {
        shifted_millis: storms.shift(service, checked.place.district),
        ..Clock::start(act.at, target)
    });
    let is_public = service.is_public();
    let search = if is_public {
        search_words(catalogue, service.id, &checked.place, &checked.words, &checked.address)
    } else {
        String::new()
    };
    let counted = Counted {
        from: None,
        to: Some(Status::Received),
        service: service.id,
        district: checked.place.district,
        neighbourhood: checked.place.neighbourhood,
        unit,
        cell: checked.point.filter(|_| is_public).map(cell::of),
        requested_on: act.at.day(&atlas.jurisdiction.zone).days_since_epoch(),
        late: None,
        late_before: None,
    };
    Ok(Ready {
        edition: *edition,
        body: body_of(draft)?,
        service: service.id,
        is_public,
        place: checked.place,
        point: checked.point,
        words: checked.words,
        address: checked.address,
        answers: if checked.answers.is_empty() { String::new() } else { json(&checked.answers)? },
        contact: checked.contact,
        unit,
        due_at: clock.map(|clock| clock.due_at(atlas.working())),
        clock: clock.as_ref().map(json).transpose()?.unwrap_or_default(),
        search,
        payload: json(&counted)?,
        reach: checked.point.map(duplicates::reach).unwrap_or_default(),
    })
}

/// The second step, in the writer: the rows, the search words, the fact. When the rules changed since the first, both
/// are taken here.
pub fn store(tx: &mut Tx<'_>, act: &Act, draft: &Draft, ready: &Ready) -> Result<Submitted, SubmitError> {
    if tx.edition(draft.jurisdiction)? != ready.edition {
        return submit(tx, act, draft);
    }
    write(tx, act, draft, ready)
}

fn write(tx: &mut Tx<'_>, act: &Act, draft: &Draft, ready: &Ready) -> Result<Submitted, SubmitError> {
    let jurisdiction = draft.jurisdiction;
    let id = RequestId(act.new_id());
    if let Some(earlier) = claim(tx, act, draft, &ready.body, id)? {
        return Ok(earlier);
    }
    let alike = duplicates::ids_near(tx, jurisdiction, ready.service, &ready.reach, act.at)?;
    let code = insert(tx, act, draft, ready, id)?;
    store_contact(tx, jurisdiction, id, &ready.contact)?;
    store_photos(tx, act, jurisdiction, id, &draft.photos, ready.is_public)?;
    if ready.is_public {
        search::add(tx, jurisdiction, id, &ready.search)?;
    }
    act.record(tx, jurisdiction, SUBJECT, id.0, "submitted", ready.payload.clone());
    Ok(Submitted { id, code, due_at: ready.due_at, unit: ready.unit, alike, repeated: false })
}

/// Inserts the row under a tracking code that no request of this city has.
fn insert(
    tx: &mut Tx<'_>,
    act: &Act,
    draft: &Draft,
    ready: &Ready,
    id: RequestId,
) -> Result<TrackingCode, SubmitError> {
    let (source, external_id) = match &draft.source {
        Some((source, id)) => (source.as_str(), Some(id.as_str())),
        None => ("", None),
    };
    for _ in 0..16 {
        let code = TrackingCode::from_random(act.dice.number());
        let inserted = tx.execute(
            sql!(
                "INSERT INTO service_requests (jurisdiction_id, id, tracking_code, kind, service_id, status, is_open, is_public,
                     priority, channel, language, words, answers, address, district_id, neighbourhood_id, lat, long, cell, unit_id,
                     requested_at, updated_at, due_at, clock, status_note, photos, source, external_id)
                 VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $20, $21, $22,
                     '', $23, $24, $25)
                 ON CONFLICT (jurisdiction_id, tracking_code) DO NOTHING"
            ),
            &params![
                draft.jurisdiction, id.0, &code.to_string(), draft.kind.code(), ready.service, Status::Received.code(),
                ready.is_public, draft.priority.code(), draft.channel.code(), draft.language.code(), &ready.words, &ready.answers,
                &ready.address, ready.place.district, ready.place.neighbourhood, ready.point.map(|p| p.lat),
                ready.point.map(|p| p.long), ready.point.map(cell::of), ready.unit, act.at.0, ready.due_at.map(|t| t.0),
                &ready.clock, draft.photos.len() as i64, source, external_id,
            ],
        )?;
        if inserted == 1 {
            return Ok(code);
        }
    }
    Err(storage::Error::Conflict.into())
}

/// The search text of a request, folded.
pub(crate) fn search_words(
    catalogue: &Catalogue,
    service: i64,
    place: &Place,
    words: &str,
    address: &str,
) -> String {
    // What the public must not read, the public must not find either.
    let mut text = fold::search_text(&mask::public_text(words));
    for more in [
        fold::search_text(&mask::public_text(address)).as_str(),
        catalogue.service_words(service),
        catalogue.place_words(place.neighbourhood),
        catalogue.place_words(place.district),
    ] {
        if !more.is_empty() {
            text.push(' ');
            text.push_str(more);
        }
    }
    text
}

/// What was answered to the same draft before; a key that was used for something else is refused.
pub fn earlier(tx: &mut Tx<'_>, act: &Act, draft: &Draft) -> Result<Option<Submitted>, SubmitError> {
    if let Some(known) = known_to_source(tx, draft)? {
        return Ok(Some(known));
    }
    match key_of(act, draft)? {
        Some(key) => answered_under(tx, draft, &key, &body_of(draft)?),
        None => Ok(None),
    }
}

/// Takes the sender's number and the idempotency key, or returns what was answered to whoever took them first.
fn claim(
    tx: &mut Tx<'_>,
    act: &Act,
    draft: &Draft,
    body: &str,
    id: RequestId,
) -> Result<Option<Submitted>, SubmitError> {
    if let Some(known) = known_to_source(tx, draft)? {
        return Ok(Some(known));
    }
    let Some(key) = key_of(act, draft)? else { return Ok(None) };
    let taken = tx.execute(
        sql!(
            "INSERT INTO idempotency_keys (jurisdiction_id, key, body, request_id, at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (jurisdiction_id, key) DO NOTHING"
        ),
        &params![draft.jurisdiction, &key, body, id.0, act.at.0],
    )?;
    if taken == 1 { Ok(None) } else { answered_under(tx, draft, &key, body) }
}

/// The key as it is kept. Two programs may both count from one, so each author has keys of its own.
fn key_of(act: &Act, draft: &Draft) -> Result<Option<String>, SubmitError> {
    match draft.idempotency_key.as_deref() {
        None | Some("") => Ok(None),
        Some(key) if key.len() > MOST_LINE => Err(Refusal::KeyTooLong.into()),
        Some(key) => Ok(Some(format!("{}: {key}", act.by.signature()))),
    }
}

/// What the key stands for: the same key with other words is another request, and a mistake.
fn body_of(draft: &Draft) -> storage::Result<String> {
    // By what somebody sent it says nothing of what they said: a cookie may have come between two sends.
    let contact = Contact { device: String::new(), ..draft.contact.clone() };
    let draft = Draft { contact, ..draft.clone() };
    Ok(Sha256::digest(json(&draft)?.as_bytes()).iter().take(16).map(|b| format!("{b:02x}")).collect())
}

fn known_to_source(tx: &mut Tx<'_>, draft: &Draft) -> Result<Option<Submitted>, SubmitError> {
    let Some((source, external_id)) = &draft.source else { return Ok(None) };
    let known = find::by_source(tx, draft.jurisdiction, source, external_id)?;
    Ok(known.as_ref().map(repeated))
}

fn answered_under(
    tx: &mut Tx<'_>,
    draft: &Draft,
    key: &str,
    body: &str,
) -> Result<Option<Submitted>, SubmitError> {
    let first = tx.query_opt(
        sql!("SELECT body, request_id FROM idempotency_keys WHERE jurisdiction_id = $1 AND key = $2"),
        &params![draft.jurisdiction, key],
        |row| Ok((row.get::<String>(0)?, RequestId(row.get(1)?))),
    )?;
    match first {
        None => Ok(None),
        Some((same, id)) if same == body => {
            let known = find::by_id(tx, draft.jurisdiction, id)?.ok_or(storage::Error::Conflict)?;
            Ok(Some(repeated(&known)))
        }
        Some(_) => Err(Refusal::KeyReused.into()),
    }
}

fn repeated(known: &ServiceRequest) -> Submitted {
    Submitted {
        id: known.id,
        code: known.code,
        due_at: known.due_at,
        unit: known.unit,
        alike: Vec::new(),
        repeated: true,
    }
}

fn store_contact(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    id: RequestId,
    contact: &Contact,
) -> storage::Result<()> {
    if contact.is_empty() {
        return Ok(());
    }
    tx.execute(
        sql!(
            "INSERT INTO request_contacts (jurisdiction_id, request_id, name, mobile, email, device, account)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &params![
            jurisdiction,
            id.0,
            &contact.name,
            &contact.mobile,
            &contact.email,
            &contact.device,
            &contact.account
        ],
    )?;
    Ok(())
}

fn store_photos(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    photos: &[PhotoRef],
    is_public: bool,
) -> storage::Result<()> {
    for (position, photo) in photos.iter().enumerate() {
        tx.execute(
            sql!(
                "INSERT INTO request_photos (jurisdiction_id, request_id, position, at, file, thumbnail, width, height, stage, is_public)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'reported', $9)"
            ),
            &params![
                jurisdiction, id.0, position as i64, act.at.0, &photo.file, &photo.thumbnail, photo.width, photo.height, is_public
            ],
        )?;
    }
    Ok(())
}

pub(crate) fn json<T: Serialize>(value: &T) -> storage::Result<String> {
    serde_json::to_string(value).map_err(storage::Error::corrupt)
}
