//! One city in memory: its divisions, borders, places and working time.

use std::collections::HashMap;
use std::sync::Arc;

use calendar::WorkingTime;
use geo::MultiPolygon;
use storage::{Error, Result, Tx};

use crate::find::{Found, Index};
use crate::locate::{Located, Shape, Shapes};
use crate::{Bounds, Division, Jurisdiction, Level, Place, Point, jurisdiction, pack, store};

/// The atlas of a city, read once for each edition of its rows and shared by everyone.
pub fn atlas(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Arc<Atlas>> {
    tx.memo(jurisdiction, Atlas::read)
}

/// Everything slow-changing that is known about the ground of one city.
#[derive(Debug)]
pub struct Atlas {
    pub jurisdiction: Jurisdiction,
    /// By level, then in the order of codes.
    divisions: Vec<Division>,
    /// Of each division, in the same order.
    places: Vec<Place>,
    by_id: HashMap<i64, usize>,
    by_code: HashMap<(Level, String), usize>,
    shapes: Shapes,
    index: Index,
}

impl Atlas {
    fn read(tx: &mut Tx<'_>, id: i64) -> Result<Atlas> {
        let jurisdiction = jurisdiction::remembered(tx)?
            .iter()
            .find(|city| city.id == id)
            .cloned()
            .ok_or_else(|| Error::corrupt(format_args!("there is no jurisdiction {id}")))?;
        let mut divisions = store::divisions(tx, id)?;
        divisions.sort_by(|a, b| code_order(a).cmp(&code_order(b)));
        let by_id: HashMap<i64, usize> = divisions.iter().enumerate().map(|(n, d)| (d.id, n)).collect();
        let by_code = divisions.iter().enumerate().map(|(n, d)| ((d.level, d.code.clone()), n)).collect();
        let places: Vec<Place> = divisions.iter().map(|d| place_within(d, &divisions, &by_id)).collect();
        let mut shapes = Vec::new();
        for (division, geometry) in store::borders(tx, id, &jurisdiction.edition)? {
            let Some(&n) = by_id.get(&division) else { continue };
            let Some(known) = divisions.get(n).filter(|d| !d.retired) else { continue };
            let border = pack::border::parse(&geometry)
                .map_err(|e| Error::corrupt(format_args!("the border of division {division}: {e}")))?;
            shapes.push(Shape { division: n, level: known.level, border });
        }
        shapes.sort_by_key(|shape| shape.division);
        let mut atlas = Atlas {
            jurisdiction,
            divisions,
            places,
            by_id,
            by_code,
            shapes: Shapes::new(shapes),
            index: Index::default(),
        };
        let landmarks = store::landmarks(tx, id)?;
        atlas.index = Index::new(&atlas, &landmarks);
        Ok(atlas)
    }

    /// Where a point lies. It takes microseconds.
    pub fn locate(&self, point: Point) -> Located {
        if let Some(shape) = self.shapes.holding(point) {
            return Located::Inside(self.places.get(shape.division).copied().unwrap_or_default());
        }
        match self.shapes.nearest(point) {
            Some((shape, metres)) => {
                Located::Outside { nearest: self.places.get(shape.division).and_then(|p| p.district), metres }
            }
            None => Located::NoBorders,
        }
    }

    /// A division by its id, retired or not.
    pub fn division(&self, id: i64) -> Option<&Division> {
        self.by_id.get(&id).and_then(|n| self.divisions.get(*n))
    }

    /// A division by the city's own code, retired or not.
    pub fn by_code(&self, level: Level, code: &str) -> Option<&Division> {
        self.by_code.get(&(level, code.to_owned())).and_then(|n| self.divisions.get(*n))
    }

    /// All divisions of a level that are in force, in the order of codes.
    pub fn divisions(&self, level: Level) -> impl Iterator<Item = &Division> {
        self.divisions.iter().filter(move |d| d.level == level && !d.retired)
    }

    /// The districts in force, in the order of codes.
    pub fn districts(&self) -> impl Iterator<Item = &Division> {
        self.divisions(Level::District)
    }

    /// The neighbourhoods of a district that are in force, in the order of codes.
    pub fn neighbourhoods(&self, district: i64) -> impl Iterator<Item = &Division> {
        self.within(Level::Neighbourhood, district)
    }

    /// The divisions of a level within a district that are in force, in the order of codes.
    pub fn within(&self, level: Level, district: i64) -> impl Iterator<Item = &Division> {
        let all = self.divisions.iter().zip(&self.places);
        all.filter(move |(d, place)| d.level == level && !d.retired && place.district == Some(district))
            .map(|(d, _)| d)
    }

    /// A division and those it is a part of; empty when there is no such division.
    pub fn place_of(&self, division: i64) -> Place {
        self.by_id.get(&division).and_then(|n| self.places.get(*n)).copied().unwrap_or_default()
    }

    pub fn has_borders(&self) -> bool {
        !self.shapes.is_empty()
    }

    /// The box around all borders.
    pub fn bounds(&self) -> Option<Bounds> {
        self.shapes.bounds
    }

    /// The borders of a level, for maps.
    pub fn borders(&self, level: Level) -> impl Iterator<Item = (&Division, &MultiPolygon)> {
        self.shapes.of(level).filter_map(|shape| Some((self.divisions.get(shape.division)?, &shape.border)))
    }

    /// Places by name, the best first: districts, neighbourhoods, stations and other landmarks, in either language
    /// and any spelling that folds to the same. The last word may be unfinished. When nothing has all the words, as in
    /// an address, what has most of them is offered.
    pub fn find_places(&self, words: &str, limit: usize) -> Vec<Found> {
        self.index.find(words, limit)
    }

    /// When the city works.
    pub fn working(&self) -> &WorkingTime {
        &self.jurisdiction.working
    }
}

/// Large levels first, numbers by their value, then codes that are not numbers.
fn code_order(division: &Division) -> (Level, u64, &str) {
    (division.level, division.code.parse().unwrap_or(u64::MAX), &division.code)
}

fn place_within(division: &Division, divisions: &[Division], by_id: &HashMap<i64, usize>) -> Place {
    let mut place = Place::default();
    let mut at = Some(division);
    // There are no more levels than this, so a circle of parents ends too.
    for _ in Level::ALL {
        let Some(current) = at else { break };
        place.set(current.level, current.id);
        at = current.parent.and_then(|id| by_id.get(&id)).and_then(|n| divisions.get(*n));
    }
    place
}
