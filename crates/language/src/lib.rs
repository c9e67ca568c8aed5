//! Words and letters: what the program knows about Persian and English, and nothing about cities.
//!
//! What people type is cleaned once on arrival (`display`), compared and searched through one folding (`fold`),
//! and what the program says comes from one checked catalogue of messages (`catalogue`).
//! Everything here is a plain function of its input: no clock, no randomness, no files at run time.

mod lang;
pub mod digits; // the three digit sets people type, and how numbers are shown
pub mod plural; // "one request" or "12 requests"
pub mod display; // what is stored of what somebody typed
pub mod fold; // one spelling for all spellings: search and comparing names
pub mod collate; // the order of the Persian and English alphabets
pub mod wrong_layout; // «sghl» typed on the wrong keyboard was «سلام»
pub mod mobile; // mobile numbers
pub mod national_id; // Iranian national identity numbers
mod tracking_code;
pub mod mask; // personal numbers inside text that becomes public
pub mod catalogue; // messages in locales/*.ftl become checked Rust functions

pub use lang::{Direction, Lang};
pub use tracking_code::{TrackingCode, TrackingCodeRefusal};
