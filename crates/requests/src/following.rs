//! Staying informed, and "me too" instead of a second report.

use calendar::Timestamp;
use language::{display, mobile};
use people::{Act, Denied, Permission, permissions::Where};
use storage::{Tx, params, sql};

use crate::SUBJECT;
use crate::find;
use crate::request::RequestId;
use crate::rules::{MOST_LINE, looks_like_email};
use crate::submit::json;

const MOST_WORDS: usize = 1000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowRefusal {
    NotFound,
    /// Neither a mobile number nor an e-mail address, nor the name of a device.
    ContactWrong,
    WordsTooLong {
        most: usize,
    },
}

#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    #[error("refused: {0:?}")]
    Refused(FollowRefusal),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

/// Adds someone to those who stand behind a request and hear of it. `contact` is a mobile number or an e-mail
/// address; without one, `me_too` still counts, once for each `device`. Returns how many now stand behind it.
/// Saying it twice changes nothing.
pub fn follow(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    contact: &str,
    device: &str,
    me_too: bool,
    words: &str,
) -> Result<i64, FollowError> {
    act.require(Permission::Follow, Where::city(jurisdiction))?;
    let refused = |r| Err(FollowError::Refused(r));
    let Some(request) = find::by_id(tx, jurisdiction, id)?.filter(|r| r.is_public) else {
        return refused(FollowRefusal::NotFound);
    };
    let contact = match display::clean_line(contact) {
        typed if looks_like_email(&typed) => typed,
        typed if typed.is_empty() && me_too => match display::clean_line(device) {
            // A longer name would not fit into the index that counts each device once.
            device if (1..=MOST_LINE).contains(&device.chars().count()) => format!("device:{device}"),
            _ => return refused(FollowRefusal::ContactWrong),
        },
        typed => match mobile::parse(&typed) {
            Ok(number) => number,
            Err(_) => return refused(FollowRefusal::ContactWrong),
        },
    };
    let words = display::clean_text(words);
    if words.chars().count() > MOST_WORDS {
        return refused(FollowRefusal::WordsTooLong { most: MOST_WORDS });
    }
    let added = tx.execute(
        sql!(
            "INSERT INTO request_followers (jurisdiction_id, request_id, id, at, me_too, contact, words) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (jurisdiction_id, request_id, contact) DO NOTHING"
        ),
        &params![jurisdiction, id.0, act.new_id(), act.at.0, me_too, &contact, &words],
    )?;
    if added == 0 {
        return Ok(request.followers);
    }
    tx.execute(
        sql!("UPDATE service_requests SET followers = followers + 1 WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, id.0],
    )?;
    if me_too {
        act.record(tx, jurisdiction, SUBJECT, id.0, "me-too", json(&serde_json::json!({}))?);
    }
    Ok(request.followers + 1)
}

/// When a device last stood behind a request; for pages that say "you follow this".
pub fn followed_at(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    id: RequestId,
    contact: &str,
) -> storage::Result<Option<Timestamp>> {
    Ok(tx
        .value(
            sql!("SELECT at FROM request_followers WHERE jurisdiction_id = $1 AND request_id = $2 AND contact = $3"),
            &params![jurisdiction, id.0, contact],
        )?
        .map(Timestamp))
}

/// The numbers and addresses of those who want to hear of a request, the first to follow first. Devices are not among
/// them. Refused to those who may not know who reports.
pub fn contacts_following(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    most: u32,
) -> Result<Vec<String>, FollowError> {
    act.require(Permission::SeeContact, Where::city(jurisdiction))?;
    Ok(tx.query(
        sql!(
            "SELECT contact FROM request_followers WHERE jurisdiction_id = $1 AND request_id = $2 AND contact NOT LIKE 'device:%'
             ORDER BY id LIMIT $3"
        ),
        &params![jurisdiction, id.0, most],
        |row| row.get(0),
    )?)
}
