//! A request goes on: confirmed, assigned, worked on, answered, reopened.

use people::Role;

use super::{City, SATURDAY, in_the_city};
use crate::moves::{MoveError, Step, make};
use crate::{RequestId, Status, figures, find};

const HOUR: i64 = 3_600_000;

fn step(
    city: &City,
    role: Role,
    unit: Option<i64>,
    hours: i64,
    id: RequestId,
    step: Step,
) -> Result<crate::ServiceRequest, MoveError> {
    let (act, jurisdiction) = (city.staff(role, unit, SATURDAY.plus_millis(hours * HOUR)), city.jurisdiction);
    city.db.write_blocking(move |tx| make(tx, &act, jurisdiction, id, &step))
}

#[test]
fn from_received_to_answered_and_back_again() {
    in_the_city("tehran", |city| {
        let done = city.submit(city.draft("street-sweeping", "جارو نشده")).unwrap();
        let unit = done.unit;
        step(&city, Role::Operator, None, 1, done.id, Step::to(Status::Confirmed)).unwrap();
        step(&city, Role::Operator, None, 1, done.id, Step::to(Status::Assigned)).unwrap();
        step(&city, Role::UnitMember, unit, 2, done.id, Step::to(Status::InProgress)).unwrap();
        let silent = step(&city, Role::UnitMember, unit, 3, done.id, Step::to(Status::Answered));
        assert!(matches!(silent, Err(MoveError::WordsMissing)), "{}: closing owes words", city.engine);
        let answered =
            step(&city, Role::UnitMember, unit, 3, done.id, Step::to(Status::Answered).saying("جارو شد"))
                .unwrap();
        assert!(answered.closed_at.is_some());
        step(&city, Role::Supervisor, None, 4, done.id, Step::to(Status::Reopened).saying("هنوز کثیف است"))
            .unwrap();
        let request = city.show(done.id);
        assert_eq!((request.status, request.closed_at), (Status::Reopened, None), "{}", city.engine);
        let thread = city.db.read_blocking(move |tx| find::thread(tx, &request, false)).unwrap();
        let facts: Vec<&str> = thread.iter().map(|k| k.fact.as_str()).collect();
        assert_eq!(
            facts,
            ["submitted", "confirmed", "assigned", "started", "answered", "reopened"],
            "{}",
            city.engine
        );
        assert_eq!(thread[4].text, "جارو شد");
    });
}

#[test]
fn two_clerks_cannot_both_make_the_same_move() {
    in_the_city("tehran", |city| {
        let done = city.submit(city.draft("street-sweeping", "جارو نشده")).unwrap();
        let clerks: Vec<_> = (0..8)
            .map(|_| {
                let (db, act, jurisdiction) =
                    (city.db.clone(), city.staff(Role::Operator, None, SATURDAY), city.jurisdiction);
                std::thread::spawn(move || {
                    db.write_blocking(move |tx| {
                        make(tx, &act, jurisdiction, done.id, &Step::to(Status::Confirmed))
                    })
                    .is_ok()
                })
            })
            .collect();
        let won = clerks.into_iter().map(|c| c.join().unwrap()).filter(|won| *won).count();
        assert_eq!(won, 1, "{}", city.engine);
    });
}

#[test]
fn what_the_table_does_not_say_is_refused() {
    in_the_city("tehran", |city| {
        let done = city.submit(city.draft("street-sweeping", "جارو نشده")).unwrap();
        let no = step(&city, Role::Supervisor, None, 1, done.id, Step::to(Status::Closed));
        assert!(matches!(no, Err(MoveError::NoSuchMove { .. })), "{}", city.engine);
        let no = step(&city, Role::Citizen, None, 1, done.id, Step::to(Status::Confirmed));
        assert!(matches!(no, Err(MoveError::Denied(_))), "{}", city.engine);
        let no = step(&city, Role::UnitMember, Some(1), 1, done.id, Step::to(Status::Answered).saying("x"));
        assert!(matches!(no, Err(MoveError::Denied(_))), "{}: another unit's", city.engine);
        let no = step(&city, Role::Operator, None, 1, RequestId(12), Step::to(Status::Confirmed));
        assert!(matches!(no, Err(MoveError::NotFound)), "{}", city.engine);
        let same = Step { same_as: Some(done.id), ..Step::to(Status::Duplicate) };
        let no = step(&city, Role::Operator, None, 1, done.id, same);
        assert!(matches!(no, Err(MoveError::OtherWrong)), "{}: of itself", city.engine);
    });
}

#[test]
fn while_the_city_waits_for_the_citizen_the_promise_stands_still() {
    in_the_city("tehran", |city| {
        let done = city.submit(city.draft("street-sweeping", "جارو نشده")).unwrap();
        let due = done.due_at.unwrap();
        step(&city, Role::Operator, None, 0, done.id, Step::to(Status::Assigned)).unwrap();
        let waiting = step(
            &city,
            Role::Supervisor,
            None,
            0,
            done.id,
            Step::to(Status::WaitingForCitizen).saying("کدام کوچه؟"),
        )
        .unwrap();
        assert!(!waiting.is_overdue(due.plus_millis(1000 * HOUR)), "{}", city.engine);
        let on = step(&city, Role::Supervisor, None, 72, done.id, Step::to(Status::InProgress)).unwrap();
        assert!(on.due_at.unwrap() > due, "{}", city.engine);
        assert!(on.clock.unwrap().paused_at.is_none());
    });
}

#[test]
fn figures_follow_every_move() {
    in_the_city("tehran", |city| {
        let jurisdiction = city.jurisdiction;
        let a = city.submit(city.draft("street-sweeping", "یک")).unwrap();
        let _b = city.submit(city.draft("street-sweeping", "دو")).unwrap();
        let read = || {
            storage::followers::catch_up_blocking(&city.db, figures::FOLLOWER).unwrap();
            city.db.read_blocking(move |tx| figures::of_city(tx, jurisdiction, 0, i64::MAX)).unwrap()
        };
        let first = read();
        assert_eq!((first.all, first.open), (2, 2), "{}", city.engine);
        // Another unit gets it, then answers in time.
        let other = city
            .db
            .read_blocking(move |tx| {
                let catalogue = crate::catalogue(tx, jurisdiction)?;
                Ok::<_, storage::Error>(catalogue.units().find(|u| Some(u.id) != a.unit).unwrap().id)
            })
            .unwrap();
        step(&city, Role::Operator, None, 1, a.id, Step::to(Status::Assigned).with(other)).unwrap();
        step(&city, Role::UnitMember, Some(other), 1, a.id, Step::to(Status::Answered).saying("شد")).unwrap();
        let then = read();
        assert_eq!((then.all, then.open, then.in_time, then.late), (2, 1, 1, 0), "{}", city.engine);
        assert_eq!(then.in_time_percent(), Some(100));
        let by_unit = city
            .db
            .read_blocking(move |tx| figures::counts(tx, jurisdiction, figures::By::Unit, 0, i64::MAX, 10))
            .unwrap();
        assert_eq!(by_unit.iter().map(|(_, n)| n).sum::<i64>(), 2);
        assert!(by_unit.contains(&(other.to_string(), 1)), "{}: {by_unit:?}", city.engine);
    });
}

#[test]
fn work_that_ends_twice_is_counted_once() {
    in_the_city("tehran", |city| {
        let jurisdiction = city.jurisdiction;
        let a = city.submit(city.draft("street-sweeping", "یک")).unwrap();
        let read = || {
            storage::followers::catch_up_blocking(&city.db, figures::FOLLOWER).unwrap();
            let sums =
                city.db.read_blocking(move |tx| figures::of_city(tx, jurisdiction, 0, i64::MAX)).unwrap();
            (sums.all, sums.open, sums.in_time, sums.late)
        };
        let go = |hours, to: Step| step(&city, Role::Supervisor, None, hours, a.id, to).unwrap();
        go(1, Step::to(Status::Answered).saying("شد"));
        assert_eq!(read(), (1, 0, 1, 0), "{}: answered in time", city.engine);
        go(2, Step::to(Status::Closed));
        assert_eq!(read(), (1, 0, 1, 0), "{}: closing ends nothing anew", city.engine);
        go(3, Step::to(Status::Reopened).saying("نشده"));
        assert_eq!(read(), (1, 1, 0, 0), "{}: it goes on", city.engine);
        // The second answer comes long after the promise, and from another unit.
        let other = city
            .db
            .read_blocking(move |tx| {
                let catalogue = crate::catalogue(tx, jurisdiction)?;
                Ok::<_, storage::Error>(catalogue.units().find(|u| Some(u.id) != a.unit).unwrap().id)
            })
            .unwrap();
        go(24 * 60, Step::to(Status::Answered).saying("شد").with(other));
        assert_eq!(read(), (1, 0, 0, 1), "{}: once, and late", city.engine);
        go(24 * 61, Step::to(Status::Reopened).saying("باز هم نه").with(a.unit.unwrap()));
        assert_eq!(read(), (1, 1, 0, 0), "{}", city.engine);
        let none_below_zero = city
            .db
            .read_blocking(move |tx| {
                tx.value::<i64>(
                    storage::sql!(
                        "SELECT COUNT(*) FROM request_figures WHERE count < 0 OR in_time < 0 OR late < 0"
                    ),
                    &[],
                )
            })
            .unwrap();
        assert_eq!(none_below_zero, Some(0), "{}", city.engine);
    });
}

#[test]
fn a_passed_promise_is_said_once() {
    in_the_city("tehran", |city| {
        let done = city.submit(city.draft("street-sweeping", "یک")).unwrap();
        let jurisdiction = city.jurisdiction;
        let late = done.due_at.unwrap().plus_millis(1);
        let note = |at| {
            let act = city.act(people::Actor::System("overdue"), at);
            city.db.write_blocking(move |tx| crate::overdue::note(tx, &act, jurisdiction, 100)).unwrap()
        };
        assert_eq!((note(SATURDAY), note(late), note(late.plus_millis(HOUR))), (0, 1, 0), "{}", city.engine);
        assert!(city.show(done.id).is_overdue(late));
    });
}

#[test]
fn internal_notes_stay_inside() {
    in_the_city("tehran", |city| {
        let done = city.submit(city.draft("street-sweeping", "یک")).unwrap();
        let jurisdiction = city.jurisdiction;
        let desk = city.staff(Role::Operator, None, SATURDAY);
        city.db
            .write_blocking(move |tx| {
                crate::note(tx, &desk, jurisdiction, done.id, "با پیمانکار تماس گرفتم", true)
            })
            .unwrap();
        let visitor = city.citizen();
        let no =
            city.db.write_blocking(move |tx| crate::note(tx, &visitor, jurisdiction, done.id, "x", true));
        assert!(no.is_err(), "{}", city.engine);
        let request = city.show(done.id);
        let (outside, inside) = city
            .db
            .read_blocking(move |tx| {
                Ok::<_, storage::Error>((
                    find::thread(tx, &request, false)?,
                    find::thread(tx, &request, true)?,
                ))
            })
            .unwrap();
        assert!(outside.iter().all(|k| !k.text.contains("پیمانکار")), "{}", city.engine);
        assert!(inside.iter().any(|k| k.text.contains("پیمانکار") && k.is_internal));
    });
}
