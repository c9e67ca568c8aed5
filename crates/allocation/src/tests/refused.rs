//! What is no election is refused; what is only odd is counted.

use super::{election, rule};
use crate::{Ballots, Increase, MOST_MONEY, Method, Refusal, Rule, count};

const ALL: [Method; 5] =
    [Method::Greedy, Method::GreedyNoSkip, Method::SharesByCost, Method::SharesByNumber, Method::Phragmen];

#[test]
fn amounts_have_bounds() {
    for method in ALL {
        let count = |budget, cost| {
            count(&election(budget, &[cost], &[(1, &[0])]), &Rule::of(method)).map(|it| it.spent)
        };
        assert_eq!(count(-1, 1), Err(Refusal::Budget(-1)));
        assert_eq!(count(MOST_MONEY + 1, 1), Err(Refusal::Budget(MOST_MONEY + 1)));
        assert_eq!(count(1, -1), Err(Refusal::Cost { id: "p0".into(), cost: -1 }));
        assert_eq!(count(MOST_MONEY, MOST_MONEY), Ok(MOST_MONEY));
        assert_eq!(count(i64::MAX, 1), Err(Refusal::Budget(i64::MAX)));
        assert_eq!(count(0, 0), Ok(0));
    }
}

#[test]
fn the_largest_amounts_do_not_overflow() {
    let most = MOST_MONEY;
    let town = election(
        most,
        &[most, most - 1, most / 2, most / 3, 1],
        &[(2_000_000, &[0, 1]), (1, &[2, 3]), (7, &[4, 0])],
    );
    for method in ALL {
        for step in [1, most / 1_000, most] {
            let outcome = count(&town, &rule(method, Increase::UntilOverspent { step })).unwrap();
            assert!(outcome.spent <= most);
        }
    }
}

#[test]
fn ids_and_ballots_are_checked() {
    let mut twice = election(10, &[1, 2], &[]);
    twice.projects[1].id = "p0".into();
    assert_eq!(count(&twice, &Rule::of(Method::Greedy)), Err(Refusal::Twice("p0".into())));
    let stranger = election(10, &[1, 2], &[(1, &[2])]);
    assert_eq!(count(&stranger, &Rule::of(Method::Greedy)), Err(Refusal::Stranger(2)));
    let mut ballots = Ballots::default();
    assert_eq!(ballots.put(&mut vec![(1, 1), (0, 1), (1, 2)], 1), Err(Refusal::Repeated(1)));
    assert_eq!(ballots.put(&mut vec![(1, 0)], 1), Err(Refusal::Points(0)));
    assert_eq!(ballots.put(&mut vec![(1, 2_000_000)], 1), Err(Refusal::Points(2_000_000)));
    assert_eq!(ballots.cast(), 0);
    let mut excluded = election(10, &[1], &[]);
    excluded.exclusions = vec![vec![0, 4]];
    assert_eq!(count(&excluded, &Rule::of(Method::Greedy)), Err(Refusal::Limit(4)));
    let mut points = election(10, &[1], &[]);
    points.ballots.put(&mut vec![(0, 3)], 1).unwrap();
    assert_eq!(count(&points, &Rule::of(Method::Phragmen)), Err(Refusal::NeedsApproval));
    for step in [0, -5] {
        let rule = rule(Method::SharesByCost, Increase::UntilOverspent { step });
        assert_eq!(count(&election(10, &[1], &[(1, &[0])]), &rule), Err(Refusal::Step(step)));
    }
}

#[test]
fn nobody_and_nothing_is_an_election_too() {
    for method in ALL {
        for town in [
            election(0, &[], &[]),
            election(100, &[], &[(5, &[])]),
            election(100, &[10, 20], &[]),
            election(0, &[10, 0], &[(2, &[0, 1])]),
        ] {
            let outcome = count(&town, &rule(method, Increase::UntilOverspent { step: 1 })).unwrap();
            assert!(outcome.spent <= town.budget);
        }
    }
}

#[test]
fn ties_everywhere_are_broken_by_the_published_order() {
    let costs = [10; 40];
    let all: Vec<u32> = (0..40).collect();
    let town = election(200, &costs, &[(1_000, &all)]);
    for method in ALL {
        let outcome = count(&town, &rule(method, Increase::UntilExhausted { step: 1 })).unwrap();
        // Phragmén ends when one of those whose turn it is does not fit: here the last one does, exactly.
        assert_eq!(outcome.winners, (0..20).collect::<Vec<_>>(), "{method:?}");
        assert_eq!(outcome.spent, 200);
    }
}
