//! What a crew does is told to whoever asked: work began, it is done, here is the proof.

use people::Act;
use requests::incidents::{self, State};
use requests::moves::{self, MoveError, Step};
use requests::reply::Stage;
use requests::service::Both;
use requests::{PhotoRef, ServiceRequest, Status, find};
use storage::Tx;

use crate::evidence::{self, EvidenceKind};
use crate::{DispatchError, Done, OrderId, OrderStatus, WorkOrder, job_types, orders};

pub(super) fn concerns(fact: &str) -> bool {
    matches!(fact, "on-the-way" | "on-site" | "done" | "changed" | "checked" | "not-done" | "cancelled")
}

pub(super) fn happened(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: OrderId, fact: &str) -> Done<()> {
    let Some(order) = orders::by_id(tx, jurisdiction, id)? else { return Ok(()) };
    match fact {
        "on-the-way" | "on-site" => begun(tx, act, &order),
        "not-done" => said(tx, act, &order),
        _ => finished(tx, act, &order),
    }
}

/// The first crew that sets out for a request puts it in progress.
fn begun(tx: &mut Tx<'_>, act: &Act, order: &WorkOrder) -> Done<()> {
    let Some(request) = open_request(tx, order)? else { return Ok(()) };
    if matches!(request.status, Status::Received | Status::Confirmed) {
        // An emergency is on its way before a clerk has looked at it.
        let Some(unit) = request.unit.or(order.unit) else { return Ok(()) };
        step(tx, act, &request, &Step::to(Status::Assigned).with(unit))?;
    }
    if request.status != Status::InProgress {
        step(tx, act, &request, &Step::to(Status::InProgress))?;
    }
    Ok(())
}

/// Why it could not be done is for colleagues: they decide what the citizen is told.
fn said(tx: &mut Tx<'_>, act: &Act, order: &WorkOrder) -> Done<()> {
    let Some(request) = open_request(tx, order)? else { return Ok(()) };
    let brought = evidence::of_order(tx, order.jurisdiction, order.id)?;
    let kinds = job_types::kinds(tx, order.jurisdiction)?;
    let reason = kinds.reasons.iter().find(|reason| reason.code == order.reason);
    let reason = reason.map_or("", |reason| reason.name(request.language));
    let last = brought.iter().rev().find(|e| e.kind == EvidenceKind::Note).map_or("", |e| e.words());
    let words = [order.code.as_str(), reason, last].into_iter().filter(|part| !part.is_empty());
    let words = words.collect::<Vec<_>>().join(" · ");
    match requests::note(tx, act, order.jurisdiction, request.id, &words, true) {
        Err(requests::NoteError::Failure(failure)) => Err(failure.into()),
        _ => Ok(()),
    }
}

/// When nothing is left to do the citizen is answered; an incident answers everybody in it.
fn finished(tx: &mut Tx<'_>, act: &Act, order: &WorkOrder) -> Done<()> {
    if let Some(id) = order.incident {
        let all = orders::of_incident(tx, order.jurisdiction, id)?;
        return if is_all_done(&all) { answer_all(tx, act, order) } else { Ok(()) };
    }
    let Some(request) = open_request(tx, order)? else { return Ok(()) };
    let all = orders::of_request(tx, order.jurisdiction, request.id)?;
    let Some(last) = all.iter().rev().find(|o| matches!(o.status, OrderStatus::Done | OrderStatus::Checked))
    else {
        return Ok(());
    };
    if !is_all_done(&all) {
        return Ok(());
    }
    let (words, photos) = (words_of(tx, last)?, photos_of(tx, last)?);
    if matches!(request.status, Status::Received | Status::Confirmed) {
        begun(tx, act, last)?;
    }
    let mut answer = Step::to(Status::Answered).saying(words.get(request.language));
    answer.photos = photos;
    step(tx, act, &request, &answer)
}

/// Every order is over, the last visit was done, and no photo is still on a telephone.
fn is_all_done(all: &[WorkOrder]) -> bool {
    let is_owed = |order: &WorkOrder| order.is_open() || order.reason == orders::PHOTOS_OWED;
    let last = all.iter().rev().find(|order| order.status != OrderStatus::Cancelled);
    !all.iter().any(is_owed)
        && last.is_some_and(|order| {
            matches!(order.status, OrderStatus::Done | OrderStatus::Checked) && order.reason != "returned"
        })
}

fn answer_all(tx: &mut Tx<'_>, act: &Act, order: &WorkOrder) -> Done<()> {
    let Some(id) = order.incident else { return Ok(()) };
    let jurisdiction = order.jurisdiction;
    let Some(incident) = incidents::read::by_id(tx, jurisdiction, id)? else { return Ok(()) };
    if !incident.state.is_open() {
        return Ok(());
    }
    if incident.state == State::Proposed {
        // Somebody was there: it is one.
        told(incidents::confirm(tx, act, jurisdiction, id))?;
    }
    let words = words_of(tx, order)?;
    told(incidents::answer(tx, act, jurisdiction, id, &words))
}

fn told<T>(said: Result<T, incidents::IncidentError>) -> Done<()> {
    match said {
        Err(incidents::IncidentError::Failure(failure)) => Err(failure.into()),
        _ => Ok(()),
    }
}

/// What the citizen reads: what the city says about this kind of work, and what the crew wrote.
fn words_of(tx: &mut Tx<'_>, order: &WorkOrder) -> Done<Both> {
    let kinds = job_types::kinds(tx, order.jurisdiction)?;
    let usual = kinds.job_type(&order.job_type).map(|kind| kind.answer.clone()).unwrap_or_default();
    let brought = evidence::of_order(tx, order.jurisdiction, order.id)?;
    let note =
        brought.iter().rev().find(|e| e.kind == EvidenceKind::Note && e.at >= order.ended_at.unwrap_or(e.at));
    let note = note.map_or("", |e| e.words());
    let both = |usual: &str| match (usual.is_empty(), note.is_empty()) {
        (true, _) => note.to_owned(),
        (_, true) => usual.to_owned(),
        _ => format!("{usual}\n{note}"),
    };
    Ok(Both::new(both(&usual.fa), both(&usual.en)))
}

fn photos_of(tx: &mut Tx<'_>, order: &WorkOrder) -> Done<Vec<(Stage, PhotoRef)>> {
    let brought = evidence::of_order(tx, order.jurisdiction, order.id)?;
    let stage = |kind| match kind {
        EvidenceKind::Before => Some(Stage::Before),
        EvidenceKind::After => Some(Stage::After),
        _ => None,
    };
    // After comes first, so that of too many photos the proof is kept.
    let mut photos: Vec<_> = brought.into_iter().filter_map(|e| Some((stage(e.kind)?, e.photo?))).collect();
    photos.sort_by_key(|(stage, _)| *stage == Stage::Before);
    photos.truncate(moves::MOST_PHOTOS);
    photos.sort_by_key(|(stage, _)| *stage == Stage::After);
    Ok(photos)
}

/// The request of an order, while it is open and not with an inspector.
fn open_request(tx: &mut Tx<'_>, order: &WorkOrder) -> Done<Option<ServiceRequest>> {
    let Some(id) = order.request else { return Ok(None) };
    let request = find::by_id(tx, order.jurisdiction, id)?;
    Ok(request.filter(|request| request.status.is_open() && !request.with_inspector))
}

fn step(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest, step: &Step) -> Done<()> {
    match moves::make(tx, act, request.jurisdiction, request.id, step) {
        Err(MoveError::Failure(failure)) => Err(DispatchError::Storage(failure)),
        // A unit was quicker, or the service asks for more than the crew brought: a person goes on from here.
        _ => Ok(()),
    }
}
