//! The city says no: what was wrong with a draft, and beside which field it is said.

use crate::AnswerRefusal;

/// The city says no.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    ServiceMissing,
    ServiceUnknown {
        code: String,
    },
    ServiceClosed {
        code: String,
    },
    PlaceMissing,
    ImpossibleCoordinates,
    /// Outside the borders; the nearest district and how far it is, where there is one.
    OutsideJurisdiction {
        nearest: Option<i64>,
        metres: f64,
    },
    DivisionUnknown,
    WordsTooLong {
        most: usize,
        given: usize,
    },
    /// A complaint, criticism, suggestion or appreciation without words.
    NothingSaid,
    AddressTooLong {
        most: usize,
    },
    Answer(AnswerRefusal),
    MobileWrong,
    EmailWrong,
    NameTooLong {
        most: usize,
    },
    TooManyPhotos {
        most: usize,
    },
    /// The key was used before for something else.
    KeyReused,
    KeyTooLong,
}

impl Refusal {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::ServiceMissing => "service-missing",
            Refusal::ServiceUnknown { .. } => "service-unknown",
            Refusal::ServiceClosed { .. } => "service-closed",
            Refusal::PlaceMissing => "place-missing",
            Refusal::ImpossibleCoordinates => "coordinates-impossible",
            Refusal::OutsideJurisdiction { .. } => "place-outside",
            Refusal::DivisionUnknown => "division-unknown",
            Refusal::WordsTooLong { .. } => "words-too-long",
            Refusal::NothingSaid => "nothing-said",
            Refusal::AddressTooLong { .. } => "address-too-long",
            Refusal::Answer(AnswerRefusal::Missing { .. }) => "answer-missing",
            Refusal::Answer(AnswerRefusal::Unknown { .. }) => "answer-unknown",
            Refusal::Answer(AnswerRefusal::NotANumber { .. }) => "answer-not-a-number",
            Refusal::Answer(AnswerRefusal::NotATime { .. }) => "answer-not-a-time",
            Refusal::Answer(AnswerRefusal::NotInList { .. }) => "answer-not-in-list",
            Refusal::Answer(AnswerRefusal::OnlyOne { .. }) => "answer-only-one",
            Refusal::Answer(AnswerRefusal::TooLong { .. }) => "answer-too-long",
            Refusal::MobileWrong => "mobile-wrong",
            Refusal::EmailWrong => "email-wrong",
            Refusal::NameTooLong { .. } => "name-too-long",
            Refusal::TooManyPhotos { .. } => "too-many-photos",
            Refusal::KeyReused => "key-reused",
            Refusal::KeyTooLong => "key-too-long",
        }
    }

    /// The field it stands beside: `service`, `place`, `words`, `answer:CODE`, `mobile`, `email`, `name`, `photos`, `key`.
    pub fn field(&self) -> String {
        match self {
            Refusal::ServiceMissing | Refusal::ServiceUnknown { .. } | Refusal::ServiceClosed { .. } => {
                "service".into()
            }
            Refusal::PlaceMissing
            | Refusal::ImpossibleCoordinates
            | Refusal::OutsideJurisdiction { .. }
            | Refusal::DivisionUnknown => "place".into(),
            Refusal::AddressTooLong { .. } => "address".into(),
            Refusal::WordsTooLong { .. } | Refusal::NothingSaid => "words".into(),
            Refusal::Answer(answer) => format!("answer:{}", answer.attribute()),
            Refusal::MobileWrong => "mobile".into(),
            Refusal::EmailWrong => "email".into(),
            Refusal::NameTooLong { .. } => "name".into(),
            Refusal::TooManyPhotos { .. } => "photos".into(),
            Refusal::KeyReused | Refusal::KeyTooLong => "key".into(),
        }
    }
}
