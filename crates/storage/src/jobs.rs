//! Things to do later.
//!
//! A job is a row with a time. A worker leases what is due, does it, and deletes the row or sets the next
//! time. A worker that dies lets its lease run out and another takes over; a job that failed too often is
//! put aside with its last error, so that the others go on.

use crate::error::Result;
use crate::tx::Tx;
use crate::{params, sql};

/// After this many failures a job waits for a person.
pub const MOST_ATTEMPTS: i64 = 5;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub jurisdiction: i64,
    pub id: i64,
    pub kind: String,
    /// JSON for whoever does the job.
    pub payload: String,
    pub attempts: i64,
}

/// Puts a job on the list. `key` makes it unique: scheduling it again moves its time and keeps one row.
pub fn schedule(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    id: i64,
    kind: &str,
    key: &str,
    due_at: i64,
    payload: &str,
) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO jobs (jurisdiction_id, id, kind, unique_key, due_at, lease_until, attempts, payload)
             VALUES ($1, $2, $3, $4, $5, 0, 0, $6)
             ON CONFLICT (jurisdiction_id, kind, unique_key)
             DO UPDATE SET due_at = excluded.due_at, payload = excluded.payload, attempts = 0, lease_until = 0"
        ),
        &params![jurisdiction, id, kind, key, due_at, payload],
    )?;
    Ok(())
}

/// Leases what is due at `now` until `lease_until`, the longest waiting first.
pub fn claim(tx: &mut Tx<'_>, now: i64, lease_until: i64, limit: u32) -> Result<Vec<Job>> {
    tx.query(
        sql!(
            "UPDATE jobs SET lease_until = $2, attempts = attempts + 1
             WHERE lease_until < $1 AND (jurisdiction_id, id) IN (
                 SELECT jurisdiction_id, id FROM jobs
                 WHERE due_at <= $1 AND lease_until < $1 AND attempts < $3
                 ORDER BY due_at, id LIMIT $4)
             RETURNING jurisdiction_id, id, kind, payload, attempts"
        ),
        &params![now, lease_until, MOST_ATTEMPTS, limit],
        |row| {
            Ok(Job {
                jurisdiction: row.get(0)?,
                id: row.get(1)?,
                kind: row.get(2)?,
                payload: row.get(3)?,
                attempts: row.get(4)?,
            })
        },
    )
}

/// The job is done; `next` is when it is due again, if it repeats.
pub fn finish(tx: &mut Tx<'_>, job: &Job, next: Option<i64>) -> Result<()> {
    let done = match next {
        Some(at) => tx.execute(
            sql!("UPDATE jobs SET due_at = $3, lease_until = 0, attempts = 0, last_error = NULL WHERE jurisdiction_id = $1 AND id = $2"),
            &params![job.jurisdiction, job.id, at],
        )?,
        None => tx.execute(
            sql!("DELETE FROM jobs WHERE jurisdiction_id = $1 AND id = $2"),
            &params![job.jurisdiction, job.id],
        )?,
    };
    let _ = done;
    Ok(())
}

/// The job failed; it is tried again at `retry_at` unless it has failed too often.
pub fn fail(tx: &mut Tx<'_>, job: &Job, retry_at: i64, error: &str) -> Result<()> {
    tx.execute(
        sql!("UPDATE jobs SET due_at = $3, lease_until = 0, last_error = $4 WHERE jurisdiction_id = $1 AND id = $2"),
        &params![job.jurisdiction, job.id, retry_at, error],
    )?;
    Ok(())
}
