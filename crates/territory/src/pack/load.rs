//! From a pack into the rows of a city.
//!
//! The rows are compared with the pack first and only what differs is written, so loading a pack again changes
//! nothing. A division is met by its code, or by an old code that the pack names; what no longer occurs is retired.

use std::collections::HashMap;

use people::permissions::Where;
use people::{Act, Denied, Permission};
use serde_json::json;
use storage::{Tx, params, sql};

use super::{Pack, PackHoliday, PackPlace, record};
use crate::jurisdiction::ALL_CITIES;
use crate::{Level, store};

/// What a load did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    pub jurisdiction_id: i64,
    pub districts: usize,
    pub areas: usize,
    pub neighbourhoods: usize,
    pub landmarks: usize,
    pub holidays: usize,
    /// Divisions that were not there before.
    pub added: usize,
    /// Divisions that kept their id, under the same code or a new one.
    pub kept: usize,
    /// Of those, the ones with a new code.
    pub renamed: usize,
    /// Divisions that the pack no longer has.
    pub retired: usize,
    /// False when every row was already as the pack says.
    pub changed: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

/// Brings the rows of a city to what the pack says. A city that is new gets the next number.
pub fn load(tx: &mut Tx<'_>, act: &Act, pack: &Pack) -> Result<Loaded, LoadError> {
    let (id, founded) = jurisdiction(tx, act, pack)?;
    let divisions = record::divisions(tx, act, id, pack)?;
    let ids = &divisions.ids;
    let redrawn = record::borders(tx, id, pack, ids)?;
    let moved = landmarks(tx, act, id, &pack.places, ids)?;
    let rested = holidays(tx, id, &pack.holidays)?;

    let count = |level: Level| pack.divisions.iter().filter(|d| d.level == level).count();
    let loaded = Loaded {
        jurisdiction_id: id,
        districts: count(Level::District),
        areas: count(Level::Area),
        neighbourhoods: count(Level::Neighbourhood),
        landmarks: pack.places.len(),
        holidays: pack.holidays.len(),
        added: divisions.added.len(),
        kept: pack.divisions.len() - divisions.added.len(),
        renamed: divisions.renamed.len(),
        retired: divisions.retired.len(),
        changed: founded != Founded::AsBefore || divisions.changed || redrawn || moved || rested,
    };
    if !loaded.changed {
        return Ok(loaded);
    }

    if founded != Founded::AsBefore {
        let fact = if founded == Founded::New { "founded" } else { "changed" };
        let payload = json!({
            "code": pack.code, "name_fa": pack.name_fa, "name_en": pack.name_en, "zone": pack.zone, "edition": pack.edition,
        });
        act.record(tx, id, "jurisdiction", id, fact, payload.to_string());
    }
    if divisions.changed || redrawn {
        let payload = json!({
            "edition": pack.edition, "kept": loaded.kept, "added": divisions.added, "renamed": divisions.renamed,
            "retired": divisions.retired,
        });
        act.record(tx, id, "borders", id, "loaded", payload.to_string());
    }
    if rested {
        act.record(tx, id, "holidays", id, "loaded", json!({ "days": pack.holidays.len() }).to_string());
    }
    tx.new_edition(id, act.new_id())?;
    tx.new_edition(ALL_CITIES, act.new_id())?;
    Ok(loaded)
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Founded {
    New,
    Changed,
    AsBefore,
}

/// The row of the city, as the pack says.
fn jurisdiction(tx: &mut Tx<'_>, act: &Act, pack: &Pack) -> Result<(i64, Founded), LoadError> {
    let settings = serde_json::to_string(&pack.settings).map_err(storage::Error::corrupt)?;
    let wanted = [&pack.name_fa, &pack.name_en, &pack.zone, &pack.edition, &settings];
    // A number can go to another city that is founded at the same moment; then the next one is tried.
    for _ in 0..16 {
        let found = tx.query_opt(
            sql!("SELECT id, position, name_fa, name_en, zone, edition, settings FROM jurisdictions WHERE code = $1"),
            &params![&pack.code],
            |row| {
                let texts: [String; 5] = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?];
                Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, texts))
            },
        )?;
        if let Some((id, position, texts)) = found {
            act.require(Permission::ManageCatalogue, Where::city(id))?;
            let place = pack.position.unwrap_or(position);
            // Written in any case: the lock on this row lets one load of a city run at a time.
            tx.execute_one(
                sql!(
                    "UPDATE jurisdictions SET name_fa = $2, name_en = $3, zone = $4, edition = $5, settings = $6,
                         position = $7 WHERE id = $1"
                ),
                &params![id, wanted[0], wanted[1], wanted[2], wanted[3], wanted[4], place],
            )?;
            let same = place == position && texts.iter().zip(wanted).all(|(a, b)| a == b);
            return Ok((id, if same { Founded::AsBefore } else { Founded::Changed }));
        }
        // A key belongs to one city, so it cannot found another.
        act.require(Permission::ManageCatalogue, Where::city(ALL_CITIES))?;
        let next = 1 + tx.value(sql!("SELECT COALESCE(MAX(id), 0) FROM jurisdictions"), &[])?.unwrap_or(0i64);
        let made = tx.execute(
            sql!(
                "INSERT INTO jurisdictions (id, code, name_fa, name_en, zone, edition, position, settings)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"
            ),
            &params![
                next,
                &pack.code,
                wanted[0],
                wanted[1],
                wanted[2],
                wanted[3],
                pack.position.unwrap_or(next),
                wanted[4]
            ],
        )?;
        if made == 1 {
            return Ok((next, Founded::New));
        }
    }
    Err(storage::Error::Conflict.into())
}

/// Landmarks have no codes and nothing hangs on them, so one that differs is taken away and put anew.
fn landmarks(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    places: &[PackPlace],
    ids: &HashMap<(Level, String), i64>,
) -> storage::Result<bool> {
    type Key<'k> = (&'k str, &'k str, &'k str, u64, u64, Option<i64>, Option<i64>);
    let known = store::landmarks(tx, jurisdiction)?;
    let mut old: HashMap<Key<'_>, i64> = known
        .iter()
        .map(|l| {
            let (lat, long) = (l.point.lat.to_bits(), l.point.long.to_bits());
            (
                (
                    l.kind.as_str(),
                    l.name_fa.as_str(),
                    l.name_en.as_str(),
                    lat,
                    long,
                    l.district,
                    l.neighbourhood,
                ),
                l.id,
            )
        })
        .collect();
    let id_of = |level: Level, code: &Option<String>| {
        code.as_ref().and_then(|c| ids.get(&(level, c.clone())).copied())
    };
    let mut values = Vec::new();
    for p in places {
        let (district, neighbourhood) =
            (id_of(Level::District, &p.district), id_of(Level::Neighbourhood, &p.neighbourhood));
        let (lat, long) = (p.point.lat.to_bits(), p.point.long.to_bits());
        if old.remove(&(&p.kind, &p.name_fa, &p.name_en, lat, long, district, neighbourhood)).is_none() {
            values.extend(params![
                jurisdiction,
                act.new_id(),
                &p.kind,
                &p.name_fa,
                &p.name_en,
                p.point.lat,
                p.point.long,
                district,
                neighbourhood
            ]);
        }
    }
    for id in old.values() {
        tx.execute(
            sql!("DELETE FROM landmarks WHERE jurisdiction_id = $1 AND id = $2"),
            &params![jurisdiction, id],
        )?;
    }
    tx.insert_many(
        "INSERT INTO landmarks (jurisdiction_id, id, kind, name_fa, name_en, lat, long, district_id, neighbourhood_id) VALUES",
        9,
        &values,
        "",
    )?;
    Ok(!old.is_empty() || !values.is_empty())
}

/// A holiday within the time that the pack speaks of, and not in it, is cancelled; those before and after stay.
fn holidays(tx: &mut Tx<'_>, jurisdiction: i64, holidays: &[PackHoliday]) -> storage::Result<bool> {
    let mut old: HashMap<String, (String, String, bool)> = tx
        .query(
            sql!(
                "SELECT held_on, name_fa, name_en, estimated FROM holidays WHERE jurisdiction_id = $1
                 ORDER BY held_on LIMIT $2"
            ),
            &params![jurisdiction, store::MOST],
            |row| Ok((row.get::<String>(0)?, (row.get(1)?, row.get(2)?, row.get(3)?))),
        )?
        .into_iter()
        .collect();
    let written: Vec<(String, &PackHoliday)> = holidays.iter().map(|h| (h.on.to_string(), h)).collect();
    let first = written.iter().map(|(on, _)| on.clone()).min().unwrap_or_default();
    let last = written.iter().map(|(on, _)| on.clone()).max().unwrap_or_default();
    let mut values = Vec::new();
    for (on, h) in &written {
        let before = old.remove(on);
        if before
            .is_none_or(|(fa, en, estimated)| (&fa, &en, estimated) != (&h.name_fa, &h.name_en, h.estimated))
        {
            values.extend(params![jurisdiction, on, &h.name_fa, &h.name_en, h.estimated]);
        }
    }
    old.retain(|on, _| (&first..=&last).contains(&on));
    for on in old.keys() {
        tx.execute(
            sql!("DELETE FROM holidays WHERE jurisdiction_id = $1 AND held_on = $2"),
            &params![jurisdiction, on],
        )?;
    }
    tx.insert_many(
        "INSERT INTO holidays (jurisdiction_id, held_on, name_fa, name_en, estimated) VALUES",
        5,
        &values,
        "ON CONFLICT (jurisdiction_id, held_on) DO UPDATE SET name_fa = excluded.name_fa, name_en = excluded.name_en,
             estimated = excluded.estimated",
    )?;
    Ok(!old.is_empty() || !values.is_empty())
}
