//! The next call, held by one caller.
//!
//! A caller holds at most one at a time. The hold has an end, so that a call is not lost when a caller goes home: it
//! returns to the queue by itself, because whoever looks for the next one passes over none whose hold has run out.

use calendar::Timestamp;
use people::{Act, Denied, Permission, permissions::Where};
use storage::{Row, Tx, params, sql};

use super::settings;
use crate::find;
use crate::reply::{self, Round};
use crate::request::{RequestId, ServiceRequest};

/// A call that somebody holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    pub request: ServiceRequest,
    /// The answer that is asked about.
    pub round: Round,
    pub attempts: i64,
    /// When the hold ends.
    pub until: Timestamp,
    /// The reporter, as long as the call is held.
    pub name: String,
    pub mobile: String,
}

struct Waiting {
    request: RequestId,
    round: i64,
    attempts: i64,
    until: Timestamp,
}

fn read(row: &Row<'_>) -> storage::Result<Waiting> {
    Ok(Waiting {
        request: RequestId(row.get(0)?),
        round: row.get(1)?,
        attempts: row.get(2)?,
        until: Timestamp(row.get(3)?),
    })
}

#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

/// The call this caller holds now. Every look shows the reporter's number, so every look is recorded.
pub fn current(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Option<Held>, QueueError> {
    let held = tx.query_opt(
        sql!(
            "SELECT request_id, round, attempts, leased_until FROM feedback_calls
             WHERE jurisdiction_id = $1 AND is_waiting = 1 AND leased_by = $2 AND leased_until > $3
             ORDER BY leased_until DESC, request_id LIMIT 1"
        ),
        &params![jurisdiction, &act.by.signature(), act.at.0],
        read,
    )?;
    match held {
        Some(row) => show(tx, act, jurisdiction, &row),
        None => Ok(None),
    }
}

/// Takes the next call: the one that has waited longest among those this caller may make. Whoever holds one already
/// gets that one again.
pub fn next(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Option<Held>, QueueError> {
    if let Some(held) = current(tx, act, jurisdiction)? {
        return Ok(Some(held));
    }
    let until = act.at.plus_minutes(i64::from(settings::of(tx, jurisdiction)?.lease_minutes));
    let waiting = tx.query(
        sql!(
            "SELECT request_id, round, attempts, leased_until FROM feedback_calls
             WHERE jurisdiction_id = $1 AND is_waiting = 1 AND call_after <= $2 AND leased_until <= $2
             ORDER BY call_after, request_id LIMIT 100"
        ),
        &params![jurisdiction, act.at.0],
        read,
    )?;
    for row in waiting {
        let Some(request) = find::by_id(tx, jurisdiction, row.request)? else { continue };
        if !act.may(Permission::FeedbackCall, request.place()) {
            continue;
        }
        let taken = tx.execute(
            sql!(
                "UPDATE feedback_calls SET leased_by = $4, leased_until = $5
                 WHERE jurisdiction_id = $1 AND request_id = $2 AND round = $3 AND is_waiting = 1 AND leased_until <= $6"
            ),
            &params![jurisdiction, row.request.0, row.round, &act.by.signature(), until.0, act.at.0],
        )?;
        if taken == 1 {
            return show(tx, act, jurisdiction, &Waiting { until, ..row });
        }
    }
    // A caller of nothing is told so by the table, not by an empty queue.
    if !act.may_somewhere(Permission::FeedbackCall) {
        act.require(Permission::FeedbackCall, Where::city(jurisdiction))?;
    }
    Ok(None)
}

/// Gives a call back unmade.
pub fn release(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<(), QueueError> {
    tx.execute(
        sql!(
            "UPDATE feedback_calls SET leased_by = '', leased_until = 0
             WHERE jurisdiction_id = $1 AND is_waiting = 1 AND leased_by = $2"
        ),
        &params![jurisdiction, &act.by.signature()],
    )?;
    Ok(())
}

/// How many calls could be made now, those being made among them.
pub fn waiting(tx: &mut Tx<'_>, jurisdiction: i64, now: Timestamp) -> storage::Result<i64> {
    Ok(tx
        .value(
            sql!(
                "SELECT COUNT(*) FROM feedback_calls WHERE jurisdiction_id = $1 AND is_waiting = 1 AND call_after <= $2"
            ),
            &params![jurisdiction, now.0],
        )?
        .unwrap_or(0))
}

fn show(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, row: &Waiting) -> Result<Option<Held>, QueueError> {
    let Some(request) = find::by_id(tx, jurisdiction, row.request)? else { return Ok(None) };
    // A role may be taken away while a call is held.
    act.require(Permission::FeedbackCall, request.place())?;
    let rounds = reply::rounds(tx, &request)?;
    let Some(round) = rounds.into_iter().find(|round| round.number == row.round) else { return Ok(None) };
    let reporter = tx.query_opt(
        sql!("SELECT name, mobile FROM request_contacts WHERE jurisdiction_id = $1 AND request_id = $2"),
        &params![jurisdiction, row.request.0],
        |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)),
    )?;
    let (name, mobile) = reporter.unwrap_or_default();
    people::audit(tx, act, jurisdiction, "feedback-number", Permission::FeedbackCall, request.place(), true);
    Ok(Some(Held { request, round, attempts: row.attempts, until: row.until, name, mobile }))
}
