//! What of a text is looked at: its words, and the beginnings of long ones.
//!
//! Words are folded as for search, so every spelling counts as one. Beginnings let «درختی», «درختچه» and what was
//! half mistyped still speak for trees. Pairs of neighbours were tried: they helped nobody's first suggestion by more
//! than a fifth of a point and took seven points from sentences of a new kind. Numbers say nothing about a service and
//! may be somebody's telephone: they are never looked at.

use language::fold;

/// As many words of a text as are looked at; people say what it is about in the beginning.
pub const MOST_WORDS: usize = 60;
/// Longer ones are addresses of pages, or noise.
pub(super) const LONGEST: usize = 24;
/// Letters of a beginning, and how long a word must be to have one.
const BEGINNING: usize = 4;
const LONG_ENOUGH: usize = 6;

/// One thing that is looked at, and which word it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    pub name: String,
    pub at: usize,
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
    let mut all = Vec::with_capacity(words.len() * 2);
    for (at, word) in words.iter().enumerate() {
        if word.chars().count() >= LONG_ENOUGH {
            // A folded word holds no hyphen, so a beginning is never taken for a word.
            all.push(Feature { name: word.chars().take(BEGINNING).chain(['-']).collect(), at });
        }
        all.push(Feature { name: word.clone(), at });
    }
    all
}

fn is_word(word: &str) -> bool {
    let letters = word.chars().count();
    (2..=LONGEST).contains(&letters) && word.chars().any(char::is_alphabetic)
}
