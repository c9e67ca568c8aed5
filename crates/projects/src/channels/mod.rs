//! Ways of voting besides the page: by text message and menu, on paper, at the door. All of them end in
//! [`crate::ballots::cast`].

pub mod dialogue; // by text message, or by a menu on the telephone
pub mod paper; // batches of sheets, typed in by two people
pub mod tablet; // an interviewer who was without a net
