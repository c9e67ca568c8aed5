//! Who waits on the line of an hour: typed in by the operator, or by the official.

use calendar::Timestamp;
use language::{display, mobile};
use people::{Act, Chore, Permission, Where};
use storage::{Row, Tx, params, sql};

use super::{OfficialError, hours, require_speaker};
use crate::kinds::coded;

/// Letters of a name and of a matter.
const MOST_NAME: usize = 100;
const MOST_ABOUT: usize = 500;

coded! {
    /// Where a caller stands.
    CallerState {
        Waiting = "waiting",
        /// On the line with the official.
        Speaking = "speaking",
        /// The call is over.
        Done = "done",
        /// Hung up before their turn.
        Left = "left",
    }
}

/// One caller of an hour. Only those who take the line see this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub id: i64,
    pub at: Timestamp,
    pub name: String,
    pub mobile: String,
    pub about: String,
    pub state: CallerState,
}

fn read(row: &Row<'_>) -> storage::Result<Caller> {
    Ok(Caller {
        id: row.get(0)?,
        at: Timestamp(row.get(1)?),
        name: row.get(2)?,
        mobile: row.get(3)?,
        about: row.get(4)?,
        state: CallerState::parse(&row.get::<String>(5)?).unwrap_or(CallerState::Left),
    })
}

/// The callers of an hour in the order in which they came.
pub fn callers(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    hour: i64,
) -> Result<Vec<Caller>, OfficialError> {
    allowed(tx, act, jurisdiction, hour)?;
    Ok(tx.query(
        sql!(
            "SELECT id, at, name, mobile, about, state FROM official_callers WHERE jurisdiction_id = $1 AND hour_id = $2
             ORDER BY id LIMIT 1000"
        ),
        &params![jurisdiction, hour],
        read,
    )?)
}

/// Puts a caller at the end of the line. A number may be left out.
pub fn enter(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    hour: i64,
    name: &str,
    number: &str,
    about: &str,
) -> Result<i64, OfficialError> {
    allowed(tx, act, jurisdiction, hour)?;
    let (name, about) = (display::clean_line(name), display::clean_text(about));
    if name.chars().count() > MOST_NAME || about.chars().count() > MOST_ABOUT {
        return Err(OfficialError::TooLong);
    }
    let number = match number.trim() {
        "" => String::new(),
        typed => mobile::parse(typed).map_err(|_| OfficialError::MobileWrong)?,
    };
    let id = act.new_id();
    tx.execute(
        sql!(
            "INSERT INTO official_callers (jurisdiction_id, hour_id, id, at, name, mobile, about, state)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting')"
        ),
        &params![jurisdiction, hour, id, act.at.0, &name, &number, &about],
    )?;
    Ok(id)
}

/// Takes a caller on, or ends the call. Whoever is done or gone does not come back; they are entered anew.
pub fn set_caller(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    hour: i64,
    caller: i64,
    state: CallerState,
) -> Result<(), OfficialError> {
    allowed(tx, act, jurisdiction, hour)?;
    let ended = matches!(state, CallerState::Done | CallerState::Left).then_some(act.at.0);
    let changed = tx.execute(
        sql!(
            "UPDATE official_callers SET state = $4, ended_at = $5
             WHERE jurisdiction_id = $1 AND hour_id = $2 AND id = $3 AND state IN ('waiting', 'speaking')"
        ),
        &params![jurisdiction, hour, caller, state.code(), ended],
    )?;
    if changed == 1 { Ok(()) } else { Err(OfficialError::CallerGone) }
}

/// Days after which nobody needs to know who waited on a line.
const REMEMBERED_DAYS: i64 = 30;

pub const CHORE: Chore =
    Chore { name: "official-callers-forgotten", every: 6 * 3_600_000, at_once: 500, run: forget };

/// Forgets the names, numbers and matters of callers whose hour is long over. What was promised to them is a request
/// and has rules of its own.
pub fn forget(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, most: u32) -> storage::Result<usize> {
    let before = act.at.plus_hours(-24 * REMEMBERED_DAYS);
    let old = tx.query(
        sql!(
            "SELECT c.hour_id, c.id FROM official_callers c
             JOIN official_hours h ON h.jurisdiction_id = c.jurisdiction_id AND h.id = c.hour_id
             WHERE c.jurisdiction_id = $1 AND h.ends_at < $2 AND (c.name <> '' OR c.mobile <> '' OR c.about <> '')
             ORDER BY c.hour_id, c.id LIMIT $3"
        ),
        &params![jurisdiction, before.0, most],
        |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)),
    )?;
    for (hour, id) in &old {
        tx.execute(
            sql!(
                "UPDATE official_callers SET name = '', mobile = '', about = ''
                 WHERE jurisdiction_id = $1 AND hour_id = $2 AND id = $3"
            ),
            &params![jurisdiction, *hour, *id],
        )?;
    }
    Ok(old.len())
}

pub(super) fn caller(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    hour: i64,
    id: i64,
) -> storage::Result<Option<Caller>> {
    tx.query_opt(
        sql!(
            "SELECT id, at, name, mobile, about, state FROM official_callers
             WHERE jurisdiction_id = $1 AND hour_id = $2 AND id = $3"
        ),
        &params![jurisdiction, hour, id],
        read,
    )
}

/// Operators type callers in, the official sees their own.
fn allowed(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, hour: i64) -> Result<(), OfficialError> {
    let hour = hours::by_id(tx, jurisdiction, hour)?.ok_or(OfficialError::NotFound)?;
    if !act.may(Permission::TakeCalls, Where::city(jurisdiction)) {
        require_speaker(act, jurisdiction, &hour)?;
    }
    Ok(())
}
