//! Who reads the journal, and how far they have come.
//!
//! A follower is a name and a function over a handful of facts. Its cursor moves in the same transaction as
//! its effects, so inside the database each fact is followed exactly once, even with several workers.

use crate::db::Db;
use crate::error::{Error, Result};
use crate::journal::{self, Entry};
use crate::tx::Tx;
use crate::{params, sql};

/// One reader of the journal.
#[derive(Clone, Copy)]
pub struct Follower {
    /// Its name in `follower_cursors`; never reused for another purpose.
    pub name: &'static str,
    /// How many facts it takes in one transaction.
    pub at_once: u32,
    /// What it does with facts, oldest first. It may be run again for the same facts after a rollback.
    pub follow: fn(&mut Tx<'_>, i64, &[Entry]) -> Result<()>,
}

/// Takes the next facts of one jurisdiction. Returns how many there were.
pub async fn step(db: &Db, follower: Follower, jurisdiction: i64) -> Result<usize> {
    db.write(move |tx| advance(tx, follower, jurisdiction)).await
}

/// Follows everything there is, for commands and tests.
pub fn catch_up_blocking(db: &Db, follower: Follower) -> Result<usize> {
    let mut all = 0;
    for jurisdiction in db.read_blocking(journal::jurisdictions)? {
        loop {
            let taken = db.write_blocking(move |tx| advance(tx, follower, jurisdiction))?;
            if taken == 0 {
                break;
            }
            all += taken;
        }
    }
    Ok(all)
}

fn advance(tx: &mut Tx<'_>, follower: Follower, jurisdiction: i64) -> Result<usize> {
    let seen = cursor(tx, follower.name, jurisdiction)?;
    let entries = journal::after(tx, jurisdiction, seen.unwrap_or(0), follower.at_once)?;
    let Some(last) = entries.last().map(|e| e.seq) else { return Ok(0) };
    let moved = match seen {
        Some(seen) => tx.execute(
            sql!(
                "UPDATE follower_cursors SET seq = $3 WHERE jurisdiction_id = $1 AND name = $2 AND seq = $4"
            ),
            &params![jurisdiction, follower.name, last, seen],
        )?,
        None => tx.execute(
            sql!(
                "INSERT INTO follower_cursors (jurisdiction_id, name, seq) VALUES ($1, $2, $3)
                 ON CONFLICT (jurisdiction_id, name) DO NOTHING"
            ),
            &params![jurisdiction, follower.name, last],
        )?,
    };
    if moved != 1 {
        // Another worker took these facts.
        return Err(Error::Conflict);
    }
    (follower.follow)(tx, jurisdiction, &entries)?;
    Ok(entries.len())
}

/// The last fact that a follower has taken; `None` before its first.
pub fn cursor(tx: &mut Tx<'_>, name: &str, jurisdiction: i64) -> Result<Option<i64>> {
    tx.value(
        sql!("SELECT seq FROM follower_cursors WHERE jurisdiction_id = $1 AND name = $2"),
        &params![jurisdiction, name],
    )
}
