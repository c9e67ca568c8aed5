//! The citizen's word on an answer: accept it (31) or object to it (33).
//!
//! "Closed" is not "fixed" until the person who asked says so. Each answer opens a *round*: until its end the reporter
//! may accept, which closes the request as confirmed, or object, which opens it again with a shorter promise and lays
//! it before the inspector, not before the unit that answered. Who says nothing is counted apart from both. One word
//! for each round: saying it again changes nothing, saying the other is refused.

mod escalate; // how soon an objection must be dealt with
mod evidence; // what an answer has to show
pub mod inspect; // objections, and what the inspector decides
mod link; // the signed address in a message
mod proof; // who may speak for the reporter
mod question; // the citizen answers what the city asked
mod round; // one answer and what became of it
mod settings; // what the city pack says
mod silence; // nobody said anything

pub use escalate::escalated;
pub use evidence::{Evidence, Stage};
pub(crate) use evidence::{is_owed as evidence_is_owed, keep as keep_photos};
pub use inspect::{Decision, Objection, decide, objections};
pub use link::link;
pub use proof::{Proof, Proved, prove};
pub use question::{answer_question, asked_of};
pub use round::{Reply, Round, last, rounds};
pub(crate) use round::{begin, moved};
pub use settings::Settings;
pub(crate) use settings::{part, put_part};
pub use silence::{CHORE, close_silent};

use language::{display, mobile};
use people::{Act, Denied, Permission};
use storage::{Tx, params, sql};

use crate::kinds::coded;
use crate::moves::{self, Change};
use crate::request::{RequestId, ServiceRequest};
use crate::rules::MOST_WORDS;
use crate::{Status, catalogue, find};

coded! {
    /// The way a reply came.
    How {
        Sms = "sms",
        Web = "web",
        /// Said to a colleague in a feedback call.
        Call = "call",
    }
}

/// What a reply did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It changed the request.
    Now,
    /// The same was said before; nothing changed.
    Before,
}

#[derive(Debug, thiserror::Error)]
pub enum ReplyError {
    #[error("there is no such request")]
    NotFound,
    #[error("nothing is asked of the citizen")]
    NotAsked,
    #[error("the time for a reply is over")]
    TooLate,
    #[error("another word was said before: {0:?}")]
    SaidOtherwise(Reply),
    #[error("an objection says what is not right")]
    WordsMissing,
    #[error("at most {most} characters")]
    WordsTooLong { most: usize },
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl ReplyError {
    /// A stable code for programs and message keys; failures have none.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            ReplyError::NotFound => "request-unknown",
            ReplyError::NotAsked => "reply-not-asked",
            ReplyError::TooLate => "reply-too-late",
            ReplyError::SaidOtherwise(Reply::Accepted) => "reply-accepted-before",
            ReplyError::SaidOtherwise(Reply::Objected) => "reply-objected-before",
            ReplyError::SaidOtherwise(_) => "reply-too-late",
            ReplyError::WordsMissing => "reply-words-missing",
            ReplyError::WordsTooLong { .. } => "words-too-long",
            ReplyError::Denied(_) => "denied",
            ReplyError::Failure(_) => return None,
        })
    }
}

/// Answered requests of this number that wait for a reply, newest answer first. `number` may be written in any way.
pub fn awaiting(tx: &mut Tx<'_>, jurisdiction: i64, number: &str) -> storage::Result<Vec<RequestId>> {
    let Ok(number) = mobile::parse(number) else { return Ok(Vec::new()) };
    tx.query(
        sql!(
            "SELECT r.request_id FROM request_contacts c
             JOIN request_replies r ON r.jurisdiction_id = c.jurisdiction_id AND r.request_id = c.request_id AND r.reply = 'waiting'
             WHERE c.jurisdiction_id = $1 AND c.mobile = $2 AND c.mobile <> ''
             ORDER BY r.answered_at DESC, r.request_id DESC LIMIT 50"
        ),
        &params![jurisdiction, &number],
        |row| Ok(RequestId(row.get(0)?)),
    )
}

/// The citizen accepts the answer: the request is closed as confirmed. The door has made sure who speaks (see
/// [`prove`] and [`awaiting`]); in a call it is a colleague who may make them.
pub fn accept(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    how: How,
) -> Result<Said, ReplyError> {
    let (request, round) = match asked(tx, act, jurisdiction, id, Reply::Accepted, how)? {
        Ok(waiting) => waiting,
        Err(said) => return Ok(said),
    };
    if !round::take(tx, &request, round.number, Reply::Accepted, how, act.at)? {
        return lost(tx, &request, Reply::Accepted);
    }
    let counted = round.counted(tx)?;
    moves::change(tx, act, &request, &Change::of(&request, Status::Closed), "accepted", Some(counted))?;
    Ok(Said::Now)
}

/// The citizen objects: the request is open again with a shorter promise, and the inspector has it. Who answers an SMS
/// with a bare 33 owes no words; everybody else says what is not right.
pub fn object(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    words: &str,
    how: How,
) -> Result<Said, ReplyError> {
    let (request, round) = match asked(tx, act, jurisdiction, id, Reply::Objected, how)? {
        Ok(waiting) => waiting,
        Err(said) => return Ok(said),
    };
    let words = display::clean_text(words);
    if words.is_empty() && how != How::Sms {
        return Err(ReplyError::WordsMissing);
    }
    if words.chars().count() > MOST_WORDS {
        return Err(ReplyError::WordsTooLong { most: MOST_WORDS });
    }
    if !round::take(tx, &request, round.number, Reply::Objected, how, act.at)? {
        return lost(tx, &request, Reply::Objected);
    }
    let service = catalogue(tx, jurisdiction)?.service(request.service).cloned();
    let at_most = settings::of(tx, jurisdiction)?.objection_at_most;
    let target = escalated(service.as_ref(), request.priority, at_most);
    let change = Change {
        clock: Some(calendar::Clock::start(act.at, target)),
        with_inspector: true,
        words: &words,
        ..Change::of(&request, Status::Reopened)
    };
    let counted = round.counted(tx)?;
    moves::change(tx, act, &request, &change, "objected", Some(counted))?;
    Ok(Said::Now)
}

/// The request and its round, if this may be said to it now; or that it was said before.
fn asked(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    reply: Reply,
    how: How,
) -> Result<Result<(ServiceRequest, Round), Said>, ReplyError> {
    let request = find::by_id(tx, jurisdiction, id)?.ok_or(ReplyError::NotFound)?;
    if how == How::Call {
        act.require(Permission::FeedbackCall, request.place())?;
    }
    let round = round::last(tx, &request)?.ok_or(ReplyError::NotAsked)?;
    match round.reply {
        Reply::Waiting if !matches!(request.status, Status::Answered | Status::Declined) => {
            Err(ReplyError::NotAsked)
        }
        Reply::Waiting if act.at > round.until => Err(ReplyError::TooLate),
        Reply::Waiting => Ok(Ok((request, round))),
        Reply::Settled => Err(ReplyError::NotAsked),
        said if said == reply => Ok(Err(Said::Before)),
        said => Err(ReplyError::SaidOtherwise(said)),
    }
}

/// Somebody else replied between looking and taking.
fn lost(tx: &mut Tx<'_>, request: &ServiceRequest, reply: Reply) -> Result<Said, ReplyError> {
    match round::last(tx, request)?.map(|round| round.reply) {
        Some(said) if said == reply => Ok(Said::Before),
        Some(said) if said != Reply::Waiting => Err(ReplyError::SaidOtherwise(said)),
        _ => Err(storage::Error::Conflict.into()),
    }
}
