//! One more job into running routes: where it would fit, when it would begin, and what it does to the others.
//!
//! Inserting alone loses urgent jobs once a day is full; a caller who may move other stops lets [`plan`](super::plan())
//! repair the day afterwards.

use serde::{Deserialize, Serialize};

use crate::plan::ground::{Ground, NOWHERE};
use crate::plan::search::State;
use crate::plan::{Plan, Problem, ProblemError};

/// One crew's best place for a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub crew: usize,
    /// Where in the crew's stops.
    pub position: usize,
    /// When work would begin.
    pub begin: i64,
    /// What the plan would cost more, weighted.
    pub cost: i64,
    /// By how much later the crew's other stops would begin, taken together.
    pub delay: i64,
    /// Other stops that would begin after they were promised, and did not before.
    pub made_late: Vec<usize>,
}

/// The cheapest `most` crews for a job that no crew has yet, the cheapest first; empty when none can take it.
pub fn insert(
    problem: &Problem,
    plan: &Plan,
    job: usize,
    most: usize,
) -> Result<Vec<Candidate>, ProblemError> {
    problem.validate()?;
    let ground = Ground::for_one(problem);
    let mut state = State::new(&ground, 0);
    state.begin_with(Some(plan));
    if job >= problem.jobs.len() || state.places.route[job] != NOWHERE {
        return Ok(Vec::new());
    }
    let mut found: Vec<(i64, usize, usize)> =
        ground.suits[job].iter().filter_map(|crew| best_in(&state, *crew as usize, job)).collect();
    found.sort_unstable();
    found.truncate(most);
    let mut candidates: Vec<Candidate> =
        found.into_iter().filter_map(|(_, crew, position)| shown(&mut state, crew, position, job)).collect();
    candidates.sort_by_key(|candidate| (candidate.cost, candidate.crew));
    Ok(candidates)
}

fn best_in(state: &State<'_>, crew: usize, job: usize) -> Option<(i64, usize, usize)> {
    let (ground, route) = (state.ground, &state.routes[crew]);
    if !route.has_room(ground, crew, job) {
        return None;
    }
    let (price, position) = route.cheapest(ground, crew, job, i64::MAX, &state.places, || false)?;
    Some((price, crew, position))
}

/// What it would look like, tried out and taken back.
fn shown(state: &mut State<'_>, crew: usize, position: usize, job: usize) -> Option<Candidate> {
    let problem = state.ground.problem;
    let (routes, before) = (state.routes.clone(), state.routes_cost());
    state.routes[crew].jobs.insert(position, job as u32);
    state.places.route[job] = crew as u32;
    let possible = state.renew(crew);
    let cost = state.routes_cost() - before;
    let after = std::mem::replace(&mut state.routes, routes);
    state.places.route[job] = NOWHERE;
    for crew in 0..after.len() {
        state.renew(crew);
    }
    if !possible {
        return None;
    }
    let mut candidate = Candidate {
        crew,
        position,
        begin: after[crew].begin[position],
        cost,
        delay: 0,
        made_late: Vec::new(),
    };
    let stops = after[crew].jobs.iter().zip(&after[crew].begin).filter(|(stop, _)| **stop as usize != job);
    for ((stop, now), was) in stops.zip(&state.routes[crew].begin) {
        let due = problem.jobs[*stop as usize].due;
        candidate.delay += now - was;
        if *now > due && *was <= due {
            candidate.made_late.push(*stop as usize);
        }
    }
    Some(candidate)
}
