//! Words and letters: what the program knows about Persian and English, and nothing about cities.
//!
//! What people type is cleaned once on arrival (`display`), compared and searched through one folding (`fold`),
//! and what the program says comes from one checked catalogue of messages (`catalogue`).
//! Everything here is a plain function of its input: no clock, no randomness, no files at run time.

pub mod catalogue; // messages in locales/*.ftl become checked Rust functions
pub mod collate; // the order of the Persian and English alphabets
pub mod digits; // the three digit sets people type, and how numbers are shown
pub mod display; // what is stored of what somebody typed
pub mod fold; // one spelling for all spellings: search and comparing names
mod lang; // Persian, English and their direction
pub mod mask; // personal numbers inside text that becomes public
pub mod mobile; // mobile numbers
pub mod national_id; // Iranian national identity numbers
pub mod plural; // "one request" or "12 requests"
mod tracking_code; // ten digits that nobody can guess
pub mod wrong_layout; // «sghl» typed on the wrong keyboard was «سلام»

pub use lang::{Direction, Lang};
pub use tracking_code::{TrackingCode, TrackingCodeRefusal};
