//! Nothing is lost, nothing is doubled, and each person's messages keep their order.

use super::*;
use crate::outbox;

fn minutes(n: i64) -> Timestamp {
    SATURDAY.plus_minutes(n)
}

/// Three messages to one person and one to each of two others.
fn five(city: &City) {
    let submitted = city.submit(city.draft("چاله"), SATURDAY);
    let (act, jurisdiction) = (city.act(SATURDAY), city.jurisdiction);
    let reopen = requests::moves::Step::to(requests::Status::Reopened).saying("دوباره نشست کرد.");
    city.answer(submitted.id, "پر شد.", SATURDAY);
    city.db
        .write_blocking(move |tx| requests::moves::make(tx, &act, jurisdiction, submitted.id, &reopen))
        .unwrap();
    for mobile in ["+989121111111", "+989122222222"] {
        let contact = Contact { mobile: mobile.into(), ..Contact::default() };
        city.submit(Draft { contact, ..city.draft("چاله‌ای دیگر") }, SATURDAY);
    }
    city.follow();
}

fn to(provider: &Provider, mobile: &str) -> Vec<String> {
    let seen = provider.seen.lock().unwrap();
    seen.iter().filter(|message| message.to == mobile).map(|message| message.template.clone()).collect()
}

#[test]
fn an_hour_without_a_gateway_loses_nothing_and_keeps_the_order() {
    in_the_city(|city| {
        let (gateways, all) = providers(&["a"]);
        *all[0].down.lock().unwrap() = Some(Outcome::failed("503"));
        five(&city);
        for minute in 0..60 {
            city.send(&gateways, minutes(minute));
        }
        assert!(all[0].seen.lock().unwrap().is_empty());
        assert_eq!(city.states(), ["queued"; 5]);
        let asked = *all[0].asked.lock().unwrap();
        assert!(asked < 30, "a gateway that is down is left alone, but was asked {asked} times");
        *all[0].down.lock().unwrap() = None;
        for minute in 60..90 {
            city.send(&gateways, minutes(minute));
        }
        assert_eq!(city.states(), ["sent"; 5]);
        assert_eq!(to(&all[0], MOBILE), ["submitted", "answered", "reopened"]);
        assert_eq!(all[0].keys().len(), 5);
    });
}

#[test]
fn a_second_gateway_takes_over_and_gives_back() {
    in_the_city(|city| {
        let (gateways, all) = providers(&["a", "b"]);
        *all[0].down.lock().unwrap() = Some(Outcome::failed("503"));
        five(&city);
        for minute in 0..3 {
            city.send(&gateways, minutes(minute));
        }
        assert_eq!(city.states(), ["sent"; 5]);
        assert_eq!(all[1].keys().len(), 5);
        assert_eq!(to(&all[1], MOBILE), ["submitted", "answered", "reopened"]);
        // The first is well again: after its rest one message tries it, and then all go there.
        *all[0].down.lock().unwrap() = None;
        for n in 0..12 {
            let contact = Contact { mobile: format!("+9891233333{n:02}"), ..Contact::default() };
            city.submit(Draft { contact, ..city.draft(&format!("چالهٔ {n}")) }, minutes(90 + n));
            city.follow();
            city.send(&gateways, minutes(90 + n));
        }
        assert!(all[0].keys().len() >= 11, "{}", all[0].keys().len());
    });
}

#[test]
fn a_sender_that_dies_between_sending_and_marking_doubles_nothing() {
    in_the_city(|city| {
        let (gateways, all) = providers(&["a", "b"]);
        five(&city);
        // It claims and hands over, and is gone before it marks.
        let (ways, jurisdiction) = (gateways.clone(), city.jurisdiction);
        let leased =
            city.db.write_blocking(move |tx| outbox::claim(tx, jurisdiction, &ways, SATURDAY, 10)).unwrap();
        assert_eq!(leased.len(), 3, "one for each person");
        for message in &leased {
            gateways.by_name(&message.gateway).unwrap().gateway.send(&message.message);
        }
        // Under its lease nobody touches them.
        assert_eq!(city.send(&gateways, minutes(1)), 0);
        for minute in 3..9 {
            city.send(&gateways, minutes(minute));
        }
        assert_eq!(city.states(), ["sent"; 5]);
        assert_eq!(all[0].seen.lock().unwrap().len() + all[1].seen.lock().unwrap().len(), 5);
        assert_eq!(to(&all[0], MOBILE), ["submitted", "answered", "reopened"]);
        // The dead one wakes up and marks what is not its own any more: nothing changes.
        let (ways, stale) = (gateways.clone(), leased[0].clone());
        let outcome = Outcome::failed("late");
        city.db
            .write_blocking(move |tx| outbox::mark(tx, jurisdiction, &ways, &stale, &outcome, minutes(20), 1))
            .unwrap();
        assert_eq!(city.states(), ["sent"; 5]);
    });
}

#[test]
fn a_lost_answer_is_asked_again_at_the_same_gateway_with_the_same_key() {
    in_the_city(|city| {
        let (gateways, all) = providers(&["a", "b"]);
        *all[0].script.lock().unwrap() = vec![Outcome::lost("timed out"), Outcome::lost("timed out")];
        city.submit(city.draft("چاله"), SATURDAY);
        city.follow();
        for minute in 0..10 {
            city.send(&gateways, minutes(minute));
        }
        assert_eq!(city.states(), ["sent"]);
        assert_eq!((all[0].seen.lock().unwrap().len(), *all[0].asked.lock().unwrap()), (1, 3));
        assert_eq!(*all[1].asked.lock().unwrap(), 0);
    });
}

#[test]
fn a_refused_number_is_given_up_at_once_and_is_not_the_gateways_fault() {
    in_the_city(|city| {
        let (gateways, all) = providers(&["a"]);
        *all[0].script.lock().unwrap() = vec![Outcome::Refused { why: "422: blocked".into() }];
        five(&city);
        city.send(&gateways, SATURDAY);
        let failed: Vec<_> =
            city.outbox().into_iter().filter(|(_, _, _, state, _)| state == "failed").collect();
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].4, "422: blocked");
        let jurisdiction = city.jurisdiction;
        let health = city.db.read_blocking(move |tx| crate::health::all(tx, jurisdiction)).unwrap();
        assert_eq!(health[0].failures, 0);
    });
}

#[test]
fn what_is_never_taken_fails_and_old_news_expires() {
    in_the_city(|city| {
        let (gateways, all) = providers(&["a"]);
        *all[0].down.lock().unwrap() = Some(Outcome::failed("503"));
        city.submit(city.draft("چاله"), SATURDAY);
        city.follow();
        let mut at = SATURDAY;
        while at < SATURDAY.plus_hours(49) {
            city.send(&gateways, at);
            at = at.plus_minutes(10);
        }
        let outbox = city.outbox();
        assert_eq!(outbox[0].3, "failed");
        let (act, jurisdiction) = (city.act(at), city.jurisdiction);
        city.db.write_blocking(move |tx| crate::send_code(tx, &act, jurisdiction, MOBILE, "123456")).unwrap();
        city.send(&gateways, at.plus_minutes(6));
        assert_eq!(city.outbox()[1].4, "expired", "a code that is no good any more is not sent");
    });
}

#[test]
fn at_night_only_codes_and_emergencies_leave() {
    in_the_city(|city| {
        let (gateways, all) = providers(&["a"]);
        // 22:30 on the wall.
        let night = SATURDAY.plus_minutes(12 * 60 + 30);
        city.submit(city.draft("چاله"), night);
        let urgent = Contact { mobile: "+989123334455".into(), ..Contact::default() };
        city.submit(
            Draft {
                priority: requests::Priority::Emergency, contact: urgent, ..city.draft("فرونشست")
            },
            night,
        );
        let (act, jurisdiction) = (city.act(night), city.jurisdiction);
        city.db.write_blocking(move |tx| crate::send_code(tx, &act, jurisdiction, MOBILE, "123456")).unwrap();
        city.follow();
        city.send(&gateways, night);
        assert_eq!(all[0].seen.lock().unwrap().len(), 2);
        assert_eq!(to(&all[0], MOBILE), ["code"]);
        // A demo city is awake.
        let (awake, heard) = providers(&["a"]);
        let awake = Arc::new(Gateways { quiet_hours: false, ..Arc::into_inner(awake).unwrap() });
        let jurisdiction = city.jurisdiction;
        let due =
            city.db.write_blocking(move |tx| outbox::claim(tx, jurisdiction, &awake, night, 10)).unwrap();
        assert_eq!((due.len(), heard[0].texts().len()), (1, 0));
        // At seven the rest follows.
        city.send(&gateways, SATURDAY.plus_hours(21).plus_minutes(-1));
        assert_eq!(all[0].seen.lock().unwrap().len(), 2);
        city.send(&gateways, SATURDAY.plus_hours(21));
        assert_eq!(to(&all[0], MOBILE), ["code", "submitted"]);
    });
}

#[test]
fn a_channel_without_a_gateway_is_said_so() {
    in_the_city(|city| {
        let (gateways, _) = providers(&["a"]);
        let by_letter = Contact { email: "sara@example.ir".into(), ..Contact::default() };
        city.submit(Draft { contact: by_letter, ..city.draft("چاله") }, SATURDAY);
        city.follow();
        city.send(&gateways, SATURDAY);
        let outbox = city.outbox();
        assert_eq!((outbox[0].3.as_str(), outbox[0].4.as_str()), ("suppressed", "no-gateway"));
    });
}

#[test]
fn a_code_is_forgotten_when_it_left_and_numbers_after_ten_days() {
    in_the_city(|city| {
        let (gateways, all) = providers(&["a"]);
        let (act, jurisdiction) = (city.act(SATURDAY), city.jurisdiction);
        city.db.write_blocking(move |tx| crate::send_code(tx, &act, jurisdiction, MOBILE, "123456")).unwrap();
        city.submit(city.draft("چاله"), SATURDAY);
        city.follow();
        city.send(&gateways, SATURDAY);
        let sent = all[0].texts();
        assert!(
            sent[0].ends_with("\n@137.example.ir #123456"),
            "the code stands alone in the last line: {}",
            sent[0]
        );
        let texts = || {
            city.db
                .read_blocking(move |tx| {
                    tx.query(
                        sql!("SELECT template, recipient, text FROM notice_outbox WHERE jurisdiction_id = $1 ORDER BY id LIMIT 10"),
                        &params![jurisdiction],
                        |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?)),
                    )
                })
                .unwrap()
        };
        assert!(
            texts()
                .iter()
                .all(|(template, to, text)| to == MOBILE && (template == "code") == text.is_empty())
        );
        let act = city.act(SATURDAY.plus_hours(24 * 11));
        let chore = crate::forget::FORGET;
        city.db.write_blocking(move |tx| (chore.run)(tx, &act, jurisdiction, chore.at_once)).unwrap();
        assert!(texts().iter().all(|(_, to, text)| to.is_empty() && text.is_empty()));
    });
}
