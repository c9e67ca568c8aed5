//! Nobody said anything: after its days an answer is closed as not confirmed, which is not the same as confirmed.

use people::{Act, Chore};
use storage::{Result, Tx};

use super::round;
use crate::moves::{self, Change};
use crate::{Status, find};

pub const CHORE: Chore =
    Chore { name: "requests-unconfirmed", every: 10 * 60_000, at_once: 200, run: close_silent };

/// Closes answers that nobody replied to in time. Returns how many rounds were looked at.
pub fn close_silent(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, most: u32) -> Result<usize> {
    let silent = round::silent(tx, jurisdiction, act.at, most)?;
    for round in &silent {
        if !round::give_up(tx, round, act.at)? {
            continue;
        }
        let Some(request) = find::by_id(tx, jurisdiction, round.request)? else { continue };
        if !matches!(request.status, Status::Answered | Status::Declined) {
            continue;
        }
        let counted = round.counted(tx)?;
        moves::change(
            tx,
            act,
            &request,
            &Change::of(&request, Status::Closed),
            "unconfirmed",
            Some(counted),
        )?;
    }
    Ok(silent.len())
}
