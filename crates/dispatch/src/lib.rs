//! Urban-services emergency: from a request to the crew that sees to it.
//!
//! [`plan`] is the engine: which crew does what, in which order, and why. It is pure arithmetic over a
//! [`plan::Problem`], the same for the same seed, without a clock and without a database.

pub mod plan; // which crew does what, in which order
