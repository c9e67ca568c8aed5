//! Incidents: many reports of one fallen tree, answered as one.
//!
//! A follower looks at each new request: is it about an incident that is known nearby, or do some loose requests
//! around it make a new one? See `likeness` for the rule and `group` for the work. What the program finds is a
//! *proposal* until a person confirms it with one key, or, in storm mode, the storm's rule does. From then on each
//! member's thread says so, and when the incident is answered each member is answered, in its own language.
//! Requests that are not public are never grouped.

mod chores; // telling and answering members, handful by handful
pub mod danger; // how dangerous a report is
mod group; // the follower
pub mod likeness; // the rule
mod nearby; // what is around one report, kept for one handful
pub mod read; // the board, one incident, the incident of a request
mod row; // one incident as it stands
mod steps; // confirm, join, leave, merge, split, answer, close

use std::collections::HashSet;

use storage::{Result, Tx};

use crate::catalogue::Catalogue;
use crate::kinds::coded;
use crate::service::Service;
use crate::storm::rules::{Family, StormRules};

pub use chores::{ANSWERING, TELLING, TIDYING};
pub use group::FOLLOWER;
pub use row::Incident;
pub use steps::{
    Answer, IncidentError, answer, close, confirm, dismiss, goes_on, join, leave, merge, note, open, split,
};

/// The journal's name for an incident.
pub const SUBJECT: &str = "incident";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct IncidentId(pub i64);

coded! {
    /// Where an incident stands.
    State {
        /// The program thinks so.
        Proposed = "proposed",
        /// It is one: by a person, or by the rule of a storm.
        Confirmed = "confirmed",
        /// What was done is said to everybody in it.
        Answered = "answered",
        /// Over.
        Closed = "closed",
        /// It was none.
        Dismissed = "dismissed",
        /// Goes on in another one.
        Merged = "merged",
    }
}

impl State {
    /// New reports may still belong to it.
    pub const fn is_open(self) -> bool {
        matches!(self, State::Proposed | State::Confirmed)
    }

    /// Everybody may know of it.
    pub const fn is_known(self) -> bool {
        matches!(self, State::Confirmed | State::Answered | State::Closed)
    }
}

/// The families of a city, ready to be asked: which one a service is of, and which words are usual in it.
pub struct Families {
    pub rules: std::sync::Arc<StormRules>,
    usual: std::collections::HashMap<String, HashSet<String>>,
}

impl Families {
    pub fn of(rules: std::sync::Arc<StormRules>, catalogue: &Catalogue) -> Families {
        let mut usual: std::collections::HashMap<String, HashSet<String>> = Default::default();
        for service in &catalogue.services {
            let about = &service.about;
            let names = [&about.name.fa, &about.name.en, &about.description.fa, &about.description.en];
            let words = names.into_iter().chain(&about.keywords.fa).chain(&about.keywords.en);
            let family = family_code(&rules, service);
            let all = usual.entry(family).or_default();
            words.for_each(|text| all.extend(language::fold::tokens(text)));
        }
        Families { rules, usual }
    }

    pub fn load(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<std::sync::Arc<Families>> {
        tx.memo(jurisdiction, |tx, jurisdiction| {
            let catalogue = crate::catalogue(tx, jurisdiction)?;
            Ok(Families::of(crate::storm::rules::rules(tx, jurisdiction)?, &catalogue))
        })
    }

    /// The code of the family that a service is of; a service in no family is one by itself.
    pub fn code(&self, service: &Service) -> String {
        family_code(&self.rules, service)
    }

    pub fn get(&self, code: &str) -> Family {
        self.rules.family.iter().find(|f| f.code == code).cloned().unwrap_or_else(|| Family {
            code: code.to_owned(),
            name: Default::default(),
            services: Vec::new(),
            reach: self.rules.incident.reach,
            hours: self.rules.incident.hours,
        })
    }

    /// Words that say nothing, because everybody uses them for these services.
    pub fn usual(&self, code: &str) -> &HashSet<String> {
        static NONE: std::sync::LazyLock<HashSet<String>> = std::sync::LazyLock::new(HashSet::new);
        self.usual.get(code).unwrap_or(&NONE)
    }
}

fn family_code(rules: &StormRules, service: &Service) -> String {
    match rules.family.iter().find(|f| f.services.contains(&service.code)) {
        Some(family) => family.code.clone(),
        None => format!("={}", service.code),
    }
}
