//! Confirm, assign, answer, reopen: how a request goes on.
//!
//! One verb, [`make`], reads the table in `status` for all of them; the old status and version are part of the
//! update, so two clerks cannot both make a move from the same place.

use calendar::Clock;
use language::display;
use people::{Act, Denied, Permission};
use storage::{Result, Tx, params, sql};

use crate::catalogue::catalogue;
use crate::feedback::Answered;
use crate::figures::Counted;
use crate::find::{self, Told};
use crate::reply::{self, Evidence, Stage};
use crate::request::{RequestId, ServiceRequest};
use crate::rules::MOST_WORDS;
use crate::submit::json;
use crate::{PhotoRef, SUBJECT, Status, notes, work};

/// What to do with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub to: Status,
    /// What the citizen is told.
    pub words: String,
    /// Who has it from now on.
    pub unit: Option<i64>,
    /// The request that goes on, when this one is the same.
    pub same_as: Option<RequestId>,
    /// Photos of the place before or after the work, already made safe and kept as files.
    pub photos: Vec<(Stage, PhotoRef)>,
}

impl Step {
    pub fn to(to: Status) -> Self {
        Step { to, words: String::new(), unit: None, same_as: None, photos: Vec::new() }
    }

    pub fn saying(self, words: impl Into<String>) -> Self {
        Step { words: words.into(), ..self }
    }

    pub fn with(self, unit: i64) -> Self {
        Step { unit: Some(unit), ..self }
    }

    /// Shows photos of the place before or after the work.
    pub fn showing(mut self, stage: Stage, photos: impl IntoIterator<Item = PhotoRef>) -> Self {
        self.photos.extend(photos.into_iter().map(|photo| (stage, photo)));
        self
    }
}

/// Photos that one move may bring.
pub const MOST_PHOTOS: usize = 10;

#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error("there is no such request")]
    NotFound,
    #[error("from {from:?} there is no move to {to:?}")]
    NoSuchMove { from: Status, to: Status },
    #[error("this move owes the citizen words")]
    WordsMissing,
    #[error("at most {most} characters")]
    WordsTooLong { most: usize },
    #[error("this move names a unit")]
    UnitMissing,
    #[error("there is no such unit")]
    UnitUnknown,
    #[error("the other request is missing, not there, or itself a duplicate")]
    OtherWrong,
    #[error("an answer about this service shows a photo taken after the work")]
    EvidenceMissing,
    #[error("at most {most} photos")]
    TooManyPhotos { most: usize },
    #[error("an objection is with the inspector, who decides what follows")]
    WithInspector,
    #[error("what a private service was asked stays private")]
    ServicePrivate,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl MoveError {
    /// A stable code for programs and message keys; failures have none.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            MoveError::NotFound => "request-unknown",
            MoveError::NoSuchMove { .. } => "move-impossible",
            MoveError::WordsMissing => "move-words-missing",
            MoveError::WordsTooLong { .. } => "words-too-long",
            MoveError::UnitMissing => "move-unit-missing",
            MoveError::UnitUnknown => "unit-unknown",
            MoveError::OtherWrong => "move-other-wrong",
            MoveError::EvidenceMissing => "move-evidence-missing",
            MoveError::TooManyPhotos { .. } => "too-many-photos",
            MoveError::WithInspector => "move-with-inspector",
            MoveError::ServicePrivate => "service-private",
            MoveError::Denied(_) => "denied",
            MoveError::Failure(_) => return None,
        })
    }
}

/// Makes a move and returns the request as it stands afterwards.
pub fn make(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    step: &Step,
) -> Result<ServiceRequest, MoveError> {
    let before = find::by_id(tx, jurisdiction, id)?.ok_or(MoveError::NotFound)?;
    let Some(line) = before.status.move_to(step.to) else {
        return Err(MoveError::NoSuchMove { from: before.status, to: step.to });
    };
    act.require(line.permission, before.place())?;
    // Nobody judges their own work: until the inspector decides, an objection is theirs alone.
    if before.with_inspector && !act.may(Permission::Inspect, before.place()) {
        return Err(MoveError::WithInspector);
    }
    let catalogue = catalogue(tx, jurisdiction)?;
    let evidence = catalogue.service(before.service).map_or(Evidence::Text, |s| s.about.evidence);
    let words = display::clean_text(&step.words);
    let owes_words = line.needs_words && !(evidence == Evidence::None && step.to == Status::Answered);
    if owes_words && words.is_empty() {
        return Err(MoveError::WordsMissing);
    }
    if words.chars().count() > MOST_WORDS {
        return Err(MoveError::WordsTooLong { most: MOST_WORDS });
    }
    if step.photos.len() > MOST_PHOTOS {
        return Err(MoveError::TooManyPhotos { most: MOST_PHOTOS });
    }
    if reply::evidence_is_owed(evidence, step.to, &step.photos) {
        return Err(MoveError::EvidenceMissing);
    }
    let unit = match step.unit {
        Some(unit) if catalogue.unit(unit).is_some() => Some(unit),
        Some(_) => return Err(MoveError::UnitUnknown),
        // A request that already has a unit may be assigned without naming it again.
        None if line.needs_unit && before.unit.is_none() => return Err(MoveError::UnitMissing),
        None => before.unit,
    };
    let same_as = match step.to {
        Status::Duplicate => Some(other(tx, &before, step.same_as)?),
        _ => None,
    };
    let change = Change {
        unit,
        same_as,
        words: &words,
        photos: step.photos.len() as i64,
        ..Change::of(&before, step.to)
    };
    let after = store(tx, act, &before, &change)?;
    reply::keep_photos(tx, act, &after, &step.photos)?;
    reply::moved(tx, act, &before, &after)?;
    let answered = match step.to {
        Status::Answered | Status::Declined => Some(reply::begin(tx, act, &after)?),
        _ => None,
    };
    announce(tx, act, &before, &after, line.fact, &words, answered)?;
    work::holds::moved(tx, act, &before, &after)?;
    work::parts::moved(tx, act, &before, &after)?;
    if let Some(same_as) = same_as {
        // Whoever reported it the second time stands behind the first.
        tx.execute(
            sql!(
                "UPDATE service_requests SET followers = followers + 1 WHERE jurisdiction_id = $1 AND id = $2"
            ),
            &params![jurisdiction, same_as.0],
        )?;
    }
    Ok(after)
}

/// What one change makes of a request.
pub(crate) struct Change<'a> {
    pub to: Status,
    pub unit: Option<i64>,
    pub same_as: Option<RequestId>,
    pub words: &'a str,
    /// A new promise in place of the one that ran.
    pub clock: Option<Clock>,
    pub with_inspector: bool,
    /// How many photos came with it.
    pub photos: i64,
}

impl Change<'_> {
    /// Nothing but another state; an inspector's part in it ends.
    pub fn of(before: &ServiceRequest, to: Status) -> Self {
        Change {
            to,
            unit: before.unit,
            same_as: None,
            words: "",
            clock: None,
            with_inspector: false,
            photos: 0,
        }
    }
}

/// Makes a change that other verbs have decided on, with its fact and its figures. Whether it may be made is their
/// business.
pub(crate) fn change(
    tx: &mut Tx<'_>,
    act: &Act,
    before: &ServiceRequest,
    change: &Change<'_>,
    fact: &'static str,
    answered: Option<Answered>,
) -> Result<ServiceRequest> {
    let after = store(tx, act, before, change)?;
    announce(tx, act, before, &after, fact, change.words, answered)?;
    work::holds::moved(tx, act, before, &after)?;
    Ok(after)
}

fn other(
    tx: &mut Tx<'_>,
    before: &ServiceRequest,
    same_as: Option<RequestId>,
) -> Result<RequestId, MoveError> {
    let id = same_as.filter(|id| *id != before.id).ok_or(MoveError::OtherWrong)?;
    match find::by_id(tx, before.jurisdiction, id)? {
        Some(other) if other.status != Status::Duplicate => Ok(other.id),
        _ => Err(MoveError::OtherWrong),
    }
}

fn store(tx: &mut Tx<'_>, act: &Act, before: &ServiceRequest, change: &Change<'_>) -> Result<ServiceRequest> {
    let Change { to, unit, same_as, words, with_inspector, photos, .. } = *change;
    let atlas = territory::atlas(tx, before.jurisdiction)?;
    let mut clock = change.clock.or(before.clock);
    if let Some(clock) = &mut clock {
        if to.pauses_the_clock() {
            clock.pause(act.at);
        } else {
            clock.resume(act.at, atlas.working());
        }
    }
    let due_at = clock.map(|c| c.due_at(atlas.working())).or(before.due_at);
    // A promise that lies ahead again may be broken again.
    let new_promise = due_at.is_some_and(|due| due > act.at);
    let closed_at = if to.is_open() { None } else { before.closed_at.or(Some(act.at)) };
    let status_note = if words.is_empty() { before.status_note.clone() } else { words.to_owned() };
    let clock_text = clock.as_ref().map(json).transpose()?.unwrap_or_default();
    let changed = tx.execute(
        sql!(
            "UPDATE service_requests SET status = $4, is_open = $5, unit_id = $6, updated_at = $7, closed_at = $8, due_at = $9, clock = $10,
                 status_note = $11, duplicate_of = $12, overdue_noted = overdue_noted * $13, with_inspector = $14,
                 photos = photos + $15, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3"
        ),
        &params![
            before.jurisdiction, before.id.0, before.version, to.code(), to.is_open(), unit, act.at.0, closed_at.map(|t| t.0),
            due_at.map(|t| t.0), &clock_text, &status_note, same_as.map(|id| id.0), !new_promise,
            with_inspector, photos,
        ],
    )?;
    if changed != 1 {
        return Err(storage::Error::Conflict);
    }
    Ok(ServiceRequest {
        status: to,
        with_inspector,
        photos: before.photos + photos,
        unit,
        updated_at: act.at,
        closed_at,
        due_at,
        clock,
        status_note,
        duplicate_of: same_as,
        version: before.version + 1,
        ..before.clone()
    })
}

fn announce(
    tx: &mut Tx<'_>,
    act: &Act,
    before: &ServiceRequest,
    after: &ServiceRequest,
    fact: &'static str,
    words: &str,
    answered: Option<Answered>,
) -> Result<()> {
    let atlas = territory::atlas(tx, before.jurisdiction)?;
    let told = notes::keep(tx, act, before.jurisdiction, before.id, fact, false, Some(after.status), words)?;
    let (late_before, late) = (ended_late(before), ended_late(after));
    let counted = |from, to, unit, late_before, late| Counted {
        from,
        to,
        service: before.service,
        district: before.district,
        neighbourhood: before.neighbourhood,
        unit,
        cell: before.point.filter(|_| before.is_public).map(territory::cell::of),
        requested_on: before.requested_at.day(&atlas.jurisdiction.zone).days_since_epoch(),
        late,
        late_before,
    };
    let unit_told = after.unit.filter(|_| after.unit != before.unit);
    if after.unit == before.unit {
        let told = Told {
            unit: None,
            counted: Some(counted(Some(before.status), Some(after.status), after.unit, late_before, late)),
            answered,
            ..told
        };
        act.record(tx, before.jurisdiction, SUBJECT, before.id.0, fact, json(&told)?);
        return Ok(());
    }
    // Another unit is another row of the figures: one fact takes it from the old one, the next gives it to the new.
    let left = Told {
        counted: Some(counted(Some(before.status), None, before.unit, late_before, None)),
        ..Told::default()
    };
    act.record(tx, before.jurisdiction, SUBJECT, before.id.0, "handed-over", json(&left)?);
    let told = Told {
        unit: unit_told,
        counted: Some(counted(None, Some(after.status), after.unit, None, late)),
        answered,
        ..told
    };
    act.record(tx, before.jurisdiction, SUBJECT, before.id.0, fact, json(&told)?);
    Ok(())
}

/// Whether work ended after its promise; `None` while it goes on, and where nothing was promised.
fn ended_late(request: &ServiceRequest) -> Option<bool> {
    let ended = request.closed_at.filter(|_| !request.status.is_open())?;
    Some(ended > request.due_at?)
}
