//! Why a job was left over: nobody is left with a bare "no".

use serde::{Deserialize, Serialize};

use crate::plan::{Plan, Problem, ProblemError, insert};

/// The nearest reason, from "nobody could ever" to "others were dearer".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// No crew of the day has the skills.
    NoSkill,
    /// Crews with the skills lack the equipment.
    NoEquipment,
    /// It is for one crew only, and that crew cannot.
    NotThatCrew,
    /// No suitable vehicle is large enough.
    TooHeavy,
    /// Nobody suitable can be there in its window within their shift, even with nothing else to do.
    OutOfReach,
    /// What it waits for is left over too.
    WaitsForAnother,
    /// It would fit only where other work is worth more.
    DayFull,
    /// It would fit, and costs more than leaving it.
    NotWorthIt,
}

/// Every left-over job with its reason.
pub fn left_over(problem: &Problem, plan: &Plan) -> Result<Vec<(usize, Reason)>, ProblemError> {
    problem.validate()?;
    plan.left_over
        .iter()
        .filter(|job| **job < problem.jobs.len())
        .map(|&job| Ok((job, reason(problem, plan, job)?)))
        .collect()
}

fn reason(problem: &Problem, plan: &Plan, index: usize) -> Result<Reason, ProblemError> {
    let job = &problem.jobs[index];
    let skilled = || problem.crews.iter().filter(|crew| job.skills & !crew.skills == 0);
    let equipped = || skilled().filter(|crew| job.equipment & !crew.equipment == 0);
    if skilled().next().is_none() {
        return Ok(Reason::NoSkill);
    }
    if equipped().next().is_none() {
        return Ok(Reason::NoEquipment);
    }
    let fits = |crew: &&crate::plan::Crew| job.load.iter().zip(&crew.capacity).all(|(l, c)| l <= c);
    if !equipped().any(|crew| fits(&crew)) {
        return Ok(Reason::TooHeavy);
    }
    if !(0..problem.crews.len()).any(|crew| problem.suits(index, crew)) {
        return Ok(Reason::NotThatCrew);
    }
    if job.after.is_some_and(|after| plan.left_over.contains(&after)) {
        return Ok(Reason::WaitsForAnother);
    }
    if !insert(problem, plan, index, 1)?.is_empty() {
        return Ok(Reason::NotWorthIt);
    }
    // With nothing but what is locked, would anybody be in time?
    let bare = Plan {
        routes: problem.crews.iter().map(|crew| crew.locked.clone()).collect(),
        left_over: Vec::new(),
    };
    let alone = Problem { jobs: problem.jobs.clone(), ..problem.clone() };
    let mut alone = alone;
    alone.jobs[index].after = None;
    match insert(&alone, &bare, index, 1)?.is_empty() {
        true => Ok(Reason::OutOfReach),
        false => Ok(Reason::DayFull),
    }
}
