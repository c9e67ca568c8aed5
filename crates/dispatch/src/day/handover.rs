//! What one dispatcher tells the next, with how things stood at that moment; and what crews wrote when they went home.

use calendar::Timestamp;
use people::{Act, Permission, Where};
use serde::{Deserialize, Serialize};
use storage::{Error, Result, Row, Tx, params, sql};

use super::HANDOVER;
use crate::{CrewId, DispatchError, Done, OrderStatus, Shift, ShiftState, Urgency, WorkOrder, shifts};

macro_rules! columns {
    () => {
        "id, district_id, at, account_id, words, standing, taken_by, taken_at"
    };
}

/// How things stand: numbers of open orders.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    pub open: i64,
    pub unassigned: i64,
    /// Unassigned and not to be left until tomorrow.
    pub urgent: i64,
    pub under_way: i64,
    pub late: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    pub id: i64,
    pub district: Option<i64>,
    pub at: Timestamp,
    pub account: Option<i64>,
    pub words: String,
    pub standing: Standing,
    pub taken_by: Option<i64>,
    pub taken_at: Option<Timestamp>,
}

const MOST_WORDS: usize = 4000;

/// Counts orders.
pub fn standing(orders: &[WorkOrder], now: Timestamp) -> Standing {
    let count =
        |holds: &dyn Fn(&WorkOrder) -> bool| orders.iter().filter(|order| holds(order)).count() as i64;
    let is_urgent = |order: &WorkOrder| matches!(order.urgency, Urgency::Immediate | Urgency::TwoHours);
    Standing {
        open: orders.len() as i64,
        unassigned: count(&|order| order.status == OrderStatus::Open),
        urgent: count(&|order| order.status == OrderStatus::Open && is_urgent(order)),
        under_way: count(&|order| order.status.is_under_way()),
        late: count(&|order| order.is_late(now)),
    }
}

/// A dispatcher leaves words for the next one.
pub fn leave(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    district: Option<i64>,
    words: &str,
    standing: Standing,
) -> Done<i64> {
    act.require(Permission::Dispatch, Where::city(jurisdiction).in_district(district))?;
    let words = language::display::clean_text(words);
    if words.is_empty() {
        return Err(DispatchError::Refused("handover-empty"));
    }
    if words.chars().count() > MOST_WORDS {
        return Err(DispatchError::Refused("words-too-long"));
    }
    let id = act.new_id();
    tx.execute_one(
        sql!(
            "INSERT INTO dispatch_handovers (jurisdiction_id, id, district_id, at, account_id, words, standing)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &params![jurisdiction, id, district, act.at.0, act.by.account(), &words, &crate::json(&standing)?],
    )?;
    tell(tx, act, jurisdiction, id, district, "left")?;
    Ok(id)
}

/// The next dispatcher has read it. Of two who take it at once the first has it.
pub fn take(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64) -> Done<()> {
    let found = tx.query_opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM dispatch_handovers WHERE jurisdiction_id = $1 AND id = $2"
        )),
        &params![jurisdiction, id],
        from_row,
    )?;
    let handover = found.ok_or(DispatchError::NotFound)?;
    act.require(Permission::Dispatch, Where::city(jurisdiction).in_district(handover.district))?;
    let changed = tx.execute(
        sql!(
            "UPDATE dispatch_handovers SET taken_by = $3, taken_at = $4
             WHERE jurisdiction_id = $1 AND id = $2 AND taken_at IS NULL"
        ),
        &params![jurisdiction, id, act.by.account(), act.at.0],
    )?;
    crate::refusal::guarded(changed)?;
    tell(tx, act, jurisdiction, id, handover.district, "taken")?;
    Ok(())
}

fn tell(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    district: Option<i64>,
    fact: &'static str,
) -> Result<()> {
    let payload = crate::json(&serde_json::json!({ "district": district }))?;
    act.record(tx, jurisdiction, HANDOVER, id, fact, payload);
    Ok(())
}

/// The last words that were left in a district, the newest first.
pub fn latest(tx: &mut Tx<'_>, jurisdiction: i64, district: Option<i64>, most: u32) -> Result<Vec<Handover>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM dispatch_handovers WHERE jurisdiction_id = $1 AND COALESCE(district_id, 0) = $2 ORDER BY id DESC LIMIT $3"
        )),
        &params![jurisdiction, district.unwrap_or(0), most.min(100)],
        from_row,
    )
}

fn from_row(row: &Row<'_>) -> Result<Handover> {
    Ok(Handover {
        id: row.get(0)?,
        district: row.get(1)?,
        at: Timestamp(row.get(2)?),
        account: row.get(3)?,
        words: row.get(4)?,
        standing: serde_json::from_str(&row.get::<String>(5)?).map_err(Error::corrupt)?,
        taken_by: row.get(6)?,
        taken_at: row.get::<Option<i64>>(7)?.map(Timestamp),
    })
}

/// What crews wrote for the next shift when they ended theirs, in the last twelve hours.
pub fn told(tx: &mut Tx<'_>, jurisdiction: i64, now: Timestamp) -> Result<Vec<(CrewId, Shift)>> {
    let all = shifts::between(tx, jurisdiction, now.plus_hours(-24), now)?;
    let said = all.into_iter().filter(|shift| {
        shift.state == ShiftState::Ended
            && !shift.handover.is_empty()
            && shift.ended_at.is_some_and(|at| at.plus_hours(12) > now)
    });
    Ok(said.map(|shift| (shift.crew, shift)).collect())
}
