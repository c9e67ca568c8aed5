//! The engine that plans crews, beside PyVRP, OR-Tools and VROOM on the same days with the same patience on one core.
//!
//! The files of Solomon and of Gehring and Homberger are not ours to ship: `--instances FOLDER` names one with them and,
//! if wanted, a `BKS.json` of best known sums. Without it the made-up city days remain. Every plan, also of the others,
//! is walked by `dispatch::plan::check` before it counts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use dispatch::plan::{Budget, Plan, Problem, check, formats, plan, sample};

use crate::{python, table};

/// How far above the reference the mean over all files may be, in points of a hundred, at one second.
const MOST_GAP: f64 = 1.2;
const RIVALS: [&str; 4] = ["pyvrp", "vroom-x0", "vroom-x5", "ortools"];

/// One day and how its sums are read.
struct Day {
    name: String,
    problem: Problem,
    scale: i64,
    /// The best sum that anybody published.
    known: Option<f64>,
}

pub fn run(data: &Path, instances: Option<PathBuf>, seconds: &[f64]) -> Result<()> {
    let folder = data.join("plan");
    std::fs::create_dir_all(&folder)?;
    let rivals = python::with(data, "plan", "import pyvrp, ortools, vroom")?;
    let mut days = match instances {
        Some(folder) => files(&folder)?,
        None => Vec::new(),
    };
    if days.is_empty() {
        println!("no benchmark files: --instances FOLDER names Solomon and Homberger files");
    }
    for (name, crews, storm) in [("city day", 40, false), ("city storm", 28, true)] {
        let problem = hard(sample::city_day(1, 600, crews, storm));
        days.push(Day { name: name.into(), problem, scale: 1, known: None });
    }
    let mut missed = Vec::new();
    for &patience in seconds {
        table::heading(&format!("Plans after {patience} s on one core, points of a hundred above the best"));
        missed.extend(beside(&days, &folder, rivals.as_deref(), patience)?);
    }
    missed.extend(crate::insert::measured()?);
    if !missed.is_empty() {
        bail!("not reached: {}", missed.join("; "));
    }
    Ok(())
}

/// A day without what the others do not know: promises become windows, breaks and overtime go.
fn hard(mut problem: Problem) -> Problem {
    for job in &mut problem.jobs {
        job.latest = job.due;
        job.late_weight = 0;
    }
    for crew in &mut problem.crews {
        (crew.rest, crew.overtime_until) = (None, None);
    }
    problem
}

fn files(folder: &Path) -> Result<Vec<Day>> {
    let best = std::fs::read_to_string(folder.join("BKS.json")).unwrap_or_else(|_| "{}".into());
    let best: serde_json::Value = serde_json::from_str(&best)?;
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("txt")))
        .collect();
    paths.sort();
    let mut days = Vec::new();
    for path in paths {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let text = std::fs::read_to_string(&path)?;
        let file = formats::solomon(&text).with_context(|| format!("reading {}", path.display()))?;
        let known = best.get(&name).and_then(|sum| sum.as_f64().or(sum["solution"]["cost"].as_f64()));
        days.push(Day { name, problem: file.problem, scale: file.scale, known });
    }
    Ok(days)
}

/// Every engine on every day; the name of what was not reached.
fn beside(days: &[Day], folder: &Path, rivals: Option<&Path>, patience: f64) -> Result<Vec<String>> {
    print!("{:<14} {:>12} {:>8}", "", "best", "peyvand");
    RIVALS.iter().for_each(|name| print!(" {name:>9}"));
    println!();
    let mut gaps: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut missed = Vec::new();
    for day in days {
        let began = Instant::now();
        let mut used = |_| began.elapsed().as_secs_f64() / patience;
        let own = plan(&day.problem, None, Budget { seed: 1, used: &mut used })?;
        let mut sums = vec![("peyvand", Some(own.sum.cost as f64 / day.scale as f64))];
        for name in RIVALS {
            let sum = rivals.map(|python| rival(day, folder, python, name, patience)).transpose()?.flatten();
            sums.push((name, sum));
        }
        let seen = sums.iter().filter_map(|(_, sum)| *sum).chain(day.known);
        let best = seen.fold(f64::INFINITY, f64::min);
        print!("{:<14} {best:>12.1}", day.name);
        for (name, sum) in &sums {
            let gap = sum.map(|sum| (sum / best - 1.0) * 100.0);
            let wide = if *name == "peyvand" { 8 } else { 9 };
            // The sum of a city day is mostly what was left undone: one urgent job more is a thousand ways.
            let shown = gap.map_or("-".into(), |gap| format!("{gap:.2}"));
            print!(" {:>wide$}", if gap.is_some_and(|gap| gap >= 1000.0) { "> 1000".into() } else { shown });
            // A city day is a sum of other things; the mean is of distances.
            if let Some(gap) = gap.filter(|_| day.scale > 1) {
                gaps.entry(*name).or_default().push(gap);
            }
        }
        println!();
        let own = sums[0].1.unwrap_or(f64::INFINITY);
        if day.scale == 1 && sums[1..].iter().any(|(_, sum)| sum.is_some_and(|sum| sum < own)) {
            missed.push(format!("best of all on the {} at {patience} s", day.name));
        }
    }
    let mean = |name: &str| gaps.get(name).map(|all| all.iter().sum::<f64>() / all.len() as f64);
    print!("{:<14} {:>12}", "mean of files", "");
    for name in ["peyvand"].into_iter().chain(RIVALS) {
        let wide = if name == "peyvand" { 8 } else { 9 };
        print!(" {:>wide$}", mean(name).map_or("-".into(), |gap| format!("{gap:.2}")));
    }
    println!();
    if let Some(own) = mean("peyvand") {
        if patience <= 1.0 && own > MOST_GAP {
            missed.push(format!("a mean gap of {MOST_GAP} at {patience} s"));
        }
        if RIVALS.iter().any(|name| mean(name).is_some_and(|gap| gap < own)) {
            missed.push(format!("the smallest mean gap at {patience} s"));
        }
    }
    Ok(missed)
}

/// What another engine's plan costs; `None` when it has none that is possible.
fn rival(day: &Day, folder: &Path, python: &Path, name: &str, patience: f64) -> Result<Option<f64>> {
    let file = folder.join(format!("{}.json", day.name.replace(' ', "-")));
    std::fs::write(&file, serde_json::to_string(&day.problem)?)?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("plan/rivals.py");
    let said = Command::new(python)
        .arg(script)
        .arg(name)
        .arg(&file)
        .args([patience.to_string(), "1".into()])
        .output()?;
    if !said.status.success() {
        println!("{name}: {}", String::from_utf8_lossy(&said.stderr).lines().last().unwrap_or_default());
        return Ok(None);
    }
    let said: serde_json::Value = serde_json::from_slice(&said.stdout)?;
    let routes: Vec<Vec<usize>> = serde_json::from_value(said["routes"].clone())?;
    let planned: std::collections::HashSet<usize> = routes.iter().flatten().copied().collect();
    let left_over = (0..day.problem.jobs.len()).filter(|job| !planned.contains(job)).collect();
    match check(&day.problem, &Plan { routes, left_over }) {
        Ok(sum) => Ok(Some(sum.cost as f64 / day.scale as f64)),
        Err(fault) => {
            println!("{name} on {}: {fault}", day.name);
            Ok(None)
        }
    }
}
