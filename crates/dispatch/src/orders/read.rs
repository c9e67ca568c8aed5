//! Reading orders: one, open ones, those of a crew, a request or an incident.

use calendar::Timestamp;
use requests::RequestId;
use requests::incidents::IncidentId;
use storage::{Filter, Result, Tx, params, sql};

use super::row::{WorkOrder, order_columns};
use crate::{CrewId, OrderId, Urgency};

/// Which open orders are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub district: Option<i64>,
    pub unit: Option<i64>,
    pub contractor: Option<i64>,
    pub crew: Option<CrewId>,
    pub urgency: Option<Urgency>,
    /// Only those that nobody has.
    pub unassigned: bool,
}

const MOST: u32 = 5000;

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: OrderId) -> Result<Option<WorkOrder>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            order_columns!(),
            " FROM work_orders WHERE jurisdiction_id = $1 AND id = $2"
        )),
        &params![jurisdiction, id.0],
        WorkOrder::from_row,
    )
}

/// Several at once, in the order of their ids.
pub fn by_ids(tx: &mut Tx<'_>, jurisdiction: i64, ids: &[OrderId]) -> Result<Vec<WorkOrder>> {
    let mut filter = Filter::new();
    filter.and("jurisdiction_id = {}", [jurisdiction]).within("id", ids.iter().map(|id| id.0));
    let (sql, values) = filter.finish(
        concat!("SELECT ", order_columns!(), " FROM work_orders WHERE"),
        &format!("ORDER BY id LIMIT {MOST}"),
    );
    tx.query(&sql, &values, WorkOrder::from_row)
}

pub fn by_code(tx: &mut Tx<'_>, jurisdiction: i64, code: &str) -> Result<Option<WorkOrder>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            order_columns!(),
            " FROM work_orders WHERE jurisdiction_id = $1 AND code = $2"
        )),
        &params![jurisdiction, code],
        WorkOrder::from_row,
    )
}

/// Open orders, the most urgent first and of those the one that is due first.
pub fn open(tx: &mut Tx<'_>, jurisdiction: i64, wanted: &Wanted) -> Result<Vec<WorkOrder>> {
    let mut filter = Filter::new();
    filter.and("jurisdiction_id = {}", [jurisdiction]).and::<i64>("is_open = 1", []);
    let numbers = [
        ("district_id = {}", wanted.district),
        ("unit_id = {}", wanted.unit),
        ("contractor_id = {}", wanted.contractor),
        ("crew_id = {}", wanted.crew.map(|crew| crew.0)),
    ];
    for (condition, value) in numbers {
        if let Some(value) = value {
            filter.and(condition, [value]);
        }
    }
    if let Some(urgency) = wanted.urgency {
        filter.and("urgency = {}", [urgency.code()]);
    }
    if wanted.unassigned {
        filter.and::<i64>("crew_id IS NULL", []);
    }
    let (sql, values) = filter.finish(
        concat!("SELECT ", order_columns!(), " FROM work_orders WHERE"),
        &format!(
            "ORDER BY CASE urgency WHEN 'immediate' THEN 0 WHEN 'two-hours' THEN 1 WHEN 'day' THEN 2 ELSE 3 END,
                 due_at IS NULL, due_at, id LIMIT {MOST}"
        ),
    );
    tx.query(&sql, &values, WorkOrder::from_row)
}

/// The open stops of a crew in the order in which it goes to them.
pub fn of_crew(tx: &mut Tx<'_>, jurisdiction: i64, crew: CrewId) -> Result<Vec<WorkOrder>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            order_columns!(),
            " FROM work_orders WHERE jurisdiction_id = $1 AND crew_id = $2 AND is_open = 1
              ORDER BY stop IS NULL, stop, id LIMIT 1000"
        )),
        &params![jurisdiction, crew.0],
        WorkOrder::from_row,
    )
}

/// Every order of a request, the first visit first.
pub fn of_request(tx: &mut Tx<'_>, jurisdiction: i64, request: RequestId) -> Result<Vec<WorkOrder>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            order_columns!(),
            " FROM work_orders WHERE jurisdiction_id = $1 AND request_id = $2 AND request_id IS NOT NULL ORDER BY id LIMIT 200"
        )),
        &params![jurisdiction, request.0],
        WorkOrder::from_row,
    )
}

/// Open orders of any of these requests.
pub fn open_of_requests(tx: &mut Tx<'_>, jurisdiction: i64, ids: &[RequestId]) -> Result<Vec<WorkOrder>> {
    let mut filter = Filter::new();
    filter.and("jurisdiction_id = {}", [jurisdiction]).within("request_id", ids.iter().map(|id| id.0));
    filter.and::<i64>("request_id IS NOT NULL AND is_open = 1", []);
    let (sql, values) = filter.finish(
        concat!("SELECT ", order_columns!(), " FROM work_orders WHERE"),
        &format!("ORDER BY id LIMIT {MOST}"),
    );
    tx.query(&sql, &values, WorkOrder::from_row)
}

/// Every order of an incident.
pub fn of_incident(tx: &mut Tx<'_>, jurisdiction: i64, incident: IncidentId) -> Result<Vec<WorkOrder>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            order_columns!(),
            " FROM work_orders WHERE jurisdiction_id = $1 AND incident_id = $2 AND incident_id IS NOT NULL ORDER BY id LIMIT 200"
        )),
        &params![jurisdiction, incident.0],
        WorkOrder::from_row,
    )
}

/// Orders that ended in a span of time, oldest first: `from` counts, `until` does not.
pub fn ended(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    from: Timestamp,
    until: Timestamp,
    most: u32,
) -> Result<Vec<WorkOrder>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            order_columns!(),
            " FROM work_orders WHERE jurisdiction_id = $1 AND is_open = 0 AND ended_at >= $2 AND ended_at < $3
              ORDER BY ended_at, id LIMIT $4"
        )),
        &params![jurisdiction, from.0, until.0, most],
        WorkOrder::from_row,
    )
}

/// The other orders that go together with this one.
pub fn together_with(tx: &mut Tx<'_>, order: &WorkOrder) -> Result<Vec<WorkOrder>> {
    let Some(first) = order.together else { return Ok(Vec::new()) };
    tx.query(
        sql!(concat!(
            "SELECT ",
            order_columns!(),
            " FROM work_orders WHERE jurisdiction_id = $1 AND is_open = 1 AND together = $2 AND id <> $3 ORDER BY id LIMIT 200"
        )),
        &params![order.jurisdiction, first.0, order.id.0],
        WorkOrder::from_row,
    )
}

/// This order and the visits before it, the latest first.
pub fn visits(tx: &mut Tx<'_>, order: &WorkOrder) -> Result<Vec<WorkOrder>> {
    let mut all = vec![order.clone()];
    let mut before = order.earlier_visit;
    // Nobody goes to one place a hundred times for one thing; a circle could only come from outside.
    while let Some(id) = before.filter(|_| all.len() < 100) {
        let Some(found) = by_id(tx, order.jurisdiction, id)? else { break };
        before = found.earlier_visit;
        all.push(found);
    }
    Ok(all)
}
