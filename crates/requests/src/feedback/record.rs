//! What was said in a feedback call.

use calendar::Timestamp;
use people::{Act, Denied, Permission};
use storage::{Tx, params, sql};

use super::settings;
use crate::find::Told;
use crate::kinds::coded;
use crate::reply::{self, How, ReplyError};
use crate::request::RequestId;
use crate::submit::json;
use crate::{SUBJECT, find};

/// The furthest a call may be put off, in milliseconds: a week.
const LATEST: i64 = 7 * 86_400_000;

coded! {
    /// How a call ended.
    Outcome {
        Reached = "reached",
        NoAnswer = "no-answer",
        WrongNumber = "wrong-number",
        /// They do not want to be asked.
        Refused = "refused",
        /// They asked to be called at another time.
        Later = "later",
    }
}

/// What the citizen says to the answer, in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedReply {
    Accept,
    Object { words: String },
}

/// What a caller writes down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub outcome: Outcome,
    /// From 1, not at all satisfied, to 5, very.
    pub satisfaction: Option<i64>,
    pub reply: Option<WantedReply>,
    /// When to call again, for [`Outcome::Later`].
    pub call_at: Option<Timestamp>,
}

#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("this call is not held by the one who records it, or no longer")]
    NotHeld,
    #[error("a mark is from 1 to 5, and only for those who were reached")]
    SatisfactionWrong,
    #[error("a reached citizen is asked for a mark")]
    SatisfactionMissing,
    #[error("the time of the next call is missing, past, or more than a week away")]
    TimeWrong,
    #[error(transparent)]
    Reply(#[from] ReplyError),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl RecordError {
    /// A stable code for programs and message keys; failures have none.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            RecordError::NotHeld => "feedback-not-held",
            RecordError::SatisfactionWrong | RecordError::SatisfactionMissing => "feedback-satisfaction",
            RecordError::TimeWrong => "feedback-time",
            RecordError::Reply(reply) => return reply.code(),
            RecordError::Denied(_) => "denied",
            RecordError::Failure(_) => return None,
        })
    }
}

/// Records a held call and gives it up. What the citizen said to the answer counts like a reply by SMS; that they had
/// replied already is no reason to lose the rest.
pub fn record(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    record: &Record,
) -> Result<(), RecordError> {
    let request = find::by_id(tx, jurisdiction, id)?.ok_or(RecordError::NotHeld)?;
    act.require(Permission::FeedbackCall, request.place())?;
    check(act, record)?;
    let held = tx.query_opt(
        sql!(
            "SELECT round, attempts FROM feedback_calls
             WHERE jurisdiction_id = $1 AND request_id = $2 AND is_waiting = 1 AND leased_by = $3 AND leased_until > $4
             ORDER BY round DESC LIMIT 1"
        ),
        &params![jurisdiction, id.0, &act.by.signature(), act.at.0],
        |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)),
    )?;
    let (number, attempts) = held.ok_or(RecordError::NotHeld)?;
    let settings = settings::of(tx, jurisdiction)?;
    let again = match record.outcome {
        Outcome::Later => record.call_at,
        Outcome::NoAnswer if attempts + 1 < i64::from(settings.most_attempts) => {
            Some(act.at.plus_hours(i64::from(settings.again_hours)))
        }
        _ => None,
    };
    let taken = tx.execute(
        sql!(
            "UPDATE feedback_calls SET is_waiting = $5, call_after = $6, attempts = attempts + 1, leased_by = '', leased_until = 0,
                 outcome = $7, satisfaction = $8, called_by = $4, called_at = $9
             WHERE jurisdiction_id = $1 AND request_id = $2 AND round = $3 AND is_waiting = 1 AND leased_by = $4"
        ),
        &params![
            jurisdiction, id.0, number, &act.by.signature(), again.is_some(), again.unwrap_or(act.at).0,
            record.outcome.code(), record.satisfaction, act.at.0
        ],
    )?;
    if taken != 1 {
        return Err(RecordError::NotHeld);
    }
    let rounds = reply::rounds(tx, &request)?;
    let round = rounds.iter().find(|round| round.number == number).ok_or(RecordError::NotHeld)?;
    if record.outcome == Outcome::Reached {
        let is_last = rounds.last().is_some_and(|last| last.number == number);
        if let Some(wanted) = record.reply.as_ref().filter(|_| is_last && round.is_waiting(act.at)) {
            match wanted {
                WantedReply::Accept => reply::accept(tx, act, jurisdiction, id, How::Call)?,
                WantedReply::Object { words } => reply::object(tx, act, jurisdiction, id, words, How::Call)?,
            };
        }
    }
    let mut counted = round.counted(tx)?;
    counted.rating = record.satisfaction;
    // Only calls that reached somebody are counted; the others are tries.
    let counted = (record.outcome == Outcome::Reached).then_some(counted);
    let told = Told { answered: counted, ..Told::default() };
    act.record(tx, jurisdiction, SUBJECT, id.0, "feedback-recorded", json(&told)?);
    Ok(())
}

fn check(act: &Act, record: &Record) -> Result<(), RecordError> {
    match (record.outcome, record.satisfaction) {
        (Outcome::Reached, None) => return Err(RecordError::SatisfactionMissing),
        (Outcome::Reached, Some(1..=5)) | (_, None) => {}
        _ => return Err(RecordError::SatisfactionWrong),
    }
    if record.outcome == Outcome::Later {
        let soon = record.call_at.is_some_and(|at| at > act.at && at.millis_since(act.at) <= LATEST);
        if !soon {
            return Err(RecordError::TimeWrong);
        }
    }
    Ok(())
}
