//! Personal numbers and addresses inside text that becomes public.
//!
//! People write their telephone number into the description of a pothole. Before the words are shown to everybody,
//! each digit of such a number becomes «•». The stored text keeps them for the staff who may see it.
//! It errs on the side of hiding: a long bare number that only looks like a telephone is hidden too.

use crate::{digits, national_id};

const HIDDEN: char = '•';

/// The fewest digits of a personal number: a telephone number after a plus.
const SHORTEST: usize = 8;
/// The most digits a masked number can have: an IBAN's 24.
const LONGEST: usize = 24;

/// The text with telephone numbers, national identity numbers, bank card and Sheba numbers and e-mail addresses
/// hidden. The length in letters stays, except for e-mail addresses.
pub fn public_text(text: &str) -> String {
    // Most words hold no number that is long enough, and most pages are made of such words.
    let digits = text.chars().filter(|letter| digits::value(*letter).is_some()).count();
    if digits < SHORTEST && !text.contains(['@', '＠']) {
        return text.to_owned();
    }
    let letters: Vec<char> = hide_emails(text).chars().collect();
    let mut hidden = vec![false; letters.len()];
    let groups = groups(&letters);
    for first in 0..groups.len() {
        let mut number = String::with_capacity(LONGEST);
        let mut end_before = None;
        for group in groups.iter().skip(first) {
            // Groups belong to one number only while nothing but one separator stands between them.
            if end_before.is_some_and(|end| !is_joined(&letters, end, group.start)) {
                break;
            }
            let Some(part) = letters.get(group.start..group.end) else { break };
            number.extend(
                part.iter().filter_map(|letter| digits::value(*letter)).map(|digit| (b'0' + digit) as char),
            );
            if number.len() > LONGEST {
                break;
            }
            let start = groups.get(first).map_or(0, |group| group.start);
            let plus = start.checked_sub(1).and_then(|index| letters.get(index)) == Some(&'+');
            if is_personal(&number, plus)
                && let Some(run) = hidden.get_mut(start..group.end)
            {
                run.fill(true);
            }
            end_before = Some(group.end);
        }
    }
    let hide = |(letter, hidden): (char, bool)| {
        if hidden && digits::value(letter).is_some() { HIDDEN } else { letter }
    };
    letters.into_iter().zip(hidden).map(hide).collect()
}

/// Whether a bare run of ASCII digits is personal: never indexed for search, never shown in public.
pub fn is_personal(number: &str, after_plus: bool) -> bool {
    let n = number.len();
    let iranian = |national: &str| national.len() == 10 && !national.starts_with('0');
    let telephone = (after_plus && (8..=15).contains(&n))
        || number.strip_prefix("0098").is_some_and(iranian)
        || (n == 12 && number.starts_with("989"))
        || (n == 11 && number.strip_prefix('0').is_some_and(iranian))
        || (n == 10 && number.starts_with('9'));
    telephone || (n == 10 && is_national_id(number)) || (n == 16 && is_card(number)) || n == LONGEST
}

fn is_national_id(number: &str) -> bool {
    let mut figures = [0; 10];
    figures.iter_mut().zip(number.bytes()).for_each(|(figure, byte)| *figure = byte.wrapping_sub(b'0'));
    national_id::checks(figures)
}

/// ISO/IEC 7812-1: the Luhn sum of a card number.
fn is_card(number: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10) && number.bytes().any(|byte| byte != b'0')
}

struct Group {
    start: usize,
    end: usize,
}

fn groups(letters: &[char]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (index, _) in letters.iter().enumerate().filter(|(_, letter)| digits::value(**letter).is_some()) {
        match groups.last_mut() {
            Some(group) if group.end == index => group.end = index + 1,
            _ => groups.push(Group { start: index, end: index + 1 }),
        }
    }
    groups
}

fn is_joined(letters: &[char], end: usize, start: usize) -> bool {
    let between = letters.get(end..start).unwrap_or_default();
    // A slash and a colon make dates and times, which stay.
    between.len() <= 2
        && between.iter().all(|letter| {
            matches!(
                letter,
                ' ' | '-' | '.' | '(' | ')' | '_' | '‐' | '–' | '−' | '\u{A0}' | '\u{200C}' | '\u{202F}'
            )
        })
}

fn hide_emails(text: &str) -> String {
    if !text.contains(['@', '＠']) {
        return text.to_owned();
    }
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-' | '+' | '%');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['@', '＠']) {
        let (before, from_at) = rest.split_at(at);
        let mut after = from_at.chars();
        after.next();
        let after = after.as_str();
        let name = before.trim_end_matches(is_part);
        let behind = after.trim_start_matches(is_part);
        let host_len = after.len() - behind.len();
        let host = after.get(..host_len).unwrap_or_default().trim_end_matches(['.', '-', '_']);
        if name.len() < before.len() && host.contains('.') {
            out.push_str(name);
            out.push_str("•••@•••");
            rest = after.get(host.len()..).unwrap_or_default();
        } else {
            out.push_str(before);
            out.extend(from_at.chars().next());
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(public_text(text), expected, "{text}");
    }

    #[test]
    fn personal_numbers_are_hidden() {
        check("با من تماس بگیرید ۰۹۱۲۱۲۳۴۵۶۷", "با من تماس بگیرید •••••••••••");
        check("0912 123-4567 خانم رضایی", "•••• •••-•••• خانم رضایی");
        check("کوچه 12 0912 345 6789", "کوچه 12 •••• ••• ••••");
        check("تلفن ۰۲۱-۸۸۷۷۶۶۵۵", "تلفن •••-••••••••");
        check("+44 7700 900123", "+•• •••• ••••••");
        check("کد ملی 0499370899", "کد ملی ••••••••••");
        check("کارت 6037-9975-9999-9994.", "کارت 6037-9975-9999-9994.");
        check("کارت 4111 1111 1111 1111", "کارت •••• •••• •••• ••••");
        check("نامه به ali.rezaei@example.com. ممنون", "نامه به •••@•••. ممنون");
    }

    #[test]
    fn what_the_city_needs_stays() {
        for text in [
            "منطقه ۶، پلاک ۱۲۳۴، ساعت ۱۴:۳۰",
            "روز ۱۴۰۳/۰۵/۱۲ قطعه ۱۳۷",
            "۲۵۰۰۰۰۰ ریال جریمه",
            "3 متر @ میدان",
            "پرداخت ۱۲٬۰۰۰٬۰۰۰ تومان",
        ] {
            check(text, text);
        }
    }

    proptest! {
        #[test]
        fn any_text_may_come(text in "\\PC{0,60}") {
            let once = public_text(&text);
            prop_assert_eq!(public_text(&once), once);
        }

        #[test]
        fn no_mobile_number_survives(before in "[آ-غ ]{0,10}", number in 100_000_000..999_999_999u64, after in "[آ-غ ]{0,10}") {
            let shown = public_text(&format!("{before} 09{number} {after}"));
            prop_assert!(!shown.contains(|letter| crate::digits::value(letter).is_some()));
        }
    }
}
