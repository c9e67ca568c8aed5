//! What of a text is looked at: its words, pairs of neighbours, and the beginnings of long words.
//!
//! Words are folded as for search, so every spelling counts as one. Beginnings let «درختی», «درختچه» and what was
//! half mistyped still speak for trees. Numbers say nothing about a service and may be somebody's telephone: they are
//! never looked at.

use language::fold;

/// As many words of a text as are looked at; people say what it is about in the beginning.
pub const MOST_WORDS: usize = 60;
/// Longer ones are addresses of pages, or noise.
pub(super) const LONGEST: usize = 24;
/// Letters of a beginning, and how long a word must be to have one.
const BEGINNING: usize = 4;
const LONG_ENOUGH: usize = 6;

/// One thing that is looked at, with the one or two words it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    pub name: String,
    pub first: usize,
    pub last: usize,
}

/// The folded words of a text that may say what it is about.
pub fn words(text: &str) -> Vec<String> {
    let mut words = fold::tokens(text);
    words.retain(|word| is_word(word));
    words.truncate(MOST_WORDS);
    words
}

/// What is looked at in a list of folded words. The same may come twice.
pub fn features(words: &[String]) -> Vec<Feature> {
    let mut all = Vec::with_capacity(words.len() * 3);
    for (at, word) in words.iter().enumerate() {
        all.push(Feature { name: word.clone(), first: at, last: at });
        if word.chars().count() >= LONG_ENOUGH {
            // A folded word holds no hyphen and no space, so the three kinds never meet.
            let beginning: String = word.chars().take(BEGINNING).chain(['-']).collect();
            all.push(Feature { name: beginning, first: at, last: at });
        }
        if let Some(next) = words.get(at + 1) {
            all.push(Feature { name: format!("{word} {next}"), first: at, last: at + 1 });
        }
    }
    all
}

fn is_word(word: &str) -> bool {
    let letters = word.chars().count();
    (2..=LONGEST).contains(&letters) && word.chars().any(char::is_alphabetic)
}
