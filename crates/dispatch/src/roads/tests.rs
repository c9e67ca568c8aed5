//! Travel times: each kind on small made-up cities, ways against trying everything, maps that the tests write themselves.

use proptest::prelude::*;
use territory::Point;

use super::*;

mod maps; // OpenStreetMap extracts
mod memory; // remembered answers, files of our own, learnt speeds
mod pbf; // writes extracts
mod services; // a service and its silence

fn at(lat: f64, long: f64) -> Point {
    Point { lat, long }
}

/// One speed all day and nothing besides.
fn plain(kmh: f64) -> Bands {
    Bands { detour: 1.0, each: 0, band: vec![Band { from: 0, kmh }] }
}

#[test]
fn the_hours_before_the_first_band_belong_to_the_last() {
    let bands = Bands { band: vec![Band { from: 7, kmh: 18.0 }, Band { from: 20, kmh: 36.0 }], ..plain(1.0) };
    for (hour, kmh) in
        [(0, 36.0), (6, 36.0), (7, 18.0), (19, 18.0), (20, 36.0), (23, 36.0), (31, 18.0), (255, 18.0)]
    {
        assert_eq!(bands.kmh(hour), kmh, "at {hour}");
    }
    assert_eq!((bands.flow(8), bands.flow(21)), (0.5, 1.0));
}

#[test]
fn a_straight_line_takes_what_its_length_says() {
    let bands = Bands { detour: 1.5, each: 45, band: vec![Band { from: 0, kmh: 36.0 }] };
    let straight = Straight::new(bands).unwrap();
    // A hundredth of a degree of latitude is 1111.95 metres.
    assert_eq!(straight.seconds(at(35.70, 51.40), at(35.71, 51.40), 9), 45 + 167);
    assert_eq!(straight.seconds(at(35.70, 51.40), at(35.70, 51.40), 9), 0, "who is there is there");
    assert_eq!(straight.seconds(at(-90.0, 0.0), at(90.0, 0.0), 9), UNREACHABLE, "more than a week");
}

#[test]
fn speeds_that_cannot_be_are_refused() {
    let with = |change: &dyn Fn(&mut Bands)| {
        let mut bands = Bands::default();
        change(&mut bands);
        Straight::new(bands).unwrap_err()
    };
    let table: [(&dyn Fn(&mut Bands), BandsError); 8] = [
        (&|b| b.detour = 0.5, BandsError::Detour),
        (&|b| b.detour = f64::NAN, BandsError::Detour),
        (&|b| b.each = -1, BandsError::Each),
        (&|b| b.band.clear(), BandsError::Count),
        (&|b| b.band[0].from = 24, BandsError::Hours { from: 24 }),
        (&|b| b.band[1].from = 0, BandsError::Hours { from: 0 }),
        (&|b| b.band[2].kmh = 0.0, BandsError::Speed { from: 7 }),
        (&|b| b.band[2].kmh = f64::INFINITY, BandsError::Speed { from: 7 }),
    ];
    for (change, expected) in table {
        assert_eq!(with(change), expected);
    }
    assert_eq!(Bands::default().validate(), Ok(()));
}

/// All ways of a small graph by trying every crossing in between (Floyd 1962, Warshall 1962).
fn every_way(graph: &Graph, cost: impl Fn(&super::graph::Arc) -> Option<u32>) -> Vec<Vec<u32>> {
    let size = graph.nodes.len();
    let mut time = vec![vec![way::NONE; size]; size];
    (0..size).for_each(|node| time[node][node] = 0);
    for (arc, cost) in graph.arcs.iter().filter_map(|arc| Some((arc, cost(arc)?))) {
        let cell = &mut time[arc.from as usize][arc.to as usize];
        *cell = cost.min(*cell);
    }
    for between in 0..size {
        for from in 0..size {
            for to in 0..size {
                let sum = time[from][between].saturating_add(time[between][to]);
                time[from][to] = sum.min(time[from][to]);
            }
        }
    }
    time
}

fn any_graph() -> impl Strategy<Value = (Vec<Node>, Vec<super::graph::Arc>)> {
    let node = (0..2_000i32, 0..2_000i32)
        .prop_map(|(lat, long)| Node { lat: 357_000_000 + lat * 100, long: 514_000_000 + long * 100 });
    prop::collection::vec(node, 2..12).prop_flat_map(|nodes| {
        let last = nodes.len() as u32;
        let arc = (0..last, 0..last, 0..9_000u32, 1..=150u8)
            .prop_map(|(from, to, length, kmh)| super::graph::Arc { from, to, length, kmh });
        (Just(nodes), prop::collection::vec(arc, 0..40))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn the_quickest_ways_are_the_quickest((nodes, arcs) in any_graph(), hour in 0..24u8, closed in any::<u32>()) {
        let Ok(graph) = Graph::new(nodes, arcs) else { return Ok(()) };
        let pace = way::Pace::new(&Bands::default(), hour);
        let is_closed = |arc: u32| closed >> (arc % 32) & 3 == 3;
        let open = |arc: &super::graph::Arc| {
            let index = graph.arcs.iter().position(|a| std::ptr::eq(a, arc)).unwrap() as u32;
            (!is_closed(index)).then(|| pace.over(arc.length, arc.kmh))
        };
        let oracle = every_way(&graph, open);
        let all: Vec<u32> = (0..graph.nodes.len() as u32).collect();
        for node in &all {
            let from = way::times(&graph, &pace, *node, &all, way::Towards::All, is_closed);
            prop_assert_eq!(&from, &oracle[*node as usize]);
            let to = way::times(&graph, &pace, *node, &all, way::Towards::One, is_closed);
            let column: Vec<u32> = oracle.iter().map(|row| row[*node as usize]).collect();
            prop_assert_eq!(to, column);
        }
    }

    /// What is kept is the largest set of crossings that all reach each other.
    #[test]
    fn islands_are_left_out((nodes, arcs) in any_graph()) {
        let size = nodes.len();
        let mut reach = vec![vec![false; size]; size];
        (0..size).for_each(|node| reach[node][node] = true);
        arcs.iter().for_each(|arc| reach[arc.from as usize][arc.to as usize] = true);
        for between in 0..size {
            for from in 0..size {
                for to in 0..size {
                    reach[from][to] |= reach[from][between] && reach[between][to];
                }
            }
        }
        let largest = (0..size).map(|a| (0..size).filter(|b| reach[a][*b] && reach[*b][a]).count()).max();
        match Graph::new(nodes, arcs) {
            Ok(graph) => {
                prop_assert_eq!(Some(graph.nodes.len()), largest);
                let oracle = every_way(&graph, |arc| Some(arc.length));
                prop_assert!(oracle.iter().flatten().all(|time| *time != way::NONE));
            }
            // One crossing alone, without a street back to itself, is no city.
            Err(error) => prop_assert!(error == GraphError::Empty && largest == Some(1)),
        }
    }
}

/// A street of five crossings, a hundredth of a degree apart, and a slow way around its middle.
fn ladder() -> Roads {
    let node = |lat: f64, long: f64| Node::of(at(lat, long));
    let nodes = vec![
        node(35.70, 51.40),
        node(35.71, 51.40),
        node(35.72, 51.40),
        node(35.73, 51.40),
        node(35.74, 51.40),
        node(35.72, 51.43),
    ];
    let both = |a: u32, b: u32, length: u32, kmh: u8| {
        [(a, b), (b, a)].map(|(from, to)| super::graph::Arc { from, to, length, kmh })
    };
    let mut arcs: Vec<_> = (0..4).flat_map(|n| both(n, n + 1, 11_120, 20)).collect();
    arcs.extend(both(1, 5, 29_000, 20).into_iter().chain(both(5, 3, 29_000, 20)));
    Roads::new(std::sync::Arc::new(Graph::new(nodes, arcs).unwrap()), plain(20.0)).unwrap()
}

#[test]
fn a_closed_street_is_gone_around_and_opened_again() {
    let roads = ladder();
    let (south, north) = (at(35.70, 51.40), at(35.74, 51.40));
    let usual = roads.seconds(south, north, 9);
    assert_eq!(usual, (4.0_f64 * 1112.0 / (20.0 / 3.6)).round() as i32);
    let flood = Closure { at: at(35.725, 51.40), metres: 150.0 };
    let flooded = roads.closed(&[flood]);
    assert_eq!(flooded.closed_arcs(), 2, "both directions between two crossings that stay dry");
    let around = flooded.seconds(south, north, 9);
    assert_eq!(around, (8_024.0_f64 / (20.0 / 3.6)).round() as i32);
    assert_eq!(flooded.closed(&[]).seconds(south, north, 9), usual);
    assert_eq!(flooded.to_one(&[south], north, 9), [around]);
}

#[test]
fn a_place_in_the_middle_of_a_closure_is_reached_from_its_edge() {
    let roads = ladder().closed(&[Closure { at: at(35.72, 51.40), metres: 200.0 }]);
    let there = roads.seconds(at(35.70, 51.40), at(35.72, 51.40), 9);
    // By car to the crossing before it, then 1112 metres at six kilometres an hour.
    assert!((860..=880).contains(&there), "{there}");
}

#[test]
fn what_is_cut_off_cannot_be_reached_and_what_is_off_the_map_is_a_straight_line() {
    let roads = ladder();
    let cut = roads.closed(&[
        Closure { at: at(35.715, 51.40), metres: 100.0 },
        Closure { at: at(35.715, 51.415), metres: 100.0 },
    ]);
    assert_eq!(cut.seconds(at(35.70, 51.40), at(35.74, 51.40), 9), UNREACHABLE);
    let far = at(36.0, 52.0);
    let straight = Straight::new(plain(20.0)).unwrap();
    assert_eq!(roads.seconds(far, at(35.70, 51.40), 9), straight.seconds(far, at(35.70, 51.40), 9));
    assert_eq!(roads.from_one(at(35.70, 51.40), &[far], 9), straight.from_one(at(35.70, 51.40), &[far], 9));
    assert_eq!(roads.seconds(at(35.70, 51.40), at(35.70, 51.40), 9), 0);
}

#[test]
fn a_table_is_its_rows() {
    let roads = ladder();
    let points: Vec<Point> =
        (0..7).map(|n| at(35.70 + 0.006 * f64::from(n), 51.40 + 0.001 * f64::from(n))).collect();
    let table = roads.table(&points, 8);
    assert_eq!(table.size, 7);
    for (row, from) in points.iter().enumerate() {
        assert_eq!(table.time[row * 7..row * 7 + 7], roads.from_one(*from, &points, 8));
        let column: Vec<i32> = (0..7).map(|other| table.time[other * 7 + row]).collect();
        assert_eq!(column, roads.to_one(&points, *from, 8));
    }
    assert_eq!(roads.table(&[], 8).size, 0);
}

#[test]
fn graphs_that_cannot_be_are_refused() {
    let node = Node::of(at(35.7, 51.4));
    let arc = super::graph::Arc { from: 0, to: 0, length: 5, kmh: 20 };
    let refused =
        |nodes: Vec<Node>, arcs: Vec<super::graph::Arc>| Graph::new(nodes, arcs).map(|_| ()).unwrap_err();
    assert_eq!(refused(vec![], vec![]), GraphError::Empty);
    assert_eq!(refused(vec![node], vec![]), GraphError::Empty);
    assert_eq!(refused(vec![node], vec![super::graph::Arc { to: 1, ..arc }]), GraphError::NodeUnknown);
    assert_eq!(refused(vec![node], vec![super::graph::Arc { kmh: 0, ..arc }]), GraphError::ArcWrong);
    assert_eq!(
        refused(vec![node], vec![super::graph::Arc { length: u32::MAX, ..arc }]),
        GraphError::ArcWrong
    );
    assert_eq!(refused(vec![Node { lat: i32::MAX, long: 0 }], vec![arc]), GraphError::NodeWrong);
}
