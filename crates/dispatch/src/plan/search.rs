//! Remove, put back, keep what is better.

use crate::plan::ground::{Ground, NOWHERE};
use crate::plan::route::{Route, Whereabouts};
use crate::plan::{Plan, Problem, ProblemError, Sum, check};

/// How much worse a plan may be and still be followed, at the beginning and at the end, in parts of a tenth of a mean
/// route's travel. Chosen on eleven Solomon and Homberger files at one second.
const WARM: f64 = 1.0;
const COLD: f64 = 0.02;
/// A plan that crews already hold is only polished.
const HELD: f64 = 0.25;
/// Steps between two looks at how much of the budget is used.
const BETWEEN_LOOKS: u64 = 16;
/// How far a moved job is followed through jobs that wait for each other.
const MOST_RENEWED: u32 = 8;

/// How long to search. The engine has no clock: the caller says how much of its patience is used.
pub struct Budget<'a> {
    pub seed: u64,
    /// Given the steps taken so far, the share that is used; at 1.0 the search ends. It may also end it at any moment
    /// by answering 1.0.
    pub used: &'a mut dyn FnMut(u64) -> f64,
}

/// The best plan that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub plan: Plan,
    pub sum: Sum,
    pub steps: u64,
    /// Whether it is better than the plan that was given; if not, it is that plan.
    pub improved: bool,
}

/// Searches for a cheaper plan, from `held` when there is one, and never answers a worse one.
pub fn plan(problem: &Problem, held: Option<&Plan>, budget: Budget<'_>) -> Result<Outcome, ProblemError> {
    problem.validate()?;
    let ground = Ground::new(problem);
    let mut state = State::new(&ground, budget.seed);
    state.known = vec![Known::default(); problem.jobs.len() * problem.crews.len()];
    // What was held counts only as far as it is still possible.
    let known = held.filter(|held| check(problem, held).is_ok());
    state.begin_with(held);
    state.recreate();
    state.forget_step();
    state.save_best();
    let steps = if problem.jobs.is_empty() { 0 } else { state.improve(known.is_some(), budget.used) };
    let plan = state.best_plan();
    let sum = check(problem, &plan).unwrap_or_default();
    if let Some(known) = known
        && let Ok(before) = check(problem, known)
        && before.cost <= sum.cost
    {
        return Ok(Outcome { plan: known.clone(), sum: before, steps, improved: false });
    }
    Ok(Outcome { plan, sum, steps, improved: true })
}

/// What a route last answered about a job.
#[derive(Clone, Copy, Default)]
pub(crate) struct Known {
    /// Of the route; nought is none.
    pub edition: u64,
    pub price: i64,
    pub position: u32,
}

/// The plan that is being worked on.
pub(crate) struct State<'a> {
    pub ground: &'a Ground<'a>,
    pub routes: Vec<Route>,
    pub places: Whereabouts,
    pub absent: Vec<u32>,
    pub random: fastrand::Rng,
    /// Jobs differ in what leaving them costs.
    pub uneven: bool,
    /// How many jobs must come before a job.
    pub depth: Vec<u32>,
    pub ruined: Vec<u32>,
    pub empties: Vec<u32>,
    /// Places that are seen before the next is overlooked.
    pub unseen: u32,
    /// Crew by crew for each job.
    pub known: Vec<Known>,
    editions: u64,
    /// Routes as they were before this step, to go back to.
    saved: Vec<(u32, Route)>,
    touched: Vec<bool>,
    spare: Vec<Route>,
    best: Vec<Vec<u32>>,
    best_absent: Vec<u32>,
    best_cost: i64,
}

impl<'a> State<'a> {
    pub fn new(ground: &'a Ground<'a>, seed: u64) -> Self {
        let problem = ground.problem;
        let (jobs, crews) = (problem.jobs.len(), problem.crews.len());
        let depth = (0..jobs)
            .map(|job| {
                std::iter::successors(problem.jobs[job].after, |j| problem.jobs[*j].after).count() as u32
            })
            .collect();
        let worths = || problem.jobs.iter().map(|job| job.worth);
        State {
            ground,
            routes: vec![Route::default(); crews],
            places: Whereabouts { route: vec![NOWHERE; jobs], begin: vec![0; jobs] },
            absent: Vec::new(),
            random: fastrand::Rng::with_seed(seed),
            uneven: worths().min() != worths().max(),
            depth,
            ruined: Vec::new(),
            empties: Vec::new(),
            unseen: 0,
            known: Vec::new(),
            editions: 0,
            saved: Vec::new(),
            touched: vec![false; crews],
            spare: Vec::new(),
            best: vec![Vec::new(); crews],
            best_absent: Vec::new(),
            best_cost: i64::MAX,
        }
    }

    /// Locked stops first, then the stops of `held` as far as they are possible; the others wait.
    pub fn begin_with(&mut self, held: Option<&Plan>) {
        let problem = self.ground.problem;
        for (route, crew) in problem.crews.iter().enumerate() {
            self.routes[route].jobs = crew.locked.iter().map(|job| *job as u32).collect();
            crew.locked.iter().for_each(|job| self.places.route[*job] = route as u32);
        }
        (0..self.routes.len()).for_each(|route| {
            self.renew(route);
        });
        let held = held.map_or(&[][..], |plan| &plan.routes);
        // Stop by stop, because a job may wait for one of another route.
        let mut next = vec![0; held.len().min(self.routes.len())];
        loop {
            let before = next.clone();
            for (route, next) in next.iter_mut().enumerate() {
                while let Some(&job) = held[route].get(*next) {
                    let there = job < problem.jobs.len() && self.places.route[job] == NOWHERE;
                    let waits = there
                        && problem.jobs[job].after.is_some_and(|after| self.places.route[after] == NOWHERE);
                    if waits {
                        break;
                    }
                    if there && problem.suits(job, route) {
                        self.append(route, job as u32);
                    }
                    *next += 1;
                }
            }
            if next == before {
                break;
            }
        }
        self.absent = (0..problem.jobs.len())
            .filter(|job| self.places.route[*job] == NOWHERE)
            .map(|job| job as u32)
            .collect();
        self.forget_step();
    }

    fn append(&mut self, route: usize, job: u32) {
        self.routes[route].jobs.push(job);
        self.places.route[job as usize] = route as u32;
        if !self.renew(route) {
            self.routes[route].jobs.pop();
            self.places.route[job as usize] = NOWHERE;
            self.renew(route);
        }
    }

    /// Keeps a route as it is now, to be able to go back.
    pub fn touch(&mut self, route: usize) {
        if !std::mem::replace(&mut self.touched[route], true) {
            let mut copy = self.spare.pop().unwrap_or_default();
            copy.clone_from(&self.routes[route]);
            self.saved.push((route as u32, copy));
        }
    }

    /// Works out a route's times again; `false` when its stops are not possible.
    pub fn renew(&mut self, route: usize) -> bool {
        self.renew_with(route, MOST_RENEWED)
    }

    /// With the routes of jobs that wait for jobs of this one, as far as those moved.
    fn renew_with(&mut self, route: usize, depth: u32) -> bool {
        let possible = self.routes[route].renew(self.ground, route, &self.places);
        self.editions += 1;
        self.routes[route].edition = self.editions;
        let mut others = Vec::new();
        for (job, begin) in self.routes[route].jobs.iter().zip(&self.routes[route].begin) {
            let moved = std::mem::replace(&mut self.places.begin[*job as usize], *begin) != *begin;
            if moved && self.ground.ordered {
                let waiting = self.ground.waiting[*job as usize].iter();
                others.extend(waiting.map(|job| self.places.route[*job as usize]));
            }
        }
        others.retain(|other| *other != NOWHERE && *other as usize != route);
        for other in others.into_iter().filter(|_| possible && depth > 0) {
            self.touch(other as usize);
            self.renew_with(other as usize, depth - 1);
        }
        possible
    }

    pub fn cost(&self) -> i64 {
        let left: i64 = self.absent.iter().map(|job| self.ground.problem.jobs[*job as usize].worth).sum();
        left + self.routes_cost()
    }

    pub fn routes_cost(&self) -> i64 {
        self.routes.iter().map(|route| route.cost).sum()
    }

    fn improve(&mut self, warm: bool, used: &mut dyn FnMut(u64) -> f64) -> u64 {
        let used_crews = self.routes.iter().filter(|route| !route.jobs.is_empty()).count().max(1);
        let tenth = (self.travel() as f64 / used_crews as f64 / 10.0).max(1.0);
        let begin = tenth * if warm { WARM * HELD } else { WARM };
        let end = tenth * COLD;
        let mut cost = self.cost();
        let mut absent = self.absent.clone();
        let mut heat = begin;
        let mut steps = 0;
        loop {
            if steps % BETWEEN_LOOKS == 0 {
                let share = used(steps);
                if share >= 1.0 {
                    return steps;
                }
                heat = begin * (end / begin).powf(share.max(0.0));
            }
            steps += 1;
            absent.clone_from(&self.absent);
            self.ruin();
            self.recreate();
            let new = self.cost();
            let bar = cost as f64 - heat * self.random.f64().max(1e-300).ln();
            if (new as f64) < bar {
                cost = new;
                self.forget_step();
                if new < self.best_cost {
                    self.save_best();
                }
            } else {
                self.go_back();
                self.absent.clone_from(&absent);
            }
        }
    }

    fn travel(&self) -> i64 {
        self.routes.iter().enumerate().map(|(crew, route)| self.travel_of(crew, route)).sum()
    }

    fn travel_of(&self, crew: usize, route: &Route) -> i64 {
        let problem = self.ground.problem;
        let mut at = problem.crews[crew].start;
        let mut sum = 0;
        for job in &route.jobs {
            let place = problem.jobs[*job as usize].place;
            sum += problem.travel.cost(at, place) * problem.weights.travel;
            at = place;
        }
        sum
    }

    fn forget_step(&mut self) {
        while let Some((route, copy)) = self.saved.pop() {
            self.touched[route as usize] = false;
            self.spare.push(copy);
        }
    }

    fn go_back(&mut self) {
        // What was put into a touched route first is nowhere, then all are where they were.
        for at in 0..self.saved.len() {
            let route = self.saved[at].0 as usize;
            for job in &self.routes[route].jobs {
                self.places.route[*job as usize] = NOWHERE;
            }
        }
        while let Some((route, mut copy)) = self.saved.pop() {
            let index = route as usize;
            self.touched[index] = false;
            std::mem::swap(&mut self.routes[index], &mut copy);
            for (job, begin) in self.routes[index].jobs.iter().zip(&self.routes[index].begin) {
                self.places.route[*job as usize] = route;
                self.places.begin[*job as usize] = *begin;
            }
            self.spare.push(copy);
        }
    }

    pub fn save_best(&mut self) {
        self.best_cost = self.cost();
        for (best, route) in self.best.iter_mut().zip(&self.routes) {
            best.clone_from(&route.jobs);
        }
        self.best_absent.clone_from(&self.absent);
    }

    fn best_plan(&self) -> Plan {
        let list = |jobs: &Vec<u32>| jobs.iter().map(|job| *job as usize).collect::<Vec<usize>>();
        let mut left_over = list(&self.best_absent);
        left_over.sort_unstable();
        Plan { routes: self.best.iter().map(list).collect(), left_over }
    }
}
