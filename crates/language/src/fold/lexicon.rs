//! Rules 10 and 11: the word lists in `data/`, folded once when they are first needed.

use super::{letters, words};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

const COMPOUNDS: &str = include_str!("../../data/compounds.txt");
const CITY_COMPOUNDS: &str = include_str!("../../data/city-compounds.txt");
const VARIANTS: &str = include_str!("../../data/variants.txt");

/// A fixed list of words by how they are spelt. The lists come with the program and nobody can add to them, so a quick
/// hash without protection against chosen keys is enough; it halves the time of a look-up.
type Words<K> = HashMap<K, String, BuildHasherDefault<QuickHash>>;

#[derive(Default)]
struct QuickHash(u64);

impl Hasher for QuickHash {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut eight = [0; 8];
            eight.iter_mut().zip(chunk).for_each(|(place, byte)| *place = *byte);
            self.0 = (self.0 ^ u64::from_le_bytes(eight)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
        }
    }

    fn finish(&self) -> u64 {
        self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

/// The one word of two neighbours when they form a known compound.
pub fn joined(first: &str, second: &str) -> Option<&'static str> {
    // Most pairs are told apart by length alone, which saves building the key.
    let length = first.len() + second.len() + 1;
    let mut key = [0; 48];
    let space = first.len();
    if space < 4 || second.len() < 4 {
        return None;
    }
    key.get_mut(..space)?.copy_from_slice(first.as_bytes());
    *key.get_mut(space)? = b' ';
    key.get_mut(space + 1..length)?.copy_from_slice(second.as_bytes());
    compounds().get(key.get(..length)?).map(String::as_str)
}

/// The form that stands for this variant. Single letters are abbreviations («خ» for خیابان), which `keep_letters`
/// leaves alone.
pub fn replacement(word: &str, keep_letters: bool) -> Option<&'static str> {
    if keep_letters && word.chars().nth(1).is_none() {
        return None;
    }
    variants().get(word).map(String::as_str)
}

/// "ولی عصر" in bytes, and the form in which a text that writes it as one word yields it.
fn compounds() -> &'static Words<Vec<u8>> {
    static COMPOUND_WORDS: OnceLock<Words<Vec<u8>>> = OnceLock::new();
    COMPOUND_WORDS.get_or_init(|| {
        let pairs =
            lines(COMPOUNDS).chain(lines(CITY_COMPOUNDS)).filter_map(|line| line.split_once(letters::JOIN));
        pairs
            .map(|(first, second)| {
                let (first, second) = (folded(first), folded(second));
                (format!("{first} {second}").into_bytes(), words::one_form(format!("{first}{second}")))
            })
            .collect()
    })
}

/// Each line is the form to use, `=`, and the variants that mean it.
fn variants() -> &'static Words<String> {
    static VARIANT_WORDS: OnceLock<Words<String>> = OnceLock::new();
    VARIANT_WORDS.get_or_init(|| {
        let mut all = Words::default();
        for (form, list) in lines(VARIANTS).filter_map(|line| line.split_once('=')) {
            let form = folded(form);
            for variant in list.split_whitespace().map(folded).filter(|variant| *variant != form) {
                all.insert(variant, form.clone());
            }
        }
        all
    })
}

fn folded(word: &str) -> String {
    letters::fold(word).into_iter().filter(|letter| letter.is_alphanumeric()).collect()
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_stands_for_itself() {
        for form in variants().values() {
            assert_eq!(&words::one_form(form.clone()), form, "a form must not be a variant of another form");
        }
    }

    #[test]
    fn no_compound_is_lost_between_the_file_and_the_key() {
        let written = lines(COMPOUNDS).chain(lines(CITY_COMPOUNDS));
        for line in written {
            let (first, second) = line.split_once(letters::JOIN).expect("a compound has a half-space");
            let (first, second) = (folded(first), folded(second));
            assert!(joined(&first, &second).is_some(), "{line} can never be found");
        }
    }
}
