//! Worked examples, as `docs/reference/allocation.md` tells them.

use super::{election, rule, winners};
use crate::{Completion, Election, How, Increase, Method, Rule, Why, count};

/// Ten voters and a budget of 100. Six want the bridge, and of those all want the square; four want park and school.
fn town() -> Election {
    election(100, &[60, 30, 20, 20], &[(6, &[0, 1]), (4, &[2, 3])])
}

#[test]
fn greedy_gives_the_majority_everything_it_can() {
    let town = town();
    // Of the two with six votes the cheaper comes first; 90 are spent, and nothing else fits.
    assert_eq!(winners(&town, &Rule::of(Method::Greedy)), [1, 0]);
    let outcome = count(&town, &Rule::of(Method::Greedy)).unwrap();
    assert_eq!((outcome.spent, outcome.losses[0].why), (90, Why::DidNotFit { left: 10 }));
}

#[test]
fn equal_shares_give_the_minority_its_part() {
    let town = town();
    // Everybody has 10. Bridge: six pay 10 each and have nothing left for the square. Park and school: 5 each.
    let outcome = count(&town, &rule(Method::SharesByCost, Increase::No)).unwrap();
    assert_eq!((outcome.winners.as_slice(), outcome.spent), (&[0, 2, 3][..], 100));
    let How::Bought { price, supporters, paying, emptied } = outcome.steps[0].how else { panic!("bought") };
    assert_eq!((price, supporters, paying, emptied), (10.0, 6, 6, 6));
    assert_eq!(outcome.losses[0].why, Why::ShortOfMoney { had: 0, supporters: 6 });
    // Counted by number the cheap ones come first: park, school and square cost 5 each; the bridge is left.
    let by_number = rule(Method::SharesByNumber, Increase::No);
    assert_eq!(winners(&town, &by_number), [1, 2, 3]);
}

#[test]
fn what_is_left_over_is_completed_as_the_by_law_says() {
    // Everybody has 9. Six have 54 of the bridge's 60; the four pay 20 of their 36 for the park and cannot pay the school.
    let town = election(90, &[60, 30, 20, 20], &[(6, &[0]), (4, &[2, 3])]);
    let none = rule(Method::SharesByCost, Increase::No);
    assert_eq!(winners(&town, &none), [2]);
    // With a share of 10 they all can, and then 100 would be spent of 90: the outcome before counts.
    let more = rule(Method::SharesByCost, Increase::UntilOverspent { step: 1 });
    assert_eq!(winners(&town, &more), [2]);
    // Filling up by votes finds that the bridge fits.
    let fill = Rule { completion: Completion { fill: true, ..Completion::NONE }, ..none.clone() };
    assert_eq!(winners(&town, &fill), [2, 0]);
    // More voters gain by the greedy outcome: bridge and park.
    let compare = Rule { completion: Completion { compare: true, ..Completion::NONE }, ..none };
    let outcome = count(&town, &compare).unwrap();
    let comparison = outcome.comparison.unwrap();
    assert_eq!((comparison.for_shares, comparison.for_greedy, comparison.greedy_won), (0, 6, true));
    assert_eq!(outcome.winners, [0, 2]);
}

#[test]
fn phragmen_buys_when_supporters_have_earned_enough() {
    let town = town();
    // Square at 5 each, park at 5, school when the four have earned 10; bridge at 15 would make 130.
    let outcome = count(&town, &rule(Method::Phragmen, Increase::No)).unwrap();
    assert_eq!(outcome.winners, [1, 2, 3]);
    assert_eq!(outcome.losses[0].why, Why::DidNotFit { left: 30 });
}

#[test]
fn toman_amounts_end_quickly() {
    // 15,000 billion toman in rials, with a step of one rial: trillions of steps, of which a handful matter.
    let billion = 10_000_000_000;
    let costs = [4_000, 3_500, 3_000, 2_500, 2_200, 1_800, 1_500, 900].map(|cost| cost * billion);
    let ballots: &[(u32, &[u32])] = &[
        (300, &[0, 1, 2]),
        (280, &[1, 3, 5]),
        (260, &[2, 4, 6]),
        (150, &[4, 5, 7]),
        (90, &[6, 7]),
        (41, &[0, 7]),
    ];
    let town = election(15_000 * billion, &costs, ballots);
    let outcome = count(&town, &rule(Method::SharesByCost, Increase::UntilOverspent { step: 1 })).unwrap();
    assert!(
        outcome.skipped > 1_000_000_000 && outcome.passes < 2_000,
        "{} {}",
        outcome.skipped,
        outcome.passes
    );
    assert!(outcome.spent <= town.budget);
}

#[test]
fn the_first_that_does_not_fit_ends_a_count_that_does_not_skip() {
    let town = election(100, &[50, 60, 10], &[(3, &[0]), (2, &[1]), (1, &[2])]);
    let outcome = count(&town, &rule(Method::GreedyNoSkip, Increase::No)).unwrap();
    assert_eq!(outcome.winners, [0]);
    assert_eq!(outcome.losses[0].why, Why::DidNotFit { left: 50 });
    assert_eq!(outcome.losses[1].why, Why::Ended { by: 1 });
    assert_eq!(winners(&town, &rule(Method::Greedy, Increase::No)), [0, 2]);
}
