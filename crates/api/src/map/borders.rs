//! Borders laid on the map once, and made simpler for each zoom.
//!
//! A border is projected when it is first needed and kept as long as the atlas it came from. For each zoom the points
//! that nobody could see are left out (Douglas and Peucker), so that a tile of the whole city stays small.

use std::collections::HashMap;
use std::f64::consts::PI;
use std::sync::{Arc, PoisonError, RwLock};

use geo::{Coord, LineString, Simplify};
use territory::{Atlas, Level, Point};

use super::mvt::EXTENT;

/// How far a tile reaches beyond its edges, in units, so that lines do not end at them.
const BUFFER: f64 = 64.0;
/// Deviations below so many units of a tile are not seen: half a pixel of a screen with 512 pixels to a tile.
const UNSEEN: f64 = 4.0;

/// The borders of every city that a map has asked for.
#[derive(Default)]
pub(crate) struct Borders(RwLock<HashMap<i64, (Arc<Atlas>, Arc<CityBorders>)>>);

impl Borders {
    /// The borders of an atlas, laid on the map.
    pub fn of(&self, atlas: &Arc<Atlas>) -> Arc<CityBorders> {
        let city = atlas.jurisdiction.id;
        if let Some((kept, borders)) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&city)
            && Arc::ptr_eq(kept, atlas)
        {
            return borders.clone();
        }
        let borders = Arc::new(CityBorders::new(atlas));
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(city, (atlas.clone(), borders.clone()));
        borders
    }
}

/// A position on the square map of the world, both from 0 to 1, from the north-west corner.
pub(crate) type Position = (f64, f64);

/// The borders of one city.
pub(crate) struct CityBorders {
    shapes: Vec<Shape>,
    by_zoom: RwLock<HashMap<u32, Arc<Vec<Shape>>>>,
}

/// One division.
#[derive(Clone)]
pub(crate) struct Shape {
    pub division: i64,
    pub level: Level,
    /// West, north, east, south.
    bounds: [f64; 4],
    /// Of each part: the outer ring and its holes. Rings are closed: the last point is the first.
    parts: Vec<Vec<LineString>>,
}

impl CityBorders {
    fn new(atlas: &Atlas) -> Self {
        let mut shapes = Vec::new();
        for level in [Level::District, Level::Neighbourhood] {
            for (division, border) in atlas.borders(level) {
                let lay = |ring: &LineString| {
                    LineString::new(
                        ring.0
                            .iter()
                            .map(|c| {
                                let (x, y) = project(c.y, c.x);
                                Coord { x, y }
                            })
                            .collect(),
                    )
                };
                let parts: Vec<Vec<LineString>> = border
                    .iter()
                    .map(|part| std::iter::once(part.exterior()).chain(part.interiors()).map(lay).collect())
                    .collect();
                let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
                for c in parts.iter().flatten().flat_map(|ring| &ring.0) {
                    bounds = [bounds[0].min(c.x), bounds[1].min(c.y), bounds[2].max(c.x), bounds[3].max(c.y)];
                }
                shapes.push(Shape { division: division.id, level, bounds, parts });
            }
        }
        CityBorders { shapes, by_zoom: RwLock::default() }
    }

    /// The shapes as a zoom shows them.
    fn at(&self, zoom: u32) -> Arc<Vec<Shape>> {
        if let Some(shapes) = self.by_zoom.read().unwrap_or_else(PoisonError::into_inner).get(&zoom) {
            return shapes.clone();
        }
        let unseen = UNSEEN / f64::from(EXTENT) / f64::from(1u32 << zoom.min(24));
        let simpler = |shape: &Shape| Shape {
            parts: shape
                .parts
                .iter()
                .map(|part| {
                    part.iter().map(|ring| ring.simplify(unseen)).filter(|ring| ring.0.len() >= 4).collect()
                })
                .collect(),
            ..shape.clone()
        };
        let shapes: Arc<Vec<Shape>> = Arc::new(self.shapes.iter().map(simpler).collect());
        self.by_zoom.write().unwrap_or_else(PoisonError::into_inner).insert(zoom, shapes.clone());
        shapes
    }

    /// The shapes that a tile shows, cut at its edges, in units of the tile.
    pub fn on_tile(&self, frame: &Frame, mut each: impl FnMut(&Shape, Vec<Vec<(i32, i32)>>)) {
        for shape in self.at(frame.z).iter() {
            if !frame.touches(shape.bounds) {
                continue;
            }
            let mut rings = Vec::new();
            for part in &shape.parts {
                for (n, ring) in part.iter().enumerate() {
                    match frame.ring(ring, n == 0) {
                        Some(ring) => rings.push(ring),
                        // Holes of what cannot be seen cannot be seen.
                        None if n == 0 => break,
                        None => {}
                    }
                }
            }
            if !rings.is_empty() {
                each(shape, rings);
            }
        }
    }
}

/// Where a point lies on the square map.
pub(crate) fn project(lat: f64, long: f64) -> Position {
    let lat = lat.clamp(-85.051_128, 85.051_128).to_radians();
    ((long + 180.0) / 360.0, (1.0 - lat.tan().asinh() / PI) / 2.0)
}

/// One tile: what it shows, and how positions become its units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub z: u32,
    x: f64,
    y: f64,
    /// Tiles along the side of the world.
    side: f64,
}

impl Frame {
    /// None where there is no such tile.
    pub fn new(z: u32, x: u32, y: u32) -> Option<Frame> {
        let side = 1u32.checked_shl(z).filter(|_| z <= 22)?;
        (x < side && y < side).then(|| Frame { z, x: f64::from(x), y: f64::from(y), side: f64::from(side) })
    }

    /// A position in units of the tile.
    fn units(&self, (x, y): Position) -> (f64, f64) {
        let extent = f64::from(EXTENT);
        ((x * self.side - self.x) * extent, (y * self.side - self.y) * extent)
    }

    /// A point in units, if it is on this tile and on no other.
    pub fn point(&self, point: Point) -> Option<(i32, i32)> {
        let (x, y) = self.units(project(point.lat, point.long));
        let extent = f64::from(EXTENT);
        ((0.0..extent).contains(&x) && (0.0..extent).contains(&y)).then_some((x as i32, y as i32))
    }

    /// The box of the tile in degrees: its south-west and north-east corners.
    pub fn corners(&self) -> (Point, Point) {
        let lat = |y: f64| ((1.0 - 2.0 * y / self.side) * PI).sinh().atan().to_degrees();
        let long = |x: f64| x / self.side * 360.0 - 180.0;
        (
            Point { lat: lat(self.y + 1.0), long: long(self.x) },
            Point { lat: lat(self.y), long: long(self.x + 1.0) },
        )
    }

    fn touches(&self, [west, north, east, south]: [f64; 4]) -> bool {
        let reach = BUFFER / f64::from(EXTENT);
        east * self.side >= self.x - reach
            && west * self.side <= self.x + 1.0 + reach
            && south * self.side >= self.y - reach
            && north * self.side <= self.y + 1.0 + reach
    }

    /// A ring cut at the edges of the tile (Sutherland and Hodgman), turned the way its place demands, without the
    /// point that closes it. None when nothing is left to see.
    fn ring(&self, ring: &LineString, outer: bool) -> Option<Vec<(i32, i32)>> {
        let mut points: Vec<(f64, f64)> = ring.0.iter().map(|c| self.units((c.x, c.y))).collect();
        points.pop();
        let (low, high) = (-BUFFER, f64::from(EXTENT) + BUFFER);
        points = cut(&points, |p| p.0 - low, |a, b, t| (low, a.1 + (b.1 - a.1) * t));
        points = cut(&points, |p| high - p.0, |a, b, t| (high, a.1 + (b.1 - a.1) * t));
        points = cut(&points, |p| p.1 - low, |a, b, t| (a.0 + (b.0 - a.0) * t, low));
        points = cut(&points, |p| high - p.1, |a, b, t| (a.0 + (b.0 - a.0) * t, high));
        let mut whole: Vec<(i32, i32)> =
            points.iter().map(|p| (p.0.round() as i32, p.1.round() as i32)).collect();
        whole.dedup();
        if whole.len() > 1 && whole.first() == whole.last() {
            whole.pop();
        }
        let area = twice_area(&whole);
        if whole.len() < 3 || area == 0 {
            return None;
        }
        if (area > 0) != outer {
            whole.reverse();
        }
        Some(whole)
    }
}

/// The part of a ring on the inner side of one edge. `inside` is not negative there; `meet` is the point where the
/// line from `a` to `b` crosses, `t` of the way.
fn cut(
    ring: &[(f64, f64)],
    inside: impl Fn((f64, f64)) -> f64,
    meet: impl Fn((f64, f64), (f64, f64), f64) -> (f64, f64),
) -> Vec<(f64, f64)> {
    let mut out = Vec::with_capacity(ring.len() + 4);
    let Some(mut before) = ring.last().copied() else { return out };
    for point in ring.iter().copied() {
        let (a, b) = (inside(before), inside(point));
        if (a >= 0.0) != (b >= 0.0) {
            out.push(meet(before, point, a / (a - b)));
        }
        if b >= 0.0 {
            out.push(point);
        }
        before = point;
    }
    out
}

/// Twice the area by the surveyor's formula; positive when the ring turns clockwise on a screen, whose y grows down.
fn twice_area(ring: &[(i32, i32)]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .map(|(a, b)| i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_larger_than_the_tile_becomes_the_tile_and_its_buffer() {
        let frame = Frame::new(1, 0, 0).unwrap();
        let ring = LineString::from(vec![(-1.0, -1.0), (2.0, -1.0), (2.0, 2.0), (-1.0, 2.0), (-1.0, -1.0)]);
        let mut cut = frame.ring(&ring, true).unwrap();
        cut.sort_unstable();
        assert_eq!(cut, [(-64, -64), (-64, 4160), (4160, -64), (4160, 4160)]);
        let hole = frame.ring(&ring, false).unwrap();
        assert!(twice_area(&hole) < 0 && twice_area(&frame.ring(&ring, true).unwrap()) > 0);
        let elsewhere = LineString::from(vec![(0.9, 0.9), (0.95, 0.9), (0.95, 0.95), (0.9, 0.9)]);
        assert_eq!(frame.ring(&elsewhere, true), None);
    }

    #[test]
    fn the_corners_of_a_tile_are_its_own() {
        let frame = Frame::new(11, 1317, 806).unwrap();
        let (low, high) = frame.corners();
        let middle = Point { lat: (low.lat + high.lat) / 2.0, long: (low.long + high.long) / 2.0 };
        assert!(frame.point(middle).is_some());
        assert_eq!(frame.point(Point { lat: high.lat + 0.01, ..middle }), None);
        assert!(Frame::new(3, 8, 0).is_none() && Frame::new(23, 0, 0).is_none());
    }
}
