//! `demo.toml` of a city pack: how many requests a year has, when, about what, and in which words.

use std::collections::BTreeMap;

use anyhow::Result;
use requests::{Channel, Status};
use serde::Deserialize;

use crate::end::wrong;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Messages in each Jalali month.
    pub month: Vec<Month>,
    pub rhythm: Rhythm,
    #[serde(deserialize_with = "channels")]
    pub channel: Vec<(Channel, f64)>,
    #[serde(default)]
    pub event: Vec<Event>,
    pub mix: Vec<Mix>,
    pub status: Fates,
    pub outcome: Outcome,
    pub typos: Typos,
    pub slots: Slots,
    /// Well-known streets of a district.
    #[serde(default)]
    pub place: Vec<Streets>,
    pub words_for: Vec<WordsFor>,
    #[serde(default)]
    pub answer: Vec<Reply>,
    #[serde(default)]
    pub decline: Vec<Reply>,
    /// Why a citizen wants it reopened.
    #[serde(default)]
    pub objection: Vec<Reply>,
    /// What an inspector writes when an objection was right.
    #[serde(default)]
    pub inspection: Vec<Reply>,
    /// What a unit asks the citizen.
    #[serde(default)]
    pub question: Vec<Reply>,
    /// Why another organisation has it now.
    #[serde(default)]
    pub referral: Vec<Reply>,
    /// What colleagues write to each other.
    #[serde(default)]
    pub remark: Vec<Reply>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Month {
    pub number: u8,
    pub messages: f64,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Rhythm {
    pub hours: Vec<f64>,
    pub weekdays: BTreeMap<String, f64>,
    /// Days with ordinary rain or snow in each Jalali month.
    pub rain_days: Vec<usize>,
    pub snow_days: Vec<usize>,
}

/// A storm: so many messages on each of its days.
#[derive(Debug, Clone, Deserialize)]
pub struct Event {
    pub days: Vec<f64>,
    /// Jalali month and day of the first one: `05-06`.
    pub on: String,
    pub from_hour: u32,
    /// When it lasts one night: hours from its beginning to its end.
    pub hours: Option<u32>,
    pub mix: String,
    pub district: Option<String>,
    #[serde(default)]
    pub district_share: f64,
    /// Share of messages about an incident that somebody has reported before.
    pub same_incident: f64,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Mix {
    pub code: String,
    pub weights: BTreeMap<String, f64>,
}

/// Weights of states by the age of a request: within its target, up to twice, older.
#[derive(Debug, Clone, Deserialize)]
pub struct Fates {
    #[serde(deserialize_with = "statuses")]
    pub new: Vec<(Status, f64)>,
    #[serde(deserialize_with = "statuses")]
    pub due: Vec<(Status, f64)>,
    #[serde(deserialize_with = "statuses")]
    pub old: Vec<(Status, f64)>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Outcome {
    pub in_time: f64,
    pub objected: f64,
    pub me_too: f64,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Typos {
    pub rate: f64,
    pub arabic_letters: bool,
    pub half_space: Vec<String>,
    pub swaps: Vec<(String, String)>,
    pub openings: Vec<String>,
    pub closings: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Slots {
    pub streets: Vec<String>,
    pub alleys: Vec<String>,
    pub landmarks: Vec<String>,
    pub since: Vec<String>,
    pub numbers: Numbers,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Numbers {
    pub from: i64,
    pub to: i64,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Streets {
    pub district: String,
    pub streets: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct WordsFor {
    pub service: String,
    pub texts: Vec<String>,
}

/// Sentences for some services, for some groups, or for all.
#[derive(Debug, Clone, Deserialize)]
pub struct Reply {
    #[serde(default)]
    pub groups: Vec<String>,
    #[serde(default)]
    pub services: Vec<String>,
    pub texts: Vec<String>,
}

fn statuses<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<(Status, f64)>, D::Error> {
    coded(from, Status::parse, "status")
}

fn channels<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<(Channel, f64)>, D::Error> {
    coded(from, Channel::parse, "channel")
}

fn coded<'de, D: serde::Deserializer<'de>, T>(
    from: D,
    parse: fn(&str) -> Option<T>,
    what: &str,
) -> Result<Vec<(T, f64)>, D::Error> {
    // In the order of codes, so that a seed draws the same whatever the order of the file.
    BTreeMap::<String, f64>::deserialize(from)?
        .into_iter()
        .map(|(code, weight)| match parse(&code) {
            Some(value) => Ok((value, weight)),
            None => Err(serde::de::Error::custom(format_args!("there is no {what} {code:?}"))),
        })
        .collect()
}

impl Script {
    pub fn read(text: &str) -> Result<Script> {
        let script: Script = toml::from_str(text).map_err(|e| wrong!("demo.toml: {e}"))?;
        if script.rhythm.hours.len() != 24 || script.month.len() != 12 {
            return Err(wrong!("demo.toml: a day has 24 hours and a year 12 months"));
        }
        Ok(script)
    }

    pub fn mix(&self, code: &str) -> Result<&Mix> {
        self.mix
            .iter()
            .find(|mix| mix.code == code)
            .ok_or_else(|| wrong!("demo.toml: there is no mix {code:?}"))
    }
}
