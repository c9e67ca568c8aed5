//! Work on requests: whose turn it is, in which order, and what members of staff tell each other.
//!
//! A member sees what their memberships reach ([`Reach`]), overdue first. Every verb here asks for a permission at the
//! place of the request, whatever a page showed before. Counts come from a table that a follower keeps.

pub mod bulk; // the same step for many, each under its own check
pub mod change; // another service or another place, and the promise that follows from it
pub mod counts; // how many wait, by unit, district, service and state
pub mod filters; // lists that somebody keeps, alone or with the unit
pub mod history; // what else was said here, and by the same person; who reported
pub mod holds; // who has it, and how long each had it
pub mod mentions; // a note to colleagues, and whom it calls
pub mod parts; // one request, several units
pub mod photos; // pictures from before and after the work
pub mod queue; // the lists, in the order of work
pub mod referrals; // an organisation outside was asked
pub mod standard; // words that are said often
mod step; // a move by somebody who saw a certain version

pub use queue::{Narrow, Reach, Turn};
pub use step::{WorkError, make, may_see, open};
