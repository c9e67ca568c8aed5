//! How many parts a text message is sent and paid in.
//!
//! A text of the GSM 7-bit alphabet (3GPP TS 23.038) takes 160 characters, or 153 for each of several parts; any other
//! character, and so every Persian word, makes the whole text UCS-2 with 70 and 67. A character that takes two places
//! is never cut in the middle: it moves to the next part.

/// What a text is sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Gsm7,
    Ucs2,
}

/// How large a text is on the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub encoding: Encoding,
    /// Places: septets of GSM 7-bit, 16-bit units of UCS-2.
    pub units: usize,
    pub parts: usize,
}

/// The 128 characters of the default alphabet without the escape.
const GSM7: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Behind the escape: they take two places.
const EXTENSION: &str = "\u{0C}^{}\\[~]|€";

/// The size of a text. An empty text is one part: it is still a message.
pub fn size(text: &str) -> Size {
    match text.chars().map(septets).collect::<Option<Vec<usize>>>() {
        Some(places) => pack(Encoding::Gsm7, &places, 160, 153),
        None => pack(Encoding::Ucs2, &text.chars().map(char::len_utf16).collect::<Vec<_>>(), 70, 67),
    }
}

fn septets(letter: char) -> Option<usize> {
    if GSM7.contains(letter) {
        Some(1)
    } else if EXTENSION.contains(letter) {
        Some(2)
    } else {
        None
    }
}

fn pack(encoding: Encoding, places: &[usize], alone: usize, each: usize) -> Size {
    let units = places.iter().sum();
    if units <= alone {
        return Size { encoding, units, parts: 1 };
    }
    let (mut parts, mut filled) = (1, 0);
    for place in places {
        if filled + place > each {
            parts += 1;
            filled = 0;
        }
        filled += place;
    }
    Size { encoding, units, parts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, encoding: Encoding, units: usize, parts: usize) {
        assert_eq!(size(text), Size { encoding, units, parts }, "{text:?}");
    }

    #[test]
    fn latin_has_160_alone_and_153_together() {
        check("", Encoding::Gsm7, 0, 1);
        check(&"a".repeat(160), Encoding::Gsm7, 160, 1);
        check(&"a".repeat(161), Encoding::Gsm7, 161, 2);
        check(&"a".repeat(306), Encoding::Gsm7, 306, 2);
        check(&"a".repeat(307), Encoding::Gsm7, 307, 3);
        check("£ ¥ è Ω ß ñ @ _ \n ¡ ¿", Encoding::Gsm7, 21, 1);
    }

    #[test]
    fn extension_characters_take_two_places_and_are_never_cut() {
        check("€", Encoding::Gsm7, 2, 1);
        check("[{|}~^\\]", Encoding::Gsm7, 16, 1);
        check(&"€".repeat(80), Encoding::Gsm7, 160, 1);
        // The 153rd place of the first part stays empty, since a pair does not fit into it.
        check(&format!("{}€", "a".repeat(159)), Encoding::Gsm7, 161, 2);
        check(&"€".repeat(152), Encoding::Gsm7, 304, 2);
        check(&"€".repeat(153), Encoding::Gsm7, 306, 3);
    }

    #[test]
    fn persian_has_70_alone_and_67_together() {
        check("سلام", Encoding::Ucs2, 4, 1);
        check(&"س".repeat(70), Encoding::Ucs2, 70, 1);
        check(&"س".repeat(71), Encoding::Ucs2, 71, 2);
        check(&"س".repeat(134), Encoding::Ucs2, 134, 2);
        check(&"س".repeat(135), Encoding::Ucs2, 135, 3);
        // One Persian digit, half-space or typographic mark makes the whole text UCS-2.
        check(&format!("{}۱", "a".repeat(69)), Encoding::Ucs2, 70, 1);
        check("a\u{200C}b", Encoding::Ucs2, 3, 1);
        check("it’s", Encoding::Ucs2, 4, 1);
    }

    #[test]
    fn pictures_take_two_units_and_are_never_cut() {
        check("🙂", Encoding::Ucs2, 2, 1);
        check(&"🙂".repeat(35), Encoding::Ucs2, 70, 1);
        check(&"🙂".repeat(36), Encoding::Ucs2, 72, 2);
        // 33 pictures fill 66 of 67 places.
        check(&"🙂".repeat(66), Encoding::Ucs2, 132, 2);
        check(&"🙂".repeat(67), Encoding::Ucs2, 134, 3);
    }
}
