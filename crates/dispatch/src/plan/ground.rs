//! What is worked out once for a problem, so that the search only adds and compares.

use std::borrow::Cow;

use crate::plan::problem::{Crew, NEVER, Problem};
use crate::plan::route::Walk;

/// No route: the job is left over.
pub(crate) const NOWHERE: u32 = u32::MAX;
/// Jobs whose neighbours are looked at; more are never needed for strings of ten.
const MOST_NEIGHBOURS: usize = 400;

/// What is worked out once for a problem.
pub(crate) struct Ground<'a> {
    pub problem: &'a Problem,
    /// Travel the other way round: what leads to a place stands in one row. Empty where one job is asked about.
    time_to: Vec<i32>,
    cost_to: Vec<i32>,
    /// Which crews could do a job at all.
    pub suits: Vec<Vec<u32>>,
    /// Every job's nearest jobs, itself first.
    pub near: Vec<Vec<u32>>,
    /// Crews with the same number are the same while they have no stop.
    pub class: Vec<u32>,
    /// When a crew must be through: the shift's end, or what its locked stops need.
    pub ends: Vec<i64>,
    pub locked: Vec<bool>,
    /// The jobs that wait for a job.
    pub waiting: Vec<Vec<u32>>,
    pub ordered: bool,
    /// Something costs more when it comes later.
    pub soft: bool,
}

impl<'a> Ground<'a> {
    /// The problem must be valid.
    pub fn new(problem: &'a Problem) -> Self {
        let size = problem.travel.size;
        let turned = |matrix: &[i32]| -> Vec<i32> {
            (0..size * size).map(|at| matrix[at % size * size + at / size]).collect()
        };
        Ground {
            near: near(problem),
            time_to: turned(&problem.travel.time),
            cost_to: problem.travel.cost.as_deref().map(turned).unwrap_or_default(),
            ..Ground::for_one(problem)
        }
    }

    /// Enough to put one job in.
    pub fn for_one(problem: &'a Problem) -> Self {
        let jobs = problem.jobs.len();
        let suits = (0..jobs)
            .map(|job| {
                let suited = (0..problem.crews.len()).filter(|crew| problem.suits(job, *crew));
                suited.map(|crew| crew as u32).collect()
            })
            .collect();
        let mut waiting = vec![Vec::new(); jobs];
        for (index, job) in problem.jobs.iter().enumerate() {
            if let Some(after) = job.after {
                waiting[after].push(index as u32);
            }
        }
        let mut locked = vec![false; jobs];
        problem.crews.iter().flat_map(|crew| &crew.locked).for_each(|job| locked[*job] = true);
        let mut ground = Ground {
            problem,
            time_to: Vec::new(),
            cost_to: Vec::new(),
            suits,
            near: Vec::new(),
            class: classes(problem),
            ends: problem.crews.iter().map(Crew::ends).collect(),
            locked,
            ordered: problem.jobs.iter().any(|job| job.after.is_some()),
            waiting,
            soft: problem.crews.iter().any(|crew| crew.overtime_until.is_some())
                || problem.jobs.iter().any(|job| job.late_weight > 0 && job.due < NEVER),
        };
        for (index, crew) in problem.crews.iter().enumerate() {
            let mut walk = Walk::new(crew);
            for job in &crew.locked {
                walk.go(problem, crew, *job, i64::MIN, true);
            }
            ground.ends[index] = ground.ends[index].max(walk.home(problem, crew));
        }
        ground
    }

    pub fn late(&self, job: usize, begin: i64) -> i64 {
        let job = &self.problem.jobs[job];
        (begin - job.due).max(0) * job.late_weight
    }

    pub fn overtime(&self, crew: &Crew, end: i64) -> i64 {
        (end - crew.until).max(0) * self.problem.weights.overtime
    }

    pub fn change(&self, job: usize, crew: usize) -> i64 {
        match self.problem.jobs[job].held_by {
            Some(holder) if holder != crew => self.problem.weights.change,
            _ => 0,
        }
    }

    pub fn leg(&self, from: usize, to: usize) -> i64 {
        self.problem.travel.cost(from, to) * self.problem.weights.travel
    }

    /// Time and cost from a place to every other, and from every other to it.
    pub fn rows(&self, place: usize) -> Rows<'_> {
        let travel = &self.problem.travel;
        let row = place * travel.size..(place + 1) * travel.size;
        let cost = travel.cost.as_deref();
        Rows {
            time_from: &travel.time[row.clone()],
            time_to: to_place(&self.time_to, &travel.time, travel.size, place),
            cost_from: &cost.unwrap_or(&travel.time)[row],
            cost_to: cost.map(|cost| to_place(&self.cost_to, cost, travel.size, place)),
        }
    }
}

/// What leads to a place: its row of the turned matrix, or its column where nothing was turned.
fn to_place<'m>(turned: &'m [i32], matrix: &[i32], size: usize, place: usize) -> Cow<'m, [i32]> {
    match turned.is_empty() {
        true => (0..size).map(|from| matrix[from * size + place]).collect(),
        false => Cow::Borrowed(&turned[place * size..(place + 1) * size]),
    }
}

pub(crate) struct Rows<'a> {
    pub time_from: &'a [i32],
    pub time_to: Cow<'a, [i32]>,
    pub cost_from: &'a [i32],
    /// Where it is not the time.
    pub cost_to: Option<Cow<'a, [i32]>>,
}

/// Neighbours by travel there and back.
fn near(problem: &Problem) -> Vec<Vec<u32>> {
    let place = |job: usize| problem.jobs[job].place;
    let most = problem.jobs.len().min(MOST_NEIGHBOURS);
    (0..problem.jobs.len())
        .map(|job| {
            let away = |other: u32| {
                let (a, b) = (place(job), place(other as usize));
                (other as usize != job, problem.travel.cost(a, b) + problem.travel.cost(b, a))
            };
            let mut others: Vec<u32> = (0..problem.jobs.len() as u32).collect();
            if most > 0 && most < others.len() {
                others.select_nth_unstable_by_key(most - 1, |other| away(*other));
                others.truncate(most);
            }
            others.sort_by_key(|other| away(*other));
            others
        })
        .collect()
}

fn classes(problem: &Problem) -> Vec<u32> {
    let mut known: Vec<&Crew> = Vec::new();
    let alike = |a: &Crew, b: &Crew| *a == Crew { id: a.id, ..b.clone() };
    // A job that names a crew tells it from all others.
    let named: std::collections::HashSet<usize> =
        problem.jobs.iter().flat_map(|job| [job.only, job.held_by]).flatten().collect();
    problem
        .crews
        .iter()
        .enumerate()
        .map(|(index, crew)| {
            let found = (!named.contains(&index)).then(|| known.iter().position(|other| alike(other, crew)));
            found.flatten().unwrap_or_else(|| {
                known.push(crew);
                known.len() - 1
            }) as u32
        })
        .collect()
}
