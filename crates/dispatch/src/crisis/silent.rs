//! Crews on shift of which nothing was heard for a while: their telephone has no line. They go on with the stops they hold,
//! and what they did comes in when they are back; until then nobody rearranges their day behind their backs.

use calendar::Timestamp;
use storage::{Result, Tx, params, sql};

use crate::{CrewId, CrewStatus};

/// Crews that are not off duty and gave no sign since a moment, by the last thing that is known of each: where it was, or
/// what it did.
pub fn silent(tx: &mut Tx<'_>, jurisdiction: i64, since: Timestamp) -> Result<Vec<(CrewId, Timestamp)>> {
    tx.query(
        sql!(
            "SELECT id, CASE WHEN COALESCE(position_at, 0) > status_at THEN position_at ELSE status_at END AS heard FROM crews
             WHERE jurisdiction_id = $1 AND is_active = 1 AND status <> $2 AND status_at < $3 AND COALESCE(position_at, 0) < $3
             ORDER BY heard, id LIMIT 1000"
        ),
        &params![jurisdiction, CrewStatus::OffDuty.code(), since.0],
        |row| Ok((CrewId(row.get(0)?), Timestamp(row.get(1)?))),
    )
}
