//! An order is offered to a contractor under a contract; it accepts with a time of arrival, refuses with a reason, or
//! lets the time run out, and then somebody else is asked.

mod answer; // accept, refuse, take back, there, done
mod give; // offering, and what the worker does about offers

use calendar::Timestamp;
use people::{Act, Actor, Permission, Role, Where};
use storage::{Result, Row, Sql, Tx, params, sql};
use territory::Point;

use super::{CONTRACT, ContractError, Done};
use crate::kinds::coded;
use crate::{OrderId, OrderStatus, Urgency};

pub(super) use answer::accepted;
pub use answer::{accept, arrive, finish, refuse, take_back};
pub use give::{CHORE, contracts_for, give};

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

use columns;

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

/// Says what became of an offer, under the contract and under the order.
fn told(act: &Act, tx: &mut Tx<'_>, jurisdiction: i64, offer: &Offer, fact: &'static str) {
    let payload = format!("{{\"offer\":{},\"order\":{}}}", offer.id, offer.order.0);
    act.record(tx, jurisdiction, CONTRACT, offer.contract, fact, payload);
    act.record(
        tx,
        jurisdiction,
        crate::ORDER,
        offer.order.0,
        "changed",
        format!("{{\"contractor\":\"{fact}\"}}"),
    );
}
