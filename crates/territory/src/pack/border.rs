//! A border as GeoJSON geometry (RFC 7946), as files and rows have it.

use geo::{Coord, LineString, MultiPolygon, Polygon, Validation};
use serde::{Deserialize, Serialize};

use crate::Point;

type Ring = Vec<Vec<f64>>;

#[derive(Serialize, Deserialize)]
#[serde(tag = "type")]
enum Geometry {
    Polygon { coordinates: Vec<Ring> },
    MultiPolygon { coordinates: Vec<Vec<Ring>> },
}

/// Reads and checks a border from a file.
pub fn read(value: serde_json::Value) -> Result<MultiPolygon, String> {
    let geometry =
        serde_json::from_value(value).map_err(|e| format!("a border is a Polygon or a MultiPolygon: {e}"))?;
    let border = from_geometry(geometry)?;
    border.check_validation().map_err(|e| {
        let e = e.to_string();
        format!("the border is not a clean shape (rings may not cross themselves or each other): {e}")
    })?;
    Ok(border)
}

/// Reads a border from a row. It was checked before it was stored.
pub fn parse(text: &str) -> Result<MultiPolygon, String> {
    from_geometry(serde_json::from_str(text).map_err(|e| e.to_string())?)
}

/// A border for a row.
pub fn text(border: &MultiPolygon) -> Result<String, serde_json::Error> {
    let ring = |line: &LineString| line.coords().map(|c| vec![c.x, c.y]).collect::<Ring>();
    let rings =
        |p: &Polygon| std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect::<Vec<Ring>>();
    let mut coordinates: Vec<Vec<Ring>> = border.iter().map(rings).collect();
    serde_json::to_string(&match coordinates.len() {
        1 => Geometry::Polygon { coordinates: coordinates.pop().unwrap_or_default() },
        _ => Geometry::MultiPolygon { coordinates },
    })
}

fn from_geometry(geometry: Geometry) -> Result<MultiPolygon, String> {
    let parts = match geometry {
        Geometry::Polygon { coordinates } => vec![coordinates],
        Geometry::MultiPolygon { coordinates } => coordinates,
    };
    if parts.is_empty() {
        return Err("the border has no parts".into());
    }
    parts.iter().map(|rings| polygon(rings)).collect::<Result<Vec<_>, _>>().map(MultiPolygon::new)
}

fn polygon(rings: &[Ring]) -> Result<Polygon, String> {
    let lines: Vec<LineString> =
        rings.iter().enumerate().map(|(n, ring)| line(n + 1, ring)).collect::<Result<_, _>>()?;
    let mut lines = lines.into_iter();
    let outer = lines.next().ok_or("a part of the border has no ring")?;
    // Rings that are not closed are closed here.
    Ok(Polygon::new(outer, lines.collect()))
}

fn line(number: usize, ring: &Ring) -> Result<LineString, String> {
    let coords = ring.iter().enumerate().map(|(n, position)| {
        let (x, y) = match position.as_slice() {
            [x, y, ..] => (*x, *y),
            _ => {
                return Err(format!(
                    "ring {number}, position {}: a position is [longitude, latitude]",
                    n + 1
                ));
            }
        };
        match Point::new(y, x) {
            Some(_) => Ok(Coord { x, y }),
            None => Err(format!(
                "ring {number}, position {}: [{x}, {y}] are not degrees of longitude and latitude (WGS 84)",
                n + 1
            )),
        }
    });
    let coords: Vec<Coord> = coords.collect::<Result<_, _>>()?;
    match coords.len() {
        0..3 => {
            Err(format!("ring {number} has {} positions; a ring needs at least three corners", coords.len()))
        }
        _ => Ok(LineString::new(coords)),
    }
}
