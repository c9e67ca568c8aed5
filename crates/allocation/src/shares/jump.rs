//! Steps of the completion that change nothing are not counted.
//!
//! When everybody's share grows and the same projects have been bought in the same order, everybody has at least as much
//! as before, so no price rises. So if the dearest that a purchase can be (at the smaller share) is below the cheapest
//! that anything else can be (at the larger share), the same purchase follows at every share between; and if at the
//! end nothing can be afforded with the larger share, the whole outcome is the same. In the manner of Add-Opt
//! (S. Kraiczy, I. Robinson, E. Elkind, "Streamlining Equal Shares", arXiv 2502.11797).

use crate::outcome::Share;

use super::Market;
use super::pass::Pass;

/// How far to look ahead.
pub(super) struct Jump {
    ahead: u64,
    /// Steps to count one by one before the next attempt.
    wait: u64,
    patience: u64,
    /// Attempts, which cost as much as a pass.
    pub tried: u64,
    /// Did any succeed?
    pub jumped: bool,
}

impl Default for Jump {
    fn default() -> Self {
        Jump { ahead: 64, wait: 0, patience: 1, tried: 0, jumped: false }
    }
}

impl Jump {
    /// A later step with the same outcome, if one is found.
    pub fn attempt<'m, 'a>(
        &mut self,
        market: &'m Market<'a>,
        pass: &Pass<'m, 'a>,
        at: u64,
        first: &dyn Fn(u64) -> Share,
    ) -> Option<(u64, Pass<'m, 'a>)> {
        if self.wait > 0 {
            self.wait -= 1;
            return None;
        }
        while self.ahead > 1 {
            self.tried += 1;
            // Nobody ever needs more than three times what everything may cost.
            let most = 3 * i128::from(crate::MOST_MONEY);
            let share = first(at + self.ahead);
            let mut next = Pass::new(market, share);
            if share.money / i128::from(share.among) < most && next.follow(pass) {
                let to = at + self.ahead;
                self.ahead = self.ahead.saturating_mul(2).min(1 << 40);
                (self.patience, self.jumped) = (1, true);
                return Some((to, next));
            }
            self.ahead /= 4;
        }
        // Here every step changes something; look again a little later.
        self.ahead = 4;
        self.wait = self.patience;
        self.patience = (self.patience * 2).min(32);
        None
    }
}
