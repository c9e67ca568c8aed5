//! What anybody needs to count again: for each pot a file of ballots without persons, the rule, the seed, the engine
//! and the winners. Its hash stands in the journal, so nobody can exchange it later.
//!
//! A ballot tells nobody's name, but a long one that nobody else filled in the same way may be known to somebody who
//! was told of it. Rare ballots are covered as far as the result stays the same: [`Cover`] says how.

use std::collections::BTreeMap;

use allocation::pabulib::{self, File, VoteType};
use allocation::{Ballots, Completion, Election, Method, Outcome, Refusal, Rule, Ties};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use storage::Tx;

use super::{Boxes, PotBox, boxes, results};
use crate::coded::coded;
use crate::refusal::ProjectError;
use crate::rounds::{Round, RoundId};
use crate::rules::BallotKind;

coded! {
    /// How rare ballots are covered in what is published.
    Cover {
        /// No ballot is rare.
        None = "none",
        /// Each choice of a rare ballot stands on a ballot of its own: sums are the same.
        Split = "split",
        /// Rare ballots name nothing; the same projects win in the same order.
        Blank = "blank",
        /// They stand as they are, because the result could not be counted again without them.
        Whole = "whole",
    }
}

/// Fewer alike than these are rare, when they name more than two projects.
const ALIKE: u32 = 3;
const SHORT: usize = 2;

/// The published file of one pot.
#[derive(Debug, Clone)]
pub struct Covered {
    pub cover: Cover,
    /// Ballots that were split or blanked.
    pub rare: u64,
    pub text: String,
    pub digest: String,
}

/// Writes the ballots of a pot for everybody.
pub fn covered(round: &Round, pot: &PotBox, rule: &Rule, outcome: &Outcome) -> Result<Covered, Refusal> {
    let ballots = &pot.election.ballots;
    let is_rare = |group: usize| ballots.times(group) < ALIKE && ballots.named(group).len() > SHORT;
    let rare: u64 = (0..ballots.groups())
        .filter(|group| is_rare(*group))
        .map(|group| u64::from(ballots.times(group)))
        .sum();
    let counts_sums = matches!(rule.method, Method::Greedy | Method::GreedyNoSkip);
    let tries: &[Cover] = match (rare, counts_sums) {
        (0, _) => &[Cover::None],
        (_, true) => &[Cover::Split],
        (_, false) => &[Cover::Blank, Cover::Whole],
    };
    let mut last = (Cover::Whole, pot.election.clone());
    for cover in tries {
        let election = Election { ballots: put(ballots, *cover, is_rare)?, ..pot.election.clone() };
        last = (*cover, election);
        if allocation::count(&last.1, rule)?.winners == outcome.winners {
            break;
        }
    }
    let (cover, election) = last;
    let text = written(round, pot, outcome, election);
    let digest = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
    let rare = if matches!(cover, Cover::Split | Cover::Blank) { rare } else { 0 };
    Ok(Covered { cover, rare, text, digest })
}

fn put(from: &Ballots, cover: Cover, is_rare: impl Fn(usize) -> bool) -> Result<Ballots, Refusal> {
    let mut into = Ballots::default();
    for group in 0..from.groups() {
        let mut choice: Vec<(u32, u32)> = from.choice(group).collect();
        match cover {
            Cover::Split if is_rare(group) => {
                for one in choice {
                    into.put(&mut vec![one], from.times(group))?;
                }
            }
            Cover::Blank if is_rare(group) => into.put(&mut Vec::new(), from.times(group))?,
            _ => into.put(&mut choice, from.times(group))?,
        }
    }
    Ok(into)
}

fn written(round: &Round, pot: &PotBox, outcome: &Outcome, election: Election) -> String {
    let kind = match round.rules.ballot.kind {
        BallotKind::Approval | BallotKind::Knapsack => VoteType::Approval,
        // Points, and places as points: the count needs nothing else.
        BallotKind::Points | BallotKind::Ranked => VoteType::Cumulative,
    };
    let name =
        if pot.pot.name.en.is_empty() { format!("pot {}", pot.pot.number) } else { pot.pot.name.en.clone() };
    let meta = [
        ("description", format!("{} {}", round.name.en, round.code)),
        ("unit", round.name.en.clone()),
        ("subunit", name),
        ("instance", round.code.clone()),
        ("rule", format!("{}/{}", round.rules.allocation.rule, round.rules.allocation.completion)),
        ("currency", "IRR".to_owned()),
    ];
    let votes = election.votes();
    let details = (0..election.projects.len())
        .map(|at| {
            vec![votes.get(at).copied().unwrap_or(0).to_string(), i32::from(outcome.has(at)).to_string()]
        })
        .collect();
    let file = File {
        meta: meta.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        vote_type: kind,
        decimals: 0,
        election,
        columns: vec!["votes".into(), "selected".into()],
        details,
        repeated: 0,
    };
    let mut bytes = Vec::new();
    // Writing into memory does not fail.
    let _ = pabulib::write(&file, &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The words after `peyvand tally FILE` that count this again.
pub(super) fn command(rule: &Rule) -> String {
    let method = match rule.method {
        Method::Greedy => "greedy",
        Method::GreedyNoSkip => "greedy-no-skip",
        Method::SharesByCost => "mes",
        Method::SharesByNumber => "mes-cardinality",
        Method::Phragmen => "phragmen",
    };
    use allocation::Increase::{No, UntilExhausted, UntilOverspent};
    let Completion { increase, fill, .. } = rule.completion;
    let completion = match (increase, fill) {
        (No, false) => "none",
        (No, true) => "fill",
        (UntilOverspent { .. }, false) => "add1",
        (UntilOverspent { .. }, true) => "add1-fill",
        (UntilExhausted { .. }, false) => "add1-exhaustive",
        (UntilExhausted { .. }, true) => "add1-exhaustive-fill",
    };
    let mut words = format!("--rule {method} --completion {completion}");
    if let UntilOverspent { step } | UntilExhausted { step } = increase {
        words += &format!(" --step {step}");
    }
    if let Ties::Drawn { seed } = &rule.ties {
        words += &format!(" --ties drawn --seed {seed}");
    }
    words
}

/// Everything of a round: what to read first, and the files by name.
#[derive(Debug, Clone)]
pub struct Bundle {
    pub about: Value,
    pub files: BTreeMap<String, String>,
}

/// The bundle of a round that was counted. The files are written again from the opened ballots and are the same ones
/// whose hashes were recorded with the result.
pub fn bundle(tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId) -> Result<Option<Bundle>, ProjectError> {
    let results = results(tx, jurisdiction, round)?;
    if results.is_empty() {
        return Ok(None);
    }
    let Boxes { round, pots } = boxes(tx, jurisdiction, round)?;
    let mut files = BTreeMap::new();
    let mut parts = Vec::new();
    for result in &results {
        let Some(pot) = pots.iter().find(|pot| pot.pot.id == result.pot) else { continue };
        let rule: Rule = serde_json::from_str(&result.rule).map_err(storage::Error::corrupt)?;
        let winners: Vec<usize> = result
            .winners
            .iter()
            .filter_map(|number| pot.offers.iter().position(|offer| offer.number == *number))
            .collect();
        let outcome = allocation::count(&pot.election, &rule).map_err(storage::Error::corrupt)?;
        let covered = covered(&round, pot, &rule, &outcome).map_err(storage::Error::corrupt)?;
        if covered.digest != result.digest || outcome.winners != winners {
            return Err(
                storage::Error::corrupt("the ballots of a round are not those that were counted").into()
            );
        }
        let name = format!("{}-{}.pb", round.code, pot.pot.number);
        parts.push(json!({
            "pot": pot.pot.number,
            "file": name,
            "sha256": covered.digest,
            "budget": result.budget,
            "spent": result.spent,
            "ballots": result.voters,
            "rare_ballots": { "cover": covered.cover.code(), "ballots": covered.rare, "alike_below": ALIKE },
            "count_again": format!("peyvand tally {name} {}", command(&rule)),
            "winners": result.winners,
        }));
        files.insert(name, covered.text);
    }
    let about = json!({
        "round": round.code,
        "engine": results.first().map(|result| result.engine.clone()),
        "rules": round.rules,
        "rules_sha256": round.rules_hash,
        "seed": round.seed,
        "seed_sha256": round.seed_hash,
        "pots": parts,
    });
    Ok(Some(Bundle { about, files }))
}
