//! The number of a caller, however the exchange writes it.

use language::{digits, mobile};

/// The longest number there is (E.164).
const MOST_DIGITS: usize = 15;

/// One form for one number: E.164 for mobile numbers and for fixed lines with their area code, bare digits for what
/// is shorter, nothing for "anonymous", "unknown" and other words that exchanges send for a hidden number.
pub fn clean(typed: &str) -> String {
    if let Ok(number) = mobile::parse(typed) {
        return number;
    }
    let plus = typed.trim_start().starts_with(['+', '＋']);
    let number: String =
        typed.chars().filter_map(digits::value).map(|digit| (b'0' + digit) as char).collect();
    if number.is_empty() || number.len() > MOST_DIGITS + 2 || typed.chars().any(char::is_alphabetic) {
        return String::new();
    }
    // Fixed lines of Iran: a zero, the area code and the line, ten digits together.
    let national = match (plus, number.strip_prefix("0098"), number.strip_prefix("98")) {
        (_, Some(rest), _) => Some(rest),
        (true, _, Some(rest)) => Some(rest),
        (false, _, Some(rest)) if number.len() == 12 => Some(rest),
        _ if !plus && number.len() == 11 => number.strip_prefix('0'),
        _ => None,
    };
    match national.filter(|rest| rest.len() == 10) {
        Some(rest) => format!("+98{rest}"),
        None => number,
    }
}

/// As people read it: mobile numbers in their groups, fixed lines with area code and line, the rest as it is.
pub fn for_people(number: &str) -> String {
    let fixed = number
        .strip_prefix("+98")
        .filter(|rest| rest.len() == 10 && rest.is_ascii() && !rest.starts_with('9'));
    match fixed {
        Some(rest) => {
            let part = |range| rest.get(range).unwrap_or_default();
            format!("0{}\u{A0}{}\u{A0}{}", part(0..2), part(2..6), part(6..10))
        }
        None => mobile::for_people(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_form() {
        for (typed, kept) in [
            ("09121234567", "+989121234567"),
            ("9121234567", "+989121234567"),
            ("۰۲۱۸۸۷۷۶۶۵۵", "+982188776655"),
            ("02188776655", "+982188776655"),
            ("+98 21 8877 6655", "+982188776655"),
            ("00982188776655", "+982188776655"),
            ("88776655", "88776655"),
            ("137", "137"),
            ("anonymous", ""),
            ("Unavailable 0", ""),
            ("", ""),
            ("123456789012345678901", ""),
        ] {
            assert_eq!(clean(typed), kept, "{typed}");
            assert_eq!(clean(kept), kept, "{typed}: cleaned twice");
        }
    }

    #[test]
    fn numbers_are_read_in_groups() {
        assert_eq!(for_people("+989121234567"), "0912\u{A0}123\u{A0}4567");
        assert_eq!(for_people("+982188776655"), "021\u{A0}8877\u{A0}6655");
        assert_eq!(for_people("88776655"), "88776655");
    }
}
