//! Answers are remembered: most places of a plan were there when it was made the last time.
//!
//! What is missing is asked for with as few questions as needed: a new order is one question from it and one to it, not
//! one from every other place.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use territory::Point;

use super::{Source, Travel};
use crate::plan::Matrix;

/// So many pairs are kept; then everything is forgotten and asked again. About a hundred megabytes.
const MOST: usize = 2_000_000;

/// A place within a metre is the same place.
type Spot = (i32, i32);

/// Another way of finding times, with a memory.
pub struct Remembered<T> {
    inner: T,
    known: Mutex<HashMap<(u8, Spot, Spot), i32>>,
}

fn spot(point: &Point) -> Spot {
    ((point.lat * 1e5).round() as i32, (point.long * 1e5).round() as i32)
}

impl<T: Travel> Remembered<T> {
    pub fn new(inner: T) -> Self {
        Remembered { inner, known: Mutex::default() }
    }

    fn between(&self, from: &[Point], to: &[Point], hour: u8) -> Vec<i32> {
        let hour = hour % 24;
        let (rows, columns): (Vec<Spot>, Vec<Spot>) =
            (from.iter().map(spot).collect(), to.iter().map(spot).collect());
        let mut times: Vec<Option<i32>> = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let cells = rows.iter().flat_map(|row| columns.iter().map(|column| (hour, *row, *column)));
            cells.map(|cell| known.get(&cell).copied()).collect()
        };
        if times.iter().all(Option::is_none) && from.len() > 1 && from == to {
            let whole = self.inner.table(from, hour).time;
            self.keep(&rows, &columns, hour, whole.iter().copied().map(Some));
            return whole;
        }
        let missing =
            |times: &[Option<i32>], row: usize, column: usize| times[row * to.len() + column].is_none();
        // The row or column that lacks most is asked for first; it takes what crosses it along.
        loop {
            let row = (0..from.len())
                .map(|row| (0..to.len()).filter(|column| missing(&times, row, *column)).count())
                .enumerate()
                .max_by_key(|(row, count)| (*count, std::cmp::Reverse(*row)));
            let column = (0..to.len())
                .map(|column| (0..from.len()).filter(|row| missing(&times, *row, column)).count())
                .enumerate()
                .max_by_key(|(column, count)| (*count, std::cmp::Reverse(*column)));
            let (Some((row, in_row)), Some((column, in_column))) = (row, column) else { break };
            if in_row == 0 {
                break;
            }
            if in_row >= in_column {
                let found = self.inner.from_one(from[row], to, hour);
                found
                    .iter()
                    .enumerate()
                    .for_each(|(column, time)| times[row * to.len() + column] = Some(*time));
            } else {
                let found = self.inner.to_one(from, to[column], hour);
                found.iter().enumerate().for_each(|(row, time)| times[row * to.len() + column] = Some(*time));
            }
        }
        self.keep(&rows, &columns, hour, times.iter().copied());
        times.into_iter().map(|time| time.unwrap_or(super::UNREACHABLE)).collect()
    }

    fn keep(&self, rows: &[Spot], columns: &[Spot], hour: u8, times: impl Iterator<Item = Option<i32>>) {
        // What a service in trouble said is not its word.
        if self.inner.trouble().is_some() {
            return;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() > MOST {
            known.clear();
        }
        let cells = rows.iter().flat_map(|row| columns.iter().map(|column| (hour, *row, *column)));
        known.extend(cells.zip(times).filter_map(|(cell, time)| Some((cell, time?))));
    }
}

impl<T: Travel> Travel for Remembered<T> {
    fn source(&self) -> Source {
        self.inner.source()
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
        self.inner.trouble()
    }
}
