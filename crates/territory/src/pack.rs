//! A city as files, and how it becomes rows.
//!
//! ```text
//! city.toml               names, telephone, time zone, working week, what its parts are called, edition of the borders
//! districts.geojson       borders and names; or districts.toml, names alone, where no open borders exist
//! areas.*                 the same, when the city has this level
//! neighbourhoods.*        the same
//! holidays.toml           official holidays
//! places.csv              stations, squares and other landmarks
//! ```
//!
//! Services and units of the same folder belong to the crates that own them. [`read`] checks everything before a
//! single row is touched; [`load`] then brings the rows to what the pack says.

pub(crate) mod border;
mod check; // what the files must agree on
mod city; // city.toml
mod divisions; // districts, areas and neighbourhoods
mod error; // which file, where in it, and what is wrong
mod holidays; // holidays.toml
mod load; // into the rows
mod places; // places.csv
mod record; // into the rows of divisions and borders // GeoJSON geometry, as files and rows have it

use std::path::Path;

pub use error::{PackError, Spot};
pub use load::{LoadError, Loaded, load};

use crate::jurisdiction::Settings;
use crate::{Level, Point};

/// A city pack that has been read and found in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    /// Open311's `jurisdiction_id`.
    pub code: String,
    pub name_fa: String,
    pub name_en: String,
    /// IANA name of the time zone.
    pub zone: String,
    /// Which edition of the borders this is, in the city's own words.
    pub edition: String,
    /// Place in lists of cities; without one a new city comes last.
    pub position: Option<i64>,
    pub(crate) settings: Settings,
    /// From large to small, in the order of the files.
    pub divisions: Vec<PackDivision>,
    pub holidays: Vec<PackHoliday>,
    pub places: Vec<PackPlace>,
}

/// One district, area or neighbourhood of a pack.
#[derive(Debug, Clone, PartialEq)]
pub struct PackDivision {
    pub level: Level,
    pub code: String,
    /// The level and code of the division that this one is a part of.
    pub parent: Option<(Level, String)>,
    pub name_fa: String,
    pub name_en: String,
    pub population: Option<i64>,
    pub label: Option<Point>,
    /// Codes that the same ground had in older editions.
    pub was: Vec<String>,
    pub border: Option<geo::MultiPolygon>,
}

/// One official holiday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackHoliday {
    pub on: calendar::Day,
    pub name_fa: String,
    pub name_en: String,
    /// A lunar date that nobody has confirmed yet.
    pub estimated: bool,
}

/// One landmark.
#[derive(Debug, Clone, PartialEq)]
pub struct PackPlace {
    pub kind: String,
    pub name_fa: String,
    pub name_en: String,
    pub point: Point,
    /// Codes of the divisions it stands in.
    pub district: Option<String>,
    pub neighbourhood: Option<String>,
}

/// Reads and checks a folder.
pub fn read(dir: &Path) -> Result<Pack, PackError> {
    let mut pack = city::read(dir)?;
    for level in Level::ALL {
        let found = divisions::read(dir, level, &pack.divisions)?;
        pack.divisions.extend(found);
    }
    pack.holidays = holidays::read(dir)?;
    pack.places = places::read(dir, &pack.divisions)?;
    Ok(pack)
}

/// The text of a file of the pack; none when there is no such file.
fn text_of(dir: &Path, file: &str) -> Result<Option<String>, PackError> {
    match std::fs::read(dir.join(file)) {
        Ok(bytes) => match String::from_utf8(bytes) {
            // Some editors begin a file with a byte order mark.
            Ok(text) => Ok(Some(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))),
            Err(e) => {
                let line = line_of(e.as_bytes(), e.utf8_error().valid_up_to());
                Err(PackError::new(file, Spot::Line(line), "the file is not UTF-8 text"))
            }
        },
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(PackError::new(file, Spot::File, e)),
    }
}

/// Reads a TOML file into `T`.
fn toml_of<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, PackError> {
    toml::from_str(text).map_err(|e| {
        let spot = e.span().map_or(Spot::File, |span| Spot::Line(line_of(text.as_bytes(), span.start)));
        PackError::new(file, spot, e.message())
    })
}

/// The number of the line that a byte stands in, from 1.
fn line_of(text: &[u8], byte: usize) -> usize {
    1 + text.iter().take(byte).filter(|b| **b == b'\n').count()
}
