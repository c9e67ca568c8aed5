//! Streets that nobody drives through for a while. Whoever dispatches closes and opens them; ways go around them at once.

use calendar::Timestamp;
use language::display;
use people::{Act, Permission, Where};
use storage::{Error, Result, Row, Tx, params, sql};
use territory::{Located, Point};

use super::Closure;
use crate::{DispatchError, Done, Seen};

/// The journal's name for a street.
pub const SUBJECT: &str = "road";

/// A closed place.
#[derive(Debug, Clone, PartialEq)]
pub struct Closed {
    pub jurisdiction: i64,
    pub id: i64,
    pub closure: Closure,
    pub words: String,
    pub starts_at: Timestamp,
    /// When it opens by itself.
    pub ends_at: Option<Timestamp>,
    /// Who closed it, as the journal writes it.
    pub closed_by: String,
    pub version: i64,
}

/// The smallest and the largest circle, in metres.
pub const METRES: (i64, i64) = (10, 5_000);
const LONGEST_WORDS: usize = 300;
const LONGEST_DAYS: i64 = 366;

macro_rules! closure_columns {
    () => {
        "jurisdiction_id, id, lat, long, metres, words, starts_at, ends_at, closed_by, version"
    };
}

impl Closed {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let at =
            Point::new(row.get(2)?, row.get(3)?).ok_or_else(|| Error::corrupt("a closed street nowhere"))?;
        Ok(Closed {
            jurisdiction: row.get(0)?,
            id: row.get(1)?,
            closure: Closure { at, metres: row.get::<i64>(4)? as f64 },
            words: row.get(5)?,
            starts_at: Timestamp(row.get(6)?),
            ends_at: row.get::<Option<i64>>(7)?.map(Timestamp),
            closed_by: row.get(8)?,
            version: row.get(9)?,
        })
    }
}

/// Closes every street that touches a circle, from now on or until a moment.
pub fn close(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    at: Point,
    metres: i64,
    words: &str,
    until: Option<Timestamp>,
) -> Done<Closed> {
    act.require(Permission::Dispatch, place(tx, jurisdiction, at)?)?;
    let atlas = territory::atlas(tx, jurisdiction)?;
    if atlas.has_borders() && matches!(atlas.locate(at), Located::Outside { .. }) {
        return Err(DispatchError::Refused("road-outside"));
    }
    if !(METRES.0..=METRES.1).contains(&metres) {
        return Err(DispatchError::Refused("road-metres-wrong"));
    }
    let words = display::clean_text(words);
    if words.is_empty() || words.chars().count() > LONGEST_WORDS {
        return Err(DispatchError::Refused("road-words-wrong"));
    }
    if until.is_some_and(|until| until <= act.at || until > act.at.plus_hours(24 * LONGEST_DAYS)) {
        return Err(DispatchError::Refused("road-until-wrong"));
    }
    let closed = Closed {
        jurisdiction,
        id: act.new_id(),
        closure: Closure { at, metres: metres as f64 },
        words,
        starts_at: act.at,
        ends_at: until,
        closed_by: act.by.signature(),
        version: 1,
    };
    tx.execute_one(
        sql!(
            "INSERT INTO road_closures (jurisdiction_id, id, lat, long, metres, words, starts_at, ends_at, is_open, closed_by, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, 1)"
        ),
        &params![
            jurisdiction,
            closed.id,
            at.lat,
            at.long,
            metres,
            &closed.words,
            closed.starts_at.0,
            closed.ends_at.map(|t| t.0),
            &closed.closed_by
        ],
    )?;
    tell(tx, act, &closed, "closed")?;
    Ok(closed)
}

/// Opens it again. Opening twice is once.
pub fn open(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64, seen: Seen) -> Done<()> {
    let found = tx.query_opt(
        sql!(concat!(
            "SELECT ",
            closure_columns!(),
            " FROM road_closures WHERE jurisdiction_id = $1 AND id = $2"
        )),
        &params![jurisdiction, id],
        Closed::from_row,
    )?;
    let closed = found.ok_or(DispatchError::NotFound)?;
    act.require(Permission::Dispatch, place(tx, jurisdiction, closed.closure.at)?)?;
    let changed = tx.execute(
        sql!(
            "UPDATE road_closures SET is_open = 0, ends_at = $4, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3 AND is_open = 1"
        ),
        &params![jurisdiction, id, seen.0, act.at.0],
    )?;
    if changed == 0 {
        return Err(DispatchError::Changed);
    }
    tell(tx, act, &closed, "opened")?;
    Ok(())
}

/// What is closed at a moment, the oldest first.
pub fn current(tx: &mut Tx<'_>, jurisdiction: i64, now: Timestamp) -> Result<Vec<Closed>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            closure_columns!(),
            " FROM road_closures WHERE jurisdiction_id = $1 AND is_open = 1 AND starts_at <= $2 AND (ends_at IS NULL OR ends_at > $2)
              ORDER BY id LIMIT 500"
        )),
        &params![jurisdiction, now.0],
        Closed::from_row,
    )
}

/// Where it is, in the sense of rights.
fn place(tx: &mut Tx<'_>, jurisdiction: i64, at: Point) -> Result<Where> {
    let atlas = territory::atlas(tx, jurisdiction)?;
    let district = match atlas.locate(at) {
        Located::Inside(place) => place.district,
        _ => None,
    };
    Ok(Where::city(jurisdiction).in_district(district))
}

fn tell(tx: &mut Tx<'_>, act: &Act, closed: &Closed, fact: &'static str) -> Result<()> {
    let payload = crate::json(&serde_json::json!({
        "lat": closed.closure.at.lat,
        "long": closed.closure.at.long,
        "metres": closed.closure.metres,
        "words": closed.words,
        "until": closed.ends_at,
    }))?;
    act.record(tx, closed.jurisdiction, SUBJECT, closed.id, fact, payload);
    Ok(())
}
