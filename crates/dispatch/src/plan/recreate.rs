//! Jobs that nobody has are put back, one after the other, where they cost least; now and then a place is overlooked,
//! so that the same hole is not always filled the same way.

use std::cmp::Reverse;

use crate::plan::search::{Known, State};

/// How often a place is overlooked.
const BLINK: f64 = 0.01;

impl State<'_> {
    pub(crate) fn recreate(&mut self) {
        let mut waiting = std::mem::take(&mut self.absent);
        self.sort(&mut waiting);
        for job in waiting {
            match self.cheapest(job as usize) {
                Some((route, position)) => self.put_in(route, position, job),
                None => self.absent.push(job),
            }
        }
    }

    fn sort(&mut self, waiting: &mut [u32]) {
        let problem = self.ground.problem;
        self.random.shuffle(waiting);
        let job = |job: &u32| &problem.jobs[*job as usize];
        // What waits for another comes after it, in whatever order.
        let away = |j: &u32| {
            let place = job(j).place;
            problem.crews.first().map_or(0, |crew| problem.travel.cost(crew.start, place))
        };
        match self.random.u32(0..15) {
            0..4 => {}
            4..7 => waiting.sort_by_key(|j| Reverse(job(j).load)),
            7..9 => waiting.sort_by_key(|j| Reverse(away(j))),
            9 => waiting.sort_by_key(away),
            10..12 => waiting.sort_by_key(|j| job(j).latest - job(j).earliest),
            12 => waiting.sort_by_key(|j| job(j).earliest),
            _ => waiting.sort_by_key(|j| Reverse(job(j).latest.min(job(j).due))),
        }
        // What is worth most comes first, mostly: now and then the order of worth is what stands in the way.
        if self.uneven && self.random.u32(0..4) > 0 {
            waiting.sort_by_key(|j| Reverse(job(j).worth));
        }
        if self.ground.ordered {
            waiting.sort_by_key(|j| self.depth[*j as usize]);
        }
    }

    /// The cheapest place for a job, if any is cheaper than leaving it. A route that did not change since it was last
    /// asked about this job answers the same, so it is not asked again.
    fn cheapest(&mut self, job: usize) -> Option<(usize, usize)> {
        let ground = self.ground;
        let crews = ground.problem.crews.len();
        let mut best = None;
        let mut limit = ground.problem.jobs[job].worth;
        self.empties.clear();
        for &crew in &ground.suits[job] {
            let crew = crew as usize;
            let route = &self.routes[crew];
            if route.jobs.is_empty() {
                // Of crews that are the same and free, one is enough.
                if self.empties.contains(&ground.class[crew]) {
                    continue;
                }
                self.empties.push(ground.class[crew]);
            }
            let known = &mut self.known[job * crews + crew];
            if known.edition != route.edition || ground.ordered {
                let worth = ground.problem.jobs[job].worth;
                let (random, unseen) = (&mut self.random, &mut self.unseen);
                // An answer with a place overlooked is not the last word.
                let mut edition = route.edition;
                let found = route.has_room(ground, crew, job).then(|| {
                    route.cheapest(ground, crew, job, worth, &self.places, || {
                        let passed_by = overlook(random, unseen);
                        edition = if passed_by { 0 } else { edition };
                        passed_by
                    })
                });
                let (price, position) = found.flatten().unwrap_or((i64::MAX, 0));
                *known = Known { edition, price, position: position as u32 };
            } else if overlook(&mut self.random, &mut self.unseen) {
                continue;
            }
            if known.price < limit {
                limit = known.price;
                best = Some((crew, known.position as usize));
            }
        }
        best
    }

    fn put_in(&mut self, route: usize, position: usize, job: u32) {
        self.touch(route);
        self.routes[route].jobs.insert(position, job);
        self.places.route[job as usize] = route as u32;
        self.renew(route);
    }
}

/// How many places are seen before one is overlooked is drawn once, instead of a draw for every place.
fn overlook(random: &mut fastrand::Rng, unseen: &mut u32) -> bool {
    match unseen.checked_sub(1) {
        Some(fewer) => *unseen = fewer,
        None => {
            *unseen = (random.f64().max(1e-9).ln() / (1.0 - BLINK).ln()) as u32;
            return true;
        }
    }
    false
}
