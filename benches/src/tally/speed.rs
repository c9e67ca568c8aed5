//! Seconds and memory, each against its limit.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use allocation::{Completion, Increase, Method, Rule, Ties, count, pabulib};
use anyhow::Result;

use super::made_up::city;
use super::oracle::{Oracle, by_id};
use crate::table;

const QUARTER_S: f64 = 0.2;
const PASS_S: f64 = 1.0;
const COMPLETION_S: f64 = 10.0;
const MEMORY_MB: f64 = 300.0;

fn shares(increase: Increase) -> Rule {
    let completion = Completion { increase, ..Completion::NONE };
    Rule { completion, ties: Ties::Published, ..Rule::of(Method::SharesByCost) }
}

/// 2,500 projects and 500,000 ballots, from a file: one pass, a whole completion, memory.
pub fn large(folder: &Path) -> Result<Vec<String>> {
    let path = folder.join("city.pb");
    write(&path, 1, 2_500, 500_000, 10_000_000)?;
    let began = Instant::now();
    let file = super::collection::read(&path)?;
    let read = began.elapsed().as_secs_f64();
    let election = &file.election;
    table::heading(&format!(
        "A city: {} projects, {} ballots, {} of them different",
        election.projects.len(),
        election.ballots.cast(),
        election.ballots.groups()
    ));
    let mut missed = Vec::new();
    let mut line = |what: &str, value: f64, unit: &str, limit: f64| {
        table::line(what, value, unit, &format!("{:.2} of {limit} {unit}", value / limit));
        if value > limit {
            missed.push(format!("{what} within {limit} {unit}"));
        }
    };
    table::line("reading the file", read, "s", "");
    let began = Instant::now();
    let outcome = count(election, &shares(Increase::No))?;
    line("equal shares, one pass", began.elapsed().as_secs_f64(), "s", PASS_S);
    println!(
        "  {} winners, {:.1} % spent",
        outcome.winners.len(),
        100.0 * outcome.spent as f64 / election.budget as f64
    );
    // A hundredth of the first share a step.
    let share = election.budget / election.ballots.cast().max(1) as i64;
    let increase = Increase::UntilOverspent { step: (share / 100).max(1) };
    let mut rule = shares(increase);
    rule.completion.fill = true;
    let began = Instant::now();
    let outcome = count(election, &rule)?;
    line("equal shares, add1 by 1 % of a share, filled", began.elapsed().as_secs_f64(), "s", COMPLETION_S);
    let spent = 100.0 * outcome.spent as f64 / election.budget as f64;
    println!("  {} winners, {spent:.1} % spent, {} passes", outcome.winners.len(), outcome.passes);
    let began = Instant::now();
    count(election, &Rule { ties: Ties::Published, ..Rule::of(Method::Phragmen) })?;
    table::line("sequential Phragmén", began.elapsed().as_secs_f64(), "s", "");
    if let Some(peak) = peak_mb() {
        line("memory at most", peak, "MB", MEMORY_MB);
    }
    Ok(missed)
}

/// 100 projects and 10,000 ballots, completed in single units, beside pabutools where it is there.
pub fn quarter(folder: &Path, python: Option<&Path>) -> Result<Vec<String>> {
    let path = folder.join("quarter.pb");
    write(&path, 2, 100, 10_000, 1)?;
    let file = super::collection::read(&path)?;
    let election = by_id(&file.election)?;
    let step = file.unit();
    let began = Instant::now();
    let outcome = count(&election, &shares(Increase::UntilOverspent { step }))?;
    let took = began.elapsed().as_secs_f64();
    table::heading("A quarter: 100 projects, 10,000 ballots");
    table::line("equal shares, add1", took, "s", &format!("{:.2} of {QUARTER_S} s", took / QUARTER_S));
    println!(
        "  {} passes, {} steps skipped, share {:.1}",
        outcome.passes,
        outcome.skipped,
        outcome.share.map_or(0.0, |share| share.each())
    );
    if let Some(python) = python {
        let mut oracle = Oracle::begin(python)?;
        let methods = [
            ("mes", shares(Increase::No)),
            ("phragmen", Rule { ties: Ties::Published, ..Rule::of(Method::Phragmen) }),
        ];
        for (name, rule) in methods {
            let began = Instant::now();
            let outcome = count(&election, &rule)?;
            let own = began.elapsed().as_secs_f64();
            if let Ok((winners, theirs)) = oracle.count(&path, name, "cost")? {
                let mut ids: Vec<&str> = outcome.ids(&election).collect();
                ids.sort_unstable();
                let same = if winners == ids { "the same winners" } else { "OTHER WINNERS" };
                println!(
                    "{name:<44} pabutools {theirs:.2} s, peyvand {own:.4} s: {:.0}×, {same}",
                    theirs / own
                );
            }
        }
    }
    Ok(if took > QUARTER_S { vec![format!("a quarter within {QUARTER_S} s")] } else { Vec::new() })
}

fn write(path: &Path, seed: u64, projects: usize, voters: usize, unit: i64) -> Result<()> {
    let meta = [("description", "Made up for a benchmark"), ("unit", "Sample"), ("instance", "1")];
    let file = pabulib::File {
        meta: meta.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec(),
        vote_type: pabulib::VoteType::Approval,
        decimals: 0,
        election: city(seed, projects, voters, unit)?,
        columns: Vec::new(),
        details: Vec::new(),
        repeated: 0,
    };
    let mut into = BufWriter::new(File::create(path)?);
    pabulib::write(&file, &mut into)?;
    into.flush()?;
    Ok(())
}

/// The most memory that this process has held so far.
fn peak_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}
