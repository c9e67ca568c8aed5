//! Who is asking, by the key they carry.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use door::Form;
use door::limits::Limits;
use http::{HeaderMap, header};
use people::{Actor, Denied};
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

/// Writes down who was refused, with the pattern of the address and not what stood in it. A key that nobody holds is
/// nobody, and strangers are not written down.
pub(crate) async fn note_denied(State(api): State<Api>, request: Request, next: Next) -> Response {
    let key = bearer(request.headers()).map(str::to_owned);
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let query = request.uri().query().map(str::to_owned);
    let response = next.run(request).await;
    let Some(denied) = response.extensions().get::<Denied>().copied() else { return response };
    let query = Form::from_query(query.as_deref()).unwrap_or_default();
    let key = key.or_else(|| query.get("api_key").map(str::to_owned));
    let (Some(key), Some(path)) = (key, path) else { return response };
    let named = ["jurisdiction", "jurisdiction_id"].into_iter().find_map(|name| query.get(name));
    let Ok(city) = api.city(named.map(str::trim).filter(|code| !code.is_empty())).await else {
        return response;
    };
    let city = city.id;
    let held = api.door.db.read(move |tx| people::keys::held(tx, city, &key)).await;
    if let Ok(Some(holder)) = held {
        api.door.note_denied(api.door.act(holder.actor), city, &path, denied.permission).await;
    }
    response
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
