//! Plural categories: which of a message's variants a number takes.
//!
//! The rules are CLDR's cardinal rules for the two languages; they are short enough to be read here.

use crate::Lang;

/// Whether the number takes the `one` variant; every other number takes `other`.
///
/// Persian counts 0 and 1 as one, English only 1 (CLDR: fa `i = 0 or n = 1`, en `i = 1 and v = 0`).
pub const fn is_one(number: i64, lang: Lang) -> bool {
    match lang {
        Lang::Fa => matches!(number, -1..=1),
        Lang::En => matches!(number, 1 | -1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_one_in_persian_and_other_in_english() {
        assert!(is_one(0, Lang::Fa) && is_one(1, Lang::Fa) && !is_one(2, Lang::Fa));
        assert!(!is_one(0, Lang::En) && is_one(1, Lang::En) && !is_one(2, Lang::En));
    }
}
