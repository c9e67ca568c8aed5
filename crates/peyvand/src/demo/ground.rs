//! Where people write from: neighbourhoods by their residents, corners inside their borders.

use std::collections::HashMap;
use std::sync::Arc;

use territory::{Atlas, Bounds, Level, Located, Place, Point};

use super::chance::{Chance, Weighted};

/// A spot and what it belongs to.
#[derive(Debug, Clone)]
pub struct Spot {
    pub point: Point,
    pub place: Place,
}

pub struct Ground {
    pub atlas: Arc<Atlas>,
    neighbourhoods: Weighted<i64>,
    /// The neighbourhoods of one district, by its code.
    by_district: HashMap<String, Weighted<i64>>,
    boxes: HashMap<i64, Bounds>,
}

impl Ground {
    pub fn new(atlas: Arc<Atlas>) -> Ground {
        let residents = |population: Option<i64>| population.unwrap_or(0).max(1) as f64;
        let weights = |district: Option<i64>| {
            let all = atlas.divisions(Level::Neighbourhood);
            let mine = all
                .filter(|d| district.is_none_or(|district| atlas.place_of(d.id).district == Some(district)));
            Weighted::new(mine.map(|d| (d.id, residents(d.population))).collect::<Vec<_>>())
        };
        let neighbourhoods = weights(None);
        let by_district = atlas.districts().map(|d| (d.code.clone(), weights(Some(d.id)))).collect();
        let mut boxes = HashMap::new();
        for (division, border) in atlas.borders(Level::Neighbourhood) {
            let corners = border.0.iter().flat_map(|part| part.exterior().coords());
            let around = corners
                .filter_map(|c| Point::new(c.y, c.x))
                .map(|p| Bounds::of(p, p))
                .reduce(|a, b| a.union(&b));
            boxes.extend(around.map(|around| (division.id, around)));
        }
        Ground { neighbourhoods, by_district, boxes, atlas }
    }

    /// A corner of the city, or of one district.
    pub fn spot(&self, district: Option<&str>, chance: &mut Chance) -> Option<Spot> {
        let choice = district.and_then(|code| self.by_district.get(code)).filter(|w| !w.is_empty());
        let id = *choice.unwrap_or(&self.neighbourhoods).draw(chance)?;
        let place = self.atlas.place_of(id);
        let around = self.boxes.get(&id)?;
        for _ in 0..200 {
            let lat = around.min.lat + chance.share() * (around.max.lat - around.min.lat);
            let long = around.min.long + chance.share() * (around.max.long - around.min.long);
            let Some(point) = rounded(lat, long) else { continue };
            if matches!(self.atlas.locate(point), Located::Inside(found) if found.neighbourhood == Some(id)) {
                return Some(Spot { point, place });
            }
        }
        // A border of needles: its label stands inside.
        let point = self.atlas.division(id)?.label?;
        Some(Spot { point, place })
    }

    /// Another person beside the same incident, a few steps away.
    pub fn beside(&self, spot: &Spot, chance: &mut Chance) -> Spot {
        let step = |chance: &mut Chance| (chance.share() - 0.5) * 0.0005;
        let moved = rounded(spot.point.lat + step(chance), spot.point.long + step(chance));
        match moved.map(|point| (point, self.atlas.locate(point))) {
            Some((point, Located::Inside(place))) => Spot { point, place },
            _ => spot.clone(),
        }
    }
}

/// Telephones do not know more than five decimals, about a metre.
fn rounded(lat: f64, long: f64) -> Option<Point> {
    Point::new((lat * 1e5).round() / 1e5, (long * 1e5).round() / 1e5)
}
