//! Service requests: what people ask of the city, and what became of it.
//!
//! A request is submitted, confirmed, worked on and answered. It is never deleted and its history is never
//! rewritten: what happens to it is appended to the journal. Who reported it is kept apart. See [`status`] for
//! the moves, [`submit()`] for how one begins, [`moves`] for how it goes on.

mod answers; // what the questions of a service were answered with
pub mod calls; // calls at the line, and the operator who takes them
pub mod catalogue; // what the city offers and who does it where, in memory
pub mod check; // do rows, figures and files still agree
mod draft; // what somebody wants to say
pub mod duplicates; // two reports of one pothole
pub mod feedback; // asking by telephone whether it was really done
pub mod figures; // counts by day and by map cell, kept by a follower
pub mod find; // one request, its thread, its photos
mod following; // staying informed, and "me too" instead of a second report
pub mod import; // records of the past, from any city
pub mod incidents; // many reports of one thing, answered as one
mod kinds; // request, complaint, criticism ...; priority; channel
pub mod list; // many requests: filters, boxes, pages
pub mod map; // marks for a tile
mod mine; // what somebody with an account said
pub mod moves; // confirm, assign, answer, reopen ...
mod notes; // what is said about a request, to all or to colleagues
pub mod officials; // hours at which officials answer callers, and what they promise
pub mod overdue; // the promise has passed
pub mod pack; // services and units from a city pack
pub mod photos; // pictures made safe to keep and to show
pub mod place; // what was told of a place
pub mod privacy; // what the city forgets about people, and when
mod refusal; // the city says no, and beside which field
pub mod reply; // the citizen accepts an answer or objects to it
mod request; // the row
mod rules; // a draft read against the rules
pub mod samples; // example requests for tests, previews and the design page
pub mod search; // words, on both databases
pub mod service; // what may be asked for, as Open311 describes it
pub mod status; // the states, and which move may follow which
pub mod storm; // the hours in which the line must not choke
mod submit; // a person says something
pub mod suggest; // which service somebody's words may mean
pub mod visibility; // hidden from the public, and shown again
pub mod work; // whose turn it is, and what colleagues tell each other

pub use answers::{Answer, AnswerRefusal};
pub use catalogue::{Catalogue, catalogue};
pub use draft::{Contact, Draft, PhotoRef, PlaceDraft};
pub use following::{FollowError, FollowRefusal, contacts_following, follow, followed_at};
pub use kinds::{Channel, Kind, Priority};
pub use mine::mine;
pub use notes::{NoteError, Update, note, said, updates};
pub use refusal::Refusal;
pub use request::{GENERATED, RequestId, ServiceRequest};
pub use rules::{MOST_PHOTOS, MOST_WORDS};
pub use status::Status;
pub use submit::{Ready, Rules, SubmitError, Submitted, check, earlier, prepare, rules, store, submit};

/// Everything of this crate that follows the journal; the worker runs them all.
pub const FOLLOWERS: &[storage::followers::Follower] =
    &[figures::FOLLOWER, feedback::FOLLOWER, search::vocabulary::FOLLOWER, work::counts::FOLLOWER];

/// Those that must keep up when everybody reports at once; they are run apart and never give way.
pub const PROMPT_FOLLOWERS: &[storage::followers::Follower] = &[incidents::FOLLOWER];

/// Everything of this crate that is done again and again; the worker does them all.
pub const CHORES: &[people::Chore] = &[
    overdue::CHORE,
    reply::CHORE,
    officials::CHORE,
    calls::CHORE,
    work::referrals::CHORE,
    privacy::CHORE,
    incidents::TELLING,
    incidents::ANSWERING,
    incidents::TIDYING,
    storm::SHIFTING,
    storm::rate::WATCHING,
    storm::rate::FORGETTING,
];

/// Everything that this crate learns again and again.
pub const STUDIES: &[people::Study] = &[suggest::STUDY];

/// The journal's name for a request.
pub const SUBJECT: &str = "request";

#[cfg(test)]
mod tests;
