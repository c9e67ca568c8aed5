//! What a sealed ballot holds: a few small numbers, always as many bytes, so that its length tells nothing.

use storage::{Error, Result};

use super::{Channel, Choice};
use crate::rules::{BallotKind, BallotRule, MOST_CHOICES};

/// What somebody voted, before it is sealed and after it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The number of the pot of their part of the city, if they have one.
    pub home: Option<i64>,
    pub channel: Channel,
    /// Who took it from the voter; 0 when nobody did.
    pub assistant: i64,
    /// In the order of numbers.
    pub choices: Vec<Choice>,
}

const HEAD: usize = 13;
const NO_HOME: u16 = u16::MAX;

impl Content {
    /// With room for as many choices as the rule of the round allows, whether they were made or not.
    pub fn to_bytes(&self, rule: &BallotRule) -> Result<Vec<u8>> {
        let length = HEAD + 4 * room(rule);
        let small = |number: i64| u16::try_from(number).map_err(Error::corrupt);
        let channel = Channel::ALL.iter().position(|c| *c == self.channel).unwrap_or(0);
        let mut bytes = vec![1, channel as u8];
        bytes.extend(self.assistant.to_be_bytes());
        bytes.extend(self.home.map_or(Ok(NO_HOME), small)?.to_be_bytes());
        bytes.push(u8::try_from(self.choices.len()).map_err(Error::corrupt)?);
        for choice in &self.choices {
            bytes.extend(small(choice.number)?.to_be_bytes());
            bytes.extend(small(choice.weight)?.to_be_bytes());
        }
        if bytes.len() > length {
            return Err(Error::corrupt("a ballot with more choices than there is room for"));
        }
        bytes.resize(length, 0);
        Ok(bytes)
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Content> {
        let (head, rest) = bytes.split_at_checked(HEAD)?;
        let [1, channel, assistant @ .., high, low, count] = head else { return None };
        let home = u16::from_be_bytes([*high, *low]);
        let mut choices = Vec::new();
        for four in rest.chunks_exact(4).take(usize::from(*count)) {
            let [a, b, c, d] = four else { return None };
            choices.push(Choice {
                number: i64::from(u16::from_be_bytes([*a, *b])),
                weight: i64::from(u16::from_be_bytes([*c, *d])),
            });
        }
        Some(Content {
            home: (home != NO_HOME).then_some(i64::from(home)),
            channel: *Channel::ALL.get(usize::from(*channel))?,
            assistant: i64::from_be_bytes(assistant.try_into().ok()?),
            choices,
        })
    }
}

/// Choices of two pots: one's own and the city's.
fn room(rule: &BallotRule) -> usize {
    let most = if rule.kind == BallotKind::Knapsack { MOST_CHOICES } else { rule.most };
    2 * usize::try_from(most).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ballot_is_as_long_as_every_other_and_reads_as_it_was() {
        let choice = |number| Choice { number, weight: 1 };
        let one = Content { home: Some(7), channel: Channel::Sms, assistant: 0, choices: vec![choice(3)] };
        let rule = BallotRule { kind: BallotKind::Knapsack, ..BallotRule::default() };
        let most = (1..=2 * MOST_CHOICES).map(choice).collect();
        let many = Content { home: None, channel: Channel::Paper, assistant: i64::MAX, choices: most };
        let (short, long) = (one.to_bytes(&rule).unwrap(), many.to_bytes(&rule).unwrap());
        assert_eq!(short.len(), long.len());
        assert_eq!(Content::from_bytes(&short), Some(one));
        assert_eq!(Content::from_bytes(&long), Some(many));
        assert_eq!(Content::from_bytes(&[]), None);
        assert_eq!(Content::from_bytes(&[9; 40]), None);
    }
}
