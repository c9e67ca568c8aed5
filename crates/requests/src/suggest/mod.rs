//! Which service somebody's words may mean.
//!
//! A suggestion helps a person choose and never chooses: whoever shows one shows why, by the words that spoke for it.
//! What words mean is learned from the city's own requests and the services they were given in the end; what no
//! request ever said is looked for in the names of the services. How good that is, and how it was measured, is told in
//! docs/reference/suggestions.md.

mod by_name; // for words that no request had
mod history; // learning at night, keeping the model
mod lesson; // from examples to a model
mod model; // from words to services
pub mod words; // what of a text is looked at

use std::collections::HashMap;

use language::fold;
use storage::{Result, Tx};

use crate::catalogue::catalogue;

pub use history::{STUDY, keep, learn, names};
pub use lesson::Lesson;
pub use model::{Judged, Model};

/// A service that the words may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    pub service: i64,
    /// How sure, from 0 to 1, judged by what the city's earlier requests with such words were; 0 when the service was
    /// only found by its name.
    pub share: f64,
    /// The words that spoke for it, as they were typed, the strongest first; three at most.
    pub because: Vec<String>,
}

/// What is less likely is not worth anybody's glance.
const LEAST_SHARE: f64 = 0.03;
/// Words that are told for a suggestion.
const MOST_WORDS_TOLD: usize = 3;
/// A word that spoke less than this part of the loudest is no reason.
const LEAST_LOUD: f32 = 0.25;
/// A text this long says what it is about; the rest is not looked at.
const MOST_LETTERS: usize = 2000;

/// Services that are offered now and that the words may mean, the likeliest first. Without words, nothing.
pub fn suggest(tx: &mut Tx<'_>, jurisdiction: i64, words: &str, most: usize) -> Result<Vec<Suggestion>> {
    let text: String = words.chars().take(MOST_LETTERS).collect();
    let catalogue = catalogue(tx, jurisdiction)?;
    let is_offered = |id: i64| catalogue.service(id).is_some_and(|s| s.is_open);
    let mut found: Vec<(i64, f64, Vec<(String, f32)>)> = Vec::new();
    if let Some(model) = history::model(tx, jurisdiction)? {
        // Some more, because a service may have been closed since.
        let judged = model.judge(&text, most + 8);
        let likely = judged.into_iter().filter(|j| j.share >= LEAST_SHARE && is_offered(j.service));
        found.extend(likely.take(most).map(|j| (j.service, j.share, j.spoke)));
    }
    for (service, spoke) in by_name::by_name(&catalogue, &text, most) {
        if found.len() < most && found.iter().all(|(known, _, _)| *known != service) {
            found.push((service, 0.0, spoke));
        }
    }
    let typed = typed(&text);
    Ok(found
        .into_iter()
        .map(|(service, share, spoke)| Suggestion { service, share, because: because(&typed, &spoke) })
        .collect())
}

/// The words of a text as they were typed, each with what folding makes of it. A compound written in two words is
/// there as both together too.
fn typed(text: &str) -> Vec<(String, Vec<String>)> {
    let pieces: Vec<&str> = text.split_whitespace().take(words::MOST_WORDS * 2).collect();
    let mut all = Vec::with_capacity(pieces.len() * 2);
    for (n, piece) in pieces.iter().enumerate() {
        let folded = fold::tokens(piece);
        if let Some(next) = pieces.get(n + 1) {
            let both = format!("{piece} {next}");
            let parts: Vec<String> = folded.iter().cloned().chain(fold::tokens(next)).collect();
            let mut joined = fold::tokens(&both);
            joined.retain(|token| !parts.contains(token));
            if !joined.is_empty() {
                all.push((plain(&both), joined));
            }
        }
        all.push((plain(piece), folded));
    }
    all
}

/// Letters, digits and what joins them, so that what is shown is a word and no hidden sign turns the line round.
fn plain(text: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, '\u{200c}' | '-' | ' ' | '\'');
    let text: String = text.chars().filter(kept).take(words::LONGEST * 2).collect();
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

/// The typed words that spoke loudest.
fn because(typed: &[(String, Vec<String>)], spoke: &[(String, f32)]) -> Vec<String> {
    let mut strength: HashMap<&str, f32> = HashMap::new();
    for (word, by) in spoke {
        *strength.entry(word.as_str()).or_default() += by;
    }
    let mut loud: Vec<(f32, &str)> = Vec::new();
    for (word, folded) in typed {
        let by: f32 = folded.iter().filter_map(|token| strength.get(token.as_str())).sum();
        if by > 0.0 && !word.is_empty() && loud.iter().all(|(_, known)| known != word) {
            loud.push((by, word));
        }
    }
    loud.sort_by(|a, b| b.0.total_cmp(&a.0));
    let quiet = loud.first().map_or(0.0, |(by, _)| by * LEAST_LOUD);
    loud.retain(|(by, _)| *by >= quiet);
    loud.into_iter().take(MOST_WORDS_TOLD).map(|(_, word)| word.to_owned()).collect()
}

#[cfg(test)]
mod tests;
