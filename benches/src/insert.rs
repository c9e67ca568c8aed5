//! What a dispatcher waits for: where one urgent job would fit into a running day, and a district planned again.
//!
//! An insertion is the whole answer, the three best crews with what each would do to its other stops, checks of the
//! problem included. A district is planned again from the plan that its crews hold, as after a call that a crew has
//! dropped out, and from nothing; both are set against what twenty seconds find.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use dispatch::plan::{Budget, Job, Plan, Problem, check, insert, plan, sample};

use crate::table;

/// One urgent job into running routes, ninety-nine of a hundred.
const INSERT_MS: f64 = 5.0;
const INSERTIONS: usize = 3_000;
/// How far a district's plan of half a second may be from that of twenty seconds, in points of a hundred.
const DISTRICT_GAP: f64 = 1.0;
const SHORT: f64 = 0.5;
const LONG: f64 = 20.0;
const DISTRICTS: u64 = 5;

pub fn run() -> Result<()> {
    let missed = measured()?;
    if !missed.is_empty() {
        bail!("not reached: {}", missed.join("; "));
    }
    Ok(())
}

/// What was not reached.
pub fn measured() -> Result<Vec<String>> {
    Ok(insertions()?.into_iter().chain(districts()?).collect())
}

fn searched(problem: &Problem, held: Option<&Plan>, seconds: f64, seed: u64) -> Result<(Plan, i64)> {
    let began = Instant::now();
    let mut used = |_| began.elapsed().as_secs_f64() / seconds;
    let outcome = plan(problem, held, Budget { seed, used: &mut used })?;
    // What is compared is what an independent walk says.
    let sum = check(problem, &outcome.plan)?;
    Ok((outcome.plan, sum.cost))
}

/// Urgent jobs at random places with random skills into the routes of a full city day, one after the other, each into the
/// same plan.
fn insertions() -> Result<Option<String>> {
    table::heading(
        "One urgent job into 40 routes with 600 jobs: the three best crews and what it does to the others",
    );
    let (mut calm, mut storm) = (Vec::new(), Vec::new());
    for (name, is_storm, took) in [("city day", false, &mut calm), ("storm day", true, &mut storm)] {
        let mut problem = sample::city_day(1, 600, 40, is_storm);
        let (held, _) = searched(&problem, None, 2.0, 1)?;
        let mut random = fastrand(7);
        let mut placed = 0;
        for _ in 0..INSERTIONS {
            let like = problem.jobs[random(600)].clone();
            let earliest = random(6 * 3600) as i64;
            problem.jobs.push(Job {
                id: 10_000,
                earliest,
                due: earliest + 45 * 60,
                late_weight: 50,
                worth: 100_000_000,
                skills: 1 << random(6),
                ..like
            });
            let job = problem.jobs.len() - 1;
            let mut with = held.clone();
            with.left_over.push(job);
            let began = Instant::now();
            let found = insert(&problem, &with, job, 3)?;
            took.push(began.elapsed());
            placed += usize::from(!found.is_empty());
            problem.jobs.pop();
        }
        let at = |share: f64, took: &mut Vec<Duration>| table::ms(table::percentile(took, share));
        let (half, p99, worst) = (at(0.5, took), at(0.99, took), at(1.0, took));
        println!(
            "{name:<10} {INSERTIONS} insertions, {placed} with a place: p50 {half:.2} ms, p99 {p99:.2} ms, worst {worst:.2} ms"
        );
    }
    let mut all: Vec<Duration> = calm.into_iter().chain(storm).collect();
    let p99 = table::ms(table::percentile(&mut all, 0.99));
    table::line("both days", p99, "ms p99", &format!("{:.2} of {INSERT_MS} ms", p99 / INSERT_MS));
    Ok((p99 > INSERT_MS).then(|| format!("an insertion within {INSERT_MS} ms")))
}

/// Numbers below a limit, the same for the same seed (a linear congruence of Knuth's is chance enough here).
fn fastrand(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    }
}

/// Districts again after half a second, against twenty.
fn districts() -> Result<Option<String>> {
    table::heading("A district again: 60 jobs, 8 crews, half a second against twenty");
    println!("{:<10} {:>14} {:>16} {:>16}", "district", "20 s", "from nothing", "a crew dropped");
    let mut worst = 0.0_f64;
    let (mut sums, mut fresh_sum, mut warm_sum) = (0.0, 0.0, 0.0);
    for seed in 1..=DISTRICTS {
        let before = sample::city_day(seed, 60, 8, false);
        let (held, _) = searched(&before, None, SHORT, 1)?;
        let mut problem = before.clone();
        // The first crew breaks down in the morning: what it had goes to the others.
        (problem.crews[0].until, problem.crews[0].overtime_until, problem.crews[0].rest) = (0, None, None);
        let (_, whole) = searched(&problem, None, LONG, 1)?;
        let (_, fresh) = searched(&problem, None, SHORT, 2)?;
        let (_, warm) = searched(&problem, Some(&held), SHORT, 3)?;
        let best = whole.min(fresh).min(warm) as f64;
        let gap = |cost: i64| (cost as f64 / whole as f64 - 1.0) * 100.0;
        println!("{seed:<10} {whole:>14} {:>14.2} % {:>14.2} %", gap(fresh), gap(warm));
        worst = worst.max(gap(fresh)).max(gap(warm));
        (sums, fresh_sum, warm_sum) = (sums + best, fresh_sum + fresh as f64, warm_sum + warm as f64);
    }
    let mean = |sum: f64| (sum / sums - 1.0) * 100.0;
    table::line("mean above the best, from nothing", mean(fresh_sum), "%", "");
    table::line("mean above the best, a crew dropped", mean(warm_sum), "%", "");
    table::line("worst of all above twenty seconds", worst, "%", &format!("at most {DISTRICT_GAP}"));
    Ok((worst > DISTRICT_GAP).then(|| format!("a district within {DISTRICT_GAP} points in half a second")))
}
