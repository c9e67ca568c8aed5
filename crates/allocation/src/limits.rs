//! Exclusions and caps: what a winner takes from the others besides money.

use crate::election::Election;
use crate::outcome::Why;

#[derive(Debug, Clone)]
pub(crate) struct Limits<'a> {
    election: &'a Election,
    left: Vec<i64>,
    caps_of: Vec<Vec<u32>>,
    groups_of: Vec<Vec<u32>>,
    taken: Vec<Option<usize>>,
}

impl<'a> Limits<'a> {
    pub fn of(election: &'a Election) -> Limits<'a> {
        let index = |groups: &mut dyn Iterator<Item = &Vec<usize>>| {
            let mut of = vec![Vec::new(); election.projects.len()];
            for (at, members) in groups.enumerate() {
                members.iter().for_each(|project| of[*project].push(at as u32));
            }
            of
        };
        Limits {
            election,
            left: election.caps.iter().map(|cap| cap.limit).collect(),
            caps_of: index(&mut election.caps.iter().map(|cap| &cap.members)),
            groups_of: index(&mut election.exclusions.iter()),
            taken: vec![None; election.exclusions.len()],
        }
    }

    /// What keeps this project out, if anything does.
    pub fn refuse(&self, project: usize) -> Option<Why> {
        if let Some(by) = self.groups_of[project].iter().find_map(|group| self.taken[*group as usize]) {
            return Some(Why::Excluded { by });
        }
        let cost = self.election.projects[project].cost;
        let full = self.caps_of[project].iter().find(|cap| self.left[**cap as usize] < cost)?;
        Some(Why::Capped { cap: *full as usize, left: self.left[*full as usize] })
    }

    pub fn take(&mut self, project: usize) {
        let cost = self.election.projects[project].cost;
        self.caps_of[project].iter().for_each(|cap| self.left[*cap as usize] -= cost);
        self.groups_of[project].iter().for_each(|group| self.taken[*group as usize] = Some(project));
    }
}
