//! Role × permission × scope, in one table.
//!
//! What is not in the table is denied. Verbs ask; pages only hide what would be refused.

use crate::{Actor, Role};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Say something to the city.
    Submit,
    /// Follow a request, or say "me too".
    Follow,
    /// Cancel what one reported oneself.
    Withdraw,
    /// Check a request, mark duplicates, correct its service or place.
    Confirm,
    /// Give a request to a unit, or refer it outside.
    Assign,
    /// Start, wait, continue, answer, decline.
    Work,
    /// Close, and reopen what was closed.
    Close,
    /// Write a note that colleagues see.
    NoteInternal,
    /// Read internal notes and requests that are not public.
    SeeInternal,
    /// See who reported.
    SeeContact,
    /// Change services, units, borders, holidays.
    ManageCatalogue,
    /// Bring in records of the past.
    Import,
}

impl Permission {
    pub const ALL: [Permission; 12] = [
        Permission::Submit,
        Permission::Follow,
        Permission::Withdraw,
        Permission::Confirm,
        Permission::Assign,
        Permission::Work,
        Permission::Close,
        Permission::NoteInternal,
        Permission::SeeInternal,
        Permission::SeeContact,
        Permission::ManageCatalogue,
        Permission::Import,
    ];
}

/// How far a permission reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// What the author's own unit was given.
    Unit,
    /// The whole jurisdiction.
    City,
}

use Permission::*;
use Role::*;
use Scope::{City, Unit};

/// The table.
pub const GRANTS: &[(Role, &[(Permission, Scope)])] = &[
    (Citizen, &[(Submit, City), (Follow, City)]),
    (Sender, &[(Submit, City), (Follow, City)]),
    (
        Operator,
        &[
            (Submit, City),
            (Follow, City),
            (Withdraw, City),
            (Confirm, City),
            (Assign, City),
            (NoteInternal, City),
            (SeeInternal, City),
            (SeeContact, City),
        ],
    ),
    (
        UnitMember,
        &[
            (Submit, City),
            (Follow, City),
            (Assign, Unit),
            (Work, Unit),
            (NoteInternal, Unit),
            (SeeInternal, Unit),
            (SeeContact, Unit),
        ],
    ),
    (
        Supervisor,
        &[
            (Submit, City),
            (Follow, City),
            (Withdraw, City),
            (Confirm, City),
            (Assign, City),
            (Work, City),
            (Close, City),
            (NoteInternal, City),
            (SeeInternal, City),
            (SeeContact, City),
            (ManageCatalogue, City),
            (Import, City),
        ],
    ),
    (
        System,
        &[
            (Submit, City),
            (Follow, City),
            (Confirm, City),
            (Assign, City),
            (Work, City),
            (Close, City),
            (NoteInternal, City),
            (SeeInternal, City),
            (ManageCatalogue, City),
            (Import, City),
        ],
    ),
];

/// Where the thing is that someone wants to act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Where {
    pub jurisdiction: i64,
    pub unit: Option<i64>,
}

impl Where {
    pub fn city(jurisdiction: i64) -> Self {
        Where { jurisdiction, unit: None }
    }

    pub fn unit(jurisdiction: i64, unit: Option<i64>) -> Self {
        Where { jurisdiction, unit }
    }
}

/// The author may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{role:?} may not {permission:?} here")]
pub struct Denied {
    pub role: Role,
    pub permission: Permission,
}

/// How far `role` may do this; `None` when it may not at all.
pub fn scope(role: Role, permission: Permission) -> Option<Scope> {
    let (_, grants) = GRANTS.iter().find(|(r, _)| *r == role)?;
    grants.iter().find(|(p, _)| *p == permission).map(|(_, scope)| *scope)
}

pub(crate) fn require(actor: &Actor, permission: Permission, place: Where) -> Result<(), Denied> {
    let role = actor.role();
    let denied = Denied { role, permission };
    // A key of one city opens nothing in another.
    if let Actor::Key { jurisdiction, .. } = actor
        && *jurisdiction != place.jurisdiction
    {
        return Err(denied);
    }
    match scope(role, permission).ok_or(denied)? {
        City => Ok(()),
        Unit if actor.unit().is_some() && actor.unit() == place.unit => Ok(()),
        Unit => Err(denied),
    }
}
