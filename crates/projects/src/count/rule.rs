//! The rule of a round in the spelling of the counting engine.

use allocation::{Completion, Increase, Method, Rule, Ties};

use super::PotBox;
use crate::ballots::Choice;
use crate::rounds::Round;
use crate::rules::{BallotKind, BallotRule};

/// In one step of a completion everybody's share grows by such a part of itself.
const PARTS: i64 = 200;

/// What a choice is worth: a point, the points, or a place as points, the first the most.
pub(super) fn points(rule: &BallotRule, choice: &Choice) -> u32 {
    let points = match rule.kind {
        BallotKind::Approval | BallotKind::Knapsack => 1,
        BallotKind::Points => choice.weight,
        BallotKind::Ranked => rule.most + 1 - choice.weight,
    };
    u32::try_from(points.clamp(1, i64::from(allocation::MOST_POINTS))).unwrap_or(1)
}

/// The rule that was published for a round.
pub(super) fn of(round: &Round, pot: &PotBox) -> Rule {
    let rule = &round.rules.allocation;
    build(round, pot, &rule.rule, &rule.satisfaction, &rule.completion)
}

/// A rule by its name, completed like that of the round.
pub(super) fn named(round: &Round, pot: &PotBox, name: &str) -> Rule {
    let completion =
        if name.starts_with("mes") { round.rules.allocation.completion.as_str() } else { "none" };
    build(round, pot, name, if name == "mes-cardinality" { "cardinality" } else { "cost" }, completion)
}

fn build(round: &Round, pot: &PotBox, name: &str, satisfaction: &str, completion: &str) -> Rule {
    let method = match (name, satisfaction) {
        ("greedy-no-skip", _) => Method::GreedyNoSkip,
        ("phragmen", _) => Method::Phragmen,
        ("mes" | "equalshares" | "mes-cardinality", "cardinality") => Method::SharesByNumber,
        ("mes" | "equalshares" | "mes-cardinality", _) => Method::SharesByCost,
        _ => Method::Greedy,
    };
    let step = step(pot);
    let (increase, fill) = match completion {
        "add1" => (Increase::UntilOverspent { step }, false),
        "add1-exhaustive" => (Increase::UntilExhausted { step }, false),
        "add1-fill" => (Increase::UntilOverspent { step }, true),
        "add1-exhaustive-fill" => (Increase::UntilExhausted { step }, true),
        "fill" | "greedy" => (Increase::No, true),
        _ => (Increase::No, false),
    };
    Rule {
        method,
        completion: Completion { increase, fill, compare: false },
        ties: Ties::Drawn { seed: round.seed.clone() },
        least_score: 0,
    }
}

/// A two-hundredth of the first share, in whole rials.
fn step(pot: &PotBox) -> i64 {
    let voters = i64::try_from(pot.election.ballots.cast()).unwrap_or(i64::MAX).max(1);
    (pot.election.budget / voters / PARTS).max(1)
}
