//! What a text means, before anything is looked up.
//!
//! People type digits of three sets, put full stops and quotes around them, split codes into groups, glue a reply to
//! its code, and write «لغو ۱۱» in four ways. All of that is the same here.

use language::{TrackingCode, digits};

use crate::city::Replies;

/// What somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    Nothing,
    /// No more news.
    Stop,
    /// News again.
    Join,
    Accept {
        code: Option<TrackingCode>,
        words: String,
    },
    Object {
        code: Option<TrackingCode>,
        words: String,
    },
    /// How is it with this one?
    Code(TrackingCode),
    /// Something as long as a code that is none.
    CodeWrong,
    Words,
}

/// Words that mean the same as the digits for stopping and for coming back, without spaces and signs.
const STOP_WORDS: [&str; 7] = ["لغو", "لغوعضویت", "لغوپیامک", "off", "stop", "unsubscribe", "cancel"];
const JOIN_WORDS: [&str; 5] = ["عضویت", "عضو", "on", "start", "join"];

/// Reads a cleaned text.
pub fn understand(text: &str, replies: &Replies) -> Meaning {
    let tokens = tokens(text);
    let Some(first) = tokens.first() else { return Meaning::Nothing };
    let bare: String = tokens.concat();
    if is_word(&bare, &STOP_WORDS, &replies.stop) {
        return Meaning::Stop;
    }
    if is_word(&bare, &JOIN_WORDS, &replies.join) {
        return Meaning::Join;
    }
    for (reply, accepts) in [(&replies.accept, true), (&replies.object, false)] {
        let said = |rest: &[String]| reply_with(rest, accepts);
        if first == reply {
            return said(tokens.get(1..).unwrap_or_default());
        }
        // Glued to its code, or behind it.
        if let Some(code) = first.strip_prefix(reply.as_str()).filter(|code| code.len() == 10)
            && is_code(code)
        {
            let mut rest = vec![code.to_owned()];
            rest.extend(tokens.iter().skip(1).cloned());
            return said(&rest);
        }
        if tokens.len() == 2 && tokens.get(1) == Some(reply) && is_code(first) {
            return said(std::slice::from_ref(first));
        }
    }
    // Nothing but digits, in as many groups as one likes.
    // One or two are an answer to a question of ours.
    if bare.len() > 2 && tokens.iter().all(|token| is_number(token)) {
        return match TrackingCode::parse(&bare) {
            Ok(code) => Meaning::Code(code),
            Err(_) => Meaning::CodeWrong,
        };
    }
    Meaning::Words
}

fn reply_with(rest: &[String], accepts: bool) -> Meaning {
    let figures: Vec<&String> = rest.iter().take_while(|token| is_number(token)).collect();
    let joined: String = figures.iter().map(|token| token.as_str()).collect();
    let (code, used) = match TrackingCode::parse(&joined) {
        Ok(code) => (Some(code), figures.len()),
        // As long as a code: it was meant as one.
        Err(_) if joined.len() >= 8 => return Meaning::CodeWrong,
        Err(_) => (None, 0),
    };
    let words = rest.get(used..).unwrap_or_default().join(" ");
    if accepts { Meaning::Accept { code, words } } else { Meaning::Object { code, words } }
}

/// «لغو», «لغو۱۱», «۱۱»: the word, the digits, or one behind the other.
fn is_word(bare: &str, words: &[&str], figures: &str) -> bool {
    let bare = bare.to_lowercase();
    let bare = bare.replace('\u{200C}', "");
    bare == figures || words.iter().any(|word| bare == *word || bare.strip_prefix(word) == Some(figures))
}

fn is_number(token: &str) -> bool {
    token.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_code(token: &str) -> bool {
    is_number(token) && TrackingCode::parse(token).is_ok()
}

/// Words and numbers with ASCII digits; signs around and between them are gone.
fn tokens(text: &str) -> Vec<String> {
    let ascii = digits::to_ascii(text);
    let is_apart =
        |letter: char| letter.is_whitespace() || (!letter.is_alphanumeric() && letter != '\u{200C}');
    // A half-space joins words; beside a number it is a slip.
    let pieces = ascii.split(is_apart).map(|piece| piece.trim_matches('\u{200C}'));
    pieces.filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: u64 = 123_456;

    fn code() -> TrackingCode {
        TrackingCode::from_random(CODE)
    }

    #[track_caller]
    fn check(text: &str, meaning: Meaning) {
        assert_eq!(understand(text, &Replies::default()), meaning, "{text:?}");
    }

    fn accept(code: Option<TrackingCode>, words: &str) -> Meaning {
        Meaning::Accept { code, words: words.into() }
    }

    fn object(code: Option<TrackingCode>, words: &str) -> Meaning {
        Meaning::Object { code, words: words.into() }
    }

    #[test]
    fn yes_and_no_in_any_digits() {
        for text in ["31", "۳۱", "٣١", " ۳۱. ", "«۳۱»", "31\n", "۳۱!", "(31)"] {
            check(text, accept(None, ""));
        }
        for text in ["33", "۳۳", "٣٣", "۳۳؛"] {
            check(text, object(None, ""));
        }
        check("۳۳ چاله هنوز هست", object(None, "چاله هنوز هست"));
        check("۳۱ ممنون", accept(None, "ممنون"));
        // Another number is no reply.
        for text in ["313", "۱۳۷", "3 1 3"] {
            check(text, Meaning::CodeWrong);
        }
        for text in ["3", "۲", "3 1"] {
            check(text, Meaning::Words);
        }
    }

    #[test]
    fn with_a_code_in_every_manner() {
        let plain = code().to_string();
        let grouped = format!("{} {} {}", &plain[..3], &plain[3..6], &plain[6..]);
        let persian = language::digits::to_persian(&plain);
        for text in [
            format!("31 {plain}"),
            format!("۳۱ {persian}"),
            format!("31-{plain}"),
            format!("31 {grouped}"),
            format!("31{plain}"),
            format!("{plain} 31"),
            format!("۳۱\n{persian}"),
        ] {
            check(&text, accept(Some(code()), ""));
        }
        check(&format!("33 {plain} دوباره خراب شد"), object(Some(code()), "دوباره خراب شد"));
        check("31 1234567890", Meaning::CodeWrong);
        check("33 123456789", Meaning::CodeWrong);
    }

    #[test]
    fn a_code_alone_asks_how_it_is() {
        let plain = code().to_string();
        check(&plain, Meaning::Code(code()));
        check(&language::digits::to_persian(&plain), Meaning::Code(code()));
        check(&format!(" {}-{}-{} ", &plain[..3], &plain[3..6], &plain[6..]), Meaning::Code(code()));
        check("1234567890", Meaning::CodeWrong);
    }

    #[test]
    fn enough_and_again() {
        for text in [
            "لغو۱۱",
            "لغو ۱۱",
            "لغو11",
            "لغو‌۱۱",
            "۱۱",
            "11",
            "لغو",
            "لغو.",
            "STOP",
            "Stop 11",
            "off",
            "لغو ١١",
        ] {
            check(text, Meaning::Stop);
        }
        for text in ["۱۲", "12", "عضویت", "عضویت ۱۲", "START", "join"] {
            check(text, Meaning::Join);
        }
        // A story that begins so is no farewell.
        check("لغو مجوز این ساختمان را خواهانم", Meaning::Words);
        check("۱۱ درخت را بریده‌اند", Meaning::Words);
    }

    #[test]
    fn the_rest_is_words_or_nothing() {
        check("درخت افتاده خیابان بهار", Meaning::Words);
        check("A tree fell", Meaning::Words);
        check("", Meaning::Nothing);
        check(" ؟!. ", Meaning::Nothing);
    }

    #[test]
    fn a_city_may_have_other_digits() {
        let own = Replies { accept: "1".into(), object: "2".into(), stop: "0".into(), join: "9".into() };
        assert_eq!(understand("۱", &own), accept(None, ""));
        assert_eq!(understand("۲", &own), object(None, ""));
        assert_eq!(understand("لغو۰", &own), Meaning::Stop);
    }
}
