//! The city's refusals in words: one message for each stable code, in `locales/*/api.ftl`.

use language::{Lang, digits};
use requests::{AnswerRefusal, Refusal};
use territory::Atlas;
use words::Words;

use crate::problem::FieldError;

/// The message of a code that needs no figures. A code without words of its own stands for itself.
pub(crate) fn by_code(lang: Lang, code: &str) -> String {
    match Words(lang).by_key(&format!("api-problem-{code}")) {
        Some(text) => text.to_owned(),
        None => code.to_owned(),
    }
}

/// What the threshold's refusals are called.
pub(crate) fn threshold_code(refusal: door::Refusal) -> &'static str {
    match refusal {
        door::Refusal::TooMany { .. } => "too-many",
        door::Refusal::TooLarge => "too-large",
        door::Refusal::Malformed(_) => "malformed",
        door::Refusal::UnsupportedType => "type-unsupported",
        door::Refusal::CrossSite => "cross-site",
        door::Refusal::TooSlow => "too-slow",
        door::Refusal::Denied => "denied",
    }
}

/// What a person is told about a refused draft.
pub(crate) fn say(lang: Lang, atlas: &Atlas, refusal: &Refusal) -> String {
    let words = Words(lang);
    let count = |n: usize| n as i64;
    match refusal {
        Refusal::OutsideJurisdiction { nearest, metres } => {
            let city = atlas.jurisdiction.name(lang);
            match nearest.and_then(|id| atlas.division(id)) {
                Some(district) => {
                    words.api_refusal_outside_near(city, district.name(lang), &distance(lang, *metres))
                }
                None => words.api_refusal_outside(city),
            }
        }
        Refusal::WordsTooLong { most, given } => {
            words.api_refusal_words_too_long(count(*given), count(*most))
        }
        Refusal::AddressTooLong { most } | Refusal::NameTooLong { most } => {
            words.api_refusal_line_too_long(count(*most))
        }
        Refusal::TooManyPhotos { most } => words.api_refusal_too_many_photos(count(*most)),
        Refusal::ServiceUnknown { code } => words.api_refusal_service_unknown(code),
        Refusal::ServiceClosed { code } => words.api_refusal_service_closed(code),
        Refusal::Answer(answer) => {
            let question = answer.attribute();
            match answer {
                AnswerRefusal::Missing { .. } => words.api_refusal_answer_missing(question),
                AnswerRefusal::Unknown { .. } => words.api_refusal_answer_unknown(question),
                AnswerRefusal::NotANumber { .. } => words.api_refusal_answer_not_a_number(question),
                AnswerRefusal::NotATime { .. } => words.api_refusal_answer_not_a_time(question),
                AnswerRefusal::NotInList { value, .. } => {
                    words.api_refusal_answer_not_in_list(question, value)
                }
                AnswerRefusal::OnlyOne { .. } => words.api_refusal_answer_only_one(question),
                AnswerRefusal::TooLong { most, .. } => {
                    words.api_refusal_answer_too_long(count(*most), question)
                }
            }
        }
        other => by_code(lang, other.code()),
    }
}

/// Metres below a kilometre, else kilometres with one decimal.
fn distance(lang: Lang, metres: f64) -> String {
    let words = Words(lang);
    if metres < 1_000.0 {
        words.api_metres(&digits::plain(metres.round() as i64, lang))
    } else {
        words.api_kilometres(&digits::decimal(metres / 1_000.0, 1, lang))
    }
}

/// The refusals of a draft as the native interface lists them, each beside the field it is about.
pub(crate) fn fields(lang: Lang, atlas: &Atlas, refusals: &[Refusal]) -> Vec<FieldError> {
    refusals
        .iter()
        .map(|refusal| FieldError {
            code: refusal.code().into(),
            field: field(refusal),
            message: say(lang, atlas, refusal),
        })
        .collect()
}

/// The name of a field as the native interface spells it.
fn field(refusal: &Refusal) -> String {
    let field = refusal.field();
    match field.as_str() {
        "service" => "service_code".into(),
        "place" => {
            if matches!(refusal, Refusal::DivisionUnknown) {
                "division".into()
            } else {
                "lat".into()
            }
        }
        "words" => "description".into(),
        "key" => "idempotency-key".into(),
        other => match other.strip_prefix("answer:") {
            Some(question) => format!("attributes.{question}"),
            None => field,
        },
    }
}
