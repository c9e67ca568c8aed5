//! What happens to one request becomes, changes or ends an order.

use people::Act;
use people::units::UnitKind;
use requests::incidents;
use requests::reply::{self, Reply};
use requests::{Channel, Priority, RequestId, ServiceRequest, Status, find};
use storage::Tx;

use super::{incident, urgency_of};
use crate::{Done, OrderStatus, Origin, WorkOrder, job_types, orders};

/// Facts after which somebody may have to go there.
const BEGINS: &[&str] = &["submitted", "confirmed", "assigned", "separated"];
/// Facts after which nobody has to.
const ENDS: &[&str] = &["answered", "declined", "closed", "duplicate", "cancelled", "referred", "accepted"];

pub(super) fn concerns(fact: &str) -> bool {
    BEGINS.contains(&fact) || ENDS.contains(&fact)
}

pub(super) fn happened(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: RequestId, fact: &str) -> Done<()> {
    let Some(request) = find::by_id(tx, jurisdiction, id)? else { return Ok(()) };
    if ENDS.contains(&fact) { ends(tx, act, &request) } else { begins(tx, act, &request) }
}

fn begins(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest) -> Done<()> {
    if !is_wanted(request) {
        return Ok(());
    }
    let earlier = orders::of_request(tx, request.jurisdiction, request.id)?;
    if earlier.iter().any(WorkOrder::is_open) {
        return Ok(());
    }
    let known = incidents::read::of_request(tx, request.jurisdiction, request.id, false)?;
    if let Some(known) = known.filter(|known| known.state.is_open()) {
        return incident::ensure(tx, act, &known, request.priority).map(|_| ());
    }
    if let Some(last) = earlier.iter().rev().find(|order| order.status != OrderStatus::Cancelled) {
        return again(tx, act, request, last);
    }
    let Some(draft) = draft_of(tx, request)? else { return Ok(()) };
    orders::make(tx, act, request.jurisdiction, draft)?;
    Ok(())
}

/// Whether somebody is to be sent for a request as it stands.
fn is_wanted(request: &ServiceRequest) -> bool {
    let is_told = request.is_generated() || request.channel == Channel::Import;
    if request.with_inspector || request.point.is_none() || is_told {
        return false;
    }
    match request.status {
        Status::Confirmed | Status::Assigned | Status::InProgress => true,
        // Nobody waits for a clerk while somebody is in danger.
        Status::Received => request.priority == Priority::Emergency,
        _ => false,
    }
}

/// The order that a request asks for; `None` when its service needs no crew or another organisation does it.
fn draft_of(tx: &mut Tx<'_>, request: &ServiceRequest) -> Done<Option<orders::Draft>> {
    let catalogue = requests::catalogue(tx, request.jurisdiction)?;
    let kinds = job_types::kinds(tx, request.jurisdiction)?;
    let Some(service) = catalogue.service(request.service) else { return Ok(None) };
    let Some(kind) = kinds.of_service(&service.code) else { return Ok(None) };
    let Some(point) = request.point else { return Ok(None) };
    let unit = request.unit.or_else(|| catalogue.responsible(service, request.district));
    if unit.and_then(|unit| catalogue.unit(unit)).is_some_and(|unit| unit.kind == UnitKind::External) {
        return Ok(None);
    }
    let urgency = urgency_of(kind.urgency, request.priority);
    let danger = match request.priority {
        Priority::Emergency => kind.danger.max(2),
        Priority::Urgent => kind.danger.max(1),
        Priority::Normal => kind.danger,
    };
    Ok(Some(orders::Draft {
        origin: Origin::Request,
        request: Some(request.id),
        service: Some(request.service),
        unit,
        address: request.address.clone(),
        words: request.words.clone(),
        urgency: Some(urgency),
        danger: Some(danger),
        // Work without hurry is promised when the request is.
        due_at: urgency.target_minutes().is_none().then_some(request.due_at).flatten(),
        ..orders::Draft::at(kind.code.clone(), point)
    }))
}

/// Somebody goes there once more: because the citizen objected and was right, or because the city opened it again.
fn again(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest, last: &WorkOrder) -> Done<()> {
    let ended = last.ended_at.unwrap_or(last.updated_at);
    // Until it was answered after the work, being handed on means nothing to the crew.
    let round = reply::last(tx, request)?.filter(|round| round.answered_at >= ended);
    let was_done = matches!(last.status, OrderStatus::Done | OrderStatus::Checked);
    if was_done && round.is_none() {
        return Ok(());
    }
    let is_objection = round.is_some_and(|round| round.reply == Reply::Objected);
    if request.unit.is_none() || request.unit == last.unit {
        let origin = if is_objection { Origin::Objection } else { last.origin };
        let words = request.status_note.clone();
        orders::visit_again(tx, act, request.jurisdiction, last.id, origin, &words, is_objection)?;
        return Ok(());
    }
    let origin = if is_objection { Origin::Objection } else { Origin::Request };
    let Some(draft) = draft_of(tx, request)? else { return Ok(()) };
    orders::make(tx, act, request.jurisdiction, orders::Draft { origin, ..draft })?;
    Ok(())
}

fn ends(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest) -> Done<()> {
    let goes_on = match request.status {
        // The work goes on under the other number, when nobody goes there for that one yet.
        Status::Duplicate => request.duplicate_of,
        status if status.is_open() && status != Status::ReferredOutside => return Ok(()),
        _ => None,
    };
    for mut order in orders::of_request(tx, request.jurisdiction, request.id)? {
        if !order.is_open() {
            continue;
        }
        if order.incident.is_some() {
            // The others in the incident still wait; the order goes on without this one.
            order.request = None;
            orders::update(tx, act, &mut order)?;
            continue;
        }
        if let Some(other) = goes_on
            && !orders::of_request(tx, request.jurisdiction, other)?.iter().any(WorkOrder::is_open)
        {
            order.request = Some(other);
            orders::update(tx, act, &mut order)?;
            order.record(tx, act, "changed", &order.told())?;
            continue;
        }
        let reason = format!("request-{}", request.status.code());
        orders::cancel(tx, act, request.jurisdiction, order.id, &reason, None)?;
    }
    Ok(())
}
