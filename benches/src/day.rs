//! A simulated day: work comes in while crews are out, and two rules decide who goes where.
//!
//! The usual rule sends the nearest free crew with the skill to the most urgent job. The engine plans all known work again
//! at every arrival, from the plan that crews already hold; a crew is never called back from where it is or is going.
//! Both see the same jobs at the same moments. What is compared is lateness against what was promised, weighted by
//! urgency; work that nobody began counts as begun when the day ends.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use dispatch::plan::{Budget, Crew, Job, Plan, Problem, plan, sample};

use crate::table;

/// Steps of the search at each arrival: a number of them, and not a time, makes the day the same on every machine.
const STEPS: u64 = 400;
/// By how much less late the engine is to be, in points of a hundred.
const LEAST_GAIN: f64 = 25.0;
const SEEDS: u64 = 3;

/// What came of a day.
#[derive(Default, Clone, Copy)]
struct Day {
    late: i64,
    done: usize,
    travel: i64,
    worst: Duration,
}

#[derive(Clone, Copy)]
struct Out {
    free_at: i64,
    place: usize,
}

pub fn run() -> Result<()> {
    table::heading("A simulated city day of 600 jobs, work coming in, mean of three days");
    println!(
        "{:<8} {:<34} {:>6} {:>16} {:>10} {:>12}",
        "crews", "rule", "begun", "weighted late h", "travel h", "worst event"
    );
    let mut missed = Vec::new();
    for (crews, storm) in [(40, false), (28, true)] {
        let mut sums = [Day::default(); 2];
        for seed in 1..=SEEDS {
            let made = unbroken(sample::city_day(seed, 600, crews, storm));
            add(&mut sums[0], nearest_free(&made));
            add(&mut sums[1], rolling(&made)?);
        }
        for (name, sum) in
            ["nearest free crew, urgent first", "planned again at every arrival"].iter().zip(&sums)
        {
            println!(
                "{:<8} {:<34} {:>6} {:>16.0} {:>10.1} {:>9.1} ms",
                format!("{crews}{}", if storm { " storm" } else { "" }),
                name,
                sum.done / SEEDS as usize,
                sum.late as f64 / 3600.0 / SEEDS as f64,
                sum.travel as f64 / 3600.0 / SEEDS as f64,
                table::ms(sum.worst),
            );
        }
        let gain = (1.0 - sums[1].late as f64 / sums[0].late.max(1) as f64) * 100.0;
        println!(
            "    {gain:.0} points of a hundred less weighted lateness; at least {LEAST_GAIN:.0} is wanted"
        );
        if gain < LEAST_GAIN {
            missed.push(format!("{crews} crews: {gain:.0}"));
        }
    }
    if !missed.is_empty() {
        bail!("less gain than {LEAST_GAIN} points: {}", missed.join("; "));
    }
    Ok(())
}

fn add(sum: &mut Day, day: Day) {
    sum.late += day.late;
    sum.done += day.done;
    sum.travel += day.travel;
    sum.worst = sum.worst.max(day.worst);
}

/// The nearest-crew rule knows no breaks, so neither rule has them here.
fn unbroken(mut day: Problem) -> Problem {
    for crew in &mut day.crews {
        crew.rest = None;
    }
    day
}

fn end_of(day: &Problem) -> i64 {
    day.crews.iter().map(|crew| crew.overtime_until.unwrap_or(crew.until)).max().unwrap_or(0)
}

fn lateness(job: &Job, begin: i64) -> i64 {
    (begin - job.due).max(0) * job.late_weight
}

/// Whether a crew could do a job and be home in time, leaving `from` its place; when it would begin.
fn begins(day: &Problem, crew: &Crew, out: Out, job: &Job, from: i64) -> Option<i64> {
    let begin = (from + day.travel.time(out.place, job.place)).max(job.earliest);
    let home = crew.end.map_or(0, |end| day.travel.time(job.place, end));
    let able = job.skills & !crew.skills == 0;
    (able && begin + job.service + home <= crew.overtime_until.unwrap_or(crew.until)).then_some(begin)
}

fn nearest_free(day: &Problem) -> Day {
    let mut outs: Vec<Out> =
        day.crews.iter().map(|crew| Out { free_at: crew.from, place: crew.start }).collect();
    let mut waiting: Vec<usize> = (0..day.jobs.len()).collect();
    let urgent = |job: &usize| (std::cmp::Reverse(day.jobs[*job].worth), day.jobs[*job].due);
    waiting.sort_by_key(urgent);
    let mut result = Day::default();
    let mut moments: std::collections::BTreeSet<i64> = day.jobs.iter().map(|job| job.earliest).collect();
    while let Some(now) = moments.pop_first() {
        let began = Instant::now();
        waiting.retain(|&index| {
            let job = &day.jobs[index];
            if job.earliest > now {
                return true;
            }
            let free = (0..outs.len()).filter(|crew| outs[*crew].free_at <= now);
            let able = free.filter(|crew| begins(day, &day.crews[*crew], outs[*crew], job, now).is_some());
            let Some(crew) = able.min_by_key(|crew| day.travel.time(outs[*crew].place, job.place)) else {
                return true;
            };
            let begin = begins(day, &day.crews[crew], outs[crew], job, now).unwrap_or(now);
            result.late += lateness(job, begin);
            result.done += 1;
            result.travel += day.travel.time(outs[crew].place, job.place);
            outs[crew] = Out { free_at: begin + job.service, place: job.place };
            moments.insert(outs[crew].free_at);
            false
        });
        result.worst = result.worst.max(began.elapsed());
    }
    finish(day, result, &waiting)
}

fn finish(day: &Problem, mut result: Day, left: &[usize]) -> Day {
    result.late += left.iter().map(|job| lateness(&day.jobs[*job], end_of(day))).sum::<i64>();
    result
}

fn rolling(day: &Problem) -> Result<Day> {
    let mut outs: Vec<Out> =
        day.crews.iter().map(|crew| Out { free_at: crew.from, place: crew.start }).collect();
    // By positions in `day.jobs`.
    let mut routes: Vec<Vec<usize>> = vec![Vec::new(); day.crews.len()];
    let mut begun = vec![false; day.jobs.len()];
    let mut result = Day::default();
    let arrivals: std::collections::BTreeSet<i64> = day.jobs.iter().map(|job| job.earliest).collect();
    let mut next = arrivals.iter().skip(1).copied().chain([end_of(day)]);
    for &now in &arrivals {
        let began = Instant::now();
        routes = plan_again(day, now, &outs, &routes, &begun)?;
        result.worst = result.worst.max(began.elapsed());
        let until = next.next().unwrap_or(now);
        for crew in 0..outs.len() {
            // A crew leaves for its next stop when it is free; from then on nobody calls it back.
            while let Some(&index) = routes[crew].first() {
                let job = &day.jobs[index];
                let from = outs[crew].free_at.max(now);
                if from >= until {
                    break;
                }
                let begin = (from + day.travel.time(outs[crew].place, job.place)).max(job.earliest);
                routes[crew].remove(0);
                begun[index] = true;
                result.late += lateness(job, begin);
                result.done += 1;
                result.travel += day.travel.time(outs[crew].place, job.place);
                outs[crew] = Out { free_at: begin + job.service, place: job.place };
            }
        }
    }
    let left: Vec<usize> = (0..day.jobs.len()).filter(|job| !begun[*job]).collect();
    Ok(finish(day, result, &left))
}

/// All known work that nobody began, planned from where crews are or will be free.
fn plan_again(
    day: &Problem,
    now: i64,
    outs: &[Out],
    routes: &[Vec<usize>],
    begun: &[bool],
) -> Result<Vec<Vec<usize>>> {
    let known: Vec<usize> =
        (0..day.jobs.len()).filter(|job| !begun[*job] && day.jobs[*job].earliest <= now).collect();
    let position: std::collections::HashMap<usize, usize> =
        known.iter().enumerate().map(|(at, job)| (*job, at)).collect();
    let crews = day.crews.iter().zip(outs).map(|(crew, out)| {
        let from = out.free_at.max(now);
        let until = crew.until.max(from);
        let overtime_until = crew.overtime_until.map(|over| over.max(until));
        Crew { start: out.place, from, until, overtime_until, ..crew.clone() }
    });
    // Only the places that are still of any use; the matrix is most of what the search reads.
    let mut places: Vec<usize> = known.iter().map(|job| day.jobs[*job].place).collect();
    let crews: Vec<Crew> = crews.collect();
    places.extend(crews.iter().flat_map(|crew| [Some(crew.start), crew.end].into_iter().flatten()));
    places.sort_unstable();
    places.dedup();
    let row = |place: usize| places.binary_search(&place).unwrap_or_default();
    let time =
        places.iter().flat_map(|a| places.iter().map(|b| day.travel.time(*a, *b) as i32).collect::<Vec<_>>());
    let travel = dispatch::plan::Matrix { size: places.len(), time: time.collect(), cost: None };
    let problem = Problem {
        jobs: known
            .iter()
            .map(|job| Job { place: row(day.jobs[*job].place), ..day.jobs[*job].clone() })
            .collect(),
        crews: crews
            .into_iter()
            .map(|crew| Crew { start: row(crew.start), end: crew.end.map(row), ..crew })
            .collect(),
        travel,
        weights: day.weights,
    };
    let held = Plan {
        routes: routes
            .iter()
            .map(|stops| stops.iter().filter_map(|job| position.get(job).copied()).collect())
            .collect(),
        left_over: Vec::new(),
    };
    let mut used = |steps: u64| steps as f64 / STEPS as f64;
    let outcome = plan(&problem, Some(&held), Budget { seed: 1, used: &mut used })?;
    Ok(outcome.plan.routes.iter().map(|stops| stops.iter().map(|at| known[*at]).collect()).collect())
}
