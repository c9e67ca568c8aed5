//! What a crew does with an order: on the way, on site, done, not done; and what a supervisor says of it.
//!
//! Each step moves the order and the crew together. A step that was made already changes nothing: people tap twice,
//! and a telephone sends again what it is not sure of.

use people::{Act, Permission};
use storage::Tx;

use super::make::{code, visit_again, words};
use super::read::by_id;
use super::row::{WorkOrder, update};
use crate::evidence::{self, EvidenceKind};
use crate::{
    Crew, CrewStatus, DispatchError, Done, OrderId, OrderStatus, Origin, crews, durations, job_types, members,
};

/// How a crew finished.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What was done; the citizen reads it.
    pub words: String,
    /// Photos are still on the telephone and come later: the request is answered when they are here.
    pub photos_follow: bool,
}

/// What a supervisor says of work that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// Somebody goes there again, unpaid, with these words.
    Bad {
        words: String,
    },
}

/// An order that was done without its photos; they are expected.
pub(crate) const PHOTOS_OWED: &str = "photos-owed";

/// The crew sets out.
pub fn on_the_way(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: OrderId) -> Done<WorkOrder> {
    let (mut order, crew) = held(tx, act, jurisdiction, id)?;
    if order.status == OrderStatus::OnTheWay {
        return Ok(order);
    }
    allowed(&order, OrderStatus::OnTheWay)?;
    ready(&crew, &order)?;
    order.status = OrderStatus::OnTheWay;
    order.on_the_way_at = Some(act.at);
    update(tx, act, &mut order)?;
    crews::stand(tx, act, jurisdiction, crew.id, CrewStatus::OnTheWay, Some(id))?;
    order.record(tx, act, "on-the-way", &order.told())?;
    Ok(order)
}

/// The crew is there.
pub fn on_site(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: OrderId) -> Done<WorkOrder> {
    let (mut order, crew) = held(tx, act, jurisdiction, id)?;
    if order.status == OrderStatus::OnSite {
        return Ok(order);
    }
    allowed(&order, OrderStatus::OnSite)?;
    ready(&crew, &order)?;
    if let Some(after) = order.after
        && by_id(tx, jurisdiction, after)?.is_some_and(|before| before.is_open())
    {
        return Err(DispatchError::Refused("order-waits"));
    }
    order.status = OrderStatus::OnSite;
    order.on_the_way_at = order.on_the_way_at.or(Some(act.at));
    order.on_site_at = Some(act.at);
    update(tx, act, &mut order)?;
    crews::stand(tx, act, jurisdiction, crew.id, CrewStatus::OnSite, Some(id))?;
    order.record(tx, act, "on-site", &order.told())?;
    Ok(order)
}

/// The crew finished. What the kind of work asks for must be there: photos, the ticked list, quantities.
pub fn done(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: OrderId,
    outcome: &Outcome,
) -> Done<WorkOrder> {
    let (mut order, crew) = held(tx, act, jurisdiction, id)?;
    if matches!(order.status, OrderStatus::Done | OrderStatus::Checked) {
        return Ok(order);
    }
    allowed(&order, OrderStatus::Done)?;
    let outcome_words = words(&outcome.words)?;
    let owed = owed(tx, &order)?;
    match owed {
        Some("order-photo-missing") if outcome.photos_follow => order.reason = PHOTOS_OWED.into(),
        Some(code) => return Err(DispatchError::Refused(code)),
        None => order.reason = String::new(),
    }
    order.status = OrderStatus::Done;
    order.ended_at = Some(act.at);
    if !outcome_words.is_empty() {
        evidence::remark(tx, act, &order, &outcome_words)?;
    }
    update(tx, act, &mut order)?;
    if let Some(on_site_at) = order.on_site_at {
        durations::learn(tx, &order, act.at.millis_since(on_site_at) / 1000)?;
    }
    crews::free(tx, act, jurisdiction, crew.id, id)?;
    order.record(tx, act, "done", &order.told())?;
    Ok(order)
}

/// It could not be done, and the reason says why.
pub fn not_done(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: OrderId,
    reason: &str,
    said: &str,
) -> Done<WorkOrder> {
    let (mut order, crew) = held(tx, act, jurisdiction, id)?;
    if order.status == OrderStatus::NotDone {
        return Ok(order);
    }
    allowed(&order, OrderStatus::NotDone)?;
    let said = words(said)?;
    let kinds = job_types::kinds(tx, jurisdiction)?;
    if !kinds.reasons.is_empty() && !kinds.reasons.iter().any(|known| known.code == reason) {
        return Err(DispatchError::Refused("reason-unknown"));
    }
    if code(reason).is_empty() {
        return Err(DispatchError::Refused("reason-missing"));
    }
    order.status = OrderStatus::NotDone;
    order.reason = code(reason);
    order.ended_at = Some(act.at);
    if !said.is_empty() {
        evidence::remark(tx, act, &order, &said)?;
    }
    update(tx, act, &mut order)?;
    crews::free(tx, act, jurisdiction, crew.id, id)?;
    order.record(tx, act, "not-done", &order.told())?;
    Ok(order)
}

/// A supervisor looked at it. What is not good is done again: another visit by the same contractor, unpaid.
pub fn check(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: OrderId,
    verdict: &Verdict,
) -> Done<WorkOrder> {
    let mut order = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    act.require(Permission::CheckWork, order.place())?;
    if order.status != OrderStatus::Done {
        return Err(DispatchError::Refused("order-not-done"));
    }
    order.status = OrderStatus::Checked;
    match verdict {
        Verdict::Good => {
            order.reason = String::new();
            update(tx, act, &mut order)?;
            order.record(tx, act, "checked", &order.told())?;
        }
        Verdict::Bad { words: said } => {
            let said = words(said)?;
            if said.is_empty() {
                return Err(DispatchError::Refused("order-words-missing"));
            }
            order.reason = "returned".into();
            order.is_paid = false;
            update(tx, act, &mut order)?;
            evidence::remark(tx, act, &order, &said)?;
            let next = visit_again(tx, act, jurisdiction, id, Origin::Hand, &said, true)?;
            let told = super::row::Told { next: Some(next.id.0), ..order.told() };
            order.record(tx, act, "returned", &told)?;
        }
    }
    Ok(order)
}

/// What is still owed before an order may be done; a code with words.
pub fn owed(tx: &mut Tx<'_>, order: &WorkOrder) -> storage::Result<Option<&'static str>> {
    let kinds = job_types::kinds(tx, order.jurisdiction)?;
    let Some(kind) = kinds.job_type(&order.job_type) else { return Ok(None) };
    let brought = evidence::of_order(tx, order.jurisdiction, order.id)?;
    let has = |wanted: EvidenceKind| brought.iter().any(|e| e.kind == wanted);
    let ticked = |code: &str| brought.iter().any(|e| e.ticks(code));
    if !kind.checklist.iter().filter(|check| check.required).all(|check| ticked(&check.code)) {
        return Ok(Some("order-check-missing"));
    }
    if kind.proof.quantities && order.contractor.is_some() && !has(EvidenceKind::Quantity) {
        return Ok(Some("order-quantity-missing"));
    }
    let no_before = kind.proof.before && !has(EvidenceKind::Before);
    let no_after = kind.proof.after && !has(EvidenceKind::After);
    Ok((no_before || no_after).then_some("order-photo-missing"))
}

/// The order and its crew, for somebody who may speak for that crew.
fn held(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: OrderId) -> Done<(WorkOrder, Crew)> {
    let order = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    let Some(crew) = order.crew else {
        // Whose it was until now may not even know that it is somebody's.
        order.require(act, Permission::Dispatch)?;
        return Err(DispatchError::Refused("order-with-nobody"));
    };
    let crew = crews::by_id(tx, jurisdiction, crew)?.ok_or(DispatchError::NotFound)?;
    members::stands_for(tx, act, &crew)?;
    Ok((order, crew))
}

fn allowed(order: &WorkOrder, next: OrderStatus) -> Done<()> {
    match order.status.may_become(next) {
        true => Ok(()),
        false if order.is_open() => Err(DispatchError::Refused("order-step-impossible")),
        false => Err(DispatchError::Refused("order-over")),
    }
}

/// A crew goes to one stop at a time, and only while it is at work.
fn ready(crew: &Crew, order: &WorkOrder) -> Done<()> {
    match crew.status {
        CrewStatus::OffDuty => Err(DispatchError::Refused("crew-off-duty")),
        CrewStatus::OutOfService => Err(DispatchError::Refused("crew-out-of-service")),
        _ if crew.order.is_some_and(|other| other != order.id) => Err(DispatchError::Refused("crew-busy")),
        _ => Ok(()),
    }
}
