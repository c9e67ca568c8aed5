//! What holds while a crisis lasts. A crisis begins with the city pack's (`[crisis]` in `dispatch.toml`) and has its own copy.

use requests::service::Both;
use serde::{Deserialize, Serialize};

use crate::Urgency;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// How many times as much work counts, by its danger to life from 0 to 3.
    pub weights: [i64; 4],
    /// Work that was merely planned waits, unless it is dangerous to leave it.
    pub planned_waits: bool,
    /// Hours of the shift that is made for whoever is called.
    pub shift_hours: i64,
    /// What crews of volunteers may be able to do. Empty: what the kinds of work need that volunteers may do.
    pub volunteer_skills: Vec<String>,
    /// A crew on shift of which nothing was heard for so many minutes keeps the stops it has.
    pub silent_minutes: i64,
    /// Districts without a line to the city.
    pub cut_off: Vec<i64>,
    /// Whether people are told, with these words, through storm mode.
    pub tell: bool,
    pub message: Both,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            weights: [1, 3, 20, 100],
            planned_waits: true,
            shift_hours: 12,
            volunteer_skills: Vec::new(),
            silent_minutes: 15,
            cut_off: Vec::new(),
            tell: true,
            message: Both::default(),
        }
    }
}

const MOST_WEIGHT: i64 = 1_000;
pub(super) const LONGEST_SHIFT: i64 = 24;
const LONGEST_MESSAGE: usize = 500;

impl Rules {
    /// The code of the first thing that is wrong in them.
    pub fn wrong(&self) -> Option<&'static str> {
        let goes_up = self.weights.windows(2).all(|two| two[0] <= two[1]);
        if !self.weights.iter().all(|weight| (1..=MOST_WEIGHT).contains(weight)) || !goes_up {
            return Some("crisis-weights-wrong");
        }
        if !(1..=LONGEST_SHIFT).contains(&self.shift_hours) {
            return Some("crisis-hours-wrong");
        }
        if !(1..=1440).contains(&self.silent_minutes) {
            return Some("crisis-silence-wrong");
        }
        let texts = [&self.message.fa, &self.message.en];
        texts.iter().any(|text| text.chars().count() > LONGEST_MESSAGE).then_some("words-too-long")
    }

    /// How many times as much an order counts; `None` when it waits until the crisis is over.
    pub fn counts(&self, danger: i64, urgency: Urgency) -> Option<i64> {
        let danger = usize::try_from(danger).unwrap_or(0).min(3);
        let waits = self.planned_waits && urgency == Urgency::Planned && danger == 0;
        (!waits).then_some(self.weights[danger])
    }
}
