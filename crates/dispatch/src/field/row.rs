//! The rows of items and telephones.

use calendar::Timestamp;
use storage::{Error, Result, Row, Tx, params, sql};

use super::{Clock, Moment, Outcome, Taken};
use crate::{CrewId, OrderId};

/// An item as it was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub id: i64,
    pub account: i64,
    pub item: String,
    pub crew: Option<CrewId>,
    pub order: Option<OrderId>,
    /// As the telephone names it: `on-site`, `photo`.
    pub kind: String,
    pub content: serde_json::Value,
    pub device_at: Timestamp,
    pub received_at: Timestamp,
    pub happened_at: Timestamp,
    /// Why the telephone's time was not believed, or empty.
    pub doubt: String,
    pub outcome: Outcome,
    pub code: String,
    pub settled_at: Option<Timestamp>,
}

macro_rules! item_columns {
    () => {
        "id, account_id, item, crew_id, order_id, kind, content, device_at, received_at, happened_at, doubt, outcome, code, settled_at"
    };
}
pub(super) use item_columns;

impl Kept {
    pub(super) fn from_row(row: &Row<'_>) -> Result<Kept> {
        Ok(Kept {
            id: row.get(0)?,
            account: row.get(1)?,
            item: row.get(2)?,
            crew: row.get::<Option<i64>>(3)?.map(CrewId),
            order: row.get::<Option<i64>>(4)?.map(OrderId),
            kind: row.get(5)?,
            content: serde_json::from_str(&row.get::<String>(6)?).map_err(Error::corrupt)?,
            device_at: Timestamp(row.get(7)?),
            received_at: Timestamp(row.get(8)?),
            happened_at: Timestamp(row.get(9)?),
            doubt: row.get(10)?,
            outcome: outcome(&row.get::<String>(11)?)?,
            code: row.get(12)?,
            settled_at: row.get::<Option<i64>>(13)?.map(Timestamp),
        })
    }
}

fn outcome(code: &str) -> Result<Outcome> {
    Outcome::parse(code).ok_or_else(|| Error::corrupt("an item with an unknown outcome"))
}

/// What became of an item that somebody sent before.
pub fn had(tx: &mut Tx<'_>, jurisdiction: i64, account: i64, item: &str) -> Result<Option<Taken>> {
    let found = tx.query_opt(
        sql!("SELECT outcome, code FROM field_items WHERE jurisdiction_id = $1 AND account_id = $2 AND item = $3"),
        &params![jurisdiction, account, item],
        |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)),
    )?;
    let Some((first, code)) = found else { return Ok(None) };
    let first = Some(outcome(&first)?);
    Ok(Some(Taken { id: item.to_owned(), outcome: Outcome::AlreadyHad, first, code }))
}

/// Everything about an item that is written beside its content.
pub(super) struct Facts<'a> {
    pub account: i64,
    pub device: &'a str,
    pub crew: Option<CrewId>,
    pub order: Option<OrderId>,
    pub moment: Moment,
    pub outcome: Outcome,
    pub code: &'a str,
}

/// Writes an item once; false when it is there.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    act: &people::Act,
    jurisdiction: i64,
    item: &super::Item,
    facts: &Facts<'_>,
) -> Result<bool> {
    let content = crate::json(item)?;
    let changed = tx.execute(
        sql!(
            "INSERT INTO field_items (jurisdiction_id, account_id, item, id, device, sequence, crew_id, order_id, kind, content,
                 device_at, received_at, happened_at, doubt, outcome, code)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
             ON CONFLICT (jurisdiction_id, account_id, item) DO NOTHING"
        ),
        &params![
            jurisdiction,
            facts.account,
            &item.id,
            act.new_id(),
            facts.device,
            item.sequence,
            facts.crew.map(|crew| crew.0),
            facts.order.map(|order| order.0),
            item.what.code(),
            &content,
            item.at.0,
            act.at.0,
            facts.moment.at.0,
            facts.moment.doubt.map_or("", |doubt| doubt.code()),
            facts.outcome.code(),
            facts.code
        ],
    )?;
    Ok(changed == 1)
}

/// When the same telephone did what came before this item, as far as its time was believed.
pub(super) fn moment_before(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    account: i64,
    device: &str,
    sequence: i64,
) -> Result<Option<Timestamp>> {
    let found = tx.query_opt(
        sql!(
            "SELECT happened_at FROM field_items
             WHERE jurisdiction_id = $1 AND account_id = $2 AND device = $3 AND sequence < $4 AND doubt = ''
             ORDER BY sequence DESC, id DESC LIMIT 1"
        ),
        &params![jurisdiction, account, device, sequence],
        |row| row.get::<i64>(0),
    )?;
    Ok(found.map(Timestamp))
}

/// Compares a telephone's clock with ours and remembers the difference.
pub(super) fn clock(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    account: i64,
    device: &str,
    sent_at: Timestamp,
    now: Timestamp,
) -> Result<Clock> {
    let before = tx.query_opt(
        sql!("SELECT ahead, sent_at FROM field_devices WHERE jurisdiction_id = $1 AND account_id = $2 AND device = $3"),
        &params![jurisdiction, account, device],
        |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)),
    )?;
    let clock = Clock::compare(now, sent_at, before.map(|(ahead, _)| ahead));
    if before.is_some_and(|(_, last)| last == sent_at.0) {
        // The same greeting again: it has been on the way for a while, and says nothing new.
        return Ok(Clock { ahead: before.map_or(clock.ahead, |(ahead, _)| ahead), is_steady: true });
    }
    tx.execute(
        sql!(
            "INSERT INTO field_devices (jurisdiction_id, account_id, device, ahead, sent_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (jurisdiction_id, account_id, device)
             DO UPDATE SET ahead = excluded.ahead, sent_at = excluded.sent_at, seen_at = excluded.seen_at"
        ),
        &params![jurisdiction, account, device, clock.ahead, sent_at.0, now.0],
    )?;
    Ok(clock)
}
