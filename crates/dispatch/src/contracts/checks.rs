//! What a supervisor looks at: every immediate order, everything odd, and the sample. The verdict is given line by line.

use people::{Act, Permission};
use storage::{Result, Tx, params, sql};

use super::measure::{self, Line, LineState};
use super::offers::{self, Offer, Work};
use super::{CONTRACT, ContractError, Done, one, said};

/// Characters of a verdict.
const MOST_WORDS: usize = 1_000;

/// What is decided about a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Certify,
    /// A smaller quantity, in thousandths, with the reason.
    Partly {
        quantity: i64,
        words: String,
    },
    Reject {
        words: String,
    },
}

/// An order with lines that wait for a verdict.
#[derive(Debug, Clone)]
pub struct ToCheck {
    pub offer: Offer,
    pub work: Work,
    pub lines: Vec<Line>,
}

/// Everything that waits for a look and that this person may judge, the oldest first. Lines that were reopened are among
/// them.
pub fn to_check(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, most: u32) -> Result<Vec<ToCheck>> {
    let offers: Vec<i64> = tx.query(
        sql!(
            "SELECT o.id FROM contract_orders o WHERE o.jurisdiction_id = $1 AND o.signed_at IS NOT NULL
               AND EXISTS (SELECT 1 FROM contract_lines l WHERE l.jurisdiction_id = o.jurisdiction_id
                           AND l.order_id = o.order_id AND l.contract_id = o.contract_id
                           AND l.state IN ('submitted', 'reopened'))
             ORDER BY o.signed_at, o.id LIMIT $2"
        ),
        &params![jurisdiction, most],
        |row| row.get(0),
    )?;
    let mut all = Vec::new();
    for offer in offers {
        let Some((offer, work)) = offers::with_work(tx, jurisdiction, offer)? else { continue };
        if act.may(Permission::CheckWork, work.place(jurisdiction)) {
            let lines = measure::lines_of(tx, jurisdiction, work.id.0, offer.contract)?;
            all.push(ToCheck { offer, work, lines });
        }
    }
    Ok(all)
}

/// Gives a verdict on a line that was submitted or reopened.
pub fn check(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    line: i64,
    seen: i64,
    verdict: &Verdict,
) -> Done<()> {
    let line = found(tx, act, jurisdiction, line)?;
    if !matches!(line.state, LineState::Submitted | LineState::Reopened) {
        return Err(ContractError::Refused("line-decided"));
    }
    let (state, certified, words) = match verdict {
        Verdict::Certify => (LineState::Certified, line.quantity, String::new()),
        Verdict::Partly { quantity, words } => {
            if !(1..line.quantity).contains(quantity) {
                return Err(ContractError::Wrong { field: "quantity", code: "not-less" });
            }
            (LineState::Partly, *quantity, said("words", words, MOST_WORDS)?)
        }
        Verdict::Reject { words } => (LineState::Rejected, 0, said("words", words, MOST_WORDS)?),
    };
    one(tx.execute(
        sql!(
            "UPDATE contract_lines SET state = $4, certified = $5, words = $6, reason = 'looked', checked_at = $7,
                 checked_by = $8, is_settled = 0, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3 AND state IN ('submitted', 'reopened')"
        ),
        &params![
            jurisdiction,
            line.id,
            seen,
            state.code(),
            certified,
            &words,
            act.at.0,
            &act.by.signature()
        ],
    )?)?;
    let payload = format!("{{\"line\":{},\"certified\":{certified}}}", line.id);
    act.record(tx, jurisdiction, CONTRACT, line.contract, state.code(), payload);
    Ok(())
}

/// Makes an approval void: nothing is paid for the line until somebody looks at it again, and what was paid is taken
/// off the next statement.
pub fn reopen(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, line: i64, seen: i64, words: &str) -> Done<()> {
    let line = found(tx, act, jurisdiction, line)?;
    if !matches!(line.state, LineState::Certified | LineState::Partly | LineState::Rejected) {
        return Err(ContractError::Refused("line-not-decided"));
    }
    let words = said("words", words, MOST_WORDS)?;
    let presented: Option<i64> = tx.value(
        sql!(
            "SELECT s.id FROM statements s
             JOIN statement_rows r ON r.jurisdiction_id = s.jurisdiction_id AND r.statement_id = s.id
             WHERE s.jurisdiction_id = $1 AND s.contract_id = $2 AND s.state = 'presented' AND r.line_id = $3 LIMIT 1"
        ),
        &params![jurisdiction, line.contract, line.id],
    )?;
    if presented.is_some() {
        return Err(ContractError::Refused("line-presented"));
    }
    one(tx.execute(
        sql!(
            "UPDATE contract_lines SET state = 'reopened', certified = 0, words = $4, is_settled = 0, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3 AND state IN ('certified', 'partly', 'rejected')"
        ),
        &params![jurisdiction, line.id, seen, &words],
    )?)?;
    act.record(tx, jurisdiction, CONTRACT, line.contract, "reopened", format!("{{\"line\":{}}}", line.id));
    Ok(())
}

/// The line, if this person may judge it.
fn found(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, line: i64) -> Done<Line> {
    let line = measure::by_id(tx, jurisdiction, line)?.ok_or(ContractError::NotFound)?;
    let order = crate::orders::by_id(tx, jurisdiction, crate::OrderId(line.order))?;
    let order = order.ok_or(ContractError::NotFound)?;
    act.require(Permission::CheckWork, order.place())?;
    Ok(line)
}
