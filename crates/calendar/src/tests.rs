//! What the calendar promises, as tables and as laws.

use super::*;
use crate::words::{self, CalendarKind};
use language::Lang;
use proptest::prelude::*;

fn tehran() -> Zone {
    Zone::named("Asia/Tehran").unwrap()
}

fn jalali(text: &str) -> Jalali {
    Jalali::parse(text).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).unwrap()
}

#[test]
fn new_years_night_begins_at_midnight_in_tehran() {
    assert_eq!(at("2021-03-20T21:00:00Z").day(&tehran()).jalali(), jalali("1400-01-01"));
    assert_eq!(at("2025-03-20T21:00:00Z").to_rfc3339(&tehran()), "2025-03-21T00:30:00+03:30");
    // Tehran kept a summer time until 2022.
    assert_eq!(at("2021-07-01T00:00:00Z").minute_of_day(&tehran()), 4 * 60 + 30);
    assert_eq!(at("2023-07-01T00:00:00Z").minute_of_day(&tehran()), 3 * 60 + 30);
    assert_eq!(Zone::named("Asia/Tehren"), Err(UnknownZone("Asia/Tehren".to_owned())));
}

#[test]
fn leap_days_are_where_the_equinox_puts_them() {
    for (gregorian, expected) in [
        ("2025-03-20", "1403-12-30"),
        ("2030-03-20", "1408-12-30"),
        ("2021-03-21", "1400-01-01"),
        ("1979-02-11", "1357-11-22"),
    ] {
        let day: Day = gregorian.parse().unwrap();
        assert_eq!(day.jalali().to_string(), expected);
        assert_eq!(jalali(expected).to_day(), day);
    }
    let leap: Vec<i32> = (1395..=1449).filter(|year| Jalali::is_leap_year(*year)).collect();
    assert_eq!(leap, [1395, 1399, 1403, 1408, 1412, 1416, 1420, 1424, 1428, 1432, 1436, 1441, 1445, 1449]);
}

#[test]
fn every_day_of_three_centuries_comes_back() {
    let first: Day = "1920-01-01".parse().unwrap();
    let mut before = first.plus_days(-1).jalali();
    for offset in 0..=102_268 {
        let day = first.plus_days(offset);
        let date = day.jalali();
        assert_eq!(date.to_day(), day);
        assert_eq!(Jalali::new(date.year(), date.month(), date.day()), Ok(date));
        // Each day follows the one before it: the next of the month, or the first of the next.
        let follows =
            (date.year(), date.month()) == (before.year(), before.month()) && date.day() == before.day() + 1;
        let opens_month = date.day() == 1 && before.day() == before.days_in_month();
        assert!(follows || opens_month, "{before} {date}");
        assert_eq!(day.weekday().from_start(), (first.weekday().from_start() + (offset % 7) as u8) % 7);
        before = date;
    }
    assert_eq!(first.plus_days(102_268).to_string(), "2199-12-31");
}

#[test]
fn dates_are_read_in_any_digits_and_refused_with_a_reason() {
    for typed in ["1404-01-01", "1404/1/1", "۱۴۰۴/۰۱/۰۱", "١٤٠٤-٠١-٠١", " ۱۴۰۴/۱/۱ ", "\u{200F}1404.01.01"]
    {
        assert_eq!(Jalali::parse(typed), Jalali::new(1404, 1, 1), "{typed}");
        assert_eq!(Day::parse(typed), Day::parse("2025-03-21"), "{typed}");
    }
    for (typed, why) in [
        ("1404-12-30", DateRefusal::NoSuchDay { days_in_month: 29 }),
        ("1404-07-31", DateRefusal::NoSuchDay { days_in_month: 30 }),
        ("1404-00-01", DateRefusal::NoSuchMonth),
        ("1404-13-01", DateRefusal::NoSuchMonth),
        ("0000-01-01", DateRefusal::NoSuchYear),
        ("04-01-01", DateRefusal::NotADate),
        ("1404-01", DateRefusal::NotADate),
        ("1404-01-01-01", DateRefusal::NotADate),
        ("فردا", DateRefusal::NotADate),
        ("", DateRefusal::NotADate),
    ] {
        assert_eq!(Jalali::parse(typed), Err(why), "{typed}");
    }
    assert_eq!(Day::parse("2025-02-29"), Err(DateRefusal::NoSuchDay { days_in_month: 28 }));
    assert_eq!("۲۰۲۵-۰۳-۲۰".parse::<Day>(), Err(DateRefusal::NotADate));
}

#[test]
fn points_in_time_are_read_as_machines_write_them() {
    let moment = Timestamp(1_742_504_400_000);
    for text in [
        "2025-03-20T21:00:00Z",
        "2025-03-20t21:00:00z",
        "2025-03-21T00:30:00+03:30",
        "2025-03-21T00:30:00 03:30",
        "2025-03-20T16:00:00-0500",
        "2025-03-20 21:00:00.000Z",
        "2025-03-20T21:00:00.000999Z",
        "2025-03-20T20:59:60Z",
    ] {
        assert_eq!(Timestamp::parse_rfc3339(text), Ok(moment), "{text}");
    }
    assert_eq!(moment.to_rfc3339_z(), "2025-03-20T21:00:00Z");
    assert_eq!(at("2025-03-20T21:00:00.5Z").0 - moment.0, 500);
    assert_eq!(at("2025-03-20T21:00:00.045+00:00").0 - moment.0, 45);
    assert_eq!(Timestamp(-1).to_rfc3339_z(), "1969-12-31T23:59:59Z");
    for (text, why) in [
        ("2025-03-20T21:00:00", TimestampRefusal::ZoneMissing),
        ("2025-03-20", TimestampRefusal::NotATime),
        ("2025-02-30T00:00:00Z", TimestampRefusal::Impossible),
        ("2025-03-20T24:00:00Z", TimestampRefusal::Impossible),
        ("۲۰۲۵-03-20T21:00:00Z", TimestampRefusal::NotATime),
        ("2025-03-20T21:00:00.Z", TimestampRefusal::NotATime),
        ("2025-03-20T21:00:00+3:30", TimestampRefusal::NotATime),
        ("2025-03-20T21:00:00ZZ", TimestampRefusal::NotATime),
        ("", TimestampRefusal::NotATime),
    ] {
        assert_eq!(Timestamp::parse_rfc3339(text), Err(why), "{text}");
    }
}

#[test]
fn an_hour_that_summer_time_skips_is_moved_behind_the_gap() {
    let new_york = Zone::named("America/New_York").unwrap();
    let day = Day::parse("2025-03-09").unwrap();
    assert_eq!(new_york.at(day, 150).to_rfc3339(&new_york), "2025-03-09T03:30:00-04:00");
    assert_eq!(new_york.at(day, 1440), new_york.start_of(day.plus_days(1)));
    assert_eq!(new_york.start_of(day.plus_days(1)).millis_since(new_york.start_of(day)), 23 * 3_600_000);
}

#[test]
fn dates_are_said_as_people_say_them() {
    let day = Day::parse("2025-03-20").unwrap();
    assert_eq!(words::date(Lang::Fa, day), "پنجشنبه ۳۰ اسفند ۱۴۰۳");
    assert_eq!(words::date(Lang::En, day), "Thursday 20 March 2025");
    assert_eq!(words::date_in(Lang::Fa, CalendarKind::Gregorian, day), "پنجشنبه ۲۰ مارس ۲۰۲۵");
    assert_eq!(words::date_in(Lang::En, CalendarKind::Jalali, day), "Thursday 30 Esfand 1403");
    assert_eq!(words::numeric_date(Lang::Fa, day), "۱۴۰۳/۱۲/۳۰");
    let moment = at("2025-03-20T11:00:00Z");
    assert_eq!(words::date_time(Lang::Fa, moment, &tehran()), "پنجشنبه ۳۰ اسفند ۱۴۰۳، ساعت ۱۴:۳۰");
    assert_eq!(words::date_time(Lang::En, moment, &tehran()), "Thursday 20 March 2025, 14:30");
    assert_eq!(words::month_name(Lang::Fa, CalendarKind::Jalali, 0), "");
}

#[test]
fn distances_are_said_in_what_a_person_plans_by() {
    let now = at("2025-03-20T11:00:00Z");
    for (minutes, fa, en) in [
        (0, "همین حالا", "just now"),
        (-59, "۵۹ دقیقه پیش", "59 minutes ago"),
        (-60, "۱ ساعت پیش", "1 hour ago"),
        (-3 * 60 - 20, "۳ ساعت پیش", "3 hours ago"),
        (47 * 60 + 59, "۴۷ ساعت دیگر", "in 47 hours"),
        (48 * 60, "۲ روز دیگر", "in 2 days"),
        (15 * 1440, "۲ هفته دیگر", "in 2 weeks"),
        (-90 * 1440, "۲ ماه پیش", "2 months ago"),
        (-1500 * 1440, "۴ سال پیش", "4 years ago"),
    ] {
        assert_eq!(words::relative(Lang::Fa, now.plus_minutes(minutes), now), fa);
        assert_eq!(words::relative(Lang::En, now.plus_minutes(minutes), now), en);
    }
    assert_eq!(words::target(Lang::Fa, Target::working_days(3)), "۳ روز کاری");
    assert_eq!(words::target(Lang::En, Target::hours(1)), "1 hour");
    assert_eq!(words::duration(Lang::En, 26 * 3_600_000), "26 hours");
    assert_eq!(words::duration(Lang::Fa, 1), "کمتر از یک دقیقه");
}

proptest! {
    #[test]
    fn any_text_may_be_a_time_or_a_date(text in "\\PC{0,30}") {
        let _ = (Timestamp::parse_rfc3339(&text), Day::parse(&text), Jalali::parse(&text), text.parse::<Target>(), text.parse::<TimeOfDay>());
    }

    #[test]
    fn what_is_written_is_read_back(millis in -30_000_000_000_000..100_000_000_000_000i64, any: i64) {
        let moment = Timestamp(millis);
        let second = Timestamp(millis.div_euclid(1000) * 1000);
        prop_assert_eq!(Timestamp::parse_rfc3339(&moment.to_rfc3339_z()), Ok(second));
        let zone = tehran();
        prop_assert_eq!(zone.at(moment.day(&zone), moment.minute_of_day(&zone)).day(&zone), moment.day(&zone));
        let _ = (Timestamp(any).to_rfc3339_z(), Timestamp(any).day(&zone).jalali(), words::date_time(Lang::Fa, Timestamp(any), &zone));
        let _ = (Timestamp(any).plus_hours(any), words::relative(Lang::En, moment, Timestamp(any)), Day::from_days_since_epoch(any));
    }
}
