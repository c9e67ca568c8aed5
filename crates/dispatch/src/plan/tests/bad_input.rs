//! What files, forms and tired people send: each is planned around or refused by name, and nothing panics.

use proptest::prelude::*;

use super::*;

fn quick(problem: &Problem) -> Result<Outcome, ProblemError> {
    let mut used = |steps: u64| steps as f64 / 60.0;
    plan(problem, None, Budget { seed: 3, used: &mut used })
}

fn reasons(problem: &Problem) -> Vec<(usize, Reason)> {
    let outcome = quick(problem).unwrap();
    check(problem, &outcome.plan).unwrap();
    left_over(problem, &outcome.plan).unwrap()
}

#[test]
fn a_job_that_nobody_can_do_is_left_with_its_reason_and_the_others_are_done() {
    let skilled = Job { skills: 1 << 63, ..job(1, 2) };
    assert_eq!(reasons(&day(vec![skilled, job(2, 3)], vec![crew(1, 0)])), [(0, Reason::NoSkill)]);
    let impossible = Job { earliest: 5, latest: 5, ..job(1, 19) };
    assert_eq!(reasons(&day(vec![impossible, job(2, 3)], vec![crew(1, 0)])), [(0, Reason::OutOfReach)]);
    let elsewhere = Job { only: Some(1), skills: 1, ..job(1, 2) };
    let crews = vec![Crew { skills: 1, ..crew(1, 0) }, crew(2, 0)];
    assert_eq!(reasons(&day(vec![elsewhere], crews)), [(0, Reason::NotThatCrew)]);
    let long = Job { service: 5_000, ..job(1, 2) };
    assert_eq!(reasons(&day(vec![long], vec![crew(1, 0)])), [(0, Reason::OutOfReach)]);
}

#[test]
fn work_of_no_length_and_shifts_of_no_length_are_days_too() {
    let nothing = Job { service: 0, ..job(1, 0) };
    let outcome = quick(&day(vec![nothing.clone()], vec![Crew { until: 0, ..crew(1, 0) }])).unwrap();
    assert_eq!(outcome.plan.routes, [vec![0]], "it lies where the crew is and takes no time");
    let some = Job { service: 1, ..nothing };
    assert_eq!(reasons(&day(vec![some], vec![Crew { until: 0, ..crew(1, 0) }])), [(0, Reason::OutOfReach)]);
}

#[test]
fn without_crews_everything_is_left_over_and_says_so() {
    let problem = day(vec![job(1, 1), job(2, 2)], vec![]);
    assert_eq!(reasons(&problem), [(0, Reason::NoSkill), (1, Reason::NoSkill)]);
    assert_eq!(insert(&problem, &Plan { routes: vec![], left_over: vec![0, 1] }, 0, 3).unwrap(), []);
    let none = day(vec![], vec![]);
    assert!(quick(&none).unwrap().plan.routes.is_empty());
    assert_eq!(left_over(&none, &Plan::default()).unwrap(), []);
}

#[test]
fn numbers_that_would_run_over_are_refused() {
    use ProblemError::*;
    let with = |change: &dyn Fn(&mut Problem)| {
        let mut problem = day(vec![job(1, 1), job(2, 2)], vec![crew(1, 0)]);
        change(&mut problem);
        quick(&problem).map(|_| ()).unwrap_err()
    };
    let table: [(&dyn Fn(&mut Problem), ProblemError); 9] = [
        // The smallest number has no opposite.
        (&|p| p.jobs[0].earliest = i64::MIN, TooLarge { what: "job", id: 1 }),
        (&|p| p.jobs[1].service = i64::MAX, TooLarge { what: "job", id: 2 }),
        (&|p| p.jobs[0].load[2] = i64::MAX, TooLarge { what: "job", id: 1 }),
        (&|p| p.crews[0].from = i64::MIN, TooLarge { what: "crew", id: 1 }),
        (&|p| p.crews[0].overtime_until = Some(i64::MAX), TooLarge { what: "crew", id: 1 }),
        (
            &|p| p.crews[0].rest = Some(Break { earliest: i64::MIN, latest: 0, length: 1 }),
            BreakWrong { id: 1 },
        ),
        // Each is a number that could be, and their product is not.
        (
            &|p| {
                (p.jobs[0].earliest, p.jobs[0].due) = (NEVER, 0);
                p.jobs[0].late_weight = NEVER;
            },
            SumTooLarge,
        ),
        (&|p| p.weights.travel = i64::MAX, SumTooLarge),
        (&|p| p.weights.overtime = -1, WeightsNegative),
    ];
    for (change, expected) in table {
        assert_eq!(with(change), expected);
    }
}

#[test]
fn a_matrix_that_is_none_is_refused() {
    let mut problem = day(vec![job(1, 1)], vec![crew(1, 0)]);
    problem.travel.size = usize::MAX;
    assert!(matches!(problem.validate(), Err(ProblemError::MatrixSize { .. })));
    problem.travel = Matrix { size: 0, time: vec![], cost: None };
    assert_eq!(problem.validate(), Err(ProblemError::PlaceUnknown { what: "job", id: 1, place: 1 }));
}

#[test]
fn an_insertion_into_nonsense_is_no_insertion() {
    let problem = day(vec![job(1, 1), job(2, 2)], vec![crew(1, 0)]);
    let strange = Plan { routes: vec![vec![9, 0], vec![1]], left_over: vec![7] };
    assert_eq!(insert(&problem, &strange, 99, 3).unwrap(), []);
    assert_eq!(insert(&problem, &strange, 1, 3).unwrap().len(), 1);
    assert!(schedule(&problem, &strange).is_err());
    assert!(diff(&problem, &strange, &strange).is_err());
}

/// Any number at all, the ends among them.
fn any_number() -> impl Strategy<Value = i64> {
    prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(-1), Just(0), Just(NEVER), -50..5_000i64, any::<i64>()]
}

fn any_nonsense() -> impl Strategy<Value = Problem> {
    let place = || prop_oneof![8 => 0..20usize, 1 => any::<usize>()];
    let index = || prop::option::weighted(0.2, prop_oneof![4 => 0..3usize, 1 => any::<usize>()]);
    let numbers = || prop::array::uniform8(prop_oneof![3 => 0..900i64, 1 => any_number()]);
    let job = (numbers(), place(), index(), index(), index(), any::<u8>()).prop_map(
        |(
            [id, service, earliest, latest, due, late_weight, worth, load],
            place,
            after,
            only,
            held_by,
            skills,
        )| Job {
            id,
            place,
            service,
            earliest,
            latest,
            due,
            late_weight,
            worth,
            load: [load, 0, 0],
            skills: u64::from(skills & 3),
            equipment: 0,
            after,
            only,
            held_by,
        },
    );
    let locked = prop::collection::vec(0..4usize, 0..2);
    let crew = (numbers(), place(), prop::option::of(place()), locked, any::<bool>()).prop_map(
        |([id, from, until, over, earliest, latest, length, capacity], start, end, locked, rests)| Crew {
            id,
            start,
            end,
            from,
            until,
            overtime_until: (over % 2 == 0).then_some(over),
            rest: rests.then_some(Break { earliest, latest, length }),
            capacity: [capacity, NEVER, NEVER],
            skills: 3,
            equipment: 0,
            locked,
        },
    );
    let weights = prop_oneof![4 => Just([1, 2, 60]), 1 => prop::array::uniform3(any_number())];
    (prop::collection::vec(job, 0..5), prop::collection::vec(crew, 0..4), weights).prop_map(
        |(jobs, crews, [travel, overtime, change])| Problem {
            jobs,
            crews,
            travel: line(20),
            weights: Weights { travel, overtime, change },
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    /// Whatever is sent is refused, or planned in a way that the independent check accepts.
    #[test]
    fn nonsense_is_refused_or_planned(problem in any_nonsense()) {
        if let Ok(outcome) = quick(&problem) {
            let sum = check(&problem, &outcome.plan);
            prop_assert_eq!(sum.clone().ok(), Some(outcome.sum), "{:?}", sum);
            left_over(&problem, &outcome.plan).unwrap();
            schedule(&problem, &outcome.plan).unwrap();
        }
    }

    /// A plan from elsewhere, however strange, is used as far as it goes.
    #[test]
    fn any_held_plan_is_survived(
        problem in any_day(6),
        routes in prop::collection::vec(prop::collection::vec(0..9usize, 0..7), 0..4),
    ) {
        let held = Plan { routes, left_over: vec![] };
        let mut used = |steps: u64| steps as f64 / 40.0;
        let outcome = plan(&problem, Some(&held), Budget { seed: 1, used: &mut used }).unwrap();
        prop_assert!(check(&problem, &outcome.plan).is_ok());
    }
}
