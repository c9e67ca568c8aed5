use proptest::prelude::*;

use super::point;
use crate::{Bounds, Point, cell};

fn anywhere() -> impl Strategy<Value = Point> {
    (-90.0..=90.0f64, -180.0..=180.0f64).prop_map(|(lat, long)| point(lat, long))
}

/// The formula of the OpenStreetMap wiki ("Slippy map tilenames"), written another way than ours.
fn slippy(p: Point, z: u32) -> (u32, u32) {
    let n = 2f64.powi(z as i32);
    let lat = p.lat.to_radians();
    let x = n * (p.long + 180.0) / 360.0;
    let y = n * (1.0 - ((lat.tan() + 1.0 / lat.cos()).ln() / std::f64::consts::PI)) / 2.0;
    (x as u32, y as u32)
}

#[test]
fn the_known_tile_of_a_known_square() {
    // Azadi Square; tile numbers from the slippy map of OpenStreetMap.
    let cell = cell::of(point(35.6997, 51.3380));
    assert_eq!(slippy(point(35.6997, 51.3380), 12), (2632, 1612));
    assert!(cell::tile_range(12, 2632, 1612).unwrap().contains(&cell));
    assert!(!cell::tile_range(12, 2631, 1612).unwrap().contains(&cell));
}

#[test]
fn the_corners_of_the_world_have_cells() {
    assert_eq!(cell::of(point(90.0, -180.0)), 0);
    assert_eq!(cell::of(point(-90.0, 180.0)), (1i64 << 52) - 1);
    assert_eq!(cell::tile_range(0, 0, 0).unwrap(), 0..=(1i64 << 52) - 1);
    assert_eq!(cell::tile_range(26, 0, 0).unwrap(), 0..=0);
    for (z, x, y) in [(0, 1, 0), (5, 0, 32), (27, 0, 0), (31, 0, 0), (32, 0, 0), (u32::MAX, 0, 0)] {
        assert_eq!(cell::tile_range(z, x, y), None, "{z}/{x}/{y}");
    }
}

#[test]
fn a_small_box_costs_few_ranges_and_little_besides() {
    // About 500 m by 500 m in the middle of a city.
    let bounds = Bounds { min: point(35.6975, 51.3350), max: point(35.7020, 51.3405) };
    let ranges = cell::ranges(bounds, 16);
    assert!(ranges.len() <= 16);
    let cells: i64 = ranges.iter().map(|r| r.end() - r.start() + 1).sum();
    let (west, south) = cell::position(cell::of(bounds.min));
    let (east, north) = cell::position(cell::of(bounds.max));
    let inside = i64::from(east - west + 1) * i64::from(south - north + 1);
    assert!(cells < inside * 2, "{cells} cells for {inside}");
}

#[test]
fn the_whole_world_is_one_range() {
    let world = Bounds { min: point(-90.0, -180.0), max: point(90.0, 180.0) };
    assert_eq!(cell::ranges(world, 8), vec![0..=(1i64 << 52) - 1]);
}

proptest! {
    #[test]
    fn every_point_of_a_box_is_in_a_range(
        a in anywhere(), b in anywhere(), across in 0.0..=1.0f64, up in 0.0..=1.0f64,
        shrink in prop::sample::select(vec![1.0, 0.01, 0.0001]), most in 1usize..40,
    ) {
        let b = Point { lat: a.lat + (b.lat - a.lat) * shrink, long: a.long + (b.long - a.long) * shrink };
        let bounds = Bounds::of(a, b);
        let p = Point {
            lat: (bounds.min.lat + (bounds.max.lat - bounds.min.lat) * up).clamp(bounds.min.lat, bounds.max.lat),
            long: (bounds.min.long + (bounds.max.long - bounds.min.long) * across)
                .clamp(bounds.min.long, bounds.max.long),
        };
        let ranges = cell::ranges(bounds, most);
        prop_assert!(ranges.len() <= most);
        prop_assert!(ranges.windows(2).all(|w| w[0].end() < w[1].start()));
        for p in [p, bounds.min, bounds.max, bounds.centre()] {
            prop_assert!(ranges.iter().any(|r| r.contains(&cell::of(p))), "{p:?} in {bounds:?}");
        }
    }

    #[test]
    fn tiles_agree_with_the_slippy_map(lat in -85.0..=85.0f64, long in -180.0..179.9999f64, z in 0u32..=22) {
        let p = point(lat, long);
        let (x, y) = slippy(p, z);
        let range = cell::tile_range(z, x, y).unwrap();
        let cell = cell::of(p);
        prop_assert!(range.contains(&cell));
        prop_assert_eq!(cell::prefix(cell, z), cell::prefix(*range.start(), z));
        prop_assert_eq!(range.end() - range.start() + 1, 1i64 << (2 * (26 - z)));
    }

    #[test]
    fn a_cell_and_its_centre_agree(p in anywhere()) {
        let cell = cell::of(p);
        prop_assert_eq!(cell::of(cell::point(cell)), cell);
        let (x, y) = cell::position(cell);
        prop_assert!(x < 1 << 26 && y < 1 << 26);
        if p.lat.abs() < 85.0 {
            prop_assert!(p.metres_to(cell::point(cell)) < 0.6);
        }
    }

    #[test]
    fn a_box_is_read_as_it_is_written(a in anywhere(), b in anywhere()) {
        let Bounds { min, max } = Bounds::of(a, b);
        let text = format!("{},{}, {} ,{}", min.long, min.lat, max.long, max.lat);
        prop_assert_eq!(Bounds::parse(&text), Some(Bounds { min, max }));
    }
}

#[test]
fn impossible_places_are_refused() {
    for (lat, long) in
        [(90.1, 0.0), (-91.0, 0.0), (0.0, 180.5), (0.0, -181.0), (f64::NAN, 0.0), (0.0, f64::INFINITY)]
    {
        assert_eq!(Point::new(lat, long), None, "{lat} {long}");
    }
    for text in
        ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "10,0,5,1", "0,10,1,5", "0,0,0,91", "NaN,0,1,1", "51,35,51.5"]
    {
        assert_eq!(Bounds::parse(text), None, "{text}");
    }
}

#[test]
fn metres_are_metres() {
    // One degree along a meridian, and along the equator.
    assert!((point(35.0, 51.0).metres_to(point(36.0, 51.0)) - 111_195.0).abs() < 1.0);
    assert!((point(0.0, 0.0).metres_to(point(0.0, 1.0)) - 111_195.0).abs() < 1.0);
    assert_eq!(point(1.0, 2.0).metres_to(point(1.0, 2.0)), 0.0);
}
