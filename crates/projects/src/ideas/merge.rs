//! Two ideas that are one. Anybody who co-signs may propose it; only the author of the idea that would end agrees.

use people::{Act, Permission, Where};
use serde_json::json;
use storage::{Result, Tx, params, sql};

use super::{Idea, IdeaId, IdeaState, by_id};
use crate::IDEA;
use crate::book::book;
use crate::coded::{coded, known};
use crate::phases::Right;
use crate::refusal::{ProjectError, no};

coded! {
    MergeState { Asked = "asked", Accepted = "accepted", Declined = "declined" }
}

/// A proposal that waits for an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    pub idea: IdeaId,
    pub into: Idea,
    pub state: MergeState,
}

/// Asks the author of an idea whether it may go on as part of another. The author's own proposal is agreed at once.
pub fn propose(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: IdeaId,
    into: IdeaId,
) -> std::result::Result<MergeState, ProjectError> {
    act.require(Permission::TakePart, Where::city(jurisdiction))?;
    let account = act.by.account().ok_or(ProjectError::NotFound)?;
    let (idea, other) = both(tx, act, jurisdiction, id, into)?;
    let asked = tx.execute(
        sql!(
            "INSERT INTO idea_merges (jurisdiction_id, idea_id, into_id, state, asked_at) VALUES ($1, $2, $3, 'asked', $4)
             ON CONFLICT (jurisdiction_id, idea_id, into_id) DO NOTHING"
        ),
        &params![jurisdiction, id.0, into.0, act.at.0],
    )?;
    if asked == 1 {
        act.record(tx, jurisdiction, IDEA, id.0, "merge-asked", json!({ "into": into.0 }).to_string());
    }
    if idea.account == Some(account) {
        settle(tx, act, jurisdiction, &idea, &other, true)?;
        return Ok(MergeState::Accepted);
    }
    Ok(MergeState::Asked)
}

/// The author's answer.
pub fn answer(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: IdeaId,
    into: IdeaId,
    agrees: bool,
) -> std::result::Result<(), ProjectError> {
    act.require(Permission::TakePart, Where::city(jurisdiction))?;
    let account = act.by.account().ok_or(ProjectError::NotFound)?;
    let (idea, other) = both(tx, act, jurisdiction, id, into)?;
    if idea.account != Some(account) {
        return Err(no("not-yours", ""));
    }
    settle(tx, act, jurisdiction, &idea, &other, agrees)
}

fn both(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: IdeaId,
    into: IdeaId,
) -> std::result::Result<(Idea, Idea), ProjectError> {
    let idea = by_id(tx, jurisdiction, id)?.ok_or(ProjectError::NotFound)?;
    let other = by_id(tx, jurisdiction, into)?.filter(|other| other.round == idea.round);
    let other = other.ok_or(ProjectError::NotFound)?;
    let book = book(tx, jurisdiction)?;
    book.round(idea.round).ok_or(ProjectError::NotFound)?.require(Right::Merge, act.at)?;
    if idea.id == other.id {
        return Err(no("merge-self", "into"));
    }
    if idea.state != IdeaState::Open || other.state != IdeaState::Open {
        return Err(no("idea-closed", ""));
    }
    Ok((idea, other))
}

fn settle(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    idea: &Idea,
    into: &Idea,
    agrees: bool,
) -> std::result::Result<(), ProjectError> {
    let state = if agrees { MergeState::Accepted } else { MergeState::Declined };
    let answered = tx.execute(
        sql!(
            "UPDATE idea_merges SET state = $4, answered_at = $5
             WHERE jurisdiction_id = $1 AND idea_id = $2 AND into_id = $3 AND state = 'asked'"
        ),
        &params![jurisdiction, idea.id.0, into.id.0, state.code(), act.at.0],
    )?;
    if answered != 1 {
        return Err(no("merge-not-asked", ""));
    }
    if !agrees {
        act.record(
            tx,
            jurisdiction,
            IDEA,
            idea.id.0,
            "merge-declined",
            json!({ "into": into.id.0 }).to_string(),
        );
        return Ok(());
    }
    let ended = tx.execute(
        sql!(
            "UPDATE ideas SET state = 'merged', merged_into = $3, updated_at = $4, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND state = 'open'"
        ),
        &params![jurisdiction, idea.id.0, into.id.0, act.at.0],
    )?;
    if ended != 1 {
        return Err(ProjectError::Changed);
    }
    bring_signatures(tx, act, jurisdiction, idea, into)?;
    act.record(tx, jurisdiction, IDEA, idea.id.0, "merged", json!({ "into": into.id.0 }).to_string());
    Ok(())
}

/// Who signed the one signs the other, each once; the author comes along as a co-signer.
fn bring_signatures(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, idea: &Idea, into: &Idea) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO idea_supporters (jurisdiction_id, idea_id, account_id, at)
             SELECT jurisdiction_id, $3, account_id, at FROM idea_supporters
             WHERE jurisdiction_id = $1 AND idea_id = $2 AND account_id <> $4
             ON CONFLICT (jurisdiction_id, idea_id, account_id) DO NOTHING"
        ),
        &params![jurisdiction, idea.id.0, into.id.0, into.account.unwrap_or(0)],
    )?;
    if let Some(author) = idea.account.filter(|author| into.account != Some(*author)) {
        tx.execute(
            sql!(
                "INSERT INTO idea_supporters (jurisdiction_id, idea_id, account_id, at) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (jurisdiction_id, idea_id, account_id) DO NOTHING"
            ),
            &params![jurisdiction, into.id.0, author, act.at.0],
        )?;
    }
    tx.execute_one(
        sql!(
            "UPDATE ideas SET supporters = (SELECT COUNT(*) FROM idea_supporters WHERE jurisdiction_id = $1 AND idea_id = $2),
                 updated_at = $3, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2"
        ),
        &params![jurisdiction, into.id.0, act.at.0],
    )
}

/// Proposals about an idea that wait for its author.
pub fn asked_of(tx: &mut Tx<'_>, jurisdiction: i64, id: IdeaId) -> Result<Vec<Merge>> {
    let asked = tx.query(
        sql!(
            "SELECT into_id, state FROM idea_merges WHERE jurisdiction_id = $1 AND idea_id = $2 AND state = 'asked'
             ORDER BY asked_at, into_id LIMIT 20"
        ),
        &params![jurisdiction, id.0],
        |row| {
            let state = known(MergeState::parse(&row.get::<String>(1)?), "state of a merge")?;
            Ok((IdeaId(row.get(0)?), state))
        },
    )?;
    let mut all = Vec::new();
    for (into, state) in asked {
        if let Some(into) = by_id(tx, jurisdiction, into)? {
            all.push(Merge { idea: id, into, state });
        }
    }
    Ok(all)
}
