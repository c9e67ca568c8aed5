//! Rules in tables, small days against every possible plan, and random days against the independent check.

use proptest::prelude::*;

use super::*;
use crate::plan::problem::{LOADS, NEVER};

mod bad_input;
mod changes;

/// Places on a line, one unit of time apart.
fn line(size: usize) -> Matrix {
    let time = (0..size * size).map(|at| (at / size).abs_diff(at % size) as i32).collect();
    Matrix { size, time, cost: None }
}

fn job(id: i64, place: usize) -> Job {
    Job {
        id,
        place,
        service: 1,
        earliest: 0,
        latest: NEVER,
        due: NEVER,
        late_weight: 0,
        worth: 1_000_000,
        load: [0; LOADS],
        skills: 0,
        equipment: 0,
        after: None,
        only: None,
        held_by: None,
    }
}

fn crew(id: i64, start: usize) -> Crew {
    Crew {
        id,
        start,
        end: Some(start),
        from: 0,
        until: 1000,
        overtime_until: None,
        rest: None,
        capacity: [NEVER; LOADS],
        skills: 0,
        equipment: 0,
        locked: Vec::new(),
    }
}

fn day(jobs: Vec<Job>, crews: Vec<Crew>) -> Problem {
    Problem { jobs, crews, travel: line(20), weights: Weights::default() }
}

fn solve(problem: &Problem, steps: u64) -> Outcome {
    let mut used = |taken: u64| taken as f64 / steps as f64;
    plan(problem, None, Budget { seed: 7, used: &mut used }).unwrap()
}

#[test]
fn one_crew_goes_the_short_way() {
    let problem = day(vec![job(1, 5), job(2, 2), job(3, 9)], vec![crew(1, 0)]);
    let outcome = solve(&problem, 200);
    assert_eq!(outcome.sum.travel, 18);
    assert!(outcome.plan.left_over.is_empty());
}

#[test]
fn a_promise_comes_before_the_short_way() {
    let far = Job { due: 10, late_weight: 10, ..job(1, 9) };
    let problem = day(vec![far, Job { service: 5, ..job(2, 1) }], vec![crew(1, 0)]);
    let outcome = solve(&problem, 200);
    assert_eq!(outcome.plan.routes[0], [0, 1]);
    assert_eq!(outcome.sum.late, 0);
}

#[test]
fn every_job_that_is_left_over_says_why() {
    let heavy = Job { load: [9, 0, 0], ..job(3, 1) };
    let jobs = vec![
        Job { skills: 4, ..job(1, 1) },
        Job { equipment: 2, ..job(2, 1) },
        heavy,
        Job { latest: 3, ..job(4, 15) },
        Job { service: 990, worth: 5, ..job(5, 1) },
        Job { service: 990, worth: 2_000_000, ..job(6, 1) },
        Job { after: Some(0), ..job(7, 1) },
        Job { worth: 1, ..job(8, 12) },
    ];
    let only = Crew { capacity: [5, 5, 5], ..crew(1, 0) };
    let problem = day(jobs, vec![only]);
    let outcome = solve(&problem, 400);
    let reasons: Vec<(usize, Reason)> = left_over(&problem, &outcome.plan).unwrap();
    let expected = [
        (0, Reason::NoSkill),
        (1, Reason::NoEquipment),
        (2, Reason::TooHeavy),
        (3, Reason::OutOfReach),
        (4, Reason::DayFull),
        (6, Reason::WaitsForAnother),
        (7, Reason::DayFull),
    ];
    assert_eq!(reasons, expected);
}

#[test]
fn locked_stops_stay_even_when_they_are_late_already() {
    let late = Job { latest: 1, ..job(1, 9) };
    let problem = day(
        vec![late, job(2, 2), job(3, 3)],
        vec![Crew { locked: vec![0], until: 30, ..crew(1, 0) }, crew(2, 0)],
    );
    let outcome = solve(&problem, 300);
    assert_eq!(outcome.plan.routes[0].first(), Some(&0));
    assert!(outcome.plan.left_over.is_empty());
}

#[test]
fn a_break_is_taken_in_its_window_or_work_waits() {
    let rest = Break { earliest: 10, latest: 12, length: 20 };
    let long = |id, place| Job { service: 6, ..job(id, place) };
    let tired = Crew { rest: Some(rest), ..crew(1, 0) };
    let problem = day(vec![long(1, 1), long(2, 2), long(3, 3)], vec![tired]);
    let outcome = solve(&problem, 300);
    assert!(outcome.plan.left_over.is_empty());
    // Seven until the first is done; the second would end after the window, so the break comes before it.
    let ends = check(&problem, &outcome.plan).unwrap();
    assert_eq!(ends.travel, 6);
    let tight = Crew { until: 30, ..problem.crews[0].clone() };
    let outcome = solve(&day(problem.jobs.clone(), vec![tight]), 300);
    assert_eq!(outcome.plan.left_over.len(), 2, "the break costs the time of two");
}

#[test]
fn what_waits_for_another_comes_after_it_on_any_crew() {
    let first = Job { skills: 1, service: 10, ..job(1, 5) };
    let second = Job { skills: 2, after: Some(0), ..job(2, 5) };
    let crews = vec![Crew { skills: 1, ..crew(1, 0) }, Crew { skills: 2, ..crew(2, 4) }];
    let problem = day(vec![first, second], crews);
    let outcome = solve(&problem, 300);
    assert_eq!(outcome.plan.routes, [vec![0], vec![1]]);
    let too_early = Job { latest: 14, ..problem.jobs[1].clone() };
    let problem = Problem { jobs: vec![problem.jobs[0].clone(), too_early], ..problem };
    assert_eq!(solve(&problem, 300).plan.left_over, [1]);
}

#[test]
fn nobody_loses_a_job_for_a_trifle() {
    let held = |id, place| Job { held_by: Some(0), ..job(id, place) };
    let problem = day(vec![held(1, 8), held(2, 9)], vec![crew(1, 0), crew(2, 3)]);
    assert_eq!(solve(&problem, 300).sum.changed, 0);
    let free = Problem { weights: Weights { change: 0, ..Weights::default() }, ..problem };
    assert_eq!(solve(&free, 300).sum.changed, 2);
}

#[test]
fn a_held_plan_is_never_replaced_by_a_worse_one() {
    let jobs: Vec<Job> = (0..12).map(|n| job(n, (n as usize * 7) % 19 + 1)).collect();
    let problem = day(jobs, vec![crew(1, 0), crew(2, 10)]);
    let good = solve(&problem, 5000);
    let mut none = |_| 1.0;
    let again = plan(&problem, Some(&good.plan), Budget { seed: 1, used: &mut none }).unwrap();
    assert_eq!((again.plan, again.improved), (good.plan.clone(), false));
    let mut some = |steps: u64| steps as f64 / 500.0;
    let polished = plan(&problem, Some(&good.plan), Budget { seed: 1, used: &mut some }).unwrap();
    assert!(polished.sum.cost <= good.sum.cost);
}

#[test]
fn a_held_plan_with_strangers_in_it_is_used_as_far_as_it_goes() {
    let problem = day(vec![job(1, 3), job(2, 4)], vec![crew(1, 0)]);
    let odd = Plan { routes: vec![vec![1, 9, 1, 0], vec![0]], left_over: vec![] };
    let mut none = |_| 1.0;
    let outcome = plan(&problem, Some(&odd), Budget { seed: 1, used: &mut none }).unwrap();
    assert!(outcome.plan.left_over.is_empty());
}

#[test]
fn what_cannot_be_is_refused() {
    let two = || vec![job(1, 1), job(2, 2)];
    let with = |change: &dyn Fn(&mut Problem)| {
        let mut problem = day(two(), vec![crew(1, 0)]);
        change(&mut problem);
        problem.validate().unwrap_err()
    };
    use ProblemError::*;
    let table: Vec<(ProblemError, ProblemError)> = vec![
        (with(&|p| p.jobs[1].id = 1), Twice { what: "job", id: 1 }),
        (with(&|p| p.jobs[0].place = 20), PlaceUnknown { what: "job", id: 1, place: 20 }),
        (with(&|p| p.jobs[0].service = -1), ServiceNegative { id: 1 }),
        (with(&|p| p.jobs[0].worth = -1), WeightNegative { id: 1 }),
        (with(&|p| p.jobs[0].latest = -5), WindowEmpty { id: 1 }),
        (with(&|p| p.jobs[0].after = Some(0)), NameUnknown { id: 1 }),
        (with(&|p| p.jobs[0].only = Some(3)), NameUnknown { id: 1 }),
        (with(&|p| p.crews[0].until = -1), ShiftEmpty { id: 1 }),
        (with(&|p| p.crews[0].locked = vec![0, 0]), LockWrong { id: 1 }),
        (
            with(&|p| p.crews[0].rest = Some(Break { earliest: 3, latest: 1, length: 1 })),
            BreakWrong { id: 1 },
        ),
        (with(&|p| p.travel.time[3] = -1), TravelNegative),
        (with(&|p| p.travel.size = 3), MatrixSize { size: 3, wanted: 9, given: 400 }),
        (with(&|p| p.jobs[0].due = i64::MAX), TooLarge { what: "job", id: 1 }),
        (
            with(&|p| {
                p.jobs[0].after = Some(1);
                p.jobs[1].after = Some(0);
            }),
            Circle { id: 1 },
        ),
    ];
    for (given, expected) in table {
        assert_eq!(given, expected);
    }
}

#[test]
fn nothing_to_do_and_nobody_to_do_it_are_plans_too() {
    assert_eq!(solve(&day(vec![], vec![crew(1, 0)]), 10).plan.routes, [Vec::<usize>::new()]);
    assert_eq!(solve(&day(vec![job(1, 1)], vec![]), 10).plan.left_over, [0]);
    assert_eq!(solve(&day(vec![], vec![]), 10).plan, Plan::default());
}

/// The cheapest of all plans of a small day, by trying every one.
fn cheapest_of_all(problem: &Problem) -> i64 {
    fn go(problem: &Problem, plan: &mut Plan, job: usize, best: &mut i64) {
        if job == problem.jobs.len() {
            if let Ok(sum) = check(problem, plan) {
                *best = sum.cost.min(*best);
            }
            return;
        }
        plan.left_over.push(job);
        go(problem, plan, job + 1, best);
        plan.left_over.pop();
        for crew in 0..plan.routes.len() {
            for position in 0..=plan.routes[crew].len() {
                plan.routes[crew].insert(position, job);
                go(problem, plan, job + 1, best);
                plan.routes[crew].remove(position);
            }
        }
    }
    let mut plan = Plan { routes: vec![Vec::new(); problem.crews.len()], left_over: Vec::new() };
    let mut best = i64::MAX;
    go(problem, &mut plan, 0, &mut best);
    best
}

fn any_job(id: i64) -> impl Strategy<Value = Job> {
    let when = (0..20usize, 0..8i64, 0..60i64, 0..60i64, 0..60i64);
    let what = (
        0..3i64,
        prop_oneof![Just(200i64), Just(5_000)],
        0..4i64,
        0..4u64,
        prop::option::weighted(0.2, 0..2usize),
    );
    (when, what).prop_map(
        move |((place, service, earliest, length, due), (late_weight, worth, load, skills, held_by))| Job {
            service,
            earliest,
            latest: earliest + length,
            due,
            late_weight,
            worth,
            load: [load, 0, 0],
            skills,
            held_by,
            ..job(id, place)
        },
    )
}

fn any_crew(id: i64) -> impl Strategy<Value = Crew> {
    let rest = (5..40i64, 0..20i64, 1..10i64);
    let shift = (0..20usize, prop::option::of(0..20usize), 0..20i64, 20..80i64, prop::option::of(0..15i64));
    (shift, prop::option::weighted(0.4, rest), 0..8i64, 0..4u64).prop_map(
        move |((start, end, from, length, overtime), rest, capacity, skills)| Crew {
            end,
            from,
            until: from + length,
            overtime_until: overtime.map(|more| from + length + more),
            rest: rest.map(|(earliest, window, length)| Break {
                earliest,
                latest: earliest + window,
                length,
            }),
            capacity: [capacity + 2, 9, 9],
            skills: skills | 1,
            ..crew(id, start)
        },
    )
}

fn any_day(jobs: usize) -> impl Strategy<Value = Problem> {
    let jobs: Vec<_> = (0..jobs as i64).map(any_job).collect();
    let order = prop::option::weighted(0.4, Just((1usize, 0usize)));
    (jobs, any_crew(1), any_crew(2), order).prop_map(|(mut jobs, one, two, order)| {
        if let Some((later, first)) = order.filter(|_| jobs.len() > 1) {
            jobs[later].after = Some(first);
        }
        day(jobs, vec![one, two])
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    /// Nothing is possible for the search that the independent walk refuses, and both agree on the cost.
    #[test]
    fn every_plan_is_possible_and_costs_what_it_says(problem in any_day(14), seed in 0..1000u64) {
        let mut used = |steps: u64| steps as f64 / 300.0;
        let outcome = plan(&problem, None, Budget { seed, used: &mut used }).unwrap();
        let sum = check(&problem, &outcome.plan);
        prop_assert_eq!(sum.clone().ok(), Some(outcome.sum), "{:?}", sum);
        let mut used = |steps: u64| steps as f64 / 300.0;
        let again = plan(&problem, None, Budget { seed, used: &mut used }).unwrap();
        prop_assert_eq!(again, outcome, "the same seed is the same plan");
    }

    /// Small days without breaks or orders between jobs: the search finds what trying everything finds.
    #[test]
    fn small_days_are_planned_as_well_as_possible(problem in any_day(5)) {
        let mut problem = problem;
        problem.crews.iter_mut().for_each(|crew| crew.rest = None);
        problem.jobs.iter_mut().for_each(|job| job.after = None);
        prop_assert_eq!(solve(&problem, 20_000).sum.cost, cheapest_of_all(&problem));
    }

    /// What an insertion is said to cost is what it costs.
    #[test]
    fn an_insertion_costs_what_it_says(problem in any_day(8), seed in 0..100u64) {
        let mut used = |steps: u64| steps as f64 / 50.0;
        let without = Problem {
            jobs: problem.jobs.iter().enumerate().map(|(n, job)| Job { worth: if n == 7 { 0 } else { job.worth }, ..job.clone() }).collect(),
            ..problem
        };
        let outcome = plan(&without, None, Budget { seed, used: &mut used }).unwrap();
        prop_assume!(outcome.plan.left_over.contains(&7));
        for candidate in insert(&without, &outcome.plan, 7, 3).unwrap() {
            let mut with = outcome.plan.clone();
            with.left_over.retain(|job| *job != 7);
            with.routes[candidate.crew].insert(candidate.position, 7);
            let sum = check(&without, &with);
            prop_assert_eq!(sum.clone().map(|s| s.cost).ok(), Some(outcome.sum.cost + candidate.cost), "{:?}", sum);
        }
    }
}
