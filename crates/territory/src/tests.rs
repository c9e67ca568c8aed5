//! Territory stories.
