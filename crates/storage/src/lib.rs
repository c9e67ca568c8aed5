//! The ground that everything stands on: rows, facts, files and what is due next.
//!
//! One [`Db`] handle opens either an embedded SQLite file or a PostgreSQL database, and the rest of the
//! program cannot tell which. Work is a plain function over one open transaction, [`Tx`]:
//! `db.write(move |tx| requests::submit(tx, &act, &draft)).await`. An answer is given only after the
//! commit is on disk. What happened is appended to the [`journal`] in the same transaction, and the
//! crates above read it later as [`followers`]. This crate knows nothing of cities.

pub mod backup; // a consistent copy while the city goes on working, and back again
pub mod check; // does what is stored still agree with itself
mod db; // the one handle: open, read, write, wait for news
mod error; // what can go wrong below the city's rules
pub mod files; // photos and documents by the hash of their content
pub mod followers; // who reads the journal, and how far they have come
mod group; // many writes, one commit: the shape of a queued job
pub mod jobs; // things to do later, each done by one worker at a time
pub mod journal; // what happened, in order, chained by hashes
mod memo; // slow-changing data kept in memory as long as it is true
mod migrate; // the tables, version by version
mod postgres; // many machines: PostgreSQL behind the same Tx
mod sql; // one text for two databases
mod sqlite; // one machine: a writer thread with group commit, reader threads
mod tx; // one open transaction
mod value; // what goes into and comes out of a row

pub use db::{Db, Options, Target};
pub use error::{Error, Result};
pub use sql::{__question_marks, Filter, Sql};
pub use tx::{Engine, Tx};
pub use value::{FromColumn, Param, Row};

#[cfg(test)]
mod tests;
