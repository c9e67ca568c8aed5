//! Numbers of things, and the enums whose values have a code that is stored, sent and shown as a message key.

use calendar::Timestamp;
use serde::{Deserialize, Serialize};

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The stored spelling.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }

            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some($name::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use coded;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CrewId(pub i64);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OrderId(pub i64);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ShiftId(pub i64);

/// The version of a row that somebody looked at before they decided. Who decides on an older one is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Seen(pub i64);

coded! {
    /// How soon somebody must be there, the most urgent first.
    Urgency {
        Immediate = "immediate",
        TwoHours = "two-hours",
        Day = "day",
        /// In a window of its own.
        Planned = "planned",
    }
}

impl Urgency {
    /// What one of this kind is worth beside the others.
    pub const fn weight(self) -> i64 {
        match self {
            Urgency::Immediate => 100,
            Urgency::TwoHours => 30,
            Urgency::Day => 10,
            Urgency::Planned => 3,
        }
    }

    /// Minutes from the order to a crew on the spot; `None` when it has a window instead.
    pub const fn target_minutes(self) -> Option<i64> {
        match self {
            Urgency::Immediate => Some(45),
            Urgency::TwoHours => Some(120),
            Urgency::Day => Some(1440),
            Urgency::Planned => None,
        }
    }

    /// When a crew is to be there at the latest.
    pub fn due_from(self, made_at: Timestamp) -> Option<Timestamp> {
        self.target_minutes().map(|minutes| made_at.plus_minutes(minutes))
    }
}

coded! {
    /// Where an order came from.
    Origin {
        Request = "request",
        Incident = "incident",
        /// A dispatcher wrote it.
        Hand = "hand",
        /// It was due again.
        Routine = "routine",
        /// A citizen objected and was right.
        Objection = "objection",
    }
}

/// A list of codes as a column keeps it: in order, with one blank between them.
pub(crate) fn joined(codes: &[String]) -> String {
    let mut sorted: Vec<&str> = codes.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.join(" ")
}

pub(crate) fn split(codes: &str) -> Vec<String> {
    codes.split(' ').filter(|code| !code.is_empty()).map(String::from).collect()
}
