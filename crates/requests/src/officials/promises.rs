//! What an official promised on the line, and what became of it.

use people::Act;
use storage::{Tx, params, sql};

use super::callers::{self, CallerState};
use super::{OfficialError, SUBJECT, hours, require_speaker};
use crate::request::{RequestId, ServiceRequest, columns};
use crate::{Contact, Draft, SubmitError, Submitted, find, submit};

/// Promises counted: how many were made, and how many are over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    pub made: i64,
    pub open: i64,
    /// Done, and nobody said it was not.
    pub done: i64,
}

/// Makes a promise: a request with the official as its owner. The caller's name and number go with it, so that they
/// hear of it like anybody who reports.
pub fn promise(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    hour: i64,
    caller: Option<i64>,
    draft: &Draft,
) -> Result<Submitted, OfficialError> {
    let hour = hours::by_id(tx, jurisdiction, hour)?.ok_or(OfficialError::NotFound)?;
    require_speaker(act, jurisdiction, &hour)?;
    let mut draft = draft.clone();
    if let Some(caller) = caller {
        let caller = callers::caller(tx, jurisdiction, hour.id, caller)?.ok_or(OfficialError::CallerGone)?;
        draft.contact = Contact { name: caller.name, mobile: caller.mobile, ..draft.contact };
        // A caller who already left was promised something all the same.
        let _ = callers::set_caller(tx, act, jurisdiction, hour.id, caller.id, CallerState::Done);
    }
    let submitted = submit(tx, act, &draft).map_err(|error| match error {
        SubmitError::Refused(refusals) => OfficialError::Refused(refusals),
        SubmitError::Denied(denied) => OfficialError::Denied(denied),
        SubmitError::Failure(failure) => OfficialError::Failure(failure),
    })?;
    if submitted.repeated {
        return Ok(submitted);
    }
    tx.execute_one(
        sql!("UPDATE service_requests SET owner_id = $3 WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, submitted.id.0, hour.account],
    )?;
    tx.execute(
        sql!(
            "INSERT INTO official_promises (jurisdiction_id, hour_id, request_id, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (jurisdiction_id, hour_id, request_id) DO NOTHING"
        ),
        &params![jurisdiction, hour.id, submitted.id.0, act.at.0],
    )?;
    let payload = format!("{{\"request\":{}}}", submitted.id.0);
    act.record(tx, jurisdiction, SUBJECT, hour.id, "promised", payload);
    Ok(submitted)
}

/// The requests that were promised in an hour, in the order of the promises. Who shows them leaves out what is private.
pub fn promised(tx: &mut Tx<'_>, jurisdiction: i64, hour: i64) -> storage::Result<Vec<ServiceRequest>> {
    let ids = tx.query(
        sql!(
            "SELECT request_id FROM official_promises WHERE jurisdiction_id = $1 AND hour_id = $2
             ORDER BY at, request_id LIMIT 500"
        ),
        &params![jurisdiction, hour],
        |row| Ok(RequestId(row.get(0)?)),
    )?;
    find::by_ids(tx, jurisdiction, &ids)
}

/// Everything an official promised, what is open and due first on top.
pub fn of_account(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    account: i64,
    most: u32,
) -> storage::Result<Vec<ServiceRequest>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM service_requests WHERE jurisdiction_id = $1 AND owner_id = $2 AND owner_id IS NOT NULL
              ORDER BY is_open DESC, due_at IS NULL, due_at, id LIMIT $3"
        )),
        &params![jurisdiction, account, most],
        ServiceRequest::from_row,
    )
}

/// Every promise of the city's officials, counted.
pub fn kept(tx: &mut Tx<'_>, jurisdiction: i64) -> storage::Result<Kept> {
    let mut kept = Kept::default();
    tx.for_each(
        sql!(
            "SELECT r.status, COUNT(*) FROM official_promises p
             JOIN service_requests r ON r.jurisdiction_id = p.jurisdiction_id AND r.id = p.request_id
             WHERE p.jurisdiction_id = $1 GROUP BY r.status ORDER BY r.status"
        ),
        &params![jurisdiction],
        |row| {
            let status = crate::Status::parse(&row.get::<String>(0)?);
            let count: i64 = row.get(1)?;
            kept.made += count;
            if status.is_some_and(crate::Status::is_open) {
                kept.open += count;
            } else if matches!(status, Some(crate::Status::Answered | crate::Status::Closed)) {
                kept.done += count;
            }
            Ok(())
        },
    )?;
    Ok(kept)
}
