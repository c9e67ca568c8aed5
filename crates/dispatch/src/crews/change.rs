//! Crews come, change and are withdrawn.

use std::collections::BTreeMap;

use language::display;
use people::units::{self, UnitKind};
use people::{Act, Permission, Where};
use storage::{Tx, params, sql};
use territory::Point;

use super::row::{Crew, insert, update};
use super::{CrewKind, by_code, by_id, standing};
use crate::kinds::joined;
use crate::{CREW, CrewId, CrewStatus, DispatchError, Done, Seen, job_types, members, orders, shifts};

/// What somebody says of a crew.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    pub code: String,
    pub name_fa: String,
    pub name_en: String,
    pub kind: CrewKind,
    pub unit: Option<i64>,
    pub district: Option<i64>,
    pub base: Point,
    pub people: i64,
    pub skills: Vec<String>,
    pub equipment: Vec<String>,
    pub vehicle: String,
    pub loads: [i64; 3],
    pub stock: BTreeMap<String, i64>,
}

impl Wish {
    /// A crew of two with a code and a base; the rest is added.
    pub fn new(code: impl Into<String>, base: Point) -> Wish {
        Wish {
            code: code.into(),
            name_fa: String::new(),
            name_en: String::new(),
            kind: CrewKind::Own,
            unit: None,
            district: None,
            base,
            people: 2,
            skills: Vec::new(),
            equipment: Vec::new(),
            vehicle: String::new(),
            loads: [0; 3],
            stock: BTreeMap::new(),
        }
    }

    /// What a crew is now, to change some of it.
    pub fn of(crew: &Crew) -> Wish {
        Wish {
            code: crew.code.clone(),
            name_fa: crew.name_fa.clone(),
            name_en: crew.name_en.clone(),
            kind: crew.kind,
            unit: crew.unit,
            district: crew.district,
            base: crew.base,
            people: crew.people,
            skills: crew.skills.clone(),
            equipment: crew.equipment.clone(),
            vehicle: crew.vehicle.clone(),
            loads: crew.loads,
            stock: crew.stock.clone(),
        }
    }

    fn place(&self, jurisdiction: i64) -> Where {
        Where::unit(jurisdiction, self.unit).in_district(self.district)
    }
}

/// The most of anything that a vehicle can hold; more is a slip of the finger.
const MOST_LOAD: i64 = 100_000;
const MOST_PEOPLE: i64 = 100;

/// A crew joins the city.
pub fn add(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, wish: &Wish) -> Done<Crew> {
    act.require(Permission::ManageCrews, wish.place(jurisdiction))?;
    let wish = checked(tx, jurisdiction, wish)?;
    if by_code(tx, jurisdiction, &wish.code)?.is_some() {
        return Err(DispatchError::Refused("crew-code-taken"));
    }
    let mut crew = Crew {
        jurisdiction,
        id: CrewId(act.new_id()),
        code: String::new(),
        name_fa: String::new(),
        name_en: String::new(),
        kind: wish.kind,
        unit: None,
        district: None,
        base: wish.base,
        people: 0,
        skills: Vec::new(),
        equipment: Vec::new(),
        vehicle: String::new(),
        loads: [0; 3],
        stock: BTreeMap::new(),
        is_active: true,
        status: CrewStatus::OffDuty,
        status_at: act.at,
        order: None,
        position: None,
        updated_at: act.at,
        version: 1,
    };
    take(&mut crew, wish);
    insert(tx, &crew)?;
    tell(tx, act, &crew, "added")?;
    Ok(crew)
}

/// What a crew is, can do or has changes.
pub fn change(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CrewId,
    wish: &Wish,
    seen: Seen,
) -> Done<Crew> {
    let mut crew = seen_one(tx, act, jurisdiction, id, seen)?;
    // Where it goes must be as much one's own as where it was.
    act.require(Permission::ManageCrews, wish.place(jurisdiction))?;
    let wish = checked(tx, jurisdiction, wish)?;
    if by_code(tx, jurisdiction, &wish.code)?.is_some_and(|other| other.id != id) {
        return Err(DispatchError::Refused("crew-code-taken"));
    }
    take(&mut crew, wish);
    crew.updated_at = act.at;
    update(tx, &mut crew)?;
    tell(tx, act, &crew, "changed")?;
    Ok(crew)
}

/// A crew is no more. What it had, even what it was on the way to, goes back to the open orders with the reason.
pub fn withdraw(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: CrewId, seen: Seen) -> Done<Crew> {
    let mut crew = seen_one(tx, act, jurisdiction, id, seen)?;
    if !crew.is_active {
        return Ok(crew);
    }
    orders::release_all(tx, act, &crew, "crew-withdrawn")?;
    shifts::stop_all(tx, act, &crew)?;
    members::end_all(tx, act, &crew)?;
    // Giving back what it had has changed it.
    crew = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    crew.is_active = false;
    crew.updated_at = act.at;
    standing::set(&mut crew, act, CrewStatus::OffDuty, None);
    update(tx, &mut crew)?;
    tell(tx, act, &crew, "withdrawn")?;
    Ok(crew)
}

fn seen_one(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: CrewId, seen: Seen) -> Done<Crew> {
    let crew = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    act.require(Permission::ManageCrews, crew.place())?;
    if crew.version != seen.0 { Err(DispatchError::Changed) } else { Ok(crew) }
}

fn take(crew: &mut Crew, wish: Wish) {
    crew.code = wish.code;
    crew.name_fa = wish.name_fa;
    crew.name_en = wish.name_en;
    crew.kind = wish.kind;
    crew.unit = wish.unit;
    crew.district = wish.district;
    crew.base = wish.base;
    crew.people = wish.people;
    crew.skills = wish.skills;
    crew.equipment = wish.equipment;
    crew.vehicle = wish.vehicle;
    crew.loads = wish.loads;
    crew.stock = wish.stock;
}

fn checked(tx: &mut Tx<'_>, jurisdiction: i64, wish: &Wish) -> Done<Wish> {
    let refuse = |code| Err(DispatchError::Refused(code));
    let mut wish = wish.clone();
    wish.code = language::digits::to_ascii(wish.code.trim()).to_lowercase();
    wish.name_fa = display::clean_text(&wish.name_fa);
    wish.name_en = display::clean_text(&wish.name_en);
    wish.vehicle = display::clean_text(&wish.vehicle);
    let is_slug = |code: &str| {
        let bytes = code.bytes();
        !code.is_empty()
            && code.len() <= 40
            && bytes.into_iter().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if !is_slug(&wish.code) || wish.code == "new" {
        return refuse("crew-code-wrong");
    }
    if wish.name_fa.is_empty() && wish.name_en.is_empty() {
        return refuse("crew-name-missing");
    }
    if wish.name_fa.chars().count().max(wish.name_en.chars().count()) > 120 || wish.vehicle.len() > 300 {
        return refuse("crew-name-long");
    }
    if !(1..=MOST_PEOPLE).contains(&wish.people) {
        return refuse("crew-people-wrong");
    }
    let amounts = wish.loads.iter().chain(wish.stock.values());
    if amounts.into_iter().any(|amount| !(0..=MOST_LOAD).contains(amount)) {
        return refuse("crew-load-wrong");
    }
    let kinds = job_types::kinds(tx, jurisdiction)?;
    let known = |list: &[job_types::Named], codes: &[String]| {
        codes.iter().all(|code| list.iter().any(|named| named.code == *code))
    };
    if !known(&kinds.skills, &wish.skills) {
        return refuse("crew-skill-unknown");
    }
    if !known(&kinds.equipment, &wish.equipment) {
        return refuse("crew-equipment-unknown");
    }
    if !wish.stock.keys().all(|code| kinds.materials.iter().any(|named| named.code == *code)) {
        return refuse("crew-material-unknown");
    }
    wish.skills = crate::kinds::split(&joined(&wish.skills));
    wish.equipment = crate::kinds::split(&joined(&wish.equipment));
    let atlas = territory::atlas(tx, jurisdiction)?;
    if let Some(district) = wish.district
        && atlas.division(district).is_none_or(|d| d.level != territory::Level::District)
    {
        return refuse("crew-district-unknown");
    }
    if atlas.has_borders() && matches!(atlas.locate(wish.base), territory::Located::Outside { .. }) {
        return refuse("crew-base-outside");
    }
    let unit = match wish.unit {
        None => None,
        Some(id) => {
            let all = units::all(tx, jurisdiction)?;
            Some(
                all.into_iter()
                    .find(|unit| unit.id == id)
                    .ok_or(DispatchError::Refused("crew-unit-unknown"))?,
            )
        }
    };
    let is_external = unit.is_some_and(|unit| unit.kind == UnitKind::External);
    if (wish.kind == CrewKind::Contractor) != is_external {
        return refuse("crew-unit-not-contractor");
    }
    Ok(wish)
}

/// Records what happened to a crew; nothing of who is in it.
pub(crate) fn tell(tx: &mut Tx<'_>, act: &Act, crew: &Crew, fact: &'static str) -> storage::Result<()> {
    let payload = crate::json(&serde_json::json!({
        "code": crew.code,
        "kind": crew.kind,
        "district": crew.district,
        "unit": crew.unit,
        "status": crew.status,
        "order": crew.order,
    }))?;
    act.record(tx, crew.jurisdiction, CREW, crew.id.0, fact, payload);
    Ok(())
}

/// Materials on board after some were used or loaded; never below zero.
pub fn restock(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CrewId,
    material: &str,
    change: i64,
) -> Done<i64> {
    let mut crew = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    members::stands_for(tx, act, &crew)?;
    let kinds = job_types::kinds(tx, jurisdiction)?;
    if !kinds.materials.iter().any(|named| named.code == material) {
        return Err(DispatchError::Refused("crew-material-unknown"));
    }
    let amount = crew.stock.entry(material.to_owned()).or_insert(0);
    *amount = amount.saturating_add(change).clamp(0, MOST_LOAD);
    let left = *amount;
    let stock = crate::json(&crew.stock)?;
    // Of two who take from one vehicle at once the second reads again.
    let changed = tx.execute(
        sql!(
            "UPDATE crews SET stock = $3, version = version + 1 WHERE jurisdiction_id = $1 AND id = $2 AND version = $4"
        ),
        &params![jurisdiction, id.0, &stock, crew.version],
    )?;
    crate::refusal::guarded(changed)?;
    Ok(left)
}
