//! Moments and days in addresses.

use calendar::{Day, Timestamp, Zone};
use language::digits;

/// Milliseconds of a day.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// Reads RFC 3339, in any digit set, fractions and an unescaped `+` allowed.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    Timestamp::parse_rfc3339(&digits::to_ascii(text.trim())).ok().filter(is_sane)
}

/// Reads a moment, or a day of the city's own zone: its beginning, or its last millisecond when `end`.
pub(crate) fn moment_or_day(text: &str, zone: &Zone, end: bool) -> Option<Timestamp> {
    if let Some(at) = moment(text) {
        return Some(at);
    }
    let day = Day::parse_gregorian(&digits::to_ascii(text.trim())).ok()?;
    let at = if end { zone.start_of(day.plus_days(1)).plus_millis(-1) } else { zone.start_of(day) };
    Some(at).filter(is_sane)
}

/// Years that ids and calendars can hold, so that no sum below can run over.
fn is_sane(at: &Timestamp) -> bool {
    (-62_200_000_000_000..250_000_000_000_000).contains(&at.0)
}
