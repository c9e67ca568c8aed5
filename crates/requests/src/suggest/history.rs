//! Learning from what the city was asked, at night and without stopping anybody.
//!
//! A study reads the newest requests and learns on a reading thread; the model goes into the database by one short
//! write. Every machine of the city then uses it from the next suggestion on.

use people::{Act, Study};
use storage::{Result, Tx, params, sql};

use super::Lesson;
use super::model::Model;
use crate::catalogue::catalogue;
use crate::service::Definition;

/// The study; the worker does it.
pub const STUDY: Study = Study { name: "requests-suggest", every: 3_600_000, read: learn, write: keep };

/// The newest requests that are learned from.
const MOST_EXAMPLES: u32 = 20_000;
/// With fewer requests than these there is no history to speak of.
const LEAST_EXAMPLES: usize = 200;
/// A model is made again after this time, in milliseconds, when at least this many requests came since.
const OLD: i64 = 20 * 3_600_000;
const NEWS: usize = 50;

/// Learns when it is time to; `None` when nothing is to be kept. The bytes are the newest request that was read, the
/// number of examples, and the model.
pub fn learn(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Option<Vec<u8>>> {
    if !is_due(tx, act, jurisdiction)? {
        return Ok(None);
    }
    let mut lesson = Lesson::new();
    let mut newest = 0;
    // The order of the key; `id` alone decides, so nothing is sorted.
    tx.for_each(
        sql!(
            "SELECT id, service_id, words FROM service_requests WHERE jurisdiction_id = $1 AND words <> ''
             ORDER BY id DESC LIMIT $2"
        ),
        &params![jurisdiction, MOST_EXAMPLES],
        |row| {
            newest = newest.max(row.get::<i64>(0)?);
            lesson.add(row.get(1)?, &row.get::<String>(2)?);
            Ok(())
        },
    )?;
    let examples = lesson.len();
    if examples < LEAST_EXAMPLES {
        return Ok(None);
    }
    for service in catalogue(tx, jurisdiction)?.services.iter().filter(|s| s.is_open) {
        names(&service.about).for_each(|text| lesson.add_name(service.id, text));
    }
    let Some(model) = lesson.learn() else { return Ok(None) };
    let mut bytes = newest.to_le_bytes().to_vec();
    bytes.extend((examples as i64).to_le_bytes());
    bytes.extend(model.encode());
    Ok(Some(bytes))
}

/// The names and keywords of a service.
pub fn names(about: &Definition) -> impl Iterator<Item = &str> {
    let keywords = about.keywords.fa.iter().chain(&about.keywords.en);
    [&about.name.fa, &about.name.en].into_iter().chain(keywords).map(String::as_str)
}

fn is_due(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<bool> {
    let before = tx.query_opt(
        sql!("SELECT made_at, newest_request FROM suggestion_models WHERE jurisdiction_id = $1"),
        &params![jurisdiction],
        |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)),
    )?;
    let (newest, enough) = match before {
        Some((made_at, _)) if act.at.0 - made_at < OLD => return Ok(false),
        Some((_, newest)) => (newest, NEWS),
        None => (0, LEAST_EXAMPLES),
    };
    let since = tx.query(
        sql!("SELECT id FROM service_requests WHERE jurisdiction_id = $1 AND id > $2 ORDER BY id LIMIT $3"),
        &params![jurisdiction, newest, enough as i64],
        |row| row.get::<i64>(0),
    )?;
    Ok(since.len() >= enough)
}

/// Keeps what was learned, instead of what was known before.
pub fn keep(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, learned: &[u8]) -> Result<()> {
    let broken = || storage::Error::corrupt("a lesson without its numbers");
    let (newest, rest) = learned.split_first_chunk().ok_or_else(broken)?;
    let (examples, model) = rest.split_first_chunk().ok_or_else(broken)?;
    tx.execute(
        sql!(
            "INSERT INTO suggestion_models (jurisdiction_id, id, made_at, newest_request, examples, model)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (jurisdiction_id) DO UPDATE SET id = excluded.id, made_at = excluded.made_at,
                 newest_request = excluded.newest_request, examples = excluded.examples, model = excluded.model"
        ),
        &params![
            jurisdiction,
            act.new_id(),
            act.at.0,
            i64::from_le_bytes(*newest),
            i64::from_le_bytes(*examples),
            model
        ],
    )?;
    Ok(())
}

/// What the city has learned, from memory while it is the newest; `None` before the first lesson.
pub fn model(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Option<std::sync::Arc<Model>>> {
    let id = tx
        .value(sql!("SELECT id FROM suggestion_models WHERE jurisdiction_id = $1"), &params![jurisdiction])?;
    match id {
        Some(id) => tx.memo_of(jurisdiction, id, load).map(Some),
        None => Ok(None),
    }
}

fn load(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Model> {
    let bytes: Option<Vec<u8>> = tx.value(
        sql!("SELECT model FROM suggestion_models WHERE jurisdiction_id = $1"),
        &params![jurisdiction],
    )?;
    Model::decode(&bytes.unwrap_or_default())
}
