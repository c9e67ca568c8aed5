//! A date on the wall, a day of the week, a time of day.

use crate::Jalali;
use jiff::civil::{self, Date};
use language::digits;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A civil date, whatever calendar it is said in. As text and JSON it is ISO: `2025-03-20`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub Date);

/// Why a date cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateRefusal {
    /// It is not year, month and day.
    #[error("a date is written as year, month and day")]
    NotADate,
    /// The calendar is not used for such years here.
    #[error("there is no such year")]
    NoSuchYear,
    #[error("there is no such month")]
    NoSuchMonth,
    /// The month is shorter than that.
    #[error("the month has only {days_in_month} days")]
    NoSuchDay { days_in_month: u8 },
}

impl Day {
    /// 1970-01-01.
    pub const EPOCH: Day = Day(civil::date(1970, 1, 1));

    /// The day of a Gregorian date.
    pub fn gregorian(year: i64, month: i64, day: i64) -> Result<Day, DateRefusal> {
        let year = i16::try_from(year)
            .ok()
            .filter(|year| (1..=9998).contains(year))
            .ok_or(DateRefusal::NoSuchYear)?;
        let month = i8::try_from(month)
            .ok()
            .filter(|month| (1..=12).contains(month))
            .ok_or(DateRefusal::NoSuchMonth)?;
        let first = Date::new(year, month, 1).map_err(|_| DateRefusal::NoSuchMonth)?;
        let no_such_day = DateRefusal::NoSuchDay { days_in_month: first.days_in_month().unsigned_abs() };
        let day = i8::try_from(day).map_err(|_| no_such_day)?;
        Date::new(year, month, day).map(Day).map_err(|_| no_such_day)
    }

    /// Reads a Gregorian date: `2025-03-20`, `2025/3/20`, in any digit set.
    pub fn parse_gregorian(typed: &str) -> Result<Day, DateRefusal> {
        let (year, month, day) = three_numbers(typed)?;
        Day::gregorian(year, month, day)
    }

    /// Reads a date that a person typed in either calendar: a year below 1700 is Jalali, any other Gregorian.
    pub fn parse(typed: &str) -> Result<Day, DateRefusal> {
        let (year, month, day) = three_numbers(typed)?;
        if year < 1700 {
            Jalali::checked(year, month, day).map(Day::from)
        } else {
            Day::gregorian(year, month, day)
        }
    }

    /// Gregorian year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Gregorian month, 1 to 12.
    pub fn month(self) -> u8 {
        self.0.month().unsigned_abs()
    }

    /// Gregorian day of the month, 1 to 31.
    pub fn day_of_month(self) -> u8 {
        self.0.day().unsigned_abs()
    }

    /// The same day in the calendar of Iran.
    pub fn jalali(self) -> Jalali {
        Jalali::from(self)
    }

    pub fn weekday(self) -> Weekday {
        Weekday::from_saturday(self.0.weekday().to_sunday_zero_offset() + 1)
    }

    /// The day so many days later, or earlier when negative. Stays at the ends of the calendar (years -9999 to 9999).
    pub fn plus_days(self, days: i64) -> Day {
        Day(self.0.saturating_add(jiff::SignedDuration::from_hours(days.clamp(-10_000_000, 10_000_000) * 24)))
    }

    /// Days from an earlier day to this one; negative when it is later.
    pub fn days_since(self, earlier: Day) -> i64 {
        self.0.duration_since(earlier.0).as_hours() / 24
    }

    /// Days since 1970-01-01, as a database may store a day.
    pub fn days_since_epoch(self) -> i64 {
        self.days_since(Day::EPOCH)
    }

    /// The day so many days after 1970-01-01.
    pub fn from_days_since_epoch(days: i64) -> Day {
        Day::EPOCH.plus_days(days)
    }
}

/// ISO 8601: `2025-03-20`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// ISO 8601 and nothing else: this is the form of files and programs. People's input goes through [`Day::parse`].
impl FromStr for Day {
    type Err = DateRefusal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_ascii() && text.len() == 10 && !text.contains(['/', '.']) {
            Day::parse_gregorian(text)
        } else {
            Err(DateRefusal::NotADate)
        }
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|refusal| serde::de::Error::custom(format!("{text}: {refusal}")))
    }
}

/// Three numbers with one sign between them, in any digit set. Short years are refused: «۰۴» may be any century.
pub(crate) fn three_numbers(typed: &str) -> Result<(i64, i64, i64), DateRefusal> {
    // Dates copied from a right-to-left page carry invisible direction marks.
    let ascii: String = digits::to_ascii(typed.trim())
        .chars()
        .filter(|letter| !matches!(letter, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
        .collect();
    let mut parts = ascii.split(['-', '/', '.']).map(str::trim);
    let mut next = |lengths: std::ops::RangeInclusive<usize>| {
        let part = parts
            .next()
            .filter(|part| lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
        part.and_then(|part| part.parse::<i64>().ok()).ok_or(DateRefusal::NotADate)
    };
    let numbers = (next(4..=4)?, next(1..=2)?, next(1..=2)?);
    if parts.next().is_some() { Err(DateRefusal::NotADate) } else { Ok(numbers) }
}

/// A day of the week, the Iranian week first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    Saturday,
    Sunday,
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
}

impl Weekday {
    /// From Saturday to Friday.
    pub const ALL: [Weekday; 7] = [
        Weekday::Saturday,
        Weekday::Sunday,
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
    ];

    /// Days after Saturday, 0 to 6.
    pub const fn from_start(self) -> u8 {
        self as u8
    }

    fn from_saturday(days: i8) -> Weekday {
        let index = usize::from(days.rem_euclid(7).unsigned_abs());
        Weekday::ALL.get(index).copied().unwrap_or(Weekday::Saturday)
    }
}

/// A time on the wall clock, in minutes from midnight, 0 to 1440; 1440 is the end of the day. As text `07:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// The time at a minute of the day; none after 1440.
    pub const fn at_minute(minute: u16) -> Option<TimeOfDay> {
        if minute <= 1440 { Some(TimeOfDay(minute)) } else { None }
    }

    /// Minutes from midnight.
    pub const fn minute(self) -> u16 {
        self.0
    }
}

impl FromStr for TimeOfDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refusal = || format!("a time of day is written like 07:30, not {text:?}");
        let ascii = digits::to_ascii(text.trim());
        let (hour, minute) = ascii.split_once(':').ok_or_else(refusal)?;
        let number = |part: &str| part.parse::<u16>().ok().filter(|_| matches!(part.len(), 1 | 2));
        match (number(hour), number(minute)) {
            (Some(24), Some(0)) => Ok(TimeOfDay(1440)),
            (Some(hour @ 0..=23), Some(minute @ 0..=59)) => Ok(TimeOfDay(hour * 60 + minute)),
            _ => Err(refusal()),
        }
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> String {
        time.to_string()
    }
}

/// `07:30`.
impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}
