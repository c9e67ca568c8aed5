//! What the telephone exchange tells.
//!
//! An event says that a call began to ring, was answered, or ended, and when. It may come twice, late, or before the
//! one that should be first; times are joined and never taken back, so every order ends in the same row. An event
//! that changes nothing is answered like one that did, and no fact is recorded for it.

use calendar::Timestamp;
use people::{Act, Permission, permissions::Where};
use storage::{Tx, params, sql};

use super::call::{self, Call, CallId, CallState};
use super::take::{account_at, clean_extension};
use super::{CallError, CallRefusal, SUBJECT, number};
use crate::kinds::coded;
use crate::submit::json;

const MOST_ID: usize = 100;
/// An exchange whose clock is ahead may not date events further than this into the future, in milliseconds.
const AHEAD: i64 = 60_000;

coded! {
    /// What happened to a call.
    Happened { Ringing = "ringing", Answered = "answered", Ended = "ended" }
}

/// One event of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The exchange's own name for the call, the same in all its events.
    pub call: String,
    pub happened: Happened,
    /// When, as the exchange says; none for now.
    pub at: Option<Timestamp>,
    /// The caller's number as the exchange writes it; empty when it is hidden or was said before.
    pub caller: String,
    /// The telephone it rings at or was answered at; empty while it waits in the queue.
    pub extension: String,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    pub id: CallId,
    pub state: CallState,
    /// Something was not known before.
    pub changed: bool,
}

/// Takes in what the exchange tells about a call.
pub fn hear(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, event: &Event) -> Result<Heard, CallError> {
    act.require(Permission::TakeCalls, Where::city(jurisdiction))?;
    let exchange_id = event.call.trim();
    if exchange_id.is_empty() || exchange_id.len() > MOST_ID || exchange_id.chars().any(char::is_control) {
        return Err(CallRefusal::ExchangeIdWrong.into());
    }
    let extension = clean_extension(&event.extension)?;
    let at = event.at.map_or(act.at, |at| Timestamp(at.0.min(act.at.0 + AHEAD)));
    let begun = tx.execute(
        sql!(
            "INSERT INTO calls (jurisdiction_id, id, exchange_id, caller, extension, state, began_at)
             VALUES ($1, $2, $3, '', '', 'ringing', $4) ON CONFLICT DO NOTHING"
        ),
        &params![jurisdiction, act.new_id(), exchange_id, at.0],
    )?;
    let before = call::by_exchange(tx, jurisdiction, exchange_id)?.ok_or(storage::Error::Conflict)?;
    let mut call = joined(&before, event.happened, at, number::clean(&event.caller), extension);
    if call.account.is_none() && call.is_open() {
        call.account = account_at(tx, jurisdiction, &call.extension)?;
        call.taken_at = call.account.map(|_| act.at);
    }
    let changed = begun == 1 || call != before;
    if changed {
        store(tx, &call)?;
        let fact = match event.happened {
            Happened::Ringing => "rang",
            Happened::Answered => "picked-up",
            Happened::Ended if call.state == CallState::Missed => "missed",
            Happened::Ended => "ended",
        };
        // The extension is a desk, not a person; the number stays in its row.
        let told = serde_json::json!({ "extension": call.extension, "account": call.account });
        act.record(tx, jurisdiction, SUBJECT, call.id.0, fact, json(&told)?);
    }
    Ok(Heard { id: call.id, state: call.state, changed })
}

/// A call after an event: the earliest of each time counts, and who answered counts more than where it rang.
fn joined(before: &Call, happened: Happened, at: Timestamp, caller: String, extension: String) -> Call {
    let mut call = before.clone();
    let earliest = |known: Option<Timestamp>| Some(known.map_or(at, |known| known.min(at)));
    call.began_at = call.began_at.min(at);
    match happened {
        Happened::Ringing => {}
        Happened::Answered => call.answered_at = earliest(call.answered_at),
        Happened::Ended => call.ended_at = earliest(call.ended_at),
    }
    let decides = match happened {
        Happened::Answered => true,
        Happened::Ringing => call.answered_at.is_none(),
        Happened::Ended => call.extension.is_empty(),
    };
    if decides && !extension.is_empty() && call.extension != extension {
        call.extension = extension;
        // It rang at one desk and was answered at another: it belongs to whoever answered, unless somebody works on it.
        if call.draft.is_empty() && call.wrapped_at.is_none() {
            call.account = None;
            call.taken_at = None;
        }
    }
    if call.caller.is_empty() {
        call.caller = caller;
    }
    call.state = CallState::of(call.answered_at, call.ended_at);
    call
}

fn store(tx: &mut Tx<'_>, call: &Call) -> storage::Result<()> {
    tx.execute_one(
        sql!(
            "UPDATE calls SET caller = $3, extension = $4, state = $5, began_at = $6, answered_at = $7, ended_at = $8,
                 account_id = $9, taken_at = $10
             WHERE jurisdiction_id = $1 AND id = $2"
        ),
        &params![
            call.jurisdiction, call.id.0, &call.caller, &call.extension, call.state.code(), call.began_at.0,
            call.answered_at.map(|t| t.0), call.ended_at.map(|t| t.0), call.account, call.taken_at.map(|t| t.0),
        ],
    )
}

/// How many wait at the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueLength {
    pub waiting: i64,
    /// Seconds that the first of them has waited.
    pub seconds: i64,
}

/// Takes in how many wait. The last word counts; it is a figure, so no fact is recorded.
pub fn hear_queue(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    queue: QueueLength,
) -> Result<(), CallError> {
    act.require(Permission::TakeCalls, Where::city(jurisdiction))?;
    tx.execute(
        sql!(
            "INSERT INTO call_queues (jurisdiction_id, waiting, seconds, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (jurisdiction_id) DO UPDATE SET waiting = excluded.waiting, seconds = excluded.seconds, at = excluded.at
             WHERE excluded.at >= call_queues.at"
        ),
        &params![jurisdiction, queue.waiting.clamp(0, 100_000), queue.seconds.clamp(0, 86_400), act.at.0],
    )?;
    Ok(())
}
