//! One order as it stands, and its row.

use calendar::Timestamp;
use people::{Act, Denied, Permission, Where};
use requests::RequestId;
use requests::incidents::IncidentId;
use storage::{Error, Result, Row, Tx, params, sql};
use territory::{Point, cell};

use crate::kinds::{joined, split};
use crate::{CrewId, OrderId, OrderStatus, Origin, Urgency};

/// A work order as it stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkOrder {
    pub jurisdiction: i64,
    pub id: OrderId,
    /// What people call it: the year and a running number.
    pub code: String,
    pub origin: Origin,
    pub request: Option<RequestId>,
    pub incident: Option<IncidentId>,
    pub routine: Option<i64>,
    pub job_type: String,
    pub service: Option<i64>,
    pub unit: Option<i64>,
    pub district: Option<i64>,
    pub neighbourhood: Option<i64>,
    pub point: Point,
    pub address: String,
    /// For the crew.
    pub words: String,
    pub urgency: Urgency,
    /// Danger to life, 0 to 3.
    pub danger: i64,
    pub status: OrderStatus,
    pub people: i64,
    pub skills: Vec<String>,
    pub equipment: Vec<String>,
    /// Kilograms, litres, pieces.
    pub loads: [i64; 3],
    /// Seconds on the spot, and one standard deviation of them.
    pub duration: i64,
    pub duration_spread: i64,
    /// A crew is to be there by then.
    pub due_at: Option<Timestamp>,
    pub not_before: Option<Timestamp>,
    pub not_after: Option<Timestamp>,
    /// Must be finished before this one begins.
    pub after: Option<OrderId>,
    /// 1 for the first visit.
    pub visit: i64,
    pub earlier_visit: Option<OrderId>,
    /// Orders at one place that go together carry the number of the first.
    pub together: Option<OrderId>,
    /// The external unit that has it.
    pub contractor: Option<i64>,
    pub contract: Option<i64>,
    pub is_paid: bool,
    pub crew: Option<CrewId>,
    /// Place among the stops of the crew, and the times of the published plan.
    pub stop: Option<i64>,
    pub planned_at: Option<Timestamp>,
    pub planned_end: Option<Timestamp>,
    /// A dispatcher wants it to stay with this crew.
    pub is_locked: bool,
    /// Why nobody has it, or why it was not done: a code; empty for none.
    pub reason: String,
    pub made_at: Timestamp,
    pub assigned_at: Option<Timestamp>,
    pub on_the_way_at: Option<Timestamp>,
    pub on_site_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub updated_at: Timestamp,
    pub version: i64,
}

macro_rules! order_columns {
    () => {
        "jurisdiction_id, id, code, origin, request_id, incident_id, routine_id, job_type, service_id, unit_id, district_id, \
         neighbourhood_id, lat, long, address, words, urgency, danger, status, people, skills, equipment, kilograms, litres, pieces, \
         duration, duration_spread, due_at, not_before, not_after, after_order, visit, earlier_visit, together, contractor_id, \
         contract_id, is_paid, crew_id, stop, planned_at, planned_end, is_locked, reason, made_at, assigned_at, on_the_way_at, \
         on_site_at, ended_at, updated_at, version"
    };
}
pub(crate) use order_columns;

impl WorkOrder {
    /// Where it is, in the sense of rights.
    pub fn place(&self) -> Where {
        Where::unit(self.jurisdiction, self.unit)
            .in_district(self.district)
            .in_neighbourhood(self.neighbourhood)
    }

    /// The unit that answers for it, or the contractor that has it.
    pub fn require(&self, act: &Act, permission: Permission) -> std::result::Result<(), Denied> {
        let theirs = Where { unit: self.contractor, ..self.place() };
        act.require(permission, self.place()).or_else(|denied| match self.contractor {
            Some(_) => act.require(permission, theirs),
            None => Err(denied),
        })
    }

    /// Somebody still has to go there.
    pub fn is_open(&self) -> bool {
        self.status.is_open()
    }

    /// The target has passed and nobody is there.
    pub fn is_late(&self, now: Timestamp) -> bool {
        let there = self.on_site_at.or(self.ended_at).unwrap_or(now);
        self.due_at.is_some_and(|due| there > due)
    }

    pub(crate) fn from_row(row: &Row<'_>) -> Result<Self> {
        let wrong = |what: &str| Error::corrupt(format_args!("a work order with an unknown {what}"));
        let time = |column: usize| Ok::<_, Error>(row.get::<Option<i64>>(column)?.map(Timestamp));
        Ok(WorkOrder {
            jurisdiction: row.get(0)?,
            id: OrderId(row.get(1)?),
            code: row.get(2)?,
            origin: Origin::parse(&row.get::<String>(3)?).ok_or_else(|| wrong("origin"))?,
            request: row.get::<Option<i64>>(4)?.map(RequestId),
            incident: row.get::<Option<i64>>(5)?.map(IncidentId),
            routine: row.get(6)?,
            job_type: row.get(7)?,
            service: row.get(8)?,
            unit: row.get(9)?,
            district: row.get(10)?,
            neighbourhood: row.get(11)?,
            point: Point::new(row.get(12)?, row.get(13)?).ok_or_else(|| wrong("place"))?,
            address: row.get(14)?,
            words: row.get(15)?,
            urgency: Urgency::parse(&row.get::<String>(16)?).ok_or_else(|| wrong("urgency"))?,
            danger: row.get(17)?,
            status: OrderStatus::parse(&row.get::<String>(18)?).ok_or_else(|| wrong("status"))?,
            people: row.get(19)?,
            skills: split(&row.get::<String>(20)?),
            equipment: split(&row.get::<String>(21)?),
            loads: [row.get(22)?, row.get(23)?, row.get(24)?],
            duration: row.get(25)?,
            duration_spread: row.get(26)?,
            due_at: time(27)?,
            not_before: time(28)?,
            not_after: time(29)?,
            after: row.get::<Option<i64>>(30)?.map(OrderId),
            visit: row.get(31)?,
            earlier_visit: row.get::<Option<i64>>(32)?.map(OrderId),
            together: row.get::<Option<i64>>(33)?.map(OrderId),
            contractor: row.get(34)?,
            contract: row.get(35)?,
            is_paid: row.get(36)?,
            crew: row.get::<Option<i64>>(37)?.map(CrewId),
            stop: row.get(38)?,
            planned_at: time(39)?,
            planned_end: time(40)?,
            is_locked: row.get(41)?,
            reason: row.get(42)?,
            made_at: Timestamp(row.get(43)?),
            assigned_at: time(44)?,
            on_the_way_at: time(45)?,
            on_site_at: time(46)?,
            ended_at: time(47)?,
            updated_at: Timestamp(row.get(48)?),
            version: row.get(49)?,
        })
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, o: &WorkOrder) -> Result<()> {
    tx.execute_one(
        sql!(
            "INSERT INTO work_orders (jurisdiction_id, id, code, origin, request_id, incident_id, routine_id, job_type, service_id,
                 unit_id, district_id, neighbourhood_id, lat, long, cell, address, words, urgency, danger, status, is_open, people,
                 skills, equipment, kilograms, litres, pieces, duration, duration_spread, due_at, not_before, not_after, after_order,
                 visit, earlier_visit, together, contractor_id, contract_id, is_paid, is_locked, reason, made_at, updated_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
                 $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44)"
        ),
        &params![
            o.jurisdiction, o.id.0, &o.code, o.origin.code(), o.request.map(|r| r.0), o.incident.map(|i| i.0), o.routine,
            &o.job_type, o.service, o.unit, o.district, o.neighbourhood, o.point.lat, o.point.long, cell::of(o.point),
            &o.address, &o.words, o.urgency.code(), o.danger, o.status.code(), o.status.is_open(), o.people,
            &joined(&o.skills), &joined(&o.equipment), o.loads[0], o.loads[1], o.loads[2], o.duration, o.duration_spread,
            o.due_at.map(|t| t.0), o.not_before.map(|t| t.0), o.not_after.map(|t| t.0), o.after.map(|a| a.0), o.visit,
            o.earlier_visit.map(|e| e.0), o.together.map(|t| t.0), o.contractor, o.contract, o.is_paid, o.is_locked, &o.reason,
            o.made_at.0, o.updated_at.0, o.version
        ],
    )
}

/// Writes an order back as its next version, or refuses because somebody was faster.
pub(crate) fn update(tx: &mut Tx<'_>, act: &Act, o: &mut WorkOrder) -> crate::Done<()> {
    let changed = tx.execute(
        sql!(
            "UPDATE work_orders SET request_id = $3, incident_id = $4, job_type = $5, unit_id = $6, district_id = $7,
                 neighbourhood_id = $8, lat = $9, long = $10, cell = $11, address = $12, words = $13, urgency = $14, danger = $15,
                 status = $16, is_open = $17, people = $18, skills = $19, equipment = $20, kilograms = $21, litres = $22,
                 pieces = $23, duration = $24, duration_spread = $25, due_at = $26, not_before = $27, not_after = $28,
                 after_order = $29, together = $30, contractor_id = $31, contract_id = $32, is_paid = $33, crew_id = $34, stop = $35,
                 planned_at = $36, planned_end = $37, is_locked = $38, reason = $39, assigned_at = $40, on_the_way_at = $41,
                 on_site_at = $42, ended_at = $43, updated_at = $44, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $45"
        ),
        &params![
            o.jurisdiction, o.id.0, o.request.map(|r| r.0), o.incident.map(|i| i.0), &o.job_type, o.unit, o.district,
            o.neighbourhood, o.point.lat, o.point.long, cell::of(o.point), &o.address, &o.words, o.urgency.code(), o.danger,
            o.status.code(), o.status.is_open(), o.people, &joined(&o.skills), &joined(&o.equipment), o.loads[0], o.loads[1],
            o.loads[2], o.duration, o.duration_spread, o.due_at.map(|t| t.0), o.not_before.map(|t| t.0),
            o.not_after.map(|t| t.0), o.after.map(|a| a.0), o.together.map(|t| t.0), o.contractor, o.contract, o.is_paid,
            o.crew.map(|c| c.0), o.stop, o.planned_at.map(|t| t.0), o.planned_end.map(|t| t.0), o.is_locked, &o.reason,
            o.assigned_at.map(|t| t.0), o.on_the_way_at.map(|t| t.0), o.on_site_at.map(|t| t.0), o.ended_at.map(|t| t.0),
            act.at.0, o.version
        ],
    )?;
    crate::refusal::guarded(changed)?;
    o.version += 1;
    o.updated_at = act.at;
    Ok(())
}

/// What the journal is told of an order; nothing of what anybody wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Told {
    pub status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contractor: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crew: Option<i64>,
    /// The crew that had it before, when it changed hands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<i64>,
    pub urgency: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The visit that follows, when what was done was not good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}

impl WorkOrder {
    pub(crate) fn told(&self) -> Told {
        Told {
            status: self.status.code().into(),
            request: self.request.map(|r| r.0),
            incident: self.incident.map(|i| i.0),
            district: self.district,
            unit: self.unit,
            contractor: self.contractor,
            crew: self.crew.map(|c| c.0),
            before: None,
            urgency: self.urgency.code().into(),
            reason: self.reason.clone(),
            next: None,
        }
    }

    pub(crate) fn record(&self, tx: &mut Tx<'_>, act: &Act, fact: &'static str, told: &Told) -> Result<()> {
        act.record(tx, self.jurisdiction, crate::ORDER, self.id.0, fact, crate::json(told)?);
        Ok(())
    }
}
