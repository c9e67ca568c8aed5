//! What a capability does again and again without being asked.
//!
//! A chore is a name, a rhythm and a function over a handful of rows. The worker schedules it for every city,
//! leases it so that one machine does it, and runs it until less than a handful was left.

use storage::{Result, Tx};

use crate::Act;

/// One repeated job of a crate.
#[derive(Clone, Copy)]
pub struct Chore {
    /// Its kind in `storage::jobs`; never reused for another purpose.
    pub name: &'static str,
    /// Milliseconds from the end of one round to the next.
    pub every: i64,
    /// How many rows it takes in one transaction.
    pub at_once: u32,
    /// Does at most `at_once` of a city's waiting work and says how many that were. It may be run again after a
    /// rollback.
    pub run: fn(&mut Tx<'_>, &Act, jurisdiction: i64, at_once: u32) -> Result<usize>,
}

/// One thing that a crate learns again and again: long reading, and one short write, so that the one writer never
/// waits for it.
#[derive(Clone, Copy)]
pub struct Study {
    /// Its kind in `storage::jobs`; never reused for another purpose.
    pub name: &'static str,
    /// Milliseconds from the end of one round to the next.
    pub every: i64,
    /// Reads a city and says what is to be kept; `None` when there is nothing new to learn.
    pub read: fn(&mut Tx<'_>, &Act, jurisdiction: i64) -> Result<Option<Vec<u8>>>,
    /// Keeps what was learned. It may be run again after a rollback.
    pub write: fn(&mut Tx<'_>, &Act, jurisdiction: i64, learned: &[u8]) -> Result<()>,
}
