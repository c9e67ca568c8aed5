//! A place on the earth, and a box of them. WGS 84, degrees.

use serde::{Deserialize, Serialize};

/// The mean radius of the earth in metres (IUGG).
const EARTH_RADIUS: f64 = 6_371_008.8;

/// A position in WGS 84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Point {
    pub lat: f64,
    pub long: f64,
}

/// A point as a file or a program writes it, before it is checked.
#[derive(Deserialize)]
struct Written {
    lat: f64,
    long: f64,
}

impl TryFrom<Written> for Point {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        Point::new(written.lat, written.long)
            .ok_or_else(|| format!("{}, {} is no position in degrees", written.lat, written.long))
    }
}

impl Point {
    /// None for what is no position: not a number, or beyond ±90° of latitude and ±180° of longitude.
    pub fn new(lat: f64, long: f64) -> Option<Point> {
        // NaN is in no range.
        ((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&long)).then_some(Point { lat, long })
    }

    /// Great-circle distance on a sphere; within 0.6 % of the distance on the ground.
    pub fn metres_to(self, other: Point) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = (b - a) / 2.0;
        let half_long = (other.long - self.long).to_radians() / 2.0;
        let h = half_lat.sin().powi(2) + a.cos() * b.cos() * half_long.sin().powi(2);
        2.0 * EARTH_RADIUS * h.clamp(0.0, 1.0).sqrt().asin()
    }

    pub(crate) fn coord(self) -> geo::Coord {
        geo::Coord { x: self.long, y: self.lat }
    }
}

/// A box on the map, its edges included. It never crosses the 180th meridian.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bounds {
    /// South and west.
    pub min: Point,
    /// North and east.
    pub max: Point,
}

impl Bounds {
    /// The smallest box around two corners.
    pub fn of(a: Point, b: Point) -> Bounds {
        Bounds {
            min: Point { lat: a.lat.min(b.lat), long: a.long.min(b.long) },
            max: Point { lat: a.lat.max(b.lat), long: a.long.max(b.long) },
        }
    }

    /// Reads `west,south,east,north` in degrees, the order of GeoJSON (RFC 7946) and OGC API Features. None when a
    /// number is missing or impossible, or when the box is inside out.
    pub fn parse(text: &str) -> Option<Bounds> {
        let mut numbers = text.split(',').map(|n| n.trim().parse::<f64>().ok());
        let mut next = || numbers.next().flatten();
        let (west, south, east, north) = (next()?, next()?, next()?, next()?);
        let (min, max) = (Point::new(south, west)?, Point::new(north, east)?);
        (numbers.next().is_none() && min.lat <= max.lat && min.long <= max.long)
            .then_some(Bounds { min, max })
    }

    pub fn contains(&self, point: Point) -> bool {
        (self.min.lat..=self.max.lat).contains(&point.lat)
            && (self.min.long..=self.max.long).contains(&point.long)
    }

    /// The smallest box around both.
    pub fn union(&self, other: &Bounds) -> Bounds {
        let low = Bounds::of(self.min, other.min);
        let high = Bounds::of(self.max, other.max);
        Bounds { min: low.min, max: high.max }
    }

    pub fn centre(&self) -> Point {
        Point { lat: (self.min.lat + self.max.lat) / 2.0, long: (self.min.long + self.max.long) / 2.0 }
    }
}
