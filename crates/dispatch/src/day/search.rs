//! A better plan, looked for without a database.

use super::{Difference, Posed, difference};
use crate::plan::{Budget, Outcome, Part, Plan, Stop, Sum, plan, plan_many, schedule};
use crate::{DispatchError, Done};

/// How long to look, in steps: the same again finds the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    pub seed: u64,
    pub steps: u64,
}

impl Effort {
    /// For somebody who waits for it: about half a second for sixty orders.
    pub fn asked(seed: u64) -> Effort {
        Effort { seed: seed & SEEDS, steps: 20_000 }
    }

    /// For a repair after an event, of which there are many.
    pub fn repair(seed: u64) -> Effort {
        Effort { seed: seed & SEEDS, steps: 5_000 }
    }
}

/// Seeds are kept as whole numbers of a column.
const SEEDS: u64 = (1 << 62) - 1;

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub effort: Effort,
    pub plan: Plan,
    pub before: Sum,
    pub after: Sum,
    pub is_better: bool,
    pub stops: Vec<Vec<Stop>>,
    pub difference: Difference,
}

/// Looks for a better plan than the one that crews hold; what it answers is never worse.
pub fn search(posed: &Posed, effort: Effort) -> Done<Found> {
    let mut used = |steps: u64| steps as f64 / effort.steps.max(1) as f64;
    let outcome = plan(&posed.problem, Some(&posed.held), Budget { seed: effort.seed, used: &mut used });
    found(posed, effort, outcome.map_err(impossible)?)
}

/// Several districts side by side.
pub fn search_all(posed: &[Posed], effort: Effort, threads: usize) -> Vec<Done<Found>> {
    let parts: Vec<Part<'_>> = posed
        .iter()
        .map(|posed| Part { problem: &posed.problem, held: Some(&posed.held), seed: effort.seed })
        .collect();
    let used = |_: usize, steps: u64| steps as f64 / effort.steps.max(1) as f64;
    plan_many(&parts, threads, &used)
        .into_iter()
        .zip(posed)
        .map(|(outcome, posed)| found(posed, effort, outcome.map_err(impossible)?))
        .collect()
}

fn found(posed: &Posed, effort: Effort, outcome: Outcome) -> Done<Found> {
    let Outcome { plan, sum, steps: _, improved } = outcome;
    of_plan(posed, effort, plan, sum, improved)
}

/// A plan from wherever it came, with its times and what it changes.
pub(super) fn of_plan(posed: &Posed, effort: Effort, plan: Plan, after: Sum, improved: bool) -> Done<Found> {
    let before = crate::plan::check(&posed.problem, &posed.held).map_err(impossible)?;
    let stops = schedule(&posed.problem, &plan).map_err(impossible)?;
    let difference = difference::of(posed, &plan)?;
    Ok(Found {
        effort,
        is_better: improved && after.cost < before.cost,
        plan,
        before,
        after,
        stops,
        difference,
    })
}

pub(super) fn impossible(_: impl std::error::Error) -> DispatchError {
    DispatchError::Refused("plan-impossible")
}
