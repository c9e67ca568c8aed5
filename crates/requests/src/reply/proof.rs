//! Who may speak for the reporter.
//!
//! A tracking code is passed on and stands on public pages, so it alone proves nothing. Beside it goes something only
//! the reporter has: the last digits of the number they left, their account, the browser they reported with, or the link
//! in the message.

use language::digits;
use storage::{Result, Tx, params, sql};

use super::round::{self, Round};
use super::{Reply, link};
use crate::Status;
use crate::find;
use crate::request::{RequestId, ServiceRequest};

/// How many last digits of the number are asked for.
pub const LAST_DIGITS: usize = 4;
/// Wrong guesses of the digits before that way is closed for this answer; ten thousand numbers end in four digits.
const MOST_TRIES: i64 = 5;

/// Something only the reporter has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The last four digits of the number they left, as typed.
    Mobile(String),
    /// The account that is signed in.
    Account(i64),
    /// The number of the browser.
    Device(String),
    /// The token of the link in the message.
    Link(String),
}

/// What a proof was worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proved {
    Yes,
    No,
    /// The digits were guessed wrong too often; the other ways are still open.
    TooOften,
}

/// Whether this is the reporter of a request that waits for their word. A wrong guess is counted, so the caller commits
/// whatever comes out.
pub fn prove(tx: &mut Tx<'_>, jurisdiction: i64, id: RequestId, proof: &Proof) -> Result<Proved> {
    let Some(request) = find::by_id(tx, jurisdiction, id)? else { return Ok(Proved::No) };
    let round = round::last(tx, &request)?;
    let contact = reporter(tx, &request)?.unwrap_or_default();
    Ok(match proof {
        Proof::Link(token) => match &round {
            Some(round) if round.reply != Reply::Settled && link::fits(tx, round, token)? => Proved::Yes,
            _ => Proved::No,
        },
        Proof::Account(account) => yes(contact.account == account.to_string()),
        Proof::Device(device) => yes(device.len() >= 16 && contact.device == *device),
        Proof::Mobile(typed) => mobile(tx, &request, round.as_ref(), &contact.mobile, typed)?,
    })
}

fn yes(is_so: bool) -> Proved {
    if is_so { Proved::Yes } else { Proved::No }
}

fn mobile(
    tx: &mut Tx<'_>,
    request: &ServiceRequest,
    round: Option<&Round>,
    mobile: &str,
    typed: &str,
) -> Result<Proved> {
    // While the city waits for an answer to its question there may be no round that counts the guesses yet.
    let tries = match round {
        Some(round) => round.tries,
        None => asked_tries(tx, request)?,
    };
    if tries >= MOST_TRIES {
        return Ok(Proved::TooOften);
    }
    let typed: String = digits::to_ascii(typed).chars().filter(char::is_ascii_digit).collect();
    // A whole number is as good as its end.
    let fits = typed.len() >= LAST_DIGITS
        && mobile.len() > LAST_DIGITS
        && mobile.ends_with(typed.get(typed.len().saturating_sub(LAST_DIGITS)..).unwrap_or("?"));
    if fits {
        return Ok(Proved::Yes);
    }
    match round {
        Some(round) => round::guessed(tx, round)?,
        None if request.status == Status::WaitingForCitizen => count_asked(tx, request)?,
        None => {}
    }
    Ok(Proved::No)
}

/// Guesses are counted on the reporter's row where there is no round.
fn asked_tries(tx: &mut Tx<'_>, request: &ServiceRequest) -> Result<i64> {
    Ok(tx
        .value(
            sql!("SELECT tries FROM request_contacts WHERE jurisdiction_id = $1 AND request_id = $2"),
            &params![request.jurisdiction, request.id.0],
        )?
        .unwrap_or(0))
}

fn count_asked(tx: &mut Tx<'_>, request: &ServiceRequest) -> Result<()> {
    tx.execute(
        sql!("UPDATE request_contacts SET tries = tries + 1 WHERE jurisdiction_id = $1 AND request_id = $2"),
        &params![request.jurisdiction, request.id.0],
    )?;
    Ok(())
}

#[derive(Default)]
struct Reporter {
    mobile: String,
    device: String,
    account: String,
}

fn reporter(tx: &mut Tx<'_>, request: &ServiceRequest) -> Result<Option<Reporter>> {
    tx.query_opt(
        sql!("SELECT mobile, device, account FROM request_contacts WHERE jurisdiction_id = $1 AND request_id = $2"),
        &params![request.jurisdiction, request.id.0],
        |row| Ok(Reporter { mobile: row.get(0)?, device: row.get(1)?, account: row.get(2)? }),
    )
}
