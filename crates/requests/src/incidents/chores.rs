//! Telling and answering the members of incidents, handful by handful, and taking out what is too old to be joined.

use people::{Act, Chore};
use storage::{Result, Tx, params, sql};

use super::State;
use super::group::tell;
use super::row::{self, Incident, incident_columns};
use crate::catalogue::{Catalogue, catalogue};
use crate::find;
use crate::moves::{self, MoveError, Step};
use crate::request::{RequestId, ServiceRequest};
use crate::status::Status;

/// Members of a confirmed incident hear that they are part of it.
pub const TELLING: Chore = Chore { name: "incidents-telling", every: 3_000, at_once: 400, run: tell_some };
/// Members of an answered incident are answered.
pub const ANSWERING: Chore =
    Chore { name: "incidents-answering", every: 3_000, at_once: 100, run: answer_some };
/// Loose requests that are too old to begin anything are forgotten; the requests themselves stay.
pub const TIDYING: Chore = Chore { name: "incidents-tidying", every: 600_000, at_once: 2_000, run: tidy };

/// Loose requests are compared for so long, whatever a family says.
const LOOSE_HOURS: i64 = 72;

/// Rows of two indexes may be empty while an incident waits, so an incident counts as one piece of work itself.
fn waiting(tx: &mut Tx<'_>, jurisdiction: i64, telling: bool) -> Result<Option<Incident>> {
    let sql = if telling {
        sql!(concat!(
            "SELECT ",
            incident_columns!(),
            " FROM incidents WHERE jurisdiction_id = $1 AND telling = 1 ORDER BY id LIMIT 1"
        ))
    } else {
        sql!(concat!(
            "SELECT ",
            incident_columns!(),
            " FROM incidents WHERE jurisdiction_id = $1 AND answering IS NOT NULL ORDER BY id LIMIT 1"
        ))
    };
    tx.query_opt(sql, &params![jurisdiction], Incident::from_row)
}

fn tell_some(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, at_once: u32) -> Result<usize> {
    let Some(mut incident) = waiting(tx, jurisdiction, true)? else { return Ok(0) };
    let members = tx.query(
        sql!(
            "SELECT request_id FROM incident_members WHERE jurisdiction_id = $1 AND incident_id = $2 AND told = 0
             ORDER BY request_id LIMIT $3"
        ),
        &params![jurisdiction, incident.id.0, at_once],
        |row| Ok(RequestId(row.get(0)?)),
    )?;
    for request in &members {
        tx.execute(
            sql!("UPDATE incident_members SET told = 1 WHERE jurisdiction_id = $1 AND request_id = $2"),
            &params![jurisdiction, request.0],
        )?;
        tell(tx, jurisdiction, act.at, *request, incident.id);
    }
    if members.len() < at_once as usize {
        incident.telling = false;
        row::update(tx, &mut incident)?;
    }
    // The next incident may wait too: a full handful brings the worker back at once.
    Ok(at_once as usize)
}

fn answer_some(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, at_once: u32) -> Result<usize> {
    let Some(mut incident) = waiting(tx, jurisdiction, false)? else { return Ok(0) };
    let after = incident.answering.unwrap_or(0);
    let ids = tx.query(
        sql!(
            "SELECT request_id FROM incident_members WHERE jurisdiction_id = $1 AND incident_id = $2 AND request_id > $3
             ORDER BY request_id LIMIT $4"
        ),
        &params![jurisdiction, incident.id.0, after, at_once],
        |row| Ok(RequestId(row.get(0)?)),
    )?;
    let catalogue = catalogue(tx, jurisdiction)?;
    for request in find::by_ids(tx, jurisdiction, &ids)? {
        if request.status.is_open() {
            answer_one(tx, act, &incident, &request, &catalogue)?;
        }
    }
    incident.answering = match ids.last() {
        Some(last) if ids.len() == at_once as usize => Some(last.0),
        _ => None,
    };
    incident.updated_at = act.at;
    row::update(tx, &mut incident)?;
    Ok(at_once as usize)
}

/// One citizen's answer, in the language of the request and with its own code, service and address.
fn answer_one(
    tx: &mut Tx<'_>,
    act: &Act,
    incident: &Incident,
    request: &ServiceRequest,
    catalogue: &Catalogue,
) -> Result<()> {
    let service = catalogue.service(request.service).map_or("", |s| s.name(request.language));
    let words = incident
        .answer
        .get(request.language)
        .replace("{code}", &request.code.to_string())
        .replace("{service}", service)
        .replace("{address}", &request.address);
    let step = Step::to(Status::Answered).saying(words);
    let refused = match moves::make(tx, act, incident.jurisdiction, request.id, &step) {
        Ok(_) => return Ok(()),
        Err(MoveError::Failure(error)) => return Err(error),
        // One that cannot be answered like this, for want of evidence perhaps, waits for a person and holds up nobody.
        Err(no) => no.code().unwrap_or("move-impossible"),
    };
    tx.execute(
        sql!("UPDATE incident_members SET refused = $3 WHERE jurisdiction_id = $1 AND request_id = $2"),
        &params![incident.jurisdiction, request.id.0, refused],
    )?;
    Ok(())
}

fn tidy(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, at_once: u32) -> Result<usize> {
    let oldest = people::first_id_at(act.at.plus_millis(-LOOSE_HOURS * 3_600_000));
    let old = tx.query(
        sql!("SELECT request_id FROM incident_loose WHERE jurisdiction_id = $1 AND request_id < $2 ORDER BY request_id LIMIT $3"),
        &params![jurisdiction, oldest, at_once],
        |row| row.get::<i64>(0),
    )?;
    for id in &old {
        super::group::remove_loose(tx, jurisdiction, RequestId(*id))?;
    }
    // A proposal that nobody decided about and nobody adds to is no news any more.
    let stale = tx.query(
        sql!(concat!(
            "SELECT ",
            incident_columns!(),
            " FROM incidents WHERE jurisdiction_id = $1 AND is_open = 1 AND state = 'proposed' AND last_at < $2
              ORDER BY id LIMIT 100"
        )),
        &params![jurisdiction, act.at.0 - 14 * 86_400_000],
        Incident::from_row,
    )?;
    for mut incident in stale {
        incident.state = State::Dismissed;
        incident.updated_at = act.at;
        row::update(tx, &mut incident)?;
        let told = incident.told(0, None)?;
        act.record(tx, jurisdiction, super::SUBJECT, incident.id.0, "dismissed", told);
    }
    Ok(old.len())
}
