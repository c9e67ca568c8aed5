//! Services, units and routing from a city pack: `services.toml` and `units.toml`; `storm.toml` is read by `storm`.
//!
//! Loading is renewing: what has the same code keeps its id, what a newer pack no longer has is closed to new
//! requests and stays for the old ones. Every reference is checked before anything is written.

use std::collections::HashMap;
use std::path::Path;

use language::digits;
use people::units::{Unit, UnitKind};
use people::{Act, Denied, Permission, permissions::Where, units};
use serde::Deserialize;
use storage::{Tx, params, sql};
use territory::{Atlas, Level};

use crate::service::{Both, Definition};
use crate::submit::json;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Pack {
    services: ServicesFile,
    units: UnitsFile,
    answers: crate::work::standard::AnswersFile,
    storm: crate::storm::StormRules,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ServicesFile {
    /// How long citizens may reply to an answer, and how soon objections are dealt with.
    reply: Option<crate::reply::Settings>,
    /// How many answers are asked about by telephone.
    feedback: Option<crate::feedback::Settings>,
    /// Triage questions of services that promise more when it is urgent and ask none of their own.
    triage: Vec<crate::service::TriageQuestion>,
    /// What is said to people who are wrong here.
    other_door: Vec<crate::calls::OtherDoor>,
    group: Vec<GroupEntry>,
    service: Vec<ServiceEntry>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupEntry {
    code: String,
    name: Both,
    #[serde(default)]
    icon: String,
}

#[derive(Debug, Clone, Deserialize)]
struct ServiceEntry {
    code: String,
    group: String,
    #[serde(default)]
    unit: Option<String>,
    #[serde(default)]
    attribute: Vec<crate::service::Attribute>,
    #[serde(flatten)]
    about: Definition,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct UnitsFile {
    fallback: Option<String>,
    unit: Vec<UnitEntry>,
    unit_per_district: Vec<UnitEntry>,
    rule: Vec<RuleEntry>,
}

#[derive(Debug, Clone, Deserialize)]
struct UnitEntry {
    code: String,
    name: Both,
    kind: String,
    #[serde(default)]
    parent: Option<String>,
    #[serde(default)]
    district: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct RuleEntry {
    service: String,
    #[serde(default = "everywhere")]
    district: String,
    unit: String,
}

fn everywhere() -> String {
    "*".into()
}

#[derive(Debug, thiserror::Error)]
pub enum PackError {
    #[error("{file}: {what}")]
    Unreadable { file: String, what: String },
    #[error("{file}: {what}")]
    Wrong { file: &'static str, what: String },
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

fn services_wrong(what: impl Into<String>) -> PackError {
    PackError::Wrong { file: "services.toml", what: what.into() }
}

fn units_wrong(what: impl Into<String>) -> PackError {
    PackError::Wrong { file: "units.toml", what: what.into() }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    pub groups: usize,
    pub services: usize,
    pub units: usize,
    pub rules: usize,
    /// Services that the pack no longer has; closed to new requests.
    pub closed: u64,
}

/// Reads the files of a pack. A missing file is an empty one.
pub fn read(folder: &Path) -> Result<Pack, PackError> {
    Ok(Pack {
        services: read_file(folder, "services.toml")?,
        units: read_file(folder, "units.toml")?,
        answers: read_file(folder, "answers.toml")?,
        storm: read_file(folder, "storm.toml")?,
    })
}

fn read_file<T: for<'de> Deserialize<'de> + Default>(folder: &Path, name: &str) -> Result<T, PackError> {
    let path = folder.join(name);
    let unreadable = |what: String| PackError::Unreadable { file: path.display().to_string(), what };
    match std::fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text).map_err(|e| unreadable(e.to_string())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(T::default()),
        Err(e) => Err(unreadable(e.to_string())),
    }
}

/// Loads a pack into a jurisdiction whose territory is already there.
pub fn load(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, pack: &Pack) -> Result<Loaded, PackError> {
    act.require(Permission::ManageCatalogue, Where::city(jurisdiction))?;
    let atlas = territory::atlas(tx, jurisdiction)?;
    let units = load_units(tx, act, jurisdiction, pack, &atlas)?;
    let groups = load_groups(tx, act, jurisdiction, pack)?;
    let (services, closed) = load_services(tx, act, jurisdiction, pack, &groups)?;
    let rules = load_rules(tx, act, jurisdiction, pack, &atlas, &units, &groups, &services)?;
    crate::calls::check_other_doors(&pack.services.other_door).map_err(services_wrong)?;
    crate::calls::load_other_doors(tx, jurisdiction, &pack.services.other_door)?;
    if let Some(reply) = &pack.services.reply {
        crate::reply::put_part(tx, jurisdiction, "reply", reply)?;
    }
    if let Some(feedback) = &pack.services.feedback {
        crate::reply::put_part(tx, jurisdiction, "feedback", feedback)?;
    }
    let known = |code: &str| services.get(code).copied();
    crate::work::standard::load(tx, act, jurisdiction, &pack.answers, known)?
        .map_err(|what| PackError::Wrong { file: "answers.toml", what })?;
    let codes = services.keys().map(String::as_str).collect();
    if let Some(what) = pack.storm.wrong(&codes) {
        return Err(PackError::Wrong { file: "storm.toml", what });
    }
    crate::storm::rules::keep(tx, jurisdiction, &pack.storm)?;
    tx.new_edition(jurisdiction, act.new_id())?;
    let loaded = Loaded { groups: groups.len(), services: services.len(), units: units.len(), rules, closed };
    let payload = json(
        &serde_json::json!({ "services": loaded.services, "units": loaded.units, "rules": loaded.rules }),
    )?;
    act.record(tx, jurisdiction, "catalogue", jurisdiction, "catalogue-loaded", payload);
    Ok(loaded)
}

type Ids = HashMap<String, i64>;

fn load_units(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    pack: &Pack,
    atlas: &Atlas,
) -> Result<Ids, PackError> {
    let mut entries = pack.units.unit.clone();
    for pattern in &pack.units.unit_per_district {
        for district in atlas.districts() {
            let code = |text: &str| text.replace("{district}", &district.code);
            entries.push(UnitEntry {
                code: code(&pattern.code),
                name: Both {
                    fa: pattern.name.fa.replace("{district}", &digits::to_persian(&district.code)),
                    en: code(&pattern.name.en),
                },
                kind: pattern.kind.clone(),
                parent: pattern.parent.as_deref().map(code),
                district: pattern.district.as_deref().map(code),
            });
        }
    }
    let mut ids = Ids::new();
    // Twice, because a parent may stand after its child: first every unit gets its id, then its parent.
    for with_parents in [false, true] {
        for entry in &entries {
            let kind = UnitKind::parse(&entry.kind).ok_or_else(|| {
                units_wrong(format!(
                    "unit {}: a kind is department, district, organisation or external",
                    entry.code
                ))
            })?;
            let parent =
                match &entry.parent {
                    Some(code) if with_parents => Some(*ids.get(code).ok_or_else(|| {
                        units_wrong(format!("unit {}: there is no parent {code}", entry.code))
                    })?),
                    _ => None,
                };
            let district = entry.district.as_deref().map(|code| district_id(atlas, code)).transpose()?;
            let unit = Unit {
                id: 0,
                code: entry.code.clone(),
                name_fa: entry.name.fa.clone(),
                name_en: entry.name.en.clone(),
                kind,
                parent,
                district,
            };
            let id = units::put(tx, jurisdiction, act.new_id(), &unit)?;
            let earlier = ids.insert(entry.code.clone(), id);
            if !with_parents && earlier.is_some() {
                return Err(units_wrong(format!("unit {} stands twice", entry.code)));
            }
        }
    }
    Ok(ids)
}

fn district_id(atlas: &Atlas, code: &str) -> Result<i64, PackError> {
    atlas
        .by_code(Level::District, code)
        .map(|d| d.id)
        .ok_or_else(|| units_wrong(format!("there is no district {code}")))
}

fn load_groups(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, pack: &Pack) -> Result<Ids, PackError> {
    let mut ids = Ids::new();
    for (position, group) in pack.services.group.iter().enumerate() {
        let id = put_group(tx, act, jurisdiction, &group.code, &group.name, &group.icon, position as i64)?;
        if ids.insert(group.code.clone(), id).is_some() {
            return Err(services_wrong(format!("group {} stands twice", group.code)));
        }
    }
    Ok(ids)
}

fn load_services(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    pack: &Pack,
    groups: &Ids,
) -> Result<(Ids, u64), PackError> {
    let mut ids = Ids::new();
    for (position, entry) in pack.services.service.iter().enumerate() {
        let group = groups.get(&entry.group).ok_or_else(|| {
            services_wrong(format!("service {}: there is no group {}", entry.code, entry.group))
        })?;
        let mut about = entry.about.clone();
        about.attributes.extend(entry.attribute.iter().cloned());
        check_attributes(&entry.code, &about)?;
        let hastens = about.target.urgent.is_some() || about.target.emergency.is_some();
        if about.triage.is_empty() && hastens {
            about.triage.clone_from(&pack.services.triage);
        }
        crate::calls::triage::check(&about.triage)
            .map_err(|what| services_wrong(format!("service {}: {what}", entry.code)))?;
        let id = put_service(tx, act, jurisdiction, &entry.code, *group, &about, position as i64)?;
        if ids.insert(entry.code.clone(), id).is_some() {
            return Err(services_wrong(format!("service {} stands twice", entry.code)));
        }
    }
    let mut closed = 0;
    let before = tx.query(
        sql!("SELECT id, code, definition FROM services WHERE jurisdiction_id = $1 AND is_open = 1 ORDER BY id LIMIT 20000"),
        &params![jurisdiction],
        |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<String>(2)?)),
    )?;
    for (id, code, definition) in before {
        let from_import = serde_json::from_str::<Definition>(&definition).is_ok_and(|d| d.from_import);
        if !ids.contains_key(&code) && !from_import {
            closed += tx.execute(
                sql!("UPDATE services SET is_open = 0 WHERE jurisdiction_id = $1 AND id = $2"),
                &params![jurisdiction, id],
            )?;
        }
    }
    Ok((ids, closed))
}

fn check_attributes(service: &str, about: &Definition) -> Result<(), PackError> {
    use crate::service::Datatype::{MultiValueList, SingleValueList};
    for (n, question) in about.attributes.iter().enumerate() {
        if about.attributes.iter().skip(n + 1).any(|other| other.code == question.code) {
            return Err(services_wrong(format!(
                "service {service}: question {} stands twice",
                question.code
            )));
        }
        let is_list = matches!(question.datatype, SingleValueList | MultiValueList);
        if question.variable && is_list == question.values.is_empty() {
            return Err(services_wrong(format!(
                "service {service}: question {}: a list has values, and nothing else has",
                question.code
            )));
        }
    }
    Ok(())
}

fn load_rules(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    pack: &Pack,
    atlas: &Atlas,
    units: &Ids,
    groups: &Ids,
    services: &Ids,
) -> Result<usize, PackError> {
    let mut entries: Vec<RuleEntry> = pack.units.rule.clone();
    let own = |s: &ServiceEntry| {
        Some(RuleEntry { service: s.code.clone(), district: everywhere(), unit: s.unit.clone()? })
    };
    entries.extend(pack.services.service.iter().filter_map(own));
    entries.extend(pack.units.fallback.iter().map(|unit| RuleEntry {
        service: "*".into(),
        district: everywhere(),
        unit: unit.clone(),
    }));
    tx.execute(sql!("DELETE FROM routing_rules WHERE jurisdiction_id = $1"), &params![jurisdiction])?;
    let mut count = 0;
    for entry in &entries {
        let (service, group) = match entry.service.strip_prefix("group:") {
            Some(code) => (
                None,
                Some(
                    *groups
                        .get(code)
                        .ok_or_else(|| units_wrong(format!("a rule: there is no group {code}")))?,
                ),
            ),
            None if entry.service == "*" => (None, None),
            None => {
                let code = &entry.service;
                (
                    Some(
                        *services
                            .get(code)
                            .ok_or_else(|| units_wrong(format!("a rule: there is no service {code}")))?,
                    ),
                    None,
                )
            }
        };
        // A pattern in the unit stands for one rule in each district.
        let districts: Vec<Option<&str>> = match entry.district.as_str() {
            "*" if entry.unit.contains("{district}") => {
                atlas.districts().map(|d| Some(d.code.as_str())).collect()
            }
            "*" => vec![None],
            code => vec![Some(code)],
        };
        for district in districts {
            let code = district.map_or_else(|| entry.unit.clone(), |d| entry.unit.replace("{district}", d));
            let unit =
                *units.get(&code).ok_or_else(|| units_wrong(format!("a rule: there is no unit {code}")))?;
            let district = district.map(|d| district_id(atlas, d)).transpose()?;
            tx.execute(
                sql!(
                    "INSERT INTO routing_rules (jurisdiction_id, id, service_id, group_id, district_id, unit_id)
                     VALUES ($1, $2, $3, $4, $5, $6)"
                ),
                &params![jurisdiction, act.new_id(), service, group, district, unit],
            )?;
            count += 1;
        }
    }
    Ok(count)
}

/// Adds a service group, or renews the one with this code.
pub fn put_group(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    code: &str,
    name: &Both,
    icon: &str,
    position: i64,
) -> Result<i64, PackError> {
    act.require(Permission::ManageCatalogue, Where::city(jurisdiction))?;
    let id: Option<i64> = tx.value(
        sql!(
            "INSERT INTO service_groups (jurisdiction_id, id, code, name_fa, name_en, icon, position) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (jurisdiction_id, code) DO UPDATE SET name_fa = excluded.name_fa, name_en = excluded.name_en,
                 icon = excluded.icon, position = excluded.position
             RETURNING id"
        ),
        &params![jurisdiction, act.new_id(), code, &name.fa, &name.en, icon, position],
    )?;
    id.ok_or_else(|| storage::Error::Conflict.into())
}

/// Adds a service, or renews the one with this code and opens it again. A code is an ASCII slug, because clients
/// of Open311 put it into addresses.
pub fn put_service(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    code: &str,
    group: i64,
    about: &Definition,
    position: i64,
) -> Result<i64, PackError> {
    act.require(Permission::ManageCatalogue, Where::city(jurisdiction))?;
    let is_slug = !code.is_empty()
        && code.len() <= 80
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if !is_slug {
        return Err(services_wrong(format!(
            "service {code:?}: a code has only ASCII letters, digits, - and _"
        )));
    }
    let definition = json(about)?;
    let id: Option<i64> = tx.value(
        sql!(
            "INSERT INTO services (jurisdiction_id, id, code, group_id, position, is_open, definition) VALUES ($1, $2, $3, $4, $5, 1, $6)
             ON CONFLICT (jurisdiction_id, code) DO UPDATE SET group_id = excluded.group_id, position = excluded.position,
                 is_open = 1, definition = excluded.definition
             RETURNING id"
        ),
        &params![jurisdiction, act.new_id(), code, group, position, &definition],
    )?;
    id.ok_or_else(|| storage::Error::Conflict.into())
}

/// Opens or closes a service to new requests; false when there is no such service.
pub fn set_open(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    code: &str,
    open: bool,
) -> Result<bool, PackError> {
    act.require(Permission::ManageCatalogue, Where::city(jurisdiction))?;
    let before: Option<bool> = tx.value(
        sql!("SELECT is_open FROM services WHERE jurisdiction_id = $1 AND code = $2"),
        &params![jurisdiction, code],
    )?;
    match before {
        None => return Ok(false),
        Some(now) if now == open => return Ok(true),
        Some(_) => {}
    }
    tx.execute(
        sql!("UPDATE services SET is_open = $3 WHERE jurisdiction_id = $1 AND code = $2"),
        &params![jurisdiction, code, open],
    )?;
    tx.new_edition(jurisdiction, act.new_id())?;
    let fact = if open { "service-opened" } else { "service-closed" };
    act.record(
        tx,
        jurisdiction,
        "catalogue",
        jurisdiction,
        fact,
        json(&serde_json::json!({ "service": code }))?,
    );
    Ok(true)
}
