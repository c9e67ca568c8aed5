//! Shifts: when a crew works, with its pause, and the roster of a week on the city's calendar.

mod duty; // begin, end, and what the next shift should know
mod plan;
mod row; // one shift // plan one, plan a roster, cancel

use calendar::Timestamp;
use storage::{Result, Tx, params, sql};

use crate::kinds::coded;
use crate::{CrewId, ShiftId};

pub(crate) use duty::stop_all;
pub use duty::{begin, consent, end};
#[cfg(test)]
pub(crate) use plan::on;
pub use plan::{Rest, Roster, Rostered, Wish, cancel, plan, roster};
pub use row::Shift;
use row::shift_columns;

coded! {
    ShiftState { Planned = "planned", Begun = "begun", Ended = "ended", Cancelled = "cancelled" }
}

/// Shifts that touch a span of time and were not cancelled, in the order of their beginning.
pub fn between(tx: &mut Tx<'_>, jurisdiction: i64, from: Timestamp, until: Timestamp) -> Result<Vec<Shift>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            shift_columns!(),
            " FROM shifts WHERE jurisdiction_id = $1 AND ends_at > $2 AND starts_at < $3 AND state <> 'cancelled'
              ORDER BY starts_at, crew_id, id LIMIT 20000"
        )),
        &params![jurisdiction, from.0, until.0],
        Shift::from_row,
    )
}

/// The shift that a crew is in: the one that it began, else the one that is planned for now.
pub fn current(tx: &mut Tx<'_>, jurisdiction: i64, crew: CrewId, now: Timestamp) -> Result<Option<Shift>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            shift_columns!(),
            " FROM shifts WHERE jurisdiction_id = $1 AND crew_id = $2
              AND (state = 'begun' OR (state = 'planned' AND starts_at <= $3 AND ends_at > $3))
              ORDER BY CASE state WHEN 'begun' THEN 0 ELSE 1 END, starts_at, id LIMIT 1"
        )),
        &params![jurisdiction, crew.0, now.0],
        Shift::from_row,
    )
}

/// Shifts of one crew from a moment on.
pub fn of_crew(tx: &mut Tx<'_>, jurisdiction: i64, crew: CrewId, from: Timestamp) -> Result<Vec<Shift>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            shift_columns!(),
            " FROM shifts WHERE jurisdiction_id = $1 AND crew_id = $2 AND ends_at > $3 ORDER BY starts_at, id LIMIT 1000"
        )),
        &params![jurisdiction, crew.0, from.0],
        Shift::from_row,
    )
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: ShiftId) -> Result<Option<Shift>> {
    tx.query_opt(
        sql!(concat!("SELECT ", shift_columns!(), " FROM shifts WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id.0],
        Shift::from_row,
    )
}
