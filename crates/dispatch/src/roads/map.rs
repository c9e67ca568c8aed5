//! Travel on the streets of a map, with some of them closed.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use territory::Point;

use super::graph::Graph;
use super::straight::{Bands, BandsError, Straight};
use super::way::{NONE, Pace, Towards, times};
use super::{Source, Travel, UNREACHABLE};
use crate::plan::Matrix;

/// Beyond this the map does not know a place, and straight lines answer.
const FARTHEST_METRES: f64 = 3_000.0;
/// From the street to the place itself people go on foot or at that speed.
const LAST_KMH: f64 = 6.0;
/// What is nearer than this to its crossing is on it.
const ON_THE_SPOT: f64 = 15.0;

/// Nobody drives through here: a fallen tree, deep water, a market day. Every street that touches the circle is closed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Closure {
    pub at: Point,
    pub metres: f64,
}

/// The streets of a city at work.
#[derive(Debug, Clone)]
pub struct Roads {
    graph: Arc<Graph>,
    straight: Straight,
    closed: Arc<HashSet<u32>>,
}

impl Roads {
    pub fn new(graph: Arc<Graph>, bands: Bands) -> Result<Roads, BandsError> {
        Ok(Roads { graph, straight: Straight::new(bands)?, closed: Arc::default() })
    }

    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The same streets with these closures and no others. A street is closed where it only passes through the circle, too.
    pub fn closed(&self, closures: &[Closure]) -> Roads {
        let mut closed = HashSet::new();
        for closure in closures.iter().filter(|closure| closure.metres > 0.0) {
            let metres = closure.metres.min(20_000.0);
            // An arc that passes through has an end no farther away than the circle and the longest arc together.
            let reach = metres + f64::from(self.longest()) / 10.0;
            for node in self.graph.within(closure.at, reach) {
                for &(_, arc) in self.graph.out.of(node) {
                    if self.passes(arc, closure.at, metres) {
                        closed.insert(arc);
                    }
                }
            }
        }
        Roads { closed: Arc::new(closed), ..self.clone() }
    }

    /// How many arcs are closed.
    pub fn closed_arcs(&self) -> usize {
        self.closed.len()
    }

    fn longest(&self) -> u32 {
        self.graph.arcs.iter().map(|arc| arc.length).max().unwrap_or(0)
    }

    /// Whether the straight line of an arc comes within some metres of a point.
    fn passes(&self, arc: u32, at: Point, metres: f64) -> bool {
        let arc = self.graph.arcs[arc as usize];
        let squeeze = at.lat.to_radians().cos();
        let flat = |node: u32| {
            let point = self.graph.nodes[node as usize].point();
            ((point.long - at.long) * squeeze * 111_195.0, (point.lat - at.lat) * 111_195.0)
        };
        let ((ax, ay), (bx, by)) = (flat(arc.from), flat(arc.to));
        let (dx, dy) = (bx - ax, by - ay);
        let length = dx * dx + dy * dy;
        let share = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        (ax + share * dx).hypot(ay + share * dy) <= metres
    }

    /// The crossing of a place, and the seconds between the two. A place in the middle of a closure is reached from its
    /// edge: people drive as far as they can and go on from there.
    fn snap(&self, point: Point) -> Option<(u32, i32)> {
        let open = |side: &[(u32, u32)]| side.iter().any(|(_, arc)| !self.closed.contains(arc));
        let usable = |node: u32| {
            self.closed.is_empty() || open(self.graph.out.of(node)) && open(self.graph.into.of(node))
        };
        let (node, metres) = self.graph.nearest(point, usable)?;
        let seconds = if metres < ON_THE_SPOT { 0.0 } else { metres / (LAST_KMH / 3.6) };
        (metres <= FARTHEST_METRES).then_some((node, seconds.round() as i32))
    }

    fn search(&self, one: Point, many: &[Point], hour: u8, pace: &Pace, towards: Towards) -> Vec<i32> {
        let straight = |other: Point| match towards {
            Towards::All => self.straight.seconds(one, other, hour),
            Towards::One => self.straight.seconds(other, one, hour),
        };
        let Some((start, first)) = self.snap(one) else {
            return many.iter().map(|other| straight(*other)).collect();
        };
        let snapped: Vec<Option<(u32, i32)>> = many.iter().map(|point| self.snap(*point)).collect();
        let wanted: Vec<u32> = snapped.iter().flatten().map(|(node, _)| *node).collect();
        let closed = &self.closed;
        let mut found = times(&self.graph, pace, start, &wanted, towards, |arc| {
            !closed.is_empty() && closed.contains(&arc)
        })
        .into_iter();
        let each = self.straight.bands().each;
        let answer = |(other, snap): (&Point, &Option<(u32, i32)>)| {
            let Some((node, last)) = snap else { return straight(*other) };
            let time = found.next().unwrap_or(NONE);
            if one == *other {
                return 0;
            }
            if *node == start {
                // Two places on one crossing: nobody drives to the crossing and back.
                return straight(*other).min(first.saturating_add(*last).saturating_add(each));
            }
            match i32::try_from((u64::from(time) + 500) / 1000) {
                Ok(time) if time < UNREACHABLE => (time + first + last + each).min(UNREACHABLE),
                _ => UNREACHABLE,
            }
        };
        many.iter().zip(&snapped).map(answer).collect()
    }
}

impl Travel for Roads {
    fn source(&self) -> Source {
        Source::Roads
    }

    fn from_one(&self, from: Point, to: &[Point], hour: u8) -> Vec<i32> {
        self.search(from, to, hour, &Pace::new(self.straight.bands(), hour), Towards::All)
    }

    fn to_one(&self, from: &[Point], to: Point, hour: u8) -> Vec<i32> {
        self.search(to, from, hour, &Pace::new(self.straight.bands(), hour), Towards::One)
    }

    /// Row by row, on as many threads as there are cores.
    fn table(&self, points: &[Point], hour: u8) -> Matrix {
        let pace = Pace::new(self.straight.bands(), hour);
        let size = points.len();
        let mut time = vec![0; size * size];
        let cores = std::thread::available_parallelism().map_or(1, usize::from).min(size.max(1));
        let rows = size.div_ceil(cores).max(1);
        std::thread::scope(|scope| {
            for (part, share) in time.chunks_mut(rows * size.max(1)).enumerate() {
                let pace = &pace;
                scope.spawn(move || {
                    for (row, out) in share.chunks_mut(size.max(1)).enumerate() {
                        let from = points[part * rows + row];
                        out.copy_from_slice(&self.search(from, points, hour, pace, Towards::All));
                    }
                });
            }
        });
        Matrix { size, time, cost: None }
    }
}
