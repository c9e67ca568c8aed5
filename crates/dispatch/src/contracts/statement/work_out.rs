//! The rows and the account of a contract up to a day, from what is certified and what happened.
//!
//! Everything that no statement has counted yet is taken: certified lines that were not paid, lines whose approval
//! changed after they were paid (the difference, at the price that was paid), corrections, the times of orders that
//! ended, and failed checks. So nothing is counted twice and nothing is forgotten, whatever the order of events.

use calendar::{Day, Timestamp};
use storage::{Result, Tx, params, sql};

use super::super::contract::Contract;
use super::super::measure::{self, Line, LineState};
use super::super::money::{self, Account, Entries};
use super::super::penalties::{self, Penalty, Served};
use super::super::prices::{self, PriceList};
use super::super::rows::{Row, RowKind};
use super::super::terms::{Terms, class_of};
use super::super::{ContractError, Done};
use super::{StatementState, of_contract};

/// An order that ended and was never signed is judged after so many days.
const UNSIGNED_DAYS: i64 = 30;

/// A statement as it would be if it were presented now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    pub rows: Vec<Row>,
    pub account: Account,
    /// Lines and offers that closing it settles, also those without a row.
    pub(super) lines: Vec<i64>,
    pub(super) offers: Vec<i64>,
    pub(super) judged: Vec<i64>,
}

/// Works out what a contract owes up to a day, that day included.
pub fn running(tx: &mut Tx<'_>, jurisdiction: i64, contract: &Contract, until: i64) -> Done<Running> {
    let lists = prices::lists(tx, jurisdiction, contract.id)?;
    let lines = unsettled(tx, jurisdiction, contract.id, until)?;
    let too_large = || ContractError::Refused("sum-too-large");
    let mut rows = Vec::new();
    let mut settled = Vec::new();
    for (line, code) in &lines {
        settled.push(line.id);
        if let Some(row) = work_row(&contract.terms, &lists, line, code).ok_or_else(too_large)? {
            rows.push(row);
        }
    }
    let corrections = corrections(tx, jurisdiction, contract.id)?;
    rows.extend(corrections);
    let end = end_of(tx, jurisdiction, until)?;
    let (mut offers, mut judged) = (Vec::new(), Vec::new());
    for (offer, code, served) in unjudged(tx, jurisdiction, contract.id, end)? {
        offers.push(offer);
        let all = penalties::of_order(&contract.terms, &served);
        rows.extend(all.into_iter().map(|penalty| penalty_row(penalty, &code, Some(offer), None)));
    }
    for (line, code, submitted, checked) in failed(tx, jurisdiction, contract.id, end)? {
        judged.push(line);
        let penalty = penalties::of_failed_check(&contract.terms, submitted, checked);
        rows.extend(penalty.map(|penalty| penalty_row(penalty, &code, None, Some(line))));
    }
    for (n, row) in rows.iter_mut().enumerate() {
        row.number = i64::try_from(n + 1).unwrap_or(i64::MAX);
    }
    let last = of_contract(tx, jurisdiction, contract.id)?
        .into_iter()
        .find(|statement| statement.state == StatementState::Closed);
    let (previous, carried_in) = last.map_or((0, 0), |s| (s.account.to_date, s.account.carried_out));
    let account = account_of(&rows, previous, carried_in, &contract.terms).ok_or_else(too_large)?;
    Ok(Running { rows, account, lines: settled, offers, judged })
}

/// The account of rows.
pub(super) fn account_of(rows: &[Row], previous: i64, carried_in: i64, terms: &Terms) -> Option<Account> {
    // What a reopened line gives back is work too: "to date" goes down with it.
    let is_work = |row: &&Row| row.kind == RowKind::Work;
    let entries = Entries {
        previous,
        work: rows.iter().filter(is_work).map(|row| row.amount).collect(),
        corrections: rows.iter().filter(|r| r.kind == RowKind::Correction).map(|r| r.amount).collect(),
        penalties: rows.iter().filter(|r| r.kind.is_penalty()).map(|r| r.amount).collect(),
        carried_in,
    };
    money::account(&entries, terms.rates())
}

/// The row of a line: what it is worth now less what was paid for it. None where nothing changes; the outer none when it
/// is more than numbers hold.
fn work_row(terms: &Terms, lists: &[PriceList], line: &Line, code: &str) -> Option<Option<Row>> {
    let item = prices::on_day(lists, line.measured_on).and_then(|list| list.item(&line.item));
    let price = line.billed_price.or(item.map(|item| item.price)).unwrap_or(0);
    let worth = if line.is_paid { money::line(price, line.certified, terms.coefficient)? } else { 0 };
    let is_news = line.billed_in.is_none() && line.certified > 0;
    if !is_news && worth == line.billed {
        return Some(None);
    }
    let mut row = Row::empty(RowKind::Work);
    row.line = Some(line.id);
    row.order_code = code.to_owned();
    row.item = line.item.clone();
    row.name_fa = item.map(|item| item.name_fa.clone()).unwrap_or_default();
    row.name_en = item.map(|item| item.name_en.clone()).unwrap_or_default();
    row.unit = item.map(|item| item.unit.clone()).unwrap_or_default();
    row.measured_on = Some(line.measured_on);
    row.quantity = line.certified;
    row.price = price;
    row.coefficient = terms.coefficient;
    row.before = line.billed;
    row.amount = worth.checked_sub(line.billed)?;
    row.words = match (line.is_paid, line.state) {
        (false, _) => "rework".to_owned(),
        (_, LineState::Reopened) => "reopened".to_owned(),
        _ => line.words.clone(),
    };
    Some(Some(row))
}

fn penalty_row(penalty: Penalty, code: &str, source: Option<i64>, line: Option<i64>) -> Row {
    let mut row = Row::empty(penalty.kind);
    row.order_code = code.to_owned();
    row.source = source;
    row.line = line;
    row.amount = penalty.amount;
    row.units = penalty.units;
    if penalty.units > 0 {
        row.unit = if penalty.by_day { "day" } else { "hour" }.to_owned();
    }
    row.events = penalty.events.into_iter().map(|(name, at)| (name.to_owned(), at)).collect();
    row
}

/// Lines with a verdict that statements have not counted as it stands.
fn unsettled(tx: &mut Tx<'_>, jurisdiction: i64, contract: i64, until: i64) -> Result<Vec<(Line, String)>> {
    let lines = tx.query(
        sql!(concat!(
            "SELECT ",
            measure::columns!(),
            " FROM contract_lines WHERE jurisdiction_id = $1 AND contract_id = $2 AND is_settled = 0 AND measured_on <= $3
               AND state IN ('certified', 'partly', 'rejected', 'reopened')
             ORDER BY measured_on, id LIMIT 10000"
        )),
        &params![jurisdiction, contract, until],
        measure::read,
    )?;
    let ids: Vec<crate::OrderId> = lines.iter().map(|line| crate::OrderId(line.order)).collect();
    let orders = crate::orders::by_ids(tx, jurisdiction, &ids)?;
    let code = |order: i64| {
        orders
            .binary_search_by_key(&order, |o| o.id.0)
            .ok()
            .and_then(|at| orders.get(at))
            .map(|o| o.code.clone())
    };
    Ok(lines
        .into_iter()
        .map(|line| {
            let code = code(line.order).unwrap_or_default();
            (line, code)
        })
        .collect())
}

fn corrections(tx: &mut Tx<'_>, jurisdiction: i64, contract: i64) -> Result<Vec<Row>> {
    tx.query(
        sql!(
            "SELECT id, amount, words FROM contract_corrections
             WHERE jurisdiction_id = $1 AND contract_id = $2 AND billed_in IS NULL ORDER BY id LIMIT 1000"
        ),
        &params![jurisdiction, contract],
        |row| {
            let mut correction = Row::empty(RowKind::Correction);
            correction.source = Some(row.get(0)?);
            correction.amount = row.get(1)?;
            correction.words = row.get(2)?;
            Ok(correction)
        },
    )
}

/// Offers whose times no statement has judged: signed, taken back, or long over.
fn unjudged(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    contract: i64,
    end: Timestamp,
) -> Result<Vec<(i64, String, Served)>> {
    tx.query(
        sql!(
            "SELECT o.id, w.code, w.urgency, o.answered_at, o.arrive_by, o.taken_back_at, o.signed_at, w.on_site_at, w.ended_at,
                 CAST(CASE WHEN EXISTS (SELECT 1 FROM contract_lines l WHERE l.jurisdiction_id = o.jurisdiction_id
                                   AND l.order_id = o.order_id AND l.contract_id = o.contract_id AND l.photo IS NOT NULL)
                        OR EXISTS (SELECT 1 FROM work_evidence e WHERE e.jurisdiction_id = o.jurisdiction_id
                                   AND e.order_id = o.order_id AND e.kind = 'after')
                      THEN 1 ELSE 0 END AS BIGINT)
             FROM contract_orders o
             JOIN work_orders w ON w.jurisdiction_id = o.jurisdiction_id AND w.id = o.order_id
             WHERE o.jurisdiction_id = $1 AND o.contract_id = $2 AND o.settled_in IS NULL AND o.answered_at IS NOT NULL
               AND ((o.state = 'taken-back' AND o.arrive_by IS NOT NULL AND o.taken_back_at < $3)
                 OR (o.state = 'accepted' AND w.ended_at IS NOT NULL AND (o.signed_at < $3 OR w.ended_at < $4)))
             ORDER BY o.id LIMIT 10000"
        ),
        &params![jurisdiction, contract, end.0, end.plus_hours(-24 * UNSIGNED_DAYS).0],
        |row| {
            let has_proof: bool = row.get(9)?;
            let taken_back: Option<i64> = row.get(5)?;
            let signed: Option<i64> = row.get(6)?;
            // What came after it was taken back is another one's.
            let is_theirs = taken_back.is_none();
            let served = Served {
                class: class_of(&row.get::<String>(2)?),
                accepted_at: row.get::<Option<i64>>(3)?.unwrap_or(0),
                arrive_by: row.get(4)?,
                arrived_at: row.get::<Option<i64>>(7)?.filter(|_| is_theirs),
                ended_at: row.get::<Option<i64>>(8)?.filter(|_| is_theirs),
                taken_back_at: taken_back,
                lacks_proof: is_theirs && signed.is_some() && !has_proof,
            };
            Ok((row.get(0)?, row.get(1)?, served))
        },
    )
}

/// Lines that did not stand the check and that no statement has counted, with their times.
fn failed(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    contract: i64,
    end: Timestamp,
) -> Result<Vec<(i64, String, Option<i64>, i64)>> {
    tx.query(
        sql!(
            "SELECT l.id, w.code, l.submitted_at, l.checked_at FROM contract_lines l
             JOIN work_orders w ON w.jurisdiction_id = l.jurisdiction_id AND w.id = l.order_id
             WHERE l.jurisdiction_id = $1 AND l.contract_id = $2 AND l.judged_in IS NULL AND l.state IN ('rejected', 'partly')
               AND l.checked_at IS NOT NULL AND l.checked_at < $3
             ORDER BY l.id LIMIT 10000"
        ),
        &params![jurisdiction, contract, end.0],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )
}

/// The first moment after a day in the city.
pub(super) fn end_of(tx: &mut Tx<'_>, jurisdiction: i64, day: i64) -> Result<Timestamp> {
    let cities = territory::cities(tx)?;
    let zone = cities.iter().find(|city| city.id == jurisdiction).map(|city| city.zone.clone());
    let next = Day::from_days_since_epoch(day + 1);
    Ok(zone.unwrap_or(calendar::Zone::utc()).start_of(next))
}
