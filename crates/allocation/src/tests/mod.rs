//! What the rules promise: the same winners as the slow way that works with fractions only, nothing overspent, nothing
//! decided by the order in which ballots came.

mod naive; // each rule as its paper has it, in fractions
mod papers; // worked examples
mod refused; // what is no election
mod same; // the engine against the slow way, on thousands of small elections
mod told; // reasons, stories and measures
mod towns; // files

use crate::{Ballots, Completion, Election, Increase, Method, Project, Rule, Ties};

/// An election from costs and ballots; every number of a ballot is a project.
pub fn election(budget: i64, costs: &[i64], ballots: &[(u32, &[u32])]) -> Election {
    let mut put = Ballots::default();
    for (times, named) in ballots {
        put.put(&mut named.iter().map(|project| (*project, 1)).collect(), *times).unwrap();
    }
    let projects =
        costs.iter().enumerate().map(|(at, cost)| Project { id: format!("p{at}"), cost: *cost }).collect();
    Election { budget, projects, ballots: put, ..Election::default() }
}

pub fn rule(method: Method, increase: Increase) -> Rule {
    Rule {
        completion: Completion { increase, ..Completion::NONE },
        ties: Ties::Published,
        ..Rule::of(method)
    }
}

pub fn winners(election: &Election, rule: &Rule) -> Vec<usize> {
    crate::count(election, rule).unwrap().winners
}
