//! A month's statement (صورت‌وضعیت): worked out afresh while the month runs, presented to the contractor when it is over,
//! disputed row by row, and closed. See `work_out` for the account and `steps` for the verbs.

mod steps; // present, dispute, answer, agree, close, correct
mod work_out; // rows and account from what is certified

use calendar::{Day, Jalali, Timestamp};
use language::Lang;
use storage::{Result, Tx, params, sql};

use super::money::Account;
use super::rows::{self, Row};
use crate::kinds::coded;

pub use steps::{Closing, agree, answer, close, correct, dispute, present, withdraw};
pub use work_out::{Running, running};

coded! {
    /// Where a statement stands.
    StatementState {
        /// The contractor may object.
        Presented = "presented",
        /// For good.
        Closed = "closed",
    }
}

/// A month's statement as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub id: i64,
    pub contract: i64,
    pub contractor: i64,
    pub number: i64,
    /// The first and the last day, in days since 1970.
    pub from_on: i64,
    pub until_on: i64,
    pub state: StatementState,
    pub presented_at: Timestamp,
    /// Until then the contractor may object.
    pub dispute_until: Timestamp,
    pub agreed_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub account: Account,
    /// The seed and percentage of the sample: for drawing it again. Shown once the statement is closed.
    pub draw_seed: String,
    pub draw_percent: i64,
    pub version: i64,
}

macro_rules! columns {
    () => {
        "id, contract_id, contractor_id, number, from_on, until_on, state, presented_at, dispute_until, agreed_at, closed_at,
         to_date, previous, over_ceiling, gross, corrections, penalties_full, penalties, retention, carried_in, payable,
         carried_out, draw_seed, draw_percent, version"
    };
}

fn read(row: &storage::Row<'_>) -> Result<Statement> {
    let at = |n: usize| Ok::<_, storage::Error>(row.get::<Option<i64>>(n)?.map(Timestamp));
    Ok(Statement {
        id: row.get(0)?,
        contract: row.get(1)?,
        contractor: row.get(2)?,
        number: row.get(3)?,
        from_on: row.get(4)?,
        until_on: row.get(5)?,
        state: StatementState::parse(&row.get::<String>(6)?).unwrap_or(StatementState::Closed),
        presented_at: Timestamp(row.get(7)?),
        dispute_until: Timestamp(row.get(8)?),
        agreed_at: at(9)?,
        closed_at: at(10)?,
        account: Account {
            to_date: row.get(11)?,
            previous: row.get(12)?,
            over_ceiling: row.get(13)?,
            gross: row.get(14)?,
            corrections: row.get(15)?,
            penalties_full: row.get(16)?,
            penalties: row.get(17)?,
            retention: row.get(18)?,
            carried_in: row.get(19)?,
            payable: row.get(20)?,
            carried_out: row.get(21)?,
        },
        draw_seed: row.get(22)?,
        draw_percent: row.get(23)?,
        version: row.get(24)?,
    })
}

/// A statement with its rows.
pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<Option<(Statement, Vec<Row>)>> {
    let Some(found) = find(tx, jurisdiction, id)? else { return Ok(None) };
    let rows = rows::of(tx, jurisdiction, id)?;
    Ok(Some((found, rows)))
}

fn find(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<Option<Statement>> {
    tx.query_opt(
        sql!(concat!("SELECT ", columns!(), " FROM statements WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id],
        read,
    )
}

/// The statements of a contract, the newest first.
pub fn of_contract(tx: &mut Tx<'_>, jurisdiction: i64, contract: i64) -> Result<Vec<Statement>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM statements WHERE jurisdiction_id = $1 AND contract_id = $2 ORDER BY number DESC LIMIT 200"
        )),
        &params![jurisdiction, contract],
        read,
    )
}

/// The statements of a contractor under all its contracts, the newest first.
pub fn of_contractor(tx: &mut Tx<'_>, jurisdiction: i64, contractor: i64) -> Result<Vec<Statement>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM statements WHERE jurisdiction_id = $1 AND contractor_id = $2 ORDER BY id DESC LIMIT 200"
        )),
        &params![jurisdiction, contractor],
        read,
    )
}

/// The first and the last day of the month that a day is in, in the calendar of the city's first language.
pub fn month_of(tx: &mut Tx<'_>, jurisdiction: i64, day: i64) -> Result<(i64, i64)> {
    let cities = territory::cities(tx)?;
    let first = cities.iter().find(|city| city.id == jurisdiction).and_then(|city| city.languages.first());
    Ok(month(first.copied().unwrap_or_default(), day))
}

/// [`month_of`] for a language.
pub fn month(lang: Lang, day: i64) -> (i64, i64) {
    let day = Day::from_days_since_epoch(day);
    match lang {
        Lang::Fa => {
            let jalali: Jalali = day.jalali();
            let from = day.plus_days(1 - i64::from(jalali.day()));
            (from.days_since_epoch(), from.days_since_epoch() + i64::from(jalali.days_in_month()) - 1)
        }
        Lang::En => {
            let from = day.plus_days(1 - i64::from(day.day_of_month()));
            // From the first, 31 days on is in the next month, whatever the month.
            let next = from.plus_days(31);
            let next = next.plus_days(1 - i64::from(next.day_of_month()));
            (from.days_since_epoch(), next.days_since_epoch() - 1)
        }
    }
}
