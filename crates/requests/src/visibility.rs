//! Hidden from the public, and shown again.
//!
//! Moderation hides a request whose words or photos must not stand in public. It keeps its code, its thread and its
//! promise; it leaves the list, the map, the search and the feeds.

use language::display;
use people::{Act, Permission};
use storage::{Tx, params, sql};

use crate::catalogue::catalogue;
use crate::figures::Counted;
use crate::find::{self, Told};
use crate::moves::MoveError;
use crate::request::RequestId;
use crate::rules::MOST_WORDS;
use crate::service::Service;
use crate::submit::{json, search_words};
use crate::{SUBJECT, notes, search};

/// Hides a request or shows it again; `why` is for colleagues. Doing it twice changes nothing. What a private service
/// was asked is never shown: people were promised so before they wrote.
pub fn set_public(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    public: bool,
    why: &str,
) -> Result<(), MoveError> {
    let request = find::by_id(tx, jurisdiction, id)?.ok_or(MoveError::NotFound)?;
    act.require(Permission::Confirm, request.place())?;
    if request.is_public == public {
        return Ok(());
    }
    let why = display::clean_text(why);
    if why.is_empty() {
        return Err(MoveError::WordsMissing);
    }
    if why.chars().count() > MOST_WORDS {
        return Err(MoveError::WordsTooLong { most: MOST_WORDS });
    }
    let catalogue = catalogue(tx, jurisdiction)?;
    if public && !catalogue.service(request.service).is_some_and(Service::is_public) {
        return Err(MoveError::ServicePrivate);
    }
    let changed = tx.execute(
        sql!(
            "UPDATE service_requests SET is_public = $4, updated_at = $5, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3"
        ),
        &params![jurisdiction, id.0, request.version, public, act.at.0],
    )?;
    if changed != 1 {
        return Err(storage::Error::Conflict.into());
    }
    let atlas = territory::atlas(tx, jurisdiction)?;
    if public {
        let place =
            request.neighbourhood.or(request.district).map(|id| atlas.place_of(id)).unwrap_or_default();
        let words = search_words(&catalogue, request.service, &place, &request.words, &request.address);
        search::put(tx, jurisdiction, id, &words)?;
    } else {
        search::remove(tx, jurisdiction, id)?;
    }
    let cell = request.point.map(territory::cell::of);
    let counted = |from, to, cell| Counted {
        from,
        to,
        service: request.service,
        district: request.district,
        neighbourhood: request.neighbourhood,
        unit: request.unit,
        cell,
        requested_on: request.requested_at.day(&atlas.jurisdiction.zone).days_since_epoch(),
        late: None,
        late_before: None,
    };
    // Out of one count and into the other: only the map counts public requests alone.
    let (before, after) = if public { (None, cell) } else { (cell, None) };
    let fact = if public { "shown" } else { "hidden" };
    let told = notes::keep(tx, act, jurisdiction, id, fact, true, None, &why)?;
    let left = Told { counted: Some(counted(Some(request.status), None, before)), ..Told::default() };
    act.record(tx, jurisdiction, SUBJECT, id.0, "handed-over", json(&left)?);
    let told = Told { counted: Some(counted(None, Some(request.status), after)), ..told };
    act.record(tx, jurisdiction, SUBJECT, id.0, fact, json(&told)?);
    crate::work::parts::hidden(tx, act, &request, public, &why)
}
