//! Typed on the wrong keyboard: «sghl» is «سلام» with the keyboard left in English, and «اثممخ» is "hello" the other way.
//!
//! Keys follow the standard Persian keyboard ISIRI 9147. A rescue is only ever offered («آیا منظورتان … بود؟») after
//! a search found nothing; it never replaces what was typed.

/// Keys of an English keyboard and the Persian letter on the same key.
const KEYS: [(char, char); 46] = [
    ('q', 'ض'),
    ('w', 'ص'),
    ('e', 'ث'),
    ('r', 'ق'),
    ('t', 'ف'),
    ('y', 'غ'),
    ('u', 'ع'),
    ('i', 'ه'),
    ('o', 'خ'),
    ('p', 'ح'),
    ('[', 'ج'),
    (']', 'چ'),
    ('a', 'ش'),
    ('s', 'س'),
    ('d', 'ی'),
    ('f', 'ب'),
    ('g', 'ل'),
    ('h', 'ا'),
    ('j', 'ت'),
    ('k', 'ن'),
    ('l', 'م'),
    (';', 'ک'),
    ('\'', 'گ'),
    ('z', 'ظ'),
    ('x', 'ط'),
    ('c', 'ز'),
    ('v', 'ر'),
    ('b', 'ذ'),
    ('n', 'د'),
    ('m', 'پ'),
    (',', 'و'),
    ('C', 'ژ'),
    ('H', 'آ'),
    ('?', '؟'),
    ('0', '۰'),
    ('1', '۱'),
    ('2', '۲'),
    ('3', '۳'),
    ('4', '۴'),
    ('5', '۵'),
    ('6', '۶'),
    ('7', '۷'),
    ('8', '۸'),
    ('9', '۹'),
    ('\\', 'پ'),
    (' ', ' '),
];

/// What the same keys give on a Persian keyboard, when the text is plausibly a slip: ASCII only, at least two letters,
/// and every key has a Persian letter. None otherwise.
pub fn as_persian(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.chars().filter(char::is_ascii_alphabetic).count() < 2 {
        return None;
    }
    typed
        .chars()
        .map(|letter| {
            let key = KEYS.iter().find(|(key, _)| *key == letter);
            // Capital letters without a Persian letter of their own are the same key with Caps Lock.
            let key = key.or_else(|| KEYS.iter().find(|(key, _)| *key == letter.to_ascii_lowercase()));
            key.map(|(_, persian)| *persian)
        })
        .collect()
}

/// What the same keys give on an English keyboard, when every letter is on a Persian one. None otherwise.
pub fn as_english(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.chars().filter(|letter| matches!(letter, 'آ'..='ی')).count() < 2 {
        return None;
    }
    typed
        .chars()
        .map(|letter| KEYS.iter().find(|(_, persian)| *persian == letter).map(|(key, _)| *key))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_keyboard_is_understood() {
        assert_eq!(as_persian("sghl").as_deref(), Some("سلام"));
        assert_eq!(as_persian("]hgi odhfhk 12").as_deref(), Some("چاله خیابان ۱۲"));
        assert_eq!(as_english("اثممخ").as_deref(), Some("hello"));
    }

    #[test]
    fn what_is_no_slip_is_left_alone() {
        for typed in ["", "a", "۱۳۷", "سلام", "12", "x@y"] {
            assert_eq!(as_persian(typed), None, "{typed}");
        }
        assert_eq!(as_english("hello"), None);
    }
}
