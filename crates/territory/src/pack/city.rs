//! `city.toml`: what a city says of itself.

use std::path::Path;

use calendar::{HalfDay, TimeOfDay, Week, Weekday, Zone};
use language::Lang;
use serde::Deserialize;
use toml::Spanned;

use super::{Pack, PackError, Spot, line_of, text_of, toml_of};
use crate::jurisdiction::Settings;
use crate::{Level, Name, Point};

const FILE: &str = "city.toml";

#[derive(Deserialize)]
struct City {
    id: Spanned<String>,
    name: Spanned<Name>,
    zone: Spanned<String>,
    #[serde(default = "both")]
    languages: Vec<Lang>,
    #[serde(default)]
    phone: String,
    centre: Point,
    zoom: Spanned<f64>,
    edition: Spanned<String>,
    position: Option<i64>,
    working: Spanned<Working>,
    #[serde(default)]
    levels: Levels,
    #[serde(default)]
    attribution: Vec<Name>,
}

fn both() -> Vec<Lang> {
    Lang::ALL.to_vec()
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Levels {
    district: Option<Name>,
    area: Option<Name>,
    neighbourhood: Option<Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Working {
    opens: TimeOfDay,
    closes: TimeOfDay,
    #[serde(default)]
    rest: Vec<ShortDay>,
    #[serde(default)]
    half: Vec<Half>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Half {
    day: ShortDay,
    closes: TimeOfDay,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum ShortDay {
    Sat,
    Sun,
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
}

impl From<ShortDay> for Weekday {
    fn from(day: ShortDay) -> Weekday {
        match day {
            ShortDay::Sat => Weekday::Saturday,
            ShortDay::Sun => Weekday::Sunday,
            ShortDay::Mon => Weekday::Monday,
            ShortDay::Tue => Weekday::Tuesday,
            ShortDay::Wed => Weekday::Wednesday,
            ShortDay::Thu => Weekday::Thursday,
            ShortDay::Fri => Weekday::Friday,
        }
    }
}

/// Reads the file into a pack that has no divisions, holidays or places yet.
pub fn read(dir: &Path) -> Result<Pack, PackError> {
    let text = text_of(dir, FILE)?.ok_or_else(|| {
        PackError::new(FILE, Spot::File, format_args!("there is no such file in {}", dir.display()))
    })?;
    let city: City = toml_of(FILE, &text)?;
    let wrong = |byte: usize, problem: &dyn std::fmt::Display| {
        PackError::new(FILE, Spot::Line(line_of(text.as_bytes(), byte)), problem)
    };

    let id = city.id.get_ref();
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_');
    if id.is_empty() || id.len() > 64 || !id.bytes().all(fits) {
        let problem = format!("id {id:?} stands in addresses: use 1 to 64 of the signs a-z 0-9 . - _");
        return Err(wrong(city.id.span().start, &problem));
    }
    let name = city.name.get_ref();
    if name.fa.trim().is_empty() || name.en.trim().is_empty() {
        return Err(wrong(city.name.span().start, &"a city has a name in both languages"));
    }
    Zone::named(city.zone.get_ref()).map_err(|e| wrong(city.zone.span().start, &e))?;
    if !(0.0..=22.0).contains(city.zoom.get_ref()) {
        return Err(wrong(city.zoom.span().start, &"zoom is from 0, the world, to 22, a doorstep"));
    }
    if city.edition.get_ref().trim().is_empty() {
        return Err(wrong(
            city.edition.span().start,
            &"say which edition of the borders this is, for example its year",
        ));
    }
    let working_at = city.working.span().start;
    let week = week(city.working.into_inner()).map_err(|problem| wrong(working_at, &problem))?;
    let Levels { district, area, neighbourhood } = city.levels;
    let named = [(Level::District, district), (Level::Area, area), (Level::Neighbourhood, neighbourhood)];
    let levels = named.into_iter().filter_map(|(level, name)| Some((level, name?))).collect();

    Ok(Pack {
        code: city.id.into_inner(),
        name_fa: name.fa.clone(),
        name_en: name.en.clone(),
        zone: city.zone.into_inner(),
        edition: city.edition.into_inner(),
        position: city.position,
        settings: Settings {
            phone: city.phone,
            centre: city.centre,
            zoom: city.zoom.into_inner(),
            attribution: city.attribution,
            levels,
            languages: city.languages,
            week,
        },
        divisions: Vec::new(),
        holidays: Vec::new(),
        places: Vec::new(),
    })
}

fn week(working: Working) -> Result<Week, String> {
    let mut halves = working.half.into_iter();
    let half = halves.next().map(|half| HalfDay { day: half.day.into(), closes_at: half.closes });
    if halves.next().is_some() {
        return Err("only one day of the week can be a half day".into());
    }
    let rest = working.rest.into_iter().map(Weekday::from).collect();
    Week::new(rest, half, working.opens, working.closes).map_err(|e| e.to_string())
}
