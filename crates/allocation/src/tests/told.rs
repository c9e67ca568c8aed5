//! Reasons, stories and measures.

use super::{election, rule};
use crate::explain::{enough, story};
use crate::measures::{measure, side_by_side};
use crate::pots::{self, Pot};
use crate::{Increase, Method, Rule, Why, count};

#[test]
fn a_loser_is_told_whose_project_used_the_money() {
    // Six have 10 each: they pay the bridge (0) together, then cannot pay the square (1).
    let town = election(100, &[60, 30, 20, 20], &[(6, &[0, 1]), (4, &[2, 3])]);
    let rule = rule(Method::SharesByCost, Increase::No);
    let outcome = count(&town, &rule).unwrap();
    let story = story(&town, &outcome, 1);
    assert_eq!(
        (story.votes, story.won.is_none(), story.lost.unwrap().why),
        (6, true, Why::ShortOfMoney { had: 0, supporters: 6 })
    );
    let decisive = story.decisive.unwrap();
    assert_eq!((decisive.project, decisive.had, decisive.paid), (0, 60, 60));
    // What is said to be enough is enough, and one less of it is not, where so many counts were allowed.
    let enough = enough(&town, &rule, 1, 40).unwrap();
    let votes = enough.votes.unwrap();
    for (more, wins) in [(votes, true), (votes - 1, false)] {
        let mut other = town.clone();
        other.ballots.put(&mut vec![(1, 1)], more as u32).unwrap();
        assert_eq!(count(&other, &rule).unwrap().has(1), wins, "{more} of {votes}");
    }
    if let Some(cost) = enough.cost {
        let mut other = town.clone();
        other.projects[1].cost = cost;
        assert!(count(&other, &rule).unwrap().has(1));
    }
}

#[test]
fn a_winner_is_told_as_which_it_won() {
    let town = election(100, &[60, 30], &[(6, &[0, 1]), (4, &[1])]);
    let outcome = count(&town, &Rule::of(Method::Greedy)).unwrap();
    let story = story(&town, &outcome, 0);
    assert_eq!(story.won.unwrap().0, 1);
    assert!(story.paid.is_empty() && story.lost.is_none());
}

#[test]
fn measures_say_who_got_nothing() {
    let town = election(100, &[60, 30, 20, 20], &[(6, &[0, 1]), (4, &[2, 3]), (2, &[])]);
    let greedy = Rule::of(Method::Greedy);
    let outcome = count(&town, &greedy).unwrap();
    let measures = measure(&town, &outcome);
    assert_eq!((measures.voters, measures.without_winner), (12, 6));
    assert_eq!(measures.winners_each, 1.0);
    assert_eq!(measures.gini, 0.5);
    let rows = side_by_side(&town, &[greedy, rule(Method::SharesByCost, Increase::No)]).unwrap();
    assert!(rows[1].1.without_winner < rows[0].1.without_winner);
}

#[test]
fn each_neighbourhood_has_its_pot_and_the_city_gets_what_is_over() {
    // Projects 0 and 1 in the north, 2 in the south, 3 and 4 of the whole city.
    let town = election(0, &[50, 40, 30, 60, 70], &[(5, &[0, 3]), (3, &[1, 4]), (4, &[2, 3]), (2, &[4])]);
    let pot = |name: &str, budget, projects: &[usize]| Pot {
        name: name.into(),
        budget,
        projects: projects.to_vec(),
    };
    let pots = [pot("city", 50, &[3, 4]), pot("north", 60, &[0, 1]), pot("south", 30, &[2])];
    let counted = pots::count(&town, &pots, Some(0), &Rule::of(Method::Greedy)).unwrap();
    let of = |at: usize| {
        (
            counted[at].name.as_str(),
            counted[at].budget,
            counted[at].voters,
            counted[at].outcome.winners.clone(),
        )
    };
    assert_eq!(of(1), ("north", 60, 8, vec![0]));
    assert_eq!(of(2), ("south", 30, 4, vec![2]));
    assert_eq!(of(0), ("city", 60, 14, vec![3]));
    assert_eq!(counted[1].outcome.losses[0].project, 1);
    let alone = pots::count(&town, &pots, None, &Rule::of(Method::Greedy)).unwrap();
    assert!(alone[0].outcome.winners.is_empty());
    assert!(pots::count(&town, &[pot("?", 1, &[9])], None, &Rule::of(Method::Greedy)).is_err());
}
