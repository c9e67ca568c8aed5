//! An election: a budget, projects with a price, and ballots.
//!
//! Ballots that say the same are kept once with a number. Amounts are whole and exact, in the smallest unit of the
//! currency (rial). Nothing here knows who voted.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The most that a budget or a price may be, in the smallest unit: enough for any state's budget in rials, and small
/// enough that no sum of what we do overflows.
pub const MOST_MONEY: i64 = 1_000_000_000_000_000_000;
/// The most projects of one election.
pub const MOST_PROJECTS: usize = 100_000;
/// The most ballots of one election.
pub const MOST_BALLOTS: u64 = 2_000_000_000;
/// The most points that one ballot may give to one project.
pub const MOST_POINTS: u32 = 1_000_000;

/// What is to be paid for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// As it is published.
    pub id: String,
    /// In the smallest unit of the currency.
    pub cost: i64,
}

/// What cannot be counted at all. Nothing is guessed: the file or the round has to be put right.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("the budget {0} is not an amount between 0 and {MOST_MONEY}")]
    Budget(i64),
    #[error("project {id} costs {cost}: a cost is between 0 and {MOST_MONEY}")]
    Cost { id: String, cost: i64 },
    #[error("two projects are called {0}")]
    Twice(String),
    #[error("more than {MOST_PROJECTS} projects")]
    Projects,
    #[error("more than {MOST_BALLOTS} ballots")]
    Ballots,
    #[error("a ballot names project number {0}, which is not there")]
    Stranger(u32),
    #[error("a ballot names project number {0} twice")]
    Repeated(u32),
    #[error("a ballot gives {0} points: it is between 1 and {MOST_POINTS}")]
    Points(u32),
    #[error("sequential Phragmén knows no points: use approval ballots")]
    NeedsApproval,
    #[error("the step of the completion is {0}, but has to be above 0")]
    Step(i64),
    #[error("a limit or an exclusion names project number {0}, which is not there")]
    Limit(usize),
    #[error("the completion was not at its end after {0} passes: choose a larger step")]
    Endless(u64),
}

/// Who may vote for what, with what money.
#[derive(Debug, Clone, Default)]
pub struct Election {
    pub budget: i64,
    /// In the published order, which breaks the last ties.
    pub projects: Vec<Project>,
    pub ballots: Ballots,
    /// Groups of projects of which one at most may win, by number.
    pub exclusions: Vec<Vec<usize>>,
    /// Groups of projects that together may cost so much at most: of one topic, one quarter.
    pub caps: Vec<Cap>,
}

/// The most that some projects may cost together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    pub limit: i64,
    pub members: Vec<usize>,
}

/// All ballots, each different one kept once.
#[derive(Debug, Clone)]
pub struct Ballots {
    starts: Vec<u32>,
    projects: Vec<u32>,
    /// Points, in step with `projects`; empty while every one is 1.
    points: Vec<u32>,
    times: Vec<u32>,
    /// All ballots, also those that name nothing.
    cast: u64,
    like: HashMap<u64, u32>,
    hasher: RandomState,
}

impl Default for Ballots {
    fn default() -> Self {
        Ballots {
            starts: vec![0],
            projects: Vec::new(),
            points: Vec::new(),
            times: Vec::new(),
            cast: 0,
            like: HashMap::new(),
            hasher: RandomState::new(),
        }
    }
}

impl Ballots {
    /// Puts `times` ballots in that give each of `choice` its points; approval is one point. The order does not matter.
    pub fn put(&mut self, choice: &mut Vec<(u32, u32)>, times: u32) -> Result<(), Refusal> {
        choice.sort_unstable();
        if let Some(pair) = choice.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(Refusal::Repeated(pair[0].0));
        }
        if let Some((_, points)) = choice.iter().find(|(_, points)| !(1..=MOST_POINTS).contains(points)) {
            return Err(Refusal::Points(*points));
        }
        if self.projects.len() + choice.len() > u32::MAX as usize {
            return Err(Refusal::Ballots);
        }
        self.cast += u64::from(times);
        if self.cast > MOST_BALLOTS {
            return Err(Refusal::Ballots);
        }
        if choice.is_empty() || times == 0 {
            return Ok(());
        }
        // A group whose hash is taken by another ballot takes the next hash.
        let mut hash = self.hasher.hash_one(choice.as_slice());
        while let Some(&group) = self.like.get(&hash) {
            if self.is(group as usize, choice) {
                self.times[group as usize] += times;
                return Ok(());
            }
            hash = hash.wrapping_add(1);
        }
        self.like.insert(hash, self.times.len() as u32);
        if self.points.is_empty() && choice.iter().any(|(_, points)| *points != 1) {
            self.points = vec![1; self.projects.len()];
        }
        if !self.points.is_empty() || choice.iter().any(|(_, points)| *points != 1) {
            self.points.extend(choice.iter().map(|(_, points)| *points));
        }
        self.projects.extend(choice.iter().map(|(project, _)| *project));
        self.starts.push(self.projects.len() as u32);
        self.times.push(times);
        Ok(())
    }

    fn is(&self, group: usize, choice: &[(u32, u32)]) -> bool {
        let same = self.choice(group);
        same.len() == choice.len() && same.zip(choice).all(|(one, other)| one == *other)
    }

    /// How many were cast, with those that name nothing.
    pub fn cast(&self) -> u64 {
        self.cast
    }

    /// How many different ones there are.
    pub fn groups(&self) -> usize {
        self.times.len()
    }

    /// How many ballots of one group there are.
    pub fn times(&self, group: usize) -> u32 {
        self.times[group]
    }

    /// Does any ballot give other than one point?
    pub fn have_points(&self) -> bool {
        !self.points.is_empty()
    }

    pub fn named(&self, group: usize) -> &[u32] {
        &self.projects[self.starts[group] as usize..self.starts[group + 1] as usize]
    }

    /// Projects and points of one group.
    pub fn choice(&self, group: usize) -> impl ExactSizeIterator<Item = (u32, u32)> + '_ {
        let from = self.starts[group] as usize;
        let point = move |at: usize| self.points.get(from + at).copied().unwrap_or(1);
        self.named(group).iter().enumerate().map(move |(at, project)| (*project, point(at)))
    }
}

/// For each project, the groups of ballots that name it.
#[derive(Debug)]
pub(crate) struct Supporters {
    starts: Vec<u32>,
    groups: Vec<u32>,
    points: Vec<u32>,
}

impl Supporters {
    pub fn of(election: &Election) -> Supporters {
        let ballots = &election.ballots;
        let mut starts = vec![0u32; election.projects.len() + 1];
        for project in &ballots.projects {
            starts[*project as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut groups = vec![0; ballots.projects.len()];
        let mut points = vec![0; if ballots.have_points() { ballots.projects.len() } else { 0 }];
        for group in 0..ballots.groups() {
            for (project, point) in ballots.choice(group) {
                let at = &mut next[project as usize];
                groups[*at as usize] = group as u32;
                if let Some(slot) = points.get_mut(*at as usize) {
                    *slot = point;
                }
                *at += 1;
            }
        }
        Supporters { starts, groups, points }
    }

    fn range(&self, project: usize) -> std::ops::Range<usize> {
        self.starts[project] as usize..self.starts[project + 1] as usize
    }

    pub fn groups(&self, project: usize) -> &[u32] {
        &self.groups[self.range(project)]
    }

    /// Points in step with `groups`; empty when every one is 1.
    pub fn points(&self, project: usize) -> &[u32] {
        if self.points.is_empty() { &[] } else { &self.points[self.range(project)] }
    }

    /// Group and points of everyone who names the project.
    pub fn each(&self, project: usize) -> impl Iterator<Item = (usize, u32)> + '_ {
        let points = self.points(project);
        let each = self.groups(project).iter().enumerate();
        each.map(move |(at, group)| (*group as usize, points.get(at).copied().unwrap_or(1)))
    }
}

impl Election {
    /// Is it an election at all? Every count asks first.
    pub fn check(&self) -> Result<(), Refusal> {
        if !(0..=MOST_MONEY).contains(&self.budget) {
            return Err(Refusal::Budget(self.budget));
        }
        if self.projects.len() > MOST_PROJECTS {
            return Err(Refusal::Projects);
        }
        let mut seen = std::collections::HashSet::new();
        for project in &self.projects {
            if !(0..=MOST_MONEY).contains(&project.cost) {
                return Err(Refusal::Cost { id: project.id.clone(), cost: project.cost });
            }
            if !seen.insert(project.id.as_str()) {
                return Err(Refusal::Twice(project.id.clone()));
            }
        }
        let count = self.projects.len();
        if let Some(stranger) = self.ballots.projects.iter().find(|project| **project as usize >= count) {
            return Err(Refusal::Stranger(*stranger));
        }
        let caps = self.caps.iter().flat_map(|cap| &cap.members);
        if let Some(stranger) =
            self.exclusions.iter().flatten().chain(caps).find(|project| **project >= count)
        {
            return Err(Refusal::Limit(*stranger));
        }
        Ok(())
    }

    /// How many ballots name each project.
    pub fn votes(&self) -> Vec<u64> {
        let mut votes = vec![0; self.projects.len()];
        for group in 0..self.ballots.groups() {
            for project in self.ballots.named(group) {
                votes[*project as usize] += u64::from(self.ballots.times(group));
            }
        }
        votes
    }

    /// The points of each project; of approval ballots the same as the votes.
    pub fn scores(&self) -> Vec<u64> {
        let mut scores = vec![0; self.projects.len()];
        for group in 0..self.ballots.groups() {
            for (project, points) in self.ballots.choice(group) {
                scores[project as usize] += u64::from(self.ballots.times(group)) * u64::from(points);
            }
        }
        scores
    }
}
