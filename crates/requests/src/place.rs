//! What the line was told about a place: for whoever plans something there.

use std::collections::BTreeMap;

use calendar::Timestamp;
use storage::{Result, Tx, params, sql};
use territory::{Bounds, Point, cell};

/// What counts as here, in metres: a street with its side streets' ends.
pub const METRES: f64 = 150.0;
const MOST_READ: u32 = 5_000;

/// How many public requests of each service came from a place since a moment, the most frequent service first.
pub fn told(tx: &mut Tx<'_>, jurisdiction: i64, here: Point, since: Timestamp) -> Result<Vec<(i64, u64)>> {
    let oldest = people::first_id_at(since);
    let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
    for range in cell::ranges(around(here), 4) {
        let rows = tx.query(
            sql!(
                "SELECT service_id, lat, long FROM service_requests
                 WHERE jurisdiction_id = $1 AND cell >= $2 AND cell <= $3 AND +id >= $4 AND is_public = 1
                 ORDER BY cell LIMIT $5"
            ),
            &params![jurisdiction, *range.start(), *range.end(), oldest, MOST_READ],
            |row| Ok((row.get::<i64>(0)?, row.get::<Option<f64>>(1)?, row.get::<Option<f64>>(2)?)),
        )?;
        for (service, lat, long) in rows {
            let point = lat.zip(long).and_then(|(lat, long)| Point::new(lat, long));
            if point.is_some_and(|point| point.metres_to(here) <= METRES) {
                *counts.entry(service).or_default() += 1;
            }
        }
    }
    let mut counts: Vec<(i64, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(service, count)| (std::cmp::Reverse(*count), *service));
    Ok(counts)
}

fn around(point: Point) -> Bounds {
    let lat = METRES / 111_320.0;
    let long = lat / point.lat.to_radians().cos().max(0.01);
    Bounds::of(
        Point { lat: (point.lat - lat).max(-90.0), long: (point.long - long).max(-180.0) },
        Point { lat: (point.lat + lat).min(90.0), long: (point.long + long).min(180.0) },
    )
}
