//! One person, one ballot, on every way of voting; and nobody who has the database alone can join the two.
//!
//! A person is a keyed one-way token on the roll. Their ballot is sealed and lies in the box under another token of
//! theirs. Both need the key of the round, which is itself sealed with the key that is not in the database. When the
//! vote is over the box is opened: ballots are shuffled and written under new numbers. `docs/decisions/0011-ballots.md`
//! says what each table tells to whom, and what it does not protect from.

mod cast; // a ballot comes in
mod choices; // is it filled in rightly
mod figures; // persons and ballots, counted by day
pub mod identity; // who somebody is, proven
pub(crate) mod key; // the key of a round
mod open; // after the vote: the box is opened
pub mod patterns; // what staff took from others
mod receipt; // is it in the count
pub(crate) mod sealed; // what a sealed ballot holds

pub(crate) use cast::pots_of;
pub use cast::{Cast, Casting, cast, has_voted, look};
pub use choices::{Choice, check};
pub use figures::{FIGURES, Persons, by_channel, by_day, persons};
pub use open::{Opened, Selections, open_box, opened, selections};
pub use receipt::{Found, find, for_people};

use crate::coded::coded;

coded! {
    /// The way a ballot came.
    Channel {
        Web = "web",
        Sms = "sms",
        Ussd = "ussd",
        Paper = "paper",
        Tablet = "tablet",
    }
}

impl Channel {
    /// A member of staff took it from the voter.
    pub fn is_assisted(self) -> bool {
        matches!(self, Channel::Paper | Channel::Tablet)
    }
}
