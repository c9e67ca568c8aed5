//! `districts`, `areas` and `neighbourhoods`: GeoJSON with borders, or TOML with names alone.

use std::path::Path;

use geo::InteriorPoint;
use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use super::check::Seen;
use super::{PackDivision, PackError, Spot, border, line_of, text_of, toml_of};
use crate::{Level, Name, Point};

/// The name of a level's files, without what follows the dot.
pub fn stem(level: Level) -> &'static str {
    match level {
        Level::District => "districts",
        Level::Area => "areas",
        Level::Neighbourhood => "neighbourhoods",
    }
}

/// Reads the divisions of one level; none when the city does not have that level.
pub fn read(dir: &Path, level: Level, larger: &[PackDivision]) -> Result<Vec<PackDivision>, PackError> {
    let (geojson, named) = (format!("{}.geojson", stem(level)), format!("{}.toml", stem(level)));
    match (text_of(dir, &geojson)?, text_of(dir, &named)?) {
        (Some(_), Some(_)) => Err(PackError::new(
            named,
            Spot::File,
            format_args!("there is {geojson} too; keep one of the two"),
        )),
        (Some(text), None) => from_geojson(&geojson, level, &text, larger),
        (None, Some(text)) => from_toml(&named, level, &text, larger),
        (None, None) => Ok(Vec::new()),
    }
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Value>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    #[serde(default)]
    geometry: Value,
}

#[derive(Deserialize)]
struct Properties {
    code: String,
    name_fa: String,
    name_en: String,
    district: Option<String>,
    area: Option<String>,
    population: Option<i64>,
    label: Option<Vec<f64>>,
    #[serde(default)]
    was: Vec<String>,
}

fn from_geojson(
    file: &str,
    level: Level,
    text: &str,
    larger: &[PackDivision],
) -> Result<Vec<PackDivision>, PackError> {
    let collection: Collection = serde_json::from_str(text).map_err(|e| {
        let spot = if e.line() > 0 { Spot::Line(e.line()) } else { Spot::File };
        PackError::new(file, spot, format_args!("this is no GeoJSON FeatureCollection: {e}"))
    })?;
    let mut seen = Seen::new(level, larger);
    let mut all = Vec::with_capacity(collection.features.len());
    for (n, value) in collection.features.into_iter().enumerate() {
        let code = value.pointer("/properties/code").and_then(Value::as_str).map(str::to_owned);
        let wrong = |problem: String| {
            PackError::new(file, Spot::Feature { number: n + 1, code: code.clone() }, problem)
        };
        let division = feature(level, value).map_err(wrong)?;
        seen.add(&division).map_err(wrong)?;
        all.push(division);
    }
    Ok(all)
}

fn feature(level: Level, value: Value) -> Result<PackDivision, String> {
    let Feature { properties: p, geometry } = serde_json::from_value(value).map_err(|e| e.to_string())?;
    let border = if geometry.is_null() { None } else { Some(border::read(geometry)?) };
    let label = match p.label.as_deref() {
        Some([long, lat]) => {
            Some(Point::new(*lat, *long).ok_or("label is not [longitude, latitude] in degrees")?)
        }
        Some(_) => return Err("label is not [longitude, latitude] in degrees".into()),
        // Without a label the name stands somewhere inside.
        None => {
            border.as_ref().and_then(InteriorPoint::interior_point).and_then(|p| Point::new(p.y(), p.x()))
        }
    };
    Ok(PackDivision {
        level,
        code: p.code,
        parent: parent(level, p.district, p.area),
        name_fa: p.name_fa,
        name_en: p.name_en,
        population: p.population,
        label,
        was: p.was,
        border,
    })
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Named {
    #[serde(default)]
    district: Vec<Spanned<Division>>,
    #[serde(default)]
    area: Vec<Spanned<Division>>,
    #[serde(default)]
    neighbourhood: Vec<Spanned<Division>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Division {
    code: String,
    name: Name,
    district: Option<String>,
    area: Option<String>,
    population: Option<i64>,
    label: Option<Point>,
    #[serde(default)]
    was: Vec<String>,
}

fn from_toml(
    file: &str,
    level: Level,
    text: &str,
    larger: &[PackDivision],
) -> Result<Vec<PackDivision>, PackError> {
    let Named { district, area, neighbourhood } = toml_of(file, text)?;
    let (own, others) = match level {
        Level::District => (district, [area, neighbourhood]),
        Level::Area => (area, [district, neighbourhood]),
        Level::Neighbourhood => (neighbourhood, [district, area]),
    };
    let wrong = |byte: usize, problem: String| {
        PackError::new(file, Spot::Line(line_of(text.as_bytes(), byte)), problem)
    };
    if let Some(other) = others.iter().flatten().next() {
        return Err(wrong(other.span().start, format!("only [[{}]] stands in this file", level.code())));
    }
    let mut seen = Seen::new(level, larger);
    let mut all = Vec::with_capacity(own.len());
    for written in own {
        let byte = written.span().start;
        let d = written.into_inner();
        let division = PackDivision {
            level,
            code: d.code,
            parent: parent(level, d.district, d.area),
            name_fa: d.name.fa,
            name_en: d.name.en,
            population: d.population,
            label: d.label,
            was: d.was,
            border: None,
        };
        seen.add(&division).map_err(|problem| wrong(byte, problem))?;
        all.push(division);
    }
    Ok(all)
}

/// The nearest larger division that is named.
fn parent(level: Level, district: Option<String>, area: Option<String>) -> Option<(Level, String)> {
    match level {
        // The file of the districts repeats each one's own code.
        Level::District => None,
        Level::Area => district.map(|code| (Level::District, code)),
        Level::Neighbourhood => {
            area.map(|code| (Level::Area, code)).or_else(|| district.map(|code| (Level::District, code)))
        }
    }
}
