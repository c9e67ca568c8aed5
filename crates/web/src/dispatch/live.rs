//! The board hears what happens: where crews are, and that orders or plans changed.
//!
//! Three hundred crews say where they are every few seconds and sixty boards listen. What a moment brought is read and
//! put into words once for all boards of a city and language; each board then leaves out what its reader may not see.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use dispatch::day::{HANDOVER, PLAN};
use dispatch::field::POSITIONS;
use dispatch::{CREW, Crew, CrewId, ORDER, SHIFT, crews};
use door::live::{self, Said, Since};
use door::{Door, Failure, Signed};
use people::{Permission, Where};
use serde::Serialize;
use storage::Db;
use storage::journal::Entry;
use territory::Level;
use words::Words;

use super::row;
use crate::ask::{Ask, Here};

/// Moments that are kept put together: boards of several cities and languages are at about the same place.
const KEPT: usize = 16;

/// What one moment brought, for every reader.
#[derive(Debug, Default)]
struct Moment {
    hash: Vec<u8>,
    lang: &'static str,
    crews: Vec<(Where, Option<i64>, Line)>,
    /// Districts of which orders or plans changed; nought for all.
    changed: BTreeSet<i64>,
    /// The event for whoever may see all of it: written once.
    whole: OnceLock<String>,
}

/// A crew as the board's script reads it.
#[derive(Debug, Clone, Serialize)]
struct Line {
    /// Ids of 63 bits do not survive JavaScript's numbers.
    id: String,
    at: [f64; 2],
    /// When it was there, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<i64>,
    status: &'static str,
    status_name: &'static str,
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Told {
    district: Option<i64>,
}

/// `GET /dispatch/live`: `crews` with who moved or changed, `board` when the page is to be read anew.
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
            let district = territory::atlas(tx, city)?.by_code(Level::District, &code).map(|d| d.id);
            Ok(Some((city, district)))
        })
        .await?;
    let Some((city, district)) = found else { return Ok(http::StatusCode::NOT_FOUND.into_response()) };
    let db = door.db.clone();
    let pick = move |entries: &[Entry]| {
        let moment = together(entries, w, &db, city);
        let is_here = |id: Option<i64>| district.is_none() || id == district;
        let mut said = Vec::new();
        let crews: Vec<&Line> = moment
            .crews
            .iter()
            .filter(|(place, id, _)| is_here(*id) && act.may(Permission::Dispatch, *place))
            .map(|(_, _, line)| line)
            .collect();
        if !crews.is_empty() {
            let is_whole = crews.len() == moment.crews.len();
            let write = || serde_json::to_string(&crews).unwrap_or_default();
            let text = if is_whole { moment.whole.get_or_init(write).clone() } else { write() };
            said.push(Said::new("crews", text));
        }
        let changed = |id: &i64| *id == 0 || district.is_none_or(|district| district == *id);
        if moment.changed.iter().any(changed) {
            said.push(Said::new("board", ""));
        }
        said
    };
    Ok(live::digests(&door, city, since, pick))
}

/// What these facts amount to; made once for all boards that ask for the same.
fn together(entries: &[Entry], w: Words, db: &Db, city: i64) -> Arc<Moment> {
    static KNOWN: LazyLock<Mutex<Vec<(usize, Arc<Moment>)>>> = LazyLock::new(Default::default);
    let Some(last) = entries.last() else { return Arc::default() };
    // Whoever comes second waits for the first instead of reading the same again.
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let is_same = |(count, known): &&(usize, Arc<Moment>)| {
        *count == entries.len() && known.lang == w.lang().code() && known.hash == last.hash
    };
    if let Some((_, moment)) = known.iter().find(is_same) {
        return moment.clone();
    }
    let moment = Arc::new(moment(entries, last.hash.clone(), w, db, city));
    if known.len() >= KEPT {
        known.remove(0);
    }
    known.push((entries.len(), moment.clone()));
    moment
}

fn moment(entries: &[Entry], hash: Vec<u8>, w: Words, db: &Db, city: i64) -> Moment {
    let mut moment = Moment { hash, lang: w.lang().code(), ..Moment::default() };
    let mut moved: BTreeSet<CrewId> = BTreeSet::new();
    for entry in entries {
        match (entry.subject_kind.as_str(), entry.fact.as_str()) {
            (POSITIONS, _) => {
                moved.extend(serde_json::from_str::<Vec<CrewId>>(&entry.payload).unwrap_or_default());
            }
            (CREW, "status") => {
                moved.insert(CrewId(entry.subject));
            }
            (ORDER | PLAN | HANDOVER, _) => {
                let told: Told = serde_json::from_str(&entry.payload).unwrap_or_default();
                moment.changed.insert(told.district.unwrap_or(0));
            }
            (CREW | SHIFT, _) => {
                moment.changed.insert(0);
            }
            _ => {}
        }
    }
    if !moved.is_empty() {
        let wanted = moved.clone();
        let found = db.read_blocking(move |tx| crews::by_ids(tx, city, wanted));
        match found {
            Ok(found) => {
                moment.crews =
                    found.iter().map(|crew| (crew.place(), crew.district, line(crew, w))).collect();
            }
            // Screens read themselves anew instead.
            Err(error) => {
                tracing::warn!(%error, "crews that moved could not be read");
                moment.changed.insert(0);
            }
        }
    }
    moment
}

fn line(crew: &Crew, w: Words) -> Line {
    let short = |degrees: f64| (degrees * 1e5).round() / 1e5;
    let at = crew.point();
    Line {
        id: crew.id.0.to_string(),
        at: [short(at.long), short(at.lat)],
        when: crew.position.map(|position| position.at.0),
        status: crew.status.code(),
        status_name: row::crew_status(w, crew.status),
    }
}
