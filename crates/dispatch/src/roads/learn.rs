//! Speeds learnt from where crews really were.
//!
//! A trail is cut into ways: from where a crew stood to where it stood next. What a way's straight line took says how fast
//! people get about at that hour, lights, jams and one-way streets included. The middle of many ways replaces the
//! city's guess; few ways say nothing.

use territory::Point;

use super::straight::Bands;

/// A band needs so many ways before they count more than the guess.
pub const LEAST_WAYS: usize = 40;
/// Standing is being within so many metres for so long.
const STILL_METRES: f64 = 80.0;
const STILL_SECONDS: i64 = 180;
/// A trail with a hole of this many seconds says nothing of the way across it.
const HOLE_SECONDS: i64 = 600;
/// Shorter ways are mostly parking.
const LEAST_METRES: f64 = 600.0;
const LEAST_SECONDS: i64 = 90;
/// What is faster is a mistake of the telephone, and what is slower was no drive.
const MOST_KMH: f64 = 110.0;
const LEAST_KMH: f64 = 3.0;

/// Where a crew was. Seconds since any moment, the same for all fixes of a trail.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    pub at: i64,
    pub point: Point,
}

/// From one stand to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way {
    /// When it began, as the fixes count.
    pub at: i64,
    pub seconds: i64,
    /// Of the straight line.
    pub metres: f64,
}

/// The ways in one crew's trail, whose fixes are in the order of their times.
pub fn ways(trail: &[Fix]) -> Vec<Way> {
    let mut ways = Vec::new();
    // The last fix of the last stand, if nothing was missing since.
    let mut left: Option<Fix> = None;
    let mut index = 0;
    while index < trail.len() {
        if index > 0 && trail[index].at - trail[index - 1].at > HOLE_SECONDS {
            left = None;
        }
        let here = trail[index];
        let near = trail[index..].iter().take_while(|fix| fix.point.metres_to(here.point) <= STILL_METRES);
        let mut stand = 0;
        let mut previous = here.at;
        for fix in near {
            if fix.at - previous > HOLE_SECONDS {
                break;
            }
            previous = fix.at;
            stand += 1;
        }
        let last = trail[index + stand.max(1) - 1];
        if last.at - here.at < STILL_SECONDS {
            index += 1;
            continue;
        }
        if let Some(left) = left {
            let (seconds, metres) = (here.at - left.at, left.point.metres_to(here.point));
            let kmh = metres / seconds.max(1) as f64 * 3.6;
            if seconds >= LEAST_SECONDS && metres >= LEAST_METRES && (LEAST_KMH..=MOST_KMH).contains(&kmh) {
                ways.push(Way { at: left.at, seconds, metres });
            }
        }
        left = Some(last);
        index += stand.max(1);
    }
    ways
}

/// The city's bands with what was learnt; `hour` says at which hour of its clock a way began. Returns how many ways each
/// band had.
pub fn learn(guess: &Bands, ways: &[Way], hour: impl Fn(i64) -> u8) -> (Bands, Vec<usize>) {
    let mut speeds: Vec<Vec<f64>> = vec![Vec::new(); guess.band.len()];
    for way in ways {
        // What every way takes besides is not driving.
        let driven = (way.seconds - i64::from(guess.each)).max(1) as f64;
        if let Some(band) = speeds.get_mut(guess.index(hour(way.at))) {
            band.push(way.metres * guess.detour / driven * 3.6);
        }
    }
    let mut learnt = guess.clone();
    for (band, speeds) in learnt.band.iter_mut().zip(&mut speeds) {
        if speeds.len() >= LEAST_WAYS {
            speeds.sort_by(f64::total_cmp);
            band.kmh = (speeds[speeds.len() / 2].clamp(2.0, 150.0) * 10.0).round() / 10.0;
        }
    }
    (learnt, speeds.iter().map(Vec::len).collect())
}
