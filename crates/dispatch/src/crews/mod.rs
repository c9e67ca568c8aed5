//! Crews: people and a vehicle that go out together, what they can do and where they are.

mod change; // add, change, withdraw
mod row; // one crew as it stands
mod standing; // on duty, on a break, out of service

use storage::Filter;
use storage::{Result, Tx, params, sql};

use crate::CrewId;
use crate::kinds::coded;

pub(crate) use change::tell;
pub use change::{Wish, add, change, restock, withdraw};
pub(crate) use row::crew_columns;
pub use row::{Crew, Position};
pub use standing::set_status;
pub(crate) use standing::{free, stand};

coded! {
    /// Whose people they are.
    CrewKind {
        Own = "own",
        /// Of the contractor that its unit is.
        Contractor = "contractor",
        /// People of the neighbourhood, trained for some things.
        Volunteer = "volunteer",
    }
}

/// Which crews are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    pub district: Option<i64>,
    pub unit: Option<i64>,
    /// Only those that were not withdrawn.
    pub active: bool,
}

const MOST: u32 = 5000;

/// Crews, in the order of their codes.
pub fn list(tx: &mut Tx<'_>, jurisdiction: i64, wanted: &Wanted) -> Result<Vec<Crew>> {
    let mut filter = Filter::new();
    filter.and("jurisdiction_id = {}", [jurisdiction]);
    if let Some(district) = wanted.district {
        filter.and("district_id = {}", [district]);
    }
    if let Some(unit) = wanted.unit {
        filter.and("unit_id = {}", [unit]);
    }
    if wanted.active {
        filter.and::<i64>("is_active = 1", []);
    }
    let (sql, values) = filter.finish(
        concat!("SELECT ", crew_columns!(), " FROM crews WHERE"),
        &format!("ORDER BY code, id LIMIT {MOST}"),
    );
    tx.query(&sql, &values, Crew::from_row)
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: CrewId) -> Result<Option<Crew>> {
    tx.query_opt(
        sql!(concat!("SELECT ", crew_columns!(), " FROM crews WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id.0],
        Crew::from_row,
    )
}

/// Several at once, in the order of their ids.
pub fn by_ids(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    ids: impl IntoIterator<Item = CrewId>,
) -> Result<Vec<Crew>> {
    let mut filter = Filter::new();
    filter.and("jurisdiction_id = {}", [jurisdiction]).within("id", ids.into_iter().map(|id| id.0));
    let (sql, values) = filter.finish(
        concat!("SELECT ", crew_columns!(), " FROM crews WHERE"),
        &format!("ORDER BY id LIMIT {MOST}"),
    );
    tx.query(&sql, &values, Crew::from_row)
}

pub fn by_code(tx: &mut Tx<'_>, jurisdiction: i64, code: &str) -> Result<Option<Crew>> {
    tx.query_opt(
        sql!(concat!("SELECT ", crew_columns!(), " FROM crews WHERE jurisdiction_id = $1 AND code = $2")),
        &params![jurisdiction, code],
        Crew::from_row,
    )
}

/// The crew that somebody is in now; with several, the newest membership.
pub fn of_account(tx: &mut Tx<'_>, jurisdiction: i64, account: i64) -> Result<Option<Crew>> {
    let id: Option<i64> = tx.value(
        sql!(
            "SELECT crew_id FROM crew_members WHERE jurisdiction_id = $1 AND account_id = $2 AND until IS NULL
             ORDER BY since DESC, crew_id LIMIT 1"
        ),
        &params![jurisdiction, account],
    )?;
    match id {
        Some(id) => by_id(tx, jurisdiction, CrewId(id)),
        None => Ok(None),
    }
}
