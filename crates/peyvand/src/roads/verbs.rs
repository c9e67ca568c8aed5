//! `peyvand roads`: import, matrix, learn, show.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use dispatch::roads::{self, Bands, MatrixFile, osm};
use territory::Jurisdiction;

use super::{RoadsVerb, begin, folder, matrix, streets};
use crate::end::{say, wrong};
use crate::house::{self, House};
use crate::settings::Settings;

pub fn run(settings: &Settings, verb: RoadsVerb) -> Result<ExitCode> {
    let house = house::open_existing(settings)?;
    match verb {
        RoadsVerb::Import { file, city } => {
            import(settings, &house.city(city.jurisdiction.as_deref())?, &file)
        }
        RoadsVerb::Matrix { file, city } => {
            take_matrix(settings, &house.city(city.jurisdiction.as_deref())?, &file)
        }
        RoadsVerb::Learn { days, city } => learn(&house, &house.city(city.jurisdiction.as_deref())?, days),
        RoadsVerb::Show { city } => show(settings, &house, &house.city(city.jurisdiction.as_deref())?),
    }
}

fn import(settings: &Settings, city: &Jurisdiction, file: &Path) -> Result<ExitCode> {
    let open = || std::fs::File::open(file).map(|file| std::io::BufReader::with_capacity(1 << 20, file));
    open().with_context(|| format!("reading {}", file.display()))?;
    let (graph, found) = osm::read(open).map_err(|e| wrong!("{}: {e}", file.display()))?;
    let mut bytes = Vec::new();
    graph.write(&mut bytes)?;
    let path = streets(&settings.data, &city.code);
    put(settings, &path, &bytes)?;
    say!(
        "{} streets with {} points, {} of them not in the file: {} crossings and {} arcs in {}",
        found.streets,
        found.points,
        found.missing,
        found.crossings,
        found.arcs,
        path.display()
    );
    say!("a running `peyvand serve` reads it when it starts again");
    Ok(ExitCode::SUCCESS)
}

fn take_matrix(settings: &Settings, city: &Jurisdiction, file: &Path) -> Result<ExitCode> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let read = MatrixFile::read(&text, Bands::default()).map_err(|e| wrong!("{}: {e}", file.display()))?;
    let path = matrix(&settings.data, &city.code);
    put(settings, &path, text.as_bytes())?;
    say!("times between {} zones in {}", read.zones(), path.display());
    if streets(&settings.data, &city.code).exists() {
        say!("the city has a map of streets too, which comes first; remove it to use the matrix");
    }
    Ok(ExitCode::SUCCESS)
}

/// Under another name first, so that a program that starts meanwhile reads the old file or the new one.
fn put(settings: &Settings, path: &Path, bytes: &[u8]) -> Result<()> {
    let writing = || format!("writing {}", path.display());
    let into = folder(&settings.data);
    std::fs::create_dir_all(&into).with_context(|| format!("making {}", into.display()))?;
    let mut file = tempfile::NamedTempFile::new_in(&into).with_context(writing)?;
    file.write_all(bytes).with_context(writing)?;
    file.as_file().sync_all().with_context(writing)?;
    file.persist(path).with_context(writing)?;
    Ok(())
}

fn learn(house: &House, city: &Jurisdiction, days: u16) -> Result<ExitCode> {
    let (act, id) = (house.act("roads"), city.id);
    let until = act.at;
    let from = until.plus_hours(-24 * i64::from(days.clamp(1, 366)));
    let ways = house.db.read_blocking(move |tx| roads::ways_between(tx, id, from, until))?;
    say!("{} ways in the trails of {days} days", ways.len());
    let (bands, counts) = house.db.write_blocking(move |tx| roads::learn(tx, &act, id, &ways))?;
    for (band, count) in bands.band.iter().zip(counts) {
        let which = if count >= roads::learn::LEAST_WAYS { "learnt" } else { "too few, left" };
        say!("from {:>2} o'clock {:>5.1} km/h ({count} ways, {which})", band.from, band.kmh);
    }
    Ok(ExitCode::SUCCESS)
}

fn show(settings: &Settings, house: &House, city: &Jurisdiction) -> Result<ExitCode> {
    let what = begin::of_city(settings, &city.code).map_err(|why| wrong!("{why}"))?;
    say!("{}: {}", city.code, what.map_or("straight lines", |(what, _)| what));
    let id = city.id;
    let said = house.db.read_blocking(move |tx| roads::rules(tx, id))?;
    match &said.learnt {
        Some((_, at)) => say!("speeds learnt {}", at.to_rfc3339(&city.zone)),
        None => say!("speeds of the city pack"),
    }
    let bands = said.speeds();
    say!("straight lines count {} times, and {} s for each way", bands.detour, bands.each);
    for band in &bands.band {
        say!("from {:>2} o'clock {:>5.1} km/h", band.from, band.kmh);
    }
    Ok(ExitCode::SUCCESS)
}
