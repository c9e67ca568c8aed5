//! Who looks after whom.
//!
//! Whoever manages people in the whole city manages everybody up to their own rank. The manager of a unit manages
//! those who have roles in that unit only, and gives only the unit's own roles. Nobody gives or takes a role above
//! their own, and the last administrator stays.

use storage::{Result, Tx, params, sql};

use crate::accounts::{denied, take_turn};
use crate::memberships::{memberships, place_of};
use crate::permissions::{Permission, Where, reach};
use crate::refusal::Refusal;
use crate::{Act, Actor, Member, MemberState, Membership, Role, Scope};

/// Refuses whoever manages nobody.
pub(crate) fn manages_somewhere(act: &Act, jurisdiction: i64) -> Result<(), Refusal> {
    let is_here = match &act.by {
        Actor::Member(member) => member.jurisdiction == jurisdiction,
        Actor::Key { jurisdiction: own, .. } => *own == jurisdiction,
        _ => true,
    };
    if is_here && act.may_somewhere(Permission::ManagePeople) { Ok(()) } else { Err(denied(act)) }
}

/// The units whose members the author manages.
pub(crate) fn units_of(act: &Act) -> Vec<i64> {
    match &act.by {
        Actor::Member(member) => member
            .active()
            .filter(|m| reach(m, Permission::ManagePeople) == Some(Scope::Unit))
            .filter_map(|m| m.unit)
            .collect(),
        Actor::Key { unit, .. } => unit.iter().copied().collect(),
        _ => Vec::new(),
    }
}

/// Refuses unless the author may give or take this role at this place.
pub(crate) fn may_give(act: &Act, jurisdiction: i64, role: Role, place: Where) -> Result<(), Refusal> {
    if !role.is_staff() {
        return Err(Refusal::RoleNotGiven);
    }
    act.require(Permission::ManagePeople, place)?;
    if role.rank() > act.by.role().rank() {
        return Err(Refusal::RoleTooHigh);
    }
    // Outside the city-wide right stands the manager of a unit, who gives the unit's own roles.
    if !act.may(Permission::ManagePeople, Where::city(jurisdiction)) && !role.is_of_unit() {
        return Err(Refusal::RoleTooHigh);
    }
    Ok(())
}

/// Refuses unless the author manages everything that this account is.
pub(crate) fn managed(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, account: i64) -> Result<(), Refusal> {
    let theirs: Vec<Membership> = memberships(tx, jurisdiction, account)?
        .into_iter()
        .filter(|m| m.state != MemberState::Ended)
        .collect();
    if act.may(Permission::ManagePeople, Where::city(jurisdiction)) {
        return match theirs.iter().any(|m| m.role.rank() > act.by.role().rank()) {
            true => Err(Refusal::RoleTooHigh),
            false => Ok(()),
        };
    }
    // Somebody new without a role yet belongs to no unit, so only the city manages them.
    if theirs.is_empty() {
        return Err(denied(act));
    }
    for membership in &theirs {
        may_give(act, jurisdiction, membership.role, place_of(jurisdiction, membership))?;
    }
    Ok(())
}

pub(crate) fn own_or_managed(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    account: i64,
) -> Result<(), Refusal> {
    match &act.by {
        Actor::Member(member) if is_self(member, jurisdiction, account) => Ok(()),
        _ => managed(tx, act, jurisdiction, account),
    }
}

pub(crate) fn is_self(member: &Member, jurisdiction: i64, account: i64) -> bool {
    member.jurisdiction == jurisdiction && member.account == account
}

/// Refuses when, without these memberships and this account, nobody would be left to look after the city's people.
pub(crate) fn leaves_an_administrator(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    without: &[i64],
    without_account: Option<i64>,
) -> Result<(), Refusal> {
    take_turn(tx, jurisdiction)?;
    let all = tx.query(
        sql!(
            "SELECT m.id, m.account_id FROM memberships m
             JOIN accounts a ON a.jurisdiction_id = m.jurisdiction_id AND a.id = m.account_id
             WHERE m.jurisdiction_id = $1 AND m.role = 'administrator' AND m.scope = 'city' AND m.state = 'active'
               AND a.suspended_at IS NULL ORDER BY m.id LIMIT 1000"
        ),
        &params![jurisdiction],
        |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)),
    )?;
    let is_gone = |(id, account): &(i64, i64)| without.contains(id) || without_account == Some(*account);
    // A city that never had one is not kept from changing what it has.
    if all.iter().any(is_gone) && all.iter().all(is_gone) { Err(Refusal::LastAdministrator) } else { Ok(()) }
}
