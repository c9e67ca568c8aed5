//! One pass: everybody has the same first share, and the project that is cheapest for its supporters is bought, until
//! nobody can afford anything.
//!
//! Amounts are kept in 2⁻ˢ of the smallest unit, rounded down, each with a bound on how far it may be off. Where the
//! bounds of two candidates touch, `price` works out the exact fractions; so rounding chooses what is looked at
//! exactly and never who wins. A price only ever rises during a pass, so yesterday's price is a floor for today's and
//! most projects are not looked at in most rounds.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap};

use crate::exact::Chain;
use crate::limits::Limits;
use crate::outcome::{How, Loss, Outcome, Share, Step, Why};

use super::Market;

pub(super) const NEVER: u32 = u32::MAX;

pub(super) struct Pass<'m, 'a> {
    pub market: &'m Market<'a>,
    pub shift: u32,
    /// One for each group of like voters.
    pub purses: Vec<Purse>,
    /// The number of the purchase of each project.
    pub bought_at: Vec<u32>,
    pub chain: Chain,
    limits: Limits<'a>,
    /// By the least that a point of gain may cost.
    waiting: BinaryHeap<Reverse<(Key, usize)>>,
    pub outcome: Outcome,
    /// The most that each purchase may have cost for a point of gain, in order.
    pub ceilings: Vec<f64>,
    /// Was it bought at the lowest price there can ever be: everybody paid the same?
    pub lowest: Vec<bool>,
    floor: Vec<u64>,
}

/// What each voter of a group has left, in 2⁻ˢ, how far that may be off, and how many they are: together, because they
/// are read together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Purse {
    pub left: u64,
    pub off: f32,
    pub times: u32,
}

impl Purse {
    /// Nothing left, exactly.
    pub fn is_empty(&self) -> bool {
        self.left == 0 && self.off == 0.0
    }
}

/// A float that is never NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Key(f64);
impl Eq for Key {}
impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// A project that may be bought now: price for a point, in 2⁻ˢ, and how far that may be off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offer {
    pub project: usize,
    pub price: u64,
    pub off: f64,
    /// All supporters pay the same, so it can never be cheaper.
    pub is_lowest: bool,
}

pub(super) enum Found {
    Offer(Offer),
    /// Costs more than what was asked about, at least this price.
    Above(u64),
    TooPoor {
        had: u128,
    },
}

impl<'m, 'a> Pass<'m, 'a> {
    pub fn new(market: &'m Market<'a>, share: Share) -> Pass<'m, 'a> {
        let (money, among) = (share.money.max(0) as u128, u128::from(share.among));
        let (whole, rest) = (money / among, money % among);
        // The first share has 61 bits; nobody ever has more than that.
        let shift = (61 - (128 - whole.leading_zeros()).min(61)).min(60);
        let first = ((whole << shift) + (rest << shift) / among) as u64;
        let groups = market.election.ballots.groups();
        let mut outcome = market.settled.clone();
        outcome.share = Some(share);
        let mut limits = Limits::of(market.election);
        outcome.winners.iter().for_each(|project| limits.take(*project));
        let mut pass = Pass {
            market,
            shift,
            purses: (0..groups)
                .map(|group| Purse { left: first, off: 1.0, times: market.election.ballots.times(group) })
                .collect(),
            bought_at: vec![NEVER; market.election.projects.len()],
            chain: Chain::new(share.money, share.among),
            limits,
            waiting: BinaryHeap::new(),
            outcome,
            ceilings: Vec::new(),
            lowest: Vec::new(),
            floor: vec![0; market.election.projects.len()],
        };
        for &project in &market.wanted {
            let floor = (pass.cost(project) / u128::from(market.scores[project])).min(u64::MAX.into()) as u64;
            pass.floor[project] = floor;
            let key = Key(pass.key(project, floor as f64).0);
            pass.waiting.push(Reverse((key, project)));
        }
        pass
    }

    /// Buys until nothing can be bought. No, when it stopped because the budget was overspent.
    pub fn run(&mut self) -> bool {
        while let Some((offer, tied)) = self.next() {
            self.buy(offer, tied);
            if self.outcome.spent > self.market.election.budget {
                return false;
            }
        }
        true
    }

    /// Buys what another pass bought, in its order, as long as with this larger share, and so with any share between,
    /// nothing else would be bought. No, when that is not sure.
    pub fn follow(&mut self, other: &Pass) -> bool {
        let free = self.outcome.winners.len();
        for (at, &project) in other.outcome.winners.iter().skip(free).enumerate() {
            let (ceiling, lowest) = (other.ceilings[at], other.lowest[at]);
            let Found::Offer(offer) = self.ask(project, f64::INFINITY) else { return false };
            if !self.is_first(&offer, ceiling, lowest) {
                return false;
            }
            self.buy(offer, other.outcome.steps[free + at].tied);
        }
        // Nobody may be able to afford more.
        std::mem::take(&mut self.waiting).into_iter().all(|Reverse((_, project))| {
            if self.bought_at[project] != NEVER {
                return true;
            }
            if let Some(why) = self.limits.refuse(project) {
                self.lose(project, why);
                return true;
            }
            match self.ask(project, f64::INFINITY) {
                Found::TooPoor { had } => {
                    self.short(project, had);
                    true
                }
                _ => false,
            }
        })
    }

    /// Is every other project dearer than `ceiling`, or an equal that stays one and comes later?
    fn is_first(&mut self, offer: &Offer, ceiling: f64, lowest: bool) -> bool {
        let mut again = Vec::new();
        let mut is_first = true;
        while let Some(&Reverse((key, project))) = self.waiting.peek() {
            if key.0 > ceiling {
                break;
            }
            self.waiting.pop();
            if project == offer.project || self.bought_at[project] != NEVER {
                continue;
            }
            if self.limits.refuse(project).is_some() {
                again.push(Reverse((key, project)));
                continue;
            }
            match self.ask(project, ceiling) {
                Found::Above(floor) => again.push(Reverse((Key(self.key(project, floor as f64).0), project))),
                Found::TooPoor { .. } => again.push(Reverse((Key(f64::MAX), project))),
                Found::Offer(other) => {
                    let low = self.key(project, other.price as f64 - other.off).0;
                    again.push(Reverse((Key(low), project)));
                    let stays = lowest
                        && offer.is_lowest
                        && other.is_lowest
                        && self.first(offer, &other) == Ordering::Less;
                    if low <= ceiling && !stays {
                        is_first = false;
                        break;
                    }
                }
            }
        }
        self.waiting.extend(again);
        is_first
    }

    /// The cheapest project for a point of gain, and how many were exactly as cheap.
    fn next(&mut self) -> Option<(Offer, u32)> {
        let mut ceiling = f64::INFINITY;
        let mut offers: Vec<Offer> = Vec::new();
        let mut again = Vec::new();
        while let Some(&Reverse((key, project))) = self.waiting.peek() {
            if key.0 > ceiling {
                break;
            }
            self.waiting.pop();
            if let Some(why) = self.limits.refuse(project) {
                self.lose(project, why);
                continue;
            }
            match self.ask(project, ceiling) {
                Found::TooPoor { had } => self.short(project, had),
                Found::Above(floor) => again.push((project, floor as f64)),
                Found::Offer(offer) => {
                    ceiling = ceiling.min(self.key(project, offer.price as f64 + offer.off).1);
                    offers.push(offer);
                }
            }
        }
        let mut best: Option<Offer> = None;
        let mut tied = 0;
        for offer in &offers {
            if self.key(offer.project, offer.price as f64 - offer.off).0 > ceiling {
                continue;
            }
            let Some(held) = best else {
                best = Some(*offer);
                continue;
            };
            let order = self.dearer(&held, offer);
            tied = if order == Ordering::Equal { tied + 1 } else { tied };
            let by_rank = self.market.ranks[held.project].cmp(&self.market.ranks[offer.project]);
            match order {
                Ordering::Greater => (best, tied) = (Some(*offer), 0),
                Ordering::Equal if by_rank == Ordering::Greater => best = Some(*offer),
                _ => {}
            }
        }
        again.extend(offers.iter().map(|offer| (offer.project, offer.price as f64 - offer.off)));
        for (project, floor) in again {
            if best.is_none_or(|best| best.project != project) {
                let key = Key(self.key(project, floor).0);
                self.waiting.push(Reverse((key, project)));
            }
        }
        best.map(|best| (best, tied))
    }

    /// Exactly: is the one dearer for a point of gain than the other?
    fn dearer(&mut self, one: &Offer, other: &Offer) -> Ordering {
        let (a, b) = (self.exact(one), self.exact(other));
        let worth = |offer: &Offer| self.market.worth[offer.project] as u64;
        self.chain.compare(&a, worth(other), &b, worth(one))
    }

    /// Which of two comes first by the rule.
    fn first(&mut self, one: &Offer, other: &Offer) -> Ordering {
        let rank = |offer: &Offer| self.market.ranks[offer.project];
        self.dearer(one, other).then(rank(one).cmp(&rank(other)))
    }

    pub fn cost(&self, project: usize) -> u128 {
        (self.market.election.projects[project].cost as u128) << self.shift
    }

    /// The least and the most that a point of gain costs at a price.
    fn key(&self, project: usize, price: f64) -> (f64, f64) {
        let key = price.max(0.0) / self.market.worth[project] as f64 / (self.shift as f64).exp2();
        (key * (1.0 - 1e-14), key * (1.0 + 1e-14))
    }

    /// What a point costs now, unless it is surely above `ceiling` for a point of gain.
    pub fn ask(&mut self, project: usize, ceiling: f64) -> Found {
        let cost = self.cost(project);
        let mut price = self.floor[project];
        loop {
            let (poor, rich) = self.split(project, price);
            if poor >= cost || rich == 0 {
                if rich == 0 {
                    return self.at_the_edge(project, poor);
                }
                // The floor was too high by rounding.
                price = price.saturating_sub(price / 1_000_000 + 2);
                continue;
            }
            let next = ((cost - poor) / u128::from(rich)).min(u64::MAX.into()) as u64;
            if next <= price {
                break;
            }
            price = next;
            if self.key(project, price as f64).0 > ceiling {
                self.floor[project] = price.saturating_sub(self.slack(project));
                return Found::Above(self.floor[project]);
            }
        }
        let (off, is_lowest) = self.how_far_off(project, price);
        self.floor[project] = price.saturating_sub(off as u64 + 1);
        Found::Offer(Offer { project, price, off, is_lowest })
    }

    /// What those give who have less than their price, and the points of those who have more.
    fn split(&self, project: usize, price: u64) -> (u128, u64) {
        let (mut poor, mut rich) = (0u128, 0u64);
        if self.market.supporters.points(project).is_empty() {
            for &group in self.market.supporters.groups(project) {
                let Purse { left, times, .. } = self.purses[group as usize];
                if left < price {
                    poor += u128::from(left) * u128::from(times);
                } else {
                    rich += u64::from(times);
                }
            }
            return (poor, rich);
        }
        for (group, points) in self.market.supporters.each(project) {
            let Purse { left, times, .. } = self.purses[group];
            if u128::from(left) < u128::from(price) * u128::from(points) {
                poor += u128::from(left) * u128::from(times);
            } else {
                rich += u64::from(times) * u64::from(points);
            }
        }
        (poor, rich)
    }

    /// How far the price may be off: what the poor may be off, divided among the rich.
    fn how_far_off(&self, project: usize, price: u64) -> (f64, bool) {
        let (mut poor, mut rich) = (0.0, 0.0);
        let mut is_lowest = true;
        for (group, points) in self.market.supporters.each(project) {
            let Purse { left, off, times } = self.purses[group];
            let (left, off, times) = (left as f64, f64::from(off), f64::from(times));
            let full = price as f64 * f64::from(points);
            // Those near the edge count on the worse side of both.
            if left - off - full * 1e-12 <= full {
                poor += off * times;
            }
            if left >= full {
                rich += times * f64::from(points);
            } else {
                is_lowest = false;
            }
        }
        (2.0 * poor / f64::max(rich, 1.0) + 4.0, is_lowest)
    }

    fn slack(&self, project: usize) -> u64 {
        let groups = self.market.supporters.groups(project).iter();
        let purses = groups.map(|group| self.purses[*group as usize]);
        purses.map(|purse| f64::from(purse.off) * f64::from(purse.times)).sum::<f64>() as u64 + 4
    }

    /// All supporters give everything, or so it seems.
    fn at_the_edge(&mut self, project: usize, poor: u128) -> Found {
        let slack = u128::from(self.slack(project));
        let cost = self.cost(project);
        if poor + slack < cost || !self.can_afford(project) {
            return Found::TooPoor { had: poor };
        }
        // The price is what the best off of them gives for a point.
        let each = self.market.supporters.each(project);
        let price =
            each.map(|(group, points)| self.purses[group].left / u64::from(points)).max().unwrap_or(0);
        let off = slack as f64 + 4.0;
        Found::Offer(Offer { project, price, off, is_lowest: false })
    }

    fn lose(&mut self, project: usize, why: Why) {
        self.outcome.losses.push(Loss { project, why, after: self.outcome.winners.len() });
    }

    fn short(&mut self, project: usize, had: u128) {
        let groups = self.market.supporters.groups(project).iter();
        let supporters = groups.map(|group| u64::from(self.purses[*group as usize].times)).sum();
        let had = (had >> self.shift).min(i64::MAX as u128) as i64;
        self.lose(project, Why::ShortOfMoney { had, supporters });
    }

    fn buy(&mut self, offer: Offer, tied: u32) {
        let project = offer.project;
        let market = self.market;
        let price = self.exact(&offer);
        let mut known: HashMap<(Vec<u32>, u32), Ordering> = HashMap::new();
        let (mut supporters, mut paying, mut emptied) = (0u64, 0u64, 0u64);
        for (group, points) in market.supporters.each(project) {
            let purse = self.purses[group];
            let Purse { left, off, .. } = purse;
            let times = u64::from(purse.times);
            supporters += times;
            if purse.is_empty() {
                continue;
            }
            let full = u128::from(offer.price) * u128::from(points);
            let apart = left as f64 - full as f64;
            let near = f64::from(off) + (offer.off + 1.0) * f64::from(points) + full as f64 * 1e-15;
            let is_rich = if apart.abs() > near {
                apart > 0.0
            } else {
                self.left_against(group, points, &price, &mut known) == Ordering::Greater
            };
            paying += times;
            self.purses[group] = if is_rich {
                // Something is left, however little; nothing at all means that it is exactly nothing.
                let left = (u128::from(left).saturating_sub(full) as u64).max(1);
                Purse { left, off: off + (offer.off as f32 + 1.0) * points as f32, ..purse }
            } else {
                emptied += times;
                Purse { left: 0, off: 0.0, ..purse }
            };
        }
        self.ceilings.push(self.key(project, offer.price as f64 + offer.off).1);
        self.lowest.push(offer.is_lowest);
        self.bought_at[project] = (self.ceilings.len() - 1) as u32;
        self.chain.push(price);
        self.limits.take(project);
        self.outcome.winners.push(project);
        self.outcome.spent = self.outcome.spent.saturating_add(market.election.projects[project].cost);
        let each = offer.price as f64 / (self.shift as f64).exp2();
        self.outcome.steps.push(Step {
            project,
            how: How::Bought { price: each, supporters, paying, emptied },
            tied,
        });
    }
}
