//! Who has a request, and how long each unit and each person had it.
//!
//! A unit is given a request by a move; a person of the unit takes it, or is given it. Each change ends one row and
//! begins the next, so that nothing of it is ever rewritten.

use std::collections::HashMap;

use calendar::Timestamp;
use people::{Act, Actor, Member, Permission};
use storage::{Filter as Conditions, Result, Tx, params, sql};

use super::step::{self, WorkError};
use crate::SUBJECT;
use crate::request::{RequestId, ServiceRequest};

/// A stretch of time in which one unit, or one person of it, had a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub unit: Option<i64>,
    pub account: Option<i64>,
    pub from_at: Timestamp,
    /// None while it lasts.
    pub until_at: Option<Timestamp>,
}

/// Gives a request to a person: oneself, a colleague, or with `None` back to the whole unit. Taking what nobody
/// has needs the right to work on it, giving it to others the right to assign.
pub fn hold(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    seen: Option<i64>,
    account: Option<i64>,
) -> Result<(), WorkError> {
    let request = step::open(tx, act, jurisdiction, id, seen)?;
    let now = of(tx, jurisdiction, &[id])?.remove(&id);
    let me = act.by.account();
    let is_mine = me.is_some() && (account == me || (account.is_none() && now == me));
    let needed = if is_mine { Permission::Work } else { Permission::Assign };
    act.require(needed, request.place())?;
    if let Some(account) = account
        && !may_work(tx, act, &request, account)?
    {
        return Err(WorkError::ColleagueUnknown);
    }
    if now == account || !request.status.is_open() {
        return Ok(());
    }
    end(tx, act.at, &request, request.unit)?;
    begin(tx, act, &request, request.unit, account)?;
    touch(tx, act, &request)?;
    let payload = match account {
        Some(account) => format!("{{\"account\":{account}}}"),
        None => "{}".into(),
    };
    act.record(tx, jurisdiction, SUBJECT, id.0, "held", payload);
    Ok(())
}

/// Whether a colleague may work on a request, as they stand now.
fn may_work(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest, account: i64) -> Result<bool> {
    if act.by.account() == Some(account) {
        return Ok(true);
    }
    Ok(colleague(tx, act, request.jurisdiction, account)?
        .is_some_and(|them| them.may(Permission::Work, request.place())))
}

/// Somebody else's rights, as they stand now.
pub(crate) fn colleague(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, account: i64) -> Result<Option<Act>> {
    let known = people::accounts::by_id(tx, jurisdiction, account)?.filter(|a| !a.is_suspended());
    let Some(known) = known else { return Ok(None) };
    let memberships = people::accounts::memberships(tx, jurisdiction, account)?;
    let member = Member { jurisdiction, account, name: known.name, memberships };
    Ok(Some(Act { by: Actor::Member(std::sync::Arc::new(member)), ..act.clone() }))
}

/// What a move means for who has it. Called by every verb that changes the unit or ends the work.
pub(crate) fn moved(
    tx: &mut Tx<'_>,
    act: &Act,
    before: &ServiceRequest,
    after: &ServiceRequest,
) -> Result<()> {
    let goes_on = (before.status.is_open(), after.status.is_open());
    if before.unit == after.unit && goes_on.0 == goes_on.1 {
        return Ok(());
    }
    if goes_on.0 {
        end(tx, act.at, before, before.unit)?;
    }
    if goes_on.1 {
        begin(tx, act, after, after.unit, None)?;
    }
    Ok(())
}

/// Ends the present stretch. One that was never written down began when the request came.
fn end(tx: &mut Tx<'_>, at: Timestamp, request: &ServiceRequest, unit: Option<i64>) -> Result<()> {
    let (jurisdiction, id) = (request.jurisdiction, request.id.0);
    let ended = tx.execute(
        sql!(
            "UPDATE work_holds SET until_at = $3 WHERE jurisdiction_id = $1 AND request_id = $2 AND until_at IS NULL"
        ),
        &params![jurisdiction, id, at.0],
    )?;
    if ended > 0 || unit.is_none() {
        return Ok(());
    }
    let last: Option<Option<i64>> = tx.value(
        sql!("SELECT MAX(until_at) FROM work_holds WHERE jurisdiction_id = $1 AND request_id = $2"),
        &params![jurisdiction, id],
    )?;
    if last.flatten().is_none() {
        // Its number is its own beginning, so that it sorts before all that follow.
        tx.execute(
            sql!(
                "INSERT INTO work_holds (jurisdiction_id, request_id, id, unit_id, account_id, from_at, until_at)
                 VALUES ($1, $2, $2, $3, NULL, $4, $5)"
            ),
            &params![jurisdiction, id, unit, request.requested_at.0, at.0],
        )?;
    }
    Ok(())
}

fn begin(
    tx: &mut Tx<'_>,
    act: &Act,
    request: &ServiceRequest,
    unit: Option<i64>,
    account: Option<i64>,
) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO work_holds (jurisdiction_id, request_id, id, unit_id, account_id, from_at, until_at)
             VALUES ($1, $2, $3, $4, $5, $6, NULL)"
        ),
        &params![request.jurisdiction, request.id.0, act.new_id(), unit, account, act.at.0],
    )?;
    Ok(())
}

/// Makes whoever opened the request before look again.
pub(crate) fn touch(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest) -> Result<()> {
    tx.execute_one(
        sql!(
            "UPDATE service_requests SET updated_at = $4, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3"
        ),
        &params![request.jurisdiction, request.id.0, request.version, act.at.0],
    )
}

/// Who has each of these requests, for those that somebody has.
pub fn of(tx: &mut Tx<'_>, jurisdiction: i64, ids: &[RequestId]) -> Result<HashMap<RequestId, i64>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut conditions = Conditions::new();
    conditions
        .and("jurisdiction_id = {} AND until_at IS NULL AND account_id IS NOT NULL", [jurisdiction])
        .within("request_id", ids.iter().map(|id| id.0));
    let (sql, params) = conditions
        .finish("SELECT request_id, account_id FROM work_holds WHERE", "ORDER BY request_id LIMIT 5000");
    Ok(tx.query(&sql, &params, |row| Ok((RequestId(row.get(0)?), row.get(1)?)))?.into_iter().collect())
}

/// Who had a request and for how long, from the first to now.
pub fn history(tx: &mut Tx<'_>, request: &ServiceRequest) -> Result<Vec<Held>> {
    let rows = tx.query(
        sql!(
            "SELECT unit_id, account_id, from_at, until_at FROM work_holds
             WHERE jurisdiction_id = $1 AND request_id = $2 ORDER BY id LIMIT 500"
        ),
        &params![request.jurisdiction, request.id.0],
        |row| {
            Ok(Held {
                unit: row.get(0)?,
                account: row.get(1)?,
                from_at: Timestamp(row.get(2)?),
                until_at: row.get::<Option<i64>>(3)?.map(Timestamp),
            })
        },
    )?;
    if rows.is_empty() && request.unit.is_some() {
        let until_at = request.closed_at.filter(|_| !request.status.is_open());
        return Ok(vec![Held { unit: request.unit, account: None, from_at: request.requested_at, until_at }]);
    }
    Ok(rows)
}
