//! An operator sits down at a telephone, takes calls, types, and wraps each of them up.
//!
//! A call belongs to one operator. Only they write its draft and say what became of it; a supervisor reads figures,
//! not drafts. Several calls of one operator may be open at once: the one before the last was cut off, or waits
//! while a second one rings.

use language::display;
use people::{Act, Denied, Permission, permissions::Where};
use storage::{Result, Tx, params, sql};

use super::call::{self, Call, CallId, WrapUp, columns};
use super::{CallError, CallRefusal, SUBJECT, number};
use crate::request::RequestId;
use crate::submit::json;

const MOST_EXTENSION: usize = 20;
/// Words, address, answers and room around them, in bytes.
const MOST_DRAFT: usize = 64 * 1024;
/// Calls that one operator may have open; more are a fault of the exchange.
const MOST_OPEN: u32 = 20;
/// A call that rang and was never taken is nobody's after this, in milliseconds.
const STALE: i64 = 12 * 3_600_000;

/// Says at which telephone somebody sits. Whoever sat there before does so no more.
pub fn sit(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, extension: &str) -> Result<String, CallError> {
    let account = operator(act, jurisdiction)?;
    let extension = clean_extension(extension)?;
    if extension.is_empty() {
        return Err(CallRefusal::ExtensionWrong.into());
    }
    tx.execute(
        sql!("DELETE FROM call_seats WHERE jurisdiction_id = $1 AND (account_id = $2 OR extension = $3)"),
        &params![jurisdiction, account, &extension],
    )?;
    tx.execute(
        sql!(
            "INSERT INTO call_seats (jurisdiction_id, account_id, extension, since) VALUES ($1, $2, $3, $4)"
        ),
        &params![jurisdiction, account, &extension, act.at.0],
    )?;
    let told = json(&serde_json::json!({ "extension": extension, "account": account }))?;
    act.record(tx, jurisdiction, SUBJECT, account, "sat-down", told);
    Ok(extension)
}

/// Leaves the telephone: calls that come there are nobody's until somebody sits down.
pub fn stand_up(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<(), CallError> {
    let account = operator(act, jurisdiction)?;
    tx.execute(
        sql!("DELETE FROM call_seats WHERE jurisdiction_id = $1 AND account_id = $2"),
        &params![jurisdiction, account],
    )?;
    Ok(())
}

/// The extension of an operator, if they sit at one.
pub fn extension_of(tx: &mut Tx<'_>, jurisdiction: i64, account: i64) -> Result<Option<String>> {
    tx.value(
        sql!("SELECT extension FROM call_seats WHERE jurisdiction_id = $1 AND account_id = $2"),
        &params![jurisdiction, account],
    )
}

/// Who sits at an extension.
pub(super) fn account_at(tx: &mut Tx<'_>, jurisdiction: i64, extension: &str) -> Result<Option<i64>> {
    if extension.is_empty() {
        return Ok(None);
    }
    tx.value(
        sql!("SELECT account_id FROM call_seats WHERE jurisdiction_id = $1 AND extension = $2"),
        &params![jurisdiction, extension],
    )
}

/// An extension as exchanges write it: up to 20 ASCII digits, letters, `-`, `_` and `/`.
pub(super) fn clean_extension(typed: &str) -> Result<String, CallRefusal> {
    let extension = language::digits::to_ascii(&display::clean_line(typed));
    let fits = extension.len() <= MOST_EXTENSION
        && extension.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_/".contains(&b));
    if fits { Ok(extension) } else { Err(CallRefusal::ExtensionWrong) }
}

/// Begins a call that the exchange said nothing of: somebody at the counter, or a line without an exchange. `caller`
/// may be empty.
pub fn begin(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, caller: &str) -> Result<Call, CallError> {
    let account = operator(act, jurisdiction)?;
    let extension = extension_of(tx, jurisdiction, account)?.unwrap_or_default();
    let id = CallId(act.new_id());
    tx.execute(
        sql!(
            "INSERT INTO calls (jurisdiction_id, id, caller, extension, state, began_at, answered_at, account_id, taken_at)
             VALUES ($1, $2, $3, $4, 'answered', $5, $5, $6, $5)"
        ),
        &params![jurisdiction, id.0, &number::clean(caller), &extension, act.at.0, account],
    )?;
    let told = json(&serde_json::json!({ "extension": extension, "account": account }))?;
    act.record(tx, jurisdiction, SUBJECT, id.0, "begun", told);
    call::by_id(tx, jurisdiction, id)?.ok_or_else(|| storage::Error::Conflict.into())
}

/// Takes a call that is nobody's yet, or that already is this operator's.
pub fn take(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: CallId) -> Result<Call, CallError> {
    let account = operator(act, jurisdiction)?;
    let taken = tx.execute(
        sql!(
            "UPDATE calls SET account_id = $3, taken_at = $4
             WHERE jurisdiction_id = $1 AND id = $2 AND account_id IS NULL AND wrapped_at IS NULL"
        ),
        &params![jurisdiction, id.0, account, act.at.0],
    )?;
    if taken == 1 {
        act.record(
            tx,
            jurisdiction,
            SUBJECT,
            id.0,
            "taken",
            json(&serde_json::json!({ "account": account }))?,
        );
    }
    own(tx, act, jurisdiction, id)
}

/// The open calls of an operator, the newest first. Calls that rang and were never answered leave it by themselves.
pub fn mine(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Vec<Call>, CallError> {
    let account = operator(act, jurisdiction)?;
    Ok(tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM calls WHERE jurisdiction_id = $1 AND account_id = $2 AND wrapped_at IS NULL
                 AND (state = 'answered' OR state = 'ended' OR draft <> '' OR (state = 'ringing' AND began_at > $3))
             ORDER BY id DESC LIMIT $4"
        )),
        &params![jurisdiction, account, act.at.0 - STALE, MOST_OPEN],
        Call::from_row,
    )?)
}

/// Keeps what was typed so far with its call.
pub fn keep_draft(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CallId,
    draft: &str,
) -> Result<(), CallError> {
    let account = operator(act, jurisdiction)?;
    if draft.len() > MOST_DRAFT {
        return Err(CallRefusal::DraftTooLong.into());
    }
    let kept = tx.execute(
        sql!(
            "UPDATE calls SET draft = $4 WHERE jurisdiction_id = $1 AND id = $2 AND account_id = $3 AND wrapped_at IS NULL"
        ),
        &params![jurisdiction, id.0, account, draft],
    )?;
    if kept == 1 { Ok(()) } else { Err(CallRefusal::NotFound.into()) }
}

/// Says what became of a call. Saying it again corrects it; the time of the first word stays.
pub fn wrap_up(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CallId,
    code: WrapUp,
) -> Result<Call, CallError> {
    wrap(tx, act, jurisdiction, id, code, None)
}

pub(super) fn wrap(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CallId,
    code: WrapUp,
    answer: Option<&str>,
) -> Result<Call, CallError> {
    let call = own(tx, act, jurisdiction, id)?;
    if call.wrap_up == Some(code) {
        return Ok(call);
    }
    tx.execute_one(
        sql!(
            "UPDATE calls SET wrap_up = $3, wrapped_at = COALESCE(wrapped_at, $4), draft = '',
                 answered_at = COALESCE(answered_at, taken_at), state = CASE WHEN ended_at IS NULL THEN 'answered' ELSE 'ended' END
             WHERE jurisdiction_id = $1 AND id = $2"
        ),
        &params![jurisdiction, id.0, code.code(), act.at.0],
    )?;
    let told = serde_json::json!({
        "wrap_up": code.code(), "account": call.account, "request": call.request.map(|r| r.0), "answer": answer,
    });
    act.record(tx, jurisdiction, SUBJECT, id.0, "wrapped-up", json(&told)?);
    call::by_id(tx, jurisdiction, id)?.ok_or_else(|| storage::Error::Conflict.into())
}

/// Ties a call to the request that came of it, in the transaction that made it.
pub(super) fn tie(tx: &mut Tx<'_>, jurisdiction: i64, call: &Call, request: RequestId) -> Result<()> {
    tx.execute_one(
        sql!("UPDATE calls SET request_id = $3 WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, call.id.0, request.0],
    )
}

/// A call of this operator that is not wrapped up.
pub(super) fn open(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: CallId) -> Result<Call, CallError> {
    let call = own(tx, act, jurisdiction, id)?;
    if call.is_open() { Ok(call) } else { Err(CallRefusal::Wrapped.into()) }
}

/// A call of this operator. Somebody else's is not there.
pub(super) fn own(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: CallId) -> Result<Call, CallError> {
    let account = operator(act, jurisdiction)?;
    call::by_id(tx, jurisdiction, id)?
        .filter(|call| call.account == Some(account))
        .ok_or_else(|| CallRefusal::NotFound.into())
}

/// The account of whoever may take calls.
pub(super) fn operator(act: &Act, jurisdiction: i64) -> Result<i64, Denied> {
    act.require(Permission::TakeCalls, Where::city(jurisdiction))?;
    act.by.account().ok_or(Denied { role: act.by.role(), permission: Permission::TakeCalls })
}
