//! Maps, matrices and routing services: brought in by verbs, found again when the program starts.
//!
//! What a city has lies in the folder `roads` of the data folder under the city's code: `CODE.streets` from an
//! OpenStreetMap extract, `CODE.csv` a matrix of its own. A service is a setting. The service comes first, then the map,
//! then the matrix; without any of them straight lines answer.

mod begin; // what a city has is found when the program starts
mod service; // asking a routing service
mod verbs; // import, matrix, learn, show

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Deserialize;

pub use begin::begin;
pub use verbs::run;

#[derive(Debug, Subcommand)]
pub enum RoadsVerb {
    /// Take the streets out of an OpenStreetMap extract
    Import {
        /// A file in the PBF format, such as shiraz.osm.pbf
        #[arg(value_name = "FILE.osm.pbf")]
        file: PathBuf,
        #[command(flatten)]
        city: Which,
    },
    /// Take times between zones that the city worked out itself (docs/reference/dispatch.md)
    Matrix {
        #[arg(value_name = "FILE.csv")]
        file: PathBuf,
        #[command(flatten)]
        city: Which,
    },
    /// Learn the speeds of the hours from where crews were
    Learn {
        /// The trails of so many days
        #[arg(long, default_value_t = 28, value_name = "DAYS")]
        days: u16,
        #[command(flatten)]
        city: Which,
    },
    /// Say where travel times come from, and how fast each hour is
    Show {
        #[command(flatten)]
        city: Which,
    },
}

#[derive(Debug, Args)]
pub struct Which {
    /// The city; may be left out when there is only one
    #[arg(long, short, value_name = "CITY")]
    pub jurisdiction: Option<String>,
}

/// `[[roads]]` in the settings: a routing service for a city.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Osrm {
    /// The city, by code; every city without it.
    pub jurisdiction: String,
    /// Such as `http://10.0.0.7:5000`.
    pub service: String,
    /// How long one question may take; 800 without it.
    pub timeout_ms: Option<u64>,
    /// How many places one question may name; 100 without it.
    pub most: Option<usize>,
}

fn folder(data: &Path) -> PathBuf {
    data.join("roads")
}

fn streets(data: &Path, code: &str) -> PathBuf {
    folder(data).join(format!("{code}.streets"))
}

fn matrix(data: &Path, code: &str) -> PathBuf {
    folder(data).join(format!("{code}.csv"))
}

#[cfg(test)]
mod tests;
