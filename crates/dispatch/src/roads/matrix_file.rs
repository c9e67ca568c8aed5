//! A matrix that the city worked out itself: times between the middles of its traffic zones, by hour.
//!
//! A CSV file (RFC 4180, no quotes needed) with the columns `from_lat,from_long,to_lat,to_long,from_hour,seconds`, in any order, named in
//! its first line. `from_hour` is the first hour for which the row holds, until the next one that the same pair has;
//! without that column a row holds all day. A place belongs to its nearest zone; what the file does not say is answered
//! by straight lines.

use std::collections::HashMap;

use territory::Point;

use super::straight::{Bands, BandsError, Straight};
use super::{Source, Travel, UNREACHABLE};

/// A place farther than this from every zone is not in the file.
const FARTHEST_METRES: f64 = 5_000.0;
const MOST_ZONES: usize = 3_000;
const MOST_ROWS: usize = 10_000_000;

/// What is wrong with the file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MatrixFileError {
    #[error("the first line has no column {0}")]
    Column(&'static str),
    #[error("line {line}: {what}")]
    Line { line: usize, what: &'static str },
    #[error("there is no row of times in it")]
    Empty,
    #[error(transparent)]
    Bands(#[from] BandsError),
}

/// Times between zones.
#[derive(Debug, Clone)]
pub struct MatrixFile {
    zones: Vec<Point>,
    /// By hour and zone to zone, in the order of the first hours.
    times: HashMap<(u32, u32), Vec<(u8, i32)>>,
    straight: Straight,
}

impl MatrixFile {
    pub fn read(text: &str, bands: Bands) -> Result<MatrixFile, MatrixFileError> {
        let straight = Straight::new(bands)?;
        let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
        let names: Vec<&str> =
            lines.next().map(|(_, line)| line.split(',').map(str::trim).collect()).unwrap_or_default();
        let column = |name| names.iter().position(|n| *n == name);
        let needed = |name| column(name).ok_or(MatrixFileError::Column(name));
        let at = [
            needed("from_lat")?,
            needed("from_long")?,
            needed("to_lat")?,
            needed("to_long")?,
            needed("seconds")?,
        ];
        let hour_at = column("from_hour");
        let mut file = MatrixFile { zones: Vec::new(), times: HashMap::new(), straight };
        let mut numbers: HashMap<(u64, u64), u32> = HashMap::new();
        let mut rows = 0;
        for (index, line) in lines {
            let wrong = |what| MatrixFileError::Line { line: index + 1, what };
            if line.trim().is_empty() {
                continue;
            }
            rows += 1;
            if rows > MOST_ROWS {
                return Err(wrong("more rows than any city has"));
            }
            let cells: Vec<&str> = line.split(',').map(str::trim).collect();
            let number = |at: usize| {
                let number = cells.get(at).and_then(|cell| cell.parse::<f64>().ok());
                number.filter(|n| n.is_finite()).ok_or(wrong("a number that is none"))
            };
            let mut zone = |lat: usize, long: usize| {
                let point = Point::new(number(lat)?, number(long)?).ok_or(wrong("no position in degrees"))?;
                let count = file.zones.len();
                let known =
                    *numbers.entry((point.lat.to_bits(), point.long.to_bits())).or_insert(count as u32);
                if known as usize == count {
                    file.zones.push(point);
                }
                if count > MOST_ZONES {
                    return Err(wrong("more zones than any city has"));
                }
                Ok(known)
            };
            let (from, to) = (zone(at[0], at[1])?, zone(at[2], at[3])?);
            let seconds = number(at[4])?;
            if !(0.0..=86_400.0).contains(&seconds) {
                return Err(wrong("a way takes between nothing and a day"));
            }
            let hour = hour_at.map_or(Ok(0.0), number)?;
            if !(0.0..=23.0).contains(&hour) || hour.fract() != 0.0 {
                return Err(wrong("an hour is a whole number from 0 to 23"));
            }
            let hours = file.times.entry((from, to)).or_default();
            match hours.binary_search_by_key(&(hour as u8), |(hour, _)| *hour) {
                Ok(_) => return Err(wrong("this pair and hour is there twice")),
                Err(place) => hours.insert(place, (hour as u8, seconds.round() as i32)),
            }
        }
        if file.zones.is_empty() {
            return Err(MatrixFileError::Empty);
        }
        Ok(file)
    }

    /// The same times, with other speeds for what the file does not say.
    pub fn with(&self, bands: Bands) -> Result<MatrixFile, BandsError> {
        Ok(MatrixFile { straight: Straight::new(bands)?, ..self.clone() })
    }

    /// How many zones the file knows.
    pub fn zones(&self) -> usize {
        self.zones.len()
    }

    fn zone(&self, point: Point) -> Option<u32> {
        let away = self.zones.iter().map(|zone| zone.metres_to(point)).enumerate();
        let (zone, metres) = away.min_by(|a, b| a.1.total_cmp(&b.1))?;
        (metres <= FARTHEST_METRES).then_some(zone as u32)
    }

    fn way(&self, from: (Point, Option<u32>), to: (Point, Option<u32>), hour: u8) -> i32 {
        let straight = || self.straight.seconds(from.0, to.0, hour);
        let (Some(a), Some(b)) = (from.1, to.1) else { return straight() };
        // Within one zone the middle says nothing.
        let Some(hours) = self.times.get(&(a, b)).filter(|_| a != b) else { return straight() };
        let hour = hour % 24;
        let found = hours.iter().rfind(|(first, _)| *first <= hour).or(hours.last());
        let Some((_, seconds)) = found else { return straight() };
        // The way between the places, not between the middles: as much longer or shorter as the straight line is.
        let middles = self.zones[a as usize].metres_to(self.zones[b as usize]).max(1.0);
        let share = (from.0.metres_to(to.0) / middles).clamp(0.4, 2.5);
        ((f64::from(*seconds) * share).round() as i32).min(UNREACHABLE)
    }

    fn with_zones(&self, points: &[Point]) -> Vec<(Point, Option<u32>)> {
        points.iter().map(|point| (*point, self.zone(*point))).collect()
    }
}

impl Travel for MatrixFile {
    fn source(&self) -> Source {
        Source::File
    }

    fn from_one(&self, from: Point, to: &[Point], hour: u8) -> Vec<i32> {
        let from = (from, self.zone(from));
        self.with_zones(to).into_iter().map(|to| self.way(from, to, hour)).collect()
    }

    fn to_one(&self, from: &[Point], to: Point, hour: u8) -> Vec<i32> {
        let to = (to, self.zone(to));
        self.with_zones(from).into_iter().map(|from| self.way(from, to, hour)).collect()
    }
}
