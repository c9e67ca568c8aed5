//! Work that comes again: an inlet cleaned before each winter, a patrol of lamps every week.

use calendar::Timestamp;
use language::display;
use people::{Act, Chore, Permission, Where};
use storage::{Error, Result, Row, Tx, params, sql};
use territory::{Located, Point};

use crate::{DispatchError, Done, Origin, Seen, job_types, orders};

/// Makes the orders of routines that are due.
pub const CHORE: Chore = Chore {
    name: "dispatch-routines",
    every: 5 * 60_000,
    at_once: 50,
    run: |tx, act, j, most| due(tx, act, j, most),
};

/// One routine.
#[derive(Debug, Clone, PartialEq)]
pub struct Routine {
    pub jurisdiction: i64,
    pub id: i64,
    pub job_type: String,
    pub title: String,
    pub point: Point,
    pub address: String,
    pub every_days: i64,
    pub next_at: Timestamp,
    pub is_active: bool,
    pub version: i64,
}

/// What comes again, where and how often.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    pub job_type: String,
    pub title: String,
    pub point: Point,
    pub address: String,
    pub every_days: i64,
    pub next_at: Timestamp,
}

/// A routine begins.
pub fn add(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, wish: &Wish) -> Done<Routine> {
    let kinds = job_types::kinds(tx, jurisdiction)?;
    if kinds.job_type(&wish.job_type).is_none() {
        return Err(DispatchError::Refused("job-type-unknown"));
    }
    let district = match territory::atlas(tx, jurisdiction)?.locate(wish.point) {
        Located::Inside(place) => place.district,
        Located::Outside { .. } => return Err(DispatchError::Refused("order-outside")),
        Located::NoBorders => None,
    };
    act.require(Permission::ManageCrews, Where::city(jurisdiction).in_district(district))?;
    if !(1..=3660).contains(&wish.every_days) {
        return Err(DispatchError::Refused("routine-days-wrong"));
    }
    let title = display::clean_text(&wish.title);
    let address = display::clean_text(&wish.address);
    if title.chars().count() > 200 || address.chars().count() > 500 {
        return Err(DispatchError::Refused("words-too-long"));
    }
    let routine = Routine {
        jurisdiction,
        id: act.new_id(),
        job_type: wish.job_type.clone(),
        title,
        point: wish.point,
        address,
        every_days: wish.every_days,
        next_at: wish.next_at,
        is_active: true,
        version: 1,
    };
    tx.execute_one(
        sql!(
            "INSERT INTO work_routines (jurisdiction_id, id, job_type, title, lat, long, address, every_days, next_at, is_active, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, 1)"
        ),
        &params![
            jurisdiction,
            routine.id,
            &routine.job_type,
            &routine.title,
            routine.point.lat,
            routine.point.long,
            &routine.address,
            routine.every_days,
            routine.next_at.0
        ],
    )?;
    Ok(routine)
}

/// A routine rests, or goes on from its next day.
pub fn set_active(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    active: bool,
    seen: Seen,
) -> Done<()> {
    let routine = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    let district = match territory::atlas(tx, jurisdiction)?.locate(routine.point) {
        Located::Inside(place) => place.district,
        _ => None,
    };
    act.require(Permission::ManageCrews, Where::city(jurisdiction).in_district(district))?;
    let changed = tx.execute(
        sql!(
            "UPDATE work_routines SET is_active = $3, version = version + 1 WHERE jurisdiction_id = $1 AND id = $2 AND version = $4"
        ),
        &params![jurisdiction, id, active, seen.0],
    )?;
    crate::refusal::guarded(changed)
}

/// Routines, those that are due next first.
pub fn list(tx: &mut Tx<'_>, jurisdiction: i64, most: u32) -> Result<Vec<Routine>> {
    tx.query(
        sql!(
            "SELECT jurisdiction_id, id, job_type, title, lat, long, address, every_days, next_at, is_active, version FROM work_routines
             WHERE jurisdiction_id = $1 ORDER BY is_active DESC, next_at, id LIMIT $2"
        ),
        &params![jurisdiction, most.min(2000)],
        from_row,
    )
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<Option<Routine>> {
    tx.query_opt(
        sql!(
            "SELECT jurisdiction_id, id, job_type, title, lat, long, address, every_days, next_at, is_active, version FROM work_routines
             WHERE jurisdiction_id = $1 AND id = $2"
        ),
        &params![jurisdiction, id],
        from_row,
    )
}

/// Makes an order of each routine that is due, and says how many those were. After a long stop there is one order and
/// not one for each day that was missed.
pub fn due(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, most: u32) -> Result<usize> {
    let waiting = tx.query(
        sql!(
            "SELECT jurisdiction_id, id, job_type, title, lat, long, address, every_days, next_at, is_active, version FROM work_routines
             WHERE jurisdiction_id = $1 AND is_active = 1 AND next_at <= $2 ORDER BY next_at, id LIMIT $3"
        ),
        &params![jurisdiction, act.at.0, most],
        from_row,
    )?;
    let count = waiting.len();
    if count == 0 {
        return Ok(0);
    }
    let cities = territory::cities(tx)?;
    let Some(city) = cities.iter().find(|city| city.id == jurisdiction) else { return Ok(0) };
    for routine in waiting {
        // On the wall clock, so that "eight in the morning" stays so through summer time.
        let (day, minute) = (routine.next_at.day(&city.zone), routine.next_at.minute_of_day(&city.zone));
        let missed = act.at.day(&city.zone).days_since(day).max(0) / routine.every_days;
        let next = city.zone.at(day.plus_days((missed + 1) * routine.every_days), minute);
        tx.execute_one(
            sql!(
                "UPDATE work_routines SET next_at = $3, version = version + 1 WHERE jurisdiction_id = $1 AND id = $2 AND version = $4"
            ),
            &params![jurisdiction, routine.id, next.0, routine.version],
        )?;
        let draft = orders::Draft {
            origin: Origin::Routine,
            routine: Some(routine.id),
            words: routine.title.clone(),
            address: routine.address.clone(),
            not_after: Some(next),
            ..orders::Draft::at(routine.job_type.clone(), routine.point)
        };
        match orders::make(tx, act, jurisdiction, draft) {
            Ok(_) => {}
            Err(DispatchError::Storage(failure)) => return Err(failure),
            // A kind of work that the city no longer has, or a place that is no longer in it: the routine rests.
            Err(_) => {
                tx.execute(
                    sql!("UPDATE work_routines SET is_active = 0 WHERE jurisdiction_id = $1 AND id = $2"),
                    &params![jurisdiction, routine.id],
                )?;
            }
        }
    }
    Ok(count)
}

fn from_row(row: &Row<'_>) -> Result<Routine> {
    Ok(Routine {
        jurisdiction: row.get(0)?,
        id: row.get(1)?,
        job_type: row.get(2)?,
        title: row.get(3)?,
        point: Point::new(row.get(4)?, row.get(5)?).ok_or_else(|| Error::corrupt("a routine at no place"))?,
        address: row.get(6)?,
        every_days: row.get::<i64>(7)?.max(1),
        next_at: Timestamp(row.get(8)?),
        is_active: row.get(9)?,
        version: row.get(10)?,
    })
}
