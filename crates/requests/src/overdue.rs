//! The promise has passed: said once, by the scheduled job, so that everyone who follows the journal hears of it.

use people::{Act, Chore};
use storage::{Result, Tx, params, sql};

use crate::SUBJECT;

pub const CHORE: Chore = Chore { name: "requests-overdue", every: 60_000, at_once: 500, run: note };

/// Records the fact for requests whose promise passed and was not yet said so. Returns how many.
pub fn note(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, most: u32) -> Result<usize> {
    let passed = tx.query(
        sql!(
            "SELECT id FROM service_requests
             WHERE jurisdiction_id = $1 AND is_open = 1 AND overdue_noted = 0 AND due_at < $2 AND status <> 'waiting-for-citizen'
             ORDER BY due_at, id LIMIT $3"
        ),
        &params![jurisdiction, act.at.0, most],
        |row| row.get::<i64>(0),
    )?;
    for id in &passed {
        let noted = tx.execute(
            sql!("UPDATE service_requests SET overdue_noted = 1 WHERE jurisdiction_id = $1 AND id = $2 AND overdue_noted = 0"),
            &params![jurisdiction, *id],
        )?;
        if noted == 1 {
            act.record(tx, jurisdiction, SUBJECT, *id, "overdue", "{}".into());
        }
    }
    Ok(passed.len())
}
