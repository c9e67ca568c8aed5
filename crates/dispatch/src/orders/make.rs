//! How an order begins, changes, is cancelled, and how somebody goes there again.

use calendar::Timestamp;
use language::display;
use people::{Act, Permission, Where};
use requests::RequestId;
use requests::incidents::IncidentId;
use storage::Tx;
use territory::Point;

use super::read::by_id;
use super::row::{WorkOrder, insert, update};
use super::rules::{beside, lasting, located, next_code, no_circle, window};
use crate::job_types;
use crate::{DispatchError, Done, OrderId, OrderStatus, Origin, Seen, Urgency, crews};

/// What somebody wants done. [`Draft::at`] makes the simplest; the rest is added.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub origin: Origin,
    pub job_type: String,
    pub point: Point,
    pub address: String,
    pub words: String,
    pub request: Option<RequestId>,
    pub incident: Option<IncidentId>,
    pub routine: Option<i64>,
    pub service: Option<i64>,
    pub unit: Option<i64>,
    /// Instead of what the kind of work says.
    pub urgency: Option<Urgency>,
    pub danger: Option<i64>,
    pub minutes: Option<i64>,
    pub skills: Option<Vec<String>>,
    pub equipment: Option<Vec<String>>,
    pub due_at: Option<Timestamp>,
    pub not_before: Option<Timestamp>,
    pub not_after: Option<Timestamp>,
    pub after: Option<OrderId>,
    pub contractor: Option<i64>,
    pub contract: Option<i64>,
    pub is_paid: bool,
}

impl Draft {
    pub fn at(job_type: impl Into<String>, point: Point) -> Draft {
        Draft {
            origin: Origin::Hand,
            job_type: job_type.into(),
            point,
            address: String::new(),
            words: String::new(),
            request: None,
            incident: None,
            routine: None,
            service: None,
            unit: None,
            urgency: None,
            danger: None,
            minutes: None,
            skills: None,
            equipment: None,
            due_at: None,
            not_before: None,
            not_after: None,
            after: None,
            contractor: None,
            contract: None,
            is_paid: true,
        }
    }
}

/// What may be changed about an open order.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub job_type: String,
    pub point: Point,
    pub address: String,
    pub words: String,
    pub urgency: Urgency,
    pub danger: i64,
    pub minutes: i64,
    pub due_at: Option<Timestamp>,
    pub not_before: Option<Timestamp>,
    pub not_after: Option<Timestamp>,
    pub after: Option<OrderId>,
}

impl Change {
    /// What an order is now, to change some of it.
    pub fn of(order: &WorkOrder) -> Change {
        Change {
            job_type: order.job_type.clone(),
            point: order.point,
            address: order.address.clone(),
            words: order.words.clone(),
            urgency: order.urgency,
            danger: order.danger,
            minutes: order.duration / 60,
            due_at: order.due_at,
            not_before: order.not_before,
            not_after: order.not_after,
            after: order.after,
        }
    }
}

pub(crate) const MOST_WORDS: usize = 2000;

/// Somebody, a routine or a follower wants work done at a place.
pub fn make(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, draft: Draft) -> Done<WorkOrder> {
    let kinds = job_types::kinds(tx, jurisdiction)?;
    let kind = kinds.job_type(&draft.job_type).ok_or(DispatchError::Refused("job-type-unknown"))?;
    let (district, neighbourhood) = located(tx, jurisdiction, draft.point)?;
    let catalogue = requests::catalogue(tx, jurisdiction)?;
    let service = draft
        .service
        .and_then(|id| catalogue.service(id))
        .or_else(|| kind.services.first().and_then(|code| catalogue.by_code(code)));
    let unit = draft.unit.or_else(|| service.and_then(|service| catalogue.responsible(service, district)));
    let place = Where::unit(jurisdiction, unit).in_district(district).in_neighbourhood(neighbourhood);
    act.require(Permission::Dispatch, place)?;
    let (duration, spread) = lasting(tx, jurisdiction, kind, district, draft.minutes)?;
    window(act, draft.not_before, draft.not_after)?;
    if let Some(after) = draft.after {
        by_id(tx, jurisdiction, after)?.ok_or(DispatchError::Refused("order-after-unknown"))?;
    }
    let urgency = draft.urgency.unwrap_or(kind.urgency);
    let planned = kind.within_days.map(|days| act.at.plus_hours(days.saturating_mul(24)));
    let mut order = WorkOrder {
        jurisdiction,
        id: OrderId(act.new_id()),
        code: next_code(tx, act, jurisdiction)?,
        origin: draft.origin,
        request: draft.request,
        incident: draft.incident,
        routine: draft.routine,
        job_type: kind.code.clone(),
        service: draft.service,
        unit,
        district,
        neighbourhood,
        point: draft.point,
        address: words(&draft.address)?,
        words: words(&draft.words)?,
        urgency,
        danger: draft.danger.unwrap_or(kind.danger).clamp(0, 3),
        status: OrderStatus::Open,
        people: kind.people,
        skills: draft.skills.unwrap_or_else(|| kind.skills.clone()),
        equipment: draft.equipment.unwrap_or_else(|| kind.equipment.clone()),
        loads: kind.loads,
        duration,
        duration_spread: spread,
        due_at: draft.due_at.or(urgency.due_from(act.at)).or(draft.not_after).or(planned),
        not_before: draft.not_before,
        not_after: draft.not_after,
        after: draft.after,
        visit: 1,
        earlier_visit: None,
        together: None,
        contractor: draft.contractor,
        contract: draft.contract,
        is_paid: draft.is_paid,
        crew: None,
        stop: None,
        planned_at: None,
        planned_end: None,
        is_locked: false,
        reason: String::new(),
        made_at: act.at,
        assigned_at: None,
        on_the_way_at: None,
        on_site_at: None,
        ended_at: None,
        updated_at: act.at,
        version: 1,
    };
    order.together = beside(tx, &order)?;
    insert(tx, &order)?;
    order.record(tx, act, "made", &order.told())?;
    Ok(order)
}

/// What is wanted, where or when changes. Not while somebody is at it: a crew that is there sees what it came for.
pub fn change(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: OrderId,
    change: &Change,
    seen: Seen,
) -> Done<WorkOrder> {
    let mut order = open_one(tx, act, jurisdiction, id, seen)?;
    if order.status == OrderStatus::OnSite {
        return Err(DispatchError::Refused("order-under-way"));
    }
    let kinds = job_types::kinds(tx, jurisdiction)?;
    let kind = kinds.job_type(&change.job_type).ok_or(DispatchError::Refused("job-type-unknown"))?;
    let (district, neighbourhood) = located(tx, jurisdiction, change.point)?;
    window(act, change.not_before, change.not_after)?;
    no_circle(tx, &order, change.after)?;
    let is_other_kind = kind.code != order.job_type;
    let minutes = Some(change.minutes).filter(|minutes| !is_other_kind || *minutes != order.duration / 60);
    let (duration, spread) = lasting(tx, jurisdiction, kind, district, minutes)?;
    (order.duration, order.duration_spread) = (duration, spread);
    if is_other_kind {
        order.job_type.clone_from(&kind.code);
        order.skills.clone_from(&kind.skills);
        order.equipment.clone_from(&kind.equipment);
        (order.people, order.loads) = (kind.people, kind.loads);
    }
    (order.point, order.district, order.neighbourhood) = (change.point, district, neighbourhood);
    order.address = words(&change.address)?;
    order.words = words(&change.words)?;
    order.due_at = match change.urgency == order.urgency {
        true => change.due_at,
        false => change.urgency.due_from(order.made_at).or(change.due_at),
    };
    (order.urgency, order.danger) = (change.urgency, change.danger.clamp(0, 3));
    (order.not_before, order.not_after, order.after) = (change.not_before, change.not_after, change.after);
    update(tx, act, &mut order)?;
    order.record(tx, act, "changed", &order.told())?;
    Ok(order)
}

/// Nobody has to go there any more. A crew that is on the way or there is told and ready again.
pub fn cancel(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: OrderId,
    reason: &str,
    seen: Option<Seen>,
) -> Done<WorkOrder> {
    let order = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    let mut order = open_one(tx, act, jurisdiction, id, seen.unwrap_or(Seen(order.version)))?;
    let crew = order.crew;
    order.status = OrderStatus::Cancelled;
    order.reason = code(reason);
    order.ended_at = Some(act.at);
    update(tx, act, &mut order)?;
    if let Some(crew) = crew {
        crews::free(tx, act, jurisdiction, crew, id)?;
    }
    order.record(tx, act, "cancelled", &order.told())?;
    Ok(order)
}

/// Somebody has to go there once more: after what was not done, or what was not done well. `unpaid` is for a
/// contractor who did it badly; the same contractor goes again.
pub fn visit_again(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: OrderId,
    why: Origin,
    more_words: &str,
    unpaid: bool,
) -> Done<WorkOrder> {
    let earlier = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    let may = earlier.require(act, Permission::Dispatch);
    may.or_else(|denied| earlier.require(act, Permission::CheckWork).map_err(|_| denied))?;
    if earlier.is_open() {
        return Err(DispatchError::Refused("order-still-open"));
    }
    if earlier.status == OrderStatus::Cancelled {
        return Err(DispatchError::Refused("order-cancelled"));
    }
    let mut order = WorkOrder {
        id: OrderId(act.new_id()),
        code: next_code(tx, act, jurisdiction)?,
        origin: why,
        status: OrderStatus::Open,
        words: words(&[earlier.words.as_str(), more_words].join("\n"))?,
        due_at: earlier.urgency.due_from(act.at).or_else(|| Some(act.at.plus_hours(72))),
        not_before: None,
        not_after: None,
        after: None,
        visit: earlier.visit + 1,
        earlier_visit: Some(earlier.id),
        together: None,
        is_paid: !unpaid && earlier.is_paid,
        crew: None,
        stop: None,
        planned_at: None,
        planned_end: None,
        is_locked: false,
        reason: String::new(),
        made_at: act.at,
        assigned_at: None,
        on_the_way_at: None,
        on_site_at: None,
        ended_at: None,
        updated_at: act.at,
        version: 1,
        ..earlier
    };
    order.together = beside(tx, &order)?;
    insert(tx, &order)?;
    order.record(tx, act, "made", &order.told())?;
    Ok(order)
}

/// A dispatcher says that orders at one place go together, or that one goes alone (`with` is `None`).
pub fn group(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: OrderId,
    with: Option<OrderId>,
    seen: Seen,
) -> Done<WorkOrder> {
    let mut order = open_one(tx, act, jurisdiction, id, seen)?;
    order.together = match with {
        None => None,
        Some(other) if other == id => return Err(DispatchError::Refused("order-together-wrong")),
        Some(other) => {
            let mut other = by_id(tx, jurisdiction, other)?
                .filter(|other| other.is_open())
                .ok_or(DispatchError::Refused("order-together-wrong"))?;
            let first = other.together.unwrap_or(other.id);
            if other.together.is_none() {
                other.together = Some(first);
                update(tx, act, &mut other)?;
            }
            Some(first)
        }
    };
    update(tx, act, &mut order)?;
    order.record(tx, act, "changed", &order.told())?;
    Ok(order)
}

pub(super) fn open_one(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: OrderId,
    seen: Seen,
) -> Done<WorkOrder> {
    let order = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    order.require(act, Permission::Dispatch)?;
    if order.version != seen.0 {
        return Err(DispatchError::Changed);
    }
    if !order.is_open() { Err(DispatchError::Refused("order-over")) } else { Ok(order) }
}

pub(super) fn words(typed: &str) -> Done<String> {
    let words = display::clean_text(typed);
    match words.chars().count() > MOST_WORDS {
        true => Err(DispatchError::Refused("words-too-long")),
        false => Ok(words),
    }
}

/// A reason as a code: short, without blanks.
pub(super) fn code(reason: &str) -> String {
    reason.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect()
}
