//! Tracking codes (کد پیگیری): ten digits that a person can read over the telephone and nobody can guess.
//!
//! Nine digits are random and the first of them is never zero, so no spreadsheet drops it. The tenth is a Damm check
//! digit: of the usual schemes for decimal digits it alone is a single table that catches every single wrong digit
//! and every swap of neighbours. ISO 7064 MOD 11,10 misses some swaps, and MOD 11-2 needs an X.

use crate::{Lang, digits};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A tracking code whose check digit is right. Kept and compared as a number; written as ten ASCII digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TrackingCode(u64);

/// Why something typed is not a tracking code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrackingCodeRefusal {
    #[error("no code was typed")]
    Empty,
    #[error("a code has digits only")]
    NotDigits,
    /// The number of digits that were typed.
    #[error("a code has ten digits, not {0}")]
    WrongLength(usize),
    /// A digit is wrong or two are swapped: ask the person to read the code again.
    #[error("the code does not check")]
    WrongCheckDigit,
}

/// The weakly totally anti-symmetric quasigroup of H. Michael Damm's thesis (Marburg, 2004).
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// Runs the digits of a number, the most significant first, through the table. A code with its check digit gives 0.
fn damm(number: u64) -> u8 {
    let mut interim = 0;
    let mut place = 1_000_000_000;
    while place > 0 {
        let digit = number / place % 10;
        // Leading zeros leave the interim digit at 0, so fixed places are safe.
        interim =
            DAMM.get(usize::from(interim)).and_then(|row| row.get(digit as usize)).copied().unwrap_or(0);
        place /= 10;
    }
    interim
}

impl TrackingCode {
    /// How many different codes there are.
    pub const COUNT: u64 = 900_000_000;

    /// A code from 64 random bits of the caller. Two calls may give the same code: the table that keeps them is unique
    /// and the caller tries again.
    pub fn from_random(random: u64) -> TrackingCode {
        let payload = 100_000_000 + random % Self::COUNT;
        TrackingCode(payload * 10 + u64::from(damm(payload)))
    }

    /// Reads a code in any digit set; spaces, dashes, dots and invisible marks between the digits are ignored.
    pub fn parse(typed: &str) -> Result<TrackingCode, TrackingCodeRefusal> {
        let mut number = 0_u64;
        let mut length = 0;
        for letter in typed.chars() {
            match digits::value(letter) {
                Some(digit) => {
                    number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
                    length += 1;
                }
                None if letter.is_whitespace()
                    || matches!(letter, '-' | '.' | '_' | '‐' | '–' | '−' | 'ـ' | '#') => {}
                None if matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}') =>
                    {}
                None => return Err(TrackingCodeRefusal::NotDigits),
            }
        }
        match length {
            0 => Err(TrackingCodeRefusal::Empty),
            10 => TrackingCode::from_number(number).ok_or(TrackingCodeRefusal::WrongCheckDigit),
            _ => Err(TrackingCodeRefusal::WrongLength(length)),
        }
    }

    /// The code of a stored number; none when it has not ten digits or does not check.
    pub fn from_number(number: u64) -> Option<TrackingCode> {
        ((1_000_000_000..10_000_000_000).contains(&number) && damm(number) == 0)
            .then_some(TrackingCode(number))
    }

    /// The code as a number, for storing.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The code as people read it: «۱۲۳ ۴۵۶ ۷۸۹۰», "123 456 7890".
    ///
    /// The groups are held by U+00A0, which Unicode's bidi rules treat as part of a number (class CS), so the groups
    /// keep their order in right-to-left text; an ordinary space would reverse them.
    pub fn for_people(self, lang: Lang) -> String {
        let (first, second, third) = (self.0 / 10_000_000, self.0 / 10_000 % 1_000, self.0 % 10_000);
        digits::shown(&format!("{first:03}\u{A0}{second:03}\u{A0}{third:04}"), lang)
    }
}

/// Ten ASCII digits, for addresses, storage and machines. People read [`TrackingCode::for_people`].
impl fmt::Display for TrackingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}

impl FromStr for TrackingCode {
    type Err = TrackingCodeRefusal;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        TrackingCode::parse(typed)
    }
}

impl TryFrom<String> for TrackingCode {
    type Error = TrackingCodeRefusal;

    fn try_from(typed: String) -> Result<Self, Self::Error> {
        TrackingCode::parse(&typed)
    }
}

impl From<TrackingCode> for String {
    fn from(code: TrackingCode) -> String {
        code.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_published_example_checks() {
        // Damm's example: 572 has the check digit 4.
        assert_eq!(damm(572), 4);
        assert_eq!(damm(5724), 0);
    }

    #[test]
    fn a_code_is_read_the_way_it_is_said() {
        let code = TrackingCode::from_random(42);
        let spoken = code.for_people(Lang::Fa);
        assert_eq!(spoken.chars().filter(|letter| *letter == '\u{A0}').count(), 2);
        for typed in [
            spoken.clone(),
            format!(" {code} "),
            format!("\u{2068}{spoken}\u{2069}"),
            digits::to_persian(&code.to_string()),
        ] {
            assert_eq!(TrackingCode::parse(&typed), Ok(code), "{typed}");
        }
        assert_eq!(TrackingCode::parse(""), Err(TrackingCodeRefusal::Empty));
        assert_eq!(TrackingCode::parse("12345"), Err(TrackingCodeRefusal::WrongLength(5)));
        assert_eq!(TrackingCode::parse("۱۲۳۴۵۶۷۸۹a"), Err(TrackingCodeRefusal::NotDigits));
        assert_eq!(TrackingCode::parse(&"9".repeat(40)), Err(TrackingCodeRefusal::WrongLength(40)));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_or_one_swap_is_always_caught(random: u64, place in 0..10usize, wrong in 0..10u8) {
            let code = TrackingCode::from_random(random).to_string();
            prop_assert!(code.len() == 10 && !code.starts_with('0'));
            let mut changed = code.clone().into_bytes();
            changed[place] = b'0' + wrong;
            let changed = String::from_utf8(changed).unwrap();
            prop_assert_eq!(TrackingCode::parse(&changed).is_ok(), changed == code);

            let mut swapped = code.clone().into_bytes();
            swapped.swap(place % 9, place % 9 + 1);
            let swapped = String::from_utf8(swapped).unwrap();
            prop_assert_eq!(TrackingCode::parse(&swapped).is_ok(), swapped == code);
        }

        #[test]
        fn anything_may_be_typed(typed in ".{0,40}") {
            let _ = TrackingCode::parse(&typed);
            let _ = crate::mobile::parse(&typed);
            let _ = crate::national_id::is_valid(&typed);
        }
    }
}
