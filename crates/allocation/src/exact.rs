//! Exact prices, for when rounded ones cannot tell who is first.
//!
//! What a voter has left is the first share less prices paid; a price is what its richer supporters must add, divided
//! among them. So every amount is a sum of whole multiples of the first share and of earlier prices, which are
//! fractions over the product of all earlier divisors. The sums stay whole numbers as long as nobody divides: `Chain`
//! keeps, for the k-th price, the numerator over n·r₁·…·rₖ, and works it out only when somebody asks.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};

/// money + shares·(first share) + Σ prices[k]·(k-th price).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Form {
    pub money: i128,
    pub shares: i128,
    /// By number of the purchase, ascending.
    pub prices: Vec<(u32, i64)>,
}

/// A form divided by a whole number above 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Price {
    pub sum: Form,
    pub among: u64,
}

/// The prices paid so far.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    /// The first share is `share_sum / share_among`.
    share_sum: i128,
    share_among: u64,
    prices: Vec<Price>,
    /// Numerators over share_among·r₁·…·rₖ, as far as they were asked for.
    numerators: Vec<BigInt>,
}

impl Chain {
    pub fn new(share_sum: i128, share_among: u64) -> Chain {
        Chain { share_sum, share_among: share_among.max(1), prices: Vec::new(), numerators: Vec::new() }
    }

    /// The number of the new price.
    pub fn push(&mut self, price: Price) -> u32 {
        self.prices.push(price);
        self.prices.len() as u32 - 1
    }

    /// Is the form above, at or below nothing?
    pub fn sign(&mut self, form: &Form) -> Ordering {
        self.sign_of(form.money.into(), form.shares.into(), &big(&form.prices))
    }

    /// Which of two is smaller: price·weight of each.
    pub fn compare(&mut self, one: &Price, by: u64, other: &Price, other_by: u64) -> Ordering {
        let left = BigInt::from(by) * other.among;
        let right = BigInt::from(other_by) * one.among;
        let money = one.sum.money * &left - other.sum.money * &right;
        let shares = one.sum.shares * &left - other.sum.shares * &right;
        let mut prices: Vec<(u32, BigInt)> = Vec::new();
        let (mut a, mut b) = (one.sum.prices.iter().peekable(), other.sum.prices.iter().peekable());
        loop {
            let at = match (a.peek(), b.peek()) {
                (Some(x), Some(y)) => x.0.min(y.0),
                (Some(x), None) => x.0,
                (None, Some(y)) => y.0,
                (None, None) => break,
            };
            let mut sum = BigInt::ZERO;
            if let Some((_, by)) = a.next_if(|x| x.0 == at) {
                sum += *by * &left;
            }
            if let Some((_, by)) = b.next_if(|y| y.0 == at) {
                sum -= *by * &right;
            }
            if sum.sign() != Sign::NoSign {
                prices.push((at, sum));
            }
        }
        self.sign_of(money, shares, &prices)
    }

    fn sign_of(&mut self, money: BigInt, shares: BigInt, prices: &[(u32, BigInt)]) -> Ordering {
        let upto = prices.last().map_or(0, |(k, _)| *k as usize + 1);
        while self.numerators.len() < upto {
            let price = &self.prices[self.numerators.len()];
            let sum = price.sum.clone();
            let next =
                self.numerator(sum.money.into(), sum.shares.into(), &big(&sum.prices), self.numerators.len());
            self.numerators.push(next);
        }
        match self.numerator(money, shares, prices, upto).sign() {
            Sign::Minus => Ordering::Less,
            Sign::NoSign => Ordering::Equal,
            Sign::Plus => Ordering::Greater,
        }
    }

    /// The form over share_among·r₁·…·r_upto, after Horner: one multiplication a step.
    fn numerator(&self, money: BigInt, shares: BigInt, prices: &[(u32, BigInt)], upto: usize) -> BigInt {
        let mut sum = money * self.share_among + shares * self.share_sum;
        let mut prices = prices.iter().peekable();
        for (k, price) in self.prices.iter().take(upto).enumerate() {
            sum *= price.among;
            if let Some((_, by)) = prices.next_if(|(at, _)| *at as usize == k) {
                sum += by * &self.numerators[k];
            }
        }
        sum
    }
}

fn big(prices: &[(u32, i64)]) -> Vec<(u32, BigInt)> {
    prices.iter().map(|(k, by)| (*k, BigInt::from(*by))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_after_two_prices() {
        // Three voters with 100 between them. The first price is 10/3; the second what is missing of 50 when one voter
        // who has paid the first gives everything and two share the rest: (50 − (100/3 − 10/3))/2 = 10.
        let mut chain = Chain::new(100, 3);
        chain.push(Price { sum: Form { money: 10, ..Form::default() }, among: 3 });
        let second = Price { sum: Form { money: 50, shares: -1, prices: vec![(0, 1)] }, among: 2 };
        chain.push(second.clone());
        assert_eq!(chain.sign(&Form { money: -10, shares: 0, prices: vec![(1, 1)] }), Ordering::Equal);
        assert_eq!(chain.sign(&Form { money: -9, shares: 0, prices: vec![(1, 1)] }), Ordering::Greater);
        let third = Price { sum: Form { money: 30, ..Form::default() }, among: 3 };
        assert_eq!(chain.compare(&second, 1, &third, 1), Ordering::Equal);
        assert_eq!(chain.compare(&second, 2, &third, 3), Ordering::Less);
    }
}
