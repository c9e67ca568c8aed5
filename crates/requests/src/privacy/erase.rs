//! One request forgets its reporter, and perhaps its words. The journal keeps what it had: hashes and numbers.

use people::Act;
use serde_json::json;
use sha2::{Digest, Sha256};
use storage::{Result, Tx, params, sql};
use territory::Place;

use crate::catalogue::catalogue;
use crate::request::ServiceRequest;
use crate::submit::search_words;
use crate::{SUBJECT, search};

/// What was forgotten of one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    pub contact: bool,
    /// People who followed it or said "me too" with a number or an address.
    pub followers: u64,
    pub words: bool,
}

impl Erased {
    pub fn is_nothing(&self) -> bool {
        *self == Erased::default()
    }
}

/// Makes a request forget its reporter alone; those who follow it have their own say.
pub(crate) fn erase_reporter(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest) -> Result<Erased> {
    let contact = forget_contact(tx, request)?;
    let erased = Erased { contact, ..Erased::default() };
    register(tx, act, request, erased, "", None)?;
    Ok(erased)
}

fn forget_contact(tx: &mut Tx<'_>, request: &ServiceRequest) -> Result<bool> {
    let gone = tx.execute(
        sql!("DELETE FROM request_contacts WHERE jurisdiction_id = $1 AND request_id = $2"),
        &params![request.jurisdiction, request.id.0],
    )?;
    Ok(gone > 0)
}

/// Makes a request forget people, words or both. Its place on the map and in the city's figures stays.
pub(crate) fn erase(
    tx: &mut Tx<'_>,
    act: &Act,
    request: &ServiceRequest,
    people: bool,
    words: bool,
    run: Option<i64>,
) -> Result<Erased> {
    let mut erased = Erased::default();
    let (jurisdiction, id) = (request.jurisdiction, request.id.0);
    if people {
        erased.contact = forget_contact(tx, request)?;
        // They still count as people who stand behind it; who they are is gone.
        erased.followers = tx.execute(
            sql!(
                "UPDATE request_followers SET contact = 'forgotten:' || CAST(id AS TEXT), words = ''
                 WHERE jurisdiction_id = $1 AND request_id = $2 AND contact NOT LIKE 'forgotten:%'"
            ),
            &params![jurisdiction, id],
        )?;
    }
    let mut hash = String::new();
    if words && has_words(tx, request)? {
        hash = hash_of(&request.words);
        forget_words(tx, act, request)?;
        erased.words = true;
    }
    register(tx, act, request, erased, &hash, run)?;
    Ok(erased)
}

/// Writes the register and the fact; nothing forgotten is nothing to write.
fn register(
    tx: &mut Tx<'_>,
    act: &Act,
    request: &ServiceRequest,
    erased: Erased,
    hash: &str,
    run: Option<i64>,
) -> Result<()> {
    if erased.is_nothing() {
        return Ok(());
    }
    let followers = i64::try_from(erased.followers).unwrap_or(i64::MAX);
    tx.execute(
        sql!(
            "INSERT INTO anonymised (jurisdiction_id, request_id, id, at, run_id, contact, followers, words, words_hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        &params![
            request.jurisdiction,
            request.id.0,
            act.new_id(),
            act.at.0,
            run,
            erased.contact,
            followers,
            erased.words,
            hash
        ],
    )?;
    let mut payload = json!({ "contact": erased.contact, "followers": followers });
    if let (true, Some(map)) = (erased.words, payload.as_object_mut()) {
        map.insert("words_hash".into(), hash.into());
    }
    act.record(tx, request.jurisdiction, SUBJECT, request.id.0, "anonymised", payload.to_string());
    Ok(())
}

fn has_words(tx: &mut Tx<'_>, request: &ServiceRequest) -> Result<bool> {
    if !(request.words.is_empty() && request.address.is_empty() && request.answers.is_empty()) {
        return Ok(true);
    }
    let notes: Option<i64> = tx.value(
        sql!(
            "SELECT CAST(1 AS BIGINT) FROM request_notes WHERE jurisdiction_id = $1 AND request_id = $2 AND text <> '' LIMIT 1"
        ),
        &params![request.jurisdiction, request.id.0],
    )?;
    Ok(notes.is_some())
}

fn forget_words(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest) -> Result<()> {
    let (jurisdiction, id) = (request.jurisdiction, request.id);
    tx.execute(
        sql!(
            "UPDATE service_requests SET words = '', address = '', answers = '', status_note = '', updated_at = $3, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2"
        ),
        &params![jurisdiction, id.0, act.at.0],
    )?;
    tx.execute(
        sql!("UPDATE request_notes SET text = '' WHERE jurisdiction_id = $1 AND request_id = $2"),
        &params![jurisdiction, id.0],
    )?;
    if request.is_public {
        let catalogue = catalogue(tx, jurisdiction)?;
        let place =
            Place { district: request.district, neighbourhood: request.neighbourhood, ..Place::default() };
        let words = search_words(&catalogue, request.service, &place, "", "");
        search::put(tx, jurisdiction, id, &words)?;
    }
    Ok(())
}

pub(crate) fn hash_of(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}
