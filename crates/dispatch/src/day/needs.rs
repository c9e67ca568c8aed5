//! What an order asks of a crew, as bits for the engine: skills, equipment, and what the engine has no word for.

use crate::crews::CrewKind;
use crate::day::Duty;
use crate::job_types::Kinds;
use crate::{Crew, WorkOrder};

/// One thing that a crew has or has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Need {
    Skill(String),
    Equipment(String),
    /// So many hands at least.
    People(i64),
    /// A crew of this contractor.
    Contractor(i64),
    /// The city's own people, or volunteers: nobody who sends a bill.
    Unpaid,
    /// People who are paid for it: volunteers do not do this.
    Trained,
    /// Works in this district.
    District(i64),
}

impl Need {
    pub fn is_met_by(&self, duty: &Duty) -> bool {
        let crew = &duty.crew;
        match self {
            Need::Skill(code) => crew.skills.contains(code),
            Need::Equipment(code) => crew.equipment.contains(code),
            Need::People(count) => crew.people >= *count,
            Need::Contractor(unit) => crew.kind == CrewKind::Contractor && crew.unit == Some(*unit),
            Need::Unpaid => crew.kind != CrewKind::Contractor,
            Need::Trained => crew.kind != CrewKind::Volunteer,
            Need::District(id) => duty.districts.as_ref().is_none_or(|all| all.contains(id)),
        }
    }
}

/// Everything that an order asks for.
pub(super) fn of(order: &WorkOrder, kinds: &Kinds) -> Vec<Need> {
    let mut needs: Vec<Need> = order.skills.iter().cloned().map(Need::Skill).collect();
    needs.extend(order.equipment.iter().cloned().map(Need::Equipment));
    if order.people > 1 {
        needs.push(Need::People(order.people));
    }
    needs.push(order.contractor.map_or(Need::Unpaid, Need::Contractor));
    if !kinds.job_type(&order.job_type).is_some_and(|kind| kind.volunteers) {
        needs.push(Need::Trained);
    }
    needs.extend(order.district.map(Need::District));
    needs
}

/// Needs of a day, each with a bit. Skills have one word of bits, all the rest another.
#[derive(Debug, Default)]
pub(super) struct Bits {
    skills: Vec<Need>,
    others: Vec<Need>,
}

impl Bits {
    /// The bits of an order's needs; `None` when a day asks for more different things than there are bits.
    pub fn of(&mut self, needs: &[Need]) -> Option<(u64, u64)> {
        let mut bits = (0, 0);
        for need in needs {
            match need {
                Need::Skill(_) => bits.0 |= bit(&mut self.skills, need)?,
                _ => bits.1 |= bit(&mut self.others, need)?,
            }
        }
        Some(bits)
    }

    /// What a crew has of all that was asked for.
    pub fn has(&self, duty: &Duty) -> (u64, u64) {
        let sum = |list: &[Need]| {
            let met = list.iter().enumerate().filter(|(_, need)| need.is_met_by(duty));
            met.fold(0, |sum, (n, _)| sum | 1 << n)
        };
        (sum(&self.skills), sum(&self.others))
    }
}

fn bit(known: &mut Vec<Need>, need: &Need) -> Option<u64> {
    let at = known.iter().position(|other| other == need).or_else(|| {
        known.push(need.clone());
        (known.len() <= 64).then(|| known.len() - 1)
    })?;
    (at < 64).then(|| 1 << at)
}

/// What a crew lacks for an order, as a code of a refusal; `None` when it has everything.
pub(super) fn lacks(duty: &Duty, order: &WorkOrder, kinds: &Kinds) -> Option<&'static str> {
    let missing = of(order, kinds).into_iter().find(|need| !need.is_met_by(duty));
    missing
        .map(|need| match need {
            Need::Skill(_) => "crew-lacks-skill",
            Need::Equipment(_) => "crew-lacks-equipment",
            Need::People(_) => "crew-too-small",
            Need::Contractor(_) => "order-other-contractor",
            Need::Unpaid => "crew-of-contractor",
            Need::Trained => "crew-volunteer",
            Need::District(_) => "crew-other-district",
        })
        .or_else(|| too_small(&duty.crew, order))
}

fn too_small(crew: &Crew, order: &WorkOrder) -> Option<&'static str> {
    let over = order.loads.iter().zip(&crew.loads).any(|(load, room)| load > room);
    over.then_some("crew-too-small")
}
