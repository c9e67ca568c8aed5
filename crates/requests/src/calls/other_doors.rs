//! Other doors: what is said to people who are wrong here, whose business it is, and how to reach them.

use std::sync::Arc;

use language::{Lang, fold};
use serde::{Deserialize, Serialize};
use storage::{Error, Result, Tx, params, sql};

use crate::service::{Both, Keywords};
use crate::submit::json;

/// A door that is not ours, from the city pack.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherDoor {
    pub code: String,
    /// What was asked for: "a traffic fine".
    pub name: Both,
    /// What is read out, whole sentences.
    pub words: Both,
    /// Whom to call; empty when there is no number.
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub keywords: Keywords,
}

/// All of a city, in the order of its pack.
#[derive(Debug, Default)]
pub struct OtherDoors {
    pub all: Vec<OtherDoor>,
    /// The folded words by which each is found.
    words: Vec<String>,
}

impl OtherDoors {
    fn of(all: Vec<OtherDoor>) -> Self {
        let words = all.iter().map(|answer| {
            let keywords =
                answer.keywords.fa.iter().chain(&answer.keywords.en).cloned().collect::<Vec<_>>().join(" ");
            fold::search_text(&format!("{} {} {keywords}", answer.name.fa, answer.name.en))
        });
        OtherDoors { words: words.collect(), all }
    }

    pub fn by_code(&self, code: &str) -> Option<&OtherDoor> {
        self.all.iter().find(|answer| answer.code == code)
    }

    /// Those that somebody's words may be about, the likeliest first: a meeting of two words or of one keyword that
    /// nothing else has.
    pub fn for_words(&self, words: &str, most: usize) -> Vec<&OtherDoor> {
        let said = fold::tokens(words);
        let mut met: Vec<(usize, usize)> = self
            .words
            .iter()
            .enumerate()
            .map(|(n, own)| (own.split(' ').filter(|word| said.iter().any(|s| s == word)).count(), n))
            .filter(|(count, _)| *count > 1)
            .collect();
        met.sort_by_key(|(count, n)| (std::cmp::Reverse(*count), *n));
        met.into_iter().take(most).filter_map(|(_, n)| self.all.get(n)).collect()
    }
}

impl OtherDoor {
    pub fn name(&self, lang: Lang) -> &str {
        self.name.get(lang)
    }
}

/// The other doors of a city as this transaction sees them.
pub fn other_doors(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Arc<OtherDoors>> {
    tx.memo(jurisdiction, |tx, jurisdiction| {
        let all = tx.query(
            sql!("SELECT definition FROM other_doors WHERE jurisdiction_id = $1 ORDER BY position, code LIMIT 1000"),
            &params![jurisdiction],
            |row| serde_json::from_str(&row.get::<String>(0)?).map_err(Error::corrupt),
        )?;
        Ok(OtherDoors::of(all))
    })
}

/// What is wrong with the other doors of a pack, if anything.
pub(crate) fn check(answers: &[OtherDoor]) -> std::result::Result<(), String> {
    for (n, answer) in answers.iter().enumerate() {
        if answer.code.is_empty() || answer.name.is_empty() || answer.words.is_empty() {
            return Err(format!("other door {:?}: it needs a code, a name and words", answer.code));
        }
        if answers.iter().skip(n + 1).any(|other| other.code == answer.code) {
            return Err(format!("other door {} stands twice", answer.code));
        }
    }
    Ok(())
}

/// Replaces the other doors of a city by those of its pack. The caller makes the new edition.
pub(crate) fn load(tx: &mut Tx<'_>, jurisdiction: i64, answers: &[OtherDoor]) -> Result<()> {
    tx.execute(sql!("DELETE FROM other_doors WHERE jurisdiction_id = $1"), &params![jurisdiction])?;
    for (position, answer) in answers.iter().enumerate() {
        tx.execute(
            sql!("INSERT INTO other_doors (jurisdiction_id, code, position, definition) VALUES ($1, $2, $3, $4)"),
            &params![jurisdiction, &answer.code, position as i64, &json(answer)?],
        )?;
    }
    Ok(())
}
