//! What somebody wants to say, as typed. `submit` cleans and checks it.

use language::Lang;
use serde::Serialize;
use storage::files::FileId;

use crate::kinds::{Channel, Kind, Priority};
use crate::photos::KEPT_SIDE;

/// What somebody wants to say. Everything is as typed; `submit` cleans and checks it.
#[derive(Debug, Clone, Serialize)]
pub struct Draft {
    pub jurisdiction: i64,
    pub kind: Kind,
    pub service_code: String,
    pub place: PlaceDraft,
    pub words: String,
    /// Question code and what was answered.
    pub answers: Vec<(String, Vec<String>)>,
    pub priority: Priority,
    pub channel: Channel,
    pub language: Lang,
    pub contact: Contact,
    /// Photos that were already made safe and kept as files.
    #[serde(skip)]
    pub photos: Vec<PhotoRef>,
    /// Made by the sender's device; the same key is the same request for ever.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
    /// The sender's own number for it, unique within the source.
    pub source: Option<(String, String)>,
}

impl Draft {
    /// An empty draft, for doors to fill.
    pub fn new(jurisdiction: i64, channel: Channel, language: Lang) -> Self {
        Draft {
            jurisdiction,
            kind: Kind::Request,
            service_code: String::new(),
            place: PlaceDraft::default(),
            words: String::new(),
            answers: Vec::new(),
            priority: Priority::Normal,
            channel,
            language,
            contact: Contact::default(),
            photos: Vec::new(),
            idempotency_key: None,
            source: None,
        }
    }
}

/// Where it is: a point, or a chosen division, or words; the more the better, at least one.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PlaceDraft {
    /// Latitude and longitude in degrees, unchecked.
    pub point: Option<(f64, f64)>,
    /// A neighbourhood or a district, by id.
    pub division: Option<i64>,
    pub address: String,
}

/// Who reports. All of it is optional and none of it is public.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Contact {
    pub name: String,
    pub mobile: String,
    pub email: String,
    pub device: String,
    pub account: String,
}

impl Contact {
    pub fn is_empty(&self) -> bool {
        *self == Contact::default()
    }
}

/// A photo that is kept: the names of its files and its size in pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoRef {
    pub file: String,
    pub thumbnail: String,
    pub width: u32,
    pub height: u32,
}

impl PhotoRef {
    /// The photo in one word, for a hidden field or a program that sends it first and the request after it.
    pub fn text(&self) -> String {
        format!("{}.{}.{}.{}", self.file, self.thumbnail, self.width, self.height)
    }

    /// Reads [`PhotoRef::text`]; `None` for anything else. Whether the files are there is for the door to ask.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (file, thumbnail) = (FileId::parse(parts.next()?)?, FileId::parse(parts.next()?)?);
        let (width, height) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let is_size = |side: u32| (1..=KEPT_SIDE).contains(&side);
        (is_size(width) && is_size(height) && parts.next().is_none()).then(|| PhotoRef {
            file: file.to_string(),
            thumbnail: thumbnail.to_string(),
            width,
            height,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_survives_its_word_and_nonsense_does_not() {
        let photo = PhotoRef { file: "a".repeat(64), thumbnail: "b".repeat(64), width: 640, height: 480 };
        assert_eq!(PhotoRef::parse(&photo.text()), Some(photo.clone()));
        for nonsense in [
            "",
            "x.y.1.1",
            &format!("{}.{}.0.9", "a".repeat(64), "b".repeat(64)),
            &format!("{}.9", photo.text()),
            "../../etc/passwd",
        ] {
            assert_eq!(PhotoRef::parse(nonsense), None);
        }
    }
}
