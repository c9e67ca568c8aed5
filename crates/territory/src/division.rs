//! District, area, neighbourhood: the parts of a city, from large to small.

use language::Lang;
use serde::{Deserialize, Serialize};

use crate::Point;

/// How large a part of the city is. A city need not have all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// منطقه
    District,
    /// ناحیه
    Area,
    /// محله
    Neighbourhood,
}

impl Level {
    /// From large to small.
    pub const ALL: [Level; 3] = [Level::District, Level::Area, Level::Neighbourhood];

    /// The spelling in tables, files and addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Level::District => "district",
            Level::Area => "area",
            Level::Neighbourhood => "neighbourhood",
        }
    }

    pub fn parse(code: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.code() == code)
    }
}

/// A part of the city with a name of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Division {
    pub id: i64,
    pub level: Level,
    /// The city's own code, unique within the level: `6`, `0601`.
    pub code: String,
    /// The division this one is a part of.
    pub parent: Option<i64>,
    pub name_fa: String,
    pub name_en: String,
    /// Residents.
    pub population: Option<i64>,
    /// Where its name stands on the map; inside its border when it has one.
    pub label: Option<Point>,
    /// The city's newest edition no longer has it. It is kept for what hangs on it, and offered to nobody.
    pub retired: bool,
}

impl Division {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fa => &self.name_fa,
            Lang::En => &self.name_en,
        }
    }
}

/// The divisions that a point or a request belongs to. A city may know only some of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    pub district: Option<i64>,
    pub area: Option<i64>,
    pub neighbourhood: Option<i64>,
}

impl Place {
    pub fn at(&self, level: Level) -> Option<i64> {
        match level {
            Level::District => self.district,
            Level::Area => self.area,
            Level::Neighbourhood => self.neighbourhood,
        }
    }

    /// The smallest known division.
    pub fn smallest(&self) -> Option<i64> {
        self.neighbourhood.or(self.area).or(self.district)
    }

    pub(crate) fn set(&mut self, level: Level, id: i64) {
        match level {
            Level::District => self.district = Some(id),
            Level::Area => self.area = Some(id),
            Level::Neighbourhood => self.neighbourhood = Some(id),
        }
    }
}
