//! `test`: all promises, in the order in which a mistake is cheapest to find. The automated run calls
//! nothing else. A part that fails does not hide the parts after it; they are summed up at the end.

use anyhow::{Context, Result, bail};
use journeys::kills::Plan;
use journeys::misfortunes;

use crate::postgres::Postgres;
use crate::program::{self, Demo};
use crate::step::{cargo, is_interrupted, on_path, option, root, step};
use crate::{clients, setup, vendor};

/// The parts that `--only` can name.
const PARTS: &[&str] = &["rust", "kills", "misfortunes", "clients", "journeys"];

pub fn run(words: &[String]) -> Result<()> {
    let (words, for_runner) = match words.iter().position(|word| word == "--") {
        Some(at) => (&words[..at], &words[at + 1..]),
        None => (words, &[][..]),
    };
    let only = option(words, "--only");
    if let Some(part) = only.into_iter().flat_map(|list| list.split(',')).find(|part| !PARTS.contains(part)) {
        bail!("there is no part {part:?}; the parts are {}", PARTS.join(", "));
    }
    let wants = |part: &str| only.is_none_or(|list| list.split(',').any(|named| named == part));

    if wants("rust") || wants("misfortunes") {
        setup::for_stories()?;
    }
    if wants("clients") {
        setup::for_clients()?;
    }
    if wants("journeys") {
        setup::for_browser()?;
    }
    step("Building the program and its tests", program::build)?;

    let mut failed = Vec::new();
    let mut note = |part: &'static str, outcome: Result<()>| {
        if let Err(failure) = outcome {
            println!("{failure:#}");
            failed.push(part);
        }
    };
    if wants("rust") {
        note("vendor", step("What we ship of others is what the lock says", || vendor::run(&[])));
        note("rust", rust(for_runner));
    }
    if wants("kills") {
        note("kills", step("Five kills under load", || kill(5, None)));
    }
    if wants("misfortunes") {
        note("misfortunes", step("Bad days of a machine", bad_days));
    }
    if wants("clients") || wants("journeys") {
        match step("Serving a small demo city", Demo::start) {
            Ok(demo) => {
                let base = demo.server.base();
                if wants("clients") {
                    note("clients", step("Outside clients", || clients::run(&base)));
                }
                if wants("journeys") {
                    note("journeys", step("Journeys in the browser", || journeys(&demo)));
                }
                note("stop", step("Stopping the demo city", || demo.stop()));
            }
            Err(failure) => note("serve", Err(failure)),
        }
    }
    if is_interrupted() {
        bail!("interrupted");
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    println!("\nAll promises hold.");
    Ok(())
}

/// `kills`: the same trial as in `test`, as long as one likes.
pub fn kills(words: &[String]) -> Result<()> {
    let count = option(words, "--count").unwrap_or("100").parse().context("--count wants a number")?;
    let seed = option(words, "--seed").map(str::parse).transpose().context("--seed wants a number")?;
    step("Building the program", program::build)?;
    step(&format!("{count} kills under load"), || kill(count, seed))
}

/// Rules and stories of every crate; the stories run on SQLite and on a private PostgreSQL.
fn rust(for_runner: &[String]) -> Result<()> {
    let postgres = step("Starting a private PostgreSQL", Postgres::start)?;
    let mut command = cargo();
    if on_path("cargo-nextest").is_some() {
        command.args(["nextest", "run", "--workspace"]);
    } else {
        command.args(["test", "--workspace", "--no-fail-fast"]);
    }
    command.args(for_runner).env("PEYVAND_TEST_POSTGRES", postgres.url());
    step("Rules and stories, on SQLite and PostgreSQL", || crate::step::run(&mut command))
}

fn kill(kills: u32, seed: Option<u64>) -> Result<()> {
    let folder = program::Folder::new("kills")?;
    let mut plan = Plan::new(&program::path()?, &root(), &folder.0);
    plan.kills = kills;
    plan.seed = seed.unwrap_or(plan.seed);
    let tally = journeys::kills::run(&plan, &is_interrupted)?;
    println!("{tally}");
    Ok(())
}

/// Each in a folder of its own; all are tried, whatever becomes of the first.
fn bad_days() -> Result<()> {
    type Trial = fn(&Plan) -> Result<()>;
    const TRIALS: &[(&str, Trial)] = &[
        ("an end in a rush", misfortunes::end_in_a_rush),
        ("a sender that is killed", journeys::messages::killed_while_sending),
        ("a full disk", misfortunes::full_disk),
        ("a full disk is noticed", misfortunes::full_disk_is_noticed),
        ("a held database", misfortunes::held_database),
        ("a lost database", misfortunes::lost_database),
        ("no database", misfortunes::no_database),
        ("a lost PostgreSQL", |plan| {
            let postgres = Postgres::start()?;
            misfortunes::lost_postgres(plan, &postgres.url(), || drop(postgres))
        }),
    ];
    let mut failed = Vec::new();
    for (name, trial) in TRIALS {
        let folder = program::Folder::new("bad-day")?;
        let plan = Plan::new(&program::path()?, &root(), &folder.0);
        if let Err(failure) = trial(&plan) {
            println!("{name}: {failure:#}");
            failed.push(*name);
        }
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn journeys(demo: &Demo) -> Result<()> {
    let mut command = crate::shots::node(&demo.server.base())?;
    command.env("PEYVAND_DATA", demo.data());
    // One file after the other: the machine is small, and a slow page must not look like a broken one.
    command.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]);
    let folder = setup::journeys().join("browser");
    let mut files: Vec<_> = std::fs::read_dir(&folder)?.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    crate::step::run(command.args(files))
}
