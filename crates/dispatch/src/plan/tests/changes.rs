//! From one plan to another, times of stops, many districts at once, and a search that is ended from outside.

use super::*;

fn two_crews() -> Problem {
    let promised = |id, place, due| Job { due, late_weight: 5, ..job(id, place) };
    day(vec![promised(1, 2, 30), promised(2, 4, 8), promised(3, 12, 9)], vec![crew(1, 0), crew(2, 10)])
}

#[test]
fn a_difference_says_who_gets_what_and_what_it_saves() {
    let problem = two_crews();
    let before = Plan { routes: vec![vec![0, 1, 2], vec![]], left_over: vec![] };
    let after = Plan { routes: vec![vec![1, 0], vec![2]], left_over: vec![] };
    let diff = diff(&problem, &before, &after).unwrap();
    assert_eq!(diff.moved, [Move { job: 2, from: Some(0), to: Some(1), was: Some(14), now: Some(2) }]);
    assert_eq!(diff.later, [Move { job: 0, from: Some(0), to: Some(0), was: Some(2), now: Some(7) }]);
    assert_eq!(diff.earlier, [Move { job: 1, from: Some(0), to: Some(0), was: Some(5), now: Some(4) }]);
    assert_eq!((diff.made_late, diff.saved), (vec![], vec![2]));
    assert_eq!(diff.crews, [0, 1]);
    assert_eq!(diff.before.travel - diff.after.travel, 24 - 12);
}

#[test]
fn the_same_plan_is_no_difference() {
    let problem = two_crews();
    let plan = solve(&problem, 200).plan;
    assert!(diff(&problem, &plan, &plan).unwrap().is_nothing());
}

#[test]
fn what_is_left_out_and_taken_in_moves_too() {
    let problem = two_crews();
    let before = Plan { routes: vec![vec![0, 1], vec![]], left_over: vec![2] };
    let after = Plan { routes: vec![vec![], vec![2]], left_over: vec![0, 1] };
    let diff = diff(&problem, &before, &after).unwrap();
    let hands: Vec<_> = diff.moved.iter().map(|m| (m.job, m.from, m.to)).collect();
    assert_eq!(hands, [(0, Some(0), None), (1, Some(0), None), (2, None, Some(1))]);
    assert_eq!((diff.made_late, diff.saved), (vec![0, 1], vec![2]));
}

#[test]
fn stops_say_when_crews_leave_arrive_begin_and_end() {
    let waits = Job { earliest: 20, due: 15, late_weight: 1, service: 3, ..job(1, 5) };
    let problem = day(vec![waits, job(2, 6)], vec![crew(1, 0)]);
    let plan = Plan { routes: vec![vec![0, 1]], left_over: vec![] };
    let first = Stop { job: 0, leave: 0, arrive: 5, begin: 20, end: 23, late: 5 };
    let second = Stop { job: 1, leave: 23, arrive: 24, begin: 24, end: 25, late: 0 };
    assert_eq!(schedule(&problem, &plan).unwrap(), [vec![first, second]]);
}

#[test]
fn districts_side_by_side_are_the_districts_one_by_one() {
    let days: Vec<Problem> = (0..5).map(|n| sample::city_day(n, 24, 3, n % 2 == 0)).collect();
    let parts: Vec<Part<'_>> =
        days.iter().enumerate().map(|(n, problem)| Part { problem, held: None, seed: n as u64 }).collect();
    let steps = |_: usize, steps: u64| steps as f64 / 400.0;
    let one = plan_many(&parts, 1, &steps);
    assert_eq!(one, plan_many(&parts, 4, &steps));
    for (part, outcome) in parts.iter().zip(&one) {
        let mut used = |steps: u64| steps as f64 / 400.0;
        let alone = plan(part.problem, None, Budget { seed: part.seed, used: &mut used });
        assert_eq!(&alone, outcome);
    }
    assert_eq!(plan_many(&[], 4, &steps), []);
}

#[test]
fn a_part_that_is_refused_does_not_hold_up_the_others() {
    let good = two_crews();
    let mut bad = two_crews();
    bad.jobs[1].id = 1;
    let part = |problem| Part { problem, held: None, seed: 1 };
    let outcomes = plan_many(&[part(&bad), part(&good)], 2, &|_, steps| steps as f64 / 50.0);
    assert_eq!(outcomes[0], Err(ProblemError::Twice { what: "job", id: 1 }));
    assert!(outcomes[1].is_ok());
}

#[test]
fn a_raised_flag_ends_the_search_with_what_it_has() {
    let problem = sample::city_day(4, 60, 8, false);
    let flag = Cancel::default();
    let other = flag.clone();
    // Patience without end: only the flag ends it.
    let mut used = flag.over(|steps| {
        if steps >= 64 {
            other.raise();
        }
        0.0
    });
    let outcome = plan(&problem, None, Budget { seed: 1, used: &mut used }).unwrap();
    assert!(outcome.steps <= 128 && flag.is_raised());
    check(&problem, &outcome.plan).unwrap();
    assert!(outcome.plan.routes.iter().any(|stops| !stops.is_empty()));
}

#[test]
fn the_plan_of_yesterday_evening_is_a_good_beginning() {
    let problem = sample::city_day(4, 60, 8, false);
    let good = solve(&problem, 20_000).plan;
    let mut few = |steps: u64| steps as f64 / 32.0;
    let warm = plan(&problem, Some(&good), Budget { seed: 9, used: &mut few }).unwrap();
    let mut few = |steps: u64| steps as f64 / 32.0;
    let cold = plan(&problem, None, Budget { seed: 9, used: &mut few }).unwrap();
    assert!(warm.sum.cost <= check(&problem, &good).unwrap().cost);
    assert!(warm.sum.cost < cold.sum.cost);
}
