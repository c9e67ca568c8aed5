//! What is stored of what somebody typed: their words, without the accidents of their keyboard.
//!
//! The text stays theirs: spelling, half-spaces, punctuation and emoji are kept. Arabic letters that look like Persian
//! ones become Persian (ISIRI 6219), and what cannot be seen but can mislead (bidi controls, zero-width marks, NUL)
//! goes. Cleaning twice changes nothing more. For searching and comparing see `fold`.

use unicode_normalization::UnicodeNormalization;

const ZWNJ: char = '\u{200C}';
const ZWJ: char = '\u{200D}';

/// A single line: a name, an address, a title. Line breaks and tabs become spaces, runs of spaces become one.
pub fn clean_line(typed: &str) -> String {
    let mut out = String::with_capacity(typed.len());
    for letter in cleaned(typed) {
        push(&mut out, if letter == '\n' { ' ' } else { letter });
    }
    trim_end(&mut out);
    out
}

/// Free text: a description, a comment. Lines stay lines (`\n`), at most one empty line in a row.
pub fn clean_text(typed: &str) -> String {
    let mut out = String::with_capacity(typed.len());
    for letter in cleaned(typed) {
        if letter == '\n' {
            trim_spaces(&mut out);
            if !out.is_empty() && !out.ends_with("\n\n") {
                out.push('\n');
            }
        } else {
            push(&mut out, letter);
        }
    }
    trim_end(&mut out);
    out
}

/// The letters that stay, in composed form (NFC), with Persian letters and digits for their Arabic twins.
fn cleaned(typed: &str) -> impl Iterator<Item = char> + '_ {
    let mut before = ' ';
    let visible = typed.chars().filter_map(move |letter| {
        let kept = match letter {
            // A carriage return alone is a line break too; before a line feed it is half of one.
            '\r' => Some('\n'),
            '\n' if before == '\r' => None,
            '\n' | '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{0B}' | '\u{0C}' => Some('\n'),
            '\t' => Some(' '),
            // Inside an emoji the joiner makes one picture of several; between letters it is junk.
            ZWJ => is_pictorial(before).then_some(ZWJ),
            ZWNJ => Some(ZWNJ),
            _ if letter.is_control() || is_invisible(letter) => None,
            _ if letter.is_whitespace() => Some(' '),
            _ => Some(letter),
        };
        before = letter;
        kept
    });
    visible.nfc().map(persian_letter)
}

fn persian_letter(letter: char) -> char {
    match letter {
        'ي' | 'ى' => 'ی',
        'ك' => 'ک',
        '٠'..='٩' => char::from_u32(letter as u32 - '٠' as u32 + '۰' as u32).unwrap_or(letter),
        _ => letter,
    }
}

/// Marks without a picture of their own that nobody types on purpose: bidi controls, zero-width spaces, word joiners,
/// soft hyphens, invisible operators, tags and unassigned leftovers.
pub(crate) const fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{AD}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}' | '\u{200D}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

const fn is_pictorial(letter: char) -> bool {
    matches!(letter, '\u{2190}'..='\u{2BFF}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Adds one letter; one space and one half-space at a time, and no half-space beside a space.
fn push(out: &mut String, letter: char) {
    let last = out.chars().next_back();
    match (letter, last) {
        (' ', None | Some(' ' | '\n')) | (ZWNJ, None | Some(' ' | '\n' | ZWNJ)) => {}
        (' ', Some(ZWNJ)) => {
            trim_joins(out);
            push(out, ' ');
        }
        _ => out.push(letter),
    }
}

fn trim_joins(out: &mut String) {
    out.truncate(out.trim_end_matches(ZWNJ).len());
}

fn trim_spaces(out: &mut String) {
    out.truncate(out.trim_end_matches([' ', ZWNJ]).len());
}

fn trim_end(out: &mut String) {
    out.truncate(out.trim_end_matches([' ', ZWNJ, '\n']).len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn persian_keeps_its_letters_and_half_spaces() {
        assert_eq!(clean_line("  كتاب\u{200C}هاي   شهرداري "), "کتاب‌های شهرداری");
        assert_eq!(clean_line("می\u{200C}\u{200C}خواهم\u{200C} بروم"), "می‌خواهم بروم");
        assert_eq!(clean_line("پلاك ٤٥"), "پلاک ۴۵");
        assert_eq!(clean_line("خانهٔ ما"), "خانهٔ ما");
    }

    #[test]
    fn what_misleads_is_gone() {
        assert_eq!(clean_line("\u{202E}evil\u{202C} متن\0"), "evil متن");
        assert_eq!(clean_line("م\u{200D}ن\u{200B}"), "من");
        assert_eq!(clean_line("a\tb\r\nc"), "a b c");
        assert_eq!(clean_line("\u{FEFF}\u{2066}"), "");
    }

    #[test]
    fn emoji_families_stay_together() {
        assert_eq!(clean_line("👨\u{200D}👩\u{200D}👧"), "👨\u{200D}👩\u{200D}👧");
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(clean_text("سلام \r\n\r\n\r\n\r\nچاله\rدوم\n\n"), "سلام\n\nچاله\nدوم");
        assert_eq!(clean_text("\n\n  متن"), "متن");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing_more(typed in "(\\PC|[\u{200B}-\u{200F}\u{202A}-\u{202E}\r\n\tيىكآٔ ]){0,40}") {
            let line = clean_line(&typed);
            prop_assert_eq!(clean_line(&line), line.clone());
            let misleading = line.contains(['\0', '\n', '\u{202E}']);
            prop_assert!(!misleading);
            let text = clean_text(&typed);
            prop_assert_eq!(clean_text(&text), text);
        }
    }
}
