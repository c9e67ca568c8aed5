//! What is said to people away from our pages, and what they text back.
//!
//! A fact about a request becomes a row of the [`outbox`]: one for each person, under a key that makes it the same
//! message for ever. The [`sender`] takes what is due to a [`gateway`] and notes how it went; nothing is lost while a
//! gateway is down, and the order of each person's messages is kept. What people send comes in through [`inbound`].
//! Numbers and texts stand in this crate's tables only, never in the journal.

pub mod board; // the page of messages: figures, lists, what can be done
pub mod browsers; // browsers that asked for news
pub mod callback; // gateways call us back
pub mod city; // the city's own wishes: quiet hours, reply words, its wording
mod code; // sign-in codes: before everything, and only for minutes
pub mod follow; // facts of the journal become messages
pub mod forget; // numbers and texts, after ten days
pub mod gateway; // what every way out has in common
pub mod gateways; // the ways out: HTTP, SMTP, browsers, a file
pub mod health; // which gateway does well lately
pub mod inbound; // what people text us
pub mod outbox; // the rows: put, claim, mark, count
pub mod parts; // how many parts a text is paid in
pub mod receipts; // what a gateway says became of a message
pub mod sender; // what is due leaves
pub mod settings; // the gateways of this installation
pub mod templates; // what is said on which occasion
pub mod text; // templates filled in and cut to size
pub mod voting; // a vote by text message or menu
pub mod wanted; // who wants no news

pub use code::{send_code, send_code_in};
pub use settings::Settings;

/// Everything of this crate that follows the journal; the worker runs them all.
pub const FOLLOWERS: &[storage::followers::Follower] = &[follow::FOLLOWER];

/// Everything of this crate that is done again and again; the worker does them all.
pub const CHORES: &[people::Chore] = &[forget::FORGET];

#[cfg(test)]
mod tests;
