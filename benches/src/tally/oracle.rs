//! The same files counted by pabutools, with the same order for ties: the ids as text.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use allocation::pots::{self, Pot};
use allocation::{Completion, Election, Increase, Method, Rule, Ties, count, pabulib};
use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::collection::{files, read};
use crate::table;

/// pabutools needs minutes for larger ones.
const MOST_BALLOTS: u64 = 12_000;
/// Its larger shares step by step: only where that ends today.
const MOST_FOR_ADD1: u64 = 400;

pub struct Oracle {
    child: Child,
    into: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Oracle {
    pub fn begin(python: &Path) -> Result<Oracle> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tally/oracle.py");
        let mut child =
            Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let into = child.stdin.take().context("no way in")?;
        let from = BufReader::new(child.stdout.take().context("no way out")?);
        Ok(Oracle { child, into, from })
    }

    /// Winners and CPU seconds, or why not.
    pub fn count(
        &mut self,
        file: &Path,
        rule: &str,
        gain: &str,
    ) -> Result<Result<(Vec<String>, f64), String>> {
        writeln!(self.into, "{}", json!({"file": file, "rule": rule, "gain": gain}))?;
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).context("pabutools has gone")?;
        if let Some(fault) = said["fault"].as_str() {
            return Ok(Err(fault.to_owned()));
        }
        let winners = serde_json::from_value(said["winners"].clone())?;
        Ok(Ok((winners, said["seconds"].as_f64().unwrap_or_default())))
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The same election with its projects in the order of their ids.
pub fn by_id(election: &Election) -> Result<Election> {
    let mut projects: Vec<usize> = (0..election.projects.len()).collect();
    projects.sort_by(|a, b| election.projects[*a].id.cmp(&election.projects[*b].id));
    let mut sorted = pots::of(election, &Pot { name: String::new(), budget: election.budget, projects })?;
    let empty = election.ballots.cast() - sorted.ballots.cast();
    sorted.ballots.put(&mut Vec::new(), u32::try_from(empty)?)?;
    Ok(sorted)
}

struct Question {
    name: &'static str,
    oracle: &'static str,
    gain: &'static str,
    rule: Rule,
}

fn questions(file: &pabulib::File) -> Vec<Question> {
    let rule = |method, increase| Rule {
        completion: Completion { increase, ..Completion::NONE },
        ties: Ties::Published,
        ..Rule::of(method)
    };
    let ask = |name, oracle, gain, rule| Question { name, oracle, gain, rule };
    let add1 = Increase::UntilExhausted { step: file.unit() };
    if matches!(file.vote_type, pabulib::VoteType::Cumulative | pabulib::VoteType::Scoring) {
        return vec![ask("shares, by points", "mes", "points", rule(Method::SharesByNumber, Increase::No))];
    }
    let mut all = vec![
        ask("shares, by cost", "mes", "cost", rule(Method::SharesByCost, Increase::No)),
        ask("shares, by number", "mes", "number", rule(Method::SharesByNumber, Increase::No)),
        ask("Phragmén", "phragmen", "", rule(Method::Phragmen, Increase::No)),
        ask("greedy", "greedy", "", rule(Method::Greedy, Increase::No)),
    ];
    if file.election.ballots.cast() <= MOST_FOR_ADD1 {
        all.push(ask("shares, by cost, add1", "mes+add1", "cost", rule(Method::SharesByCost, add1)));
    }
    all
}

#[derive(Default)]
struct Row {
    same: u64,
    all: u64,
    theirs: f64,
    ours: f64,
    others: Vec<String>,
}

/// Counts a sample both ways; what was not reached.
pub fn beside(folder: &Path, python: &Path, sample: usize) -> Result<Vec<String>> {
    let usable = |path: &PathBuf| {
        let file = read(path).ok()?;
        let kind = file.vote_type != pabulib::VoteType::Ordinal;
        (kind && file.election.ballots.cast() <= MOST_BALLOTS).then(|| (path.clone(), file))
    };
    let paths = files(folder)?;
    let every = (paths.len() / sample.max(1)).max(1);
    // Evenly over the whole collection; where one cannot be used, the next one.
    let mut chosen = Vec::new();
    let mut at = 0;
    while chosen.len() < sample && at < paths.len() {
        let upto = (at + every).min(paths.len());
        chosen.extend(paths[at..upto].iter().find_map(usable));
        at = upto;
    }
    let mut oracle = Oracle::begin(python)?;
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    for (path, file) in &chosen {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let election = by_id(&file.election)?;
        for question in questions(file) {
            let began = Instant::now();
            let outcome = count(&election, &question.rule)?;
            let took = began.elapsed().as_secs_f64();
            let mut own: Vec<&str> = outcome.ids(&election).collect();
            own.sort_unstable();
            let row = rows.entry(question.name).or_default();
            match oracle.count(path, question.oracle, question.gain)? {
                Ok((theirs, seconds)) => {
                    (row.all, row.theirs, row.ours) = (row.all + 1, row.theirs + seconds, row.ours + took);
                    if theirs == own {
                        row.same += 1;
                    } else {
                        row.others.push(name.clone());
                    }
                }
                Err(fault) => println!("  {name}, {}: {fault}", question.name),
            }
        }
    }
    table::heading(&format!("{} files of the collection, beside pabutools", chosen.len()));
    println!("{:<24} {:>13} {:>12} {:>12} {:>8}", "", "same winners", "pabutools s", "peyvand s", "ratio");
    let mut missed = Vec::new();
    for (name, row) in &rows {
        let ratio = row.theirs / row.ours.max(1e-9);
        let same = format!("{} of {}", row.same, row.all);
        println!("{name:<24} {same:>13} {:>12.2} {:>12.3} {ratio:>7.0}×", row.theirs, row.ours);
        if row.same != row.all {
            missed.push(format!("the same winners by {name} ({})", row.others.join(", ")));
        }
    }
    Ok(missed)
}
