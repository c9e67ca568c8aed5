//! People of the neighbourhood as crews: trained for some things, for the hours of a crisis.
//!
//! Tehran's volunteers (Davam) have 36 hours of training and a house in each neighbourhood. They go out as crews that may do
//! what the city says volunteers may do, and go home when the crisis is over.

use people::{Act, Actor, Permission, Where};
use storage::Tx;
use territory::Point;

use super::{Crisis, CrisisId, SUBJECT, calls, steps};
use crate::crews::{self, CrewKind, Wish};
use crate::shifts::Rest;
use crate::{Crew, DispatchError, Done, Seen, job_types, shifts};

/// A group that reports at its house.
#[derive(Debug, Clone, PartialEq)]
pub struct Helpers {
    pub name: String,
    pub people: i64,
    pub district: Option<i64>,
    /// Where they meet.
    pub base: Point,
    pub skills: Vec<String>,
    /// What they brought, or were lent.
    pub equipment: Vec<String>,
}

/// What one of them carries: kilograms, litres, pieces.
const CARRIED: [i64; 3] = [20, 20, 2];

/// What crews of volunteers may be able to do in this crisis.
pub fn skills(tx: &mut Tx<'_>, crisis: &Crisis) -> storage::Result<Vec<String>> {
    if !crisis.rules.volunteer_skills.is_empty() {
        return Ok(crisis.rules.volunteer_skills.clone());
    }
    let kinds = job_types::kinds(tx, crisis.jurisdiction)?;
    let open = kinds.job_types.iter().filter(|kind| kind.volunteers);
    let mut skills: Vec<String> = open.flat_map(|kind| kind.skills.iter().cloned()).collect();
    skills.sort_unstable();
    skills.dedup();
    Ok(skills)
}

/// The equipment of the kinds of work that volunteers may do.
pub fn equipment(tx: &mut Tx<'_>, jurisdiction: i64) -> storage::Result<Vec<String>> {
    let kinds = job_types::kinds(tx, jurisdiction)?;
    let open = kinds.job_types.iter().filter(|kind| kind.volunteers);
    let mut equipment: Vec<String> = open.flat_map(|kind| kind.equipment.iter().cloned()).collect();
    equipment.sort_unstable();
    equipment.dedup();
    Ok(equipment)
}

/// A group becomes a crew for this crisis, with a shift from now on. Refuses skills that are not for volunteers.
pub fn muster(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CrisisId,
    helpers: &Helpers,
    seen: Seen,
) -> Done<Crew> {
    let place = Where::city(jurisdiction).in_district(helpers.district);
    act.require(Permission::ManageCrews, place)?;
    let crisis = steps::begun(tx, act, jurisdiction, id, seen)?;
    if !crisis.covers(helpers.district) {
        return Err(DispatchError::Refused("crisis-elsewhere"));
    }
    let allowed = skills(tx, &crisis)?;
    if !helpers.skills.iter().all(|skill| allowed.contains(skill)) {
        return Err(DispatchError::Refused("crisis-skill-not-theirs"));
    }
    let number = calls::calls(tx, jurisdiction, id)?.iter().filter(|call| call.is_volunteer).count() + 1;
    // The crisis's own number keeps codes of one crisis apart from those of another.
    let code = format!("dv-{}-{number}", id.0 % 1_000_000);
    let crew = crews::add(
        tx,
        act,
        jurisdiction,
        &Wish {
            name_fa: helpers.name.clone(),
            name_en: helpers.name.clone(),
            kind: CrewKind::Volunteer,
            district: helpers.district,
            people: helpers.people,
            skills: helpers.skills.clone(),
            equipment: helpers.equipment.clone(),
            loads: CARRIED.map(|each| each * helpers.people.clamp(0, 100)),
            ..Wish::new(code, helpers.base)
        },
    )?;
    let ends_at = act.at.plus_hours(crisis.rules.shift_hours);
    let rest = (crisis.rules.shift_hours >= 8).then(|| Rest {
        from: act.at.plus_hours(4),
        to: act.at.plus_hours(6),
        length: 30 * 60,
    });
    let wish = shifts::Wish { crew: crew.id, starts_at: act.at, ends_at, overtime_until: None, rest };
    let shift = shifts::plan(tx, act, jurisdiction, &wish)?;
    calls::put(tx, act, &crisis, crew.id, Some(shift.id), true)?;
    let payload =
        crate::json(&serde_json::json!({ "crew": crew.id, "people": crew.people, "skills": crew.skills }))?;
    act.record(tx, jurisdiction, SUBJECT, id.0, "volunteers", payload);
    Ok(crew)
}

/// Crews of volunteers that are not at work are no more; those that are finish, and are withdrawn by hand.
pub(super) fn send_home(tx: &mut Tx<'_>, act: &Act, crisis: &Crisis) -> Done<()> {
    let act = Act { by: Actor::System("crisis"), ..act.clone() };
    for call in calls::calls(tx, crisis.jurisdiction, crisis.id)?.iter().filter(|call| call.is_volunteer) {
        let crew = crews::by_id(tx, crisis.jurisdiction, call.crew)?;
        if let Some(crew) = crew.filter(|crew| crew.is_active && crew.order.is_none()) {
            crews::withdraw(tx, &act, crisis.jurisdiction, crew.id, Seen(crew.version))?;
        }
    }
    Ok(())
}
