//! What people write: sentences with their slots filled, and the slips of real typing.

use std::collections::HashMap;

use language::{Lang, digits};
use territory::{Atlas, Place};

use super::chance::Chance;
use super::script::{Reply, Script, Typos};

/// What one person wrote.
#[derive(Debug, Clone)]
pub struct Written {
    pub words: String,
    pub address: String,
}

pub struct Words<'s> {
    script: &'s Script,
    texts: HashMap<&'s str, &'s [String]>,
    streets: HashMap<&'s str, &'s [String]>,
}

const HALF_SPACE: char = '\u{200c}';

impl<'s> Words<'s> {
    pub fn new(script: &'s Script) -> Words<'s> {
        Words {
            script,
            texts: script.words_for.iter().map(|w| (w.service.as_str(), w.texts.as_slice())).collect(),
            streets: script.place.iter().map(|p| (p.district.as_str(), p.streets.as_slice())).collect(),
        }
    }

    pub fn write(&self, service: &str, atlas: &Atlas, place: &Place, chance: &mut Chance) -> Written {
        let slots = &self.script.slots;
        let district = place.district.and_then(|id| atlas.division(id)).map_or("", |d| d.code.as_str());
        let known = self.streets.get(district).copied().filter(|_| chance.happens(0.6));
        let street = chance.one_text(known.unwrap_or(&slots.streets)).to_owned();
        let alley = chance.one_text(&slots.alleys).to_owned();
        let landmark = chance.one_text(&slots.landmarks).to_owned();
        let since = chance.one_text(&slots.since).to_owned();
        let number = digits::persian(chance.between(slots.numbers.from, slots.numbers.to));
        let neighbourhood =
            place.neighbourhood.and_then(|id| atlas.division(id)).map_or("", |d| d.name(Lang::Fa));
        let neighbourhood = neighbourhood.split(" - ").next().unwrap_or("");

        let text = self.texts.get(service).map_or("", |texts| chance.one_text(texts));
        let mut words = text
            .replace("{street}", &street)
            .replace("{alley}", &alley)
            .replace("{landmark}", &landmark)
            .replace("{since}", &since)
            .replace("{number}", &number)
            .replace("{neighbourhood}", neighbourhood);
        if !words.is_empty() {
            let typos = &self.script.typos;
            // Nobody greets twice.
            let greets = ["سلام", "خسته نباشید"].iter().any(|greeting| words.starts_with(greeting));
            let opening = if greets { "" } else { chance.one_text(&typos.openings) };
            let closing = chance.one_text(&typos.closings);
            words = format!("{opening}{words}{closing}");
            if chance.happens(typos.rate) {
                words = slip(&words, typos, chance);
            }
        }
        let address = match chance.between(0, 3) {
            0 => street,
            1 => format!("{street}، {landmark}"),
            2 => format!("{street}، {alley}"),
            _ => format!("{street}، {alley}، پلاک {number}"),
        };
        Written { words, address }
    }

    pub fn answer(&self, group: &str, service: &str, chance: &mut Chance) -> String {
        reply(&self.script.answer, group, service, chance)
    }

    pub fn decline(&self, group: &str, service: &str, chance: &mut Chance) -> String {
        reply(&self.script.decline, group, service, chance)
    }

    /// Sentences that fit any service: an objection, a question to the citizen, a word between colleagues.
    pub fn any(&self, replies: &[Reply], chance: &mut Chance) -> String {
        reply(replies, "", "", chance)
    }
}

/// A sentence for this service, else for its group. Where there are sentences for everything, half of the time
/// one of those.
fn reply(replies: &[Reply], group: &str, service: &str, chance: &mut Chance) -> String {
    let of_service = replies.iter().find(|r| r.services.iter().any(|s| s == service));
    let near = of_service.or_else(|| replies.iter().find(|r| r.groups.iter().any(|g| g == group)));
    let of_all = replies.iter().find(|r| r.groups.is_empty() && r.services.is_empty());
    let found = match (near, of_all) {
        (Some(near), Some(_)) if chance.happens(0.5) => Some(near),
        (near, of_all) => of_all.or(near).or(replies.first()),
    };
    found.map_or(String::new(), |r| chance.one_text(&r.texts).to_owned())
}

/// One slip, of the kinds that keyboards and haste make.
fn slip(words: &str, typos: &Typos, chance: &mut Chance) -> String {
    match chance.between(0, 2) {
        0 if typos.arabic_letters => words.replace('ی', "ي").replace('ک', "ك"),
        1 => words.replace(HALF_SPACE, chance.one_text(&typos.half_space)),
        _ => {
            let known: Vec<&(String, String)> =
                typos.swaps.iter().filter(|(right, _)| words.contains(right)).collect();
            match chance.one(&known) {
                Some((right, wrong)) => words.replace(right, wrong),
                None => words.replace(HALF_SPACE, " "),
            }
        }
    }
}
