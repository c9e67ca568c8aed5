//! What happened, in order.
//!
//! Each jurisdiction has one journal: facts numbered 1, 2, 3 without a gap, each carrying the hash of the
//! one before it, so that a changed, removed or reordered fact is found by anyone who recomputes the chain.
//! It is at once the audit trail, the public timeline, the outbox and the feed of everything that follows.
//!
//! Numbers are given once per commit from a counter row whose lock makes the order of numbers the order of
//! commits; with a plain sequence a follower can walk past a fact that commits late and never see it.

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::sql::Filter;
use crate::tx::Tx;
use crate::value::Row;
use crate::{params, sql};

/// A fact about to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub jurisdiction: i64,
    /// Epoch milliseconds, UTC.
    pub at: i64,
    /// Who did it, in a stable spelling such as `operator:12` or `system:import`.
    pub actor: String,
    /// What it is about: `request`, `service`, `borders` ...
    pub subject_kind: &'static str,
    pub subject: i64,
    /// What happened: `submitted`, `assigned` ...
    pub fact: &'static str,
    /// JSON; never queried by the database.
    pub payload: String,
}

/// A recorded fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub jurisdiction: i64,
    pub seq: i64,
    pub at: i64,
    pub actor: String,
    pub subject_kind: String,
    pub subject: i64,
    pub fact: String,
    pub payload: String,
    pub hash: Vec<u8>,
}

/// The hash of nothing, before the first fact.
const START: [u8; 32] = [0; 32];

pub(crate) fn append(tx: &mut Tx<'_>, notes: &[Note]) -> Result<()> {
    // In the order of jurisdictions, so that two commits never wait for each other's counters crosswise.
    let mut jurisdictions: Vec<i64> = notes.iter().map(|n| n.jurisdiction).collect();
    jurisdictions.sort_unstable();
    jurisdictions.dedup();
    for jurisdiction in jurisdictions {
        let mine: Vec<&Note> = notes.iter().filter(|n| n.jurisdiction == jurisdiction).collect();
        append_one(tx, jurisdiction, &mine)?;
    }
    Ok(())
}

fn append_one(tx: &mut Tx<'_>, jurisdiction: i64, notes: &[&Note]) -> Result<()> {
    let take = sql!("UPDATE journal_heads SET seq = seq + $2 WHERE jurisdiction_id = $1 RETURNING seq, hash");
    let read = |row: &Row<'_>| Ok((row.get::<i64>(0)?, row.get::<Vec<u8>>(1)?));
    let count = notes.len() as i64;
    let head = match tx.query_opt(take, &params![jurisdiction, count], read)? {
        Some(head) => head,
        None => {
            tx.execute(
                sql!(
                    "INSERT INTO journal_heads (jurisdiction_id, seq, hash) VALUES ($1, 0, $2)
                     ON CONFLICT (jurisdiction_id) DO NOTHING"
                ),
                &params![jurisdiction, &START],
            )?;
            tx.query_opt(take, &params![jurisdiction, count], read)?.ok_or(Error::Conflict)?
        }
    };
    let (last, mut hash) = (head.0, fixed(&head.1)?);
    let mut seq = last - count;
    let mut hashes = Vec::with_capacity(notes.len());
    for note in notes {
        seq += 1;
        hash = chain(
            &hash,
            seq,
            note.jurisdiction,
            note.at,
            &note.actor,
            note.subject_kind,
            note.subject,
            note.fact,
            &note.payload,
        );
        hashes.push((seq, hash));
    }
    let mut values = Vec::with_capacity(notes.len() * 9);
    for (note, (seq, hash)) in notes.iter().zip(&hashes) {
        values.extend(params![
            note.jurisdiction,
            *seq,
            note.at,
            &note.actor,
            note.subject_kind,
            note.subject,
            note.fact,
            &note.payload,
            hash
        ]);
    }
    tx.insert_many(
        "INSERT INTO journal (jurisdiction_id, seq, at, actor, subject_kind, subject_id, fact, payload, hash) VALUES",
        9,
        &values,
        "",
    )?;
    tx.execute_one(
        sql!("UPDATE journal_heads SET hash = $2 WHERE jurisdiction_id = $1"),
        &params![jurisdiction, &hash],
    )
}

/// Facts after `seq`, in order.
pub fn after(tx: &mut Tx<'_>, jurisdiction: i64, seq: i64, limit: u32) -> Result<Vec<Entry>> {
    tx.query(
        sql!(
            "SELECT jurisdiction_id, seq, at, actor, subject_kind, subject_id, fact, payload, hash FROM journal
             WHERE jurisdiction_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"
        ),
        &params![jurisdiction, seq, limit],
        entry,
    )
}

/// What happened to one thing, oldest first.
pub fn of(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    subject_kind: &str,
    subject: i64,
    limit: u32,
) -> Result<Vec<Entry>> {
    tx.query(
        sql!(
            "SELECT jurisdiction_id, seq, at, actor, subject_kind, subject_id, fact, payload, hash FROM journal
             WHERE jurisdiction_id = $1 AND subject_id = $2 AND subject_kind = $3 ORDER BY seq LIMIT $4"
        ),
        &params![jurisdiction, subject, subject_kind, limit],
        entry,
    )
}

/// What happened to several things of a kind, each oldest first, in one statement.
pub fn of_many(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    subject_kind: &str,
    subjects: impl IntoIterator<Item = i64>,
    limit: u32,
) -> Result<Vec<Entry>> {
    let mut filter = Filter::new();
    filter.and("jurisdiction_id = {}", [jurisdiction]).within("subject_id", subjects);
    filter.and("subject_kind = {}", [subject_kind]);
    let (sql, conditions) = filter.finish(
        "SELECT jurisdiction_id, seq, at, actor, subject_kind, subject_id, fact, payload, hash FROM journal WHERE",
        &format!("ORDER BY subject_id, seq LIMIT {limit}"),
    );
    tx.query(&sql, &conditions, entry)
}

/// What happened to one thing, newest first.
pub fn latest_of(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    subject_kind: &str,
    subject: i64,
    limit: u32,
) -> Result<Vec<Entry>> {
    tx.query(
        sql!(
            "SELECT jurisdiction_id, seq, at, actor, subject_kind, subject_id, fact, payload, hash FROM journal
             WHERE jurisdiction_id = $1 AND subject_id = $2 AND subject_kind = $3 ORDER BY seq DESC LIMIT $4"
        ),
        &params![jurisdiction, subject, subject_kind, limit],
        entry,
    )
}

/// The number and hash of the newest fact; `(0, zeros)` before the first.
pub fn head(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<(i64, Vec<u8>)> {
    let found = tx.query_opt(
        sql!("SELECT seq, hash FROM journal_heads WHERE jurisdiction_id = $1"),
        &params![jurisdiction],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(found.unwrap_or((0, START.to_vec())))
}

/// Every jurisdiction that has a journal.
pub fn jurisdictions(tx: &mut Tx<'_>) -> Result<Vec<i64>> {
    tx.query(
        sql!("SELECT jurisdiction_id FROM journal_heads ORDER BY jurisdiction_id LIMIT 100000"),
        &[],
        |row| row.get(0),
    )
}

/// Recomputes the chain of one jurisdiction and returns the number of facts, or says which fact disagrees.
pub fn verify(tx: &mut Tx<'_>, jurisdiction: i64, mut progress: impl FnMut(i64)) -> Result<i64> {
    let (last, stored) = head(tx, jurisdiction)?;
    let mut hash = START;
    let mut seq = 0;
    tx.for_each(
        sql!(
            "SELECT jurisdiction_id, seq, at, actor, subject_kind, subject_id, fact, payload, hash FROM journal
             WHERE jurisdiction_id = $1 ORDER BY seq"
        ),
        &params![jurisdiction],
        |row| {
            let e = entry(row)?;
            seq += 1;
            if e.seq != seq {
                return Err(Error::corrupt(format_args!("journal {jurisdiction}: fact {seq} is missing")));
            }
            hash = chain(&hash, seq, e.jurisdiction, e.at, &e.actor, &e.subject_kind, e.subject, &e.fact, &e.payload);
            if hash.as_slice() != e.hash.as_slice() {
                return Err(Error::corrupt(format_args!("journal {jurisdiction}: fact {seq} was changed")));
            }
            progress(seq);
            Ok(())
        },
    )?;
    if seq != last || hash.as_slice() != stored.as_slice() {
        return Err(Error::corrupt(format_args!(
            "journal {jurisdiction}: the head says {last} facts, {seq} are there"
        )));
    }
    Ok(seq)
}

/// One link. Every text is preceded by its length, so that no two different facts spell the same bytes.
#[allow(clippy::too_many_arguments)]
fn chain(
    before: &[u8; 32],
    seq: i64,
    jurisdiction: i64,
    at: i64,
    actor: &str,
    subject_kind: &str,
    subject: i64,
    fact: &str,
    payload: &str,
) -> [u8; 32] {
    let mut sha = Sha256::new();
    sha.update(before);
    for number in [jurisdiction, seq, at, subject] {
        sha.update(number.to_be_bytes());
    }
    for text in [actor, subject_kind, fact, payload] {
        sha.update((text.len() as u64).to_be_bytes());
        sha.update(text.as_bytes());
    }
    sha.finalize().into()
}

fn fixed(bytes: &[u8]) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| Error::corrupt("a journal hash is not 32 bytes long"))
}

fn entry(row: &Row<'_>) -> Result<Entry> {
    Ok(Entry {
        jurisdiction: row.get(0)?,
        seq: row.get(1)?,
        at: row.get(2)?,
        actor: row.get(3)?,
        subject_kind: row.get(4)?,
        subject: row.get(5)?,
        fact: row.get(6)?,
        payload: row.get(7)?,
        hash: row.get(8)?,
    })
}
