//! Counts the ballots of a file, so that anyone can count a round again on their own machine.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use allocation::{Completion, Election, Increase, Method, Outcome, Rule, Ties, explain, measures, pabulib};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::end::{say, wrong};

/// A file of ballots and the rule to count them by.
#[derive(Debug, Args)]
pub struct Tally {
    /// Projects and ballots as a PabuLib file (.pb)
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// How winners are found [default: the rule that FILE names, else greedy]
    #[arg(long, value_enum)]
    pub rule: Option<RuleName>,
    /// What happens with money that equal shares leave over [default: what the rule of FILE names, else none]
    #[arg(long, value_enum)]
    pub completion: Option<CompletionName>,
    /// By how much everybody's share grows in a step of add1, in the currency of FILE [default: 1]
    #[arg(long, value_name = "AMOUNT")]
    pub step: Option<String>,
    /// Take the greedy outcome if more voters gain by it
    #[arg(long)]
    pub compare: bool,
    /// Projects with a lower score are out [default: min_project_score_threshold of FILE]
    #[arg(long, value_name = "SCORE")]
    pub least: Option<u64>,
    /// Who comes first of equals
    #[arg(long, value_enum, default_value = "published")]
    pub ties: TiesName,
    /// The published seed of --ties drawn
    #[arg(long, value_name = "TEXT", required_if_eq("ties", "drawn"))]
    pub seed: Option<String>,
    /// Keep to the budgets of single categories and neighbourhoods in FILE
    #[arg(long)]
    pub caps: bool,
    /// Also say why this project won or lost
    #[arg(long, value_name = "ID")]
    pub explain: Option<String>,
    /// Print a document with every step and reason instead of lines
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RuleName {
    /// By score; what does not fit is skipped
    #[value(aliases = ["greedy-threshold", "greedy-exclusive"])]
    Greedy,
    /// By score, until something does not fit
    GreedyNoSkip,
    /// Method of Equal Shares, gains measured by cost
    #[value(aliases = ["equalshares", "mes-cost"])]
    Mes,
    /// Method of Equal Shares, gains measured by number of projects or points
    #[value(aliases = ["equalshares-cardinality", "mes-number"])]
    MesCardinality,
    /// Sequential Phragmén
    Phragmen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CompletionName {
    /// One pass
    None,
    /// Larger shares until the budget would be overspent
    #[value(alias = "add1-overspend")]
    Add1,
    /// Larger shares until nothing more fits
    Add1Exhaustive,
    /// By score, what still fits
    #[value(alias = "greedy")]
    Fill,
    /// add1, then fill
    #[value(alias = "add1u")]
    Add1Fill,
    /// add1-exhaustive, then fill
    Add1ExhaustiveFill,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TiesName {
    /// The order of FILE
    Published,
    /// The cheaper, then the one with more votes, then the order of FILE
    Cheapest,
    /// The cheaper, then the one with more votes, then by lot with --seed
    Drawn,
}

/// Reads, counts and prints.
pub fn run(tally: &Tally) -> Result<ExitCode> {
    let path = tally.file.as_path();
    let mut file = read(path)?;
    let rule = rule(tally, &file)?;
    if tally.caps {
        file.election.caps = file.caps();
    }
    let explained = match &tally.explain {
        Some(id) => Some(
            file.election
                .projects
                .iter()
                .position(|project| project.id == *id)
                .ok_or_else(|| wrong!("{}: no project is called {id}", path.display()))?,
        ),
        None => None,
    };
    let outcome = allocation::count(&file.election, &rule).map_err(|e| wrong!("{}: {e}", path.display()))?;
    let story = match explained {
        Some(project) => Some((
            explain::story(&file.election, &outcome, project),
            if outcome.has(project) {
                Default::default()
            } else {
                explain::enough(&file.election, &rule, project, 24)?
            },
        )),
        None => None,
    };
    if tally.json {
        say!("{:#}", document(&file, &rule, &outcome, story.as_ref())?);
        return Ok(ExitCode::SUCCESS);
    }
    for id in outcome.ids(&file.election) {
        say!("{id}");
    }
    say!("spent {}", pabulib::in_words(outcome.spent, file.decimals));
    if let Some((story, enough)) = &story {
        in_words(&file, story, enough);
    }
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<pabulib::File> {
    let from = File::open(path).with_context(|| format!("reading {}", path.display()))?;
    pabulib::read(BufReader::with_capacity(1 << 20, from)).map_err(|e| wrong!("{}: {e}", path.display()))
}

/// What was asked for, and where nothing was asked what the file says of itself.
fn rule(tally: &Tally, file: &pabulib::File) -> Result<Rule> {
    let said = file.meta("rule").unwrap_or_default();
    let (own_rule, own_completion, own_compare) = match said {
        "greedy-no-skip" => (RuleName::GreedyNoSkip, CompletionName::None, false),
        "equalshares" => (RuleName::Mes, CompletionName::None, false),
        "equalshares/add1" => (RuleName::Mes, CompletionName::Add1, false),
        "equalshares/add1-comparison" => (RuleName::Mes, CompletionName::Add1, true),
        _ => (RuleName::Greedy, CompletionName::None, false),
    };
    let name = tally.rule.unwrap_or(own_rule);
    let is_own = tally.rule.is_none();
    let completion = tally.completion.unwrap_or(if is_own { own_completion } else { CompletionName::None });
    let step = match &tally.step {
        None => file.unit(),
        Some(text) => pabulib::Amount::read(text)
            .and_then(|amount| amount.at(file.decimals))
            .filter(|step| *step > 0)
            .ok_or_else(|| {
                wrong!("--step is an amount above 0 with at most {} decimals, not {text}", file.decimals)
            })?,
    };
    let (increase, fill) = match completion {
        CompletionName::None => (Increase::No, false),
        CompletionName::Fill => (Increase::No, true),
        CompletionName::Add1 => (Increase::UntilOverspent { step }, false),
        CompletionName::Add1Fill => (Increase::UntilOverspent { step }, true),
        CompletionName::Add1Exhaustive => (Increase::UntilExhausted { step }, false),
        CompletionName::Add1ExhaustiveFill => (Increase::UntilExhausted { step }, true),
    };
    Ok(Rule {
        method: match name {
            RuleName::Greedy => Method::Greedy,
            RuleName::GreedyNoSkip => Method::GreedyNoSkip,
            RuleName::Mes => Method::SharesByCost,
            RuleName::MesCardinality => Method::SharesByNumber,
            RuleName::Phragmen => Method::Phragmen,
        },
        completion: Completion { increase, fill, compare: tally.compare || is_own && own_compare },
        ties: match tally.ties {
            TiesName::Published => Ties::Published,
            TiesName::Cheapest => Ties::Cheapest,
            TiesName::Drawn => Ties::Drawn { seed: tally.seed.clone().unwrap_or_default() },
        },
        least_score: tally.least.or_else(|| file.least_score()).unwrap_or(0),
    })
}

fn document(
    file: &pabulib::File,
    rule: &Rule,
    outcome: &Outcome,
    story: Option<&(explain::Story, explain::Enough)>,
) -> Result<Value> {
    let election: &Election = &file.election;
    let mut all = json!({
        "engine": allocation::ENGINE,
        "rule": rule,
        "budget": pabulib::in_words(election.budget, file.decimals),
        "spent": pabulib::in_words(outcome.spent, file.decimals),
        "unit": pabulib::in_words(1, file.decimals),
        "winners": outcome.ids(election).collect::<Vec<_>>(),
        "projects": election.projects.iter().map(|project| &project.id).collect::<Vec<_>>(),
        "measures": measures::measure(election, outcome),
        "outcome": outcome,
    });
    if let (Some((story, enough)), Some(all)) = (story, all.as_object_mut()) {
        all.insert("story".into(), serde_json::to_value(story)?);
        all.insert("enough".into(), serde_json::to_value(enough)?);
    }
    Ok(all)
}

fn in_words(file: &pabulib::File, story: &explain::Story, enough: &explain::Enough) {
    let id = |project: usize| file.election.projects[project].id.as_str();
    let money = |units: i64| pabulib::in_words(units, file.decimals);
    let cost = file.election.projects[story.project].cost;
    say!("\n{}: cost {}, {} votes", id(story.project), money(cost), story.votes);
    if let Some((place, _)) = &story.won {
        say!("won as number {}", place + 1);
    }
    if let Some(loss) = &story.lost {
        use allocation::Why;
        match loss.why {
            Why::Unwanted => say!("lost: nobody voted for it"),
            Why::BelowLeast { score, least } => say!("lost: a score of {score} is below the least, {least}"),
            Why::AboveBudget => say!("lost: it costs more than the whole budget"),
            Why::DidNotFit { left } => say!("lost: {} were left when its turn came", money(left)),
            Why::Ended { by } => say!("lost: the count had ended when {} did not fit", id(by)),
            Why::Excluded { by } => say!("lost: {} had won, which excludes it", id(by)),
            Why::Capped { left, .. } => say!("lost: {} were left of a limit it falls under", money(left)),
            Why::ShortOfMoney { had, supporters } => {
                say!("lost: its {supporters} supporters had {} left together", money(had));
            }
        }
    }
    if let Some(paid) = &story.decisive {
        let after = money(paid.had.saturating_sub(paid.paid));
        say!(
            "its supporters had {} when {} was bought, and {after} after it",
            money(paid.had),
            id(paid.project)
        );
    }
    if let Some(cost) = enough.cost {
        say!("it would have won with a cost of {}", money(cost));
    }
    if let Some(votes) = enough.votes {
        say!("it would have won with {votes} more votes for it alone");
    }
}
