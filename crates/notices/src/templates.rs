//! What is said on which occasion, to whom, and in whose words.
//!
//! [`OCCASIONS`] is the whole table. The words are in `locales/*/notices.ftl`; a city may put its own in their place.
//! An SMS is what is said, then what to answer, then where to look, then how to be left in peace.

use language::Lang;
use words::Words;

use crate::city::{City, Own};
use crate::text::{self, Values};

/// One fact that people hear of.
#[derive(Debug)]
pub struct Occasion {
    /// The fact of the journal.
    pub fact: &'static str,
    /// Told to whoever reported, unless the city says otherwise.
    pub reporter: bool,
    /// Told to those who follow.
    pub followers: bool,
    /// The reporter is asked whether it is really done.
    pub asks: bool,
    /// The page is worth a visit.
    pub links: bool,
    /// Not worth a message unless something was said with it.
    pub needs_words: bool,
}

const fn told(fact: &'static str) -> Occasion {
    Occasion { fact, reporter: true, followers: false, asks: false, links: false, needs_words: false }
}

/// Everything that messages are sent about.
pub const OCCASIONS: &[Occasion] = &[
    Occasion { links: true, ..told("submitted") },
    // Who has it interests few, and every message costs the city and the reader something.
    Occasion { reporter: false, ..told("assigned") },
    Occasion { links: true, ..told("asked") },
    Occasion { followers: true, ..told("referred") },
    Occasion { followers: true, asks: true, ..told("declined") },
    Occasion { followers: true, asks: true, ..told("answered") },
    Occasion { followers: true, ..told("reopened") },
    told("objected"),
    Occasion { needs_words: true, ..told("closed") },
    told("duplicate"),
    told("overdue"),
    // A storm moved what was promised. Those who wait hear it before they wait in vain.
    told("promise-shifted"),
];

/// The occasion of a fact, if people hear of it.
pub fn occasion(fact: &str) -> Option<&'static Occasion> {
    OCCASIONS.iter().find(|occasion| occasion.fact == fact)
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Reporter,
    Follower,
}

impl Occasion {
    /// Whether anybody is told, after the city's own wish.
    pub fn is_told(&self, reader: Reader, own: Option<&Own>) -> bool {
        let by_default = match reader {
            Reader::Reporter => self.reporter,
            Reader::Follower => self.followers,
        };
        match own.and_then(|own| own.send) {
            Some(false) => false,
            Some(true) => by_default || reader == Reader::Reporter,
            None => by_default,
        }
    }
}

/// The core of what is said: the city's own words, or ours.
pub fn core(fact: &str, reader: Reader, own: Option<&Own>, lang: Lang) -> String {
    if let Some(words) = own.filter(|_| reader == Reader::Reporter).and_then(|own| own.words(lang)) {
        return words.to_owned();
    }
    let w = Words(lang);
    let (code, unit, said) = ("{code}", "{unit}", "{words}");
    match (fact, reader) {
        ("submitted", _) => w.notices_submitted_plain(code, "{service}"),
        ("assigned", _) => w.notices_assigned_plain(code, unit),
        ("asked", _) => w.notices_asked_plain(code, said),
        ("referred", Reader::Reporter) => w.notices_referred_plain(code, unit),
        ("referred", Reader::Follower) => w.notices_follower_referred_plain(code, unit),
        ("declined", Reader::Reporter) => w.notices_declined_plain(code, said),
        ("declined", Reader::Follower) => w.notices_follower_declined_plain(code, said),
        ("answered", Reader::Reporter) => w.notices_answered_plain(code, unit, said),
        ("answered", Reader::Follower) => w.notices_follower_answered_plain(code, said),
        ("reopened", Reader::Reporter) => w.notices_reopened_plain(code),
        ("reopened", Reader::Follower) => w.notices_follower_reopened_plain(code),
        ("objected", _) => w.notices_objected_plain(code),
        ("closed", _) => w.notices_closed_plain(code, said),
        ("duplicate", _) => w.notices_duplicate_plain(code, "{other}"),
        ("overdue", _) => w.notices_overdue_plain(code),
        ("promise-shifted", _) => w.notices_promise_shifted_plain(code, "{due}"),
        _ => String::new(),
    }
}

/// The whole template of an SMS.
pub fn sms(occasion: &Occasion, reader: Reader, own: Option<&Own>, lang: Lang) -> String {
    let w = Words(lang);
    let mut lines = vec![core(occasion.fact, reader, own, lang)];
    if occasion.asks && reader == Reader::Reporter {
        lines.push(w.notices_reply_plain("{accept}", "{object}"));
    }
    if occasion.links && reader == Reader::Reporter {
        lines.push("{link}".into());
    }
    lines.push(w.notices_opt_out_plain("{stop}"));
    lines.join("\n")
}

/// The template of a letter. Nobody answers a letter with two digits: its link does what the reply would.
pub fn letter(occasion: &Occasion, reader: Reader, own: Option<&Own>, lang: Lang) -> String {
    let w = Words(lang);
    let mut paragraphs = vec![core(occasion.fact, reader, own, lang)];
    if occasion.asks && reader == Reader::Reporter {
        paragraphs.push(w.notices_reply_on_page().to_owned());
    }
    paragraphs.push("{link}".into());
    paragraphs.push(w.notices_email_why().to_owned());
    paragraphs.join("\n")
}

/// The values that every template of a city shares.
pub fn shared(city: &City, lang: Lang) -> Vec<(&'static str, String)> {
    let digits = |text: &str| language::digits::shown(text, lang);
    let replies = &city.wishes.replies;
    vec![
        ("city", city.name.get(lang).to_owned()),
        ("phone", digits(&city.phone)),
        ("accept", digits(&replies.accept)),
        ("object", digits(&replies.object)),
        ("stop", digits(&replies.stop)),
        ("join", digits(&replies.join)),
    ]
}

/// An SMS that answers an SMS: at most two parts, without a way out, since it was asked for.
pub fn reply(city: &City, lang: Lang, template: &str, values: &Values<'_>) -> String {
    let mut all = shared(city, lang);
    all.extend(values.iter().cloned());
    text::fit(template, &all, lang)
}
