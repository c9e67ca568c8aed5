//! Which rule turns ballots into winners, with everything that a by-law has to fix.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::election::Election;

/// A whole rule. Two counts of the same election by the same rule give the same winners, on any machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub method: Method,
    pub completion: Completion,
    pub ties: Ties,
    /// Projects with a lower score are out before the count begins.
    pub least_score: u64,
}

/// How winners are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// By score from the top; what does not fit is left out and the next one is tried.
    Greedy,
    /// By score from the top, and the end at the first that does not fit.
    GreedyNoSkip,
    /// Equal shares; what a supporter gains is what the project costs. Funds by votes, and spreads them.
    SharesByCost,
    /// Equal shares; what a supporter gains is one project, or its points. Favours cheap projects.
    SharesByNumber,
    /// Money flows to every voter alike, and supporters buy as soon as they can.
    Phragmen,
}

/// What happens with money that equal shares leave over. Of no consequence for the other methods, which only know `fill`
/// after Phragmén.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    pub increase: Increase,
    /// At the end by score, whatever still fits.
    pub fill: bool,
    /// Do more voters gain by the greedy outcome than by this one? Then that one it is.
    pub compare: bool,
}

/// Everybody's share grows by a step, and the whole is counted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Increase {
    No,
    /// Until the winners would cost more than there is: the last outcome before counts. The official way.
    UntilOverspent {
        step: i64,
    },
    /// Until nothing more fits into the budget, or it would be overspent.
    UntilExhausted {
        step: i64,
    },
}

/// Who comes first when two are equal. One project never wins because of the number it happens to have in a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ties {
    /// The published order of the list.
    Published,
    /// The cheaper, then the one with more votes, then the published order.
    Cheapest,
    /// The cheaper, then the one with more votes, then by lot: SHA-256 over the published seed and the id.
    Drawn { seed: String },
}

impl Completion {
    pub const NONE: Completion = Completion { increase: Increase::No, fill: false, compare: false };
}

impl Rule {
    /// A method without completion, minimum score or lot.
    pub fn of(method: Method) -> Rule {
        Rule { method, completion: Completion::NONE, ties: Ties::Cheapest, least_score: 0 }
    }
}

/// The place of each project among equals: the smaller wins.
pub(crate) fn ranks(election: &Election, ties: &Ties, scores: &[u64]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..election.projects.len()).collect();
    let cheapest = |at: usize| (election.projects[at].cost, std::cmp::Reverse(scores[at]));
    match ties {
        Ties::Published => {}
        Ties::Cheapest => order.sort_by_key(|at| cheapest(*at)),
        Ties::Drawn { seed } => {
            order.sort_by_cached_key(|at| (cheapest(*at), lot(seed, &election.projects[*at].id)));
        }
    }
    let mut ranks = vec![0; order.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = rank as u32;
    }
    ranks
}

/// The lot of one project. The length of the seed stands first, so that no two pairs read alike.
fn lot(seed: &str, id: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update((seed.len() as u64).to_be_bytes());
    hash.update(seed.as_bytes());
    hash.update(id.as_bytes());
    hash.finalize().into()
}
