//! One shift, and its row.

use calendar::Timestamp;
use storage::{Error, Result, Row, Tx, params, sql};

use super::{Rest, ShiftState};
use crate::{CrewId, Done, ShiftId};

/// When a crew works once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    pub jurisdiction: i64,
    pub id: ShiftId,
    pub crew: CrewId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// Work after the end is allowed until then.
    pub overtime_until: Option<Timestamp>,
    pub rest: Option<Rest>,
    pub state: ShiftState,
    pub begun_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// When the crew allowed its position to be read in this shift.
    pub consent_at: Option<Timestamp>,
    /// What the next shift should know.
    pub handover: String,
    pub version: i64,
}

macro_rules! shift_columns {
    () => {
        "jurisdiction_id, id, crew_id, starts_at, ends_at, overtime_until, break_from, break_to, break_length, state, begun_at, \
         ended_at, consent_at, handover, version"
    };
}
pub(super) use shift_columns;

impl Shift {
    /// The moment after which nobody of it works.
    pub fn over_at(&self) -> Timestamp {
        self.overtime_until.unwrap_or(self.ends_at)
    }

    /// The crew may be asked where it is.
    pub fn shows_positions(&self) -> bool {
        self.state == ShiftState::Begun && self.consent_at.is_some()
    }

    pub(super) fn from_row(row: &Row<'_>) -> Result<Self> {
        let time = |column: usize| Ok::<_, Error>(row.get::<Option<i64>>(column)?.map(Timestamp));
        let rest = time(6)?.zip(time(7)?).zip(row.get::<Option<i64>>(8)?);
        Ok(Shift {
            jurisdiction: row.get(0)?,
            id: ShiftId(row.get(1)?),
            crew: CrewId(row.get(2)?),
            starts_at: Timestamp(row.get(3)?),
            ends_at: Timestamp(row.get(4)?),
            overtime_until: time(5)?,
            rest: rest.map(|((from, to), length)| Rest { from, to, length }),
            state: ShiftState::parse(&row.get::<String>(9)?)
                .ok_or_else(|| Error::corrupt("a shift in an unknown state"))?,
            begun_at: time(10)?,
            ended_at: time(11)?,
            consent_at: time(12)?,
            handover: row.get(13)?,
            version: row.get(14)?,
        })
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, s: &Shift) -> Result<()> {
    let time = |at: Option<Timestamp>| at.map(|at| at.0);
    tx.execute_one(
        sql!(
            "INSERT INTO shifts (jurisdiction_id, id, crew_id, starts_at, ends_at, overtime_until, break_from, break_to, break_length,
                 state, begun_at, ended_at, consent_at, handover, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        ),
        &params![
            s.jurisdiction,
            s.id.0,
            s.crew.0,
            s.starts_at.0,
            s.ends_at.0,
            time(s.overtime_until),
            s.rest.map(|rest| rest.from.0),
            s.rest.map(|rest| rest.to.0),
            s.rest.map(|rest| rest.length),
            s.state.code(),
            time(s.begun_at),
            time(s.ended_at),
            time(s.consent_at),
            &s.handover,
            s.version
        ],
    )
}

pub(super) fn update(tx: &mut Tx<'_>, s: &mut Shift) -> Done<()> {
    let time = |at: Option<Timestamp>| at.map(|at| at.0);
    let changed = tx.execute(
        sql!(
            "UPDATE shifts SET state = $3, begun_at = $4, ended_at = $5, consent_at = $6, handover = $7, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $8"
        ),
        &params![
            s.jurisdiction,
            s.id.0,
            s.state.code(),
            time(s.begun_at),
            time(s.ended_at),
            time(s.consent_at),
            &s.handover,
            s.version
        ],
    )?;
    crate::refusal::guarded(changed)?;
    s.version += 1;
    Ok(())
}
