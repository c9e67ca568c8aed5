//! Rules 8 and 9: what one written word yields.

use super::letters::{JOIN, in_word};
use super::numbers::is_arabic;
use super::{LONGEST_TOKEN, Purpose, lexicon};

/// Parts behind a half-space that only bend a word: plural, comparison, possession, the verb «to be».
const SUFFIXES: [&str; 36] = [
    "ها",
    "های",
    "هایی",
    "هایم",
    "هایت",
    "هایش",
    "هایمان",
    "هایتان",
    "هایشان",
    "هام",
    "هات",
    "هاش",
    "هامون",
    "هاتون",
    "هاشون",
    "هاست",
    "تر",
    "تری",
    "ترین",
    "ترها",
    "ترهای",
    "ام",
    "ات",
    "اش",
    "مان",
    "تان",
    "شان",
    "مون",
    "تون",
    "شون",
    "ای",
    "اند",
    "ایم",
    "اید",
    "ی",
    "یی",
];

/// Parts before a half-space that only bend a verb.
const PREFIXES: [&str; 2] = ["می", "نمی"];

/// Joined plurals, the longest first (rule 9). Nothing else is stripped without a word list: ان, ات, ی and تر are part
/// of too many words (تهران، ثبت، بازی، دفتر).
const JOINED_PLURALS: [&str; 9] = ["هایشان", "هایمان", "هایتان", "هایی", "هایم", "هایت", "هایش", "های", "ها"];

/// The fewest letters a plural may leave.
const SHORTEST_STEM: usize = 3;

/// Emits the tokens of the word that begins at `at` and returns where to go on.
pub fn take(letters: &[char], at: usize, purpose: Purpose, emit: &mut dyn FnMut(&str)) -> usize {
    if let Some((abbreviation, end)) = dotted(letters, at) {
        emit(&bent(abbreviation, purpose));
        return end;
    }
    let end = end_of_word(letters, at);
    let word = letters.get(at..end).unwrap_or_default();
    if !word.contains(&JOIN) {
        emit(&bent(word.iter().collect(), purpose));
        return end;
    }

    let parts: Vec<String> = word
        .split(|letter| *letter == JOIN)
        .filter(|part| !part.is_empty())
        .map(|part| part.iter().collect())
        .collect();
    let mut real: Vec<&String> = parts
        .iter()
        .enumerate()
        .filter(|(index, part)| !is_bending(part, *index, parts.len()))
        .map(|(_, part)| part)
        .collect();
    if real.is_empty() {
        real = parts.iter().collect();
    }
    let whole = || real.iter().map(|part| part.as_str()).collect::<String>();
    match (real.as_slice(), purpose) {
        ([part], _) => emit(&bent((*part).clone(), purpose)),
        (_, Purpose::Key) => emit(&bent(whole(), purpose)),
        ([first, second], Purpose::Query) if lexicon::joined(first, second).is_some() => {
            emit(&bent(whole(), purpose))
        }
        (_, Purpose::Query) => real.iter().for_each(|part| emit(&bent((*part).clone(), purpose))),
        (_, Purpose::Index) => {
            real.iter().for_each(|part| emit(&bent((*part).clone(), purpose)));
            emit(&bent(whole(), purpose));
        }
    }
    end
}

/// The one form of a word in an index.
pub fn one_form(word: String) -> String {
    bent(word, Purpose::Index)
}

/// The one form of a word: cut, without its joined plural, and its known variant replaced (rules 9 and 11).
///
/// Repeated until nothing changes, so that a second folding finds nothing left to do.
fn bent(mut word: String, purpose: Purpose) -> String {
    if let Some((end, _)) = word.char_indices().nth(LONGEST_TOKEN) {
        word.truncate(end);
    }
    // A word gets shorter or reaches a form that stands for itself, so a few rounds always suffice.
    for _ in 0..LONGEST_TOKEN {
        if let Some(replacement) = lexicon::replacement(&word, purpose == Purpose::Key) {
            return replacement.to_owned();
        }
        let stem = JOINED_PLURALS.iter().find_map(|plural| {
            word.strip_suffix(plural)
                .filter(|stem| stem.chars().count() >= SHORTEST_STEM && stem.chars().all(is_arabic))
        });
        match stem {
            Some(stem) if purpose != Purpose::Key => word.truncate(stem.len()),
            _ => break,
        }
    }
    word
}

fn is_bending(part: &str, index: usize, count: usize) -> bool {
    (index > 0 && SUFFIXES.contains(&part)) || (index + 1 < count && index == 0 && PREFIXES.contains(&part))
}

/// Letters up to a separator, and up to the border between Persian letters and digits, half-space or not.
fn end_of_word(letters: &[char], at: usize) -> usize {
    let mut end = at;
    let mut last = ' ';
    let mut joined = false;
    while let Some(letter) = letters.get(end).copied() {
        if letter == JOIN {
            joined = true;
        } else if !in_word(letter) || is_border(last, letter, joined) {
            break;
        } else {
            last = letter;
            joined = false;
        }
        end += 1;
    }
    end
}

fn is_border(last: char, letter: char, joined: bool) -> bool {
    let (digit_before, digit_now) = (last.is_ascii_digit(), letter.is_ascii_digit());
    let beside_persian = (digit_before && is_arabic(letter)) || (digit_now && is_arabic(last));
    // «خط‌۷» is two words like «خط۷»; so is a half-space between digits.
    beside_persian || (joined && (digit_before || digit_now))
}

/// «ب.ر.ت» and "B.R.T.": single letters with dots between them are one word.
fn dotted(letters: &[char], at: usize) -> Option<(String, usize)> {
    let is_letter = |index: usize| {
        letters.get(index).copied().filter(|letter| in_word(*letter) && !letter.is_ascii_digit())
    };
    let is_end = |index: usize| letters.get(index).is_none_or(|next| !in_word(*next) && *next != JOIN);
    let mut word = String::new();
    let mut next = at;
    while let Some(letter) = is_letter(next).filter(|_| is_end(next + 1)) {
        word.push(letter);
        next += 1;
        if letters.get(next) != Some(&'.') || is_letter(next + 1).is_none() || !is_end(next + 2) {
            break;
        }
        next += 1;
    }
    (word.chars().count() >= 2).then_some((word, next))
}
