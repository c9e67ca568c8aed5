//! When the city works, and when a promise falls due.
//!
//! The rules a municipality expects, which the tests show as a table:
//!
//! - A promise given outside opening hours counts from the next opening: who writes on Friday night is read on Saturday.
//! - *N working days* is the same clock time on the Nth working day after that; on a day that closes earlier than that
//!   clock time (a half-day Thursday) it is the closing time. A half day counts as a whole one.
//! - *N working hours* adds up open time only and stops when the sum is reached; closing time itself still counts.
//! - *Calendar* hours and days run day and night.
//!
//! A later start never falls due earlier.

use crate::{Day, Holidays, Target, TargetUnit, TimeOfDay, Timestamp, Weekday, Zone};
use serde::{Deserialize, Serialize};

/// A city's working time, as its pack says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingTime {
    pub zone: Zone,
    pub week: Week,
    /// Usually a file of its own, added by the loader.
    #[serde(default)]
    pub holidays: Holidays,
}

/// The weekly pattern.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenWeek")]
pub struct Week {
    rest: Vec<Weekday>,
    #[serde(skip_serializing_if = "Option::is_none")]
    half: Option<HalfDay>,
    opens_at: TimeOfDay,
    closes_at: TimeOfDay,
}

/// The day that closes earlier than the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HalfDay {
    pub day: Weekday,
    pub closes_at: TimeOfDay,
}

/// Why a weekly pattern cannot be worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkingTimeRefusal {
    #[error("a city that rests on all seven days can promise nothing")]
    NoWorkingDay,
    #[error("opening must be before closing")]
    OpensAfterClosing,
    #[error("the half day must close between opening and closing")]
    HalfDayOutsideHours,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenWeek {
    #[serde(default)]
    rest: Vec<Weekday>,
    half: Option<HalfDay>,
    opens_at: TimeOfDay,
    closes_at: TimeOfDay,
}

impl TryFrom<WrittenWeek> for Week {
    type Error = WorkingTimeRefusal;

    fn try_from(week: WrittenWeek) -> Result<Self, Self::Error> {
        Week::new(week.rest, week.half, week.opens_at, week.closes_at)
    }
}

impl Week {
    /// A week with at least one working day and opening hours that contain at least a minute.
    pub fn new(
        rest: Vec<Weekday>,
        half: Option<HalfDay>,
        opens_at: TimeOfDay,
        closes_at: TimeOfDay,
    ) -> Result<Week, WorkingTimeRefusal> {
        if Weekday::ALL.iter().all(|day| rest.contains(day)) {
            return Err(WorkingTimeRefusal::NoWorkingDay);
        }
        if opens_at >= closes_at {
            return Err(WorkingTimeRefusal::OpensAfterClosing);
        }
        if half.is_some_and(|half| half.closes_at <= opens_at || half.closes_at > closes_at) {
            return Err(WorkingTimeRefusal::HalfDayOutsideHours);
        }
        Ok(Week { rest, half, opens_at, closes_at })
    }

    /// Opening and closing on a day of the week; none on a rest day.
    pub fn hours(&self, weekday: Weekday) -> Option<(TimeOfDay, TimeOfDay)> {
        if self.rest.contains(&weekday) {
            return None;
        }
        let closes_at =
            self.half.filter(|half| half.day == weekday).map_or(self.closes_at, |half| half.closes_at);
        Some((self.opens_at, closes_at))
    }

    pub fn rest(&self) -> &[Weekday] {
        &self.rest
    }

    pub fn half(&self) -> Option<HalfDay> {
        self.half
    }
}

impl WorkingTime {
    /// Opening and closing on a day; none when the city rests.
    pub fn hours(&self, day: Day) -> Option<(TimeOfDay, TimeOfDay)> {
        if self.holidays.contains(day) { None } else { self.week.hours(day.weekday()) }
    }

    pub fn is_working_day(&self, day: Day) -> bool {
        self.hours(day).is_some()
    }

    /// Whether somebody is at work at that moment.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.open_from(at) == at && self.window(at.day(&self.zone)).is_some_and(|(_, closes)| at < closes)
    }

    /// When a promise given at `start` falls due. See the top of this file for the rules.
    pub fn due_at(&self, start: Timestamp, target: Target) -> Timestamp {
        let amount = i64::from(target.amount);
        match target.unit {
            TargetUnit::CalendarHours => start.plus_hours(amount),
            TargetUnit::CalendarDays => start.plus_hours(amount * 24),
            TargetUnit::WorkingHours => self.plus_working_millis(self.open_from(start), amount * 3_600_000),
            TargetUnit::WorkingDays => self.plus_working_days(self.open_from(start), amount),
        }
    }

    /// The moment itself while the city is open, otherwise the next opening. Closing time is no longer open.
    pub fn open_from(&self, at: Timestamp) -> Timestamp {
        let mut day = at.day(&self.zone);
        if let Some((opens, closes)) = self.window(day)
            && at < closes
        {
            return at.max(opens);
        }
        loop {
            let next = day.plus_days(1);
            // The calendar ends in the year 9999; a promise beyond it stays where it is.
            if next == day {
                return at;
            }
            day = next;
            if let Some((opens, _)) = self.window(day) {
                return opens;
            }
        }
    }

    /// The earliest moment at which so much open time has passed since `start`.
    pub fn plus_working_millis(&self, start: Timestamp, millis: i64) -> Timestamp {
        if millis <= 0 {
            return start;
        }
        let mut left = millis;
        let mut day = start.day(&self.zone);
        loop {
            if let Some((opens, closes)) = self.window(day) {
                let from = start.max(opens);
                let open = closes.millis_since(from);
                if open >= left {
                    return from.plus_millis(left);
                }
                left -= open.max(0);
            }
            let next = day.plus_days(1);
            if next == day {
                return Timestamp(i64::MAX);
            }
            day = next;
        }
    }

    /// Open time between two moments in milliseconds; 0 when `until` is not after `from`.
    pub fn working_millis_between(&self, from: Timestamp, until: Timestamp) -> i64 {
        let last = until.day(&self.zone);
        let mut day = from.day(&self.zone);
        let mut sum = 0;
        while day <= last && from < until {
            if let Some((opens, closes)) = self.window(day) {
                sum += closes.min(until).millis_since(opens.max(from)).max(0);
            }
            let next = day.plus_days(1);
            if next == day {
                break;
            }
            day = next;
        }
        sum
    }

    /// The same clock time so many working days later, not after closing. `start` is inside opening hours.
    fn plus_working_days(&self, start: Timestamp, days: i64) -> Timestamp {
        if days == 0 {
            return start;
        }
        let (mut day, minute) = self.zone.wall(start);
        let mut left = days;
        let mut hours = None;
        while left > 0 {
            let next = day.plus_days(1);
            if next == day {
                return Timestamp(i64::MAX);
            }
            day = next;
            hours = self.hours(day);
            left -= i64::from(hours.is_some());
        }
        let closes = hours.map_or(minute, |(_, closes)| closes.minute());
        if minute >= closes {
            return self.zone.at(day, closes);
        }
        // The seconds are kept, so that two promises of one minute keep their order.
        self.zone.at(day, minute).plus_millis(start.0.rem_euclid(60_000))
    }

    fn window(&self, day: Day) -> Option<(Timestamp, Timestamp)> {
        let (opens, closes) = self.hours(day)?;
        Some((self.zone.at(day, opens.minute()), self.zone.at(day, closes.minute())))
    }
}

#[cfg(test)]
mod tests;
