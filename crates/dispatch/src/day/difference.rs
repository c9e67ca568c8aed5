//! From one plan to another, in orders and crews: what a dispatcher accepts or refuses.

use calendar::Timestamp;
use serde::{Deserialize, Serialize};

use super::Posed;
use super::search::impossible;
use crate::plan::{self, Move, Plan, Reason, diff};
use crate::{CrewId, Done, OrderId};

/// One order that changes hands or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub order: OrderId,
    pub from: Option<CrewId>,
    pub to: Option<CrewId>,
    pub was: Option<Timestamp>,
    pub now: Option<Timestamp>,
}

/// An order that nobody gets, and the code of the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reasoned {
    pub order: OrderId,
    pub reason: String,
}

/// What is different.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Difference {
    /// From one crew to another.
    pub handed_on: Vec<Moved>,
    /// From nobody to a crew.
    pub placed: Vec<Moved>,
    /// From a crew to nobody.
    pub dropped: Vec<Moved>,
    pub later: Vec<Moved>,
    pub earlier: Vec<Moved>,
    /// Orders that were in time and are late now, and the other way round.
    pub made_late: Vec<OrderId>,
    pub saved: Vec<OrderId>,
    pub crews: i64,
    /// Seconds less on the road, below nought when more.
    pub travel_saved: i64,
    /// Seconds of lateness before and after.
    pub late_before: i64,
    pub late_after: i64,
    pub overtime_before: i64,
    pub overtime_after: i64,
    pub left_before: i64,
    pub left_over: Vec<Reasoned>,
}

impl Difference {
    /// Nobody would have to be told anything.
    pub fn is_nothing(&self) -> bool {
        self.handed_on.is_empty() && self.placed.is_empty() && self.dropped.is_empty() && self.crews == 0
    }

    /// Orders that somebody else has afterwards.
    pub fn moved(&self) -> usize {
        self.handed_on.len() + self.placed.len() + self.dropped.len()
    }
}

pub(super) fn of(posed: &Posed, plan: &Plan) -> Done<Difference> {
    let diff = diff(&posed.problem, &posed.held, plan).map_err(impossible)?;
    let as_told = |change: &Move| Moved {
        order: posed.id(change.job),
        from: change.from.and_then(|crew| posed.crew(crew)),
        to: change.to.and_then(|crew| posed.crew(crew)),
        was: change.was.map(|at| posed.moment(at)),
        now: change.now.map(|at| posed.moment(at)),
    };
    let told = |changes: &[Move]| changes.iter().map(as_told).collect::<Vec<_>>();
    let ids = |jobs: &[usize]| jobs.iter().map(|job| posed.id(*job)).collect::<Vec<_>>();
    let (mut handed_on, mut placed, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
    for change in &diff.moved {
        // What a crew could not keep is not in the plan that it holds, but somebody has it all the same.
        let has = posed.orders.get(change.job).and_then(|known| known.crew);
        let moved = as_told(change);
        let moved = Moved { from: moved.from.or(has), ..moved };
        match (moved.from, moved.to) {
            (from, to) if from == to => {}
            (None, _) => placed.push(moved),
            (_, None) => dropped.push(moved),
            _ => handed_on.push(moved),
        }
    }
    let lost = plan.left_over.iter().filter(|job| posed.held.left_over.contains(job));
    dropped.extend(lost.filter_map(|job| {
        let known = posed.orders.get(*job).filter(|known| !known.is_locked)?;
        Some(Moved { order: known.id, from: Some(known.crew?), to: None, was: known.planned_at, now: None })
    }));
    Ok(Difference {
        handed_on,
        placed,
        dropped,
        later: told(&diff.later),
        earlier: told(&diff.earlier),
        made_late: ids(&diff.made_late),
        saved: ids(&diff.saved),
        crews: diff.crews.len() as i64,
        travel_saved: diff.travel_saved(),
        late_before: diff.before.late,
        late_after: diff.after.late,
        overtime_before: diff.before.overtime,
        overtime_after: diff.after.overtime,
        left_before: diff.before.left_over,
        left_over: reasons(posed, plan)?,
    })
}

/// Why nobody has what nobody has, as things stand.
pub fn left_over(posed: &Posed) -> Done<Vec<Reasoned>> {
    reasons(posed, &posed.held)
}

/// Why each order is left over; those that could not even be asked about among them.
pub(super) fn reasons(posed: &Posed, held: &Plan) -> Done<Vec<Reasoned>> {
    let mut all: Vec<Reasoned> = plan::left_over(&posed.problem, held)
        .map_err(impossible)?
        .into_iter()
        .map(|(job, reason)| Reasoned { order: posed.id(job), reason: code(posed, reason).to_owned() })
        .collect();
    let aside = posed.aside.iter();
    all.extend(aside.map(|(order, reason)| Reasoned { order: *order, reason: reason.clone() }));
    Ok(all)
}

fn code(posed: &Posed, reason: Reason) -> &'static str {
    match reason {
        _ if posed.crews.is_empty() => "no-crew-on-duty",
        Reason::NoSkill => "no-skill",
        Reason::NoEquipment => "no-equipment",
        Reason::NotThatCrew => "not-that-crew",
        Reason::TooHeavy => "too-heavy",
        Reason::OutOfReach => "out-of-reach",
        Reason::WaitsForAnother => "waits-for-another",
        Reason::DayFull => "day-full",
        Reason::NotWorthIt => "not-worth-it",
    }
}
