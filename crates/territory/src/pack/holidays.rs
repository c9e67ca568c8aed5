//! `holidays.toml`: days on which the city rests.

use std::collections::HashSet;
use std::path::Path;

use calendar::Day;
use serde::Deserialize;
use toml::Spanned;

use super::{PackError, PackHoliday, Spot, line_of, text_of, toml_of};
use crate::Name;

const FILE: &str = "holidays.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    holiday: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    on: Spanned<Day>,
    name: Name,
    #[serde(default)]
    estimated: bool,
}

/// Every holiday of the file; none when there is no file.
pub fn read(dir: &Path) -> Result<Vec<PackHoliday>, PackError> {
    let Some(text) = text_of(dir, FILE)? else { return Ok(Vec::new()) };
    let file: File = toml_of(FILE, &text)?;
    let mut days = HashSet::new();
    file.holiday
        .into_iter()
        .map(|written| {
            let on = *written.on.get_ref();
            if !days.insert(on) {
                let line = line_of(text.as_bytes(), written.on.span().start);
                return Err(PackError::new(
                    FILE,
                    Spot::Line(line),
                    format_args!("{on} stands twice; join the two names"),
                ));
            }
            let Name { fa, en } = written.name;
            Ok(PackHoliday { on, name_fa: fa, name_en: en, estimated: written.estimated })
        })
        .collect()
}
