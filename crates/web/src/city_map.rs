//! The city as a drawing: its districts, the darker the more is open there. Made by the server, no script.
//!
//! Borders are simplified to what can be seen at the width of a page, once for each edition of them.

use std::collections::HashMap;
use std::fmt::Write;

use language::{Lang, digits};
use storage::{Result, Tx};
use territory::{Atlas, Level};
use words::Words;

use crate::options::district_name;
use crate::page::Page;
use crate::widest::widest;

const WIDTH: f64 = 1000.0;
/// Corners nearer to the line than this many units of the drawing are left out.
const TOLERANCE: f64 = 5.0;

/// The shapes of a city's districts in the units of the drawing.
pub struct Drawing {
    pub height: i64,
    shapes: Vec<Shape>,
}

struct Shape {
    district: i64,
    code: String,
    path: String,
    label: (f64, f64),
}

/// The drawing of a city as this transaction sees it; without shapes where there are no borders.
pub fn drawing(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<std::sync::Arc<Drawing>> {
    tx.memo(jurisdiction, draw)
}

fn draw(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Drawing> {
    let atlas = territory::atlas(tx, jurisdiction)?;
    let Some(bounds) = atlas.bounds() else { return Ok(Drawing { height: 0, shapes: Vec::new() }) };
    // A degree of longitude is shorter the farther north it lies.
    let narrow = bounds.centre().lat.to_radians().cos();
    let scale = WIDTH / ((bounds.max.long - bounds.min.long) * narrow).max(1e-9);
    let place =
        |long: f64, lat: f64| ((long - bounds.min.long) * narrow * scale, (bounds.max.lat - lat) * scale);
    let mut shapes = Vec::new();
    for (district, border) in atlas.borders(Level::District) {
        let mut path = String::new();
        for polygon in &border.0 {
            let ring: Vec<(f64, f64)> = polygon.exterior().0.iter().map(|c| place(c.x, c.y)).collect();
            // A ring begins where it ends, so it is halved before it is simplified.
            let (first, second) = ring.split_at(ring.len() / 2);
            let mut corners = simplify(&[first, second.get(..1).unwrap_or(&[])].concat());
            corners.pop();
            corners.extend(simplify(second));
            corners.pop();
            for (n, (x, y)) in corners.iter().enumerate() {
                // Writing into a String cannot fail.
                let _ = write!(path, "{}{x:.0} {y:.0}", if n == 0 { "M" } else { " " });
            }
            path.push('Z');
        }
        let rings: Vec<Vec<(f64, f64)>> = border
            .0
            .iter()
            .map(|polygon| polygon.exterior().0.iter().map(|c| place(c.x, c.y)).collect())
            .collect();
        // A number stands where there is most room for it, not where the pack would put a name.
        let label = rings.iter().filter_map(|ring| widest(ring)).max_by(|a, b| a.1.total_cmp(&b.1));
        let label = label.map_or((0.0, 0.0), |(at, _)| at);
        shapes.push(Shape { district: district.id, code: district.code.clone(), path, label });
    }
    Ok(Drawing { height: ((bounds.max.lat - bounds.min.lat) * scale).round() as i64, shapes })
}

/// Douglas and Peucker's rule: a corner stays when leaving it out would be seen.
fn simplify(line: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (line.first(), line.last()) else { return Vec::new() };
    let length = (last.0 - first.0).hypot(last.1 - first.1);
    let off = |p: &(f64, f64)| {
        if length == 0.0 {
            return (p.0 - first.0).hypot(p.1 - first.1);
        }
        ((last.0 - first.0) * (first.1 - p.1) - (first.0 - p.0) * (last.1 - first.1)).abs() / length
    };
    let inner = line.iter().enumerate().skip(1).take(line.len().saturating_sub(2));
    let farthest = inner.map(|(n, p)| (n, off(p))).max_by(|a, b| a.1.total_cmp(&b.1));
    match farthest {
        Some((n, distance)) if distance > TOLERANCE => {
            let mut kept = simplify(line.get(..=n).unwrap_or_default());
            kept.pop();
            kept.extend(simplify(line.get(n..).unwrap_or_default()));
            kept
        }
        _ if line.len() > 1 => vec![*first, *last],
        _ => vec![*first],
    }
}

/// One district of the drawing, or of the list that stands in its place.
pub struct District {
    pub path: String,
    pub label: String,
    pub shape: Option<(String, i64, i64)>,
    pub name: String,
    pub code: String,
    pub open: i64,
    /// From 1, little, to 5, the most.
    pub level: i64,
}

/// The districts with what is open in each, in the order of codes.
pub fn districts(
    atlas: &Atlas,
    drawing: &Drawing,
    open: &HashMap<Option<i64>, i64>,
    lang: Lang,
) -> Vec<District> {
    let most = open.iter().filter(|(id, _)| id.is_some()).map(|(_, n)| *n).max().unwrap_or(0).max(1);
    atlas
        .districts()
        .map(|district| {
            let open = open.get(&Some(district.id)).copied().unwrap_or(0).max(0);
            let name = digits::shown(&district_name(atlas, district, lang), lang);
            let shape = drawing.shapes.iter().find(|s| s.district == district.id);
            District {
                path: format!("/requests?district={}", district.code),
                label: Words(lang).home_district_plain(&name, open),
                shape: shape.map(|s| (s.path.clone(), s.label.0.round() as i64, s.label.1.round() as i64)),
                code: digits::shown(shape.map_or(&district.code, |s| &s.code), lang),
                name,
                open,
                level: 1 + (4 * open / most).clamp(0, 4),
            }
        })
        .collect()
}

/// Whether the drawing has anything to show on a page.
pub fn is_drawn(drawing: &Drawing, _page: &Page<'_>) -> bool {
    !drawing.shapes.is_empty()
}
