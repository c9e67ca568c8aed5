//! What became of answers, by unit, district and month: confirmed, objected to, or met with silence.
//!
//! Kept by a follower, like the other figures. An answer counts for the unit that gave it and for the month in which
//! it was given, whatever happens to the request later; so shares are always of the same answers.

use std::collections::BTreeMap;

use calendar::{Day, Jalali, Timestamp};
use language::Lang;
use serde::{Deserialize, Serialize};
use storage::{Filter, Result, Tx, followers::Follower, journal::Entry, params, sql};
use territory::Atlas;

use crate::SUBJECT;
use crate::find::Told;

/// What a fact says of the answer it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// See [`month_of`].
    #[serde(rename = "m")]
    pub month: i64,
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<i64>,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub district: Option<i64>,
    /// How satisfied the citizen is, from 1 to 5, where a call asked.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<i64>,
}

/// The follower; the worker runs it.
pub const FOLLOWER: Follower = Follower { name: "request-replies", at_once: 2000, follow };

/// The first day of the month of a moment, in days since 1970: in the Jalali calendar where the city's first language
/// is Persian, else in the Gregorian one.
pub fn month_of(atlas: &Atlas, at: Timestamp) -> i64 {
    let city = &atlas.jurisdiction;
    let day = at.day(&city.zone);
    let first = match city.languages.first() {
        Some(Lang::En) => Day::gregorian(i64::from(day.year()), i64::from(day.month()), 1).ok(),
        _ => {
            let jalali = day.jalali();
            Jalali::new(jalali.year(), jalali.month(), 1).ok().map(Jalali::to_day)
        }
    };
    first.unwrap_or(day).days_since_epoch()
}

/// Counts over some answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    pub answered: i64,
    /// The citizen accepted.
    pub confirmed: i64,
    pub objected: i64,
    /// Closed because nobody said anything.
    pub unconfirmed: i64,
    /// Citizens reached by a feedback call.
    pub called: i64,
    /// Those of them who gave a mark.
    pub rated: i64,
    pub rating_sum: i64,
}

impl Sums {
    /// The mean mark in tenths: 43 is 4.3. None where nobody gave one.
    pub fn rating_tenths(&self) -> Option<i64> {
        (self.rated > 0).then(|| (self.rating_sum * 10 + self.rated / 2) / self.rated)
    }

    /// Objections among those who said something, in percent; none where nobody did.
    pub fn objected_percent(&self) -> Option<i64> {
        let said = self.confirmed + self.objected;
        (said > 0).then(|| (self.objected * 100 + said / 2) / said)
    }

    fn add(&mut self, other: &Sums) {
        self.answered += other.answered;
        self.confirmed += other.confirmed;
        self.objected += other.objected;
        self.unconfirmed += other.unconfirmed;
        self.called += other.called;
        self.rated += other.rated;
        self.rating_sum += other.rating_sum;
    }
}

fn follow(tx: &mut Tx<'_>, jurisdiction: i64, entries: &[Entry]) -> Result<()> {
    let mut rows: BTreeMap<(i64, i64, i64), Sums> = BTreeMap::new();
    for entry in entries.iter().filter(|e| e.subject_kind == SUBJECT) {
        let told: Told = serde_json::from_str(&entry.payload).unwrap_or_default();
        let Some(about) = told.answered else { continue };
        let one = match entry.fact.as_str() {
            "answered" | "declined" => Sums { answered: 1, ..Sums::default() },
            "accepted" => Sums { confirmed: 1, ..Sums::default() },
            "objected" => Sums { objected: 1, ..Sums::default() },
            "unconfirmed" => Sums { unconfirmed: 1, ..Sums::default() },
            "feedback-recorded" => Sums {
                called: 1,
                rated: i64::from(about.rating.is_some()),
                rating_sum: about.rating.unwrap_or(0),
                ..Sums::default()
            },
            _ => continue,
        };
        let key = (about.month, about.unit.unwrap_or(0), about.district.unwrap_or(0));
        rows.entry(key).or_default().add(&one);
    }
    let values: Vec<_> = rows
        .iter()
        .flat_map(|((month, unit, district), s)| {
            params![
                jurisdiction,
                *month,
                *unit,
                *district,
                s.answered,
                s.confirmed,
                s.objected,
                s.unconfirmed,
                s.called,
                s.rated,
                s.rating_sum
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO request_reply_figures (jurisdiction_id, month, unit_id, district_id, answered, confirmed, objected,
             unconfirmed, called, rated, rating_sum) VALUES",
        11,
        &values,
        "ON CONFLICT (jurisdiction_id, month, unit_id, district_id) DO UPDATE SET
             answered = request_reply_figures.answered + excluded.answered,
             confirmed = request_reply_figures.confirmed + excluded.confirmed,
             objected = request_reply_figures.objected + excluded.objected,
             unconfirmed = request_reply_figures.unconfirmed + excluded.unconfirmed,
             called = request_reply_figures.called + excluded.called,
             rated = request_reply_figures.rated + excluded.rated,
             rating_sum = request_reply_figures.rating_sum + excluded.rating_sum",
    )?;
    Ok(())
}

/// What the table is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Unit,
    District,
    Month,
}

const SUMS: &str = "CAST(SUM(answered) AS BIGINT), CAST(SUM(confirmed) AS BIGINT), CAST(SUM(objected) AS BIGINT), \
    CAST(SUM(unconfirmed) AS BIGINT), CAST(SUM(called) AS BIGINT), CAST(SUM(rated) AS BIGINT), \
    CAST(SUM(rating_sum) AS BIGINT)";

/// Sums by one thing over the answers of these months (first days, both included), the most answers first. The key is
/// 0 for answers without a unit or a district.
pub fn by(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    by: By,
    from_month: i64,
    to_month: i64,
) -> Result<Vec<(i64, Sums)>> {
    let column = match by {
        By::Unit => "unit_id",
        By::District => "district_id",
        By::Month => "month",
    };
    let mut filter = Filter::new();
    filter
        .and("jurisdiction_id = {}", [jurisdiction])
        .and("month >= {} AND month <= {}", [from_month, to_month]);
    let head = format!("SELECT {column}, {SUMS} FROM request_reply_figures WHERE");
    let order = if by == By::Month { "month DESC" } else { "SUM(answered) DESC" };
    let tail = format!("GROUP BY {column} ORDER BY {order}, {column} LIMIT 2000");
    let (sql, params) = filter.finish(&head, &tail);
    tx.query(&sql, &params, |row| {
        let sums = Sums {
            answered: row.get(1)?,
            confirmed: row.get(2)?,
            objected: row.get(3)?,
            unconfirmed: row.get(4)?,
            called: row.get(5)?,
            rated: row.get(6)?,
            rating_sum: row.get(7)?,
        };
        Ok((row.get(0)?, sums))
    })
}

/// What citizens said to the answers of one unit, over all months; for the page of a request.
pub fn of_unit(tx: &mut Tx<'_>, jurisdiction: i64, unit: i64) -> Result<Sums> {
    let mut sums = Sums::default();
    tx.for_each(
        sql!(
            "SELECT CAST(COALESCE(SUM(answered), 0) AS BIGINT), CAST(COALESCE(SUM(confirmed), 0) AS BIGINT),
                 CAST(COALESCE(SUM(objected), 0) AS BIGINT), CAST(COALESCE(SUM(unconfirmed), 0) AS BIGINT)
             FROM request_reply_figures WHERE jurisdiction_id = $1 AND unit_id = $2"
        ),
        &params![jurisdiction, unit],
        |row| {
            sums.answered = row.get(0)?;
            sums.confirmed = row.get(1)?;
            sums.objected = row.get(2)?;
            sums.unconfirmed = row.get(3)?;
            Ok(())
        },
    )?;
    Ok(sums)
}
