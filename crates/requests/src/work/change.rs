//! Another service or another place, because what was said first was not right.
//!
//! The request finds its unit anew, and its promise is worked out anew from the moment at which the citizen asked: a
//! correction by the city does not begin the citizen's waiting again. What was hidden or private stays so.

use language::display;
use people::{Act, Permission};
use storage::{Tx, params, sql};
use territory::{Place, cell};

use super::holds;
use super::step::{self, WorkError};
use crate::catalogue::catalogue;
use crate::figures::Counted;
use crate::find::Told;
use crate::request::{RequestId, ServiceRequest};
use crate::rules::{self, MOST_LINE, MOST_WORDS};
use crate::service::Service;
use crate::submit::{json, search_words};
use crate::{PlaceDraft, SUBJECT, Status, notes, search};

/// What is to be another.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The code of the right service.
    pub service: Option<String>,
    /// The right place.
    pub place: Option<PlaceDraft>,
}

/// Corrects the service or the place of a request; `why` is for colleagues.
pub fn reclassify(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    seen: i64,
    change: &Change,
    why: &str,
) -> Result<ServiceRequest, WorkError> {
    let before = step::open(tx, act, jurisdiction, id, Some(seen))?;
    act.require(Permission::Confirm, before.place())?;
    let why = display::clean_text(why);
    if why.is_empty() {
        return Err(WorkError::WordsMissing);
    }
    if why.chars().count() > MOST_WORDS {
        return Err(WorkError::WordsTooLong { most: MOST_WORDS });
    }
    let after = worked_out(tx, act, &before, change)?;
    if (after.service, after.point, after.district, after.neighbourhood, &after.address)
        == (before.service, before.point, before.district, before.neighbourhood, &before.address)
    {
        return Err(WorkError::NothingChanged);
    }
    store(tx, act, &before, &after)?;
    let rules = catalogue(tx, jurisdiction)?;
    if after.is_public {
        let place =
            Place { district: after.district, neighbourhood: after.neighbourhood, ..Place::default() };
        let words = search_words(&rules, after.service, &place, &after.words, &after.address);
        search::put(tx, jurisdiction, id, &words)?;
    } else if before.is_public {
        search::remove(tx, jurisdiction, id)?;
    }
    announce(tx, act, &before, &after, &why)?;
    holds::moved(tx, act, &before, &after)?;
    Ok(after)
}

/// The request as it will stand.
fn worked_out(
    tx: &mut Tx<'_>,
    act: &Act,
    before: &ServiceRequest,
    change: &Change,
) -> Result<ServiceRequest, WorkError> {
    let atlas = territory::atlas(tx, before.jurisdiction)?;
    let rules = catalogue(tx, before.jurisdiction)?;
    let mut after = before.clone();
    let code = change.service.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let service = match code {
        Some(code) => rules.by_code(code).ok_or(WorkError::ServiceUnknown)?,
        None => rules.service(before.service).ok_or(WorkError::ServiceUnknown)?,
    };
    after.service = service.id;
    if let Some(draft) = &change.place {
        let mut no = Vec::new();
        let (place, point) = rules::read_place(&atlas, draft, &mut no);
        let address = display::clean_line(&draft.address);
        if !no.is_empty() || address.chars().count() > MOST_LINE {
            return Err(WorkError::PlaceWrong);
        }
        after.district = place.district;
        after.neighbourhood = place.neighbourhood;
        after.point = point;
        after.address = address;
    }
    let owner = rules.responsible(service, after.district);
    if owner.is_some()
        && owner != rules.service(before.service).and_then(|s| rules.responsible(s, before.district))
    {
        after.unit = owner;
        // Another unit has not begun, whatever the first one did.
        if matches!(before.status, Status::InProgress) {
            after.status = Status::Assigned;
        }
    }
    promise(&mut after, before, service, &atlas);
    after.is_public = before.is_public && service.is_public();
    after.version = before.version + 1;
    after.updated_at = act.at;
    Ok(after)
}

/// The new service's promise, counted from when the citizen asked, with the time that the city waited for them.
fn promise(after: &mut ServiceRequest, before: &ServiceRequest, service: &Service, atlas: &territory::Atlas) {
    if after.service == before.service || !before.status.is_open() {
        return;
    }
    after.clock = service.target(before.priority).map(|target| {
        let mut clock = calendar::Clock::start(before.requested_at, target);
        if let Some(old) = before.clock {
            clock.paused_at = old.paused_at;
            // A pause is counted in what its target counts, so it is only kept where both count the same.
            if old.target.is_working() == target.is_working() {
                clock.paused_millis = old.paused_millis;
            }
        }
        clock
    });
    after.due_at = after.clock.map(|clock| clock.due_at(atlas.working()));
}

fn store(
    tx: &mut Tx<'_>,
    act: &Act,
    before: &ServiceRequest,
    after: &ServiceRequest,
) -> Result<(), WorkError> {
    let clock = after.clock.as_ref().map(json).transpose()?.unwrap_or_default();
    let new_promise = after.due_at.is_some_and(|due| due > act.at);
    tx.execute_one(
        sql!(
            "UPDATE service_requests SET service_id = $4, district_id = $5, neighbourhood_id = $6, lat = $7, long = $8, cell = $9,
                 address = $10, unit_id = $11, status = $12, is_public = $13, due_at = $14, clock = $15,
                 overdue_noted = overdue_noted * $16, updated_at = $17, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3"
        ),
        &params![
            before.jurisdiction, before.id.0, before.version, after.service, after.district, after.neighbourhood,
            after.point.map(|p| p.lat), after.point.map(|p| p.long), after.point.map(cell::of), &after.address, after.unit,
            after.status.code(), after.is_public, after.due_at.map(|t| t.0), &clock, !new_promise, act.at.0,
        ],
    )?;
    if before.is_public && !after.is_public {
        tx.execute(
            sql!("UPDATE request_photos SET is_public = 0 WHERE jurisdiction_id = $1 AND request_id = $2"),
            &params![before.jurisdiction, before.id.0],
        )?;
    }
    Ok(())
}

fn announce(
    tx: &mut Tx<'_>,
    act: &Act,
    before: &ServiceRequest,
    after: &ServiceRequest,
    why: &str,
) -> Result<(), WorkError> {
    let jurisdiction = before.jurisdiction;
    let atlas = territory::atlas(tx, jurisdiction)?;
    let late = |r: &ServiceRequest| {
        let ended = r.closed_at.filter(|_| !r.status.is_open())?;
        Some(ended > r.due_at?)
    };
    let counted = |r: &ServiceRequest, from, to, late, late_before| Counted {
        from,
        to,
        service: r.service,
        district: r.district,
        neighbourhood: r.neighbourhood,
        unit: r.unit,
        cell: r.point.filter(|_| r.is_public).map(cell::of),
        requested_on: r.requested_at.day(&atlas.jurisdiction.zone).days_since_epoch(),
        late,
        late_before,
    };
    // Out of the counts of the old service and place, and into those of the new.
    let left = Told {
        counted: Some(counted(before, Some(before.status), None, None, late(before))),
        ..Told::default()
    };
    act.record(tx, jurisdiction, SUBJECT, before.id.0, "handed-over", json(&left)?);
    let note = notes::keep(tx, act, jurisdiction, before.id, "reclassified-why", true, None, why)?;
    let payload = Told { note: note.note, words_hash: note.words_hash, ..Told::default() };
    act.record(tx, jurisdiction, SUBJECT, before.id.0, "noted-internally", json(&payload)?);
    let told = Told {
        unit: after.unit.filter(|_| after.unit != before.unit),
        counted: Some(counted(after, None, Some(after.status), late(after), None)),
        ..Told::default()
    };
    act.record(tx, jurisdiction, SUBJECT, before.id.0, "reclassified", json(&told)?);
    Ok(())
}
