//! Many writes, one commit.
//!
//! A write is queued as a [`Job`]: a closure, the place for its outcome, and the way to answer the caller.
//! A writer runs every job that is waiting inside one transaction, each under its own savepoint, commits
//! once, and only then answers. A closure may run more than once (PostgreSQL may ask for it), so it must
//! not consume what it captured.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::error::{Error, Result};
use crate::tx::Tx;

/// Most jobs that share a commit, and how long a writer goes on collecting them.
pub(crate) const MOST_JOBS: usize = 512;
pub(crate) const LONGEST_BATCH: Duration = Duration::from_millis(8);

pub(crate) trait Job: Send {
    /// Runs the closure. True when its changes are to be kept.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Tells the caller, after the commit.
    fn answer(self: Box<Self>, committed: Result<()>);
}

struct Waiting<F, T, E> {
    work: F,
    outcome: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Waiting<F, T, E>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.work)(tx))).unwrap_or_else(|_| {
            tracing::error!("a verb panicked; its change was undone");
            Err(E::from(Error::Panicked))
        });
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let answer = match (self.outcome, committed) {
            // A refusal stands whether or not its neighbours could be committed: it changed nothing.
            (Some(Err(refusal)), _) => Err(refusal),
            (_, Err(failure)) => Err(E::from(failure)),
            (Some(done), Ok(())) => done,
            (None, Ok(())) => Err(E::from(Error::Panicked)),
        };
        // The caller may have gone away; the change stands all the same.
        let _ = self.caller.send(answer);
    }
}

pub(crate) fn job<F, T, E>(work: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, E>>)
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (caller, receiver) = oneshot::channel();
    (Box::new(Waiting { work, outcome: None, caller }), receiver)
}
