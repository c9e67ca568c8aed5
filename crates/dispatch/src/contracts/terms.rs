//! The conditions of a contract. They are written as a draft and stay as they are once it is in force.

use serde::{Deserialize, Serialize};

use super::money::{COEFFICIENT, MOST_COEFFICIENT, Rates, SHARE};
use super::{ContractError, Done};

/// The four classes of urgency, in the order in which [`Terms::class`] stands.
pub const CLASSES: [&str; 4] = ["immediate", "two-hours", "day", "planned"];

/// The place of a class in [`CLASSES`]; what is unknown counts as planned.
pub fn class_of(urgency: &str) -> usize {
    CLASSES.iter().position(|code| *code == urgency).unwrap_or(CLASSES.len() - 1)
}

/// What is asked of one class of urgency, counted from the moment the order was accepted, and what lateness costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Class {
    /// Minutes until somebody is there, and until the work is done. 0: nothing is asked.
    pub respond: i64,
    pub finish: i64,
    /// Each begun hour or each begun day costs so many rial.
    pub by_day: bool,
    pub late_arrival: i64,
    pub late_finish: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// Where; none for the whole city.
    pub districts: Vec<i64>,
    /// What; none for every service.
    pub services: Vec<i64>,
    /// All prices are multiplied by this, in ten-thousandths.
    pub coefficient: i64,
    pub class: [Class; 4],
    /// Rial for an order that was accepted and nobody came, for a line that did not stand the check, for an order
    /// without a photo.
    pub no_show: i64,
    pub failed_check: i64,
    pub missing_proof: i64,
    /// Penalties take at most this share of a month's work, in hundredths of a percent.
    pub penalty_most: i64,
    /// So long the same place is put right without pay.
    pub warranty_days: i64,
    /// Kept back until the end, in hundredths of a percent.
    pub retention: i64,
    /// The performance bond, in rial; for the record.
    pub bond: i64,
    /// The most that is paid for work in all, in rial; 0 for no ceiling.
    pub ceiling: i64,
    /// Of a hundred ordinary orders so many are looked at.
    pub check_percent: i64,
    /// Minutes for an answer to an offer.
    pub answer_minutes: i64,
    /// Days for objecting to a statement.
    pub dispute_days: i64,
}

impl Default for Terms {
    fn default() -> Self {
        let class = |respond, finish, by_day| Class { respond, finish, by_day, ..Class::default() };
        Terms {
            districts: Vec::new(),
            services: Vec::new(),
            coefficient: COEFFICIENT,
            class: [
                class(45, 4 * 60, false),
                class(120, 8 * 60, false),
                class(12 * 60, 24 * 60, true),
                class(0, 7 * 24 * 60, true),
            ],
            no_show: 0,
            failed_check: 0,
            missing_proof: 0,
            penalty_most: 2_000,
            warranty_days: 90,
            retention: 1_000,
            bond: 0,
            ceiling: 0,
            check_percent: 20,
            answer_minutes: 30,
            dispute_days: 7,
        }
    }
}

/// Rial in one penalty or a bond: a thousand billion.
const MOST_RIAL: i64 = 1_000_000_000_000;
/// A ceiling may be a hundred thousand billion rial.
const MOST_CEILING: i64 = 100_000_000_000_000;

impl Terms {
    pub fn rates(&self) -> Rates {
        Rates { ceiling: self.ceiling, retention: self.retention, penalty_most: self.penalty_most }
    }

    /// Whether an order of this district and service may be given under these conditions.
    pub fn covers(&self, district: Option<i64>, service: Option<i64>) -> bool {
        let is_in =
            |list: &[i64], id: Option<i64>| list.is_empty() || id.is_some_and(|id| list.contains(&id));
        is_in(&self.districts, district) && is_in(&self.services, service)
    }

    /// Refuses what cannot be meant.
    pub fn check(&self) -> Done<()> {
        let within = |field, number: i64, range: std::ops::RangeInclusive<i64>| {
            if range.contains(&number) {
                Ok(())
            } else {
                Err(ContractError::Wrong { field, code: "out-of-range" })
            }
        };
        within("coefficient", self.coefficient, 1..=MOST_COEFFICIENT)?;
        for class in &self.class {
            within("targets", class.respond, 0..=525_600)?;
            within("targets", class.finish, 0..=525_600)?;
            within("late", class.late_arrival, 0..=MOST_RIAL)?;
            within("late", class.late_finish, 0..=MOST_RIAL)?;
        }
        within("no_show", self.no_show, 0..=MOST_RIAL)?;
        within("failed_check", self.failed_check, 0..=MOST_RIAL)?;
        within("missing_proof", self.missing_proof, 0..=MOST_RIAL)?;
        within("penalty_most", self.penalty_most, 0..=SHARE)?;
        within("warranty_days", self.warranty_days, 0..=3_650)?;
        within("retention", self.retention, 0..=SHARE)?;
        within("bond", self.bond, 0..=MOST_CEILING)?;
        within("ceiling", self.ceiling, 0..=MOST_CEILING)?;
        within("check_percent", self.check_percent, 0..=100)?;
        within("answer_minutes", self.answer_minutes, 5..=7 * 24 * 60)?;
        within("dispute_days", self.dispute_days, 0..=90)
    }
}
