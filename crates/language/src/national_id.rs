//! Iranian national identity numbers (کد ملی): ten digits, the last one a check digit.

use crate::digits;

/// Whether this is a well-formed national identity number, in any digit set, with or without dashes and spaces.
///
/// The first nine digits weigh 10 down to 2; the check digit is the sum modulo 11, taken from 11 when it is 2 or more
/// (the public rule of the National Organization for Civil Registration). Ten equal digits pass the sum but are never
/// issued. A well-formed number need not belong to anybody.
pub fn is_valid(typed: &str) -> bool {
    let mut number = [0_u8; 10];
    let mut length = 0;
    for letter in typed.trim().chars() {
        match (digits::value(letter), letter) {
            (Some(digit), _) => {
                let Some(place) = number.get_mut(length) else { return false };
                *place = digit;
                length += 1;
            }
            (None, ' ' | '-' | '\u{A0}' | '\u{200C}') => {}
            _ => return false,
        }
    }
    length == number.len() && checks(number)
}

pub(crate) fn checks(number: [u8; 10]) -> bool {
    let [first, .., check] = number;
    if number.iter().all(|digit| *digit == first) {
        return false;
    }
    let sum: u32 = number.iter().zip((2..=10).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    let rest = sum % 11;
    u32::from(check) == if rest < 2 { rest } else { 11 - rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_decides() {
        for valid in ["0499370899", "0790419904", "0084575948", "0963695398", "۰۴۹۹۳۷۰۸۹۹", "049-937089-9"]
        {
            assert!(is_valid(valid), "{valid}");
        }
        for invalid in
            ["0499370890", "1111111111", "0000000000", "049937089", "04993708999", "04993708a9", ""]
        {
            assert!(!is_valid(invalid), "{invalid}");
        }
    }
}
