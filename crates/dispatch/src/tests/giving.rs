//! Orders are given, taken back, locked, done, not done.

use people::Role;

use super::{City, SIX, THREE, at, in_the_city, point, refused};
use crate::orders::{self, Draft, Outcome, Verdict};
use crate::{CrewStatus, OrderStatus, Origin, Seen, crews, evidence};

#[test]
fn a_crew_does_an_order_from_beginning_to_end() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let order = city.order();
        let given = city.assign(order.id, crew.id).unwrap();
        assert_eq!((given.status, given.crew, given.stop), (OrderStatus::Assigned, Some(crew.id), Some(1)));
        assert_eq!(city.show_crew(crew.id).status, CrewStatus::OnDuty);
        city.arrive(order.id, 10);
        let there = city.show_crew(crew.id);
        assert_eq!((there.status, there.order), (CrewStatus::OnSite, Some(order.id)));
        assert_eq!(refused(city.finish(order.id, 30)), "order-check-missing");
        city.prove(order.id, 20);
        let done = city.finish(order.id, 40).unwrap();
        assert_eq!(
            (done.status, done.ended_at, done.on_site_at),
            (OrderStatus::Done, Some(at(40)), Some(at(10)))
        );
        let free = city.show_crew(crew.id);
        assert_eq!((free.status, free.order), (CrewStatus::OnDuty, None));
        // The telephone sends again what it is not sure of.
        assert_eq!(city.finish(order.id, 50).unwrap().ended_at, Some(at(40)));
    });
}

#[test]
fn two_dispatchers_assign_at_once_and_one_is_told() {
    in_the_city(|city| {
        let (one, two) = (city.working("d6-1"), city.working("d6-2"));
        let order = city.order();
        let seen = Seen(order.version);
        let give = |crew: crate::CrewId| {
            let act = city.dispatcher(1);
            let id = order.id;
            city.write(move |tx, j| orders::assign(tx, &act, j, id, crew, seen))
        };
        assert!(give(one.id).is_ok());
        assert_eq!(refused(give(two.id)), "changed");
        assert_eq!(city.show(order.id).crew, Some(one.id));
    });
}

#[test]
fn two_dispatchers_on_two_threads_assign_at_once_and_one_is_told() {
    in_the_city(|city| {
        let crews = [city.working("d6-1").id, city.working("d6-2").id];
        for _ in 0..5 {
            let order = city.order();
            let seen = Seen(order.version);
            let results = std::thread::scope(|scope| {
                let each = crews.map(|crew| {
                    let (act, db, j, id) = (city.dispatcher(1), city.db.clone(), city.jurisdiction, order.id);
                    scope.spawn(move || {
                        db.write_blocking(move |tx| orders::assign(tx, &act, j, id, crew, seen)).is_ok()
                    })
                });
                each.map(|thread| thread.join().unwrap())
            });
            assert_eq!(results.iter().filter(|done| **done).count(), 1, "{}", city.engine);
        }
    });
}

#[test]
fn a_crew_that_could_not_do_it_is_refused_with_what_is_missing() {
    in_the_city(|city| {
        let add = |change: fn(&City, &mut crews::Wish), code: &str| {
            let mut wish = city.wish(code);
            change(&city, &mut wish);
            let act = city.dispatcher(0);
            city.write(move |tx, j| crews::add(tx, &act, j, &wish)).unwrap().id
        };
        let order = city.order();
        for (n, (change, code)) in [
            ((|_, w| w.skills = vec!["tree".into()]) as fn(&City, &mut crews::Wish), "crew-lacks-skill"),
            (|_, w| w.equipment.clear(), "crew-lacks-equipment"),
            (|_, w| w.people = 1, "crew-too-small"),
            (|_, w| w.loads = [0; 3], "crew-too-small"),
            (|city, w| w.district = Some(city.district("3")), "crew-other-district"),
            (|_, w| w.kind = crews::CrewKind::Volunteer, "crew-volunteer"),
        ]
        .into_iter()
        .enumerate()
        {
            let crew = add(change, &format!("x-{n}"));
            assert_eq!(refused(city.assign(order.id, crew)), code);
        }
        assert_eq!(city.show(order.id).status, OrderStatus::Open);
        // A crew without a district serves the whole city, and a volunteer sweeps.
        let anywhere = add(|_, w| w.district = None, "any");
        assert!(city.assign(order.id, anywhere).is_ok());
        let sweep = city.make(Draft::at("sweeping", point(SIX))).unwrap();
        let volunteer = add(|_, w| w.kind = crews::CrewKind::Volunteer, "davam-1");
        assert!(city.assign(sweep.id, volunteer).is_ok());
    });
}

#[test]
fn nobodys_current_stop_is_taken_away_silently() {
    in_the_city(|city| {
        let (crew, other) = (city.working("d6-1"), city.working("d6-2"));
        let order = city.order();
        city.assign(order.id, crew.id).unwrap();
        let back = |words: &'static str, minutes| {
            let (act, id, seen) = (city.dispatcher(minutes), order.id, Seen(city.show(order.id).version));
            city.write(move |tx, j| orders::unassign(tx, &act, j, id, words, seen))
        };
        // What it has not begun may be taken back; then it is given again.
        assert_eq!(back("", 2).unwrap().status, OrderStatus::Open);
        assert_eq!(refused(back("", 2)), "order-with-nobody");
        city.assign(order.id, crew.id).unwrap();
        let act = city.dispatcher(3);
        city.write(move |tx, j| orders::on_the_way(tx, &act, j, order.id)).unwrap();
        assert_eq!(refused(city.assign(order.id, other.id)), "order-under-way");
        assert_eq!(refused(back("", 4)), "order-words-missing");
        assert_eq!(back("درخت روی خودرو افتاده؛ آنجا بروید", 5).unwrap().status, OrderStatus::Open);
        assert_eq!(city.show_crew(crew.id).status, CrewStatus::OnDuty);
        city.assign(order.id, crew.id).unwrap();
        city.arrive(order.id, 6);
        assert_eq!(refused(back("بیایید", 7)), "order-under-way");
    });
}

#[test]
fn a_locked_order_stays() {
    in_the_city(|city| {
        let (crew, other) = (city.working("d6-1"), city.working("d6-2"));
        let order = city.order();
        let lock = |locked| {
            let (act, id, seen) = (city.dispatcher(2), order.id, Seen(city.show(order.id).version));
            city.write(move |tx, j| orders::lock(tx, &act, j, id, locked, seen))
        };
        assert_eq!(refused(lock(true)), "order-with-nobody");
        city.assign(order.id, crew.id).unwrap();
        assert!(lock(true).unwrap().is_locked);
        assert_eq!(refused(city.assign(order.id, other.id)), "order-locked");
        assert!(!lock(false).unwrap().is_locked);
        assert_eq!(city.assign(order.id, other.id).unwrap().crew, Some(other.id));
    });
}

#[test]
fn an_order_is_cancelled_while_it_is_being_done() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let order = city.order();
        city.assign(order.id, crew.id).unwrap();
        city.arrive(order.id, 5);
        city.prove(order.id, 6);
        let act = city.dispatcher(7);
        city.write(move |tx, j| orders::cancel(tx, &act, j, order.id, "by-hand", None)).unwrap();
        assert_eq!(city.show_crew(crew.id).order, None);
        // What the crew says afterwards is refused, not lost: it stands with the order as evidence.
        assert_eq!(refused(city.finish(order.id, 8)), "order-over");
        let act = city.dispatcher(9);
        city.write(move |tx, j| {
            evidence::add(tx, &act, j, order.id, &evidence::Brought::words("کار تمام شده بود"))
        })
        .unwrap();
    });
}

#[test]
fn photos_may_come_later_when_the_crew_says_so() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let order = city.order();
        city.assign(order.id, crew.id).unwrap();
        city.arrive(order.id, 5);
        let act = city.dispatcher(6);
        let id = order.id;
        city.write(move |tx, j| {
            for code in ["ppe", "flow"] {
                evidence::add(tx, &act, j, id, &evidence::Brought::tick(code))?;
            }
            Ok::<_, crate::DispatchError>(())
        })
        .unwrap();
        assert_eq!(refused(city.finish(id, 7)), "order-photo-missing");
        let act = city.dispatcher(8);
        let outcome = Outcome { photos_follow: true, ..Outcome::default() };
        let done = city.write(move |tx, j| orders::done(tx, &act, j, id, &outcome)).unwrap();
        assert_eq!((done.status, done.reason.as_str()), (OrderStatus::Done, "photos-owed"));
        city.prove(id, 60);
        assert_eq!(city.show(id).reason, "");
    });
}

#[test]
fn what_was_not_done_has_a_reason_and_is_gone_to_again() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let order = city.order();
        city.assign(order.id, crew.id).unwrap();
        city.arrive(order.id, 5);
        let say = |reason: &'static str| {
            let act = city.dispatcher(9);
            let id = order.id;
            city.write(move |tx, j| orders::not_done(tx, &act, j, id, reason, "خودرویی روی دهانه پارک است"))
        };
        assert_eq!(refused(say("because")), "reason-unknown");
        let ended = say("no-access").unwrap();
        assert_eq!((ended.status, ended.reason.as_str()), (OrderStatus::NotDone, "no-access"));
        let act = city.dispatcher(20);
        let next = city
            .write(move |tx, j| orders::visit_again(tx, &act, j, order.id, Origin::Hand, "شب بروید", false))
            .unwrap();
        assert_eq!((next.visit, next.earlier_visit, next.is_paid), (2, Some(order.id), true));
        assert_eq!(next.status, OrderStatus::Open);
        let all = city.db.read_blocking(move |tx| orders::visits(tx, &next)).unwrap();
        assert_eq!(all.len(), 2);
    });
}

#[test]
fn work_that_is_not_good_is_done_again_unpaid() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let order = city.order();
        city.do_it(order.id, crew.id);
        let judge = |role, words: &'static str| {
            let act = city.staff(role, None, 100);
            let id = order.id;
            city.write(move |tx, j| orders::check(tx, &act, j, id, &Verdict::Bad { words: words.into() }))
        };
        assert_eq!(refused(judge(Role::Dispatcher, "بد")), "denied");
        assert_eq!(refused(judge(Role::Inspector, " ")), "order-words-missing");
        let checked = judge(Role::Inspector, "دهانه هنوز بسته است").unwrap();
        assert_eq!((checked.status, checked.is_paid), (OrderStatus::Checked, false));
        let j = city.jurisdiction;
        let open = city.db.read_blocking(move |tx| orders::open(tx, j, &orders::Wanted::default())).unwrap();
        assert_eq!(open.len(), 1);
        assert_eq!((open[0].earlier_visit, open[0].is_paid), (Some(order.id), false));
    });
}

#[test]
fn work_waits_for_what_must_come_first() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let first = city.order();
        let second = city.make(Draft { after: Some(first.id), ..Draft::at("gutter", point(SIX)) }).unwrap();
        city.assign(second.id, crew.id).unwrap();
        let act = city.dispatcher(3);
        assert_eq!(refused(city.write(move |tx, j| orders::on_site(tx, &act, j, second.id))), "order-waits");
        city.do_it(first.id, crew.id);
        let act = city.dispatcher(60);
        assert!(city.write(move |tx, j| orders::on_site(tx, &act, j, second.id)).is_ok());
    });
}

#[test]
fn a_crew_goes_to_one_stop_at_a_time_and_only_on_shift() {
    in_the_city(|city| {
        let (crew, resting) = (city.working("d6-1"), city.crew("d6-2"));
        let (one, two) = (city.order(), city.make(Draft::at("gutter", point(SIX))).unwrap());
        city.assign(one.id, crew.id).unwrap();
        city.assign(two.id, crew.id).unwrap();
        let go = |order: crate::OrderId| {
            let act = city.dispatcher(3);
            city.write(move |tx, j| orders::on_the_way(tx, &act, j, order))
        };
        go(one.id).unwrap();
        assert_eq!(refused(go(two.id)), "crew-busy");
        let three = city.order();
        city.assign(three.id, resting.id).unwrap();
        assert_eq!(refused(go(three.id)), "crew-off-duty");
    });
}

#[test]
fn a_crew_of_elsewhere_sees_and_does_nothing() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let order = city.order();
        city.assign(order.id, crew.id).unwrap();
        let (_, stranger) = city.person("gholam", city.unit("d6-green"));
        for minutes in [2, 3] {
            let act = city.act(stranger.clone(), minutes);
            assert_eq!(refused(city.write(move |tx, j| orders::on_the_way(tx, &act, j, order.id))), "denied");
        }
        let far = city.make(Draft::at("drain", point(THREE))).unwrap();
        assert_eq!(refused(city.assign(far.id, crew.id)), "crew-other-district");
    });
}
