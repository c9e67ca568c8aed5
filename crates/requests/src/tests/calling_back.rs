//! A sample of citizens is telephoned after an answer.

use calendar::Timestamp;
use people::{Act, Role};

use super::replying::{answered, go};
use super::{City, SATURDAY, in_the_city};
use crate::feedback::{self, Held, Outcome, QueueError, Record, RecordError, WantedReply};
use crate::moves::Step;
use crate::{Contact, RequestId, Status};

const HOUR: i64 = 3_600_000;

fn at(hours: i64) -> Timestamp {
    SATURDAY.plus_millis(hours * HOUR)
}

/// Says in the city's settings how many of a hundred answers are asked about.
fn share(city: &City, percent: u32) {
    let (jurisdiction, act) = (city.jurisdiction, city.staff(Role::Supervisor, None, SATURDAY));
    let settings = feedback::Settings { percent, ..feedback::Settings::default() };
    city.db.write_blocking(move |tx| feedback::set(tx, &act, jurisdiction, &settings)).unwrap();
}

fn caller(city: &City, key: i64, at: Timestamp) -> Act {
    let mut act = city.staff(Role::FeedbackCaller, None, at);
    if let people::Actor::Key { id, .. } = &mut act.by {
        *id = key;
    }
    act
}

fn next(city: &City, act: &Act) -> Option<Held> {
    let (act, jurisdiction) = (act.clone(), city.jurisdiction);
    city.db.write_blocking(move |tx| feedback::next(tx, &act, jurisdiction)).unwrap()
}

fn record(city: &City, act: &Act, id: RequestId, record: Record) -> Result<(), RecordError> {
    let (act, jurisdiction) = (act.clone(), city.jurisdiction);
    city.db.write_blocking(move |tx| feedback::record(tx, &act, jurisdiction, id, &record))
}

fn said(outcome: Outcome) -> Record {
    Record { outcome, satisfaction: None, reply: None, call_at: None }
}

#[test]
fn a_call_is_held_by_one_caller_and_returns_when_the_hold_runs_out() {
    in_the_city("tehran", |city| {
        share(&city, 100);
        let (id, _) = answered(&city);
        let (first, second) = (caller(&city, 1, at(3)), caller(&city, 2, at(3)));
        let held = next(&city, &first).unwrap();
        assert_eq!((held.request.id, held.mobile.as_str()), (id, "+989121234567"), "{}", city.engine);
        assert_eq!(next(&city, &first).unwrap().request.id, id, "asking again gives the same one");
        assert!(next(&city, &second).is_none(), "{}: nobody else gets it", city.engine);
        let theirs = record(&city, &second, id, said(Outcome::NoAnswer));
        assert!(matches!(theirs, Err(RecordError::NotHeld)));
        // Ten minutes later it is free again, and the first caller's word comes too late.
        let later = caller(&city, 2, at(3).plus_minutes(10));
        assert_eq!(next(&city, &later).unwrap().request.id, id, "{}", city.engine);
        let late = caller(&city, 1, at(3).plus_minutes(11));
        assert!(matches!(record(&city, &late, id, said(Outcome::NoAnswer)), Err(RecordError::NotHeld)));
        let jurisdiction = city.jurisdiction;
        let looks: i64 = city
            .db
            .read_blocking(move |tx| {
                tx.value(
                    storage::sql!(
                        "SELECT COUNT(*) FROM journal WHERE jurisdiction_id = $1 AND subject_kind = 'access'"
                    ),
                    &storage::params![jurisdiction],
                )
            })
            .unwrap()
            .unwrap();
        assert_eq!(looks, 3, "{}: each look at a number is written down", city.engine);
    });
}

#[test]
fn callers_at_once_get_different_calls() {
    in_the_city("tehran", |city| {
        share(&city, 100);
        for _ in 0..6 {
            answered(&city);
        }
        let threads: Vec<_> = (1..=6)
            .map(|key| {
                let (db, act, jurisdiction) = (city.db.clone(), caller(&city, key, at(3)), city.jurisdiction);
                std::thread::spawn(move || {
                    db.write_blocking(move |tx| feedback::next(tx, &act, jurisdiction)).unwrap()
                })
            })
            .collect();
        let mut got: Vec<i64> =
            threads.into_iter().filter_map(|t| t.join().unwrap()).map(|held| held.request.id.0).collect();
        got.sort_unstable();
        got.dedup();
        assert_eq!(got.len(), 6, "{}", city.engine);
    });
}

#[test]
fn what_is_said_in_a_call_counts_like_an_sms() {
    in_the_city("tehran", |city| {
        share(&city, 100);
        let (happy, _) = answered(&city);
        let (unhappy, _) = answered(&city);
        let act = caller(&city, 1, at(3));
        for _ in 0..2 {
            let id = next(&city, &act).unwrap().request.id;
            let no_mark = record(&city, &act, id, said(Outcome::Reached));
            assert!(matches!(no_mark, Err(RecordError::SatisfactionMissing)), "{}", city.engine);
            let (mark, reply) = if id == happy {
                (5, WantedReply::Accept)
            } else {
                (2, WantedReply::Object { words: "نیمه‌کاره است".into() })
            };
            let wrong = Record { satisfaction: Some(6), ..said(Outcome::Reached) };
            assert!(matches!(record(&city, &act, id, wrong), Err(RecordError::SatisfactionWrong)));
            let done = Record { satisfaction: Some(mark), reply: Some(reply), ..said(Outcome::Reached) };
            record(&city, &act, id, done).unwrap();
        }
        assert!(next(&city, &act).is_none(), "{}: both are done", city.engine);
        assert_eq!(city.show(happy).status, Status::Closed);
        assert!(city.show(unhappy).with_inspector, "{}", city.engine);
        storage::followers::catch_up_blocking(&city.db, feedback::FOLLOWER).unwrap();
        let jurisdiction = city.jurisdiction;
        let by = city
            .db
            .read_blocking(move |tx| {
                feedback::by(tx, jurisdiction, feedback::By::District, i64::MIN, i64::MAX)
            })
            .unwrap();
        let sums = by[0].1;
        assert_eq!((sums.called, sums.rated, sums.rating_tenths()), (2, 2, Some(35)), "{}", city.engine);
        assert_eq!(sums.objected_percent(), Some(50));
    });
}

#[test]
fn who_does_not_pick_up_is_tried_again_and_then_left_in_peace() {
    in_the_city("tehran", |city| {
        share(&city, 100);
        let (id, _) = answered(&city);
        for (hours, tries) in [(3, true), (6, true), (9, true), (100, false)] {
            let act = caller(&city, 1, at(hours));
            assert_eq!(next(&city, &act).is_some(), tries, "{} at {hours}", city.engine);
            if tries {
                record(&city, &act, id, said(Outcome::NoAnswer)).unwrap();
                assert!(next(&city, &act).is_none(), "not at once");
            }
        }
    });
}

#[test]
fn a_citizen_may_name_a_better_time() {
    in_the_city("tehran", |city| {
        share(&city, 100);
        let (id, _) = answered(&city);
        let act = caller(&city, 1, at(3));
        next(&city, &act).unwrap();
        for wrong in [None, Some(at(2)), Some(at(3 + 8 * 24))] {
            let later = Record { call_at: wrong, ..said(Outcome::Later) };
            assert!(matches!(record(&city, &act, id, later), Err(RecordError::TimeWrong)));
        }
        record(&city, &act, id, Record { call_at: Some(at(20)), ..said(Outcome::Later) }).unwrap();
        assert!(next(&city, &caller(&city, 1, at(19))).is_none(), "{}", city.engine);
        assert!(next(&city, &caller(&city, 1, at(20))).is_some(), "{}", city.engine);
    });
}

#[test]
fn the_sample_is_a_share_of_those_who_left_a_number() {
    in_the_city("tehran", |city| {
        share(&city, 30);
        let waiting = |city: &City| {
            let jurisdiction = city.jurisdiction;
            city.db.read_blocking(move |tx| feedback::waiting(tx, jurisdiction, at(500))).unwrap()
        };
        for _ in 0..60 {
            answered(&city);
        }
        let drawn = waiting(&city);
        assert!((8..=30).contains(&drawn), "{}: {drawn} of 60 at 30 %", city.engine);
        share(&city, 100);
        let mut draft = city.draft("street-sweeping", "بی‌شماره");
        draft.contact = Contact::default();
        let done = city.submit(draft).unwrap();
        go(&city, Role::Operator, None, 0, done.id, Step::to(Status::Assigned)).unwrap();
        go(&city, Role::UnitMember, done.unit, 1, done.id, Step::to(Status::Answered).saying("شد")).unwrap();
        assert_eq!(waiting(&city), drawn, "{}: nobody to telephone", city.engine);
    });
}

#[test]
fn only_callers_take_calls() {
    in_the_city("tehran", |city| {
        share(&city, 100);
        answered(&city);
        let (act, jurisdiction) = (city.staff(Role::Operator, None, at(3)), city.jurisdiction);
        let no = city.db.write_blocking(move |tx| feedback::next(tx, &act, jurisdiction));
        assert!(matches!(no, Err(QueueError::Denied(_))), "{}", city.engine);
    });
}
