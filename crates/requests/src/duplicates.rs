//! Two reports of one pothole.
//!
//! Near means near in place, time, service and words. What is found is shown to the person before they send, as
//! a kind offer to join; nothing is ever merged without somebody deciding it.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use calendar::Timestamp;
use language::fold;
use storage::{Result, Tx, params, sql};
use territory::{Bounds, Point, cell};

use crate::catalogue::catalogue;
use crate::find;
use crate::request::{RequestId, ServiceRequest};

/// As far as one fallen tree reaches, with the error of a phone's position in a street.
pub const METRES: f64 = 120.0;
/// Older open requests are looked at again rather than joined.
pub const DAYS: i64 = 30;
/// Below this the words and the distance say "something else nearby".
const LEAST_LIKENESS: f64 = 0.35;
const MOST_LOOKED_AT: u32 = 40;
const MOST_READ: u32 = 400;

/// An open request that may be about the same thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    pub request: ServiceRequest,
    pub metres: f64,
    /// From 0 to 1.
    pub likeness: f64,
}

/// Public open requests like this one, the likest first. `words` may be empty.
pub fn near(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    service_code: &str,
    point: Point,
    words: &str,
    at: Timestamp,
    most: usize,
) -> Result<Vec<Near>> {
    let catalogue = catalogue(tx, jurisdiction)?;
    let Some(service) = catalogue.by_code(service_code) else { return Ok(Vec::new()) };
    let ids = ids_near(tx, jurisdiction, service.id, &reach(point), at)?;
    let mine: HashSet<String> = fold::tokens(words).into_iter().collect();
    let mut found: Vec<Near> = find::by_ids(tx, jurisdiction, &ids)?
        .into_iter()
        // A part of another request is no report of its own.
        .filter(|request| request.is_public && request.source != crate::work::parts::SOURCE)
        .filter_map(|request| {
            let metres = request.point?.metres_to(point);
            let likeness = likeness(
                metres,
                at.0 - request.requested_at.0,
                &mine,
                &request.words,
                request.service == service.id,
            );
            (likeness >= LEAST_LIKENESS).then_some(Near { request, metres, likeness })
        })
        .collect();
    found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.request.id.cmp(&b.request.id)));
    found.truncate(most);
    Ok(found)
}

/// The parts of the map index that are near a point.
pub(crate) fn reach(point: Point) -> Vec<RangeInclusive<i64>> {
    cell::ranges(around(point), 4)
}

/// The ids of open requests of the same service within a [`reach`], newest first; one index range at a time.
pub(crate) fn ids_near(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    service: i64,
    reach: &[RangeInclusive<i64>],
    at: Timestamp,
) -> Result<Vec<RequestId>> {
    let oldest = people::first_id_at(Timestamp(at.0 - DAYS * 86_400_000));
    let mut ids = Vec::new();
    // A street holds few requests and a service many: the plus signs keep the reading on the map index.
    for range in reach {
        ids.extend(tx.query(
            sql!(
                "SELECT id FROM service_requests
                 WHERE jurisdiction_id = $1 AND cell >= $2 AND cell <= $3 AND is_open = 1 AND +service_id = $4 AND +id >= $5
                 ORDER BY cell LIMIT $6"
            ),
            &params![jurisdiction, *range.start(), *range.end(), service, oldest, MOST_READ],
            |row| Ok(RequestId(row.get(0)?)),
        )?);
    }
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.truncate(MOST_LOOKED_AT as usize);
    Ok(ids)
}

/// The box that holds everything within reach of a point.
fn around(point: Point) -> Bounds {
    let lat = METRES / 111_320.0;
    let long = lat / point.lat.to_radians().cos().max(0.01);
    Bounds::of(
        Point { lat: (point.lat - lat).max(-90.0), long: (point.long - long).max(-180.0) },
        Point { lat: (point.lat + lat).min(90.0), long: (point.long + long).min(180.0) },
    )
}

/// How alike two reports are: half of it is distance, the rest words and time. Without words to compare, distance
/// and time share it.
fn likeness(metres: f64, millis: i64, mine: &HashSet<String>, other: &str, same_service: bool) -> f64 {
    let by_place = (1.0 - metres / METRES).clamp(0.0, 1.0);
    let days = millis.max(0) as f64 / 86_400_000.0;
    let by_time = (1.0 - days / DAYS as f64).clamp(0.0, 1.0);
    let theirs: HashSet<String> = fold::tokens(other).into_iter().collect();
    let by_service = if same_service { 1.0 } else { 0.5 };
    let alike = if mine.is_empty() || theirs.is_empty() {
        0.7 * by_place + 0.3 * by_time
    } else {
        let shared = mine.intersection(&theirs).count() as f64;
        let by_words = shared / mine.len().min(theirs.len()) as f64;
        0.5 * by_place + 0.3 * by_words + 0.2 * by_time
    };
    alike * by_service
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> HashSet<String> {
        fold::tokens(text).into_iter().collect()
    }

    #[test]
    fn the_same_tree_is_likelier_than_another_thing_or_an_old_one() {
        let day = 86_400_000;
        let mine = words("درخت افتاده جلوی پلاک ۱۲");
        let same = likeness(10.0, day / 24, &mine, "یک درخت بزرگ افتاده وسط کوچه", true);
        let far = likeness(115.0, day / 24, &mine, "یک درخت بزرگ افتاده وسط کوچه", true);
        let old = likeness(10.0, 29 * day, &mine, "یک درخت بزرگ افتاده وسط کوچه", true);
        let other = likeness(60.0, 20 * day, &mine, "جدول شکسته است", true);
        assert!(same > far && same > old && same > other);
        assert!(same >= LEAST_LIKENESS && other < LEAST_LIKENESS, "{same} {other}");
    }
}
