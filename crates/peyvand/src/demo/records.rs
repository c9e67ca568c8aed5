//! Real records of other cities, where they can be had.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use people::Act;
use serde::Deserialize;

use crate::cities;
use crate::end::say;
use crate::house::House;
use crate::import::{self, Source};
use crate::settings::Settings;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The mapping, inside the program.
    map: String,
    /// In the order of preference; `inside:` is a file that the program carries.
    files: Vec<String>,
    pub most_small: usize,
}

/// Where sample data may lie: a folder that somebody names, or the one beside the project.
fn folders() -> Vec<PathBuf> {
    let beside = "../shared/data/requests311";
    let named = std::env::var_os("PEYVAND_DATA_SAMPLES").map(PathBuf::from);
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    named.into_iter().chain([PathBuf::from(beside), project.join(beside)]).collect()
}

/// Imports the first file that is there, at most `most` rows of each city.
pub fn bring(settings: &Settings, house: &House, act: &Act, plan: &Plan, most: Option<usize>) -> Result<()> {
    let map = cities::file(&plan.map).with_context(|| format!("the program carries no {}", plan.map))?;
    let map = std::str::from_utf8(map)?;
    for (n, name) in plan.files.iter().enumerate() {
        let (source, is_all) = match name.strip_prefix("inside:") {
            Some(inside) => match cities::file(inside) {
                Some(content) => (Source::Inside { name: inside.to_owned(), content }, false),
                None => continue,
            },
            None => match folders().into_iter().map(|f| f.join(name)).find(|path| path.is_file()) {
                Some(path) => (Source::File(path), true),
                None => continue,
            },
        };
        let job = import::Job {
            map,
            only: None,
            rejects: settings.data.join("rejects").join("demo.csv"),
            most_each: most,
        };
        let totals = import::bring_all(house, act, &source, &job)?;
        say!("Real records from {name}: {} imported ({}).", totals.added, totals.by_city());
        if !is_all && n > 0 {
            say!(
                "  Only records under an open licence are inside the program; others are imported when their file is found."
            );
        }
        return Ok(());
    }
    say!("No real records were found.");
    Ok(())
}
