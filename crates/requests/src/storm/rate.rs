//! Messages by minute and by hour, and what is unusual.
//!
//! The follower of incidents counts what comes in; nobody scans requests. The program proposes storm mode when a
//! quarter of an hour brought far more than the same hour of the last two weeks did.

use std::collections::HashMap;

use people::{Act, Chore};
use storage::journal::Entry;
use storage::{Param, Result, Tx, params, sql};

use super::{SUBJECT, State, Storm, StormId, open, rules, steps};
use crate::find::Told;
use crate::submit::json;

/// Looks whether a storm should be proposed.
pub const WATCHING: Chore = Chore { name: "storms-watching", every: 60_000, at_once: 1, run: watch };
/// Forgets minutes and hours that nobody asks for any more.
pub const FORGETTING: Chore =
    Chore { name: "storms-forgetting", every: 3_600_000, at_once: 20_000, run: forget };

pub const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// The same hour of so many days before is what is usual.
const DAYS: i64 = 14;
const KEPT_MINUTES: i64 = 48 * 60;
const KEPT_HOURS: i64 = 35 * 24;
/// A proposal that nobody answers is forgotten.
const PATIENCE: i64 = 6 * HOUR;

/// Adds new messages to the counts.
pub(crate) fn count<'e>(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    new: impl Iterator<Item = &'e Entry>,
) -> Result<()> {
    let mut sums: HashMap<(i64, i64), i64> = HashMap::new();
    for entry in new {
        let told: Told = serde_json::from_str(&entry.payload).unwrap_or_default();
        let district = told.counted.and_then(|c| c.district).unwrap_or(0);
        *sums.entry((entry.at.div_euclid(MINUTE), district)).or_default() += 1;
    }
    let mut hours: HashMap<(i64, i64), i64> = HashMap::new();
    for ((minute, district), count) in &sums {
        *hours.entry((minute.div_euclid(60), *district)).or_default() += count;
    }
    let rows = |sums: HashMap<(i64, i64), i64>| -> Vec<Param<'static>> {
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_unstable();
        sums.into_iter()
            .flat_map(|((at, district), count)| params![jurisdiction, at, district, count])
            .collect()
    };
    tx.insert_many(
        "INSERT INTO request_minutes (jurisdiction_id, minute, district_id, count) VALUES",
        4,
        &rows(sums),
        "ON CONFLICT (jurisdiction_id, minute, district_id) DO UPDATE SET count = request_minutes.count + excluded.count",
    )?;
    tx.insert_many(
        "INSERT INTO request_hours (jurisdiction_id, hour, district_id, count) VALUES",
        4,
        &rows(hours),
        "ON CONFLICT (jurisdiction_id, hour, district_id) DO UPDATE SET count = request_hours.count + excluded.count",
    )?;
    Ok(())
}

/// Messages of each of the last `minutes` minutes, the oldest first, those without any included.
pub fn by_minute(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    district: Option<i64>,
    now: i64,
    minutes: i64,
) -> Result<Vec<(i64, i64)>> {
    let last = now.div_euclid(MINUTE);
    let first = last - minutes.clamp(1, KEPT_MINUTES) + 1;
    let found: HashMap<i64, i64> = tx
        .query(
            sql!(
                "SELECT minute, CAST(SUM(count) AS BIGINT) FROM request_minutes
                 WHERE jurisdiction_id = $1 AND minute >= $2 AND minute <= $3 AND (CAST($4 AS BIGINT) = 0 OR district_id = $4)
                 GROUP BY minute ORDER BY minute LIMIT 3000"
            ),
            &params![jurisdiction, first, last, district.unwrap_or(0)],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?
        .into_iter()
        .collect();
    Ok((first..=last).map(|minute| (minute * MINUTE, found.get(&minute).copied().unwrap_or(0))).collect())
}

/// Messages of the last `minutes` minutes by district, the most first; `None` for those without one.
pub fn by_district(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    now: i64,
    minutes: i64,
) -> Result<Vec<(Option<i64>, i64)>> {
    let last = now.div_euclid(MINUTE);
    tx.query(
        sql!(
            "SELECT district_id, CAST(SUM(count) AS BIGINT) AS n FROM request_minutes
             WHERE jurisdiction_id = $1 AND minute > $2 AND minute <= $3 GROUP BY district_id ORDER BY n DESC, district_id LIMIT 500"
        ),
        &params![jurisdiction, last - minutes, last],
        |row| Ok((Some(row.get::<i64>(0)?).filter(|id| *id != 0), row.get(1)?)),
    )
}

/// How many messages a quarter of an hour usually brings at this hour, in the city or one district.
pub fn usual(tx: &mut Tx<'_>, jurisdiction: i64, district: Option<i64>, now: i64) -> Result<i64> {
    let hour = now.div_euclid(HOUR);
    let mut days = 0;
    let mut sum = 0;
    for before in 1..=DAYS {
        let found: Option<Option<i64>> = tx.query_opt(
            sql!(
                "SELECT CAST(SUM(count) AS BIGINT) FROM request_hours
                 WHERE jurisdiction_id = $1 AND hour = $2 AND (CAST($3 AS BIGINT) = 0 OR district_id = $3)"
            ),
            &params![jurisdiction, hour - before * 24, district.unwrap_or(0)],
            |row| row.get(0),
        )?;
        if let Some(Some(count)) = found {
            days += 1;
            sum += count;
        }
    }
    Ok(if days == 0 { 0 } else { sum / days / 4 })
}

/// Whether so many messages in a quarter of an hour are a storm.
pub fn is_unusual(rate: i64, usual: i64, least: i64, times: i64) -> bool {
    rate >= least.max(1) && rate >= usual.saturating_mul(times)
}

fn watch(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, _: u32) -> Result<usize> {
    let alarm = rules::rules(tx, jurisdiction)?.alarm.clone();
    let now = act.at.0;
    let known = open(tx, jurisdiction)?;
    for storm in known.iter().filter(|s| s.state == State::Proposed && s.begun_at.0 < now - PATIENCE) {
        let mut storm = storm.clone();
        (storm.state, storm.ended_at) = (State::Dismissed, Some(act.at));
        steps::update(tx, &mut storm)?;
    }
    // A storm over the city is over every district of it.
    if known.iter().any(|s| s.district.is_none()) {
        return Ok(0);
    }
    let rates = by_district(tx, jurisdiction, now, 15)?;
    let all = rates.iter().map(|(_, count)| count).sum();
    let places = std::iter::once((None, all, alarm.city));
    let places =
        places.chain(rates.into_iter().filter(|(d, _)| d.is_some()).map(|(d, n)| (d, n, alarm.district)));
    for (district, rate, least) in places {
        if rate < least || known.iter().any(|s| s.district == district) {
            continue;
        }
        let usual = usual(tx, jurisdiction, district, now)?;
        if is_unusual(rate, usual, least, alarm.times) {
            propose(tx, act, jurisdiction, district, rate, usual)?;
            if district.is_none() {
                break;
            }
        }
    }
    Ok(0)
}

fn propose(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    district: Option<i64>,
    rate: i64,
    usual: i64,
) -> Result<()> {
    let storm = Storm {
        jurisdiction,
        id: StormId(act.new_id()),
        district,
        state: State::Proposed,
        begun_at: act.at,
        ended_at: None,
        begun_by: act.by.signature(),
        rate,
        usual,
        mode: rules::rules(tx, jurisdiction)?.storm.clone(),
        shifting: None,
        version: 1,
    };
    steps::insert(tx, &storm)?;
    let payload = json(&serde_json::json!({ "district": district, "rate": rate, "usual": usual }))?;
    act.record(tx, jurisdiction, SUBJECT, storm.id.0, "proposed", payload);
    Ok(())
}

fn forget(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, _: u32) -> Result<usize> {
    tx.execute(
        sql!("DELETE FROM request_minutes WHERE jurisdiction_id = $1 AND minute < $2"),
        &params![jurisdiction, act.at.0.div_euclid(MINUTE) - KEPT_MINUTES],
    )?;
    tx.execute(
        sql!("DELETE FROM request_hours WHERE jurisdiction_id = $1 AND hour < $2"),
        &params![jurisdiction, act.at.0.div_euclid(HOUR) - KEPT_HOURS],
    )?;
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::is_unusual;

    #[test]
    fn only_far_more_than_usual_is_a_storm() {
        for (rate, usual, is) in
            [(59, 0, false), (60, 0, true), (60, 15, true), (60, 16, false), (500, 100, true)]
        {
            assert_eq!(is_unusual(rate, usual, 60, 4), is, "{rate} where {usual} is usual");
        }
    }
}
