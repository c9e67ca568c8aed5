//! Who is asking, by the key they carry.

use door::limits::Limits;
use http::{HeaderMap, header};
use people::Actor;
use storage::Tx;

use crate::problem::No;
use crate::state::Api;

/// The key in `Authorization: Bearer KEY`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim()).filter(|key| !key.is_empty())
}

/// The holder of a key, or a citizen when there is no key. A key that nobody holds is refused, and so is one that calls
/// more often than it may.
pub(crate) fn actor(tx: &mut Tx<'_>, limits: &Limits, city: i64, key: Option<&str>) -> Result<Actor, No> {
    let Some(key) = key else { return Ok(Actor::Citizen) };
    let holder = people::keys::held(tx, city, key)?.ok_or(No::KeyWrong)?;
    if let Some(per_minute) = holder.per_minute {
        limits.check_key(holder.id, per_minute)?;
    }
    Ok(holder.actor)
}

impl Api {
    /// [`actor`] for a caller whose key stands in a header.
    pub(crate) async fn caller(&self, city: i64, headers: &HeaderMap) -> Result<Actor, No> {
        match bearer(headers).map(str::to_owned) {
            None if headers.contains_key(header::AUTHORIZATION) => Err(No::KeyWrong),
            None => Ok(Actor::Citizen),
            Some(key) => {
                let door = self.door.clone();
                self.door.db.read(move |tx| actor(tx, &door.limits, city, Some(&key))).await
            }
        }
    }
}
