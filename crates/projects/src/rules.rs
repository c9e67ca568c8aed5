//! The rules of a round, as data: who may vote, how a ballot is filled in, and how votes become winners.
//!
//! They are published before the vote under their hash and do not change from then on.

use requests::service::Both;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::coded::{coded, json};
use crate::refusal::{ProjectError, no};

coded! {
    /// How a ballot is filled in.
    BallotKind {
        /// Up to so many projects of each pot.
        Approval = "approval",
        /// As many projects as fit into the money of each pot.
        Knapsack = "knapsack",
        /// So many points of each pot, spread as one likes.
        Points = "points",
        /// Up to so many projects of each pot, the dearest to one first.
        Ranked = "ranked",
    }
}

coded! {
    /// What makes a person one person.
    IdentityRule {
        /// The mobile number, proven by a code.
        Mobile = "mobile",
        /// The national number, with the birth date that the registry knows.
        Registry = "registry",
    }
}

coded! {
    /// Which neighbourhood somebody votes in.
    HomeRule {
        /// The city as a whole is one.
        None = "none",
        /// The one they choose.
        Chosen = "chosen",
        /// The one where the registry knows them.
        Proven = "proven",
    }
}

/// How a ballot is filled in. The limits hold for each pot on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BallotRule {
    pub kind: BallotKind,
    /// At least so many, of all pots together.
    pub least: i64,
    /// At most so many of each pot; not asked of a knapsack.
    pub most: i64,
    /// Points of each pot.
    pub points: i64,
}

impl Default for BallotRule {
    fn default() -> Self {
        BallotRule { kind: BallotKind::Approval, least: 1, most: 5, points: 10 }
    }
}

/// How votes become winners, in the spelling of the counting engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AllocationRule {
    /// `greedy`, `greedy-no-skip`, `mes`, `phragmen` ...
    pub rule: String,
    /// `none`, `add1`, `add1-exhaustive`, `greedy` ...
    pub completion: String,
    /// `cost` or `cardinality`; what a chosen project is worth to whoever chose it.
    pub satisfaction: String,
}

impl Default for AllocationRule {
    fn default() -> Self {
        AllocationRule { rule: "mes".into(), completion: "add1".into(), satisfaction: "cost".into() }
    }
}

/// A topic of the city's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    pub code: String,
    pub name: Both,
    /// A drawing of the sprite.
    #[serde(default)]
    pub icon: String,
}

/// The rules of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    pub ballot: BallotRule,
    pub identity: IdentityRule,
    pub home: HomeRule,
    /// In years; asked only where the registry knows the birth date.
    pub least_age: i64,
    /// Persons that vote with one telephone, where a person is a national number.
    pub most_of_phone: i64,
    /// Fewer votes than these never win.
    pub minimum_support: i64,
    /// Co-signers without whom an idea is not looked at by experts.
    pub supporters: i64,
    pub allocation: AllocationRule,
    pub topics: Vec<Topic>,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            ballot: BallotRule::default(),
            identity: IdentityRule::Mobile,
            home: HomeRule::Chosen,
            least_age: 0,
            most_of_phone: 4,
            minimum_support: 0,
            supporters: 0,
            allocation: AllocationRule::default(),
            topics: Vec::new(),
        }
    }
}

/// The most projects of one pot on a ballot; a sealed ballot has room for so many.
pub const MOST_CHOICES: i64 = 40;

impl Rules {
    pub(crate) fn check(&self) -> Result<(), ProjectError> {
        let wrong = |field| Err(no("rules-wrong", field));
        let ballot = &self.ballot;
        if !(0..=MOST_CHOICES).contains(&ballot.least) || !(1..=MOST_CHOICES).contains(&ballot.most) {
            return wrong("most");
        }
        if ballot.least > 2 * ballot.most && ballot.kind != BallotKind::Knapsack {
            return wrong("least");
        }
        if ballot.kind == BallotKind::Points && !(1..=1000).contains(&ballot.points) {
            return wrong("points");
        }
        // A birth date that nobody knows cannot be asked for.
        if self.identity == IdentityRule::Mobile && (self.least_age > 0 || self.home == HomeRule::Proven) {
            return wrong("identity");
        }
        if !(0..=120).contains(&self.least_age) || self.minimum_support < 0 || self.supporters < 0 {
            return wrong("minimum_support");
        }
        if !(1..=50).contains(&self.most_of_phone) {
            return wrong("most_of_phone");
        }
        let mut codes: Vec<&str> = self.topics.iter().map(|topic| topic.code.as_str()).collect();
        codes.sort_unstable();
        let is_code = |code: &&str| {
            !code.is_empty()
                && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if codes.is_empty()
            || !codes.iter().all(is_code)
            || codes.windows(2).any(|two| two.first() == two.get(1))
        {
            return wrong("topics");
        }
        Ok(())
    }

    pub fn topic(&self, code: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.code == code)
    }

    /// SHA-256 of the rules as JSON: what is published before the vote.
    pub fn hash(&self) -> storage::Result<String> {
        Ok(Sha256::digest(json(self)?).iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_contradict_themselves_are_refused() {
        let good = Rules {
            topics: vec![Topic {
                code: "parks".into(),
                name: Both::new("پارک", "Parks"),
                icon: String::new(),
            }],
            ..Rules::default()
        };
        assert!(good.check().is_ok());
        let ballot = |most, least, points| BallotRule { kind: BallotKind::Points, most, least, points };
        for wrong in [
            Rules { topics: Vec::new(), ..good.clone() },
            Rules { topics: [good.topics.clone(), good.topics.clone()].concat(), ..good.clone() },
            Rules { ballot: ballot(0, 0, 10), ..good.clone() },
            Rules { ballot: ballot(41, 0, 10), ..good.clone() },
            Rules { ballot: ballot(5, 11, 10), ..good.clone() },
            Rules { ballot: ballot(5, 1, 0), ..good.clone() },
            Rules { least_age: 16, ..good.clone() },
            Rules { home: HomeRule::Proven, ..good.clone() },
            Rules { minimum_support: -1, ..good.clone() },
        ] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
        assert_ne!(good.hash().unwrap(), Rules { minimum_support: 1, ..good }.hash().unwrap());
    }
}
