//! Departments, organisations and external units: who answers for a request.

use storage::{Result, Tx, params, sql};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitKind {
    Department,
    District,
    Organisation,
    /// Outside the municipality: utilities, police, health. Requests are referred there, answers tracked.
    External,
}

impl UnitKind {
    pub fn code(self) -> &'static str {
        match self {
            UnitKind::Department => "department",
            UnitKind::District => "district",
            UnitKind::Organisation => "organisation",
            UnitKind::External => "external",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        [UnitKind::Department, UnitKind::District, UnitKind::Organisation, UnitKind::External]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub id: i64,
    pub code: String,
    pub name_fa: String,
    pub name_en: String,
    pub kind: UnitKind,
    pub parent: Option<i64>,
    pub district: Option<i64>,
}

/// Adds a unit or renews the one with the same code, and returns its id. `id` is used when it is new.
pub fn put(tx: &mut Tx<'_>, jurisdiction: i64, id: i64, unit: &Unit) -> Result<i64> {
    tx.value(
        sql!(
            "INSERT INTO units (jurisdiction_id, id, code, name_fa, name_en, kind, parent_id, district_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (jurisdiction_id, code) DO UPDATE SET name_fa = excluded.name_fa, name_en = excluded.name_en,
                 kind = excluded.kind, parent_id = excluded.parent_id, district_id = excluded.district_id, retired_at = NULL
             RETURNING id"
        ),
        &params![jurisdiction, id, &unit.code, &unit.name_fa, &unit.name_en, unit.kind.code(), unit.parent, unit.district],
    )?
    .ok_or(storage::Error::Conflict)
}

/// Every unit in service.
pub fn all(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Vec<Unit>> {
    tx.query(
        sql!(
            "SELECT id, code, name_fa, name_en, kind, parent_id, district_id FROM units
             WHERE jurisdiction_id = $1 AND retired_at IS NULL ORDER BY id LIMIT 20000"
        ),
        &params![jurisdiction],
        |row| {
            Ok(Unit {
                id: row.get(0)?,
                code: row.get(1)?,
                name_fa: row.get(2)?,
                name_en: row.get(3)?,
                kind: UnitKind::parse(&row.get::<String>(4)?).unwrap_or(UnitKind::Department),
                parent: row.get(5)?,
                district: row.get(6)?,
            })
        },
    )
}
