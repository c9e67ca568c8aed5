//! Can it be done, for how much, and by whom: the queue of a unit, and its answers.
//!
//! A yes and a no both owe a reason that everybody reads. A yes owes a range of cost and the unit that would build it,
//! and makes a project of the idea. Answers are appended; a second look does not hide the first.

use calendar::Timestamp;
use language::display;
use people::{Act, Permission, Where};
use requests::service::Both;
use serde_json::json;
use storage::{Result, Tx, params, sql};

use crate::IDEA;
use crate::book::book;
use crate::ideas::{self, Idea, IdeaId, IdeaState};
use crate::phases::Right;
use crate::project::{self, MOST_WORDS, NewProject, ProjectId, State};
use crate::refusal::{ProjectError, no};
use crate::rounds::{PotId, RoundId, hash_of};

/// What experts say of an idea.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    pub is_feasible: bool,
    /// Owed in both directions.
    pub reason: String,
    /// Rial.
    pub cost_least: i64,
    pub cost_most: i64,
    /// Who would build it.
    pub unit: Option<i64>,
    /// The money it would come from; that of its place when nothing is said.
    pub pot: Option<PotId>,
    /// Its name in the other language, for the ballot.
    pub title_other: String,
}

/// A verdict that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub is_feasible: bool,
    pub reason: String,
    pub cost_least: i64,
    pub cost_most: i64,
    pub unit: Option<i64>,
    pub at: Timestamp,
}

/// Open ideas that wait for a unit, or for any, the most co-signed first. Those without enough co-signers do not wait.
pub fn queue(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    round: RoundId,
    unit: Option<i64>,
    most: u32,
) -> std::result::Result<Vec<Idea>, ProjectError> {
    let book = book(tx, jurisdiction)?;
    let found = book.round(round).ok_or(ProjectError::NotFound)?;
    let whole = act.may(Permission::JudgeFeasibility, Where::city(jurisdiction));
    let unit = if whole { unit } else { Some(unit.or(act.by.unit()).unwrap_or(0)) };
    act.require(Permission::JudgeFeasibility, Where::unit(jurisdiction, unit))?;
    Ok(tx.query(
        sql!(concat!(
            "SELECT ",
            ideas::idea_columns!(),
            " FROM ideas WHERE jurisdiction_id = $1 AND round_id = $2 AND state = 'open' AND supporters >= $3
                AND (CAST($4 AS BIGINT) IS NULL OR unit_id = $4)
              ORDER BY supporters DESC, id LIMIT $5"
        )),
        &params![jurisdiction, round.0, found.rules.supporters, unit, most],
        ideas::from_row,
    )?)
}

/// Hands the question on to another unit.
pub fn hand_on(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: IdeaId,
    unit: i64,
) -> std::result::Result<(), ProjectError> {
    let idea = ideas::by_id(tx, jurisdiction, id)?.ok_or(ProjectError::NotFound)?;
    act.require(Permission::JudgeFeasibility, Where::unit(jurisdiction, idea.unit))?;
    if people::units::all(tx, jurisdiction)?.iter().all(|known| known.id != unit) {
        return Err(no("unit-missing", "unit"));
    }
    let moved = tx.execute(
        sql!(
            "UPDATE ideas SET unit_id = $3, updated_at = $4, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND state = 'open' AND version = $5"
        ),
        &params![jurisdiction, id.0, unit, act.at.0, idea.version],
    )?;
    if moved != 1 {
        return Err(ProjectError::Changed);
    }
    act.record(tx, jurisdiction, IDEA, id.0, "handed-on", json!({ "unit": unit }).to_string());
    Ok(())
}

/// Gives a verdict. A feasible idea becomes a project that is not shown to everybody yet.
pub fn judge(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: IdeaId,
    version: i64,
    verdict: &Verdict,
) -> std::result::Result<Option<ProjectId>, ProjectError> {
    let idea = ideas::by_id(tx, jurisdiction, id)?.ok_or(ProjectError::NotFound)?;
    act.require(Permission::JudgeFeasibility, Where::unit(jurisdiction, idea.unit))?;
    let book = book(tx, jurisdiction)?;
    let round = book.round(idea.round).ok_or(ProjectError::NotFound)?;
    round.require(Right::Judge, act.at)?;
    // Nobody judges what they want themselves.
    if idea.account.is_some() && idea.account == act.by.account() {
        return Err(no("own-judge", ""));
    }
    let reason = display::clean_text(&verdict.reason);
    if reason.is_empty() {
        return Err(no("reason-missing", "reason"));
    }
    if reason.chars().count() > MOST_WORDS {
        return Err(no("words-too-long", "reason"));
    }
    let state = if verdict.is_feasible { IdeaState::Feasible } else { IdeaState::NotFeasible };
    let moved = tx.execute(
        sql!(
            "UPDATE ideas SET state = $4, updated_at = $5, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3 AND state IN ('open', 'feasible', 'not-feasible')"
        ),
        &params![jurisdiction, id.0, version, state.code(), act.at.0],
    )?;
    if moved != 1 {
        return Err(ProjectError::Changed);
    }
    let made = if verdict.is_feasible {
        if verdict.unit.is_none() {
            return Err(no("unit-missing", "unit"));
        }
        let pot = verdict.pot.or_else(|| round.pot_of(idea.district, idea.neighbourhood).map(|pot| pot.id));
        let known = project::of_idea(tx, jurisdiction, id.0)?;
        let title = match idea.language {
            language::Lang::Fa => Both::new(idea.title.clone(), verdict.title_other.clone()),
            language::Lang::En => Both::new(verdict.title_other.clone(), idea.title.clone()),
        };
        let words = match idea.language {
            language::Lang::Fa => Both::new(idea.words.clone(), ""),
            language::Lang::En => Both::new("", idea.words.clone()),
        };
        let new = NewProject {
            pot,
            idea: Some(id.0),
            topic: idea.topic.clone(),
            title,
            words,
            address: idea.address.clone(),
            point: idea.point,
            district: idea.district,
            neighbourhood: idea.neighbourhood,
            unit: verdict.unit,
            // What stands on the ballot is what it may cost at most.
            cost: verdict.cost_most,
            cost_least: verdict.cost_least,
            cost_most: verdict.cost_most,
        };
        match known {
            Some(known) => {
                project::rewrite(tx, act, jurisdiction, &known, known.version, &new)?;
                Some(known.id)
            }
            None => Some(project::admit(tx, act, jurisdiction, round.id, &new)?),
        }
    } else {
        // A project of an earlier yes is taken back unless people see it already.
        let shown = project::of_idea(tx, jurisdiction, id.0)?.is_some_and(|p| p.state != State::Draft);
        if shown {
            return Err(no("project-state", ""));
        }
        tx.execute(
            sql!("DELETE FROM projects WHERE jurisdiction_id = $1 AND idea_id = $2 AND state = 'draft'"),
            &params![jurisdiction, id.0],
        )?;
        None
    };
    let (least, most) = if verdict.is_feasible { (verdict.cost_least, verdict.cost_most) } else { (0, 0) };
    tx.execute_one(
        sql!(
            "INSERT INTO idea_judgements (jurisdiction_id, id, idea_id, is_feasible, reason, cost_least, cost_most, unit_id, by_account, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        &params![
            jurisdiction, act.new_id(), id.0, verdict.is_feasible, &reason, least, most, verdict.unit, act.by.account(), act.at.0
        ],
    )?;
    let payload = json!({ "feasible": verdict.is_feasible, "reason": hash_of(&reason), "most": most });
    act.record(tx, jurisdiction, IDEA, id.0, "judged", payload.to_string());
    Ok(made)
}

/// What experts said of an idea, the newest first.
pub fn judgements(tx: &mut Tx<'_>, jurisdiction: i64, id: IdeaId) -> Result<Vec<Judgement>> {
    tx.query(
        sql!(
            "SELECT is_feasible, reason, cost_least, cost_most, unit_id, at FROM idea_judgements
             WHERE jurisdiction_id = $1 AND idea_id = $2 ORDER BY id DESC LIMIT 50"
        ),
        &params![jurisdiction, id.0],
        |row| {
            Ok(Judgement {
                is_feasible: row.get(0)?,
                reason: row.get(1)?,
                cost_least: row.get(2)?,
                cost_most: row.get(3)?,
                unit: row.get(4)?,
                at: Timestamp(row.get(5)?),
            })
        },
    )
}
