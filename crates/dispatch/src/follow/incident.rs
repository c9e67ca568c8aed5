//! Many reports of one thing are one order.

use people::Act;
use people::units::UnitKind;
use requests::incidents::{self, Incident, IncidentId, State};
use requests::{Priority, find};
use storage::Tx;

use super::urgency_of;
use crate::{Done, OrderStatus, Origin, WorkOrder, job_types, orders};

/// Members whose own orders are looked for; those beyond them are joined when they are confirmed.
const MEMBERS: u32 = 200;

pub(super) fn happened(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: IncidentId,
    fact: &str,
) -> Done<()> {
    let Some(incident) = incidents::read::by_id(tx, jurisdiction, id)? else { return Ok(()) };
    match incident.state {
        State::Confirmed if matches!(fact, "confirmed" | "opened" | "joined" | "merged") => {
            ensure(tx, act, &incident, Priority::Normal)?;
            Ok(())
        }
        State::Merged => goes_on(tx, act, &incident),
        State::Dismissed => by_itself(tx, act, &incident),
        State::Answered | State::Closed => over(tx, act, &incident),
        _ => Ok(()),
    }
}

/// The one order of an incident, made when there is none. Orders that its members have become this one, or are not
/// needed any more.
pub(super) fn ensure(
    tx: &mut Tx<'_>,
    act: &Act,
    incident: &Incident,
    priority: Priority,
) -> Done<Option<WorkOrder>> {
    let jurisdiction = incident.jurisdiction;
    let of_all = orders::of_incident(tx, jurisdiction, incident.id)?;
    // Done is done: later reports of the same thing do not send anybody again.
    let has = of_all.iter().find(|order| order.status != OrderStatus::Cancelled).cloned();
    let own = own_orders(tx, incident)?;
    let chosen = match has {
        Some(order) => order,
        None => match own.iter().max_by_key(|order| (order.status, std::cmp::Reverse(order.id))) {
            Some(first) => {
                let mut order = first.clone();
                order.incident = Some(incident.id);
                order.danger = order.danger.max(danger_of(incident));
                orders::update(tx, act, &mut order)?;
                order.record(tx, act, "changed", &order.told())?;
                order
            }
            None => {
                let Some(draft) = draft_of(tx, incident, priority)? else { return Ok(None) };
                orders::make(tx, act, jurisdiction, draft)?
            }
        },
    };
    for other in own.iter().filter(|other| other.id != chosen.id && !other.status.is_under_way()) {
        orders::cancel(tx, act, jurisdiction, other.id, "in-incident", None)?;
    }
    Ok(Some(chosen))
}

/// Open orders that members have for themselves.
fn own_orders(tx: &mut Tx<'_>, incident: &Incident) -> Done<Vec<WorkOrder>> {
    let members = incidents::read::members(tx, incident.jurisdiction, incident.id, None, MEMBERS)?;
    let ids: Vec<_> = members.iter().map(|member| member.request.id).collect();
    let mut found = orders::open_of_requests(tx, incident.jurisdiction, &ids)?;
    found.retain(|order| order.incident.is_none());
    Ok(found)
}

fn draft_of(tx: &mut Tx<'_>, incident: &Incident, priority: Priority) -> Done<Option<orders::Draft>> {
    let catalogue = requests::catalogue(tx, incident.jurisdiction)?;
    let kinds = job_types::kinds(tx, incident.jurisdiction)?;
    let Some(service) = catalogue.service(incident.service) else { return Ok(None) };
    let Some(kind) = kinds.of_service(&service.code) else { return Ok(None) };
    let unit = incident.unit.or_else(|| catalogue.responsible(service, incident.district));
    if unit.and_then(|unit| catalogue.unit(unit)).is_some_and(|unit| unit.kind == UnitKind::External) {
        return Ok(None);
    }
    let newest = incidents::read::members(tx, incident.jurisdiction, incident.id, None, 1)?;
    let about = newest.into_iter().next().map(|member| member.request);
    let about = match about {
        Some(request) => find::by_id(tx, incident.jurisdiction, request.id)?,
        None => None,
    };
    let danger = danger_of(incident).max(kind.danger);
    let usual = urgency_of(kind.urgency, priority);
    Ok(Some(orders::Draft {
        origin: Origin::Incident,
        incident: Some(incident.id),
        service: Some(incident.service),
        unit,
        address: about.as_ref().map_or_else(String::new, |request| request.address.clone()),
        words: match incident.words.is_empty() {
            true => about.map_or_else(String::new, |request| request.words),
            false => incident.words.clone(),
        },
        urgency: Some(if danger >= 3 { crate::Urgency::Immediate } else { usual }),
        danger: Some(danger),
        ..orders::Draft::at(kind.code.clone(), incident.point)
    }))
}

/// From 0 to 100 there, from 0 to 3 here.
fn danger_of(incident: &Incident) -> i64 {
    match incident.danger {
        ..20 => 0,
        20..50 => 1,
        50..80 => 2,
        _ => 3,
    }
}

/// Two incidents are one: so are their orders, unless somebody is already at both.
fn goes_on(tx: &mut Tx<'_>, act: &Act, gone: &Incident) -> Done<()> {
    let Some(into) = gone.merged_into else { return Ok(()) };
    let has_one = orders::of_incident(tx, gone.jurisdiction, into)?.iter().any(WorkOrder::is_open);
    for mut order in orders::of_incident(tx, gone.jurisdiction, gone.id)? {
        if !order.is_open() {
            continue;
        }
        if has_one && !order.status.is_under_way() {
            orders::cancel(tx, act, gone.jurisdiction, order.id, "in-incident", None)?;
        } else {
            order.incident = Some(into);
            orders::update(tx, act, &mut order)?;
            order.record(tx, act, "changed", &order.told())?;
        }
    }
    Ok(())
}

/// It was no incident. An order that began with a request goes on for that one.
fn by_itself(tx: &mut Tx<'_>, act: &Act, gone: &Incident) -> Done<()> {
    for mut order in orders::of_incident(tx, gone.jurisdiction, gone.id)? {
        if !order.is_open() {
            continue;
        }
        if order.request.is_some() {
            order.incident = None;
            orders::update(tx, act, &mut order)?;
        } else {
            orders::cancel(tx, act, gone.jurisdiction, order.id, "no-incident", None)?;
        }
    }
    Ok(())
}

fn over(tx: &mut Tx<'_>, act: &Act, incident: &Incident) -> Done<()> {
    for order in orders::of_incident(tx, incident.jurisdiction, incident.id)? {
        if order.is_open() {
            orders::cancel(tx, act, incident.jurisdiction, order.id, "incident-over", None)?;
        }
    }
    Ok(())
}
