//! Strings of neighbouring stops are removed from the routes around one place.

use crate::plan::ground::NOWHERE;
use crate::plan::search::State;

/// How many stops are removed on average, and the longest string.
const MEAN_REMOVED: f64 = 10.0;
const LONGEST: f64 = 10.0;
/// How often a string leaves some of its middle in place, and how often that middle grows.
const SPLIT: f64 = 0.5;
const GROW: f64 = 0.01;
/// How often strings may be as long as any, however short the routes are.
const WHOLE: f64 = 0.05;
/// How often room is made around a job that nobody has.
const FOR_LEFT_OVER: f64 = 0.3;

impl State<'_> {
    /// Removes stops; what was removed waits in `self.absent`.
    pub(crate) fn ruin(&mut self) {
        let jobs = self.ground.problem.jobs.len();
        let used = self.routes.iter().filter(|route| !route.jobs.is_empty()).count().max(1);
        let planned = jobs - self.absent.len();
        // Short routes are now and then emptied whole: their last stop may be what keeps them as they are.
        let mean = if self.random.f64() < WHOLE { LONGEST } else { planned as f64 / used as f64 };
        let longest = LONGEST.min(mean).max(1.0);
        let most_strings = 4.0 * MEAN_REMOVED / (1.0 + longest) - 1.0;
        let strings = (self.random.f64() * most_strings + 1.0) as usize;
        let seed = match self.absent.is_empty() || self.random.f64() >= FOR_LEFT_OVER {
            true => self.random.usize(0..jobs),
            false => self.absent[self.random.usize(0..self.absent.len())] as usize,
        };
        self.ruined.clear();
        for at in 0..self.ground.near[seed].len() {
            if self.ruined.len() >= strings {
                break;
            }
            let job = self.ground.near[seed][at];
            let route = self.places.route[job as usize];
            if route == NOWHERE || self.ruined.contains(&route) || self.ground.locked[job as usize] {
                continue;
            }
            self.remove_string(route as usize, job, longest);
            self.ruined.push(route);
        }
    }

    fn remove_string(&mut self, route: usize, job: u32, longest: f64) {
        self.touch(route);
        let locked = self.ground.problem.crews[route].locked.len();
        let stops = &self.routes[route].jobs;
        let free = stops.len() - locked;
        let Some(position) = stops.iter().position(|stop| *stop == job) else { return };
        let most = (free as f64).min(longest);
        let length = ((self.random.f64() * most + 1.0) as usize).min(free);
        let mut kept = 0;
        if length > 1 && length < free && self.random.f64() < SPLIT {
            kept = 1;
            while length + kept < free && self.random.f64() < GROW {
                kept += 1;
            }
        }
        let whole = length + kept;
        // The string holds the job: it begins at most its length before it.
        let first = (position + 1).saturating_sub(whole).max(locked);
        let last = position.min(stops.len() - whole);
        let begin = self.random.usize(first..=last.max(first));
        // With a split, the middle that stays begins anywhere inside.
        let stays = begin + if kept > 0 { self.random.usize(1..length.max(2)) } else { length };
        let removed: Vec<u32> = (begin..begin + whole)
            .filter(|at| !(stays..stays + kept).contains(at))
            .map(|at| stops[at])
            .collect();
        self.take_out(route, &removed);
    }

    /// Takes jobs out of a route, and with them whatever waits for them elsewhere.
    fn take_out(&mut self, route: usize, removed: &[u32]) {
        self.touch(route);
        self.routes[route].jobs.retain(|stop| !removed.contains(stop));
        for &job in removed {
            self.places.route[job as usize] = NOWHERE;
            self.absent.push(job);
        }
        if self.ground.ordered {
            for &job in removed {
                for waiting in self.ground.waiting[job as usize].clone() {
                    let other = self.places.route[waiting as usize];
                    if other != NOWHERE && !self.ground.locked[waiting as usize] {
                        self.take_out(other as usize, &[waiting]);
                    }
                }
            }
        }
        self.settle(route);
    }

    /// A route without some of its stops. A break may fall differently then; if that makes the rest impossible, all
    /// of it is planned anew.
    fn settle(&mut self, route: usize) {
        if self.renew(route) {
            return;
        }
        let locked = self.ground.problem.crews[route].locked.len();
        let rest: Vec<u32> = self.routes[route].jobs.get(locked..).unwrap_or_default().to_vec();
        if rest.is_empty() {
            return;
        }
        self.take_out(route, &rest);
    }
}
