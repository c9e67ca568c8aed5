//! Mobile numbers: however a person writes one, the program keeps one form.
//!
//! Kept is E.164 (ITU-T): `+` and up to 15 digits. An Iranian mobile number is `+98` and ten digits that begin with 9.

use crate::digits;

/// Why something typed is not a mobile number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MobileRefusal {
    #[error("no number was typed")]
    Empty,
    /// It holds letters or signs that no number has.
    #[error("this is not a number")]
    NotANumber,
    /// It has too few or too many digits.
    #[error("the number has too few or too many digits")]
    WrongLength,
    /// It is an Iranian number, but of a fixed line, which takes no SMS.
    #[error("this is not a mobile number")]
    NotMobile,
}

/// The number as E.164, `+989121234567`, from any digit set and any usual way of writing: 0912…, 912…, +98…, 0098…,
/// 98…, with spaces, dashes, dots and brackets. A number of another country is accepted with its `+` or `00`.
pub fn parse(typed: &str) -> Result<String, MobileRefusal> {
    let mut number = String::with_capacity(16);
    let mut international = false;
    for letter in typed.trim().chars() {
        match (digits::value(letter), letter) {
            (Some(digit), _) => number.push((b'0' + digit) as char),
            (None, '+' | '＋') if number.is_empty() && !international => international = true,
            (None, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{A0}' | '\u{202F}' | '‐' | '–' | '−') => {}
            // Copied numbers carry invisible direction marks and half-spaces.
            (
                None,
                '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}',
            ) => {}
            _ => return Err(MobileRefusal::NotANumber),
        }
    }
    if number.is_empty() {
        return Err(if international { MobileRefusal::WrongLength } else { MobileRefusal::Empty });
    }
    let international = match number.strip_prefix("00") {
        Some(rest) => Some(rest),
        None => international.then_some(number.as_str()),
    };
    match international {
        // «+98 (0)912…» is written by careful people and means the same without its zero.
        Some(rest) => match rest.strip_prefix("98") {
            Some(national) => iranian(national.strip_prefix('0').unwrap_or(national)),
            None if rest.starts_with('0') || !(8..=15).contains(&rest.len()) => {
                Err(MobileRefusal::WrongLength)
            }
            None => Ok(format!("+{rest}")),
        },
        None => match (number.len(), number.strip_prefix("98"), number.strip_prefix('0')) {
            (12, Some(national), _) | (11, _, Some(national)) => iranian(national),
            (13, Some(national), _) => iranian(national.strip_prefix('0').unwrap_or(national)),
            _ => iranian(&number),
        },
    }
}

fn iranian(national: &str) -> Result<String, MobileRefusal> {
    match (national.len(), national.starts_with('9')) {
        (10, true) => Ok(format!("+98{national}")),
        (10, false) => Err(MobileRefusal::NotMobile),
        _ => Err(MobileRefusal::WrongLength),
    }
}

/// How a person reads the number: `0912 123 4567` for an Iranian one, the kept form for others. In ASCII digits: pass
/// it through [`digits::shown`] and put it into a left-to-right `bdi`.
pub fn for_people(e164: &str) -> String {
    match e164.strip_prefix("+98").filter(|national| national.len() == 10 && national.is_ascii()) {
        Some(national) => {
            let part = |range| national.get(range).unwrap_or_default();
            format!("0{}\u{A0}{}\u{A0}{}", part(0..3), part(3..6), part(6..10))
        }
        None => e164.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_way_of_writing_is_one_number() {
        for typed in [
            "09121234567",
            "9121234567",
            "+989121234567",
            "00989121234567",
            "989121234567",
            "۰۹۱۲۱۲۳۴۵۶۷",
            "٠٩١٢١٢٣٤٥٦٧",
            "0912 123 4567",
            "(0912) 123-45-67",
            "+98 (0)912 123 4567",
            "\u{202A}+98 912 123 4567\u{202C}",
            "۰۰۹۸ ۹۱۲ ۱۲۳ ۴۵۶۷",
        ] {
            assert_eq!(parse(typed).as_deref(), Ok("+989121234567"), "{typed}");
        }
        assert_eq!(parse("+1 (212) 555-0123").as_deref(), Ok("+12125550123"));
        assert_eq!(parse("0044 7700 900123").as_deref(), Ok("+447700900123"));
    }

    #[test]
    fn what_takes_no_message_is_refused() {
        for (typed, why) in [
            ("", MobileRefusal::Empty),
            ("   ", MobileRefusal::Empty),
            ("+", MobileRefusal::WrongLength),
            ("نمی‌دانم", MobileRefusal::NotANumber),
            ("0912123456", MobileRefusal::NotMobile),
            ("091212345678", MobileRefusal::WrongLength),
            ("02188776655", MobileRefusal::NotMobile),
            ("+98 21 88776655", MobileRefusal::NotMobile),
            ("+1234567890123456", MobileRefusal::WrongLength),
            ("137", MobileRefusal::WrongLength),
            ("0912+1234567", MobileRefusal::NotANumber),
        ] {
            assert_eq!(parse(typed), Err(why), "{typed}");
        }
    }

    #[test]
    fn people_read_numbers_in_groups() {
        assert_eq!(for_people("+989121234567"), "0912\u{A0}123\u{A0}4567");
        assert_eq!(for_people("+12125550123"), "+12125550123");
    }
}
