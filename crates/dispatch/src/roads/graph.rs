//! Streets as a graph: crossings, and arcs between them with a length and the speed of an empty street.
//!
//! Every crossing can be reached from every other one and back (only the largest such part of a map is kept), so a way
//! is missing only where streets are closed. Arcs are kept both ways round, because one more order asks how long it
//! takes to come from everywhere.

use rstar::RTree;
use rstar::primitives::GeomWithData;
use territory::Point;

/// One crossing, or a bend on a long street. Ten-millionths of a degree, as OpenStreetMap counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    pub lat: i32,
    pub long: i32,
}

/// From a node to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arc {
    pub from: u32,
    pub to: u32,
    /// Length in decimetres.
    pub length: u32,
    /// Kilometres an hour on an empty street; 1 to 150.
    pub kmh: u8,
}

/// What a map file says cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    #[error("an arc leads to a crossing that is not there")]
    NodeUnknown,
    #[error("an arc has no length or no speed that makes sense")]
    ArcWrong,
    #[error("a crossing lies outside the earth")]
    NodeWrong,
    #[error("there are no streets for cars in it")]
    Empty,
    #[error("there are more streets than one city has")]
    TooLarge,
}

/// No city is larger; a country is served by a routing service.
pub const MOST_NODES: usize = 4_000_000;
const MOST_ARCS: usize = 4 * MOST_NODES;
pub(crate) const MOST_KMH: u8 = 150;

impl Node {
    pub fn point(self) -> Point {
        Point { lat: f64::from(self.lat) / 1e7, long: f64::from(self.long) / 1e7 }
    }

    pub fn of(point: Point) -> Node {
        Node { lat: (point.lat * 1e7).round() as i32, long: (point.long * 1e7).round() as i32 }
    }
}

/// The arcs of each node stand together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Side {
    /// Where the arcs of a node begin; one more than there are nodes.
    first: Vec<u32>,
    /// The other end of an arc, and which arc it is.
    ends: Vec<(u32, u32)>,
}

impl Side {
    fn new(nodes: usize, arcs: &[Arc], ends: impl Fn(&Arc) -> (u32, u32)) -> Side {
        let mut first = vec![0u32; nodes + 1];
        for arc in arcs {
            first[ends(arc).0 as usize + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let mut list = vec![(0, 0); arcs.len()];
        for (index, arc) in arcs.iter().enumerate() {
            let (here, other) = ends(arc);
            let at = &mut next[here as usize];
            list[*at as usize] = (other, index as u32);
            *at += 1;
        }
        Side { first, ends: list }
    }

    pub fn of(&self, node: u32) -> &[(u32, u32)] {
        let node = node as usize;
        &self.ends[self.first[node] as usize..self.first[node + 1] as usize]
    }
}

type Spot = GeomWithData<[f64; 2], u32>;

/// The streets of a city.
pub struct Graph {
    pub nodes: Vec<Node>,
    pub arcs: Vec<Arc>,
    pub(crate) out: Side,
    pub(crate) into: Side,
    spots: RTree<Spot>,
    /// A degree of longitude in degrees of latitude, in the middle of the map.
    squeeze: f64,
}

impl std::fmt::Debug for Graph {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Graph({} crossings, {} arcs)", self.nodes.len(), self.arcs.len())
    }
}

impl Graph {
    /// Takes what a map says, keeps the largest part in which everything reaches everything, and refuses what cannot be.
    pub fn new(nodes: Vec<Node>, arcs: Vec<Arc>) -> Result<Graph, GraphError> {
        if nodes.len() > MOST_NODES || arcs.len() > MOST_ARCS {
            return Err(GraphError::TooLarge);
        }
        let on_earth = |node: &Node| node.lat.abs() <= 900_000_000 && node.long.abs() <= 1_800_000_000;
        if !nodes.iter().all(on_earth) {
            return Err(GraphError::NodeWrong);
        }
        let known = |node: u32| (node as usize) < nodes.len();
        if !arcs.iter().all(|arc| known(arc.from) && known(arc.to)) {
            return Err(GraphError::NodeUnknown);
        }
        // Half the way round the earth is 200 million decimetres.
        let possible = |arc: &Arc| arc.length <= 200_000_000 && (1..=MOST_KMH).contains(&arc.kmh);
        if !arcs.iter().all(possible) {
            return Err(GraphError::ArcWrong);
        }
        let (nodes, arcs) = super::parts::largest(nodes, arcs);
        if arcs.is_empty() {
            return Err(GraphError::Empty);
        }
        let out = Side::new(nodes.len(), &arcs, |arc| (arc.from, arc.to));
        let into = Side::new(nodes.len(), &arcs, |arc| (arc.to, arc.from));
        let middle = nodes.iter().map(|node| f64::from(node.lat) / 1e7).sum::<f64>() / nodes.len() as f64;
        let squeeze = middle.to_radians().cos().max(0.01);
        let spot = |(index, node): (usize, &Node)| {
            let point = node.point();
            Spot::new([point.long * squeeze, point.lat], index as u32)
        };
        let spots = RTree::bulk_load(nodes.iter().enumerate().map(spot).collect());
        Ok(Graph { nodes, arcs, out, into, spots, squeeze })
    }

    /// The nearest node that `usable` accepts among the nearest hundreds, and how many metres away it is.
    pub fn nearest(&self, point: Point, usable: impl Fn(u32) -> bool) -> Option<(u32, f64)> {
        const LOOKED_AT: usize = 500;
        let near = self.spots.nearest_neighbor_iter([point.long * self.squeeze, point.lat]);
        let node = near.take(LOOKED_AT).map(|spot| spot.data).find(|node| usable(*node))?;
        Some((node, point.metres_to(self.nodes[node as usize].point())))
    }

    /// Nodes within some metres of a point.
    pub fn within(&self, point: Point, metres: f64) -> impl Iterator<Item = u32> + '_ {
        const METRES_A_DEGREE: f64 = 111_195.0;
        // A little more than asked for, since the flat map is a little wrong; then by the true distance.
        let reach = metres / METRES_A_DEGREE * 1.02 + 1e-6;
        self.spots
            .locate_within_distance([point.long * self.squeeze, point.lat], reach * reach)
            .map(|spot| spot.data)
            .filter(move |node| self.nodes[*node as usize].point().metres_to(point) <= metres)
    }
}
