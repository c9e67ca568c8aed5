//! The calendar of Iran (تقویم هجری خورشیدی).
//!
//! The arithmetic is ICU4X's: the 33-year rule with a correction table checked against the astronomical rule of the
//! law of 1304. Leap years fall where the vernal equinox puts them: 1403 and then, five years later, 1408.

use crate::day::three_numbers;
use crate::{DateRefusal, Day};
use icu_calendar::Date;
use icu_calendar::cal::{Iso, Persian};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A date of the Jalali calendar that exists. As text `1404-01-01`; how people read it is in `words`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Jalali {
    year: i32,
    month: u8,
    day: u8,
}

impl Jalali {
    /// A date of the years 1 to 3000; later years need astronomy nobody has published.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Jalali, DateRefusal> {
        if !(1..=3000).contains(&year) {
            return Err(DateRefusal::NoSuchYear);
        }
        if !(1..=12).contains(&month) {
            return Err(DateRefusal::NoSuchMonth);
        }
        let days_in_month = days_in_month(year, month);
        if !(1..=days_in_month).contains(&day) {
            return Err(DateRefusal::NoSuchDay { days_in_month });
        }
        Ok(Jalali { year, month, day })
    }

    /// Reads `1404-01-01`, `1404/1/1` or «۱۴۰۴/۰۱/۰۱», in any digit set.
    pub fn parse(typed: &str) -> Result<Jalali, DateRefusal> {
        let (year, month, day) = three_numbers(typed)?;
        Jalali::checked(year, month, day)
    }

    pub(crate) fn checked(year: i64, month: i64, day: i64) -> Result<Jalali, DateRefusal> {
        let year = i32::try_from(year).map_err(|_| DateRefusal::NoSuchYear)?;
        let month = u8::try_from(month).map_err(|_| DateRefusal::NoSuchMonth)?;
        // No month has 255 days, so a day that does not fit is refused with the length of its month.
        Jalali::new(year, month, u8::try_from(day).unwrap_or(u8::MAX))
    }

    pub const fn year(self) -> i32 {
        self.year
    }

    /// 1 (فروردین) to 12 (اسفند).
    pub const fn month(self) -> u8 {
        self.month
    }

    pub const fn day(self) -> u8 {
        self.day
    }

    /// The same day, whatever calendar.
    pub fn to_day(self) -> Day {
        Day::from(self)
    }

    /// Whether Esfand has 30 days in that year.
    pub fn is_leap_year(year: i32) -> bool {
        days_in_month(year, 12) == 30
    }

    /// The last day of the month this date is in: 29, 30 or 31.
    pub fn days_in_month(self) -> u8 {
        days_in_month(self.year, self.month)
    }
}

fn days_in_month(year: i32, month: u8) -> u8 {
    Date::try_new_persian(year, month, 1).map_or(0, |date| date.days_in_month())
}

impl From<Day> for Jalali {
    fn from(day: Day) -> Jalali {
        let (year, month, day_of_month) = (day.year(), day.month(), day.day_of_month());
        match Date::try_new_iso(i32::from(year), month, day_of_month) {
            Ok(iso) => {
                let date = iso.to_calendar(Persian);
                Jalali {
                    year: date.year().extended_year(),
                    month: date.month().ordinal,
                    day: date.day_of_month().0,
                }
            }
            // A `Day` is a date that exists, so both calendars have it; the epoch stands in for the impossible.
            Err(_) => Jalali { year: 1348, month: 10, day: 11 },
        }
    }
}

impl From<Jalali> for Day {
    fn from(date: Jalali) -> Day {
        let iso = Date::try_new_persian(date.year, date.month, date.day).map(|date| date.to_calendar(Iso));
        let day = iso.ok().and_then(|iso| {
            let year = i64::from(iso.year().extended_year());
            Day::gregorian(year, i64::from(iso.month().ordinal), i64::from(iso.day_of_month().0)).ok()
        });
        // The years 1 to 3000 are 622 to 3621, which every `Day` reaches.
        day.unwrap_or(Day::EPOCH)
    }
}

/// `1404-01-01`.
impl fmt::Display for Jalali {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Jalali {
    type Err = DateRefusal;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        Jalali::parse(typed)
    }
}

impl TryFrom<String> for Jalali {
    type Error = String;

    fn try_from(typed: String) -> Result<Self, Self::Error> {
        Jalali::parse(&typed).map_err(|refusal| format!("{typed}: {refusal}"))
    }
}

impl From<Jalali> for String {
    fn from(date: Jalali) -> String {
        date.to_string()
    }
}
