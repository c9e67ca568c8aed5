//! A plan becomes what crews hold: in one transaction, if nothing that it touches changed since it was made.
//!
//! What a crew is on the way to or at is never touched here. What a dispatcher locked stays with its crew.

use std::collections::{BTreeMap, BTreeSet};

use calendar::Timestamp;
use people::{Act, Permission};
use storage::{Filter, Tx};

use super::store::{self, decided};
use super::{Found, Kept, Kind, PlanId, Posed, State};
use crate::crews::CrewKind;
use crate::orders::{self, Told};
use crate::plan::{Plan, Stop, schedule};
use crate::{Crew, CrewId, DispatchError, Done, OrderId, OrderStatus, Seen, WorkOrder, crews};

/// What publishing changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// Orders that another crew has now, or nobody.
    pub moved: usize,
    /// Orders that stayed and have another place or time.
    pub shifted: usize,
}

/// A proposal older than this is made again; minutes.
const OLDEST: i64 = 20;
/// Nobody is told of a smaller difference; milliseconds.
const SMALL: i64 = 60_000;

/// Gives a proposed plan to the crews. Refused when it is not better than what they hold, when it is old, or when
/// somebody changed an order or a crew of it meanwhile.
pub fn publish(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: PlanId) -> Done<(Kept, Published)> {
    let mut kept = waiting(tx, act, jurisdiction, id)?;
    if kept.cost_after > kept.cost_before {
        return Err(DispatchError::Refused("plan-worse"));
    }
    if kept.made_at.plus_minutes(OLDEST) < act.at {
        return Err(DispatchError::Refused("plan-old"));
    }
    let posed = store::posed(tx, jurisdiction, id)?.ok_or(DispatchError::Refused("plan-old"))?;
    let published = apply(tx, act, jurisdiction, &posed, &kept.plan)?;
    decided(tx, act, &mut kept, State::Published, "")?;
    Ok((kept, published))
}

/// A dispatcher does not want it.
pub fn refuse(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: PlanId, words: &str) -> Done<Kept> {
    let mut kept = waiting(tx, act, jurisdiction, id)?;
    let words: String = language::display::clean_text(words).chars().take(500).collect();
    decided(tx, act, &mut kept, State::Refused, &words)?;
    Ok(kept)
}

fn waiting(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: PlanId) -> Done<Kept> {
    let kept = store::by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    act.require(Permission::Dispatch, kept.place())?;
    match kept.state {
        State::Proposed => Ok(kept),
        _ => Err(DispatchError::Refused("plan-decided")),
    }
}

/// A dispatcher gives one order to one crew at the place that [`placed`](super::placed) found; the crew's other stops get
/// their new times. Written down like any other plan, whatever it costs: people decide.
pub fn place(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    posed: &Posed,
    found: &Found,
    order: OrderId,
    seen: Seen,
) -> Done<WorkOrder> {
    let known = posed.index(order).and_then(|index| posed.orders.get(index));
    let known = known.ok_or(DispatchError::NotFound)?;
    if known.version != seen.0 {
        return Err(DispatchError::Changed);
    }
    if known.is_under_way {
        return Err(DispatchError::Refused("order-under-way"));
    }
    if known.is_locked && found.difference.handed_on.iter().any(|moved| moved.order == order) {
        return Err(DispatchError::Refused("order-locked"));
    }
    apply(tx, act, jurisdiction, posed, &found.plan)?;
    let kept = store::put(tx, act, jurisdiction, Kind::ByHand, State::Published, posed, found)?;
    store::tell(tx, act, &kept, "published")?;
    orders::by_id(tx, jurisdiction, order)?.ok_or(DispatchError::NotFound)
}

/// Everything that the writing needs, read in two statements.
struct Rows {
    orders: BTreeMap<OrderId, WorkOrder>,
    touched: BTreeSet<usize>,
}

fn apply(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, posed: &Posed, plan: &Plan) -> Done<Published> {
    let timed = schedule(&posed.problem, plan).map_err(super::search::impossible)?;
    let rows = read(tx, jurisdiction, posed, plan)?;
    let mut published = Published::default();
    for (index, stops) in timed.iter().enumerate() {
        let Some(crew) = posed.crew(index) else { continue };
        route(tx, act, jurisdiction, posed, &rows, (crew, index), stops, &mut published)?;
    }
    drop_left_over(tx, act, posed, plan, &rows, &mut published)?;
    Ok(published)
}

fn read(tx: &mut Tx<'_>, jurisdiction: i64, posed: &Posed, plan: &Plan) -> Done<Rows> {
    let ids: Vec<OrderId> = posed.orders.iter().map(|known| known.id).collect();
    let found = match ids.is_empty() {
        true => Vec::new(),
        false => orders::by_ids(tx, jurisdiction, &ids)?,
    };
    let orders: BTreeMap<OrderId, WorkOrder> = found.into_iter().map(|order| (order.id, order)).collect();
    let same = |crew: &usize| posed.held.routes.get(*crew) == plan.routes.get(*crew);
    let touched: BTreeSet<usize> = (0..posed.crews.len()).filter(|crew| !same(crew)).collect();
    // Every order that is in a route that changes, before or after, must be as it was when it was read.
    for crew in &touched {
        let stops = [posed.held.routes.get(*crew), plan.routes.get(*crew)];
        for job in stops.into_iter().flatten().flatten() {
            if !is_same(posed, &orders, *job) {
                return Err(DispatchError::Changed);
            }
        }
    }
    nothing_new(tx, jurisdiction, posed, &touched)?;
    Ok(Rows { orders, touched })
}

fn is_same(posed: &Posed, orders: &BTreeMap<OrderId, WorkOrder>, job: usize) -> bool {
    let Some(known) = posed.orders.get(job) else { return false };
    orders.get(&known.id).is_some_and(|order| order.version == known.version && order.is_open())
}

/// Somebody gave one of these crews another order meanwhile: the times of the plan are wrong.
fn nothing_new(tx: &mut Tx<'_>, jurisdiction: i64, posed: &Posed, touched: &BTreeSet<usize>) -> Done<()> {
    let crews: Vec<i64> = touched.iter().filter_map(|crew| posed.crew(*crew)).map(|crew| crew.0).collect();
    if crews.is_empty() {
        return Ok(());
    }
    let mut filter = Filter::new();
    filter
        .and("jurisdiction_id = {}", [jurisdiction])
        .and::<i64>("is_open = 1", [])
        .and("assigned_at > {}", [posed.now.0])
        .within("crew_id", crews);
    let (sql, values) = filter.finish("SELECT id FROM work_orders WHERE", "ORDER BY id LIMIT 1000");
    let given = tx.query(&sql, &values, |row| Ok(OrderId(row.get(0)?)))?;
    match given.iter().any(|id| posed.index(*id).is_none()) {
        true => Err(DispatchError::Changed),
        false => Ok(()),
    }
}

fn route(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    posed: &Posed,
    rows: &Rows,
    (crew_id, index): (CrewId, usize),
    stops: &[Stop],
    published: &mut Published,
) -> Done<()> {
    let is_touched = rows.touched.contains(&index);
    let mut crew: Option<Crew> = None;
    let mut number = 0;
    for stop in stops {
        let Some(mut order) = rows.orders.get(&posed.id(stop.job)).cloned() else { continue };
        if order.status.is_under_way() {
            number = number.max(order.stop.unwrap_or(0));
            continue;
        }
        number += 1;
        // Only its times would change, and somebody else is at it.
        if !is_touched && !is_same(posed, &rows.orders, stop.job) {
            continue;
        }
        let is_other = order.crew != Some(crew_id);
        let (at, end) = (posed.moment(stop.begin), posed.moment(stop.end));
        let is_moved = |was: Option<Timestamp>| was.is_none_or(|was| was.millis_since(at).abs() > SMALL);
        if !is_other && order.stop == Some(number) && !is_moved(order.planned_at) {
            continue;
        }
        order.require(act, Permission::Dispatch)?;
        let before = order.crew.filter(|_| is_other);
        if is_other {
            let crew = match &mut crew {
                Some(crew) => crew,
                none => {
                    let found = crews::by_id(tx, jurisdiction, crew_id)?;
                    none.insert(found.ok_or(DispatchError::Changed)?)
                }
            };
            orders::suits(tx, act, crew, &order)?;
            order.assigned_at = Some(act.at);
            if crew.kind == CrewKind::Contractor {
                order.contractor = crew.unit;
            }
            published.moved += 1;
        } else {
            published.shifted += 1;
        }
        order.status = OrderStatus::Assigned;
        order.crew = Some(crew_id);
        (order.stop, order.planned_at, order.planned_end) = (Some(number), Some(at), Some(end));
        order.reason = String::new();
        orders::update(tx, act, &mut order)?;
        if is_other {
            let told = Told { before: before.map(|crew| crew.0), ..order.told() };
            order.record(tx, act, "assigned", &told)?;
        }
    }
    Ok(())
}

/// What a crew has and the plan has no room for goes back to the open orders, with the reason; what is locked stays.
fn drop_left_over(
    tx: &mut Tx<'_>,
    act: &Act,
    posed: &Posed,
    plan: &Plan,
    rows: &Rows,
    published: &mut Published,
) -> Done<()> {
    let reasons = super::difference::reasons(posed, plan)?;
    for job in &plan.left_over {
        let Some(mut order) = rows.orders.get(&posed.id(*job)).cloned() else { continue };
        if order.crew.is_none() || order.is_locked || order.status != OrderStatus::Assigned {
            continue;
        }
        if !is_same(posed, &rows.orders, *job) {
            continue;
        }
        order.require(act, Permission::Dispatch)?;
        let before = order.crew;
        order.status = OrderStatus::Open;
        (order.crew, order.stop, order.planned_at, order.planned_end) = (None, None, None, None);
        order.assigned_at = None;
        let reason = reasons.iter().find(|reasoned| reasoned.order == order.id);
        order.reason = reason.map_or_else(String::new, |reasoned| reasoned.reason.clone());
        orders::update(tx, act, &mut order)?;
        let told = Told { before: before.map(|crew| crew.0), ..order.told() };
        order.record(tx, act, "unassigned", &told)?;
        published.moved += 1;
    }
    Ok(())
}
