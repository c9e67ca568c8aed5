//! Rows of a city become records, and what they name and the city does not have is made first.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use anyhow::{Context, Result};
use language::Lang;
use people::{Act, units};
use requests::import::Record;
use requests::service::{Both, Definition};
use requests::{Catalogue, Kind, Priority};
use storage::Db;

use super::bring::Bringer;
use super::row::Row;
use super::{Chunk, City};
use crate::end::wrong;

/// What storing adds to the totals.
#[derive(Default)]
pub struct Stored {
    pub added: BTreeMap<String, u64>,
    pub known: u64,
    pub services_made: usize,
    pub units_made: usize,
}

/// Stores chunks until there are no more.
pub fn store(db: &Db, act: &Act, origin: &str, cities: &[City], chunks: Receiver<Chunk>) -> Result<Stored> {
    let mut done = Stored::default();
    let mut desks: HashMap<usize, Desk<'_>> = HashMap::new();
    while let Ok(chunk) = chunks.recv() {
        let Some(city) = cities.get(chunk.city) else { continue };
        let desk = match desks.entry(chunk.city) {
            Entry::Occupied(desk) => desk.into_mut(),
            Entry::Vacant(place) => place.insert(Desk::open(db, act, origin, city)?),
        };
        desk.prepare(&chunk.rows, &mut done)?;
        let records = chunk.rows.into_iter().map(|row| desk.record(row)).collect();
        desk.bringer.bring(records)?;
    }
    for desk in desks.into_values() {
        let brought = desk.bringer.finish()?;
        done.added.insert(desk.city.code.clone(), brought.added);
        done.known += brought.known;
    }
    Ok(done)
}

/// Turns rows of one city into records, and makes the services and units they need.
struct Desk<'c> {
    db: Db,
    act: Act,
    city: &'c City,
    bringer: Bringer,
    catalogue: Arc<Catalogue>,
    /// Codes known to be there.
    services: HashSet<String>,
    units: HashMap<String, Option<i64>>,
}

impl<'c> Desk<'c> {
    fn open(db: &Db, act: &Act, origin: &str, city: &'c City) -> Result<Self> {
        let id = city.id;
        let catalogue = db.read_blocking(move |tx| requests::catalogue(tx, id))?;
        let services = catalogue.services.iter().map(|s| s.code.clone()).collect();
        let units = catalogue.units().map(|u| (u.code.clone(), Some(u.id))).collect();
        let bringer = Bringer::new(db, act.clone(), id, origin)?;
        Ok(Desk { db: db.clone(), act: act.clone(), city, bringer, catalogue, services, units })
    }

    /// Makes what the rows name and the city does not have.
    fn prepare(&mut self, rows: &[Row], done: &mut Stored) -> Result<()> {
        let mut new_services: Vec<(String, String, String)> = Vec::new();
        let mut new_units: Vec<(String, String)> = Vec::new();
        for row in rows {
            if !self.services.contains(&row.service.code) {
                if !self.city.mapping.service.create {
                    anyhow::bail!(wrong!(
                        "{} has no service {:?} (for {:?}), and the mapping does not let it be made",
                        self.city.code,
                        row.service.code,
                        row.service.name
                    ));
                }
                self.services.insert(row.service.code.clone());
                new_services.push((row.service.code.clone(), row.service.name.clone(), row.group.clone()));
            }
            if let Some(unit) = row.unit.as_ref().filter(|unit| !self.units.contains_key(&unit.code)) {
                self.units.insert(unit.code.clone(), None);
                if self.city.mapping.unit.create {
                    new_units.push((unit.code.clone(), unit.name.clone()));
                }
            }
        }
        if new_services.is_empty() && new_units.is_empty() {
            return Ok(());
        }
        done.services_made += new_services.len();
        done.units_made += new_units.len();
        let (act, id, language) = (self.act.clone(), self.city.id, self.city.language);
        let kind = self.city.mapping.service.kind;
        let groups: HashMap<String, i64> =
            self.catalogue.groups.iter().map(|g| (g.code.clone(), g.id)).collect();
        let (next, next_group) = (self.services.len() as i64, groups.len() as i64);
        let made = self.db.write_blocking(move |tx| {
            let mut groups = groups.clone();
            let said = |name: &str| match language {
                Lang::Fa => Both::new(name, ""),
                Lang::En => Both::new("", name),
            };
            for (n, (code, name, group)) in new_services.iter().enumerate() {
                let group = match groups.get(group) {
                    Some(group) => *group,
                    None => {
                        let made =
                            requests::pack::put_group(tx, &act, id, group, &said(group), "", next_group)?;
                        groups.insert(group.clone(), made);
                        made
                    }
                };
                let about = Definition {
                    name: said(name),
                    kind: Some(kind.unwrap_or(Kind::Request)),
                    from_import: true,
                    ..Definition::default()
                };
                requests::pack::put_service(tx, &act, id, code, group, &about, next + n as i64)?;
            }
            let mut made = Vec::new();
            for (code, name) in &new_units {
                let unit = units::Unit {
                    id: 0,
                    code: code.clone(),
                    name_fa: name.clone(),
                    name_en: name.clone(),
                    kind: units::UnitKind::Organisation,
                    parent: None,
                    district: None,
                };
                made.push((code.clone(), Some(units::put(tx, id, act.new_id(), &unit)?)));
            }
            tx.new_edition(id, act.new_id())?;
            Ok::<_, requests::pack::PackError>(made)
        });
        self.units.extend(made.context("making what the rows need")?);
        let id = self.city.id;
        self.catalogue = self.db.read_blocking(move |tx| requests::catalogue(tx, id))?;
        self.bringer.renew()
    }

    fn record(&self, row: Row) -> Record {
        let kind = self.catalogue.by_code(&row.service.code).and_then(|s| s.about.kind);
        Record {
            external_id: row.external_id,
            kind: self.city.mapping.service.kind.or(kind).unwrap_or(Kind::Request),
            service_code: row.service.code,
            status: row.status,
            channel: row.channel,
            language: self.city.language,
            priority: Priority::Normal,
            words: row.words,
            address: row.address,
            point: row.point,
            division: row.division,
            unit: row.unit.and_then(|unit| self.units.get(&unit.code).copied().flatten()),
            requested_at: row.requested_at,
            updated_at: row.updated_at,
            closed_at: row.closed_at,
            due_at: row.due_at,
            resolution: row.resolution,
        }
    }
}
