//! What must not be forgotten yet, because a court or an inquiry needs it.

use calendar::Timestamp;
use language::display;
use people::{Act, Denied, Permission, Where};
use storage::{Result, Tx, params, sql};

use crate::request::{RequestId, ServiceRequest};
use crate::{SUBJECT, find};

const MOST_WHY: usize = 500;

#[derive(Debug, thiserror::Error)]
pub enum LegalError {
    #[error("there is no such request")]
    NotFound,
    #[error("a hold says why")]
    WhyMissing,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl LegalError {
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            LegalError::NotFound => "request-unknown",
            LegalError::WhyMissing => "move-words-missing",
            LegalError::Denied(_) => "denied",
            LegalError::Failure(_) => return None,
        })
    }
}

/// A hold on a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Hold {
    pub request: ServiceRequest,
    pub at: Timestamp,
    pub why: String,
}

/// Keeps a request from being forgotten. Holding it twice is one hold.
pub fn hold(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    why: &str,
) -> Result<(), LegalError> {
    act.require(Permission::Retain, Where::city(jurisdiction))?;
    find::by_id(tx, jurisdiction, id)?.ok_or(LegalError::NotFound)?;
    let why: String = display::clean_line(why).chars().take(MOST_WHY).collect();
    if why.is_empty() {
        return Err(LegalError::WhyMissing);
    }
    if is_held(tx, jurisdiction, id)? {
        return Ok(());
    }
    tx.execute(
        sql!("INSERT INTO legal_holds (jurisdiction_id, request_id, id, at, actor, why) VALUES ($1, $2, $3, $4, $5, $6)"),
        &params![jurisdiction, id.0, act.new_id(), act.at.0, &act.by.signature(), &why],
    )?;
    act.record(tx, jurisdiction, SUBJECT, id.0, "legally-held", "{}".into());
    Ok(())
}

/// Lets a request be forgotten again when its time is over.
pub fn lift(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: RequestId) -> Result<(), LegalError> {
    act.require(Permission::Retain, Where::city(jurisdiction))?;
    let lifted = tx.execute(
        sql!(
            "UPDATE legal_holds SET lifted_at = $3 WHERE jurisdiction_id = $1 AND request_id = $2 AND lifted_at IS NULL"
        ),
        &params![jurisdiction, id.0, act.at.0],
    )?;
    if lifted > 0 {
        act.record(tx, jurisdiction, SUBJECT, id.0, "legally-released", "{}".into());
    }
    Ok(())
}

pub fn is_held(tx: &mut Tx<'_>, jurisdiction: i64, id: RequestId) -> Result<bool> {
    let held: Option<i64> = tx.value(
        sql!(
            "SELECT CAST(1 AS BIGINT) FROM legal_holds WHERE jurisdiction_id = $1 AND request_id = $2 AND lifted_at IS NULL LIMIT 1"
        ),
        &params![jurisdiction, id.0],
    )?;
    Ok(held.is_some())
}

/// Every hold in force, the newest first.
pub fn all(tx: &mut Tx<'_>, jurisdiction: i64, most: u32) -> Result<Vec<Hold>> {
    let rows = tx.query(
        sql!(
            "SELECT request_id, at, why FROM legal_holds WHERE jurisdiction_id = $1 AND lifted_at IS NULL
             ORDER BY id DESC LIMIT $2"
        ),
        &params![jurisdiction, most],
        |row| Ok((RequestId(row.get(0)?), row.get::<i64>(1)?, row.get::<String>(2)?)),
    )?;
    let ids: Vec<RequestId> = rows.iter().map(|row| row.0).collect();
    let found = find::by_ids(tx, jurisdiction, &ids)?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, at, why)| {
            let request = found.iter().find(|r| r.id == id)?.clone();
            Some(Hold { request, at: Timestamp(at), why })
        })
        .collect())
}
