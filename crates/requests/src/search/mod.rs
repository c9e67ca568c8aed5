//! Words of public requests, on both databases.
//!
//! Text is folded by `language` before it comes here, for the index and for the question alike, so that both
//! databases find the same requests. Answers come newest first: in a city of a million requests a common word is
//! met a hundred thousand times, and the newest are what people look for.

mod postgres;
mod sqlite;
pub mod vocabulary;

use language::fold;
use storage::{Engine, Result, Tx, params, sql};
use territory::Place;

use crate::request::RequestId;
use crate::submit::search_words;

/// As many as any list can page through.
pub(crate) const MOST_FOUND: u32 = 2000;
/// As many as a map looks through.
pub(crate) const MOST_LOOKED_AT: u32 = 5_000;

/// Adds a request's folded words, or replaces them.
pub(crate) fn put(tx: &mut Tx<'_>, jurisdiction: i64, id: RequestId, words: &str) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => sqlite::put(tx, jurisdiction, id, words),
        Engine::Postgres => postgres::put(tx, jurisdiction, id, words),
    }
}

/// [`put`] for a request that is known to be new, which spares looking for an older row.
pub(crate) fn add(tx: &mut Tx<'_>, jurisdiction: i64, id: RequestId, words: &str) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => sqlite::add(tx, jurisdiction, id, words),
        Engine::Postgres => postgres::put(tx, jurisdiction, id, words),
    }
}

/// Takes a request out of the index, because it is no longer public.
pub(crate) fn remove(tx: &mut Tx<'_>, jurisdiction: i64, id: RequestId) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => sqlite::remove(tx, id),
        Engine::Postgres => postgres::remove(tx, jurisdiction, id),
    }
}

/// Requests that have every word of the question, newest first. The last word may be a beginning of three or
/// more letters. A question without words finds nothing.
pub fn find(tx: &mut Tx<'_>, jurisdiction: i64, question: &str, most: u32) -> Result<Vec<RequestId>> {
    find_before(tx, jurisdiction, question, None, most.min(MOST_FOUND))
}

/// [`find`] among those older than a request.
pub(crate) fn find_before(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    question: &str,
    before: Option<RequestId>,
    most: u32,
) -> Result<Vec<RequestId>> {
    let query = fold::query(question);
    // Every term with the words that may stand for it; only the last one, still being typed, has others.
    let mut terms: Vec<Vec<String>> = query.terms.into_iter().map(|term| vec![term]).collect();
    match terms.last_mut() {
        None => return Ok(Vec::new()),
        Some(last) if query.last_is_prefix => {
            let beginning = last.first().filter(|t| t.chars().count() >= 3).cloned();
            if let Some(beginning) = beginning {
                last.extend(vocabulary::beginning_with(tx, jurisdiction, &beginning)?);
            }
        }
        Some(_) => {}
    }
    let before = before.map_or(i64::MAX, |id| id.0);
    let most = most.min(MOST_LOOKED_AT);
    match tx.engine() {
        Engine::Sqlite => sqlite::find(tx, jurisdiction, &terms, before, most),
        Engine::Postgres => postgres::find(tx, jurisdiction, &terms, before, most),
    }
}

/// Puts the words of a page of public requests into the index again, beginning after an id; returns where the next
/// page begins. For restored databases: the index holds no words that could be copied.
pub fn rebuild(tx: &mut Tx<'_>, jurisdiction: i64, after: i64, most: u32) -> Result<Option<i64>> {
    let catalogue = crate::catalogue(tx, jurisdiction)?;
    let rows = tx.query(
        sql!(
            "SELECT id, service_id, district_id, neighbourhood_id, words, address FROM service_requests
             WHERE jurisdiction_id = $1 AND id > $2 AND is_public = 1 ORDER BY id LIMIT $3"
        ),
        &params![jurisdiction, after, most],
        |row| {
            let place = Place { district: row.get(2)?, neighbourhood: row.get(3)?, ..Place::default() };
            let words =
                search_words(&catalogue, row.get(1)?, &place, &row.get::<String>(4)?, &row.get::<String>(5)?);
            Ok((row.get::<i64>(0)?, words))
        },
    )?;
    for (id, words) in &rows {
        put(tx, jurisdiction, RequestId(*id), words)?;
    }
    Ok(rows.last().map(|(id, _)| *id).filter(|_| rows.len() == most as usize))
}

/// True when a question has no words to look for.
pub fn is_empty(question: &str) -> bool {
    question.trim().is_empty() || fold::query(question).terms.is_empty()
}
