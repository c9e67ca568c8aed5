//! A place's wall clock.

use crate::{Day, Timestamp};
use jiff::civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A time zone by its IANA name, from the data that is compiled into the program: a machine with old zone files, which
/// still give Tehran a summer time, changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);

/// There is no such IANA time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone named {0}")]
pub struct UnknownZone(pub String);

impl Zone {
    /// The zone of an IANA name such as `Asia/Tehran`.
    pub fn named(name: &str) -> Result<Zone, UnknownZone> {
        TimeZone::get(name).map(Zone).map_err(|_| UnknownZone(name.to_owned()))
    }

    /// Coordinated universal time.
    pub const fn utc() -> Zone {
        Zone(TimeZone::UTC)
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The point in time at a minute of a day on the wall: 0 is midnight, 1440 the midnight after.
    ///
    /// An hour that summer time skips is moved behind the gap; of an hour that comes twice the first is taken.
    pub fn at(&self, day: Day, minute: u16) -> Timestamp {
        let (day, minute) = (day.plus_days(i64::from(minute / 1440)), minute % 1440);
        let wall = day.0.at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
        // Only the last hours of the year 9999 have no point in time.
        self.0.to_timestamp(wall).map_or(Timestamp(i64::MAX), |at| Timestamp(at.as_millisecond()))
    }

    /// The first moment of a day.
    pub fn start_of(&self, day: Day) -> Timestamp {
        self.at(day, 0)
    }

    pub(crate) fn wall(&self, at: Timestamp) -> (Day, u16) {
        let (date, time, _) = self.local(at);
        (Day(date), time.hour() as u16 * 60 + time.minute() as u16)
    }

    /// The date, the time and the offset in seconds on the wall of this place.
    pub(crate) fn local(&self, at: Timestamp) -> (civil::Date, civil::Time, i32) {
        let at = at.jiff();
        let offset = self.0.to_offset(at);
        let wall = offset.to_datetime(at);
        (wall.date(), wall.time(), offset.seconds())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl TryFrom<String> for Zone {
    type Error = UnknownZone;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Zone::named(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.name().to_owned()
    }
}
