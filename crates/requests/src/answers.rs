//! What the questions of a service were answered with.

use calendar::Timestamp;
use language::{digits, display};
use serde::{Deserialize, Serialize};

use crate::service::{Attribute, Datatype, Service};

/// The longest answer to one question, in characters.
pub const MOST_CHARACTERS: usize = 1000;

/// The answers to one question, in the spelling that is stored: list keys as the service names them, numbers
/// with ASCII digits, times in RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub code: String,
    pub values: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerRefusal {
    Missing {
        code: String,
    },
    /// Open311 calls it an attribute that the service does not have.
    Unknown {
        code: String,
    },
    NotANumber {
        code: String,
    },
    NotATime {
        code: String,
    },
    NotInList {
        code: String,
        value: String,
    },
    OnlyOne {
        code: String,
    },
    TooLong {
        code: String,
        most: usize,
    },
}

impl AnswerRefusal {
    /// The question it is about.
    pub fn attribute(&self) -> &str {
        match self {
            AnswerRefusal::Missing { code }
            | AnswerRefusal::Unknown { code }
            | AnswerRefusal::NotANumber { code }
            | AnswerRefusal::NotATime { code }
            | AnswerRefusal::NotInList { code, .. }
            | AnswerRefusal::OnlyOne { code }
            | AnswerRefusal::TooLong { code, .. } => code,
        }
    }
}

/// Reads what was answered against what the service asks. An empty answer is no answer.
pub(crate) fn read(
    service: &Service,
    given: &[(String, Vec<String>)],
) -> Result<Vec<Answer>, Vec<AnswerRefusal>> {
    let mut refusals = Vec::new();
    let mut answers = Vec::new();
    for (code, values) in given {
        if !service.about.attributes.iter().any(|a| a.code == *code)
            && values.iter().any(|v| !v.trim().is_empty())
        {
            refusals.push(AnswerRefusal::Unknown { code: code.clone() });
        }
    }
    let mut questions: Vec<&Attribute> = service.about.attributes.iter().filter(|a| a.variable).collect();
    questions.sort_by_key(|a| a.order);
    for question in questions {
        let typed: Vec<String> = given
            .iter()
            .filter(|(code, _)| *code == question.code)
            .flat_map(|(_, values)| values)
            .map(|value| display::clean_text(value))
            .filter(|value| !value.is_empty())
            .collect();
        if typed.is_empty() {
            if question.required {
                refusals.push(AnswerRefusal::Missing { code: question.code.clone() });
            }
            continue;
        }
        match read_one(question, &typed) {
            Ok(values) => answers.push(Answer { code: question.code.clone(), values }),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if refusals.is_empty() { Ok(answers) } else { Err(refusals) }
}

fn read_one(question: &Attribute, typed: &[String]) -> Result<Vec<String>, AnswerRefusal> {
    let code = || question.code.clone();
    if typed.len() > 1 && question.datatype != Datatype::MultiValueList {
        return Err(AnswerRefusal::OnlyOne { code: code() });
    }
    if typed.iter().any(|v| v.chars().count() > MOST_CHARACTERS) {
        return Err(AnswerRefusal::TooLong { code: code(), most: MOST_CHARACTERS });
    }
    typed
        .iter()
        .map(|value| match question.datatype {
            Datatype::Text | Datatype::String => Ok(value.clone()),
            Datatype::Number => {
                let ascii = digits::to_ascii(value).replace('\u{066b}', ".").replace(['\u{066c}', ','], "");
                match ascii.parse::<f64>() {
                    Ok(number) if number.is_finite() => Ok(ascii),
                    _ => Err(AnswerRefusal::NotANumber { code: code() }),
                }
            }
            Datatype::Datetime => Timestamp::parse_rfc3339(&digits::to_ascii(value))
                .map(|at| at.to_rfc3339_z())
                .map_err(|_| AnswerRefusal::NotATime { code: code() }),
            Datatype::SingleValueList | Datatype::MultiValueList => {
                if question.values.iter().any(|v| v.key == *value) {
                    Ok(value.clone())
                } else {
                    Err(AnswerRefusal::NotInList { code: code(), value: value.clone() })
                }
            }
        })
        .collect()
}
