//! An organisation outside was asked: by when it answers, who is reminded, and what it said.
//!
//! The request stands with the organisation, and the unit that asked follows it: it sees it, is reminded of it once
//! the answer is late, and has it back with the answer. An organisation without accounts answers by a link that
//! opens this one request for a while.

use calendar::Timestamp;
use people::units::UnitKind;
use people::{Act, Actor, Chore, Permission, Where};
use sha2::{Digest, Sha256};
use storage::{Result, Row, Tx, params, sql};

use super::photos;
use super::step::{self, WorkError};
use crate::catalogue::catalogue;
use crate::moves::{self, Step};
use crate::reply::Stage;
use crate::request::{RequestId, ServiceRequest};
use crate::rules::MOST_WORDS;
use crate::{PhotoRef, SUBJECT, Status, find, notes};

/// Reminds of answers that are late.
pub const CHORE: Chore = Chore { name: "requests-referrals", every: 300_000, at_once: 200, run: remind };

/// How long a link opens its request, in milliseconds: thirty days.
pub const LINK_MILLIS: i64 = 30 * 86_400_000;

/// An organisation was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    pub request: RequestId,
    pub id: i64,
    /// The unit that asked and has the request back with the answer.
    pub from_unit: Option<i64>,
    pub to_unit: i64,
    pub at: Timestamp,
    pub due_at: Timestamp,
    pub reminded_at: Option<Timestamp>,
    pub answered_at: Option<Timestamp>,
    /// Until when a link answers it, where one was made.
    pub link_until: Option<Timestamp>,
}

macro_rules! columns {
    () => {
        "request_id, id, from_unit_id, to_unit_id, at, due_at, reminded_at, answered_at, link_until"
    };
}

fn read(row: &Row<'_>) -> Result<Referral> {
    let time = |column| Ok::<_, storage::Error>(row.get::<Option<i64>>(column)?.map(Timestamp));
    Ok(Referral {
        request: RequestId(row.get(0)?),
        id: row.get(1)?,
        from_unit: row.get(2)?,
        to_unit: row.get(3)?,
        at: Timestamp(row.get(4)?),
        due_at: Timestamp(row.get(5)?),
        reminded_at: time(6)?,
        answered_at: time(7)?,
        link_until: time(8)?,
    })
}

/// Refers a request to a unit outside the municipality and says by when an answer is due.
pub fn refer(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    seen: i64,
    unit: i64,
    words: &str,
    due_at: Timestamp,
) -> Result<(), WorkError> {
    let request = step::open(tx, act, jurisdiction, id, Some(seen))?;
    let catalogue = catalogue(tx, jurisdiction)?;
    match catalogue.unit(unit).map(|unit| unit.kind) {
        None => return Err(WorkError::UnitUnknown),
        Some(UnitKind::External) => {}
        Some(_) => return Err(WorkError::UnitNotExternal),
    }
    if due_at <= act.at {
        return Err(WorkError::DueWrong);
    }
    let step = Step::to(Status::ReferredOutside).saying(words).with(unit);
    moves::make(tx, act, jurisdiction, id, &step)?;
    tx.execute(
        sql!(
            "INSERT INTO request_referrals (jurisdiction_id, request_id, id, from_unit_id, to_unit_id, by_account, at, due_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &params![
            jurisdiction,
            id.0,
            act.new_id(),
            request.unit.or(act.by.unit()),
            unit,
            act.by.account(),
            act.at.0,
            due_at.0
        ],
    )?;
    Ok(())
}

/// The referral of a request that waits for an answer.
pub fn waiting(tx: &mut Tx<'_>, request: &ServiceRequest) -> Result<Option<Referral>> {
    if request.status != Status::ReferredOutside {
        return Ok(None);
    }
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM request_referrals WHERE jurisdiction_id = $1 AND request_id = $2 AND answered_at IS NULL
              ORDER BY id DESC LIMIT 1"
        )),
        &params![request.jurisdiction, request.id.0],
        read,
    )
}

/// Every referral of a request, the first first.
pub fn of(tx: &mut Tx<'_>, request: &ServiceRequest) -> Result<Vec<Referral>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM request_referrals WHERE jurisdiction_id = $1 AND request_id = $2 ORDER BY id LIMIT 100"
        )),
        &params![request.jurisdiction, request.id.0],
        read,
    )
}

/// Writes down what the organisation said; the request goes back to the unit that asked.
pub fn answer(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    words: &str,
) -> Result<(), WorkError> {
    let request = step::open(tx, act, jurisdiction, id, None)?;
    let referral = waiting(tx, &request)?.ok_or(WorkError::NothingReferred)?;
    let asked = Where { unit: referral.from_unit, ..request.place() };
    if act.require(Permission::Work, request.place()).is_err() {
        act.require(Permission::Assign, asked)?;
    }
    come_back(tx, act, &request, &referral, words)
}

fn come_back(
    tx: &mut Tx<'_>,
    act: &Act,
    request: &ServiceRequest,
    referral: &Referral,
    words: &str,
) -> Result<(), WorkError> {
    let clean = language::display::clean_text(words);
    if clean.is_empty() {
        return Err(WorkError::WordsMissing);
    }
    if clean.chars().count() > MOST_WORDS {
        return Err(WorkError::WordsTooLong { most: MOST_WORDS });
    }
    let ours = Act { by: Actor::System("referral"), ..act.clone() };
    // What an organisation writes is for colleagues until one of them has read it.
    notes::note(tx, &ours, request.jurisdiction, request.id, &clean, true)?;
    tx.execute_one(
        sql!(
            "UPDATE request_referrals SET answered_at = $4, link_hash = ''
             WHERE jurisdiction_id = $1 AND request_id = $2 AND id = $3 AND answered_at IS NULL"
        ),
        &params![request.jurisdiction, request.id.0, referral.id, act.at.0],
    )?;
    let back = Step { unit: referral.from_unit, ..Step::to(Status::Assigned) };
    moves::make(tx, &ours, request.jurisdiction, request.id, &back)?;
    act.record(tx, request.jurisdiction, SUBJECT, request.id.0, "referral-answered", "{}".into());
    Ok(())
}

/// Makes the link by which the organisation answers without an account. The text is told once; an earlier link of the
/// same referral opens nothing any more.
pub fn link(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: RequestId) -> Result<String, WorkError> {
    let request = step::open(tx, act, jurisdiction, id, None)?;
    let referral = waiting(tx, &request)?.ok_or(WorkError::NothingReferred)?;
    if act.require(Permission::Assign, request.place()).is_err() {
        act.require(Permission::Assign, Where { unit: referral.from_unit, ..request.place() })?;
    }
    let token = hex(&act.dice.bytes());
    tx.execute_one(
        sql!(
            "UPDATE request_referrals SET link_hash = $4, link_until = $5
             WHERE jurisdiction_id = $1 AND request_id = $2 AND id = $3"
        ),
        &params![jurisdiction, id.0, referral.id, &hash(&token), act.at.0 + LINK_MILLIS],
    )?;
    act.record(tx, jurisdiction, SUBJECT, id.0, "referral-link-made", "{}".into());
    Ok(token)
}

/// The request that a link opens; none when the link is unknown, too old, or answered.
pub fn by_link(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    token: &str,
    now: Timestamp,
) -> Result<Option<(ServiceRequest, Referral)>> {
    if token.len() != 64 || !token.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let referral = tx.query_opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM request_referrals WHERE jurisdiction_id = $1 AND link_hash = $2 AND link_hash <> ''
              AND link_until > $3 AND answered_at IS NULL"
        )),
        &params![jurisdiction, &hash(token), now.0],
        read,
    )?;
    let Some(referral) = referral else { return Ok(None) };
    let request = find::by_id(tx, jurisdiction, referral.request)?;
    Ok(request.filter(|r| r.status == Status::ReferredOutside).map(|request| (request, referral)))
}

/// The organisation answers by its link, with words and perhaps pictures of what was done.
pub fn answer_by_link(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    token: &str,
    words: &str,
    pictures: &[PhotoRef],
) -> Result<RequestId, WorkError> {
    let (request, referral) = by_link(tx, jurisdiction, token, act.at)?.ok_or(WorkError::NotFound)?;
    come_back(tx, act, &request, &referral, words)?;
    let request = find::by_id(tx, jurisdiction, request.id)?.ok_or(WorkError::NotFound)?;
    let ours = Act { by: Actor::System("referral"), ..act.clone() };
    photos::keep(tx, &ours, &request, Stage::After, pictures)?;
    Ok(request.id)
}

/// Says once of each answer that is late that it is. Returns how many.
pub fn remind(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, most: u32) -> Result<usize> {
    let late = tx.query(
        sql!(
            "SELECT request_id, id FROM request_referrals
             WHERE jurisdiction_id = $1 AND due_at < $2 AND answered_at IS NULL AND reminded_at IS NULL
             ORDER BY due_at, id LIMIT $3"
        ),
        &params![jurisdiction, act.at.0, most],
        |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)),
    )?;
    for (request, id) in &late {
        tx.execute_one(
            sql!(
                "UPDATE request_referrals SET reminded_at = $4
                 WHERE jurisdiction_id = $1 AND request_id = $2 AND id = $3 AND reminded_at IS NULL"
            ),
            &params![jurisdiction, *request, *id, act.at.0],
        )?;
        // One that went on without an answer is not waited for any more.
        let request = RequestId(*request);
        if find::by_id(tx, jurisdiction, request)?.is_some_and(|r| r.status == Status::ReferredOutside) {
            act.record(tx, jurisdiction, SUBJECT, request.0, "referral-reminded", "{}".into());
        }
    }
    Ok(late.len())
}

fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
