//! A person says something to the city.
//!
//! Everything that is wrong is said at once, each refusal naming the field it stands beside. What is right is
//! placed, routed and promised, stored with its search words, and announced, all in one transaction. A repeated
//! send with the same key answers what the first one answered.

use calendar::{Clock, Timestamp};
use language::{Lang, TrackingCode, display, fold, mobile};
use people::{Act, Permission, permissions::Where};
use serde::Serialize;
use sha2::{Digest, Sha256};
use storage::{Tx, params, sql};
use territory::{Atlas, Located, Place, Point, cell};

use crate::answers;
use crate::catalogue::{Catalogue, catalogue};
use crate::figures::Counted;
use crate::find;
use crate::kinds::{Channel, Kind, Priority};
use crate::request::{RequestId, ServiceRequest};
use crate::service::Service;
use crate::{Refusal, SUBJECT, Status, duplicates, search};

/// Open311's limit for a description, in characters.
pub const MOST_WORDS: usize = 4000;
pub const MOST_PHOTOS: usize = 5;
const MOST_LINE: usize = 300;

/// What somebody wants to say. Everything is as typed; `submit` cleans and checks it.
#[derive(Debug, Clone, Serialize)]
pub struct Draft {
    pub jurisdiction: i64,
    pub kind: Kind,
    pub service_code: String,
    pub place: PlaceDraft,
    pub words: String,
    /// Question code and what was answered.
    pub answers: Vec<(String, Vec<String>)>,
    pub priority: Priority,
    pub channel: Channel,
    pub language: Lang,
    pub contact: Contact,
    /// Photos that were already made safe and kept as files.
    #[serde(skip)]
    pub photos: Vec<PhotoRef>,
    /// Made by the sender's device; the same key is the same request for ever.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
    /// The sender's own number for it, unique within the source.
    pub source: Option<(String, String)>,
}

impl Draft {
    /// An empty draft, for doors to fill.
    pub fn new(jurisdiction: i64, channel: Channel, language: Lang) -> Self {
        Draft {
            jurisdiction,
            kind: Kind::Request,
            service_code: String::new(),
            place: PlaceDraft::default(),
            words: String::new(),
            answers: Vec::new(),
            priority: Priority::Normal,
            channel,
            language,
            contact: Contact::default(),
            photos: Vec::new(),
            idempotency_key: None,
            source: None,
        }
    }
}

/// Where it is: a point, or a chosen division, or words; the more the better, at least one.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PlaceDraft {
    /// Latitude and longitude in degrees, unchecked.
    pub point: Option<(f64, f64)>,
    /// A neighbourhood or a district, by id.
    pub division: Option<i64>,
    pub address: String,
}

/// Who reports. All of it is optional and none of it is public.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Contact {
    pub name: String,
    pub mobile: String,
    pub email: String,
    pub device: String,
    pub account: String,
}

impl Contact {
    pub fn is_empty(&self) -> bool {
        *self == Contact::default()
    }
}

/// A photo that is kept: the names of its files and its size in pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoRef {
    pub file: String,
    pub thumbnail: String,
    pub width: u32,
    pub height: u32,
}

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

/// A draft that passed every rule.
struct Checked<'c> {
    service: &'c Service,
    place: Place,
    point: Option<Point>,
    words: String,
    address: String,
    answers: Vec<answers::Answer>,
    contact: Contact,
}

/// What would be refused if the draft were sent as it is. Nothing is stored.
pub fn check(tx: &mut Tx<'_>, draft: &Draft) -> storage::Result<Vec<Refusal>> {
    let catalogue = catalogue(tx, draft.jurisdiction)?;
    let atlas = territory::atlas(tx, draft.jurisdiction)?;
    Ok(read(&catalogue, &atlas, draft).err().unwrap_or_default())
}

/// Stores what somebody says and gives it a code, a unit and a promise.
pub fn submit(tx: &mut Tx<'_>, act: &Act, draft: &Draft) -> Result<Submitted, SubmitError> {
    act.require(Permission::Submit, Where::city(draft.jurisdiction))?;
    let jurisdiction = draft.jurisdiction;
    let id = RequestId(act.new_id());
    if let Some(earlier) = claim_key(tx, act, draft, id)? {
        return Ok(earlier);
    }
    let catalogue = catalogue(tx, jurisdiction)?;
    let atlas = territory::atlas(tx, jurisdiction)?;
    let checked = read(&catalogue, &atlas, draft).map_err(SubmitError::Refused)?;
    let service = checked.service;

    let unit = catalogue.responsible(service, checked.place.district);
    let clock = service.target(draft.priority).map(|target| Clock::start(act.at, target));
    let due_at = clock.map(|clock| clock.due_at(atlas.working()));
    let alike = match checked.point {
        Some(point) => duplicates::ids_near(tx, &catalogue, service, point, act.at)?,
        None => Vec::new(),
    };
    let code = free_code(tx, act, jurisdiction)?;
    let point_cell = checked.point.map(cell::of);
    let answers = if checked.answers.is_empty() { String::new() } else { json(&checked.answers)? };
    let clock_text = clock.as_ref().map(json).transpose()?.unwrap_or_default();
    let (source, external_id) = match &draft.source {
        Some((source, id)) => (source.as_str(), Some(id.as_str())),
        None => ("", None),
    };
    tx.execute(
        sql!(
            "INSERT INTO service_requests (jurisdiction_id, id, tracking_code, kind, service_id, status, is_open, is_public, priority,
                 channel, language, words, answers, address, district_id, neighbourhood_id, lat, long, cell, unit_id, requested_at,
                 updated_at, due_at, clock, status_note, photos, source, external_id)
             VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $20, $21, $22, '', $23, $24, $25)"
        ),
        &params![
            jurisdiction, id.0, &code.to_string(), draft.kind.code(), service.id, Status::Received.code(), service.is_public(),
            draft.priority.code(), draft.channel.code(), draft.language.code(), &checked.words, &answers, &checked.address,
            checked.place.district, checked.place.neighbourhood, checked.point.map(|p| p.lat), checked.point.map(|p| p.long),
            point_cell, unit, act.at.0, due_at.map(|t| t.0), &clock_text, draft.photos.len() as i64, source, external_id,
        ],
    )?;
    store_contact(tx, jurisdiction, id, &checked.contact)?;
    store_photos(tx, act, jurisdiction, id, &draft.photos, service.is_public())?;
    if service.is_public() {
        let words = search_words(&catalogue, service.id, &checked.place, &checked.words, &checked.address);
        search::add(tx, jurisdiction, id, &words)?;
    }
    let counted = Counted {
        from: None,
        to: Some(Status::Received),
        service: service.id,
        district: checked.place.district,
        neighbourhood: checked.place.neighbourhood,
        unit,
        cell: if service.is_public() { point_cell } else { None },
        requested_on: act.at.day(&atlas.jurisdiction.zone).days_since_epoch(),
        late: None,
    };
    act.record(tx, jurisdiction, SUBJECT, id.0, "submitted", json(&counted)?);
    Ok(Submitted { id, code, due_at, unit, alike, repeated: false })
}

/// The search text of a request, folded.
pub(crate) fn search_words(
    catalogue: &Catalogue,
    service: i64,
    place: &Place,
    words: &str,
    address: &str,
) -> String {
    let mut text = fold::search_text(words);
    for more in [
        fold::search_text(address).as_str(),
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

/// Takes the idempotency key, or returns what was answered to whoever took it before.
fn claim_key(
    tx: &mut Tx<'_>,
    act: &Act,
    draft: &Draft,
    id: RequestId,
) -> Result<Option<Submitted>, SubmitError> {
    if let Some((source, external_id)) = &draft.source
        && let Some(known) = find::by_source(tx, draft.jurisdiction, source, external_id)?
    {
        return Ok(Some(repeated(&known)));
    }
    let Some(key) = draft.idempotency_key.as_deref().filter(|k| !k.is_empty()) else { return Ok(None) };
    if key.len() > MOST_LINE {
        return Err(Refusal::KeyTooLong.into());
    }
    let body: String =
        Sha256::digest(json(draft)?.as_bytes()).iter().take(16).map(|b| format!("{b:02x}")).collect();
    let taken = tx.execute(
        sql!(
            "INSERT INTO idempotency_keys (jurisdiction_id, key, body, request_id, at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (jurisdiction_id, key) DO NOTHING"
        ),
        &params![draft.jurisdiction, key, &body, id.0, act.at.0],
    )?;
    if taken == 1 {
        return Ok(None);
    }
    let first = tx.query_opt(
        sql!("SELECT body, request_id FROM idempotency_keys WHERE jurisdiction_id = $1 AND key = $2"),
        &params![draft.jurisdiction, key],
        |row| Ok((row.get::<String>(0)?, RequestId(row.get(1)?))),
    )?;
    match first {
        Some((same, id)) if same == body => {
            let known = find::by_id(tx, draft.jurisdiction, id)?.ok_or(storage::Error::Conflict)?;
            Ok(Some(repeated(&known)))
        }
        _ => Err(Refusal::KeyReused.into()),
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

/// Reads the draft against the rules and says everything that is wrong.
fn read<'c>(catalogue: &'c Catalogue, atlas: &Atlas, draft: &Draft) -> Result<Checked<'c>, Vec<Refusal>> {
    let mut no = Vec::new();
    let service = match draft.service_code.trim() {
        "" => {
            no.push(Refusal::ServiceMissing);
            None
        }
        code => match catalogue.by_code(code) {
            Some(service) if service.is_open => Some(service),
            Some(_) => {
                no.push(Refusal::ServiceClosed { code: code.into() });
                None
            }
            None => {
                no.push(Refusal::ServiceUnknown { code: code.into() });
                None
            }
        },
    };
    let (place, point) = read_place(atlas, &draft.place, &mut no);
    let words = display::clean_text(&draft.words);
    let given = words.chars().count();
    if given > MOST_WORDS {
        no.push(Refusal::WordsTooLong { most: MOST_WORDS, given });
    }
    if words.is_empty() && draft.kind != Kind::Request {
        // A pothole speaks for itself; a complaint or a thank-you does not.
        no.push(Refusal::NothingSaid);
    }
    let address = display::clean_line(&draft.place.address);
    if address.chars().count() > MOST_LINE {
        no.push(Refusal::AddressTooLong { most: MOST_LINE });
    }
    let answers = match service.map(|s| answers::read(s, &draft.answers)) {
        Some(Ok(answers)) => answers,
        Some(Err(refusals)) => {
            no.extend(refusals.into_iter().map(Refusal::Answer));
            Vec::new()
        }
        None => Vec::new(),
    };
    if draft.photos.len() > MOST_PHOTOS {
        no.push(Refusal::TooManyPhotos { most: MOST_PHOTOS });
    }
    let contact = read_contact(&draft.contact, &mut no);
    match service {
        Some(service) if no.is_empty() => {
            Ok(Checked { service, place, point, words, address, answers, contact })
        }
        _ => Err(no),
    }
}

fn read_place(atlas: &Atlas, draft: &PlaceDraft, no: &mut Vec<Refusal>) -> (Place, Option<Point>) {
    let chosen = match draft.division {
        Some(id) => match atlas.division(id).filter(|d| !d.retired) {
            Some(division) => Some(atlas.place_of(division.id)),
            None => {
                no.push(Refusal::DivisionUnknown);
                None
            }
        },
        None => None,
    };
    let point = match draft.point {
        Some((lat, long)) => match Point::new(lat, long) {
            Some(point) => Some(point),
            None => {
                no.push(Refusal::ImpossibleCoordinates);
                return (Place::default(), None);
            }
        },
        None => None,
    };
    match point.map(|p| atlas.locate(p)) {
        Some(Located::Inside(place)) => (place, point),
        Some(Located::Outside { nearest, metres }) => {
            no.push(Refusal::OutsideJurisdiction { nearest, metres });
            (Place::default(), None)
        }
        // A city without borders takes the word of whoever chose the district.
        Some(Located::NoBorders) => (chosen.unwrap_or_default(), point),
        None => {
            if chosen.is_none() && display::clean_line(&draft.address).is_empty() {
                no.push(Refusal::PlaceMissing);
            }
            (chosen.unwrap_or_default(), None)
        }
    }
}

fn read_contact(typed: &Contact, no: &mut Vec<Refusal>) -> Contact {
    let name = display::clean_line(&typed.name);
    if name.chars().count() > MOST_LINE {
        no.push(Refusal::NameTooLong { most: MOST_LINE });
    }
    let mobile = match display::clean_line(&typed.mobile) {
        typed if typed.is_empty() => String::new(),
        typed => mobile::parse(&typed).unwrap_or_else(|_| {
            no.push(Refusal::MobileWrong);
            String::new()
        }),
    };
    let email = display::clean_line(&typed.email);
    if !email.is_empty() && !looks_like_email(&email) {
        no.push(Refusal::EmailWrong);
    }
    let short = |text: &str| display::clean_line(text).chars().take(MOST_LINE).collect::<String>();
    Contact { name, mobile, email, device: short(&typed.device), account: short(&typed.account) }
}

/// One @ with something before it and a dotted name after it; only a sent letter can prove more.
fn looks_like_email(text: &str) -> bool {
    let Some((before, after)) = text.split_once('@') else { return false };
    !before.is_empty()
        && text.len() <= 254
        && !after.contains('@')
        && !text.contains(char::is_whitespace)
        && after.split('.').count() > 1
        && after.split('.').all(|part| !part.is_empty())
}

/// A tracking code that no request of this city has.
fn free_code(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<TrackingCode, SubmitError> {
    for _ in 0..16 {
        let code = TrackingCode::from_random(act.dice.number());
        let taken: Option<i64> = tx.value(
            sql!("SELECT 1 FROM service_requests WHERE jurisdiction_id = $1 AND tracking_code = $2"),
            &params![jurisdiction, &code.to_string()],
        )?;
        if taken.is_none() {
            return Ok(code);
        }
    }
    Err(storage::Error::Conflict.into())
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
