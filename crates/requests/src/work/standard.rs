//! Words that are said often, per service and state, with a fixed list of placeholders.
//!
//! A city pack brings them (`answers.toml`); staff change them and add their own. Loading a newer pack leaves what
//! was changed by hand as it is.

use language::{Lang, display};
use people::{Act, Permission, Where};
use serde::Deserialize;
use storage::{Result, Row, Tx, params, sql};

use crate::catalogue::Catalogue;
use crate::service::Both;
use crate::{Status, rules::MOST_WORDS};

/// What may stand between braces; everything else is refused when an answer is kept.
pub const PLACEHOLDERS: [&str; 6] = ["code", "service", "unit", "address", "due", "city"];
/// As many answers as one city may have.
const MOST: u32 = 2_000;
const MOST_NAME: usize = 120;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    pub id: i64,
    /// An ASCII slug; unique in the city.
    pub code: String,
    /// None for every service.
    pub service: Option<i64>,
    /// The state that it leads to.
    pub status: Status,
    pub name: Both,
    pub text: Both,
    pub is_edited: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum StandardError {
    #[error("{{{0}}} is no placeholder")]
    PlaceholderUnknown(String),
    #[error("a name and words in Persian are missing")]
    TextMissing,
    #[error("at most {most} characters")]
    TooLong { most: usize },
    #[error("a code has only small ASCII letters, digits and -")]
    CodeWrong,
    #[error(transparent)]
    Denied(#[from] people::Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl StandardError {
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            StandardError::PlaceholderUnknown(_) => "placeholder-unknown",
            StandardError::TextMissing => "text-missing",
            StandardError::TooLong { .. } => "words-too-long",
            StandardError::CodeWrong => "code-wrong",
            StandardError::Denied(_) => "denied",
            StandardError::Failure(_) => return None,
        })
    }
}

/// `answers.toml` of a city pack.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswersFile {
    answer: Vec<AnswerEntry>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerEntry {
    code: String,
    /// A service's code; without one, every service.
    #[serde(default)]
    service: Option<String>,
    status: String,
    name: Both,
    text: Both,
}

/// Loads the answers of a pack: new ones are added, unchanged ones renewed. Says what is wrong in words for whoever
/// writes packs.
pub fn load(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    file: &AnswersFile,
    service: impl Fn(&str) -> Option<i64>,
) -> Result<std::result::Result<usize, String>> {
    for entry in &file.answer {
        let wrong = |what: String| Ok(Err(format!("answer {}: {what}", entry.code)));
        let Some(status) = Status::parse(&entry.status) else {
            return wrong(format!("there is no state {}", entry.status));
        };
        let service = match entry.service.as_deref() {
            None => None,
            Some(code) => match service(code) {
                Some(id) => Some(id),
                None => return wrong(format!("there is no service {code}")),
            },
        };
        if let Err(error) = check(&entry.code, &entry.name, &entry.text) {
            return wrong(error.to_string());
        }
        tx.execute(
            sql!(
                "INSERT INTO standard_answers (jurisdiction_id, id, code, service_id, status, name_fa, name_en, text_fa, text_en)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                 ON CONFLICT (jurisdiction_id, code) DO UPDATE SET service_id = excluded.service_id, status = excluded.status,
                     name_fa = excluded.name_fa, name_en = excluded.name_en, text_fa = excluded.text_fa, text_en = excluded.text_en
                 WHERE standard_answers.is_edited = 0"
            ),
            &params![
                jurisdiction, act.new_id(), &entry.code, service, status.code(), &entry.name.fa, &entry.name.en,
                &entry.text.fa, &entry.text.en
            ],
        )?;
    }
    Ok(Ok(file.answer.len()))
}

fn check(code: &str, name: &Both, text: &Both) -> std::result::Result<(), StandardError> {
    let is_slug = !code.is_empty()
        && code.len() <= 80
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !is_slug {
        return Err(StandardError::CodeWrong);
    }
    if name.fa.is_empty() || text.fa.is_empty() {
        return Err(StandardError::TextMissing);
    }
    for words in [&text.fa, &text.en] {
        if words.chars().count() > MOST_WORDS {
            return Err(StandardError::TooLong { most: MOST_WORDS });
        }
        if let Some(unknown) = placeholders(words).find(|p| !PLACEHOLDERS.contains(p)) {
            return Err(StandardError::PlaceholderUnknown(unknown.chars().take(40).collect()));
        }
    }
    for words in [&name.fa, &name.en] {
        if words.chars().count() > MOST_NAME {
            return Err(StandardError::TooLong { most: MOST_NAME });
        }
    }
    Ok(())
}

/// What stands between braces.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or(rest))
}

/// The words with every placeholder filled; one that has nothing to say leaves nothing.
pub fn fill(text: &str, value: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, behind) = rest.split_at(open);
        out.push_str(before);
        match behind.find('}') {
            Some(close) => {
                let name = behind.get(1..close).unwrap_or("");
                if PLACEHOLDERS.contains(&name) {
                    out.push_str(&value(name));
                } else {
                    out.push_str(behind.get(..=close).unwrap_or(""));
                }
                rest = behind.get(close + 1..).unwrap_or("");
            }
            None => {
                rest = behind;
                break;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Keeps an answer: a new one, or under the code of one that is there already.
pub fn put(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    code: &str,
    service: Option<i64>,
    status: Status,
    name: &Both,
    text: &Both,
) -> std::result::Result<(), StandardError> {
    act.require(Permission::ManageCatalogue, Where::city(jurisdiction))?;
    let clean = |both: &Both| Both::new(display::clean_text(&both.fa), display::clean_text(&both.en));
    let (name, text) = (clean(name), clean(text));
    check(code, &name, &text)?;
    tx.execute(
        sql!(
            "INSERT INTO standard_answers (jurisdiction_id, id, code, service_id, status, name_fa, name_en, text_fa, text_en, is_edited)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)
             ON CONFLICT (jurisdiction_id, code) DO UPDATE SET service_id = excluded.service_id, status = excluded.status,
                 name_fa = excluded.name_fa, name_en = excluded.name_en, text_fa = excluded.text_fa, text_en = excluded.text_en,
                 is_edited = 1, is_retired = 0"
        ),
        &params![
            jurisdiction, act.new_id(), code, service, status.code(), &name.fa, &name.en, &text.fa, &text.en
        ],
    )?;
    act.record(
        tx,
        jurisdiction,
        "catalogue",
        jurisdiction,
        "standard-answer-kept",
        format!("{{\"code\":\"{code}\"}}"),
    );
    Ok(())
}

/// Takes an answer out of use; it is kept, so that a newer pack does not bring it back.
pub fn retire(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
) -> std::result::Result<(), StandardError> {
    act.require(Permission::ManageCatalogue, Where::city(jurisdiction))?;
    tx.execute(
        sql!(
            "UPDATE standard_answers SET is_retired = 1, is_edited = 1 WHERE jurisdiction_id = $1 AND id = $2"
        ),
        &params![jurisdiction, id],
    )?;
    act.record(
        tx,
        jurisdiction,
        "catalogue",
        jurisdiction,
        "standard-answer-retired",
        format!("{{\"id\":{id}}}"),
    );
    Ok(())
}

/// Every answer in use, by state and name.
pub fn all(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Vec<Standard>> {
    tx.query(
        sql!(
            "SELECT id, code, service_id, status, name_fa, name_en, text_fa, text_en, is_edited FROM standard_answers
             WHERE jurisdiction_id = $1 AND is_retired = 0 ORDER BY status, code LIMIT $2"
        ),
        &params![jurisdiction, MOST],
        read_row,
    )
}

fn read_row(row: &Row<'_>) -> Result<Standard> {
    let status: String = row.get(3)?;
    Ok(Standard {
        id: row.get(0)?,
        code: row.get(1)?,
        service: row.get(2)?,
        status: Status::parse(&status).ok_or_else(|| {
            storage::Error::corrupt(format_args!("an answer for the unknown state {status}"))
        })?,
        name: Both::new(row.get::<String>(4)?, row.get::<String>(5)?),
        text: Both::new(row.get::<String>(6)?, row.get::<String>(7)?),
        is_edited: row.get(8)?,
    })
}

/// The answers that fit a request of a service, its own before those for every service.
pub fn fitting(all: &[Standard], service: i64) -> Vec<&Standard> {
    let mut fitting: Vec<&Standard> =
        all.iter().filter(|a| a.service.is_none_or(|own| own == service)).collect();
    fitting.sort_by_key(|answer| answer.service.is_none());
    fitting
}

/// What a placeholder stands for, as far as the catalogue knows it.
pub fn known(catalogue: &Catalogue, request: &crate::ServiceRequest, name: &str, lang: Lang) -> String {
    match name {
        "code" => request.code.for_people(lang),
        "service" => catalogue.service(request.service).map_or("", |s| s.name(lang)).to_owned(),
        "unit" => catalogue.unit_name(request.unit, lang).to_owned(),
        "address" => request.address.clone(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_a_fixed_list() {
        let both = |text: &str| Both::new(text, "");
        check("a", &both("نام"), &both("کد {code} در {unit}")).unwrap();
        let no = check("a", &both("نام"), &both("سلام {mobile}"));
        assert!(matches!(no, Err(StandardError::PlaceholderUnknown(p)) if p == "mobile"));
        assert!(matches!(check("A b", &both("نام"), &both("x")), Err(StandardError::CodeWrong)));
        assert!(matches!(check("a", &both("نام"), &both("")), Err(StandardError::TextMissing)));
    }

    #[test]
    fn what_is_filled_is_not_read_again() {
        let filled =
            fill("{code} و {unit}{", |name| if name == "code" { "{unit}".into() } else { "و".into() });
        assert_eq!(filled, "{unit} و و{");
    }
}
