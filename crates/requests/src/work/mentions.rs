//! A note to colleagues, and whom it calls.
//!
//! Whoever is called finds the request in their own list. Only those who may read the note can be called: to name
//! somebody opens nothing to them.

use calendar::Timestamp;
use people::{Act, Permission};
use storage::{Result, Tx, params, sql};

use super::holds;
use super::step::{self, WorkError};
use crate::request::{RequestId, ServiceRequest};
use crate::{SUBJECT, find, notes};

/// As many colleagues are called by one note at most.
pub const MOST_CALLED: usize = 20;

/// Writes a note that colleagues see and calls some of them. Returns who was called; those who may not read the
/// note are left out.
pub fn note(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    text: &str,
    called: &[i64],
) -> Result<Vec<i64>, WorkError> {
    let request = step::open(tx, act, jurisdiction, id, None)?;
    notes::note(tx, act, jurisdiction, id, text, true)?;
    let mut told = Vec::new();
    for account in called.iter().take(MOST_CALLED) {
        if told.contains(account) || act.by.account() == Some(*account) {
            continue;
        }
        let may_read = holds::colleague(tx, act, jurisdiction, *account)?
            .is_some_and(|them| them.may(Permission::SeeInternal, request.place()));
        if !may_read {
            continue;
        }
        tx.execute(
            sql!(
                "INSERT INTO work_mentions (jurisdiction_id, account_id, id, request_id, by_account, at)
                 VALUES ($1, $2, $3, $4, $5, $6)"
            ),
            &params![jurisdiction, *account, act.new_id(), id.0, act.by.account(), act.at.0],
        )?;
        act.record(tx, jurisdiction, SUBJECT, id.0, "mentioned", format!("{{\"account\":{account}}}"));
        told.push(*account);
    }
    Ok(told)
}

/// Somebody was called.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    pub request: ServiceRequest,
    pub by: Option<i64>,
    pub at: Timestamp,
    pub is_seen: bool,
}

/// Where an account was called, the newest first. What is no longer within its reach is left out.
pub fn of(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, most: u32) -> Result<Vec<Mention>> {
    let Some(account) = act.by.account() else { return Ok(Vec::new()) };
    let rows = tx.query(
        sql!(
            "SELECT request_id, by_account, at, seen_at FROM work_mentions
             WHERE jurisdiction_id = $1 AND account_id = $2 ORDER BY id DESC LIMIT $3"
        ),
        &params![jurisdiction, account, most],
        |row| {
            Ok((
                RequestId(row.get(0)?),
                row.get::<Option<i64>>(1)?,
                row.get::<i64>(2)?,
                row.get::<Option<i64>>(3)?,
            ))
        },
    )?;
    let mut ids: Vec<RequestId> = rows.iter().map(|row| row.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = find::by_ids(tx, jurisdiction, &ids)?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, by, at, seen)| {
            let request = found.iter().find(|r| r.id == id)?;
            find::may_see_internal(act, request).then(|| Mention {
                request: request.clone(),
                by,
                at: Timestamp(at),
                is_seen: seen.is_some(),
            })
        })
        .collect())
}

/// How often an account was called and has not looked.
pub fn unseen(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<i64> {
    let Some(account) = act.by.account() else { return Ok(0) };
    Ok(tx
        .value(
            sql!(
                "SELECT COUNT(*) FROM work_mentions WHERE jurisdiction_id = $1 AND account_id = $2 AND seen_at IS NULL"
            ),
            &params![jurisdiction, account],
        )?
        .unwrap_or(0))
}

/// Whether a note calls the author to a request that they have not looked at since.
pub fn is_called(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: RequestId) -> Result<bool> {
    let Some(account) = act.by.account() else { return Ok(false) };
    let found: Option<i64> = tx.value(
        sql!(
            "SELECT CAST(1 AS BIGINT) FROM work_mentions
             WHERE jurisdiction_id = $1 AND account_id = $2 AND request_id = $3 AND seen_at IS NULL LIMIT 1"
        ),
        &params![jurisdiction, account, id.0],
    )?;
    Ok(found.is_some())
}

/// The author has looked at a request, and with it at every note that called them there.
pub fn seen(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: RequestId) -> Result<()> {
    if let Some(account) = act.by.account() {
        tx.execute(
            sql!(
                "UPDATE work_mentions SET seen_at = $4
                 WHERE jurisdiction_id = $1 AND account_id = $2 AND request_id = $3 AND seen_at IS NULL"
            ),
            &params![jurisdiction, account, id.0, act.at.0],
        )?;
    }
    Ok(())
}
