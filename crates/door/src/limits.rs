//! How often one address may ask.
//!
//! Iranian mobile networks put thousands of people behind one address, so an address is never one person: the
//! budgets stop a program that floods, not a neighbourhood that reports a storm. Reading pages has no budget at
//! all. What a person could do by hand stays far below each line; what costs the machine most has the lowest.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::{Clock as _, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::client::Client;
use crate::failure::Refusal;

/// What is being asked for; each has a budget of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Budget {
    /// Reports, notes and other writes: 60 at once, then one a second.
    Submit,
    /// Searches and looking up codes: 200 at once, then 20 a second. A tracking code has ten digits, of which the
    /// last checks the others, so at this pace a billion tries take a year and a half.
    Search,
    /// Sending photos: 40 at once, then one every two seconds.
    Photo,
    /// Map tiles: 2,000 at once, then 200 a second. One screen of a map is 20 to 40 tiles.
    Tile,
}

/// Addresses remembered for each budget. Beyond it idle ones are forgotten, and if too few are idle all
/// addresses share one budget for a while: a flood from so many places is met as one.
const REMEMBERED: usize = 100_000;
/// Checks between two looks at how much is remembered.
const HOUSEKEEPING: u32 = 4_096;
/// The one budget of all while the memory is full.
const STRANGERS: u64 = u64::MAX;

type Limiter = RateLimiter<u64, DashMapStateStore<u64>, MonotonicClock, NoOpMiddleware<std::time::Instant>>;

/// The budgets of every address.
pub struct Limits {
    on: bool,
    submit: Limiter,
    search: Limiter,
    photo: Limiter,
    tile: Limiter,
    clock: MonotonicClock,
    checks: AtomicU32,
    full: AtomicBool,
    /// When the next call of each key that has a limit of its own is owed.
    keys: Mutex<HashMap<i64, Instant>>,
}

impl Limits {
    /// When not `on`, everything is allowed.
    pub fn new(on: bool) -> Self {
        Limits {
            on,
            submit: limiter(60, 1_000),
            search: limiter(200, 50),
            photo: limiter(40, 2_000),
            tile: limiter(2_000, 5),
            clock: MonotonicClock,
            checks: AtomicU32::new(0),
            full: AtomicBool::new(false),
            keys: Mutex::default(),
        }
    }

    /// Takes one from the budget of this address, or refuses with the time to wait.
    pub fn check(&self, budget: Budget, client: Client) -> Result<(), Refusal> {
        if !self.on {
            return Ok(());
        }
        let limiter = match budget {
            Budget::Submit => &self.submit,
            Budget::Search => &self.search,
            Budget::Photo => &self.photo,
            Budget::Tile => &self.tile,
        };
        // Counting and forgetting walk through the whole memory, so they are not done for every request.
        if self.checks.fetch_add(1, Ordering::Relaxed).is_multiple_of(HOUSEKEEPING) {
            self.tidy();
        }
        let key = if self.full.load(Ordering::Relaxed) { STRANGERS } else { client.key() };
        limiter.check_key(&key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            Refusal::TooMany { retry_after: (wait.as_secs_f64().ceil() as u32).max(1) }
        })
    }

    /// Takes one call of a key that may call so often in a minute, evenly or all at once, or refuses with the time to
    /// wait. Each machine counts for itself.
    pub fn check_key(&self, key: i64, per_minute: i64) -> Result<(), Refusal> {
        const MINUTE: Duration = Duration::from_secs(60);
        if !self.on {
            return Ok(());
        }
        let now = Instant::now();
        let each = MINUTE / u32::try_from(per_minute).unwrap_or(u32::MAX).max(1);
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let owed = keys.get(&key).copied().unwrap_or(now).max(now) + each;
        let ahead = owed.duration_since(now);
        if ahead > MINUTE {
            let wait = (ahead - MINUTE).as_secs_f64().ceil() as u32;
            return Err(Refusal::TooMany { retry_after: wait.max(1) });
        }
        keys.insert(key, owed);
        Ok(())
    }

    fn tidy(&self) {
        let all = [&self.submit, &self.search, &self.photo, &self.tile];
        let is_full = || all.iter().any(|limiter| limiter.len() >= REMEMBERED);
        if is_full() {
            all.iter().for_each(|limiter| limiter.retain_recent());
        }
        self.full.store(is_full(), Ordering::Relaxed);
    }
}

/// `burst` at once, and one more every `every_ms` milliseconds.
fn limiter(burst: u32, every_ms: u64) -> Limiter {
    let quota = Quota::with_period(std::time::Duration::from_millis(every_ms))
        .unwrap_or(Quota::per_second(NonZeroU32::MIN))
        .allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN));
    RateLimiter::dashmap_with_clock(quota, MonotonicClock)
}
