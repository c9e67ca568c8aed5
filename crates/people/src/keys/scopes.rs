//! What a key may be used for: a narrowing of its role that a person can read.

use crate::Permission;

/// What a key may be used for. A key without some scope is refused the permissions that belong to it, whatever its
/// role may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyScopes(u8);

/// One use of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyScope {
    /// Report and follow.
    Requests,
    /// Read what is not public: internal notes, who reported, earlier requests.
    Read,
    /// Move requests: confirm, assign, work, close, note.
    Work,
    /// Announce calls of the telephone exchange.
    Calls,
    /// Bring in records of the past and change the catalogue.
    Import,
    /// Everything else that the role may: people, storms, incidents, notices.
    Manage,
}

impl KeyScope {
    pub const ALL: [KeyScope; 6] = [
        KeyScope::Requests,
        KeyScope::Read,
        KeyScope::Work,
        KeyScope::Calls,
        KeyScope::Import,
        KeyScope::Manage,
    ];

    pub fn code(self) -> &'static str {
        match self {
            KeyScope::Requests => "requests",
            KeyScope::Read => "read",
            KeyScope::Work => "work",
            KeyScope::Calls => "calls",
            KeyScope::Import => "import",
            KeyScope::Manage => "manage",
        }
    }

    /// The scope that a permission belongs to.
    pub fn of(permission: Permission) -> KeyScope {
        use Permission::*;
        match permission {
            Submit | Follow | TakePart => KeyScope::Requests,
            SeeInternal | SeeContact | SeeHistory | SeeAudit => KeyScope::Read,
            Withdraw | Confirm | Assign | Work | Close | NoteInternal | Inspect | FeedbackCall | Dispatch
            | WorkAsCrew | CheckWork | WorkAsContractor => KeyScope::Work,
            TakeCalls => KeyScope::Calls,
            ManageCatalogue | Import => KeyScope::Import,
            ManagePeople | ManageStorm | ManageIncidents | ManageNotices | ManageOfficials
            | SpeakAsOfficial | Retain | ManageCrews | ManageContracts | ManageRounds | JudgeFeasibility
            | Moderate | TakeBallots => KeyScope::Manage,
        }
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

impl KeyScopes {
    /// Whatever the role may.
    pub const ALL: KeyScopes = KeyScopes(u8::MAX);

    pub fn of(scopes: &[KeyScope]) -> KeyScopes {
        KeyScopes(scopes.iter().fold(0, |bits, scope| bits | scope.bit()))
    }

    /// `requests,work`; nothing means all.
    pub fn parse(text: &str) -> Option<KeyScopes> {
        if text.trim().is_empty() {
            return Some(KeyScopes::ALL);
        }
        let mut scopes = Vec::new();
        for word in text.split(',').map(str::trim) {
            scopes.push(KeyScope::ALL.into_iter().find(|scope| scope.code() == word)?);
        }
        Some(KeyScopes::of(&scopes))
    }

    pub fn text(self) -> String {
        if self == KeyScopes::ALL {
            return String::new();
        }
        let codes: Vec<&str> =
            KeyScope::ALL.into_iter().filter(|scope| self.0 & scope.bit() != 0).map(KeyScope::code).collect();
        codes.join(",")
    }

    pub fn allow(self, permission: Permission) -> bool {
        self.0 & KeyScope::of(permission).bit() != 0
    }
}
