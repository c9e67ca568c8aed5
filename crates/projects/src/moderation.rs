//! Hiding and showing what people wrote, with a reason of a short list, in a log that everybody reads.

use calendar::Timestamp;
use language::display;
use people::{Act, Denied, Permission, Where};
use serde_json::json;
use storage::{Result, Tx, params, sql};

use crate::MODERATION;
use crate::arguments::{self, Argument, MOST_WORDS, Shown, argument_columns};
use crate::coded::{coded, known};
use crate::refusal::{ProjectError, no};
use crate::rounds::RoundId;

coded! {
    /// Why something is hidden. Disagreeing is no reason.
    Reason {
        Insult = "insult",
        Personal = "personal",
        Advertising = "advertising",
        OffTopic = "off-topic",
        Repeated = "repeated",
        Unlawful = "unlawful",
    }
}

coded! {
    Deed { Shown = "shown", Hidden = "hidden" }
}

/// A line of the public log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: i64,
    pub argument: i64,
    pub deed: Deed,
    pub reason: Option<Reason>,
    /// What the moderator says about it.
    pub words: String,
    pub after_appeal: bool,
    pub at: Timestamp,
}

/// What waits for a moderator, the longest first.
pub fn queue(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    most: u32,
) -> std::result::Result<Vec<Argument>, ProjectError> {
    act.require(Permission::Moderate, Where::city(jurisdiction))?;
    Ok(tx.query(
        sql!(concat!(
            "SELECT ",
            argument_columns!(),
            " FROM project_arguments WHERE jurisdiction_id = $1 AND state IN ('waiting', 'flagged', 'appealed')
              ORDER BY updated_at, id LIMIT $2"
        )),
        &params![jurisdiction, most],
        arguments::from_row,
    )?)
}

/// Decides. Nobody judges their own words, and an appeal is not judged by whoever hid it.
pub fn decide(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    version: i64,
    deed: Deed,
    reason: Option<Reason>,
    words: &str,
) -> std::result::Result<(), ProjectError> {
    act.require(Permission::Moderate, Where::city(jurisdiction))?;
    let argument = arguments::by_id(tx, jurisdiction, id)?.ok_or(ProjectError::NotFound)?;
    let me = act.by.account();
    let is_mine = me.is_some() && argument.account == me;
    let was_mine = me.is_some() && argument.state == Shown::Appealed && argument.decided_by == me;
    if is_mine || was_mine {
        return Err(ProjectError::Denied(Denied { role: act.by.role(), permission: Permission::Moderate }));
    }
    if deed == Deed::Hidden && reason.is_none() {
        return Err(no("reason-missing", "reason"));
    }
    let words = display::clean_text(words);
    if words.chars().count() > MOST_WORDS {
        return Err(no("words-too-long", "words"));
    }
    let (state, code) = match deed {
        Deed::Shown => (Shown::Open, ""),
        Deed::Hidden => (Shown::Hidden, reason.map_or("", Reason::code)),
    };
    let decided = tx.execute(
        sql!(
            "UPDATE project_arguments SET state = $4, reason = $5, decided_by = $6, flags = 0, updated_at = $7, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3"
        ),
        &params![jurisdiction, id, version, state.code(), code, me, act.at.0],
    )?;
    if decided != 1 {
        return Err(ProjectError::Changed);
    }
    tx.execute_one(
        sql!(
            "INSERT INTO project_moderations (jurisdiction_id, id, round_id, argument_id, deed, reason, words, after_appeal, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        &params![
            jurisdiction, act.new_id(), argument.round.0, id, deed.code(), code, &words, argument.state == Shown::Appealed, act.at.0
        ],
    )?;
    let payload = json!({ "reason": code, "appeal": argument.state == Shown::Appealed });
    let fact = match deed {
        Deed::Shown => "shown",
        Deed::Hidden => "hidden",
    };
    act.record(tx, jurisdiction, MODERATION, id, fact, payload.to_string());
    Ok(())
}

/// The public log of a round, the newest first.
pub fn log(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    round: RoundId,
    before: Option<i64>,
    most: u32,
) -> Result<Vec<Entry>> {
    tx.query(
        sql!(
            "SELECT id, argument_id, deed, reason, words, after_appeal, at FROM project_moderations
             WHERE jurisdiction_id = $1 AND round_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4"
        ),
        &params![jurisdiction, round.0, before.unwrap_or(i64::MAX), most],
        |row| {
            Ok(Entry {
                id: row.get(0)?,
                argument: row.get(1)?,
                deed: known(Deed::parse(&row.get::<String>(2)?), "deed")?,
                reason: Reason::parse(&row.get::<String>(3)?),
                words: row.get(4)?,
                after_appeal: row.get(5)?,
                at: Timestamp(row.get(6)?),
            })
        },
    )
}
