//! The engine against the slow way, on thousands of small elections made to be tied, poor and awkward.

use super::{naive, rule, winners};
use crate::{Ballots, Completion, Election, Increase, Method, Project, Rule, Ties, count};

/// A small election. Few different costs and few different ballots make many exact ties.
fn small(random: &mut fastrand::Rng, has_points: bool) -> Election {
    let projects = random.usize(1..9);
    let scale = [1, 1, 7, 1_000, 123_456_789_000][random.usize(0..5)];
    let most = random.i64(1..30);
    let costs: Vec<i64> =
        (0..projects).map(|_| if random.u8(0..20) == 0 { 0 } else { random.i64(1..=most) * scale }).collect();
    let budget = random.i64(0..=costs.iter().sum::<i64>().max(1));
    let mut ballots = Ballots::default();
    for _ in 0..random.usize(0..14) {
        let mut choice: Vec<(u32, u32)> = Vec::new();
        for at in 0..projects as u32 {
            if random.bool() {
                choice.push((at, if has_points { random.u32(1..4) } else { 1 }));
            }
        }
        ballots.put(&mut choice, random.u32(1..4)).unwrap();
    }
    let projects =
        costs.iter().enumerate().map(|(at, cost)| Project { id: format!("p{at}"), cost: *cost }).collect();
    Election { budget, projects, ballots, ..Election::default() }
}

fn said(election: &Election) -> String {
    let ballots = &election.ballots;
    let all: Vec<_> =
        (0..ballots.groups()).map(|g| (ballots.times(g), ballots.choice(g).collect::<Vec<_>>())).collect();
    let costs: Vec<i64> = election.projects.iter().map(|project| project.cost).collect();
    format!("budget {} of {} costs {costs:?} ballots {all:?}", election.budget, ballots.cast())
}

#[test]
fn one_pass_of_equal_shares_is_exact() {
    let mut random = fastrand::Rng::with_seed(1404);
    for round in 0..2_000 {
        let election = small(&mut random, round % 3 == 0);
        for (method, by_cost) in [(Method::SharesByCost, true), (Method::SharesByNumber, false)] {
            let own = winners(&election, &rule(method, Increase::No));
            let slow = naive::shares(&election, by_cost, Increase::No, 0).unwrap();
            assert_eq!(own, slow, "{method:?} on {}", said(&election));
        }
    }
}

#[test]
fn steps_are_skipped_only_where_nothing_changes() {
    let mut random = fastrand::Rng::with_seed(7);
    let (mut compared, mut skipped) = (0, 0);
    for round in 0..300 {
        let election = small(&mut random, round % 4 == 0);
        let largest = election.projects.iter().map(|project| project.cost).max().unwrap_or(1);
        let step = (largest / random.i64(20..400)).max(1);
        for (method, by_cost) in [(Method::SharesByCost, true), (Method::SharesByNumber, false)] {
            for increase in [Increase::UntilOverspent { step }, Increase::UntilExhausted { step }] {
                let Some(slow) = naive::shares(&election, by_cost, increase, 400) else { continue };
                let own = count(&election, &rule(method, increase)).unwrap();
                assert_eq!(own.winners, slow, "{method:?} {increase:?} on {}", said(&election));
                assert!(own.spent <= election.budget);
                (compared, skipped) = (compared + 1, skipped + own.skipped);
            }
        }
    }
    assert!(compared > 700 && skipped > 300, "{compared} compared, {skipped} steps skipped");
}

#[test]
fn phragmen_is_exact() {
    let mut random = fastrand::Rng::with_seed(1896);
    for _ in 0..4_000 {
        let election = small(&mut random, false);
        let own = winners(&election, &rule(Method::Phragmen, Increase::No));
        assert_eq!(own, naive::phragmen(&election), "{}", said(&election));
    }
}

#[test]
fn no_rule_overspends_or_chooses_twice_or_forgets_a_reason() {
    let mut random = fastrand::Rng::with_seed(3);
    for _ in 0..1_500 {
        let mut election = small(&mut random, false);
        let count_of = election.projects.len();
        if count_of > 3 {
            election.exclusions = vec![vec![0, 1], vec![1, 2]];
            election.caps = vec![crate::Cap { limit: election.budget / 2, members: vec![2, 3] }];
        }
        for method in [
            Method::Greedy,
            Method::GreedyNoSkip,
            Method::SharesByCost,
            Method::SharesByNumber,
            Method::Phragmen,
        ] {
            let completion = Completion {
                increase: Increase::UntilOverspent { step: (election.budget / 50).max(1) },
                fill: random.bool(),
                compare: random.bool(),
            };
            let rule = Rule { completion, least_score: random.u64(0..3), ties: Ties::Cheapest, method };
            let outcome = count(&election, &rule).unwrap();
            let mut seen = outcome.winners.clone();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), outcome.winners.len());
            assert_eq!(
                outcome.spent,
                outcome.winners.iter().map(|at| election.projects[*at].cost).sum::<i64>()
            );
            assert!(outcome.spent <= election.budget);
            assert_eq!(outcome.steps.iter().map(|step| step.project).collect::<Vec<_>>(), outcome.winners);
            let mut all: Vec<usize> = outcome.losses.iter().map(|loss| loss.project).chain(seen).collect();
            all.sort_unstable();
            assert_eq!(all, (0..count_of).collect::<Vec<_>>(), "{rule:?} on {}", said(&election));
            if count_of > 3 {
                assert!(!(outcome.has(0) && outcome.has(1)) && !(outcome.has(1) && outcome.has(2)));
                let capped: i64 = [2, 3]
                    .into_iter()
                    .filter(|at| outcome.has(*at))
                    .map(|at| election.projects[at].cost)
                    .sum();
                assert!(capped <= election.budget / 2);
            }
        }
    }
}

#[test]
fn the_order_of_ballots_decides_nothing() {
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..300 {
        let one = small(&mut random, false);
        let mut lines: Vec<Vec<(u32, u32)>> = Vec::new();
        for group in 0..one.ballots.groups() {
            lines.extend((0..one.ballots.times(group)).map(|_| one.ballots.choice(group).collect()));
        }
        let empty = one.ballots.cast() - lines.len() as u64;
        lines.extend((0..empty).map(|_| Vec::new()));
        random.shuffle(&mut lines);
        let mut other = Election { ballots: Ballots::default(), ..one.clone() };
        lines.iter_mut().for_each(|line| other.ballots.put(line, 1).unwrap());
        for method in [Method::Greedy, Method::SharesByCost, Method::SharesByNumber, Method::Phragmen] {
            let rule = rule(method, Increase::UntilOverspent { step: (one.budget / 30).max(1) });
            assert_eq!(count(&one, &rule).unwrap(), count(&other, &rule).unwrap());
        }
    }
}

#[test]
fn groups_that_deserve_it_are_heard() {
    // What equal shares promise: voters who all want the same projects and could pay for them with their own shares
    // get them, up to one.
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..500 {
        let election = small(&mut random, false);
        let cast = i128::from(election.ballots.cast().max(1));
        let outcome = count(&election, &rule(Method::SharesByNumber, Increase::No)).unwrap();
        for project in 0..election.projects.len() {
            let cost = i128::from(election.projects[project].cost);
            let own: Vec<usize> = (0..election.ballots.groups())
                .filter(|group| election.ballots.named(*group).contains(&(project as u32)))
                .collect();
            let times: i128 = own.iter().map(|group| i128::from(election.ballots.times(*group))).sum();
            if times > 0
                && times * i128::from(election.budget) >= cost * cast
                && cost <= i128::from(election.budget)
            {
                let is_heard =
                    |group: &usize| election.ballots.named(*group).iter().any(|at| outcome.has(*at as usize));
                assert!(own.iter().any(is_heard), "project {project} of {}", said(&election));
            }
        }
    }
}

#[test]
fn the_seed_decides_ties_and_nothing_else() {
    let mut random = fastrand::Rng::with_seed(13);
    let drawn =
        |seed: &str| Rule { ties: Ties::Drawn { seed: seed.into() }, ..Rule::of(Method::SharesByCost) };
    let mut differ = 0;
    for _ in 0..400 {
        let election = small(&mut random, false);
        let (one, other) =
            (count(&election, &drawn("گردو")).unwrap(), count(&election, &drawn("anar")).unwrap());
        assert_eq!(one, count(&election, &drawn("گردو")).unwrap());
        if one.winners != other.winners {
            differ += 1;
            let ties: u32 = one.steps.iter().map(|step| step.tied).sum();
            assert!(ties > 0, "{}", said(&election));
        }
    }
    assert!(differ > 0);
}
