//! Whether a ballot is filled in rightly, by the rules of its round.

use std::collections::{HashMap, HashSet};

use crate::book::Offer;
use crate::refusal::{ProjectError, no};
use crate::rounds::{Pot, PotId};
use crate::rules::{BallotKind, BallotRule};

/// A project on a ballot, by its number. The weight is 1, or the points, or the place from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Choice {
    pub number: i64,
    pub weight: i64,
}

impl Choice {
    pub fn of(number: i64) -> Choice {
        Choice { number, weight: 1 }
    }
}

/// Looks at each choice and at each pot. `pots` are those this person votes in; returns the choices by number.
pub fn check(
    rule: &BallotRule,
    pots: &[&Pot],
    choices: &[Choice],
    offer: impl Fn(i64) -> Option<Offer>,
) -> Result<Vec<Choice>, ProjectError> {
    const FIELD: &str = "choices";
    if choices.is_empty() {
        return Err(no("ballot-empty", FIELD));
    }
    if choices.len() as i64 > 2 * crate::rules::MOST_CHOICES {
        return Err(no("too-many", FIELD));
    }
    let mut seen = HashSet::new();
    let mut of_pot: HashMap<PotId, Vec<(Choice, Offer)>> = HashMap::new();
    for choice in choices {
        let offer = offer(choice.number).ok_or(no("choice-unknown", FIELD))?;
        if !seen.insert(choice.number) {
            return Err(no("choice-twice", FIELD));
        }
        if offer.is_withdrawn {
            return Err(no("choice-withdrawn", FIELD));
        }
        if pots.iter().all(|pot| pot.id != offer.pot) {
            return Err(no("choice-foreign", FIELD));
        }
        of_pot.entry(offer.pot).or_default().push((*choice, offer));
    }
    if (choices.len() as i64) < rule.least {
        return Err(no("too-few", FIELD));
    }
    for pot in pots {
        let Some(chosen) = of_pot.get(&pot.id) else { continue };
        let many = chosen.len() as i64;
        if many > crate::rules::MOST_CHOICES || (rule.kind != BallotKind::Knapsack && many > rule.most) {
            return Err(no("too-many", FIELD));
        }
        let weights = || chosen.iter().map(|(choice, _)| choice.weight);
        match rule.kind {
            BallotKind::Approval => {}
            BallotKind::Knapsack => {
                let cost = chosen.iter().map(|(_, offer)| offer.cost).fold(0_i64, i64::saturating_add);
                if cost > pot.budget {
                    return Err(no("over-budget", FIELD));
                }
            }
            BallotKind::Points => {
                let is_one = |points: i64| (1..=rule.points).contains(&points);
                if !weights().all(is_one) || weights().fold(0_i64, i64::saturating_add) > rule.points {
                    return Err(no("points-wrong", FIELD));
                }
            }
            BallotKind::Ranked => {
                let mut places: Vec<i64> = weights().collect();
                places.sort_unstable();
                if !places.iter().copied().eq(1..=many) {
                    return Err(no("ranks-wrong", FIELD));
                }
            }
        }
    }
    let mut all = choices.to_vec();
    if matches!(rule.kind, BallotKind::Approval | BallotKind::Knapsack) {
        all.iter_mut().for_each(|choice| choice.weight = 1);
    }
    all.sort_unstable();
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use requests::service::Both;

    const HOME: PotId = PotId(1);
    const CITY: PotId = PotId(2);
    const ELSEWHERE: PotId = PotId(3);

    fn offer(number: i64) -> Option<Offer> {
        let (pot, cost) = match number {
            1..=9 => (HOME, 40),
            11..=19 => (CITY, 40),
            21..=29 => (ELSEWHERE, 40),
            30 => (HOME, 1),
            _ => return None,
        };
        Some(Offer { project: number, number, pot, cost, is_withdrawn: number == 30 })
    }

    #[track_caller]
    fn told(kind: BallotKind, choices: &[(i64, i64)]) -> &'static str {
        let rule = BallotRule { kind, least: 1, most: 3, points: 10 };
        let pot = |id, number, division| Pot { id, number, name: Both::default(), division, budget: 100 };
        let (home, city) = (pot(HOME, 5, Some(1)), pot(CITY, 0, None));
        let choices: Vec<Choice> =
            choices.iter().map(|(number, weight)| Choice { number: *number, weight: *weight }).collect();
        match check(&rule, &[&home, &city], &choices, offer) {
            Ok(_) => "good",
            Err(ProjectError::Refused { code, .. }) => code,
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_on_a_ballot_must_be_on_offer_once_and_here() {
        use BallotKind::Approval;
        assert_eq!(told(Approval, &[(1, 1), (11, 1)]), "good");
        assert_eq!(told(Approval, &[]), "ballot-empty");
        assert_eq!(told(Approval, &[(99, 1)]), "choice-unknown");
        assert_eq!(told(Approval, &[(-1, 1)]), "choice-unknown");
        assert_eq!(told(Approval, &[(1, 1), (1, 1)]), "choice-twice");
        assert_eq!(told(Approval, &[(21, 1)]), "choice-foreign");
        assert_eq!(told(Approval, &[(30, 1)]), "choice-withdrawn");
    }

    #[test]
    fn limits_hold_for_each_pot() {
        use BallotKind::{Approval, Knapsack, Points, Ranked};
        assert_eq!(told(Approval, &[(1, 1), (2, 1), (3, 1), (11, 1), (12, 1), (13, 1)]), "good");
        assert_eq!(told(Approval, &[(1, 1), (2, 1), (3, 1), (4, 1)]), "too-many");
        assert_eq!(told(Knapsack, &[(1, 1), (2, 1), (11, 1), (12, 1)]), "good");
        assert_eq!(told(Knapsack, &[(1, 1), (2, 1), (3, 1)]), "over-budget");
        assert_eq!(told(Points, &[(1, 4), (2, 6), (11, 10)]), "good");
        assert_eq!(told(Points, &[(1, 5), (2, 6)]), "points-wrong");
        assert_eq!(told(Points, &[(1, 20), (2, -10)]), "points-wrong");
        assert_eq!(told(Points, &[(1, 0)]), "points-wrong");
        assert_eq!(told(Ranked, &[(1, 2), (2, 1), (11, 1)]), "good");
        assert_eq!(told(Ranked, &[(1, 2), (2, 2)]), "ranks-wrong");
        assert_eq!(told(Ranked, &[(1, 1), (2, 3)]), "ranks-wrong");
        assert_eq!(told(Ranked, &[(1, i64::MIN), (2, 1)]), "ranks-wrong");
    }
}
