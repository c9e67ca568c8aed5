//! How many requests wait, by unit, district, service and state: kept by a follower, read in one statement.

use std::collections::HashMap;

use calendar::Timestamp;
use language::fold;
use storage::{Filter as Conditions, Result, Tx, followers::Follower, journal::Entry, params};

use super::queue::{Narrow, Reach, Turn};
use crate::find::Told;
use crate::{SUBJECT, Status};

/// The follower; the worker runs it.
pub const FOLLOWER: Follower = Follower { name: "work-counts", at_once: 2000, follow };

/// As many overdue requests are counted exactly; beyond it a list says "and more".
pub const MOST_OVERDUE: usize = 5_000;

fn follow(tx: &mut Tx<'_>, jurisdiction: i64, entries: &[Entry]) -> Result<()> {
    let mut sums: HashMap<(i64, i64, i64, &'static str), i64> = HashMap::new();
    for entry in entries.iter().filter(|e| e.subject_kind == SUBJECT) {
        let told: Told = serde_json::from_str(&entry.payload).unwrap_or_default();
        let Some(c) = told.counted else { continue };
        for (status, by) in [(c.from, -1), (c.to, 1)] {
            if let Some(status) = status.filter(|s| s.is_open()) {
                let key = (c.unit.unwrap_or(0), c.district.unwrap_or(0), c.service, status.code());
                *sums.entry(key).or_default() += by;
            }
        }
    }
    // In one order, so that two workers never wait for each other crosswise.
    let mut sums: Vec<_> = sums.into_iter().filter(|(_, by)| *by != 0).collect();
    sums.sort_unstable();
    let values: Vec<_> = sums
        .iter()
        .flat_map(|((unit, district, service, status), by)| {
            params![jurisdiction, *unit, *district, *service, *status, *by]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO work_counts (jurisdiction_id, unit_id, district_id, service_id, status, count) VALUES",
        6,
        &values,
        "ON CONFLICT (jurisdiction_id, unit_id, district_id, service_id, status) DO UPDATE SET
             count = work_counts.count + excluded.count",
    )?;
    Ok(())
}

struct Row {
    unit: i64,
    district: i64,
    service: i64,
    status: Option<Status>,
    count: i64,
}

/// What waits within a reach; every list of a page is counted from it.
pub struct Waiting {
    rows: Vec<Row>,
    overdue: Vec<Row>,
    /// A reach by neighbourhood is not counted: the table does not know neighbourhoods.
    is_known: bool,
}

/// Reads what waits within a reach, in two statements however many lists there are.
pub fn waiting(tx: &mut Tx<'_>, reach: &Reach, now: Timestamp) -> Result<Waiting> {
    let is_known = reach.neighbourhoods.is_empty();
    if reach.is_nothing() || !is_known {
        return Ok(Waiting { rows: Vec::new(), overdue: Vec::new(), is_known });
    }
    let mut conditions = Conditions::new();
    reach.limit(&mut conditions);
    conditions.and::<i64>("count > 0", []);
    let (sql, values) = conditions.finish(
        "SELECT unit_id, district_id, service_id, status, count FROM work_counts WHERE",
        "ORDER BY unit_id, district_id, service_id, status LIMIT 100000",
    );
    let read = |row: &storage::Row<'_>| {
        Ok(Row {
            unit: row.get(0)?,
            district: row.get(1)?,
            service: row.get(2)?,
            status: Status::parse(&row.get::<String>(3)?),
            count: row.get(4)?,
        })
    };
    let rows = tx.query(&sql, &values, read)?;
    let mut conditions = Conditions::new();
    reach.limit(&mut conditions);
    conditions.and("is_open = 1 AND due_at < {} AND status <> 'waiting-for-citizen'", [now.0]);
    let tail = format!("ORDER BY due_at, id LIMIT {MOST_OVERDUE}");
    let (sql, values) = conditions.finish(
        "SELECT COALESCE(unit_id, 0), COALESCE(district_id, 0), service_id, status, CAST(1 AS BIGINT) FROM service_requests WHERE",
        &tail,
    );
    let overdue = tx.query(&sql, &values, read)?;
    Ok(Waiting { rows, overdue, is_known })
}

impl Waiting {
    /// How many a list has; `None` where only reading it would tell.
    pub fn of(&self, narrow: &Narrow) -> Option<i64> {
        let by_words = !fold::query(&narrow.words).terms.is_empty();
        if !self.is_known || by_words || narrow.neighbourhood.is_some() || narrow.holder.is_some() {
            return None;
        }
        let rows = match narrow.turn {
            Turn::Done => return None,
            Turn::Overdue => &self.overdue,
            _ => &self.rows,
        };
        let statuses = narrow.turn.statuses();
        let is_in = |row: &&Row| {
            narrow.unit.is_none_or(|unit| unit == row.unit)
                && narrow.district.is_none_or(|district| district == row.district)
                && (narrow.services.is_empty() || narrow.services.contains(&row.service))
                && (statuses.is_empty() || row.status.is_some_and(|s| statuses.contains(&s)))
        };
        Some(rows.iter().filter(is_in).map(|row| row.count).sum())
    }

    /// Whether there are more overdue requests than were counted.
    pub fn has_more_overdue(&self) -> bool {
        self.overdue.len() >= MOST_OVERDUE
    }
}
