//! What an outcome does for whom: the figures of the council's report that puts rules side by side.

use serde::{Deserialize, Serialize};

use crate::compare::gains;
use crate::election::{Election, Refusal};
use crate::outcome::Outcome;
use crate::rule::Rule;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// Ballots, also empty ones.
    pub voters: u64,
    /// Those of whom nothing was chosen.
    pub without_winner: u64,
    /// Winners on a ballot, on average.
    pub winners_each: f64,
    /// How unevenly the money that voters asked for is spread over them: 0 alike, 1 all for one.
    pub gini: f64,
}

/// Measures an outcome.
pub fn measure(election: &Election, outcome: &Outcome) -> Measures {
    let voters = election.ballots.cast();
    let times = |group: usize| u64::from(election.ballots.times(group));
    let numbers = gains(election, outcome, false);
    let mut winners = vec![0u64; election.projects.len()];
    outcome.winners.iter().for_each(|at| winners[*at] = 1);
    let (mut with, mut all) = (0, 0u64);
    for (group, number) in numbers.iter().enumerate() {
        with += if *number > 0 { times(group) } else { 0 };
        let named = election.ballots.named(group).iter();
        all += named.map(|at| winners[*at as usize]).sum::<u64>() * times(group);
    }
    let mut sums: Vec<(i128, u64)> = gains(election, outcome, true)
        .into_iter()
        .enumerate()
        .map(|(group, sum)| (sum, times(group)))
        .collect();
    let empty = voters - sums.iter().map(|(_, times)| times).sum::<u64>();
    sums.push((0, empty));
    Measures {
        voters,
        without_winner: voters - with,
        winners_each: all as f64 / voters.max(1) as f64,
        gini: gini(sums),
    }
}

fn gini(mut sums: Vec<(i128, u64)>) -> f64 {
    sums.sort_unstable();
    let (mut before, mut weighted, mut total) = (0.0, 0.0, 0.0);
    for (sum, times) in sums {
        let times = times as f64;
        // The ranks of `times` equal ones are before+1 … before+times.
        weighted += sum as f64 * times * (before + (times + 1.0) / 2.0);
        total += sum as f64 * times;
        before += times;
    }
    if total == 0.0 { 0.0 } else { 2.0 * weighted / (before * total) - (before + 1.0) / before }
}

/// The same ballots counted by several rules.
pub fn side_by_side(election: &Election, rules: &[Rule]) -> Result<Vec<(Outcome, Measures)>, Refusal> {
    let count = |rule| {
        let outcome = crate::count(election, rule)?;
        let measures = measure(election, &outcome);
        Ok((outcome, measures))
    };
    rules.iter().map(count).collect()
}
