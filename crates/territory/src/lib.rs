//! Who governs what ground: jurisdictions, their districts, areas and neighbourhoods, and where a point lies.
//!
//! A city arrives as a [`pack`] of files and is kept as rows; an [`Atlas`] holds one city in memory and answers in
//! microseconds. Borders come in editions: a division that a newer edition renames keeps its id, one that it no longer
//! has is retired and never deleted, because requests hang on it. A city without open borders has divisions
//! all the same, and people choose theirs by name.

mod atlas; // one city in memory: look up, go up, go down
pub mod cell; // a position as one number, so that a box is a few ranges of an index
mod division; // district, area, neighbourhood
mod find; // places by name
mod jurisdiction; // a city: its names, telephone, time, map
mod locate; // where a point lies, and how far outside
pub mod pack; // from files into rows, edition by edition
mod point; // a place on the earth, and a box of them
mod store; // the SQL that reads this crate's tables

pub use atlas::{Atlas, atlas};
pub use division::{Division, Level, Place};
pub use find::{Found, FoundKind};
pub use jurisdiction::{Jurisdiction, Name, cities, jurisdiction_by_code, jurisdictions};
pub use locate::Located;
pub use point::{Bounds, Point};

#[cfg(test)]
mod tests;
