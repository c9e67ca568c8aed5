//! A day as a problem of the engine. Times are seconds from now; places are numbered as they come.

use std::collections::HashMap;

use calendar::Timestamp;
use serde::{Deserialize, Serialize};
use territory::Point;

use super::{Day, Duty, hold, needs};
use crate::plan::{self, Break, Plan, Problem, Weights};
use crate::roads::{Source, Travel};
use crate::{CrewId, CrewStatus, OrderId, OrderStatus, Urgency, WorkOrder};

/// An order of a problem, as it was when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub id: OrderId,
    pub version: i64,
    pub urgency: Urgency,
    pub is_locked: bool,
    pub crew: Option<CrewId>,
    pub stop: Option<i64>,
    pub planned_at: Option<Timestamp>,
    pub is_under_way: bool,
}

/// A problem, and who is who in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Posed {
    pub district: Option<i64>,
    /// The moment from which seconds count.
    pub now: Timestamp,
    pub problem: Problem,
    /// What crews hold, as far as it is possible.
    pub held: Plan,
    /// Jobs and crews of the problem, by index.
    pub orders: Vec<Known>,
    pub crews: Vec<CrewId>,
    /// What could not even be asked for, with a code that says why.
    pub aside: Vec<(OrderId, String)>,
    pub source: Source,
}

/// Beyond this no time means anything to the engine.
const NEVER: i64 = 1 << 40;
/// A position that is older says little of where a crew is now; minutes.
const FRESH: i64 = 30;
/// Whoever is at work longer than planned needs so long still; seconds.
const STILL: i64 = 300;
/// Shortest work; seconds.
const LEAST: i64 = 60;
const LONGEST: i64 = 86_400;
/// Seconds of lateness that weigh less than leaving something undone.
const UNDONE: i64 = 200_000;
/// Seconds on the road that are driven rather than give a stop to another crew.
const CHANGE: i64 = 120;

impl Posed {
    pub fn index(&self, order: OrderId) -> Option<usize> {
        self.orders.iter().position(|known| known.id == order)
    }

    pub fn crew_index(&self, crew: CrewId) -> Option<usize> {
        self.crews.iter().position(|known| *known == crew)
    }

    /// A second of the problem as a moment.
    pub fn moment(&self, seconds: i64) -> Timestamp {
        self.now.plus_millis(seconds.saturating_mul(1000))
    }

    pub fn id(&self, job: usize) -> OrderId {
        self.orders.get(job).map_or(OrderId(0), |known| known.id)
    }

    pub fn crew(&self, index: usize) -> Option<CrewId> {
        self.crews.get(index).copied()
    }
}

/// Places, each once.
#[derive(Default)]
struct Places {
    points: Vec<Point>,
    known: HashMap<(u64, u64), usize>,
}

impl Places {
    fn of(&mut self, point: Point) -> usize {
        *self.known.entry((point.lat.to_bits(), point.long.to_bits())).or_insert_with(|| {
            self.points.push(point);
            self.points.len() - 1
        })
    }
}

/// Makes a problem of a day. Everything a person might have written wrongly is set aside with a reason, never refused as
/// a whole.
pub fn pose(day: &Day, travel: &dyn Travel) -> Posed {
    let crews: Vec<CrewId> = day.crews.iter().map(|duty| duty.crew.id).collect();
    let index: HashMap<CrewId, usize> = crews.iter().enumerate().map(|(n, id)| (*id, n)).collect();
    let (orders, bits_of, bits, aside) = chosen(day, &index);
    let at: HashMap<OrderId, usize> = orders.iter().enumerate().map(|(n, order)| (order.id, n)).collect();
    let mut places = Places::default();
    let second = |at: Timestamp| at.millis_since(day.now).div_euclid(1000);
    let mut jobs = Vec::with_capacity(orders.len());
    for (order, (skills, equipment)) in orders.iter().zip(&bits_of) {
        let weight = weight(order, day.now) * day.standing.counts(order);
        let holder = order.crew.and_then(|crew| index.get(&crew).copied());
        let earliest = order.not_before.map_or(0, second).max(0);
        let latest = order.not_after.map_or(NEVER, second).max(earliest);
        jobs.push(plan::Job {
            id: order.id.0,
            place: places.of(order.point),
            service: service(order, day.now),
            earliest: if order.status.is_under_way() { 0 } else { earliest },
            latest: if order.status.is_under_way() { NEVER } else { latest },
            // What is late already is late by as much in every plan: only what is added counts.
            due: order.due_at.map_or(NEVER, |due| second(due).max(0)),
            late_weight: if order.due_at.is_some() { weight } else { 0 },
            worth: weight.saturating_mul(UNDONE).saturating_add(1 << 24),
            load: order.loads.map(|load| load.clamp(0, LONGEST)),
            skills: *skills,
            equipment: *equipment,
            after: order.after.and_then(|before| at.get(&before).copied()),
            only: holder.filter(|_| order.is_locked),
            held_by: holder,
        });
    }
    let posed_crews: Vec<plan::Crew> =
        day.crews.iter().map(|duty| crew(day, duty, &orders, &at, bits.has(duty), &mut places)).collect();
    let mut held = vec![Vec::new(); crews.len()];
    for (route, duty) in held.iter_mut().zip(&day.crews) {
        let mut stops: Vec<&WorkOrder> =
            orders.iter().copied().filter(|order| order.crew == Some(duty.crew.id)).collect();
        stops.sort_by_key(|order| (!order.status.is_under_way(), order.stop.is_none(), order.stop, order.id));
        route.extend(stops.iter().filter_map(|order| at.get(&order.id)));
    }
    let problem = Problem {
        jobs,
        crews: posed_crews,
        travel: travel.table(&places.points, day.hour),
        weights: Weights { change: CHANGE, ..Weights::default() },
    };
    let held = hold::possible(&problem, held);
    Posed {
        district: day.district,
        now: day.now,
        problem,
        held,
        orders: orders.iter().map(|order| known(order)).collect(),
        crews,
        aside,
        source: travel.source(),
    }
}

fn known(order: &WorkOrder) -> Known {
    Known {
        id: order.id,
        version: order.version,
        urgency: order.urgency,
        is_locked: order.is_locked,
        crew: order.crew,
        stop: order.stop,
        planned_at: order.planned_at,
        is_under_way: order.status.is_under_way(),
    }
}

type Chosen<'d> = (Vec<&'d WorkOrder>, Vec<(u64, u64)>, needs::Bits, Vec<(OrderId, String)>);

/// The orders that the engine may move, their bits, and those that it cannot be asked about.
fn chosen<'d>(day: &'d Day, crews: &HashMap<CrewId, usize>) -> Chosen<'d> {
    let (mut orders, mut bits_of, mut aside) = (Vec::new(), Vec::new(), Vec::new());
    let mut bits = needs::Bits::default();
    for order in &day.orders {
        let is_planned_for = order.crew.is_none_or(|crew| crews.contains_key(&crew));
        let is_current =
            order.crew.and_then(|crew| day.crew(crew)).is_some_and(|duty| duty.crew.order == Some(order.id));
        // What a crew without a shift has, or what somebody is at beside the plan, stays as it is.
        if !is_planned_for || (order.status.is_under_way() && !is_current) {
            continue;
        }
        if !order.status.is_under_way() && order.not_after.is_some_and(|end| end <= day.now) {
            aside.push((order.id, "window-over".to_owned()));
            continue;
        }
        // In a crisis what can wait waits, and nobody goes where nobody can be told; what a crew has it keeps.
        if let Some(code) = day.standing.waits(order).filter(|_| order.crew.is_none()) {
            aside.push((order.id, code.to_owned()));
            continue;
        }
        match bits.of(&needs::of(order, &day.kinds)) {
            Some(found) => {
                orders.push(order);
                bits_of.push(found);
            }
            None => aside.push((order.id, "no-crew".to_owned())),
        }
    }
    // What waits for something that is not planned for waits too; and so on.
    loop {
        let here: Vec<OrderId> = orders.iter().map(|order: &&WorkOrder| order.id).collect();
        let waits = orders.iter().position(|order| {
            !order.status.is_under_way()
                && order
                    .after
                    .is_some_and(|before| day.waited_for.contains(&before) && !here.contains(&before))
        });
        let Some(at) = waits else { break };
        aside.push((orders.remove(at).id, "waits-for-another".to_owned()));
        bits_of.remove(at);
    }
    (orders, bits_of, bits, aside)
}

/// What a second of lateness is worth: urgency first, then danger to life, and half as much again once it is late.
fn weight(order: &WorkOrder, now: Timestamp) -> i64 {
    let weight = order.urgency.weight() * (1 + order.danger.clamp(0, 3));
    if order.is_late(now) { weight + weight / 2 } else { weight }
}

/// Seconds on the spot that are still needed.
fn service(order: &WorkOrder, now: Timestamp) -> i64 {
    let whole = order.duration.clamp(LEAST, LONGEST);
    match (order.status, order.on_site_at) {
        (OrderStatus::OnSite, Some(since)) => {
            (whole - now.millis_since(since).div_euclid(1000)).clamp(STILL.min(whole), whole)
        }
        _ => whole,
    }
}

fn crew(
    day: &Day,
    duty: &Duty,
    orders: &[&WorkOrder],
    at: &HashMap<OrderId, usize>,
    (skills, equipment): (u64, u64),
    places: &mut Places,
) -> plan::Crew {
    let Duty { crew, shift, .. } = duty;
    let second = |at: Timestamp| at.millis_since(day.now).div_euclid(1000);
    let current = crew.order.and_then(|id| at.get(&id)).copied();
    let on_site = current.and_then(|n| orders.get(n)).filter(|order| order.status == OrderStatus::OnSite);
    let seen = crew.position.filter(|position| position.at.plus_minutes(FRESH) > day.now);
    let stands = on_site.map(|order| order.point).or(seen.map(|seen| seen.point)).unwrap_or(crew.base);
    let rest = shift.rest.map(|rest| Break {
        earliest: second(rest.from),
        latest: second(rest.to).max(second(rest.from)),
        length: rest.length.clamp(1, LONGEST),
    });
    let mut from = second(shift.starts_at).max(0);
    let mut rest_left = rest.filter(|rest| rest.latest >= from);
    if crew.status == CrewStatus::OnBreak {
        let length = rest.map_or(0, |rest| rest.length);
        from = from.max(second(crew.status_at) + length);
        rest_left = None;
    }
    let until = second(shift.ends_at).max(from);
    let is_frozen = day.standing.is_frozen(crew);
    let mut locked: Vec<usize> = current.into_iter().collect();
    if is_frozen {
        let mut stops: Vec<&WorkOrder> =
            orders.iter().copied().filter(|o| o.crew == Some(crew.id) && crew.order != Some(o.id)).collect();
        stops.sort_by_key(|order| (order.stop.is_none(), order.stop, order.id));
        locked.extend(stops.iter().filter_map(|order| at.get(&order.id)));
    }
    plan::Crew {
        id: crew.id.0,
        start: places.of(stands),
        end: Some(places.of(crew.base)),
        from,
        until,
        overtime_until: Some(second(shift.over_at()).max(until)),
        rest: rest_left,
        // Whoever nobody can reach has room for nothing more.
        capacity: if is_frozen { [-1; 3] } else { crew.loads.map(|load| load.clamp(0, LONGEST)) },
        skills,
        equipment,
        locked,
    }
}
