//! The database and the files, opened, and who acts on the command line.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use calendar::Timestamp;
use people::{Act, Actor, Dice, Seal};
use storage::files::Files;
use storage::{Db, Options, Target};
use territory::Jurisdiction;

use crate::end::wrong;
use crate::settings::{Settings, masked};

pub struct House {
    pub db: Db,
    pub files: Files,
    pub dice: Arc<Dice>,
}

/// Opens what is there, and makes it when it is not.
pub fn open(settings: &Settings) -> Result<House> {
    std::fs::create_dir_all(&settings.data).with_context(|| format!("making {}", settings.data.display()))?;
    let db = database(&settings.target)?;
    let files =
        Files::open(settings.files()).with_context(|| format!("opening {}", settings.files().display()))?;
    Ok(House { db, files, dice: Arc::new(fresh_dice()?) })
}

/// Opens a city that must be there already: a check or a backup of nothing is a mistake in the path.
pub fn open_existing(settings: &Settings) -> Result<House> {
    if let Target::Sqlite(path) = &settings.target
        && !path.exists()
    {
        return Err(wrong!(
            "there is no database at {}; say where with --data or --database",
            path.display()
        ));
    }
    open(settings)
}

pub fn database(target: &Target) -> Result<Db> {
    let name = match target {
        Target::Sqlite(path) => path.display().to_string(),
        Target::Postgres(url) => masked(url),
    };
    Db::open(&Options::new(target.clone())).with_context(|| format!("opening {name}"))
}

pub fn fresh_dice() -> Result<Dice> {
    let mut key = [0u8; 32];
    getrandom::fill(&mut key).map_err(|e| anyhow::anyhow!("no randomness: {e}"))?;
    Ok(Dice::new(key))
}

/// The key file in the data folder; made when it is missing, for the owner's eyes only.
const SEAL: &str = "seal.key";

/// The key that is not in the database. Several machines on one database need the same file.
pub fn seal(data: &Path) -> Result<Seal> {
    let path = data.join(SEAL);
    let reading = || format!("reading {}", path.display());
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let text = format!("{}\n", fresh_dice()?.bytes().map(|b| format!("{b:02x}")).concat());
            match private_file(&path).and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            }) {
                Ok(()) => text,
                // Another process began at the same moment and was quicker.
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                    std::fs::read_to_string(&path).with_context(reading)?
                }
                Err(e) => return Err(e).with_context(|| format!("writing {}", path.display())),
            }
        }
        Err(e) => return Err(e).with_context(reading),
    };
    Seal::from_text(text.trim()).ok_or_else(|| wrong!("{} is no key: 64 hexadecimal digits", path.display()))
}

/// A new file that only its owner may read.
pub fn private_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut how = std::fs::OpenOptions::new();
    how.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut how, 0o600);
    how.open(path)
}

pub fn now() -> Timestamp {
    door::Clock::System.now()
}

impl House {
    /// The program itself acts, under the name of what it is doing.
    pub fn act(&self, doing: &'static str) -> Act {
        Act::new(Actor::System(doing), now(), self.dice.clone())
    }

    pub fn cities(&self) -> Result<Vec<Jurisdiction>> {
        Ok(self.db.read_blocking(territory::jurisdictions)?)
    }

    /// The city of a code, or the only one there is.
    pub fn city(&self, code: Option<&str>) -> Result<Jurisdiction> {
        let cities = self.cities()?;
        let known = || cities.iter().map(|city| city.code.as_str()).collect::<Vec<_>>().join(", ");
        match code {
            Some(code) => match cities.iter().find(|city| city.code == code) {
                Some(city) => Ok(city.clone()),
                None if cities.is_empty() => Err(no_city()),
                None => Err(wrong!("there is no city {code:?}; there are: {}", known())),
            },
            None => match cities.as_slice() {
                [] => Err(no_city()),
                [one] => Ok(one.clone()),
                _ => Err(wrong!("which city? Say --jurisdiction with one of: {}", known())),
            },
        }
    }
}

fn no_city() -> anyhow::Error {
    wrong!("no city is loaded yet; load one with `peyvand city load`")
}
