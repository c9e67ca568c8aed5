//! The Method of Equal Shares: everybody has the same share of the budget, and supporters buy what they want together.
//!
//! D. Peters, G. Pierczyński, P. Skowron, "Proportional Participatory Budgeting with Additive Utilities" (NeurIPS 2021,
//! arXiv 2008.11634). One pass leaves money over, so a by-law also says how it is completed; with one step of the
//! smallest unit that is thousands of passes, of which `jump` skips those that change nothing.

mod jump; // steps of the completion that are known to change nothing
mod pass; // one pass with one first share
mod price; // the exact price, where rounding cannot decide

use crate::election::{Election, Refusal, Supporters};
use crate::outcome::{Outcome, Share, Why};
use crate::rule::{Increase, Method, Rule};

use jump::Jump;
use pass::Pass;

/// Nobody waits for more passes than this.
const MOST_PASSES: u64 = 2_000_000;

/// What does not change from pass to pass.
pub(crate) struct Market<'a> {
    pub election: &'a Election,
    pub supporters: Supporters,
    pub ranks: &'a [u32],
    /// Points of each project.
    pub scores: &'a [u64],
    /// Those that may win, with a cost.
    pub wanted: Vec<usize>,
    /// What a point of gain is worth: the cost, or one.
    pub worth: Vec<i64>,
    /// Winners and losers that need no count.
    pub settled: Outcome,
}

pub(crate) fn count(
    election: &Election,
    rule: &Rule,
    scores: &[u64],
    ranks: &[u32],
) -> Result<Outcome, Refusal> {
    let step = match rule.completion.increase {
        Increase::No => 0,
        Increase::UntilOverspent { step } | Increase::UntilExhausted { step } => {
            if !(1..=crate::MOST_MONEY).contains(&step) {
                return Err(Refusal::Step(step));
            }
            step
        }
    };
    let market = Market::of(election, rule, scores, ranks);
    let first = |increases: u64| {
        let voters = i128::from(election.ballots.cast());
        let money = i128::from(election.budget) + i128::from(step) * i128::from(increases) * voters;
        Share { money, among: election.ballots.cast().max(1) }
    };
    let mut pass = Pass::new(&market, first(0));
    pass.run();
    let mut counted = 1;
    let mut at = 0;
    if step > 0 {
        let mut jump = Jump::default();
        while !is_complete(election, rule, &pass.outcome) {
            if counted > MOST_PASSES {
                return Err(Refusal::Endless(MOST_PASSES));
            }
            if let Some(further) = jump.attempt(&market, &pass, at, &first) {
                at = further.0;
                pass = further.1;
                continue;
            }
            let mut next = Pass::new(&market, first(at + 1));
            counted += 1;
            if !next.run() {
                break;
            }
            (pass, at) = (next, at + 1);
        }
        counted += jump.tried;
        if jump.jumped {
            // What followed another pass says only at the end who was short of money: count it once more for the reasons.
            pass = Pass::new(&market, first(at));
            pass.run();
        }
    }
    let mut outcome = pass.outcome;
    outcome.losses.sort_by_key(|loss| loss.project);
    (outcome.passes, outcome.skipped) = (counted, (at + 1).saturating_sub(counted));
    Ok(outcome)
}

/// Is there no reason to give everybody more?
fn is_complete(election: &Election, rule: &Rule, outcome: &Outcome) -> bool {
    // Also where everything fits the completion has an end: when more money buys nothing more.
    let mut short =
        outcome.losses.iter().filter(|loss| matches!(loss.why, Why::ShortOfMoney { .. })).peekable();
    if short.peek().is_none() {
        return true;
    }
    let left = election.budget - outcome.spent;
    matches!(rule.completion.increase, Increase::UntilExhausted { .. })
        && short.all(|loss| election.projects[loss.project].cost > left)
}

impl<'a> Market<'a> {
    fn of(election: &'a Election, rule: &Rule, scores: &'a [u64], ranks: &'a [u32]) -> Market<'a> {
        let mut settled = Outcome::empty(1);
        let mut wanted = Vec::new();
        let mut order: Vec<usize> = (0..election.projects.len()).collect();
        order.sort_by_key(|project| ranks[*project]);
        let mut limits = crate::limits::Limits::of(election);
        for project in order {
            let cost = election.projects[project].cost;
            let why = match scores[project] {
                0 => Some(Why::Unwanted),
                score if score < rule.least_score => Some(Why::BelowLeast { score, least: rule.least_score }),
                _ if cost > election.budget => Some(Why::AboveBudget),
                _ if cost == 0 => limits.refuse(project),
                _ => None,
            };
            if let Some(why) = why {
                settled.losses.push(crate::Loss { project, why, after: 0 });
            } else if cost == 0 {
                limits.take(project);
                settled.winners.push(project);
                settled.steps.push(crate::Step { project, how: crate::How::Free, tied: 0 });
            } else {
                wanted.push(project);
            }
        }
        let by_cost = rule.method == Method::SharesByCost;
        let worth =
            election.projects.iter().map(|project| if by_cost { project.cost.max(1) } else { 1 }).collect();
        Market { election, supporters: Supporters::of(election), ranks, scores, wanted, worth, settled }
    }
}
