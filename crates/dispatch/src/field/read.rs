//! What a crew brought so far, what it finished, and what stands in conflict.

use calendar::Timestamp;
use people::{Act, Permission, Where};
use storage::{Result, Tx, params, sql};

use super::Outcome;
use super::row::{Kept, item_columns};
use crate::evidence::EvidenceKind;
use crate::{Crew, CrewId, DispatchError, Done, OrderId, OrderStatus, crews};

/// One thing that was brought for an order, as the crew's own page shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Brought {
    pub order: OrderId,
    pub kind: EvidenceKind,
    pub file: Option<requests::PhotoRef>,
    pub content: serde_json::Value,
}

impl Brought {
    pub fn text(&self, key: &str) -> &str {
        self.content.get(key).and_then(serde_json::Value::as_str).unwrap_or("")
    }

    pub fn amount(&self) -> f64 {
        self.content.get("amount").and_then(serde_json::Value::as_f64).unwrap_or(0.0)
    }

    pub fn is_ticked(&self) -> bool {
        self.content.get("ticked").and_then(serde_json::Value::as_bool).unwrap_or(false)
    }
}

/// Everything that was brought for the open stops of a crew, in the order in which it came.
pub fn brought(tx: &mut Tx<'_>, jurisdiction: i64, crew: CrewId) -> Result<Vec<Brought>> {
    let rows = tx.query(
        sql!(
            "SELECT e.order_id, e.kind, e.file, e.content FROM work_evidence e
             JOIN work_orders o ON o.jurisdiction_id = e.jurisdiction_id AND o.id = e.order_id
             WHERE o.jurisdiction_id = $1 AND o.crew_id = $2 AND o.is_open = 1 ORDER BY e.order_id, e.at, e.id LIMIT 3000"
        ),
        &params![jurisdiction, crew.0],
        |row| {
            Ok((row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<Option<String>>(2)?, row.get::<String>(3)?))
        },
    )?;
    let read = |(order, kind, file, content): (i64, String, Option<String>, String)| {
        Some(Brought {
            order: OrderId(order),
            kind: EvidenceKind::parse(&kind)?,
            file: file.and_then(|text| requests::PhotoRef::parse(&text)),
            content: serde_json::from_str(&content).ok()?,
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// An order that a crew ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub code: String,
    pub job_type: String,
    pub address: String,
    pub status: OrderStatus,
    pub ended_at: Timestamp,
    /// Its photos are still on a telephone.
    pub owes_photos: bool,
}

/// What a crew ended since a moment, the latest first.
pub fn ended(tx: &mut Tx<'_>, jurisdiction: i64, crew: CrewId, since: Timestamp) -> Result<Vec<Ended>> {
    let rows = tx.query(
        sql!(
            "SELECT code, job_type, address, status, ended_at, reason FROM work_orders
             WHERE jurisdiction_id = $1 AND crew_id = $2 AND is_open = 0 AND ended_at >= $3 ORDER BY ended_at DESC, id LIMIT 50"
        ),
        &params![jurisdiction, crew.0, since.0],
        |row| {
            Ok((
                row.get::<String>(0)?,
                row.get::<String>(1)?,
                row.get::<String>(2)?,
                row.get::<String>(3)?,
                row.get::<i64>(4)?,
                row.get::<String>(5)?,
            ))
        },
    )?;
    let read = |(code, job_type, address, status, ended_at, reason): (String, _, _, String, _, String)| {
        Some(Ended {
            code,
            job_type,
            address,
            status: OrderStatus::parse(&status)?,
            ended_at: Timestamp(ended_at),
            owes_photos: reason == crate::orders::PHOTOS_OWED,
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// A conflict with the crew that it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    pub kept: Kept,
    /// The crew that the person was in; none when they were in no crew any more.
    pub crew: Option<Crew>,
}

/// Conflicts that nobody dealt with, the oldest first, of crews that the reader may give work to.
pub fn conflicts(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, most: u32) -> Result<Vec<Conflict>> {
    let kept = tx.query(
        sql!(concat!(
            "SELECT ",
            item_columns!(),
            " FROM field_items WHERE jurisdiction_id = $1 AND outcome = 'conflict' AND settled_at IS NULL ORDER BY id LIMIT $2"
        )),
        &params![jurisdiction, most],
        Kept::from_row,
    )?;
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    let all = crews::list(tx, jurisdiction, &crews::Wanted::default())?;
    let conflicts = kept.into_iter().map(|kept| {
        let crew = all.iter().find(|crew| Some(crew.id) == kept.crew).cloned();
        Conflict { kept, crew }
    });
    Ok(conflicts.filter(|conflict| act.may(Permission::Dispatch, conflict.place(jurisdiction))).collect())
}

impl Conflict {
    fn place(&self, jurisdiction: i64) -> Where {
        self.crew.as_ref().map_or(Where::city(jurisdiction), Crew::place)
    }
}

/// Everything that was sent about an order, in the order in which it came: for whoever judges a conflict or a bill.
pub fn of_order(tx: &mut Tx<'_>, jurisdiction: i64, order: OrderId) -> Result<Vec<Kept>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            item_columns!(),
            " FROM field_items WHERE jurisdiction_id = $1 AND order_id = $2 AND order_id IS NOT NULL ORDER BY id LIMIT 1000"
        )),
        &params![jurisdiction, order.0],
        Kept::from_row,
    )
}

/// The newest items of one person that were not simply accepted: what their telephone shows under "what failed".
pub fn troubles(tx: &mut Tx<'_>, jurisdiction: i64, account: i64, since: Timestamp) -> Result<Vec<Kept>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            item_columns!(),
            " FROM field_items WHERE jurisdiction_id = $1 AND account_id = $2 AND outcome <> 'accepted' AND received_at >= $3
              ORDER BY received_at DESC, id DESC LIMIT 50"
        )),
        &params![jurisdiction, account, since.0],
        Kept::from_row,
    )
}

/// A dispatcher has dealt with a conflict: the item stays, and is no longer asked about.
pub fn settle(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64) -> Done<()> {
    let kept = tx.query_opt(
        sql!(concat!(
            "SELECT ",
            item_columns!(),
            " FROM field_items WHERE jurisdiction_id = $1 AND outcome = 'conflict' AND settled_at IS NULL AND id = $2 LIMIT 1"
        )),
        &params![jurisdiction, id],
        Kept::from_row,
    )?;
    let kept = kept.ok_or(DispatchError::NotFound)?;
    let crew = match kept.crew {
        Some(crew) => crews::by_id(tx, jurisdiction, crew)?,
        None => None,
    };
    let (order, conflict) = (kept.order, Conflict { kept, crew });
    act.require(Permission::Dispatch, conflict.place(jurisdiction))?;
    let changed = tx.execute(
        sql!(
            "UPDATE field_items SET settled_at = $4, settled_by = $5
             WHERE jurisdiction_id = $1 AND account_id = $2 AND item = $3 AND settled_at IS NULL"
        ),
        &params![jurisdiction, conflict.kept.account, &conflict.kept.item, act.at.0, act.by.account()],
    )?;
    crate::refusal::guarded(changed)?;
    if let Some(order) = order {
        let told = serde_json::json!({ "kind": conflict.kept.kind, "code": conflict.kept.code });
        act.record(tx, jurisdiction, crate::ORDER, order.0, "conflict-settled", crate::json(&told)?);
    }
    Ok(())
}

/// How an item ended, for lists.
pub fn is_kept_for_a_dispatcher(kept: &Kept) -> bool {
    kept.outcome == Outcome::Conflict && kept.settled_at.is_none()
}
