//! Somebody who signed in, and the roles they act in.

use serde::{Deserialize, Serialize};

use crate::{Role, Scope};

/// Where a membership stands. Only an active one gives rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberState {
    /// Offered, and not yet accepted.
    Invited,
    Active,
    /// Taken away for a time.
    Suspended,
    /// Over. Kept for the record, never used again.
    Ended,
}

impl MemberState {
    pub const ALL: [MemberState; 4] =
        [MemberState::Invited, MemberState::Active, MemberState::Suspended, MemberState::Ended];

    pub fn code(self) -> &'static str {
        match self {
            MemberState::Invited => "invited",
            MemberState::Active => "active",
            MemberState::Suspended => "suspended",
            MemberState::Ended => "ended",
        }
    }

    pub fn parse(code: &str) -> Option<MemberState> {
        MemberState::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// One role of one account: how far it reaches and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub id: i64,
    pub role: Role,
    /// Narrows what the table grants to the role; it never widens it.
    pub scope: Scope,
    pub unit: Option<i64>,
    pub district: Option<i64>,
    pub neighbourhood: Option<i64>,
    pub state: MemberState,
}

impl Membership {
    pub fn is_active(&self) -> bool {
        self.state == MemberState::Active
    }
}

/// Somebody who signed in, as they stood when the request came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub jurisdiction: i64,
    pub account: i64,
    pub name: String,
    /// In every state; only the active ones count.
    pub memberships: Vec<Membership>,
}

impl Member {
    /// The memberships that give rights.
    pub fn active(&self) -> impl Iterator<Item = &Membership> {
        self.memberships.iter().filter(|m| m.is_active() && m.role.is_staff())
    }

    fn highest(&self) -> Option<&Membership> {
        self.active().max_by_key(|m| (m.role.rank(), m.role, -m.id))
    }

    pub fn role(&self) -> Role {
        self.highest().map_or(Role::Citizen, |m| m.role)
    }

    /// Every role in force, the highest first.
    pub fn roles(&self) -> Vec<Role> {
        let mut roles: Vec<Role> = self.active().map(|m| m.role).collect();
        roles.sort_by_key(|role| std::cmp::Reverse((role.rank(), *role)));
        roles.dedup();
        if roles.is_empty() { vec![Role::Citizen] } else { roles }
    }

    /// The unit of the highest role that has one.
    pub fn unit(&self) -> Option<i64> {
        self.active().filter(|m| m.unit.is_some()).max_by_key(|m| (m.role.rank(), -m.id)).and_then(|m| m.unit)
    }
}
