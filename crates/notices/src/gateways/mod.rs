//! The ways out. Each blocks within a time-out of its own and knows nothing of the outbox.

pub mod file; // a file of JSON lines, for demo cities and tests
pub mod http; // an SMS provider, described by its settings
pub mod push; // browsers, by the web push protocol
pub mod smtp; // letters
