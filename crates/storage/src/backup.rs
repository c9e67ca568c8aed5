//! A consistent copy while the city goes on working, and back again.
//!
//! A backup is a folder: `city.db` (an embedded database, whatever engine the rows came from), `files/`, and
//! `manifest.json` with the size and SHA-256 of each, so that a damaged backup is refused before anything is
//! touched. From SQLite the pages are copied by its online backup; rows of PostgreSQL are copied table by table
//! from one snapshot. The same copying, the other way round, restores and moves between the two.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::db::{Db, Options, Target};
use crate::error::{Error, Result};
use crate::files::Files;
use crate::tx::Tx;

mod copy;

#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this folder's layout.
    pub layout: u32,
    /// Epoch milliseconds, UTC: when the copy was begun.
    pub made_at: i64,
    pub program: String,
    pub files: Vec<Item>,
}

#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Item {
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
}

const DATABASE: &str = "city.db";
const MANIFEST: &str = "manifest.json";

/// Copies rows and files into `folder`, which must be empty or absent. Photos are copied after the rows, so
/// that every photo a row names is there. `progress` is told what is done and what there is to do.
pub fn make(
    db: &Db,
    files: &Files,
    folder: &Path,
    made_at: i64,
    progress: impl Fn(u64, u64),
) -> Result<Manifest> {
    fs::create_dir_all(folder)?;
    if fs::read_dir(folder)?.next().is_some() {
        return Err(Error::settings(format_args!("{} is not empty", folder.display())));
    }
    let database = folder.join(DATABASE);
    match db.path() {
        Some(path) => copy_pages(path, &database, &progress)?,
        None => copy::rows(db, &Db::open(&alone(&database))?)?,
    }
    let copied = Files::open(folder.join("files"))?;
    let names = files.all()?;
    for (n, id) in names.iter().enumerate() {
        let bytes = files.get(*id)?.ok_or_else(|| Error::corrupt(format_args!("file {id} vanished")))?;
        copied.put(&bytes)?;
        progress(n as u64 + 1, names.len() as u64);
    }
    let mut items = vec![item(folder, &database)?];
    for id in names {
        items.push(item(folder, &copied.path(id))?);
    }
    let manifest = Manifest { layout: 1, made_at, program: env!("CARGO_PKG_VERSION").into(), files: items };
    fs::write(folder.join(MANIFEST), serde_json::to_vec_pretty(&manifest).map_err(Error::corrupt)?)?;
    fs::File::open(folder)?.sync_all()?;
    Ok(manifest)
}

/// Recomputes every checksum of a backup and names the first file that disagrees.
pub fn verify(folder: &Path) -> Result<Manifest> {
    let text = fs::read(folder.join(MANIFEST))
        .map_err(|e| Error::settings(format_args!("{}: no backup here ({e})", folder.display())))?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(Error::corrupt)?;
    if manifest.layout != 1 {
        return Err(Error::settings("the backup was made by a newer version of the program"));
    }
    for kept in &manifest.files {
        let path = inside(folder, &kept.path)?;
        let found = item(folder, &path).map_err(|e| Error::corrupt(format_args!("{}: {e}", kept.path)))?;
        if found != *kept {
            return Err(Error::corrupt(format_args!("{} is damaged", kept.path)));
        }
    }
    Ok(manifest)
}

/// Puts a verified backup where `target` and `files` say. Refuses to write over a city that is already there.
pub fn restore(folder: &Path, target: &Target, files: &Path) -> Result<Manifest> {
    let manifest = verify(folder)?;
    match target {
        Target::Sqlite(path) => {
            if path.exists() {
                return Err(Error::settings(format_args!("{} exists already", path.display())));
            }
            if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
                fs::create_dir_all(parent)?;
            }
            let half = path.with_extension("restoring");
            fs::copy(folder.join(DATABASE), &half)?;
            fs::File::open(&half)?.sync_all()?;
            fs::rename(&half, path)?;
        }
        Target::Postgres(_) => {
            let to = Db::open(&Options::new(target.clone()))?;
            if !to.read_blocking(crate::journal::jurisdictions)?.is_empty() {
                return Err(Error::settings("the PostgreSQL database already holds a city"));
            }
            // Opening an embedded database may fold its log into the file, so the copy is opened, not the backup.
            let scratch = tempfile::tempdir()?;
            let path = scratch.path().join(DATABASE);
            fs::copy(folder.join(DATABASE), &path)?;
            copy::rows(&Db::open(&alone(&path))?, &to)?;
        }
    }
    let to = Files::open(files)?;
    for kept in manifest.files.iter().filter(|f| f.path != DATABASE) {
        to.put(&fs::read(inside(folder, &kept.path)?)?)?;
    }
    Ok(manifest)
}

fn alone(path: &Path) -> Options {
    Options { readers: 1, slow_readers: 1, ..Options::new(Target::Sqlite(path.to_owned())) }
}

/// A path from a manifest may not lead out of its folder.
fn inside(folder: &Path, path: &str) -> Result<PathBuf> {
    let plain = Path::new(path).components().all(|c| matches!(c, std::path::Component::Normal(_)));
    if plain {
        Ok(folder.join(path))
    } else {
        Err(Error::corrupt(format_args!("{path} leads out of the backup")))
    }
}

fn copy_pages(from: &Path, to: &Path, progress: impl Fn(u64, u64)) -> Result<()> {
    let from = rusqlite::Connection::open_with_flags(from, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut target = rusqlite::Connection::open(to)?;
    {
        // One step holds one read snapshot, so a busy writer can never make the copy start over.
        let backup = rusqlite::backup::Backup::new(&from, &mut target)?;
        match backup.step(-1)? {
            rusqlite::backup::StepResult::Done => {}
            other => return Err(Error::Unavailable(format!("the online copy stopped: {other:?}").into())),
        }
        let done = backup.progress();
        progress(done.pagecount as u64, done.pagecount as u64);
    }
    // The copy must be one file that can be carried away.
    target.execute_batch("PRAGMA journal_mode = DELETE")?;
    drop(target);
    fs::File::open(to)?.sync_all()?;
    Ok(())
}

fn item(folder: &Path, path: &Path) -> Result<Item> {
    let mut file = fs::File::open(path)?;
    let mut sha = Sha256::new();
    let mut buffer = vec![0u8; 1 << 20];
    let mut bytes = 0;
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        bytes += n as u64;
        sha.update(buffer.get(..n).unwrap_or(&[]));
    }
    let relative = path.strip_prefix(folder).map_err(Error::corrupt)?;
    Ok(Item {
        path: relative.to_string_lossy().into_owned(),
        bytes,
        sha256: sha.finalize().iter().map(|b| format!("{b:02x}")).collect(),
    })
}

/// The names of all tables that hold rows of their own, for tests that compare two databases.
pub fn tables(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    copy::tables(tx)
}
