//! A made-up city day, the same for the same seed: for benchmarks, tests and for trying what a third crew would change.
//!
//! A square of 22 kilometres with 11 bases, work in clusters, six skills of which a crew has two or three, and four
//! classes of urgency. Ways are longer against the traffic than with it, so that the times are not the same in both
//! directions. The shape is that of a summer storm on a city of districts; the numbers are nobody's records.

use fastrand::Rng;

use crate::plan::problem::{LOADS, Matrix, NEVER};
use crate::plan::{Break, Crew, Job, Problem, Weights};

const SIDE: f64 = 22_000.0;
const BASES: usize = 11;
const SKILLS: u32 = 6;
const HOUR: i64 = 3600;
/// The day's shift, from seven to three.
const SHIFT: i64 = 8 * HOUR;

/// Share of a hundred, what one is worth undone, what a second late costs, seconds until it is due.
const CLASSES: [(u32, i64, i64, i64); 4] = [
    (7, 100_000_000, 50, HOUR),
    (18, 30_000_000, 10, 3 * HOUR),
    (45, 10_000_000, 2, 6 * HOUR),
    (30, 3_000_000, 0, NEVER),
];

/// `jobs` jobs for `crews` crews; with `storm`, two thirds of the work is known in the first hours and most of it is
/// urgent.
pub fn city_day(seed: u64, jobs: usize, crews: usize, storm: bool) -> Problem {
    let mut rng = Rng::with_seed(seed);
    let mut spots: Vec<(f64, f64)> = (0..BASES).map(|n| base(n, &mut rng)).collect();
    let clusters: Vec<(f64, f64)> =
        (0..jobs / 15 + 1).map(|_| (rng.f64() * SIDE, rng.f64() * SIDE)).collect();
    let list = (0..jobs).map(|id| {
        let (x, y) = clusters[rng.usize(0..clusters.len())];
        let mut spread = || (rng.f64() + rng.f64() + rng.f64() - 1.5) * 1_500.0;
        let at = ((x + spread()).clamp(0.0, SIDE), (y + spread()).clamp(0.0, SIDE));
        spots.push(at);
        job(id, BASES + id, &mut rng, storm)
    });
    let jobs: Vec<Job> = list.collect();
    let crews = (0..crews).map(|id| crew(id, &mut rng)).collect();
    Problem { jobs, crews, travel: travel(&spots), weights: Weights::default() }
}

fn base(n: usize, rng: &mut Rng) -> (f64, f64) {
    let (column, row) = (n % 4, n / 4);
    let mut near = |middle: f64| (middle + (rng.f64() - 0.5) * 3_000.0).clamp(0.0, SIDE);
    (near(SIDE * (column as f64 + 0.5) / 4.0), near(SIDE * (row as f64 + 0.5) / 3.0))
}

fn job(id: usize, place: usize, rng: &mut Rng, storm: bool) -> Job {
    let mut draw = rng.u32(0..100);
    if storm {
        draw /= 2;
    }
    let mut class = 0;
    while class < 3 && draw >= CLASSES[class].0 {
        draw -= CLASSES[class].0;
        class += 1;
    }
    let (_, worth, late_weight, within) = CLASSES[class];
    let known_at = if rng.u32(0..100) < if storm { 66 } else { 50 } { 0 } else { rng.i64(0..SHIFT * 3 / 4) };
    Job {
        id: id as i64 + 1,
        place,
        service: rng.i64(6..40) * 60,
        earliest: known_at,
        latest: NEVER,
        due: (known_at + within).min(NEVER),
        late_weight,
        worth,
        load: [0; LOADS],
        skills: 1 << rng.u32(0..SKILLS),
        equipment: 0,
        after: None,
        only: None,
        held_by: None,
    }
}

fn crew(id: usize, rng: &mut Rng) -> Crew {
    let first = rng.u32(0..SKILLS);
    let mut skills = 1u64 << first | 1 << ((first + rng.u32(1..SKILLS)) % SKILLS);
    if rng.bool() {
        skills |= 1 << rng.u32(0..SKILLS);
    }
    Crew {
        id: id as i64 + 1,
        start: id % BASES,
        end: Some(id % BASES),
        from: 0,
        until: SHIFT,
        overtime_until: Some(SHIFT + HOUR),
        rest: Some(Break { earliest: 4 * HOUR, latest: 6 * HOUR, length: HOUR / 2 }),
        capacity: [NEVER; LOADS],
        skills,
        equipment: 0,
        locked: Vec::new(),
    }
}

/// Seconds along a grid of streets at 24 kilometres an hour, slower northward and eastward by up to a seventh.
fn travel(spots: &[(f64, f64)]) -> Matrix {
    const METRES_A_SECOND: f64 = 24.0 / 3.6;
    let seconds = |(ax, ay): (f64, f64), (bx, by): (f64, f64)| {
        let slow = |d: f64| d.abs() * if d > 0.0 { 1.14 } else { 1.0 };
        ((slow(bx - ax) + slow(by - ay)) / METRES_A_SECOND).round() as i32
    };
    let time = spots.iter().flat_map(|a| spots.iter().map(|b| seconds(*a, *b)).collect::<Vec<_>>()).collect();
    Matrix { size: spots.len(), time, cost: None }
}
