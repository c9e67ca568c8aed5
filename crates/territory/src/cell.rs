//! A position as one number, so that a box on the map is a few ranges of an ordinary index.
//!
//! A cell is the Morton code (Z-order: bits of x and y interleaved, x in the even places) of the Web-Mercator position
//! with 26 bits for each axis, about 0.6 m at the equator. The first `2z` bits are the tile `z/x/y` of web maps, so a
//! tile is exactly one range. North is at the top, as in tiles; latitudes beyond ±85.05° count as that.

use std::ops::RangeInclusive;

use crate::{Bounds, Point};

/// Bits for each axis; also the deepest zoom a tile can have here.
pub const BITS: u32 = 26;
/// The number of positions on each axis.
const SIDE: u32 = 1 << BITS;

/// The cell of a point.
pub fn of(point: Point) -> i64 {
    let (x, y) = position_of(point);
    join(x, y)
}

/// The cell of the tile of zoom `level` that holds `cell`: its first `2 × level` bits. For grouping.
pub fn prefix(cell: i64, level: u32) -> i64 {
    cell >> (2 * (BITS - level.min(BITS)))
}

/// The cells of the tile `z/x/y` of web maps; none when there is no such tile.
pub fn tile_range(z: u32, x: u32, y: u32) -> Option<RangeInclusive<i64>> {
    let side = 1u32.checked_shl(z).filter(|_| z <= BITS)?;
    (x < side && y < side).then(|| Quad { x, y, level: z }.range())
}

/// How far east and how far south of the north-west corner of the world a cell lies, each of 2²⁶.
pub fn position(cell: i64) -> (u32, u32) {
    (squeeze(cell as u64), squeeze((cell as u64) >> 1))
}

/// The centre of a cell.
pub fn point(cell: i64) -> Point {
    let (x, y) = position(cell);
    let share = |n: u32| (f64::from(n) + 0.5) / f64::from(SIDE);
    let lat = ((1.0 - 2.0 * share(y)) * std::f64::consts::PI).sinh().atan().to_degrees();
    Point { lat, long: share(x) * 360.0 - 180.0 }
}

/// At most `most` ranges of cells that together hold every point of the box, in order. They may hold points outside
/// it too, so the caller still compares coordinates; more ranges hold fewer of those. `most` is taken into 1 to 1,024.
pub fn ranges(bounds: Bounds, most: usize) -> Vec<RangeInclusive<i64>> {
    let most = most.clamp(1, 1024);
    let (x0, y1) = position_of(bounds.min);
    let (x1, y0) = position_of(bounds.max);
    // A Morton code grows with x and with y, so nothing of the box is before its one corner or after the other.
    let (first, last) = (join(x0, y0), join(x1, y1));
    let mut whole: Vec<Quad> = Vec::new();
    let mut parts = vec![Quad { x: 0, y: 0, level: 0 }];
    // Quads on the edge of the box are divided while that stays cheap.
    while !parts.is_empty() && whole.len() + parts.len() <= most * 8 {
        let children = parts.drain(..).flat_map(Quad::children);
        let (inside, cut): (Vec<Quad>, Vec<Quad>) =
            children.filter(|q| q.touches(x0, y0, x1, y1)).partition(|q| q.is_within(x0, y0, x1, y1));
        whole.extend(inside);
        parts = cut;
    }
    whole.append(&mut parts);
    let mut all: Vec<(i64, i64)> = whole
        .iter()
        .map(|quad| quad.range())
        .map(|range| (*range.start().max(&first), *range.end().min(&last)))
        .filter(|(start, end)| start <= end)
        .collect();
    all.sort_unstable();
    join_nearest(all, most)
}

/// Joins neighbours until at most `most` are left, those with the smallest gaps first.
fn join_nearest(sorted: Vec<(i64, i64)>, most: usize) -> Vec<RangeInclusive<i64>> {
    let mut gaps: Vec<i64> =
        sorted.windows(2).map(|pair| gap(pair.first(), pair.last())).filter(|g| *g > 0).collect();
    gaps.sort_unstable_by(|a, b| b.cmp(a));
    // Gaps as wide as this stay open; of several equal ones only as many as there is room for.
    let narrowest = gaps.get(most - 1).copied().unwrap_or(0);
    let mut out: Vec<(i64, i64)> = Vec::new();
    for range in sorted {
        match out.last_mut() {
            Some(before) if gap(Some(&*before), Some(&range)) <= narrowest => {
                before.1 = before.1.max(range.1)
            }
            _ => out.push(range),
        }
    }
    out.into_iter().map(|(start, end)| start..=end).collect()
}

/// The number of cells between two ranges.
fn gap(before: Option<&(i64, i64)>, after: Option<&(i64, i64)>) -> i64 {
    before.zip(after).map_or(0, |(before, after)| after.0 - before.1 - 1)
}

/// A tile of the quad tree.
#[derive(Debug, Clone, Copy)]
struct Quad {
    x: u32,
    y: u32,
    level: u32,
}

impl Quad {
    fn range(self) -> RangeInclusive<i64> {
        let shift = 2 * (BITS - self.level);
        let start = join(self.x, self.y) << shift;
        start..=start + ((1i64 << shift) - 1)
    }

    /// The first and last position on an axis.
    fn span(self, n: u32) -> (u32, u32) {
        let shift = BITS - self.level;
        (n << shift, (n << shift) + ((1u32 << shift) - 1))
    }

    fn touches(self, x0: u32, y0: u32, x1: u32, y1: u32) -> bool {
        let ((left, right), (top, bottom)) = (self.span(self.x), self.span(self.y));
        left <= x1 && right >= x0 && top <= y1 && bottom >= y0
    }

    fn is_within(self, x0: u32, y0: u32, x1: u32, y1: u32) -> bool {
        let ((left, right), (top, bottom)) = (self.span(self.x), self.span(self.y));
        left >= x0 && right <= x1 && top >= y0 && bottom <= y1
    }

    fn children(self) -> impl Iterator<Item = Quad> {
        // A single position is always within the box or away from it, so it is never asked.
        let Quad { x, y, level } = self;
        [(0, 0), (1, 0), (0, 1), (1, 1)].into_iter().map(move |(dx, dy)| Quad {
            x: x * 2 + dx,
            y: y * 2 + dy,
            level: level + 1,
        })
    }
}

fn position_of(point: Point) -> (u32, u32) {
    // The latitude where the map becomes a square.
    const EDGE: f64 = 85.051_128_779_806_59;
    let lat = point.lat.clamp(-EDGE, EDGE).to_radians();
    let across = (point.long + 180.0) / 360.0;
    let down = (1.0 - lat.tan().asinh() / std::f64::consts::PI) / 2.0;
    // The cast takes what is beyond the edges, and no number at all, to the nearest edge.
    let place = |share: f64| ((share * f64::from(SIDE)) as u32).min(SIDE - 1);
    (place(across), place(down))
}

fn join(x: u32, y: u32) -> i64 {
    (spread(x) | (spread(y) << 1)) as i64
}

/// Puts a zero between all bits.
fn spread(n: u32) -> u64 {
    let mut n = u64::from(n);
    n = (n | (n << 16)) & 0x0000_FFFF_0000_FFFF;
    n = (n | (n << 8)) & 0x00FF_00FF_00FF_00FF;
    n = (n | (n << 4)) & 0x0F0F_0F0F_0F0F_0F0F;
    n = (n | (n << 2)) & 0x3333_3333_3333_3333;
    (n | (n << 1)) & 0x5555_5555_5555_5555
}

/// Takes the bits at even places together again.
fn squeeze(n: u64) -> u32 {
    let mut n = n & 0x5555_5555_5555_5555;
    n = (n | (n >> 1)) & 0x3333_3333_3333_3333;
    n = (n | (n >> 2)) & 0x0F0F_0F0F_0F0F_0F0F;
    n = (n | (n >> 4)) & 0x00FF_00FF_00FF_00FF;
    n = (n | (n >> 8)) & 0x0000_FFFF_0000_FFFF;
    (n | (n >> 16)) as u32
}
