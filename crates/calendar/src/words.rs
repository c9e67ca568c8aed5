//! Dates, times and durations as people say them, in both languages and both calendars.
//!
//! Persian says the Jalali date first and English the Gregorian; each can say either. The words are data of the
//! calendar, as CLDR has them, so they live in `names` and not in the message catalogue.

mod names;

use crate::{Day, Target, TargetUnit, Timestamp, Weekday, Zone};
use language::{Lang, digits};

/// Which calendar a date is said in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarKind {
    Jalali,
    Gregorian,
}

impl CalendarKind {
    /// The calendar a reader of that language expects.
    pub const fn of(lang: Lang) -> CalendarKind {
        match lang {
            Lang::Fa => CalendarKind::Jalali,
            Lang::En => CalendarKind::Gregorian,
        }
    }

    pub const fn other(self) -> CalendarKind {
        match self {
            CalendarKind::Jalali => CalendarKind::Gregorian,
            CalendarKind::Gregorian => CalendarKind::Jalali,
        }
    }
}

/// «پنجشنبه ۳۰ اسفند ۱۴۰۳», "Thursday 20 March 2025": in the calendar of the language.
pub fn date(lang: Lang, day: Day) -> String {
    date_in(lang, CalendarKind::of(lang), day)
}

/// The date with its weekday in a chosen calendar: «پنجشنبه ۲۰ مارس ۲۰۲۵», "Thursday 30 Esfand 1403".
pub fn date_in(lang: Lang, calendar: CalendarKind, day: Day) -> String {
    format!("{} {}", weekday_name(lang, day.weekday()), short_date_in(lang, calendar, day))
}

/// The date without its weekday in the calendar of the language: «۳۰ اسفند ۱۴۰۳», "20 March 2025".
pub fn short_date(lang: Lang, day: Day) -> String {
    short_date_in(lang, CalendarKind::of(lang), day)
}

/// The date without its weekday in a chosen calendar.
pub fn short_date_in(lang: Lang, calendar: CalendarKind, day: Day) -> String {
    let (year, month, day_of_month) = parts(calendar, day);
    digits::shown(&format!("{day_of_month} {} {year}", month_name(lang, calendar, month)), lang)
}

/// The date in numbers in the calendar of the language: «۱۴۰۳/۱۲/۳۰», "2025-03-20". For tables.
pub fn numeric_date(lang: Lang, day: Day) -> String {
    match lang {
        Lang::Fa => {
            let (year, month, day_of_month) = parts(CalendarKind::Jalali, day);
            digits::to_persian(&format!("{year:04}/{month:02}/{day_of_month:02}"))
        }
        Lang::En => day.to_string(),
    }
}

/// «۱۴:۳۰», "14:30": a minute of the day.
pub fn time(lang: Lang, minute_of_day: u16) -> String {
    digits::shown(&format!("{:02}:{:02}", minute_of_day / 60 % 25, minute_of_day % 60), lang)
}

/// «پنجشنبه ۳۰ اسفند ۱۴۰۳، ساعت ۱۴:۳۰», "Thursday 20 March 2025, 14:30": on the wall clock of a place.
pub fn date_time(lang: Lang, at: Timestamp, zone: &Zone) -> String {
    let (day, minute) = zone.wall(at);
    with_time(lang, date(lang, day), minute)
}

/// The date without its weekday, and the time: «۳۰ اسفند ۱۴۰۳، ساعت ۱۴:۳۰».
pub fn short_date_time(lang: Lang, at: Timestamp, zone: &Zone) -> String {
    let (day, minute) = zone.wall(at);
    with_time(lang, short_date(lang, day), minute)
}

fn with_time(lang: Lang, date: String, minute: u16) -> String {
    match lang {
        Lang::Fa => format!("{date}، ساعت {}", time(lang, minute)),
        Lang::En => format!("{date}, {}", time(lang, minute)),
    }
}

/// How far a moment is from now, rounded down to what a person plans by: «۳ ساعت پیش», "in 2 days".
///
/// Rounding down never promises more time than is left. Minutes up to an hour, hours up to two days, days up to two
/// weeks, weeks up to two months, months up to two years.
pub fn relative(lang: Lang, at: Timestamp, now: Timestamp) -> String {
    let distance = at.millis_since(now);
    let is_past = distance <= 0;
    let Some(length) = counted(lang, distance.unsigned_abs()) else {
        return match (lang, is_past) {
            (Lang::Fa, true) => "همین حالا",
            (Lang::Fa, false) => "کمتر از یک دقیقهٔ دیگر",
            (Lang::En, true) => "just now",
            (Lang::En, false) => "in less than a minute",
        }
        .to_owned();
    };
    match (lang, is_past) {
        (Lang::Fa, true) => format!("{length} پیش"),
        (Lang::Fa, false) => format!("{length} دیگر"),
        (Lang::En, true) => format!("{length} ago"),
        (Lang::En, false) => format!("in {length}"),
    }
}

/// A length of time, rounded down in the same way: «۳ ساعت», "2 days".
pub fn duration(lang: Lang, millis: i64) -> String {
    let less = match lang {
        Lang::Fa => "کمتر از یک دقیقه",
        Lang::En => "less than a minute",
    };
    counted(lang, millis.unsigned_abs()).unwrap_or_else(|| less.to_owned())
}

/// A target time as it is promised: «۳ روز کاری», "24 hours".
pub fn target(lang: Lang, target: Target) -> String {
    let (fa, en) = match target.unit {
        TargetUnit::CalendarHours => ("ساعت", "hour"),
        TargetUnit::CalendarDays => ("روز", "day"),
        TargetUnit::WorkingHours => ("ساعت کاری", "working hour"),
        TargetUnit::WorkingDays => ("روز کاری", "working day"),
    };
    let number = digits::grouped(i64::from(target.amount), lang);
    match lang {
        Lang::Fa => format!("{number} {fa}"),
        Lang::En => format!("{number} {en}{}", if target.amount == 1 { "" } else { "s" }),
    }
}

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The unit a person would use, the singular and plural of its English and its Persian name. Below a minute: none.
fn counted(lang: Lang, millis: u64) -> Option<String> {
    let (unit, fa, en) = match millis {
        ..MINUTE => return None,
        MINUTE..HOUR => (MINUTE, "دقیقه", "minute"),
        _ if millis < 2 * DAY => (HOUR, "ساعت", "hour"),
        _ if millis < 14 * DAY => (DAY, "روز", "day"),
        _ if millis < 60 * DAY => (7 * DAY, "هفته", "week"),
        // A month and a year of 365.2425 days, the mean of the Gregorian calendar.
        _ if millis < 731 * DAY => (2_629_746_000, "ماه", "month"),
        _ => (31_556_952_000, "سال", "year"),
    };
    let count = i64::try_from(millis / unit).unwrap_or(i64::MAX);
    let number = digits::grouped(count, lang);
    Some(match lang {
        Lang::Fa => format!("{number} {fa}"),
        Lang::En => format!("{number} {en}{}", if count == 1 { "" } else { "s" }),
    })
}

/// «پنجشنبه», "Thursday".
pub fn weekday_name(lang: Lang, weekday: Weekday) -> &'static str {
    let names = match lang {
        Lang::Fa => &names::WEEKDAYS_FA,
        Lang::En => &names::WEEKDAYS_EN,
    };
    names.get(usize::from(weekday.from_start())).copied().unwrap_or_default()
}

/// «اسفند», "Esfand", «مارس», "March": the month of a calendar, 1 to 12. Empty for any other number.
pub fn month_name(lang: Lang, calendar: CalendarKind, month: u8) -> &'static str {
    let names = match (lang, calendar) {
        (Lang::Fa, CalendarKind::Jalali) => &names::JALALI_FA,
        (Lang::En, CalendarKind::Jalali) => &names::JALALI_EN,
        (Lang::Fa, CalendarKind::Gregorian) => &names::GREGORIAN_FA,
        (Lang::En, CalendarKind::Gregorian) => &names::GREGORIAN_EN,
    };
    usize::from(month).checked_sub(1).and_then(|index| names.get(index)).copied().unwrap_or_default()
}

fn parts(calendar: CalendarKind, day: Day) -> (i32, u8, u8) {
    match calendar {
        CalendarKind::Jalali => {
            let date = day.jalali();
            (date.year(), date.month(), date.day())
        }
        CalendarKind::Gregorian => (i32::from(day.year()), day.month(), day.day_of_month()),
    }
}
