//! What is different between the plan that crews hold and another one: "six orders move, 41 minutes less on the road".

use serde::{Deserialize, Serialize};

use crate::plan::{Fault, Plan, Problem, Sum, check, schedule};

/// A job in both plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    pub job: usize,
    /// The crews that have it before and after; none when nobody does.
    pub from: Option<usize>,
    pub to: Option<usize>,
    /// When work begins, before and after.
    pub was: Option<i64>,
    pub now: Option<i64>,
}

/// From one plan to another of the same problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diff {
    /// Jobs that change hands, those that come in and those that drop out among them.
    pub moved: Vec<Move>,
    /// Jobs that stay with their crew and begin later, or earlier.
    pub later: Vec<Move>,
    pub earlier: Vec<Move>,
    /// Jobs in time before and late after (or done before and left over after, when they have a promise), and the
    /// other way round.
    pub made_late: Vec<usize>,
    pub saved: Vec<usize>,
    /// Crews whose stops or their order are not what they were.
    pub crews: Vec<usize>,
    pub before: Sum,
    pub after: Sum,
}

impl Diff {
    /// Nothing that anybody would have to be told.
    pub fn is_nothing(&self) -> bool {
        self.moved.is_empty() && self.later.is_empty() && self.earlier.is_empty() && self.crews.is_empty()
    }

    /// Seconds less on the road, below nought when more.
    pub fn travel_saved(&self) -> i64 {
        self.before.travel - self.after.travel
    }
}

/// Compares two plans that are both possible.
pub fn diff(problem: &Problem, before: &Plan, after: &Plan) -> Result<Diff, Fault> {
    let sums = (check(problem, before)?, check(problem, after)?);
    let (was, now) = (places(problem, before)?, places(problem, after)?);
    let mut diff = Diff {
        moved: Vec::new(),
        later: Vec::new(),
        earlier: Vec::new(),
        made_late: Vec::new(),
        saved: Vec::new(),
        crews: (0..problem.crews.len()).filter(|crew| before.routes[*crew] != after.routes[*crew]).collect(),
        before: sums.0,
        after: sums.1,
    };
    for (job, (was, now)) in was.iter().zip(&now).enumerate() {
        let change = Move {
            job,
            from: was.map(|(crew, _)| crew),
            to: now.map(|(crew, _)| crew),
            was: was.map(|(_, begin)| begin),
            now: now.map(|(_, begin)| begin),
        };
        match (change.from == change.to, change.was.cmp(&change.now)) {
            (false, _) => diff.moved.push(change),
            (true, std::cmp::Ordering::Less) => diff.later.push(change),
            (true, std::cmp::Ordering::Greater) => diff.earlier.push(change),
            (true, std::cmp::Ordering::Equal) => {}
        }
        let promised = problem.jobs[job].late_weight > 0;
        let broken = |begin: Option<i64>| promised && begin.is_none_or(|begin| begin > problem.jobs[job].due);
        match (broken(change.was), broken(change.now)) {
            (false, true) => diff.made_late.push(job),
            (true, false) => diff.saved.push(job),
            _ => {}
        }
    }
    Ok(diff)
}

/// Crew and begin of each job.
fn places(problem: &Problem, plan: &Plan) -> Result<Vec<Option<(usize, i64)>>, Fault> {
    let mut places = vec![None; problem.jobs.len()];
    for (crew, stops) in schedule(problem, plan)?.iter().enumerate() {
        for stop in stops {
            places[stop.job] = Some((crew, stop.begin));
        }
    }
    Ok(places)
}
