//! What the threshold promises.
