//! `places.csv`: stations, squares and other landmarks that people name in an address.

use std::collections::HashSet;
use std::path::Path;

use serde::Deserialize;

use super::{PackDivision, PackError, PackPlace, Spot, text_of};
use crate::{Level, Point};

const FILE: &str = "places.csv";

#[derive(Deserialize)]
struct Written {
    name_fa: String,
    name_en: String,
    kind: String,
    lat: f64,
    long: f64,
    district: Option<String>,
    neighbourhood: Option<String>,
}

/// Every landmark of the file; none when there is no file. Rows that only repeat a division are left out: divisions
/// are found by themselves.
pub fn read(dir: &Path, divisions: &[PackDivision]) -> Result<Vec<PackPlace>, PackError> {
    let Some(text) = text_of(dir, FILE)? else { return Ok(Vec::new()) };
    let known: HashSet<(Level, &str)> = divisions.iter().map(|d| (d.level, d.code.as_str())).collect();
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|e| PackError::new(FILE, Spot::Line(1), e))?.clone();
    let mut all = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| PackError::new(FILE, line_of(e.position()), e))?;
        let wrong =
            |problem: &dyn std::fmt::Display| PackError::new(FILE, line_of(record.position()), problem);
        let row: Written = record.deserialize(Some(&headers)).map_err(|e| match e.kind() {
            csv::ErrorKind::Deserialize { err, .. } => wrong(err),
            _ => wrong(&e),
        })?;
        let place = place(row, &known).map_err(|problem| wrong(&problem))?;
        let repeats = match Level::parse(&place.kind) {
            Some(Level::District) => place.district.is_some(),
            Some(Level::Neighbourhood) => place.neighbourhood.is_some(),
            _ => false,
        };
        if !repeats {
            all.push(place);
        }
    }
    Ok(all)
}

fn place(row: Written, known: &HashSet<(Level, &str)>) -> Result<PackPlace, String> {
    if row.name_fa.is_empty() || row.name_en.is_empty() {
        return Err("a place has a name in both languages".into());
    }
    if row.kind.is_empty() || !row.kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
        return Err(format!("kind {:?} is a word of the signs a-z and _, such as metro_station", row.kind));
    }
    let point = Point::new(row.lat, row.long)
        .ok_or_else(|| format!("{}, {} is no position in degrees", row.lat, row.long))?;
    let code = |level: Level, code: Option<String>| match code.filter(|code| !code.is_empty()) {
        Some(code) if !known.contains(&(level, code.as_str())) => {
            Err(format!("{} {code} is unknown: no {} has this code", level.code(), level.code()))
        }
        code => Ok(code),
    };
    Ok(PackPlace {
        district: code(Level::District, row.district)?,
        neighbourhood: code(Level::Neighbourhood, row.neighbourhood)?,
        kind: row.kind,
        name_fa: row.name_fa,
        name_en: row.name_en,
        point,
    })
}

fn line_of(position: Option<&csv::Position>) -> Spot {
    position.and_then(|at| usize::try_from(at.line()).ok()).map_or(Spot::File, Spot::Line)
}
