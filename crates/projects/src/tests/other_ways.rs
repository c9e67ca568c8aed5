//! By text message, on paper, and from a tablet that was without a net.

use people::Role;

use super::{City, DAY, NOW, in_the_city, refused};
use crate::Phase;
use crate::ballots::Channel;
use crate::channels::dialogue::{self, Say, Step};
use crate::channels::paper::{self, SheetState, Typed};
use crate::channels::tablet::{self, Item, ItemState};

#[test]
fn somebody_votes_by_text_message() {
    in_the_city(|city| {
        let round = city.round(Phase::Voting, |_| {});
        city.projects(round);
        let (id, seal) = (city.id, city.seal.clone());
        let mobile = "+989121234567";
        let says = |text: &'static str, minutes: i64| {
            let (act, seal) = (city.house(NOW.plus_minutes(minutes)), seal.clone());
            city.write(move |tx| dialogue::step(tx, &act, &seal, id, mobile, Channel::Sms, text)).unwrap()
        };
        let for_us = |text: &'static str, minutes: i64| {
            let (act, seal) = (city.house(NOW.plus_minutes(minutes)), seal.clone());
            city.db.write_blocking(move |tx| dialogue::is_for_us(tx, &seal, id, mobile, text, &act)).unwrap()
        };
        assert!(!for_us("12 40", 0) && for_us("رأی", 0), "{}", city.engine);
        assert_eq!(says("رأي", 0), Say::AskHome, "{}", city.engine);
        assert!(for_us("12 40", 1), "{}: now an answer is expected", city.engine);
        assert!(matches!(says("جای دیگر", 1), Say::Refused { code: "home-unknown", step: Step::Home }));
        assert!(matches!(says("۱", 1), Say::AskChoices { .. }), "{}", city.engine);
        assert!(matches!(says("4", 2), Say::Refused { code: "choice-foreign", .. }), "{}", city.engine);
        assert!(matches!(says("درخت", 2), Say::Refused { code: "choice-unknown", .. }), "{}", city.engine);
        assert!(matches!(says("۱، ۲ ۵", 2), Say::AskConfirm { count: 3, .. }), "{}", city.engine);
        assert!(matches!(says("2", 3), Say::AskChoices { .. }), "{}: changed", city.engine);
        says("1 5", 3);
        let Say::Done { receipt, is_change: false } = says("1", 4) else { panic!("{}", city.engine) };
        assert_eq!(receipt.len(), 20);
        assert!(!for_us("12 40", 5), "{}: it is over", city.engine);
        assert_eq!((city.count("ballots"), city.count("ballot_dialogues")), (1, 0), "{}", city.engine);
        // Left alone for a quarter of an hour it begins anew; "cancel" leaves nothing.
        says("رأی", 10);
        assert!(!for_us("1", 26), "{}", city.engine);
        says("رأی", 30);
        assert_eq!(says("لغو", 31), Say::Cancelled);
        assert_eq!(city.count("ballot_dialogues"), 0, "{}", city.engine);
        assert_eq!(says("رأی", 60 * 24 * 30), Say::NoVote, "{}: the vote is over", city.engine);
    });
}

#[test]
fn a_batch_of_paper_is_typed_by_two_and_settled_by_a_third() {
    in_the_city(|city| {
        let round = city.round(Phase::Voting, |_| {});
        city.projects(round);
        let (id, seal) = (city.id, city.seal.clone());
        let act = city.member(1, Some(Role::Interviewer), NOW);
        let batch = city.write(move |tx| paper::begin(tx, &act, id, round, "سرای محله", 5)).unwrap();
        let typed = |person: &str, choices: &str| Typed {
            person: person.into(),
            birth: String::new(),
            home: "۱".into(),
            choices: choices.into(),
        };
        type Verb = fn(
            &mut storage::Tx<'_>,
            &people::Act,
            &people::Seal,
            i64,
            i64,
            i64,
            &Typed,
        ) -> Result<SheetState, crate::ProjectError>;
        let does = |verb: Verb, who: i64, sheet: i64, typed: Typed, days: i64| {
            let at = NOW.plus_millis(days * DAY);
            let (act, seal) = (city.member(who, Some(Role::Interviewer), at), seal.clone());
            city.write(move |tx| verb(tx, &act, &seal, id, batch, sheet, &typed))
        };
        let enter = |who, sheet, typed| does(paper::enter, who, sheet, typed, 0);
        assert_eq!(enter(1, 1, typed("09121110001", "1 5")).unwrap(), SheetState::First);
        assert_eq!(refused(enter(1, 1, typed("09121110001", "1 5"))), "sheet-same-person", "{}", city.engine);
        // The same in other digits, order and spelling is the same.
        assert_eq!(
            enter(2, 1, typed("+98 912 111 0001", "۵، ۱")).unwrap(),
            SheetState::Cast,
            "{}",
            city.engine
        );
        assert_eq!(refused(enter(3, 1, typed("09121110001", "1 5"))), "sheet-done");

        enter(1, 2, typed("09121110002", "1")).unwrap();
        assert_eq!(enter(2, 2, typed("09121110002", "2")).unwrap(), SheetState::Mismatch, "{}", city.engine);
        let see = |who: i64| {
            let (act, seal) = (city.member(who, Some(Role::Interviewer), NOW), seal.clone());
            city.write(move |tx| paper::both(tx, &act, &seal, id, batch, 2)).unwrap()
        };
        assert!(see(1).is_none() && see(2).is_none(), "{}: only a third person sees both", city.engine);
        assert_eq!(see(3).map(|(a, b)| (a.choices, b.choices)), Some(("1=1".into(), "2=1".into())));
        let settle = |who, typed| does(paper::settle, who, 2, typed, 0);
        assert_eq!(refused(settle(2, typed("09121110002", "2"))), "sheet-same-person");
        assert_eq!(settle(3, typed("09121110002", "2")).unwrap(), SheetState::Cast, "{}", city.engine);

        // Somebody who voted on the page already, and a sheet that the rules refuse: kept with the reason, not cast.
        city.votes(round, 1110003, &[1], NOW).unwrap();
        for (sheet, person, choices, code) in
            [(3, "09121110003", "2", "voted-already"), (4, "09121110004", "4", "choice-foreign")]
        {
            enter(1, sheet, typed(person, choices)).unwrap();
            assert_eq!(
                enter(2, sheet, typed(person, choices)).unwrap(),
                SheetState::Refused,
                "{}",
                city.engine
            );
            let all = city.write(move |tx| Ok(paper::sheets(tx, id, batch)?)).unwrap();
            assert_eq!(
                all.iter().find(|s| s.sheet == sheet).map(|s| s.refused.clone()),
                Some(code.to_owned())
            );
        }
        assert_eq!(refused(enter(1, 6, typed("09121110005", "1"))), "sheet-wrong");
        assert_eq!(refused(enter(1, 5, typed("0912", "1"))), "identity-mobile");
        let late = does(paper::enter, 1, 5, typed("09121110005", "1"), 20);
        assert_eq!(refused(late), "voting-closed", "{}: a late sheet", city.engine);
        assert_eq!(city.count("ballots"), 3, "{}", city.engine);
        // What was typed is gone from every sheet that is done.
        let left = city.db.read_blocking(|tx| {
            tx.value::<i64>(
                storage::sql!("SELECT COUNT(*) FROM paper_sheets WHERE first_sealed <> '' OR second_sealed <> '' OR first_digest <> ''"),
                &[],
            )
        });
        assert_eq!(left.unwrap(), Some(0), "{}", city.engine);
    });
}

#[test]
fn a_tablet_that_sends_twice_and_late_casts_once() {
    in_the_city(|city: &City| {
        let round = city.round(Phase::Voting, |_| {});
        city.projects(round);
        let (id, seal) = (city.id, city.seal.clone());
        let item = |n: i64, person: &str| Item {
            item: format!("tablet-item-{n:06}"),
            person: person.into(),
            birth: String::new(),
            home: 1,
            choices: vec![(1, 1), (5, 1)],
        };
        let sends = |item: Item, days: i64| {
            let at = NOW.plus_millis(days * DAY);
            let (act, seal) = (city.member(5, Some(Role::Interviewer), at), seal.clone());
            city.write(move |tx| tablet::take(tx, &act, &seal, id, round, &item))
        };
        for _ in 0..3 {
            assert_eq!(sends(item(1, "09121110001"), 0).unwrap().state, ItemState::Cast, "{}", city.engine);
        }
        city.votes(round, 1110002, &[2], NOW).unwrap();
        for (n, person, days, code) in [
            (2, "09121110002", 0, "voted-already"),
            (3, "09121110003", 20, "voting-closed"),
            (4, "0912", 0, "identity-mobile"),
        ] {
            for _ in 0..2 {
                let said = sends(item(n, person), days).unwrap();
                assert_eq!(
                    (said.state, said.refused.as_str()),
                    (ItemState::Quarantined, code),
                    "{}",
                    city.engine
                );
            }
        }
        assert_eq!(refused(sends(Item { item: "x".into(), ..item(5, "09121110005") }, 0)), "sheet-wrong");
        assert_eq!(city.count("ballots"), 2, "{}: one at the door, one on the page", city.engine);
        let held = city.write(move |tx| Ok(tablet::quarantine(tx, id, round)?)).unwrap();
        assert_eq!(held.iter().map(|(_, count)| count).sum::<i64>(), 3, "{}", city.engine);
    });
}
