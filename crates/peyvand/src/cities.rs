//! City packs: loaded from a folder or from inside the program, and listed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use people::Act;
use storage::Db;
use tempfile::TempDir;

use crate::end::{say, wrong};
use crate::house;
use crate::settings::Settings;

mod inside {
    include!(concat!(env!("OUT_DIR"), "/cities.rs"));
}

/// A file of `cities/` as it was when the program was built.
pub fn file(path: &str) -> Option<&'static [u8]> {
    inside::FILES.iter().find(|(name, _)| *name == path).map(|(_, content)| *content)
}

/// The packs inside the program, by name.
pub fn packs() -> Vec<&'static str> {
    inside::FILES.iter().filter_map(|(name, _)| name.strip_suffix("/city.toml")).collect()
}

/// A pack as a folder; the one inside the program is laid out in a temporary folder, gone with this value.
pub struct Folder {
    path: PathBuf,
    _kept: Option<TempDir>,
}

impl Folder {
    /// A folder that somebody named, or else a pack inside the program.
    pub fn find(name: &str) -> Result<Folder> {
        let path = Path::new(name);
        if path.join("city.toml").is_file() {
            return Ok(Folder { path: path.to_owned(), _kept: None });
        }
        if path.is_dir() {
            return Err(wrong!("{name} is no city pack: it has no city.toml"));
        }
        Folder::inside(name)
    }

    pub fn inside(name: &str) -> Result<Folder> {
        if !packs().contains(&name) {
            return Err(wrong!(
                "there is no folder {name}, and no pack of that name inside the program ({})",
                packs().join(", ")
            ));
        }
        let kept = tempfile::tempdir().context("making a temporary folder")?;
        for (path, content) in inside::FILES {
            let Some(short) = path.strip_prefix(name).and_then(|rest| rest.strip_prefix('/')) else {
                continue;
            };
            std::fs::write(kept.path().join(short), content)?;
        }
        Ok(Folder { path: kept.path().to_owned(), _kept: Some(kept) })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// What a load did, for people.
pub struct Loaded {
    pub jurisdiction: i64,
    pub code: String,
    pub name: String,
    pub ground: territory::pack::Loaded,
    pub catalogue: requests::pack::Loaded,
}

/// Loads a pack: ground first, then what is offered on it, in one transaction.
pub fn load_pack(db: &Db, act: &Act, folder: &Folder) -> Result<Loaded> {
    let ground = territory::pack::read(folder.path()).map_err(|e| wrong!("{e}"))?;
    let catalogue = requests::pack::read(folder.path()).map_err(|e| wrong!("{e}"))?;
    let work = dispatch::pack::read(folder.path()).map_err(|e| wrong!("{e}"))?;
    let wishes = notices::city::read(folder.path()).map_err(|e| wrong!("{e}"))?;
    let (code, name) = (ground.code.clone(), ground.name_en.clone());
    let act = act.clone();
    let loaded = db.write_blocking(move |tx| {
        let ground = territory::pack::load(tx, &act, &ground).map_err(Unloaded::Ground)?;
        let catalogue = requests::pack::load(tx, &act, ground.jurisdiction_id, &catalogue)
            .map_err(Unloaded::Catalogue)?;
        dispatch::pack::load(tx, &act, ground.jurisdiction_id, &work).map_err(Unloaded::Work)?;
        notices::city::load(tx, &act, ground.jurisdiction_id, &wishes)?;
        Ok::<_, Unloaded>((ground, catalogue))
    });
    match loaded {
        Ok((ground, catalogue)) => {
            Ok(Loaded { jurisdiction: ground.jurisdiction_id, code, name, ground, catalogue })
        }
        Err(Unloaded::Catalogue(
            e @ (requests::pack::PackError::Wrong { .. } | requests::pack::PackError::Unreadable { .. }),
        )) => Err(wrong!("{e}")),
        Err(Unloaded::Work(dispatch::pack::PackError::Wrong(what))) => Err(wrong!("dispatch.toml: {what}")),
        Err(e) => Err(e.into()),
    }
}

/// Why a pack was not loaded; nothing of it was.
#[derive(Debug)]
enum Unloaded {
    Ground(territory::pack::LoadError),
    Catalogue(requests::pack::PackError),
    Work(dispatch::pack::PackError),
    Failure(storage::Error),
}

impl std::fmt::Display for Unloaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unloaded::Ground(e) => e.fmt(f),
            Unloaded::Catalogue(e) => e.fmt(f),
            Unloaded::Work(e) => e.fmt(f),
            Unloaded::Failure(e) => e.fmt(f),
        }
    }
}

impl std::error::Error for Unloaded {}

impl From<storage::Error> for Unloaded {
    fn from(error: storage::Error) -> Self {
        Unloaded::Failure(error)
    }
}

pub fn load(settings: &Settings, pack: &str) -> Result<ExitCode> {
    let folder = Folder::find(pack)?;
    let house = house::open(settings)?;
    let done = load_pack(&house.db, &house.act("city-load"), &folder)?;
    let (ground, offered) = (&done.ground, &done.catalogue);
    say!("{} ({}) is loaded.", done.name, done.code);
    let parts =
        [(ground.districts, "districts"), (ground.areas, "areas"), (ground.neighbourhoods, "neighbourhoods")];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    say!("  ground:   {}, {} landmarks, {} holidays", parts.join(", "), ground.landmarks, ground.holidays);
    say!(
        "  services: {} in {} groups, {} units, {} rules",
        offered.services,
        offered.groups,
        offered.units,
        offered.rules
    );
    if ground.renamed + ground.retired > 0 {
        say!("  editions: {} divisions have a new code, {} were retired", ground.renamed, ground.retired);
    }
    if offered.closed > 0 {
        say!("  closed:   {} services that the pack no longer has", offered.closed);
    }
    Ok(ExitCode::SUCCESS)
}

pub fn list(settings: &Settings) -> Result<ExitCode> {
    let is_there = match &settings.target {
        storage::Target::Sqlite(path) => path.exists(),
        storage::Target::Postgres(_) => true,
    };
    let loaded = if is_there { house::open(settings)?.cities()? } else { Vec::new() };
    for city in &loaded {
        say!("{:16} {} / {}, edition {}", city.code, city.name_en, city.name_fa, city.edition);
    }
    if loaded.is_empty() {
        say!("No city is loaded.");
    }
    let names: BTreeSet<&str> = packs().into_iter().collect();
    say!("Packs inside the program: {}", names.into_iter().collect::<Vec<_>>().join(", "));
    Ok(ExitCode::SUCCESS)
}
