//! Marks for a tile.
//!
//! Far out, a mark is a cell with a count, read from the counts that the follower keeps; near by, the index of cells
//! itself is read; nearest, each request is a mark of its own.

use std::collections::BTreeMap;

use storage::{Result, Tx, params, sql};
use territory::{Point, cell};

use crate::figures::LEVELS;
use crate::request::{ServiceRequest, columns};

/// From this zoom on, a tile reads the index instead of the counts.
const INDEX_FROM_ZOOM: u32 = 13;
/// From this zoom on, each request is a mark of its own.
const SINGLES_FROM_ZOOM: u32 = 16;
const MOST_SINGLES: u32 = 3000;
const MOST_READ: u32 = 400_000;

/// What a map shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Asked {
    /// Only open requests.
    pub open: bool,
    /// Only these services; empty for all.
    pub services: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// Several requests near a point.
    Many {
        point: Point,
        count: i64,
        open: i64,
    },
    One(Box<ServiceRequest>),
}

/// The marks of a tile; none for a tile that does not exist.
pub fn marks(tx: &mut Tx<'_>, jurisdiction: i64, z: u32, x: u32, y: u32, asked: &Asked) -> Result<Vec<Mark>> {
    let Some(range) = cell::tile_range(z, x, y) else { return Ok(Vec::new()) };
    let (first, last) = (*range.start(), *range.end());
    if z >= SINGLES_FROM_ZOOM {
        return singles(tx, jurisdiction, first, last, asked);
    }
    let cells = if z < INDEX_FROM_ZOOM {
        from_counts(tx, jurisdiction, z, first, last, asked)?
    } else {
        from_index(tx, jurisdiction, z, first, last, asked)?
    };
    Ok(cells
        .into_iter()
        .filter(|(_, sum)| if asked.open { sum.open > 0 } else { sum.all > 0 })
        .map(|(_, sum)| Mark::Many {
            point: sum.middle,
            count: if asked.open { sum.open } else { sum.all },
            open: sum.open,
        })
        .collect())
}

struct Sum {
    middle: Point,
    open: i64,
    all: i64,
}

fn from_counts(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    z: u32,
    first: i64,
    last: i64,
    asked: &Asked,
) -> Result<BTreeMap<i64, Sum>> {
    // 16 or 32 cells along the side of a tile.
    let level = LEVELS.into_iter().find(|level| *level >= z + 4).unwrap_or(LEVELS[LEVELS.len() - 1]);
    let mut sums: BTreeMap<i64, Sum> = BTreeMap::new();
    tx.for_each(
        sql!(
            "SELECT cell, service_id, open_count, all_count FROM request_cells
             WHERE jurisdiction_id = $1 AND level = $2 AND cell >= $3 AND cell <= $4 ORDER BY cell, service_id LIMIT $5"
        ),
        &params![jurisdiction, level, cell::prefix(first, level), cell::prefix(last, level), MOST_READ],
        |row| {
            if asked.services.is_empty() || asked.services.contains(&row.get(1)?) {
                let prefix: i64 = row.get(0)?;
                let sum = sums
                    .entry(prefix)
                    .or_insert_with(|| Sum { middle: middle(prefix, level), open: 0, all: 0 });
                sum.open += row.get::<i64>(2)?;
                sum.all += row.get::<i64>(3)?;
            }
            Ok(())
        },
    )?;
    Ok(sums)
}

fn from_index(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    z: u32,
    first: i64,
    last: i64,
    asked: &Asked,
) -> Result<BTreeMap<i64, Sum>> {
    let level = z + 6;
    let mut sums: BTreeMap<i64, Sum> = BTreeMap::new();
    tx.for_each(
        sql!(
            "SELECT cell, is_open, service_id FROM service_requests
             WHERE jurisdiction_id = $1 AND cell >= $2 AND cell <= $3 AND is_public = 1 ORDER BY cell LIMIT $4"
        ),
        &params![jurisdiction, first, last, MOST_READ],
        |row| {
            if asked.services.is_empty() || asked.services.contains(&row.get(2)?) {
                let prefix = cell::prefix(row.get(0)?, level);
                let sum = sums
                    .entry(prefix)
                    .or_insert_with(|| Sum { middle: middle(prefix, level), open: 0, all: 0 });
                sum.open += row.get::<i64>(1)?;
                sum.all += 1;
            }
            Ok(())
        },
    )?;
    Ok(sums)
}

fn singles(tx: &mut Tx<'_>, jurisdiction: i64, first: i64, last: i64, asked: &Asked) -> Result<Vec<Mark>> {
    let all = tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM service_requests WHERE jurisdiction_id = $1 AND cell >= $2 AND cell <= $3 AND is_public = 1 AND is_open >= $4
              ORDER BY cell, id LIMIT $5"
        )),
        &params![jurisdiction, first, last, asked.open, MOST_SINGLES],
        ServiceRequest::from_row,
    )?;
    Ok(all
        .into_iter()
        .filter(|r| asked.services.is_empty() || asked.services.contains(&r.service))
        .map(|r| Mark::One(Box::new(r)))
        .collect())
}

/// The middle of a cell, given the first `level` bits of each axis of its number.
fn middle(prefix: i64, level: u32) -> Point {
    let below = 2 * (cell::BITS - level.min(cell::BITS - 1));
    // The quarter behind the middle begins exactly there.
    cell::point((prefix << below) | (3 << (below - 2)))
}
