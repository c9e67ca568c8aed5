//! Do the stored requests agree with what is counted and kept about them. For the operator's check.

use std::collections::{BTreeMap, BTreeSet};

use storage::{Filter, Result, Tx, params, sql};

use crate::figures::LEVELS;

/// The names of every file that a photo of any request needs.
pub fn photo_files(tx: &mut Tx<'_>) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    tx.for_each(sql!("SELECT file, thumbnail FROM request_photos"), &[], |row| {
        names.insert(row.get(0)?);
        names.insert(row.get(1)?);
        Ok(())
    })?;
    Ok(names)
}

/// Those of some names of files that a photo of any request needs.
pub fn named_files(tx: &mut Tx<'_>, names: &[String]) -> Result<BTreeSet<String>> {
    let mut named = BTreeSet::new();
    for jurisdiction in territory::jurisdictions(tx)?.iter().map(|city| city.id) {
        for column in ["file", "thumbnail"] {
            let mut filter = Filter::new();
            filter
                .and("jurisdiction_id = {}", [jurisdiction])
                .within(column, names.iter().map(String::as_str));
            let (sql, conditions) =
                filter.finish(&format!("SELECT {column} FROM request_photos WHERE"), "LIMIT 100000");
            named.extend(tx.query(&sql, &conditions, |row| row.get::<String>(0))?);
        }
    }
    Ok(named)
}

/// Where the figures differ from the requests they count, in words. Only meaningful when their follower has read
/// the whole journal.
pub fn figures(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Vec<String>> {
    let mut counts: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    tx.for_each(
        sql!("SELECT status, COUNT(*) FROM service_requests WHERE jurisdiction_id = $1 GROUP BY status"),
        &params![jurisdiction],
        |row| {
            counts.entry(row.get(0)?).or_default().0 = row.get(1)?;
            Ok(())
        },
    )?;
    tx.for_each(
        sql!("SELECT status, CAST(SUM(count) AS BIGINT) FROM request_figures WHERE jurisdiction_id = $1 GROUP BY status"),
        &params![jurisdiction],
        |row| {
            counts.entry(row.get(0)?).or_default().1 = row.get(1)?;
            Ok(())
        },
    )?;
    let mut problems: Vec<String> = counts
        .into_iter()
        .filter(|(_, (there, counted))| there != counted)
        .map(|(status, (there, counted))| format!("{there} requests are {status}, the figures say {counted}"))
        .collect();

    // The sums are the same figures, added up another way.
    for sums in ["requested_on = -1000000", "requested_on <> -1000000"] {
        let mut filter = Filter::new();
        filter.and("jurisdiction_id = {}", [jurisdiction]).and::<i64>(sums, []);
        let (sql, values) =
            filter.finish("SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) FROM request_totals WHERE", "");
        let summed: i64 = tx.value(&sql, &values)?.unwrap_or(0);
        let counted: i64 = tx
            .value(
                sql!("SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) FROM request_figures WHERE jurisdiction_id = $1"),
                &params![jurisdiction],
            )?
            .unwrap_or(0);
        if summed != counted {
            problems.push(format!("the figures count {counted} requests, their sums {summed}"));
        }
    }

    let on_map: i64 = tx
        .value(
            sql!("SELECT COUNT(*) FROM service_requests WHERE jurisdiction_id = $1 AND cell IS NOT NULL AND is_public = 1"),
            &params![jurisdiction],
        )?
        .unwrap_or(0);
    for level in LEVELS {
        let counted: i64 = tx
            .value(
                sql!(
                    "SELECT CAST(COALESCE(SUM(all_count), 0) AS BIGINT) FROM request_cells
                     WHERE jurisdiction_id = $1 AND level = $2"
                ),
                &params![jurisdiction, level],
            )?
            .unwrap_or(0);
        if counted != on_map {
            problems.push(format!(
                "{on_map} public requests are on the map, cells of {level} bits count {counted}"
            ));
        }
    }
    Ok(problems)
}

/// Where the figures of replies differ from the answers they count, in words. Only meaningful when their follower has
/// read the whole journal.
pub fn replies(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Vec<String>> {
    let mut there: BTreeMap<String, i64> = BTreeMap::new();
    tx.for_each(
        sql!("SELECT reply, COUNT(*) FROM request_replies WHERE jurisdiction_id = $1 GROUP BY reply"),
        &params![jurisdiction],
        |row| {
            there.insert(row.get(0)?, row.get(1)?);
            Ok(())
        },
    )?;
    let counted: Option<[i64; 4]> = tx.query_opt(
        sql!(
            "SELECT CAST(COALESCE(SUM(answered), 0) AS BIGINT), CAST(COALESCE(SUM(confirmed), 0) AS BIGINT),
                 CAST(COALESCE(SUM(objected), 0) AS BIGINT), CAST(COALESCE(SUM(unconfirmed), 0) AS BIGINT)
             FROM request_reply_figures WHERE jurisdiction_id = $1"
        ),
        &params![jurisdiction],
        |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]),
    )?;
    let of = |reply: &str| there.get(reply).copied().unwrap_or(0);
    let expected = [there.values().sum(), of("accepted"), of("objected"), of("unconfirmed")];
    let names = ["given", "accepted", "objected to", "left unconfirmed"];
    let mut problems = Vec::new();
    for ((name, there), counted) in names.iter().zip(expected).zip(counted.unwrap_or_default()) {
        if there != counted {
            problems.push(format!("{there} answers were {name}, the figures of replies say {counted}"));
        }
    }
    Ok(problems)
}
