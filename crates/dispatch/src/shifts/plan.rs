//! Planning shifts: one by one, or a roster that repeats on the city's calendar.
//!
//! A roster speaks of the wall clock: "22:00 to 06:00" is eight hours on most nights and seven or nine on the two nights
//! on which older years moved their clocks. An hour that does not exist begins when it would have ended.

use calendar::{Day, Timestamp, Weekday};
use people::{Act, Permission};
use storage::{Tx, params, sql};

use super::row::{Shift, insert, update};
use super::{ShiftState, by_id};
use crate::{CrewId, DispatchError, Done, SHIFT, Seen, ShiftId, crews};

/// A pause of so many seconds that begins between two moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    pub from: Timestamp,
    pub to: Timestamp,
    pub length: i64,
}

/// One shift as somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub crew: CrewId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub overtime_until: Option<Timestamp>,
    pub rest: Option<Rest>,
}

/// Shifts that repeat. Minutes are of the day on the wall, 0 to 1439; an end before or at the beginning is on the next day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    pub crew: CrewId,
    /// The first and the last day on which a shift begins.
    pub from: Day,
    pub until: Day,
    pub weekdays: Vec<Weekday>,
    pub begins: u16,
    pub ends: u16,
    /// Minutes of work allowed after the end.
    pub overtime: u16,
    /// Minutes after the beginning between which the pause begins, and how many it lasts.
    pub rest: Option<(u16, u16, u16)>,
    /// No shift on the city's holidays.
    pub skip_holidays: bool,
}

/// What became of a roster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rostered {
    pub planned: Vec<Shift>,
    /// Days on which the crew has another shift at that time.
    pub skipped: Vec<Day>,
}

const LONGEST: i64 = 24 * 3_600_000;
const LONGEST_OVERTIME: i64 = 6 * 3_600_000;
const MOST_DAYS: i64 = 100;

/// A crew will work from then to then.
pub fn plan(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, wish: &Wish) -> Done<Shift> {
    let crew = crews::by_id(tx, jurisdiction, wish.crew)?.ok_or(DispatchError::NotFound)?;
    act.require(Permission::ManageCrews, crew.place())?;
    if !crew.is_active {
        return Err(DispatchError::Refused("crew-withdrawn"));
    }
    check(wish)?;
    if overlaps(tx, jurisdiction, wish)? {
        return Err(DispatchError::Refused("shift-overlaps"));
    }
    put(tx, act, jurisdiction, wish)
}

/// A week, a month of shifts. Days on which the crew already works then are left as they are.
pub fn roster(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, roster: &Roster) -> Done<Rostered> {
    let crew = crews::by_id(tx, jurisdiction, roster.crew)?.ok_or(DispatchError::NotFound)?;
    act.require(Permission::ManageCrews, crew.place())?;
    if !crew.is_active {
        return Err(DispatchError::Refused("crew-withdrawn"));
    }
    let days = roster.until.days_since(roster.from);
    if days < 0 {
        return Err(DispatchError::Refused("shift-days-wrong"));
    }
    if days >= MOST_DAYS {
        return Err(DispatchError::Refused("shift-days-many"));
    }
    if roster.begins >= 1440 || roster.ends >= 1440 {
        return Err(DispatchError::Refused("shift-time-wrong"));
    }
    let cities = territory::cities(tx)?;
    let city = cities.iter().find(|city| city.id == jurisdiction).ok_or(DispatchError::NotFound)?;
    let mut result = Rostered::default();
    for number in 0..=days {
        let day = roster.from.plus_days(number);
        let is_free = roster.skip_holidays && city.working.holidays.contains(day);
        if is_free || !roster.weekdays.contains(&day.weekday()) {
            continue;
        }
        let wish = on(roster, day, &city.zone);
        check(&wish)?;
        if overlaps(tx, jurisdiction, &wish)? {
            result.skipped.push(day);
        } else {
            result.planned.push(put(tx, act, jurisdiction, &wish)?);
        }
    }
    if result.planned.is_empty() && result.skipped.is_empty() {
        return Err(DispatchError::Refused("shift-days-none"));
    }
    Ok(result)
}

/// One day of a roster as moments in time.
pub(crate) fn on(roster: &Roster, day: Day, zone: &calendar::Zone) -> Wish {
    let is_over_midnight = roster.ends <= roster.begins;
    let ends = if is_over_midnight { roster.ends + 1440 } else { roster.ends };
    let (starts_at, ends_at) = (zone.at(day, roster.begins), zone.at(day, ends));
    Wish {
        crew: roster.crew,
        starts_at,
        ends_at,
        overtime_until: (roster.overtime > 0).then(|| ends_at.plus_minutes(i64::from(roster.overtime))),
        rest: roster.rest.map(|(from, to, length)| Rest {
            from: starts_at.plus_minutes(i64::from(from)),
            to: starts_at.plus_minutes(i64::from(to)),
            length: i64::from(length) * 60,
        }),
    }
}

/// A shift that was not begun is not needed.
pub fn cancel(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: ShiftId, seen: Seen) -> Done<Shift> {
    let mut shift = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    let crew = crews::by_id(tx, jurisdiction, shift.crew)?.ok_or(DispatchError::NotFound)?;
    act.require(Permission::ManageCrews, crew.place())?;
    if shift.version != seen.0 {
        return Err(DispatchError::Changed);
    }
    if shift.state != ShiftState::Planned {
        return Err(DispatchError::Refused("shift-begun"));
    }
    shift.state = ShiftState::Cancelled;
    update(tx, &mut shift)?;
    tell(tx, act, &shift, "cancelled")?;
    Ok(shift)
}

fn check(wish: &Wish) -> Done<()> {
    let length = wish.ends_at.millis_since(wish.starts_at);
    if length <= 0 {
        return Err(DispatchError::Refused("shift-empty"));
    }
    if length > LONGEST {
        return Err(DispatchError::Refused("shift-too-long"));
    }
    if let Some(until) = wish.overtime_until
        && !(0..=LONGEST_OVERTIME).contains(&until.millis_since(wish.ends_at))
    {
        return Err(DispatchError::Refused("shift-overtime-wrong"));
    }
    if let Some(rest) = wish.rest {
        let latest_end = rest.to.plus_millis(rest.length.saturating_mul(1000));
        let is_within = rest.from >= wish.starts_at && rest.from <= rest.to && latest_end <= wish.ends_at;
        if rest.length <= 0 || !is_within {
            return Err(DispatchError::Refused("shift-break-wrong"));
        }
    }
    Ok(())
}

fn overlaps(tx: &mut Tx<'_>, jurisdiction: i64, wish: &Wish) -> storage::Result<bool> {
    let found: Option<i64> = tx.value(
        sql!(
            "SELECT id FROM shifts WHERE jurisdiction_id = $1 AND crew_id = $2 AND state IN ('planned', 'begun')
             AND starts_at < $4 AND ends_at > $3 ORDER BY id LIMIT 1"
        ),
        &params![jurisdiction, wish.crew.0, wish.starts_at.0, wish.ends_at.0],
    )?;
    Ok(found.is_some())
}

fn put(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, wish: &Wish) -> Done<Shift> {
    let shift = Shift {
        jurisdiction,
        id: ShiftId(act.new_id()),
        crew: wish.crew,
        starts_at: wish.starts_at,
        ends_at: wish.ends_at,
        overtime_until: wish.overtime_until,
        rest: wish.rest,
        state: ShiftState::Planned,
        begun_at: None,
        ended_at: None,
        consent_at: None,
        handover: String::new(),
        version: 1,
    };
    insert(tx, &shift)?;
    tell(tx, act, &shift, "planned")?;
    Ok(shift)
}

pub(super) fn tell(tx: &mut Tx<'_>, act: &Act, shift: &Shift, fact: &'static str) -> storage::Result<()> {
    let payload = crate::json(&serde_json::json!({
        "crew": shift.crew,
        "from": shift.starts_at,
        "until": shift.ends_at,
    }))?;
    act.record(tx, shift.jurisdiction, SHIFT, shift.id.0, fact, payload);
    Ok(())
}
