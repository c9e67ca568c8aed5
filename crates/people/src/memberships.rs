//! Which roles an account has, how far and where: offered, accepted, taken away for a time, ended.

use storage::{Result, Row, Tx, params, sql};

use crate::accounts::{self, ACCOUNT, denied};
use crate::managing::{self, leaves_an_administrator, may_give};
use crate::permissions::Where;
use crate::refusal::Refusal;
use crate::{Act, Actor, MemberState, Membership, Role, Scope};

/// A role to be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    pub role: Role,
    pub scope: Scope,
    pub unit: Option<i64>,
    pub district: Option<i64>,
    pub neighbourhood: Option<i64>,
}

impl Offer {
    /// A role over the whole city.
    pub fn city(role: Role) -> Self {
        Offer { role, scope: Scope::City, unit: None, district: None, neighbourhood: None }
    }

    /// A role in one unit.
    pub fn unit(role: Role, unit: i64) -> Self {
        Offer { scope: Scope::Unit, unit: Some(unit), ..Offer::city(role) }
    }

    /// A role over one district.
    pub fn district(role: Role, district: i64) -> Self {
        Offer { scope: Scope::District, district: Some(district), ..Offer::city(role) }
    }

    /// The scope must have its place, and a unit's role its unit.
    fn check(&self) -> Result<(), Refusal> {
        let place = match self.scope {
            Scope::City | Scope::Own => true,
            Scope::District => self.district.is_some(),
            Scope::Neighbourhood => self.neighbourhood.is_some(),
            Scope::Unit => self.unit.is_some(),
        };
        if !place || (self.role.is_of_unit() && self.unit.is_none()) {
            return Err(Refusal::PlaceMissing);
        }
        Ok(())
    }

    fn place(&self, jurisdiction: i64) -> Where {
        placed(jurisdiction, self.scope, self.unit, self.district, self.neighbourhood)
    }
}

/// Where a membership reaches: a role over the city is given by whoever manages the city, and so on downwards.
fn placed(
    jurisdiction: i64,
    scope: Scope,
    unit: Option<i64>,
    district: Option<i64>,
    neighbourhood: Option<i64>,
) -> Where {
    match scope {
        Scope::City => Where::city(jurisdiction),
        Scope::District => Where::city(jurisdiction).in_district(district),
        Scope::Neighbourhood => {
            Where::city(jurisdiction).in_district(district).in_neighbourhood(neighbourhood)
        }
        Scope::Unit | Scope::Own => Where::unit(jurisdiction, unit),
    }
}

pub(crate) fn place_of(jurisdiction: i64, m: &Membership) -> Where {
    placed(jurisdiction, m.scope, m.unit, m.district, m.neighbourhood)
}

macro_rules! columns {
    () => {
        "id, role, scope, unit_id, district_id, neighbourhood_id, state, account_id"
    };
}

fn from_row(row: &Row<'_>) -> Result<Membership> {
    let wrong = |what: &str| storage::Error::corrupt(format_args!("a membership with an unknown {what}"));
    Ok(Membership {
        id: row.get(0)?,
        role: Role::parse(&row.get::<String>(1)?).ok_or_else(|| wrong("role"))?,
        scope: Scope::parse(&row.get::<String>(2)?).ok_or_else(|| wrong("scope"))?,
        unit: row.get(3)?,
        district: row.get(4)?,
        neighbourhood: row.get(5)?,
        state: MemberState::parse(&row.get::<String>(6)?).ok_or_else(|| wrong("state"))?,
    })
}

/// Every membership of an account, the oldest first; ended ones too.
pub fn memberships(tx: &mut Tx<'_>, jurisdiction: i64, account: i64) -> Result<Vec<Membership>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM memberships WHERE jurisdiction_id = $1 AND account_id = $2 ORDER BY id LIMIT 200"
        )),
        &params![jurisdiction, account],
        from_row,
    )
}

/// Who has a role in a unit that is not over: account and membership.
pub fn of_unit(tx: &mut Tx<'_>, jurisdiction: i64, unit: i64) -> Result<Vec<(i64, Membership)>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM memberships WHERE jurisdiction_id = $1 AND unit_id = $2 AND state <> 'ended' ORDER BY id LIMIT 2000"
        )),
        &params![jurisdiction, unit],
        |row| Ok((row.get(7)?, from_row(row)?)),
    )
}

/// The accounts that have a role in force, by name: number and name.
pub fn with_role(tx: &mut Tx<'_>, jurisdiction: i64, role: Role, most: u32) -> Result<Vec<(i64, String)>> {
    tx.query(
        sql!(
            "SELECT a.id, a.name FROM accounts a
             WHERE a.jurisdiction_id = $1 AND EXISTS (
                 SELECT 1 FROM memberships m
                 WHERE m.jurisdiction_id = a.jurisdiction_id AND m.account_id = a.id AND m.role = $2 AND m.state = 'active')
             ORDER BY a.name, a.id LIMIT $3"
        ),
        &params![jurisdiction, role.code(), most],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Offers a role. It gives nothing until it is accepted.
pub fn invite(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    account: i64,
    offer: &Offer,
) -> Result<i64, Refusal> {
    add(tx, act, jurisdiction, account, offer, MemberState::Invited)
}

/// Gives a role at once, for the command line and demo cities.
pub fn give(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    account: i64,
    offer: &Offer,
) -> Result<i64, Refusal> {
    add(tx, act, jurisdiction, account, offer, MemberState::Active)
}

fn add(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    account: i64,
    offer: &Offer,
    state: MemberState,
) -> Result<i64, Refusal> {
    offer.check()?;
    may_give(act, jurisdiction, offer.role, offer.place(jurisdiction))?;
    let known = accounts::by_id(tx, jurisdiction, account)?.ok_or(Refusal::NotFound)?;
    // A role is worked in by whoever signed in as staff; a citizen's account stays a citizen's.
    if known.sign_name.is_none() {
        return Err(Refusal::StateWrong);
    }
    let is_same = |m: &Membership| {
        m.state != MemberState::Ended
            && (m.role, m.scope, m.unit, m.district, m.neighbourhood)
                == (offer.role, offer.scope, offer.unit, offer.district, offer.neighbourhood)
    };
    if memberships(tx, jurisdiction, account)?.iter().any(is_same) {
        return Err(Refusal::RoleGiven);
    }
    let id = act.new_id();
    tx.execute_one(
        sql!(
            "INSERT INTO memberships (jurisdiction_id, id, account_id, role, scope, unit_id, district_id, neighbourhood_id,
                                      state, made_at, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)"
        ),
        &params![
            jurisdiction,
            id,
            account,
            offer.role.code(),
            offer.scope.code(),
            offer.unit,
            offer.district,
            offer.neighbourhood,
            state.code(),
            act.at.0
        ],
    )?;
    let fact = if state == MemberState::Active { "role-given" } else { "role-offered" };
    announce(tx, act, jurisdiction, account, id, offer.role, fact);
    Ok(id)
}

/// Accepts what was offered to oneself.
pub fn accept(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64) -> Result<(), Refusal> {
    let (account, membership) = find(tx, jurisdiction, id)?;
    match &act.by {
        Actor::Member(member) if managing::is_self(member, jurisdiction, account) => {}
        _ => return Err(denied(act)),
    }
    if membership.state != MemberState::Invited {
        return Err(Refusal::StateWrong);
    }
    write_state(tx, act, jurisdiction, &membership, MemberState::Active)?;
    announce(tx, act, jurisdiction, account, id, membership.role, "role-accepted");
    Ok(())
}

/// Accepts everything that was offered to an account, when its owner has chosen a password: that they came is the
/// answer.
pub fn accept_all(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, account: i64) -> Result<(), Refusal> {
    for membership in memberships(tx, jurisdiction, account)? {
        if membership.state == MemberState::Invited {
            accept(tx, act, jurisdiction, membership.id)?;
        }
    }
    Ok(())
}

/// Takes a role away for a time, or gives it back. It acts at once: roles are read afresh for every request.
pub fn set_state(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    to: MemberState,
) -> Result<(), Refusal> {
    let (account, membership) = find(tx, jurisdiction, id)?;
    may_give(act, jurisdiction, membership.role, place_of(jurisdiction, &membership))?;
    use MemberState::*;
    let fact = match (membership.state, to) {
        (from, to) if from == to => return Ok(()),
        (Active, Suspended) => "role-suspended",
        (Suspended, Active) => "role-restored",
        (Invited | Active | Suspended, Ended) => "role-ended",
        _ => return Err(Refusal::StateWrong),
    };
    if to != Active {
        leaves_an_administrator(tx, jurisdiction, &[id], None)?;
    }
    write_state(tx, act, jurisdiction, &membership, to)?;
    announce(tx, act, jurisdiction, account, id, membership.role, fact);
    Ok(())
}

/// Ends a membership for good.
pub fn end(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64) -> Result<(), Refusal> {
    set_state(tx, act, jurisdiction, id, MemberState::Ended)
}

fn find(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<(i64, Membership), Refusal> {
    tx.query_opt(
        sql!(concat!("SELECT ", columns!(), " FROM memberships WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id],
        |row| Ok((row.get::<i64>(7)?, from_row(row)?)),
    )?
    .ok_or(Refusal::NotFound)
}

fn write_state(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    membership: &Membership,
    to: MemberState,
) -> Result<(), Refusal> {
    // The old state is part of the change, so two who decide at once do not both decide.
    tx.execute_one(
        sql!(
            "UPDATE memberships SET state = $4, changed_at = $5 WHERE jurisdiction_id = $1 AND id = $2 AND state = $3"
        ),
        &params![jurisdiction, membership.id, membership.state.code(), to.code(), act.at.0],
    )?;
    Ok(())
}

fn announce(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    account: i64,
    id: i64,
    role: Role,
    fact: &'static str,
) {
    let payload = serde_json::json!({ "membership": id, "role": role.code() });
    act.record(tx, jurisdiction, ACCOUNT, account, fact, payload.to_string());
}
