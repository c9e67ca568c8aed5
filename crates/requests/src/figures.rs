//! Counts by day and by map cell, kept by a follower.
//!
//! Nobody scans requests for a figure. Each fact that moves a request says from where to where, with its service,
//! its place and its day, and the follower adds the difference to three tables: one by day × district ×
//! neighbourhood × service × unit × status, the same again by day × district × status for what is asked at every
//! visit, and one by map cell × service at five sizes of cell.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use storage::{Filter, Result, Tx, followers::Follower, journal::Entry, params, sql};
use territory::cell;

use crate::find::Told;
use crate::{SUBJECT, Status};

/// The cell sizes that are counted: prefixes of this many bits for each axis.
pub const LEVELS: [u32; 5] = [9, 11, 13, 15, 17];

/// What a fact changes in the figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Status>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Status>,
    #[serde(rename = "s")]
    pub service: i64,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub district: Option<i64>,
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub neighbourhood: Option<i64>,
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<i64>,
    /// Only of public requests.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<i64>,
    /// The day it was requested on, in days since 1970 in the city's zone.
    #[serde(rename = "on")]
    pub requested_on: i64,
    /// When work ended: after the promise, or not. Absent where nothing was promised or nothing ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<bool>,
    /// The same of where it comes from: what was counted when its work ended, taken back now that it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_before: Option<bool>,
}

/// The follower; the worker runs it.
pub const FOLLOWER: Follower = Follower { name: "request-figures", at_once: 2000, follow };

/// The day under which the sum of all days stands.
const EVER: i64 = -1_000_000;

type DayKey = (i64, i64, i64, i64, i64, &'static str);

fn follow(tx: &mut Tx<'_>, jurisdiction: i64, entries: &[Entry]) -> Result<()> {
    let mut days: HashMap<DayKey, (i64, i64, i64)> = HashMap::new();
    let mut cells: HashMap<(u32, i64, i64), (i64, i64)> = HashMap::new();
    for entry in entries.iter().filter(|e| e.subject_kind == SUBJECT) {
        let told: Told = serde_json::from_str(&entry.payload).unwrap_or_default();
        let Some(c) = told.counted else { continue };
        let key = |status: Status| {
            let (d, n, u) = (c.district.unwrap_or(0), c.neighbourhood.unwrap_or(0), c.unit.unwrap_or(0));
            (c.requested_on, d, n, c.service, u, status.code())
        };
        for (status, late, by) in [(c.from, c.late_before, -1), (c.to, c.late, 1)] {
            let Some(status) = status else { continue };
            let day = days.entry(key(status)).or_default();
            day.0 += by;
            match late {
                Some(false) => day.1 += by,
                Some(true) => day.2 += by,
                None => {}
            }
        }
        if let Some(at) = c.cell {
            let open = |s: Option<Status>| i64::from(s.is_some_and(Status::is_open));
            let (open, all) =
                (open(c.to) - open(c.from), i64::from(c.to.is_some()) - i64::from(c.from.is_some()));
            if (open, all) != (0, 0) {
                for level in LEVELS {
                    let sum = cells.entry((level, cell::prefix(at, level), c.service)).or_default();
                    sum.0 += open;
                    sum.1 += all;
                }
            }
        }
    }
    store_totals(tx, jurisdiction, &days)?;
    store_days(tx, jurisdiction, days)?;
    store_cells(tx, jurisdiction, cells)
}

fn store_days(tx: &mut Tx<'_>, jurisdiction: i64, days: HashMap<DayKey, (i64, i64, i64)>) -> Result<()> {
    // In one order, so that two workers never wait for each other crosswise.
    let mut days: Vec<_> = days.into_iter().filter(|(_, sums)| *sums != (0, 0, 0)).collect();
    days.sort_unstable();
    let values: Vec<_> = days
        .iter()
        .flat_map(|((on, d, n, s, u, status), (count, in_time, late))| {
            params![jurisdiction, *on, *d, *n, *s, *u, *status, *count, *in_time, *late]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO request_figures (jurisdiction_id, requested_on, district_id, neighbourhood_id, service_id, unit_id, status,
             count, in_time, late) VALUES",
        10,
        &values,
        "ON CONFLICT (jurisdiction_id, requested_on, district_id, neighbourhood_id, service_id, unit_id, status) DO UPDATE SET
             count = request_figures.count + excluded.count, in_time = request_figures.in_time + excluded.in_time,
             late = request_figures.late + excluded.late",
    )?;
    Ok(())
}

fn store_totals(tx: &mut Tx<'_>, jurisdiction: i64, days: &HashMap<DayKey, (i64, i64, i64)>) -> Result<()> {
    let mut totals: BTreeMap<(i64, i64, &'static str), (i64, i64, i64)> = BTreeMap::new();
    for ((on, district, _, _, _, status), sums) in days {
        for day in [EVER, *on] {
            let total = totals.entry((day, *district, *status)).or_default();
            *total = (total.0 + sums.0, total.1 + sums.1, total.2 + sums.2);
        }
    }
    let values: Vec<_> = totals
        .iter()
        .filter(|(_, sums)| **sums != (0, 0, 0))
        .flat_map(|((day, district, status), (count, in_time, late))| {
            params![jurisdiction, *day, *district, *status, *count, *in_time, *late]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO request_totals (jurisdiction_id, requested_on, district_id, status, count, in_time, late) VALUES",
        7,
        &values,
        "ON CONFLICT (jurisdiction_id, requested_on, district_id, status) DO UPDATE SET
             count = request_totals.count + excluded.count, in_time = request_totals.in_time + excluded.in_time,
             late = request_totals.late + excluded.late",
    )?;
    Ok(())
}

fn store_cells(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    cells: HashMap<(u32, i64, i64), (i64, i64)>,
) -> Result<()> {
    let mut cells: Vec<_> = cells.into_iter().filter(|(_, sums)| *sums != (0, 0)).collect();
    cells.sort_unstable();
    let values: Vec<_> = cells
        .iter()
        .flat_map(|((level, cell, service), (open, all))| {
            params![jurisdiction, *level, *cell, *service, *open, *all]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO request_cells (jurisdiction_id, level, cell, service_id, open_count, all_count) VALUES",
        6,
        &values,
        "ON CONFLICT (jurisdiction_id, level, cell, service_id) DO UPDATE SET
             open_count = request_cells.open_count + excluded.open_count, all_count = request_cells.all_count + excluded.all_count",
    )?;
    Ok(())
}

/// The honest figures of a city or of one part of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    pub all: i64,
    pub open: i64,
    /// Work ended within the promise.
    pub in_time: i64,
    /// Work ended after it.
    pub late: i64,
}

impl Figures {
    /// Share of ended work that was in time, in percent; `None` where nothing ended.
    pub fn in_time_percent(&self) -> Option<i64> {
        let ended = self.in_time + self.late;
        (ended > 0).then(|| (self.in_time * 100 + ended / 2) / ended)
    }
}

/// Figures of everything that was ever requested.
pub fn of_ever(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Figures> {
    totals(tx, jurisdiction, EVER, EVER)
}

/// Figures of what was requested on these days (days since 1970, both included).
pub fn of_city(tx: &mut Tx<'_>, jurisdiction: i64, from_day: i64, to_day: i64) -> Result<Figures> {
    totals(tx, jurisdiction, from_day.max(EVER + 1), to_day)
}

fn totals(tx: &mut Tx<'_>, jurisdiction: i64, from_day: i64, to_day: i64) -> Result<Figures> {
    let mut figures = Figures::default();
    tx.for_each(
        sql!(
            "SELECT status, CAST(SUM(count) AS BIGINT), CAST(SUM(in_time) AS BIGINT), CAST(SUM(late) AS BIGINT) FROM request_totals
             WHERE jurisdiction_id = $1 AND requested_on >= $2 AND requested_on <= $3 GROUP BY status ORDER BY status"
        ),
        &params![jurisdiction, from_day, to_day],
        |row| {
            let count: i64 = row.get(1)?;
            figures.all += count;
            if Status::parse(&row.get::<String>(0)?).is_some_and(Status::is_open) {
                figures.open += count;
            }
            figures.in_time += row.get::<i64>(2)?;
            figures.late += row.get::<i64>(3)?;
            Ok(())
        },
    )?;
    Ok(figures)
}

/// What a table of figures is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    District,
    Neighbourhood,
    Service,
    Unit,
    Status,
    Day,
}

/// Counts by one thing, the largest first; `(id or day or status, count)`.
pub fn counts(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    by: By,
    from_day: i64,
    to_day: i64,
    most: u32,
) -> Result<Vec<(String, i64)>> {
    let column = match by {
        By::District => "district_id",
        By::Neighbourhood => "neighbourhood_id",
        By::Service => "service_id",
        By::Unit => "unit_id",
        By::Status => "status",
        By::Day => "requested_on",
    };
    let mut filter = Filter::new();
    filter
        .and("jurisdiction_id = {}", [jurisdiction])
        .and("requested_on >= {} AND requested_on <= {}", [from_day, to_day]);
    let head =
        format!("SELECT CAST({column} AS TEXT), CAST(SUM(count) AS BIGINT) AS n FROM request_figures WHERE");
    let tail = format!("GROUP BY {column} ORDER BY n DESC, {column} LIMIT {}", most.min(5000));
    let (sql, params) = filter.finish(&head, &tail);
    tx.query(&sql, &params, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Open requests of each district, `None` for those without one.
pub fn open_by_district(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<HashMap<Option<i64>, i64>> {
    let mut open: HashMap<Option<i64>, i64> = HashMap::new();
    tx.for_each(
        sql!(
            "SELECT district_id, status, count FROM request_totals
             WHERE jurisdiction_id = $1 AND requested_on = $2 ORDER BY district_id, status LIMIT 20000"
        ),
        &params![jurisdiction, EVER],
        |row| {
            if Status::parse(&row.get::<String>(1)?).is_some_and(Status::is_open) {
                let district: i64 = row.get(0)?;
                *open.entry((district != 0).then_some(district)).or_default() += row.get::<i64>(2)?;
            }
            Ok(())
        },
    )?;
    Ok(open)
}
