//! What an event asks for: which district is to be looked at again, and whether a repair is published or proposed.
//!
//! A district decides by itself only where somebody said so, and then only what takes nothing from anybody, or what
//! saves something that cannot wait. All else waits on the board for a person.

use people::{Act, Permission, Where};
use serde::Deserialize;
use storage::journal::Entry;
use storage::{Result, Tx, params, sql};

use super::{Found, PLAN, Posed};
use crate::{CREW, Done, ORDER, Urgency};

/// What becomes of a repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    Nothing,
    Publish,
    Propose,
}

/// Crews are told of their times again when they are off by more; milliseconds.
const DRIFT: i64 = 5 * 60_000;
/// A proposal that only saves travel is worth a dispatcher's look from here on; seconds.
const WORTH_A_LOOK: i64 = 600;

/// Decides what becomes of a repair.
pub fn decide(posed: &Posed, found: &Found, by_itself: bool) -> Repair {
    let difference = &found.difference;
    let takes = !difference.handed_on.is_empty() || !difference.dropped.is_empty();
    if !found.is_better && difference.is_nothing() {
        return if by_itself && drifted(posed, found) { Repair::Publish } else { Repair::Nothing };
    }
    let is_urgent = |id| {
        let known = posed.index(id).and_then(|index| posed.orders.get(index));
        known.is_some_and(|known| known.urgency == Urgency::Immediate)
    };
    let saves = difference.saved.iter().chain(difference.placed.iter().map(|moved| &moved.order));
    if by_itself && (!takes || saves.into_iter().any(|id| is_urgent(*id))) {
        return Repair::Publish;
    }
    let is_worth_it =
        difference.moved() > 0 || !difference.saved.is_empty() || difference.travel_saved >= WORTH_A_LOOK;
    if is_worth_it { Repair::Propose } else { Repair::Nothing }
}

/// The times that crews were told are not those any more.
fn drifted(posed: &Posed, found: &Found) -> bool {
    found.stops.iter().flatten().any(|stop| {
        let known = posed.orders.get(stop.job).filter(|known| !known.is_under_way);
        known.is_some_and(|known| {
            let now = posed.moment(stop.begin);
            known.planned_at.is_none_or(|was| was.millis_since(now).abs() > DRIFT)
        })
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Told {
    district: Option<i64>,
    status: String,
}

/// The district that a fact asks to look at again: `Some(None)` is one outside of all districts.
pub fn calls_for(entry: &Entry) -> Option<Option<i64>> {
    let told = || serde_json::from_str::<Told>(&entry.payload).unwrap_or_default();
    match (entry.subject_kind.as_str(), entry.fact.as_str()) {
        (ORDER, "made" | "changed" | "unassigned" | "done" | "not-done" | "cancelled") => {
            Some(told().district)
        }
        (CREW, "status") => {
            let told = told();
            matches!(told.status.as_str(), "on-duty" | "off-duty" | "out-of-service").then_some(told.district)
        }
        (CREW, "withdrawn") => Some(told().district),
        _ => None,
    }
}

/// Whether a district publishes harmless repairs by itself.
pub fn by_itself(tx: &mut Tx<'_>, jurisdiction: i64, district: Option<i64>) -> Result<bool> {
    let found: Option<bool> = tx.value(
        sql!("SELECT by_itself FROM dispatch_desks WHERE jurisdiction_id = $1 AND district_id = $2"),
        &params![jurisdiction, district.unwrap_or(0)],
    )?;
    Ok(found.unwrap_or(false))
}

/// A dispatcher lets a district publish harmless repairs by itself, or wants to be asked.
pub fn set_by_itself(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    district: Option<i64>,
    by_itself: bool,
) -> Done<()> {
    act.require(Permission::Dispatch, Where::city(jurisdiction).in_district(district))?;
    tx.execute(
        sql!(
            "INSERT INTO dispatch_desks (jurisdiction_id, district_id, by_itself, updated_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (jurisdiction_id, district_id) DO UPDATE SET by_itself = excluded.by_itself,
                 updated_at = excluded.updated_at"
        ),
        &params![jurisdiction, district.unwrap_or(0), by_itself, act.at.0],
    )?;
    let payload = crate::json(&serde_json::json!({ "district": district, "by_itself": by_itself }))?;
    act.record(tx, jurisdiction, PLAN, district.unwrap_or(0), "way-changed", payload);
    Ok(())
}
