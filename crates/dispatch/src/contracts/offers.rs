//! An order is offered to a contractor under a contract; it accepts with a time of arrival, refuses with a reason, or
//! lets the time run out, and then somebody else is asked.

use calendar::Timestamp;
use people::{Act, Actor, Chore, Permission, Role, Where};
use storage::{Result, Row, Sql, Tx, params, sql};
use territory::Point;

use super::contract::{self, Contract, day_of};
use super::links::{self, Hand};
use super::{CONTRACT, ContractError, Done, one, said};
use crate::kinds::coded;
use crate::{OrderId, OrderStatus, Seen, Urgency};

coded! {
    /// Where an offer stands.
    OfferState {
        /// The contractor has not answered yet.
        Offered = "offered",
        Accepted = "accepted",
        Refused = "refused",
        TimedOut = "timed-out",
        /// The city took it back.
        TakenBack = "taken-back",
    }
}

impl OfferState {
    /// The contractor has the order, or may still take it.
    pub const fn is_open(self) -> bool {
        matches!(self, OfferState::Offered | OfferState::Accepted)
    }
}

/// The longest way that may be announced, in days.
const LATEST_ARRIVAL: i64 = 60;
/// Characters of a reason.
const MOST_REASON: usize = 500;

/// One order offered to one contractor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub id: i64,
    pub order: OrderId,
    pub contract: i64,
    pub contractor: i64,
    pub state: OfferState,
    pub offered_at: Timestamp,
    pub answer_by: Timestamp,
    pub answered_at: Option<Timestamp>,
    /// When the contractor said that it would be there.
    pub arrive_by: Option<Timestamp>,
    /// Why it was refused or taken back, in words.
    pub reason: String,
    pub taken_back_at: Option<Timestamp>,
    pub signed_at: Option<Timestamp>,
    pub signed_by: String,
    /// Why somebody looks at it: `immediate`, `flagged`, `drawn`; empty for none.
    pub look: String,
    pub version: i64,
}

/// The order behind an offer, as far as a contractor needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Work {
    pub id: OrderId,
    pub code: String,
    pub job_type: String,
    pub service: Option<i64>,
    pub unit: Option<i64>,
    pub district: Option<i64>,
    pub point: Option<Point>,
    pub address: String,
    pub words: String,
    pub urgency: Urgency,
    pub status: OrderStatus,
    pub visit: i64,
    pub earlier_visit: Option<i64>,
    pub is_paid: bool,
    pub contractor: Option<i64>,
    pub crew: Option<i64>,
    pub made_at: Timestamp,
    pub on_site_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub version: i64,
}

impl Work {
    /// Where it is, in the sense of rights.
    pub fn place(&self, jurisdiction: i64) -> Where {
        Where::unit(jurisdiction, self.unit).in_district(self.district)
    }
}

macro_rules! columns {
    () => {
        "o.id, o.order_id, o.contract_id, o.contractor_id, o.state, o.offered_at, o.answer_by, o.answered_at, o.arrive_by,
         o.reason, o.taken_back_at, o.signed_at, o.signed_by, o.look, o.version, w.code, w.job_type, w.service_id, w.unit_id,
         w.district_id, w.lat, w.long, w.address, w.words, w.urgency, w.status, w.visit, w.earlier_visit, w.is_paid,
         w.contractor_id, w.crew_id, w.made_at, w.on_site_at, w.ended_at, w.version
         FROM contract_orders o
         JOIN work_orders w ON w.jurisdiction_id = o.jurisdiction_id AND w.id = o.order_id"
    };
}

fn read(row: &Row<'_>) -> Result<(Offer, Work)> {
    let at = |n: usize| Ok::<_, storage::Error>(row.get::<Option<i64>>(n)?.map(Timestamp));
    let order = OrderId(row.get(1)?);
    let offer = Offer {
        id: row.get(0)?,
        order,
        contract: row.get(2)?,
        contractor: row.get(3)?,
        state: OfferState::parse(&row.get::<String>(4)?).unwrap_or(OfferState::TakenBack),
        offered_at: Timestamp(row.get(5)?),
        answer_by: Timestamp(row.get(6)?),
        answered_at: at(7)?,
        arrive_by: at(8)?,
        reason: row.get(9)?,
        taken_back_at: at(10)?,
        signed_at: at(11)?,
        signed_by: row.get(12)?,
        look: row.get(13)?,
        version: row.get(14)?,
    };
    let work = Work {
        id: order,
        code: row.get(15)?,
        job_type: row.get(16)?,
        service: row.get(17)?,
        unit: row.get(18)?,
        district: row.get(19)?,
        point: Point::new(row.get(20)?, row.get(21)?),
        address: row.get(22)?,
        words: row.get(23)?,
        urgency: Urgency::parse(&row.get::<String>(24)?).unwrap_or(Urgency::Planned),
        status: OrderStatus::parse(&row.get::<String>(25)?).unwrap_or(OrderStatus::Open),
        visit: row.get(26)?,
        earlier_visit: row.get(27)?,
        is_paid: row.get(28)?,
        contractor: row.get(29)?,
        crew: row.get(30)?,
        made_at: Timestamp(row.get(31)?),
        on_site_at: at(32)?,
        ended_at: at(33)?,
        version: row.get(34)?,
    };
    Ok((offer, work))
}

pub(super) fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<Option<Offer>> {
    Ok(with_work(tx, jurisdiction, id)?.map(|(offer, _)| offer))
}

/// An offer with its order.
pub fn with_work(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<Option<(Offer, Work)>> {
    tx.query_opt(
        sql!(concat!("SELECT ", columns!(), " WHERE o.jurisdiction_id = $1 AND o.id = $2")),
        &params![jurisdiction, id],
        read,
    )
}

/// The newest offer of an order by the order's code, with its work.
pub fn offer_by_code(tx: &mut Tx<'_>, jurisdiction: i64, code: &str) -> Result<Option<(Offer, Work)>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " WHERE o.jurisdiction_id = $1 AND w.code = $2 ORDER BY o.id DESC LIMIT 1"
        )),
        &params![jurisdiction, code],
        read,
    )
}

/// Offers of a contractor or of a contract, the newest first; `open` for those that still want something.
pub fn offers(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    contractor: Option<i64>,
    contract: Option<i64>,
    open: bool,
    most: u32,
) -> Result<Vec<(Offer, Work)>> {
    let (who, id) = match (contractor, contract) {
        (Some(id), _) => ("o.contractor_id", id),
        (None, Some(id)) => ("o.contract_id", id),
        (None, None) => return Ok(Vec::new()),
    };
    let only = if open { "AND o.state IN ('offered', 'accepted') AND o.signed_at IS NULL" } else { "" };
    let text = format!(
        "SELECT {} WHERE o.jurisdiction_id = $1 AND {who} = $2 {only} ORDER BY o.id DESC LIMIT $3",
        columns!()
    );
    tx.query(&Sql::built(text), &params![jurisdiction, id, most], read)
}

/// Refuses whoever does not speak for the contractor of an offer; to them it is not there.
pub(super) fn require(act: &Act, jurisdiction: i64, offer: &Offer) -> Done<()> {
    speaks_for(act, jurisdiction, offer.contractor)
}

/// Refuses whoever does not speak for a contractor.
pub(super) fn speaks_for(act: &Act, jurisdiction: i64, contractor: i64) -> Done<()> {
    act.require(Permission::WorkAsContractor, Where::unit(jurisdiction, Some(contractor)))
        .map_err(|_| ContractError::NotFound)
}

/// The contractors that somebody speaks for: the units of their memberships as contractor.
pub fn contractors_of(by: &Actor) -> Vec<i64> {
    match by {
        Actor::Member(member) => {
            let mine = member.active().filter(|m| m.role == Role::Contractor);
            mine.filter_map(|m| m.unit).collect()
        }
        Actor::Key { role: Role::Contractor, unit: Some(unit), .. } => vec![*unit],
        _ => Vec::new(),
    }
}

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

/// Says what became of an offer, under the contract and under the order.
fn told(act: &Act, tx: &mut Tx<'_>, jurisdiction: i64, offer: &Offer, fact: &'static str) {
    let payload = format!("{{\"offer\":{},\"order\":{}}}", offer.id, offer.order.0);
    act.record(tx, jurisdiction, CONTRACT, offer.contract, fact, payload);
    act.record(tx, jurisdiction, crate::ORDER, offer.order.0, "changed", format!("{{\"contractor\":\"{fact}\"}}"));
}

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
fn end(
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
        sql!("UPDATE crews SET order_id = NULL, updated_at = $3 WHERE jurisdiction_id = $1 AND order_id = $2"),
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
        sql!("UPDATE crews SET order_id = NULL, updated_at = $3 WHERE jurisdiction_id = $1 AND order_id = $2"),
        &params![jurisdiction, offer.order.0, act.at.0],
    )?;
    act.record(tx, jurisdiction, crate::ORDER, offer.order.0, "done", "{}".into());
    Ok(())
}

/// The offer, when it was accepted and not signed yet.
pub(super) fn accepted(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    offer: i64,
    hand: Hand<'_>,
) -> Done<Offer> {
    let offer = links::reached(tx, act, jurisdiction, offer, hand)?;
    if offer.state != OfferState::Accepted {
        return Err(ContractError::Refused("offer-not-accepted"));
    }
    if offer.signed_at.is_some() {
        return Err(ContractError::Refused("offer-signed"));
    }
    Ok(offer)
}

/// Offers that were not answered in time go back to the board; a second visit that is the contractor's own is offered to
/// it, also when the contract is over: the warranty is not.
pub const CHORE: Chore =
    Chore { name: "dispatch-offers", every: 30_000, at_once: 100, run: time_out };

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
