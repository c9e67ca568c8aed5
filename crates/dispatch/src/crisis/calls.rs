//! All hands: every crew that is off duty is called, a shift is made for it at once, and what it says is written down.

use calendar::Timestamp;
use language::display;
use people::{Act, Actor};
use storage::{Error, Result, Row, Tx, params, sql};

use super::{Crisis, CrisisId, SUBJECT, by_id, steps};
use crate::kinds::coded;
use crate::shifts::{self, Rest, ShiftState};
use crate::{Crew, CrewId, CrewStatus, DispatchError, Done, Seen, ShiftId, crews, members};

coded! {
    /// What a crew says to a call.
    Answer {
        /// Nothing yet.
        Called = "called",
        Coming = "coming",
        /// It cannot; the reason is written down and its shift is cancelled.
        Refused = "refused",
    }
}

/// One crew that was called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub crisis: CrisisId,
    pub crew: CrewId,
    pub answer: Answer,
    pub reason: String,
    pub called_at: Timestamp,
    pub answered_at: Option<Timestamp>,
    /// The shift that was made for it; none where it has one of its own.
    pub shift: Option<ShiftId>,
    pub is_volunteer: bool,
    pub version: i64,
}

macro_rules! call_columns {
    () => {
        "crisis_id, crew_id, answer, reason, called_at, answered_at, shift_id, is_volunteer, version"
    };
}

/// Less than this before its own shift begins, a crew is called to that one.
const SHORTEST: i64 = 60 * 60_000;
/// A shift of eight hours and more has a pause of half an hour, between its fourth and its sixth hour.
const WITH_REST: i64 = 8 * 60 * 60_000;

impl Call {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Call {
            crisis: CrisisId(row.get(0)?),
            crew: CrewId(row.get(1)?),
            answer: Answer::parse(&row.get::<String>(2)?)
                .ok_or_else(|| Error::corrupt("a call with an unknown answer"))?,
            reason: row.get(3)?,
            called_at: Timestamp(row.get(4)?),
            answered_at: row.get::<Option<i64>>(5)?.map(Timestamp),
            shift: row.get::<Option<i64>>(6)?.map(ShiftId),
            is_volunteer: row.get(7)?,
            version: row.get(8)?,
        })
    }
}

/// Everybody who was called, those who said nothing yet first.
pub fn calls(tx: &mut Tx<'_>, jurisdiction: i64, crisis: CrisisId) -> Result<Vec<Call>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            call_columns!(),
            " FROM crisis_calls WHERE jurisdiction_id = $1 AND crisis_id = $2
              ORDER BY CASE answer WHEN 'called' THEN 0 WHEN 'refused' THEN 1 ELSE 2 END, called_at, crew_id LIMIT 5000"
        )),
        &params![jurisdiction, crisis.0],
        Call::from_row,
    )
}

/// The call of a crisis that lasts, for the crew's own screen.
pub fn open_call_of(tx: &mut Tx<'_>, jurisdiction: i64, crew: CrewId) -> Result<Option<Call>> {
    let lasting = super::current(tx, jurisdiction)?;
    for crisis in &lasting.all {
        if let Some(call) = one(tx, jurisdiction, crisis.id, crew)? {
            return Ok(Some(call));
        }
    }
    Ok(None)
}

fn one(tx: &mut Tx<'_>, jurisdiction: i64, crisis: CrisisId, crew: CrewId) -> Result<Option<Call>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            call_columns!(),
            " FROM crisis_calls WHERE jurisdiction_id = $1 AND crisis_id = $2 AND crew_id = $3"
        )),
        &params![jurisdiction, crisis.0, crew.0],
        Call::from_row,
    )
}

/// Calls every crew over which the crisis is, that is off duty and was not called yet, and makes a shift for each from
/// now on. A crew whose own shift begins sooner works until that one, or is called to it. Returns how many were called.
/// Calling again calls who was added since.
pub fn call_all(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: CrisisId, seen: Seen) -> Done<usize> {
    let crisis = steps::begun(tx, act, jurisdiction, id, seen)?;
    let called: std::collections::HashSet<CrewId> =
        calls(tx, jurisdiction, id)?.into_iter().map(|call| call.crew).collect();
    let wanted = crews::Wanted { active: true, ..crews::Wanted::default() };
    let all = crews::list(tx, jurisdiction, &wanted)?;
    let until = act.at.plus_hours(crisis.rules.shift_hours);
    let mut planned = std::collections::HashMap::new();
    for shift in shifts::between(tx, jurisdiction, act.at, until.plus_millis(SHORTEST))? {
        if matches!(shift.state, ShiftState::Planned | ShiftState::Begun) {
            let first = planned.entry(shift.crew).or_insert(shift.starts_at);
            *first = shift.starts_at.min(*first);
        }
    }
    let mut count = 0;
    for crew in all {
        let is_off = crew.status == CrewStatus::OffDuty && crisis.covers(crew.district);
        let next = planned.get(&crew.id).copied();
        // Who is in a shift was called by it.
        if !is_off || called.contains(&crew.id) || next.is_some_and(|next| next <= act.at) {
            continue;
        }
        let shift = call_one(tx, act, &crisis, &crew, next.map_or(until, |next| next.min(until)))?;
        put(tx, act, &crisis, crew.id, shift, false)?;
        count += 1;
    }
    if count > 0 {
        let payload = crate::json(&serde_json::json!({ "crews": count }))?;
        act.record(tx, jurisdiction, SUBJECT, id.0, "called", payload);
    }
    Ok(count)
}

fn call_one(
    tx: &mut Tx<'_>,
    act: &Act,
    crisis: &Crisis,
    crew: &Crew,
    until: Timestamp,
) -> Done<Option<ShiftId>> {
    let length = until.millis_since(act.at);
    if length < SHORTEST {
        return Ok(None);
    }
    let rest = (length >= WITH_REST).then(|| Rest {
        from: act.at.plus_hours(4),
        to: act.at.plus_hours(6),
        length: 30 * 60,
    });
    let wish = shifts::Wish { crew: crew.id, starts_at: act.at, ends_at: until, overtime_until: None, rest };
    // Whoever may call everybody need not be able to plan the shifts of contractors.
    let act = Act { by: Actor::System("crisis"), ..act.clone() };
    Ok(Some(shifts::plan(tx, &act, crisis.jurisdiction, &wish)?.id))
}

pub(super) fn put(
    tx: &mut Tx<'_>,
    act: &Act,
    crisis: &Crisis,
    crew: CrewId,
    shift: Option<ShiftId>,
    is_volunteer: bool,
) -> Done<()> {
    let answer = if is_volunteer { Answer::Coming } else { Answer::Called };
    tx.execute_one(
        sql!(
            "INSERT INTO crisis_calls (jurisdiction_id, crisis_id, crew_id, answer, reason, called_at, answered_at, shift_id, is_volunteer, version)
             VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, 1)"
        ),
        &params![
            crisis.jurisdiction,
            crisis.id.0,
            crew.0,
            answer.code(),
            act.at.0,
            is_volunteer.then_some(act.at.0),
            shift.map(|id| id.0),
            is_volunteer
        ],
    )?;
    Ok(())
}

/// What a crew says to its call, itself or through a dispatcher who telephoned. Who refuses says why; who comes after
/// all says so.
pub fn answer(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CrisisId,
    crew: CrewId,
    answer: Answer,
    reason: &str,
    seen: Seen,
) -> Done<Call> {
    let crisis = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    let crew = crews::by_id(tx, jurisdiction, crew)?.ok_or(DispatchError::NotFound)?;
    members::stands_for(tx, act, &crew)?;
    if !crisis.is_begun() {
        return Err(DispatchError::Refused("crisis-over"));
    }
    let mut call = one(tx, jurisdiction, id, crew.id)?.ok_or(DispatchError::NotFound)?;
    if call.version != seen.0 {
        return Err(DispatchError::Changed);
    }
    let reason = display::clean_text(reason);
    if reason.chars().count() > 300 {
        return Err(DispatchError::Refused("words-too-long"));
    }
    match answer {
        Answer::Called => return Err(DispatchError::Refused("crisis-answer-missing")),
        Answer::Refused if reason.is_empty() => return Err(DispatchError::Refused("crisis-reason-missing")),
        Answer::Refused => {
            if let Some(shift) = call.shift {
                cancel(tx, act, jurisdiction, shift)?;
                call.shift = None;
            }
        }
        Answer::Coming if call.answer == Answer::Refused => {
            let until = act.at.plus_hours(crisis.rules.shift_hours);
            call.shift = match call_one(tx, act, &crisis, &crew, until) {
                // It has another shift by now.
                Err(DispatchError::Refused("shift-overlaps")) => None,
                other => other?,
            };
        }
        Answer::Coming => {}
    }
    (call.answer, call.answered_at) = (answer, Some(act.at));
    call.reason = if answer == Answer::Refused { reason } else { String::new() };
    let changed = tx.execute(
        sql!(
            "UPDATE crisis_calls SET answer = $5, reason = $6, answered_at = $7, shift_id = $8, version = version + 1
             WHERE jurisdiction_id = $1 AND crisis_id = $2 AND crew_id = $3 AND version = $4"
        ),
        &params![
            jurisdiction,
            id.0,
            crew.id.0,
            call.version,
            call.answer.code(),
            &call.reason,
            act.at.0,
            call.shift.map(|id| id.0)
        ],
    )?;
    crate::refusal::guarded(changed)?;
    call.version += 1;
    let payload = crate::json(&serde_json::json!({ "crew": crew.id, "reason": call.reason }))?;
    act.record(tx, jurisdiction, SUBJECT, id.0, call.answer.code(), payload);
    Ok(call)
}

/// The crisis is over: shifts that were made for it and not begun are cancelled.
pub(super) fn dismiss(tx: &mut Tx<'_>, act: &Act, crisis: &Crisis) -> Done<()> {
    for call in calls(tx, crisis.jurisdiction, crisis.id)? {
        if let Some(shift) = call.shift {
            cancel(tx, act, crisis.jurisdiction, shift)?;
        }
    }
    Ok(())
}

/// A shift that was not begun is cancelled; one that was goes on until its end.
fn cancel(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: ShiftId) -> Done<()> {
    let shift = shifts::by_id(tx, jurisdiction, id)?.filter(|shift| shift.state == ShiftState::Planned);
    if let Some(shift) = shift {
        let act = Act { by: Actor::System("crisis"), ..act.clone() };
        shifts::cancel(tx, &act, jurisdiction, id, Seen(shift.version))?;
    }
    Ok(())
}
