//! Promises as tables, and the laws that hold for all of them.

use super::*;
use crate::{Clock, Jalali};
use proptest::prelude::*;

/// Half day on Thursday, rest on Friday, open 07:30 to 14:30, with the holidays of Nowruz and 22 Bahman.
fn tehran() -> WorkingTime {
    let holidays: String = [
        "1403-12-29",
        "1404-01-01",
        "1404-01-02",
        "1404-01-03",
        "1404-01-04",
        "1404-01-12",
        "1404-01-13",
        "1404-11-22",
    ]
    .map(|day| format!("[[holidays]]\njalali = \"{day}\"\nfa = \"تعطیل\"\nen = \"Holiday\"\n"))
    .concat();
    let week = "zone = \"Asia/Tehran\"\nweek = { rest = [\"friday\"], half = { day = \"thursday\", closes_at = \"12:00\" }, opens_at = \"07:30\", closes_at = \"14:30\" }\n";
    toml::from_str(&format!("{week}{holidays}")).unwrap()
}

/// The sample city rests on Thursday and Friday; 22 Bahman is a holiday.
fn sample() -> WorkingTime {
    let mut city = tehran();
    let time = |minute| TimeOfDay::at_minute(minute).unwrap();
    city.week = Week::new(vec![Weekday::Thursday, Weekday::Friday], None, time(480), time(960)).unwrap();
    city
}

/// "Wed 1404-02-10 10:00", where the weekday is only there for the reader and is checked.
fn moment(city: &WorkingTime, text: &str) -> Timestamp {
    let mut words = text.split(' ');
    let mut next = || words.next().unwrap();
    let (weekday, day, time) =
        (next(), Jalali::parse(next()).unwrap().to_day(), next().parse::<TimeOfDay>().unwrap());
    assert!(format!("{:?}", day.weekday()).starts_with(weekday), "{text} is a {:?}", day.weekday());
    city.zone.at(day, time.minute())
}

fn check_in(city: &WorkingTime, start: &str, target: &str, due: &str) {
    let found = city.due_at(moment(city, start), target.parse().unwrap());
    let (day, minute) = (found.day(&city.zone).jalali(), found.minute_of_day(&city.zone));
    assert_eq!(found, moment(city, due), "{start} + {target} is {day} {:02}:{:02}", minute / 60, minute % 60);
}

#[test]
fn a_promise_skips_weekends_and_holidays() {
    let city = sample();
    let check = |start, target, due| check_in(&city, start, target, due);
    check("Wed 1404-02-10 10:00", "1wd", "Sat 1404-02-13 10:00");
    check("Tue 1404-11-21 10:00", "1wd", "Sat 1404-11-25 10:00");
}

#[test]
fn working_days_keep_the_clock_time() {
    let city = tehran();
    let check = |start, target, due| check_in(&city, start, target, due);
    check("Sun 1404-02-14 09:15", "3wd", "Wed 1404-02-17 09:15");
    // A half-day Thursday counts, but closes earlier.
    check("Wed 1404-02-10 10:00", "1wd", "Thu 1404-02-11 10:00");
    check("Wed 1404-02-10 14:00", "1wd", "Thu 1404-02-11 12:00");
    check("Wed 1404-02-10 14:00", "2wd", "Sat 1404-02-13 14:00");
    check("Thu 1404-02-11 11:00", "1wd", "Sat 1404-02-13 11:00");
}

#[test]
fn a_promise_given_outside_hours_counts_from_the_next_opening() {
    let city = tehran();
    let check = |start, target, due| check_in(&city, start, target, due);
    check("Fri 1404-02-12 22:00", "1wd", "Sun 1404-02-14 07:30");
    check("Wed 1404-02-10 15:00", "1wd", "Sat 1404-02-13 07:30");
    check("Wed 1404-02-10 14:30", "1wd", "Sat 1404-02-13 07:30");
    check("Sun 1404-02-14 05:00", "1wd", "Mon 1404-02-15 07:30");
    check("Fri 1404-02-12 22:00", "0wd", "Sat 1404-02-13 07:30");
    check("Fri 1404-02-12 22:00", "1wh", "Sat 1404-02-13 08:30");
}

#[test]
fn nowruz_stops_working_time_but_not_the_calendar() {
    let city = tehran();
    let check = |start, target, due| check_in(&city, start, target, due);
    check("Tue 1403-12-28 10:00", "1wd", "Thu 1403-12-30 10:00");
    check("Tue 1403-12-28 10:00", "2wd", "Tue 1404-01-05 10:00");
    check("Tue 1403-12-28 13:30", "2wh", "Thu 1403-12-30 08:30");
    check("Sat 1404-01-02 10:00", "1wd", "Wed 1404-01-06 07:30");
    check("Sat 1404-01-02 10:00", "24h", "Sun 1404-01-03 10:00");
    check("Tue 1403-12-28 10:00", "2d", "Thu 1403-12-30 10:00");
    check("Mon 1404-01-11 10:00", "1wd", "Thu 1404-01-14 10:00");
}

#[test]
fn working_hours_add_up_open_time_only() {
    let city = tehran();
    let check = |start, target, due| check_in(&city, start, target, due);
    check("Wed 1404-02-10 14:00", "1wh", "Thu 1404-02-11 08:00");
    check("Thu 1404-02-11 11:00", "8wh", "Sat 1404-02-13 14:30");
    check("Sat 1404-02-13 07:30", "7wh", "Sat 1404-02-13 14:30");
    check("Sat 1404-02-13 07:30", "8wh", "Sun 1404-02-14 08:30");
}

#[test]
fn a_paused_promise_stands_still() {
    let city = tehran();
    let when = |text| moment(&city, text);
    let mut clock = Clock::start(when("Sun 1404-02-14 10:00"), Target::working_days(1));
    clock.pause(when("Sun 1404-02-14 13:30"));
    assert!(clock.is_paused() && !clock.is_overdue(when("Sat 1404-02-20 10:00"), &city));
    assert_eq!(clock.left_millis(when("Sat 1404-02-20 10:00"), &city), (3 * 60 + 30) * 60_000);
    // An hour of Sunday and two of Monday passed; the nights do not count.
    clock.resume(when("Mon 1404-02-15 09:30"), &city);
    assert_eq!(clock.due_at(&city), when("Mon 1404-02-15 13:00"));
    assert!(!clock.is_overdue(when("Mon 1404-02-15 13:00"), &city));
    assert!(clock.is_overdue(when("Mon 1404-02-15 13:01"), &city));

    let mut clock = Clock::start(when("Sun 1404-02-14 10:00"), Target::hours(24));
    clock.pause(when("Sun 1404-02-14 13:30"));
    clock.resume(when("Mon 1404-02-15 13:30"), &city);
    assert_eq!(clock.due_at(&city), when("Tue 1404-02-16 10:00"));
    assert_eq!(clock.left_millis(when("Tue 1404-02-16 11:00"), &city), -3_600_000);
}

#[test]
fn a_city_pack_says_its_working_time_or_is_refused() {
    let city = tehran();
    assert_eq!(city.holidays.len(), 8);
    assert_eq!(city.holidays.on(Jalali::parse("1404-11-22").unwrap().to_day()).unwrap().en, "Holiday");
    let again: WorkingTime = serde_json::from_str(&serde_json::to_string(&city).unwrap()).unwrap();
    assert_eq!(again, city);
    for (week, why) in [
        (
            "rest = [\"saturday\", \"sunday\", \"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\"]\nopens_at = \"08:00\"\ncloses_at = \"16:00\"",
            "seven days",
        ),
        ("opens_at = \"16:00\"\ncloses_at = \"08:00\"", "before closing"),
        (
            "half = { day = \"thursday\", closes_at = \"18:00\" }\nopens_at = \"08:00\"\ncloses_at = \"16:00\"",
            "half day",
        ),
        ("opens_at = \"8 o'clock\"\ncloses_at = \"16:00\"", "07:30"),
        ("opens_at = \"08:00\"\ncloses_at = \"16:00\"\nlunch = \"12:00\"", "lunch"),
    ] {
        let refusal = toml::from_str::<Week>(week).unwrap_err().to_string();
        assert!(refusal.contains(why), "{refusal}");
    }
    let wrong = r#"[{"jalali": "1404-01-01", "gregorian": "2025-03-22", "title": "نوروز"}]"#;
    assert!(serde_json::from_str::<Holidays>(wrong).unwrap_err().to_string().contains("two different days"));
    let twice = r#"[{"jalali": "1404-01-01", "fa": "نوروز"}, {"gregorian": "2025-03-21", "fa": "عید"}, {"jalali": "1404-01-01", "fa": "عید"}]"#;
    let twice: Holidays = serde_json::from_str(twice).unwrap();
    assert_eq!((twice.len(), twice.iter().next().unwrap().fa.as_str()), (1, "نوروز / عید"));
}

#[test]
fn targets_are_written_short() {
    for (text, target) in [
        ("24h", Target::hours(24)),
        ("2d", Target::days(2)),
        ("8wh", Target::working_hours(8)),
        ("۳wd", Target::working_days(3)),
    ] {
        assert_eq!(text.parse(), Ok(target));
    }
    assert_eq!(Target::working_days(3).to_string(), "3wd");
    assert_eq!(
        serde_json::from_str::<Target>(r#"{"amount": 3, "unit": "working-days"}"#).unwrap(),
        Target::working_days(3)
    );
    assert_eq!(serde_json::to_string(&Target::hours(4)).unwrap(), "\"4h\"");
    for text in ["", "3", "wd", "3 weeks", "-1d", "10000d", "99999999999h"] {
        assert!(text.parse::<Target>().is_err(), "{text}");
    }
}

fn any_target() -> impl Strategy<Value = Target> {
    (0..40u32, prop_oneof![Just("h"), Just("d"), Just("wh"), Just("wd")])
        .prop_map(|(amount, unit)| format!("{amount}{unit}").parse().unwrap())
}

/// From 1403 to 1405, to the millisecond.
fn any_moment() -> impl Strategy<Value = Timestamp> {
    (1_710_000_000_000..1_800_000_000_000i64).prop_map(Timestamp)
}

proptest! {
    #[test]
    fn a_later_start_never_falls_due_earlier(start in any_moment(), later in prop_oneof![0..120_000i64, 0..400_000_000i64], target in any_target()) {
        for city in [tehran(), sample()] {
            let (first, second) = (city.due_at(start, target), city.due_at(start.plus_millis(later), target));
            prop_assert!(first <= second);
            prop_assert!(first >= start);
        }
    }

    #[test]
    fn a_pause_of_no_time_changes_nothing(start in any_moment(), after in 0..900_000_000i64, target in any_target()) {
        let city = tehran();
        let mut clock = Clock::start(start, target);
        clock.pause(start.plus_millis(after));
        clock.resume(start.plus_millis(after), &city);
        prop_assert_eq!(clock, Clock::start(start, target));
    }

    #[test]
    fn a_pause_moves_the_due_time_by_what_it_counts(start in any_moment(), after in 0..900_000_000i64, pause in 0..900_000_000i64, target in any_target()) {
        let city = tehran();
        let mut clock = Clock::start(start, target);
        let (from, until) = (start.plus_millis(after), start.plus_millis(after + pause));
        let before = clock.due_at(&city);
        clock.pause(from);
        clock.resume(until, &city);
        let moved = clock.due_at(&city);
        if target.is_working() {
            prop_assert_eq!(city.working_millis_between(before, moved), city.working_millis_between(from, until));
        } else {
            prop_assert_eq!(moved.millis_since(before), pause);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn working_hours_agree_with_counting_minutes(start in any_moment(), hours in 1..40u32) {
        let city = tehran();
        let start = Timestamp(start.0 / 60_000 * 60_000);
        let is_open = |at: Timestamp| {
            let (day, minute) = (at.day(&city.zone), at.minute_of_day(&city.zone));
            let closes = match day.weekday() { Weekday::Friday => 0, Weekday::Thursday => 12 * 60, _ => 14 * 60 + 30 };
            !city.holidays.contains(day) && (450..closes).contains(&minute)
        };
        let mut at = start;
        let mut left = hours * 60;
        while left > 0 {
            left -= u32::from(is_open(at));
            at = at.plus_minutes(1);
        }
        prop_assert_eq!(city.due_at(start, Target::working_hours(hours)), at);
        prop_assert_eq!(city.working_millis_between(start, at), i64::from(hours) * 3_600_000);
        prop_assert_eq!(city.is_open(start), is_open(start));
    }
}
