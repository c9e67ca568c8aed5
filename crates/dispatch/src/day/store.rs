//! Plans that were proposed, with everything that is needed to work them out again.

use calendar::Timestamp;
use people::{Act, Chore, Permission, Where};
use storage::{Error, Result, Row, Tx, params, sql};

use super::{Difference, Effort, Found, PLAN, Posed, search};
use crate::kinds::coded;
use crate::plan::Plan;
use crate::{DispatchError, Done};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct PlanId(pub i64);

coded! {
    /// Why there is a plan.
    Kind {
        /// A dispatcher asked for a better one.
        Asked = "asked",
        /// Something happened.
        Repair = "repair",
        /// A dispatcher gave an order to a crew.
        ByHand = "by-hand",
    }
}

coded! {
    State {
        Proposed = "proposed",
        Published = "published",
        Refused = "refused",
        /// A newer one took its place.
        Outdated = "outdated",
    }
}

/// A plan as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub jurisdiction: i64,
    pub id: PlanId,
    pub district: Option<i64>,
    pub kind: Kind,
    pub state: State,
    pub made_at: Timestamp,
    /// Who made it, as the journal signs.
    pub made_by: String,
    pub effort: Effort,
    pub cost_before: i64,
    pub cost_after: i64,
    pub difference: Difference,
    pub plan: Plan,
    pub decided_at: Option<Timestamp>,
    pub decided_by: Option<String>,
    pub words: String,
    pub version: i64,
}

impl Kept {
    pub fn place(&self) -> Where {
        Where::city(self.jurisdiction).in_district(self.district)
    }
}

macro_rules! columns {
    () => {
        "jurisdiction_id, id, district_id, kind, state, made_at, made_by, seed, steps, cost_before, cost_after, difference, plan, \
         decided_at, decided_by, words, version"
    };
}

fn from_row(row: &Row<'_>) -> Result<Kept> {
    let wrong = |what: &str| Error::corrupt(format_args!("a plan with an unknown {what}"));
    Ok(Kept {
        jurisdiction: row.get(0)?,
        id: PlanId(row.get(1)?),
        district: row.get(2)?,
        kind: Kind::parse(&row.get::<String>(3)?).ok_or_else(|| wrong("kind"))?,
        state: State::parse(&row.get::<String>(4)?).ok_or_else(|| wrong("state"))?,
        made_at: Timestamp(row.get(5)?),
        made_by: row.get(6)?,
        effort: Effort { seed: row.get::<i64>(7)?.unsigned_abs(), steps: row.get::<i64>(8)?.unsigned_abs() },
        cost_before: row.get(9)?,
        cost_after: row.get(10)?,
        difference: serde_json::from_str(&row.get::<String>(11)?).map_err(Error::corrupt)?,
        plan: serde_json::from_str(&row.get::<String>(12)?).map_err(Error::corrupt)?,
        decided_at: row.get::<Option<i64>>(13)?.map(Timestamp),
        decided_by: row.get(14)?,
        words: row.get(15)?,
        version: row.get(16)?,
    })
}

/// Writes a proposal down; an older one of the same district is outdated by it.
pub fn keep(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    kind: Kind,
    posed: &Posed,
    found: &Found,
) -> Done<Kept> {
    act.require(Permission::Dispatch, Where::city(jurisdiction).in_district(posed.district))?;
    tx.execute(
        sql!(
            "UPDATE dispatch_plans SET state = 'outdated', decided_at = $3, version = version + 1
             WHERE jurisdiction_id = $1 AND state = 'proposed' AND COALESCE(district_id, 0) = $2"
        ),
        &params![jurisdiction, posed.district.unwrap_or(0), act.at.0],
    )?;
    let kept = put(tx, act, jurisdiction, kind, State::Proposed, posed, found)?;
    tell(tx, act, &kept, "proposed")?;
    Ok(kept)
}

pub(super) fn put(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    kind: Kind,
    state: State,
    posed: &Posed,
    found: &Found,
) -> Done<Kept> {
    let is_decided = state != State::Proposed;
    let kept = Kept {
        jurisdiction,
        id: PlanId(act.new_id()),
        district: posed.district,
        kind,
        state,
        made_at: act.at,
        made_by: act.by.signature(),
        effort: found.effort,
        cost_before: found.before.cost,
        cost_after: found.after.cost,
        difference: found.difference.clone(),
        plan: found.plan.clone(),
        decided_at: is_decided.then_some(act.at),
        decided_by: is_decided.then(|| act.by.signature()),
        words: String::new(),
        version: 1,
    };
    tx.execute_one(
        sql!(
            "INSERT INTO dispatch_plans (jurisdiction_id, id, district_id, kind, state, made_at, made_by, seed, steps, cost_before,
                 cost_after, difference, posed, plan, decided_at, decided_by, words, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '', 1)"
        ),
        &params![
            jurisdiction,
            kept.id.0,
            kept.district,
            kind.code(),
            state.code(),
            act.at.0,
            &kept.made_by,
            kept.effort.seed as i64,
            kept.effort.steps as i64,
            kept.cost_before,
            kept.cost_after,
            &crate::json(&kept.difference)?,
            &crate::json(posed)?,
            &crate::json(&kept.plan)?,
            kept.decided_at.map(|at| at.0),
            kept.decided_by.as_deref(),
        ],
    )?;
    Ok(kept)
}

/// Ends a proposal one way or the other; of two who decide at once one is refused.
pub(super) fn decided(tx: &mut Tx<'_>, act: &Act, kept: &mut Kept, state: State, words: &str) -> Done<()> {
    let changed = tx.execute(
        sql!(
            "UPDATE dispatch_plans SET state = $3, decided_at = $4, decided_by = $5, words = $6, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND state = 'proposed' AND version = $7"
        ),
        &params![
            kept.jurisdiction,
            kept.id.0,
            state.code(),
            act.at.0,
            &act.by.signature(),
            words,
            kept.version
        ],
    )?;
    crate::refusal::guarded(changed)?;
    (kept.state, kept.decided_at, kept.version) = (state, Some(act.at), kept.version + 1);
    kept.decided_by = Some(act.by.signature());
    kept.words = words.to_owned();
    tell(tx, act, kept, state.code())?;
    Ok(())
}

pub(super) fn tell(tx: &mut Tx<'_>, act: &Act, kept: &Kept, fact: &'static str) -> Result<()> {
    let payload = crate::json(&serde_json::json!({
        "district": kept.district,
        "kind": kept.kind,
        "moved": kept.difference.moved(),
        "travel_saved": kept.difference.travel_saved,
        "crews": kept.difference.crews,
    }))?;
    act.record(tx, kept.jurisdiction, PLAN, kept.id.0, fact, payload);
    Ok(())
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: PlanId) -> Result<Option<Kept>> {
    tx.query_opt(
        sql!(concat!("SELECT ", columns!(), " FROM dispatch_plans WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id.0],
        from_row,
    )
}

/// The proposal that waits for somebody in a district.
pub fn proposed(tx: &mut Tx<'_>, jurisdiction: i64, district: Option<i64>) -> Result<Option<Kept>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM dispatch_plans WHERE jurisdiction_id = $1 AND state = 'proposed' AND COALESCE(district_id, 0) = $2
              ORDER BY id DESC LIMIT 1"
        )),
        &params![jurisdiction, district.unwrap_or(0)],
        from_row,
    )
}

/// Plans of a district, the newest first.
pub fn history(tx: &mut Tx<'_>, jurisdiction: i64, district: Option<i64>, most: u32) -> Result<Vec<Kept>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM dispatch_plans WHERE jurisdiction_id = $1 AND COALESCE(district_id, 0) = $2 ORDER BY id DESC LIMIT $3"
        )),
        &params![jurisdiction, district.unwrap_or(0), most.min(500)],
        from_row,
    )
}

/// What a plan was made of; `None` when that was forgotten meanwhile.
pub(super) fn posed(tx: &mut Tx<'_>, jurisdiction: i64, id: PlanId) -> Result<Option<Posed>> {
    let text: Option<String> = tx.value(
        sql!("SELECT posed FROM dispatch_plans WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, id.0],
    )?;
    match text.filter(|text| !text.is_empty()) {
        Some(text) => serde_json::from_str(&text).map(Some).map_err(Error::corrupt),
        None => Ok(None),
    }
}

/// Works a plan out again from what was kept: the same seed and steps find the same stops. Reads first, searches outside
/// of the database.
pub fn replay(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: PlanId) -> Done<(Kept, Option<Found>)> {
    let kept = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    act.require(Permission::Dispatch, kept.place())?;
    let again = match posed(tx, jurisdiction, id)? {
        Some(posed) if kept.kind != Kind::ByHand => Some(search(&posed, kept.effort)?),
        _ => None,
    };
    Ok((kept, again))
}

/// How long a decision can be worked out again, and how long it is known at all; days.
const REPLAYABLE: i64 = 30;
const KNOWN: i64 = 400;

/// Old problems are emptied, old plans are dropped.
pub const FORGETTING: Chore =
    Chore { name: "dispatch-plans-forgetting", every: 3_600_000, at_once: 200, run: forget };

fn forget(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, at_once: u32) -> Result<usize> {
    let before = |days: i64| people::first_id_at(act.at.plus_hours(-24 * days));
    let emptied = tx.execute(
        sql!(
            "UPDATE dispatch_plans SET posed = '' WHERE jurisdiction_id = $1 AND id IN
                 (SELECT id FROM dispatch_plans WHERE jurisdiction_id = $1 AND id < $2 AND posed <> '' ORDER BY id LIMIT $3)"
        ),
        &params![jurisdiction, before(REPLAYABLE), at_once],
    )?;
    let dropped = tx.execute(
        sql!(
            "DELETE FROM dispatch_plans WHERE jurisdiction_id = $1 AND id IN
                 (SELECT id FROM dispatch_plans WHERE jurisdiction_id = $1 AND id < $2 ORDER BY id LIMIT $3)"
        ),
        &params![jurisdiction, before(KNOWN), at_once],
    )?;
    Ok(emptied.max(dropped) as usize)
}
