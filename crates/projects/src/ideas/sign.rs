//! "I want this too."

use people::{Act, Permission, Where};
use serde_json::json;
use storage::{Result, Tx, params, sql};

use super::{IdeaId, IdeaState, by_id};
use crate::IDEA;
use crate::book::book;
use crate::phases::Right;
use crate::refusal::{ProjectError, no};

/// Co-signs an idea. Doing it twice is doing it once; the author's own signature is the idea.
pub fn sign(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: IdeaId,
) -> std::result::Result<(), ProjectError> {
    act.require(Permission::TakePart, Where::city(jurisdiction))?;
    let account = act.by.account().ok_or(ProjectError::NotFound)?;
    let idea = by_id(tx, jurisdiction, id)?.ok_or(ProjectError::NotFound)?;
    let book = book(tx, jurisdiction)?;
    book.round(idea.round).ok_or(ProjectError::NotFound)?.require(Right::Support, act.at)?;
    if idea.state != IdeaState::Open {
        return Err(no("idea-closed", ""));
    }
    if idea.account == Some(account) {
        return Err(no("own-idea", ""));
    }
    let added = tx.execute(
        sql!(
            "INSERT INTO idea_supporters (jurisdiction_id, idea_id, account_id, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (jurisdiction_id, idea_id, account_id) DO NOTHING"
        ),
        &params![jurisdiction, id.0, account, act.at.0],
    )?;
    if added == 1 {
        tx.execute_one(
            sql!("UPDATE ideas SET supporters = supporters + 1 WHERE jurisdiction_id = $1 AND id = $2"),
            &params![jurisdiction, id.0],
        )?;
        act.record(tx, jurisdiction, IDEA, id.0, "co-signed", json!({}).to_string());
    }
    Ok(())
}

/// Whether an account co-signed an idea.
pub fn has_signed(tx: &mut Tx<'_>, jurisdiction: i64, id: IdeaId, account: i64) -> Result<bool> {
    let found: Option<i64> = tx.value(
        sql!("SELECT CAST(1 AS BIGINT) FROM idea_supporters WHERE jurisdiction_id = $1 AND idea_id = $2 AND account_id = $3"),
        &params![jurisdiction, id.0, account],
    )?;
    Ok(found.is_some())
}
