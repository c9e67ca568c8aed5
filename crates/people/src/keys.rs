//! Programs that may write, by a key.
//!
//! A key is 32 random bytes in hexadecimal behind a short prefix. Only its SHA-256 is stored: the key is long
//! and random, so a slow hash would protect nothing and cost every call. A key has a role, may be narrowed to some
//! uses of it, and may be held to so many calls a minute.

use sha2::{Digest, Sha256};
use storage::{Result, Tx, params, sql};

use crate::{Act, Actor, Denied, Permission, Role, permissions::Where};

mod scopes; // what a key may be used for

pub use scopes::{KeyScope, KeyScopes};

/// A key as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub id: i64,
    pub name: String,
    pub role: Role,
    pub unit: Option<i64>,
    pub scopes: KeyScopes,
    /// Calls in a minute; `None` leaves it at what any address may.
    pub per_minute: Option<i64>,
    pub revoked: bool,
}

/// What is asked of a new key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Who will use it, for the list.
    pub name: String,
    pub role: Role,
    pub unit: Option<i64>,
    pub scopes: KeyScopes,
    pub per_minute: Option<i64>,
}

impl NewKey {
    /// A key that may do whatever its role may.
    pub fn of(name: &str, role: Role, unit: Option<i64>) -> Self {
        NewKey { name: name.to_owned(), role, unit, scopes: KeyScopes::ALL, per_minute: None }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

/// Makes a key and returns its text, which cannot be shown again. Nobody makes a key of a role above their own.
pub fn make(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, key: &NewKey) -> Result<String, KeyError> {
    may_make(act, jurisdiction, key.role)?;
    let secret: String = act.dice.bytes().iter().map(|b| format!("{b:02x}")).collect();
    let text = format!("pvd_{secret}");
    let id = act.new_id();
    store(tx, act, jurisdiction, id, &text, key)?;
    let payload = serde_json::json!({ "role": key.role.code(), "scopes": key.scopes.text() });
    act.record(tx, jurisdiction, "key", id, "key-made", payload.to_string());
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
    may_make(act, jurisdiction, role)?;
    let id = act.new_id();
    Ok(store(tx, act, jurisdiction, id, text, &NewKey::of(name, role, unit))?)
}

fn may_make(act: &Act, jurisdiction: i64, role: Role) -> Result<(), Denied> {
    act.require(Permission::ManageCatalogue, Where::city(jurisdiction))?;
    if role == Role::System || role.rank() > act.by.role().rank() {
        return Err(Denied { role: act.by.role(), permission: Permission::ManageCatalogue });
    }
    Ok(())
}

fn store(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64, text: &str, key: &NewKey) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO api_keys (jurisdiction_id, id, key_hash, name, role, unit_id, made_at, scopes, per_minute)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (jurisdiction_id, key_hash) DO NOTHING"
        ),
        &params![
            jurisdiction,
            id,
            &hash(text),
            &key.name,
            key.role.code(),
            key.unit,
            act.at.0,
            &key.scopes.text(),
            key.per_minute
        ],
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
        sql!(
            "SELECT id, name, role, unit_id, scopes, per_minute, revoked_at FROM api_keys
             WHERE jurisdiction_id = $1 ORDER BY id LIMIT 1000"
        ),
        &params![jurisdiction],
        |row| {
            Ok(Key {
                id: row.get(0)?,
                name: row.get(1)?,
                role: Role::parse(&row.get::<String>(2)?).unwrap_or(Role::Citizen),
                unit: row.get(3)?,
                scopes: scopes_of(&row.get::<String>(4)?)?,
                per_minute: row.get(5)?,
                revoked: row.get::<Option<i64>>(6)?.is_some(),
            })
        },
    )
}

/// Who holds a key, and how often they may call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub actor: Actor,
    pub id: i64,
    pub per_minute: Option<i64>,
}

/// The holder of a key in this city, if the key is known and not revoked.
pub fn held(tx: &mut Tx<'_>, jurisdiction: i64, text: &str) -> Result<Option<Holder>> {
    let found = tx.query_opt(
        sql!(
            "SELECT id, name, role, unit_id, scopes, per_minute FROM api_keys
             WHERE jurisdiction_id = $1 AND key_hash = $2 AND revoked_at IS NULL"
        ),
        &params![jurisdiction, &hash(text)],
        |row| {
            let role = Role::parse(&row.get::<String>(2)?);
            let (id, name, unit) = (row.get(0)?, row.get(1)?, row.get(3)?);
            let scopes = scopes_of(&row.get::<String>(4)?)?;
            let per_minute = row.get(5)?;
            Ok(role.map(|role| Holder {
                actor: Actor::Key { jurisdiction, id, name, role, unit, scopes },
                id,
                per_minute,
            }))
        },
    )?;
    Ok(found.flatten())
}

/// [`held`] without the limit, which the doors keep.
pub fn holder(tx: &mut Tx<'_>, jurisdiction: i64, text: &str) -> Result<Option<Actor>> {
    Ok(held(tx, jurisdiction, text)?.map(|holder| holder.actor))
}

/// A scope that this program does not know must not open everything.
fn scopes_of(text: &str) -> Result<KeyScopes> {
    KeyScopes::parse(text).ok_or_else(|| storage::Error::corrupt("a key with an unknown scope"))
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}
