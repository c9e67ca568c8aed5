//! A shift begins and ends; what was not begun goes back, and the next shift is told what it should know.

use calendar::Timestamp;
use language::display;
use people::Act;
use storage::{Tx, params, sql};

use super::plan::tell;
use super::row::{Shift, shift_columns, update};
use super::{ShiftState, current};
use crate::{Crew, CrewId, CrewStatus, DispatchError, Done, crews, members, orders};

/// A shift may begin so many minutes before its time.
const EARLY: i64 = 60;

/// The crew begins its shift. With `consent` its position may be read until the shift ends. Beginning twice is once.
pub fn begin(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, crew: CrewId, consent: bool) -> Done<Shift> {
    let crew = crews::by_id(tx, jurisdiction, crew)?.ok_or(DispatchError::NotFound)?;
    members::stands_for(tx, act, &crew)?;
    if !crew.is_active {
        return Err(DispatchError::Refused("crew-withdrawn"));
    }
    let found = match current(tx, jurisdiction, crew.id, act.at)? {
        Some(shift) => Some(shift),
        None => soon(tx, &crew, act.at)?,
    };
    let mut shift = found.ok_or(DispatchError::Refused("shift-none"))?;
    let is_new = shift.state == ShiftState::Planned;
    if is_new {
        shift.state = ShiftState::Begun;
        shift.begun_at = Some(act.at);
    }
    let consent_at = consent.then(|| shift.consent_at.unwrap_or(act.at));
    if is_new || consent_at != shift.consent_at {
        shift.consent_at = consent_at;
        update(tx, &mut shift)?;
    }
    if is_new {
        tell(tx, act, &shift, "begun")?;
    }
    if crew.status == CrewStatus::OffDuty {
        crews::stand(tx, act, jurisdiction, crew.id, CrewStatus::OnDuty, None)?;
    }
    Ok(shift)
}

/// The crew changes its mind about its position being read.
pub fn consent(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, crew: CrewId, given: bool) -> Done<Shift> {
    let crew = crews::by_id(tx, jurisdiction, crew)?.ok_or(DispatchError::NotFound)?;
    members::stands_for(tx, act, &crew)?;
    let shift = current(tx, jurisdiction, crew.id, act.at)?.filter(|s| s.state == ShiftState::Begun);
    let mut shift = shift.ok_or(DispatchError::Refused("shift-none"))?;
    if given != shift.consent_at.is_some() {
        shift.consent_at = given.then_some(act.at);
        update(tx, &mut shift)?;
    }
    Ok(shift)
}

/// The crew ends its shift, with words for the next one. Not while it is on the way or at work; what it had not begun
/// goes back to the open orders.
pub fn end(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, crew: CrewId, handover: &str) -> Done<Shift> {
    let crew = crews::by_id(tx, jurisdiction, crew)?.ok_or(DispatchError::NotFound)?;
    members::stands_for(tx, act, &crew)?;
    if crew.order.is_some() {
        return Err(DispatchError::Refused("crew-has-order"));
    }
    let handover = display::clean_text(handover);
    if handover.chars().count() > 2000 {
        return Err(DispatchError::Refused("words-too-long"));
    }
    let shift = current(tx, jurisdiction, crew.id, act.at)?.filter(|s| s.state == ShiftState::Begun);
    let mut shift = shift.ok_or(DispatchError::Refused("shift-none"))?;
    shift.handover = handover;
    over(tx, act, &mut shift)?;
    orders::release_unbegun(tx, act, &crew, "shift-ended")?;
    if crew.status != CrewStatus::OffDuty && crew.status != CrewStatus::OutOfService {
        crews::stand(tx, act, jurisdiction, crew.id, CrewStatus::OffDuty, None)?;
    }
    Ok(shift)
}

/// Every shift of a crew that is withdrawn: the one it is in ends, the planned ones are cancelled.
pub(crate) fn stop_all(tx: &mut Tx<'_>, act: &Act, crew: &Crew) -> Done<()> {
    let open = tx.query(
        sql!(concat!(
            "SELECT ",
            shift_columns!(),
            " FROM shifts WHERE jurisdiction_id = $1 AND crew_id = $2 AND state IN ('planned', 'begun')
              ORDER BY starts_at, id LIMIT 1000"
        )),
        &params![crew.jurisdiction, crew.id.0],
        Shift::from_row,
    )?;
    for mut shift in open {
        if shift.state == ShiftState::Begun {
            over(tx, act, &mut shift)?;
        } else {
            shift.state = ShiftState::Cancelled;
            update(tx, &mut shift)?;
            tell(tx, act, &shift, "cancelled")?;
        }
    }
    Ok(())
}

fn over(tx: &mut Tx<'_>, act: &Act, shift: &mut Shift) -> Done<()> {
    shift.state = ShiftState::Ended;
    shift.ended_at = Some(act.at);
    update(tx, shift)?;
    tell(tx, act, shift, "ended")?;
    Ok(())
}

fn soon(tx: &mut Tx<'_>, crew: &Crew, now: Timestamp) -> storage::Result<Option<Shift>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            shift_columns!(),
            " FROM shifts WHERE jurisdiction_id = $1 AND crew_id = $2 AND state = 'planned' AND starts_at > $3 AND starts_at <= $4
              ORDER BY starts_at, id LIMIT 1"
        )),
        &params![crew.jurisdiction, crew.id.0, now.0, now.plus_minutes(EARLY).0],
        Shift::from_row,
    )
}
