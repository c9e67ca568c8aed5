//! What a city has is found when the program starts. A file that is damaged is said and passed by: crews go out all the
//! same.

use std::sync::Arc;

use anyhow::Result;
use dispatch::roads::{self, Graph, Maker, MatrixFile, Remembered, Roads, Service, Travel};

use super::service::Http;
use super::{matrix, streets};
use crate::house::House;
use crate::settings::Settings;

/// Installs a way of finding times for every city.
pub fn begin(settings: &Settings, house: &House) -> Result<()> {
    for city in house.cities()? {
        match of_city(settings, &city.code) {
            Ok(Some((what, maker))) => {
                tracing::info!(city = city.code, what, "travel times");
                roads::install(city.id, maker);
            }
            Ok(None) => {}
            Err(why) => tracing::error!(city = city.code, why, "travel times are straight lines"),
        }
    }
    Ok(())
}

/// What a city has, and what it is called.
pub(super) fn of_city(settings: &Settings, code: &str) -> Result<Option<(&'static str, Maker)>, String> {
    let service =
        settings.roads.iter().find(|osrm| osrm.jurisdiction.is_empty() || osrm.jurisdiction == code);
    if let Some(osrm) = service {
        let http = Arc::new(Http::new(osrm));
        let most = osrm.most.unwrap_or(100);
        return Ok(Some((
            "service",
            Box::new(move |bands, _| {
                let service = Service::new(Shared(http.clone()), bands.clone(), most).ok()?;
                Some(Arc::new(Remembered::new(service)) as Arc<dyn Travel>)
            }),
        )));
    }
    let path = streets(&settings.data, code);
    if path.exists() {
        let said = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
        let mut file = std::fs::File::open(&path).map_err(|e| said(&e))?;
        let graph = Arc::new(Graph::read(&mut file).map_err(|e| said(&e))?);
        return Ok(Some((
            "streets",
            Box::new(move |bands, closed| {
                let roads = Roads::new(graph.clone(), bands.clone()).ok()?;
                Some(Arc::new(Remembered::new(roads.closed(closed))) as Arc<dyn Travel>)
            }),
        )));
    }
    let path = matrix(&settings.data, code);
    if path.exists() {
        let said = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
        let text = std::fs::read_to_string(&path).map_err(|e| said(&e))?;
        let file = MatrixFile::read(&text, roads::Bands::default()).map_err(|e| said(&e))?;
        return Ok(Some((
            "matrix",
            Box::new(move |bands, _| Some(Arc::new(file.with(bands.clone()).ok()?) as Arc<dyn Travel>)),
        )));
    }
    Ok(None)
}

/// One connection pool for every copy.
struct Shared(Arc<Http>);

impl roads::Fetch for Shared {
    fn fetch(&self, path: &str) -> Result<String, String> {
        self.0.fetch(path)
    }
}
