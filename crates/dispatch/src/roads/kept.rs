//! Which way of finding times a city has, and the streets that are closed at the moment.
//!
//! A map or a service belongs to the program and not to the database: the binary gives it to [`install`] when it starts, and
//! whoever plans, at a door or in the worker, finds it with [`of`]. Speeds and closures are the city's and come from
//! its rows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use calendar::Timestamp;
use people::{Act, Permission, Where};
use storage::{Error, Result, Tx, params, sql};
use territory::Point;

use super::learn::{self, Fix, Way};
use super::{Bands, Closure, Straight, Travel, closures};
use crate::Done;
use crate::crisis::Rules;

/// Makes a way of finding times from a city's speeds and closures; `None` when these speeds are none.
pub type Maker = Box<dyn Fn(&Bands, &[Closure]) -> Option<Arc<dyn Travel>> + Send + Sync>;

struct Installed {
    maker: Maker,
    /// The last one that was made: it remembers what it was asked.
    made: Mutex<Option<(Bands, Vec<Closure>, Arc<dyn Travel>)>>,
}

static INSTALLED: RwLock<BTreeMap<i64, Arc<Installed>>> = RwLock::new(BTreeMap::new());

/// Gives a city a map, a matrix or a service. A later one replaces it.
pub fn install(jurisdiction: i64, maker: Maker) {
    let installed = Arc::new(Installed { maker, made: Mutex::new(None) });
    INSTALLED.write().unwrap_or_else(PoisonError::into_inner).insert(jurisdiction, installed);
}

/// Travel times in a city, with the streets that are closed at this moment: what was installed, or straight lines.
pub fn of(tx: &mut Tx<'_>, jurisdiction: i64, now: Timestamp) -> Result<Arc<dyn Travel>> {
    let bands = rules(tx, jurisdiction)?.speeds().clone();
    let installed = INSTALLED.read().unwrap_or_else(PoisonError::into_inner).get(&jurisdiction).cloned();
    let Some(installed) = installed else { return Ok(Arc::new(Straight::new(bands).unwrap_or_default())) };
    let closed: Vec<Closure> =
        closures::current(tx, jurisdiction, now)?.iter().map(|closed| closed.closure).collect();
    let mut made = installed.made.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((known, circles, travel)) = &*made
        && *known == bands
        && *circles == closed
    {
        return Ok(travel.clone());
    }
    let Some(travel) = (installed.maker)(&bands, &closed) else { return Ok(Arc::new(Straight::default())) };
    *made = Some((bands, closed, travel.clone()));
    Ok(travel)
}

/// What a city says of ways and of crises.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The city pack's speeds.
    pub travel: Bands,
    /// Speeds learnt from trails, and when.
    pub learnt: Option<(Bands, Timestamp)>,
    /// What a crisis begins with.
    pub crisis: Rules,
}

impl Said {
    /// What was learnt, else what the pack says.
    pub fn speeds(&self) -> &Bands {
        self.learnt.as_ref().map_or(&self.travel, |(bands, _)| bands)
    }
}

pub fn rules(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Arc<Said>> {
    tx.memo(jurisdiction, |tx, jurisdiction| {
        let row = tx.query_opt(
            sql!("SELECT travel, crisis, learnt, learnt_at FROM dispatch_rules WHERE jurisdiction_id = $1"),
            &params![jurisdiction],
            |row| {
                let learnt: (Option<String>, Option<i64>) = (row.get(2)?, row.get(3)?);
                Ok((row.get::<String>(0)?, row.get::<String>(1)?, learnt))
            },
        )?;
        let Some((travel, crisis, learnt)) = row else { return Ok(Said::default()) };
        let learnt = match learnt {
            (Some(text), Some(at)) => {
                Some((serde_json::from_str(&text).map_err(Error::corrupt)?, Timestamp(at)))
            }
            _ => None,
        };
        Ok(Said {
            travel: serde_json::from_str(&travel).map_err(Error::corrupt)?,
            learnt,
            crisis: serde_json::from_str(&crisis).map_err(Error::corrupt)?,
        })
    })
}

/// Keeps what a pack says. The pack's loading makes the new edition. Speeds that were learnt stay.
pub(crate) fn keep(tx: &mut Tx<'_>, jurisdiction: i64, travel: &Bands, crisis: &Rules) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO dispatch_rules (jurisdiction_id, travel, crisis) VALUES ($1, $2, $3)
             ON CONFLICT (jurisdiction_id) DO UPDATE SET travel = excluded.travel, crisis = excluded.crisis"
        ),
        &params![jurisdiction, &crate::json(travel)?, &crate::json(crisis)?],
    )?;
    Ok(())
}

/// So many fixes of one crew are read; more say nothing new.
const MOST_FIXES: i64 = 200_000;

/// The ways that crews took between two moments, crew by crew. For a reader that may take its time.
pub fn ways_between(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Way>> {
    let crews: Vec<i64> = tx.query(
        sql!("SELECT id FROM crews WHERE jurisdiction_id = $1 ORDER BY id LIMIT 5000"),
        &params![jurisdiction],
        |row| row.get(0),
    )?;
    let mut ways = Vec::new();
    for crew in crews {
        let trail = tx.query(
            sql!(
                "SELECT at, lat, long FROM crew_positions WHERE jurisdiction_id = $1 AND crew_id = $2 AND at >= $3 AND at < $4
                 ORDER BY at LIMIT $5"
            ),
            &params![jurisdiction, crew, from.0, until.0, MOST_FIXES],
            |row| Ok((row.get::<i64>(0)?, Point::new(row.get(1)?, row.get(2)?))),
        )?;
        let fixes: Vec<Fix> =
            trail.into_iter().filter_map(|(at, point)| Some(Fix { at: at / 1000, point: point? })).collect();
        ways.extend(learn::ways(&fixes));
    }
    Ok(ways)
}

/// Replaces the guesses of hours for which there are ways enough. Returns the speeds and how many ways each band had.
pub fn learn(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, ways: &[Way]) -> Done<(Bands, Vec<usize>)> {
    act.require(Permission::ManageCrews, Where::city(jurisdiction))?;
    let cities = territory::cities(tx)?;
    let city = cities.iter().find(|city| city.id == jurisdiction).ok_or(crate::DispatchError::NotFound)?;
    let said = rules(tx, jurisdiction)?;
    let hour = |at: i64| (Timestamp(at.saturating_mul(1000)).minute_of_day(&city.zone) / 60) as u8;
    let (bands, counts) = learn::learn(&said.travel, ways, hour);
    if counts.iter().all(|count| *count < learn::LEAST_WAYS) {
        return Ok((said.speeds().clone(), counts));
    }
    tx.execute(
        sql!(
            "INSERT INTO dispatch_rules (jurisdiction_id, travel, crisis, learnt, learnt_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (jurisdiction_id) DO UPDATE SET learnt = excluded.learnt, learnt_at = excluded.learnt_at"
        ),
        &params![jurisdiction, &crate::json(&said.travel)?, &crate::json(&said.crisis)?, &crate::json(&bands)?, act.at.0],
    )?;
    tx.new_edition(jurisdiction, act.new_id())?;
    let payload = crate::json(&serde_json::json!({ "bands": bands, "ways": counts }))?;
    act.record(tx, jurisdiction, closures::SUBJECT, jurisdiction, "speeds-learnt", payload);
    Ok((bands, counts))
}
