//! The SQL that reads this crate's tables. What writes them stands in `pack/load.rs`.

use std::collections::HashMap;
use std::sync::Arc;

use calendar::{Holiday, Holidays, WorkingTime, Zone};
use storage::{Error, Result, Tx, params, sql};

use crate::jurisdiction::Settings;
use crate::{Division, Jurisdiction, Level, Point};

/// More cities than one installation is made for.
const MOST_CITIES: i64 = 10_000;
/// More divisions, places or holidays than any city has; a list is never without a limit.
pub(crate) const MOST: i64 = 1_000_000;

pub fn jurisdictions(tx: &mut Tx<'_>) -> Result<Vec<Jurisdiction>> {
    let mut holidays: HashMap<i64, Holidays> = HashMap::new();
    tx.for_each(
        sql!(
            "SELECT jurisdiction_id, held_on, name_fa, name_en FROM holidays
             ORDER BY jurisdiction_id, held_on LIMIT $1"
        ),
        &params![MOST],
        |row| {
            let on = row.get::<String>(1)?;
            let day = on.parse().map_err(|e| Error::corrupt(format_args!("holiday {on}: {e}")))?;
            let holiday = Holiday { day, fa: row.get(2)?, en: row.get(3)? };
            holidays.entry(row.get(0)?).or_default().insert(holiday);
            Ok(())
        },
    )?;
    tx.query(
        sql!(
            "SELECT id, code, name_fa, name_en, zone, edition, position, settings FROM jurisdictions
             ORDER BY position, id LIMIT $1"
        ),
        &params![MOST_CITIES],
        |row| {
            let id = row.get(0)?;
            let code: String = row.get(1)?;
            let wrong = |e: &dyn std::fmt::Display| Error::corrupt(format_args!("jurisdiction {code}: {e}"));
            let zone = Zone::named(&row.get::<String>(4)?).map_err(|e| wrong(&e))?;
            let settings: Settings = serde_json::from_str(&row.get::<String>(7)?).map_err(|e| wrong(&e))?;
            let holidays = holidays.remove(&id).unwrap_or_default();
            Ok(Jurisdiction {
                id,
                name_fa: row.get(2)?,
                name_en: row.get(3)?,
                phone: settings.phone,
                centre: settings.centre,
                zoom: settings.zoom,
                attribution: settings.attribution,
                levels: settings.levels,
                languages: settings.languages,
                edition: row.get(5)?,
                working: Arc::new(WorkingTime { zone: zone.clone(), week: settings.week, holidays }),
                zone,
                position: row.get(6)?,
                code,
            })
        },
    )
}

/// Every division, the retired ones too.
pub fn divisions(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Vec<Division>> {
    tx.query(
        sql!(
            "SELECT id, level, code, parent_id, name_fa, name_en, population, label_lat, label_long, retired_at
             FROM divisions WHERE jurisdiction_id = $1 ORDER BY id LIMIT $2"
        ),
        &params![jurisdiction, MOST],
        |row| {
            let level: String = row.get(1)?;
            let label = row.get::<Option<f64>>(7)?.zip(row.get::<Option<f64>>(8)?);
            Ok(Division {
                id: row.get(0)?,
                level: Level::parse(&level)
                    .ok_or_else(|| Error::corrupt(format_args!("a division of the unknown level {level}")))?,
                code: row.get(2)?,
                parent: row.get(3)?,
                name_fa: row.get(4)?,
                name_en: row.get(5)?,
                population: row.get(6)?,
                label: label.and_then(|(lat, long)| Point::new(lat, long)),
                retired: row.get::<Option<i64>>(9)?.is_some(),
            })
        },
    )
}

/// Borders of one edition: the division and its GeoJSON geometry.
pub fn borders(tx: &mut Tx<'_>, jurisdiction: i64, edition: &str) -> Result<Vec<(i64, String)>> {
    tx.query(
        sql!(
            "SELECT division_id, geometry FROM borders WHERE jurisdiction_id = $1 AND edition = $2
             ORDER BY division_id LIMIT $3"
        ),
        &params![jurisdiction, edition, MOST],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// A named spot on the map: a metro station, a square.
#[derive(Debug, Clone, PartialEq)]
pub struct Landmark {
    pub id: i64,
    pub kind: String,
    pub name_fa: String,
    pub name_en: String,
    pub point: Point,
    pub district: Option<i64>,
    pub neighbourhood: Option<i64>,
}

pub fn landmarks(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Vec<Landmark>> {
    tx.query(
        sql!(
            "SELECT id, kind, name_fa, name_en, lat, long, district_id, neighbourhood_id FROM landmarks
             WHERE jurisdiction_id = $1 ORDER BY id LIMIT $2"
        ),
        &params![jurisdiction, MOST],
        |row| {
            Ok(Landmark {
                id: row.get(0)?,
                kind: row.get(1)?,
                name_fa: row.get(2)?,
                name_en: row.get(3)?,
                point: Point { lat: row.get(4)?, long: row.get(5)? },
                district: row.get(6)?,
                neighbourhood: row.get(7)?,
            })
        },
    )
}
