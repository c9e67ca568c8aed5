//! The only place that reads the time of day.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use calendar::Timestamp;

/// The time, or in tests a time that stands still until it is moved.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    #[default]
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    pub fn fixed(at: Timestamp) -> Self {
        Clock::Fixed(Arc::new(AtomicI64::new(at.0)))
    }

    /// Moves a fixed clock; the system's cannot be moved.
    pub fn set(&self, at: Timestamp) {
        if let Clock::Fixed(now) = self {
            now.store(at.0, Ordering::Relaxed);
        }
    }

    #[allow(clippy::disallowed_methods)]
    pub fn now(&self) -> Timestamp {
        match self {
            // A clock before 1970 is a broken clock; the year 1970 in the log says so plainly.
            Clock::System => Timestamp(
                SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64),
            ),
            Clock::Fixed(now) => Timestamp(now.load(Ordering::Relaxed)),
        }
    }
}
