//! The key of a round.
//!
//! It is drawn when the round begins and kept sealed with the key that is not in the database. Everything about voting
//! uses it, so that nothing of one round fits another, and so that it can be destroyed when the round is over: from
//! then on not even both keys together join persons and ballots.

use people::{Act, Seal};
use storage::Error;

const PURPOSE: &str = "round key";

pub struct RoundKey {
    seal: Seal,
    round: i64,
}

impl RoundKey {
    /// A new key, sealed for the row of the round.
    pub fn draw(act: &Act, seal: &Seal, round: i64) -> Option<String> {
        seal.close(&act.dice, PURPOSE, round, &act.dice.bytes())
    }

    /// The key of a round. It fails when the key file is another one than at the beginning, or the key was destroyed.
    pub fn open(seal: &Seal, round: i64, secret: &str) -> storage::Result<RoundKey> {
        let key = seal.open(PURPOSE, round, secret).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let key = key.ok_or_else(|| {
            Error::corrupt("the key of a round does not open: is the key file the right one?")
        })?;
        Ok(RoundKey { seal: Seal::new(key), round })
    }

    /// The person on the roll.
    pub fn person(&self, identity: &str) -> String {
        self.seal.hash("person", &[identity])
    }

    /// The place in the box. Without the key it has nothing in common with the person.
    pub fn slot(&self, identity: &str) -> String {
        self.seal.hash("slot", &[identity])
    }

    pub fn phone(&self, mobile: &str) -> String {
        self.seal.hash("phone", &[mobile])
    }

    /// The number of somebody who votes by text message.
    pub fn dialogue(&self, mobile: &str) -> String {
        self.seal.hash("dialogue", &[mobile])
    }

    /// What decides between equals.
    pub fn seed(&self) -> String {
        self.seal.hash("seed", &[&self.round.to_string()])
    }

    /// Of what two people typed from one sheet: equal when they typed the same.
    pub fn digest(&self, about: &str, typed: &str) -> String {
        self.seal.hash("sheet", &[about, typed])
    }

    /// Seals something for one place, so that a copy of it opens in no other.
    pub fn close(&self, act: &Act, purpose: &str, place: &str, content: &[u8]) -> storage::Result<String> {
        self.seal
            .close(&act.dice, purpose, about(place), content)
            .ok_or_else(|| Error::corrupt("something could not be sealed"))
    }

    pub fn reveal(&self, purpose: &str, place: &str, sealed: &str) -> Option<Vec<u8>> {
        self.seal.open(purpose, about(place), sealed)
    }
}

/// The first 60 bits of a token, as a number to bind to.
fn about(place: &str) -> i64 {
    place.get(..15).and_then(|head| i64::from_str_radix(head, 16).ok()).unwrap_or(0)
}
