//! `bench`: the load and size benchmarks. Each prints a table with a ratio against a named limit that was
//! measured in the same run on the same machine. `benches/README.md` says what each of them asks.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::step::{cargo, option, output, root, run as run_command, step};

/// In this order: the large city of the first is what the others measure.
const BENCHES: &[(&str, &str)] = &[
    ("fill", "Making the large city, once"),
    ("create", "Durable creates, against raw inserts of the same rows"),
    ("pages", "Pages a second, time to ready, memory"),
    ("queries", "Boxes, tiles and words"),
    ("import", "Rows a second brought in"),
    ("storm", "A storm with 150 screens open"),
    ("plan", "Plans of crews, beside other engines"),
    ("day-simulation", "A simulated day of crews"),
    ("tally", "Ballots into winners"),
    ("suggest", "Services suggested for words that were held back"),
];

pub fn run(words: &[String]) -> Result<()> {
    let only = option(words, "--only");
    if let Some(name) = only.into_iter().flat_map(|list| list.split(',')).find(|name| !is_known(name)) {
        let names: Vec<_> = BENCHES.iter().map(|(name, _)| *name).collect();
        bail!("there is no benchmark {name:?}; there are {}", names.join(", "));
    }
    let requests = option(words, "--requests").unwrap_or("1000000");
    step("Building the program and the benchmarks for speed", || {
        run_command(cargo().args(["build", "--release", "--package", "peyvand", "--package", "benches"]))
    })?;
    let facts = output(cargo().args(["metadata", "--no-deps", "--format-version=1"]))?;
    let facts: serde_json::Value = serde_json::from_str(&facts)?;
    let target = facts["target_directory"].as_str().context("cargo names no target folder")?;
    let mut failed = Vec::new();
    for (name, about) in BENCHES {
        if only.is_some_and(|list| list.split(',').all(|wanted| wanted != *name)) {
            continue;
        }
        let mut command = Command::new(format!("{target}/release/benches"));
        command.current_dir(root()).args(["--requests", requests, name]);
        // One that fails does not hide the numbers of the others.
        if step(about, || run_command(&mut command)).map_err(|failure| println!("{failure:#}")).is_err() {
            failed.push(*name);
        }
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn is_known(name: &str) -> bool {
    BENCHES.iter().any(|(known, _)| *known == name)
}
