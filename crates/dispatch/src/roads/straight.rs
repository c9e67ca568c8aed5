//! Straight lines, made longer by a detour, at a speed that depends on the hour: the answer that needs nothing.
//!
//! Speed and detour are the city's (`dispatch.toml`, `[travel]`). On a grid of one-way streets straight lines with a
//! good speed were 6.5 % off in the middle and 20 % at the ninetieth of a hundred; what is off most are short ways.

use serde::{Deserialize, Serialize};
use territory::Point;

use super::{Source, Travel, UNREACHABLE};

/// From this hour of the day on, ways are driven at so many kilometres an hour, door to door.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    pub from: u8,
    pub kmh: f64,
}

/// Speeds around the clock: `[travel]` of `dispatch.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bands {
    /// How much longer a way is than the straight line.
    pub detour: f64,
    /// Seconds that every way takes besides: to get in, to find a place to stop.
    pub each: i32,
    /// In the order of their hours; the hours before the first belong to the last.
    pub band: Vec<Band>,
}

impl Default for Bands {
    /// A large city with rush hours in the morning and the late afternoon.
    fn default() -> Self {
        let speeds =
            [(0, 36.0), (6, 26.0), (7, 20.0), (10, 24.0), (13, 22.0), (16, 17.0), (20, 24.0), (22, 32.0)];
        let band = speeds.into_iter().map(|(from, kmh)| Band { from, kmh }).collect();
        Bands { detour: 1.35, each: 60, band }
    }
}

/// What the city wrote cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BandsError {
    #[error("the detour is between 1 and 4")]
    Detour,
    #[error("what every way takes besides is between 0 and 1800 seconds")]
    Each,
    #[error("there is no band of hours, or more than 24")]
    Count,
    #[error("the band from {from} o'clock: hours are 0 to 23 and go up")]
    Hours { from: u8 },
    #[error("the band from {from} o'clock: a speed is between 2 and 150 kilometres an hour")]
    Speed { from: u8 },
}

impl Bands {
    pub fn validate(&self) -> Result<(), BandsError> {
        if !(1.0..=4.0).contains(&self.detour) {
            return Err(BandsError::Detour);
        }
        if !(0..=1800).contains(&self.each) {
            return Err(BandsError::Each);
        }
        if self.band.is_empty() || self.band.len() > 24 {
            return Err(BandsError::Count);
        }
        for (index, band) in self.band.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| self.band.get(before));
            if band.from > 23 || before.is_some_and(|before| before.from >= band.from) {
                return Err(BandsError::Hours { from: band.from });
            }
            if !(2.0..=150.0).contains(&band.kmh) {
                return Err(BandsError::Speed { from: band.from });
            }
        }
        Ok(())
    }

    /// The band that an hour belongs to, by its place in the list.
    pub fn index(&self, hour: u8) -> usize {
        let hour = hour % 24;
        match self.band.iter().rposition(|band| band.from <= hour) {
            Some(index) => index,
            None => self.band.len().saturating_sub(1),
        }
    }

    /// Kilometres an hour at an hour of the day.
    pub fn kmh(&self, hour: u8) -> f64 {
        self.band.get(self.index(hour)).map_or(20.0, |band| band.kmh).clamp(2.0, 150.0)
    }

    /// How much of the speed of empty streets an hour leaves, above nought and up to one.
    pub fn flow(&self, hour: u8) -> f64 {
        let best = self.band.iter().map(|band| band.kmh).fold(2.0, f64::max);
        (self.kmh(hour) / best).clamp(0.02, 1.0)
    }
}

/// Straight lines with the speeds of a city.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Straight {
    bands: Bands,
}

impl Straight {
    pub fn new(bands: Bands) -> Result<Self, BandsError> {
        bands.validate()?;
        Ok(Straight { bands })
    }

    pub fn bands(&self) -> &Bands {
        &self.bands
    }

    fn way(&self, from: Point, to: Point, kmh: f64) -> i32 {
        let metres = from.metres_to(to) * self.bands.detour;
        if metres < 1.0 {
            return 0;
        }
        let seconds = metres / (kmh / 3.6) + f64::from(self.bands.each);
        // Also what is no number becomes one here.
        if seconds < f64::from(UNREACHABLE) { seconds.round() as i32 } else { UNREACHABLE }
    }
}

impl Travel for Straight {
    fn source(&self) -> Source {
        Source::Straight
    }

    fn from_one(&self, from: Point, to: &[Point], hour: u8) -> Vec<i32> {
        let kmh = self.bands.kmh(hour);
        to.iter().map(|to| self.way(from, *to, kmh)).collect()
    }

    fn to_one(&self, from: &[Point], to: Point, hour: u8) -> Vec<i32> {
        let kmh = self.bands.kmh(hour);
        from.iter().map(|from| self.way(*from, to, kmh)).collect()
    }
}
