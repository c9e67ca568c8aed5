//! Where one order would fit, and what it does to others: the engine's opinion, before anybody lets go.

use calendar::Timestamp;
use serde::{Deserialize, Serialize};

use super::search::{self, impossible};
use super::{Day, Effort, Found, Posed, needs};
use crate::plan::{Candidate, Plan, check, insert, schedule};
use crate::{CrewId, DispatchError, Done, OrderId};

/// Why a crew is among the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tag {
    /// Would be there before all others.
    Soonest,
    /// Drives least for it.
    Nearest,
    /// Nothing else comes later.
    Harmless,
    /// In time for its target.
    InTime,
    /// After its target.
    Late,
    /// Something else would miss its target.
    Costly,
    /// Has it already.
    Holds,
}

/// One crew for one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    pub crew: CrewId,
    /// After so many of its stops.
    pub position: usize,
    pub begin: Timestamp,
    /// Seconds after the target.
    pub late: i64,
    /// Seconds on the road that come to it.
    pub travel: i64,
    /// Seconds by which its other stops begin later, together.
    pub delay: i64,
    /// Orders that would miss their target for it.
    pub made_late: Vec<OrderId>,
    pub tags: Vec<Tag>,
}

/// Every crew that could take an order, the best first. An order that a crew is on the way to or at has no other crew.
pub fn opinions(posed: &Posed, order: OrderId) -> Done<Vec<Opinion>> {
    let job = posed.index(order).ok_or(DispatchError::NotFound)?;
    let known = posed.orders.get(job).ok_or(DispatchError::NotFound)?;
    if known.is_under_way {
        return Err(DispatchError::Refused("order-under-way"));
    }
    let bare = without(&posed.held, job);
    let candidates = candidates(posed, &bare, job)?;
    let before = check(&posed.problem, &bare).map_err(impossible)?;
    let mut all = Vec::new();
    for candidate in candidates {
        let Some(crew) = posed.crew(candidate.crew) else { continue };
        let after = check(&posed.problem, &with(&bare, &candidate, job)).map_err(impossible)?;
        let due = posed.problem.jobs.get(job).map_or(i64::MAX, |job| job.due);
        all.push(Opinion {
            crew,
            position: candidate.position,
            begin: posed.moment(candidate.begin),
            late: (candidate.begin - due).max(0),
            travel: after.travel - before.travel,
            delay: candidate.delay,
            made_late: candidate.made_late.iter().map(|job| posed.id(*job)).collect(),
            tags: Vec::new(),
        });
    }
    let soonest = all.iter().map(|o| o.begin).min();
    let nearest = all.iter().map(|o| o.travel).min();
    for opinion in &mut all {
        let has_target = posed.problem.jobs.get(job).is_some_and(|job| job.late_weight > 0);
        let tags = [
            (known.crew == Some(opinion.crew), Tag::Holds),
            (Some(opinion.begin) == soonest, Tag::Soonest),
            (Some(opinion.travel) == nearest, Tag::Nearest),
            (opinion.delay <= 0, Tag::Harmless),
            (has_target && opinion.late == 0, Tag::InTime),
            (opinion.late > 0, Tag::Late),
            (!opinion.made_late.is_empty(), Tag::Costly),
        ];
        opinion.tags = tags.into_iter().filter(|(holds, _)| *holds).map(|(_, tag)| tag).collect();
    }
    Ok(all)
}

/// A job that no crew has, or one that is bound to its crew, asked about for every crew.
fn candidates(posed: &Posed, bare: &Plan, job: usize) -> Done<Vec<Candidate>> {
    let mut problem = posed.problem.clone();
    if let Some(job) = problem.jobs.get_mut(job) {
        job.only = None;
        job.held_by = None;
    }
    insert(&problem, bare, job, posed.crews.len()).map_err(impossible)
}

fn without(plan: &Plan, job: usize) -> Plan {
    let mut bare = plan.clone();
    bare.routes.iter_mut().for_each(|route| route.retain(|stop| *stop != job));
    if !bare.left_over.contains(&job) {
        bare.left_over.push(job);
        bare.left_over.sort_unstable();
    }
    bare
}

fn with(bare: &Plan, candidate: &Candidate, job: usize) -> Plan {
    let mut plan = bare.clone();
    plan.left_over.retain(|left| *left != job);
    if let Some(route) = plan.routes.get_mut(candidate.crew) {
        route.insert(candidate.position.min(route.len()), job);
    }
    plan
}

/// The plan in which a crew has an order at its best place; `None` when the engine finds no place for it there.
pub fn placed(posed: &Posed, order: OrderId, crew: CrewId) -> Done<Option<Found>> {
    let job = posed.index(order).ok_or(DispatchError::NotFound)?;
    let bare = without(&posed.held, job);
    let wanted = posed.crew_index(crew);
    let found = candidates(posed, &bare, job)?.into_iter().find(|candidate| Some(candidate.crew) == wanted);
    let Some(candidate) = found else { return Ok(None) };
    let plan = with(&bare, &candidate, job);
    // Bound to another crew: the verb refuses it with words.
    let (Ok(sum), Ok(_)) = (check(&posed.problem, &plan), schedule(&posed.problem, &plan)) else {
        return Ok(None);
    };
    search::of_plan(posed, Effort { seed: 0, steps: 0 }, plan, sum, true).map(Some)
}

/// Why a crew is not among the opinions: a code with words.
pub fn why_not(day: &Day, order: OrderId, crew: CrewId) -> &'static str {
    let (Some(order), Some(duty)) = (day.order(order), day.crew(crew)) else { return "crew-not-on-duty" };
    needs::lacks(duty, order, &day.kinds).unwrap_or("crew-no-time")
}
