//! The same words find the same requests in the same order on both databases.
//!
//! Only folding decides what a word is; neither engine's own idea of Persian has a say. Four hundred of the sentences
//! that fill the demo city, and some in English, are asked for in every way in which people spell and break off.

use std::cell::RefCell;
use std::path::Path;

use super::{City, in_the_city};
use crate::{RequestId, search};

const HOW_MANY: usize = 400;
const ENGLISH: [&str; 8] = [
    "Big pothole on {street}, second one this month",
    "Street lights are out near No. {number}",
    "BRT line 7 stop has no shelter, Valiasr Street",
    "Graffiti and posters on the wall of the metro station",
    "Garbage wasn't collected since 2025-03-21",
    "Café tables block the pavement",
    "Tree branch is touching the power-line",
    "ＢＲＴ ticket gate does not open",
];
const STREETS: [&str; 7] = [
    "خیابان ولی‌عصر",
    "خيابان وليعصر",
    "خیابان شهید رضایی",
    "بلوار کشاورز",
    "میدان ۷ تیر",
    "کوچهٔ یاس",
    "Azadi Street",
];

const QUESTIONS: [&str; 68] = [
    // One word in many spellings.
    "چاله",
    "چالة",
    "چالهٔ",
    "چاله‌ها",
    "چاله های",
    "درخت",
    "درختان",
    "درخت‌ها",
    "درختها",
    "درخت‌هایشان",
    "كوچه",
    "کوچۀ",
    "خيابان",
    "خیابان",
    "زباله",
    "زباله‌ها",
    "آشغال",
    "اسفالت",
    "آسفالت",
    "آسفالتِ",
    "ولیعصر",
    "ولی‌عصر",
    "ولی عصر",
    "وليعصر",
    "پیاده‌رو",
    "پیاده رو",
    "پیادرو",
    "رضائی",
    "رضایی",
    "شهيد رضايي",
    "مسئول",
    "مسؤول",
    "روشنایی",
    "روشنائي",
    "تاریک",
    "برق",
    "ﻓﺎﺿﻼﺏ",
    "فاضلاب",
    "ســگ",
    "سَگ",
    // Beginnings, still being typed.
    "چال",
    "درخ",
    "خیا",
    "زبا",
    "آسف",
    "لا",
    "پی",
    "پیاد",
    "val",
    "Gra",
    "BR",
    // Several words, in any order, with small ones among them.
    "چراغ کوچه خاموش",
    "خاموش چراغ",
    "زباله جمع",
    "سلام لطفاً",
    "چاله خیابان",
    "زباله خی",
    // Numbers and dates.
    "۱۲",
    "١٢",
    "12",
    "پلاک ۴۵",
    "2025-03-21",
    "۷",
    // Latin letters of every width and case.
    "brt",
    "ＢＲＴ",
    "CAFE",
    "power line",
    "street lights",
];

fn sentences() -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities/tehran/demo.toml");
    let script: toml::Table = std::fs::read_to_string(script).unwrap().parse().unwrap();
    let texts: Vec<&str> = script["words_for"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|service| service["texts"].as_array().unwrap())
        .map(|text| text.as_str().unwrap())
        .collect();
    (0..HOW_MANY)
        .map(|n| {
            let template =
                if n % 9 == 0 { ENGLISH[n / 9 % ENGLISH.len()] } else { texts[n * 7 % texts.len()] };
            let number = ["۱۲", "12", "١٢", "۴۵", "7"][n % 5];
            template
                .replace("{street}", STREETS[n % STREETS.len()])
                .replace("{alley}", ["کوچهٔ سوم", "كوچه یاس"][n % 2])
                .replace("{landmark}", ["نبش میدان", "روبه‌روی مدرسه"][n % 2])
                .replace("{number}", number)
                .replace("{since}", "از دیروز")
                .replace("{neighbourhood}", "یوسف‌آباد")
        })
        .collect()
}

/// What each question finds: the places in the order of submission, as the engine lists them.
fn answers(city: &City, ids: &[RequestId]) -> Vec<Vec<usize>> {
    for follower in crate::FOLLOWERS {
        storage::followers::catch_up_blocking(&city.db, *follower).unwrap();
    }
    let jurisdiction = city.jurisdiction;
    QUESTIONS
        .iter()
        .map(|question| {
            let found =
                city.db.read_blocking(move |tx| search::find(tx, jurisdiction, question, 1000)).unwrap();
            found.iter().map(|id| ids.iter().position(|known| known == id).unwrap()).collect()
        })
        .collect()
}

#[test]
fn both_databases_find_the_same_in_the_same_order() {
    let told: RefCell<Vec<(&str, Vec<Vec<usize>>)>> = RefCell::default();
    in_the_city("tehran", |city| {
        let (act, jurisdiction) = (city.citizen(), city.jurisdiction);
        let drafts: Vec<_> = sentences().iter().map(|words| city.draft("other", words)).collect();
        let ids = city
            .db
            .write_blocking(move |tx| {
                drafts
                    .iter()
                    .map(|draft| crate::submit(tx, &act, draft).map(|done| done.id))
                    .collect::<Result<Vec<_>, _>>()
            })
            .unwrap();
        let before = answers(&city, &ids);
        // Built again from the rows, the index answers as it did when it grew.
        let rebuild = move |tx: &mut storage::Tx<'_>| search::rebuild(tx, jurisdiction, 0, 1000);
        city.db.write_blocking(rebuild).unwrap();
        assert_eq!(answers(&city, &ids), before, "{}: rebuilt", city.engine);
        told.borrow_mut().push((city.engine, before));
    });
    let told = told.into_inner();
    let (engine, first) = &told[0];
    let silent: Vec<_> =
        QUESTIONS.iter().zip(first).filter(|(_, found)| found.is_empty()).map(|(q, _)| q).collect();
    assert!(silent.len() < 10, "{engine} finds nothing for {silent:?}");
    for (other, found) in &told[1..] {
        for (n, question) in QUESTIONS.iter().enumerate() {
            assert_eq!(found[n], first[n], "«{question}» on {other} and on {engine}");
        }
    }
    // Spellings of one word are one word.
    let of = |question: &str| &first[QUESTIONS.iter().position(|q| *q == question).unwrap()];
    for (one, same) in [
        ("چاله", "چالة"),
        ("ولی‌عصر", "ولی عصر"),
        ("brt", "ＢＲＴ"),
        ("12", "١٢"),
        ("درخت", "درختها"),
        ("رضائی", "رضایی"),
    ] {
        assert_eq!(of(one), of(same), "«{one}» and «{same}»");
    }
}
