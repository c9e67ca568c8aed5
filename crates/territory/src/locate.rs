//! Where a point lies, and how far outside.
//!
//! Borders stand in an R-tree by their boxes; the few whose box holds the point are tried one by one, the smallest
//! level first. A point on a shared border belongs to the division whose code comes first, on every machine.

use geo::{Area, BoundingRect, Intersects, LinesIter, MultiPolygon};
use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

use crate::{Bounds, Level, Place, Point};

/// Metres in a degree of latitude, on the sphere that [`Point::metres_to`] uses.
const METRES_PER_DEGREE: f64 = 111_195.08;

/// The answer to "where is this point".
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Located {
    Inside(Place),
    /// Outside the city: the nearest district, and the distance to it in metres.
    Outside {
        nearest: Option<i64>,
        metres: f64,
    },
    /// The city has no open borders. People choose their division by name.
    NoBorders,
}

/// One border.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The division, by its place in the atlas.
    pub division: usize,
    pub level: Level,
    pub border: MultiPolygon,
}

/// All borders of a city, ready to be asked.
#[derive(Debug)]
pub(crate) struct Shapes {
    /// The smallest level first, then in the order of codes.
    all: Vec<Shape>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
    pub bounds: Option<Bounds>,
}

impl Shapes {
    /// `shapes` must come in the order of codes within each level.
    pub fn new(mut shapes: Vec<Shape>) -> Shapes {
        shapes.retain(|shape| shape.border.unsigned_area() > 0.0);
        shapes.sort_by_key(|shape| std::cmp::Reverse(shape.level));
        let mut boxes = Vec::with_capacity(shapes.len());
        let mut bounds: Option<Bounds> = None;
        for (n, shape) in shapes.iter().enumerate() {
            let Some(rect) = shape.border.bounding_rect() else { continue };
            let (low, high) = (rect.min(), rect.max());
            boxes.push(GeomWithData::new(Rectangle::from_corners([low.x, low.y], [high.x, high.y]), n));
            let min = Point { lat: low.y, long: low.x };
            let max = Point { lat: high.y, long: high.x };
            let own = Bounds { min, max };
            bounds = Some(bounds.map_or(own, |b| b.union(&own)));
        }
        Shapes { all: shapes, tree: RTree::bulk_load(boxes), bounds }
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Borders of one level, in the order of codes.
    pub fn of(&self, level: Level) -> impl Iterator<Item = &Shape> {
        self.all.iter().filter(move |shape| shape.level == level)
    }

    /// The smallest division that holds the point.
    pub fn holding(&self, point: Point) -> Option<&Shape> {
        let mut near: Vec<usize> =
            self.tree.locate_all_at_point([point.long, point.lat]).map(|b| b.data).collect();
        near.sort_unstable();
        near.into_iter().filter_map(|n| self.all.get(n)).find(|shape| shape.border.intersects(&point.coord()))
    }

    /// The nearest border of the largest level that has any, and the distance in metres.
    pub fn nearest(&self, point: Point) -> Option<(&Shape, f64)> {
        let largest = self.all.last()?.level;
        self.of(largest)
            .map(|shape| (shape, metres_to_border(point, &shape.border)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// The distance to the nearest edge, on a plane laid on the ground at the point. Far from the city it is only a
/// measure of "far".
fn metres_to_border(point: Point, border: &MultiPolygon) -> f64 {
    let shrink = point.lat.to_radians().cos();
    let flat = |c: geo::Coord| {
        ((c.x - point.long) * shrink * METRES_PER_DEGREE, (c.y - point.lat) * METRES_PER_DEGREE)
    };
    border
        .lines_iter()
        .map(|line| {
            let ((ax, ay), (bx, by)) = (flat(line.start), flat(line.end));
            let (dx, dy) = (bx - ax, by - ay);
            let length = dx * dx + dy * dy;
            // How far along the edge the nearest spot is.
            let along = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
            (ax + along * dx).hypot(ay + along * dy)
        })
        .fold(f64::INFINITY, f64::min)
}
