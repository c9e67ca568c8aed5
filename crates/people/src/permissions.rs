//! Role × permission × scope, and how the table of [`GRANTS`] is asked.
//!
//! What is not in the table is denied. Verbs ask; pages only hide what would be refused. The table says the widest
//! reach a role may have; a membership narrows it to its own scope and place. Whoever signed in may also do what any
//! citizen may.

use Scope::{City, Own, Unit};

use crate::Role::{Citizen, System};
use crate::{Actor, Membership, Role};

pub use crate::grants::GRANTS;
pub use crate::place::Where;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Permission { $($(#[$doc])* $name),* }

        impl Permission {
            pub const ALL: &[Permission] = &[$(Permission::$name),*];

            /// The stable spelling in the journal, in message keys and in the printed matrix.
            pub fn code(self) -> &'static str {
                match self { $(Permission::$name => $code),* }
            }

            pub fn parse(code: &str) -> Option<Permission> {
                Permission::ALL.iter().copied().find(|permission| permission.code() == code)
            }
        }
    };
}

permissions! {
    /// Say something to the city.
    Submit = "submit",
    /// Follow a request, or say "me too".
    Follow = "follow",
    /// Cancel what one reported oneself.
    Withdraw = "withdraw",
    /// Check a request, mark duplicates, correct its service or place.
    Confirm = "confirm",
    /// Give a request to a unit, or refer it outside.
    Assign = "assign",
    /// Start, wait, continue, answer, decline.
    Work = "work",
    /// Close, and reopen what was closed.
    Close = "close",
    /// Write a note that colleagues see.
    NoteInternal = "note-internal",
    /// Read internal notes and requests that are not public.
    SeeInternal = "see-internal",
    /// See who reported.
    SeeContact = "see-contact",
    /// Change services, units, borders, holidays.
    ManageCatalogue = "manage-catalogue",
    /// Bring in records of the past.
    Import = "import",
    /// Answer the telephone at the desk.
    TakeCalls = "take-calls",
    /// Judge an objection, and decide what follows from it.
    Inspect = "inspect",
    /// Call citizens back and write down what they say.
    FeedbackCall = "feedback-call",
    /// Invite members, give and take roles, end sessions.
    ManagePeople = "manage-people",
    /// Begin, change and end storm mode.
    ManageStorm = "manage-storm",
    /// Join requests into incidents, part them, answer them together.
    ManageIncidents = "manage-incidents",
    /// See everything that one person or one place reported before.
    SeeHistory = "see-history",
    /// Read who looked at what, and who was refused.
    SeeAudit = "see-audit",
    /// Change gateways, texts and hours of messages, and look into the outbox.
    ManageNotices = "manage-notices",
    /// Announce the hours of officials on the line.
    ManageOfficials = "manage-officials",
    /// Take the line as an official, and promise.
    SpeakAsOfficial = "speak-as-official",
    /// Make records forget people when their time is over.
    Retain = "retain",
    /// Say what one thinks the city should do: ideas, arguments, a ballot.
    TakePart = "take-part",
    /// Give work orders to crews, plan the day, take a crew's work away.
    Dispatch = "dispatch",
    /// Change crews, vehicles, shifts, kinds of work; ask for and grant help between districts.
    ManageCrews = "manage-crews",
    /// See and do what one's own crew was given.
    WorkAsCrew = "work-as-crew",
    /// Judge on the spot whether work was done and measured rightly.
    CheckWork = "check-work",
    /// Make contracts, price lists and penalties, and close a month's statement.
    ManageContracts = "manage-contracts",
    /// See one's own orders and statements as a contractor, measure, dispute.
    WorkAsContractor = "work-as-contractor",
    /// Begin a round of participation and lead it through its phases.
    ManageRounds = "manage-rounds",
    /// Say whether an idea can be done, for how much and by whom.
    JudgeFeasibility = "judge-feasibility",
    /// Hide and show what people wrote, with a reason that is published.
    Moderate = "moderate",
    /// Take ballots from other people: on paper, or at their door.
    TakeBallots = "take-ballots",
}

/// How far a permission reaches, from the narrowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// What belongs to the author's own account.
    Own,
    /// What the author's own unit was given.
    Unit,
    Neighbourhood,
    District,
    /// The whole jurisdiction.
    City,
}

impl Scope {
    pub const ALL: [Scope; 5] = [Scope::Own, Scope::Unit, Scope::Neighbourhood, Scope::District, Scope::City];

    pub fn code(self) -> &'static str {
        match self {
            Scope::Own => "own",
            Scope::Unit => "unit",
            Scope::Neighbourhood => "neighbourhood",
            Scope::District => "district",
            Scope::City => "city",
        }
    }

    pub fn parse(code: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

/// The author may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{role:?} may not {permission:?} here")]
pub struct Denied {
    pub role: Role,
    pub permission: Permission,
}

/// How far `role` may do this at most; `None` when it may not at all.
pub fn scope(role: Role, permission: Permission) -> Option<Scope> {
    let (_, grants) = GRANTS.iter().find(|(r, _)| *r == role)?;
    grants.iter().find(|(p, _)| *p == permission).map(|(_, scope)| *scope)
}

/// How far a membership may do this: the table's reach or its own, whichever is smaller.
pub fn reach(membership: &Membership, permission: Permission) -> Option<Scope> {
    if !membership.is_active() || !membership.role.is_staff() {
        return None;
    }
    scope(membership.role, permission).map(|widest| widest.min(membership.scope))
}

pub(crate) fn require(actor: &Actor, permission: Permission, place: Where) -> Result<(), Denied> {
    let may = match actor {
        Actor::Citizen => scope(Citizen, permission) == Some(City),
        Actor::System(_) => scope(System, permission).is_some(),
        // A key of one city opens nothing in another, and nothing that it was not made for.
        Actor::Key { jurisdiction, role, unit, scopes, .. } => {
            *jurisdiction == place.jurisdiction
                && scopes.allow(permission)
                && match scope(*role, permission) {
                    Some(City) => true,
                    Some(Unit) => same(*unit, place.unit),
                    _ => false,
                }
        }
        Actor::Member(member) => {
            member.jurisdiction == place.jurisdiction
                && (covers(scope(Citizen, permission), None, member.account, place)
                    || member.active().any(|m| covers(reach(m, permission), Some(m), member.account, place)))
        }
    };
    if may { Ok(()) } else { Err(Denied { role: actor.role(), permission }) }
}

/// Whether there is any place where the author may do this: for pages and routes, which then ask for each thing.
pub(crate) fn may_somewhere(actor: &Actor, permission: Permission) -> bool {
    match actor {
        Actor::Citizen => scope(Citizen, permission) == Some(City),
        Actor::System(_) => scope(System, permission).is_some(),
        Actor::Key { role, scopes, .. } => scopes.allow(permission) && scope(*role, permission).is_some(),
        Actor::Member(member) => {
            scope(Citizen, permission).is_some() || member.active().any(|m| reach(m, permission).is_some())
        }
    }
}

fn covers(reach: Option<Scope>, membership: Option<&Membership>, account: i64, place: Where) -> bool {
    match (reach, membership) {
        (None, _) => false,
        (Some(City), _) => true,
        (Some(Own), _) => place.owner == Some(account),
        (Some(Unit), Some(m)) => same(m.unit, place.unit),
        (Some(Scope::Neighbourhood), Some(m)) => same(m.neighbourhood, place.neighbourhood),
        (Some(Scope::District), Some(m)) => same(m.district, place.district),
        (Some(_), None) => false,
    }
}

/// No unit is not every unit.
fn same(own: Option<i64>, theirs: Option<i64>) -> bool {
    own.is_some() && own == theirs
}
