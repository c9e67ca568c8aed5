//! A copy of everything while the city goes on working, and back again, or into another database.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use language::Lang;
use requests::list;
use storage::files::Files;
use storage::{Db, Target, Tx, backup};

use crate::end::{say, wrong};
use crate::house;
use crate::progress;
use crate::settings::{Settings, masked};

pub fn make(settings: &Settings, folder: &Path) -> Result<ExitCode> {
    let house = house::open_existing(settings)?;
    let manifest = copy(&house.db, &house.files, folder)?;
    let bytes: u64 = manifest.files.iter().map(|item| item.bytes).sum();
    say!(
        "The backup in {} has {} files, {:.1} MB, and its checksums are right.",
        folder.display(),
        manifest.files.len(),
        bytes as f64 / 1e6
    );
    Ok(ExitCode::SUCCESS)
}

fn copy(db: &Db, files: &Files, folder: &Path) -> Result<backup::Manifest> {
    let bar = progress::bar("Copying", 0);
    backup::make(db, files, folder, house::now().0, |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })
    .with_context(|| format!("backing up into {}", folder.display()))?;
    bar.finish_and_clear();
    // What cannot be read back is no backup.
    backup::verify(folder).context("reading the backup back")
}

pub fn restore(settings: &Settings, folder: &Path) -> Result<ExitCode> {
    if !folder.join("manifest.json").is_file() {
        return Err(wrong!("{} is no backup: it has no manifest.json", folder.display()));
    }
    std::fs::create_dir_all(&settings.data).with_context(|| format!("making {}", settings.data.display()))?;
    let bar = progress::count("Restoring");
    let manifest = backup::restore(folder, &settings.target, &settings.files())
        .with_context(|| format!("restoring {}", folder.display()))?;
    bar.finish_and_clear();
    index_words(&settings.target)?;
    say!("Restored {} files. `peyvand check` verifies every part of it.", manifest.files.len());
    Ok(ExitCode::SUCCESS)
}

pub fn move_to(settings: &Settings, to: &str) -> Result<ExitCode> {
    let to = Target::parse(to)?;
    if to == settings.target {
        return Err(wrong!("the city is in that database already"));
    }
    let house = house::open_existing(settings)?;
    let scratch = tempfile::Builder::new().prefix("moving-").tempdir_in(&settings.data)?;
    let folder = scratch.path().join("copy");
    copy(&house.db, &house.files, &folder)?;
    backup::restore(&folder, &to, &settings.files()).context("filling the other database")?;
    index_words(&to)?;
    let name = match &to {
        Target::Sqlite(path) => format!("sqlite:{}", path.display()),
        Target::Postgres(url) => masked(url),
    };
    say!(
        "The city is in {name} too. Set `database` to it in peyvand.toml; nothing was taken away from the old one."
    );
    Ok(ExitCode::SUCCESS)
}

/// Requests whose words are indexed in one transaction.
const PAGE: u32 = 1000;

/// Search words are not carried between kinds of database, so they are made anew where they are missing.
fn index_words(target: &Target) -> Result<()> {
    let db = house::database(target)?;
    let bar = progress::count("Indexing words");
    for city in db.read_blocking(territory::jurisdictions)?.iter().map(|city| city.id) {
        if db.read_blocking(move |tx| is_indexed(tx, city))? {
            continue;
        }
        let mut after = Some(-1);
        while let Some(last) = after {
            after = db.write_blocking(move |tx| requests::search::rebuild(tx, city, last, PAGE))?;
            bar.inc(u64::from(PAGE));
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// Whether the newest request is found by the name of its service, which is a part of its search words.
fn is_indexed(tx: &mut Tx<'_>, city: i64) -> storage::Result<bool> {
    let catalogue = requests::catalogue(tx, city)?;
    let newest = list::list(tx, &list::Filter { limit: 1, ..list::Filter::of(city) })?;
    let Some(newest) = newest.requests.first() else { return Ok(true) };
    let name = catalogue.service(newest.service).map_or("", |s| s.name(Lang::Fa));
    Ok(requests::search::find(tx, city, &format!("{name} "), 5)?.contains(&newest.id))
}
