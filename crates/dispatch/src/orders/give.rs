//! Giving orders to crews: assign, take back, lock, and everything back when a crew drops out.

use calendar::Timestamp;
use people::{Act, Permission};
use storage::{Tx, params, sql};

use super::make::{code, open_one, words};
use super::read::of_crew;
use super::row::{WorkOrder, update};
use crate::crews::CrewKind;
use crate::{
    Crew, CrewId, CrewStatus, DispatchError, Done, OrderId, OrderStatus, Seen, aid, crews, job_types,
};

/// Where among the stops of a crew, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub stop: i64,
    pub at: Timestamp,
    pub end: Timestamp,
}

/// A crew gets an order as its last stop. Refused when somebody else changed the order since it was looked at.
pub fn assign(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: OrderId,
    crew: CrewId,
    seen: Seen,
) -> Done<WorkOrder> {
    assign_with(tx, act, jurisdiction, id, crew, seen, None)
}

/// [`assign`] at a place and a time that a plan says.
pub fn assign_with(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: OrderId,
    crew: CrewId,
    seen: Seen,
    slot: Option<Slot>,
) -> Done<WorkOrder> {
    let mut order = open_one(tx, act, jurisdiction, id, seen)?;
    let crew = crews::by_id(tx, jurisdiction, crew)?.ok_or(DispatchError::Refused("crew-unknown"))?;
    act.require(Permission::Dispatch, crew.place())?;
    if !order.status.may_become(OrderStatus::Assigned) {
        return Err(DispatchError::Refused("order-under-way"));
    }
    if order.is_locked && order.crew.is_some_and(|held| held != crew.id) {
        return Err(DispatchError::Refused("order-locked"));
    }
    suits(tx, act, &crew, &order)?;
    let before = order.crew.filter(|held| *held != crew.id);
    let stop = match slot {
        Some(slot) => slot.stop,
        None if order.crew == Some(crew.id) => order.stop.unwrap_or(0),
        None => last_stop(tx, jurisdiction, crew.id)? + 1,
    };
    if before.is_some() || order.status == OrderStatus::Open {
        order.assigned_at = Some(act.at);
    }
    order.status = OrderStatus::Assigned;
    order.crew = Some(crew.id);
    order.stop = Some(stop);
    order.planned_at = slot.map(|slot| slot.at);
    order.planned_end = slot.map(|slot| slot.end);
    order.reason = String::new();
    if crew.kind == CrewKind::Contractor {
        order.contractor = crew.unit;
    }
    update(tx, act, &mut order)?;
    let told = super::row::Told { before: before.map(|crew| crew.0), ..order.told() };
    order.record(tx, act, "assigned", &told)?;
    Ok(order)
}

/// A crew has an order no more. From a crew that is on the way it is taken only with words that it is told; from one
/// that is there, never.
pub fn unassign(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: OrderId,
    why: &str,
    seen: Seen,
) -> Done<WorkOrder> {
    let order = open_one(tx, act, jurisdiction, id, seen)?;
    let why = words(why)?;
    match order.status {
        OrderStatus::Open => return Err(DispatchError::Refused("order-with-nobody")),
        OrderStatus::OnSite => return Err(DispatchError::Refused("order-under-way")),
        OrderStatus::OnTheWay if why.is_empty() => return Err(DispatchError::Refused("order-words-missing")),
        _ => {}
    }
    if order.is_locked {
        return Err(DispatchError::Refused("order-locked"));
    }
    let order = put_back(tx, act, order, "taken-back")?;
    if !why.is_empty() {
        crate::evidence::remark(tx, act, &order, &why)?;
    }
    Ok(order)
}

/// The order stays with its crew whatever a plan says, or may move again.
pub fn lock(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: OrderId,
    locked: bool,
    seen: Seen,
) -> Done<WorkOrder> {
    let mut order = open_one(tx, act, jurisdiction, id, seen)?;
    if order.crew.is_none() {
        return Err(DispatchError::Refused("order-with-nobody"));
    }
    if order.is_locked == locked {
        return Ok(order);
    }
    order.is_locked = locked;
    update(tx, act, &mut order)?;
    order.record(tx, act, "locked", &order.told())?;
    Ok(order)
}

/// Everything that a crew had goes back to the open orders, with a reason that the board shows.
pub(crate) fn release_all(tx: &mut Tx<'_>, act: &Act, crew: &Crew, reason: &str) -> Done<()> {
    for order in of_crew(tx, crew.jurisdiction, crew.id)? {
        put_back(tx, act, order, reason)?;
    }
    Ok(())
}

/// What a crew had not begun when its shift ended; what a dispatcher locked stays for its next one.
pub(crate) fn release_unbegun(tx: &mut Tx<'_>, act: &Act, crew: &Crew, reason: &str) -> Done<i64> {
    let mut count = 0;
    for order in of_crew(tx, crew.jurisdiction, crew.id)? {
        if order.status == OrderStatus::Assigned && !order.is_locked {
            put_back(tx, act, order, reason)?;
            count += 1;
        }
    }
    Ok(count)
}

fn put_back(tx: &mut Tx<'_>, act: &Act, mut order: WorkOrder, reason: &str) -> Done<WorkOrder> {
    let had = order.crew;
    order.status = OrderStatus::Open;
    (order.crew, order.stop, order.planned_at, order.planned_end) = (None, None, None, None);
    (order.assigned_at, order.on_the_way_at, order.on_site_at) = (None, None, None);
    order.is_locked = false;
    order.reason = code(reason);
    update(tx, act, &mut order)?;
    if let Some(crew) = had {
        crews::free(tx, act, order.jurisdiction, crew, order.id)?;
    }
    let told = super::row::Told { before: had.map(|crew| crew.0), ..order.told() };
    order.record(tx, act, "unassigned", &told)?;
    Ok(order)
}

/// Refuses a crew that could not do it: the words say what is missing.
pub fn suits(tx: &mut Tx<'_>, act: &Act, crew: &Crew, order: &WorkOrder) -> Done<()> {
    let refuse = |code| Err(DispatchError::Refused(code));
    if !crew.is_active {
        return refuse("crew-withdrawn");
    }
    if crew.status == CrewStatus::OutOfService {
        return refuse("crew-out-of-service");
    }
    if !order.skills.iter().all(|skill| crew.skills.contains(skill)) {
        return refuse("crew-lacks-skill");
    }
    if !order.equipment.iter().all(|thing| crew.equipment.contains(thing)) {
        return refuse("crew-lacks-equipment");
    }
    if order.people > crew.people || order.loads.iter().zip(&crew.loads).any(|(load, room)| load > room) {
        return refuse("crew-too-small");
    }
    match crew.kind {
        CrewKind::Volunteer => {
            let kinds = job_types::kinds(tx, order.jurisdiction)?;
            if !kinds.job_type(&order.job_type).is_some_and(|kind| kind.volunteers) {
                return refuse("crew-volunteer");
            }
        }
        CrewKind::Contractor => {
            if order.contractor.is_some_and(|contractor| Some(contractor) != crew.unit) {
                return refuse("order-other-contractor");
            }
        }
        CrewKind::Own => {
            let elsewhere = crew.district.zip(order.district).is_some_and(|(own, there)| own != there);
            if elsewhere && !aid::covers(tx, crew, order.district, act.at)? {
                return refuse("crew-other-district");
            }
        }
    }
    Ok(())
}

fn last_stop(tx: &mut Tx<'_>, jurisdiction: i64, crew: CrewId) -> storage::Result<i64> {
    Ok(tx
        .value(
            sql!(
                "SELECT CAST(COALESCE(MAX(stop), 0) AS BIGINT) FROM work_orders
                 WHERE jurisdiction_id = $1 AND crew_id = $2 AND is_open = 1"
            ),
            &params![jurisdiction, crew.0],
        )?
        .unwrap_or(0))
}
