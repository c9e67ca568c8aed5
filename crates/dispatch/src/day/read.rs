//! Crews, shifts and orders of a district, read once.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use calendar::Timestamp;
use storage::{Result, Tx, params, sql};
use territory::Level;

use crate::aid::{self, AidState};
use crate::job_types::{self, Kinds};
use crate::{Crew, CrewId, CrewStatus, OrderId, Shift, ShiftState, WorkOrder, crews, orders, shifts};

/// A crew in its shift.
#[derive(Debug, Clone, PartialEq)]
pub struct Duty {
    pub crew: Crew,
    pub shift: Shift,
    /// The districts in which it works; `None` for all.
    pub districts: Option<Vec<i64>>,
}

/// Everything that a plan of one district, or of the whole city, is made of.
#[derive(Debug, Clone)]
pub struct Day {
    pub jurisdiction: i64,
    pub district: Option<i64>,
    pub now: Timestamp,
    /// Of the city's own clock, 0 to 23.
    pub hour: u8,
    pub crews: Vec<Duty>,
    pub orders: Vec<WorkOrder>,
    /// Orders that somebody still has to go to and that others wait for, here or elsewhere.
    pub(crate) waited_for: HashSet<OrderId>,
    pub kinds: Arc<Kinds>,
    /// What crises and silence mean for it.
    pub(crate) standing: crate::crisis::Standing,
}

/// Shifts that begin within so many hours are planned for.
const AHEAD: i64 = 12;
/// Overtime never lasts longer.
const BEHIND: i64 = 6;
/// Who has not begun so many minutes after the time is not counted on.
const LATE_TO_BEGIN: i64 = 60;

impl Day {
    /// Reads a district, or the whole city for `None`, as it is now.
    pub fn read(tx: &mut Tx<'_>, jurisdiction: i64, district: Option<i64>, now: Timestamp) -> Result<Day> {
        let cities = territory::cities(tx)?;
        let zone = cities.iter().find(|city| city.id == jurisdiction).map(|city| &city.zone);
        let hour = zone.map_or(12, |zone| now.minute_of_day(zone) / 60);
        let crews = on_duty(tx, jurisdiction, district, now)?;
        let wanted = orders::Wanted { district, ..orders::Wanted::default() };
        let mut orders = orders::open(tx, jurisdiction, &wanted)?;
        // What a crew is at may be in another district.
        let known: HashSet<OrderId> = orders.iter().map(|order| order.id).collect();
        let elsewhere: Vec<OrderId> =
            crews.iter().filter_map(|duty| duty.crew.order).filter(|id| !known.contains(id)).collect();
        if !elsewhere.is_empty() {
            let found = orders::by_ids(tx, jurisdiction, &elsewhere)?;
            orders.extend(found.into_iter().filter(WorkOrder::is_open));
        }
        let befores: BTreeSet<OrderId> = orders.iter().filter_map(|order| order.after).collect();
        let befores: Vec<OrderId> = befores.into_iter().collect();
        let waited_for = match befores.is_empty() {
            true => HashSet::new(),
            false => orders::by_ids(tx, jurisdiction, &befores)?
                .into_iter()
                .filter(WorkOrder::is_open)
                .map(|order| order.id)
                .collect(),
        };
        let kinds = job_types::kinds(tx, jurisdiction)?;
        let standing = crate::crisis::Standing::read(tx, jurisdiction, now)?;
        Ok(Day { jurisdiction, district, now, hour: hour as u8, crews, orders, waited_for, kinds, standing })
    }

    pub fn order(&self, id: OrderId) -> Option<&WorkOrder> {
        self.orders.iter().find(|order| order.id == id)
    }

    pub fn crew(&self, id: CrewId) -> Option<&Duty> {
        self.crews.iter().find(|duty| duty.crew.id == id)
    }

    /// The same day without a crew: all that it has is open again.
    pub fn without(mut self, crew: CrewId) -> Day {
        self.crews.retain(|duty| duty.crew.id != crew);
        for order in self.orders.iter_mut().filter(|order| order.crew == Some(crew)) {
            order.status = crate::OrderStatus::Open;
            order.crew = None;
            order.is_locked = false;
        }
        self
    }
}

fn on_duty(tx: &mut Tx<'_>, jurisdiction: i64, district: Option<i64>, now: Timestamp) -> Result<Vec<Duty>> {
    let mut shift_of: BTreeMap<CrewId, Shift> = BTreeMap::new();
    for shift in shifts::between(tx, jurisdiction, now.plus_hours(-BEHIND), now.plus_hours(AHEAD))? {
        let counts = match shift.state {
            ShiftState::Begun => true,
            ShiftState::Planned => shift.ends_at > now && shift.starts_at.plus_minutes(LATE_TO_BEGIN) > now,
            ShiftState::Ended | ShiftState::Cancelled => false,
        };
        if counts {
            // The one that has begun comes before one that is planned; of two, the earlier.
            let known = shift_of.get(&shift.crew);
            if known.is_none_or(|known| known.state != ShiftState::Begun && shift.state == ShiftState::Begun)
            {
                shift_of.insert(shift.crew, shift);
            }
        }
    }
    let all = crews::list(tx, jurisdiction, &crews::Wanted { active: true, ..crews::Wanted::default() })?;
    let aids: Vec<aid::Aid> = aid::list(tx, jurisdiction, 1000)?
        .into_iter()
        .filter(|aid| aid.state == AidState::Granted && aid.starts_at <= now && aid.ends_at > now)
        .collect();
    let mut found = Vec::new();
    for crew in all {
        let helps: Vec<i64> = aids.iter().filter(|aid| aid.crew == Some(crew.id)).map(|aid| aid.to).collect();
        // Who helps elsewhere is planned for there.
        let is_here = match district {
            None => true,
            Some(here) if !helps.is_empty() => helps.contains(&here),
            Some(here) => crew.district == Some(here),
        };
        if !is_here || crew.status == CrewStatus::OutOfService {
            continue;
        }
        let Some(shift) = shift_of.remove(&crew.id) else { continue };
        let districts = crew.district.map(|own| helps.iter().copied().chain([own]).collect());
        found.push(Duty { crew, shift, districts });
    }
    Ok(found)
}

/// The districts that have something to plan: open orders. Without districts, the city as a whole.
pub fn districts_at_work(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Vec<Option<i64>>> {
    if territory::atlas(tx, jurisdiction)?.divisions(Level::District).next().is_none() {
        return Ok(vec![None]);
    }
    tx.query(
        sql!(
            "SELECT DISTINCT district_id FROM work_orders
             WHERE jurisdiction_id = $1 AND is_open = 1 AND district_id IS NOT NULL ORDER BY district_id LIMIT 1000"
        ),
        &params![jurisdiction],
        |row| row.get::<Option<i64>>(0),
    )
}
