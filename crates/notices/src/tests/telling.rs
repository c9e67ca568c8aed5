//! Who hears of what.

use people::Actor;
use requests::Priority;

use super::*;
use crate::wanted;

fn told(city: &City) -> Vec<(String, String)> {
    city.outbox().into_iter().map(|(_, to, template, _, _)| (to, template)).collect()
}

#[test]
fn a_reporter_hears_that_it_came_and_what_became_of_it() {
    in_the_city(|city| {
        let (gateways, all) = providers(&["a"]);
        let submitted = city.submit(city.draft("چاله‌ای جلوی پلاک ۱۲ است"), SATURDAY);
        city.answer(submitted.id, "چاله پر شد.", SATURDAY.plus_hours(3));
        city.follow();
        city.send(&gateways, SATURDAY.plus_hours(3));
        let texts = all[0].texts();
        assert_eq!(texts.len(), 2);
        let code = language::digits::to_persian(&submitted.code.to_string());
        assert!(texts[0].contains(&code) && texts[0].ends_with("لغو۱۱"), "{}", texts[0]);
        assert!(texts[0].contains(&format!("https://137.example.ir/r/{}", submitted.code)), "{}", texts[0]);
        assert!(
            texts[1].contains("چاله پر شد.") && texts[1].contains("۳۱") && texts[1].contains("۳۳"),
            "{}",
            texts[1]
        );
        assert_eq!(city.states(), ["sent", "sent"]);
        // Following the same facts again says nothing twice.
        let jurisdiction = city.jurisdiction;
        let again = city.db.write_blocking(move |tx| {
            let entries = storage::journal::after(tx, jurisdiction, 0, 1000)?;
            (crate::follow::FOLLOWER.follow)(tx, jurisdiction, &entries)
        });
        again.unwrap();
        assert_eq!(city.outbox().len(), 2);
    });
}

#[test]
fn english_reporters_hear_english() {
    in_the_city(|city| {
        let (gateways, all) = providers(&["a"]);
        city.submit(Draft { language: Lang::En, ..city.draft("A pothole") }, SATURDAY);
        city.follow();
        city.send(&gateways, SATURDAY);
        let texts = all[0].texts();
        assert!(
            texts[0].contains("https://137.example.ir/en/r/") && texts[0].contains("Subject: "),
            "{}",
            texts[0]
        );
    });
}

#[test]
fn without_a_mobile_number_a_letter_goes_out_and_without_both_nothing() {
    in_the_city(|city| {
        let by_letter = Contact { email: "sara@example.ir".into(), ..Contact::default() };
        city.submit(Draft { contact: by_letter, ..city.draft("چاله") }, SATURDAY);
        city.submit(Draft { contact: Contact::default(), ..city.draft("چاله‌ای دیگر") }, SATURDAY);
        city.follow();
        let outbox = city.outbox();
        assert_eq!(outbox.len(), 1);
        assert_eq!((outbox[0].0.as_str(), outbox[0].1.as_str()), ("email", "sara@example.ir"));
    });
}

#[test]
fn a_letter_leads_to_where_the_answer_is_accepted() {
    in_the_city(|city| {
        let by_letter = Contact { email: "sara@example.ir".into(), ..Contact::default() };
        let submitted = city.submit(Draft { contact: by_letter, ..city.draft("کوچه کثیف است") }, SATURDAY);
        city.answer(submitted.id, "جارو شد.", SATURDAY.plus_hours(1));
        city.follow();
        let jurisdiction = city.jurisdiction;
        let text: Option<String> = city
            .db
            .read_blocking(move |tx| {
                tx.value(
                    sql!(
                        "SELECT text FROM notice_outbox WHERE jurisdiction_id = $1 AND template = 'answered'"
                    ),
                    &params![jurisdiction],
                )
            })
            .unwrap();
        let text = text.unwrap();
        assert!(text.contains(&format!("https://137.example.ir/reply/{}?k=", submitted.code)), "{text}");
    });
}

#[test]
fn followers_hear_of_the_end_but_are_asked_nothing() {
    in_the_city(|city| {
        let (gateways, all) = providers(&["a"]);
        let submitted = city.submit(city.draft("چاله"), SATURDAY);
        let (act, jurisdiction) = (Act { by: Actor::Citizen, ..city.act(SATURDAY) }, city.jurisdiction);
        for contact in ["09351112233", "reza@example.ir"] {
            let act = act.clone();
            city.db
                .write_blocking(move |tx| {
                    requests::follow(tx, &act, jurisdiction, submitted.id, contact, "", false, "")
                })
                .unwrap();
        }
        // A device is counted, and has no number to send to.
        city.db
            .write_blocking(move |tx| {
                requests::follow(tx, &act, jurisdiction, submitted.id, "", "phone-1", true, "")
            })
            .unwrap();
        city.answer(submitted.id, "پر شد.", SATURDAY.plus_hours(1));
        city.follow();
        assert_eq!(
            told(&city),
            [
                (MOBILE.into(), "submitted".into()),
                (MOBILE.into(), "answered".into()),
                ("+989351112233".into(), "answered".into()),
                ("reza@example.ir".into(), "answered".into()),
            ] as [(String, String); 4]
        );
        city.send(&gateways, SATURDAY.plus_hours(1));
        let to_follower =
            all[0].seen.lock().unwrap().iter().find(|m| m.to == "+989351112233").cloned().unwrap();
        assert!(
            to_follower.text.contains("دنبال می‌کنید") && !to_follower.text.contains("۳۳"),
            "{}",
            to_follower.text
        );
    });
}

#[test]
fn made_up_requests_wake_nobody() {
    in_the_city(|city| {
        let source = Some((requests::GENERATED.to_owned(), "1".to_owned()));
        city.submit(Draft { source, ..city.draft("ساختگی") }, SATURDAY);
        city.follow();
        assert!(city.outbox().is_empty());
    });
}

#[test]
fn whoever_wants_no_news_gets_codes_and_emergencies_only() {
    in_the_city(|city| {
        let jurisdiction = city.jurisdiction;
        let waiting = city.submit(city.draft("چاله"), SATURDAY);
        city.follow();
        city.db.write_blocking(move |tx| wanted::opt_out(tx, jurisdiction, MOBILE, SATURDAY)).unwrap();
        city.answer(waiting.id, "پر شد.", SATURDAY);
        city.submit(Draft { priority: Priority::Emergency, ..city.draft("فرونشست") }, SATURDAY);
        let act = city.act(SATURDAY);
        city.db.write_blocking(move |tx| crate::send_code(tx, &act, jurisdiction, MOBILE, "123456")).unwrap();
        city.follow();
        let mut states: Vec<_> =
            city.outbox().into_iter().map(|(_, _, template, state, _)| (template, state)).collect();
        states.sort();
        let expected = [
            ("answered", "suppressed"),
            ("code", "queued"),
            ("submitted", "queued"),
            ("submitted", "suppressed"),
        ];
        assert_eq!(states, expected.map(|(t, s)| (t.to_owned(), s.to_owned())));
        // News again.
        city.db.write_blocking(move |tx| wanted::join(tx, jurisdiction, MOBILE)).unwrap();
        city.submit(city.draft("چالهٔ سوم"), SATURDAY);
        city.follow();
        assert_eq!(city.states().iter().filter(|state| *state == "queued").count(), 3);
    });
}

#[test]
fn a_late_promise_is_apologised_for_once() {
    in_the_city(|city| {
        city.submit(city.draft("چاله"), SATURDAY);
        let later = SATURDAY.plus_hours(24 * 60);
        let (act, jurisdiction) = (city.act(later), city.jurisdiction);
        for _ in 0..2 {
            let act = act.clone();
            city.db.write_blocking(move |tx| requests::overdue::note(tx, &act, jurisdiction, 100)).unwrap();
        }
        city.follow();
        let overdue =
            city.outbox().into_iter().filter(|(_, _, template, _, _)| template == "overdue").count();
        assert_eq!(overdue, 1);
    });
}

#[test]
fn whoever_waits_hears_that_a_storm_moved_the_promise() {
    in_the_city(|city| {
        city.submit(city.draft("چاله"), SATURDAY);
        city.follow();
        let (act, jurisdiction) = (city.act(SATURDAY.plus_hours(1)), city.jurisdiction);
        let mode = requests::storm::Mode {
            wait: vec!["street-sweeping".into()],
            shift_given: true,
            shift_hours: 24,
            ..requests::storm::Mode::default()
        };
        let (a, m) = (act.clone(), mode);
        city.db
            .write_blocking(move |tx| requests::storm::begin(tx, &a, jurisdiction, None, Some(m.clone())))
            .unwrap();
        for _ in 0..2 {
            let act = act.clone();
            city.db
                .write_blocking(move |tx| (requests::storm::SHIFTING.run)(tx, &act, jurisdiction, 100))
                .unwrap();
        }
        city.follow();
        let told: Vec<String> = city
            .db
            .read_blocking(move |tx| {
                tx.query(
                    sql!(
                        "SELECT text FROM notice_outbox WHERE jurisdiction_id = $1 AND template = 'promise-shifted'
                         ORDER BY id LIMIT 10"
                    ),
                    &params![jurisdiction],
                    |row| row.get(0),
                )
            })
            .unwrap();
        assert_eq!(told.len(), 1, "once");
        assert!(told[0].contains("توفان") && !told[0].contains('{'), "{told:?}");
    });
}
