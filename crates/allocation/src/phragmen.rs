//! Sequential Phragmén: every voter earns at the same speed, and supporters buy a project the moment they can pay.
//!
//! L. E. Phragmén 1894–1899; with costs: M. Los, Z. Christoff, D. Grossi, "Proportional Budget Allocations: Towards a
//! Systematization" (IJCAI 2022, arXiv 2203.12324). What a voter has earned when a project is bought is its load. The
//! count ends when one of the projects whose turn it is does not fit any more.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::election::{Election, Refusal, Supporters};
use crate::exact::{Chain, Form, Price};
use crate::limits::Limits;
use crate::outcome::{How, Loss, Outcome, Step, Why};

const NEVER: u32 = u32::MAX;

/// Loads in 2⁻ˢ of the smallest unit, rounded down, each with a bound on how far it may be off; equal ones are told
/// apart by fractions, as in `shares::pass`.
struct Count<'a> {
    election: &'a Election,
    supporters: Supporters,
    votes: &'a [u64],
    shift: u32,
    load: Vec<u64>,
    off: Vec<f32>,
    /// The purchase that the load of a group comes from.
    from: Vec<u32>,
    chain: Chain,
}

#[derive(Debug, Clone, Copy)]
struct Offer {
    project: usize,
    load: u128,
    off: u128,
}

pub(crate) fn count(
    election: &Election,
    votes: &[u64],
    ranks: &[u32],
    least: u64,
) -> Result<Outcome, Refusal> {
    if election.ballots.have_points() {
        return Err(Refusal::NeedsApproval);
    }
    let groups = election.ballots.groups();
    let mut count = Count {
        election,
        supporters: Supporters::of(election),
        votes,
        shift: (61 - (64 - election.budget.leading_zeros()).min(61)).min(60),
        load: vec![0; groups],
        off: vec![0.0; groups],
        from: vec![NEVER; groups],
        chain: Chain::new(0, 1),
    };
    let mut limits = Limits::of(election);
    let mut outcome = Outcome::empty(1);
    let mut waiting: BinaryHeap<Reverse<(u128, usize)>> = BinaryHeap::new();
    for (project, what) in election.projects.iter().enumerate() {
        let why = match votes[project] {
            0 => Why::Unwanted,
            score if score < least => Why::BelowLeast { score, least },
            _ if what.cost > election.budget => Why::AboveBudget,
            _ => {
                waiting.push(Reverse((0, project)));
                continue;
            }
        };
        outcome.losses.push(Loss { project, why, after: 0 });
    }
    let mut ended = None;
    while ended.is_none() && !waiting.is_empty() {
        let mut ceiling = u128::MAX;
        let mut offers: Vec<Offer> = Vec::new();
        while let Some(&Reverse((floor, project))) = waiting.peek() {
            if floor > ceiling {
                break;
            }
            waiting.pop();
            if let Some(why) = limits.refuse(project) {
                outcome.losses.push(Loss { project, why, after: outcome.winners.len() });
                continue;
            }
            let offer = count.ask(project);
            ceiling = ceiling.min(offer.load + offer.off);
            offers.push(offer);
        }
        let mut first = Vec::new();
        for offer in &offers {
            if offer.load.saturating_sub(offer.off) > ceiling {
                continue;
            }
            match first.first().map_or(Ordering::Equal, |held| count.compare(offer, held)) {
                Ordering::Less => first = vec![*offer],
                Ordering::Equal => first.push(*offer),
                Ordering::Greater => {}
            }
        }
        let left = election.budget - outcome.spent;
        let bought = first.iter().min_by_key(|offer| ranks[offer.project]).copied();
        ended =
            first.iter().map(|offer| offer.project).find(|project| election.projects[*project].cost > left);
        let bought = bought.filter(|_| ended.is_none());
        for offer in offers.iter().filter(|offer| bought.is_none_or(|bought| bought.project != offer.project))
        {
            waiting.push(Reverse((offer.load.saturating_sub(offer.off), offer.project)));
        }
        let Some(offer) = bought else { continue };
        let project = offer.project;
        let load = count.buy(&offer);
        limits.take(project);
        outcome.winners.push(project);
        outcome.spent += election.projects[project].cost;
        let how = How::Carried { load, supporters: votes[project] };
        outcome.steps.push(Step { project, how, tied: first.len() as u32 - 1 });
    }
    let left = election.budget - outcome.spent;
    for Reverse((_, project)) in waiting {
        let why = match ended {
            Some(by) if election.projects[project].cost <= left => Why::Ended { by },
            _ => Why::DidNotFit { left },
        };
        outcome.losses.push(Loss { project, why, after: outcome.winners.len() });
    }
    outcome.losses.sort_by_key(|loss| loss.project);
    Ok(outcome)
}

impl Count<'_> {
    /// What each supporter would carry if the project were bought now. It never falls.
    fn ask(&self, project: usize) -> Offer {
        let ballots = &self.election.ballots;
        let mut sum = (self.election.projects[project].cost as u128) << self.shift;
        let mut off = 0.0;
        for &group in self.supporters.groups(project) {
            let times = ballots.times(group as usize);
            sum += u128::from(self.load[group as usize]) * u128::from(times);
            off += f64::from(self.off[group as usize]) * f64::from(times);
        }
        let off = (2.0 * off / self.votes[project] as f64) as u128 + 2;
        Offer { project, load: sum / u128::from(self.votes[project]), off }
    }

    fn price(&self, offer: &Offer) -> Price {
        let mut by = vec![0i64; self.election.projects.len()];
        for &group in self.supporters.groups(offer.project) {
            if let Some(sum) = by.get_mut(self.from[group as usize] as usize) {
                *sum += i64::from(self.election.ballots.times(group as usize));
            }
        }
        let prices =
            by.iter().enumerate().filter(|(_, by)| **by != 0).map(|(at, by)| (at as u32, *by)).collect();
        let money = self.election.projects[offer.project].cost.into();
        Price { sum: Form { money, shares: 0, prices }, among: self.votes[offer.project] }
    }

    fn compare(&mut self, one: &Offer, other: &Offer) -> Ordering {
        let (one, other) = (self.price(one), self.price(other));
        self.chain.compare(&one, 1, &other, 1)
    }

    fn buy(&mut self, offer: &Offer) -> f64 {
        let price = self.price(offer);
        let at = self.chain.push(price);
        for &group in self.supporters.groups(offer.project) {
            let group = group as usize;
            (self.load[group], self.off[group], self.from[group]) = (offer.load as u64, offer.off as f32, at);
        }
        offer.load as f64 / (self.shift as f64).exp2()
    }
}
