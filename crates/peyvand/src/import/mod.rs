//! Tables of requests from elsewhere, of any city, as a mapping file reads them.
//!
//! One thread reads and judges rows, another stores them. Nothing is lost silently: what is refused, and what is
//! kept without a part of it, is written to the reject file with its line and its reason, and the totals add up.

pub mod bring; // into the database
mod desk; // rows of a city as records
mod mapping; // how a table is read
mod report; // totals, and the reject file
mod row; // one row, judged
mod table; // a file as rows

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{SyncSender, sync_channel};

use anyhow::Result;
use language::Lang;
use people::Act;

use crate::cli;
use crate::end::{PARTLY, wrong};
use crate::house::{self, House};
use crate::settings::Settings;
use bring::CHUNK;
use desk::store;
use mapping::{Mapping, Mappings, Which};
use report::Rejects;
pub use report::Totals;
use row::{Judged, Reader, Row};
pub use table::Source;
use table::Table;

/// What to import and how.
pub struct Job<'a> {
    /// The text of the mapping file.
    pub map: &'a str,
    /// Only the rows of this city.
    pub only: Option<&'a str>,
    pub rejects: PathBuf,
    /// Stop taking rows of a city after so many; for small demos.
    pub most_each: Option<usize>,
}

pub fn run(settings: &Settings, wishes: &cli::Import) -> Result<ExitCode> {
    let map = match std::fs::read_to_string(&wishes.map) {
        Ok(text) => text,
        Err(e) => match crate::cities::file(&wishes.map) {
            Some(inside) => std::str::from_utf8(inside)?.to_owned(),
            None => return Err(wrong!("{}: {e}", wishes.map)),
        },
    };
    if !wishes.file.is_file() {
        return Err(wrong!("there is no file {}", wishes.file.display()));
    }
    let house = house::open_existing(settings)?;
    let only =
        wishes.jurisdiction.as_deref().map(|code| house.city(Some(code))).transpose()?.map(|city| city.code);
    let name =
        wishes.file.file_name().map_or_else(|| "import".into(), |name| name.to_string_lossy().into_owned());
    let rejects =
        wishes.rejects.clone().unwrap_or_else(|| settings.data.join("rejects").join(format!("{name}.csv")));
    let job = Job { map: &map, only: only.as_deref(), rejects, most_each: None };
    let totals = bring_all(&house, &house.act("import"), &Source::File(wishes.file.clone()), &job)?;
    totals.print();
    if let Some(broken) = &totals.broken_off {
        anyhow::bail!(
            "the file breaks off after {} rows: {broken}. What was read is kept; repeat the import with a whole file",
            totals.rows
        );
    }
    Ok(if totals.rejected() > 0 { ExitCode::from(PARTLY) } else { ExitCode::SUCCESS })
}

/// What the reading thread hands to the storing one.
struct Chunk {
    city: usize,
    rows: Vec<Row>,
}

/// A city that rows may belong to.
struct City {
    code: String,
    id: i64,
    mapping: Mapping,
    language: Lang,
}

/// Imports a table.
pub fn bring_all(house: &House, act: &Act, source: &Source, job: &Job<'_>) -> Result<Totals> {
    let mappings = Mappings::read("the mapping", job.map)?;
    let cities = cities_of(house, &mappings, job.only)?;
    let table = Table::open(source)?;
    let mut readers = Vec::new();
    for city in &cities {
        let id = city.id;
        let atlas = house.db.read_blocking(move |tx| territory::atlas(tx, id))?;
        readers.push(Reader::new(city.mapping.clone(), table.header(), atlas, act.at)?);
    }
    let which = Column::find(&mappings, &table, &cities)?;
    let (sender, chunks) = sync_channel(8);
    let (read, stored) = std::thread::scope(|scope| {
        let rejects = Rejects::new(&job.rejects, table.header());
        let most = job.most_each;
        let reading = scope.spawn(move || read_rows(table, which, readers, rejects, most, &sender));
        let stored = store(&house.db, act, &mappings.origin, &cities, chunks);
        let read = reading.join().unwrap_or_else(|_| Err(anyhow::anyhow!("reading stopped")));
        (read, stored)
    });
    // When storing fails, reading fails too, only because nobody takes what it reads.
    let stored = stored?;
    let mut totals = read?;
    totals.take(stored);
    Ok(totals)
}

fn cities_of(house: &House, mappings: &Mappings, only: Option<&str>) -> Result<Vec<City>> {
    let known = mappings.known();
    let loaded = house.cities()?;
    if let Some(only) = only
        && !known.iter().any(|code| code == only)
    {
        return Err(wrong!("the mapping says nothing of {only}; it speaks of: {}", known.join(", ")));
    }
    let mut cities = Vec::new();
    for city in
        loaded.into_iter().filter(|c| known.contains(&c.code) && only.is_none_or(|only| only == c.code))
    {
        let mapping = mappings.of(&city.code)?;
        let language = city.languages.first().copied().unwrap_or(Lang::En);
        cities.push(City { id: city.id, mapping, language, code: city.code });
    }
    if cities.is_empty() {
        return Err(wrong!("none of the mapping's cities is loaded: {}", known.join(", ")));
    }
    Ok(cities)
}

/// Says which city a row belongs to.
enum Column {
    All(usize),
    /// Of a text: the city, or none when it is not asked for.
    At(usize, HashMap<String, Option<usize>>),
}

impl Column {
    fn find(mappings: &Mappings, table: &Table, cities: &[City]) -> Result<Column> {
        let number = |code: &str| cities.iter().position(|city| city.code == code);
        match &mappings.which {
            Which::One(code) => {
                number(code).map(Column::All).ok_or_else(|| wrong!("the city {code} is not loaded"))
            }
            Which::Column { name, values } => {
                let values = values.iter().map(|(text, code)| (text.clone(), number(code))).collect();
                Ok(Column::At(row::position(table.header(), name)?, values))
            }
        }
    }
}

fn read_rows(
    mut table: Table,
    which: Column,
    mut readers: Vec<Reader>,
    mut rejects: Rejects,
    most_each: Option<usize>,
    sender: &SyncSender<Chunk>,
) -> Result<Totals> {
    let mut totals = Totals::default();
    let mut open: Vec<Vec<Row>> = readers.iter().map(|_| Vec::with_capacity(CHUNK)).collect();
    let mut taken = vec![0usize; readers.len()];
    loop {
        let (line, fields) = match table.next() {
            table::Next::Row { line, fields } => (line, fields),
            table::Next::Broken { line, reason, fields } => {
                totals.rows += 1;
                totals.reject(reason);
                rejects.write(line, "rejected", reason, fields.iter())?;
                continue;
            }
            table::Next::BrokenOff(why) => {
                totals.broken_off = Some(why);
                break;
            }
            table::Next::End => break,
        };
        totals.rows += 1;
        let city = match &which {
            Column::All(city) => *city,
            Column::At(at, values) => match values.get(fields.get(*at).unwrap_or("").trim()) {
                Some(Some(city)) => *city,
                Some(None) => {
                    totals.elsewhere += 1;
                    continue;
                }
                None => {
                    totals.reject("unknown_city");
                    rejects.write(line, "rejected", "unknown_city", fields.iter())?;
                    continue;
                }
            },
        };
        let (Some(reader), Some(rows), Some(taken)) =
            (readers.get_mut(city), open.get_mut(city), taken.get_mut(city))
        else {
            continue;
        };
        if most_each.is_some_and(|most| *taken >= most) {
            totals.elsewhere += 1;
            continue;
        }
        match reader.judge(fields) {
            Judged::Kept(row, mended) => {
                if !mended.is_empty() {
                    totals.mended += 1;
                    rejects.write(line, "mended", &mended.join(" "), fields.iter())?;
                }
                *taken += 1;
                rows.push(*row);
                if rows.len() == CHUNK {
                    let rows = std::mem::replace(rows, Vec::with_capacity(CHUNK));
                    sender.send(Chunk { city, rows })?;
                }
            }
            Judged::Rejected(reason) => {
                totals.reject(reason);
                rejects.write(line, "rejected", reason, fields.iter())?;
            }
        }
    }
    for (city, rows) in open.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
        sender.send(Chunk { city, rows })?;
    }
    totals.rejects = rejects.finish()?;
    Ok(totals)
}
