//! Who acts, when, and what they may do.
//!
//! Every change in a city has an author and a time: an [`Act`]. What an author may do stands in one readable
//! table, [`permissions`]. People have [`accounts`], and staff have memberships in roles; they prove who they are by
//! [`sign_in`] or by one-time [`codes`], and a session remembers it. Units are the departments and organisations that
//! answer for requests, and keys are the programs that may write in a city's name.

pub mod accounts; // people, what they are called, their passwords, whether they may come in
mod act; // the author and the time of a change
mod actor; // citizen, program, member of staff, the system itself
mod audit; // who used a sensitive right, and who was refused
mod chore; // what is done again and again without being asked
pub mod codes; // one-time codes for citizens
mod dice; // the one source of chance and of ids
mod failures; // how long the next attempt to sign in has to wait
pub mod federated; // accounts that the organisation's own sign-on knows
mod grants; // the table of who may do what
pub mod keys; // programs that may write, by a key
mod managing; // who looks after whom
mod member; // somebody who signed in, and the roles they act in
pub mod memberships; // which roles an account has, how far and where
mod names; // what people are called
pub mod passkeys; // public keys of people's telephones and computers
pub mod passwords; // which are good enough, and how they are kept
pub mod permissions; // how the table of rights is asked
mod place; // where the thing is that someone wants to act on
mod refusal; // what is refused, with codes for words
mod seal; // the key that is not in the database
pub mod second; // authenticators and recovery codes
pub mod sessions; // who is signed in where
pub mod sign_in; // staff: name, password, second proof
pub mod sign_ins; // between the first page of a sign-in and its session
pub mod units; // departments, organisations, external units

pub use act::Act;
pub use actor::{Actor, Role};
pub use audit::{ACCESS, audit, audit_of};
pub use chore::{Chore, Study};
pub use dice::{Dice, first_id_at};
pub use member::{Member, MemberState, Membership};
pub use names::names;
pub use permissions::{Denied, Permission, Scope};
pub use place::Where;
pub use refusal::{NotSignedIn, Refusal};
pub use seal::Seal;

/// What the worker does for this crate.
pub const CHORES: &[Chore] = &[FORGET];

/// Deletes what proved somebody once and is worth nothing any more: ended sessions, old codes, old failures.
const FORGET: Chore = Chore { name: "people-forget", every: 15 * 60_000, at_once: 500, run: forget };

fn forget(tx: &mut storage::Tx<'_>, act: &Act, jurisdiction: i64, at_once: u32) -> storage::Result<usize> {
    let sessions = sessions::forget_old(tx, act, jurisdiction, at_once)?;
    let codes = codes::forget_old(tx, act, jurisdiction, at_once)?;
    let failures = failures::forget_old(tx, act, jurisdiction, at_once)?;
    Ok(sessions.max(codes).max(failures))
}

#[cfg(test)]
mod tests;
