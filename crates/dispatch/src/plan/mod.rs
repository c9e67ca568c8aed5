//! Which crew does what, in which order.
//!
//! A [`Problem`] is a day: jobs with their places, windows and needs, crews with their shifts and skills, and the
//! times between places. [`plan()`] looks for the cheapest [`Plan`]: it removes strings of neighbouring stops from the
//! routes and puts them back greedily, again and again, keeping what is better and at first also what is a little
//! worse (slack induction by string removals, Christiaens and Vanden Berghe, Transportation Science 2020,
//! doi 10.1287/trsc.2019.0914). [`insert()`] says where one more job would fit and what it does to the others.
//!
//! What is cheaper is decided in this order, by [`Weights`]: work that is left undone, then lateness against what
//! was promised, then travel, then overtime, then change against the plan that crews already hold.
//!
//! Times are whole seconds (or any other unit, used throughout); the search is the same for the same seed and
//! number of steps, so every decision can be replayed.

mod cancel; // ends a search from outside
mod check; // an independent look at a plan: is it possible, and what does it cost
mod diff; // from one plan to another
mod explain; // why a job was left over
pub mod formats; // Solomon, Homberger, VRPLIB and our own JSON
mod ground; // what is worked out once for a problem
mod insert; // one more job into running routes
mod many; // districts side by side
mod problem; // jobs, crews, travel, weights
mod recreate; // greedy insertion with blinks
mod route; // one crew's stops, with their times
mod ruin; // strings of neighbouring stops are removed
pub mod sample; // a made-up city day
mod schedule; // when each crew is where
mod search; // remove, put back, keep what is better

pub use cancel::Cancel;
pub use check::{Fault, Sum, check};
pub use diff::{Diff, Move, diff};
pub use explain::{Reason, left_over};
pub use insert::{Candidate, insert};
pub use many::{Part, plan_many};
pub use problem::{Break, Crew, Job, Matrix, Problem, ProblemError, Weights};
pub use schedule::{Stop, schedule};
pub use search::{Budget, Outcome, plan};

use serde::{Deserialize, Serialize};

/// The stops of each crew, in order, as indexes into `Problem::jobs`; and the jobs that no crew has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub routes: Vec<Vec<usize>>,
    pub left_over: Vec<usize>,
}

#[cfg(test)]
mod tests;
