//! The one source of chance and of ids.
//!
//! The doors make one for the process from the operating system's randomness; tests make one from a seed and
//! get the same city every time. Numbers come from SHA-256 over a secret key and a counter, so that nobody
//! who has seen some tracking codes can foretell the next.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use calendar::Timestamp;
use sha2::{Digest, Sha256};

/// An id is 42 bits of milliseconds since 1970 and 21 bits below, so that ids sort by time until 2109.
const LOW_BITS: u32 = 21;
const LOW_MASK: i64 = (1 << LOW_BITS) - 1;

pub struct Dice {
    key: [u8; 32],
    drawn: AtomicU64,
    last_id: AtomicI64,
}

impl std::fmt::Debug for Dice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dice")
    }
}

impl Dice {
    /// From 32 bytes that nobody can guess.
    pub fn new(key: [u8; 32]) -> Self {
        Dice { key, drawn: AtomicU64::new(0), last_id: AtomicI64::new(0) }
    }

    /// The same numbers every time, for tests and demo data.
    pub fn seeded(seed: u64) -> Self {
        Self::new(Sha256::digest(seed.to_be_bytes()).into())
    }

    /// 256 bits never drawn before.
    pub fn bytes(&self) -> [u8; 32] {
        let n = self.drawn.fetch_add(1, Ordering::Relaxed);
        let mut sha = Sha256::new();
        sha.update(self.key);
        sha.update(n.to_be_bytes());
        sha.finalize().into()
    }

    pub fn number(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.bytes();
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    /// A new id, larger than every id this process made before.
    pub fn id(&self, at: Timestamp) -> i64 {
        let wish = first_id_at(at) | (self.number() as i64 & LOW_MASK);
        let mut last = self.last_id.load(Ordering::Relaxed);
        loop {
            let id = wish.max(last + 1);
            match self.last_id.compare_exchange_weak(last, id, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return id,
                Err(now) => last = now,
            }
        }
    }

    /// An id in the order of a past moment, for records that are brought in; `nth` keeps those of one
    /// millisecond apart.
    pub fn past_id(&self, at: Timestamp, nth: u64) -> i64 {
        first_id_at(at) | (nth as i64 & LOW_MASK)
    }
}

/// The smallest id of a moment: where a list by time begins. Moments before 1970 count as 1970.
pub fn first_id_at(at: Timestamp) -> i64 {
    at.0.clamp(0, (1 << 42) - 1) << LOW_BITS
}
