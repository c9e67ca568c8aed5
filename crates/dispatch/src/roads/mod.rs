//! How long the way takes: seconds between two points of the city for who sets out at an hour of the day.
//!
//! Everything that plans asks one thing, [`Travel`], and does not know where the answer comes from: straight lines with
//! a speed by hour ([`Straight`], needs nothing), a matrix that the city worked out itself ([`MatrixFile`]), a road
//! graph from OpenStreetMap ([`Roads`]), or a routing service inside the city's network ([`Service`]). What is not
//! known by one of the last three is answered by the first, so that there always is an answer.
//!
//! Which one a city has is decided where the program starts ([`install`]); [`of`] finds it.

pub mod closures; // streets that nobody drives through for a while
mod compact; // a graph as a file of our own
mod graph; // crossings and arcs
mod kept; // which way of finding times a city has
pub mod learn; // speeds from the trails of crews
mod map; // travel on a graph, some of its streets closed
mod matrix_file; // the city's own times between zones
pub mod osm; // a graph from an OpenStreetMap extract
mod parts; // no islands
mod remembered; // what was asked before
mod service; // a routing service, as OSRM speaks
mod straight; // straight lines, a detour and a speed by hour
mod streets; // which ways are streets for cars, and how fast
mod way; // the quickest ways from one crossing

pub use compact::CompactError;
pub use graph::{Arc, Graph, GraphError, MOST_NODES, Node};
pub(crate) use kept::keep;
pub use kept::{Maker, Said, install, learn, of, rules, ways_between};
pub use map::{Closure, Roads};
pub use matrix_file::{MatrixFile, MatrixFileError};
pub use remembered::Remembered;
pub use service::{Fetch, Service};
pub use straight::{Band, Bands, BandsError, Straight};

use territory::Point;

use crate::plan::Matrix;

/// What no crew can reach: longer than any shift, and far from where sums end. A matrix carries it as it is.
pub const UNREACHABLE: i32 = 7 * 86_400;

/// Where an answer comes from, for the board and for the record of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    Straight,
    File,
    Roads,
    Service,
}

/// Times between points. `hour` is the hour of the city's own clock at which people set out, 0 to 23; what is beyond
/// counts round the clock. Points that are not in the city have an answer too.
///
/// A plan asks [`Travel::table`] once; one more order costs one [`Travel::from_one`] and one [`Travel::to_one`].
pub trait Travel: Send + Sync {
    fn source(&self) -> Source;

    /// Seconds from one point to each of many.
    fn from_one(&self, from: Point, to: &[Point], hour: u8) -> Vec<i32>;

    /// Seconds from each of many points to one.
    fn to_one(&self, from: &[Point], to: Point, hour: u8) -> Vec<i32>;

    /// Seconds between all of them, row by row, as an engine takes it.
    fn table(&self, points: &[Point], hour: u8) -> Matrix {
        let time = points.iter().flat_map(|from| self.from_one(*from, points, hour)).collect();
        Matrix { size: points.len(), time, cost: None }
    }

    /// Seconds from one point to another.
    fn seconds(&self, from: Point, to: Point, hour: u8) -> i32 {
        self.from_one(from, &[to], hour).first().copied().unwrap_or(UNREACHABLE)
    }

    /// Why the last answer came from straight lines instead, when it should not have: people are shown it.
    fn trouble(&self) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests;
