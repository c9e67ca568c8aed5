//! Objections, and what the inspector decides.
//!
//! An objection is laid before an inspector. The unit that answered keeps its name on the answer, but may do nothing
//! with the request until the inspector gives it back, to that unit or to another, with the promise that the objection
//! was given; or closes it with a reason.

use language::display;
use people::{Act, Permission};
use storage::{Tx, params, sql};

use super::round::{self, Round};
use crate::moves::{self, Change, MoveError};
use crate::request::{RequestId, ServiceRequest, columns};
use crate::rules::MOST_WORDS;
use crate::{Status, catalogue, find};

/// What an inspector decides about an objection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// A unit works on it again: the one that answered, or another.
    GiveBack { unit: Option<i64> },
    /// It stays as it was answered, and the citizen is told why.
    Close,
}

/// A request whose reporter objects, the answer they object to, and their words.
#[derive(Debug, Clone, PartialEq)]
pub struct Objection {
    pub request: ServiceRequest,
    pub round: Round,
    pub words: String,
}

/// Objections that wait for an inspector and that this one may decide, the promise that passes first on top.
pub fn objections(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    most: u32,
) -> storage::Result<Vec<Objection>> {
    let waiting = tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM service_requests WHERE jurisdiction_id = $1 AND with_inspector = 1
              ORDER BY due_at IS NULL, due_at, id LIMIT $2"
        )),
        &params![jurisdiction, most.min(1000)],
        ServiceRequest::from_row,
    )?;
    let mut objections = Vec::new();
    for request in waiting.into_iter().filter(|r| act.may(Permission::Inspect, r.place())) {
        let Some(round) = round::last(tx, &request)? else { continue };
        let words = said(tx, &request)?;
        objections.push(Objection { request, round, words });
    }
    Ok(objections)
}

/// The last words with which a reporter objected.
fn said(tx: &mut Tx<'_>, request: &ServiceRequest) -> storage::Result<String> {
    Ok(tx
        .value(
            sql!(
                "SELECT text FROM request_notes WHERE jurisdiction_id = $1 AND request_id = $2 AND kind = 'objected'
                 ORDER BY id DESC LIMIT 1"
            ),
            &params![request.jurisdiction, request.id.0],
        )?
        .unwrap_or_default())
}

/// Decides an objection. Both decisions owe the citizen words.
pub fn decide(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    decision: Decision,
    words: &str,
) -> Result<ServiceRequest, MoveError> {
    let request = find::by_id(tx, jurisdiction, id)?.ok_or(MoveError::NotFound)?;
    act.require(Permission::Inspect, request.place())?;
    let to = match decision {
        Decision::GiveBack { .. } => Status::Assigned,
        Decision::Close => Status::Closed,
    };
    if !request.with_inspector {
        return Err(MoveError::NoSuchMove { from: request.status, to });
    }
    let words = display::clean_text(words);
    if words.is_empty() {
        return Err(MoveError::WordsMissing);
    }
    if words.chars().count() > MOST_WORDS {
        return Err(MoveError::WordsTooLong { most: MOST_WORDS });
    }
    let (unit, fact, name) = match decision {
        Decision::Close => (request.unit, "closed", "closed"),
        Decision::GiveBack { unit } => {
            let unit = unit.or(request.unit).ok_or(MoveError::UnitMissing)?;
            if catalogue(tx, jurisdiction)?.unit(unit).is_none() {
                return Err(MoveError::UnitUnknown);
            }
            (Some(unit), "assigned", "given-back")
        }
    };
    round::decided(tx, act, &request, name)?;
    let change = Change { unit, words: &words, with_inspector: false, ..Change::of(&request, to) };
    Ok(moves::change(tx, act, &request, &change, fact, None)?)
}

/// How many objections wait, for the number beside the link.
pub fn waiting(tx: &mut Tx<'_>, jurisdiction: i64) -> storage::Result<i64> {
    Ok(tx
        .value(
            sql!("SELECT COUNT(*) FROM service_requests WHERE jurisdiction_id = $1 AND with_inspector = 1"),
            &params![jurisdiction],
        )?
        .unwrap_or(0))
}
