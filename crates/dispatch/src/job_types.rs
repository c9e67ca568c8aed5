//! Kinds of work: who is needed, with what, how long it takes, and what proves it.
//!
//! They come from the city pack ([`crate::pack`]), are kept as one text each and read as a whole, once per edition.

use std::collections::BTreeMap;
use std::sync::Arc;

use requests::service::Both;
use serde::{Deserialize, Serialize};
use storage::{Error, Result, Tx, params, sql};

use crate::Urgency;

/// One point of a safety or work list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Check {
    pub code: String,
    pub fa: String,
    pub en: String,
    /// The order is not done before it is ticked.
    pub required: bool,
}

/// What a finished order shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Proof {
    /// A photo taken before the work.
    pub before: bool,
    /// A photo taken after the work.
    pub after: bool,
    /// What was measured, for the contract's price list.
    pub quantities: bool,
}

/// Something that has a code, names and, where it is counted, a unit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Named {
    pub code: String,
    pub fa: String,
    pub en: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Both>,
}

/// What a crew takes along; an alias for the reader.
pub type Material = Named;

/// One kind of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobType {
    pub code: String,
    pub name: Both,
    /// The services whose requests become an order of this kind.
    #[serde(default)]
    pub services: Vec<String>,
    /// The estimate, until enough was learned.
    pub minutes: i64,
    /// One standard deviation of it, in minutes.
    #[serde(default)]
    pub spread: i64,
    #[serde(default)]
    pub skills: Vec<String>,
    #[serde(default)]
    pub equipment: Vec<String>,
    /// What is usually used up, by code.
    #[serde(default)]
    pub materials: BTreeMap<String, i64>,
    #[serde(default = "two")]
    pub people: i64,
    /// What it fills the vehicle with: kilograms, litres, pieces.
    #[serde(default)]
    pub loads: [i64; 3],
    #[serde(default)]
    pub checklist: Vec<Check>,
    pub urgency: Urgency,
    /// Danger to life of a usual one, 0 to 3.
    #[serde(default)]
    pub danger: i64,
    #[serde(default)]
    pub proof: Proof,
    /// Days after the order within which work that comes without hurry is done.
    #[serde(default)]
    pub within_days: Option<i64>,
    /// Volunteers may do it.
    #[serde(default)]
    pub volunteers: bool,
    /// Codes of the lines of a price list that are measured for it.
    #[serde(default)]
    pub measures: Vec<String>,
    /// What the citizen is told when it is done.
    #[serde(default)]
    pub answer: Both,
}

fn two() -> i64 {
    2
}

/// Everything of `dispatch.toml`, in memory.
#[derive(Debug, Clone, Default)]
pub struct Kinds {
    pub job_types: Vec<JobType>,
    pub skills: Vec<Named>,
    pub equipment: Vec<Named>,
    pub materials: Vec<Material>,
    /// Why an order was not done.
    pub reasons: Vec<Named>,
    /// How crews reach citizens.
    pub masking: crate::field::Masking,
}

impl Kinds {
    pub fn job_type(&self, code: &str) -> Option<&JobType> {
        self.job_types.iter().find(|kind| kind.code == code)
    }

    /// The kind of work that a service asks for.
    pub fn of_service(&self, service_code: &str) -> Option<&JobType> {
        self.job_types.iter().find(|kind| kind.services.iter().any(|code| code == service_code))
    }

    pub fn name(&self, code: &str, lang: language::Lang) -> String {
        self.job_type(code).map_or_else(|| code.to_owned(), |kind| kind.name.get(lang).to_owned())
    }
}

impl Named {
    pub fn name(&self, lang: language::Lang) -> &str {
        match lang {
            language::Lang::Fa => &self.fa,
            language::Lang::En => &self.en,
        }
    }
}

impl Check {
    pub fn name(&self, lang: language::Lang) -> &str {
        match lang {
            language::Lang::Fa => &self.fa,
            language::Lang::En => &self.en,
        }
    }
}

/// The row beside the kinds of work that keeps the lists; a code that no kind of work can have.
pub(crate) const LISTS: &str = "*";

/// What is kept in that row.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Lists {
    pub skills: Vec<Named>,
    pub equipment: Vec<Named>,
    pub materials: Vec<Material>,
    pub reasons: Vec<Named>,
    pub masking: crate::field::Masking,
}

/// The kinds of work of a city, read once per edition.
pub fn kinds(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Arc<Kinds>> {
    tx.memo(jurisdiction, load)
}

fn load(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Kinds> {
    let rows = tx.query(
        sql!("SELECT code, definition FROM job_types WHERE jurisdiction_id = $1 ORDER BY code LIMIT 2000"),
        &params![jurisdiction],
        |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)),
    )?;
    let mut kinds = Kinds::default();
    for (code, definition) in rows {
        if code == LISTS {
            let lists: Lists = serde_json::from_str(&definition).map_err(Error::corrupt)?;
            kinds.skills = lists.skills;
            kinds.equipment = lists.equipment;
            kinds.materials = lists.materials;
            kinds.reasons = lists.reasons;
            kinds.masking = lists.masking;
        } else {
            kinds.job_types.push(serde_json::from_str(&definition).map_err(Error::corrupt)?);
        }
    }
    Ok(kinds)
}
