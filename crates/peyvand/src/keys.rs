//! Keys for programs that write through the interface.

use std::process::ExitCode;

use anyhow::Result;
use people::Role;
use people::keys::{self, KeyScope, KeyScopes, NewKey};

use crate::cli::MakeKey;
use crate::end::{say, wrong};
use crate::house;
use crate::settings::Settings;

/// Roles that a program may have. The system's own role is nobody's.
const ROLES: [Role; 6] = [
    Role::Sender,
    Role::Operator,
    Role::UnitMember,
    Role::UnitManager,
    Role::Supervisor,
    Role::Administrator,
];

pub fn make(settings: &Settings, wishes: &MakeKey) -> Result<ExitCode> {
    let house = house::open_existing(settings)?;
    let city = house.city(wishes.jurisdiction.as_deref())?;
    let role = Role::parse(&wishes.role).filter(|role| ROLES.contains(role)).ok_or_else(|| {
        let all: Vec<&str> = ROLES.iter().map(|role| role.code()).collect();
        wrong!("a key's role is one of {}, not {:?}", all.join(", "), wishes.role)
    })?;
    if role.is_of_unit() && wishes.unit.is_none() {
        return Err(wrong!("a {} belongs to a unit: say --unit CODE", role.code()));
    }
    let scopes = KeyScopes::parse(&wishes.scopes).ok_or_else(|| {
        let all: Vec<&str> = KeyScope::ALL.into_iter().map(KeyScope::code).collect();
        wrong!("--scopes takes {} with commas between, not {:?}", all.join(", "), wishes.scopes)
    })?;
    if wishes.per_minute.is_some_and(|calls| !(1..=1_000_000).contains(&calls)) {
        return Err(wrong!("--per-minute takes a number from 1 to 1,000,000"));
    }
    let id = city.id;
    let catalogue = house.db.read_blocking(move |tx| requests::catalogue(tx, id))?;
    let unit = match &wishes.unit {
        Some(code) => {
            let unit =
                catalogue.unit_by_code(code).ok_or_else(|| wrong!("{} has no unit {code:?}", city.code))?;
            Some(unit.id)
        }
        None => None,
    };
    let key = NewKey { name: wishes.name.clone(), role, unit, scopes, per_minute: wishes.per_minute };
    let act = house.act("keys");
    let text = house.db.write_blocking(move |tx| keys::make(tx, &act, id, &key))?;
    say!("{text}");
    eprintln!("This is the only time that the key is shown.");
    Ok(ExitCode::SUCCESS)
}

pub fn list(settings: &Settings, jurisdiction: Option<&str>) -> Result<ExitCode> {
    let house = house::open_existing(settings)?;
    let cities = match jurisdiction {
        Some(code) => vec![house.city(Some(code))?],
        None => house.cities()?,
    };
    for city in cities {
        let id = city.id;
        for key in house.db.read_blocking(move |tx| keys::all(tx, id))? {
            let state = if key.revoked { "revoked" } else { "in force" };
            let scopes = Some(key.scopes.text()).filter(|text| !text.is_empty());
            let limit = key.per_minute.map_or("-".into(), |calls| format!("{calls}/min"));
            say!(
                "{}\t{}\t{}\t{}\t{limit}\t{state}\t{}",
                key.id,
                city.code,
                key.role.code(),
                scopes.as_deref().unwrap_or("all"),
                key.name
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub fn revoke(settings: &Settings, key: i64, jurisdiction: Option<&str>) -> Result<ExitCode> {
    let house = house::open_existing(settings)?;
    let cities = match jurisdiction {
        Some(code) => vec![house.city(Some(code))?],
        None => house.cities()?,
    };
    let act = house.act("keys");
    for city in cities {
        let (act, id) = (act.clone(), city.id);
        // Only the city that has the key revokes it, whichever cities are asked.
        if house.db.write_blocking(move |tx| keys::revoke(tx, &act, id, key))? {
            say!("The key {key} of {} is revoked.", city.code);
            return Ok(ExitCode::SUCCESS);
        }
    }
    Err(wrong!("there is no key {key} in force"))
}
