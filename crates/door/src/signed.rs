//! Who is signed in, from the one cookie that the pages have.
//!
//! The cookie holds a random token and nothing else; everything about the session stands in the database and is
//! looked at anew for every page, so that whoever is suspended or loses a role feels it at the next click. A session
//! belongs to one city: in another city of the same house it opens nothing.

use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Response};
use calendar::Timestamp;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Uri, header};
use people::permissions::Permission;
use people::sessions::{self, Assurance};
use people::{Act, Actor};

use crate::failure::{Failure, Refusal};
use crate::{Door, Settings, routes};

/// Somebody who signed in. As an argument of a handler it is whoever the gate let in; `Option<Signed>` also works on
/// pages for everybody.
#[derive(Debug, Clone)]
pub struct Signed {
    pub jurisdiction: i64,
    pub session: i64,
    pub account: i64,
    pub name: String,
    pub actor: Actor,
    /// How they proved who they are.
    pub assurance: Assurance,
    pub began_at: Timestamp,
    /// They came with a first password, which opens nothing but its own change.
    pub must_change_password: bool,
    pub(crate) is_to_be_seen: bool,
}

/// For how long after a sign-in somebody may change how they sign in, in milliseconds. Later they sign in once more.
const RECENT: i64 = 15 * 60_000;

impl Signed {
    /// Something this person does, now.
    pub fn act(&self, door: &Door) -> Act {
        door.act(self.actor.clone())
    }

    /// Whether any membership of this person allows it anywhere; for pages and routes, never for a thing.
    pub fn may_somewhere(&self, permission: Permission) -> bool {
        self.actor.may_somewhere(permission)
    }

    /// Whether a second factor has to be set up before anything else: the password of a colleague can be guessed, lent
    /// or read over a shoulder.
    pub fn must_add_second(&self, settings: &Settings) -> bool {
        settings.second_factor && self.is_staff() && self.assurance == Assurance::Password
    }

    /// Whether they proved who they are a short while ago.
    pub fn is_recent(&self, now: Timestamp) -> bool {
        (0..RECENT).contains(&now.millis_since(self.began_at))
    }

    /// Whether this person works here, and is not only a citizen with an account.
    pub fn is_staff(&self) -> bool {
        self.actor.role() != people::Role::Citizen
    }
}

/// The name of the session's cookie. `__Host-` binds it to this very host and to encrypted connections; where the
/// city is reached without encryption, browsers would drop such a cookie.
pub fn cookie_name(settings: &Settings) -> &'static str {
    if settings.is_https() { "__Host-peyvand" } else { "peyvand" }
}

/// The cookie that carries a session, for `Set-Cookie`. It ends with the browser; the session itself ends when
/// `people::sessions` says so.
pub fn cookie(settings: &Settings, token: &str) -> HeaderValue {
    named(settings, cookie_name(settings), token, None)
}

/// Takes the cookie back.
pub fn no_cookie(settings: &Settings) -> HeaderValue {
    named(settings, cookie_name(settings), "", Some(0))
}

/// Any cookie of ours: for this host only, out of reach of scripts, not sent along from other sites.
pub fn named(settings: &Settings, name: &str, value: &str, seconds: Option<u32>) -> HeaderValue {
    let secure = if settings.is_https() { "; Secure" } else { "" };
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// A value of the browser's cookies.
pub fn cookie_value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The session of a request in the city that its address names.
pub(crate) async fn find(door: &Door, headers: &HeaderMap, uri: &Uri) -> Result<Option<Signed>, Failure> {
    let Some(token) = cookie_value(headers, cookie_name(&door.settings)) else { return Ok(None) };
    // What is no token of ours is not worth a look into the database.
    if token.len() > 128 || !token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        return Ok(None);
    }
    let (token, code, now) = (token.to_owned(), routes::city_of(uri), door.now());
    door.db
        .read(move |tx| -> Result<_, Failure> {
            let cities = territory::cities(tx)?;
            let city = match &code {
                None => cities.first(),
                Some(code) => cities.iter().find(|city| city.code == *code),
            };
            let Some(jurisdiction) = city.map(|city| city.id) else { return Ok(None) };
            let Some(session) = sessions::find(tx, jurisdiction, &token, now)? else { return Ok(None) };
            Ok(Some(Signed {
                jurisdiction,
                session: session.id,
                account: session.account,
                is_to_be_seen: session.is_to_be_seen(now),
                assurance: session.assurance,
                began_at: session.began_at,
                must_change_password: session.must_change_password,
                name: session.name,
                actor: session.actor,
            }))
        })
        .await
}

impl<S> FromRequestParts<S> for Signed
where
    S: Send + Sync,
    Door: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        // Only the gate lets people in: a handler that wants somebody and has no gate gets nobody.
        parts.extensions.get::<Signed>().cloned().ok_or_else(|| Refusal::Denied.into_response())
    }
}

impl<S> OptionalFromRequestParts<S> for Signed
where
    S: Send + Sync,
    Door: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Failure> {
        if let Some(signed) = parts.extensions.get::<Signed>() {
            return Ok(Some(signed.clone()));
        }
        find(&Door::from_ref(state), &parts.headers, &parts.uri).await
    }
}
