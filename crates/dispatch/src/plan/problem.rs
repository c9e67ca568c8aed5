//! Jobs, crews, travel, weights: everything that the engine knows of a day.

use serde::{Deserialize, Serialize};

/// How many kinds of load a vehicle counts: weight, volume, pieces.
pub const LOADS: usize = 3;

/// Work at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// What the caller knows it by; unique.
    pub id: i64,
    /// Row of the travel matrix.
    pub place: usize,
    /// How long it takes there.
    #[serde(default)]
    pub service: i64,
    /// Work may begin between these two.
    #[serde(default)]
    pub earliest: i64,
    #[serde(default = "never")]
    pub latest: i64,
    /// When it was promised to begin; later costs `late_weight` a second.
    #[serde(default = "never")]
    pub due: i64,
    #[serde(default)]
    pub late_weight: i64,
    /// What leaving it undone costs.
    #[serde(default = "dear")]
    pub worth: i64,
    #[serde(default)]
    pub load: [i64; LOADS],
    /// One bit a skill, one bit a kind of equipment.
    #[serde(default)]
    pub skills: u64,
    #[serde(default)]
    pub equipment: u64,
    /// Another job (by index) that must be finished before this one begins.
    #[serde(default)]
    pub after: Option<usize>,
    /// The only crew (by index) that may do it.
    #[serde(default)]
    pub only: Option<usize>,
    /// The crew that holds it in the published plan; giving it to another costs `Weights::change`.
    #[serde(default)]
    pub held_by: Option<usize>,
}

/// People and a vehicle for one shift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crew {
    pub id: i64,
    /// Where they are when they are free, and where they must end, if anywhere; rows of the travel matrix.
    pub start: usize,
    #[serde(default)]
    pub end: Option<usize>,
    /// Free from this moment.
    #[serde(default)]
    pub from: i64,
    /// The shift ends; work until `overtime_until` costs `Weights::overtime` a second.
    #[serde(default = "never")]
    pub until: i64,
    #[serde(default)]
    pub overtime_until: Option<i64>,
    #[serde(default)]
    pub rest: Option<Break>,
    #[serde(default = "roomy")]
    pub capacity: [i64; LOADS],
    #[serde(default)]
    pub skills: u64,
    #[serde(default)]
    pub equipment: u64,
    /// Stops (by index) that stay as they are, in this order, before anything else.
    #[serde(default)]
    pub locked: Vec<usize>,
}

/// A pause, taken between two stops as soon as the crew is free in its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    pub earliest: i64,
    pub latest: i64,
    pub length: i64,
}

/// Times between places, row by row; `cost` where it is not the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matrix {
    pub size: usize,
    pub time: Vec<i32>,
    #[serde(default)]
    pub cost: Option<Vec<i32>>,
}

impl Matrix {
    pub fn time(&self, from: usize, to: usize) -> i64 {
        i64::from(self.time[from * self.size + to])
    }

    pub fn cost(&self, from: usize, to: usize) -> i64 {
        match &self.cost {
            Some(cost) => i64::from(cost[from * self.size + to]),
            None => self.time(from, to),
        }
    }
}

/// What a second is worth. Job by job stand `Job::worth` and `Job::late_weight`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// One unit of travel cost.
    pub travel: i64,
    /// One second after the shift's end.
    pub overtime: i64,
    /// One job that another crew already holds.
    pub change: i64,
}

impl Default for Weights {
    fn default() -> Self {
        Weights { travel: 1, overtime: 2, change: 60 }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub jobs: Vec<Job>,
    pub crews: Vec<Crew>,
    pub travel: Matrix,
    #[serde(default)]
    pub weights: Weights,
}

/// The problem says something that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    #[error("the matrix of {size} places needs {wanted} times and has {given}")]
    MatrixSize { size: usize, wanted: usize, given: usize },
    #[error("a time between places is below zero")]
    TravelNegative,
    #[error("{what} {id} stands at place {place}, which is not in the matrix")]
    PlaceUnknown { what: &'static str, id: i64, place: usize },
    #[error("{what} {id} is there twice")]
    Twice { what: &'static str, id: i64 },
    #[error("job {id} takes a time below zero")]
    ServiceNegative { id: i64 },
    #[error("job {id} has a weight below zero")]
    WeightNegative { id: i64 },
    #[error("job {id} begins at the latest before the earliest")]
    WindowEmpty { id: i64 },
    #[error("crew {id} ends before it begins")]
    ShiftEmpty { id: i64 },
    #[error("the break of crew {id} is no break")]
    BreakWrong { id: i64 },
    #[error("job {id} names a job or a crew that is not there, or itself")]
    NameUnknown { id: i64 },
    #[error("jobs wait for each other in a circle at job {id}")]
    Circle { id: i64 },
    #[error("crew {id} has a locked stop that is not there, or that another crew has")]
    LockWrong { id: i64 },
    #[error("a number of {what} {id} is too large to be a time or a weight")]
    TooLarge { what: &'static str, id: i64 },
    #[error("a weight is below zero")]
    WeightsNegative,
    #[error("times and weights together are too large to be added up")]
    SumTooLarge,
}

/// Beyond this no time and no weight makes sense, and sums stay far from their end.
pub(crate) const NEVER: i64 = 1 << 40;
const MOST_WORTH: i64 = 1 << 42;
/// What the dearest plan may cost; two of them can still be compared.
const MOST_SUM: i128 = 1 << 61;

/// The smallest number has no opposite, so `abs` is not asked.
fn is_too_large(n: i64) -> bool {
    n.unsigned_abs() > NEVER.unsigned_abs()
}

impl Problem {
    /// Refuses what cannot be planned; everything after it may index freely.
    pub fn validate(&self) -> Result<(), ProblemError> {
        let size = self.travel.size;
        let wanted = size.saturating_mul(size);
        for given in [Some(self.travel.time.len()), self.travel.cost.as_ref().map(Vec::len)] {
            if let Some(given) = given.filter(|given| *given != wanted) {
                return Err(ProblemError::MatrixSize { size, wanted, given });
            }
        }
        let mut times = self.travel.time.iter().chain(self.travel.cost.iter().flatten());
        if times.any(|time| *time < 0) {
            return Err(ProblemError::TravelNegative);
        }
        self.validate_jobs()?;
        self.validate_crews()?;
        self.validate_order()?;
        self.validate_sums()
    }

    /// Nothing that is added up later may run over, however late everything is and whatever is left undone.
    fn validate_sums(&self) -> Result<(), ProblemError> {
        let Weights { travel, overtime, change } = self.weights;
        if [travel, overtime, change].iter().any(|weight| *weight < 0) {
            return Err(ProblemError::WeightsNegative);
        }
        let wide = |n: i64| i128::from(n);
        let legs = self.jobs.len() as i128 + self.crews.len() as i128;
        let longest = |times: &[i32]| i128::from(times.iter().copied().max().unwrap_or(0));
        let farthest = longest(&self.travel.time);
        let dearest = self.travel.cost.as_deref().map_or(farthest, longest);
        // The latest moment that any walk comes to: everything on one crew, after the last beginning of anything.
        let crews = self.crews.iter().map(|crew| crew.from.max(crew.rest.map_or(0, |rest| rest.earliest)));
        let last = self.jobs.iter().map(|job| job.earliest).chain(crews).max().unwrap_or(0).max(0);
        let rests: i128 = self.crews.iter().filter_map(|crew| crew.rest).map(|rest| wide(rest.length)).sum();
        let work: i128 = self.jobs.iter().map(|job| wide(job.service)).sum();
        let end = wide(last) + rests + work + legs * farthest;
        let jobs = self
            .jobs
            .iter()
            .map(|job| wide(job.worth) + wide(change) + wide(job.late_weight) * (end - wide(job.due)).max(0));
        let crews = self.crews.iter().map(|crew| wide(overtime) * (end - wide(crew.until)).max(0));
        let all = jobs.chain(crews).fold(legs * dearest * wide(travel), i128::saturating_add);
        if all > MOST_SUM || end > MOST_SUM {
            return Err(ProblemError::SumTooLarge);
        }
        Ok(())
    }

    fn validate_jobs(&self) -> Result<(), ProblemError> {
        let mut seen = std::collections::HashSet::new();
        for (index, job) in self.jobs.iter().enumerate() {
            let id = job.id;
            if !seen.insert(id) {
                return Err(ProblemError::Twice { what: "job", id });
            }
            if job.place >= self.travel.size {
                return Err(ProblemError::PlaceUnknown { what: "job", id, place: job.place });
            }
            if job.service < 0 {
                return Err(ProblemError::ServiceNegative { id });
            }
            if job.worth < 0 || job.late_weight < 0 || job.load.iter().any(|load| *load < 0) {
                return Err(ProblemError::WeightNegative { id });
            }
            let times = [job.service, job.earliest, job.latest, job.due, job.late_weight];
            if times.iter().chain(&job.load).any(|n| is_too_large(*n)) || job.worth > MOST_WORTH {
                return Err(ProblemError::TooLarge { what: "job", id });
            }
            if job.latest < job.earliest {
                return Err(ProblemError::WindowEmpty { id });
            }
            let crew_unknown = |crew: Option<usize>| crew.is_some_and(|crew| crew >= self.crews.len());
            let wrong_after = job.after.is_some_and(|after| after >= self.jobs.len() || after == index);
            if wrong_after || crew_unknown(job.only) || crew_unknown(job.held_by) {
                return Err(ProblemError::NameUnknown { id });
            }
        }
        Ok(())
    }

    fn validate_crews(&self) -> Result<(), ProblemError> {
        let mut seen = std::collections::HashSet::new();
        let mut locked = std::collections::HashSet::new();
        for crew in &self.crews {
            let id = crew.id;
            if !seen.insert(id) {
                return Err(ProblemError::Twice { what: "crew", id });
            }
            for place in [Some(crew.start), crew.end].into_iter().flatten() {
                if place >= self.travel.size {
                    return Err(ProblemError::PlaceUnknown { what: "crew", id, place });
                }
            }
            let times = [crew.from, crew.until, crew.overtime_until.unwrap_or(0)];
            if times.iter().chain(&crew.capacity).any(|n| is_too_large(*n)) {
                return Err(ProblemError::TooLarge { what: "crew", id });
            }
            if crew.until < crew.from || crew.overtime_until.is_some_and(|until| until < crew.until) {
                return Err(ProblemError::ShiftEmpty { id });
            }
            if crew.rest.is_some_and(|rest| {
                rest.length <= 0
                    || rest.latest < rest.earliest
                    || [rest.earliest, rest.latest, rest.length].into_iter().any(is_too_large)
            }) {
                return Err(ProblemError::BreakWrong { id });
            }
            if crew.locked.iter().any(|job| *job >= self.jobs.len() || !locked.insert(*job)) {
                return Err(ProblemError::LockWrong { id });
            }
        }
        Ok(())
    }

    fn validate_order(&self) -> Result<(), ProblemError> {
        for (index, job) in self.jobs.iter().enumerate() {
            let mut before = job.after;
            for _ in 0..self.jobs.len() {
                match before {
                    None => break,
                    Some(other) if other == index => return Err(ProblemError::Circle { id: job.id }),
                    Some(other) => before = self.jobs[other].after,
                }
            }
        }
        Ok(())
    }

    /// Whether a crew has what a job needs, wherever and whenever it is.
    pub fn suits(&self, job: usize, crew: usize) -> bool {
        let (j, c) = (&self.jobs[job], &self.crews[crew]);
        j.skills & !c.skills == 0
            && j.equipment & !c.equipment == 0
            && j.only.is_none_or(|only| only == crew)
            && j.load.iter().zip(&c.capacity).all(|(load, capacity)| load <= capacity)
    }
}

impl Crew {
    /// No work goes on after this.
    pub(crate) fn ends(&self) -> i64 {
        self.overtime_until.unwrap_or(self.until)
    }
}

fn never() -> i64 {
    NEVER
}

fn dear() -> i64 {
    1 << 30
}

fn roomy() -> [i64; LOADS] {
    [NEVER; LOADS]
}
