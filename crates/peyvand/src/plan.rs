//! A day's plan from a file, for whoever wants to compare engines or try a crew more.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::ValueEnum;
use dispatch::plan::{self, Budget, Outcome, Problem, formats};
use serde_json::json;

use crate::end::{say, wrong};

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Solomon's text tables (100 customers)
    Solomon,
    /// Gehring and Homberger's, the same for 200 to 1000
    Homberger,
    /// VRPLIB with EUC_2D coordinates
    Vrplib,
    /// Our own: jobs, crews, travel, weights (docs/reference/dispatch.md)
    Json,
}

/// Plans, looks at the result with eyes of its own and prints it.
pub fn run(file: &Path, format: Option<Format>, seconds: f64, seed: u64, as_json: bool) -> Result<ExitCode> {
    if !(seconds > 0.0 && seconds <= 86_400.0) {
        return Err(wrong!("--seconds is between 0 and 86400, not {seconds}"));
    }
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let format = format.unwrap_or_else(|| guess(&text));
    let (problem, scale) = read(&text, format).map_err(|e| wrong!("{}: {e}", file.display()))?;
    let began = Instant::now();
    let mut used = |_| began.elapsed().as_secs_f64() / seconds;
    let outcome = plan::plan(&problem, None, Budget { seed, used: &mut used })
        .map_err(|e| wrong!("{}: {e}", file.display()))?;
    // The search may be wrong; what is printed is not.
    let sum = plan::check(&problem, &outcome.plan).map_err(|e| wrong!("the plan is not possible: {e}"))?;
    if format != Format::Json && sum.left_over > 0 {
        return Err(wrong!("{} customers cannot be served by this fleet, as far as was seen", sum.left_over));
    }
    if as_json {
        say!("{}", as_document(&problem, &outcome, scale)?);
    } else {
        in_words(&problem, &outcome, scale)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn guess(text: &str) -> Format {
    match text.trim_start() {
        text if text.starts_with('{') => Format::Json,
        text if text.contains("NODE_COORD_SECTION") => Format::Vrplib,
        _ => Format::Solomon,
    }
}

fn read(text: &str, format: Format) -> Result<(Problem, i64)> {
    let read = match format {
        Format::Solomon | Format::Homberger => formats::solomon(text)?,
        Format::Vrplib => formats::vrplib(text)?,
        Format::Json => return Ok((serde_json::from_str(text)?, 1)),
    };
    Ok((read.problem, read.scale))
}

fn routes<'a>(problem: &'a Problem, outcome: &'a Outcome) -> impl Iterator<Item = (i64, Vec<i64>)> + 'a {
    let ids = |stops: &[usize]| stops.iter().map(|job| problem.jobs[*job].id).collect();
    problem
        .crews
        .iter()
        .zip(&outcome.plan.routes)
        .filter(|(_, stops)| !stops.is_empty())
        .map(move |(crew, stops)| (crew.id, ids(stops)))
}

fn as_document(problem: &Problem, outcome: &Outcome, scale: i64) -> Result<String> {
    let left: Vec<_> = plan::left_over(problem, &outcome.plan)?
        .into_iter()
        .map(|(job, reason)| json!({ "job": problem.jobs[job].id, "reason": reason }))
        .collect();
    let routes: Vec<_> =
        routes(problem, outcome).map(|(crew, jobs)| json!({ "crew": crew, "jobs": jobs })).collect();
    let sum = outcome.sum;
    let document = json!({
        "cost": sum.cost as f64 / scale as f64,
        "travel": sum.travel as f64 / scale as f64,
        "late": sum.late,
        "overtime": sum.overtime,
        "vehicles": sum.crews,
        "steps": outcome.steps,
        "routes": routes,
        "left_over": left,
    });
    Ok(serde_json::to_string_pretty(&document)?)
}

fn in_words(problem: &Problem, outcome: &Outcome, scale: i64) -> Result<()> {
    let sum = outcome.sum;
    let shown = |n: i64| if scale == 1 { n.to_string() } else { format!("{:.1}", n as f64 / scale as f64) };
    say!("cost {}", shown(sum.cost));
    say!("travel {}, vehicles {}, steps {}", shown(sum.travel), sum.crews, outcome.steps);
    if sum.late + sum.overtime > 0 {
        say!("late {} s, overtime {} s", sum.late, sum.overtime);
    }
    for (crew, jobs) in routes(problem, outcome) {
        let jobs: Vec<String> = jobs.iter().map(i64::to_string).collect();
        say!("crew {crew}: {}", jobs.join(" "));
    }
    for (job, reason) in plan::left_over(problem, &outcome.plan)? {
        let reason = serde_json::to_value(reason)?;
        say!("left over: {} ({})", problem.jobs[job].id, reason.as_str().unwrap_or_default());
    }
    Ok(())
}
