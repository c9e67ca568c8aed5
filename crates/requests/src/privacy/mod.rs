//! What the city forgets about people, and when.
//!
//! A request is never deleted; who reported it is. Each service says how long a reporter is remembered after the end
//! of the work, and how long the words are. A round of forgetting is counted first, proposed by one person, approved
//! by another and done by the scheduled job; the register says what was forgotten without saying what it was. The
//! journal keeps hashes only, so it stays provable when the words are gone.

mod erase; // one request forgets its reporter, and perhaps its words
pub mod legal; // what must not be forgotten yet
pub mod masking; // a name or a number that no rule finds, covered by hand
pub mod mine; // a citizen sees and deletes what is theirs
mod rules; // how long, per service
pub mod runs; // rounds of forgetting, with four eyes

pub use erase::Erased;
pub use rules::{DEFAULT, Retention};

/// Everything of this part that is done again and again.
pub const CHORE: people::Chore = runs::CHORE;
