//! What becomes of an offer: accepted, refused, taken back; somebody is there, the work is done.

use calendar::Timestamp;
use people::{Act, Permission};
use storage::{Tx, params, sql};

use super::super::links::{self, Hand};
use super::super::{ContractError, Done, one, said};
use super::{Offer, OfferState, told, with_work};

/// The longest way that may be announced, in days.
const LATEST_ARRIVAL: i64 = 60;
/// Characters of a reason.
const MOST_REASON: usize = 500;

/// The contractor will do it, and says when it will be there.
pub fn accept(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    offer: i64,
    arrive_by: Timestamp,
    hand: Hand<'_>,
) -> Done<()> {
    let offer = links::reached(tx, act, jurisdiction, offer, hand)?;
    if offer.state != OfferState::Offered {
        return Err(ContractError::Refused("offer-answered"));
    }
    if act.at > offer.answer_by {
        return Err(ContractError::Refused("offer-late"));
    }
    // A minute of patience with whoever says "now".
    if arrive_by < act.at.plus_minutes(-1) || arrive_by > act.at.plus_hours(24 * LATEST_ARRIVAL) {
        return Err(ContractError::Wrong { field: "arrive_by", code: "wrong" });
    }
    one(tx.execute(
        sql!(
            "UPDATE contract_orders SET state = 'accepted', answered_at = $4, arrive_by = $5, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3 AND state = 'offered'"
        ),
        &params![jurisdiction, offer.id, offer.version, act.at.0, arrive_by.0],
    )?)?;
    told(act, tx, jurisdiction, &offer, "accepted");
    Ok(())
}

/// The contractor will not do it, and says why.
pub fn refuse(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    offer: i64,
    reason: &str,
    hand: Hand<'_>,
) -> Done<()> {
    let offer = links::reached(tx, act, jurisdiction, offer, hand)?;
    if offer.state != OfferState::Offered {
        return Err(ContractError::Refused("offer-answered"));
    }
    let reason = said("reason", reason, MOST_REASON)?;
    end(tx, act, jurisdiction, &offer, OfferState::Refused, &reason)
}

/// The city takes an order back that is not done yet. If it had been accepted, nobody came and the announced time is
/// over, that is a no-show.
pub fn take_back(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, offer: i64, reason: &str) -> Done<()> {
    let (offer, work) = with_work(tx, jurisdiction, offer)?.ok_or(ContractError::NotFound)?;
    act.require(Permission::Dispatch, work.place(jurisdiction))?;
    let reason = said("reason", reason, MOST_REASON)?;
    if !offer.state.is_open() || offer.signed_at.is_some() || work.ended_at.is_some() {
        return Err(ContractError::Refused("offer-over"));
    }
    end(tx, act, jurisdiction, &offer, OfferState::TakenBack, &reason)
}

/// Ends an offer without work; the order is everybody's again.
pub(super) fn end(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    offer: &Offer,
    state: OfferState,
    reason: &str,
) -> Done<()> {
    let taken_back = (state == OfferState::TakenBack).then_some(act.at.0);
    one(tx.execute(
        sql!(
            "UPDATE contract_orders SET state = $4, answered_at = COALESCE(answered_at, $5), reason = $6, taken_back_at = $7,
                 version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3"
        ),
        &params![jurisdiction, offer.id, offer.version, state.code(), act.at.0, reason, taken_back],
    )?)?;
    tx.execute(
        sql!(
            "UPDATE crews SET order_id = NULL, updated_at = $3 WHERE jurisdiction_id = $1 AND order_id = $2"
        ),
        &params![jurisdiction, offer.order.0, act.at.0],
    )?;
    tx.execute(
        sql!(
            "UPDATE work_orders SET contractor_id = NULL, contract_id = NULL, is_paid = 1, status = 'open', is_open = 1,
                 crew_id = NULL, stop = NULL, planned_at = NULL, planned_end = NULL, on_the_way_at = NULL, on_site_at = NULL,
                 updated_at = $4, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND contractor_id = $3
               AND status IN ('open', 'assigned', 'on-the-way', 'on-site')"
        ),
        &params![jurisdiction, offer.order.0, offer.contractor, act.at.0],
    )?;
    links::end_links(tx, act, jurisdiction, offer.id)?;
    told(act, tx, jurisdiction, offer, state.code());
    Ok(())
}

/// Somebody of the contractor is there.
pub fn arrive(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, offer: i64, hand: Hand<'_>) -> Done<()> {
    let offer = accepted(tx, act, jurisdiction, offer, hand)?;
    let moved = tx.execute(
        sql!(
            "UPDATE work_orders SET status = 'on-site', on_site_at = $4, updated_at = $4, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND contractor_id = $3 AND status IN ('open', 'assigned', 'on-the-way')"
        ),
        &params![jurisdiction, offer.order.0, offer.contractor, act.at.0],
    )?;
    if moved == 0 {
        return Err(ContractError::Refused("offer-not-now"));
    }
    act.record(tx, jurisdiction, crate::ORDER, offer.order.0, "on-site", "{}".into());
    Ok(())
}

/// The work is done, whether or not it was measured already.
pub fn finish(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, offer: i64, hand: Hand<'_>) -> Done<()> {
    let offer = accepted(tx, act, jurisdiction, offer, hand)?;
    let moved = tx.execute(
        sql!(
            "UPDATE work_orders SET status = 'done', is_open = 0, ended_at = $4, updated_at = $4, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND contractor_id = $3 AND status = 'on-site'"
        ),
        &params![jurisdiction, offer.order.0, offer.contractor, act.at.0],
    )?;
    if moved == 0 {
        return Err(ContractError::Refused("offer-not-there"));
    }
    tx.execute(
        sql!(
            "UPDATE crews SET order_id = NULL, updated_at = $3 WHERE jurisdiction_id = $1 AND order_id = $2"
        ),
        &params![jurisdiction, offer.order.0, act.at.0],
    )?;
    act.record(tx, jurisdiction, crate::ORDER, offer.order.0, "done", "{}".into());
    Ok(())
}

/// The offer, when it was accepted and not signed yet.
pub fn accepted(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, offer: i64, hand: Hand<'_>) -> Done<Offer> {
    let offer = links::reached(tx, act, jurisdiction, offer, hand)?;
    if offer.state != OfferState::Accepted {
        return Err(ContractError::Refused("offer-not-accepted"));
    }
    if offer.signed_at.is_some() {
        return Err(ContractError::Refused("offer-signed"));
    }
    Ok(offer)
}
