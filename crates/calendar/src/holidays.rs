//! Official holidays, as a city pack lists them.

use crate::{Day, Jalali};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Official holidays with their names. Lunar ones move, so a city lists them by year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<WrittenHoliday>", into = "Vec<Holiday>")]
pub struct Holidays(BTreeMap<Day, Holiday>);

/// One holiday. In a file its day is `jalali = "1404-01-01"` or `gregorian = "2025-03-21"`, or both when they agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holiday {
    #[serde(rename = "gregorian")]
    pub day: Day,
    pub fa: String,
    pub en: String,
}

#[derive(Deserialize)]
struct WrittenHoliday {
    jalali: Option<Jalali>,
    gregorian: Option<Day>,
    #[serde(default, alias = "title")]
    fa: String,
    #[serde(default, alias = "title_en")]
    en: String,
}

impl TryFrom<Vec<WrittenHoliday>> for Holidays {
    type Error = String;

    fn try_from(written: Vec<WrittenHoliday>) -> Result<Self, Self::Error> {
        let mut holidays = Holidays::default();
        for holiday in written {
            let from_jalali = holiday.jalali.map(Day::from);
            let day = match (from_jalali, holiday.gregorian) {
                (Some(a), Some(b)) if a != b => {
                    return Err(format!("{}: {a} and {b} are two different days", holiday.fa));
                }
                (Some(day), _) | (None, Some(day)) => day,
                (None, None) => return Err(format!("{}: a holiday needs jalali or gregorian", holiday.fa)),
            };
            holidays.insert(Holiday { day, fa: holiday.fa, en: holiday.en });
        }
        Ok(holidays)
    }
}

impl From<Holidays> for Vec<Holiday> {
    fn from(holidays: Holidays) -> Self {
        holidays.0.into_values().collect()
    }
}

impl Holidays {
    /// Adds a holiday. When two fall on one day both names are kept, joined by « / ».
    pub fn insert(&mut self, holiday: Holiday) {
        match self.0.get_mut(&holiday.day) {
            None => {
                self.0.insert(holiday.day, holiday);
            }
            Some(same_day) => {
                for (name, more) in [(&mut same_day.fa, holiday.fa), (&mut same_day.en, holiday.en)] {
                    if !more.is_empty() && name.split(" / ").all(|known| known != more) {
                        if !name.is_empty() {
                            name.push_str(" / ");
                        }
                        name.push_str(&more);
                    }
                }
            }
        }
    }

    pub fn contains(&self, day: Day) -> bool {
        self.0.contains_key(&day)
    }

    /// The holiday of a day.
    pub fn on(&self, day: Day) -> Option<&Holiday> {
        self.0.get(&day)
    }

    /// All of them, the earliest first.
    pub fn iter(&self) -> impl Iterator<Item = &Holiday> {
        self.0.values()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The last day the list knows of: beyond it, promises cannot know the holidays.
    pub fn known_until(&self) -> Option<Day> {
        self.0.last_key_value().map(|(day, _)| *day)
    }
}
