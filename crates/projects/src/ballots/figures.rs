//! Persons and ballots by day, channel and pot, kept by a follower from the seals in the journal. Persons, ballots and
//! selections are three numbers and are never mixed.

use storage::followers::Follower;
use storage::journal::Entry;
use storage::{Result, Tx, params, sql};

use super::Channel;
use crate::coded::known;
use crate::rounds::RoundId;

/// Counts what the journal says came in.
pub const FIGURES: Follower = Follower { name: "ballot-figures", at_once: 2_000, follow };

#[derive(serde::Deserialize)]
struct Sealed {
    channel: String,
    pot: i64,
    first: bool,
}

fn follow(tx: &mut Tx<'_>, jurisdiction: i64, entries: &[Entry]) -> Result<()> {
    let mut sums: std::collections::BTreeMap<(i64, i64, String, i64), (i64, i64)> = Default::default();
    for entry in entries.iter().filter(|e| e.subject_kind == crate::BALLOT && e.fact == "sealed") {
        let sealed: Sealed = serde_json::from_str(&entry.payload).map_err(storage::Error::corrupt)?;
        let place = (entry.subject, entry.at.div_euclid(86_400_000), sealed.channel, sealed.pot);
        let sum = sums.entry(place).or_default();
        sum.0 += i64::from(sealed.first);
        sum.1 += 1;
    }
    for ((round, day, channel, pot), (persons, received)) in &sums {
        tx.execute(
            sql!(
                "INSERT INTO ballot_figures (jurisdiction_id, round_id, day, channel, pot_id, persons, received)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (jurisdiction_id, round_id, day, channel, pot_id)
                 DO UPDATE SET persons = ballot_figures.persons + excluded.persons,
                     received = ballot_figures.received + excluded.received"
            ),
            &params![jurisdiction, *round, *day, channel, *pot, *persons, *received],
        )?;
    }
    Ok(())
}

/// How many people voted, and how many ballots came in from them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Persons {
    pub persons: i64,
    /// Also those that a later one of the same person replaced.
    pub received: i64,
}

pub fn persons(tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId) -> Result<Persons> {
    let found = tx.query_opt(
        sql!(
            "SELECT CAST(COALESCE(SUM(persons), 0) AS BIGINT), CAST(COALESCE(SUM(received), 0) AS BIGINT) FROM ballot_figures
             WHERE jurisdiction_id = $1 AND round_id = $2"
        ),
        &params![jurisdiction, round.0],
        |row| Ok(Persons { persons: row.get(0)?, received: row.get(1)? }),
    )?;
    Ok(found.unwrap_or_default())
}

pub fn by_channel(tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId) -> Result<Vec<(Channel, i64)>> {
    tx.query(
        sql!(
            "SELECT channel, CAST(SUM(persons) AS BIGINT) FROM ballot_figures WHERE jurisdiction_id = $1 AND round_id = $2
             GROUP BY channel ORDER BY channel LIMIT 20"
        ),
        &params![jurisdiction, round.0],
        |row| Ok((known(Channel::parse(&row.get::<String>(0)?), "channel")?, row.get(1)?)),
    )
}

/// Persons by day since 1970, for a drawing.
pub fn by_day(tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId) -> Result<Vec<(i64, i64)>> {
    tx.query(
        sql!(
            "SELECT day, CAST(SUM(persons) AS BIGINT) FROM ballot_figures WHERE jurisdiction_id = $1 AND round_id = $2
             GROUP BY day ORDER BY day LIMIT 400"
        ),
        &params![jurisdiction, round.0],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
