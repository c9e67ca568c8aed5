//! Feedback calls (بازخوردسنجی): staff telephone a sample of citizens after an answer and ask whether it was done.
//!
//! An answer is drawn by lot when it is given, so that nobody chooses whom to ask. A caller takes the next one and
//! holds it for some minutes; the reporter's number is shown only while they hold it, and each look at it stands in the
//! journal. What is said is recorded with a code, a mark from one to five, and the citizen's reply if there is one.

mod draw; // which answers are asked about
mod figures; // what became of answers, by unit, district and month
mod queue; // the next call, held by one caller
mod record; // what was said
mod settings; // how many, and how

pub use figures::{Answered, By, FOLLOWER, Sums, by, month_of, of_unit};
pub use queue::{Held, QueueError, current, next, release, waiting};
pub use record::{Outcome, Record, RecordError, WantedReply, record};
pub use settings::{Settings, SettingsError, Share, of as settings, set};

pub(crate) use draw::draw;
