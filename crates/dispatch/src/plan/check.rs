//! An independent look at a plan: is it possible, and what does it cost? It walks every route from its beginning and
//! shares no arithmetic with the search.

use serde::{Deserialize, Serialize};

use crate::plan::{Plan, Problem};

/// What a plan costs, part by part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// Everything, weighted.
    pub cost: i64,
    pub travel: i64,
    /// Seconds of lateness, not weighted.
    pub late: i64,
    pub overtime: i64,
    /// Jobs that another crew held.
    pub changed: i64,
    pub left_over: i64,
    /// Crews with at least one stop.
    pub crews: i64,
}

/// What makes a plan impossible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the plan has {given} routes for {crews} crews")]
    Routes { given: usize, crews: usize },
    #[error("job {job} is not there, or stands twice, or nowhere")]
    NotOnce { job: usize },
    #[error("crew {crew} lacks what job {job} needs")]
    Unsuited { crew: usize, job: usize },
    #[error("crew {crew} comes too late to job {job}")]
    TooLate { crew: usize, job: usize },
    #[error("crew {crew} carries too much")]
    TooHeavy { crew: usize },
    #[error("the shift of crew {crew} is over before its work")]
    ShiftOver { crew: usize },
    #[error("crew {crew} has no time for its break")]
    NoBreak { crew: usize },
    #[error("the locked stops of crew {crew} were moved")]
    LockBroken { crew: usize },
    #[error("job {job} begins before the job it waits for is done")]
    OutOfOrder { job: usize },
}

/// Walks a plan of a valid problem.
pub fn check(problem: &Problem, plan: &Plan) -> Result<Sum, Fault> {
    if plan.routes.len() != problem.crews.len() {
        return Err(Fault::Routes { given: plan.routes.len(), crews: problem.crews.len() });
    }
    let mut seen = vec![false; problem.jobs.len()];
    for &job in plan.routes.iter().flatten().chain(&plan.left_over) {
        match seen.get_mut(job) {
            Some(seen) if !*seen => *seen = true,
            _ => return Err(Fault::NotOnce { job }),
        }
    }
    if let Some(job) = seen.iter().position(|seen| !seen) {
        return Err(Fault::NotOnce { job });
    }
    let begins = begins(problem, plan);
    let mut sum = Sum::default();
    for crew in 0..problem.crews.len() {
        walk(problem, plan, crew, &begins, &mut sum)?;
    }
    for &job in &plan.left_over {
        sum.left_over += 1;
        sum.cost += problem.jobs[job].worth;
    }
    Ok(sum)
}

/// When each planned job begins, once what it waits for is known: routes are walked until nothing moves any more.
fn begins(problem: &Problem, plan: &Plan) -> Vec<Option<i64>> {
    let mut begins = vec![None; problem.jobs.len()];
    for _ in 0..=problem.jobs.len() {
        let before = begins.clone();
        for (crew, stops) in plan.routes.iter().enumerate() {
            for (job, _, _, begin) in times(problem, crew, stops, &before).0 {
                begins[job] = Some(begin);
            }
        }
        if begins == before || problem.jobs.iter().all(|job| job.after.is_none()) {
            break;
        }
    }
    begins
}

/// A stop with when the crew leaves for it, arrives and begins.
type Timed = (usize, i64, i64, i64);

/// The stops of each crew of a plan with their times.
pub(crate) fn times_of(problem: &Problem, plan: &Plan) -> Vec<Vec<Timed>> {
    let begins = begins(problem, plan);
    let crews = plan.routes.iter().enumerate();
    crews.map(|(crew, stops)| times(problem, crew, stops, &begins).0).collect()
}

/// Times of a route's stops, when it is through, and when its break began if it took one.
fn times(
    problem: &Problem,
    crew_index: usize,
    stops: &[usize],
    begins: &[Option<i64>],
) -> (Vec<Timed>, i64, Option<i64>) {
    let crew = &problem.crews[crew_index];
    let (mut at, mut time, mut rested) = (crew.start, crew.from, None);
    let mut times = Vec::new();
    for (position, &index) in stops.iter().enumerate() {
        let job = &problem.jobs[index];
        let mut earliest = job.earliest;
        if let Some(after) = job.after
            && let Some(begin) = begins[after]
            && position >= crew.locked.len()
        {
            earliest = earliest.max(begin + problem.jobs[after].service);
        }
        if let Some(rest) = crew.rest
            && rested.is_none()
            && crew.from <= rest.latest
        {
            let done = earliest.max(time + problem.travel.time(at, job.place)) + job.service;
            if time >= rest.earliest || done > rest.latest {
                let begin = time.max(rest.earliest);
                rested = Some(begin);
                time = begin + rest.length;
            }
        }
        let arrive = time + problem.travel.time(at, job.place);
        let begin = earliest.max(arrive);
        times.push((index, time, arrive, begin));
        time = begin + job.service;
        at = job.place;
    }
    let home = crew.end.map_or(0, |end| problem.travel.time(at, end));
    (times, time + home, rested)
}

fn walk(
    problem: &Problem,
    plan: &Plan,
    index: usize,
    begins: &[Option<i64>],
    sum: &mut Sum,
) -> Result<(), Fault> {
    let (crew, stops) = (&problem.crews[index], &plan.routes[index]);
    let locked = crew.locked.len();
    if stops.get(..locked) != Some(&crew.locked[..]) {
        return Err(Fault::LockBroken { crew: index });
    }
    let Some(&last) = stops.last() else { return Ok(()) };
    let (times, end, rested) = times(problem, index, stops, begins);
    let mut load = [0; crate::plan::problem::LOADS];
    let mut at = crew.start;
    for (position, &(job_index, _, _, begin)) in times.iter().enumerate() {
        let job = &problem.jobs[job_index];
        if position >= locked {
            if !problem.suits(job_index, index) {
                return Err(Fault::Unsuited { crew: index, job: job_index });
            }
            if begin > job.latest {
                return Err(Fault::TooLate { crew: index, job: job_index });
            }
            if let Some(after) = job.after {
                let done = begins[after].map(|begin| begin + problem.jobs[after].service);
                if done.is_none_or(|done| begin < done) {
                    return Err(Fault::OutOfOrder { job: job_index });
                }
            }
        }
        let leg = problem.travel.cost(at, job.place);
        sum.travel += leg;
        let late = (begin - job.due).max(0);
        if job.late_weight > 0 {
            sum.late += late;
        }
        let changed = i64::from(job.held_by.is_some_and(|holder| holder != index));
        sum.changed += changed;
        sum.cost += leg * problem.weights.travel + late * job.late_weight + changed * problem.weights.change;
        load.iter_mut().zip(job.load).for_each(|(sum, load)| *sum += load);
        at = job.place;
    }
    if stops.len() > locked && load.iter().zip(&crew.capacity).any(|(load, capacity)| load > capacity) {
        return Err(Fault::TooHeavy { crew: index });
    }
    let free_at = |count: usize| self::times(problem, index, &stops[..count], begins).1;
    if end > crew.overtime_until.unwrap_or(crew.until).max(free_at(locked)) {
        return Err(Fault::ShiftOver { crew: index });
    }
    let rest_late = crew.rest.zip(rested).is_some_and(|(rest, begin)| begin > rest.latest);
    let rest_locked = crew.rest.zip(self::times(problem, index, &stops[..locked], begins).2).is_some();
    if rest_late && !rest_locked {
        return Err(Fault::NoBreak { crew: index });
    }
    if let Some(home) = crew.end {
        let leg = problem.travel.cost(problem.jobs[last].place, home);
        sum.travel += leg;
        sum.cost += leg * problem.weights.travel;
    }
    let overtime = (end - crew.until).max(0);
    sum.overtime += overtime;
    sum.cost += overtime * problem.weights.overtime;
    sum.crews += 1;
    Ok(())
}
