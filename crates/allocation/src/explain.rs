//! Why a project won or lost, in figures that anyone can check.
//!
//! The reason is in the outcome. Here is added where its supporters' money went, and what would have made it win: each
//! such figure is proved by a count of its own with that cost or those votes.

use serde::{Deserialize, Serialize};

use crate::election::{Election, Refusal};
use crate::outcome::{How, Loss, Outcome, Step};
use crate::rule::Rule;

/// The story of one project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    pub project: usize,
    /// Ballots that name it.
    pub votes: u64,
    /// How it won, and as which.
    pub won: Option<(usize, Step)>,
    pub lost: Option<Loss>,
    /// What its supporters paid for other winners, in order; only by equal shares.
    pub paid: Vec<Paid>,
    /// The purchase after which they could not afford it any more.
    pub decisive: Option<Paid>,
}

/// What the supporters of one project paid for another, in the smallest unit, rounded.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Paid {
    /// The winner that was paid for.
    pub project: usize,
    /// What they had together before.
    pub had: i64,
    pub paid: i64,
}

/// What would have been enough.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enough {
    /// It would have won with this cost: the highest that was tried.
    pub cost: Option<i64>,
    /// It would have won with so many more ballots for it alone: the fewest that were tried.
    pub votes: Option<u64>,
}

/// Tells the story of a project in an outcome of this election.
pub fn story(election: &Election, outcome: &Outcome, project: usize) -> Story {
    let place = outcome.winners.iter().position(|winner| *winner == project);
    let mut story = Story {
        project,
        votes: election.votes().get(project).copied().unwrap_or(0),
        won: place.and_then(|place| Some((place, outcome.steps.get(place)?.clone()))),
        lost: outcome.losses.iter().find(|loss| loss.project == project).copied(),
        paid: Vec::new(),
        decisive: None,
    };
    let Some(share) = outcome.share.filter(|_| project < election.projects.len()) else { return story };
    // Only those who voted for it matter: what each of them had, from purchase to purchase.
    let ballots = &election.ballots;
    let own: Vec<usize> = (0..ballots.groups())
        .filter(|group| ballots.named(*group).binary_search(&(project as u32)).is_ok())
        .collect();
    let mut left = vec![share.each(); own.len()];
    let sum = |left: &[f64]| -> f64 {
        own.iter().zip(left).map(|(g, left)| left * f64::from(ballots.times(*g))).sum()
    };
    let cost = election.projects[project].cost as f64;
    for step in &outcome.steps {
        let How::Bought { price, .. } = step.how else { continue };
        if step.project == project {
            break;
        }
        let had = sum(&left);
        for (group, left) in own.iter().zip(&mut left) {
            let points = ballots.choice(*group).find(|(at, _)| *at as usize == step.project);
            *left = (*left - price * points.map_or(0.0, |(_, points)| f64::from(points))).max(0.0);
        }
        let paid = had - sum(&left);
        if paid < 0.5 {
            continue;
        }
        let paid = Paid { project: step.project, had: had as i64, paid: paid as i64 };
        if story.decisive.is_none() && story.lost.is_some() && had >= cost && had - (paid.paid as f64) < cost
        {
            story.decisive = Some(paid);
        }
        story.paid.push(paid);
    }
    story
}

/// Looks for what would have been enough, with about so many counts for each of the two. Every figure given was
/// counted; a little less may also have been enough.
pub fn enough(election: &Election, rule: &Rule, project: usize, counts: u32) -> Result<Enough, Refusal> {
    let Some(own) = election.projects.get(project) else { return Ok(Enough::default()) };
    let mut other = election.clone();
    let mut wins_at = |cost: i64| {
        other.projects[project].cost = cost;
        Ok::<bool, Refusal>(crate::count(&other, rule)?.has(project))
    };
    // The highest cost that wins lies between `low`, which does, and `high`, which does not.
    let (mut low, mut high) = (None, own.cost.min(election.budget.saturating_add(1)));
    for _ in 0..counts {
        let from = low.unwrap_or(0);
        if high - from <= 1 {
            break;
        }
        let middle = from + (high - from) / 2;
        if wins_at(middle)? {
            low = Some(middle);
        } else {
            high = middle;
        }
    }
    let votes = more_votes(election, rule, project, counts)?;
    Ok(Enough { cost: low, votes })
}

fn more_votes(election: &Election, rule: &Rule, project: usize, counts: u32) -> Result<Option<u64>, Refusal> {
    let named: u64 = election.votes()[project].max(1);
    // A vote more is worth what a vote for it is worth on average.
    let points = (election.scores()[project] / named).clamp(1, u64::from(crate::MOST_POINTS)) as u32;
    let wins_with = |more: u64| {
        let mut other = election.clone();
        other.ballots.put(&mut vec![(project as u32, points)], more.min(u64::from(u32::MAX)) as u32)?;
        Ok::<bool, Refusal>(crate::count(&other, rule)?.has(project))
    };
    let most = election.ballots.cast().max(16);
    let (mut short, mut enough) = (0, 1);
    let mut left = counts;
    while !wins_with(enough)? {
        left = left.saturating_sub(1);
        if enough >= most || left == 0 {
            return Ok(None);
        }
        (short, enough) = (enough, enough * 2);
    }
    while enough - short > 1 && left > 0 {
        let middle = short + (enough - short) / 2;
        if wins_with(middle)? {
            enough = middle;
        } else {
            short = middle;
        }
        left -= 1;
    }
    Ok(Some(enough))
}
