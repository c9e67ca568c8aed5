//! The key that is not in the database.
//!
//! A code of six digits has too few values for a plain hash: whoever carries the database away tries them all. So
//! what is short is hashed with this key, and what must be read again is encrypted with it. The key lives in a file
//! of the data folder; see `docs/operating/people.md` for what is lost when it is lost.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::Dice;

/// 32 bytes that nobody else knows.
#[derive(Clone)]
pub struct Seal {
    key: [u8; 32],
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

/// In front of everything that was sealed this way, so that a later way can be told from it.
const WAY: &str = "x1:";
const NONCE: usize = 24;

impl Seal {
    pub fn new(key: [u8; 32]) -> Self {
        Seal { key }
    }

    /// From 64 hexadecimal digits, as the key file holds them.
    pub fn from_text(text: &str) -> Option<Self> {
        Some(Seal { key: unhex(text)?.try_into().ok()? })
    }

    /// A key of its own for each purpose, so that what was made for one is worth nothing in another.
    fn key_for(&self, purpose: &str) -> [u8; 32] {
        mac(&self.key, &[b"key for", purpose.as_bytes()])
    }

    /// A keyed hash of several texts, as 64 hexadecimal digits. It cannot be computed, nor guessed at, without the
    /// key.
    pub fn hash(&self, purpose: &str, parts: &[&str]) -> String {
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
        hex(&mac(&self.key_for(purpose), &parts))
    }

    /// Encrypts a secret about one thing. What is sealed about one account opens for no other.
    pub fn close(&self, dice: &Dice, purpose: &str, about: i64, secret: &[u8]) -> Option<String> {
        let random = dice.bytes();
        let nonce = random.get(..NONCE)?;
        let sealed =
            self.cipher(purpose).encrypt(&nonce_of(nonce)?, payload(secret, &about.to_be_bytes())).ok()?;
        Some(format!("{WAY}{}{}", hex(nonce), hex(&sealed)))
    }

    /// The secret again; `None` when it was sealed with another key, about another thing, or was changed.
    pub fn open(&self, purpose: &str, about: i64, text: &str) -> Option<Vec<u8>> {
        let bytes = unhex(text.strip_prefix(WAY)?)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        self.cipher(purpose).decrypt(&nonce_of(nonce)?, payload(sealed, &about.to_be_bytes())).ok()
    }

    fn cipher(&self, purpose: &str) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(self.key_for(purpose)))
    }
}

fn nonce_of(bytes: &[u8]) -> Option<XNonce> {
    Some(XNonce::from(<[u8; NONCE]>::try_from(bytes).ok()?))
}

fn payload<'p>(msg: &'p [u8], aad: &'p [u8]) -> Payload<'p, 'p> {
    Payload { msg, aad }
}

/// HMAC-SHA-256 over parts, each with its length in front, so that no two lists of parts are the same text.
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A key of any length is good for HMAC; this one is always 32 bytes.
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits.chunks_exact(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

/// Compares without telling by its time where the first difference is.
pub(crate) fn same(a: &str, b: &str) -> bool {
    use subtle::ConstantTimeEq;
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
