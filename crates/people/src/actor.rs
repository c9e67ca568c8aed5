//! Citizen, program, member of staff, the system itself.

use serde::{Deserialize, Serialize};

/// What kind of author someone is; the row of the permission table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Anyone who reports, follows or asks. Not signed in.
    Citizen,
    /// A program of another organisation that sends requests through Open311.
    Sender,
    /// Takes calls and registers messages.
    Operator,
    /// Works on what its unit was given.
    UnitMember,
    /// Sees to the whole city.
    Supervisor,
    /// The program itself: imports, followers, scheduled jobs.
    System,
}

impl Role {
    pub const ALL: [Role; 6] =
        [Role::Citizen, Role::Sender, Role::Operator, Role::UnitMember, Role::Supervisor, Role::System];

    pub fn code(self) -> &'static str {
        match self {
            Role::Citizen => "citizen",
            Role::Sender => "sender",
            Role::Operator => "operator",
            Role::UnitMember => "unit-member",
            Role::Supervisor => "supervisor",
            Role::System => "system",
        }
    }

    pub fn parse(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// The author of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A visitor without an account.
    Citizen,
    /// The holder of an API key.
    Key { jurisdiction: i64, id: i64, name: String, role: Role, unit: Option<i64> },
    /// The program itself, under the name of what it is doing.
    System(&'static str),
}

impl Actor {
    pub fn role(&self) -> Role {
        match self {
            Actor::Citizen => Role::Citizen,
            Actor::Key { role, .. } => *role,
            Actor::System(_) => Role::System,
        }
    }

    /// The unit that the author belongs to.
    pub fn unit(&self) -> Option<i64> {
        match self {
            Actor::Key { unit, .. } => *unit,
            _ => None,
        }
    }

    /// The stable spelling in the journal: `citizen`, `operator:12`, `system:import`.
    pub fn signature(&self) -> String {
        match self {
            Actor::Citizen => "citizen".into(),
            Actor::Key { id, role, .. } => format!("{}:{id}", role.code()),
            Actor::System(name) => format!("system:{name}"),
        }
    }

    /// The role in a journal signature; what the public timeline shows instead of a person.
    pub fn role_of(signature: &str) -> Role {
        Role::parse(signature.split(':').next().unwrap_or("")).unwrap_or(Role::System)
    }
}
