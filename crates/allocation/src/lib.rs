//! Which projects are funded: rules that turn ballots into winners.
//!
//! Pure arithmetic: no clock, no database, no rounding. An [`Election`] and a [`Rule`] always give the same [`Outcome`],
//! on every machine, with the reason for every project that won or lost. `docs/reference/allocation.md` tells each rule
//! in plain words with its source.

mod compare; // which of two outcomes gives more voters more
mod election; // budget, projects, ballots
mod exact; // prices that no rounding decides
pub mod explain; // what would have made a loser win
mod greedy; // by score from the top
mod limits; // exclusions and caps
pub mod measures; // what an outcome does for whom
mod outcome; // winners, steps and reasons
pub mod pabulib; // the file format of the public collection
mod phragmen; // by the load that supporters carry
pub mod pots; // one count for each neighbourhood and one for the city
mod rule; // everything that a by-law fixes
mod shares; // the Method of Equal Shares

#[cfg(test)]
mod tests;

pub use election::{
    Ballots, Cap, Election, MOST_BALLOTS, MOST_MONEY, MOST_POINTS, MOST_PROJECTS, Project, Refusal,
};
pub use outcome::{Comparison, How, Loss, Outcome, Share, Step, Why};
pub use rule::{Completion, Increase, Method, Rule, Ties};

/// What counted, for whoever counts again: the name and edition of this engine.
pub const ENGINE: &str = concat!("peyvand-allocation ", env!("CARGO_PKG_VERSION"));

/// Counts an election.
///
/// Refused is what is no election ([`Election::check`]) and a rule that cannot be applied to it; never a result that
/// somebody might not like.
pub fn count(election: &Election, rule: &Rule) -> Result<Outcome, Refusal> {
    election.check()?;
    let scores = election.scores();
    let ranks = rule::ranks(election, &rule.ties, &scores);
    let greedy = |stop, kept| greedy::count(election, &scores, &ranks, rule.least_score, stop, kept);
    let shared = match rule.method {
        Method::Greedy => return Ok(greedy(false, None)),
        Method::GreedyNoSkip => return Ok(greedy(true, None)),
        Method::Phragmen => phragmen::count(election, &scores, &ranks, rule.least_score)?,
        Method::SharesByCost | Method::SharesByNumber => shares::count(election, rule, &scores, &ranks)?,
    };
    let filled = if rule.completion.fill { greedy(false, Some(&shared)) } else { shared };
    if !rule.completion.compare || rule.method == Method::Phragmen {
        return Ok(filled);
    }
    let by_cost = rule.method == Method::SharesByCost;
    Ok(compare::better(election, by_cost, filled, greedy(false, None)))
}
