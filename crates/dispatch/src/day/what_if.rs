//! What would become of the day if a crew dropped out, or if ten more cellars were flooded. Nothing is written.

use super::{Day, Difference, Effort, pose, search};
use crate::roads::Travel;
use crate::{CrewId, DispatchError, Done, OrderId, OrderStatus, Origin, WorkOrder};

/// What is supposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Case {
    CrewOut(CrewId),
    /// So many more orders of a kind, at places where orders are now.
    More {
        job_type: String,
        count: usize,
    },
}

/// How the day looks then, beside the best that could be made of it as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// Orders that nobody gets, as it is and then.
    pub left_now: i64,
    pub left_then: i64,
    /// Seconds of lateness, as it is and then.
    pub late_now: i64,
    pub late_then: i64,
    pub travel_now: i64,
    pub travel_then: i64,
    /// What would change for the orders that are there.
    pub difference: Difference,
}

/// More is no storm any more but a mistake.
const MOST: usize = 200;

/// Supposes something, and looks for the best plan of both days with the same patience.
pub fn what_if(day: &Day, travel: &dyn Travel, case: &Case, effort: Effort) -> Done<Outlook> {
    let then = match case {
        Case::CrewOut(crew) => {
            day.crew(*crew).ok_or(DispatchError::Refused("crew-not-on-duty"))?;
            day.clone().without(*crew)
        }
        Case::More { job_type, count } => more(day, job_type, *count, effort.seed)?,
    };
    let now = search(&pose(day, travel), effort)?;
    let then = search(&pose(&then, travel), effort)?;
    Ok(Outlook {
        left_now: now.after.left_over,
        left_then: then.after.left_over,
        late_now: now.after.late,
        late_then: then.after.late,
        travel_now: now.after.travel,
        travel_then: then.after.travel,
        difference: then.difference,
    })
}

fn more(day: &Day, job_type: &str, count: usize, seed: u64) -> Done<Day> {
    let kind = day.kinds.job_type(job_type).ok_or(DispatchError::Refused("job-type-unknown"))?;
    if count == 0 || count > MOST {
        return Err(DispatchError::Refused("what-if-count-wrong"));
    }
    let mut points: Vec<territory::Point> = day.orders.iter().map(|order| order.point).collect();
    points.extend(day.crews.iter().map(|duty| duty.crew.base));
    if points.is_empty() {
        return Err(DispatchError::Refused("what-if-nothing"));
    }
    let mut random = fastrand::Rng::with_seed(seed);
    let mut then = day.clone();
    for n in 0..count {
        let Some(point) = points.get(random.usize(..points.len())).copied() else { continue };
        // Some hundred metres from where something is already.
        let mut near = || (random.f64() - 0.5) * 0.008;
        let (lat, long) = (point.lat + near(), point.long + near());
        then.orders.push(WorkOrder {
            jurisdiction: day.jurisdiction,
            id: OrderId(-1 - n as i64),
            code: String::new(),
            origin: Origin::Hand,
            request: None,
            incident: None,
            routine: None,
            job_type: kind.code.clone(),
            service: None,
            unit: None,
            district: day.district,
            neighbourhood: None,
            point: territory::Point::new(lat, long).unwrap_or(point),
            address: String::new(),
            words: String::new(),
            urgency: kind.urgency,
            danger: kind.danger,
            status: OrderStatus::Open,
            people: kind.people,
            skills: kind.skills.clone(),
            equipment: kind.equipment.clone(),
            loads: kind.loads,
            duration: kind.minutes.saturating_mul(60),
            duration_spread: kind.spread.saturating_mul(60),
            due_at: kind.urgency.due_from(day.now),
            not_before: None,
            not_after: None,
            after: None,
            visit: 1,
            earlier_visit: None,
            together: None,
            contractor: None,
            contract: None,
            is_paid: true,
            crew: None,
            stop: None,
            planned_at: None,
            planned_end: None,
            is_locked: false,
            reason: String::new(),
            made_at: day.now,
            assigned_at: None,
            on_the_way_at: None,
            on_site_at: None,
            ended_at: None,
            updated_at: day.now,
            version: 0,
        });
    }
    Ok(then)
}
