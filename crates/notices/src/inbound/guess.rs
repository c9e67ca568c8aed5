//! Which service and which place somebody's words name.
//!
//! Only what is really named counts: all the words of a keyword, the whole name of a place. Who learned from the past
//! what words may mean decides nothing here; between two services that are named alike it may say which comes first.

use std::collections::HashSet;

use language::{Lang, fold};
use requests::service::{Attribute, Datatype, Service, Value};
use requests::{Catalogue, PlaceDraft};
use territory::{Atlas, FoundKind, Level};

/// The service that a text names, if one does. `likely` are ids from the likeliest.
pub fn service<'c>(catalogue: &'c Catalogue, text: &str, likely: &[i64]) -> Option<&'c Service> {
    let said: HashSet<String> = fold::tokens(text).into_iter().collect();
    let mut best: Option<((usize, usize), &Service)> = None;
    for service in catalogue.services.iter().filter(|service| service.is_open) {
        let about = &service.about;
        let names =
            about.keywords.fa.iter().chain(&about.keywords.en).chain([&about.name.fa, &about.name.en]);
        let longest = names.map(|name| weight(name, &said)).max().unwrap_or(0);
        if longest == 0 {
            continue;
        }
        // The sooner it stands among the likely, the larger.
        let place = likely.iter().position(|id| *id == service.id);
        let rank = (longest, place.map_or(0, |at| likely.len() - at));
        if best.as_ref().is_none_or(|(top, _)| rank > *top) {
            best = Some((rank, service));
        }
    }
    best.map(|(_, service)| service)
}

/// How many words of a name were said, when all of them were; otherwise nothing.
fn weight(name: &str, said: &HashSet<String>) -> usize {
    let words = fold::query(name).terms;
    if !words.is_empty() && words.iter().all(|word| said.contains(word)) { words.len() } else { 0 }
}

/// Words that only an address has.
const ADDRESS_WORDS: [&str; 20] = [
    "خیابان",
    "کوچه",
    "میدان",
    "بلوار",
    "بزرگراه",
    "اتوبان",
    "پلاک",
    "بنبست",
    "بن",
    "چهارراه",
    "سهراه",
    "جاده",
    "شهرک",
    "خ",
    "street",
    "avenue",
    "alley",
    "square",
    "road",
    "st",
];

/// Where a text says that it is: a place by its whole name, and the words themselves as an address.
pub fn place(atlas: &Atlas, text: &str) -> Option<PlaceDraft> {
    let tokens = fold::tokens(text);
    let address: String = language::display::clean_line(text).chars().take(200).collect();
    let mut best: Option<(usize, PlaceDraft)> = None;
    let mut offer = |size: usize, place: PlaceDraft| {
        if size > 0 && best.as_ref().is_none_or(|(top, _)| size > *top) {
            best = Some((size, place));
        }
    };
    for level in [Level::Neighbourhood, Level::Area, Level::District] {
        for division in atlas.divisions(level).filter(|division| !division.retired) {
            let size = named(&[&division.name_fa, &division.name_en], &tokens);
            offer(size, PlaceDraft { point: None, division: Some(division.id), address: address.clone() });
        }
    }
    for found in atlas.find_places(text, 30) {
        if let (FoundKind::Landmark(_), Some(point)) = (&found.kind, found.point) {
            let size = named(&[&found.name_fa, &found.name_en], &tokens);
            offer(
                size,
                PlaceDraft { point: Some((point.lat, point.long)), division: None, address: address.clone() },
            );
        }
    }
    if let Some((_, place)) = best {
        return Some(place);
    }
    // A street that no map of ours knows is still where it is.
    let is_address = tokens.iter().any(|token| ADDRESS_WORDS.contains(&token.as_str()));
    is_address.then_some(PlaceDraft { point: None, division: None, address })
}

/// Words before which even a short name is one: «محله ونک».
const KIND_WORDS: [&str; 6] = ["محله", "منطقه", "ناحیه", "میدان", "district", "neighbourhood"];

/// How many words of a name stand in a row in a text. A single short word is also a word of other things, so it counts
/// only where its kind stands before it.
fn named(names: &[&str], tokens: &[String]) -> usize {
    let mut longest = 0;
    for name in names {
        let words = fold::query(name).terms;
        let tells = words.len() > 1 || words.iter().any(|word| word.chars().count() > 3);
        // Folding puts a compound behind its parts, so that each form of a name meets each form of the text.
        let stands = tokens.windows(words.len().max(1)).enumerate().any(|(at, run)| {
            let before = at.checked_sub(1).and_then(|before| tokens.get(before));
            run == words.as_slice()
                && (tells || before.is_some_and(|word| KIND_WORDS.contains(&word.as_str())))
        });
        if stands {
            longest = longest.max(words.len());
        }
    }
    longest
}

/// The answers that a text gives to the questions of a service, and the first question that must be answered and is not.
/// `last` is what came last, when it may be the answer to a question that we asked: its number, or a part of its words.
pub fn answers<'s>(
    service: &'s Service,
    text: &str,
    last: Option<&str>,
) -> (Vec<(String, Vec<String>)>, Option<&'s Attribute>) {
    let mut given = Vec::new();
    let mut missing = None;
    for question in service.about.attributes.iter().filter(|question| question.variable) {
        let answer = match question.datatype {
            Datatype::SingleValueList | Datatype::MultiValueList => {
                named_value(question, text).or_else(|| {
                    // Only the first question that is open was asked.
                    last.filter(|_| question.required && missing.is_none())
                        .and_then(|last| chosen_value(question, last))
                })
            }
            // Whatever else is asked for stands in the words themselves, if anywhere.
            Datatype::Text | Datatype::String if question.required => Some(text.chars().take(300).collect()),
            _ => None,
        };
        match answer {
            Some(answer) => given.push((question.code.clone(), vec![answer])),
            None if question.required && missing.is_none() => missing = Some(question),
            None => {}
        }
    }
    (given, missing)
}

/// The value whose whole name was said; the longest when several were.
fn named_value(question: &Attribute, text: &str) -> Option<String> {
    let said: HashSet<String> = fold::tokens(text).into_iter().collect();
    let size = |value: &Value| weight(&value.name.fa, &said).max(weight(&value.name.en, &said));
    let best = question.values.iter().max_by_key(|value| size(value))?;
    (size(best) > 0).then(|| best.key.clone())
}

/// The value that an answer means: by its number in the list that was asked, or as the only one with most of the words.
fn chosen_value(question: &Attribute, last: &str) -> Option<String> {
    if let Some(number) = language::digits::parse_i64(last) {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        return question.values.get(at).map(|value| value.key.clone());
    }
    let said: HashSet<String> = fold::tokens(last).into_iter().collect();
    let met = |value: &Value| {
        let words: HashSet<String> =
            fold::tokens(&format!("{} {}", value.name.fa, value.name.en)).into_iter().collect();
        words.intersection(&said).count()
    };
    let most = question.values.iter().map(met).max().filter(|most| *most > 0)?;
    let mut best = question.values.iter().filter(|value| met(value) == most);
    match (best.next(), best.next()) {
        (Some(one), None) => Some(one.key.clone()),
        _ => None,
    }
}

/// A question with what may be answered, as an SMS asks it.
pub fn asked(question: &Attribute, lang: Lang) -> String {
    if question.values.is_empty() {
        return question.name.get(lang).to_owned();
    }
    let comma = if lang == Lang::Fa { "، " } else { ", " };
    let values = question.values.iter().enumerate().map(|(n, value)| {
        format!("{} {}", language::digits::plain(n as i64 + 1, lang), value.name.get(lang))
    });
    format!("{} ({})", question.name.get(lang), values.collect::<Vec<_>>().join(comma))
}
