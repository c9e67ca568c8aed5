//! Why a project won or lost, in figures that a page puts into words.

use allocation::{How, Outcome, Refusal, Rule, Why, explain};
use serde::{Deserialize, Serialize};

use super::PotBox;
use crate::coded::coded;

coded! {
    /// What decided.
    Reason {
        WonByVotes = "won-by-votes",
        WonByShares = "won-by-shares",
        WonByLoad = "won-by-load",
        Unwanted = "unwanted",
        BelowLeast = "below-least",
        AboveBudget = "above-budget",
        DidNotFit = "did-not-fit",
        Ended = "ended",
        ShortOfMoney = "short-of-money",
    }
}

/// The story of one project. Amounts are in rial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    pub reason: Reason,
    /// Ballots with this project on them.
    pub votes: u64,
    /// What was there when its turn came: left of the pot, or with its supporters together.
    #[serde(default)]
    pub had: Option<i64>,
    /// The winner that used it, by its number on the ballot, and what was left after it.
    #[serde(default)]
    pub used_by: Option<(i64, i64)>,
    /// What each supporter paid.
    #[serde(default)]
    pub price: Option<i64>,
    /// Votes that the rule asks for.
    #[serde(default)]
    pub least: Option<u64>,
    /// Counted again: it would have won with this cost, or with so many more votes.
    #[serde(default)]
    pub enough_cost: Option<i64>,
    #[serde(default)]
    pub enough_votes: Option<u64>,
}

/// Marks on ballots that may be looked at, all projects of a round together, for what would have been enough: some
/// seconds of work. A city too large for it is told the rest.
pub(super) const EFFORT: u64 = 400_000_000;
const MOST_COUNTS: u64 = 20;
/// Fewer counts find nothing worth saying.
const LEAST_COUNTS: u64 = 8;

pub(super) fn stories(
    pot: &PotBox,
    rule: &Rule,
    outcome: &Outcome,
    least: i64,
    effort: u64,
) -> Result<Vec<(i64, Story)>, Refusal> {
    let ballots = &pot.election.ballots;
    let marks: u64 = (0..ballots.groups()).map(|group| ballots.named(group).len() as u64).sum();
    let each = (marks + 1_000) * outcome.passes.clamp(1, 200);
    let losers = outcome.losses.len().max(1) as u64;
    let counts = (effort / losers / 2 / each.max(1)).min(MOST_COUNTS);
    let mut stories = Vec::with_capacity(pot.offers.len());
    for (project, offer) in pot.offers.iter().enumerate() {
        let told = explain::story(&pot.election, outcome, project);
        let mut story = of(pot, &told);
        if let Some((_, had)) = pot.below.iter().find(|(below, _)| *below == project) {
            story.reason = Reason::BelowLeast;
            story.votes = *had;
            story.least = u64::try_from(least).ok();
            story.enough_votes = story.least.map(|least| least.saturating_sub(*had));
        } else if story.reason >= Reason::DidNotFit && counts >= LEAST_COUNTS {
            let enough = explain::enough(&pot.election, rule, project, counts as u32)?;
            (story.enough_cost, story.enough_votes) = (enough.cost, enough.votes);
        }
        stories.push((offer.project, story));
    }
    Ok(stories)
}

fn of(pot: &PotBox, told: &explain::Story) -> Story {
    let mut story = Story {
        reason: Reason::Unwanted,
        votes: told.votes,
        had: None,
        used_by: None,
        price: None,
        least: None,
        enough_cost: None,
        enough_votes: None,
    };
    if let Some((_, step)) = &told.won {
        match step.how {
            How::Free => story.reason = Reason::WonByVotes,
            How::Score { left, .. } => (story.reason, story.had) = (Reason::WonByVotes, Some(left)),
            How::Bought { price, .. } => {
                (story.reason, story.price) = (Reason::WonByShares, Some(price.round() as i64))
            }
            How::Carried { load, .. } => {
                (story.reason, story.price) = (Reason::WonByLoad, Some(load.round() as i64))
            }
        }
        return story;
    }
    let number = |project: usize| pot.offers.get(project).map(|offer| offer.number);
    match told.lost.map(|loss| loss.why) {
        None | Some(Why::Unwanted) => {}
        Some(Why::BelowLeast { least, .. }) => {
            (story.reason, story.least) = (Reason::BelowLeast, Some(least))
        }
        Some(Why::AboveBudget) => story.reason = Reason::AboveBudget,
        Some(Why::DidNotFit { left } | Why::Capped { left, .. }) => {
            (story.reason, story.had) = (Reason::DidNotFit, Some(left));
        }
        Some(Why::Ended { by } | Why::Excluded { by }) => {
            story.reason = Reason::Ended;
            story.used_by = number(by).map(|number| (number, 0));
        }
        Some(Why::ShortOfMoney { had, .. }) => {
            (story.reason, story.had) = (Reason::ShortOfMoney, Some(had));
            if let Some(paid) = told.decisive {
                story.had = Some(paid.had);
                story.used_by =
                    number(paid.project).map(|number| (number, paid.had.saturating_sub(paid.paid)));
            }
        }
    }
    story
}
