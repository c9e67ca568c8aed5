//! What people do with incidents: open, confirm, join, leave, merge, split, answer, close.
//!
//! Each verb asks for the permission to manage incidents at the incident's place. Words to everybody in it are kept
//! with the incident; the chores of this module give them to each member, so that five thousand members never hold up
//! the one writer.

use calendar::Timestamp;
use language::display;
use people::{Act, Denied, Permission};
use storage::{Result, Tx, params, sql};

use super::group::{begin, remove_loose, seen, tell};
use super::row::{self, Incident};
use super::{Families, IncidentId, SUBJECT, State};
use crate::catalogue::catalogue;
use crate::find;
use crate::request::{RequestId, ServiceRequest};
use crate::rules::MOST_WORDS;
use crate::service::Both;

/// What everybody in an incident is told. `{code}`, `{service}` and `{address}` stand for the citizen's own.
pub type Answer = Both;

#[derive(Debug, thiserror::Error)]
pub enum IncidentError {
    #[error("there is no such incident")]
    NotFound,
    #[error("there is no such request, or it is not public")]
    RequestUnknown,
    #[error("a request without a place on the map is in no incident")]
    NoPlace,
    #[error("the request is in another incident")]
    Elsewhere(IncidentId),
    #[error("from {0:?} this cannot be done")]
    WrongState(State),
    #[error("an incident is not merged with itself or one that is over")]
    OtherWrong,
    #[error("to split off, name some of its members and leave some")]
    SplitWrong,
    #[error("the answer owes words")]
    WordsMissing,
    #[error("at most {most} characters")]
    WordsTooLong { most: usize },
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl IncidentError {
    /// A stable code for programs and message keys; failures have none.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            IncidentError::NotFound => "incident-unknown",
            IncidentError::RequestUnknown => "request-unknown",
            IncidentError::NoPlace => "incident-no-place",
            IncidentError::Elsewhere(_) => "incident-elsewhere",
            IncidentError::WrongState(_) => "incident-wrong-state",
            IncidentError::OtherWrong => "incident-other-wrong",
            IncidentError::SplitWrong => "incident-split-wrong",
            IncidentError::WordsMissing => "move-words-missing",
            IncidentError::WordsTooLong { .. } => "words-too-long",
            IncidentError::Denied(_) => "denied",
            IncidentError::Failure(_) => return None,
        })
    }
}

type Done = std::result::Result<Incident, IncidentError>;

fn find_for(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: IncidentId) -> Done {
    let incident = row::by_id(tx, jurisdiction, id)?.ok_or(IncidentError::NotFound)?;
    act.require(Permission::ManageIncidents, incident.place())?;
    Ok(incident)
}

fn open_one(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: IncidentId) -> Done {
    let incident = find_for(tx, act, jurisdiction, id)?;
    if incident.state.is_open() { Ok(incident) } else { Err(IncidentError::WrongState(incident.state)) }
}

/// Writes an incident back and records what was done.
fn store(tx: &mut Tx<'_>, act: &Act, incident: &mut Incident, fact: &'static str, new: i64) -> Result<()> {
    incident.updated_at = act.at;
    row::update(tx, incident)?;
    act.record(tx, incident.jurisdiction, SUBJECT, incident.id.0, fact, incident.told(new, None)?);
    Ok(())
}

/// One key on the board: it is an incident, and everybody in it may know.
pub fn confirm(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: IncidentId) -> Done {
    let mut incident = open_one(tx, act, jurisdiction, id)?;
    incident.by_people = true;
    if incident.state == State::Confirmed {
        // Two clerks press one key; the second changes nothing that anybody sees.
        return Ok(incident);
    }
    incident.state = State::Confirmed;
    incident.telling = true;
    store(tx, act, &mut incident, "confirmed", 0)?;
    Ok(incident)
}

/// It was none: the requests go on one by one, and the program does not propose this again.
pub fn dismiss(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: IncidentId) -> Done {
    let mut incident = find_for(tx, act, jurisdiction, id)?;
    if incident.state != State::Proposed {
        return Err(IncidentError::WrongState(incident.state));
    }
    incident.state = State::Dismissed;
    incident.by_people = true;
    store(tx, act, &mut incident, "dismissed", 0)?;
    Ok(incident)
}

/// A person makes an incident of one request; others are joined to it.
pub fn open(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, request: RequestId) -> Done {
    let request = public(tx, jurisdiction, request)?;
    act.require(Permission::ManageIncidents, request.place())?;
    if let Some(known) = member_of(tx, jurisdiction, request.id)? {
        return Err(IncidentError::Elsewhere(known));
    }
    let families = Families::load(tx, jurisdiction)?;
    let catalogue = catalogue(tx, jurisdiction)?;
    let seen = seen(&request, &families, &catalogue).ok_or(IncidentError::NoPlace)?;
    let mut incident = begin(jurisdiction, IncidentId(act.new_id()), &seen, act.at);
    (incident.state, incident.by_people) = (State::Confirmed, true);
    incident.settle(&families);
    row::insert(tx, &incident)?;
    put_member(tx, act, &incident, request.id)?;
    act.record(tx, jurisdiction, SUBJECT, incident.id.0, "opened", incident.told(1, None)?);
    Ok(incident)
}

/// A person says that a request belongs to an incident, wherever it lies.
pub fn join(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: IncidentId, request: RequestId) -> Done {
    let mut incident = open_one(tx, act, jurisdiction, id)?;
    let request = public(tx, jurisdiction, request)?;
    act.require(Permission::ManageIncidents, request.place())?;
    match member_of(tx, jurisdiction, request.id)? {
        Some(known) if known == id => return Ok(incident),
        Some(known) => {
            let is_over = row::by_id(tx, jurisdiction, known)?.is_none_or(|i| i.state == State::Dismissed);
            if !is_over {
                return Err(IncidentError::Elsewhere(known));
            }
            remove_member(tx, jurisdiction, request.id)?;
        }
        None => {}
    }
    let families = Families::load(tx, jurisdiction)?;
    let catalogue = catalogue(tx, jurisdiction)?;
    let seen = seen(&request, &families, &catalogue).ok_or(IncidentError::NoPlace)?;
    incident.take(&seen);
    incident.settle(&families);
    incident.by_people = true;
    put_member(tx, act, &incident, request.id)?;
    store(tx, act, &mut incident, "joined", 1)?;
    Ok(incident)
}

/// The incident that one goes on in: itself, unless it was merged.
pub fn goes_on(tx: &mut Tx<'_>, jurisdiction: i64, id: IncidentId) -> Result<IncidentId> {
    const MOST: usize = 20;
    let mut id = id;
    for _ in 0..MOST {
        match row::by_id(tx, jurisdiction, id)?.and_then(|incident| incident.merged_into) {
            Some(into) => id = into,
            None => break,
        }
    }
    Ok(id)
}

/// A request is taken out and goes on by itself. The program does not put it back.
pub fn leave(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: IncidentId, request: RequestId) -> Done {
    let mut incident = open_one(tx, act, jurisdiction, id)?;
    if member_of(tx, jurisdiction, request)? != Some(id) {
        return Err(IncidentError::RequestUnknown);
    }
    let request = public(tx, jurisdiction, request)?;
    let was_told = remove_member(tx, jurisdiction, request.id)?;
    take_out(tx, &mut incident, std::slice::from_ref(&request))?;
    incident.by_people = true;
    if was_told {
        let payload = crate::submit::json(&serde_json::json!({ "incident": id }))?;
        act.record(tx, jurisdiction, crate::SUBJECT, request.id.0, "left-incident", payload);
    }
    if incident.size == 0 {
        incident.state = State::Dismissed;
    }
    store(tx, act, &mut incident, "left", -1)?;
    Ok(incident)
}

/// Two incidents are one: everybody in `from` belongs to `into` from now on.
pub fn merge(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, from: IncidentId, into: IncidentId) -> Done {
    if from == into {
        return Err(IncidentError::OtherWrong);
    }
    let mut gone = open_one(tx, act, jurisdiction, from)?;
    let mut incident = match open_one(tx, act, jurisdiction, into) {
        Err(IncidentError::NotFound | IncidentError::WrongState(_)) => return Err(IncidentError::OtherWrong),
        other => other?,
    };
    let families = Families::load(tx, jurisdiction)?;
    tx.execute(
        sql!("UPDATE incident_members SET incident_id = $3 WHERE jurisdiction_id = $1 AND incident_id = $2"),
        &params![jurisdiction, from.0, into.0],
    )?;
    incident.learned.absorb(&gone.learned);
    incident.size += gone.size;
    incident.danger = incident.danger.max(gone.danger);
    incident.telling |= incident.state == State::Confirmed;
    incident.by_people = true;
    incident.settle(&families);
    (gone.state, gone.merged_into, gone.telling, gone.by_people) = (State::Merged, Some(into), false, true);
    let moved = gone.size;
    store(tx, act, &mut gone, "merged", 0)?;
    store(tx, act, &mut incident, "joined", moved)?;
    Ok(incident)
}

/// Some members are another incident: they go on in a new one, in the same state.
pub fn split(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: IncidentId, members: &[RequestId]) -> Done {
    let mut incident = open_one(tx, act, jurisdiction, id)?;
    let mut requests = Vec::new();
    for request in members {
        if member_of(tx, jurisdiction, *request)? != Some(id) {
            return Err(IncidentError::SplitWrong);
        }
        requests.push(public(tx, jurisdiction, *request)?);
    }
    requests.sort_by_key(|r| r.id);
    requests.dedup_by_key(|r| r.id);
    if requests.is_empty() || requests.len() as i64 >= incident.size {
        return Err(IncidentError::SplitWrong);
    }
    let families = Families::load(tx, jurisdiction)?;
    let catalogue = catalogue(tx, jurisdiction)?;
    let mut new: Option<Incident> = None;
    for request in &requests {
        let seen = seen(request, &families, &catalogue).ok_or(IncidentError::NoPlace)?;
        match &mut new {
            None => new = Some(begin(jurisdiction, IncidentId(act.new_id()), &seen, act.at)),
            Some(new) => new.take(&seen),
        }
    }
    let mut new = new.ok_or(IncidentError::SplitWrong)?;
    (new.state, new.by_people, new.telling) = (incident.state, true, incident.state == State::Confirmed);
    new.settle(&families);
    row::insert(tx, &new)?;
    for request in &requests {
        tx.execute_one(
            sql!(
                "UPDATE incident_members SET incident_id = $3, likeness = NULL, told = 0 WHERE jurisdiction_id = $1 AND request_id = $2"
            ),
            &params![jurisdiction, request.id.0, new.id.0],
        )?;
    }
    take_out(tx, &mut incident, &requests)?;
    incident.by_people = true;
    store(tx, act, &mut incident, "left", -(requests.len() as i64))?;
    act.record(tx, jurisdiction, SUBJECT, new.id.0, "opened", new.told(new.size, None)?);
    Ok(new)
}

/// Words of the staff about an incident, for colleagues.
pub fn note(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: IncidentId, words: &str) -> Done {
    let mut incident = find_for(tx, act, jurisdiction, id)?;
    incident.words = clean(words)?;
    store(tx, act, &mut incident, "noted", 0)?;
    Ok(incident)
}

/// What was done is said once, and each open member is answered with it by the chore.
pub fn answer(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: IncidentId, answer: &Answer) -> Done {
    let mut incident = find_for(tx, act, jurisdiction, id)?;
    if incident.state != State::Confirmed {
        return Err(IncidentError::WrongState(incident.state));
    }
    incident.answer = Both::new(clean(&answer.fa)?, clean(&answer.en)?);
    if incident.answer.is_empty() {
        return Err(IncidentError::WordsMissing);
    }
    (incident.state, incident.answering, incident.by_people) = (State::Answered, Some(0), true);
    store(tx, act, &mut incident, "answered", 0)?;
    Ok(incident)
}

/// Over: nothing more is expected. A confirmed incident may be closed without an answer to all; its requests go on.
pub fn close(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: IncidentId) -> Done {
    let mut incident = find_for(tx, act, jurisdiction, id)?;
    if !matches!(incident.state, State::Confirmed | State::Answered) {
        return Err(IncidentError::WrongState(incident.state));
    }
    incident.state = State::Closed;
    incident.by_people = true;
    store(tx, act, &mut incident, "closed", 0)?;
    Ok(incident)
}

fn clean(words: &str) -> std::result::Result<String, IncidentError> {
    let words = display::clean_text(words);
    match words.chars().count() > MOST_WORDS {
        true => Err(IncidentError::WordsTooLong { most: MOST_WORDS }),
        false => Ok(words),
    }
}

fn public(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    id: RequestId,
) -> std::result::Result<ServiceRequest, IncidentError> {
    let request = find::by_id(tx, jurisdiction, id)?.filter(|r| r.is_public);
    request.ok_or(IncidentError::RequestUnknown)
}

fn member_of(tx: &mut Tx<'_>, jurisdiction: i64, request: RequestId) -> Result<Option<IncidentId>> {
    let found = tx.value(
        sql!("SELECT incident_id FROM incident_members WHERE jurisdiction_id = $1 AND request_id = $2"),
        &params![jurisdiction, request.0],
    )?;
    Ok(found.map(IncidentId))
}

fn put_member(tx: &mut Tx<'_>, act: &Act, incident: &Incident, request: RequestId) -> Result<()> {
    let is_known = incident.state == State::Confirmed;
    tx.execute_one(
        sql!(
            "INSERT INTO incident_members (jurisdiction_id, request_id, incident_id, at, likeness, told) VALUES ($1, $2, $3, $4, NULL, $5)"
        ),
        &params![incident.jurisdiction, request.0, incident.id.0, act.at.0, is_known],
    )?;
    remove_loose(tx, incident.jurisdiction, request)?;
    if is_known {
        tell(tx, incident.jurisdiction, Timestamp(act.at.0), request, incident.id);
    }
    Ok(())
}

/// Returns whether its thread had said that it is part of the incident.
fn remove_member(tx: &mut Tx<'_>, jurisdiction: i64, request: RequestId) -> Result<bool> {
    let told: Option<bool> = tx.value(
        sql!("DELETE FROM incident_members WHERE jurisdiction_id = $1 AND request_id = $2 RETURNING told"),
        &params![jurisdiction, request.0],
    )?;
    Ok(told.unwrap_or(false))
}

fn take_out(tx: &mut Tx<'_>, incident: &mut Incident, requests: &[ServiceRequest]) -> Result<()> {
    let families = Families::load(tx, incident.jurisdiction)?;
    for request in requests {
        incident.size -= 1;
        if let Some(point) = request.point {
            incident.learned.release(point, request.service);
        }
    }
    incident.settle(&families);
    Ok(())
}
