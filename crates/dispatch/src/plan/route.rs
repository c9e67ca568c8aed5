//! One crew's stops, with their times.
//!
//! A route keeps when work begins at each stop and how late it could begin without breaking anything after it, so
//! that most insertions are judged in a handful of additions. Where a break or an order between jobs is involved, the
//! whole route is walked instead.

use crate::plan::ground::{Ground, NOWHERE};
use crate::plan::problem::{Crew, LOADS, Problem};

/// A crew on its way.
pub(crate) struct Walk {
    time: i64,
    at: usize,
    rested: bool,
}

impl Walk {
    pub fn new(crew: &Crew) -> Self {
        // A break whose window is over was taken, or is not taken any more.
        let rested = crew.rest.is_none_or(|rest| crew.from > rest.latest);
        Walk { time: crew.from, at: crew.start, rested }
    }

    /// Goes on to a job and returns when work begins there; `None` when its window or the break's is missed.
    /// `floor` is when what it waits for is done. What is locked may be late.
    pub fn go(
        &mut self,
        problem: &Problem,
        crew: &Crew,
        job: usize,
        floor: i64,
        locked: bool,
    ) -> Option<i64> {
        let job = &problem.jobs[job];
        let leg = problem.travel.time(self.at, job.place);
        let earliest = job.earliest.max(floor);
        if let Some(rest) = crew.rest.filter(|_| !self.rested) {
            let done = (self.time + leg).max(earliest) + job.service;
            if self.time >= rest.earliest || done > rest.latest {
                let begin = self.time.max(rest.earliest);
                if begin > rest.latest && !locked {
                    return None;
                }
                self.time = begin + rest.length;
                self.rested = true;
            }
        }
        let begin = (self.time + leg).max(earliest);
        self.time = begin + job.service;
        self.at = job.place;
        (locked || begin <= job.latest).then_some(begin)
    }

    /// When the crew is through.
    pub fn home(&self, problem: &Problem, crew: &Crew) -> i64 {
        self.time + crew.end.map_or(0, |end| problem.travel.time(self.at, end))
    }
}

#[derive(Debug, Default)]
pub(crate) struct Route {
    pub jobs: Vec<u32>,
    /// When work begins at each stop.
    pub begin: Vec<i64>,
    /// How late it could begin there without breaking a window after it.
    latest: Vec<i64>,
    /// Place by place, with the crew's own first and, where it must end somewhere, that last.
    place: Vec<u32>,
    /// When the crew is free to leave each of them.
    ready: Vec<i64>,
    /// What the way to the next of them costs.
    leg: Vec<i64>,
    /// The stop before which the break is taken.
    rest_at: Option<usize>,
    /// Another number after every change, the same again when a change was taken back.
    pub edition: u64,
    pub load: [i64; LOADS],
    /// When the crew is through.
    pub end: i64,
    pub cost: i64,
}

impl Clone for Route {
    fn clone(&self) -> Self {
        let mut copy = Route::default();
        copy.clone_from(self);
        copy
    }

    // The search copies routes all the time and keeps their room.
    fn clone_from(&mut self, other: &Self) {
        self.jobs.clone_from(&other.jobs);
        self.begin.clone_from(&other.begin);
        self.latest.clone_from(&other.latest);
        self.place.clone_from(&other.place);
        self.ready.clone_from(&other.ready);
        self.leg.clone_from(&other.leg);
        (self.load, self.end, self.cost) = (other.load, other.end, other.cost);
        (self.rest_at, self.edition) = (other.rest_at, other.edition);
    }
}

/// Where every job is at the moment, for jobs that wait for others.
pub(crate) struct Whereabouts {
    pub route: Vec<u32>,
    pub begin: Vec<i64>,
}

impl Route {
    /// Works out times and cost again; `false` when the stops are not possible in this order.
    pub fn renew(&mut self, ground: &Ground<'_>, crew_index: usize, places: &Whereabouts) -> bool {
        let problem = ground.problem;
        let crew = &problem.crews[crew_index];
        let mut walk = Walk::new(crew);
        self.begin.clear();
        self.place.clear();
        self.ready.clear();
        self.leg.clear();
        self.place.push(crew.start as u32);
        self.ready.push(crew.from);
        self.load = [0; LOADS];
        self.cost = 0;
        // Who has no break has it behind them.
        self.rest_at = walk.rested.then_some(0);
        let mut at = crew.start;
        for (position, &job) in self.jobs.iter().enumerate() {
            let job = job as usize;
            let locked = ground.locked[job];
            let Some(floor) = floor(ground, places, &self.jobs[..position], job, crew_index, locked) else {
                return false;
            };
            let Some(begin) = walk.go(problem, crew, job, floor, locked) else { return false };
            if walk.rested && self.rest_at.is_none() {
                self.rest_at = Some(position);
            }
            if !holds_others(ground, places, &self.jobs, job, begin, crew_index) {
                return false;
            }
            let leg = ground.leg(at, problem.jobs[job].place);
            self.cost += leg + ground.late(job, begin) + ground.change(job, crew_index);
            at = problem.jobs[job].place;
            self.begin.push(begin);
            self.place.push(at as u32);
            self.ready.push(begin + problem.jobs[job].service);
            self.leg.push(leg);
            for (sum, load) in self.load.iter_mut().zip(problem.jobs[job].load) {
                *sum += load;
            }
        }
        self.end = walk.home(problem, crew);
        // Nobody drives home who never left.
        let home = crew.end.filter(|_| !self.jobs.is_empty()).map_or(0, |end| ground.leg(at, end));
        self.cost += home;
        self.leg.push(home);
        self.place.extend(crew.end.map(|end| end as u32));
        if !self.jobs.is_empty() {
            self.cost += ground.overtime(crew, self.end);
        }
        let over = |load: &i64, capacity: &i64| load > capacity;
        if self.load.iter().zip(&crew.capacity).any(|(load, capacity)| over(load, capacity))
            && self.jobs.len() > crew.locked.len()
        {
            return false;
        }
        self.renew_latest(ground, crew_index);
        self.jobs.is_empty() || self.end <= ground.ends[crew_index]
    }

    fn renew_latest(&mut self, ground: &Ground<'_>, crew_index: usize) {
        let problem = ground.problem;
        let crew = &problem.crews[crew_index];
        self.latest.clear();
        self.latest.resize(self.jobs.len(), 0);
        let mut after: Option<(usize, i64)> = None;
        for position in (0..self.jobs.len()).rev() {
            let index = self.jobs[position] as usize;
            let job = &problem.jobs[index];
            let bound = match after {
                Some((place, latest)) => latest - problem.travel.time(job.place, place) - job.service,
                None => {
                    let home = crew.end.map_or(0, |end| problem.travel.time(job.place, end));
                    ground.ends[crew_index] - home - job.service
                }
            };
            let latest = if ground.locked[index] { bound } else { bound.min(job.latest) };
            self.latest[position] = latest;
            after = Some((job.place, latest));
        }
    }

    /// The cheapest place for a job that is cheaper than `limit`, with what it costs. `overlook` says of each place
    /// that is looked at whether to pass it by.
    pub fn cheapest(
        &self,
        ground: &Ground<'_>,
        crew_index: usize,
        job: usize,
        mut limit: i64,
        places: &Whereabouts,
        mut overlook: impl FnMut() -> bool,
    ) -> Option<(i64, usize)> {
        let (crew, new) = (&ground.problem.crews[crew_index], &ground.problem.jobs[job]);
        let first = crew.locked.len();
        // The crew must be free before the job's window closes, and begin the next stop in time after it.
        let last = self.ready.partition_point(|ready| *ready <= new.latest);
        let mut best = None;
        if ground.ordered {
            for position in first..last.max(first) {
                if !overlook()
                    && let Some(price) =
                        self.price_by_walking(ground, crew_index, position, job, limit, places)
                {
                    (limit, best) = (price, Some((price, position)));
                }
            }
            return best;
        }
        let soonest = new.earliest + new.service;
        let first = first.max(self.latest.partition_point(|latest| *latest < soonest));
        let rows = ground.rows(new.place);
        let (time_to, cost_to) = (&rows.time_to[..], rows.cost_to.as_deref().unwrap_or(&rows.time_to));
        let weight = ground.problem.weights.travel;
        let always = ground.change(job, crew_index);
        let has_rest = crew.rest.is_some_and(|rest| crew.from <= rest.latest);
        for position in first..last.max(first) {
            let before = self.place[position] as usize;
            let after = self.place.get(position + 1).map(|place| *place as usize);
            let way = i64::from(cost_to[before]) + after.map_or(0, |after| i64::from(rows.cost_from[after]));
            let mut price = way * weight - self.leg[position] + always;
            if price >= limit || overlook() {
                continue;
            }
            let begin = (self.ready[position] + i64::from(time_to[before])).max(new.earliest);
            if begin > new.latest {
                continue;
            }
            if has_rest && self.rest_at.is_none_or(|rest| position <= rest) {
                if let Some(sum) = self.price_with_rest(ground, crew_index, position, job, price, limit) {
                    (limit, best) = (sum, Some((sum, position)));
                }
                continue;
            }
            let then = begin + new.service + after.map_or(0, |after| i64::from(rows.time_from[after]));
            let bound = self.latest.get(position).copied().unwrap_or(ground.ends[crew_index]);
            if then > bound {
                continue;
            }
            if ground.soft {
                price += ground.late(job, begin);
                match self.pushed(ground, crew, position, then, price, limit) {
                    Some(sum) => price = sum,
                    None => continue,
                }
            }
            if price < limit {
                (limit, best) = (price, Some((price, position)));
            }
        }
        best
    }

    /// `price` and what it costs that the stops from `position` on are reached later, the first of them at `then`.
    fn pushed(
        &self,
        ground: &Ground<'_>,
        crew: &Crew,
        position: usize,
        then: i64,
        mut price: i64,
        limit: i64,
    ) -> Option<i64> {
        let problem = ground.problem;
        let mut arrival = then;
        for (index, &stop) in self.jobs.iter().enumerate().skip(position) {
            let job = &problem.jobs[stop as usize];
            let begin = arrival.max(job.earliest);
            if begin <= self.begin[index] {
                // From here on nothing changes.
                return Some(price);
            }
            price += ground.late(stop as usize, begin) - ground.late(stop as usize, self.begin[index]);
            if price >= limit {
                return None;
            }
            let next = self.place.get(index + 2).map(|next| problem.travel.time(job.place, *next as usize));
            arrival = begin + job.service + next.unwrap_or(0);
        }
        let before = if self.jobs.is_empty() { 0 } else { ground.overtime(crew, self.end) };
        Some(price + ground.overtime(crew, arrival) - before)
    }

    /// `price` and what it costs to put a job in before the break: the crew walks on until nothing changes any more.
    fn price_with_rest(
        &self,
        ground: &Ground<'_>,
        crew_index: usize,
        position: usize,
        job: usize,
        mut price: i64,
        limit: i64,
    ) -> Option<i64> {
        let problem = ground.problem;
        let crew = &problem.crews[crew_index];
        let mut walk = Walk { time: self.ready[position], at: self.place[position] as usize, rested: false };
        price += ground.late(job, walk.go(problem, crew, job, i64::MIN, false)?);
        for (index, &stop) in self.jobs.iter().enumerate().skip(position) {
            let begin = walk.go(problem, crew, stop as usize, i64::MIN, false)?;
            let rested = self.rest_at.is_some_and(|rest| rest <= index);
            if walk.rested == rested && begin <= self.begin[index] {
                return (begin == self.begin[index] && price < limit).then_some(price);
            }
            price += ground.late(stop as usize, begin) - ground.late(stop as usize, self.begin[index]);
            if price >= limit {
                return None;
            }
        }
        let end = walk.home(problem, crew);
        let before = if self.jobs.is_empty() { 0 } else { ground.overtime(crew, self.end) };
        price += ground.overtime(crew, end) - before;
        (end <= ground.ends[crew_index] && price < limit).then_some(price)
    }

    /// The same by trying it out: for jobs that wait for others.
    fn price_by_walking(
        &self,
        ground: &Ground<'_>,
        crew_index: usize,
        position: usize,
        job: usize,
        limit: i64,
        places: &Whereabouts,
    ) -> Option<i64> {
        let mut tried = self.clone();
        tried.jobs.insert(position, job as u32);
        let possible = tried.renew(ground, crew_index, places);
        (possible && tried.cost - self.cost < limit).then_some(tried.cost - self.cost)
    }

    pub fn has_room(&self, ground: &Ground<'_>, crew_index: usize, job: usize) -> bool {
        let capacity = &ground.problem.crews[crew_index].capacity;
        let load = &ground.problem.jobs[job].load;
        (0..LOADS).all(|kind| self.load[kind] + load[kind] <= capacity[kind])
    }
}

/// When what a job waits for is done; `None` when it is not planned before it.
fn floor(
    ground: &Ground<'_>,
    places: &Whereabouts,
    before: &[u32],
    job: usize,
    route: usize,
    locked: bool,
) -> Option<i64> {
    let Some(after) = ground.problem.jobs[job].after.filter(|_| !locked) else { return Some(i64::MIN) };
    if before.contains(&(after as u32)) {
        return Some(i64::MIN);
    }
    match places.route[after] {
        NOWHERE => None,
        // It is on this route, and does not come before.
        here if here as usize == route => None,
        _ => Some(places.begin[after] + ground.problem.jobs[after].service),
    }
}

/// Whether jobs of other routes that wait for this one still can.
fn holds_others(
    ground: &Ground<'_>,
    places: &Whereabouts,
    here: &[u32],
    job: usize,
    begin: i64,
    route: usize,
) -> bool {
    ground.waiting[job].iter().all(|&waiting| {
        let other = places.route[waiting as usize];
        other == NOWHERE
            || other as usize == route
            || here.contains(&waiting)
            || ground.locked[waiting as usize]
            || begin + ground.problem.jobs[job].service <= places.begin[waiting as usize]
    })
}
