//! A district's day, told on both databases: asked for, published, changed at once by two, repaired, replayed.

use std::sync::Arc;

use territory::Point;

use super::*;
use crate::orders::{self, Draft};
use crate::roads::Straight;
use crate::tests::{City, SIX, at, in_the_city, point, refused};
use crate::{Crew, CrewId, CrewStatus, OrderId, OrderStatus, Seen, Urgency, WorkOrder, crews};

fn beside(n: i64) -> Point {
    point((SIX.0 + 0.004 * (n % 5) as f64, SIX.1 + 0.003 * (n / 5) as f64))
}

impl City {
    fn day(&self, minutes: i64) -> Day {
        let (j, six) = (self.jurisdiction, self.district("6"));
        self.db.read_blocking(move |tx| Day::read(tx, j, Some(six), at(minutes))).unwrap()
    }

    fn posed(&self, minutes: i64) -> Posed {
        pose(&self.day(minutes), &Straight::default())
    }

    /// So many orders near each other, all for the crews that can do nearly everything.
    fn some(&self, count: i64) -> Vec<WorkOrder> {
        (0..count).map(|n| self.make(Draft::at("drain", beside(n))).unwrap()).collect()
    }

    fn proposal(&self, minutes: i64) -> (Posed, Found, Kept) {
        let posed = self.posed(minutes);
        let found = search(&posed, Effort { seed: 7, steps: 800 }).unwrap();
        let act = self.dispatcher(minutes);
        let kept = {
            let (posed, found) = (posed.clone(), found.clone());
            self.write(move |tx, j| keep(tx, &act, j, Kind::Asked, &posed, &found)).unwrap()
        };
        (posed, found, kept)
    }

    fn accept(&self, id: PlanId, minutes: i64) -> crate::Done<(Kept, Published)> {
        let act = self.dispatcher(minutes);
        self.write(move |tx, j| publish(tx, &act, j, id))
    }

    fn planned(&self) {
        let (.., kept) = self.proposal(0);
        self.accept(kept.id, 1).unwrap();
    }

    fn give(&self, posed: &Posed, order: &WorkOrder, crew: CrewId, minutes: i64) -> crate::Done<WorkOrder> {
        let act = self.dispatcher(minutes);
        let found = placed(posed, order.id, crew).unwrap().unwrap();
        let (posed, id, seen) = (posed.clone(), order.id, Seen(order.version));
        self.write(move |tx, j| place(tx, &act, j, &posed, &found, id, seen))
    }

    fn crew_of(&self, order: OrderId) -> Option<CrewId> {
        self.show(order).crew
    }

    fn drops_out(&self, crew: CrewId, minutes: i64) -> Crew {
        let act = self.dispatcher(minutes);
        self.write(move |tx, j| crews::set_status(tx, &act, j, crew, CrewStatus::OutOfService)).unwrap()
    }
}

#[test]
fn a_better_plan_is_proposed_accepted_and_held_by_the_crews() {
    in_the_city(|city| {
        let (one, two) = (city.working("d6-1"), city.working("d6-2"));
        let orders = city.some(8);
        let (_, found, kept) = city.proposal(0);
        assert_eq!((kept.state, found.difference.placed.len()), (State::Proposed, 8), "{}", city.engine);
        assert!(orders.iter().all(|order| city.crew_of(order.id).is_none()), "a proposal changes nothing");
        let (kept, published) = city.accept(kept.id, 1).unwrap();
        assert_eq!((kept.state, published.moved), (State::Published, 8));
        for crew in [one.id, two.id] {
            let j = city.jurisdiction;
            let stops = city.db.read_blocking(move |tx| orders::of_crew(tx, j, crew)).unwrap();
            let numbers: Vec<i64> = stops.iter().filter_map(|order| order.stop).collect();
            assert_eq!(numbers, (1..=stops.len() as i64).collect::<Vec<_>>());
            assert!(stops.windows(2).all(|pair| pair[0].planned_end <= pair[1].planned_at));
            assert!(stops.iter().all(|order| order.status == OrderStatus::Assigned));
        }
        assert_eq!(refused(city.accept(kept.id, 2)), "plan-decided");
        // Looking again finds nothing better to say.
        let again = search(&city.posed(2), Effort { seed: 9, steps: 800 }).unwrap();
        assert_eq!(again.difference.moved(), 0);
    });
}

#[test]
fn of_two_dispatchers_who_give_one_order_at_once_one_is_refused() {
    in_the_city(|city| {
        let (one, two) = (city.working("d6-1"), city.working("d6-2"));
        let order = city.order();
        // Both looked at the same board.
        let posed = city.posed(0);
        let given = city.give(&posed, &order, one.id, 1).unwrap();
        assert_eq!((given.crew, given.stop), (Some(one.id), Some(1)));
        assert!(given.planned_at.is_some());
        assert_eq!(refused(city.give(&posed, &order, two.id, 1)), "changed");
        assert_eq!(city.crew_of(order.id), Some(one.id));
        // Who looks again may decide otherwise.
        let seen = city.show(order.id);
        let moved = city.give(&city.posed(2), &seen, two.id, 2).unwrap();
        assert_eq!(moved.crew, Some(two.id));
        let j = city.jurisdiction;
        let six = city.district("6");
        let past = city.db.read_blocking(move |tx| history(tx, j, Some(six), 10)).unwrap();
        assert!(past.iter().all(|kept| kept.kind == Kind::ByHand && kept.state == State::Published));
        assert_eq!(past.len(), 2);
    });
}

#[test]
fn a_plan_is_not_published_over_what_somebody_changed_meanwhile() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let orders = city.some(3);
        let (.., kept) = city.proposal(0);
        let act = city.dispatcher(1);
        let (id, seen) = (orders[0].id, Seen(orders[0].version));
        city.write(move |tx, j| orders::cancel(tx, &act, j, id, "by-dispatcher", Some(seen))).unwrap();
        assert_eq!(refused(city.accept(kept.id, 2)), "changed");
        assert_eq!(city.crew_of(orders[1].id), None, "all of it or nothing");
        // An order that the plan does not know came between.
        let (.., kept) = city.proposal(3);
        let other = city.order();
        city.assign(other.id, crew.id).unwrap();
        let act = city.dispatcher(4);
        city.write(move |tx, j| {
            let mut order = orders::by_id(tx, j, other.id)?.ok_or(crate::DispatchError::NotFound)?;
            order.assigned_at = Some(at(4));
            orders::update(tx, &act, &mut order)
        })
        .unwrap();
        assert_eq!(refused(city.accept(kept.id, 5)), "changed");
        let (.., kept) = city.proposal(6);
        assert_eq!(refused(city.accept(kept.id, 60)), "plan-old");
    });
}

#[test]
fn where_a_crew_is_going_or_is_is_never_taken_away() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let orders = city.some(4);
        city.planned();
        let first = orders[2].id;
        let act = city.dispatcher(2);
        city.write(move |tx, j| orders::on_the_way(tx, &act, j, first)).unwrap();
        // A second crew that would be much nearer, and an order that cannot wait.
        city.working("d6-2");
        let urgent = city
            .make(Draft {
                urgency: Some(Urgency::Immediate),
                danger: Some(3),
                ..Draft::at("drain", beside(3))
            })
            .unwrap();
        let before = city.show(first);
        let (posed, found, kept) = city.proposal(3);
        let index = posed.crew_index(crew.id).unwrap();
        assert_eq!(posed.id(found.plan.routes[index][0]), first);
        city.accept(kept.id, 4).unwrap();
        assert_eq!(city.show(first), before, "not even its number");
        assert!(city.crew_of(urgent.id).is_some());
        let by_hand = opinions(&city.posed(5), first);
        assert_eq!(refused(by_hand), "order-under-way");
        // And the stops after it come after it.
        let j = city.jurisdiction;
        let stops = city.db.read_blocking(move |tx| orders::of_crew(tx, j, crew.id)).unwrap();
        assert!(stops[0].id == first || stops.iter().all(|order| order.stop >= before.stop));
    });
}

#[test]
fn what_a_dispatcher_locked_stays_with_its_crew() {
    in_the_city(|city| {
        let one = city.working("d6-1");
        let orders = city.some(6);
        city.planned();
        let (act, id) = (city.dispatcher(2), orders[0].id);
        let seen = Seen(city.show(id).version);
        city.write(move |tx, j| orders::lock(tx, &act, j, id, true, seen)).unwrap();
        let two = city.working("d6-2");
        let (.., kept) = city.proposal(3);
        city.accept(kept.id, 4).unwrap();
        assert_eq!(city.crew_of(id), Some(one.id));
        let locked = city.show(id);
        assert!(placed(&city.posed(5), locked.id, two.id).unwrap().is_none());
        assert_eq!(refused(city.assign(locked.id, two.id)), "order-locked");
    });
}

#[test]
fn a_crew_that_drops_out_leaves_its_stops_to_others() {
    in_the_city(|city| {
        let (one, two) = (city.working("d6-1"), city.working("d6-2"));
        city.some(8);
        city.planned();
        city.drops_out(one.id, 10);
        let posed = city.posed(10);
        let found = search(&posed, Effort { seed: 3, steps: 800 }).unwrap();
        assert!(found.is_better && found.difference.handed_on.is_empty());
        assert_eq!(decide(&posed, &found, true), Repair::Publish, "nothing is taken from anybody");
        assert_eq!(decide(&posed, &found, false), Repair::Propose, "unless a person wants to be asked");
        let (.., kept) = city.proposal(10);
        city.accept(kept.id, 11).unwrap();
        assert!(city.day(12).orders.iter().all(|order| order.crew == Some(two.id)));
        let posed = city.posed(12);
        let found = search(&posed, Effort { seed: 3, steps: 200 }).unwrap();
        assert_eq!(decide(&posed, &found, false), Repair::Nothing);
    });
}

#[test]
fn opinions_come_with_their_reasons_and_so_do_those_who_cannot() {
    in_the_city(|city| {
        let (near, _) = (city.working("d6-1"), city.working("d6-2"));
        let mut wish = city.wish("d6-3");
        wish.skills = vec!["clean".into()];
        let act = city.dispatcher(0);
        let other = city
            .write(move |tx, j| {
                let crew = crews::add(tx, &act, j, &wish)?;
                let shift = crate::shifts::Wish {
                    crew: crew.id,
                    starts_at: at(-10),
                    ends_at: at(420),
                    overtime_until: None,
                    rest: None,
                };
                crate::shifts::plan(tx, &act, j, &shift)?;
                Ok::<_, crate::DispatchError>(crew)
            })
            .unwrap();
        let orders = city.some(4);
        let posed = city.posed(0);
        city.give(&posed, &orders[0], near.id, 1).unwrap();
        let posed = city.posed(2);
        let opinions = opinions(&posed, orders[1].id).unwrap();
        assert_eq!(opinions.len(), 2, "the third cannot");
        assert!(opinions.iter().any(|opinion| opinion.tags.contains(&Tag::Soonest)));
        assert!(opinions.iter().any(|opinion| opinion.tags.contains(&Tag::Nearest)));
        assert_eq!(why_not(&city.day(2), orders[1].id, other.id), "crew-lacks-skill");
        let held = super::opinions(&posed, orders[0].id).unwrap();
        assert!(held.iter().any(|opinion| opinion.crew == near.id && opinion.tags.contains(&Tag::Holds)));
    });
}

#[test]
fn what_is_left_over_says_why() {
    in_the_city(|city| {
        let order = city.order();
        let reason = |minutes: i64, id: OrderId| {
            let all = left_over(&city.posed(minutes)).unwrap();
            all.into_iter().find(|reasoned| reasoned.order == id).map(|reasoned| reasoned.reason)
        };
        assert_eq!(reason(0, order.id).as_deref(), Some("no-crew-on-duty"));
        city.working("d6-1");
        assert_eq!(reason(0, order.id).as_deref(), Some("not-worth-it"), "it would fit");
        let snow = city.make(Draft::at("rescue-no-such", beside(1)));
        assert_eq!(refused(snow), "job-type-unknown");
        let j = city.jurisdiction;
        let kinds = city.db.read_blocking(move |tx| crate::job_types::kinds(tx, j)).unwrap();
        let electric = kinds.job_types.iter().find(|kind| kind.skills.iter().any(|code| code == "electric"));
        let electric = city.make(Draft::at(electric.unwrap().code.clone(), beside(2))).unwrap();
        assert_eq!(reason(0, electric.id).as_deref(), Some("no-skill"));
        // Its window ends while nobody is there, and then it is over.
        let narrow = Draft { not_after: Some(at(1)), ..Draft::at("drain", beside(20)) };
        let narrow = city.make(narrow).unwrap();
        assert_eq!(reason(0, narrow.id).as_deref(), Some("out-of-reach"));
        assert_eq!(reason(30, narrow.id).as_deref(), Some("window-over"));
        let waits = city.make(Draft { after: Some(narrow.id), ..Draft::at("drain", beside(3)) }).unwrap();
        assert_eq!(reason(30, waits.id).as_deref(), Some("waits-for-another"));
    });
}

#[test]
fn a_warning_comes_before_a_target_is_missed_and_again_when_it_was() {
    in_the_city(|city| {
        let order =
            city.make(Draft { urgency: Some(Urgency::TwoHours), ..Draft::at("drain", point(SIX)) }).unwrap();
        let warn = |minutes: i64| {
            let act = city.act(people::Actor::System("worker"), minutes);
            city.write(move |tx, j| (ALARMS.run)(tx, &act, j, 50)).unwrap()
        };
        let open = || {
            let j = city.jurisdiction;
            city.db.read_blocking(move |tx| open_alarms(tx, j, None)).unwrap()
        };
        assert_eq!(warn(30), 0, "there is time");
        warn(90);
        assert_eq!(open().iter().map(|alarm| alarm.level).collect::<Vec<_>>(), [AlarmLevel::Soon]);
        warn(95);
        assert_eq!(open().len(), 1, "said once");
        let (act, id) = (city.dispatcher(96), order.id);
        city.write(move |tx, j| alarm_seen(tx, &act, j, id)).unwrap();
        assert!(open().is_empty());
        warn(125);
        assert_eq!(open().iter().map(|alarm| alarm.level).collect::<Vec<_>>(), [AlarmLevel::Missed]);
        warn(126);
        assert_eq!(open().len(), 1);
        let crew = city.working("d6-1");
        city.assign(order.id, crew.id).unwrap();
        city.arrive(order.id, 130);
        assert!(open().is_empty(), "somebody is there");
        let j = city.jurisdiction;
        let facts = city
            .db
            .read_blocking(move |tx| storage::journal::of(tx, j, crate::ORDER, order.id.0, 100))
            .unwrap();
        let count = |fact: &str| facts.iter().filter(|entry| entry.fact == fact).count();
        assert_eq!((count("at-risk"), count("target-missed"), count("warning-seen")), (1, 1, 1));
    });
}

#[test]
fn a_decision_can_be_worked_out_again() {
    in_the_city(|city| {
        city.working("d6-1");
        city.working("d6-2");
        city.some(10);
        let (.., kept) = city.proposal(0);
        let (act, id) = (city.dispatcher(1), kept.id);
        let (then, again) = city.write(move |tx, j| replay(tx, &act, j, id)).unwrap();
        let again = again.unwrap();
        assert_eq!((then.plan, then.cost_after), (again.plan, again.after.cost));
        // A month later the problem is forgotten, the decision is not.
        let act = city.act(people::Actor::System("worker"), 40 * 1440);
        city.write(move |tx, j| (FORGETTING.run)(tx, &act, j, 50)).unwrap();
        let (act, id) = (city.dispatcher(2), kept.id);
        let (_, again) = city.write(move |tx, j| replay(tx, &act, j, id)).unwrap();
        assert!(again.is_none());
    });
}

#[test]
fn a_worse_plan_is_refused_whoever_brings_it() {
    in_the_city(|city| {
        city.working("d6-1");
        city.some(3);
        let posed = city.posed(0);
        let mut found = search(&posed, Effort { seed: 1, steps: 300 }).unwrap();
        found.after.cost = found.before.cost + 1;
        let act = city.dispatcher(0);
        let kept = city.write(move |tx, j| keep(tx, &act, j, Kind::Asked, &posed, &found)).unwrap();
        assert_eq!(refused(city.accept(kept.id, 1)), "plan-worse");
        let (act, id) = (city.dispatcher(2), kept.id);
        let refused_plan = city.write(move |tx, j| refuse(tx, &act, j, id, "نه")).unwrap();
        assert_eq!((refused_plan.state, refused_plan.words.as_str()), (State::Refused, "نه"));
        let stranger = city.staff(people::Role::Operator, None, 3);
        assert_eq!(refused(city.write(move |tx, j| publish(tx, &stranger, j, id))), "denied");
    });
}

#[test]
fn what_if_says_what_would_become_of_the_day_and_writes_nothing() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        city.working("d6-2");
        let orders = city.some(6);
        let travel: Arc<dyn crate::roads::Travel> = Arc::new(Straight::default());
        let ask = |case: Case| what_if(&city.day(0), &*travel, &case, Effort { seed: 1, steps: 400 });
        let out = ask(Case::CrewOut(crew.id)).unwrap();
        assert!(out.left_then >= out.left_now);
        let more = ask(Case::More { job_type: "drain".into(), count: 30 }).unwrap();
        assert!(more.left_then + more.late_then > more.left_now + more.late_now, "the day is full");
        assert_eq!(refused(ask(Case::CrewOut(CrewId(1)))), "crew-not-on-duty");
        assert_eq!(refused(ask(Case::More { job_type: "drain".into(), count: 0 })), "what-if-count-wrong");
        assert_eq!(refused(ask(Case::More { job_type: "fly".into(), count: 5 })), "job-type-unknown");
        assert!(orders.iter().all(|order| city.show(order.id) == *order));
    });
}

#[test]
fn words_for_the_next_shift_are_taken_once() {
    in_the_city(|city| {
        let six = city.district("6");
        let leave = |words: &'static str| {
            let act = city.dispatcher(5);
            city.write(move |tx, j| leave_handover(tx, &act, j, Some(six), words, Standing::default()))
        };
        assert_eq!(refused(leave("  ")), "handover-empty");
        let id = leave("پمپ دوم خراب است").unwrap();
        let take = || {
            let act = city.dispatcher(6);
            city.write(move |tx, j| take_handover(tx, &act, j, id))
        };
        take().unwrap();
        assert_eq!(refused(take()), "changed");
        let j = city.jurisdiction;
        let latest = city.db.read_blocking(move |tx| latest_handover(tx, j, Some(six), 5)).unwrap();
        assert_eq!((latest.len(), latest[0].words.as_str()), (1, "پمپ دوم خراب است"));
        assert!(latest[0].taken_at.is_some());
    });
}

#[test]
fn a_district_repairs_by_itself_only_when_somebody_said_so() {
    in_the_city(|city| {
        let (j, six) = (city.jurisdiction, city.district("6"));
        let is_on = || city.db.read_blocking(move |tx| by_itself(tx, j, Some(six))).unwrap();
        assert!(!is_on());
        for on in [true, false] {
            let act = city.dispatcher(0);
            city.write(move |tx, j| set_by_itself(tx, &act, j, Some(six), on)).unwrap();
            assert_eq!(is_on(), on);
        }
        let act = city.staff(people::Role::Operator, None, 0);
        assert_eq!(refused(city.write(move |tx, j| set_by_itself(tx, &act, j, Some(six), true))), "denied");
    });
}
