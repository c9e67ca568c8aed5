//! Nobody answered: whom to call back, and when their number is forgotten.

use calendar::Timestamp;
use people::{Act, Chore, first_id_at};
use storage::{Result, Tx, params, sql};

use super::call::{self, Call, CallId, columns};
use super::{CallError, CallRefusal, SUBJECT, take};
use crate::submit::json;

/// Whoever has not been called back after a day has called again or given up.
const HOURS: i64 = 24;
const MOST_SHOWN: u32 = 50;

/// Days after which the number of a caller is taken out of its row. What they reported keeps its own contact and its
/// own rules.
pub const FORGOTTEN_AFTER_DAYS: i64 = 90;

/// Missed calls of the last day with a number, the longest waiting first. Whoever got through later, or was called
/// back from any desk, is not among them; somebody who tried several times stands there once.
pub fn missed(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Vec<Call>, CallError> {
    take::operator(act, jurisdiction)?;
    let since = Timestamp(act.at.0 - HOURS * 3_600_000);
    Ok(tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM calls
             WHERE jurisdiction_id = $1 AND state = 'missed' AND called_back_at IS NULL AND caller <> '' AND id >= $2
                 AND NOT EXISTS (SELECT 1 FROM calls later WHERE later.jurisdiction_id = $1 AND later.caller = calls.caller
                     AND later.caller <> '' AND later.id > calls.id)
             ORDER BY id LIMIT $3"
        )),
        &params![jurisdiction, first_id_at(since), MOST_SHOWN],
        Call::from_row,
    )?)
}

/// An operator calls a missed caller back: the missed call leaves the list of every desk, and a new one begins.
/// Two operators cannot both take it.
pub fn call_back(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: CallId) -> Result<Call, CallError> {
    let account = take::operator(act, jurisdiction)?;
    let missed = call::by_id(tx, jurisdiction, id)?.ok_or(CallRefusal::NotFound)?;
    let taken = tx.execute(
        sql!(
            "UPDATE calls SET called_back_at = $3
             WHERE jurisdiction_id = $1 AND id = $2 AND state = 'missed' AND called_back_at IS NULL"
        ),
        &params![jurisdiction, id.0, act.at.0],
    )?;
    if taken == 0 {
        return Err(CallRefusal::NotFound.into());
    }
    act.record(
        tx,
        jurisdiction,
        SUBJECT,
        id.0,
        "called-back",
        json(&serde_json::json!({ "account": account }))?,
    );
    take::begin(tx, act, jurisdiction, &missed.caller)
}

pub const CHORE: Chore = Chore { name: "calls-forget", every: 3_600_000, at_once: 500, run: forget };

/// Takes numbers and drafts out of old calls. Returns how many.
fn forget(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, most: u32) -> Result<usize> {
    let before = first_id_at(Timestamp(act.at.0 - FORGOTTEN_AFTER_DAYS * 86_400_000));
    let old = tx.query(
        sql!(
            "SELECT id FROM calls WHERE jurisdiction_id = $1 AND id < $2 AND (caller <> '' OR draft <> '')
             ORDER BY id LIMIT $3"
        ),
        &params![jurisdiction, before, most],
        |row| row.get::<i64>(0),
    )?;
    for id in &old {
        tx.execute(
            sql!("UPDATE calls SET caller = '', draft = '' WHERE jurisdiction_id = $1 AND id = $2"),
            &params![jurisdiction, *id],
        )?;
    }
    Ok(old.len())
}
