//! Several districts at once: each is a day of its own, so they are searched side by side.
//!
//! Which thread searches which district does not matter: with a measure of patience that looks at steps only, the
//! plans are the same for any number of threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::plan::{Budget, Outcome, Plan, Problem, ProblemError, plan};

/// One district's day.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    pub problem: &'a Problem,
    /// The plan that its crews hold.
    pub held: Option<&'a Plan>,
    pub seed: u64,
}

/// Plans every part, at most `threads` at a time, in the order in which they are given. `used` is asked as
/// [`Budget::used`] is, with the part's place in the list.
pub fn plan_many(
    parts: &[Part<'_>],
    threads: usize,
    used: &(dyn Fn(usize, u64) -> f64 + Sync),
) -> Vec<Result<Outcome, ProblemError>> {
    let next = AtomicUsize::new(0);
    let found: Vec<Mutex<Option<Result<Outcome, ProblemError>>>> =
        parts.iter().map(|_| Mutex::new(None)).collect();
    let search = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(at) else { return };
            let mut used = |steps| used(at, steps);
            let outcome = plan(part.problem, part.held, Budget { seed: part.seed, used: &mut used });
            *found[at].lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, parts.len().max(1)) {
            scope.spawn(search);
        }
        search();
    });
    found
        .into_iter()
        .zip(parts)
        .map(|(found, part)| {
            let outcome = found.into_inner().unwrap_or_else(PoisonError::into_inner);
            // Every part was taken by somebody; a thread that panicked would have ended the scope.
            outcome.unwrap_or_else(|| {
                let mut none = |_| 1.0;
                plan(part.problem, part.held, Budget { seed: part.seed, used: &mut none })
            })
        })
        .collect()
}
