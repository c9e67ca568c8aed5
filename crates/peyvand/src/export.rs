//! Requests as a table, streamed: the size of the city does not matter. Who reported is never in it.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use requests::{Catalogue, ServiceRequest, list};
use serde::Serialize;
use storage::Tx;
use territory::Atlas;

use crate::cli::{self, Format};
use crate::end::say;
use crate::house;
use crate::progress;
use crate::settings::Settings;

/// One request as it leaves.
#[derive(Debug, Serialize)]
struct Line<'a> {
    tracking_code: String,
    kind: &'a str,
    service_code: &'a str,
    service_fa: &'a str,
    service_en: &'a str,
    status: &'a str,
    open311_status: &'a str,
    priority: &'a str,
    channel: &'a str,
    language: &'a str,
    requested_at: String,
    updated_at: String,
    due_at: Option<String>,
    closed_at: Option<String>,
    district: &'a str,
    neighbourhood: &'a str,
    lat: Option<f64>,
    long: Option<f64>,
    address: &'a str,
    unit: &'a str,
    words: &'a str,
    status_note: &'a str,
    followers: i64,
    photos: i64,
    source: &'a str,
    external_id: Option<&'a str>,
}

pub fn run(settings: &Settings, wishes: &cli::Export) -> Result<ExitCode> {
    let house = house::open_existing(settings)?;
    let city = house.city(wishes.jurisdiction.as_deref())?;
    let output: Box<dyn Write + Send> = match &wishes.output {
        Some(path) => Box::new(File::create(path).with_context(|| format!("writing {}", path.display()))?),
        None => Box::new(std::io::stdout()),
    };
    let (id, format, private) = (city.id, wishes.format, wishes.private);
    let count = house.db.read_blocking(move |tx| -> Result<u64, Unwritten> {
        match format {
            Format::Csv => {
                let mut table = csv::Writer::from_writer(BufWriter::with_capacity(1 << 16, output));
                let count = each(tx, id, private, |line| table.serialize(line).map_err(Unwritten::from))?;
                table.flush()?;
                Ok(count)
            }
            Format::Jsonl => {
                let mut lines = BufWriter::with_capacity(1 << 16, output);
                let count = each(tx, id, private, |line| {
                    serde_json::to_writer(&mut lines, line).map_err(std::io::Error::from)?;
                    Ok(lines.write_all(b"\n")?)
                })?;
                lines.flush()?;
                Ok(count)
            }
        }
    })?;
    if let Some(path) = &wishes.output {
        say!("{count} requests of {} are in {}", city.code, path.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Walks over all requests in one consistent view, newest first.
fn each(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    private: bool,
    mut write: impl FnMut(&Line<'_>) -> Result<(), Unwritten>,
) -> Result<u64, Unwritten> {
    let catalogue = requests::catalogue(tx, jurisdiction)?;
    let atlas = territory::atlas(tx, jurisdiction)?;
    let bar = progress::count("Exporting");
    let mut filter =
        list::Filter { private_too: private, limit: list::MOST, ..list::Filter::of(jurisdiction) };
    let mut count = 0;
    loop {
        let page = list::list(tx, &filter)?;
        for request in &page.requests {
            write(&line(request, &catalogue, &atlas))?;
        }
        count += page.requests.len() as u64;
        bar.set_position(count);
        match page.next {
            Some(next) => filter.before = Some(next),
            None => break,
        }
    }
    bar.finish_and_clear();
    Ok(count)
}

fn line<'a>(r: &'a ServiceRequest, catalogue: &'a Catalogue, atlas: &'a Atlas) -> Line<'a> {
    let zone = &atlas.jurisdiction.zone;
    let division = |id: Option<i64>| id.and_then(|id| atlas.division(id)).map_or("", |d| d.code.as_str());
    let service = catalogue.service(r.service);
    Line {
        tracking_code: r.code.to_string(),
        kind: r.kind.code(),
        service_code: service.map_or("", |s| s.code.as_str()),
        service_fa: service.map_or("", |s| s.about.name.fa.as_str()),
        service_en: service.map_or("", |s| s.about.name.en.as_str()),
        status: r.status.code(),
        open311_status: r.status.open311(),
        priority: r.priority.code(),
        channel: r.channel.code(),
        language: r.language.code(),
        requested_at: r.requested_at.to_rfc3339(zone),
        updated_at: r.updated_at.to_rfc3339(zone),
        due_at: r.due_at.map(|at| at.to_rfc3339(zone)),
        closed_at: r.closed_at.map(|at| at.to_rfc3339(zone)),
        district: division(r.district),
        neighbourhood: division(r.neighbourhood),
        lat: r.point.map(|p| p.lat),
        long: r.point.map(|p| p.long),
        address: &r.address,
        unit: r.unit.and_then(|id| catalogue.unit(id)).map_or("", |u| u.code.as_str()),
        words: &r.words,
        status_note: &r.status_note,
        followers: r.followers,
        photos: r.photos,
        source: &r.source,
        external_id: r.external_id.as_deref(),
    }
}

/// Why an export stopped.
#[derive(Debug)]
enum Unwritten {
    Storage(storage::Error),
    Output(std::io::Error),
}

impl std::fmt::Display for Unwritten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unwritten::Storage(_) => f.write_str("reading the requests"),
            Unwritten::Output(_) => f.write_str("writing the table"),
        }
    }
}

impl std::error::Error for Unwritten {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Unwritten::Storage(e) => Some(e),
            Unwritten::Output(e) => Some(e),
        }
    }
}

impl From<storage::Error> for Unwritten {
    fn from(e: storage::Error) -> Self {
        Unwritten::Storage(e)
    }
}

impl From<std::io::Error> for Unwritten {
    fn from(e: std::io::Error) -> Self {
        Unwritten::Output(e)
    }
}

impl From<csv::Error> for Unwritten {
    fn from(e: csv::Error) -> Self {
        match e.into_kind() {
            csv::ErrorKind::Io(e) => Unwritten::Output(e),
            other => Unwritten::Output(std::io::Error::other(format!("{other:?}"))),
        }
    }
}
