//! Promises that were given before the storm are moved only when the storm says so, each with a fact and a word on the
//! request's own thread. None is moved twice, and none that is broken already.

use people::{Act, Chore};
use storage::{Result, Tx, params, sql};

use super::{Storm, steps, storm_columns};
use crate::catalogue::catalogue;
use crate::request::{RequestId, ServiceRequest};
use crate::submit::json;
use crate::{SUBJECT, find, notes};

pub const SHIFTING: Chore = Chore { name: "storms-shifting", every: 5_000, at_once: 200, run: shift };

fn shift(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, at_once: u32) -> Result<usize> {
    let waiting = tx.query_opt(
        sql!(concat!(
            "SELECT ",
            storm_columns!(),
            " FROM storms WHERE jurisdiction_id = $1 AND is_open = 1 AND shifting IS NOT NULL ORDER BY id LIMIT 1"
        )),
        &params![jurisdiction],
        Storm::from_row,
    )?;
    let Some(mut storm) = waiting else { return Ok(0) };
    let after = storm.shifting.unwrap_or(0);
    let ids = tx.query(
        sql!(
            "SELECT id FROM service_requests WHERE jurisdiction_id = $1 AND is_open = 1 AND id > $2 ORDER BY id LIMIT $3"
        ),
        &params![jurisdiction, after, at_once],
        |row| Ok(RequestId(row.get(0)?)),
    )?;
    let catalogue = catalogue(tx, jurisdiction)?;
    for request in find::by_ids(tx, jurisdiction, &ids)? {
        let is_here = storm.district.is_none() || storm.district == request.district;
        let by = catalogue.service(request.service).map_or(0, |service| storm.mode.shift_of(service));
        if is_here && by > 0 {
            shift_one(tx, act, &storm, &request, by)?;
        }
    }
    storm.shifting = match ids.last() {
        Some(last) if ids.len() == at_once as usize => Some(last.0),
        _ => None,
    };
    steps::update(tx, &mut storm)?;
    Ok(at_once as usize)
}

fn shift_one(tx: &mut Tx<'_>, act: &Act, storm: &Storm, request: &ServiceRequest, by: i64) -> Result<()> {
    let Some(mut clock) = request.clock.filter(|c| c.shifted_millis == 0) else { return Ok(()) };
    // A promise from before the storm that was broken before it stays broken.
    if request.due_at.is_none_or(|due| due <= storm.begun_at) {
        return Ok(());
    }
    let atlas = territory::atlas(tx, request.jurisdiction)?;
    clock.shifted_millis = by;
    let due = clock.due_at(atlas.working());
    tx.execute_one(
        sql!(
            "UPDATE service_requests SET due_at = $4, clock = $5, updated_at = $6, overdue_noted = 0, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3"
        ),
        &params![request.jurisdiction, request.id.0, request.version, due.0, &json(&clock)?, act.at.0],
    )?;
    let words = storm.mode.message.get(request.language);
    let told = notes::keep(tx, act, request.jurisdiction, request.id, "promise-shifted", false, None, words)?;
    act.record(tx, request.jurisdiction, SUBJECT, request.id.0, "promise-shifted", json(&told)?);
    Ok(())
}
