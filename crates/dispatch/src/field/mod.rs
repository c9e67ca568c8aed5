//! What comes from the telephones of crews, perhaps hours after it happened.
//!
//! A telephone works without network for a whole day. Each thing that its crew does becomes an [`Item`] with a name
//! made on the telephone; items are sent when there is network, again when no answer came, and each gets an answer of
//! its own: accepted, had already, refused with a code, or kept as a conflict because the world had moved on meanwhile.
//! Nothing that a crew sent is lost. Of two clocks that disagree see [`clock`].

pub mod clock; // which moment counts when the telephone's clock and ours disagree
mod item; // one thing that a crew did
mod masking; // citizens are called without their number being shown
pub mod positions; // where crews are, and the trail that is kept for a while
pub mod read; // what a crew brought so far, what stands in conflict
mod row; // the rows of items and telephones
mod take; // an item is taken in, once

pub use clock::{Clock, Doubt, Moment};
pub use item::{Fix, Item, Outcome, Stage, Taken, What};
pub use masking::{Masking, citizen_of};
pub use row::{Kept, had};
pub use take::{Unfit, greet, keep, take};

/// The most items of one sync; the rest comes with the next one.
pub const MOST_ITEMS: usize = 200;

/// The journal's name for positions of crews: only that there are new ones, never where.
pub const POSITIONS: &str = "crew-positions";

#[cfg(test)]
mod tests;
