//! A city: its names, its telephone number, its working time and its map.

use std::sync::Arc;

use calendar::{Week, WorkingTime, Zone};
use language::Lang;
use serde::{Deserialize, Serialize};
use storage::{Result, Tx};

use crate::{Level, Point, store};

/// One name in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    pub fa: String,
    pub en: String,
}

impl Name {
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fa => &self.fa,
            Lang::En => &self.en,
        }
    }
}

/// A city, or another body that governs ground and answers to requests (Open311's `jurisdiction`).
#[derive(Debug, Clone, PartialEq)]
pub struct Jurisdiction {
    pub id: i64,
    /// Open311's `jurisdiction_id`, a domain name by custom: `tehran.ir`.
    pub code: String,
    pub name_fa: String,
    pub name_en: String,
    pub zone: Zone,
    /// The number people call; empty when there is none.
    pub phone: String,
    /// Where the map opens.
    pub centre: Point,
    /// How near the map opens, in zoom levels of web maps.
    pub zoom: f64,
    /// Whom the borders and names are owed to. Shown with every map.
    pub attribution: Vec<Name>,
    /// What this city calls its parts, from large to small.
    pub levels: Vec<(Level, Name)>,
    /// The languages of its pages, the default first.
    pub languages: Vec<Lang>,
    /// Which edition of the borders is in force, in the city's own words.
    pub edition: String,
    /// When the city works, its holidays included.
    pub working: Arc<WorkingTime>,
    /// Its place in lists of cities; the first is the default.
    pub position: i64,
}

impl Jurisdiction {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fa => &self.name_fa,
            Lang::En => &self.name_en,
        }
    }

    /// What this city calls a level: «منطقه», `Borough`. Empty when it does not have that level.
    pub fn level_name(&self, level: Level, lang: Lang) -> &str {
        self.levels.iter().find(|(l, _)| *l == level).map_or("", |(_, name)| name.get(lang))
    }
}

/// What the `settings` column of a jurisdiction holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub phone: String,
    pub centre: Point,
    pub zoom: f64,
    pub attribution: Vec<Name>,
    pub levels: Vec<(Level, Name)>,
    pub languages: Vec<Lang>,
    pub week: Week,
}

/// The edition under which the list of all cities is remembered: no city has this id.
pub(crate) const ALL_CITIES: i64 = 0;

/// Every city, in the order of lists, as all readers share it.
pub fn cities(tx: &mut Tx<'_>) -> Result<Arc<Vec<Jurisdiction>>> {
    remembered(tx)
}

/// Every city, in the order of lists.
pub fn jurisdictions(tx: &mut Tx<'_>) -> Result<Vec<Jurisdiction>> {
    Ok(remembered(tx)?.as_ref().clone())
}

/// The city of an Open311 `jurisdiction_id`.
pub fn jurisdiction_by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Jurisdiction>> {
    Ok(remembered(tx)?.iter().find(|city| city.code == code).cloned())
}

pub(crate) fn remembered(tx: &mut Tx<'_>) -> Result<Arc<Vec<Jurisdiction>>> {
    tx.memo(ALL_CITIES, |tx, _| store::jurisdictions(tx))
}
