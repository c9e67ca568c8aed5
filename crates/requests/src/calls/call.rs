//! The row: one call as it stands now.

use calendar::Timestamp;
use storage::{Error, Result, Row, Tx, params, sql};

use crate::kinds::coded;
use crate::request::RequestId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub i64);

coded! {
    /// Where a call stands.
    CallState {
        Ringing = "ringing",
        Answered = "answered",
        /// Over, after somebody had answered.
        Ended = "ended",
        /// Over, and nobody had answered.
        Missed = "missed",
    }
}

impl CallState {
    /// What the times of a call say. Events may come in any order, so this is the only judge.
    pub fn of(answered_at: Option<Timestamp>, ended_at: Option<Timestamp>) -> CallState {
        match (answered_at, ended_at) {
            (Some(_), Some(_)) => CallState::Ended,
            (None, Some(_)) => CallState::Missed,
            (Some(_), None) => CallState::Answered,
            (None, None) => CallState::Ringing,
        }
    }
}

coded! {
    /// What became of a call, in the order in which an operator sees them.
    WrapUp {
        /// A new request.
        Registered = "registered",
        /// The caller joined what somebody else had reported.
        Joined = "joined",
        /// Something was added to the caller's own request.
        Added = "added",
        /// The caller heard how a request stands.
        StatusGiven = "status-given",
        /// A question was answered.
        Informed = "informed",
        /// It is not the city's: the caller was told whom to ask.
        ToldElsewhere = "told-elsewhere",
        /// The line broke; somebody should call back.
        CutOff = "cut-off",
        /// Nobody spoke.
        Silent = "silent",
        Nuisance = "nuisance",
        WrongNumber = "wrong-number",
    }
}

/// A call as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub jurisdiction: i64,
    pub id: CallId,
    /// The exchange's own name for it; none when an operator began it by hand.
    pub exchange_id: Option<String>,
    /// See [`super::clean_number`]; empty when the number was hidden.
    pub caller: String,
    pub extension: String,
    pub state: CallState,
    pub began_at: Timestamp,
    pub answered_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// The account of the operator whose call it is.
    pub account: Option<i64>,
    pub taken_at: Option<Timestamp>,
    pub request: Option<RequestId>,
    pub wrap_up: Option<WrapUp>,
    pub wrapped_at: Option<Timestamp>,
    pub called_back_at: Option<Timestamp>,
    /// What was typed so far, as the door wrote it.
    pub draft: String,
}

impl Call {
    /// How long it took, from the first word to the wrap-up. None while it goes on.
    pub fn handling_millis(&self) -> Option<i64> {
        let from = self.answered_at.or(self.taken_at)?;
        Some((self.wrapped_at?.0 - from.0).max(0))
    }

    pub fn is_open(&self) -> bool {
        self.wrapped_at.is_none()
    }

    pub(super) fn from_row(row: &Row<'_>) -> Result<Call> {
        let time = |column| Ok::<_, Error>(row.get::<Option<i64>>(column)?.map(Timestamp));
        Ok(Call {
            jurisdiction: row.get(0)?,
            id: CallId(row.get(1)?),
            exchange_id: row.get(2)?,
            caller: row.get(3)?,
            extension: row.get(4)?,
            state: CallState::parse(&row.get::<String>(5)?)
                .ok_or_else(|| Error::corrupt("a call in an unknown state"))?,
            began_at: Timestamp(row.get(6)?),
            answered_at: time(7)?,
            ended_at: time(8)?,
            account: row.get(9)?,
            taken_at: time(10)?,
            request: row.get::<Option<i64>>(11)?.map(RequestId),
            wrap_up: WrapUp::parse(&row.get::<String>(12)?),
            wrapped_at: time(13)?,
            called_back_at: time(14)?,
            draft: row.get(15)?,
        })
    }
}

/// The columns in the order that [`Call::from_row`] reads them.
macro_rules! columns {
    () => {
        "jurisdiction_id, id, exchange_id, caller, extension, state, began_at, answered_at, ended_at, account_id, taken_at, \
         request_id, wrap_up, wrapped_at, called_back_at, draft"
    };
}
pub(super) use columns;

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: CallId) -> Result<Option<Call>> {
    tx.query_opt(
        sql!(concat!("SELECT ", columns!(), " FROM calls WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id.0],
        Call::from_row,
    )
}

pub(super) fn by_exchange(tx: &mut Tx<'_>, jurisdiction: i64, exchange_id: &str) -> Result<Option<Call>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM calls WHERE jurisdiction_id = $1 AND exchange_id = $2 AND exchange_id IS NOT NULL"
        )),
        &params![jurisdiction, exchange_id],
        Call::from_row,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_say_where_a_call_stands() {
        let at = Some(Timestamp(1));
        let check = |answered, ended, state| assert_eq!(CallState::of(answered, ended), state);
        check(None, None, CallState::Ringing);
        check(at, None, CallState::Answered);
        check(at, at, CallState::Ended);
        check(None, at, CallState::Missed);
    }
}
