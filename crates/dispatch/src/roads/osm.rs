//! From an OpenStreetMap extract (`.osm.pbf`) to a graph of streets for cars.
//!
//! The file is read twice: first the streets, then the places of their points. Turn restrictions are not looked at: they
//! cost more than they tell at the scale of a crew's day. Bends are left out where crossings are near enough for
//! a place on the street to find one.

use std::collections::HashMap;
use std::io::{self, Read};

use osmpbf::{Element, ElementReader};
use territory::Point;

use super::graph::{Arc, Graph, GraphError, MOST_KMH, MOST_NODES, Node};
use super::streets::{Street, is_barrier, street};

/// The map could not be read, or there is nothing in it.
#[derive(Debug, thiserror::Error)]
pub enum OsmError {
    #[error("this is no map in the PBF format, or it is damaged: {0}")]
    Unreadable(String),
    #[error("it is not whole: {missing} points of streets are not in it")]
    NotWhole { missing: usize },
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What an import found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// Ways of the map that are streets for cars.
    pub streets: usize,
    /// Points of theirs.
    pub points: usize,
    /// Points that are not in the file, as at the edge of an extract.
    pub missing: usize,
    /// Crossings and arcs of the graph, once its islands are left out.
    pub crossings: usize,
    pub arcs: usize,
}

/// A bend is kept when the last kept point of its street is so many decimetres away.
const KEPT_EVERY: u32 = 1_200;

/// Reads a map. `open` is called twice and begins at the beginning each time.
pub fn read<R: Read + Send>(mut open: impl FnMut() -> io::Result<R>) -> Result<(Graph, Found), OsmError> {
    let mut streets: Vec<(Street, Vec<i64>)> = Vec::new();
    let mut points = 0;
    elements(open()?, |element| {
        if let Element::Way(way) = element
            && let Some(street) = street(way.tags())
        {
            let refs: Vec<i64> = way.refs().collect();
            points += refs.len();
            if points <= 16 * MOST_NODES {
                streets.push((street, refs));
            }
        }
    })?;
    if points > 16 * MOST_NODES {
        return Err(GraphError::TooLarge.into());
    }
    let mut wanted: Vec<i64> = streets.iter().flat_map(|(_, refs)| refs).copied().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut places: Vec<Option<Place>> = vec![None; wanted.len()];
    let mut put = |id: i64, lat: f64, long: f64, is_barrier: bool| {
        if let Ok(at) = wanted.binary_search(&id)
            && let Some(point) = Point::new(lat, long)
        {
            places[at] = Some(Place { node: Node::of(point), is_barrier });
        }
    };
    elements(open()?, |element| match element {
        Element::Node(node) => put(node.id(), node.lat(), node.lon(), is_barrier(node.tags())),
        Element::DenseNode(node) => put(node.id(), node.lat(), node.lon(), is_barrier(node.tags())),
        _ => {}
    })?;
    let missing = places.iter().filter(|place| place.is_none()).count();
    // An extract is cut somewhere; one that lacks most of its points is something else.
    if missing * 2 > wanted.len() {
        return Err(OsmError::NotWhole { missing });
    }
    let place = |id: &i64| wanted.binary_search(id).ok().and_then(|at| places[at].map(|place| (at, place)));
    let graph = build(&streets, wanted.len(), place)?;
    let found = Found {
        streets: streets.len(),
        points: wanted.len(),
        missing,
        crossings: graph.nodes.len(),
        arcs: graph.arcs.len(),
    };
    Ok((graph, found))
}

#[derive(Debug, Clone, Copy)]
struct Place {
    node: Node,
    is_barrier: bool,
}

/// Every element of the file in turn. What is damaged in a way that the reader does not expect is still only a refusal.
fn elements<R: Read + Send>(input: R, mut each: impl FnMut(Element<'_>)) -> Result<(), OsmError> {
    let walk = std::panic::AssertUnwindSafe(|| ElementReader::new(input).for_each(&mut each));
    match std::panic::catch_unwind(walk) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(OsmError::Unreadable(error.to_string())),
        Err(_) => Err(OsmError::Unreadable("its blocks contradict themselves".into())),
    }
}

fn build(
    streets: &[(Street, Vec<i64>)],
    points: usize,
    place: impl Fn(&i64) -> Option<(usize, Place)>,
) -> Result<Graph, GraphError> {
    // A point that several streets use, or one street twice, is a crossing.
    let mut used = vec![0u8; points];
    for (_, refs) in streets {
        let ends = [refs.first(), refs.last()].into_iter().flatten();
        for (at, _) in refs.iter().chain(ends).filter_map(&place) {
            used[at] = used[at].saturating_add(1);
        }
    }
    let mut numbers: HashMap<usize, u32> = HashMap::new();
    let (mut nodes, mut arcs) = (Vec::new(), Vec::new());
    for (street, refs) in streets {
        let mut last: Option<(u32, Place)> = None;
        let mut length = 0;
        let mut previous: Option<Place> = None;
        for (index, id) in refs.iter().enumerate() {
            let known = place(id).filter(|(_, place)| !place.is_barrier);
            let Some((at, here)) = known else {
                // The street ends before what is not there or lets nobody through, and begins again after it.
                (last, previous, length) = (None, None, 0);
                continue;
            };
            length += previous.map_or(0, |before| decimetres(before.node, here.node));
            previous = Some(here);
            let is_end = index + 1 == refs.len() || place(&refs[index + 1]).is_none_or(|(_, p)| p.is_barrier);
            if last.is_some() && used[at] < 2 && length < KEPT_EVERY && !is_end {
                continue;
            }
            let number = *numbers.entry(at).or_insert_with(|| {
                nodes.push(here.node);
                nodes.len() as u32 - 1
            });
            if let Some((before, _)) = last.filter(|(before, _)| *before != number) {
                let kmh = street.kmh.clamp(1, MOST_KMH);
                if street.forward {
                    arcs.push(Arc { from: before, to: number, length, kmh });
                }
                if street.backward {
                    arcs.push(Arc { from: number, to: before, length, kmh });
                }
            }
            (last, length) = (Some((number, here)), 0);
        }
    }
    Graph::new(nodes, arcs)
}

fn decimetres(a: Node, b: Node) -> u32 {
    (a.point().metres_to(b.point()) * 10.0).round() as u32
}
