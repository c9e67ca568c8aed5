//! What somebody wants to say, as typed. `submit` cleans and checks it.

use language::Lang;
use serde::Serialize;

use crate::kinds::{Channel, Kind, Priority};

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
