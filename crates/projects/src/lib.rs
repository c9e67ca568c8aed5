//! "I am the mayor": what citizens want their city to do next year, and what becomes of it.
//!
//! A round goes through dated phases: ideas are collected, experts say what is possible and what it costs, everybody
//! votes within pots of money, and a rule that was published before turns votes into winners. The clock drives the
//! phases; [`phases`] says what may be done in which. Who voted and what was voted are kept apart: see [`ballots`].

pub mod arguments; // for and against
pub mod ballots; // who may vote, the vote, the box
mod book; // rounds and what is on their ballots, in memory
pub mod channels; // by text message, on paper, at the door
mod coded; // enums with a stored spelling
pub mod count; // ballots become winners; why; what anybody needs to count again
pub mod feasibility; // can it be done, for how much, by whom
pub mod ideas; // what citizens want: sending, what is alike, merging, co-signing
pub mod list; // many projects: filters and comparison
pub mod moderation; // hiding and showing, in public
pub mod phases; // the dated phases, and what may be done in each
mod project; // what is on the ballot, and following it
mod refusal;
pub mod rounds; // beginning a round, its dates, its rules
pub mod rules; // the rules of a round, as data
pub mod samples; // an example round for tests, pages and the demo city // the city says no

pub use book::{Book, Offer, book};
pub use phases::{Phase, Right, Stage, Timetable};
pub use project::{
    NewProject, Project, ProjectId, State, add, by_code, by_id, change, follow, following, of_idea,
    publish_all, unfollow, withdraw,
};
pub use refusal::{ProjectError, REFUSALS};
pub use rounds::{Pot, PotId, Round, RoundId};
pub use rules::{BallotKind, BallotRule, HomeRule, IdentityRule, Rules, Topic};

/// Everything of this crate that follows the journal; the worker runs them all.
pub const FOLLOWERS: &[storage::followers::Follower] = &[ballots::FIGURES];

/// Everything of this crate that is done again and again; the worker does them all.
pub const CHORES: &[people::Chore] = &[rounds::CLOCK, channels::dialogue::FORGET];

/// The journal's names for what this crate records. The subject of a ballot is its round, never a person.
pub const ROUND: &str = "round";
pub const IDEA: &str = "idea";
pub const PROJECT: &str = "project";
pub const BALLOT: &str = "ballot";
pub const MODERATION: &str = "moderation";

#[cfg(test)]
mod tests;
