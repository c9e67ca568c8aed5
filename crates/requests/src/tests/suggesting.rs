//! Services suggested for what somebody said.

use calendar::Timestamp;
use people::Actor;

use super::{City, SATURDAY, in_the_city};
use crate::suggest::{STUDY, Suggestion, suggest};

const HOUR: i64 = 3_600_000;

fn suggested(city: &City, words: &str) -> Vec<Suggestion> {
    let (jurisdiction, words) = (city.jurisdiction, words.to_owned());
    city.db.read_blocking(move |tx| suggest(tx, jurisdiction, &words, 3)).unwrap()
}

fn codes(city: &City, words: &str) -> Vec<String> {
    let (jurisdiction, found) = (city.jurisdiction, suggested(city, words));
    let catalogue = city.db.read_blocking(move |tx| crate::catalogue(tx, jurisdiction)).unwrap();
    found.iter().map(|s| catalogue.service(s.service).unwrap().code.clone()).collect()
}

/// Learns as the worker does; says whether there was something to learn.
fn study(city: &City, at: i64) -> bool {
    let (act, jurisdiction) = (city.act(Actor::System("worker"), Timestamp(at)), city.jurisdiction);
    let reading = act.clone();
    let learned = city.db.read_blocking(move |tx| (STUDY.read)(tx, &reading, jurisdiction)).unwrap();
    let Some(learned) = learned else { return false };
    city.db.write_blocking(move |tx| (STUDY.write)(tx, &act, jurisdiction, &learned)).unwrap();
    true
}

/// A city whose people say «قلمبه» for a hole in the street, as no catalogue does, each with other words around it.
fn history(city: &City, count: usize) {
    const AROUND: [&str; 7] = [
        "وسط خیابان",
        "جلوی خانهٔ ما",
        "سر کوچه دوباره",
        "نزدیک مدرسه، لطفاً بیایید",
        "از دیروز آنجاست",
        "روبه‌روی بازار",
        "کنار میدان است",
    ];
    let act = city.citizen();
    let drafts: Vec<_> = (0..count)
        .map(|n| {
            let around = AROUND[n % AROUND.len()];
            match n % 3 {
                0 => city.draft("sinkhole", &format!("قلمبه {around}")),
                1 => city.draft("street-sweeping", &format!("{around} جارو نشده")),
                _ => city.draft("street-sweeping", &format!("برگ‌ها {around} مانده")),
            }
        })
        .collect();
    city.db
        .write_blocking(move |tx| {
            drafts.iter().try_for_each(|draft| crate::submit(tx, &act, draft).map(|_| ()))
        })
        .unwrap();
}

#[test]
fn a_city_learns_the_words_of_its_people() {
    in_the_city("tehran", |city| {
        let engine = city.engine;
        // Before there is any history only names speak.
        assert!(!study(&city, SATURDAY.0), "{engine}");
        assert!(codes(&city, "قلمبه").is_empty(), "{engine}");
        let by_name = suggested(&city, "کسی گفت چاله افتاده");
        assert!(!by_name.is_empty() && by_name.iter().all(|s| s.share == 0.0), "{engine}: {by_name:?}");
        assert_eq!(by_name[0].because, ["چاله"], "{engine}");

        history(&city, 240);
        assert!(study(&city, SATURDAY.0), "{engine}");
        let learned = suggested(&city, "سلام، یک قُلمبه سر کوچه است");
        assert_eq!(codes(&city, "سلام، یک قلمبه سر کوچه است")[0], "sinkhole", "{engine}: {learned:?}");
        assert!(learned[0].share > 0.5 && learned[0].because[0] == "قُلمبه", "{engine}: {learned:?}");
        // What nobody ever asked is still found by its name.
        assert!(!codes(&city, "سرویس بهداشتی").is_empty(), "{engine}");

        // Not again before there is something new, and a day has passed.
        assert!(!study(&city, SATURDAY.0 + HOUR), "{engine}");
        assert!(!study(&city, SATURDAY.0 + 30 * HOUR), "{engine}");
        history(&city, 60);
        assert!(!study(&city, SATURDAY.0 + HOUR), "{engine}");
        assert!(study(&city, SATURDAY.0 + 30 * HOUR), "{engine}");
    });
}

#[test]
fn a_closed_service_is_not_suggested() {
    in_the_city("tehran", |city| {
        history(&city, 240);
        assert!(study(&city, SATURDAY.0));
        assert_eq!(codes(&city, "قلمبه")[0], "sinkhole");
        let (act, jurisdiction) = (city.act(Actor::System("test"), SATURDAY), city.jurisdiction);
        city.db
            .write_blocking(move |tx| crate::pack::set_open(tx, &act, jurisdiction, "sinkhole", false))
            .unwrap();
        assert!(!codes(&city, "قلمبه چاله").contains(&"sinkhole".to_owned()), "{}", city.engine);
    });
}

#[test]
fn any_words_are_borne() {
    in_the_city("tehran", |city| {
        history(&city, 240);
        assert!(study(&city, SATURDAY.0));
        let long = "قلمبه ".repeat(700);
        for words in [
            "",
            "   \n\t",
            "\u{202e}\u{202d}\u{2066}",
            "🙂🕳️🚧",
            "' OR 1=1; --",
            "\"*\" NEAR(",
            "<script>alert(1)</script>",
            "09121234567",
            "\0",
        ] {
            let found = suggested(&city, words);
            assert!(found.len() <= 3, "{}: {words:?} {found:?}", city.engine);
        }
        assert!(suggested(&city, "").is_empty() && suggested(&city, "🙂").is_empty());
        let found = suggested(&city, &long);
        assert_eq!(found[0].because, ["قلمبه"], "{}", city.engine);
        let turned = suggested(&city, "\u{202e}قلمبه\u{202c}");
        assert_eq!(turned[0].because, ["قلمبه"], "{}: hidden signs are not told", city.engine);
    });
}
