//! A receipt: twenty digits of the seal of a ballot. Anybody can look whether it is in the box; nobody learns from it what
//! the ballot says, not even the voter, because the seal opens with the city's key alone.

use language::{Lang, digits};
use sha2::{Digest, Sha256};
use storage::{Result, Tx, params, sql};

use crate::rounds::RoundId;

const DIGITS: usize = 20;

/// The receipt of a sealed ballot.
pub(crate) fn of(sealed: &str) -> String {
    let hash = Sha256::digest(sealed);
    let number = hash.iter().take(16).fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
    format!("{:0DIGITS$}", number % 10_u128.pow(DIGITS as u32))
}

/// What became of a sealed ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// No such ballot ever came in.
    Unknown,
    /// It came in. While people vote, no more is said: whoever buys votes must not see which one is the last.
    Received,
    /// The box was opened, and it was counted.
    Counted,
    /// The box was opened, and a later ballot of the same person was counted instead.
    Replaced,
}

/// Looks for a receipt, typed in any digits and groups.
pub fn find(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    round: RoundId,
    is_opened: bool,
    typed: &str,
) -> Result<Found> {
    let receipt: String = digits::to_ascii(typed).chars().filter(char::is_ascii_digit).collect();
    let came: Option<i64> = tx.value(
        sql!("SELECT CAST(1 AS BIGINT) FROM ballot_seals WHERE jurisdiction_id = $1 AND round_id = $2 AND receipt = $3"),
        &params![jurisdiction, round.0, &receipt],
    )?;
    if came.is_none() {
        return Ok(Found::Unknown);
    }
    if !is_opened {
        return Ok(Found::Received);
    }
    let counted: Option<i64> = tx.value(
        sql!("SELECT CAST(1 AS BIGINT) FROM ballots WHERE jurisdiction_id = $1 AND round_id = $2 AND receipt = $3"),
        &params![jurisdiction, round.0, &receipt],
    )?;
    Ok(if counted.is_some() { Found::Counted } else { Found::Replaced })
}

/// In groups of four, held together so that they keep their order in every direction of writing.
pub fn for_people(receipt: &str, lang: Lang) -> String {
    let groups: Vec<&str> =
        (0..receipt.len()).step_by(4).filter_map(|at| receipt.get(at..(at + 4).min(receipt.len()))).collect();
    digits::shown(&groups.join("\u{A0}"), lang)
}
