//! What staff took from others, looked at before anything is counted.
//!
//! While people vote, only numbers by the hour are kept. When the box is opened, the ballots that one member of staff
//! took are compared with each other; how many were alike to the last choice is kept, and the comparison is forgotten.

use std::collections::HashMap;

use people::{Act, Permission, Where};
use storage::{Result, Tx, params, sql};

use super::Channel;
use super::sealed::Content;
use crate::refusal::ProjectError;
use crate::rounds::RoundId;

const HOUR: i64 = 3_600_000;
/// One interview takes two minutes at least.
const MOST_AN_HOUR: i64 = 30;
/// Fewer ballots than this prove nothing about being alike.
const LEAST: i64 = 20;

/// The report about one member of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern {
    pub account: i64,
    pub ballots: i64,
    /// The largest number that were alike to the last choice.
    pub alike: i64,
    /// Ballots in their busiest hour.
    pub fastest_hour: i64,
    /// Refused because the person had voted already.
    pub refused: i64,
    /// A person should look: too fast, too alike, or too often refused.
    pub is_odd: bool,
}

pub(crate) fn took(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    round: RoundId,
    channel: Channel,
    by: i64,
) -> Result<()> {
    add(tx, act, jurisdiction, round, channel, by, 1, 0)
}

/// A sheet or an item whose person had voted already.
pub(crate) fn was_refused(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    round: RoundId,
    channel: Channel,
    by: i64,
) -> Result<()> {
    add(tx, act, jurisdiction, round, channel, by, 0, 1)
}

fn add(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    round: RoundId,
    channel: Channel,
    by: i64,
    count: i64,
    refused: i64,
) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO ballot_assists (jurisdiction_id, round_id, account_id, hour, channel, count, refused)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (jurisdiction_id, round_id, account_id, hour, channel)
             DO UPDATE SET count = ballot_assists.count + excluded.count, refused = ballot_assists.refused + excluded.refused"
        ),
        &params![
            jurisdiction, round.0, by, act.at.0.div_euclid(HOUR), channel.code(), count, refused
        ],
    )?;
    Ok(())
}

/// Ballots of each member of staff, counted by what they say.
#[derive(Default)]
pub(crate) struct Looking(HashMap<i64, HashMap<Vec<(i64, i64)>, i64>>);

impl Looking {
    pub fn see(&mut self, content: &Content) {
        if content.assistant != 0 {
            let said = content.choices.iter().map(|choice| (choice.number, choice.weight)).collect();
            *self.0.entry(content.assistant).or_default().entry(said).or_default() += 1;
        }
    }

    pub fn keep(&self, tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId) -> Result<()> {
        let hours = tx.query(
            sql!(
                "SELECT account_id, CAST(MAX(of_hour) AS BIGINT), CAST(SUM(refused) AS BIGINT) FROM (
                     SELECT account_id, hour, SUM(count) AS of_hour, SUM(refused) AS refused FROM ballot_assists
                     WHERE jurisdiction_id = $1 AND round_id = $2 GROUP BY account_id, hour) AS hours
                 GROUP BY account_id ORDER BY account_id LIMIT 100000"
            ),
            &params![jurisdiction, round.0],
            |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?)),
        )?;
        for (account, fastest, refused) in hours {
            let ballots: i64 = self.0.get(&account).map_or(0, |said| said.values().sum());
            let alike = self.0.get(&account).and_then(|said| said.values().max().copied()).unwrap_or(0);
            let is_odd = is_odd(ballots, alike, fastest, refused);
            tx.execute(
                sql!(
                    "INSERT INTO ballot_patterns (jurisdiction_id, round_id, account_id, ballots, alike, fastest_hour, refused, is_odd)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (jurisdiction_id, round_id, account_id) DO NOTHING"
                ),
                &params![jurisdiction, round.0, account, ballots, alike, fastest, refused, is_odd],
            )?;
        }
        Ok(())
    }
}

fn is_odd(ballots: i64, alike: i64, fastest: i64, refused: i64) -> bool {
    let too_alike = ballots >= LEAST && alike * 2 > ballots;
    let too_often_refused = refused >= 5 && refused * 5 > ballots;
    fastest > MOST_AN_HOUR || too_alike || too_often_refused
}

/// The report of a round, the oddest first. Empty before the box is opened.
pub fn report(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    round: RoundId,
) -> std::result::Result<Vec<Pattern>, ProjectError> {
    act.require(Permission::ManageRounds, Where::city(jurisdiction))?;
    Ok(tx.query(
        sql!(
            "SELECT account_id, ballots, alike, fastest_hour, refused, is_odd FROM ballot_patterns
             WHERE jurisdiction_id = $1 AND round_id = $2 ORDER BY is_odd DESC, ballots DESC, account_id LIMIT 1000"
        ),
        &params![jurisdiction, round.0],
        |row| {
            Ok(Pattern {
                account: row.get(0)?,
                ballots: row.get(1)?,
                alike: row.get(2)?,
                fastest_hour: row.get(3)?,
                refused: row.get(4)?,
                is_odd: row.get(5)?,
            })
        },
    )?)
}

#[cfg(test)]
mod tests {
    use super::is_odd;

    #[test]
    fn too_fast_too_alike_and_too_often_refused_are_odd() {
        assert!(!is_odd(120, 14, 12, 2), "a good day's work");
        assert!(is_odd(40, 6, 31, 0), "more than thirty an hour");
        assert!(is_odd(40, 30, 12, 0), "three of four alike");
        assert!(!is_odd(10, 9, 5, 0), "too few to say");
        assert!(is_odd(20, 2, 10, 6), "others had voted already");
    }
}
