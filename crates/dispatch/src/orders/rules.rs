//! What an order must be: inside the city, of a possible length and window, waiting for nothing that waits for it.

use calendar::Timestamp;
use language::Lang;
use people::Act;
use storage::{Result, Tx, params, sql};
use territory::{Bounds, Located, Point, cell};

use super::read::by_id;
use super::row::WorkOrder;
use crate::job_types::JobType;
use crate::{DispatchError, Done, OrderId, durations};

const MOST_MINUTES: i64 = 24 * 60;
/// Metres within which two orders are at one place.
const ONE_PLACE: f64 = 40.0;

pub(super) fn located(tx: &mut Tx<'_>, jurisdiction: i64, point: Point) -> Done<(Option<i64>, Option<i64>)> {
    match territory::atlas(tx, jurisdiction)?.locate(point) {
        Located::Inside(place) => Ok((place.district, place.neighbourhood)),
        Located::Outside { .. } => Err(DispatchError::Refused("order-outside")),
        Located::NoBorders => Ok((None, None)),
    }
}

/// How long it will take: as somebody says, as was learned here, or as the city pack estimates. In seconds.
pub(super) fn lasting(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    kind: &JobType,
    district: Option<i64>,
    minutes: Option<i64>,
) -> Done<(i64, i64)> {
    match minutes {
        Some(minutes) if !(1..=MOST_MINUTES).contains(&minutes) => {
            Err(DispatchError::Refused("order-duration-wrong"))
        }
        Some(minutes) => Ok((minutes * 60, minutes * 60 / 4)),
        None => {
            let estimate = durations::of(tx, jurisdiction, kind, district)?;
            Ok((estimate.seconds, estimate.spread))
        }
    }
}

pub(super) fn window(act: &Act, not_before: Option<Timestamp>, not_after: Option<Timestamp>) -> Done<()> {
    match (not_before, not_after) {
        (Some(from), Some(to)) if to <= from => Err(DispatchError::Refused("order-window-impossible")),
        (_, Some(to)) if to <= act.at => Err(DispatchError::Refused("order-window-over")),
        _ => Ok(()),
    }
}

/// An order that waits for another never waits for itself.
pub(super) fn no_circle(tx: &mut Tx<'_>, order: &WorkOrder, after: Option<OrderId>) -> Done<()> {
    let mut next = after;
    for _ in 0..100 {
        let Some(id) = next else { return Ok(()) };
        if id == order.id {
            return Err(DispatchError::Refused("order-after-circle"));
        }
        let other = by_id(tx, order.jurisdiction, id)?;
        next = other.ok_or(DispatchError::Refused("order-after-unknown"))?.after;
    }
    Err(DispatchError::Refused("order-after-circle"))
}

/// The group of an open order at the same place that the same people can do, so that one trip serves both.
pub(super) fn beside(tx: &mut Tx<'_>, order: &WorkOrder) -> Result<Option<OrderId>> {
    for cells in cell::ranges(around(order.point), 4) {
        let near = tx.query(
            sql!(
                "SELECT id, together, lat, long FROM work_orders
                 WHERE jurisdiction_id = $1 AND is_open = 1 AND cell BETWEEN $2 AND $3 AND job_type = $4 AND id <> $5
                 ORDER BY id LIMIT 50"
            ),
            &params![order.jurisdiction, *cells.start(), *cells.end(), &order.job_type, order.id.0],
            |row| {
                let first = row.get::<Option<i64>>(1)?.unwrap_or(row.get(0)?);
                Ok((OrderId(first), Point::new(row.get(2)?, row.get(3)?)))
            },
        )?;
        let is_here =
            |point: &Option<Point>| point.is_some_and(|point| point.metres_to(order.point) <= ONE_PLACE);
        if let Some((first, _)) = near.into_iter().find(|(_, point)| is_here(point)) {
            return Ok(Some(first));
        }
    }
    Ok(None)
}

/// A box that holds everything at one place.
fn around(point: Point) -> Bounds {
    // Metres in a degree of latitude; a degree of longitude is shorter.
    let lat = ONE_PLACE / 111_195.0;
    let long = lat / point.lat.to_radians().cos().max(0.01);
    let corner = |sign: f64| Point {
        lat: (point.lat + sign * lat).clamp(-90.0, 90.0),
        long: (point.long + sign * long).clamp(-180.0, 180.0),
    };
    Bounds::of(corner(-1.0), corner(1.0))
}

/// The next number of the year on the city's own calendar.
pub(super) fn next_code(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Done<String> {
    let cities = territory::cities(tx)?;
    let city = cities.iter().find(|city| city.id == jurisdiction).ok_or(DispatchError::NotFound)?;
    let day = act.at.day(&city.zone);
    let year = match city.languages.first() {
        Some(Lang::Fa) => i64::from(day.jalali().year()),
        _ => i64::from(day.year()),
    };
    let number: Option<i64> = tx.value(
        sql!(
            "INSERT INTO work_order_numbers (jurisdiction_id, year, last) VALUES ($1, $2, 1)
             ON CONFLICT (jurisdiction_id, year) DO UPDATE SET last = work_order_numbers.last + 1 RETURNING last"
        ),
        &params![jurisdiction, year],
    )?;
    Ok(format!("{year}-{:05}", number.unwrap_or(0)))
}
