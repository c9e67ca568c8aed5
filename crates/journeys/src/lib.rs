//! What people do with Peyvand, start to finish. The best place to start reading.
//!
//! - `browser/`: visits in a real browser, in both languages, on a phone and on a desk.
//! - `clients/`: outside programs that know only the published standards.
//! - [`kills`]: the server is killed while people report; what they were told stays true.
//! - [`messages`]: the server is killed while it sends; every message leaves, and none twice.
//! - [`misfortunes`]: the disk is full, the database is held or gone, the server is asked to end in a rush.
//!
//! The scripts are started by `cargo xtask test`, which serves a small demo city for them.

pub mod kills; // nothing acknowledged is lost
pub mod messages; // what was to be sent is sent, once
pub mod misfortunes; // bad days of a machine
pub mod server; // a served city as a child process
