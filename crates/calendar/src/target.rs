//! How long the city may take.

use language::digits;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A target time: "24h", "2d", "8wh", "3wd". Written so in city packs; the long form `{ amount = 3, unit = "working-days" }`
/// is read as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "String")]
pub struct Target {
    pub amount: u32,
    pub unit: TargetUnit,
}

/// What a target counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetUnit {
    /// Hours that pass whether or not anybody works: `h`.
    CalendarHours,
    /// Stretches of 24 hours: `d`. Where clocks change twice a year the clock time may shift by that hour.
    CalendarDays,
    /// Hours inside opening hours: `wh`.
    WorkingHours,
    /// Days on which the city works: `wd`.
    WorkingDays,
}

/// Why a text is not a target time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a target time is a number up to {most} and h, d, wh or wd, such as 3wd; not {0:?}", most = Target::MOST)]
pub struct TargetRefusal(pub String);

impl Target {
    /// The longest target of any unit; a promise of more than that is a mistake.
    pub const MOST: u32 = 9_999;

    pub const fn hours(amount: u32) -> Target {
        Target { amount, unit: TargetUnit::CalendarHours }
    }

    pub const fn days(amount: u32) -> Target {
        Target { amount, unit: TargetUnit::CalendarDays }
    }

    pub const fn working_hours(amount: u32) -> Target {
        Target { amount, unit: TargetUnit::WorkingHours }
    }

    pub const fn working_days(amount: u32) -> Target {
        Target { amount, unit: TargetUnit::WorkingDays }
    }

    /// Whether only the time counts in which the city works.
    pub const fn is_working(self) -> bool {
        matches!(self.unit, TargetUnit::WorkingHours | TargetUnit::WorkingDays)
    }
}

impl FromStr for Target {
    type Err = TargetRefusal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refusal = || TargetRefusal(text.to_owned());
        let ascii = digits::to_ascii(text.trim());
        let (amount, unit) =
            ascii.split_at(ascii.find(|letter: char| !letter.is_ascii_digit()).ok_or_else(refusal)?);
        let unit = match unit.trim() {
            "h" => TargetUnit::CalendarHours,
            "d" => TargetUnit::CalendarDays,
            "wh" => TargetUnit::WorkingHours,
            "wd" => TargetUnit::WorkingDays,
            _ => return Err(refusal()),
        };
        match amount.parse() {
            Ok(amount) if amount <= Target::MOST => Ok(Target { amount, unit }),
            _ => Err(refusal()),
        }
    }
}

/// The short form: `3wd`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            TargetUnit::CalendarHours => "h",
            TargetUnit::CalendarDays => "d",
            TargetUnit::WorkingHours => "wh",
            TargetUnit::WorkingDays => "wd",
        };
        write!(f, "{}{unit}", self.amount)
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Short(String),
    Long { amount: u32, unit: TargetUnit },
}

impl TryFrom<Written> for Target {
    type Error = TargetRefusal;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written::Short(text) => text.parse(),
            Written::Long { amount, unit } if amount <= Target::MOST => Ok(Target { amount, unit }),
            Written::Long { amount, .. } => Err(TargetRefusal(amount.to_string())),
        }
    }
}

impl From<Target> for String {
    fn from(target: Target) -> String {
        target.to_string()
    }
}
