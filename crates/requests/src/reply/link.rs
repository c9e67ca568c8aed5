//! The signed address in a message: whoever has it may reply to this one answer, and do nothing else with it.

use people::Act;
use sha2::{Digest, Sha256};
use storage::{Result, Tx, params, sql};

use super::round::{self, Round};
use crate::request::ServiceRequest;

/// Letters that are not mistaken for each other when they are read aloud.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The path of the page on which the reporter may reply without being asked who they are: `/reply/1234567890?k=…`.
/// None when nothing is asked now.
pub fn link(tx: &mut Tx<'_>, request: &ServiceRequest) -> Result<Option<String>> {
    let Some(round) = round::last(tx, request)?.filter(|r| r.reply == super::Reply::Waiting) else {
        return Ok(None);
    };
    Ok(token(tx, &round)?.map(|token| format!("/reply/{}?k={token}", request.code)))
}

/// Whether `typed` is the token of this round.
pub(super) fn fits(tx: &mut Tx<'_>, round: &Round, typed: &str) -> Result<bool> {
    let Some(token) = token(tx, round)? else { return Ok(false) };
    let typed = typed.trim().to_ascii_lowercase();
    // Every letter is looked at, so that the time it takes tells nothing.
    let differ = token.bytes().zip(typed.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
    Ok(differ == 0 && token.len() == typed.len())
}

/// 65 bits that only this city can make for this answer.
fn token(tx: &mut Tx<'_>, round: &Round) -> Result<Option<String>> {
    let key: Option<String> = tx.value(
        sql!("SELECT key FROM request_reply_keys WHERE jurisdiction_id = $1"),
        &params![round.jurisdiction],
    )?;
    let Some(key) = key else { return Ok(None) };
    let mut sha = Sha256::new();
    sha.update(key.as_bytes());
    sha.update(b"reply");
    for number in [round.jurisdiction, round.request.0, round.number] {
        sha.update(number.to_be_bytes());
    }
    let letter = |byte: &u8| LETTERS.get(usize::from(byte & 31)).map_or('0', |letter| char::from(*letter));
    Ok(Some(sha.finalize().iter().take(13).map(letter).collect()))
}

/// Draws the city's key when it has none yet.
pub(super) fn draw_key(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<()> {
    let known: Option<i64> = tx.value(
        sql!("SELECT CAST(1 AS BIGINT) FROM request_reply_keys WHERE jurisdiction_id = $1"),
        &params![jurisdiction],
    )?;
    if known.is_none() {
        let key: String = act.dice.bytes().iter().map(|b| format!("{b:02x}")).collect();
        tx.execute(
            sql!(
                "INSERT INTO request_reply_keys (jurisdiction_id, key) VALUES ($1, $2) ON CONFLICT (jurisdiction_id) DO NOTHING"
            ),
            &params![jurisdiction, &key],
        )?;
    }
    Ok(())
}
