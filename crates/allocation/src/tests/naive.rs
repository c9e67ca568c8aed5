//! Each rule as its paper has it: fractions only, no shortcut.

use num_bigint::BigInt;
use num_rational::BigRational;

use crate::{Election, Increase};

type Q = BigRational;

fn q(number: i128) -> Q {
    Q::from_integer(BigInt::from(number))
}

/// Supporters of a project: voter by voter, with points.
fn voters(election: &Election) -> Vec<Vec<(usize, u32)>> {
    let mut voters = Vec::new();
    for group in 0..election.ballots.groups() {
        for _ in 0..election.ballots.times(group) {
            voters.push(election.ballots.choice(group).map(|(at, points)| (at as usize, points)).collect());
        }
    }
    voters
}

fn spent(election: &Election, winners: &[usize]) -> i64 {
    winners.iter().map(|at| election.projects[*at].cost).sum()
}

/// One pass with a first share, ties by the published order.
fn pass(election: &Election, by_cost: bool, share: &Q) -> Vec<usize> {
    let voters = voters(election);
    let mut left = vec![share.clone(); voters.len()];
    let wanted = |project: usize| voters.iter().flatten().any(|(at, _)| *at == project);
    let may = |project: &usize| election.projects[*project].cost <= election.budget && wanted(*project);
    let mut winners: Vec<usize> =
        (0..election.projects.len()).filter(may).filter(|at| election.projects[*at].cost == 0).collect();
    let mut open: Vec<usize> =
        (0..election.projects.len()).filter(may).filter(|at| election.projects[*at].cost > 0).collect();
    loop {
        let mut best: Option<(Q, usize, Q)> = None;
        for &project in &open {
            let cost = q(election.projects[project].cost.into());
            let mut own: Vec<(Q, usize, u32)> = Vec::new();
            for (voter, choice) in voters.iter().enumerate() {
                if let Some((_, points)) = choice.iter().find(|(at, _)| *at == project) {
                    own.push((left[voter].clone() / q((*points).into()), voter, *points));
                }
            }
            own.sort();
            let mut rest = cost.clone();
            let mut points: i128 = own.iter().map(|(.., points)| i128::from(*points)).sum();
            for (each, voter, own) in own {
                let price = rest.clone() / q(points);
                if price <= each {
                    let worth = if by_cost { cost.clone() } else { q(1) };
                    let key = price.clone() / worth;
                    if best.as_ref().is_none_or(|(held, ..)| key < *held) {
                        best = Some((key, project, price));
                    }
                    break;
                }
                rest -= left[voter].clone();
                points -= i128::from(own);
            }
        }
        let Some((_, project, price)) = best else { return winners };
        for (voter, choice) in voters.iter().enumerate() {
            if let Some((_, points)) = choice.iter().find(|(at, _)| *at == project) {
                let pays = price.clone() * q((*points).into());
                left[voter] = if left[voter] > pays { left[voter].clone() - pays } else { q(0) };
            }
        }
        open.retain(|at| *at != project);
        winners.push(project);
    }
}

/// The whole method, every step of the completion counted. At most so many steps; `None` when that was not enough.
pub fn shares(election: &Election, by_cost: bool, increase: Increase, most: u64) -> Option<Vec<usize>> {
    let cast = i128::from(election.ballots.cast().max(1));
    let share =
        |at: u64, step: i64| q(election.budget.into()) / q(cast) + q(i128::from(step) * i128::from(at));
    let wanted: Vec<usize> = {
        let votes = election.votes();
        let may = |at: &usize| votes[*at] > 0 && election.projects[*at].cost <= election.budget;
        (0..election.projects.len()).filter(may).collect()
    };
    let mut winners = pass(election, by_cost, &share(0, 0));
    let (step, stops) = match increase {
        Increase::No => return Some(winners),
        Increase::UntilOverspent { step } => (step, false),
        Increase::UntilExhausted { step } => (step, true),
    };
    for at in 1..=most {
        let left = election.budget - spent(election, &winners);
        let mut open = wanted.iter().filter(|project| !winners.contains(project)).peekable();
        if open.peek().is_none() || stops && open.all(|project| election.projects[*project].cost > left) {
            return Some(winners);
        }
        let next = pass(election, by_cost, &share(at, step));
        if spent(election, &next) > election.budget {
            return Some(winners);
        }
        winners = next;
    }
    None
}

/// Sequential Phragmén with ties by the published order.
pub fn phragmen(election: &Election) -> Vec<usize> {
    let voters = voters(election);
    let mut load = vec![q(0); voters.len()];
    let votes = election.votes();
    let may = |at: &usize| votes[*at] > 0 && election.projects[*at].cost <= election.budget;
    let mut open: Vec<usize> = (0..election.projects.len()).filter(may).collect();
    let mut winners = Vec::new();
    loop {
        let names = |voter: usize, project: usize| voters[voter].iter().any(|(at, _)| *at == project);
        let mut keys: Vec<(Q, usize)> = Vec::new();
        for &project in &open {
            let sum: Q = (0..voters.len()).filter(|v| names(*v, project)).map(|v| load[v].clone()).sum();
            keys.push((
                (sum + q(election.projects[project].cost.into())) / q(votes[project].into()),
                project,
            ));
        }
        keys.sort();
        let Some((key, project)) = keys.first().cloned() else { return winners };
        let left = election.budget - spent(election, &winners);
        if keys
            .iter()
            .take_while(|(other, _)| *other == key)
            .any(|(_, at)| election.projects[*at].cost > left)
        {
            return winners;
        }
        (0..voters.len()).filter(|v| names(*v, project)).for_each(|v| load[v] = key.clone());
        open.retain(|at| *at != project);
        winners.push(project);
    }
}
