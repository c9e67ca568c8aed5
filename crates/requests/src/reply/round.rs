//! One answer and what became of it.
//!
//! A round begins when the city answers or declines and ends when the citizen replies, when their time is over, or when
//! staff move the request on before that. The row is taken by an update that names what it was, so that of two replies
//! at once one wins.

use calendar::Timestamp;
use people::Act;
use storage::{Result, Row, Tx, params, sql};

use super::{How, settings};
use crate::Status;
use crate::feedback::{self, Answered};
use crate::kinds::coded;
use crate::request::{RequestId, ServiceRequest};

const DAY: i64 = 86_400_000;

coded! {
    /// What the citizen said to an answer.
    Reply {
        /// Nothing yet.
        Waiting = "waiting",
        /// It is done: 31.
        Accepted = "accepted",
        /// It is not done: 33.
        Objected = "objected",
        /// Nothing until the end.
        Unconfirmed = "unconfirmed",
        /// The city moved on before the citizen spoke.
        Settled = "settled",
    }
}

/// One answer of the city and the citizen's word on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    pub request: RequestId,
    /// 1 for the first answer.
    pub number: i64,
    /// Answered or declined.
    pub outcome: Status,
    pub answered_at: Timestamp,
    /// The unit that answered; it keeps the answer when the request moves on.
    pub unit: Option<i64>,
    pub district: Option<i64>,
    /// Until when the citizen may reply.
    pub until: Timestamp,
    pub reply: Reply,
    pub how: Option<How>,
    pub replied_at: Option<Timestamp>,
    /// What an inspector decided about the objection, when one did.
    pub decided_at: Option<Timestamp>,
    pub(super) jurisdiction: i64,
    pub(super) tries: i64,
}

macro_rules! columns {
    () => {
        "request_id, round, outcome, answered_at, unit_id, district_id, until, reply, how, replied_at, decided_at, \
         jurisdiction_id, tries"
    };
}

impl Round {
    /// The citizen may still say something at this moment.
    pub fn is_waiting(&self, now: Timestamp) -> bool {
        self.reply == Reply::Waiting && now <= self.until
    }

    /// What the journal is told for the figures.
    pub(crate) fn counted(&self, tx: &mut Tx<'_>) -> Result<Answered> {
        let atlas = territory::atlas(tx, self.jurisdiction)?;
        let month = feedback::month_of(&atlas, self.answered_at);
        Ok(Answered { month, unit: self.unit, district: self.district, rating: None })
    }

    fn from_row(row: &Row<'_>) -> Result<Self> {
        let wrong = |what| storage::Error::corrupt(format_args!("a round with an unknown {what}"));
        Ok(Round {
            request: RequestId(row.get(0)?),
            number: row.get(1)?,
            outcome: Status::parse(&row.get::<String>(2)?).ok_or_else(|| wrong("outcome"))?,
            answered_at: Timestamp(row.get(3)?),
            unit: row.get(4)?,
            district: row.get(5)?,
            until: Timestamp(row.get(6)?),
            reply: Reply::parse(&row.get::<String>(7)?).ok_or_else(|| wrong("reply"))?,
            how: How::parse(&row.get::<String>(8)?),
            replied_at: row.get::<Option<i64>>(9)?.map(Timestamp),
            decided_at: row.get::<Option<i64>>(10)?.map(Timestamp),
            jurisdiction: row.get(11)?,
            tries: row.get(12)?,
        })
    }
}

/// The last round of a request; none when it was never answered here.
pub fn last(tx: &mut Tx<'_>, request: &ServiceRequest) -> Result<Option<Round>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM request_replies WHERE jurisdiction_id = $1 AND request_id = $2 ORDER BY round DESC LIMIT 1"
        )),
        &params![request.jurisdiction, request.id.0],
        Round::from_row,
    )
}

/// Every round of a request, the first one first.
pub fn rounds(tx: &mut Tx<'_>, request: &ServiceRequest) -> Result<Vec<Round>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM request_replies WHERE jurisdiction_id = $1 AND request_id = $2 ORDER BY round LIMIT 200"
        )),
        &params![request.jurisdiction, request.id.0],
        Round::from_row,
    )
}

/// Those whose time is over and who said nothing, the oldest first.
pub(super) fn silent(tx: &mut Tx<'_>, jurisdiction: i64, now: Timestamp, most: u32) -> Result<Vec<Round>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM request_replies WHERE jurisdiction_id = $1 AND reply = 'waiting' AND until < $2
              ORDER BY until, request_id LIMIT $3"
        )),
        &params![jurisdiction, now.0, most],
        Round::from_row,
    )
}

/// What a move means for the rounds of its request: leaving an answer ends its round, giving one begins another.
/// Returns the round that began.
pub(crate) fn moved(
    tx: &mut Tx<'_>,
    act: &Act,
    before: &ServiceRequest,
    after: &ServiceRequest,
) -> Result<()> {
    let is_answer = |status| matches!(status, Status::Answered | Status::Declined);
    if is_answer(before.status) && before.status != after.status {
        tx.execute(
            sql!(
                "UPDATE request_replies SET reply = 'settled', replied_at = $3
                 WHERE jurisdiction_id = $1 AND request_id = $2 AND reply = 'waiting'"
            ),
            &params![before.jurisdiction, before.id.0, act.at.0],
        )?;
    }
    if before.with_inspector {
        decided(tx, act, before, "moved")?;
    }
    Ok(())
}

/// Begins the round of an answer that was just given, and may draw it for a feedback call.
pub(crate) fn begin(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest) -> Result<Answered> {
    let days = settings::of(tx, request.jurisdiction)?.days;
    let number = last(tx, request)?.map_or(1, |round| round.number + 1);
    let round = Round {
        request: request.id,
        number,
        outcome: request.status,
        answered_at: act.at,
        unit: request.unit,
        district: request.district,
        until: act.at.plus_millis(i64::from(days) * DAY),
        reply: Reply::Waiting,
        how: None,
        replied_at: None,
        decided_at: None,
        jurisdiction: request.jurisdiction,
        tries: 0,
    };
    tx.execute_one(
        sql!(
            "INSERT INTO request_replies (jurisdiction_id, request_id, round, outcome, answered_at, answered_by, unit_id, district_id, until)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        &params![
            request.jurisdiction, request.id.0, number, request.status.code(), act.at.0, &act.by.signature(), request.unit,
            request.district, round.until.0
        ],
    )?;
    super::link::draw_key(tx, act, request.jurisdiction)?;
    feedback::draw(tx, act, request, &round)?;
    round.counted(tx)
}

/// Gives the round its reply; false when another reply was there first.
pub(super) fn take(
    tx: &mut Tx<'_>,
    request: &ServiceRequest,
    number: i64,
    reply: Reply,
    how: How,
    at: Timestamp,
) -> Result<bool> {
    let taken = tx.execute(
        sql!(
            "UPDATE request_replies SET reply = $4, how = $5, replied_at = $6
             WHERE jurisdiction_id = $1 AND request_id = $2 AND round = $3 AND reply = 'waiting'"
        ),
        &params![request.jurisdiction, request.id.0, number, reply.code(), how.code(), at.0],
    )?;
    Ok(taken == 1)
}

/// Ends a round nobody replied to; false when somebody did.
pub(super) fn give_up(tx: &mut Tx<'_>, round: &Round, at: Timestamp) -> Result<bool> {
    let taken = tx.execute(
        sql!(
            "UPDATE request_replies SET reply = 'unconfirmed', replied_at = $4
             WHERE jurisdiction_id = $1 AND request_id = $2 AND round = $3 AND reply = 'waiting'"
        ),
        &params![round.jurisdiction, round.request.0, round.number, at.0],
    )?;
    Ok(taken == 1)
}

/// Writes down who decided the objection.
pub(super) fn decided(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest, decision: &str) -> Result<()> {
    tx.execute(
        sql!(
            "UPDATE request_replies SET decision = $3, decided_by = $4, decided_at = $5
             WHERE jurisdiction_id = $1 AND request_id = $2 AND reply = 'objected' AND decided_at IS NULL"
        ),
        &params![request.jurisdiction, request.id.0, decision, &act.by.signature(), act.at.0],
    )?;
    Ok(())
}

/// Counts a wrong guess of the reporter's number.
pub(super) fn guessed(tx: &mut Tx<'_>, round: &Round) -> Result<()> {
    tx.execute(
        sql!(
            "UPDATE request_replies SET tries = tries + 1 WHERE jurisdiction_id = $1 AND request_id = $2 AND round = $3"
        ),
        &params![round.jurisdiction, round.request.0, round.number],
    )?;
    Ok(())
}
