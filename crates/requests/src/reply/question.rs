//! The city asked, the citizen answers, and work goes on.

use language::{display, mobile};
use people::{Act, Permission};
use storage::{Tx, params, sql};

use super::{How, ReplyError, Said};
use crate::moves::{self, Change};
use crate::request::RequestId;
use crate::rules::MOST_WORDS;
use crate::{Status, find};

/// The citizen answers what the city asked. The request goes back to the unit that has it, and the promise runs again.
/// As with a reply, the door has made sure who speaks.
pub fn answer_question(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    words: &str,
    how: How,
) -> Result<Said, ReplyError> {
    let request = find::by_id(tx, jurisdiction, id)?.ok_or(ReplyError::NotFound)?;
    if how == How::Call {
        act.require(Permission::FeedbackCall, request.place())?;
    }
    if request.status != Status::WaitingForCitizen {
        return Err(ReplyError::NotAsked);
    }
    let words = display::clean_text(words);
    if words.is_empty() {
        return Err(ReplyError::WordsMissing);
    }
    if words.chars().count() > MOST_WORDS {
        return Err(ReplyError::WordsTooLong { most: MOST_WORDS });
    }
    let to = if request.unit.is_some() { Status::Assigned } else { Status::Confirmed };
    let change = Change { words: &words, ..Change::of(&request, to) };
    moves::change(tx, act, &request, &change, "replied", None)?;
    Ok(Said::Now)
}

/// Requests of this number that wait for an answer to our question, the one asked last first. `number` may be written
/// in any way.
pub fn asked_of(tx: &mut Tx<'_>, jurisdiction: i64, number: &str) -> storage::Result<Vec<RequestId>> {
    let Ok(number) = mobile::parse(number) else { return Ok(Vec::new()) };
    tx.query(
        sql!(
            "SELECT r.id FROM request_contacts c
             JOIN service_requests r ON r.jurisdiction_id = c.jurisdiction_id AND r.id = c.request_id
             WHERE c.jurisdiction_id = $1 AND c.mobile = $2 AND c.mobile <> '' AND r.status = 'waiting-for-citizen'
             ORDER BY r.updated_at DESC, r.id DESC LIMIT 10"
        ),
        &params![jurisdiction, &number],
        |row| Ok(RequestId(row.get(0)?)),
    )
}
