//! When each crew is where: the times of a plan, stop by stop, as people are told them.

use serde::{Deserialize, Serialize};

use crate::plan::check::{Fault, check, times_of};
use crate::plan::{Plan, Problem};

/// One stop of a crew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub job: usize,
    /// When the crew sets out for it: at once when it is free, after its break when that comes before.
    pub leave: i64,
    pub arrive: i64,
    /// Work begins; later than the arrival when the window opens later.
    pub begin: i64,
    pub end: i64,
    /// Seconds after it was promised, nought when in time.
    pub late: i64,
}

/// The stops of each crew with their times. Refuses a plan that is not possible.
pub fn schedule(problem: &Problem, plan: &Plan) -> Result<Vec<Vec<Stop>>, Fault> {
    check(problem, plan)?;
    Ok(times_of(problem, plan)
        .into_iter()
        .map(|stops| {
            stops
                .into_iter()
                .map(|(job, leave, arrive, begin)| {
                    let end = begin + problem.jobs[job].service;
                    Stop { job, leave, arrive, begin, end, late: (begin - problem.jobs[job].due).max(0) }
                })
                .collect()
        })
        .collect())
}
