//! Numbers in text: house numbers, dates, codes, decimals. And those that are nobody's business.

use super::LONGEST_TOKEN;
use super::letters::in_word;
use crate::mask;

/// Whether the digits at `at` are a number and not part of a Latin word such as "12a".
pub fn stands_alone(letters: &[char], at: usize) -> bool {
    let end = end_of_digits(letters, at);
    !letters.get(end).is_some_and(|next| is_latin(*next))
}

/// Emits the tokens of the number that begins at `at` and returns where to go on.
///
/// Thousands separators go, a decimal keeps its point, and digits joined by `-`, `/` or `.` yield their parts and the
/// whole: «۱۴۰۳/۵/۱۲» is 1403, 5, 12 and 14030512, so that a date is found as one. A telephone number or a national
/// identity number yields nothing.
pub fn take(letters: &[char], at: usize, emit: &mut dyn FnMut(&str)) -> usize {
    let mut parts: Vec<String> = Vec::with_capacity(3);
    let mut signs: Vec<char> = Vec::new();
    let mut part = String::new();
    let mut end = at;
    loop {
        let next = end_of_digits(letters, end);
        part.extend(letters.get(end..next).unwrap_or_default());
        end = next;
        let sign = match (letters.get(end), letters.get(end + 1)) {
            (Some(sign @ ('٬' | '٫' | '-' | '/' | '.')), Some(digit)) if digit.is_ascii_digit() => *sign,
            _ => break,
        };
        if !stands_alone(letters, end + 1) {
            break;
        }
        end += 1;
        if sign != '٬' {
            parts.push(std::mem::take(&mut part));
            signs.push(if sign == '٫' { '.' } else { sign });
        }
    }
    parts.push(part);

    let whole = parts.concat();
    if mask::is_personal(&whole, false) || parts.iter().any(|part| mask::is_personal(part, false)) {
        return end;
    }
    match (parts.as_slice(), signs.as_slice()) {
        ([number], _) => emit(cut(number)),
        ([number, fraction], ['.']) if number.len() + fraction.len() < LONGEST_TOKEN => {
            emit(&format!("{number}.{fraction}"));
        }
        ([year, month, day], [_, _]) if is_date(year, month, day) => {
            parts.iter().for_each(|part| emit(part));
            emit(&format!("{year}{month:0>2}{day:0>2}"));
        }
        _ => {
            parts.iter().for_each(|part| emit(cut(part)));
            // A longer chain is a list of numbers, not a code.
            if parts.len() <= 4 && whole.len() <= 20 {
                emit(&whole);
            }
        }
    }
    end
}

fn is_date(year: &str, month: &str, day: &str) -> bool {
    let value =
        |part: &str, length: usize| part.parse::<u16>().ok().filter(|_| part.len() <= length).unwrap_or(0);
    let year = if year.len() == 4 { value(year, 4) } else { 0 };
    matches!(year, 1200..=1499 | 1800..=2199)
        && matches!(value(month, 2), 1..=12)
        && matches!(value(day, 2), 1..=31)
}

fn end_of_digits(letters: &[char], at: usize) -> usize {
    let rest = letters.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|letter| letter.is_ascii_digit()).count()
}

fn cut(digits: &str) -> &str {
    digits.get(..LONGEST_TOKEN).unwrap_or(digits)
}

/// Letters that make one word with digits beside them: "a12", "12b". Persian letters do not: «خط۷» is two words.
fn is_latin(letter: char) -> bool {
    in_word(letter) && !is_arabic(letter) && !letter.is_ascii_digit()
}

pub fn is_arabic(letter: char) -> bool {
    matches!(letter, '\u{0600}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' | '\u{08A0}'..='\u{08FF}')
}
