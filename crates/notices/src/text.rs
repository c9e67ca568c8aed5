//! From a template and its values to the text that leaves.
//!
//! A template holds `{code}` and the other names of [`PLACEHOLDERS`] and nothing else is ever replaced: no format is
//! built from what people type. Words of people are cut so that a message stays within two parts.

use language::Lang;

use crate::parts;

/// Everything that a template may ask for.
pub const PLACEHOLDERS: [&str; 14] = [
    "code", "service", "unit", "words", "due", "status", "link", "city", "phone", "other", "accept",
    "object", "stop", "join",
];

/// A message of ours costs at most this many parts.
pub const MOST_PARTS: usize = 2;

/// Values by name. What a template asks for and nobody gave is empty.
pub type Values<'a> = [(&'a str, String)];

/// The first placeholder of a template that does not exist, if there is one.
pub fn unknown_placeholder(template: &str) -> Option<&str> {
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { return Some(after) };
        if !PLACEHOLDERS.contains(&name) {
            return Some(name);
        }
        rest = behind;
    }
    None
}

/// The text with its values. Values that run against the direction of the text are isolated.
pub fn fill(template: &str, values: &Values<'_>, lang: Lang) -> String {
    let mut out = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push_str(after);
            return tidy(&out);
        };
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            push(&mut out, name, value, lang);
        }
        rest = behind;
    }
    out.push_str(rest);
    tidy(&out)
}

/// What is cut, in this order, and how much of it stays at least: a name is still known by half of it, and the words
/// that an answer is about are worth more than the whole name of who answers.
const CUTS: [(&str, usize); 6] =
    [("words", 45), ("unit", 18), ("service", 18), ("words", 0), ("city", 12), ("unit", 0)];

/// [`fill`] within [`MOST_PARTS`]: words of people are cut first, then names of units and services.
pub fn fit(template: &str, values: &Values<'_>, lang: Lang) -> String {
    let mut values: Vec<(&str, String)> = values.to_vec();
    for (name, least) in CUTS {
        let Some(at) = values.iter().position(|(known, _)| *known == name) else { continue };
        let Some((_, whole)) = values.get(at).cloned() else { continue };
        // No SMS has room for more, and the search below stays short.
        let mut most = whole.chars().count().min(320);
        loop {
            let text = fill(template, &values, lang);
            if parts::size(&text).parts <= MOST_PARTS {
                return text;
            }
            if most <= least {
                break;
            }
            most -= 1;
            if let Some((_, value)) = values.get_mut(at) {
                *value = shortened(&whole, most, lang);
            }
        }
    }
    fill(template, &values, lang)
}

/// At most `most` characters, the mark of the cut included, ending with a whole word where one ends nearby.
pub fn shortened(text: &str, most: usize, lang: Lang) -> String {
    // The one-character mark would turn an English text into UCS-2.
    let mark = if lang == Lang::Fa { "…" } else { "..." };
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(mark.chars().count());
    if room == 0 {
        return String::new();
    }
    let cut: String = text.chars().take(room).collect();
    let whole = match cut.rfind(' ') {
        Some(at) if cut.get(at..).is_some_and(|tail| tail.chars().count() <= 12) => {
            cut.get(..at).unwrap_or(&cut)
        }
        _ => &cut,
    };
    format!("{}{mark}", whole.trim_end_matches([' ', '،', ',', '؛', ':', '.', '\u{200C}']))
}

/// Isolates cost two places, so they stand only around what would be read in the wrong order without them.
fn push(out: &mut String, name: &str, value: &str, lang: Lang) {
    let against = match lang {
        Lang::Fa => value.chars().any(|letter| letter.is_ascii_alphabetic()),
        Lang::En => value.chars().any(is_right_to_left),
    };
    // A link stands on a line of its own, and an isolate inside it would break it.
    if against && name != "link" {
        out.push('\u{2068}');
        out.push_str(value);
        out.push('\u{2069}');
    } else {
        out.push_str(value);
    }
}

const fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// Lines without a value disappear, and a colon before a missing value becomes a full stop.
fn tidy(text: &str) -> String {
    let lines = text.lines().map(str::trim_end).map(|line| match line.strip_suffix(':') {
        Some(said) => format!("{said}."),
        None => line.to_owned(),
    });
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_fixed_names_are_filled_in() {
        assert_eq!(unknown_placeholder("پیام {code} در {unit}"), None);
        assert_eq!(unknown_placeholder("{mobile}"), Some("mobile"));
        assert_eq!(unknown_placeholder("{code"), Some("code"));
        let values = [("words", "{code} %s {0}".to_owned()), ("code", "12".to_owned())];
        assert_eq!(fill("{code}: {words}", &values, Lang::En), "12: {code} %s {0}");
    }

    #[test]
    fn a_missing_value_leaves_no_hole() {
        assert_eq!(
            fill("پیام {code} رسیدگی شد: {words}\n{link}\nلغو", &[("code", "۱".into())], Lang::Fa),
            "پیام ۱ رسیدگی شد.\nلغو"
        );
    }

    #[test]
    fn only_what_runs_against_the_text_is_isolated() {
        let said = |value: &str, lang| fill("«{unit}»", &[("unit", value.to_owned())], lang);
        assert_eq!(said("شهرداری منطقهٔ ۶", Lang::Fa), "«شهرداری منطقهٔ ۶»");
        assert_eq!(said("فروشگاه Arian", Lang::Fa), "«\u{2068}فروشگاه Arian\u{2069}»");
        assert_eq!(said("Parks", Lang::En), "«Parks»");
        assert_eq!(said("پارک‌ها", Lang::En), "«\u{2068}پارک‌ها\u{2069}»");
        assert_eq!(
            fill("{link}", &[("link", "https://137.example.ir/r/1".into())], Lang::Fa),
            "https://137.example.ir/r/1"
        );
    }

    #[test]
    fn words_are_cut_until_two_parts_are_enough() {
        let words = "آسفالت کوچه ترمیم شد و نخاله‌ها جمع شد ".repeat(20);
        let values = [("code", "۱۲۳۴۵۶۷۸۹۰".to_owned()), ("words", words)];
        let text = fit("پیام {code} رسیدگی شد: {words}\nلغو۱۱", &values, Lang::Fa);
        assert_eq!(parts::size(&text).parts, 2, "{text}");
        assert!(text.contains('…') && text.ends_with("لغو۱۱"), "{text}");
        let values = [("words", "The road is mended and the rubble was collected. ".repeat(20))];
        let text = fit("Done: {words}\nStop: 11", &values, Lang::En);
        assert_eq!(parts::size(&text), parts::Size { encoding: parts::Encoding::Gsm7, ..parts::size(&text) });
        assert!(parts::size(&text).parts <= 2 && text.contains("..."), "{text}");
    }
}
