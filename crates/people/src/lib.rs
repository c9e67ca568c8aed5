//! Who acts, when, and what they may do.
//!
//! Every change in a city has an author and a time: an [`Act`]. What an author may do stands in one readable
//! table, [`permissions`]. Units are the departments and organisations that answer for requests, and keys are
//! the programs that may write in a city's name. Accounts of people come with the desk.

mod act; // the author and the time of a change
mod actor; // citizen, program, member of staff, the system itself
mod audit; // who used a sensitive right, and who was refused
mod chore; // what is done again and again without being asked
mod dice; // the one source of chance and of ids
pub mod keys; // programs that may write, by a key
mod member; // somebody who signed in, and the roles they act in
pub mod permissions; // role × permission × scope, in one table
mod place; // where the thing is that someone wants to act on
pub mod units; // departments, organisations, external units

pub use act::Act;
pub use actor::{Actor, Role};
pub use audit::{ACCESS, audit, audit_of};
pub use chore::{Chore, Study};
pub use dice::{Dice, first_id_at};
pub use member::{Member, MemberState, Membership};
pub use permissions::{Denied, Permission, Scope};
pub use place::Where;

#[cfg(test)]
mod tests;
