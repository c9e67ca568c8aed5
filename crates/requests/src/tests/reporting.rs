//! A person says something to the city.

use calendar::Timestamp;

use super::{City, INSIDE, OUTSIDE, in_the_city};
use crate::{Contact, Kind, PlaceDraft, Priority, Refusal, Status, SubmitError, find};

fn refusals(outcome: Result<crate::Submitted, SubmitError>) -> Vec<Refusal> {
    match outcome {
        Err(SubmitError::Refused(all)) => all,
        other => panic!("expected refusals, not {other:?}"),
    }
}

#[test]
fn a_request_gets_a_code_a_place_a_unit_and_a_promise() {
    in_the_city("tehran", |city| {
        let done = city.submit(city.draft("street-sweeping", "كوچه كثيف است\u{202e}")).unwrap();
        let request = city.show(done.id);
        assert_eq!(request.words, "کوچه کثیف است", "{}: cleaned on arrival", city.engine);
        assert_eq!(request.status, Status::Received);
        assert!(request.neighbourhood.is_some() && request.district.is_some() && request.unit.is_some());
        assert!(done.due_at.is_some_and(|due| due > request.requested_at));
        let jurisdiction = city.jurisdiction;
        let by_code = city.db.read_blocking(move |tx| find::by_code(tx, jurisdiction, done.code)).unwrap();
        assert_eq!(by_code.unwrap().id, done.id);
        let thread = city.db.read_blocking(move |tx| find::thread(tx, &request, false)).unwrap();
        assert_eq!(thread.len(), 1);
        assert_eq!(thread[0].status, Some(Status::Received));
    });
}

#[test]
fn everything_that_is_wrong_is_said_at_once_and_nothing_is_stored() {
    in_the_city("tehran", |city| {
        let mut draft = city.draft("no-such-service", &"چ".repeat(4001));
        draft.place = PlaceDraft { point: Some(OUTSIDE), address: "ا".repeat(301), ..PlaceDraft::default() };
        draft.contact = Contact { mobile: "۱۲۳".into(), email: "nobody@".into(), ..Contact::default() };
        let no = refusals(city.submit(draft));
        let codes: Vec<&str> = no.iter().map(Refusal::code).collect();
        for expected in [
            "service-unknown",
            "place-outside",
            "words-too-long",
            "address-too-long",
            "mobile-wrong",
            "email-wrong",
        ] {
            assert!(codes.contains(&expected), "{}: {codes:?}", city.engine);
        }
        let jurisdiction = city.jurisdiction;
        let nearest = no.iter().find_map(|r| match r {
            Refusal::OutsideJurisdiction { nearest, metres } => Some((*nearest, *metres)),
            _ => None,
        });
        let (nearest, metres) = nearest.unwrap();
        let name = city
            .db
            .read_blocking(move |tx| {
                Ok::<_, storage::Error>(
                    territory::atlas(tx, jurisdiction)?.division(nearest.unwrap()).unwrap().name_fa.clone(),
                )
            })
            .unwrap();
        assert!(name.contains("منطقه") && metres > 50_000.0, "{name} {metres}");
        let page = city
            .db
            .read_blocking(move |tx| crate::list::list(tx, &crate::list::Filter::of(jurisdiction)))
            .unwrap();
        assert!(page.requests.is_empty(), "{}", city.engine);
    });
}

#[test]
fn impossible_coordinates_and_no_place_at_all_are_different_refusals() {
    in_the_city("tehran", |city| {
        for (point, code) in [
            (Some((135.0, 51.0)), "coordinates-impossible"),
            (Some((f64::NAN, 51.0)), "coordinates-impossible"),
            (None, "place-missing"),
        ] {
            let mut draft = city.draft("street-sweeping", "");
            draft.place = PlaceDraft { point, ..PlaceDraft::default() };
            assert_eq!(refusals(city.submit(draft))[0].code(), code);
        }
    });
}

#[test]
fn the_same_key_is_the_same_request_for_ever() {
    in_the_city("tehran", |city| {
        let mut draft = city.draft("street-sweeping", "جارو نشده");
        draft.idempotency_key = Some("phone-1".into());
        let first = city.submit(draft.clone()).unwrap();
        let threads: Vec<_> = (0..16)
            .map(|_| {
                let (db, act, draft) = (city.db.clone(), city.citizen(), draft.clone());
                std::thread::spawn(move || db.write_blocking(move |tx| crate::submit(tx, &act, &draft)))
            })
            .collect();
        for thread in threads {
            let again = thread.join().unwrap().unwrap();
            assert!(again.repeated, "{}", city.engine);
            assert_eq!((again.id, again.code), (first.id, first.code));
        }
        draft.words = "چیز دیگری".into();
        assert_eq!(refusals(city.submit(draft)), vec![Refusal::KeyReused]);
    });
}

#[test]
fn two_programs_may_count_from_one() {
    in_the_city("tehran", |city| {
        let send = |by: people::Actor, words: &str| {
            let mut draft = city.draft("street-sweeping", words);
            draft.idempotency_key = Some("1".into());
            let act = city.act(by, super::SATURDAY);
            city.db.write_blocking(move |tx| crate::submit(tx, &act, &draft)).unwrap()
        };
        let program = |id| people::Actor::Key {
            jurisdiction: city.jurisdiction,
            id,
            name: "app".into(),
            role: people::Role::Sender,
            unit: None,
            scopes: people::keys::KeyScopes::ALL,
        };
        let first = send(program(1), "یک");
        let second = send(program(2), "دو");
        let third = send(people::Actor::Citizen, "سه");
        assert!(!second.repeated && !third.repeated && first.id != second.id, "{}", city.engine);
        assert_eq!(send(program(1), "یک").id, first.id, "{}", city.engine);
    });
}

#[test]
fn a_follower_is_a_number_an_address_or_a_device_of_ordinary_length() {
    in_the_city("tehran", |city| {
        let done = city.submit(city.draft("street-sweeping", "جارو نشده")).unwrap();
        let jurisdiction = city.jurisdiction;
        let follow = |contact: &str, device: &str| {
            let (act, contact, device) = (city.citizen(), contact.to_owned(), device.to_owned());
            city.db.write_blocking(move |tx| {
                crate::follow(tx, &act, jurisdiction, done.id, &contact, &device, true, "")
            })
        };
        let wrong =
            |outcome| matches!(outcome, Err(crate::FollowError::Refused(crate::FollowRefusal::ContactWrong)));
        // Longer than an entry of PostgreSQL's index may be.
        assert!(wrong(follow("", &"چ".repeat(3000))), "{}", city.engine);
        assert!(wrong(follow("", "\u{200e}\0")), "{}: a name of nothing", city.engine);
        assert!(wrong(follow("a@b.ir\r\nBcc: c@d.ir", "")), "{}: two addresses", city.engine);
        assert!(wrong(follow("a@b", "")), "{}", city.engine);
        assert_eq!(follow("a@b.ir", "").unwrap(), 1, "{}", city.engine);
        assert_eq!(follow("", &"d".repeat(300)).unwrap(), 2, "{}", city.engine);
    });
}

#[test]
fn many_at_once_with_one_fresh_key_make_one_request() {
    in_the_city("tehran", |city| {
        let mut draft = city.draft("street-sweeping", "جارو نشده");
        draft.idempotency_key = Some("double-tap".into());
        let threads: Vec<_> = (0..12)
            .map(|_| {
                let (db, act, draft) = (city.db.clone(), city.citizen(), draft.clone());
                std::thread::spawn(move || db.write_blocking(move |tx| crate::submit(tx, &act, &draft)))
            })
            .collect();
        let ids: std::collections::HashSet<_> =
            threads.into_iter().map(|t| t.join().unwrap().unwrap().id).collect();
        assert_eq!(ids.len(), 1, "{}", city.engine);
    });
}

#[test]
fn a_closed_service_takes_nothing_and_a_complaint_needs_words() {
    in_the_city("tehran", |city| {
        let (act, jurisdiction) =
            (city.act(people::Actor::System("test"), super::SATURDAY), city.jurisdiction);
        city.db
            .write_blocking(move |tx| crate::pack::set_open(tx, &act, jurisdiction, "street-sweeping", false))
            .unwrap();
        let no = refusals(city.submit(city.draft("street-sweeping", "جارو نشده")));
        assert_eq!(no[0].code(), "service-closed", "{}", city.engine);
        let mut draft = city.draft("bulky-waste", "");
        draft.kind = Kind::Complaint;
        let codes: Vec<_> = refusals(city.submit(draft)).iter().map(Refusal::code).collect();
        assert!(codes.contains(&"nothing-said"), "{codes:?}");
    });
}

#[test]
fn questions_are_checked_and_persian_digits_are_numbers() {
    in_the_city("tehran", |city| {
        let no = refusals(city.submit(city.draft("bulky-waste", "مبل کهنه")));
        assert_eq!(no[0].code(), "answer-missing");
        assert_eq!(no[0].field(), "answer:size");
        let mut draft = city.draft("bulky-waste", "مبل کهنه");
        draft.answers = vec![("size".into(), vec!["no such size".into()])];
        assert_eq!(refusals(city.submit(draft))[0].code(), "answer-not-in-list");
    });
}

#[test]
fn a_city_without_borders_works_by_choosing_the_district() {
    in_the_city("shiraz", |city| {
        let jurisdiction = city.jurisdiction;
        let (district, service) = city
            .db
            .read_blocking(move |tx| {
                let atlas = territory::atlas(tx, jurisdiction)?;
                let catalogue = crate::catalogue(tx, jurisdiction)?;
                let plain = catalogue
                    .services
                    .iter()
                    .find(|s| s.about.attributes.iter().all(|a| !a.required))
                    .unwrap();
                Ok::<_, storage::Error>((atlas.districts().nth(2).unwrap().id, plain.code.clone()))
            })
            .unwrap();
        let mut draft = city.draft(&service, "لطفاً رسیدگی کنید");
        draft.place = PlaceDraft { division: Some(district), ..PlaceDraft::default() };
        let done = city.submit(draft).unwrap();
        assert_eq!(city.show(done.id).district, Some(district), "{}", city.engine);
        assert!(done.unit.is_some());
    });
}

#[test]
fn a_neighbour_is_shown_what_was_already_said_and_may_join_it() {
    in_the_city("tehran", |city| {
        let first = city.submit(city.draft("street-sweeping", "زباله وسط کوچه مانده و بو می‌دهد")).unwrap();
        let jurisdiction = city.jurisdiction;
        let near = |metres_north: f64, words: &'static str| {
            let point = territory::Point::new(INSIDE.0 + metres_north / 111_320.0, INSIDE.1).unwrap();
            city.db
                .read_blocking(move |tx| {
                    crate::duplicates::near(
                        tx,
                        jurisdiction,
                        "street-sweeping",
                        point,
                        words,
                        super::SATURDAY,
                        5,
                    )
                })
                .unwrap()
        };
        let found = near(40.0, "زباله‌ها وسط کوچه است");
        assert_eq!(found.iter().map(|n| n.request.id).collect::<Vec<_>>(), vec![first.id], "{}", city.engine);
        assert!(near(900.0, "زباله وسط کوچه").is_empty());
        let join = |device: &'static str| {
            let act = city.citizen();
            city.db
                .write_blocking(move |tx| {
                    crate::follow(tx, &act, jurisdiction, first.id, "", device, true, "من هم دیدم")
                })
                .unwrap()
        };
        assert_eq!((join("a"), join("b"), join("a")), (1, 2, 2), "{}: once for each", city.engine);
        assert_eq!(city.show(first.id).followers, 2);
    });
}

#[test]
fn an_emergency_has_the_shorter_promise_and_a_private_service_is_not_public() {
    in_the_city("tehran", |city| {
        let jurisdiction = city.jurisdiction;
        let (calm, private) = city
            .db
            .read_blocking(move |tx| {
                let catalogue = crate::catalogue(tx, jurisdiction)?;
                let free = |s: &&crate::service::Service| s.about.attributes.iter().all(|a| !a.required);
                let calm = catalogue
                    .services
                    .iter()
                    .filter(free)
                    .find(|s| s.about.target.emergency.is_some() && s.is_public())
                    .unwrap();
                let private = catalogue.services.iter().filter(free).find(|s| !s.is_public()).unwrap();
                Ok::<_, storage::Error>((calm.code.clone(), private.code.clone()))
            })
            .unwrap();
        let due = |priority| {
            let mut draft = city.draft(&calm, "");
            draft.priority = priority;
            city.submit(draft).unwrap().due_at.unwrap_or(Timestamp(i64::MAX))
        };
        assert!(due(Priority::Emergency) < due(Priority::Normal), "{}", city.engine);
        let hidden = city.submit(city.draft(&private, "کسی سرپناه ندارد")).unwrap();
        assert!(!city.show(hidden.id).is_public);
        let page = city
            .db
            .read_blocking(move |tx| crate::list::list(tx, &crate::list::Filter::of(jurisdiction)))
            .unwrap();
        assert!(page.requests.iter().all(|r| r.id != hidden.id));
        let found =
            city.db.read_blocking(move |tx| crate::search::find(tx, jurisdiction, "سرپناه", 10)).unwrap();
        assert!(found.is_empty(), "{}: not even by its words", city.engine);
    });
}

#[test]
fn who_reported_is_seen_only_by_those_who_may() {
    in_the_city("tehran", |city: City| {
        let mut draft = city.draft("street-sweeping", "جارو");
        draft.contact = Contact {
            name: "زهرا".into(), mobile: "۰۹۱۲ ۱۲۳ ۴۵۶۷".into(), ..Contact::default()
        };
        let done = city.submit(draft).unwrap();
        let request = city.show(done.id);
        let ask = |act: people::Act| {
            let request = request.clone();
            city.db.read_blocking(move |tx| find::contact(tx, &act, &request))
        };
        assert!(ask(city.citizen()).is_err());
        assert!(ask(city.staff(people::Role::UnitMember, None, super::SATURDAY)).is_err());
        let seen = ask(city.staff(people::Role::UnitMember, request.unit, super::SATURDAY)).unwrap().unwrap();
        assert_eq!(seen.mobile, "+989121234567", "{}", city.engine);
    });
}
