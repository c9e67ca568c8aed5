//! What somebody types about a crew, and the form that shows it again.

use std::collections::BTreeMap;

use dispatch::Crew;
use dispatch::crews::{CrewKind, Wish};
use dispatch::job_types::Kinds;
use door::Form as Sent;
use language::digits;
use territory::{Atlas, Point};
use words::Words;

use super::field::{Field, Form};
use super::{districts, refusal};
use crate::wrong::Wrongs;

#[derive(Clone, Default)]
pub struct Typed {
    pub code: String,
    pub name_fa: String,
    pub name_en: String,
    pub kind: String,
    pub unit: String,
    pub district: String,
    pub lat: String,
    pub long: String,
    pub people: String,
    pub vehicle: String,
    pub loads: [String; 3],
    pub stock: String,
    pub skills: Vec<String>,
    pub equipment: Vec<String>,
    pub version: String,
}

impl Typed {
    pub fn of(form: &Sent) -> Typed {
        let text = |name: &str| form.text(name).trim().to_owned();
        let all = |name: &str| form.all(name).map(String::from).collect();
        Typed {
            code: text("code"),
            name_fa: text("name_fa"),
            name_en: text("name_en"),
            kind: text("kind"),
            unit: text("unit"),
            district: text("district"),
            lat: text("lat"),
            long: text("long"),
            people: text("people"),
            vehicle: text("vehicle"),
            loads: [text("kilograms"), text("litres"), text("pieces")],
            stock: text("stock"),
            skills: all("skill"),
            equipment: all("equipment"),
            version: text("version"),
        }
    }

    pub fn from_crew(crew: &Crew) -> Typed {
        let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
        let stock = crew.stock.iter().map(|(code, amount)| format!("{code} {amount}"));
        Typed {
            code: crew.code.clone(),
            name_fa: crew.name_fa.clone(),
            name_en: crew.name_en.clone(),
            kind: crew.kind.code().to_owned(),
            unit: id(crew.unit),
            district: id(crew.district),
            lat: format!("{:.5}", crew.base.lat),
            long: format!("{:.5}", crew.base.long),
            people: crew.people.to_string(),
            vehicle: crew.vehicle.clone(),
            loads: crew.loads.map(|load| load.to_string()),
            stock: stock.collect::<Vec<_>>().join("\n"),
            skills: crew.skills.clone(),
            equipment: crew.equipment.clone(),
            version: crew.version.to_string(),
        }
    }

    /// A new crew, with what most have.
    pub fn new(centre: Point) -> Typed {
        Typed {
            kind: CrewKind::Own.code().into(),
            people: "2".into(),
            lat: format!("{:.5}", centre.lat),
            long: format!("{:.5}", centre.long),
            loads: ["0".into(), "0".into(), "0".into()],
            ..Typed::default()
        }
    }

    /// What the verb is asked for, or what cannot even be read.
    pub fn wish(&self, w: Words) -> Result<Wish, Wrongs> {
        let mut wrong = Wrongs::default();
        let mut number =
            |id: &'static str, text: &str| match digits::to_ascii(text).replace([',', '٬'], "").parse() {
                Ok(number) => number,
                Err(_) if text.is_empty() => 0,
                Err(_) => {
                    wrong.add(id, refusal(w, "number-wrong"));
                    0
                }
            };
        let people = number("people", &self.people);
        let loads = [
            number("kilograms", &self.loads[0]),
            number("litres", &self.loads[1]),
            number("pieces", &self.loads[2]),
        ];
        let stock = stock(&self.stock);
        if stock.is_none() {
            wrong.add("stock", refusal(w, "number-wrong"));
        }
        let base = point(&self.lat, &self.long);
        if base.is_none() {
            wrong.add("lat", refusal(w, "place-missing"));
        }
        match (wrong.is_empty(), base, stock) {
            (true, Some(base), Some(stock)) => Ok(Wish {
                name_fa: self.name_fa.clone(),
                name_en: self.name_en.clone(),
                kind: CrewKind::parse(&self.kind).unwrap_or(CrewKind::Own),
                unit: self.unit.parse().ok(),
                district: self.district.parse().ok(),
                people,
                skills: self.skills.clone(),
                equipment: self.equipment.clone(),
                vehicle: self.vehicle.clone(),
                loads,
                stock,
                ..Wish::new(self.code.clone(), base)
            }),
            _ => Err(wrong),
        }
    }

    /// The fields of the form, without the lists of skills and equipment.
    pub fn fields(
        &self,
        w: Words,
        atlas: &Atlas,
        units: Vec<(String, String)>,
        wrong: &Wrongs,
    ) -> Vec<Field> {
        let kinds = CrewKind::ALL.iter().map(|kind| (kind.code().to_owned(), kind_name(w, *kind).to_owned()));
        let nobody = || (String::new(), w.crews_none().to_owned());
        let whole = (String::new(), w.crews_whole_city().to_owned());
        Form::new(wrong)
            .code("code", w.crews_code(), &self.code)
            .hint(w.crews_code_hint())
            .text("name_fa", w.crews_name_fa(), &self.name_fa)
            .text("name_en", w.crews_name_en(), &self.name_en)
            .optional()
            .choice("kind", w.crews_kind(), &self.kind, kinds.collect())
            .choice("unit", w.crews_unit(), &self.unit, std::iter::once(nobody()).chain(units).collect())
            .choice(
                "district",
                w.crews_district(),
                &self.district,
                std::iter::once(whole).chain(districts(atlas, w)).collect(),
            )
            .code("lat", w.crews_lat(), &self.lat)
            .hint(w.crews_base_hint())
            .code("long", w.crews_long(), &self.long)
            .code("people", w.crews_people(), &self.people)
            .text("vehicle", w.crews_vehicle(), &self.vehicle)
            .optional()
            .code("kilograms", w.crews_kilograms(), &self.loads[0])
            .code("litres", w.crews_litres(), &self.loads[1])
            .code("pieces", w.crews_pieces(), &self.loads[2])
            .put(super::field::Kind::Long, "stock", w.crews_stock(), &self.stock)
            .hint(w.crews_stock_hint())
            .optional()
            .fields
    }
}

/// One of a list that may be ticked.
pub struct Tick {
    pub code: String,
    pub name: String,
    pub is_on: bool,
}

pub fn ticks(kinds: &Kinds, typed: &Typed, w: Words) -> (Vec<Tick>, Vec<Tick>) {
    let tick = |list: &[dispatch::job_types::Named], on: &[String]| {
        list.iter()
            .map(|named| Tick {
                code: named.code.clone(),
                name: named.name(w.lang()).to_owned(),
                is_on: on.contains(&named.code),
            })
            .collect()
    };
    (tick(&kinds.skills, &typed.skills), tick(&kinds.equipment, &typed.equipment))
}

pub fn kind_name(w: Words, kind: CrewKind) -> &'static str {
    match kind {
        CrewKind::Own => w.crews_kind_own(),
        CrewKind::Contractor => w.crews_kind_contractor(),
        CrewKind::Volunteer => w.crews_kind_volunteer(),
    }
}

/// Latitude and longitude in any digits.
pub fn point(lat: &str, long: &str) -> Option<Point> {
    let number = |text: &str| digits::to_ascii(text).replace('٫', ".").trim().parse::<f64>().ok();
    Point::new(number(lat)?, number(long)?)
}

/// A material and an amount on each line.
fn stock(text: &str) -> Option<BTreeMap<String, i64>> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (code, amount) = line.rsplit_once([' ', ':', '='])?;
            let code = code.trim_end_matches([' ', ':', '=']).to_owned();
            Some((code, digits::to_ascii(amount).trim().parse().ok()?))
        })
        .collect()
}
