//! What goes wrong, who may not, and what is not paid twice.

use calendar::Timestamp;
use people::{Actor, Role};

use super::super::{self as contracts, Hand, LineState, NewLine, OfferState, RowKind, State, Terms};
use super::month::{DAY, Site, code, first_of_month, terms};
use crate::tests::{SATURDAY, SIX, in_the_city, point};
use crate::{OrderStatus, Origin, Seen, Urgency, orders};

#[test]
fn a_contract_refuses_orders_before_and_after_its_time_and_when_it_rests() {
    in_the_city(|city| {
        let site = Site::new(city, Terms { districts: vec![], ceiling: 1, ..terms() });
        let order = site.order(Urgency::Day, point(SIX), 0);
        assert_eq!(code(site.give(&order, -23 * DAY)), "contract-not-begun");
        assert_eq!(code(site.give(&order, 110 * DAY)), "contract-expired");
        let set = |state, minutes| {
            let (act, id) = (site.supervisor(minutes), site.contract.id);
            site.city.write(move |tx, j| {
                let seen = contracts::by_id(tx, j, id)?.unwrap().version;
                contracts::set_state(tx, &act, j, id, seen, state)
            })
        };
        set(State::Suspended, 1).unwrap();
        assert_eq!(code(site.give(&order, 2)), "contract-suspended");
        set(State::InForce, 3).unwrap();
        assert_eq!(code(set(State::Draft, 3)), "contract-move");
        let offer = site.give(&order, 4).unwrap();
        assert_eq!(offer.state, OfferState::Offered);
        // Two dispatchers at once: the second comes too late.
        assert_eq!(code(site.give(&order, 4)), "order-taken");
        set(State::Ended, 5).unwrap();
        let (act, id) = (site.supervisor(6), site.contract.id);
        let draft = contracts::Draft::default();
        assert_eq!(
            code(site.city.write(move |tx, j| contracts::change(tx, &act, j, id, 9, &draft))),
            "contract-in-force"
        );
    });
}

#[test]
fn an_offer_is_refused_runs_out_or_is_taken_back() {
    in_the_city(|city| {
        let site = Site::new(city, terms());
        let engine = site.city.engine;
        let order = site.order(Urgency::Immediate, point(SIX), 0);
        let offer = site.give(&order, 0).unwrap();
        let (act, id) = (site.speaker(5), offer.id);
        let silent = act.clone();
        assert_eq!(
            code(site.city.write(move |tx, j| contracts::refuse(tx, &silent, j, id, " ", Hand::Account))),
            "reason-missing"
        );
        site.city
            .write(move |tx, j| contracts::refuse(tx, &act, j, id, "جرثقیل نداریم", Hand::Account))
            .unwrap();
        let free = site.city.show(order.id);
        assert_eq!((free.contractor, free.status), (None, OrderStatus::Open), "{engine}");
        // Half an hour for an answer; a minute later it is too late, and the chore gives the order back.
        let offer = site.give(&free, 10).unwrap().id;
        let late = site.speaker(41);
        assert_eq!(
            code(site.city.write(move |tx, j| contracts::accept(
                tx,
                &late,
                j,
                offer,
                late.at,
                Hand::Account
            ))),
            "offer-late"
        );
        let worker = site.city.act(Actor::System("worker"), 41);
        let done = site.city.write(move |tx, j| (contracts::CHORE.run)(tx, &worker, j, 10)).unwrap();
        assert_eq!(done, 1, "{engine}");
        let free = site.city.show(order.id);
        assert_eq!(free.contractor, None);
        // Accepted, promised for twenty minutes, nobody came, taken back after an hour: a no-show.
        let offer = site.give(&free, 50).unwrap().id;
        let (accept, back) = (site.speaker(51), site.city.dispatcher(111));
        site.city
            .write(move |tx, j| -> contracts::Done<()> {
                contracts::accept(tx, &accept, j, offer, accept.at.plus_minutes(20), Hand::Account)?;
                contracts::take_back(tx, &back, j, offer, "کسی نیامد")
            })
            .unwrap();
        let id = site.present(9 * DAY, first_of_month()).unwrap();
        let rows = site.statement(id).1;
        assert_eq!(
            rows.iter().map(|r| (r.kind, r.amount)).collect::<Vec<_>>(),
            [(RowKind::NoShow, 900_000)],
            "{engine}"
        );
        let account = site.statement(id).0.account;
        // A month without work has nothing that a fine could be taken from.
        assert_eq!((account.penalties_full, account.penalties, account.payable), (900_000, 0, 0));
        let (j, contract) = (site.city.jurisdiction, site.contract.clone());
        let card = site
            .city
            .db
            .read_blocking(move |tx| contracts::score(tx, j, &contract, Timestamp(0), Timestamp(i64::MAX)))
            .unwrap();
        assert_eq!((card.accepted.count, card.accepted.of), (1, 3), "{engine}");
    });
}

#[test]
fn what_is_done_again_under_warranty_is_not_paid() {
    in_the_city(|city| {
        let site = Site::new(city, terms());
        let engine = site.city.engine;
        let offer = site.work(Urgency::Day, point(SIX), 0, 5, 10, &[("0101", 1_000, Some("aa"))]);
        let first = site.lines(offer).remove(0);
        // The citizen objected and was right: the same contractor goes again.
        let (act, id) = (site.city.act(Actor::System("dispatch"), DAY), crate::OrderId(first.order));
        let again = site
            .city
            .write(move |tx, j| orders::visit_again(tx, &act, j, id, Origin::Objection, "", true))
            .unwrap();
        assert_eq!(
            (again.contractor, again.visit, again.is_paid),
            (Some(site.contractor), 2, false),
            "{engine}"
        );
        // Nobody has to remember to offer it.
        let worker = site.city.act(Actor::System("worker"), DAY + 1);
        site.city.write(move |tx, j| (contracts::CHORE.run)(tx, &worker, j, 10)).unwrap();
        let code_of = again.code.clone();
        let (offer, work) =
            site.city.write(move |tx, j| contracts::offer_by_code(tx, j, &code_of)).unwrap().unwrap();
        assert_eq!((offer.state, work.is_paid), (OfferState::Offered, false), "{engine}");
        let (a, b) = (site.speaker(DAY + 2), site.speaker(DAY + 60));
        let (id, day) = (offer.id, first.measured_on + 1);
        site.city
            .write(move |tx, j| -> contracts::Done<()> {
                contracts::accept(tx, &a, j, id, a.at.plus_minutes(10), Hand::Account)?;
                contracts::arrive(tx, &a, j, id, Hand::Account)?;
                contracts::finish(tx, &b, j, id, Hand::Account)?;
                let line = NewLine {
                    item: "0101".into(),
                    quantity: Some(1_000),
                    measured_on: Some(day),
                    photo: Some(("bb".into(), "bb".into())),
                    ..NewLine::default()
                };
                contracts::add_line(tx, &b, j, id, &line, Hand::Account)?;
                contracts::sign(tx, &b, j, id, "رضا", Hand::Account)
            })
            .unwrap();
        let statement = site.present(9 * DAY, first_of_month()).unwrap();
        let rows = site.statement(statement).1;
        let found: Vec<_> = rows.iter().map(|r| (r.amount, r.words.as_str())).collect();
        assert_eq!(found, [(2_450_000, ""), (0, "rework")], "{engine}");
        let (j, contract) = (site.city.jurisdiction, site.contract.clone());
        let card = site
            .city
            .db
            .read_blocking(move |tx| contracts::score(tx, j, &contract, Timestamp(0), Timestamp(i64::MAX)))
            .unwrap();
        assert_eq!((card.rework.count, card.rework.of), (1, 2), "{engine}");
        assert_eq!((card.objections.count, card.right_first_time.of), (1, 2), "{engine}");
    });
}

#[test]
fn what_looks_odd_is_looked_at() {
    in_the_city(|city| {
        let site = Site::new(city, terms());
        let near = |metres: f64| point((SIX.0 + metres / 111_320.0, SIX.1));
        site.work(Urgency::Day, near(0.0), 0, 5, 10, &[("0101", 1_000, Some("aa"))]);
        let flags = |offer: i64| site.lines(offer)[0].flags.clone();
        // The same photo elsewhere, the same place again, and more than the list calls usual.
        let photo = site.work(Urgency::Day, near(400.0), 60, 5, 10, &[("0102", 1_000, Some("aa"))]);
        assert_eq!(flags(photo), ["same-photo"], "{}", site.city.engine);
        let place = site.work(Urgency::Day, near(10.0), 120, 5, 10, &[("0101", 1_000, Some("bb"))]);
        assert_eq!(flags(place), ["same-place"]);
        let much = site.work(Urgency::Day, near(800.0), 180, 5, 10, &[("0101", 12_001, Some("cc"))]);
        assert_eq!(flags(much), ["outlier"]);
        assert!([photo, place, much].iter().all(|o| site.lines(*o)[0].state == LineState::Submitted));
        let plain = site.work(Urgency::Day, near(1_200.0), 240, 5, 10, &[("0101", 12_000, Some("dd"))]);
        assert_eq!(site.lines(plain)[0].state, LineState::Certified);
    });
}

#[test]
fn nobody_reaches_what_is_another_contractors() {
    in_the_city(|city| {
        let site = Site::new(city, terms());
        let engine = site.city.engine;
        let order = site.order(Urgency::Day, point(SIX), 0);
        let offer = site.give(&order, 0).unwrap().id;
        let stranger = site.city.staff(Role::Contractor, Some(site.other), 1);
        let s = stranger.clone();
        assert_eq!(
            code(site.city.write(move |tx, j| contracts::accept(tx, &s, j, offer, s.at, Hand::Account))),
            "not-found"
        );
        let s = stranger.clone();
        assert_eq!(
            code(site.city.write(move |tx, j| contracts::make_link(tx, &s, j, offer, 1))),
            "not-found"
        );
        // A contractor neither judges nor closes nor gives itself work.
        let own = site.speaker(2);
        let (o, contract) = (own.clone(), site.contract.id);
        let another = site.order(Urgency::Day, point(SIX), 0);
        assert_eq!(
            code(site.city.write(move |tx, j| contracts::give(
                tx,
                &o,
                j,
                another.id,
                contract,
                Seen(another.version)
            ))),
            "denied"
        );
        let o = own.clone();
        assert_eq!(code(site.city.write(move |tx, j| contracts::present(tx, &o, j, contract, 0))), "denied");
        let done = site.work(Urgency::Immediate, point(SIX), 3, 5, 10, &[("0101", 1_000, Some("aa"))]);
        let line = site.lines(done).remove(0);
        let o = own.clone();
        let verdict = contracts::Verdict::Certify;
        assert_eq!(
            code(site.city.write(move |tx, j| contracts::check(tx, &o, j, line.id, line.version, &verdict))),
            "denied",
            "{engine}"
        );
        site.check(&site.lines(done)[0], 30, contracts::Verdict::Certify).unwrap();
        let statement = site.present(9 * DAY, first_of_month()).unwrap();
        let s = stranger.clone();
        assert_eq!(
            code(site.city.write(move |tx, j| contracts::dispute(tx, &s, j, statement, 1, "مال من است"))),
            "not-found"
        );
        assert_eq!(
            code(site.city.write(move |tx, j| contracts::agree(tx, &stranger, j, statement))),
            "not-found"
        );
    });
}

#[test]
fn a_link_opens_one_order_for_a_while_and_nothing_else() {
    in_the_city(|city| {
        let site = Site::new(city, terms());
        let engine = site.city.engine;
        let offer = |n: f64| {
            let order = site.order(Urgency::Day, point((SIX.0 + n / 1_000.0, SIX.1)), 0);
            site.give(&order, 0).unwrap().id
        };
        let (mine, other) = (offer(0.0), offer(1.0));
        let act = site.city.dispatcher(1);
        let key = site.city.write(move |tx, j| contracts::make_link(tx, &act, j, mine, 2)).unwrap();
        assert_eq!(key.len(), 26);
        let visitor = |minutes| site.city.act(Actor::System("contractor-link"), minutes);
        let (a, k) = (visitor(5), key.clone());
        site.city.write(move |tx, j| contracts::accept(tx, &a, j, mine, a.at, Hand::Link(&k))).unwrap();
        let (a, k) = (visitor(5), key.clone());
        assert_eq!(
            code(site.city.write(move |tx, j| contracts::accept(tx, &a, j, other, a.at, Hand::Link(&k)))),
            "not-found",
            "{engine}: another order is not behind it"
        );
        for wrong in ["", "0000000000000000000000000o", &key[..25], &"0".repeat(26)] {
            let (a, k) = (visitor(6), wrong.to_owned());
            assert_eq!(
                code(site.city.write(move |tx, j| contracts::arrive(tx, &a, j, mine, Hand::Link(&k)))),
                "not-found"
            );
        }
        // Nothing of it stands in the database.
        let j = site.city.jurisdiction;
        let kept: Option<String> = site
            .city
            .db
            .read_blocking(move |tx| {
                tx.value(
                    storage::sql!("SELECT key_hash FROM contract_links WHERE jurisdiction_id = $1"),
                    &storage::params![j],
                )
            })
            .unwrap();
        assert!(kept.is_some_and(|hash| hash.len() == 64 && !hash.contains(&key)));
        let (a, k) = (visitor(122), key.clone());
        assert_eq!(
            code(site.city.write(move |tx, j| contracts::arrive(tx, &a, j, mine, Hand::Link(&k)))),
            "not-found",
            "two hours are over"
        );
        // Revoked at once.
        let act = site.speaker(10);
        let key = site.city.write(move |tx, j| contracts::make_link(tx, &act, j, mine, 2)).unwrap();
        let act = site.speaker(11);
        site.city.write(move |tx, j| contracts::revoke_link(tx, &act, j, mine)).unwrap();
        let opened = {
            let now = Timestamp(SATURDAY.0 + 12 * 60_000);
            site.city.write(move |tx, j| contracts::open_link(tx, j, &key, now)).unwrap()
        };
        assert_eq!(opened, None, "{engine}");
    });
}
