//! Stories of telephones: what they send late, twice, in another order, with a wrong clock, and after the world moved on.

mod places; // where crews are, and who may know

use calendar::Timestamp;
use people::{Act, Actor, Role};

use super::{Clock, Doubt, Item, Kept, Outcome, Stage, Taken, Unfit, What, read};
use crate::evidence::{self, EvidenceKind};
use crate::tests::{City, at, in_the_city, photo};
use crate::{Crew, CrewStatus, OrderId, OrderStatus, Seen, crews, members, orders, shifts};

const DAY: i64 = 24 * 60;

/// A crew with a person in it, who has a telephone.
struct Phone<'c> {
    city: &'c City,
    crew: Crew,
    account: i64,
    by: Actor,
    /// Minutes that its clock is wrong by.
    wrong_by: i64,
    count: std::cell::Cell<i64>,
}

impl<'c> Phone<'c> {
    fn of(city: &'c City, crew: Crew, name: &'static str) -> Phone<'c> {
        let (account, by) = city.person(name, city.unit("d6-urban-services"));
        let (act, id) = (city.staff(Role::Supervisor, None, 0), crew.id);
        city.write(move |tx, j| members::join(tx, &act, j, id, account, true)).unwrap();
        Phone { city, crew, account, by, wrong_by: 0, count: std::cell::Cell::new(0) }
    }

    /// Something that is done so many minutes after ten o'clock.
    fn item(&self, minutes: i64, order: Option<&str>, what: What) -> Item {
        self.count.set(self.count.get() + 1);
        let n = self.count.get();
        Item {
            id: format!("item-{}-{n:06}", self.account),
            sequence: n,
            at: at(minutes + self.wrong_by),
            order: order.map(String::from),
            what,
        }
    }

    fn act(&self, minutes: i64) -> Act {
        self.city.act(self.by.clone(), minutes)
    }

    fn greet(&self, minutes: i64) -> Clock {
        let (act, sent_at) = (self.act(minutes), at(minutes + self.wrong_by));
        self.city.write(move |tx, j| super::greet(tx, &act, j, "phone-0001", sent_at)).unwrap()
    }

    /// As the door does it: taken, or kept with the reason.
    fn send_one(&self, minutes: i64, clock: Clock, item: &Item) -> Taken {
        let (act, sent) = (self.act(minutes), item.clone());
        let taken = self.city.write(move |tx, j| super::take(tx, &act, j, "phone-0001", clock, &sent));
        match taken {
            Ok(taken) => taken,
            Err(Unfit::Kept { outcome, code }) => {
                let (act, sent) = (self.act(minutes), item.clone());
                self.city
                    .write(move |tx, j| super::keep(tx, &act, j, "phone-0001", clock, &sent, outcome, code))
                    .unwrap()
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    fn send(&self, minutes: i64, items: &[Item]) -> Vec<Taken> {
        let clock = self.greet(minutes);
        let mut items = items.to_vec();
        items.sort_by_key(|item| item.sequence);
        items.iter().map(|item| self.send_one(minutes, clock, item)).collect()
    }

    fn kept(&self, order: OrderId) -> Vec<Kept> {
        let j = self.city.jurisdiction;
        self.city.db.read_blocking(move |tx| read::of_order(tx, j, order)).unwrap()
    }

    /// A stop from "on the way" to "done", with photos, a list, material and a note.
    fn whole_stop(&self, code: &str, from: i64) -> Vec<Item> {
        let order = Some(code);
        let photo = |minutes, stage| {
            self.item(minutes, order, What::Photo { stage, file: None }).with_photo(&photo())
        };
        let tick =
            |minutes, code: &str| self.item(minutes, order, What::Check { code: code.into(), ticked: true });
        vec![
            self.item(from, order, What::OnTheWay),
            self.item(from + 10, order, What::OnSite),
            photo(from + 11, Stage::Before),
            tick(from + 12, "ppe"),
            tick(from + 12, "cordon"),
            tick(from + 12, "gas"),
            tick(from + 13, "flow"),
            self.item(from + 30, order, What::Material { code: "lime".into(), amount: 4.0 }),
            self.item(from + 35, order, What::Note { words: "دریچه شکسته است".into() }),
            photo(from + 39, Stage::After),
            self.item(from + 40, order, What::Done { words: "آب روان شد".into(), photos: 0 }),
        ]
    }
}

/// A crew at work with one order, and its telephone.
fn with_one_stop(story: impl Fn(&City, Phone<'_>, crate::WorkOrder)) {
    in_the_city(|city| {
        let phone = Phone::of(&city, city.working("C1"), "sara");
        let order = city.order();
        let order = city.assign(order.id, phone.crew.id).unwrap();
        story(&city, phone, order);
    });
}

#[track_caller]
fn all_are(taken: &[Taken], outcome: Outcome) {
    for one in taken {
        assert_eq!(one.outcome, outcome, "{one:?}");
    }
}

#[test]
fn an_offline_day_arrives_with_the_times_at_which_things_were_done() {
    with_one_stop(|city, phone, order| {
        let items = phone.whole_stop(&order.code, 20);
        all_are(&phone.send(300, &items), Outcome::Accepted);
        let done = city.show(order.id);
        assert_eq!(done.status, OrderStatus::Done, "{}", city.engine);
        assert_eq!(
            (done.on_the_way_at, done.on_site_at, done.ended_at),
            (Some(at(20)), Some(at(30)), Some(at(60)))
        );
        let kept = phone.kept(order.id);
        assert_eq!(kept.len(), items.len());
        assert!(kept.iter().all(|one| one.received_at == at(300) && one.doubt.is_empty()));
        let crew = city.show_crew(phone.crew.id);
        assert_eq!((crew.status, crew.order), (CrewStatus::OnDuty, None));
    });
}

#[test]
fn a_sync_that_is_played_again_three_times_in_any_order_changes_nothing() {
    with_one_stop(|city, phone, order| {
        let items = phone.whole_stop(&order.code, 20);
        all_are(&phone.send(100, &items), Outcome::Accepted);
        let (before, kept) = (city.show(order.id), phone.kept(order.id));
        let j = city.jurisdiction;
        let facts = |city: &City| city.db.read_blocking(move |tx| storage::journal::head(tx, j)).unwrap().0;
        let head = facts(city);
        let clock = phone.greet(120);
        let mut turned = items.clone();
        turned.reverse();
        let mut mixed = items.clone();
        mixed.rotate_left(4);
        mixed.swap(0, 6);
        for (n, list) in [items.clone(), turned, mixed].iter().enumerate() {
            for item in list {
                let again = phone.send_one(121 + n as i64, clock, item);
                assert_eq!((again.outcome, again.first), (Outcome::AlreadyHad, Some(Outcome::Accepted)));
            }
        }
        assert_eq!(city.show(order.id), before, "{}", city.engine);
        assert_eq!(phone.kept(order.id), kept);
        assert_eq!(facts(city), head, "nothing new is said");
    });
}

#[test]
fn items_that_arrive_in_another_order_end_the_same() {
    with_one_stop(|city, phone, order| {
        let items = phone.whole_stop(&order.code, 20);
        let clock = phone.greet(100);
        let (last, rest) = items.split_last().unwrap();
        // Evidence first, then "done" without "arrived", then the steps that were on the way longest.
        for item in rest.iter().skip(2).chain([last]) {
            let taken = phone.send_one(100, clock, item);
            assert_eq!(taken.outcome, Outcome::Accepted, "{taken:?}");
        }
        assert_eq!(city.show(order.id).status, OrderStatus::Done);
        for item in rest.iter().take(2) {
            let late = phone.send_one(101, clock, item);
            assert_eq!((late.outcome, late.code.as_str()), (Outcome::Accepted, "passed"), "{late:?}");
        }
        assert_eq!(city.show(order.id).status, OrderStatus::Done);
    });
}

#[test]
fn a_telephone_that_is_wrong_by_a_day_spoils_no_time() {
    for wrong_by in [DAY, -DAY] {
        with_one_stop(|city, mut phone, order| {
            phone.wrong_by = wrong_by;
            all_are(&phone.send(300, &phone.whole_stop(&order.code, 20)), Outcome::Accepted);
            let done = city.show(order.id);
            assert_eq!((done.on_site_at, done.ended_at), (Some(at(30)), Some(at(60))), "{}", city.engine);
            let kept = phone.kept(order.id);
            assert!(kept.iter().all(|one| one.device_at != one.happened_at && one.doubt.is_empty()));
            // The clock is put right at noon with items in the queue: their times cannot be known any more.
            phone.wrong_by = 0;
            let note = phone.item(301, Some(&order.code), What::Note { words: "بعد".into() });
            all_are(&phone.send(310, &[note]), Outcome::Accepted);
            let last = phone.kept(order.id).pop().unwrap();
            assert_eq!((last.doubt.as_str(), last.happened_at), (Doubt::ClockSet.code(), at(310)));
        });
    }
}

#[test]
fn what_was_done_before_it_was_given_is_dated_by_us() {
    with_one_stop(|city, phone, order| {
        let early = phone.item(-200, Some(&order.code), What::OnSite);
        all_are(&phone.send(15, &[early]), Outcome::Accepted);
        assert_eq!(city.show(order.id).on_site_at, Some(at(15)));
        assert_eq!(phone.kept(order.id)[0].doubt, Doubt::BeforeOrder.code());
    });
}

#[test]
fn an_order_that_was_cancelled_while_it_was_done_is_kept_as_a_conflict() {
    with_one_stop(|city, phone, order| {
        let items = phone.whole_stop(&order.code, 20);
        let act = city.dispatcher(25);
        let (id, code) = (order.id, "not-needed");
        city.write(move |tx, j| orders::cancel(tx, &act, j, id, code, None)).unwrap();
        let taken = phone.send(100, &items);
        for (item, taken) in items.iter().zip(&taken) {
            let is_step = matches!(item.what, What::OnTheWay | What::OnSite | What::Done { .. });
            let expected = if is_step { Outcome::Conflict } else { Outcome::Accepted };
            assert_eq!(taken.outcome, expected, "{taken:?}");
            assert_eq!(taken.code == "order-cancelled", is_step);
        }
        assert_eq!(city.show(order.id).status, OrderStatus::Cancelled);
        // The photos are there for whoever decides whether the contractor is paid.
        let j = city.jurisdiction;
        let brought = city.db.read_blocking(move |tx| evidence::of_order(tx, j, id)).unwrap();
        assert_eq!(brought.iter().filter(|e| e.photo.is_some()).count(), 2);
        let act = city.dispatcher(110);
        let open = {
            let act = act.clone();
            city.db.read_blocking(move |tx| read::conflicts(tx, &act, j, 100)).unwrap()
        };
        assert_eq!(open.len(), 3, "{}", city.engine);
        assert!(open[2].kept.content["words"].as_str().unwrap().contains("آب روان شد"), "nothing is lost");
        let unit = city.unit("d6-urban-services");
        let stranger = city.staff(Role::Operator, Some(unit), 110);
        let seen = city.db.read_blocking(move |tx| read::conflicts(tx, &stranger, j, 100)).unwrap();
        assert!(seen.is_empty());
        for conflict in open {
            let act = act.clone();
            city.write(move |tx, j| read::settle(tx, &act, j, conflict.kept.id)).unwrap();
        }
        let left = city.db.read_blocking(move |tx| read::conflicts(tx, &act, j, 100)).unwrap();
        assert!(left.is_empty());
        assert_eq!(phone.kept(order.id).len(), items.len(), "settled is not deleted");
    });
}

#[test]
fn an_order_that_another_crew_has_by_now_is_a_conflict_and_the_other_crew_keeps_it() {
    with_one_stop(|city, phone, order| {
        let items = phone.whole_stop(&order.code, 20);
        let other = city.working("C2");
        city.assign(order.id, other.id).unwrap();
        let taken = phone.send(100, &items);
        all_are(&taken, Outcome::Conflict);
        assert!(taken.iter().all(|one| one.code == "order-taken"));
        let now = city.show(order.id);
        assert_eq!((now.crew, now.status), (Some(other.id), OrderStatus::Assigned));
        let again = phone.send(101, &items);
        assert!(again.iter().all(|one| one.first == Some(Outcome::Conflict) && one.code == "order-taken"));
    });
}

#[test]
fn a_crew_that_was_removed_on_the_way_loses_nothing_that_it_did() {
    with_one_stop(|city, phone, order| {
        let items = phone.whole_stop(&order.code, 20);
        all_are(&phone.send(21, &items[..1]), Outcome::Accepted);
        let (act, id) = (city.staff(Role::Supervisor, None, 25), phone.crew.id);
        let version = city.show_crew(id).version;
        city.write(move |tx, j| crews::withdraw(tx, &act, j, id, Seen(version))).unwrap();
        let taken = phone.send(100, &items[1..]);
        all_are(&taken, Outcome::Conflict);
        assert!(taken.iter().all(|one| one.code == "crew-left"), "{taken:?}");
        assert_eq!(phone.kept(order.id).len(), items.len(), "{}", city.engine);
        assert_eq!(city.show(order.id).status, OrderStatus::Open, "somebody else can have it");
    });
}

#[test]
fn photos_may_come_after_the_end_but_they_must_come() {
    with_one_stop(|city, phone, order| {
        let items = phone.whole_stop(&order.code, 20);
        let is_photo = |item: &&Item| matches!(item.what, What::Photo { .. });
        let photos: Vec<Item> = items.iter().filter(is_photo).cloned().collect();
        let mut plain: Vec<Item> = items.iter().filter(|item| !is_photo(item)).cloned().collect();
        let end = plain.pop().unwrap();
        all_are(&phone.send(100, &plain), Outcome::Accepted);
        let refused = phone.send(100, std::slice::from_ref(&end)).pop().unwrap();
        assert_eq!((refused.outcome, refused.code.as_str()), (Outcome::Refused, "order-photo-missing"));
        assert_eq!(city.show(order.id).status, OrderStatus::OnSite, "a refused end leaves no half of it");
        let end = phone.item(60, Some(&order.code), What::Done { words: "آب روان شد".into(), photos: 2 });
        all_are(&phone.send(101, &[end]), Outcome::Accepted);
        let owing = city.show(order.id);
        assert_eq!((owing.status, owing.reason.as_str()), (OrderStatus::Done, "photos-owed"));
        let j = city.jurisdiction;
        let crew = phone.crew.id;
        let ended = city.db.read_blocking(move |tx| read::ended(tx, j, crew, at(0))).unwrap();
        assert!(ended[0].owes_photos);
        let bare = phone.item(40, Some(&order.code), What::Photo { stage: Stage::After, file: None });
        assert_eq!(phone.send(102, &[bare])[0].code, "photo-missing");
        all_are(&phone.send(103, &photos), Outcome::Accepted);
        assert_eq!(city.show(order.id).reason, "", "{}", city.engine);
    });
}

#[test]
fn what_could_not_be_done_says_why() {
    with_one_stop(|city, phone, order| {
        let j = city.jurisdiction;
        let kinds = city.db.read_blocking(move |tx| crate::job_types::kinds(tx, j)).unwrap();
        let reason = kinds.reasons[0].code.clone();
        let not = |minutes, reason: &str| {
            let what = What::NotDone { reason: reason.into(), words: "در بسته بود".into() };
            phone.item(minutes, Some(&order.code), what)
        };
        let wrong = phone.send(30, &[not(20, "no-such-reason")]).pop().unwrap();
        assert_eq!((wrong.outcome, wrong.code.as_str()), (Outcome::Refused, "reason-unknown"));
        all_are(&phone.send(31, &[not(21, &reason)]), Outcome::Accepted);
        let now = city.show(order.id);
        assert_eq!((now.status, now.reason, now.ended_at), (OrderStatus::NotDone, reason, Some(at(21))));
        let end = phone.item(40, Some(&order.code), What::Done { words: String::new(), photos: 0 });
        let late = phone.send(41, &[end]).pop().unwrap();
        assert_eq!((late.outcome, late.code.as_str()), (Outcome::Conflict, "order-over"));
    });
}

#[test]
fn a_shift_is_begun_and_ended_from_the_telephone() {
    in_the_city(|city| {
        let phone = Phone::of(&city, city.crew("C1"), "sara");
        let (act, id) = (city.dispatcher(0), phone.crew.id);
        let wish =
            shifts::Wish { crew: id, starts_at: at(30), ends_at: at(500), overtime_until: None, rest: None };
        city.write(move |tx, j| shifts::plan(tx, &act, j, &wish)).unwrap();
        let day = [
            phone.item(5, None, What::ShiftBegin { consent: true }),
            phone.item(60, None, What::Status { status: CrewStatus::OnBreak }),
            phone.item(90, None, What::Status { status: CrewStatus::OnDuty }),
            phone.item(200, None, What::Consent { given: false }),
            phone.item(480, None, What::ShiftEnd { words: "ماشین بنزین ندارد".into() }),
        ];
        all_are(&phone.send(600, &day), Outcome::Accepted);
        let j = city.jurisdiction;
        let shift = city.db.read_blocking(move |tx| shifts::of_crew(tx, j, id, at(0))).unwrap().remove(0);
        assert_eq!((shift.begun_at, shift.ended_at, shift.consent_at), (Some(at(5)), Some(at(480)), None));
        assert_eq!(shift.handover, "ماشین بنزین ندارد");
        assert_eq!(city.show_crew(id).status, CrewStatus::OffDuty);
        let again = phone.item(610, None, What::ShiftEnd { words: String::new() });
        assert_eq!(phone.send(611, &[again])[0].code, "shift-none");
    });
}

#[test]
fn nobody_speaks_for_a_crew_that_they_are_not_in() {
    with_one_stop(|city, phone, order| {
        let stranger = Phone::of(city, city.working("C2"), "omid");
        let step = stranger.item(20, Some(&order.code), What::OnTheWay);
        assert_eq!(stranger.send(20, std::slice::from_ref(&step))[0].outcome, Outcome::Conflict);
        // The same name from another person is another item.
        let own = Item { id: step.id.clone(), ..phone.item(20, Some(&order.code), What::OnTheWay) };
        all_are(&phone.send(21, &[own]), Outcome::Accepted);
        for role in [Role::Operator, Role::Dispatcher, Role::Inspector] {
            let (act, step) = (city.staff(role, None, 22), step.clone());
            let clock = Clock { ahead: 0, is_steady: true };
            let taken = city.write(move |tx, j| super::take(tx, &act, j, "phone-0001", clock, &step));
            assert!(matches!(taken, Err(Unfit::Denied(_))), "{role:?}");
        }
        let unknown = phone.item(22, Some("1400-99999"), What::OnTheWay);
        let told = phone.send(23, &[unknown]).pop().unwrap();
        assert_eq!((told.outcome, told.code.as_str()), (Outcome::Refused, "order-unknown"));
    });
}

#[test]
fn the_same_item_from_two_lines_at_once_is_taken_once() {
    with_one_stop(|city, phone, order| {
        let clock = phone.greet(20);
        let item = phone.item(20, Some(&order.code), What::Material { code: "lime".into(), amount: 1.0 });
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let (db, act, item, j) = (city.db.clone(), phone.act(21), item.clone(), city.jurisdiction);
                std::thread::spawn(move || {
                    loop {
                        let (act, item) = (act.clone(), item.clone());
                        match db
                            .write_blocking(move |tx| super::take(tx, &act, j, "phone-0001", clock, &item))
                        {
                            Err(Unfit::Again) => {}
                            other => return other.unwrap().outcome,
                        }
                    }
                })
            })
            .collect();
        let outcomes: Vec<Outcome> = threads.into_iter().map(|t| t.join().unwrap()).collect();
        assert_eq!(outcomes.iter().filter(|o| **o == Outcome::Accepted).count(), 1, "{}", city.engine);
        let (j, id) = (city.jurisdiction, order.id);
        let brought = city.db.read_blocking(move |tx| evidence::of_order(tx, j, id)).unwrap();
        assert_eq!(brought.iter().filter(|e| e.kind == EvidenceKind::Material).count(), 1);
    });
}

#[test]
fn a_greeting_that_is_played_again_teaches_nothing() {
    in_the_city(|city| {
        let phone = Phone::of(&city, city.crew("C1"), "sara");
        let greet = |now: i64, sent_at: Timestamp| {
            let act = phone.act(now);
            city.write(move |tx, j| super::greet(tx, &act, j, "phone-0001", sent_at)).unwrap()
        };
        assert_eq!(greet(10, at(10)), Clock { ahead: 0, is_steady: true });
        assert_eq!(greet(50, at(10)), Clock { ahead: 0, is_steady: true });
        assert_eq!(greet(60, at(60)), Clock { ahead: 0, is_steady: true });
        assert!(!greet(70, at(130)).is_steady);
    });
}

#[test]
fn the_exchange_hears_whom_a_crew_wants_to_speak_to_and_only_while_it_has_the_order() {
    in_the_city(|city| {
        let crew = city.working("C1");
        let request = city.report("blocked-drain", requests::Priority::Normal);
        let draft = orders::Draft {
            request: Some(request.id),
            ..orders::Draft::at("drain", crate::tests::point(crate::tests::SIX))
        };
        let order = city.make(draft).unwrap();
        let pressed = order.code.replace('-', "");
        let ask = |by: Actor, pressed: &str| {
            let (act, pressed) = (city.act(by, 5), pressed.to_owned());
            city.write(move |tx, j| super::citizen_of(tx, &act, j, &pressed))
        };
        let exchange = || Actor::System("telephone");
        assert_eq!(ask(exchange(), &pressed).unwrap(), None, "no crew has it");
        city.assign(order.id, crew.id).unwrap();
        assert_eq!(ask(exchange(), &pressed).unwrap().as_deref(), Some("+989121234567"), "{}", city.engine);
        for wrong in ["", "1", "1405", "999999999", "drop table", "یک"] {
            assert_eq!(ask(exchange(), wrong).unwrap(), None, "{wrong}");
        }
        let other = city.order();
        city.assign(other.id, crew.id).unwrap();
        assert_eq!(ask(exchange(), &other.code).unwrap(), None, "nobody asked for it");
        let (_, sara) = city.person("sara", city.unit("d6-urban-services"));
        assert!(ask(sara, &pressed).is_err(), "a crew itself is not told");
        let act = city.dispatcher(6);
        let id = order.id;
        city.write(move |tx, j| orders::cancel(tx, &act, j, id, "not-needed", None)).unwrap();
        assert_eq!(ask(exchange(), &pressed).unwrap(), None, "it is over");
    });
}
