//! Orders by hand and by routine: what is taken and what is refused.

use super::{City, OUTSIDE, SIX, at, in_the_city, point, refused};
use crate::orders::{self, Change, Draft};
use crate::routines;
use crate::{DispatchError, OrderStatus, Origin, Seen, Urgency, durations};

#[test]
fn an_order_has_what_its_kind_of_work_says() {
    in_the_city(|city| {
        let order = city
            .make(Draft { words: "جلوی پلاک ۱۲".into(), ..Draft::at("tree-fallen", point(SIX)) })
            .unwrap();
        assert_eq!(order.code, "1405-00001");
        assert_eq!((order.status, order.origin, order.visit), (OrderStatus::Open, Origin::Hand, 1));
        assert_eq!((order.urgency, order.danger, order.people), (Urgency::Immediate, 2, 3));
        assert_eq!(order.due_at, Some(at(45)));
        assert_eq!((order.duration, order.duration_spread), (55 * 60, 30 * 60));
        assert_eq!(order.skills, ["tree"]);
        assert_eq!(order.district, Some(city.district("6")));
        assert!(order.unit.is_some());
        assert_eq!(city.order().code, "1405-00002");
    });
}

#[test]
fn what_cannot_be_done_is_not_ordered() {
    in_the_city(|city| {
        let draft = || Draft::at("drain", point(SIX));
        for (draft, code) in [
            (Draft::at("flying", point(SIX)), "job-type-unknown"),
            (Draft::at("drain", point(OUTSIDE)), "order-outside"),
            (Draft { minutes: Some(0), ..draft() }, "order-duration-wrong"),
            (Draft { minutes: Some(-30), ..draft() }, "order-duration-wrong"),
            (Draft { minutes: Some(1_000_000), ..draft() }, "order-duration-wrong"),
            (
                Draft { not_before: Some(at(60)), not_after: Some(at(60)), ..draft() },
                "order-window-impossible",
            ),
            (
                Draft { not_before: Some(at(90)), not_after: Some(at(60)), ..draft() },
                "order-window-impossible",
            ),
            (Draft { not_after: Some(at(-1)), ..draft() }, "order-window-over"),
            (Draft { after: Some(crate::OrderId(5)), ..draft() }, "order-after-unknown"),
            (Draft { words: "ب".repeat(3000), ..draft() }, "words-too-long"),
        ] {
            assert_eq!(refused(city.make(draft)), code, "{}", city.engine);
        }
        let j = city.jurisdiction;
        let all = city.db.read_blocking(move |tx| orders::open(tx, j, &orders::Wanted::default())).unwrap();
        assert!(all.is_empty(), "a refusal writes nothing");
    });
}

#[test]
fn orders_do_not_wait_for_each_other_in_a_circle() {
    in_the_city(|city| {
        let first = city.order();
        let second = city.make(Draft { after: Some(first.id), ..Draft::at("pavement", point(SIX)) }).unwrap();
        let act = city.dispatcher(1);
        let change = Change { after: Some(second.id), ..Change::of(&first) };
        let seen = Seen(first.version);
        assert_eq!(
            refused(city.write(move |tx, j| orders::change(tx, &act, j, first.id, &change, seen))),
            "order-after-circle"
        );
    });
}

#[test]
fn what_is_at_one_place_goes_together() {
    in_the_city(|city| {
        let first = city.order();
        let near = city.make(Draft::at("drain", point((SIX.0 + 0.0001, SIX.1)))).unwrap();
        let far = city.make(Draft::at("drain", point((SIX.0 + 0.01, SIX.1)))).unwrap();
        assert_eq!((near.together, far.together), (Some(first.id), None));
        // And a dispatcher may say otherwise.
        let act = city.dispatcher(2);
        let alone =
            city.write(move |tx, j| orders::group(tx, &act, j, near.id, None, Seen(near.version))).unwrap();
        assert_eq!(alone.together, None);
        let act = city.dispatcher(3);
        let joined = city
            .write(move |tx, j| orders::group(tx, &act, j, far.id, Some(alone.id), Seen(far.version)))
            .unwrap();
        assert_eq!(joined.together, Some(alone.id));
        assert_eq!(city.show(alone.id).together, Some(alone.id));
    });
}

#[test]
fn a_change_names_what_it_saw() {
    in_the_city(|city| {
        let order = city.order();
        let change = Change { urgency: Urgency::Immediate, danger: 3, ..Change::of(&order) };
        let (act, once) = (city.dispatcher(1), change.clone());
        let seen = Seen(order.version);
        let changed = city.write(move |tx, j| orders::change(tx, &act, j, order.id, &once, seen)).unwrap();
        assert_eq!((changed.urgency, changed.danger, changed.due_at), (Urgency::Immediate, 3, Some(at(45))));
        let act = city.dispatcher(2);
        assert_eq!(
            refused(city.write(move |tx, j| orders::change(tx, &act, j, order.id, &change, seen))),
            "changed"
        );
    });
}

#[test]
fn experience_replaces_the_estimate_when_there_is_enough() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        for n in 0..durations::ENOUGH {
            let order = city.order();
            assert_eq!(order.duration, 35 * 60, "the pack's estimate, before order {n}");
            city.do_it(order.id, crew.id);
        }
        // Each was thirty minutes on the spot.
        let order = city.order();
        assert_eq!((order.duration, order.duration_spread), (30 * 60, 0), "{}", city.engine);
        // In a district without experience the city's counts.
        let elsewhere = city.make(Draft::at("drain", point(super::THREE))).unwrap();
        assert_ne!(elsewhere.district, order.district);
        assert_eq!(elsewhere.duration, 30 * 60);
    });
}

fn routine(city: &City, every_days: i64, next: i64) -> Result<routines::Routine, DispatchError> {
    let act = city.dispatcher(0);
    let wish = routines::Wish {
        job_type: "gutter".into(),
        title: "لایروبی پیش از زمستان".into(),
        point: point(SIX),
        address: "خیابان نمونه".into(),
        every_days,
        next_at: at(next),
    };
    city.write(move |tx, j| routines::add(tx, &act, j, &wish))
}

#[test]
fn a_routine_comes_again_and_does_not_pile_up() {
    in_the_city(|city| {
        let routine = routine(&city, 7, 0).unwrap();
        assert_eq!(refused(self::routine(&city, 0, 0)), "routine-days-wrong");
        let due = |minutes: i64| {
            let act = city.act(people::Actor::System("test"), minutes);
            city.write(move |tx, j| routines::due(tx, &act, j, 10)).unwrap()
        };
        assert_eq!((due(-1), due(1), due(2)), (0, 1, 0));
        // Nobody ran the program for a month: one order, and the next in the usual rhythm.
        assert_eq!((due(30 * 1440), due(30 * 1440 + 1)), (1, 0));
        let j = city.jurisdiction;
        let all = city.db.read_blocking(move |tx| orders::open(tx, j, &orders::Wanted::default())).unwrap();
        assert_eq!(all.len(), 2);
        assert!(all.iter().all(|o| o.origin == Origin::Routine && o.routine == Some(routine.id)));
        let next = city.db.read_blocking(move |tx| routines::by_id(tx, j, routine.id)).unwrap().unwrap();
        assert_eq!(next.next_at, at(35 * 1440));
        let act = city.dispatcher(3);
        city.write(move |tx, j| routines::set_active(tx, &act, j, routine.id, false, Seen(next.version)))
            .unwrap();
        assert_eq!(due(100 * 1440), 0);
    });
}
