//! How a table is read: the mapping file. Its schema is explained at the top of `cities/maps/requests_unified.toml`.

use std::collections::BTreeMap;

use anyhow::Result;
use calendar::{Day, Zone};
use requests::{Channel, Kind, Status};
use serde::Deserialize;
use toml::{Table, Value};

use crate::end::wrong;

/// A whole mapping file.
#[derive(Debug)]
pub struct Mappings {
    pub which: Which,
    /// What these records are called in `source` of a request; records of one origin with one number are one.
    pub origin: String,
    common: Table,
    cities: BTreeMap<String, Table>,
}

/// Which city a row belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// All rows belong to one.
    One(String),
    /// A column says it, by these texts.
    Column { name: String, values: BTreeMap<String, String> },
}

/// The mapping as one city sees it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    pub columns: Columns,
    pub time: Time,
    pub service: Service,
    #[serde(default)]
    pub description: Joined,
    #[serde(default)]
    pub address: Joined,
    #[serde(default)]
    pub district: District,
    #[serde(default)]
    pub unit: Unit,
    #[serde(default, deserialize_with = "coded_status")]
    pub status: Coded<Status>,
    #[serde(default, deserialize_with = "coded_channel")]
    pub channel: Coded<Channel>,
    #[serde(default)]
    pub replace: Replace,
    #[serde(default)]
    pub bad: Bad,
}

/// One name of a column, or several.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "OneOrMany")]
pub struct Names(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrMany> for Names {
    fn from(given: OneOrMany) -> Names {
        match given {
            OneOrMany::One(name) => Names(vec![name]),
            OneOrMany::Many(names) => Names(names),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    pub external_id: Names,
    pub requested_at: Names,
    #[serde(default)]
    pub closed_at: Names,
    #[serde(default)]
    pub updated_at: Names,
    #[serde(default)]
    pub due_at: Names,
    #[serde(default)]
    pub status: Names,
    #[serde(default)]
    pub channel: Names,
    #[serde(default)]
    pub unit: Names,
    #[serde(default)]
    pub resolution: Names,
    #[serde(default)]
    pub lat: Names,
    #[serde(default)]
    pub long: Names,
    #[serde(default)]
    pub address: Names,
    #[serde(default)]
    pub district: Names,
    #[serde(default)]
    pub service: Names,
    #[serde(default)]
    pub category: Names,
    #[serde(default)]
    pub description: Names,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Time {
    pub formats: Vec<String>,
    /// Without one, the city's own.
    #[serde(default)]
    pub zone: Option<Zone>,
    /// The clock time of a date without one; noon when nothing is said.
    #[serde(default)]
    pub date_only_at: Option<calendar::TimeOfDay>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    #[serde(default)]
    pub skip: Vec<String>,
    #[serde(default = "colon")]
    pub join: String,
    #[serde(default)]
    pub create: bool,
    #[serde(default)]
    pub tidy_capitals: bool,
    #[serde(default)]
    pub kind: Option<Kind>,
    pub group: String,
    #[serde(default)]
    pub groups: Vec<Group>,
}

fn colon() -> String {
    ": ".into()
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub code: String,
    pub words: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Joined {
    #[serde(default = "comma")]
    pub join: String,
    #[serde(default)]
    pub skip: Vec<String>,
}

fn comma() -> String {
    ", ".into()
}

impl Default for Joined {
    fn default() -> Self {
        Joined { join: comma(), skip: Vec::new() }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct District {
    pub strip: String,
    pub values: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Unit {
    pub values: BTreeMap<String, String>,
    pub create: bool,
}

/// Texts of a column as codes of ours, and what any other text means.
#[derive(Debug, Clone)]
pub struct Coded<T> {
    pub values: BTreeMap<String, T>,
    pub otherwise: Option<T>,
}

impl<T> Default for Coded<T> {
    fn default() -> Self {
        Coded { values: BTreeMap::new(), otherwise: None }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodedFile {
    #[serde(default)]
    values: BTreeMap<String, String>,
    #[serde(default, rename = "else")]
    otherwise: Option<String>,
}

fn coded_status<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Coded<Status>, D::Error> {
    coded(from, Status::parse, "status")
}

fn coded_channel<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Coded<Channel>, D::Error> {
    coded(from, Channel::parse, "channel")
}

fn coded<'de, D: serde::Deserializer<'de>, T>(
    from: D,
    parse: fn(&str) -> Option<T>,
    what: &str,
) -> Result<Coded<T>, D::Error> {
    let file = CodedFile::deserialize(from)?;
    let read = |code: &str| {
        parse(code).ok_or_else(|| serde::de::Error::custom(format_args!("there is no {what} {code:?}")))
    };
    Ok(Coded {
        values: file
            .values
            .iter()
            .map(|(text, code)| Ok((text.clone(), read(code)?)))
            .collect::<Result<_, D::Error>>()?,
        otherwise: file.otherwise.as_deref().map(read).transpose()?,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Replace {
    pub values: Vec<(String, String)>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bad {
    pub earliest: Option<DayText>,
    /// West, south, east, north.
    pub bounds: Option<[f64; 4]>,
    pub impossible_place: Mend,
    pub outside: Mend,
    pub closes_before_open: Mend,
    pub closes_in_future: Mend,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mend {
    #[default]
    Reject,
    KeepWithoutPlace,
    KeepWithoutClose,
}

/// A day as a text, `2000-01-01`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub struct DayText(pub Day);

impl TryFrom<String> for DayText {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(DayText).map_err(|e| format!("{text}: {e}"))
    }
}

impl Mappings {
    pub fn read(name: &str, text: &str) -> Result<Mappings> {
        let said = |e: toml::de::Error| {
            let line =
                e.span().map_or(1, |span| text.get(..span.start).unwrap_or("").matches('\n').count() + 1);
            wrong!("{name}, line {line}: {}", e.message())
        };
        let mut common: Table = toml::from_str(text).map_err(said)?;
        let origin = match common.remove("origin") {
            Some(Value::String(origin)) if !origin.is_empty() => origin,
            Some(_) => return Err(wrong!("{name}: origin is a short text")),
            None => "import".to_owned(),
        };
        let which = match (common.remove("jurisdiction"), common.remove("source")) {
            (Some(Value::String(code)), None) => Which::One(code),
            (None, Some(source)) => {
                #[derive(Deserialize)]
                #[serde(deny_unknown_fields)]
                struct Source {
                    column: String,
                    values: BTreeMap<String, String>,
                }
                let source: Source = source.try_into().map_err(|e| wrong!("{name}, [source]: {e}"))?;
                Which::Column { name: source.column, values: source.values }
            }
            _ => {
                return Err(wrong!(
                    "{name}: either jurisdiction = \"...\" or [source] says which city a row belongs to"
                ));
            }
        };
        let mut cities = BTreeMap::new();
        if let Some(Value::Table(all)) = common.remove("city") {
            for (code, own) in all {
                match own {
                    Value::Table(own) => drop(cities.insert(code, own)),
                    _ => return Err(wrong!("{name}: [city.{code}] is a table")),
                }
            }
        }
        let read = Mappings { which, origin, common, cities };
        for code in read.known() {
            read.of(&code).map_err(|e| wrong!("{name}: {e}"))?;
        }
        Ok(read)
    }

    /// Every city that the file speaks of.
    pub fn known(&self) -> Vec<String> {
        match &self.which {
            Which::One(code) => vec![code.clone()],
            Which::Column { values, .. } => {
                let mut all: Vec<String> = values.values().cloned().collect();
                all.sort();
                all.dedup();
                all
            }
        }
    }

    /// The mapping of one city: its own tables laid over the common ones, key by key.
    pub fn of(&self, city: &str) -> Result<Mapping> {
        let mut table = self.common.clone();
        if let Some(own) = self.cities.get(city) {
            lay(&mut table, own);
        }
        Value::Table(table).try_into().map_err(|e: toml::de::Error| wrong!("for {city}: {}", e.message()))
    }
}

fn lay(under: &mut Table, over: &Table) {
    for (key, value) in over {
        match (under.get_mut(key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => lay(below, above),
            _ => drop(under.insert(key.clone(), value.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_mappings_are_in_order() {
        for name in ["maps/requests_unified.toml", "maps/nyc311_native_41col.toml"] {
            let text = std::str::from_utf8(crate::cities::file(name).unwrap()).unwrap();
            let read = Mappings::read(name, text).unwrap();
            assert!(!read.known().is_empty());
        }
    }

    #[test]
    fn a_city_lays_its_own_over_the_common() {
        let text = r#"
            [source]
            column = "from"
            values = { a = "one", b = "two" }
            [columns]
            external_id = "id"
            requested_at = "at"
            [time]
            formats = ["%Y-%m-%d"]
            [service]
            group = "other"
            join = ": "
            [city.two.service]
            join = " - "
        "#;
        let read = Mappings::read("map", text).unwrap();
        assert_eq!(read.of("one").unwrap().service.join, ": ");
        assert_eq!(read.of("two").unwrap().service.join, " - ");
        assert_eq!(read.of("two").unwrap().service.group, "other");
        assert!(Mappings::read("map", &text.replace("formats", "formatz")).is_err());
    }
}
