//! Keeping the result: once, with its hashes in the journal.

use allocation::ENGINE;
use people::{Act, Permission, Where};
use serde_json::json;
use storage::{Tx, params, sql};

use super::{Cover, Decided, Story};
use crate::book::{self, book};
use crate::coded::{json as written, known};
use crate::phases::Right;
use crate::project::ProjectId;
use crate::refusal::{ProjectError, no};
use crate::rounds::{PotId, RoundId};
use crate::{PROJECT, ROUND};

/// What was kept of one pot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Result {
    pub pot: PotId,
    /// Rial.
    pub budget: i64,
    pub spent: i64,
    /// Ballots that took part.
    pub voters: i64,
    pub engine: String,
    /// As JSON.
    pub rule: String,
    /// Numbers on the ballot, in order of selection.
    pub winners: Vec<i64>,
    pub digest: String,
    pub cover: Cover,
}

/// Keeps a count. Refused when it is not the time for it, and the second time.
pub fn keep(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    round: RoundId,
    decided: &[Decided],
) -> std::result::Result<(), ProjectError> {
    act.require(Permission::ManageRounds, Where::city(jurisdiction))?;
    let book = book(tx, jurisdiction)?;
    let found = book.round(round).ok_or(ProjectError::NotFound)?;
    found.require(Right::Count, act.at)?;
    if found.opened_at.is_none() {
        return Err(no("box-closed", ""));
    }
    let counted = tx.execute(
        sql!(
            "UPDATE rounds SET counted_at = $3, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND counted_at IS NULL"
        ),
        &params![jurisdiction, round.0, act.at.0],
    )?;
    if counted != 1 {
        return Err(no("counted-already", ""));
    }
    let offers = book.offers(round);
    let mut told = Vec::new();
    for pot in decided {
        let own: Vec<_> = offers.iter().filter(|offer| offer.pot == pot.pot && !offer.is_withdrawn).collect();
        // Somebody took a project back between reading and keeping.
        if own.len() != pot.votes.len() {
            return Err(ProjectError::Changed);
        }
        let winners: Vec<i64> =
            pot.outcome.winners.iter().filter_map(|at| own.get(*at)).map(|offer| offer.number).collect();
        let budget = found.pot(pot.pot).map_or(0, |pot| pot.budget);
        let numbers = winners.iter().map(i64::to_string).collect::<Vec<_>>().join(" ");
        let voters = i64::try_from(pot.voters()).map_err(storage::Error::corrupt)?;
        tx.execute_one(
            sql!(
                "INSERT INTO round_counts (jurisdiction_id, round_id, pot_id, budget, spent, voters, engine, rule, winners,
                     digest, cover, counted_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
            ),
            &params![
                jurisdiction, round.0, pot.pot.0, budget, pot.outcome.spent, voters, ENGINE, &written(&pot.rule)?,
                &numbers, &pot.covered.digest, pot.covered.cover.code(), act.at.0
            ],
        )?;
        for (at, offer) in own.iter().enumerate() {
            let place = pot
                .outcome
                .winners
                .iter()
                .position(|winner| *winner == at)
                .map_or(0, |place| place as i64 + 1);
            let votes = pot.votes.get(at).copied().unwrap_or(0) as i64;
            let state = if place > 0 { "won" } else { "lost" };
            tx.execute_one(
                sql!(
                    "UPDATE projects SET state = $3, votes = $4, place = $5, updated_at = $6, version = version + 1
                     WHERE jurisdiction_id = $1 AND id = $2 AND state = 'published'"
                ),
                &params![jurisdiction, offer.project, state, votes, place, act.at.0],
            )?;
            let payload = json!({ "votes": votes, "place": place });
            act.record(tx, jurisdiction, PROJECT, offer.project, state, payload.to_string());
        }
        for (project, story) in &pot.stories {
            tx.execute_one(
                sql!("INSERT INTO project_stories (jurisdiction_id, project_id, story) VALUES ($1, $2, $3)"),
                &params![jurisdiction, *project, &written(story)?],
            )?;
        }
        let number = found.pot(pot.pot).map_or(0, |pot| pot.number);
        told.push(json!({ "pot": number, "winners": winners, "spent": pot.outcome.spent, "ballots": pot.covered.digest }));
    }
    book::touch(tx, act, jurisdiction)?;
    let payload = json!({ "engine": ENGINE, "rules": found.rules_hash, "seed": found.seed, "pots": told });
    act.record(tx, jurisdiction, ROUND, round.0, "counted", payload.to_string());
    Ok(())
}

impl Decided {
    /// Ballots that took part in the pot.
    pub fn voters(&self) -> u64 {
        self.voters
    }
}

/// The kept result of each pot, by number; nothing before the count.
pub fn results(tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId) -> storage::Result<Vec<Result>> {
    tx.query(
        sql!(
            "SELECT c.pot_id, c.budget, c.spent, c.voters, c.engine, c.rule, c.winners, c.digest, c.cover
             FROM round_counts c
             JOIN round_pots p ON p.jurisdiction_id = c.jurisdiction_id AND p.id = c.pot_id
             WHERE c.jurisdiction_id = $1 AND c.round_id = $2 ORDER BY p.number LIMIT 10000"
        ),
        &params![jurisdiction, round.0],
        |row| {
            let winners: std::result::Result<Vec<i64>, _> =
                row.get::<String>(6)?.split_whitespace().map(str::parse).collect();
            Ok(Result {
                pot: PotId(row.get(0)?),
                budget: row.get(1)?,
                spent: row.get(2)?,
                voters: row.get(3)?,
                engine: row.get(4)?,
                rule: row.get(5)?,
                winners: winners.map_err(storage::Error::corrupt)?,
                digest: row.get(7)?,
                cover: known(Cover::parse(&row.get::<String>(8)?), "cover")?,
            })
        },
    )
}

/// Why a project won or lost; nothing before the count.
pub fn story_of(tx: &mut Tx<'_>, jurisdiction: i64, project: ProjectId) -> storage::Result<Option<Story>> {
    let text: Option<String> = tx.value(
        sql!("SELECT story FROM project_stories WHERE jurisdiction_id = $1 AND project_id = $2"),
        &params![jurisdiction, project.0],
    )?;
    text.map(|text| serde_json::from_str(&text).map_err(storage::Error::corrupt)).transpose()
}
