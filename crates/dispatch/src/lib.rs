//! Urban-services emergency: from a request to the crew that sees to it.
//!
//! A request or an incident becomes a work order, a crew is given it, goes there, does it and brings proof; then the
//! request is answered. See [`status`] for the moves of orders and crews, [`orders`] for the verbs, [`follow`] for how
//! an order begins and how the loop closes. [`plan`] is the engine: which crew does what, in which order, and why. It
//! is pure arithmetic over a [`plan::Problem`], the same for the same seed, without a clock and without a database.

pub mod aid; // a crew helps in another district for a while
pub mod contracts; // contractors: agreed, measured, checked, paid
pub mod crews; // people and a vehicle that go out together
pub mod crisis; // the hours in which everybody is called
pub mod day; // the plan of the day: proposed, published, repaired
pub mod durations; // how long it really takes, learned
pub mod evidence; // what a crew brought back
pub mod field; // what comes from the telephones of crews
mod files; // pictures that nobody may sweep away
pub mod follow; // from a request to an order, and from the order back to the request
pub mod job_types; // kinds of work, from the city pack
mod kinds; // codes, numbers, urgency
pub mod members; // who is in which crew
pub mod orders; // work at one place, from made to checked
pub mod pack; // `dispatch.toml` of a city pack
pub mod plan; // which crew does what, in which order
mod refusal; // the city says no
pub mod roads; // how long the way takes
pub mod routines; // work that comes again
pub mod shifts; // when a crew works, and the roster of a week
pub mod status; // the states of orders and crews, and which move may follow which

pub use crews::{Crew, CrewKind, Position};
pub use evidence::Evidence;
pub use files::named_files;
pub use job_types::{Check, JobType, Material, Named, Proof};
pub use kinds::{CrewId, OrderId, Origin, Seen, ShiftId, Urgency};
pub use orders::WorkOrder;
pub use refusal::DispatchError;
pub use shifts::{Shift, ShiftState};
pub use status::{CrewStatus, OrderStatus};

/// What a verb of this crate answers.
pub type Done<T> = std::result::Result<T, DispatchError>;

/// Everything of this crate that follows the journal; the worker runs them all.
pub const FOLLOWERS: &[storage::followers::Follower] = &[follow::FOLLOWER];

/// Everything of this crate that is done again and again; the worker does them all.
pub const CHORES: &[people::Chore] =
    &[routines::CHORE, contracts::CHORE, field::positions::CHORE, day::ALARMS, day::FORGETTING];

/// The journal's name for a work order.
pub const ORDER: &str = "work-order";
/// The journal's name for a crew.
pub const CREW: &str = "crew";
/// The journal's name for a shift.
pub const SHIFT: &str = "shift";
/// The journal's name for help between districts.
pub const AID: &str = "aid";

/// A value as the journal or a column keeps it.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> storage::Result<String> {
    serde_json::to_string(value).map_err(storage::Error::corrupt)
}

#[cfg(test)]
mod tests;
