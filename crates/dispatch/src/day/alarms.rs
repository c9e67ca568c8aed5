//! A target is about to be missed: said once early enough to do something, and once when it was missed.

use calendar::Timestamp;
use people::{Act, Chore, Permission};
use storage::{Error, Result, Row, Tx, params, sql};

use crate::kinds::coded;
use crate::orders::{self, order_columns};
use crate::{DispatchError, Done, OrderId, Urgency, WorkOrder};

coded! {
    Level {
        /// There is still time.
        Soon = "soon",
        Missed = "missed",
    }
}

/// One warning that nobody has said they saw.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    pub order: OrderId,
    pub level: Level,
    pub district: Option<i64>,
    pub at: Timestamp,
}

/// Every half minute; a target is never closer than that.
pub const CHORE: Chore = Chore { name: "dispatch-alarms", every: 30_000, at_once: 200, run: watch };

/// So many minutes before its target somebody should look at an order that nobody is on the way to.
const fn ahead(urgency: Urgency) -> i64 {
    match urgency {
        Urgency::Immediate => 20,
        Urgency::TwoHours => 40,
        Urgency::Day => 120,
        Urgency::Planned => 180,
    }
}
/// The longest of them.
const FURTHEST: i64 = 180;

/// What an order's standing calls for now.
pub(super) fn level(order: &WorkOrder, now: Timestamp) -> Option<Level> {
    let due = order.due_at?;
    if order.on_site_at.is_some() || !order.is_open() {
        return None;
    }
    if now > due {
        return Some(Level::Missed);
    }
    let close = due.plus_minutes(-ahead(order.urgency)) <= now;
    // A crew that will be there in time is no reason to worry.
    let is_safe =
        order.crew.is_some() && order.planned_at.is_some_and(|at| at <= due && at.plus_minutes(10) >= now);
    let is_hopeless = order.planned_at.is_some_and(|at| at > due);
    (close && (!is_safe || is_hopeless)).then_some(Level::Soon)
}

fn watch(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, at_once: u32) -> Result<usize> {
    let near = tx.query(
        sql!(concat!(
            "SELECT ",
            order_columns!(),
            " FROM work_orders WHERE jurisdiction_id = $1 AND is_open = 1 AND due_at < $2 AND on_site_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM dispatch_alarms WHERE dispatch_alarms.jurisdiction_id = $1
                  AND dispatch_alarms.order_id = work_orders.id
                  AND (dispatch_alarms.level = 'missed' OR work_orders.due_at >= $3))
              ORDER BY due_at, id LIMIT 2000"
        )),
        &params![jurisdiction, act.at.plus_minutes(FURTHEST).0, act.at.0],
        WorkOrder::from_row,
    )?;
    let calls = near.iter().filter_map(|order| level(order, act.at).map(|level| (order, level)));
    let mut count = 0;
    for (order, level) in calls.take(at_once as usize) {
        count += 1;
        let added = tx.execute(
            sql!(
                "INSERT INTO dispatch_alarms (jurisdiction_id, order_id, level, district_id, at) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (jurisdiction_id, order_id, level) DO NOTHING"
            ),
            &params![jurisdiction, order.id.0, level.code(), order.district, act.at.0],
        )?;
        if added == 1 {
            let fact = match level {
                Level::Soon => "at-risk",
                Level::Missed => "target-missed",
            };
            order.record(tx, act, fact, &order.told())?;
        }
    }
    Ok(count)
}

/// Warnings about orders that are still open and that nobody has seen, the newest level of each, the oldest first.
pub fn open(tx: &mut Tx<'_>, jurisdiction: i64, district: Option<i64>) -> Result<Vec<Alarm>> {
    tx.query(
        sql!(
            "SELECT a.order_id, a.level, a.district_id, a.at FROM dispatch_alarms a
             JOIN work_orders o ON o.jurisdiction_id = a.jurisdiction_id AND o.id = a.order_id
             WHERE a.jurisdiction_id = $1 AND a.seen_at IS NULL AND o.is_open = 1 AND o.on_site_at IS NULL
               AND ($2 = 0 OR a.district_id = $2)
               AND NOT (a.level = 'soon' AND EXISTS (SELECT 1 FROM dispatch_alarms b WHERE b.jurisdiction_id = $1
                   AND b.order_id = a.order_id AND b.level = 'missed'))
             ORDER BY a.at, a.order_id LIMIT 500"
        ),
        &params![jurisdiction, district.unwrap_or(0)],
        from_row,
    )
}

fn from_row(row: &Row<'_>) -> Result<Alarm> {
    Ok(Alarm {
        order: OrderId(row.get(0)?),
        level: Level::parse(&row.get::<String>(1)?).ok_or_else(|| Error::corrupt("an unknown warning"))?,
        district: row.get(2)?,
        at: Timestamp(row.get(3)?),
    })
}

/// A dispatcher has seen what there is about an order. Seeing twice is once.
pub fn seen(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, order: OrderId) -> Done<()> {
    let order = orders::by_id(tx, jurisdiction, order)?.ok_or(DispatchError::NotFound)?;
    order.require(act, Permission::Dispatch)?;
    let changed = tx.execute(
        sql!(
            "UPDATE dispatch_alarms SET seen_by = $3, seen_at = $4
             WHERE jurisdiction_id = $1 AND order_id = $2 AND seen_at IS NULL"
        ),
        &params![jurisdiction, order.id.0, act.by.account(), act.at.0],
    )?;
    if changed > 0 {
        order.record(tx, act, "warning-seen", &order.told())?;
    }
    Ok(())
}
