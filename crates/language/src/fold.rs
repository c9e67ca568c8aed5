//! One spelling for all spellings: what search and the comparing of names see.
//!
//! Persian can be typed in many ways that a reader takes for the same: Arabic or Persian ی and ک, half-space, space or
//! nothing inside a compound, three sets of digits, vowel marks or none. The index and the question go through this one
//! folding; the stored text is never changed. The rules are numbered as in the study of Persian search:
//!
//! 1–7 make one letter of each group of look-alikes (`letters`), 8 splits at half-spaces, 9 strips joined plurals,
//! 10 joins neighbours that form a known compound, 11 replaces known variants (`lexicon`). There are no stop words:
//! half of the usual ones are words of a city (بالا، کنار، حق).
//!
//! Folding twice changes nothing more. A token holds letters and digits only, and `.` between the digits of a decimal.

mod letters; // rules 1 to 7, letter by letter
mod lexicon; // rules 10 and 11: the word lists in data/
mod numbers; // digits, dates, codes, and the personal numbers that are never indexed
mod words; // rules 8, 9: what one written word yields

#[cfg(test)]
mod tests;

use std::ops::Range;

/// The longest token in letters. Longer runs are no words and are cut.
pub(crate) const LONGEST_TOKEN: usize = 64;

/// What a person asked of the search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Every one of these must be found. A compound is one term here, because its concatenation is what all ways of
    /// writing it have in common.
    pub terms: Vec<String>,
    /// Whether the last term may be the beginning of a word: the person did not finish it with a space.
    pub last_is_prefix: bool,
}

/// The tokens of a text in reading order.
pub fn tokens(text: &str) -> Vec<String> {
    search_text(text).split(' ').filter(|token| !token.is_empty()).map(str::to_owned).collect()
}

/// The tokens of a text joined by single spaces: what a full-text index is fed. Positions follow the text.
pub fn search_text(text: &str) -> String {
    let folded = Folded::of(text, Purpose::Index);
    let mut out = String::with_capacity(folded.buffer.len() + 16);
    folded.each(|token| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(token);
    });
    out
}

/// The terms of a question. See [`Query`].
pub fn query(text: &str) -> Query {
    let folded = Folded::of(text, Purpose::Query);
    let mut terms: Vec<String> = Vec::new();
    let mut before: Option<&str> = None;
    for range in &folded.tokens {
        let Some(token) = folded.buffer.get(range.clone()) else { continue };
        match before.and_then(|first| lexicon::joined(first, token)) {
            // Index texts hold the concatenation however the writer spaced it, so it replaces the two parts.
            Some(joined) => {
                terms.pop();
                terms.push(joined.to_owned());
                before = None;
            }
            None => {
                terms.push(token.to_owned());
                before = Some(token);
            }
        }
    }
    let ends_inside_word = text.chars().next_back().is_some_and(|last| !letters::separates(last));
    Query { last_is_prefix: ends_inside_word && !terms.is_empty(), terms }
}

/// One key for all ways of writing a name: «ولی عصر», «ولی‌عصر» and «وليعصر» are equal. Not for showing.
pub fn key(name: &str) -> String {
    let folded = Folded::of(name, Purpose::Key);
    folded.tokens.iter().filter_map(|range| folded.buffer.get(range.clone())).collect()
}

/// How a token sounds: letters that Persian says alike become one (ز ذ ض ظ, س ص ث, ت ط, ه ح, غ ق, ا ع).
///
/// For a second, weaker field that finds what was misspelt; too coarse to be the only one.
pub fn sound(token: &str) -> String {
    token
        .chars()
        .map(|letter| match letter {
            'ذ' | 'ض' | 'ظ' => 'ز',
            'ص' | 'ث' => 'س',
            'ط' => 'ت',
            'ح' => 'ه',
            'ق' => 'غ',
            'ع' | 'ء' => 'ا',
            _ => letter,
        })
        .collect()
}

/// What the tokens are for, where it makes a difference.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Everything somebody may look for.
    Index,
    /// One term for each idea.
    Query,
    /// No plural is stripped and no abbreviation spelt out: «محله» and «محله‌ها» are two names.
    Key,
}

/// The tokens of a text before neighbours are joined.
struct Folded {
    buffer: String,
    tokens: Vec<Range<usize>>,
}

impl Folded {
    fn of(text: &str, purpose: Purpose) -> Folded {
        let letters = letters::fold(text);
        let mut folded = Folded {
            buffer: String::with_capacity(text.len() + text.len() / 4),
            tokens: Vec::with_capacity(text.len() / 8 + 1),
        };
        let mut at = 0;
        while let Some(letter) = letters.get(at).copied() {
            at = if letter.is_ascii_digit() && numbers::stands_alone(&letters, at) {
                numbers::take(&letters, at, &mut |token| folded.push(token))
            } else if letters::in_word(letter) {
                words::take(&letters, at, purpose, &mut |token| folded.push(token))
            } else {
                at + 1
            };
        }
        folded
    }

    fn push(&mut self, token: &str) {
        if token.is_empty() {
            return;
        }
        if !self.buffer.is_empty() {
            self.buffer.push(' ');
        }
        let start = self.buffer.len();
        self.buffer.push_str(token);
        self.tokens.push(start..self.buffer.len());
    }

    /// Every token, and after two neighbours that form a known compound their concatenation (rule 10).
    ///
    /// A token that already is that concatenation is taken for it, which is what makes folding twice harmless.
    fn each(&self, mut emit: impl FnMut(&str)) {
        let mut before: Option<&str> = None;
        let mut at = 0;
        while let Some(token) = self.token(at) {
            emit(token);
            at += 1;
            if let Some(joined) = before.and_then(|first| lexicon::joined(first, token)) {
                emit(joined);
                if self.token(at) == Some(joined) {
                    at += 1;
                }
            }
            before = Some(token);
        }
    }

    fn token(&self, index: usize) -> Option<&str> {
        self.tokens.get(index).and_then(|range| self.buffer.get(range.clone()))
    }
}
