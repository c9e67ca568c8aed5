//! The comparison step: a city that fears to leave the majority worse off asks which outcome gives more voters more.
//!
//! Used in Wieliczka 2023 ("equalshares/add1-comparison" in the public collection).

use crate::election::Election;
use crate::outcome::{Comparison, Outcome};

/// The outcome by shares, unless strictly more voters gain more by the greedy one.
pub(crate) fn better(election: &Election, by_cost: bool, shares: Outcome, greedy: Outcome) -> Outcome {
    let one = gains(election, &shares, by_cost);
    let other = gains(election, &greedy, by_cost);
    let mut comparison = Comparison { for_shares: 0, for_greedy: 0, greedy_won: false };
    for (group, (one, other)) in one.into_iter().zip(other).enumerate() {
        let times = u64::from(election.ballots.times(group));
        match one.cmp(&other) {
            std::cmp::Ordering::Greater => comparison.for_shares += times,
            std::cmp::Ordering::Less => comparison.for_greedy += times,
            std::cmp::Ordering::Equal => {}
        }
    }
    comparison.greedy_won = comparison.for_greedy > comparison.for_shares;
    let mut outcome = if comparison.greedy_won { greedy } else { shares };
    outcome.comparison = Some(comparison);
    outcome
}

/// What each group of voters gains: the cost of its winners, or their number, times its points.
pub(crate) fn gains(election: &Election, outcome: &Outcome, by_cost: bool) -> Vec<i128> {
    let mut worth = vec![0i128; election.projects.len()];
    for &project in &outcome.winners {
        worth[project] = if by_cost { election.projects[project].cost.into() } else { 1 };
    }
    let gain = |group| {
        election.ballots.choice(group).map(|(at, points)| worth[at as usize] * i128::from(points)).sum()
    };
    (0..election.ballots.groups()).map(gain).collect()
}
