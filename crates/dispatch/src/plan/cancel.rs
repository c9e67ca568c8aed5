//! A flag that ends a search from another thread: the dispatcher closed the page, the city is shutting down, or another
//! event made this plan an old one. What was found until then is the answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Copies are the same flag.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Every search under this flag ends within a few steps.
    pub fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// A measure of patience that also looks at the flag, for [`Budget::used`](crate::plan::Budget).
    pub fn over<'a>(&'a self, mut used: impl FnMut(u64) -> f64 + 'a) -> impl FnMut(u64) -> f64 + 'a {
        move |steps| if self.is_raised() { 1.0 } else { used(steps) }
    }
}
