//! What is said about a request: to everybody, or to colleagues.
//!
//! The words are kept in a row, and the journal keeps their hash, so that it can prove them and still be
//! published when the words have to be forgotten.

use calendar::Timestamp;
use language::display;
use people::{Act, Denied, Permission};
use sha2::{Digest, Sha256};
use storage::{Result, Tx, params, sql};

use crate::find::{self, Told};
use crate::request::RequestId;
use crate::rules::MOST_WORDS;
use crate::submit::json;
use crate::{SUBJECT, Status};

#[derive(Debug, thiserror::Error)]
pub enum NoteError {
    #[error("there is no such request")]
    NotFound,
    #[error("a note without words")]
    NothingSaid,
    #[error("a note may have {most} characters")]
    TooLong { most: usize },
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

/// Adds a note. Anybody who may follow may say something to all; only colleagues write to colleagues.
pub fn note(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    text: &str,
    internal: bool,
) -> Result<(), NoteError> {
    let request = find::by_id(tx, jurisdiction, id)?.ok_or(NoteError::NotFound)?;
    let place = request.place();
    act.require(if internal { Permission::NoteInternal } else { Permission::Follow }, place)?;
    if !request.is_public && !find::may_see_internal(act, &request) {
        return Err(NoteError::NotFound);
    }
    let text = display::clean_text(text);
    if text.is_empty() {
        return Err(NoteError::NothingSaid);
    }
    if text.chars().count() > MOST_WORDS {
        return Err(NoteError::TooLong { most: MOST_WORDS });
    }
    let fact = if internal { "noted-internally" } else { "noted" };
    let told = keep(tx, act, jurisdiction, id, fact, internal, None, &text)?;
    tx.execute_one(
        sql!("UPDATE service_requests SET updated_at = $3, version = version + 1 WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, id.0, act.at.0],
    )?;
    act.record(tx, jurisdiction, SUBJECT, id.0, fact, json(&told)?);
    Ok(())
}

/// Keeps words that go with a fact and returns what the journal is told of them.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    request: RequestId,
    kind: &str,
    internal: bool,
    status: Option<Status>,
    text: &str,
) -> Result<Told> {
    if text.is_empty() {
        return Ok(Told::default());
    }
    let id = act.new_id();
    let visibility = if internal { "internal" } else { "public" };
    tx.execute(
        sql!(
            "INSERT INTO request_notes (jurisdiction_id, request_id, id, at, actor, kind, visibility, status, text)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        &params![jurisdiction, request.0, id, act.at.0, &act.by.signature(), kind, visibility, status.map(Status::code), text],
    )?;
    let words_hash = Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    Ok(Told { note: Some(id), words_hash, ..Told::default() })
}

/// A public word about a request, as Open311's request updates list them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    pub id: i64,
    pub request: RequestId,
    pub at: Timestamp,
    pub status: Option<Status>,
    pub text: String,
}

/// Public notes of a window of time, oldest first, with where each left its request.
pub fn updates(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    from: Timestamp,
    until: Timestamp,
    most: u32,
) -> Result<Vec<Update>> {
    tx.query(
        sql!(
            "SELECT n.id, n.request_id, n.at, n.status, n.text FROM request_notes n
             JOIN service_requests r ON r.jurisdiction_id = n.jurisdiction_id AND r.id = n.request_id
             WHERE n.jurisdiction_id = $1 AND n.visibility = 'public' AND n.at >= $2 AND n.at <= $3 AND r.is_public = 1
             ORDER BY n.at, n.id LIMIT $4"
        ),
        &params![jurisdiction, from.0, until.0, most],
        |row| {
            Ok(Update {
                id: row.get(0)?,
                request: RequestId(row.get(1)?),
                at: Timestamp(row.get(2)?),
                status: row.get::<Option<String>>(3)?.and_then(|s| Status::parse(&s)),
                text: row.get(4)?,
            })
        },
    )
}

/// What everybody was told with a fact, by the payload of the journal; empty when nothing was, or when the words had to
/// be forgotten since.
pub fn said(tx: &mut Tx<'_>, jurisdiction: i64, request: RequestId, payload: &str) -> Result<String> {
    let told: Told = serde_json::from_str(payload).unwrap_or_default();
    let Some(note) = told.note else { return Ok(String::new()) };
    let text = tx.value(
        sql!(
            "SELECT text FROM request_notes WHERE jurisdiction_id = $1 AND request_id = $2 AND id = $3 AND visibility = 'public'"
        ),
        &params![jurisdiction, request.0, note],
    )?;
    Ok(text.unwrap_or_default())
}
