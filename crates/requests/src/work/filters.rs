//! Lists that somebody keeps: their own, and those that a unit shares.
//!
//! A kept list is the part of an address after `?`; what it shows is worked out anew for whoever opens it, so
//! sharing one opens nothing to anybody.

use language::display;
use people::Act;
use storage::{Result, Tx, params, sql};

/// So many lists of one's own, and so many of a unit.
pub const MOST: u32 = 20;
const MOST_NAME: usize = 60;
const MOST_QUERY: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub id: i64,
    pub account: i64,
    /// The unit that shares it.
    pub unit: Option<i64>,
    pub name: String,
    pub query: String,
}

#[derive(Debug, thiserror::Error)]
pub enum FilterError {
    #[error("a list without a name")]
    NameMissing,
    #[error("a name may have {most} characters")]
    NameTooLong { most: usize },
    #[error("at most {most} lists are kept")]
    TooMany { most: u32 },
    #[error("only somebody who signed in keeps lists, and shares them with a unit of their own")]
    NotYours,
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl FilterError {
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            FilterError::NameMissing => "name-missing",
            FilterError::NameTooLong { .. } => "name-too-long",
            FilterError::TooMany { .. } => "filters-too-many",
            FilterError::NotYours => "denied",
            FilterError::Failure(_) => return None,
        })
    }
}

/// Keeps a list, for oneself or for everybody in one's unit.
pub fn keep(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    name: &str,
    query: &str,
    shared: bool,
) -> Result<i64, FilterError> {
    let account = act.by.account().ok_or(FilterError::NotYours)?;
    let unit = if shared { Some(act.by.unit().ok_or(FilterError::NotYours)?) } else { None };
    let name = display::clean_line(name);
    if name.is_empty() {
        return Err(FilterError::NameMissing);
    }
    if name.chars().count() > MOST_NAME {
        return Err(FilterError::NameTooLong { most: MOST_NAME });
    }
    let there = all(tx, act, jurisdiction)?.into_iter().filter(|kept| kept.unit == unit).count();
    if there >= MOST as usize {
        return Err(FilterError::TooMany { most: MOST });
    }
    let id = act.new_id();
    let query: String = query.chars().filter(|c| !c.is_control()).take(MOST_QUERY).collect();
    tx.execute(
        sql!(
            "INSERT INTO work_filters (jurisdiction_id, id, account_id, unit_id, name, query) VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        &params![jurisdiction, id, account, unit, &name, &query],
    )?;
    Ok(id)
}

/// The author's own lists and those of their unit, in the order in which they were kept.
pub fn all(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Vec<Kept>> {
    let Some(account) = act.by.account() else { return Ok(Vec::new()) };
    tx.query(
        sql!(
            "SELECT id, account_id, unit_id, name, query FROM work_filters
             WHERE jurisdiction_id = $1 AND ((account_id = $2 AND unit_id IS NULL) OR unit_id = $3) ORDER BY id LIMIT $4"
        ),
        &params![jurisdiction, account, act.by.unit().unwrap_or(-1), 2 * MOST],
        |row| {
            Ok(Kept {
                id: row.get(0)?,
                account: row.get(1)?,
                unit: row.get(2)?,
                name: row.get(3)?,
                query: row.get(4)?,
            })
        },
    )
}

/// Forgets a list: one's own, or one that one shared.
pub fn forget(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64) -> Result<bool> {
    let Some(account) = act.by.account() else { return Ok(false) };
    let gone = tx.execute(
        sql!("DELETE FROM work_filters WHERE jurisdiction_id = $1 AND id = $2 AND account_id = $3"),
        &params![jurisdiction, id, account],
    )?;
    Ok(gone == 1)
}
