//! Today's figures: of one operator, and of the line.
//!
//! Nobody else sees an operator's own figures on this screen; they are there to help a person pace a day.

use calendar::Timestamp;
use people::{Act, first_id_at};
use storage::{Result, Tx, params, sql};

use super::call::WrapUp;
use super::{CallError, take};

const MOST_CALLS: u32 = 5_000;
/// A word of the exchange older than this is no figure any more, in milliseconds.
const FRESH: i64 = 5 * 60_000;
/// The window for "new in a minute", in minutes.
const WINDOW: i64 = 5;

/// One operator's day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Calls that were wrapped up.
    pub calls: i64,
    /// Those that ended in a new request.
    pub registered: i64,
    /// The median from the first word to the wrap-up; none before the first call.
    pub median_millis: Option<i64>,
}

/// The line as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Line {
    /// Calls that wait; none when the exchange does not say.
    pub waiting: Option<i64>,
    /// Seconds that the first of them has waited.
    pub waiting_seconds: i64,
    /// Requests of today that are still open.
    pub open_today: i64,
    /// New requests in a minute, over the last five.
    pub per_minute: f64,
}

/// The figures of whoever acts, since the city's midnight.
pub fn counters(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Counters, CallError> {
    let account = take::operator(act, jurisdiction)?;
    let midnight = midnight(tx, jurisdiction, act.at)?;
    let done = tx.query(
        sql!(
            "SELECT COALESCE(answered_at, taken_at, wrapped_at), wrapped_at, wrap_up FROM calls
             WHERE jurisdiction_id = $1 AND account_id = $2 AND id >= $3 AND wrapped_at IS NOT NULL ORDER BY id LIMIT $4"
        ),
        &params![jurisdiction, account, first_id_at(midnight), MOST_CALLS],
        |row| Ok((row.get::<i64>(1)? - row.get::<i64>(0)?, row.get::<String>(2)?)),
    )?;
    let registered = done.iter().filter(|(_, code)| code == WrapUp::Registered.code()).count() as i64;
    let mut times: Vec<i64> = done.iter().map(|(millis, _)| (*millis).max(0)).collect();
    Ok(Counters { calls: done.len() as i64, registered, median_millis: median(&mut times) })
}

/// The figures of the line at a moment.
pub fn line(tx: &mut Tx<'_>, jurisdiction: i64, now: Timestamp) -> Result<Line> {
    let midnight = midnight(tx, jurisdiction, now)?;
    let queue = tx.query_opt(
        sql!("SELECT waiting, seconds FROM call_queues WHERE jurisdiction_id = $1 AND at >= $2"),
        &params![jurisdiction, now.0 - FRESH],
        |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)),
    )?;
    let open_today = tx.value(
        sql!("SELECT COUNT(*) FROM service_requests WHERE jurisdiction_id = $1 AND id >= $2 AND is_open = 1"),
        &params![jurisdiction, first_id_at(midnight)],
    )?;
    let new: Option<i64> = tx.value(
        sql!("SELECT COUNT(*) FROM service_requests WHERE jurisdiction_id = $1 AND id >= $2"),
        &params![jurisdiction, first_id_at(now.plus_millis(-WINDOW * 60_000))],
    )?;
    Ok(Line {
        waiting: queue.map(|(waiting, _)| waiting),
        waiting_seconds: queue.map_or(0, |(_, seconds)| seconds),
        open_today: open_today.unwrap_or(0),
        per_minute: new.unwrap_or(0) as f64 / WINDOW as f64,
    })
}

fn midnight(tx: &mut Tx<'_>, jurisdiction: i64, now: Timestamp) -> Result<Timestamp> {
    let atlas = territory::atlas(tx, jurisdiction)?;
    let zone = &atlas.jurisdiction.zone;
    Ok(zone.start_of(now.day(zone)))
}

/// The middle of several, the lower of the two middles when they are even.
fn median(times: &mut [i64]) -> Option<i64> {
    times.sort_unstable();
    times.get(times.len().saturating_sub(1) / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_a_time_that_was_taken() {
        for (mut times, middle) in
            [(vec![], None), (vec![7], Some(7)), (vec![9, 1], Some(1)), (vec![90, 1, 5], Some(5))]
        {
            assert_eq!(median(&mut times), middle);
        }
    }
}
