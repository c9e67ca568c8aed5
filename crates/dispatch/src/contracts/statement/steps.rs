//! From presented to closed. A presented statement stands still while the contractor may object; a closed one for ever.

use calendar::Timestamp;
use people::{Act, Permission, Where};
use storage::{Tx, params, sql};

use super::super::contract::{self, Contract, day_of};
use super::super::rows::{self, Dispute, Row, RowKind};
use super::super::{ContractError, Done, STATEMENT, draw, money, offers, one, said};
use super::work_out::{self, account_of};
use super::{Statement, StatementState, find, month_of, of_contract};

/// Characters of an objection and of its answer.
const MOST_WORDS: usize = 1_000;

fn require(act: &Act, jurisdiction: i64) -> Done<()> {
    Ok(act.require(Permission::ManageContracts, Where::city(jurisdiction))?)
}

/// Presents the statement of the month that a day is in, once it is over.
pub fn present(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, contract: i64, day: i64) -> Done<i64> {
    require(act, jurisdiction)?;
    let contract = contract::by_id(tx, jurisdiction, contract)?.ok_or(ContractError::NotFound)?;
    if contract.is_draft() {
        return Err(ContractError::Refused("contract-draft"));
    }
    let (from, until) = month_of(tx, jurisdiction, day)?;
    if day_of(tx, jurisdiction, act.at)? <= until {
        return Err(ContractError::Refused("month-not-over"));
    }
    let before = of_contract(tx, jurisdiction, contract.id)?;
    if before.iter().any(|s| s.state == StatementState::Presented) {
        return Err(ContractError::Refused("statement-open"));
    }
    if before.iter().any(|s| s.until_on >= until) {
        return Err(ContractError::Refused("month-billed"));
    }
    let running = work_out::running(tx, jurisdiction, &contract, until)?;
    if running.rows.is_empty() && running.account.carried_in == 0 {
        return Err(ContractError::Refused("statement-empty"));
    }
    let id = act.new_id();
    let number = before.iter().map(|s| s.number).max().unwrap_or(0) + 1;
    let account = running.account;
    let seed = draw::month_seed(contract.draw_seed, from);
    let until_when = act.at.plus_hours(24 * contract.terms.dispute_days);
    tx.execute(
        sql!(
            "INSERT INTO statements (jurisdiction_id, id, contract_id, contractor_id, number, from_on, until_on, state,
                 presented_at, dispute_until, closed_by, to_date, previous, over_ceiling, gross, corrections, penalties_full,
                 penalties, retention, carried_in, payable, carried_out, draw_seed, draw_percent)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'presented', $8, $9, '', $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                 $21, $22)"
        ),
        &params![
            jurisdiction,
            id,
            contract.id,
            contract.contractor,
            number,
            from,
            until,
            act.at.0,
            until_when.0,
            account.to_date,
            account.previous,
            account.over_ceiling,
            account.gross,
            account.corrections,
            account.penalties_full,
            account.penalties,
            account.retention,
            account.carried_in,
            account.payable,
            account.carried_out,
            &seed,
            contract.terms.check_percent
        ],
    )?;
    rows::write(tx, jurisdiction, id, &running.rows)?;
    mark(tx, jurisdiction, id, &running)?;
    let payload = format!("{{\"contract\":{},\"payable\":{}}}", contract.id, account.payable);
    act.record(tx, jurisdiction, STATEMENT, id, "presented", payload);
    Ok(id)
}

/// Notes what this statement counts, so that nothing that happens meanwhile is mistaken for it.
fn mark(tx: &mut Tx<'_>, jurisdiction: i64, id: i64, running: &work_out::Running) -> Done<()> {
    for line in &running.lines {
        tx.execute(
            sql!("UPDATE contract_lines SET is_settled = 1 WHERE jurisdiction_id = $1 AND id = $2"),
            &params![jurisdiction, *line],
        )?;
    }
    for line in &running.judged {
        tx.execute(
            sql!("UPDATE contract_lines SET judged_in = $3 WHERE jurisdiction_id = $1 AND id = $2"),
            &params![jurisdiction, *line, id],
        )?;
    }
    for offer in &running.offers {
        tx.execute(
            sql!("UPDATE contract_orders SET settled_in = $3 WHERE jurisdiction_id = $1 AND id = $2"),
            &params![jurisdiction, *offer, id],
        )?;
    }
    for row in running.rows.iter().filter(|row| row.kind == RowKind::Correction) {
        tx.execute(
            sql!("UPDATE contract_corrections SET billed_in = $3 WHERE jurisdiction_id = $1 AND id = $2"),
            &params![jurisdiction, row.source, id],
        )?;
    }
    Ok(())
}

/// Takes a presented statement back, as if it had never been: something was wrong with it.
pub fn withdraw(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64, seen: i64) -> Done<()> {
    require(act, jurisdiction)?;
    let statement = presented(tx, jurisdiction, id)?;
    for text in [
        "UPDATE contract_lines SET is_settled = 0 WHERE jurisdiction_id = $1 AND contract_id = $3 AND id IN
             (SELECT line_id FROM statement_rows WHERE jurisdiction_id = $1 AND statement_id = $2 AND line_id IS NOT NULL)",
        "UPDATE contract_lines SET judged_in = NULL WHERE jurisdiction_id = $1 AND contract_id = $3 AND judged_in = $2",
        "UPDATE contract_orders SET settled_in = NULL WHERE jurisdiction_id = $1 AND contract_id = $3 AND settled_in = $2",
        "UPDATE contract_corrections SET billed_in = NULL WHERE jurisdiction_id = $1 AND contract_id = $3 AND billed_in = $2",
    ] {
        tx.execute(
            &storage::Sql::built(text.to_owned()),
            &params![jurisdiction, id, statement.contract],
        )?;
    }
    tx.execute(
        sql!("DELETE FROM statement_rows WHERE jurisdiction_id = $1 AND statement_id = $2"),
        &params![jurisdiction, id],
    )?;
    one(tx.execute(
        sql!(
            "DELETE FROM statements WHERE jurisdiction_id = $1 AND id = $2 AND version = $3 AND state = 'presented'"
        ),
        &params![jurisdiction, id, seen],
    )?)?;
    act.record(tx, jurisdiction, STATEMENT, id, "withdrawn", "{}".into());
    Ok(())
}

/// The contractor objects to a row.
pub fn dispute(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64, number: i64, words: &str) -> Done<()> {
    let statement = find(tx, jurisdiction, id)?.ok_or(ContractError::NotFound)?;
    offers::speaks_for(act, jurisdiction, statement.contractor)?;
    let row = row(tx, jurisdiction, id, number)?;
    if statement.state != StatementState::Presented || act.at > statement.dispute_until {
        return Err(ContractError::Refused("dispute-late"));
    }
    if statement.agreed_at.is_some() {
        return Err(ContractError::Refused("statement-agreed"));
    }
    if row.dispute.is_some() {
        return Err(ContractError::Refused("dispute-known"));
    }
    let words = said("words", words, MOST_WORDS)?;
    one(tx.execute(
        sql!(
            "UPDATE statement_rows SET dispute = 'open', disputed_at = $4, dispute_words = $5
             WHERE jurisdiction_id = $1 AND statement_id = $2 AND number = $3 AND dispute = ''"
        ),
        &params![jurisdiction, id, number, act.at.0, &words],
    )?)?;
    touch(tx, jurisdiction, id)?;
    act.record(tx, jurisdiction, STATEMENT, id, "disputed", format!("{{\"row\":{number}}}"));
    Ok(())
}

/// Answers an objection. `upheld` is what is right instead: of a work row the quantity in thousandths, of every other
/// row the amount in rial; none turns the objection down.
pub fn answer(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    number: i64,
    upheld: Option<i64>,
    words: &str,
) -> Done<()> {
    require(act, jurisdiction)?;
    let statement = presented(tx, jurisdiction, id)?;
    let row = row(tx, jurisdiction, id, number)?;
    if row.dispute != Some(Dispute::Open) {
        return Err(ContractError::Refused("dispute-none"));
    }
    let words = said("words", words, MOST_WORDS)?;
    let wrong = Err(ContractError::Wrong { field: "upheld", code: "wrong" });
    let (quantity, amount) = match (row.kind, upheld) {
        (_, None) => (row.quantity, row.amount),
        (RowKind::Work, Some(quantity)) => {
            let measured = row.line.map(|line| measured(tx, jurisdiction, line)).transpose()?.flatten();
            if !(0..=measured.unwrap_or(0)).contains(&quantity) {
                return wrong;
            }
            let is_paid = row.words != "rework";
            let worth = if is_paid { money::line(row.price, quantity, row.coefficient) } else { Some(0) };
            match worth.and_then(|worth| worth.checked_sub(row.before)) {
                Some(amount) => (quantity, amount),
                None => return wrong,
            }
        }
        (RowKind::Correction, Some(amount)) => (row.quantity, amount),
        // An objection never makes a penalty larger.
        (_, Some(amount)) if (0..=row.amount).contains(&amount) => (row.quantity, amount),
        _ => return wrong,
    };
    let state = if upheld.is_some() { Dispute::Upheld } else { Dispute::TurnedDown };
    one(tx.execute(
        sql!(
            "UPDATE statement_rows SET dispute = $4, answered_at = $5, answered_by = $6, answer_words = $7, quantity = $8,
                 amount_before = amount, amount = $9
             WHERE jurisdiction_id = $1 AND statement_id = $2 AND number = $3 AND dispute = 'open'"
        ),
        &params![
            jurisdiction,
            id,
            number,
            state.code(),
            act.at.0,
            &act.by.signature(),
            &words,
            quantity,
            amount
        ],
    )?)?;
    recount(tx, jurisdiction, &statement)?;
    let payload = format!("{{\"row\":{number},\"amount\":{amount}}}");
    act.record(tx, jurisdiction, STATEMENT, id, state.code(), payload);
    Ok(())
}

/// The contractor agrees, and nobody has to wait for the end of the term.
pub fn agree(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64) -> Done<()> {
    let statement = find(tx, jurisdiction, id)?.ok_or(ContractError::NotFound)?;
    offers::speaks_for(act, jurisdiction, statement.contractor)?;
    if statement.state != StatementState::Presented {
        return Err(ContractError::Refused("statement-closed"));
    }
    one(tx.execute(
        sql!(
            "UPDATE statements SET agreed_at = $4, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3 AND state = 'presented' AND agreed_at IS NULL"
        ),
        &params![jurisdiction, id, statement.version, act.at.0],
    )?)?;
    act.record(tx, jurisdiction, STATEMENT, id, "agreed", "{}".into());
    Ok(())
}

/// Why a statement cannot be closed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    pub open_disputes: usize,
    /// The contractor has neither agreed nor let the term run out.
    pub waits: bool,
}

impl Closing {
    pub fn of(statement: &Statement, rows: &[Row], now: Timestamp) -> Closing {
        Closing {
            open_disputes: rows.iter().filter(|row| row.dispute == Some(Dispute::Open)).count(),
            waits: statement.agreed_at.is_none() && now <= statement.dispute_until,
        }
    }

    pub fn may(self) -> bool {
        self.open_disputes == 0 && !self.waits
    }
}

/// Closes a statement for good.
pub fn close(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64, seen: i64) -> Done<()> {
    require(act, jurisdiction)?;
    let statement = presented(tx, jurisdiction, id)?;
    let rows = rows::of(tx, jurisdiction, id)?;
    let closing = Closing::of(&statement, &rows, act.at);
    if closing.open_disputes > 0 {
        return Err(ContractError::Refused("dispute-open"));
    }
    if closing.waits {
        return Err(ContractError::Refused("dispute-term"));
    }
    for row in rows.iter().filter(|row| row.kind == RowKind::Work) {
        let Some(line) = row.line else { continue };
        tx.execute(
            sql!(
                "UPDATE contract_lines SET billed = billed + $3, billed_in = $4, billed_price = $5, version = version + 1
                 WHERE jurisdiction_id = $1 AND id = $2"
            ),
            &params![jurisdiction, line, row.amount, id, row.price],
        )?;
        if row.dispute == Some(Dispute::Upheld) {
            tx.execute(
                sql!(
                    "UPDATE contract_lines SET certified = $3, state = CASE WHEN $3 = quantity THEN 'certified' ELSE 'partly' END
                     WHERE jurisdiction_id = $1 AND id = $2"
                ),
                &params![jurisdiction, line, row.quantity],
            )?;
        }
    }
    one(tx.execute(
        sql!(
            "UPDATE statements SET state = 'closed', closed_at = $4, closed_by = $5, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3 AND state = 'presented'"
        ),
        &params![jurisdiction, id, seen, act.at.0, &act.by.signature()],
    )?)?;
    let payload = format!("{{\"payable\":{}}}", statement.account.payable);
    act.record(tx, jurisdiction, STATEMENT, id, "closed", payload);
    Ok(())
}

/// Puts something of a closed statement right, by a line of the next one: rial, with the reason.
pub fn correct(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64, amount: i64, words: &str) -> Done<()> {
    require(act, jurisdiction)?;
    let statement = find(tx, jurisdiction, id)?.ok_or(ContractError::NotFound)?;
    if statement.state != StatementState::Closed {
        return Err(ContractError::Refused("statement-not-closed"));
    }
    // As large as a month may be, in both directions.
    if amount == 0 || amount.unsigned_abs() > 100_000_000_000_000 {
        return Err(ContractError::Wrong { field: "amount", code: "wrong" });
    }
    let words = said("words", words, MOST_WORDS)?;
    tx.execute(
        sql!(
            "INSERT INTO contract_corrections (jurisdiction_id, id, contract_id, statement_id, amount, words, made_at, made_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &params![
            jurisdiction,
            act.new_id(),
            statement.contract,
            id,
            amount,
            &words,
            act.at.0,
            &act.by.signature()
        ],
    )?;
    act.record(tx, jurisdiction, STATEMENT, id, "corrected", format!("{{\"amount\":{amount}}}"));
    Ok(())
}

fn presented(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Done<Statement> {
    let statement = find(tx, jurisdiction, id)?.ok_or(ContractError::NotFound)?;
    match statement.state {
        StatementState::Presented => Ok(statement),
        StatementState::Closed => Err(ContractError::Refused("statement-closed")),
    }
}

fn row(tx: &mut Tx<'_>, jurisdiction: i64, id: i64, number: i64) -> Done<Row> {
    let all = rows::of(tx, jurisdiction, id)?;
    all.into_iter().find(|row| row.number == number).ok_or(ContractError::NotFound)
}

fn measured(tx: &mut Tx<'_>, jurisdiction: i64, line: i64) -> storage::Result<Option<i64>> {
    tx.value(
        sql!("SELECT quantity FROM contract_lines WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, line],
    )
}

/// A newer version: whoever looked at the statement before must look again.
fn touch(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Done<()> {
    one(tx.execute(
        sql!(
            "UPDATE statements SET version = version + 1 WHERE jurisdiction_id = $1 AND id = $2 AND state = 'presented'"
        ),
        &params![jurisdiction, id],
    )?)
}

/// The account anew, after an answer changed a row.
fn recount(tx: &mut Tx<'_>, jurisdiction: i64, statement: &Statement) -> Done<()> {
    let contract: Contract =
        contract::by_id(tx, jurisdiction, statement.contract)?.ok_or(ContractError::NotFound)?;
    let rows = rows::of(tx, jurisdiction, statement.id)?;
    let before = &statement.account;
    let account = account_of(&rows, before.previous, before.carried_in, &contract.terms)
        .ok_or(ContractError::Refused("sum-too-large"))?;
    one(tx.execute(
        sql!(
            "UPDATE statements SET to_date = $3, over_ceiling = $4, gross = $5, corrections = $6, penalties_full = $7,
                 penalties = $8, retention = $9, payable = $10, carried_out = $11, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND state = 'presented'"
        ),
        &params![
            jurisdiction,
            statement.id,
            account.to_date,
            account.over_ceiling,
            account.gross,
            account.corrections,
            account.penalties_full,
            account.penalties,
            account.retention,
            account.payable,
            account.carried_out
        ],
    )?)
}
