//! For and against a project, in two columns and without replies, so that nobody shouts at anybody.
//!
//! What somebody writes waits for a moderator before everybody reads it. A reader may flag what is shown; enough flags
//! bring it back to the moderators. Who wrote what is not shown.

use calendar::Timestamp;
use language::display;
use people::{Act, Permission, Where};
use serde_json::json;
use storage::{Result, Row, Tx, params, sql};

use crate::MODERATION;
use crate::book::book;
use crate::coded::{coded, known};
use crate::phases::Right;
use crate::project::{self, ProjectId, State};
use crate::refusal::{ProjectError, no};
use crate::rounds::RoundId;

coded! {
    Side { For = "for", Against = "against" }
}

coded! {
    /// How an argument stands.
    Shown {
        /// Nobody but its author and moderators reads it yet.
        Waiting = "waiting",
        Open = "open",
        /// Readers asked for a second look; it is still shown.
        Flagged = "flagged",
        Hidden = "hidden",
        /// Hidden, and its author asks another moderator to look.
        Appealed = "appealed",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    pub id: i64,
    pub round: RoundId,
    pub project: ProjectId,
    pub side: Side,
    pub state: Shown,
    pub words: String,
    /// Who wrote it; never shown to others.
    pub account: Option<i64>,
    pub flags: i64,
    /// Why it was hidden: a code of [`crate::moderation::Reason`].
    pub reason: String,
    pub appeal: String,
    pub decided_by: Option<i64>,
    pub made_at: Timestamp,
    pub version: i64,
}

pub const MOST_WORDS: usize = 600;
/// Of one person about one project.
const MOST_OF_ONE: i64 = 6;
/// As many readers bring it back to the moderators.
const FLAGS: i64 = 3;

macro_rules! argument_columns {
    () => {
        "id, round_id, project_id, side, state, words, account_id, flags, reason, appeal, decided_by, made_at, version"
    };
}
pub(crate) use argument_columns;

pub(crate) fn from_row(row: &Row<'_>) -> Result<Argument> {
    Ok(Argument {
        id: row.get(0)?,
        round: RoundId(row.get(1)?),
        project: ProjectId(row.get(2)?),
        side: known(Side::parse(&row.get::<String>(3)?), "side")?,
        state: known(Shown::parse(&row.get::<String>(4)?), "state of an argument")?,
        words: row.get(5)?,
        account: row.get(6)?,
        flags: row.get(7)?,
        reason: row.get(8)?,
        appeal: row.get(9)?,
        decided_by: row.get(10)?,
        made_at: Timestamp(row.get(11)?),
        version: row.get(12)?,
    })
}

/// Says something for or against.
pub fn argue(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: ProjectId,
    side: Option<Side>,
    words: &str,
) -> std::result::Result<i64, ProjectError> {
    act.require(Permission::TakePart, Where::city(jurisdiction))?;
    let account = act.by.account().ok_or(ProjectError::NotFound)?;
    let project = project::by_id(tx, jurisdiction, id)?.filter(|p| p.state != State::Draft);
    let project = project.ok_or(ProjectError::NotFound)?;
    let book = book(tx, jurisdiction)?;
    book.round(project.round).ok_or(ProjectError::NotFound)?.require(Right::Argue, act.at)?;
    let side = side.ok_or(no("side-missing", "side"))?;
    let words = display::clean_text(words);
    if words.is_empty() {
        return Err(no("words-missing", "words"));
    }
    if words.chars().count() > MOST_WORDS {
        return Err(no("words-too-long", "words"));
    }
    let mine: Option<i64> = tx.value(
        sql!("SELECT COUNT(*) FROM project_arguments WHERE jurisdiction_id = $1 AND project_id = $2 AND account_id = $3"),
        &params![jurisdiction, id.0, account],
    )?;
    if mine.unwrap_or(0) >= MOST_OF_ONE {
        return Err(no("too-many-arguments", "words"));
    }
    // The same words again are the first ones: people tap twice.
    let same: Option<i64> = tx.value(
        sql!(
            "SELECT id FROM project_arguments WHERE jurisdiction_id = $1 AND project_id = $2 AND account_id = $3 AND words = $4
             ORDER BY id LIMIT 1"
        ),
        &params![jurisdiction, id.0, account, &words],
    )?;
    if let Some(same) = same {
        return Ok(same);
    }
    let argument = act.new_id();
    tx.execute_one(
        sql!(
            "INSERT INTO project_arguments (jurisdiction_id, id, round_id, project_id, side, state, words, account_id, made_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8, $8)"
        ),
        &params![jurisdiction, argument, project.round.0, id.0, side.code(), &words, account, act.at.0],
    )?;
    act.record(
        tx,
        jurisdiction,
        MODERATION,
        argument,
        "argued",
        json!({ "project": id.0, "side": side.code() }).to_string(),
    );
    Ok(argument)
}

/// What everybody reads about a project, and what its author alone reads, the oldest first.
pub fn of_project(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    id: ProjectId,
    reader: Option<i64>,
) -> Result<Vec<Argument>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            argument_columns!(),
            " FROM project_arguments WHERE jurisdiction_id = $1 AND project_id = $2
                AND (state IN ('open', 'flagged') OR account_id = $3)
              ORDER BY id LIMIT 400"
        )),
        &params![jurisdiction, id.0, reader.unwrap_or(0)],
        from_row,
    )
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<Option<Argument>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            argument_columns!(),
            " FROM project_arguments WHERE jurisdiction_id = $1 AND id = $2"
        )),
        &params![jurisdiction, id],
        from_row,
    )
}

/// Asks moderators to look again. One reader counts once.
pub fn flag(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
) -> std::result::Result<ProjectId, ProjectError> {
    act.require(Permission::TakePart, Where::city(jurisdiction))?;
    let account = act.by.account().ok_or(ProjectError::NotFound)?;
    let argument = by_id(tx, jurisdiction, id)?
        .filter(|argument| matches!(argument.state, Shown::Open | Shown::Flagged))
        .ok_or(ProjectError::NotFound)?;
    let added = tx.execute(
        sql!(
            "INSERT INTO project_argument_flags (jurisdiction_id, argument_id, account_id, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (jurisdiction_id, argument_id, account_id) DO NOTHING"
        ),
        &params![jurisdiction, id, account, act.at.0],
    )?;
    if added == 1 {
        tx.execute(
            sql!(
                "UPDATE project_arguments SET flags = flags + 1, updated_at = $3,
                     state = CASE WHEN state = 'open' AND flags + 1 >= $4 THEN 'flagged' ELSE state END
                 WHERE jurisdiction_id = $1 AND id = $2"
            ),
            &params![jurisdiction, id, act.at.0, FLAGS],
        )?;
    }
    Ok(argument.project)
}

/// The author says why it should be shown after all. Once, and another moderator than the first decides.
pub fn appeal(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    words: &str,
) -> std::result::Result<ProjectId, ProjectError> {
    act.require(Permission::TakePart, Where::city(jurisdiction))?;
    let account = act.by.account().ok_or(ProjectError::NotFound)?;
    let argument = by_id(tx, jurisdiction, id)?.ok_or(ProjectError::NotFound)?;
    if argument.account != Some(account) {
        return Err(ProjectError::NotFound);
    }
    let words = display::clean_text(words);
    if words.is_empty() {
        return Err(no("words-missing", "appeal"));
    }
    if words.chars().count() > MOST_WORDS {
        return Err(no("words-too-long", "appeal"));
    }
    let asked = tx.execute(
        sql!(
            "UPDATE project_arguments SET state = 'appealed', appeal = $3, updated_at = $4, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND state = 'hidden' AND appeal = ''"
        ),
        &params![jurisdiction, id, &words, act.at.0],
    )?;
    if asked != 1 {
        return Err(no("appeal-once", "appeal"));
    }
    act.record(tx, jurisdiction, MODERATION, id, "appealed", "{}".into());
    Ok(argument.project)
}
