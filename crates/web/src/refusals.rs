//! The words of every refusal, and the field that each stands beside.
//!
//! A refusal says what is wrong, why, and what to do now. The `match`es here have no arm for "everything else": a
//! new refusal does not compile until somebody has found words for it.

use language::Lang;
use requests::photos::PhotoRefusal;
use requests::service::Service;
use requests::{AnswerRefusal, FollowRefusal, Refusal};
use territory::Atlas;
use words::Words;

use crate::requests::{distance, divisions};

/// What is known when a refusal is put into words.
pub struct About<'a> {
    pub w: Words,
    pub atlas: &'a Atlas,
    pub service: Option<&'a Service>,
}

/// The sentence of a refusal.
pub fn sentence(about: &About<'_>, refusal: &Refusal) -> String {
    let w = about.w;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    match refusal {
        Refusal::ServiceMissing => w.report_refusal_service_missing().into(),
        Refusal::ServiceUnknown { .. } => w.report_refusal_service_unknown().into(),
        Refusal::ServiceClosed { .. } => w.report_refusal_service_closed().into(),
        Refusal::PlaceMissing => w.report_refusal_place_missing().into(),
        Refusal::ImpossibleCoordinates => w.report_refusal_coordinates_impossible().into(),
        Refusal::OutsideJurisdiction { nearest, metres } => {
            let city = about.atlas.jurisdiction.name(w.lang());
            let nearest = divisions(about.atlas, *nearest, None, w.lang());
            if nearest.is_empty() {
                w.report_refusal_place_outside(city)
            } else {
                w.report_refusal_place_outside_near(city, &distance(w, *metres), &nearest)
            }
        }
        Refusal::DivisionUnknown => w.report_refusal_division_unknown().into(),
        Refusal::WordsTooLong { most, given } => {
            w.report_refusal_words_too_long(count(*most), count(given - most))
        }
        Refusal::NothingSaid => w.report_refusal_nothing_said().into(),
        Refusal::AddressTooLong { most } => w.report_refusal_address_too_long(count(*most)),
        Refusal::Answer(refusal) => answer(about, refusal),
        Refusal::MobileWrong => w.report_refusal_mobile_wrong().into(),
        Refusal::EmailWrong => w.report_refusal_email_wrong().into(),
        Refusal::NameTooLong { most } => w.report_refusal_name_too_long(count(*most)),
        Refusal::TooManyPhotos { most } => w.report_refusal_too_many_photos(count(*most)),
        Refusal::KeyReused => w.report_refusal_key_reused().into(),
        Refusal::KeyTooLong => w.report_refusal_key_too_long().into(),
    }
}

fn answer(about: &About<'_>, refusal: &AnswerRefusal) -> String {
    let w = about.w;
    let code = refusal.attribute();
    let question = about.service.and_then(|s| s.about.attributes.iter().find(|a| a.code == code));
    let name = question.map_or(code, |q| q.name.get(w.lang()));
    match refusal {
        AnswerRefusal::Missing { .. } => w.report_refusal_answer_missing(name),
        AnswerRefusal::Unknown { .. } => w.report_refusal_answer_unknown(name),
        AnswerRefusal::NotANumber { .. } => w.report_refusal_answer_not_a_number(name),
        AnswerRefusal::NotATime { .. } => w.report_refusal_answer_not_a_time(example_time(w.lang()), name),
        AnswerRefusal::NotInList { .. } => w.report_refusal_answer_not_in_list(name),
        AnswerRefusal::OnlyOne { .. } => w.report_refusal_answer_only_one(name),
        AnswerRefusal::TooLong { most, .. } => {
            w.report_refusal_answer_too_long(i64::try_from(*most).unwrap_or(i64::MAX), name)
        }
    }
}

/// How a time may be written, in the reader's own calendar.
pub fn example_time(lang: Lang) -> &'static str {
    match lang {
        Lang::Fa => "۱۴۰۴/۰۸/۱۳ ۰۹:۱۵",
        Lang::En => "2025-11-04 09:15",
    }
}

/// The sentence for a picture that was not taken; `name` is what the sender calls it.
pub fn photo(w: Words, refusal: &PhotoRefusal, name: &str) -> String {
    let megabytes = |bytes: usize| i64::try_from(bytes / (1024 * 1024)).unwrap_or(i64::MAX);
    match refusal {
        PhotoRefusal::Empty => w.report_photo_empty(name),
        PhotoRefusal::TooLarge { .. } => {
            w.report_photo_too_large(megabytes(requests::photos::MOST_BYTES), name)
        }
        PhotoRefusal::TooManyPixels { .. } => w.report_photo_too_many_pixels(
            i64::try_from(requests::photos::MOST_PIXELS / 1_000_000).unwrap_or(i64::MAX),
            name,
        ),
        PhotoRefusal::UnknownType => w.report_photo_unknown_type(name),
        PhotoRefusal::Heic => w.report_photo_heic(name),
        PhotoRefusal::Damaged => w.report_photo_damaged(name),
    }
}

/// The sentence for someone who wanted to follow a request.
pub fn follow(w: Words, refusal: &FollowRefusal) -> String {
    match refusal {
        FollowRefusal::NotFound => w.requests_follow_refusal_not_found().into(),
        FollowRefusal::ContactWrong => w.requests_follow_refusal_contact_wrong().into(),
        FollowRefusal::WordsTooLong { most } => {
            w.requests_follow_refusal_words_too_long(i64::try_from(*most).unwrap_or(i64::MAX))
        }
    }
}

/// The id of the field on its page that a refusal leads to; see the `name`s in `templates/report`.
pub fn field_id(refusal: &Refusal) -> String {
    match refusal {
        Refusal::ServiceMissing | Refusal::ServiceUnknown { .. } | Refusal::ServiceClosed { .. } => {
            "service".into()
        }
        Refusal::DivisionUnknown => "division".into(),
        Refusal::PlaceMissing
        | Refusal::ImpossibleCoordinates
        | Refusal::OutsideJurisdiction { .. }
        | Refusal::AddressTooLong { .. } => "address_string".into(),
        Refusal::WordsTooLong { .. } | Refusal::NothingSaid => "description".into(),
        Refusal::Answer(answer) => format!("attribute-{}", answer.attribute()),
        Refusal::MobileWrong => "phone".into(),
        Refusal::EmailWrong => "email".into(),
        Refusal::NameTooLong { .. } => "first_name".into(),
        Refusal::TooManyPhotos { .. } => "media".into(),
        Refusal::KeyReused | Refusal::KeyTooLong => "main".into(),
    }
}
