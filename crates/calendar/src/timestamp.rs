//! A point in time.

use crate::{Day, Zone};
use serde::{Deserialize, Serialize};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, as the database stores it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// Why a text is not a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampRefusal {
    /// It is not written as `2025-03-20T21:00:00Z`.
    #[error("a time is written like 2025-03-20T21:00:00Z")]
    NotATime,
    /// It has no `Z` and no offset, so it could be any of 24 hours.
    #[error("the time needs a zone: Z or an offset such as +03:30")]
    ZoneMissing,
    /// It names a day, an hour or an offset that does not exist.
    #[error("there is no such day or hour")]
    Impossible,
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

impl Timestamp {
    /// Later by so many milliseconds, or earlier when negative. Stays at the ends of what 64 bits hold.
    pub const fn plus_millis(self, millis: i64) -> Timestamp {
        Timestamp(self.0.saturating_add(millis))
    }

    /// Later by so many minutes, or earlier when negative.
    pub const fn plus_minutes(self, minutes: i64) -> Timestamp {
        self.plus_millis(minutes.saturating_mul(MINUTE))
    }

    /// Later by so many hours, or earlier when negative.
    pub const fn plus_hours(self, hours: i64) -> Timestamp {
        self.plus_millis(hours.saturating_mul(HOUR))
    }

    /// Milliseconds from an earlier point to this one; negative when it is later.
    pub const fn millis_since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The date on the wall of that place.
    pub fn day(self, zone: &Zone) -> Day {
        zone.wall(self).0
    }

    /// The minute of the day on the wall clock of that place, 0 to 1439.
    pub fn minute_of_day(self, zone: &Zone) -> u16 {
        zone.wall(self).1
    }

    /// RFC 3339 in UTC to the second: `2025-03-20T21:00:00Z`. The milliseconds are dropped, as Open311 shows times.
    pub fn to_rfc3339_z(self) -> String {
        let at = jiff::tz::Offset::UTC.to_datetime(self.jiff());
        let (date, time) = (at.date(), at.time());
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            date.year(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute(),
            time.second()
        )
    }

    /// RFC 3339 on the wall clock of a place: `2025-03-21T00:30:00+03:30`.
    pub fn to_rfc3339(self, zone: &Zone) -> String {
        let (date, time, offset) = zone.local(self);
        let (sign, minutes) = if offset < 0 { ('-', -offset / 60) } else { ('+', offset / 60) };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
            date.year(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute(),
            time.second(),
            minutes / 60,
            minutes % 60
        )
    }

    /// Reads RFC 3339 with `Z` or an offset. Fractions of a second are kept to the millisecond.
    ///
    /// A `+` that arrived as a space, because somebody forgot to encode an address, is read as the `+` it was.
    /// Digits are ASCII only: this is for machines.
    pub fn parse_rfc3339(text: &str) -> Result<Timestamp, TimestampRefusal> {
        use TimestampRefusal::{Impossible, NotATime, ZoneMissing};
        let bytes = text.as_bytes();
        let number = |from: usize, length: usize| -> Result<i64, TimestampRefusal> {
            let part = bytes.get(from..from + length).ok_or(NotATime)?;
            part.iter().try_fold(0, |sum, byte| {
                if byte.is_ascii_digit() { Ok(sum * 10 + i64::from(byte - b'0')) } else { Err(NotATime) }
            })
        };
        let sign = |at: usize, signs: &[u8]| match bytes.get(at) {
            Some(byte) if signs.contains(byte) => Ok(()),
            _ => Err(NotATime),
        };
        sign(4, b"-")?;
        sign(7, b"-")?;
        sign(10, b"Tt ")?;
        sign(13, b":")?;
        sign(16, b":")?;
        let day = Day::gregorian(number(0, 4)?, number(5, 2)?, number(8, 2)?).map_err(|_| Impossible)?;
        let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
        // RFC 3339 allows the 61st second of a leap second; it is the first one of the next minute here.
        if hour > 23 || minute > 59 || second > 60 {
            return Err(Impossible);
        }
        let mut rest = bytes.get(19..).unwrap_or_default();
        let mut millis = 0;
        if let Some((b'.' | b',', fraction)) = rest.split_first() {
            let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if length == 0 {
                return Err(NotATime);
            }
            let digit = |place: usize| {
                fraction.get(place).filter(|_| place < length).map_or(0, |byte| i64::from(byte - b'0'))
            };
            millis = digit(0) * 100 + digit(1) * 10 + digit(2);
            rest = fraction.get(length..).unwrap_or_default();
        }
        let offset_minutes = match rest {
            [] => return Err(ZoneMissing),
            b"Z" | b"z" => 0,
            [sign @ (b'+' | b' ' | b'-'), h1, h2, tail @ ..] => {
                let (m1, m2) = match tail {
                    [b':', m1, m2] | [m1, m2] => (m1, m2),
                    [] => (&b'0', &b'0'),
                    _ => return Err(NotATime),
                };
                if ![h1, h2, m1, m2].into_iter().all(u8::is_ascii_digit) {
                    return Err(NotATime);
                }
                let two = |tens: &u8, ones: &u8| i64::from(tens - b'0') * 10 + i64::from(ones - b'0');
                let (hours, minutes) = (two(h1, h2), two(m1, m2));
                if hours > 23 || minutes > 59 {
                    return Err(Impossible);
                }
                if *sign == b'-' { -(hours * 60 + minutes) } else { hours * 60 + minutes }
            }
            _ => return Err(NotATime),
        };
        let seconds =
            day.days_since_epoch() * 86_400 + hour * 3_600 + minute * 60 + second - offset_minutes * 60;
        Ok(Timestamp(seconds * 1_000 + millis))
    }

    /// The nearest point that a calendar can show (years -9999 to 9999).
    pub(crate) fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }
}
