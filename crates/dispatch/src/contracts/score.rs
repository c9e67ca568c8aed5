//! How well a contractor does under a contract: each share with the number it is a share of, so that nobody takes three
//! orders for a year.

use calendar::Timestamp;
use storage::{Result, Tx, params, sql};

use super::contract::Contract;
use super::terms::class_of;

/// A count and what it is a part of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Part {
    pub of: i64,
    pub count: i64,
}

impl Part {
    fn add(&mut self, is_so: bool) {
        self.of += 1;
        self.count += i64::from(is_so);
    }

    /// In whole percent, rounded down; none of nothing.
    pub fn percent(self) -> Option<i64> {
        (self.of > 0).then(|| self.count * 100 / self.of)
    }
}

/// The card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Offers that were accepted, of those that were answered or ran out.
    pub accepted: Part,
    /// Somebody was there in time, of the orders with a target that ended.
    pub arrived_in_time: Part,
    /// Done in time, of the same.
    pub done_in_time: Part,
    /// No second visit so far, of all that ended.
    pub right_first_time: Part,
    /// Began with a citizen's objection, of all that ended.
    pub objections: Part,
    /// Not paid because it was work done again, of all lines.
    pub rework: Part,
    /// Certified as measured, of the lines that somebody looked at.
    pub stood_the_check: Part,
    /// What statements took off, in rial, and how many there are.
    pub penalties: i64,
    pub statements: i64,
}

/// Orders of one card at most.
const MOST: i64 = 20_000;

/// Works out the card of the offers made in a span of time: `from` counts, `until` does not.
pub fn score(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    contract: &Contract,
    from: Timestamp,
    until: Timestamp,
) -> Result<Score> {
    let mut score = Score::default();
    let place = params![jurisdiction, contract.id, from.0, until.0, MOST];
    tx.for_each(
        sql!(
            "SELECT o.state, CASE WHEN o.arrive_by IS NULL THEN NULL ELSE o.answered_at END, w.urgency, w.on_site_at, w.ended_at, w.origin,
                 CAST(CASE WHEN EXISTS (SELECT 1 FROM work_orders v WHERE v.jurisdiction_id = w.jurisdiction_id
                                        AND v.request_id = w.request_id AND v.earlier_visit = w.id)
                      THEN 1 ELSE 0 END AS BIGINT)
             FROM contract_orders o
             JOIN work_orders w ON w.jurisdiction_id = o.jurisdiction_id AND w.id = o.order_id
             WHERE o.jurisdiction_id = $1 AND o.contract_id = $2 AND o.offered_at >= $3 AND o.offered_at < $4
             ORDER BY o.id LIMIT $5"
        ),
        &place,
        |row| {
            let state: String = row.get(0)?;
            let accepted: Option<i64> = row.get(1)?;
            if state != "offered" {
                // What was taken back before an answer says nothing about the contractor.
                if state != "taken-back" || accepted.is_some() {
                    score.accepted.add(matches!(state.as_str(), "accepted" | "taken-back"));
                }
            }
            let (Some(accepted), "accepted") = (accepted, state.as_str()) else { return Ok(()) };
            let Some(ended) = row.get::<Option<i64>>(4)? else { return Ok(()) };
            let class = contract.terms.class.get(class_of(&row.get::<String>(2)?)).copied().unwrap_or_default();
            let in_time = |minutes: i64, at: i64| at <= accepted.saturating_add(minutes.saturating_mul(60_000));
            let arrived = row.get::<Option<i64>>(3)?.unwrap_or(ended);
            if class.respond > 0 {
                score.arrived_in_time.add(in_time(class.respond, arrived));
            }
            if class.finish > 0 {
                score.done_in_time.add(in_time(class.finish, ended));
            }
            score.objections.add(row.get::<String>(5)? == "objection");
            score.right_first_time.add(!row.get::<bool>(6)?);
            Ok(())
        },
    )?;
    tx.for_each(
        sql!(
            "SELECT is_paid, state, reason FROM contract_lines
             WHERE jurisdiction_id = $1 AND contract_id = $2 AND submitted_at >= $3 AND submitted_at < $4
             ORDER BY id LIMIT $5"
        ),
        &place,
        |row| {
            let (is_paid, state, reason): (bool, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            score.rework.add(!is_paid);
            if reason == "looked" && state != "reopened" {
                score.stood_the_check.add(state == "certified");
            }
            Ok(())
        },
    )?;
    let sums = tx.query_opt(
        sql!(
            "SELECT CAST(COALESCE(SUM(penalties), 0) AS BIGINT), COUNT(*) FROM statements
             WHERE jurisdiction_id = $1 AND contract_id = $2 AND presented_at >= $3 AND presented_at < $4"
        ),
        &params![jurisdiction, contract.id, from.0, until.0],
        |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)),
    )?;
    (score.penalties, score.statements) = sums.unwrap_or((0, 0));
    Ok(score)
}
