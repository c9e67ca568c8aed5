//! Citizen, program, member of staff, the system itself.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::keys::KeyScopes;
use crate::member::Member;

/// What kind of author someone is; the row of the permission table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Anyone who reports, follows or asks, signed in or not.
    Citizen,
    /// A program of another organisation that sends requests through Open311.
    Sender,
    /// Takes calls and registers messages.
    Operator,
    /// Works on what its unit was given.
    UnitMember,
    /// Leads a unit and looks after its members.
    UnitManager,
    /// Judges objections on the spot, apart from the unit whose work is objected to.
    Inspector,
    /// Calls citizens back and asks whether it was really done.
    FeedbackCaller,
    /// Answers citizens in person on the line at announced hours.
    Official,
    /// Gives work to crews and plans their day.
    Dispatcher,
    /// Works with a crew, in the street.
    CrewMember,
    /// Speaks for a contractor, which is an external unit.
    Contractor,
    /// Leads a round of participation from ideas to what became of them.
    RoundManager,
    /// Takes ballots from people at their door, or from paper.
    Interviewer,
    /// Sees to the whole city.
    Supervisor,
    /// Looks after accounts, services and the program, not after requests.
    Administrator,
    /// The program itself: imports, followers, scheduled jobs.
    System,
}

impl Role {
    pub const ALL: [Role; 16] = [
        Role::Citizen,
        Role::Sender,
        Role::Operator,
        Role::UnitMember,
        Role::UnitManager,
        Role::Inspector,
        Role::FeedbackCaller,
        Role::Official,
        Role::Dispatcher,
        Role::CrewMember,
        Role::Contractor,
        Role::RoundManager,
        Role::Interviewer,
        Role::Supervisor,
        Role::Administrator,
        Role::System,
    ];

    /// The roles that a membership gives.
    pub const STAFF: [Role; 13] = [
        Role::Operator,
        Role::UnitMember,
        Role::UnitManager,
        Role::Inspector,
        Role::FeedbackCaller,
        Role::Official,
        Role::Dispatcher,
        Role::CrewMember,
        Role::Contractor,
        Role::RoundManager,
        Role::Interviewer,
        Role::Supervisor,
        Role::Administrator,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Role::Citizen => "citizen",
            Role::Sender => "sender",
            Role::Operator => "operator",
            Role::UnitMember => "unit-member",
            Role::UnitManager => "unit-manager",
            Role::Inspector => "inspector",
            Role::FeedbackCaller => "feedback-caller",
            Role::Official => "official",
            Role::Dispatcher => "dispatcher",
            Role::CrewMember => "crew-member",
            Role::Contractor => "contractor",
            Role::RoundManager => "round-manager",
            Role::Interviewer => "interviewer",
            Role::Supervisor => "supervisor",
            Role::Administrator => "administrator",
            Role::System => "system",
        }
    }

    pub fn parse(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }

    pub fn is_staff(self) -> bool {
        Role::STAFF.contains(&self)
    }

    /// A unit's own roles: the only ones that the manager of a unit gives.
    pub fn is_of_unit(self) -> bool {
        matches!(self, Role::UnitMember | Role::UnitManager | Role::CrewMember)
    }

    /// How high a role stands. Nobody gives or takes a role that stands higher than their own.
    pub fn rank(self) -> u8 {
        match self {
            Role::Citizen | Role::Sender => 0,
            Role::Operator | Role::UnitMember | Role::FeedbackCaller | Role::Official => 1,
            Role::Dispatcher | Role::CrewMember | Role::Contractor | Role::Interviewer => 1,
            Role::UnitManager | Role::Inspector | Role::RoundManager => 2,
            Role::Supervisor => 3,
            Role::Administrator => 4,
            Role::System => 5,
        }
    }

    /// Opens so much that the session is short and a second proof is expected.
    pub fn is_sensitive(self) -> bool {
        matches!(self, Role::Supervisor | Role::Administrator)
    }
}

/// The author of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A visitor without an account.
    Citizen,
    /// The holder of an API key.
    Key {
        jurisdiction: i64,
        id: i64,
        name: String,
        role: Role,
        unit: Option<i64>,
        /// What the key may be used for, narrower than its role. [`KeyScopes::ALL`] leaves the role as it is.
        scopes: KeyScopes,
    },
    /// Somebody who signed in: a citizen with an account, or a member of staff.
    Member(Arc<Member>),
    /// The program itself, under the name of what it is doing.
    System(&'static str),
}

impl Actor {
    /// The highest role.
    pub fn role(&self) -> Role {
        match self {
            Actor::Citizen => Role::Citizen,
            Actor::Key { role, .. } => *role,
            Actor::Member(member) => member.role(),
            Actor::System(_) => Role::System,
        }
    }

    /// Every role that is in force, the highest first; a citizen's when there is no other.
    pub fn roles(&self) -> Vec<Role> {
        match self {
            Actor::Member(member) => member.roles(),
            other => vec![other.role()],
        }
    }

    /// Whether there is any place at all where they may do this.
    pub fn may_somewhere(&self, permission: crate::Permission) -> bool {
        crate::permissions::may_somewhere(self, permission)
    }

    /// The account of somebody who signed in.
    pub fn account(&self) -> Option<i64> {
        match self {
            Actor::Member(member) => Some(member.account),
            _ => None,
        }
    }

    /// The unit that the author belongs to; with several, that of the highest role.
    pub fn unit(&self) -> Option<i64> {
        match self {
            Actor::Key { unit, .. } => *unit,
            Actor::Member(member) => member.unit(),
            _ => None,
        }
    }

    /// The stable spelling in the journal: `citizen`, `operator:12`, `system:import`. The number is that of the key
    /// or the account. A citizen's account is not named, so that the journal can be published.
    pub fn signature(&self) -> String {
        match self {
            Actor::Citizen => "citizen".into(),
            Actor::Key { id, role, .. } => format!("{}:{id}", role.code()),
            Actor::Member(member) => match member.role() {
                Role::Citizen => "citizen".into(),
                role => format!("{}:{}", role.code(), member.account),
            },
            Actor::System(name) => format!("system:{name}"),
        }
    }

    /// The role in a journal signature; what the public timeline shows instead of a person.
    pub fn role_of(signature: &str) -> Role {
        Role::parse(signature.split(':').next().unwrap_or("")).unwrap_or(Role::System)
    }
}
