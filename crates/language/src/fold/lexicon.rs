//! Rules 10 and 11: the word lists in `data/`, folded once when they are first needed.

use super::letters;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

const COMPOUNDS: &str = include_str!("../../data/compounds.txt");
const CITY_COMPOUNDS: &str = include_str!("../../data/city-compounds.txt");
const VARIANTS: &str = include_str!("../../data/variants.txt");

struct Lexicon {
    /// "ولی عصر": the two parts with a space.
    compounds: HashSet<String>,
    variants: HashMap<String, String>,
}

/// The concatenation of two neighbours when they form a known compound.
pub fn joined(first: &str, second: &str) -> Option<String> {
    // Most pairs are told apart by length alone, which saves building the key.
    if first.len() < 4 || second.len() < 4 || first.len() + second.len() > 60 {
        return None;
    }
    let mut key = String::with_capacity(first.len() + second.len() + 1);
    key.push_str(first);
    key.push(' ');
    key.push_str(second);
    lexicon().compounds.contains(&key).then(|| {
        key.remove(first.len());
        key
    })
}

/// The form that stands for this variant. Single letters are abbreviations («خ» for خیابان), which `keep_letters`
/// leaves alone.
pub fn replacement(word: &str, keep_letters: bool) -> Option<&'static str> {
    if keep_letters && word.chars().nth(1).is_none() {
        return None;
    }
    lexicon().variants.get(word).map(String::as_str)
}

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| Lexicon { compounds: compounds(), variants: variants() })
}

fn compounds() -> HashSet<String> {
    let folded = |part: &str| letters::fold(part).into_iter().filter(|letter| letter.is_alphanumeric()).collect::<String>();
    lines(COMPOUNDS)
        .chain(lines(CITY_COMPOUNDS))
        .filter_map(|line| line.split_once(letters::JOIN))
        .map(|(first, second)| format!("{} {}", folded(first), folded(second)))
        .collect()
}

/// Each line is the form to use, `=`, and the variants that mean it. A line without spaces around joins stays a word:
/// half-spaces inside are dropped.
fn variants() -> HashMap<String, String> {
    let folded = |word: &str| letters::fold(word).into_iter().filter(|letter| letter.is_alphanumeric()).collect::<String>();
    let mut all = HashMap::new();
    for (form, list) in lines(VARIANTS).filter_map(|line| line.split_once('=')) {
        let form = folded(form);
        for variant in list.split_whitespace().map(folded).filter(|variant| *variant != form) {
            all.insert(variant, form.clone());
        }
    }
    all
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}
