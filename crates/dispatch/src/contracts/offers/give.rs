//! Offering an order, and what the worker does about offers.

use calendar::Timestamp;
use people::{Act, Chore, Permission, Where};
use storage::{Result, Tx, params, sql};

use super::super::contract::{self, Contract, day_of};
use super::super::{ContractError, Done, one};
use super::answer::end;
use super::{Offer, OfferState, columns, read, told};
use crate::{OrderId, OrderStatus, Seen};

/// The contracts under which an order may be given today.
pub fn contracts_for(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    district: Option<i64>,
    service: Option<i64>,
    now: Timestamp,
) -> Result<Vec<Contract>> {
    let today = day_of(tx, jurisdiction, now)?;
    let all = contract::list(tx, jurisdiction, 500)?;
    let fits = |c: &Contract| c.refuses(today).is_none() && c.terms.covers(district, service);
    Ok(all.into_iter().filter(fits).collect())
}

/// Offers an order that nobody has to the contractor of a contract. A second visit within the warranty of the first is
/// not paid again.
pub fn give(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    order: OrderId,
    contract: i64,
    seen: Seen,
) -> Done<Offer> {
    let order = crate::orders::by_id(tx, jurisdiction, order)?.ok_or(ContractError::NotFound)?;
    let place = Where::unit(jurisdiction, order.unit).in_district(order.district);
    act.require(Permission::Dispatch, place)?;
    let contract = contract::by_id(tx, jurisdiction, contract)?.ok_or(ContractError::NotFound)?;
    let today = day_of(tx, jurisdiction, act.at)?;
    if let Some(code) = contract.refuses(today) {
        return Err(ContractError::Refused(code));
    }
    if !contract.terms.covers(order.district, order.service) {
        return Err(ContractError::Refused("contract-elsewhere"));
    }
    let is_theirs = order.contractor.is_none_or(|contractor| contractor == contract.contractor);
    if order.status != OrderStatus::Open || !is_theirs || has_offer(tx, jurisdiction, order.id.0)? {
        return Err(ContractError::Refused("order-taken"));
    }
    let billed: i64 = tx
        .value(
            sql!(
                "SELECT CAST(COALESCE(SUM(billed), 0) AS BIGINT) FROM contract_lines
                 WHERE jurisdiction_id = $1 AND contract_id = $2"
            ),
            &params![jurisdiction, contract.id],
        )?
        .unwrap_or(0);
    if contract.terms.ceiling > 0 && billed >= contract.terms.ceiling {
        return Err(ContractError::Refused("contract-ceiling"));
    }
    let is_paid = match order.earlier_visit {
        Some(earlier) => !is_under_warranty(tx, jurisdiction, earlier.0, &contract, act.at)?,
        None => true,
    };
    offer(tx, act, jurisdiction, order.id, &contract, seen, is_paid)
}

/// Writes an offer down. `seen` is the order's version.
fn offer(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    order: OrderId,
    contract: &Contract,
    seen: Seen,
    is_paid: bool,
) -> Done<Offer> {
    let offer = Offer {
        id: act.new_id(),
        order,
        contract: contract.id,
        contractor: contract.contractor,
        state: OfferState::Offered,
        offered_at: act.at,
        answer_by: act.at.plus_minutes(contract.terms.answer_minutes),
        answered_at: None,
        arrive_by: None,
        reason: String::new(),
        taken_back_at: None,
        signed_at: None,
        signed_by: String::new(),
        look: String::new(),
        version: 1,
    };
    one(tx.execute(
        sql!(
            "UPDATE work_orders SET contractor_id = $4, contract_id = $5, is_paid = $6, updated_at = $7, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3 AND status = 'open'
               AND (contractor_id IS NULL OR contractor_id = $4)"
        ),
        &params![jurisdiction, order.0, seen.0, contract.contractor, contract.id, is_paid, act.at.0],
    )?)?;
    tx.execute(
        sql!(
            "INSERT INTO contract_orders (jurisdiction_id, id, order_id, contract_id, contractor_id, state, offered_at, answer_by,
                 reason, signed_by, look)
             VALUES ($1, $2, $3, $4, $5, 'offered', $6, $7, '', '', '')"
        ),
        &params![
            jurisdiction,
            offer.id,
            order.0,
            contract.id,
            contract.contractor,
            offer.offered_at.0,
            offer.answer_by.0
        ],
    )?;
    told(act, tx, jurisdiction, &offer, "offered");
    Ok(offer)
}

fn has_offer(tx: &mut Tx<'_>, jurisdiction: i64, order: i64) -> Result<bool> {
    let found: Option<i64> = tx.value(
        sql!(
            "SELECT id FROM contract_orders WHERE jurisdiction_id = $1 AND order_id = $2 AND state IN ('offered', 'accepted')"
        ),
        &params![jurisdiction, order],
    )?;
    Ok(found.is_some())
}

fn is_under_warranty(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    earlier: i64,
    contract: &Contract,
    now: Timestamp,
) -> Result<bool> {
    let ended: Option<Option<i64>> = tx.query_opt(
        sql!("SELECT ended_at FROM work_orders WHERE jurisdiction_id = $1 AND id = $2 AND contract_id = $3"),
        &params![jurisdiction, earlier, contract.id],
        |row| row.get(0),
    )?;
    let until = |at: i64| Timestamp(at).plus_hours(24 * contract.terms.warranty_days);
    Ok(ended.flatten().is_some_and(|at| now <= until(at)))
}

/// Offers that were not answered in time go back to the board; a second visit that is the contractor's own is offered to
/// it, also when the contract is over: the warranty is not.
pub const CHORE: Chore = Chore { name: "dispatch-offers", every: 30_000, at_once: 100, run: time_out };

fn time_out(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, at_once: u32) -> Result<usize> {
    let late = tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " WHERE o.jurisdiction_id = $1 AND o.state = 'offered' AND o.answer_by < $2 ORDER BY o.answer_by, o.id LIMIT $3"
        )),
        &params![jurisdiction, act.at.0, at_once],
        read,
    )?;
    for (offer, _) in &late {
        match end(tx, act, jurisdiction, offer, OfferState::TimedOut, "") {
            // Somebody answered in this very moment.
            Ok(()) | Err(ContractError::Changed) => {}
            Err(ContractError::Storage(error)) => return Err(error),
            Err(_) => {}
        }
    }
    Ok(late.len().max(offer_again(tx, act, jurisdiction, at_once)?))
}

fn offer_again(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, at_once: u32) -> Result<usize> {
    let waiting: Vec<(i64, i64, i64, bool)> = tx.query(
        sql!(
            "SELECT w.id, w.contract_id, w.version, w.is_paid FROM work_orders w
             WHERE w.jurisdiction_id = $1 AND w.contractor_id IS NOT NULL AND w.contract_id IS NOT NULL AND w.is_open = 1
               AND w.status = 'open' AND w.earlier_visit IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM contract_orders o WHERE o.jurisdiction_id = w.jurisdiction_id AND o.order_id = w.id)
             ORDER BY w.id LIMIT $2"
        ),
        &params![jurisdiction, at_once],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    for (order, contract, version, is_paid) in &waiting {
        let Some(contract) = contract::by_id(tx, jurisdiction, *contract)? else { continue };
        match offer(tx, act, jurisdiction, OrderId(*order), &contract, Seen(*version), *is_paid) {
            Err(ContractError::Storage(error)) => return Err(error),
            // Somebody took it in this very moment.
            _ => {}
        }
    }
    Ok(waiting.len())
}
