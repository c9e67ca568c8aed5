//! Shifts on the wall clock of the city: over midnight, through summer time, without overlaps.

use calendar::{Day, Timestamp, Weekday, Zone};

use super::{City, at, in_the_city, refused};
use crate::shifts::{self, Rest, Roster, ShiftState, Wish};
use crate::{CrewId, CrewStatus, DispatchError, OrderStatus, Seen};

const HOUR: i64 = 3_600_000;

fn week(crew: CrewId, begins: u16, ends: u16) -> Roster {
    Roster {
        crew,
        from: Day::gregorian(2026, 11, 14).unwrap(),
        until: Day::gregorian(2026, 11, 20).unwrap(),
        weekdays: Weekday::ALL.into_iter().filter(|day| *day != Weekday::Friday).collect(),
        begins,
        ends,
        overtime: 60,
        rest: Some((180, 240, 30)),
        skip_holidays: true,
    }
}

fn roster(city: &City, wish: Roster) -> Result<shifts::Rostered, DispatchError> {
    let act = city.dispatcher(0);
    city.write(move |tx, j| shifts::roster(tx, &act, j, &wish))
}

fn plan(city: &City, wish: Wish) -> Result<crate::Shift, DispatchError> {
    let act = city.dispatcher(0);
    city.write(move |tx, j| shifts::plan(tx, &act, j, &wish))
}

#[test]
fn a_week_is_planned_at_once_and_not_twice() {
    in_the_city(|city| {
        let crew = city.crew("d6-1");
        let planned = roster(&city, week(crew.id, 7 * 60, 15 * 60)).unwrap();
        assert!(planned.planned.len() >= 5 && planned.skipped.is_empty());
        for shift in &planned.planned {
            assert_eq!(shift.ends_at.millis_since(shift.starts_at), 8 * HOUR);
            let rest = shift.rest.unwrap();
            assert_eq!((rest.from.millis_since(shift.starts_at), rest.length), (3 * HOUR, 1800));
            assert_eq!(shift.over_at().millis_since(shift.ends_at), HOUR);
        }
        let again = roster(&city, week(crew.id, 7 * 60, 15 * 60)).unwrap();
        assert!(again.planned.is_empty() && again.skipped.len() == planned.planned.len());
        let j = city.jurisdiction;
        let (from, until) = (planned.planned[0].starts_at, planned.planned[0].ends_at);
        let found = city.db.read_blocking(move |tx| shifts::between(tx, j, from, until)).unwrap();
        assert_eq!(found, planned.planned[..1]);
    });
}

#[test]
fn a_shift_goes_over_midnight() {
    in_the_city(|city| {
        let crew = city.crew("d6-1");
        let planned = roster(&city, week(crew.id, 22 * 60, 6 * 60)).unwrap();
        let shift = &planned.planned[0];
        assert_eq!(shift.ends_at.millis_since(shift.starts_at), 8 * HOUR);
        let zone = Zone::named("Asia/Tehran").unwrap();
        assert_eq!(shift.starts_at.day(&zone).plus_days(1), shift.ends_at.day(&zone));
        // At four in the night it is the shift of the day before.
        let (j, id, night) = (city.jurisdiction, crew.id, shift.starts_at.plus_hours(6));
        let found = city.db.read_blocking(move |tx| shifts::current(tx, j, id, night)).unwrap();
        assert_eq!(found.as_ref(), Some(shift));
    });
}

#[test]
fn the_wall_clock_of_older_years_makes_nights_shorter_and_longer() {
    // In 1401 clocks in Tehran went forward at the end of the first day of the year, and back half a year later.
    let zone = Zone::named("Asia/Tehran").unwrap();
    let night = |day: Day| {
        let roster = Roster { rest: None, ..week(CrewId(1), 22 * 60, 6 * 60) };
        let wish = shifts::on(&roster, day, &zone);
        wish.ends_at.millis_since(wish.starts_at) / HOUR
    };
    let day = |year, month, day| Day::gregorian(year, month, day).unwrap();
    assert_eq!(night(day(2022, 3, 20)), 8);
    assert_eq!(night(day(2022, 3, 21)), 7);
    assert_eq!(night(day(2022, 9, 21)), 9);
    assert_eq!(night(day(2023, 3, 21)), 8, "the law of 1402 ended it");
    // A shift that begins in the hour that does not exist begins when that hour would have ended.
    let roster = Roster { rest: None, ..week(CrewId(1), 30, 8 * 60) };
    let wish = shifts::on(&roster, day(2022, 3, 22), &zone);
    assert!(wish.starts_at < wish.ends_at);
    assert_eq!(wish.ends_at.millis_since(wish.starts_at) % (HOUR / 2), 0);
}

#[test]
fn what_is_no_shift_is_refused() {
    in_the_city(|city| {
        let crew = city.crew("d6-1");
        let wish = Wish {
            crew: crew.id,
            starts_at: at(0),
            ends_at: at(480),
            overtime_until: Some(at(540)),
            rest: Some(Rest { from: at(200), to: at(260), length: 1800 }),
        };
        let rest = |from, to, length| Some(Rest { from: at(from), to: at(to), length });
        for (wish, code) in [
            (Wish { ends_at: at(0), ..wish.clone() }, "shift-empty"),
            (Wish { ends_at: at(-10), ..wish.clone() }, "shift-empty"),
            (Wish { ends_at: at(25 * 60), overtime_until: None, ..wish.clone() }, "shift-too-long"),
            (Wish { overtime_until: Some(at(470)), ..wish.clone() }, "shift-overtime-wrong"),
            (Wish { overtime_until: Some(Timestamp(i64::MAX)), ..wish.clone() }, "shift-overtime-wrong"),
            (Wish { rest: rest(-10, 60, 1800), ..wish.clone() }, "shift-break-wrong"),
            (Wish { rest: rest(200, 100, 1800), ..wish.clone() }, "shift-break-wrong"),
            (Wish { rest: rest(200, 260, 0), ..wish.clone() }, "shift-break-wrong"),
            (Wish { rest: rest(200, 470, 1800), ..wish.clone() }, "shift-break-wrong"),
        ] {
            assert_eq!(refused(plan(&city, wish)), code);
        }
        plan(&city, wish.clone()).unwrap();
        assert_eq!(
            refused(plan(&city, Wish { starts_at: at(400), ends_at: at(800), ..wish.clone() })),
            "shift-overtime-wrong"
        );
        let later =
            Wish { starts_at: at(400), ends_at: at(800), overtime_until: None, rest: None, crew: crew.id };
        assert_eq!(refused(plan(&city, later)), "shift-overlaps");
        for (wish, code) in [
            (
                Roster { until: Day::gregorian(2026, 11, 1).unwrap(), ..week(crew.id, 60, 120) },
                "shift-days-wrong",
            ),
            (
                Roster { until: Day::gregorian(2028, 1, 1).unwrap(), ..week(crew.id, 60, 120) },
                "shift-days-many",
            ),
            (Roster { weekdays: Vec::new(), ..week(crew.id, 60, 120) }, "shift-days-none"),
            (Roster { begins: 5000, ..week(crew.id, 60, 120) }, "shift-time-wrong"),
        ] {
            assert_eq!(refused(roster(&city, wish)), code);
        }
    });
}

#[test]
fn a_crew_begins_works_and_ends() {
    in_the_city(|city| {
        let crew = city.crew("d6-1");
        let begin = |minutes, consent| {
            let (act, id) = (city.dispatcher(minutes), crew.id);
            city.write(move |tx, j| shifts::begin(tx, &act, j, id, consent))
        };
        assert_eq!(refused(begin(0, true)), "shift-none");
        let wish =
            Wish { crew: crew.id, starts_at: at(30), ends_at: at(510), overtime_until: None, rest: None };
        let planned = plan(&city, wish).unwrap();
        assert_eq!(refused(begin(-40, true)), "shift-none", "more than an hour early");
        let begun = begin(10, true).unwrap();
        assert_eq!((begun.id, begun.state), (planned.id, ShiftState::Begun));
        assert!(begun.shows_positions());
        assert_eq!(city.show_crew(crew.id).status, CrewStatus::OnDuty);
        // Beginning twice is once; the crew may change its mind about its position.
        assert!(!begin(20, false).unwrap().shows_positions());
        let act = city.dispatcher(21);
        assert_eq!(
            refused(city.write(move |tx, j| shifts::cancel(tx, &act, j, planned.id, Seen(3)))),
            "shift-begun"
        );
        let order = city.order();
        city.assign(order.id, crew.id).unwrap();
        city.arrive(order.id, 30);
        let end = |minutes| {
            let (act, id) = (city.dispatcher(minutes), crew.id);
            city.write(move |tx, j| shifts::end(tx, &act, j, id, "دو سطل در کوچهٔ یاس مانده"))
        };
        assert_eq!(refused(end(40)), "crew-has-order");
        city.prove(order.id, 41);
        city.finish(order.id, 42).unwrap();
        let left = city.order();
        city.assign(left.id, crew.id).unwrap();
        let ended = end(50).unwrap();
        assert_eq!((ended.state, ended.handover.is_empty()), (ShiftState::Ended, false));
        assert_eq!(city.show_crew(crew.id).status, CrewStatus::OffDuty);
        let left = city.show(left.id);
        assert_eq!((left.status, left.reason.as_str()), (OrderStatus::Open, "shift-ended"));
        assert_eq!(refused(end(51)), "shift-none");
    });
}
