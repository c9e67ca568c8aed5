//! Stories of a round, told on both databases.
