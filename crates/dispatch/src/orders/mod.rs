//! Work orders: work at one place, from made to checked.
//!
//! Every verb asks for a right at the order's place, reads the table in [`crate::status`], names the version or state
//! that it changes, and records what it did. Moving a crew to a stop moves the crew too: see `steps`.

mod give; // assign, take back, lock
mod make; // begin, change, cancel, go again
mod read; // one, open ones, those of a crew or a request
mod row; // one order as it stands
mod rules; // what an order must be
mod steps; // on the way, on site, done, not done, checked

pub use give::{Slot, assign, assign_with, lock, suits, unassign};
pub(crate) use give::{release_all, release_unbegun};
pub use make::{Change, Draft, cancel, change, group, make, visit_again};
pub use read::{
    Wanted, by_code, by_id, by_ids, ended, of_crew, of_incident, of_request, open, open_of_requests,
    together_with, visits,
};
#[allow(unused_imports)] // Sister modules read orders by other columns.
pub(crate) use row::order_columns;
pub(crate) use row::update;
pub use row::{Told, WorkOrder};
pub(crate) use steps::PHOTOS_OWED;
pub use steps::{Outcome, Verdict, check, done, not_done, on_site, on_the_way, owed};
