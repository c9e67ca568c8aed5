//! Records of the past, from any city.
//!
//! The door reads files and maps columns; here come clean records, many at a time. A record that is there already,
//! by its source and its number there, is left as it is, so an import can be repeated after it was cut off.

use std::collections::HashSet;
use std::sync::Arc;

use calendar::{Clock, Timestamp};
use language::{Lang, TrackingCode, display};
use people::{Act, Denied, Permission, permissions::Where};
use storage::{Filter, Param, Tx, params};
use territory::{Atlas, Located, Place, Point, cell};

use crate::catalogue::{Catalogue, catalogue};
use crate::figures::Counted;
use crate::find::Told;
use crate::kinds::{Channel, Kind, Priority};
use crate::request::RequestId;
use crate::submit::{json, search_words};
use crate::{SUBJECT, Status, notes, search};

/// A request as it was known elsewhere. Texts are cleaned here; codes must exist in the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub external_id: String,
    pub kind: Kind,
    pub service_code: String,
    pub status: Status,
    pub channel: Channel,
    pub language: Lang,
    pub priority: Priority,
    pub words: String,
    pub address: String,
    pub point: Option<Point>,
    /// A district or neighbourhood chosen by name, where there is no point or no border.
    pub division: Option<i64>,
    pub unit: Option<i64>,
    pub requested_at: Timestamp,
    pub updated_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// The promise of the source; without one the service's own target counts from `requested_at`.
    pub due_at: Option<Timestamp>,
    /// What the citizen was told at the end.
    pub resolution: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BroughtIn {
    pub added: u64,
    /// There already.
    pub known: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("record {external_id}: there is no service {service}")]
    UnknownService { external_id: String, service: String },
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

/// A record that was cleaned, placed, promised and folded, and only waits to be stored.
#[derive(Debug)]
pub struct Prepared {
    record: Record,
    id: i64,
    service: i64,
    is_public: bool,
    place: Place,
    unit: Option<i64>,
    cell: Option<i64>,
    due_at: Option<i64>,
    clock: String,
    words: String,
    address: String,
    resolution: String,
    payload: String,
    search: String,
}

/// Prepares records away from the writer: everything that needs no row happens here, on any thread.
#[derive(Clone)]
pub struct Importer {
    act: Act,
    catalogue: Arc<Catalogue>,
    atlas: Arc<Atlas>,
}

impl Importer {
    /// Reads what preparing needs to know. Services made later need a new one.
    pub fn new(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> storage::Result<Self> {
        let (catalogue, atlas) = (catalogue(tx, jurisdiction)?, territory::atlas(tx, jurisdiction)?);
        Ok(Importer { act: act.clone(), catalogue, atlas })
    }

    /// `nth` is the number of the record among all of the import; it keeps the ids of one moment apart.
    pub fn prepare(&self, nth: u64, record: Record) -> Result<Prepared, ImportError> {
        prepare(&self.catalogue, &self.atlas, &self.act, nth, record)
    }

    /// Stores prepared records of one source in this transaction; a few thousand in one call go fastest.
    pub fn store(
        &self,
        tx: &mut Tx<'_>,
        source: &str,
        records: &[Prepared],
    ) -> Result<BroughtIn, ImportError> {
        store(tx, &self.act, self.catalogue.jurisdiction, source, records)
    }
}

/// Prepares and stores records of one source in one go. `first` is the number of the first among all records of the
/// import.
pub fn bring_in(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    source: &str,
    first: u64,
    records: &[Record],
) -> Result<BroughtIn, ImportError> {
    let importer = Importer::new(tx, act, jurisdiction)?;
    let prepared = records.iter().zip(first..).map(|(record, nth)| importer.prepare(nth, record.clone()));
    let prepared = prepared.collect::<Result<Vec<_>, _>>()?;
    importer.store(tx, source, &prepared)
}

fn store(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    source: &str,
    records: &[Prepared],
) -> Result<BroughtIn, ImportError> {
    act.require(Permission::Import, Where::city(jurisdiction))?;
    let known = known(tx, jurisdiction, source, records)?;
    let mut seen = HashSet::new();
    let rows: Vec<&Prepared> = records
        .iter()
        .filter(|r| {
            !known.contains(r.record.external_id.as_str()) && seen.insert(r.record.external_id.as_str())
        })
        .collect();
    let codes = free_codes(tx, act, jurisdiction, rows.len())?;
    insert(tx, jurisdiction, source, &rows, &codes)?;
    for row in &rows {
        let id = RequestId(row.id);
        if row.is_public {
            search::add(tx, jurisdiction, id, &row.search)?;
        }
        act.record(tx, jurisdiction, SUBJECT, row.id, "imported", row.payload.clone());
        if !row.resolution.is_empty() {
            let record = &row.record;
            let at = record.closed_at.or(record.updated_at).unwrap_or(record.requested_at);
            let then = Act::new(act.by.clone(), at, act.dice.clone());
            notes::keep(
                tx,
                &then,
                jurisdiction,
                id,
                "answered",
                false,
                Some(record.status),
                &row.resolution,
            )?;
        }
    }
    Ok(BroughtIn { added: rows.len() as u64, known: (records.len() - rows.len()) as u64 })
}

fn known(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    source: &str,
    records: &[Prepared],
) -> Result<HashSet<String>, ImportError> {
    let mut filter = Filter::new();
    filter
        .and("jurisdiction_id = {}", [jurisdiction])
        .and("source = {} AND external_id IS NOT NULL", [source])
        .within("external_id", records.iter().map(|r| r.record.external_id.as_str()));
    let (sql, params) = filter.finish("SELECT external_id FROM service_requests WHERE", "");
    Ok(tx.query(&sql, &params, |row| row.get(0))?.into_iter().collect())
}

fn free_codes(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    count: usize,
) -> Result<Vec<TrackingCode>, ImportError> {
    let mut free: Vec<TrackingCode> = Vec::with_capacity(count);
    let mut drawn = HashSet::new();
    for _ in 0..16 {
        let wishes: Vec<TrackingCode> =
            std::iter::repeat_with(|| TrackingCode::from_random(act.dice.number()))
                .take(count - free.len())
                .filter(|code| drawn.insert(*code))
                .collect();
        let texts: Vec<String> = wishes.iter().map(|c| c.to_string()).collect();
        let mut filter = Filter::new();
        filter
            .and("jurisdiction_id = {}", [jurisdiction])
            .within("tracking_code", texts.iter().map(String::as_str));
        let (sql, params) = filter.finish("SELECT tracking_code FROM service_requests WHERE", "");
        let taken: HashSet<String> = tx.query(&sql, &params, |row| row.get(0))?.into_iter().collect();
        free.extend(
            wishes.into_iter().zip(texts).filter(|(_, text)| !taken.contains(text)).map(|(code, _)| code),
        );
        if free.len() == count {
            return Ok(free);
        }
    }
    Err(storage::Error::Conflict.into())
}

fn prepare(
    catalogue: &Catalogue,
    atlas: &Atlas,
    act: &Act,
    nth: u64,
    record: Record,
) -> Result<Prepared, ImportError> {
    let service = catalogue.by_code(&record.service_code).ok_or_else(|| ImportError::UnknownService {
        external_id: record.external_id.clone(),
        service: record.service_code.clone(),
    })?;
    let chosen = record.division.map(|id| atlas.place_of(id)).unwrap_or_default();
    let place = match record.point.map(|p| atlas.locate(p)) {
        Some(Located::Inside(place)) => place,
        // The past is what it is: a record from beyond the border keeps its point and the district it named.
        _ => chosen,
    };
    let unit = record.unit.or_else(|| catalogue.responsible(service, place.district));
    let target = service.target(record.priority);
    let (due_at, clock) = match (record.due_at, target) {
        (Some(due), _) => (Some(due), None),
        (None, Some(target)) => {
            let clock = Clock::start(record.requested_at, target);
            (Some(clock.due_at(atlas.working())), Some(clock))
        }
        (None, None) => (None, None),
    };
    let ended_at = if record.status.is_open() { None } else { record.closed_at };
    let late = ended_at.zip(due_at).map(|(ended, due)| ended > due);
    let point_cell = record.point.map(cell::of);
    let counted = Counted {
        from: None,
        to: Some(record.status),
        service: service.id,
        district: place.district,
        neighbourhood: place.neighbourhood,
        unit,
        cell: point_cell.filter(|_| service.is_public()),
        requested_on: record.requested_at.day(&atlas.jurisdiction.zone).days_since_epoch(),
        late,
        late_before: None,
    };
    let words = display::clean_text(&record.words);
    let address = display::clean_line(&record.address);
    let search = if service.is_public() {
        search_words(catalogue, service.id, &place, &words, &address)
    } else {
        String::new()
    };
    Ok(Prepared {
        id: act.dice.past_id(record.requested_at, nth),
        service: service.id,
        is_public: service.is_public(),
        place,
        unit,
        cell: point_cell,
        due_at: due_at.map(|t| t.0),
        clock: clock.as_ref().map(json).transpose()?.unwrap_or_default(),
        words,
        address,
        resolution: display::clean_text(&record.resolution),
        payload: json(&Told { counted: Some(counted), ..Told::default() })?,
        search,
        record,
    })
}

fn insert(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    source: &str,
    rows: &[&Prepared],
    codes: &[TrackingCode],
) -> Result<(), ImportError> {
    const COLUMNS: usize = 28;
    let mut values: Vec<Param<'_>> = Vec::with_capacity(rows.len() * COLUMNS);
    let codes: Vec<String> = codes.iter().map(|code| code.to_string()).collect();
    for (row, code) in rows.iter().zip(&codes) {
        let record = &row.record;
        let ended = if record.status.is_open() { None } else { record.closed_at.or(record.updated_at) };
        let updated = record.updated_at.or(record.closed_at).unwrap_or(record.requested_at);
        values.extend(params![
            jurisdiction,
            row.id,
            code,
            record.kind.code(),
            row.service,
            record.status.code(),
            record.status.is_open(),
            row.is_public,
            record.priority.code(),
            record.channel.code(),
            record.language.code(),
            &row.words,
            "",
            &row.address,
            row.place.district,
            row.place.neighbourhood,
            record.point.map(|p| p.lat),
            record.point.map(|p| p.long),
            row.cell,
            row.unit,
            record.requested_at.0,
            updated.0,
            row.due_at,
            ended.map(|t| t.0),
            &row.clock,
            &row.resolution,
            source,
            &record.external_id,
        ]);
    }
    tx.insert_many(
        "INSERT INTO service_requests (jurisdiction_id, id, tracking_code, kind, service_id, status, is_open, is_public, priority, channel,
             language, words, answers, address, district_id, neighbourhood_id, lat, long, cell, unit_id, requested_at, updated_at,
             due_at, closed_at, clock, status_note, source, external_id) VALUES",
        COLUMNS,
        &values,
        "",
    )?;
    Ok(())
}
