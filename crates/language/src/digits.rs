//! Digits: people type three sets of them, machines read one, and each language shows its own.
//!
//! Persian ۰–۹, Arabic ٠–٩ and ASCII 0–9 mean the same everywhere; full-width digits are accepted too.

use crate::Lang;

/// The value of one digit of any set people type, or none when the letter is no digit.
pub const fn value(letter: char) -> Option<u8> {
    let code = letter as u32;
    let value = match letter {
        '0'..='9' => code - '0' as u32,
        '۰'..='۹' => code - '۰' as u32,
        '٠'..='٩' => code - '٠' as u32,
        '０'..='９' => code - '０' as u32,
        _ => return None,
    };
    Some(value as u8)
}

/// The same text with every digit in ASCII, for machines. Everything else stays.
pub fn to_ascii(text: &str) -> String {
    text.chars().map(|letter| value(letter).map_or(letter, |digit| (b'0' + digit) as char)).collect()
}

/// The same text with every ASCII and Arabic digit in Persian. Everything else stays.
pub fn to_persian(text: &str) -> String {
    text.chars().map(|letter| value(letter).map_or(letter, persian_digit)).collect()
}

/// The same text with every digit as the language shows it.
pub fn shown(text: &str, lang: Lang) -> String {
    match lang {
        Lang::Fa => to_persian(text),
        Lang::En => to_ascii(text),
    }
}

/// A whole number in Persian digits without grouping: a year, a house number, «۱۴۰۴».
pub fn persian(number: i64) -> String {
    to_persian(&number.to_string())
}

/// A whole number without grouping in the digits of the language.
pub fn plain(number: i64, lang: Lang) -> String {
    match lang {
        Lang::Fa => persian(number),
        Lang::En => number.to_string(),
    }
}

/// A whole number grouped by thousands in the digits of the language: «۱۲٬۳۴۵», "12,345".
///
/// A negative number carries the minus sign U+2212 after a left-to-right mark in Persian, so that the sign stays
/// before the number in right-to-left text.
pub fn grouped(number: i64, lang: Lang) -> String {
    let mut out = String::with_capacity(32);
    if number < 0 {
        out.push_str(minus(lang));
    }
    push_grouped(&mut out, number.unsigned_abs(), lang);
    out
}

/// A number with a fixed count of decimals in the digits of the language: «۱۲٬۳۴۵٫۶», "12,345.6".
///
/// Not-a-number and infinities are shown as an en dash: a report has no better word for them.
pub fn decimal(number: f64, decimals: usize, lang: Lang) -> String {
    if !number.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{:.*}", decimals.min(9), number.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::with_capacity(32);
    // What rounds to nothing has no sign.
    if number < 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        out.push_str(minus(lang));
    }
    match whole.parse::<u64>() {
        Ok(whole) => push_grouped(&mut out, whole, lang),
        // Beyond 64 bits nobody reads a grouped figure any more, so it stays as it is.
        Err(_) => out.push_str(&shown(whole, lang)),
    }
    if !fraction.is_empty() {
        out.push(match lang {
            Lang::Fa => '٫',
            Lang::En => '.',
        });
        out.push_str(&shown(fraction, lang));
    }
    out
}

/// Reads a whole number that a person typed in any digit set, with or without thousands separators and spaces
/// around it. None for anything else, and for what does not fit 64 bits.
pub fn parse_i64(text: &str) -> Option<i64> {
    let trimmed = text.trim();
    let (negative, rest) = match trimmed.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, trimmed),
    };
    let mut ascii = String::with_capacity(rest.len());
    for letter in rest.chars() {
        match value(letter) {
            Some(digit) => ascii.push((b'0' + digit) as char),
            None if matches!(letter, '٬' | ',') && !ascii.is_empty() => {}
            None => return None,
        }
    }
    let number: i64 = ascii.parse().ok()?;
    Some(if negative { -number } else { number })
}

const fn minus(lang: Lang) -> &'static str {
    match lang {
        Lang::Fa => "\u{200E}−",
        Lang::En => "−",
    }
}

fn push_grouped(out: &mut String, number: u64, lang: Lang) {
    let digits = number.to_string();
    for (index, digit) in digits.bytes().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(match lang {
                Lang::Fa => '٬',
                Lang::En => ',',
            });
        }
        out.push(match lang {
            Lang::Fa => persian_digit(digit - b'0'),
            Lang::En => digit as char,
        });
    }
}

const fn persian_digit(digit: u8) -> char {
    const DIGITS: [char; 10] = ['۰', '۱', '۲', '۳', '۴', '۵', '۶', '۷', '۸', '۹'];
    DIGITS[(digit % 10) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_digit_sets_mean_the_same() {
        assert_eq!(to_ascii("۱۲ ١٢ 12 １２ الف"), "12 12 12 12 الف");
        assert_eq!(to_persian("پلاک 12 و ١٢"), "پلاک ۱۲ و ۱۲");
    }

    #[test]
    fn numbers_are_grouped_as_the_language_does() {
        assert_eq!(grouped(12_345, Lang::Fa), "۱۲٬۳۴۵");
        assert_eq!(grouped(1_234_567, Lang::En), "1,234,567");
        assert_eq!(grouped(0, Lang::Fa), "۰");
        assert_eq!(grouped(-999, Lang::En), "−999");
        assert_eq!(grouped(i64::MIN, Lang::En), "−9,223,372,036,854,775,808");
        assert_eq!(persian(1404), "۱۴۰۴");
    }

    #[test]
    fn decimals_use_the_signs_of_the_language() {
        assert_eq!(decimal(12_345.64, 1, Lang::Fa), "۱۲٬۳۴۵٫۶");
        assert_eq!(decimal(-0.5, 1, Lang::En), "−0.5");
        assert_eq!(decimal(-0.5, 1, Lang::Fa), "\u{200E}−۰٫۵");
        assert_eq!(decimal(-0.04, 1, Lang::En), "0.0");
        assert_eq!(decimal(f64::NAN, 1, Lang::En), "–");
    }

    #[test]
    fn typed_numbers_are_read_in_any_set() {
        assert_eq!(parse_i64(" ۱۲٬۳۴۵ "), Some(12_345));
        assert_eq!(parse_i64("-٧"), Some(-7));
        assert_eq!(parse_i64("12a"), None);
        assert_eq!(parse_i64(""), None);
        assert_eq!(parse_i64("99999999999999999999"), None);
    }
}
