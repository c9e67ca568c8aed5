//! Who is asking, by the key they carry.

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

/// The holder of a key, or a citizen when there is no key. A key that nobody holds is refused.
pub(crate) fn actor(tx: &mut Tx<'_>, city: i64, key: Option<&str>) -> Result<Actor, No> {
    match key {
        None => Ok(Actor::Citizen),
        Some(key) => people::keys::holder(tx, city, key)?.ok_or(No::KeyWrong),
    }
}

impl Api {
    /// [`actor`] for a caller whose key stands in a header.
    pub(crate) async fn caller(&self, city: i64, headers: &HeaderMap) -> Result<Actor, No> {
        match bearer(headers).map(str::to_owned) {
            None if headers.contains_key(header::AUTHORIZATION) => Err(No::KeyWrong),
            None => Ok(Actor::Citizen),
            Some(key) => self.door.db.read(move |tx| actor(tx, city, Some(&key))).await,
        }
    }
}
