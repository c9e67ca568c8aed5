//! What was found, against what was made.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use requests::RequestId;
use requests::incidents::read;
use storage::{Db, sql};

use super::day::Message;

/// Members from which on an incident is more than two neighbours who report the same by chance.
const MANY: u64 = 5;

pub struct Found {
    /// Acknowledged messages that are not in the database.
    pub lost: u64,
    pub incidents: usize,
    /// Those with [`MANY`] members or more, and how many of what was made are among them.
    pub large: usize,
    pub met: usize,
    pub precision: f64,
    pub recall: f64,
    /// Facts that the follower had not taken when the last screen was closed.
    pub behind: usize,
}

pub fn judge(db: &Db, city: i64, all: &[Message], acknowledged: &[usize]) -> Result<Found> {
    let mut behind = 0;
    for follower in requests::PROMPT_FOLLOWERS {
        behind += storage::followers::catch_up_blocking(db, *follower)?;
    }
    // The request that each message became.
    let kept: HashMap<String, i64> = db
        .read_blocking(|tx| {
            tx.query(
                sql!(
                    "SELECT k.key, r.id FROM idempotency_keys k
                     JOIN service_requests r ON r.jurisdiction_id = k.jurisdiction_id AND r.id = k.request_id
                     ORDER BY k.key LIMIT 10000000"
                ),
                &[],
                |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)),
            )
        })?
        .into_iter()
        .collect();
    let request_of = |n: usize| kept.get(&format!("citizen: storm-{n}")).copied();
    let lost = acknowledged.iter().filter(|n| request_of(**n).is_none()).count() as u64;

    let mut incident_of: HashMap<i64, i64> = HashMap::new();
    let mut after = RequestId(0);
    loop {
        let some = db.read_blocking(move |tx| read::memberships(tx, city, after, 20_000))?;
        let Some((last, _)) = some.last() else { break };
        after = *last;
        incident_of.extend(some.iter().map(|(request, incident)| (request.0, incident.0)));
    }
    let pairs = |n: u64| n * n.saturating_sub(1) / 2;
    let (mut both, mut made, mut said) = (HashMap::new(), HashMap::new(), HashMap::new());
    for n in acknowledged {
        let truth = all.get(*n).and_then(|message| message.incident);
        let found = request_of(*n).and_then(|request| incident_of.get(&request));
        if let Some(truth) = truth {
            *made.entry(truth).or_insert(0u64) += 1;
        }
        if let Some(found) = found {
            *said.entry(*found).or_insert(0u64) += 1;
        }
        if let (Some(truth), Some(found)) = (truth, found) {
            *both.entry((truth, *found)).or_insert(0u64) += 1;
        }
    }
    let large = said.values().filter(|n| **n >= MANY).count();
    let met: HashSet<usize> =
        both.iter().filter(|(_, n)| **n >= MANY).map(|((truth, _), _)| *truth).collect();
    let sum = |counts: &mut dyn Iterator<Item = u64>| counts.map(pairs).sum::<u64>().max(1) as f64;
    let hit = sum(&mut both.values().copied());
    Ok(Found {
        lost,
        incidents: said.len(),
        large,
        met: met.len(),
        precision: hit / sum(&mut said.values().copied()),
        recall: hit / sum(&mut made.values().copied()),
        behind,
    })
}
