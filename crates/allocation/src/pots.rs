//! Several pots of money: one for each neighbourhood and one for the city.
//!
//! Each pot is an election of its own, with its own money and projects. A ballot takes part in every pot of which it
//! names a project, and in none other: who lives elsewhere does not dilute the shares. What the others leave over may
//! go to one pot, which is then counted last.

use crate::election::{Ballots, Election, Refusal};
use crate::outcome::Outcome;
use crate::rule::Rule;

/// Money for some projects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pot {
    pub name: String,
    pub budget: i64,
    /// Numbers in the whole election. A project that is in no pot cannot win.
    pub projects: Vec<usize>,
}

/// What became of one pot; projects are numbered as in the whole election.
#[derive(Debug, Clone)]
pub struct Counted {
    pub name: String,
    /// With what others left over.
    pub budget: i64,
    pub voters: u64,
    pub outcome: Outcome,
}

/// Counts every pot in order, the one that inherits last. Caps and exclusions hold within a pot.
pub fn count(
    election: &Election,
    pots: &[Pot],
    heir: Option<usize>,
    rule: &Rule,
) -> Result<Vec<Counted>, Refusal> {
    election.check()?;
    let mut order: Vec<usize> = (0..pots.len()).filter(|at| Some(*at) != heir).collect();
    order.extend(heir.filter(|heir| *heir < pots.len()));
    let mut over = 0i64;
    let mut counted: Vec<(usize, Counted)> = Vec::new();
    for at in order {
        let mut own = of(election, &pots[at])?;
        if Some(at) == heir {
            own.budget = own.budget.saturating_add(over);
        }
        let mut outcome = crate::count(&own, rule)?;
        over = over.saturating_add(own.budget - outcome.spent);
        outcome.rename(&pots[at].projects);
        let (budget, voters) = (own.budget, own.ballots.cast());
        counted.push((at, Counted { name: pots[at].name.clone(), budget, voters, outcome }));
    }
    counted.sort_by_key(|(at, _)| *at);
    Ok(counted.into_iter().map(|(_, counted)| counted).collect())
}

/// The election of one pot; its projects are numbered as in `pot.projects`.
pub fn of(election: &Election, pot: &Pot) -> Result<Election, Refusal> {
    let mut place = vec![None; election.projects.len()];
    for (at, project) in pot.projects.iter().enumerate() {
        *place.get_mut(*project).ok_or(Refusal::Limit(*project))? = Some(at);
    }
    let within = |members: &[usize]| -> Vec<usize> { members.iter().filter_map(|at| place[*at]).collect() };
    let mut ballots = Ballots::default();
    for group in 0..election.ballots.groups() {
        let choice = election.ballots.choice(group);
        let mut own: Vec<(u32, u32)> =
            choice.filter_map(|(at, points)| Some((place[at as usize]? as u32, points))).collect();
        if !own.is_empty() {
            ballots.put(&mut own, election.ballots.times(group))?;
        }
    }
    Ok(Election {
        budget: pot.budget,
        projects: pot.projects.iter().map(|at| election.projects[*at].clone()).collect(),
        ballots,
        exclusions: election.exclusions.iter().map(|members| within(members)).collect(),
        caps: election
            .caps
            .iter()
            .map(|cap| crate::Cap { limit: cap.limit, members: within(&cap.members) })
            .collect(),
    })
}
