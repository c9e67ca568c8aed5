//! One crew as it stands, and its row.

use std::collections::BTreeMap;

use calendar::Timestamp;
use language::Lang;
use people::Where;
use storage::{Error, Result, Row, Tx, params, sql};
use territory::Point;

use super::CrewKind;
use crate::kinds::{joined, split};
use crate::{CrewId, CrewStatus, OrderId};

/// Where a crew was last, by our clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    pub point: Point,
    /// Metres.
    pub accuracy: i64,
    pub at: Timestamp,
}

/// A crew as it stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct Crew {
    pub jurisdiction: i64,
    pub id: CrewId,
    /// What it is called on the radio; unique in the city.
    pub code: String,
    pub name_fa: String,
    pub name_en: String,
    pub kind: CrewKind,
    /// The unit that it belongs to; of a contractor's crew, the contractor.
    pub unit: Option<i64>,
    pub district: Option<i64>,
    pub base: Point,
    pub people: i64,
    pub skills: Vec<String>,
    pub equipment: Vec<String>,
    pub vehicle: String,
    /// What the vehicle holds: kilograms, litres, pieces.
    pub loads: [i64; 3],
    /// Materials on board by code.
    pub stock: BTreeMap<String, i64>,
    pub is_active: bool,
    pub status: CrewStatus,
    pub status_at: Timestamp,
    /// The order that it is going to or working on.
    pub order: Option<OrderId>,
    pub position: Option<Position>,
    pub updated_at: Timestamp,
    pub version: i64,
}

macro_rules! crew_columns {
    () => {
        "jurisdiction_id, id, code, name_fa, name_en, kind, unit_id, district_id, base_lat, base_long, people, skills, equipment, \
         vehicle, kilograms, litres, pieces, stock, is_active, status, status_at, order_id, lat, long, accuracy, position_at, \
         updated_at, version"
    };
}
pub(crate) use crew_columns;

impl Crew {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::En if !self.name_en.is_empty() => &self.name_en,
            _ => &self.name_fa,
        }
    }

    /// Where it is, in the sense of rights.
    pub fn place(&self) -> Where {
        Where::unit(self.jurisdiction, self.unit).in_district(self.district)
    }

    /// Where it is on the map: its last position, or its base when none is known.
    pub fn point(&self) -> Point {
        self.position.map_or(self.base, |position| position.point)
    }

    /// Whether it has what an order needs.
    pub fn suits(&self, skills: &[String], equipment: &[String]) -> bool {
        skills.iter().all(|code| self.skills.contains(code))
            && equipment.iter().all(|code| self.equipment.contains(code))
    }

    pub(crate) fn from_row(row: &Row<'_>) -> Result<Self> {
        let wrong = |what: &str| Error::corrupt(format_args!("a crew with an unknown {what}"));
        let position = match (row.get::<Option<f64>>(22)?, row.get::<Option<f64>>(23)?) {
            (Some(lat), Some(long)) => Point::new(lat, long),
            _ => None,
        };
        let (accuracy, position_at): (Option<i64>, Option<i64>) = (row.get(24)?, row.get(25)?);
        Ok(Crew {
            jurisdiction: row.get(0)?,
            id: CrewId(row.get(1)?),
            code: row.get(2)?,
            name_fa: row.get(3)?,
            name_en: row.get(4)?,
            kind: CrewKind::parse(&row.get::<String>(5)?).ok_or_else(|| wrong("kind"))?,
            unit: row.get(6)?,
            district: row.get(7)?,
            base: Point::new(row.get(8)?, row.get(9)?).ok_or_else(|| wrong("base"))?,
            people: row.get(10)?,
            skills: split(&row.get::<String>(11)?),
            equipment: split(&row.get::<String>(12)?),
            vehicle: row.get(13)?,
            loads: [row.get(14)?, row.get(15)?, row.get(16)?],
            stock: serde_json::from_str(&row.get::<String>(17)?).map_err(Error::corrupt)?,
            is_active: row.get(18)?,
            status: CrewStatus::parse(&row.get::<String>(19)?).ok_or_else(|| wrong("status"))?,
            status_at: Timestamp(row.get(20)?),
            order: row.get::<Option<i64>>(21)?.map(OrderId),
            position: position.zip(position_at).map(|(point, at)| Position {
                point,
                accuracy: accuracy.unwrap_or(0),
                at: Timestamp(at),
            }),
            updated_at: Timestamp(row.get(26)?),
            version: row.get(27)?,
        })
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, c: &Crew) -> Result<()> {
    tx.execute_one(
        sql!(
            "INSERT INTO crews (jurisdiction_id, id, code, name_fa, name_en, kind, unit_id, district_id, base_lat, base_long, people,
                 skills, equipment, vehicle, kilograms, litres, pieces, stock, is_active, status, status_at, order_id, updated_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)"
        ),
        &params![
            c.jurisdiction, c.id.0, &c.code, &c.name_fa, &c.name_en, c.kind.code(), c.unit, c.district, c.base.lat, c.base.long,
            c.people, &joined(&c.skills), &joined(&c.equipment), &c.vehicle, c.loads[0], c.loads[1], c.loads[2],
            &crate::json(&c.stock)?, c.is_active, c.status.code(), c.status_at.0, c.order.map(|o| o.0), c.updated_at.0, c.version
        ],
    )
}

/// Writes a crew back as the next version. Its position is not touched: that comes by another way, many times a minute.
pub(super) fn update(tx: &mut Tx<'_>, c: &mut Crew) -> crate::Done<()> {
    let changed = tx.execute(
        sql!(
            "UPDATE crews SET code = $3, name_fa = $4, name_en = $5, kind = $6, unit_id = $7, district_id = $8, base_lat = $9,
                 base_long = $10, people = $11, skills = $12, equipment = $13, vehicle = $14, kilograms = $15, litres = $16,
                 pieces = $17, stock = $18, is_active = $19, status = $20, status_at = $21, order_id = $22, updated_at = $23,
                 version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $24"
        ),
        &params![
            c.jurisdiction, c.id.0, &c.code, &c.name_fa, &c.name_en, c.kind.code(), c.unit, c.district, c.base.lat, c.base.long,
            c.people, &joined(&c.skills), &joined(&c.equipment), &c.vehicle, c.loads[0], c.loads[1], c.loads[2],
            &crate::json(&c.stock)?, c.is_active, c.status.code(), c.status_at.0, c.order.map(|o| o.0), c.updated_at.0, c.version
        ],
    )?;
    crate::refusal::guarded(changed)?;
    c.version += 1;
    Ok(())
}
