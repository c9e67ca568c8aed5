//! The order of the alphabet: how lists of names are sorted in each language.
//!
//! Byte order puts پ چ ژ گ after ی; a reader looks for them where the alphabet has them (Unicode CLDR collation).

use crate::Lang;
use icu_collator::options::CollatorOptions;
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use std::cmp::Ordering;
use std::sync::OnceLock;

/// Compares two names as the dictionary of the language orders them. Numbers inside compare as digits.
pub fn compare(lang: Lang, a: &str, b: &str) -> Ordering {
    match collator(lang) {
        Some(collator) => collator.compare(a, b),
        None => a.cmp(b),
    }
}

/// A key whose byte order is the order of the alphabet, for a column that a database sorts by.
pub fn sort_key(lang: Lang, text: &str) -> Vec<u8> {
    let Some(collator) = collator(lang) else { return text.as_bytes().to_vec() };
    let mut key = Vec::with_capacity(text.len() * 2);
    let Ok(()) = collator.write_sort_key_to(text, &mut key);
    key
}

/// Sorts by the alphabet of the language; equal names keep their order.
pub fn sort_by_name<T>(lang: Lang, items: &mut [T], name: impl Fn(&T) -> &str) {
    items.sort_by(|a, b| compare(lang, name(a), name(b)));
}

// The data is compiled in, so there is always a collator; should a build leave it out, byte order still gives a list.
fn collator(lang: Lang) -> Option<&'static CollatorBorrowed<'static>> {
    static PERSIAN: OnceLock<Option<CollatorBorrowed<'static>>> = OnceLock::new();
    static ENGLISH: OnceLock<Option<CollatorBorrowed<'static>>> = OnceLock::new();
    let (cell, locale) = match lang {
        Lang::Fa => (&PERSIAN, icu_locale_core::locale!("fa")),
        Lang::En => (&ENGLISH, icu_locale_core::locale!("en")),
    };
    cell.get_or_init(|| {
        CollatorBorrowed::try_new(CollatorPreferences::from(locale), CollatorOptions::default()).ok()
    })
    .as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persian_names_stand_where_the_alphabet_has_them() {
        let expected = "آب ابر باغ پارک ثبت جاده چاله زمین ژاله کتاب گل واحد هوا یاس";
        let mut names: Vec<&str> = expected.split(' ').rev().collect();
        sort_by_name(Lang::Fa, &mut names, |name| name);
        assert_eq!(names.join(" "), expected);

        let mut by_key: Vec<&str> = expected.split(' ').rev().collect();
        by_key.sort_by_key(|name| sort_key(Lang::Fa, name));
        assert_eq!(by_key.join(" "), expected);
    }

    #[test]
    fn english_ignores_case_first() {
        let mut names = vec!["beta", "Alpha", "Ćirić", "Delta", "alpha"];
        sort_by_name(Lang::En, &mut names, |name| name);
        assert_eq!(names, ["alpha", "Alpha", "beta", "Ćirić", "Delta"]);
    }
}
