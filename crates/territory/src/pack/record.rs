//! The rows of divisions and borders, brought to what a pack says.

use std::collections::{HashMap, HashSet};

use people::Act;
use storage::{Error, Result, Tx, params, sql};

use super::{Pack, PackDivision, border};
use crate::{Division, Level, store};

/// What happened to the divisions. Codes are written `level/code`.
pub struct Divisions {
    /// The id of every division of the pack.
    pub ids: HashMap<(Level, String), i64>,
    pub added: Vec<String>,
    /// The old and the new code.
    pub renamed: Vec<[String; 2]>,
    pub retired: Vec<String>,
    pub changed: bool,
}

/// Adds, renews, renames and retires.
pub fn divisions(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, pack: &Pack) -> Result<Divisions> {
    let known = store::divisions(tx, jurisdiction)?;
    let by_code: HashMap<(Level, &str), &Division> =
        known.iter().map(|d| ((d.level, d.code.as_str()), d)).collect();
    let mut out = Divisions {
        ids: HashMap::new(),
        added: Vec::new(),
        renamed: Vec::new(),
        retired: Vec::new(),
        changed: false,
    };
    let mut met: HashSet<i64> = HashSet::new();
    let mut fresh: Vec<(i64, Option<i64>, &PackDivision)> = Vec::new();
    // Large levels come first, so that a parent has its id before its parts ask for it.
    for wanted in &pack.divisions {
        let parent = wanted.parent.as_ref().and_then(|key| out.ids.get(key).copied());
        let mut codes = std::iter::once(&wanted.code).chain(&wanted.was);
        let before = codes.find_map(|code| by_code.get(&(wanted.level, code.as_str())).copied());
        let id = match before {
            Some(before) => {
                met.insert(before.id);
                if before.code != wanted.code {
                    out.renamed.push([named(wanted.level, &before.code), named(wanted.level, &wanted.code)]);
                }
                if !is_as_wanted(before, wanted, parent) {
                    renew(tx, jurisdiction, before.id, wanted, parent, &pack.edition)?;
                    out.changed = true;
                }
                before.id
            }
            None => {
                let id = act.new_id();
                out.added.push(named(wanted.level, &wanted.code));
                fresh.push((id, parent, wanted));
                id
            }
        };
        out.ids.insert((wanted.level, wanted.code.clone()), id);
    }
    add(tx, jurisdiction, &fresh, &pack.edition)?;
    for gone in known.iter().filter(|d| !d.retired && !met.contains(&d.id)) {
        tx.execute_one(
            sql!("UPDATE divisions SET retired_at = $3 WHERE jurisdiction_id = $1 AND id = $2 AND retired_at IS NULL"),
            &params![jurisdiction, gone.id, act.at.0],
        )?;
        out.retired.push(named(gone.level, &gone.code));
    }
    // The edition of a division is the newest one that has it.
    tx.execute(
        sql!(
            "UPDATE divisions SET edition = $2 WHERE jurisdiction_id = $1 AND retired_at IS NULL AND edition <> $2"
        ),
        &params![jurisdiction, &pack.edition],
    )?;
    out.changed |= !fresh.is_empty() || !out.retired.is_empty();
    Ok(out)
}

fn named(level: Level, code: &str) -> String {
    format!("{}/{code}", level.code())
}

fn is_as_wanted(before: &Division, wanted: &PackDivision, parent: Option<i64>) -> bool {
    !before.retired
        && before.code == wanted.code
        && before.parent == parent
        && before.name_fa == wanted.name_fa
        && before.name_en == wanted.name_en
        && before.population == wanted.population
        && before.label == wanted.label
}

fn renew(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    id: i64,
    wanted: &PackDivision,
    parent: Option<i64>,
    edition: &str,
) -> Result<()> {
    tx.execute_one(
        sql!(
            "UPDATE divisions SET code = $3, parent_id = $4, name_fa = $5, name_en = $6, population = $7, label_lat = $8,
                 label_long = $9, edition = $10, retired_at = NULL WHERE jurisdiction_id = $1 AND id = $2"
        ),
        &params![
            jurisdiction,
            id,
            &wanted.code,
            parent,
            &wanted.name_fa,
            &wanted.name_en,
            wanted.population,
            wanted.label.map(|p| p.lat),
            wanted.label.map(|p| p.long),
            edition
        ],
    )
}

fn add(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    fresh: &[(i64, Option<i64>, &PackDivision)],
    edition: &str,
) -> Result<()> {
    let mut values = Vec::with_capacity(fresh.len() * 11);
    for (id, parent, d) in fresh {
        values.extend(params![
            jurisdiction,
            id,
            d.level.code(),
            &d.code,
            *parent,
            &d.name_fa,
            &d.name_en,
            d.population,
            d.label.map(|p| p.lat),
            d.label.map(|p| p.long),
            edition
        ]);
    }
    tx.insert_many(
        "INSERT INTO divisions (jurisdiction_id, id, level, code, parent_id, name_fa, name_en, population, label_lat,
             label_long, edition) VALUES",
        11,
        &values,
        "",
    )?;
    Ok(())
}

/// Writes the borders of this edition and says whether any differed. Those of other editions stay.
pub fn borders(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    pack: &Pack,
    ids: &HashMap<(Level, String), i64>,
) -> Result<bool> {
    let mut old: HashMap<i64, String> =
        store::borders(tx, jurisdiction, &pack.edition)?.into_iter().collect();
    let mut drawn: Vec<(i64, String)> = Vec::new();
    for division in &pack.divisions {
        let (Some(shape), Some(id)) = (&division.border, ids.get(&(division.level, division.code.clone())))
        else {
            continue;
        };
        let text = border::text(shape).map_err(Error::corrupt)?;
        if old.remove(id).is_none_or(|before| before != text) {
            drawn.push((*id, text));
        }
    }
    // A division of this very edition that has lost its border.
    for id in old.keys() {
        tx.execute(
            sql!("DELETE FROM borders WHERE jurisdiction_id = $1 AND division_id = $2 AND edition = $3"),
            &params![jurisdiction, id, &pack.edition],
        )?;
    }
    let mut values = Vec::with_capacity(drawn.len() * 4);
    for (id, text) in &drawn {
        values.extend(params![jurisdiction, id, &pack.edition, text]);
    }
    tx.insert_many(
        "INSERT INTO borders (jurisdiction_id, division_id, edition, geometry) VALUES",
        4,
        &values,
        "ON CONFLICT (jurisdiction_id, division_id, edition) DO UPDATE SET geometry = excluded.geometry",
    )?;
    Ok(!drawn.is_empty() || !old.is_empty())
}
