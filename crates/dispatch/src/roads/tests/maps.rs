//! From an extract to times, and extracts that are none.

use std::io::Cursor;

use super::pbf::{self, Node as OsmNode, Way as OsmWay};
use super::*;
use crate::roads::osm::{Found, OsmError, read};
use crate::roads::streets::{Street, street};

fn node(id: i64, lat: f64, long: f64) -> OsmNode {
    OsmNode { id, lat, long, tags: vec![] }
}

fn way(id: i64, refs: &[i64], tags: &[(&'static str, &'static str)]) -> OsmWay {
    OsmWay { id, refs: refs.to_vec(), tags: tags.to_vec() }
}

/// Two avenues and a bridge between them that is one-way, a footpath, a yard and a bollard.
///
/// ```text
///   1 ─── 2 ─── 3       avenue, bend at 2
///   │           ↓
///   4 ─── 5 ─── 6       street
/// ```
fn little_city() -> (Vec<OsmNode>, Vec<OsmWay>) {
    let nodes = vec![
        node(10, 35.71, 51.40),
        node(-20, 35.7101, 51.405),
        node(30, 35.71, 51.41),
        node(40, 35.70, 51.40),
        node(50, 35.70, 51.405),
        node(60, 35.70, 51.41),
        node(70, 35.69, 51.40),
        OsmNode { tags: vec![("barrier", "bollard")], ..node(80, 35.695, 51.405) },
        node(90, 35.69, 51.405),
    ];
    let ways = vec![
        way(1, &[10, -20, 30], &[("highway", "primary"), ("maxspeed", "50")]),
        way(2, &[30, 60], &[("highway", "secondary"), ("oneway", "yes")]),
        way(3, &[40, 50, 60], &[("highway", "residential")]),
        way(4, &[10, 40], &[("highway", "tertiary")]),
        way(5, &[40, 70], &[("highway", "footway")]),
        way(6, &[50, 80, 90], &[("highway", "residential")]),
        way(7, &[70, 90], &[("highway", "service"), ("access", "private")]),
    ];
    (nodes, ways)
}

fn import(bytes: &[u8]) -> Result<(Graph, Found), OsmError> {
    read(|| Ok(Cursor::new(bytes)))
}

#[test]
fn an_extract_becomes_streets_however_it_is_written() {
    let (nodes, ways) = little_city();
    let mut graphs = Vec::new();
    for (dense, pack) in [(true, true), (true, false), (false, true), (false, false)] {
        let (graph, found) = import(&pbf::file(&nodes, &ways, dense, pack)).unwrap();
        assert_eq!((found.streets, found.points, found.missing), (5, 8, 0));
        graphs.push((graph.nodes, graph.arcs));
    }
    assert!(graphs.windows(2).all(|two| two[0] == two[1]));
    let (nodes, arcs) = &graphs[0];
    // The way to the bollard leads nowhere, but there and back; the bollard itself and what is behind it are gone.
    let spots =
        [(35.71, 51.40), (35.7101, 51.405), (35.71, 51.41), (35.70, 51.41), (35.70, 51.40), (35.70, 51.405)];
    let mut expected: Vec<Node> = spots.iter().map(|(lat, long)| Node::of(at(*lat, *long))).collect();
    let mut kept = nodes.clone();
    for list in [&mut expected, &mut kept] {
        list.sort_by_key(|node| (node.lat, node.long));
    }
    assert_eq!(kept, expected);
    let number =
        |lat: f64, long: f64| nodes.iter().position(|n| *n == Node::of(at(lat, long))).unwrap() as u32;
    let (bridge, foot) = (number(35.71, 51.41), number(35.70, 51.41));
    assert!(arcs.iter().any(|arc| (arc.from, arc.to, arc.kmh) == (bridge, foot, 48)));
    assert!(!arcs.iter().any(|arc| (arc.from, arc.to) == (foot, bridge)), "against the one way");
}

#[test]
fn ways_over_an_imported_map_keep_to_its_one_way() {
    let (nodes, ways) = little_city();
    let (graph, _) = import(&pbf::file(&nodes, &ways, true, true)).unwrap();
    let roads = Roads::new(std::sync::Arc::new(graph), plain(90.0)).unwrap();
    let (north, south) = (at(35.71, 51.41), at(35.70, 51.41));
    let metres = |a: Point, b: Point| a.metres_to(b);
    let down = metres(north, south) / (48.0 / 3.6);
    assert_eq!(roads.seconds(north, south, 3), down.round() as i32);
    // Back along the street, up, and along the avenue with its bend.
    let (corner, top, bend) = (at(35.70, 51.40), at(35.71, 51.40), at(35.7101, 51.405));
    let back = metres(south, corner) / (25.0 / 3.6)
        + metres(corner, top) / (40.0 / 3.6)
        + (metres(top, bend) + metres(bend, north)) / (40.0 / 3.6);
    assert!((f64::from(roads.seconds(south, north, 3)) - back).abs() < 2.0);
}

#[test]
fn rush_hours_slow_large_streets_more_than_small_ones() {
    let (nodes, ways) = little_city();
    let (graph, _) = import(&pbf::file(&nodes, &ways, true, true)).unwrap();
    let bands = Bands { band: vec![Band { from: 0, kmh: 40.0 }, Band { from: 7, kmh: 20.0 }], ..plain(1.0) };
    let roads = Roads::new(std::sync::Arc::new(graph), bands).unwrap();
    let slower = |from: Point, to: Point| {
        f64::from(roads.seconds(from, to, 8)) / f64::from(roads.seconds(from, to, 3))
    };
    let bridge = slower(at(35.71, 51.41), at(35.70, 51.41));
    let street = slower(at(35.70, 51.41), at(35.70, 51.405));
    assert!(bridge > 1.6 && bridge < 2.0, "{bridge}");
    assert!(street > 1.0 && street < 1.2, "{street}");
}

#[test]
fn what_is_no_map_is_refused_and_never_a_panic() {
    let (nodes, ways) = little_city();
    let good = pbf::file(&nodes, &ways, true, false);
    let refused = |bytes: &[u8]| import(bytes).map(|_| ()).unwrap_err();
    assert!(matches!(refused(b""), OsmError::Graph(GraphError::Empty)));
    assert!(matches!(refused(b"PK\x03\x04 this is a zip"), OsmError::Unreadable(_)));
    assert!(matches!(refused(&good[..good.len() - 9]), OsmError::Unreadable(_)));
    let no_nodes = pbf::file(&[], &ways, true, true);
    assert!(matches!(refused(&no_nodes), OsmError::NotWhole { missing: 8 }));
    let no_ways = pbf::file(&nodes, &[], true, true);
    assert!(matches!(refused(&no_ways), OsmError::Graph(GraphError::Empty)));
}

proptest! {
    /// A damaged byte is a refusal or another map, never the end of the program.
    #[test]
    fn damaged_maps_are_survived(at in any::<prop::sample::Index>(), byte in any::<u8>(), dense in any::<bool>()) {
        let (nodes, ways) = little_city();
        let mut bytes = pbf::file(&nodes, &ways, dense, false);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = import(&bytes);
    }
}

#[test]
fn tags_say_who_drives_where_and_how_fast() {
    let both = |kmh| Some(Street { kmh, forward: true, backward: true });
    let table: &[(&[(&str, &str)], Option<Street>)] = &[
        (&[("highway", "residential")], both(25)),
        (&[("highway", "residential"), ("maxspeed", "30 mph")], both(38)),
        (&[("highway", "residential"), ("maxspeed", "IR:urban")], both(25)),
        (&[("highway", "residential"), ("maxspeed", "-5")], both(25)),
        (&[("highway", "footway")], None),
        (&[("highway", "construction")], None),
        (&[("highway", "service"), ("service", "parking_aisle")], None),
        (&[("highway", "residential"), ("access", "no")], None),
        (&[("highway", "residential"), ("access", "no"), ("motor_vehicle", "yes")], both(25)),
        (&[("highway", "residential"), ("motor_vehicle", "private")], None),
        (
            &[("highway", "residential"), ("oneway", "-1")],
            Some(Street { kmh: 25, forward: false, backward: true }),
        ),
        (&[("highway", "motorway")], Some(Street { kmh: 90, forward: true, backward: false })),
        (&[("highway", "motorway"), ("oneway", "no")], both(90)),
        (
            &[("highway", "primary"), ("junction", "roundabout")],
            Some(Street { kmh: 55, forward: true, backward: false }),
        ),
        (&[("highway", "primary"), ("oneway", "reversible")], None),
        (&[("highway", "pedestrian"), ("area", "yes")], None),
        (&[("name", "ولیعصر")], None),
    ];
    for (tags, expected) in table {
        assert_eq!(street(tags.iter().copied()), *expected, "{tags:?}");
    }
}
