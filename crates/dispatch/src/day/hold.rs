//! What crews hold, as far as it is possible: a day that went differently leaves plans that nobody can keep.

use crate::plan::{Fault, Plan, Problem, check};

/// Takes stops out until the plan is possible; what was taken out is left over.
pub(super) fn possible(problem: &Problem, routes: Vec<Vec<usize>>) -> Plan {
    let mut plan = Plan { routes, left_over: Vec::new() };
    for (route, crew) in plan.routes.iter_mut().zip(&problem.crews) {
        route.retain(|job| !crew.locked.contains(job));
        route.splice(0..0, crew.locked.iter().copied());
    }
    let there: std::collections::HashSet<usize> = plan.routes.iter().flatten().copied().collect();
    plan.left_over = (0..problem.jobs.len()).filter(|job| !there.contains(job)).collect();
    // Each round takes one stop out, so it ends.
    for _ in 0..problem.jobs.len() {
        let out = match check(problem, &plan) {
            Ok(_) => return plan,
            Err(Fault::TooLate { crew, job } | Fault::Unsuited { crew, job }) => Some((crew, Some(job))),
            Err(Fault::OutOfOrder { job }) => {
                plan.routes.iter().position(|route| route.contains(&job)).map(|crew| (crew, Some(job)))
            }
            Err(Fault::TooHeavy { crew } | Fault::ShiftOver { crew } | Fault::NoBreak { crew }) => {
                Some((crew, None))
            }
            Err(_) => None,
        };
        let Some((crew, job)) = out else { break };
        let locked = problem.crews.get(crew).map_or(0, |crew| crew.locked.len());
        let Some(route) = plan.routes.get_mut(crew) else { break };
        let at = match job {
            Some(job) => route.iter().position(|stop| *stop == job),
            None => route.len().checked_sub(1),
        };
        let Some(at) = at.filter(|at| *at >= locked) else { break };
        plan.left_over.push(route.remove(at));
    }
    plan.left_over.sort_unstable();
    if check(problem, &plan).is_ok() { plan } else { bare(problem) }
}

/// Nothing but where crews are.
fn bare(problem: &Problem) -> Plan {
    let routes: Vec<Vec<usize>> = problem.crews.iter().map(|crew| crew.locked.clone()).collect();
    let there: Vec<usize> = routes.iter().flatten().copied().collect();
    let left_over = (0..problem.jobs.len()).filter(|job| !there.contains(job)).collect();
    Plan { routes, left_over }
}
