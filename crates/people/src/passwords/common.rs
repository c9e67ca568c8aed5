//! What everybody tries first.
//!
//! A list of our own, put together from general knowledge of what people choose and of this field, in `common.txt`;
//! it is no list of stolen passwords. It holds stems: a password that is a stem with digits, signs and a year around
//! it, or with letters exchanged for look-alikes, is as easy to try as the stem itself. Rows of keys, counting,
//! repetition, dates and telephone numbers are found by rule.

use std::collections::HashSet;
use std::sync::LazyLock;

use language::digits;

static STEMS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("common.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
});

/// Rows of keys as hands run over them, on the Latin and the Persian keyboard, forwards; backwards is looked for too.
const ROWS: &[&str] = &[
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",
    "ضصثقفغعهخحجچ",
    "شسیبلاتنمکگ",
    "ظطزرذدپو",
    "الفبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
];

/// Digits only are few, however many: a date, a telephone number, a national id, a count.
const SAFE_DIGITS: usize = 16;
/// A run of this many neighbouring keys is one choice and not many.
const RUN: usize = 4;
/// What must be left over when the easy parts are taken away.
const LEFT: usize = 4;

pub(super) fn is_common(typed: &str) -> bool {
    let plain = digits::to_ascii(&typed.to_lowercase());
    let letters: Vec<char> = plain.chars().filter(|c| !c.is_whitespace()).collect();
    if letters.iter().all(char::is_ascii_digit) && letters.len() < SAFE_DIGITS {
        return true;
    }
    let different: HashSet<char> = letters.iter().copied().collect();
    if different.len() < LEFT || repeats(&letters) {
        return true;
    }
    let joined: String = letters.iter().collect();
    // A year behind a word is a year, not letters in disguise.
    let middle = joined.trim_matches(|c: char| !c.is_alphabetic());
    if [joined.as_str(), &without_looks(&joined), &without_looks(middle)].into_iter().any(is_stem) {
        return true;
    }
    without_runs(&letters) < LEFT
}

/// The password is one of the names with little around it.
pub(super) fn is_like(typed: &str, names: &[&str]) -> bool {
    let typed = bare(&digits::to_ascii(&typed.to_lowercase()));
    let looks = bare(&without_looks(&digits::to_ascii(&typed)));
    names
        .iter()
        .flat_map(|name| {
            let name = digits::to_ascii(&name.to_lowercase());
            let mut parts: Vec<String> =
                name.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
            parts.push(name);
            parts
        })
        .map(|name| bare(&name))
        .filter(|name| name.chars().count() >= 4)
        .any(|name| {
            [&typed, &looks]
                .iter()
                .any(|text| text.contains(&name) && text.chars().count() < name.chars().count() + 2 * LEFT)
        })
}

/// A stem, or two stems in a row, with digits and signs around and between them.
fn is_stem(text: &str) -> bool {
    if STEMS.contains(text) {
        return true;
    }
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    // Short leftovers such as the x in `iran2000x` add little.
    let easy = |word: &&str| word.chars().count() < 3 || STEMS.contains(word) || is_two_stems(word);
    let leftovers: usize =
        words.iter().filter(|word| word.chars().count() < 3).map(|word| word.chars().count()).sum();
    (1..=3).contains(&words.len()) && leftovers < LEFT && words.iter().all(easy)
}

fn is_two_stems(word: &str) -> bool {
    word.char_indices()
        .skip(3)
        .any(|(at, _)| word.split_at_checked(at).is_some_and(|(a, b)| STEMS.contains(a) && STEMS.contains(b)))
}

/// `p@ssw0rd` reads `password`.
fn without_looks(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' | '|' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' | '+' => 't',
            other => other,
        })
        .collect()
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// `abcabcabc`: the whole is one short piece again and again.
fn repeats(letters: &[char]) -> bool {
    (1..=letters.len() / 2)
        .any(|length| length <= 6 && letters.iter().zip(letters.iter().skip(length)).all(|(a, b)| a == b))
}

/// How many signs are left when every run of neighbouring keys counts as one.
fn without_runs(letters: &[char]) -> usize {
    let mut left = 0;
    let mut at = 0;
    while at < letters.len() {
        let rest = letters.get(at..).unwrap_or_default();
        let run = longest_run(rest);
        left += 1;
        at += if run >= RUN { run } else { 1 };
    }
    left
}

fn longest_run(letters: &[char]) -> usize {
    ROWS.iter()
        .flat_map(|row| {
            let forwards: Vec<char> = row.chars().collect();
            let backwards: Vec<char> = row.chars().rev().collect();
            [forwards, backwards]
        })
        .map(|row| {
            let Some(first) = letters.first() else { return 0 };
            let Some(from) = row.iter().position(|c| c == first) else { return 1 };
            row.iter().skip(from).zip(letters).take_while(|(a, b)| a == b).count()
        })
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::{WeakPassword, check};

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for typed in [
            "password",
            "Password1",
            "P@ssw0rd",
            "p4ssw0rd123",
            "qwertyuiop",
            "1q2w3e4r",
            "asdfghjkl;",
            "12345678",
            "۱۲۳۴۵۶۷۸",
            "09121234567",
            "13650214",
            "aaaaaaaa",
            "abcabcabc",
            "iloveyou",
            "iloveyou2",
            "letmein!!",
            "Tehran1403",
            "tehran@137",
            "shahrdari",
            "Shahrdari1404",
            "شهرداری۱۴۰۳",
            "admin1234",
            "administrator",
            "welcome1",
            "Welcome123!",
            "alireza1365",
            "mohammad",
            "ضصثقفغعهخ",
            "peyvand137",
            "samaneh137",
            "qwer1234",
            "zaq12wsx",
            "1qaz2wsx",
            "football",
            "sunshine1",
            "princess",
            "superman",
            "iran1357",
            "perspolis",
            "esteghlal",
            "khodaya1",
            "dragon12",
            "changeme",
            "secret123",
            "summer2024",
        ] {
            assert_eq!(check(typed, &[]), Err(WeakPassword::Common), "{typed}");
        }
    }

    /// Every list of the passwords that people choose most is stems with a little around them. Written out, ours would
    /// be far longer than such lists are; a rule says the same and keeps no list that somebody might misuse.
    #[test]
    fn thousands_of_usual_choices_are_refused_by_rule() {
        let (mut tried, mut let_through) = (0, Vec::new());
        let years = (1340..=1410).chain(1960..=2030).map(|year| year.to_string());
        let ends: Vec<String> =
            ["", "1", "12", "123", "1234", "12345", "!", "@", "1!", "@123", "#1", "00", "007", "۱۲۳"]
                .into_iter()
                .map(str::to_owned)
                .chain(years)
                .collect();
        for stem in super::STEMS.iter().filter(|stem| stem.chars().count() >= 4) {
            let mut capital = stem.chars();
            let capital: String =
                capital.next().into_iter().flat_map(char::to_uppercase).chain(capital).collect();
            for end in &ends {
                for typed in [format!("{stem}{end}"), format!("{capital}{end}")] {
                    if typed.chars().count() >= super::super::LEAST {
                        tried += 1;
                        let_through
                            .extend((check(&typed, &[]) != Err(WeakPassword::Common)).then_some(typed));
                    }
                }
            }
        }
        assert!(tried > 100_000, "{tried}");
        assert!(let_through.is_empty(), "{} of {tried}: {:?}", let_through.len(), &let_through[..5]);
    }

    #[test]
    fn a_sentence_of_ones_own_will_do() {
        for typed in [
            "correct horse battery staple",
            "گربهٔ همسایه پنجره را باز کرد",
            "k7fm-2xq9-ddvr-8p3h",
            "nine purple elevators",
            "T9#vLq2!",
            "باران‌نیامد و ما خندیدیم",
            "7461 9305 1182 6649",
        ] {
            assert_eq!(check(typed, &["Ali Rezaei", "a.rezaei"]), Ok(()), "{typed}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_and_names_are_no_secret() {
        assert_eq!(check("T9#vLq2", &[]), Err(WeakPassword::TooShort));
        assert_eq!(check("گربهٔ من", &[]), Ok(()), "eight characters, more bytes");
        assert_eq!(check(&"گربه و سگ ".repeat(13), &[]), Err(WeakPassword::TooLong));
        assert_eq!(check("zsohrabi1403", &["زهرا سهرابی", "z.sohrabi"]), Err(WeakPassword::LikeName));
        assert_eq!(check("sohrabi#77", &["زهرا سهرابی", "z.sohrabi"]), Err(WeakPassword::LikeName));
        assert_eq!(check("سهرابی۷۷۷", &["زهرا سهرابی", "z.sohrabi"]), Err(WeakPassword::LikeName));
    }
}
