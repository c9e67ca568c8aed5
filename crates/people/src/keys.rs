//! Programs that may write, by a key.
//!
//! A key is 32 random bytes in hexadecimal behind a short prefix. Only its SHA-256 is stored: the key is long
//! and random, so a slow hash would protect nothing and cost every call.

use sha2::{Digest, Sha256};
use storage::{Result, Tx, params, sql};

use crate::{Act, Actor, Permission, Role, permissions::Where};

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
            Submit | Follow => KeyScope::Requests,
            SeeInternal | SeeContact | SeeHistory | SeeAudit => KeyScope::Read,
            Withdraw | Confirm | Assign | Work | Close | NoteInternal | Inspect | FeedbackCall => KeyScope::Work,
            TakeCalls => KeyScope::Calls,
            ManageCatalogue | Import => KeyScope::Import,
            ManagePeople | ManageStorm | ManageIncidents | ManageNotices | ManageOfficials | SpeakAsOfficial
            | Retain => KeyScope::Manage,
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

/// A key as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub id: i64,
    pub name: String,
    pub role: Role,
    pub unit: Option<i64>,
    pub revoked: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(transparent)]
    Denied(#[from] crate::Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

/// Makes a key and returns its text, which cannot be shown again.
pub fn make(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    name: &str,
    role: Role,
    unit: Option<i64>,
) -> Result<String, KeyError> {
    act.require(Permission::ManageCatalogue, Where::city(jurisdiction))?;
    let secret: String = act.dice.bytes().iter().map(|b| format!("{b:02x}")).collect();
    let text = format!("pvd_{secret}");
    let id = act.new_id();
    store(tx, act, jurisdiction, id, &text, name, role, unit)?;
    act.record(tx, jurisdiction, "key", id, "key-made", format!("{{\"role\":\"{}\"}}", role.code()));
    Ok(text)
}

/// Lets a known text be a key, for demo cities and tests.
pub fn admit(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    text: &str,
    name: &str,
    role: Role,
    unit: Option<i64>,
) -> Result<(), KeyError> {
    act.require(Permission::ManageCatalogue, Where::city(jurisdiction))?;
    let id = act.new_id();
    Ok(store(tx, act, jurisdiction, id, text, name, role, unit)?)
}

#[allow(clippy::too_many_arguments)]
fn store(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    text: &str,
    name: &str,
    role: Role,
    unit: Option<i64>,
) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO api_keys (jurisdiction_id, id, key_hash, name, role, unit_id, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (jurisdiction_id, key_hash) DO NOTHING"
        ),
        &params![jurisdiction, id, &hash(text), name, role.code(), unit, act.at.0],
    )?;
    Ok(())
}

/// Takes a key's rights away at once.
pub fn revoke(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64) -> Result<bool, KeyError> {
    act.require(Permission::ManageCatalogue, Where::city(jurisdiction))?;
    let changed = tx.execute(
        sql!("UPDATE api_keys SET revoked_at = $3 WHERE jurisdiction_id = $1 AND id = $2 AND revoked_at IS NULL"),
        &params![jurisdiction, id, act.at.0],
    )?;
    if changed == 1 {
        act.record(tx, jurisdiction, "key", id, "key-revoked", "{}".into());
    }
    Ok(changed == 1)
}

pub fn all(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Vec<Key>> {
    tx.query(
        sql!("SELECT id, name, role, unit_id, revoked_at FROM api_keys WHERE jurisdiction_id = $1 ORDER BY id LIMIT 1000"),
        &params![jurisdiction],
        |row| {
            Ok(Key {
                id: row.get(0)?,
                name: row.get(1)?,
                role: Role::parse(&row.get::<String>(2)?).unwrap_or(Role::Citizen),
                unit: row.get(3)?,
                revoked: row.get::<Option<i64>>(4)?.is_some(),
            })
        },
    )
}

/// The holder of a key in this city, if the key is known and not revoked.
pub fn holder(tx: &mut Tx<'_>, jurisdiction: i64, text: &str) -> Result<Option<Actor>> {
    let found = tx.query_opt(
        sql!("SELECT id, name, role, unit_id FROM api_keys WHERE jurisdiction_id = $1 AND key_hash = $2 AND revoked_at IS NULL"),
        &params![jurisdiction, &hash(text)],
        |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<String>(2)?, row.get::<Option<i64>>(3)?)),
    )?;
    Ok(found.and_then(|(id, name, role, unit)| {
        Some(Actor::Key { jurisdiction, id, name, role: Role::parse(&role)?, unit, scopes: KeyScopes::ALL })
    }))
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}
