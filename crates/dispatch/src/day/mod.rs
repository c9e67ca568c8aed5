//! The plan of the day: from what crews hold and what is open to a better plan, and back into the database.
//!
//! [`Day::read`] reads a district once; [`pose()`] makes a [`Problem`](crate::plan::Problem) of it; [`search`] looks for
//! a better plan without any database; [`keep`] writes the proposal down with everything that is needed to work it out
//! again; [`publish`] gives it to the crews in one transaction, if nothing that it touches changed meanwhile and if it is
//! not worse than what they hold. What a crew is on the way to or at is never taken away by any of these.

mod alarms; // a target is about to be missed
mod difference; // from one plan to another, in orders and crews
mod handover; // what one dispatcher tells the next
mod hold; // what crews hold, as far as it is possible
mod needs; // what an order asks of a crew, as bits
mod opinion; // where one order would fit, and what it does to others
mod pose; // a day as a problem
mod publish; // a plan becomes what crews hold
mod read; // crews, shifts and orders of a district
mod repair; // what an event asks for
mod search; // a better plan, without a database
mod store; // plans that were proposed
mod what_if; // a crew drops out, ten more floods

pub use alarms::{Alarm, CHORE as ALARMS, Level as AlarmLevel, open as open_alarms, seen as alarm_seen};
pub use difference::{Difference, Moved, Reasoned, left_over};
pub use handover::{
    Handover, Standing, latest as latest_handover, leave as leave_handover, standing, take as take_handover,
    told as told_by_crews,
};
pub use opinion::{Opinion, Tag, opinions, placed, why_not};
pub use pose::{Known, Posed, pose};
pub use publish::{Published, place, publish, refuse};
pub use read::{Day, Duty, districts_at_work};
pub use repair::{Repair, by_itself, calls_for, decide, set_by_itself};
pub use search::{Effort, Found, search, search_all};
pub use store::{FORGETTING, Kept, Kind, PlanId, State, by_id, history, keep, proposed, replay};
pub use what_if::{Case, Outlook, what_if};

/// The journal's name for a plan.
pub const PLAN: &str = "plan";
/// The journal's name for what one dispatcher tells the next.
pub const HANDOVER: &str = "handover";

#[cfg(test)]
mod tests;
