//! A name or a number that no rule finds, covered by hand, everywhere in a request at once.
//!
//! What is covered is gone from the rows as well: a history that kept it would be the leak. The journal says how
//! often something was covered and proves the words as they were by their hash.

use language::display;
use people::{Act, Permission};
use serde_json::json;
use storage::{Tx, params, sql};
use territory::Place;

use super::erase::hash_of;
use crate::catalogue::catalogue;
use crate::request::RequestId;
use crate::submit::search_words;
use crate::work::{self, WorkError};
use crate::{SUBJECT, search};

/// Shorter than this it would cover half of the text.
const LEAST: usize = 3;
const MOST: usize = 200;

/// Covers every occurrence of some text in the words, the address and all notes of a request. Returns how many.
pub fn mask(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    text: &str,
) -> Result<usize, WorkError> {
    let request = work::open(tx, act, jurisdiction, id, None)?;
    act.require(Permission::Confirm, request.place())?;
    let text = display::clean_line(text);
    let length = text.chars().count();
    if length < LEAST {
        return Err(WorkError::WordsMissing);
    }
    if length > MOST {
        return Err(WorkError::WordsTooLong { most: MOST });
    }
    let cover: String = text.chars().map(|c| if c.is_whitespace() { c } else { '•' }).collect();
    let mut count = 0;
    let mut covered = |from: &str| {
        count += from.matches(&text).count();
        from.replace(&text, &cover)
    };
    let (words, address, status_note) =
        (covered(&request.words), covered(&request.address), covered(&request.status_note));
    let notes = tx.query(
        sql!("SELECT id, text FROM request_notes WHERE jurisdiction_id = $1 AND request_id = $2 ORDER BY id LIMIT 5000"),
        &params![jurisdiction, id.0],
        |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?)),
    )?;
    for (note, from) in &notes {
        let to = covered(from);
        if to != *from {
            tx.execute(
                sql!("UPDATE request_notes SET text = $4 WHERE jurisdiction_id = $1 AND request_id = $2 AND id = $3"),
                &params![jurisdiction, id.0, *note, &to],
            )?;
        }
    }
    if count == 0 {
        return Ok(0);
    }
    tx.execute_one(
        sql!(
            "UPDATE service_requests SET words = $4, address = $5, status_note = $6, updated_at = $7, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3"
        ),
        &params![jurisdiction, id.0, request.version, &words, &address, &status_note, act.at.0],
    )?;
    if request.is_public {
        let catalogue = catalogue(tx, jurisdiction)?;
        let place =
            Place { district: request.district, neighbourhood: request.neighbourhood, ..Place::default() };
        search::put(
            tx,
            jurisdiction,
            id,
            &search_words(&catalogue, request.service, &place, &words, &address),
        )?;
    }
    let payload = json!({ "count": count, "words_hash": hash_of(&request.words) });
    act.record(tx, jurisdiction, SUBJECT, id.0, "masked", payload.to_string());
    Ok(count)
}
