//! Who is in which crew. Somebody is in one crew at a time; who was in it before stays written.

use calendar::Timestamp;
use people::{Act, Membership, Permission, Role, Where, accounts, memberships};
use storage::{Result, Tx, params, sql};

use crate::{CREW, Crew, CrewId, DispatchError, Done, crews};

/// Somebody in a crew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub account: i64,
    pub name: String,
    pub leads: bool,
    pub since: Timestamp,
}

/// Who is in a crew now, who leads it first.
pub fn of_crew(tx: &mut Tx<'_>, jurisdiction: i64, crew: CrewId) -> Result<Vec<Member>> {
    let rows = tx.query(
        sql!(
            "SELECT account_id, leads, since FROM crew_members WHERE jurisdiction_id = $1 AND crew_id = $2 AND until IS NULL
             ORDER BY leads DESC, since, account_id LIMIT 200"
        ),
        &params![jurisdiction, crew.0],
        |row| Ok((row.get::<i64>(0)?, row.get::<bool>(1)?, row.get::<i64>(2)?)),
    )?;
    let mut members = Vec::new();
    for (account, leads, since) in rows {
        let name = accounts::by_id(tx, jurisdiction, account)?.map_or_else(String::new, |a| a.name);
        members.push(Member { account, name, leads, since: Timestamp(since) });
    }
    Ok(members)
}

/// Whether somebody is in a crew now.
pub fn is_in(tx: &mut Tx<'_>, jurisdiction: i64, crew: CrewId, account: i64) -> Result<bool> {
    let found: Option<i64> = tx.value(
        sql!(
            "SELECT crew_id FROM crew_members
             WHERE jurisdiction_id = $1 AND crew_id = $2 AND account_id = $3 AND until IS NULL LIMIT 1"
        ),
        &params![jurisdiction, crew.0, account],
    )?;
    Ok(found.is_some())
}

/// Refuses unless the author is in this crew, or may speak for it as a dispatcher.
pub fn stands_for(tx: &mut Tx<'_>, act: &Act, crew: &Crew) -> Done<()> {
    let own = match act.by.account() {
        Some(account) if is_in(tx, crew.jurisdiction, crew.id, account)? => Some(account),
        _ => None,
    };
    if own.is_some() && act.may(Permission::WorkAsCrew, Where::city(crew.jurisdiction).owned_by(own)) {
        return Ok(());
    }
    Ok(act.require(Permission::Dispatch, crew.place())?)
}

/// Somebody joins a crew. Who is in another one leaves that first.
pub fn join(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CrewId,
    account: i64,
    leads: bool,
) -> Done<()> {
    let crew = crews::by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    act.require(Permission::ManageCrews, crew.place())?;
    if !crew.is_active {
        return Err(DispatchError::Refused("crew-withdrawn"));
    }
    let known = accounts::by_id(tx, jurisdiction, account)?.filter(|account| !account.is_suspended());
    if known.is_none() {
        return Err(DispatchError::Refused("member-unknown"));
    }
    let roles = memberships::memberships(tx, jurisdiction, account)?;
    // Who looks after the crews of one unit takes nobody from another.
    let everywhere = act.require(Permission::ManageCrews, Where::city(jurisdiction)).is_ok();
    let may_join =
        |m: &Membership| m.is_active() && m.role == Role::CrewMember && (everywhere || m.unit == crew.unit);
    if !roles.iter().any(may_join) {
        return Err(DispatchError::Refused("member-role-missing"));
    }
    if let Some(other) = crews::of_account(tx, jurisdiction, account)? {
        if other.id != id {
            return Err(DispatchError::Refused("member-elsewhere"));
        }
        let changed = tx.execute(
            sql!(
                "UPDATE crew_members SET leads = $4 WHERE jurisdiction_id = $1 AND crew_id = $2 AND account_id = $3 AND until IS NULL"
            ),
            &params![jurisdiction, id.0, account, leads],
        )?;
        return crate::refusal::guarded(changed);
    }
    tx.execute(
        sql!(
            "INSERT INTO crew_members (jurisdiction_id, crew_id, account_id, leads, since, until) VALUES ($1, $2, $3, $4, $5, NULL)
             ON CONFLICT (jurisdiction_id, crew_id, account_id, since) DO UPDATE SET until = NULL, leads = excluded.leads"
        ),
        &params![jurisdiction, id.0, account, leads, act.at.0],
    )?;
    tell(tx, act, &crew, "joined")
}

/// Somebody leaves a crew; false when they were not in it.
pub fn leave(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: CrewId, account: i64) -> Done<bool> {
    let crew = crews::by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    act.require(Permission::ManageCrews, crew.place())?;
    let changed = tx.execute(
        sql!(
            "UPDATE crew_members SET until = $4 WHERE jurisdiction_id = $1 AND crew_id = $2 AND account_id = $3 AND until IS NULL"
        ),
        &params![jurisdiction, id.0, account, act.at.0],
    )?;
    if changed > 0 {
        tell(tx, act, &crew, "left")?;
    }
    Ok(changed > 0)
}

/// Everybody leaves a crew that is withdrawn.
pub(crate) fn end_all(tx: &mut Tx<'_>, act: &Act, crew: &Crew) -> Result<()> {
    tx.execute(
        sql!(
            "UPDATE crew_members SET until = $3 WHERE jurisdiction_id = $1 AND crew_id = $2 AND until IS NULL"
        ),
        &params![crew.jurisdiction, crew.id.0, act.at.0],
    )?;
    Ok(())
}

// Who joined or left is not said: the journal is published.
fn tell(tx: &mut Tx<'_>, act: &Act, crew: &Crew, what: &str) -> Done<()> {
    let payload = crate::json(&serde_json::json!({ "code": crew.code, "member": what }))?;
    act.record(tx, crew.jurisdiction, CREW, crew.id.0, "changed", payload);
    Ok(())
}
