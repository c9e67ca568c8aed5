//! The file format of PabuLib, the public collection of participatory budgets (pabulib.org/format;
//! D. Stolicki, S. Szufa, N. Talmon, arXiv 2012.06539).
//!
//! A `.pb` file has three parts, META, PROJECTS and VOTES, each a table with semicolons. Who voted is not kept: a file
//! that is written again has its ballots sorted, with new numbers.

mod amount; // decimals without floats
mod read; // line by line, refusing with the line
mod record; // one line with quotes
mod write; // sorted, so that the order tells nothing

use crate::election::{Cap, Election};

pub use amount::{Amount, in_words};
pub use read::{Fault, LONGEST_LINE, read};
pub use write::write;

/// What a ballot of the file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoteType {
    Approval,
    ChooseOne,
    /// The first has the most points, as many as a ballot may name.
    Ordinal,
    Cumulative,
    Scoring,
}

impl VoteType {
    pub const ALL: [(VoteType, &'static str); 5] = [
        (VoteType::Approval, "approval"),
        (VoteType::ChooseOne, "choose-1"),
        (VoteType::Ordinal, "ordinal"),
        (VoteType::Cumulative, "cumulative"),
        (VoteType::Scoring, "scoring"),
    ];

    pub fn name(self) -> &'static str {
        VoteType::ALL.iter().find(|(kind, _)| *kind == self).map_or("approval", |(_, name)| name)
    }
}

/// The cost that the collection gives to a project that was withdrawn after the vote.
pub const WITHDRAWN: i64 = 999_999_999;

/// A file that was read, or is to be written.
#[derive(Debug, Clone)]
pub struct File {
    /// In the order of the file. `num_projects`, `num_votes`, `budget` and `vote_type` are written from the election.
    pub meta: Vec<(String, String)>,
    pub vote_type: VoteType,
    /// Amounts of the election are in units of 10⁻ᵈ of the currency.
    pub decimals: u32,
    pub election: Election,
    /// Names of the project columns besides `project_id` and `cost`.
    pub columns: Vec<String>,
    /// What stands in them, for each project.
    pub details: Vec<Vec<String>>,
    /// Ballots that name a project twice. One person has one vote: an approval or a rank counts once, points are added.
    pub repeated: u64,
}

impl File {
    pub fn meta(&self, key: &str) -> Option<&str> {
        self.meta.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    pub fn detail(&self, project: usize, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.details.get(project)?.get(at).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// One unit of the currency, the usual step of a completion.
    pub fn unit(&self) -> i64 {
        10i64.pow(self.decimals.min(18))
    }

    /// The real outcome: 0 not chosen, 1 chosen, 2 and 3 chosen by some special rule of the city.
    pub fn selected(&self) -> Option<Vec<u8>> {
        let one =
            |at| self.detail(at, "selected").and_then(|text| text.parse().ok()).filter(|kind| *kind <= 3);
        (0..self.election.projects.len()).map(one).collect()
    }

    /// The project was withdrawn after the vote.
    pub fn is_withdrawn(&self, project: usize) -> bool {
        self.election.projects.get(project).is_some_and(|it| it.cost == WITHDRAWN.saturating_mul(self.unit()))
    }

    /// The least score that the file asks for, if it does.
    pub fn least_score(&self) -> Option<u64> {
        self.meta("min_project_score_threshold")?.parse().ok()
    }

    /// What projects of one category, or of one neighbourhood, may cost together, where the file says so.
    pub fn caps(&self) -> Vec<Cap> {
        let mut caps = Vec::new();
        for (names, budgets, column) in [
            ("categories", "budget_per_category", "category"),
            ("neighborhoods", "budget_per_neighborhood", "neighborhood"),
        ] {
            let (Some(names), Some(budgets)) = (self.meta(names), self.meta(budgets)) else { continue };
            for (name, budget) in names.split(',').zip(budgets.split(',')) {
                let limit = Amount::read(budget.trim()).and_then(|amount| amount.at(self.decimals));
                let Some(limit) = limit else { continue };
                let is_member = |at: &usize| {
                    self.detail(*at, column)
                        .is_some_and(|all| all.split(',').any(|one| one.trim() == name.trim()))
                };
                let members = (0..self.election.projects.len()).filter(is_member).collect();
                caps.push(Cap { limit, members });
            }
        }
        caps
    }
}
