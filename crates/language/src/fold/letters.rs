//! Rules 1 to 7: one letter for each group of letters that readers take for the same.

use crate::display::is_invisible;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// The join mark: what a half-space becomes. It splits and joins at once (rule 8).
pub const JOIN: char = '\u{200C}';

/// The folded letters: small letters, ASCII digits, join marks, and a space for everything else. The signs `-`, `/`,
/// `.`, `٬` and `٫` are kept, because between digits they mean something.
pub fn fold(text: &str) -> Vec<char> {
    let mut out = Vec::with_capacity(text.len() / 2 + 8);
    for letter in text.chars() {
        fold_letter(letter, &mut out);
    }
    out
}

/// Whether a folded letter belongs to a word. Asking the few signs that [`fold`] leaves is much faster than asking Unicode.
pub const fn in_word(letter: char) -> bool {
    !matches!(letter, ' ' | '-' | '/' | '.' | '٬' | '٫' | JOIN)
}

/// Whether a letter ends a word that somebody is typing.
pub fn separates(letter: char) -> bool {
    !letter.is_alphanumeric() && letter != JOIN && !is_combining_mark(letter)
}

fn fold_letter(letter: char, out: &mut Vec<char>) {
    match letter {
        'a'..='z' | '0'..='9' | '-' | '/' | '.' | '٬' | '٫' => out.push(letter),
        'A'..='Z' => out.push(letter.to_ascii_lowercase()),
        // Letters that are already as they should be: most of any Persian text.
        'ا' | 'ب' | 'پ' | 'ت'..='غ' | 'ف' | 'ق' | 'ل'..='و' | 'چ' | 'ژ' | 'گ' | 'ک' | 'ی' | 'ء' => {
            out.push(letter)
        }
        '\0'..='\u{7F}' => out.push(' '),
        'ي' | 'ى' | 'ې' | 'ۍ' | 'ے' | 'ێ' | 'ئ' | 'ۓ' => out.push('ی'),
        'ك' | 'ڪ' => out.push('ک'),
        'ہ' | 'ھ' | 'ە' | 'ۃ' | 'ة' | 'ۀ' | 'ۂ' => out.push('ه'),
        'ۆ' | 'ۋ' | 'ؤ' => out.push('و'),
        'آ' | 'أ' | 'إ' | 'ٱ' => out.push('ا'),
        '۰'..='۹' => push_digit(letter as u32 - '۰' as u32, out),
        '٠'..='٩' => push_digit(letter as u32 - '٠' as u32, out),
        // Tatweel only stretches a word; marks only colour it.
        'ـ' => {}
        JOIN | '¬' => {
            if out.last() != Some(&JOIN) {
                out.push(JOIN);
            }
        }
        _ if is_combining_mark(letter) || is_invisible(letter) => {}
        _ => decompose(letter, out),
    }
}

/// Presentation forms, ligatures, full-width letters and accents, one by one through Unicode's compatibility forms.
fn decompose(letter: char, out: &mut Vec<char>) {
    let mut parts = ['\0'; 4];
    let mut length = 0;
    decompose_compatible(letter, |part| {
        if !is_combining_mark(part) && part != 'ـ' {
            if let Some(place) = parts.get_mut(length) {
                *place = part;
            }
            length += 1;
        }
    });
    match parts.get(..length) {
        // A letter without marks of its own decomposes to itself.
        Some([same]) if *same == letter => push_small(letter, out),
        Some(parts) => parts
            .iter()
            .for_each(|part| if *part == letter { push_small(*part, out) } else { fold_letter(*part, out) }),
        // One sign for a whole phrase, such as ﷺ, is no word that anybody looks for.
        None => out.push(' '),
    }
}

fn push_small(letter: char, out: &mut Vec<char>) {
    if !letter.is_alphanumeric() {
        out.push(' ');
        return;
    }
    for small in letter.to_lowercase().filter(|small| !is_combining_mark(*small)) {
        // Small forms may decompose once more, and fractions are numbers without being digits.
        if small.is_alphanumeric() { out.push(small) } else { out.push(' ') }
    }
}

fn push_digit(value: u32, out: &mut Vec<char>) {
    out.extend(char::from_digit(value, 10));
}
