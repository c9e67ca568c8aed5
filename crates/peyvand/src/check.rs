//! Does everything that is stored still agree: pages, chain, files, figures.

use std::process::ExitCode;

use anyhow::Result;
use storage::files::FileId;
use storage::{check, followers, journal};

use crate::end::say;
use crate::house::{self, House};
use crate::progress;
use crate::settings::Settings;

pub fn run(settings: &Settings) -> Result<ExitCode> {
    let house = house::open_existing(settings)?;
    let mut wrong = 0;
    let mut say = |part: &str, outcome: Result<String>| match outcome {
        Ok(fine) => say!("ok     {part}: {fine}"),
        Err(problem) => {
            wrong += 1;
            say!("WRONG  {part}: {problem:#}");
        }
    };
    say("database", database(&house));
    say("journal", chain(&house));
    say("files", files(&house));
    for city in house.cities()? {
        say(&format!("figures of {}", city.code), figures(&house, city.id));
    }
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn database(house: &House) -> Result<String> {
    house.db.read_blocking(check::database)?;
    Ok("every page and index is in order".into())
}

fn chain(house: &House) -> Result<String> {
    let bar = progress::count("Reading the journal");
    let facts = house.db.read_blocking(move |tx| {
        let facts = check::journals(tx, |n| bar.set_position(n.unsigned_abs()))?;
        bar.finish_and_clear();
        Ok::<_, storage::Error>(facts)
    })?;
    Ok(format!("{facts} facts, and no link of the chain is missing"))
}

/// Every photo that a row names is there, whole. Files that no row names are harmless: a photo may have been sent
/// for a report that was never finished.
fn files(house: &House) -> Result<String> {
    let named = house.db.read_blocking(requests::check::photo_files)?;
    let there = house.files.all()?;
    let bar = progress::bar("Reading files", there.len() as u64);
    let mut damaged = Vec::new();
    for id in &there {
        if house.files.get(*id).is_err() {
            damaged.push(format!("{id} is damaged"));
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    for name in &named {
        let is_there = FileId::parse(name).is_some_and(|id| there.binary_search(&id).is_ok());
        if !is_there {
            damaged.push(format!("{name} is missing"));
        }
    }
    if let Some(first) = damaged.first() {
        anyhow::bail!("{first} ({} problems in all)", damaged.len());
    }
    let orphans = there.iter().filter(|id| !named.contains(&id.to_string())).count();
    Ok(format!("{} files, {} named by requests, {orphans} by none", there.len(), named.len()))
}

/// The figures agree with the requests they count, once their follower has read everything.
fn figures(house: &House, jurisdiction: i64) -> Result<String> {
    house.db.read_blocking(move |tx| {
        let (head, _) = journal::head(tx, jurisdiction)?;
        let seen = followers::cursor(tx, requests::figures::FOLLOWER.name, jurisdiction)?.unwrap_or(0);
        if seen < head {
            return Ok(format!(
                "{} facts behind; they are compared when the worker has caught up",
                head - seen
            ));
        }
        let mut problems = requests::check::figures(tx, jurisdiction)?;
        problems.extend(requests::check::replies(tx, jurisdiction)?);
        match problems.first() {
            None => Ok("they agree with the requests".into()),
            Some(first) => Err(anyhow::anyhow!("{first} ({} differences in all)", problems.len())),
        }
    })
}
