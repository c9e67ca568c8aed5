//! The board hears what happens: one event for all facts of a moment.
//!
//! In a storm hundreds of facts come each second and a hundred and fifty screens are open. What a moment brought is put
//! together once for all screens of a city and language; each screen then leaves out what its reader may not see.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use door::live::{self, Said, Since};
use door::{Door, Failure, Signed};
use people::{Permission, Where};
use requests::incidents::{self, read::Told};
use requests::{Catalogue, catalogue, storm};
use serde::{Deserialize, Serialize};
use storage::journal::Entry;
use territory::{Atlas, Level, cell};
use words::Words;

use super::row::level;
use crate::ask::{Ask, Here};
use crate::requests::divisions;

/// New requests of one moment that are shown on the map.
const MOST_POINTS: usize = 20;
/// Moments that are kept put together: screens of several cities and languages are at about the same place.
const KEPT: usize = 16;

/// What one moment brought, for every reader.
#[derive(Debug, Default)]
struct Moment {
    hash: Vec<u8>,
    lang: &'static str,
    /// New requests by district.
    new: BTreeMap<i64, i64>,
    points: Vec<(Option<i64>, [f64; 2])>,
    /// When the first of them was received, in milliseconds.
    from: Option<i64>,
    incidents: Vec<Change>,
    /// Something about storm mode.
    storm: bool,
    /// The event for whoever may see all of it, which is nearly everybody: written once.
    whole: OnceLock<String>,
}

#[derive(Debug)]
struct Change {
    place: Where,
    district: Option<i64>,
    line: Line,
}

/// One incident as the board's script reads it.
#[derive(Debug, Clone, Serialize)]
struct Line {
    /// Ids of 63 bits do not survive JavaScript's numbers.
    id: String,
    state: &'static str,
    state_name: &'static str,
    size: i64,
    danger: i64,
    level: &'static str,
    level_name: &'static str,
    at: [f64; 2],
    /// When the first report that came with it was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<i64>,
    title: String,
    place: String,
    unit: String,
    path: String,
}

#[derive(Serialize)]
struct Event<'m> {
    new: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<i64>,
    points: Vec<[f64; 2]>,
    incidents: Vec<&'m Line>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Submitted {
    d: Option<i64>,
    c: Option<i64>,
}

/// `GET /storm/live`: `board` with what is new, `storm` when storm mode changed.
pub async fn stream(
    State(door): State<Door>,
    signed: Signed,
    ask: Ask,
    since: Since,
) -> Result<Response, Failure> {
    let (act, w) = (signed.act(&door), ask.words());
    let code = ask.field("district").to_owned();
    let found = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let Some(here) = Here::find(tx, &ask)? else { return Ok(None) };
            let city = here.city().id;
            let (catalogue, atlas) = (catalogue(tx, city)?, territory::atlas(tx, city)?);
            let district = atlas.by_code(Level::District, &code).map(|d| d.id);
            Ok(Some((city, catalogue, atlas, district)))
        })
        .await?;
    let Some((city, catalogue, atlas, district)) = found else {
        return Ok(http::StatusCode::NOT_FOUND.into_response());
    };
    let pick = move |entries: &[Entry]| {
        let moment = together(entries, w, &catalogue, &atlas);
        let may = |place: Where| act.may(Permission::ManageIncidents, place);
        let is_here = |d: Option<i64>| district.is_none() || d == district;
        let incidents: Vec<&Line> = moment
            .incidents
            .iter()
            .filter(|change| is_here(change.district) && may(change.place))
            .map(|change| &change.line)
            .collect();
        let new: i64 =
            moment.new.iter().filter(|(d, _)| is_here(Some(**d).filter(|d| *d != 0))).map(|(_, n)| n).sum();
        let mut said = Vec::new();
        if new > 0 || !incidents.is_empty() {
            let is_whole = district.is_none() && incidents.len() == moment.incidents.len();
            let write = || {
                let points =
                    moment.points.iter().filter(|(d, _)| is_here(*d)).map(|(_, point)| *point).collect();
                let event = Event { new, from: moment.from, points, incidents };
                serde_json::to_string(&event).unwrap_or_default()
            };
            let text = if is_whole { moment.whole.get_or_init(write).clone() } else { write() };
            said.push(Said::new("board", text));
        }
        if moment.storm {
            said.push(Said::new("storm", ""));
        }
        said
    };
    Ok(live::digests(&door, city, since, pick))
}

/// What these facts amount to; made once for all screens that ask for the same.
fn together(entries: &[Entry], w: Words, catalogue: &Catalogue, atlas: &Atlas) -> Arc<Moment> {
    static KNOWN: LazyLock<Mutex<Vec<(usize, Arc<Moment>)>>> = LazyLock::new(Default::default);
    let Some(last) = entries.last() else { return Arc::default() };
    let lang = w.lang().code();
    let lock = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let is_same = |(count, known): &&(usize, Arc<Moment>)| {
        *count == entries.len() && known.lang == lang && known.hash == last.hash
    };
    if let Some((_, known)) = lock().iter().find(is_same) {
        return known.clone();
    }
    let moment = Arc::new(moment(entries, last.hash.clone(), w, catalogue, atlas));
    let mut known = lock();
    if known.len() >= KEPT {
        known.remove(0);
    }
    known.push((entries.len(), moment.clone()));
    moment
}

fn moment(entries: &[Entry], hash: Vec<u8>, w: Words, catalogue: &Catalogue, atlas: &Atlas) -> Moment {
    let mut moment = Moment { hash, lang: w.lang().code(), ..Moment::default() };
    let mut changed: BTreeMap<i64, (Told, Option<i64>)> = BTreeMap::new();
    for entry in entries {
        match (entry.subject_kind.as_str(), entry.fact.as_str()) {
            (requests::SUBJECT, "submitted") => {
                let said: Submitted = serde_json::from_str(&entry.payload).unwrap_or_default();
                *moment.new.entry(said.d.unwrap_or(0)).or_default() += 1;
                moment.from = Some(moment.from.map_or(entry.at, |from| from.min(entry.at)));
                if let Some(at) = said.c.filter(|_| moment.points.len() < MOST_POINTS).map(cell::point) {
                    moment.points.push((said.d, [short(at.long), short(at.lat)]));
                }
            }
            (incidents::SUBJECT, _) => {
                if let Ok(told) = serde_json::from_str::<Told>(&entry.payload) {
                    let from = changed.get(&entry.subject).and_then(|(_, from)| *from);
                    let from = from.into_iter().chain(told.from).min();
                    changed.insert(entry.subject, (told, from));
                }
            }
            (storm::SUBJECT, _) => moment.storm = true,
            _ => {}
        }
    }
    moment.incidents =
        changed.into_iter().map(|(id, (told, from))| change(id, told, from, w, catalogue, atlas)).collect();
    moment
}

fn change(id: i64, told: Told, from: Option<i64>, w: Words, catalogue: &Catalogue, atlas: &Atlas) -> Change {
    let service = catalogue.service(told.service);
    let (level, level_name) = level(w, told.danger);
    Change {
        place: Where::unit(atlas.jurisdiction.id, told.unit)
            .in_district(told.district)
            .in_neighbourhood(told.neighbourhood),
        district: told.district,
        line: Line {
            id: id.to_string(),
            state: told.state.code(),
            state_name: super::row::state_name(w, told.state),
            size: told.size,
            danger: told.danger,
            level,
            level_name,
            at: [told.long, told.lat],
            from,
            title: service.map_or(w.common_unknown(), |s| s.name(w.lang())).to_owned(),
            place: divisions(atlas, told.district, told.neighbourhood, w.lang()),
            unit: catalogue.unit_name(told.unit, w.lang()).to_owned(),
            path: super::path(incidents::IncidentId(id)),
        },
    }
}

fn short(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}
