//! Answers that are worth keeping for a moment: map tiles, counts, feeds.
//!
//! A bounded number of bytes, each entry for a bounded time. When room is needed, what was put in first goes
//! first: tiles are asked for in bursts around one place, and one order is cheaper to keep than the order of use.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use calendar::Timestamp;

/// Locks, so that two readers seldom wait for each other.
const SHARDS: usize = 16;
/// What an entry costs besides its bytes.
const OVERHEAD: usize = 128;

/// Bytes by key. `K` is a number or a text.
pub struct Cache<K> {
    shards: [Mutex<Shard<K>>; SHARDS],
    hasher: RandomState,
    room: usize,
    keep_ms: i64,
}

struct Shard<K> {
    entries: HashMap<K, Entry>,
    order: VecDeque<(K, u64)>,
    bytes: usize,
    puts: u64,
}

struct Entry {
    value: Bytes,
    put_at: Timestamp,
    put: u64,
    /// When somebody last went to make it anew.
    renewed_at: Option<Timestamp>,
}

impl<K: Hash + Eq + Clone> Cache<K> {
    /// Keeps at most `room` bytes, each for `keep_ms` milliseconds.
    pub fn new(room: usize, keep_ms: i64) -> Self {
        let shard =
            || Mutex::new(Shard { entries: HashMap::new(), order: VecDeque::new(), bytes: 0, puts: 0 });
        Cache {
            shards: std::array::from_fn(|_| shard()),
            hasher: RandomState::new(),
            room: room / SHARDS,
            keep_ms,
        }
    }

    /// What was put under `key`, if it is not older than the cache keeps.
    pub fn get(&self, key: &K, now: Timestamp) -> Option<Bytes> {
        let shard = self.shard(key)?;
        let entry = shard.entries.get(key)?;
        let age = now.0.saturating_sub(entry.put_at.0);
        // A clock that was set back makes entries look as if they came from the future: they are not believed.
        (0..self.keep_ms).contains(&age).then(|| entry.value.clone())
    }

    /// The same, for what is dear to make: of all who find it too old, one goes to make it anew, and the others get the
    /// old one meanwhile, unless it is older than twice what the cache keeps. Otherwise a full house would make the
    /// same page a hundred times at the same moment.
    pub fn get_or_renew(&self, key: &K, now: Timestamp) -> Option<Bytes> {
        let mut shard = self.shard(key)?;
        let entry = shard.entries.get_mut(key)?;
        let age = now.0.saturating_sub(entry.put_at.0);
        if (0..self.keep_ms).contains(&age) {
            return Some(entry.value.clone());
        }
        let is_being_made =
            entry.renewed_at.is_some_and(|at| (0..self.keep_ms).contains(&now.0.saturating_sub(at.0)));
        if is_being_made && (0..self.keep_ms * 2).contains(&age) {
            return Some(entry.value.clone());
        }
        entry.renewed_at = Some(now);
        None
    }

    /// Keeps `value` under `key`. What is larger than a shard's room is not kept.
    pub fn put(&self, key: K, value: Bytes, now: Timestamp) {
        let Some(mut shard) = self.shard(&key) else { return };
        let shard = &mut *shard;
        let weight = value.len() + OVERHEAD;
        if weight > self.room {
            return;
        }
        shard.puts += 1;
        let put = shard.puts;
        shard.order.push_back((key.clone(), put));
        shard.bytes += weight;
        if let Some(old) = shard.entries.insert(key, Entry { value, put_at: now, put, renewed_at: None }) {
            shard.bytes -= old.value.len() + OVERHEAD;
        }
        // A key that is put again leaves its old place in the order behind; such places hold nothing.
        while shard.bytes > self.room || shard.order.len() > 2 * shard.entries.len() + 16 {
            let Some((key, put)) = shard.order.pop_front() else { break };
            if shard.entries.get(&key).is_some_and(|entry| entry.put == put)
                && let Some(gone) = shard.entries.remove(&key)
            {
                shard.bytes -= gone.value.len() + OVERHEAD;
            }
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        for shard in &self.shards {
            let mut shard = lock(shard);
            shard.entries.clear();
            shard.order.clear();
            shard.bytes = 0;
        }
    }

    fn shard(&self, key: &K) -> Option<MutexGuard<'_, Shard<K>>> {
        self.shards.get(self.hasher.hash_one(key) as usize % SHARDS).map(lock)
    }
}

/// A thread that panicked while holding a lock left at worst a wrong count of bytes.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
