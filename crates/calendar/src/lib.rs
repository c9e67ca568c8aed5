//! Days and promises: points in time, the Jalali and Gregorian calendars, and how long the city may take.
//!
//! Everything is a plain function of its arguments: nothing here reads a clock, and time zones come from the data
//! that is compiled in. A point in time is a [`Timestamp`]; a date on the wall is a [`Day`]; [`WorkingTime`] knows
//! when the city works; [`Clock`] is a promise that can be paused. How dates are said is in `words`; it leans on the
//! `language` crate for the two languages and their digits.

mod clock; // a promise that can be paused and resumed
mod day; // a civil date, a day of the week, a time of day
mod holidays; // official holidays, as a city pack lists them
mod jalali; // the calendar of Iran
mod target; // "24h", "3wd": how long the city may take
mod timestamp; // a point in time, in milliseconds, and its RFC 3339 form
pub mod words; // dates, times and durations as people say them
mod working_time; // when the city works: weekly rest, half days, holidays
mod zone; // a place's wall clock: Asia/Tehran, America/New_York

pub use clock::Clock;
pub use day::{DateRefusal, Day, TimeOfDay, Weekday};
pub use holidays::{Holiday, Holidays};
pub use jalali::Jalali;
pub use target::{Target, TargetRefusal, TargetUnit};
pub use timestamp::{Timestamp, TimestampRefusal};
pub use working_time::{HalfDay, Week, WorkingTime, WorkingTimeRefusal};
pub use zone::{UnknownZone, Zone};

#[cfg(test)]
mod tests;
