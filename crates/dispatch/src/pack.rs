//! `dispatch.toml` of a city pack: kinds of work, skills, equipment, materials, reasons.
//!
//! Loading is renewing: what has the same code is replaced, what a newer pack no longer has is dropped; orders keep
//! what they were made with.

use std::path::Path;

use people::{Act, Denied, Permission, Where};
use serde::Deserialize;
use storage::{Tx, params, sql};

use crate::job_types::{JobType, LISTS, Lists, Material, Named};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pack {
    pub skill: Vec<Named>,
    pub equipment: Vec<Named>,
    pub material: Vec<Material>,
    pub reason: Vec<Named>,
    pub job_type: Vec<JobType>,
    /// How crews reach citizens without seeing their number.
    pub masking: crate::field::Masking,
    /// How fast ways are driven, by the hour.
    pub travel: crate::roads::Bands,
    /// What a crisis begins with.
    pub crisis: crate::crisis::Rules,
}

#[derive(Debug, thiserror::Error)]
pub enum PackError {
    #[error("dispatch.toml: {0}")]
    Unreadable(String),
    #[error("dispatch.toml: {0}")]
    Wrong(String),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

/// Reads `dispatch.toml` of a folder; an empty pack where there is none.
pub fn read(folder: &Path) -> Result<Pack, PackError> {
    match std::fs::read_to_string(folder.join("dispatch.toml")) {
        Ok(text) => parse(&text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Pack::default()),
        Err(error) => Err(PackError::Unreadable(error.to_string())),
    }
}

pub fn parse(text: &str) -> Result<Pack, PackError> {
    toml::from_str(text).map_err(|error| PackError::Unreadable(error.to_string()))
}

/// Puts a pack into a city whose services are loaded already, and says how many kinds of work it has.
pub fn load(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, pack: &Pack) -> Result<usize, PackError> {
    act.require(Permission::ManageCatalogue, Where::city(jurisdiction))?;
    check(tx, jurisdiction, pack)?;
    tx.execute(sql!("DELETE FROM job_types WHERE jurisdiction_id = $1"), &params![jurisdiction])?;
    let lists = Lists {
        skills: pack.skill.clone(),
        equipment: pack.equipment.clone(),
        materials: pack.material.clone(),
        reasons: pack.reason.clone(),
        masking: pack.masking.clone(),
    };
    put(tx, jurisdiction, LISTS, "", "", &crate::json(&lists)?)?;
    for kind in &pack.job_type {
        put(tx, jurisdiction, &kind.code, &kind.name.fa, &kind.name.en, &crate::json(kind)?)?;
    }
    crate::roads::keep(tx, jurisdiction, &pack.travel, &pack.crisis)?;
    tx.new_edition(jurisdiction, act.new_id())?;
    let payload = crate::json(&serde_json::json!({ "job_types": pack.job_type.len() }))?;
    act.record(tx, jurisdiction, "catalogue", jurisdiction, "job-types-loaded", payload);
    Ok(pack.job_type.len())
}

fn put(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    code: &str,
    name_fa: &str,
    name_en: &str,
    definition: &str,
) -> storage::Result<()> {
    tx.execute_one(
        sql!("INSERT INTO job_types (jurisdiction_id, code, name_fa, name_en, definition) VALUES ($1, $2, $3, $4, $5)"),
        &params![jurisdiction, code, name_fa, name_en, definition],
    )
}

fn check(tx: &mut Tx<'_>, jurisdiction: i64, pack: &Pack) -> Result<(), PackError> {
    let wrong = |what: String| Err(PackError::Wrong(what));
    if let Err(error) = pack.travel.validate() {
        return wrong(format!("travel: {error}"));
    }
    if let Some(code) = pack.crisis.wrong() {
        return wrong(format!("crisis: {code}"));
    }
    let catalogue = requests::catalogue(tx, jurisdiction)?;
    let is_slug = |code: &str| {
        !code.is_empty() && code.len() <= 40 && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    for (what, list) in [
        ("skill", &pack.skill),
        ("equipment", &pack.equipment),
        ("material", &pack.material),
        ("reason", &pack.reason),
    ] {
        for (n, named) in list.iter().enumerate() {
            if !is_slug(&named.code) || named.fa.is_empty() || named.en.is_empty() {
                return wrong(format!(
                    "{what} {:?}: a code of ASCII letters, digits and -, and both names",
                    named.code
                ));
            }
            if list.iter().skip(n + 1).any(|other| other.code == named.code) {
                return wrong(format!("{what} {} stands twice", named.code));
            }
        }
    }
    // The engine keeps one bit for each.
    if pack.skill.len() > 64 || pack.equipment.len() > 64 {
        return wrong("at most 64 skills and 64 kinds of equipment".into());
    }
    let has = |list: &[Named], code: &String| list.iter().any(|named| named.code == *code);
    for (n, kind) in pack.job_type.iter().enumerate() {
        let code = &kind.code;
        if !is_slug(code) || kind.name.fa.is_empty() || kind.name.en.is_empty() {
            return wrong(format!(
                "job type {code:?}: a code of ASCII letters, digits and -, and both names"
            ));
        }
        if pack.job_type.iter().skip(n + 1).any(|other| other.code == *code) {
            return wrong(format!("job type {code} stands twice"));
        }
        if !(1..=1440).contains(&kind.minutes) || !(0..=1440).contains(&kind.spread) {
            return wrong(format!("job type {code}: minutes are 1 to 1440"));
        }
        if !(1..=100).contains(&kind.people) || kind.loads.iter().any(|load| *load < 0) {
            return wrong(format!("job type {code}: people are 1 to 100, loads are not below zero"));
        }
        if !(0..=3).contains(&kind.danger) {
            return wrong(format!("job type {code}: danger is 0 to 3"));
        }
        let unknown = kind.skills.iter().find(|skill| !has(&pack.skill, skill));
        let unknown = unknown.or_else(|| kind.equipment.iter().find(|thing| !has(&pack.equipment, thing)));
        let unknown = unknown.or_else(|| kind.materials.keys().find(|thing| !has(&pack.material, thing)));
        if let Some(unknown) = unknown {
            return wrong(format!("job type {code}: {unknown} is not in the lists"));
        }
        for service in &kind.services {
            if catalogue.by_code(service).is_none() {
                return wrong(format!("job type {code}: there is no service {service}"));
            }
            if pack.job_type.iter().skip(n + 1).any(|other| other.services.contains(service)) {
                return wrong(format!("service {service} has two kinds of work"));
            }
        }
        for (n, point) in kind.checklist.iter().enumerate() {
            let is_twice = kind.checklist.iter().skip(n + 1).any(|other| other.code == point.code);
            if !is_slug(&point.code) || point.fa.is_empty() || point.en.is_empty() || is_twice {
                return wrong(format!("job type {code}: check {:?} is wrong or stands twice", point.code));
            }
        }
    }
    Ok(())
}
