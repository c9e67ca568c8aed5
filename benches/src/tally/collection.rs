//! What real cities decided, decided again from their ballots.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Instant;

use allocation::{Completion, Increase, Method, Rule, Ties, count, pabulib};
use anyhow::Result;

use crate::table;

/// Of the three pure greedy classes so many of 1,289 are known to be what a textbook gives; the others were decided by
/// hand.
const LEAST_SHARE: f64 = 1_284.0 / 1_289.0;

pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "pb")).collect();
    files.sort();
    Ok(files)
}

pub fn read(path: &Path) -> Result<pabulib::File, pabulib::Fault> {
    let fault = |e: std::io::Error| pabulib::Fault { line: 0, what: e.to_string() };
    pabulib::read(BufReader::with_capacity(1 << 20, File::open(path).map_err(fault)?))
}

/// The rule that a file declares, where it is one of ours.
fn declared(file: &pabulib::File) -> Option<Rule> {
    let least_score = file.least_score().unwrap_or(0);
    // A file stands in the order in which its city ranked equals.
    let greedy = |method| Rule { least_score, ties: Ties::Published, ..Rule::of(method) };
    let shares = |compare| {
        let increase = Increase::UntilOverspent { step: file.unit() };
        let completion = Completion { increase, fill: false, compare };
        Rule { completion, ..greedy(Method::SharesByCost) }
    };
    match file.meta("rule")? {
        "greedy" | "greedy-threshold" | "greedy-exclusive" | "greedy-custom" => Some(greedy(Method::Greedy)),
        "greedy-no-skip" => Some(greedy(Method::GreedyNoSkip)),
        "equalshares/add1" => Some(shares(false)),
        "equalshares/add1-comparison" => Some(shares(true)),
        _ => None,
    }
}

#[derive(Default)]
struct Class {
    files: u64,
    same: u64,
    others: Vec<String>,
}

/// Counts every file whose outcome is known; what was not reached.
pub fn decided(folder: &Path) -> Result<Vec<String>> {
    let mut classes: BTreeMap<String, Class> = BTreeMap::new();
    let (mut read_in, mut ballots, mut refused) = (0u64, 0u64, Vec::new());
    let (mut votes, mut repeated) = ((0u64, 0u64), 0u64);
    let began = Instant::now();
    for path in files(folder)? {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let file = match read(&path) {
            Ok(file) => file,
            Err(fault) => {
                refused.push(format!("{name}, {fault}"));
                continue;
            }
        };
        (read_in, ballots) = (read_in + 1, ballots + file.election.ballots.cast());
        let published: Option<Vec<u64>> =
            (0..file.election.projects.len()).map(|at| file.detail(at, "votes")?.parse().ok()).collect();
        if let Some(published) = published {
            votes.0 += u64::from(published == file.election.votes());
            votes.1 += 1;
            repeated += u64::from(file.repeated > 0);
        }
        let (Some(selected), Some(rule)) = (file.selected(), declared(&file)) else { continue };
        let class = classes.entry(file.meta("rule").unwrap_or_default().to_owned()).or_default();
        class.files += 1;
        let outcome = count(&file.election, &rule)?;
        let is_same = (0..selected.len()).all(|at| (selected[at] == 1) == outcome.has(at));
        if is_same {
            class.same += 1;
        } else {
            class.others.push(name);
        }
    }
    let took = began.elapsed().as_secs_f64();
    table::heading("What cities decided, decided again");
    println!(
        "{read_in} files with {ballots} ballots read and counted in {took:.1} s; {} refused",
        refused.len()
    );
    refused.iter().for_each(|one| println!("  refused: {one}"));
    println!(
        "votes of every project as published: {} of {} files; {repeated} have ballots that name a project twice",
        votes.0, votes.1
    );
    for (rule, class) in &classes {
        println!("{rule:<30} {:>5} of {:>5}  {}", class.same, class.files, shown(&class.others));
    }
    let of = |names: &[&str]| {
        let all = names.iter().filter_map(|name| classes.get(*name));
        all.fold((0, 0), |sum, class| (sum.0 + class.same, sum.1 + class.files))
    };
    let (same, all) = of(&["greedy", "greedy-threshold", "greedy-no-skip"]);
    println!("pure greedy classes: {same} of {all}");
    let shares = of(&["equalshares/add1", "equalshares/add1-comparison"]);
    let mut missed = Vec::new();
    if (same as f64) < all as f64 * LEAST_SHARE {
        missed.push(format!("{:.0} of {all} greedy outcomes", all as f64 * LEAST_SHARE));
    }
    if shares.0 != shares.1 {
        missed.push("every outcome by equal shares".into());
    }
    Ok(missed)
}

fn shown(others: &[String]) -> String {
    let mut shown = others.iter().take(6).cloned().collect::<Vec<_>>().join(", ");
    if others.len() > 6 {
        shown += ", …";
    }
    if shown.is_empty() { shown } else { format!("not: {shown}") }
}
