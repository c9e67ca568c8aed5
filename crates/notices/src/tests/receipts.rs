//! Delivery reports, in every order.

use super::*;
use crate::receipts;

fn report(city: &City, delivered: bool) -> bool {
    let jurisdiction = city.jurisdiction;
    let key: Option<String> = city
        .db
        .read_blocking(move |tx| {
            tx.value(sql!("SELECT key FROM notice_outbox WHERE jurisdiction_id = $1"), &params![jurisdiction])
        })
        .unwrap();
    let id = format!("id-{}", key.unwrap());
    city.db
        .write_blocking(move |tx| {
            receipts::take(tx, jurisdiction, "a", &id, delivered, SATURDAY.plus_minutes(1))
        })
        .unwrap()
}

fn counted(city: &City, outcome: &'static str) -> i64 {
    let jurisdiction = city.jurisdiction;
    let sum: Option<i64> = city
        .db
        .read_blocking(move |tx| {
            tx.value(
                sql!("SELECT messages FROM notice_days WHERE jurisdiction_id = $1 AND outcome = $2"),
                &params![jurisdiction, outcome],
            )
        })
        .unwrap();
    sum.unwrap_or(0)
}

#[test]
fn a_report_counts_once_however_often_it_comes() {
    in_the_city(|city| {
        let (gateways, _) = providers(&["a"]);
        city.submit(city.draft("چاله"), SATURDAY);
        city.follow();
        city.send(&gateways, SATURDAY);
        assert!(report(&city, true));
        assert!(!report(&city, true));
        assert!(!report(&city, true));
        assert_eq!(city.states(), ["delivered"]);
        assert_eq!((counted(&city, "sent"), counted(&city, "delivered")), (1, 1));
    });
}

#[test]
fn delivered_has_the_last_word_in_every_order() {
    for order in [[true, false], [false, true]] {
        in_the_city(|city| {
            let (gateways, _) = providers(&["a"]);
            city.submit(city.draft("چاله"), SATURDAY);
            city.follow();
            city.send(&gateways, SATURDAY);
            for delivered in order {
                report(&city, delivered);
            }
            assert_eq!(city.states(), ["delivered"]);
        });
    }
}

#[test]
fn a_report_may_be_faster_than_the_answer_to_the_sending() {
    in_the_city(|city| {
        let (gateways, _) = providers(&["a"]);
        city.submit(city.draft("چاله"), SATURDAY);
        city.follow();
        report(&city, true);
        assert_eq!(city.states(), ["queued"]);
        city.send(&gateways, SATURDAY);
        assert_eq!(city.states(), ["delivered"]);
    });
}

#[test]
fn what_did_not_arrive_is_said_so() {
    in_the_city(|city| {
        let (gateways, _) = providers(&["a"]);
        city.submit(city.draft("چاله"), SATURDAY);
        city.follow();
        city.send(&gateways, SATURDAY);
        report(&city, false);
        assert_eq!(city.outbox()[0].4, "undelivered");
        // Nobody can report a message into being.
        let jurisdiction = city.jurisdiction;
        city.db
            .write_blocking(move |tx| receipts::take(tx, jurisdiction, "a", "stranger", true, SATURDAY))
            .unwrap();
        assert_eq!(city.states(), ["failed"]);
    });
}
