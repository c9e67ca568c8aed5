//! What came out, and why: every step in order, and what kept each of the others from winning.

use serde::{Deserialize, Serialize};

use crate::election::Election;

/// The winners and the reasons. Projects are named by their number in the election.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// In order of selection.
    pub winners: Vec<usize>,
    /// What they cost together.
    pub spent: i64,
    /// One for each winner, in the same order.
    pub steps: Vec<Step>,
    /// One for each project that did not win, by number.
    pub losses: Vec<Loss>,
    /// What each voter had at the beginning of the deciding pass; none for the greedy rules and Phragmén.
    pub share: Option<Share>,
    /// How many passes were counted, and how many steps of the completion were known to change nothing.
    pub passes: u64,
    pub skipped: u64,
    /// The comparison of outcomes, where the rule asks for one.
    pub comparison: Option<Comparison>,
}

/// `money` divided among so many, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub money: i128,
    pub among: u64,
}

impl Share {
    /// Rounded, for people.
    pub fn each(&self) -> f64 {
        self.money as f64 / self.among.max(1) as f64
    }
}

/// How one winner was chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub project: usize,
    pub how: How,
    /// How many were exactly as good and lost by the rule for ties.
    pub tied: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It costs nothing and somebody wants it.
    Free,
    /// By its score, out of what was left of the budget.
    Score { score: u64, left: i64 },
    /// Bought by its supporters: each paid so much for a point, or all that was left.
    Bought {
        price: f64,
        /// Those with a vote, with money left, and those who gave their last.
        supporters: u64,
        paying: u64,
        emptied: u64,
    },
    /// By Phragmén: each supporter has then carried so much.
    Carried { load: f64, supporters: u64 },
}

/// What kept one project from winning.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Loss {
    pub project: usize,
    pub why: Why,
    /// How many winners were chosen before this was known.
    pub after: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Nobody voted for it.
    Unwanted,
    /// Its score is below the least that the rule asks for.
    BelowLeast { score: u64, least: u64 },
    /// It costs more than the whole budget.
    AboveBudget,
    /// Its turn came, and so much was left.
    DidNotFit { left: i64 },
    /// The count had ended when this one did not fit.
    Ended { by: usize },
    /// A project that excludes it had won.
    Excluded { by: usize },
    /// So much was left of a limit that it falls under.
    Capped { cap: usize, left: i64 },
    /// Its supporters had so much left together.
    ShortOfMoney { had: i64, supporters: u64 },
}

/// How many voters gain more by which outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    pub for_shares: u64,
    pub for_greedy: u64,
    /// More preferred the greedy outcome, so that one counts.
    pub greedy_won: bool,
}

impl Outcome {
    pub fn has(&self, project: usize) -> bool {
        self.winners.contains(&project)
    }

    pub fn ids<'a>(&'a self, election: &'a Election) -> impl Iterator<Item = &'a str> {
        self.winners.iter().map(|at| election.projects[*at].id.as_str())
    }
}

impl Outcome {
    pub(crate) fn empty(passes: u64) -> Outcome {
        Outcome {
            winners: Vec::new(),
            spent: 0,
            steps: Vec::new(),
            losses: Vec::new(),
            share: None,
            passes,
            skipped: 0,
            comparison: None,
        }
    }
}

impl Outcome {
    /// Projects under the numbers that they have elsewhere.
    pub(crate) fn rename(&mut self, names: &[usize]) {
        self.winners.iter_mut().for_each(|at| *at = names[*at]);
        self.steps.iter_mut().for_each(|step| step.project = names[step.project]);
        for loss in &mut self.losses {
            loss.project = names[loss.project];
            if let Why::Ended { by } | Why::Excluded { by } = &mut loss.why {
                *by = names[*by];
            }
        }
    }
}
