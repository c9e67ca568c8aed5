//! The exact price of a project, and exact answers to what rounding cannot decide.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::exact::{Form, Price};

use super::pass::{NEVER, Offer, Pass};

impl Pass<'_, '_> {
    /// What a point of this project costs, as a fraction.
    ///
    /// Who is surely poor gives what is left, who is surely rich pays the price; those near the edge are taken as rich
    /// until the price shows that they are not. That only ever makes the price higher, so it ends.
    pub fn exact(&mut self, offer: &Offer) -> Price {
        let market = self.market;
        let mut sum = self.sum(offer.project);
        let mut unsure = Vec::new();
        for (group, points) in market.supporters.each(offer.project) {
            let purse = self.purses[group];
            if purse.is_empty() {
                continue;
            }
            let full = offer.price as f64 * f64::from(points);
            let apart = purse.left as f64 - full;
            let near = f64::from(purse.off) + (offer.off + 1.0) * f64::from(points) + full * 1e-15;
            if apart < -near {
                self.gives_all(&mut sum, group);
            } else {
                sum.rich += u64::from(purse.times) * u64::from(points);
                if apart <= near {
                    unsure.push((group, points));
                }
            }
        }
        let mut price = sum.price();
        let mut known = HashMap::new();
        loop {
            let before = unsure.len();
            known.clear();
            let mut left = Vec::new();
            for (group, points) in unsure {
                if self.left_against(group, points, &price, &mut known) == Ordering::Less {
                    sum.rich -= u64::from(self.purses[group].times) * u64::from(points);
                    self.gives_all(&mut sum, group);
                } else {
                    left.push((group, points));
                }
            }
            unsure = left;
            if unsure.len() == before {
                return price;
            }
            price = sum.price();
        }
    }

    /// Have all supporters together enough?
    pub fn can_afford(&mut self, project: usize) -> bool {
        let mut sum = self.sum(project);
        for (group, _) in self.market.supporters.each(project) {
            if !self.purses[group].is_empty() {
                self.gives_all(&mut sum, group);
            }
        }
        self.chain.sign(&sum.form()) != Ordering::Greater
    }

    /// What one voter of a group has left, against so many points at a price.
    pub fn left_against(
        &mut self,
        group: usize,
        points: u32,
        price: &Price,
        known: &mut HashMap<(Vec<u32>, u32), Ordering>,
    ) -> Ordering {
        let mut paid: Vec<(u32, i64)> =
            self.paid(group).map(|(at, points)| (at, -i64::from(points))).collect();
        paid.sort_unstable();
        let like: Vec<u32> =
            paid.iter().flat_map(|(at, points)| [*at, points.unsigned_abs() as u32]).collect();
        if let Some(order) = known.get(&(like.clone(), points)) {
            return *order;
        }
        let left = Price { sum: Form { money: 0, shares: 1, prices: paid }, among: 1 };
        let order = self.chain.compare(&left, 1, price, u64::from(points));
        known.insert((like, points), order);
        order
    }

    /// What a group with money left has paid for, in full, and with how many points.
    fn paid(&self, group: usize) -> impl Iterator<Item = (u32, u32)> + '_ {
        let choice = self.market.election.ballots.choice(group);
        choice
            .map(|(project, points)| (self.bought_at[project as usize], points))
            .filter(|(at, _)| *at != NEVER)
    }

    fn sum(&self, project: usize) -> Sum {
        let money = self.market.election.projects[project].cost;
        Sum { money, shares: 0, prices: vec![0; self.ceilings.len()], rich: 0 }
    }

    fn gives_all(&self, sum: &mut Sum, group: usize) {
        let times = i64::from(self.purses[group].times);
        sum.shares -= i128::from(times);
        for (at, points) in self.paid(group) {
            sum.prices[at as usize] += times * i64::from(points);
        }
    }
}

/// What the rich still have to pay together.
struct Sum {
    money: i64,
    shares: i128,
    /// By number of the purchase.
    prices: Vec<i64>,
    rich: u64,
}

impl Sum {
    fn form(&self) -> Form {
        let prices = self.prices.iter().enumerate().filter(|(_, by)| **by != 0);
        let prices = prices.map(|(at, by)| (at as u32, *by)).collect();
        Form { money: self.money.into(), shares: self.shares, prices }
    }

    fn price(&self) -> Price {
        Price { sum: self.form(), among: self.rich.max(1) }
    }
}
