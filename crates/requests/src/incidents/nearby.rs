//! What is around one report: open incidents and loose requests, read tile by tile and kept for one handful.
//!
//! In a storm a thousand reports fall into the same few streets, so each street is read once for a handful of facts
//! and written once at its end. The work for one report depends on what is around it and not on what the city has.

use std::collections::{HashMap, HashSet};

use storage::{Result, Tx, params, sql};
use territory::{Point, cell};

use super::IncidentId;
use super::likeness::Seen;
use super::row::{Incident, incident_columns};
use crate::request::RequestId;

/// Tiles of this zoom are about a kilometre wide in the middle latitudes: twice the widest reach.
const LEVEL: u32 = 15;
/// Metres to each side that are looked at; no reach is wider.
const AROUND: f64 = 500.0;
/// Loose requests of one tile that are compared, the newest.
const MOST_LOOSE: u32 = 300;
const MOST_INCIDENTS: u32 = 300;

#[derive(Default)]
pub struct Nearby {
    known: HashSet<i64>,
    pub incidents: HashMap<IncidentId, Incident>,
    incidents_of: HashMap<i64, Vec<IncidentId>>,
    pub loose: HashMap<RequestId, Seen>,
    loose_of: HashMap<i64, Vec<RequestId>>,
}

impl Nearby {
    /// Reads what is around a point, unless it was read before, and returns the tiles to look into.
    pub fn read(&mut self, tx: &mut Tx<'_>, jurisdiction: i64, point: Point) -> Result<Vec<i64>> {
        let tiles = tiles(point);
        for tile in &tiles {
            if self.known.insert(*tile) {
                self.read_tile(tx, jurisdiction, *tile)?;
            }
        }
        Ok(tiles)
    }

    fn read_tile(&mut self, tx: &mut Tx<'_>, jurisdiction: i64, tile: i64) -> Result<()> {
        let below = 2 * (cell::BITS - LEVEL);
        let (first, last) = (tile << below, ((tile + 1) << below) - 1);
        let incidents = tx.query(
            sql!(concat!(
                "SELECT ",
                incident_columns!(),
                " FROM incidents WHERE jurisdiction_id = $1 AND cell >= $2 AND cell <= $3 AND is_open = 1
                  ORDER BY cell, id LIMIT $4"
            )),
            &params![jurisdiction, first, last, MOST_INCIDENTS],
            Incident::from_row,
        )?;
        for incident in incidents {
            // One that was read with its old middle and has moved into this tile keeps what this handful learned.
            if !self.incidents.contains_key(&incident.id) {
                self.add_incident(incident);
            }
        }
        let loose = tx.query(
            sql!(
                "SELECT request_id, seen FROM incident_loose WHERE jurisdiction_id = $1 AND cell >= $2 AND cell <= $3
                 ORDER BY cell, request_id LIMIT $4"
            ),
            &params![jurisdiction, first, last, MOST_LOOSE],
            |row| {
                let seen: Seen = serde_json::from_str(&row.get::<String>(1)?).map_err(storage::Error::corrupt)?;
                Ok((RequestId(row.get(0)?), seen))
            },
        )?;
        for (id, seen) in loose {
            self.add_loose(id, seen);
        }
        Ok(())
    }

    pub fn add_incident(&mut self, incident: Incident) {
        let tile = cell::prefix(cell::of(incident.point), LEVEL);
        self.incidents_of.entry(tile).or_default().push(incident.id);
        self.incidents.insert(incident.id, incident);
    }

    pub fn add_loose(&mut self, id: RequestId, seen: Seen) {
        let tile = cell::prefix(cell::of(seen.point), LEVEL);
        if self.loose.insert(id, seen).is_none() {
            self.loose_of.entry(tile).or_default().push(id);
        }
    }

    /// The open incidents of a family in these tiles, in the order of their ids.
    pub fn incidents_in(&self, tiles: &[i64], family: &str) -> Vec<IncidentId> {
        let mut ids: Vec<IncidentId> = tiles
            .iter()
            .filter_map(|tile| self.incidents_of.get(tile))
            .flatten()
            .filter(|id| self.incidents.get(id).is_some_and(|i| i.family == family && i.state.is_open()))
            .copied()
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The loose requests of a family in these tiles, oldest first.
    pub fn loose_in(&self, tiles: &[i64], family: &str) -> Vec<RequestId> {
        let mut ids: Vec<RequestId> = tiles
            .iter()
            .filter_map(|tile| self.loose_of.get(tile))
            .flatten()
            .filter(|id| self.loose.get(id).is_some_and(|seen| seen.family == family))
            .copied()
            .collect();
        ids.sort_unstable();
        ids
    }
}

/// The tiles of the square around a point.
fn tiles(point: Point) -> Vec<i64> {
    let lat = AROUND / 111_320.0;
    let long = lat / point.lat.to_radians().cos().max(0.01);
    let mut tiles = Vec::with_capacity(5);
    for (north, east) in [(0.0, 0.0), (1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
        let corner = Point::new(point.lat + north * lat, point.long + east * long).unwrap_or(point);
        let tile = cell::prefix(cell::of(corner), LEVEL);
        if !tiles.contains(&tile) {
            tiles.push(tile);
        }
    }
    tiles
}
