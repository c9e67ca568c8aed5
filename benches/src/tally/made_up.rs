//! Made-up cities: voters know the projects of their own quarter best, and some that the whole city talks about.

use allocation::{Ballots, Election, Project};
use anyhow::Result;

/// A city with so many projects and voters. Amounts are in `unit`s; the budget pays for half of what is asked.
pub fn city(seed: u64, projects: usize, voters: usize, unit: i64) -> Result<Election> {
    let mut next = numbers(seed);
    let quarters = (projects / 7).max(1);
    let all: Vec<Project> = (0..projects)
        .map(|at| {
            // From one to fifty, most of them small, in steps that people would write.
            let size = (1.0 + 49.0 * (next(1_000) as f64 / 1_000.0).powi(3)) * 4.0;
            Project { id: format!("{}", at + 1), cost: size.round() as i64 * 250 * unit }
        })
        .collect();
    let budget = all.iter().map(|project| project.cost).sum::<i64>() / 2;
    let mut ballots = Ballots::default();
    let mut choice: Vec<(u32, u32)> = Vec::new();
    for _ in 0..voters {
        choice.clear();
        let quarter = next(quarters as u64) as usize;
        for _ in 0..2 + next(9) {
            let project = match next(10) {
                // Some are better known than others.
                0..=6 => quarter + quarters * (next(7).min(next(7)) as usize),
                7..=8 => (next(projects as u64).min(next(projects as u64))) as usize,
                _ => next(projects as u64) as usize,
            };
            let project = (project % projects) as u32;
            if choice.iter().all(|(held, _)| *held != project) {
                choice.push((project, 1));
            }
        }
        ballots.put(&mut choice, 1)?;
    }
    Ok(Election { budget, projects: all, ballots, ..Election::default() })
}

/// Numbers below a bound that look random and are the same for the same seed (SplitMix64).
fn numbers(mut state: u64) -> impl FnMut(u64) -> u64 {
    move |below| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % below.max(1)
    }
}
