//! What people text, and what it does once.

use requests::Status;

use super::*;
use crate::inbound::{self, Incoming, Taken};

fn text(id: &str, sender: &str, text: &str) -> Incoming {
    Incoming { gateway: "a".into(), message_id: id.into(), sender: sender.into(), text: text.into() }
}

fn take_at(city: &City, incoming: Incoming, at: Timestamp) -> Taken {
    let (act, jurisdiction) = (Act { by: Actor::System("sms"), ..city.act(at) }, city.jurisdiction);
    city.db.write_blocking(move |tx| inbound::take(tx, &act, jurisdiction, &incoming)).unwrap()
}

fn take(city: &City, incoming: Incoming) -> Taken {
    take_at(city, incoming, SATURDAY.plus_hours(2))
}

fn show(city: &City, id: RequestId) -> requests::ServiceRequest {
    let jurisdiction = city.jurisdiction;
    city.db.read_blocking(move |tx| requests::find::by_id(tx, jurisdiction, id)).unwrap().unwrap()
}

fn answered(city: &City, words: &str) -> Submitted {
    let submitted = city.submit(city.draft(words), SATURDAY);
    city.answer(submitted.id, "جارو شد.", SATURDAY.plus_hours(1));
    submitted
}

/// The last text that was sent to somebody.
fn last_said(city: &City) -> String {
    let jurisdiction = city.jurisdiction;
    city.db
        .read_blocking(move |tx| {
            tx.value::<String>(
                sql!("SELECT text FROM notice_outbox WHERE jurisdiction_id = $1 ORDER BY id DESC LIMIT 1"),
                &params![jurisdiction],
            )
        })
        .unwrap()
        .unwrap_or_default()
}

fn newest(city: &City) -> Option<requests::ServiceRequest> {
    let jurisdiction = city.jurisdiction;
    let id: Option<i64> = city
        .db
        .read_blocking(move |tx| {
            tx.value(
                sql!("SELECT subject_id FROM journal WHERE jurisdiction_id = $1 AND fact = 'submitted' ORDER BY seq DESC LIMIT 1"),
                &params![jurisdiction],
            )
        })
        .unwrap();
    id.map(|id| show(city, RequestId(id)))
}

#[test]
fn thirty_one_accepts_and_thirty_three_objects() {
    in_the_city(|city| {
        let (one, two) = (answered(&city, "یک"), answered(&city, "دو"));
        assert_eq!(
            take(&city, text("1", "09121234567", &format!("۳۱ {}", one.code))),
            Taken::Now("accepted")
        );
        assert_eq!(show(&city, one.id).status, Status::Closed);
        assert!(last_said(&city).contains("پذیرش شما"));
        // Without a code it is about the one that waits.
        assert_eq!(take(&city, text("2", MOBILE, "٣٣ هنوز کثیف است")), Taken::Now("objected"));
        assert_eq!(show(&city, two.id).status, Status::Reopened);
        assert!(show(&city, two.id).with_inspector);
        assert_eq!(take(&city, text("3", MOBILE, "31")), Taken::Now("nothing-awaits"));
    });
}

#[test]
fn a_reply_without_a_code_is_about_the_newest_answer() {
    in_the_city(|city| {
        let (old, new) = (city.submit(city.draft("یک"), SATURDAY), city.submit(city.draft("دو"), SATURDAY));
        city.answer(new.id, "جارو شد.", SATURDAY.plus_hours(1));
        city.answer(old.id, "جارو شد.", SATURDAY.plus_minutes(90));
        take(&city, text("1", MOBILE, "۳۱"));
        assert_eq!(
            (show(&city, old.id).status, show(&city, new.id).status),
            (Status::Closed, Status::Answered)
        );
    });
}

#[test]
fn nobody_speaks_for_another_number() {
    in_the_city(|city| {
        let one = answered(&city, "یک");
        for (n, words) in
            ["31", "33", &format!("31 {}", one.code), &format!("33 {}", one.code)].iter().enumerate()
        {
            let taken = take(&city, text(&n.to_string(), "+989350000000", words));
            assert_eq!(taken, Taken::Now("nothing-awaits"), "{words}");
        }
        assert_eq!(show(&city, one.id).status, Status::Answered);
    });
}

#[test]
fn three_times_in_any_order_is_once() {
    // Three texts, each handed over three times: every order of the first two, and a shuffle of all nine.
    let orders: Vec<Vec<usize>> =
        permutations(&[0, 0, 0, 1, 1, 1]).into_iter().chain([vec![2, 0, 1, 1, 2, 0, 0, 2, 1]]).collect();
    for (n, order) in orders.iter().enumerate() {
        // A database of its own for a few of them; the rest differ by their messages' names only.
        if n % 7 != 0 {
            continue;
        }
        in_the_city(|city| {
            let (one, two) = (answered(&city, "یک"), answered(&city, "دو"));
            let texts = [
                text("x", MOBILE, &format!("31 {}", one.code)),
                text("y", MOBILE, &format!("33 {}", two.code)),
                text("z", "+989351112233", "درخت خشک هرس خیابان بهار"),
            ];
            let mut now = 0;
            for which in order {
                now += usize::from(take(&city, texts[*which].clone()) != Taken::Before);
            }
            assert_eq!(now, if order.contains(&2) { 3 } else { 2 });
            assert_eq!(
                (show(&city, one.id).status, show(&city, two.id).status),
                (Status::Closed, Status::Reopened)
            );
            let (jurisdiction, facts) = (city.jurisdiction, ["accepted", "objected", "submitted"]);
            let counts = facts.map(|fact| {
                let count: Option<i64> = city
                    .db
                    .read_blocking(move |tx| {
                        tx.value(
                            sql!("SELECT COUNT(*) FROM journal WHERE jurisdiction_id = $1 AND fact = $2"),
                            &params![jurisdiction, fact],
                        )
                    })
                    .unwrap();
                count.unwrap_or(0)
            });
            assert_eq!(counts, [1, 1, if order.contains(&2) { 3 } else { 2 }], "{order:?}");
        });
    }
}

fn permutations(items: &[usize]) -> Vec<Vec<usize>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (n, first) in items.iter().enumerate() {
        let mut rest = items.to_vec();
        rest.remove(n);
        all.extend(permutations(&rest).into_iter().map(|tail| [vec![*first], tail].concat()));
    }
    all.sort();
    all.dedup();
    all
}

#[test]
fn a_code_alone_is_answered_with_how_it_is() {
    in_the_city(|city| {
        let one = answered(&city, "یک");
        let persian = language::digits::to_persian(&one.code.to_string());
        assert_eq!(take(&city, text("1", "+989350000000", &persian)), Taken::Now("status"));
        let said = last_said(&city);
        assert!(said.contains(&persian) && said.contains("/r/"), "{said}");
        assert_eq!(take(&city, text("2", MOBILE, "1234567890")), Taken::Now("code-unknown"));
    });
}

#[test]
fn a_text_with_subject_and_place_opens_a_request() {
    in_the_city(|city| {
        let (gateways, all) = providers(&["a"]);
        let night = SATURDAY.plus_hours(14);
        let said = "سلام. لطفا هرس درخت خشک، محله ونک، کوچه دوم پلاک ۵";
        assert_eq!(take_at(&city, text("1", "0935 111 2233", said), night), Taken::Now("opened"));
        let opened = newest(&city).unwrap();
        assert_eq!((opened.channel, opened.words.as_str()), (Way::Sms, said));
        assert!(opened.neighbourhood.is_some() || opened.district.is_some());
        // The code comes at once, although it is night.
        city.follow();
        city.send(&gateways, night);
        let texts = all[0].texts();
        assert_eq!(texts.len(), 1, "{texts:?}");
        assert!(texts[0].contains(&language::digits::to_persian(&opened.code.to_string())), "{}", texts[0]);
    });
}

#[test]
fn what_is_missing_is_asked_back_and_put_together() {
    in_the_city(|city| {
        let say = |id: &str, words: &str| take(&city, text(id, MOBILE, words));
        assert_eq!(say("1", "سلام خسته باشید لطفا رسیدگی کنید"), Taken::Now("service-missing"));
        assert!(last_said(&city).contains("کجا"));
        assert_eq!(say("2", "هرس درخت"), Taken::Now("place-missing"));
        assert!(last_said(&city).contains("هرس"), "{}", last_said(&city));
        assert_eq!(say("3", "خیابان بهار کوچه سوم"), Taken::Now("opened"));
        let opened = newest(&city).unwrap();
        assert!(opened.words.contains("هرس درخت\nخیابان بهار"), "{}", opened.words);
        // What was begun is over: the next text begins anew.
        assert_eq!(say("4", "خیابان بهار"), Taken::Now("service-missing"));
    });
}

#[test]
fn a_question_that_must_be_answered_is_asked() {
    in_the_city(|city| {
        assert_eq!(
            take(&city, text("1", MOBILE, "مبل کهنه خیابان بهار پلاک ۲")),
            Taken::Now("answer-missing")
        );
        let asked = last_said(&city);
        assert!(asked.contains('('), "{asked}");
        let jurisdiction = city.jurisdiction;
        let service = city.db.read_blocking(move |tx| requests::catalogue(tx, jurisdiction)).unwrap();
        let size = service.by_code("bulky-waste").unwrap().about.attributes[0].values[0].name.fa.clone();
        assert_eq!(take(&city, text("2", MOBILE, &size)), Taken::Now("opened"));
        assert_eq!(newest(&city).unwrap().answers.len(), 1);
        // By its number in the list that was asked, in any digits.
        let two = service.by_code("bulky-waste").unwrap().about.attributes[0].values[1].key.clone();
        let other = "+989351112233";
        assert_eq!(take(&city, text("3", other, "مبل کهنه خیابان بهار پلاک ۳")), Taken::Now("answer-missing"));
        assert_eq!(take(&city, text("4", other, "۲")), Taken::Now("opened"));
        assert_eq!(newest(&city).unwrap().answers[0].values, [two]);
    });
}

#[test]
fn half_a_message_waits_a_day() {
    in_the_city(|city| {
        take_at(&city, text("1", MOBILE, "هرس درخت"), SATURDAY);
        let late = SATURDAY.plus_hours(25);
        assert_eq!(take_at(&city, text("2", MOBILE, "خیابان بهار"), late), Taken::Now("service-missing"));
    });
}

#[test]
fn twice_not_understood_leads_to_a_person() {
    in_the_city(|city| {
        take(&city, text("1", MOBILE, "سلام"));
        assert_eq!(take(&city, text("2", MOBILE, "الو")), Taken::Now("not-understood"));
        let said = last_said(&city);
        assert!(said.contains("۱۳۷") && said.contains("/report"), "{said}");
    });
}

#[test]
fn an_answer_to_our_question_goes_to_the_request() {
    in_the_city(|city| {
        let one = city.submit(city.draft("چاله"), SATURDAY);
        let (act, jurisdiction) = (city.act(SATURDAY), city.jurisdiction);
        let step = requests::moves::Step::to(Status::WaitingForCitizen).saying("پلاک چند؟");
        city.db
            .write_blocking(move |tx| requests::moves::make(tx, &act, jurisdiction, one.id, &step))
            .unwrap();
        assert_eq!(take(&city, text("1", MOBILE, "جلوی پلاک ۱۲")), Taken::Now("replied"));
        assert_ne!(show(&city, one.id).status, Status::WaitingForCitizen);
    });
}

#[test]
fn stop_and_come_back() {
    in_the_city(|city| {
        assert_eq!(take(&city, text("1", MOBILE, "لغو ۱۱")), Taken::Now("stopped"));
        assert!(last_said(&city).contains("۱۲"));
        city.submit(city.draft("چاله"), SATURDAY);
        city.follow();
        assert!(
            city.outbox()
                .iter()
                .any(|(_, _, template, state, _)| template == "submitted" && state == "suppressed")
        );
        assert_eq!(take(&city, text("2", MOBILE, "۱۲")), Taken::Now("joined"));
        city.submit(city.draft("چاله‌ای دیگر"), SATURDAY);
        city.follow();
        assert!(
            city.outbox()
                .iter()
                .any(|(_, _, template, state, _)| template == "submitted" && state == "queued")
        );
    });
}

#[test]
fn two_machines_do_not_talk_for_ever_and_banks_get_no_answer() {
    in_the_city(|city| {
        for n in 0..40 {
            take(&city, text(&format!("m{n}"), MOBILE, "پیام شما دریافت شد"));
        }
        assert!(city.outbox().len() <= 30);
        assert_eq!(take(&city, text("bank", "BankMelli", "واریز ۱۰۰٬۰۰۰")), Taken::Now("no-number"));
        assert_eq!(take(&city, text("empty", "+989351112233", " ")), Taken::Now("empty"));
    });
}
