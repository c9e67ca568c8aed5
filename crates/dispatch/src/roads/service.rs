//! A routing service inside the city's network that speaks as OSRM does (`/table/v1`): its question, its answer, and what
//! is done when it gives none.
//!
//! How the question gets there is the caller's ([`Fetch`]): nothing here waits for a network. The service knows empty
//! streets; what the hour makes of them is taken from the city's bands.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use territory::Point;

use super::straight::{Bands, BandsError, Straight};
use super::{Source, Travel, UNREACHABLE};
use crate::plan::Matrix;

/// Asks an address below the service's own and returns the answer's text, or why there is none. It gives up in time.
pub trait Fetch: Send + Sync {
    fn fetch(&self, path: &str) -> Result<String, String>;
}

/// Times from a service, or from straight lines while it does not answer.
pub struct Service<F> {
    fetch: F,
    straight: Straight,
    /// How many places one question may name; OSRM's own limit is 100.
    most: usize,
    trouble: Mutex<Option<String>>,
}

#[derive(Deserialize)]
struct Answer {
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    durations: Vec<Vec<Option<f64>>>,
}

impl<F: Fetch> Service<F> {
    pub fn new(fetch: F, bands: Bands, most: usize) -> Result<Service<F>, BandsError> {
        let straight = Straight::new(bands)?;
        Ok(Service { fetch, straight, most: most.clamp(2, 10_000), trouble: Mutex::new(None) })
    }

    fn ask(&self, from: &[Point], to: &[Point], hour: u8) -> Result<Vec<i32>, String> {
        if from.is_empty() || to.is_empty() {
            return Ok(Vec::new());
        }
        let text = self.fetch.fetch(&question(from, to))?;
        let answer: Answer =
            serde_json::from_str(&text).map_err(|_| "it does not speak as OSRM does".to_owned())?;
        if answer.code != "Ok" {
            return Err(format!("{} {}", answer.code, answer.message).trim().to_owned());
        }
        let is_whole =
            answer.durations.len() == from.len() && answer.durations.iter().all(|row| row.len() == to.len());
        if !is_whole {
            return Err("its table is not whole".into());
        }
        let flow = self.straight.bands().flow(hour);
        let each = f64::from(self.straight.bands().each);
        let seconds = |duration: &Option<f64>| match duration {
            Some(duration) if *duration <= 0.0 => 0,
            Some(duration) if duration / flow < f64::from(UNREACHABLE) => {
                (duration / flow + each).round() as i32
            }
            // `null`, and what is longer than a week: there is no way.
            _ => UNREACHABLE,
        };
        Ok(answer.durations.iter().flatten().map(seconds).collect())
    }

    /// Block by block, as many places as one question may name. One block without an answer leaves all to straight lines:
    /// times of two kinds in one plan would send crews where the clock is kinder.
    fn between(&self, from: &[Point], to: &[Point], hour: u8) -> Vec<i32> {
        let half = (self.most / 2).max(1);
        let (rows, columns) = match (from.len(), to.len()) {
            (1, _) => (1, self.most - 1),
            (_, 1) => (self.most - 1, 1),
            _ => (half, half),
        };
        let mut times = vec![0; from.len() * to.len()];
        for (row, some) in from.chunks(rows).enumerate() {
            for (column, others) in to.chunks(columns).enumerate() {
                match self.ask(some, others, hour) {
                    Ok(found) => {
                        for (at, part) in found.chunks(others.len()).enumerate() {
                            let first = (row * rows + at) * to.len() + column * columns;
                            times[first..first + part.len()].copy_from_slice(part);
                        }
                    }
                    Err(why) => {
                        self.say(Some(why));
                        return from
                            .iter()
                            .flat_map(|from| self.straight.from_one(*from, to, hour))
                            .collect();
                    }
                }
            }
        }
        self.say(None);
        times
    }

    fn say(&self, why: Option<String>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = why;
    }
}

/// `table/v1/driving/long,lat;long,lat?sources=0&destinations=1&annotations=duration`.
fn question(from: &[Point], to: &[Point]) -> String {
    let mut path = String::from("table/v1/driving/");
    for (index, point) in from.iter().chain(to).enumerate() {
        let between = if index == 0 { "" } else { ";" };
        let _ = write!(path, "{between}{:.6},{:.6}", point.long, point.lat);
    }
    let list = |range: std::ops::Range<usize>| range.map(|n| n.to_string()).collect::<Vec<_>>().join(";");
    let (sources, destinations) = (list(0..from.len()), list(from.len()..from.len() + to.len()));
    let _ = write!(path, "?sources={sources}&destinations={destinations}&annotations=duration");
    path
}

impl<F: Fetch> Travel for Service<F> {
    fn source(&self) -> Source {
        Source::Service
    }

    fn from_one(&self, from: Point, to: &[Point], hour: u8) -> Vec<i32> {
        self.between(&[from], to, hour)
    }

    fn to_one(&self, from: &[Point], to: Point, hour: u8) -> Vec<i32> {
        self.between(from, &[to], hour)
    }

    fn table(&self, points: &[Point], hour: u8) -> Matrix {
        Matrix { size: points.len(), time: self.between(points, points, hour), cost: None }
    }

    fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
