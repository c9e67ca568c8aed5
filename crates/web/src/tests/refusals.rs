//! No refusal without words.

use door::{NotServed, Refusal as Threshold};
use language::{Lang, TrackingCodeRefusal};
use requests::photos::PhotoRefusal;
use requests::{AnswerRefusal, FollowRefusal, Refusal};
use words::Words;

use super::city::City;
use crate::refusals::{self, About};

fn every_refusal(district: i64) -> Vec<Refusal> {
    let code = || "size".to_owned();
    let answers = [
        AnswerRefusal::Missing { code: code() },
        AnswerRefusal::Unknown { code: "zz".into() },
        AnswerRefusal::NotANumber { code: code() },
        AnswerRefusal::NotATime { code: code() },
        AnswerRefusal::NotInList { code: code(), value: "x".into() },
        AnswerRefusal::OnlyOne { code: code() },
        AnswerRefusal::TooLong { code: code(), most: 1000 },
    ];
    let mut all = vec![
        Refusal::ServiceMissing,
        Refusal::ServiceUnknown { code: "x".into() },
        Refusal::ServiceClosed { code: "x".into() },
        Refusal::PlaceMissing,
        Refusal::ImpossibleCoordinates,
        Refusal::OutsideJurisdiction { nearest: Some(district), metres: 3210.0 },
        Refusal::OutsideJurisdiction { nearest: None, metres: 3210.0 },
        Refusal::DivisionUnknown,
        Refusal::WordsTooLong { most: 4000, given: 4001 },
        Refusal::NothingSaid,
        Refusal::AddressTooLong { most: 300 },
        Refusal::MobileWrong,
        Refusal::EmailWrong,
        Refusal::NameTooLong { most: 300 },
        Refusal::TooManyPhotos { most: 5 },
        Refusal::KeyReused,
        Refusal::KeyTooLong,
    ];
    all.extend(answers.map(Refusal::Answer));
    all
}

#[test]
fn every_refusal_has_a_sentence_in_both_languages() {
    let city = City::new();
    let id = city.id;
    let read = city.door.db.read_blocking(move |tx| -> Result<_, storage::Error> {
        Ok((territory::atlas(tx, id)?, requests::catalogue(tx, id)?))
    });
    let (atlas, catalogue) = read.unwrap();
    let district = atlas.districts().next().unwrap().id;
    let service = catalogue.by_code("bulky-waste");
    for lang in Lang::ALL {
        let about = About { w: Words(lang), atlas: &atlas, service };
        let mut said = Vec::new();
        for refusal in every_refusal(district) {
            let sentence = refusals::sentence(&about, &refusal);
            is_a_sentence(lang, &sentence);
            assert!(!refusals::field_id(&refusal).is_empty());
            said.push(sentence);
        }
        said.sort();
        said.dedup();
        assert_eq!(said.len(), every_refusal(district).len(), "two refusals say the same");
        let outside = Refusal::OutsideJurisdiction { nearest: Some(district), metres: 3210.0 };
        let sentence = refusals::sentence(&about, &outside);
        let (far, near) = if lang == Lang::Fa {
            ("۳٫۲ کیلومتر", "منطقه ۱")
        } else {
            ("3.2 km", "District 1")
        };
        assert!(sentence.contains(far) && sentence.contains(near), "{sentence}");
    }
}

#[test]
fn every_photo_that_is_not_taken_is_explained() {
    let all = [
        PhotoRefusal::Empty,
        PhotoRefusal::TooLarge { bytes: 1 },
        PhotoRefusal::TooManyPixels { width: 1, height: 1 },
        PhotoRefusal::UnknownType,
        PhotoRefusal::Heic,
        PhotoRefusal::Damaged,
    ];
    for lang in Lang::ALL {
        for refusal in &all {
            is_a_sentence(lang, &refusals::photo(Words(lang), refusal, "IMG_1.jpg"));
        }
    }
}

#[test]
fn following_and_tracking_refuse_in_words() {
    let following =
        [FollowRefusal::NotFound, FollowRefusal::ContactWrong, FollowRefusal::WordsTooLong { most: 1000 }];
    let tracking = [
        TrackingCodeRefusal::Empty,
        TrackingCodeRefusal::NotDigits,
        TrackingCodeRefusal::WrongLength(9),
        TrackingCodeRefusal::WrongCheckDigit,
    ];
    for lang in Lang::ALL {
        following.iter().for_each(|refusal| is_a_sentence(lang, &refusals::follow(Words(lang), refusal)));
        tracking
            .iter()
            .for_each(|refusal| is_a_sentence(lang, &crate::track::sentence(Words(lang), *refusal)));
    }
}

#[test]
fn the_threshold_refuses_in_words() {
    let all = [
        Threshold::TooMany { retry_after: 7 },
        Threshold::TooLarge,
        Threshold::Malformed("x"),
        Threshold::UnsupportedType,
        Threshold::CrossSite,
        Threshold::TooSlow,
        Threshold::Denied,
    ];
    for lang in Lang::ALL {
        for refusal in all {
            let (icon, title, words) = crate::errors::words_for(Words(lang), &NotServed::Refused(refusal));
            assert!(!icon.is_empty() && !title.is_empty());
            is_a_sentence(lang, &words);
        }
    }
}

#[track_caller]
fn is_a_sentence(lang: Lang, sentence: &str) {
    assert!(sentence.trim_end().ends_with(['.', '؟', '?']), "{sentence}");
    let is_persian = sentence.chars().any(|letter| ('آ'..='ی').contains(&letter));
    // A Persian name may stand in an English sentence, but not the other way about.
    assert!(lang == Lang::En || is_persian, "{sentence}");
}
