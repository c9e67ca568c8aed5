//! OpenID Connect, our side of it: we ask a provider who somebody is, and judge what it says.
//!
//! Authorisation code with PKCE, state and nonce; the issuer is compared letter by letter, the audience is us, the
//! signature is checked against the keys that the provider publishes. Everything is asked anew for each sign-in, so
//! that renewed keys work at once. All of it waits for another machine: call it on a thread that may block.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use calendar::Timestamp;
use door::Oidc;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreJsonWebKeySet, CoreJwsSigningAlgorithm as Alg,
    CoreProviderMetadata,
};
use openidconnect::{
    AuthenticationContextClass, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest,
    HttpResponse, IssuerUrl, JsonWebKey, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    TokenResponse,
};
use serde_json::Value;

/// How long the provider may take over one answer.
const PATIENCE: Duration = Duration::from_secs(8);
/// Bytes of one answer.
const MOST: u64 = 1024 * 1024;
/// Keys that belong to somebody: nothing symmetric, and never "none".
const ALGORITHMS: [Alg; 6] = [
    Alg::RsaSsaPkcs1V15Sha256,
    Alg::RsaSsaPkcs1V15Sha512,
    Alg::RsaSsaPssSha256,
    Alg::EcdsaP256Sha256,
    Alg::EcdsaP384Sha384,
    Alg::EdDsa,
];
/// How old a message that ends sessions may be, in seconds.
const LOGOUT_AGE: i64 = 300;

/// Why a sign-on did not come about; for the log, never for people.
#[derive(Debug)]
pub struct NotTaken(String);

impl fmt::Display for NotTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotTaken {}

fn because(what: &'static str) -> impl Fn(&dyn fmt::Display) -> NotTaken {
    move |error| NotTaken(format!("{what}: {error}"))
}

/// A visit to the provider that begins: where to send the browser, and what to remember meanwhile.
pub struct Begun {
    pub address: String,
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

/// Who the provider says it was.
#[derive(Debug, PartialEq, Eq)]
pub struct Subject {
    pub issuer: String,
    pub subject: String,
    /// The provider's own session; empty when it names none.
    pub sid: String,
}

/// What came back with the browser.
pub struct Returned<'a> {
    pub code: &'a str,
    pub state: &'a str,
    /// The provider's name for itself, where it sends it (RFC 9207).
    pub issuer: Option<&'a str>,
}

/// Begins a visit.
pub fn begin(settings: &Oidc, redirect: &str) -> Result<Begun, NotTaken> {
    let provider = discover(settings)?;
    let client =
        CoreClient::from_provider_metadata(provider, ClientId::new(settings.client_id.clone()), None)
            .set_redirect_uri(redirect_url(redirect)?);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let mut request = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .set_pkce_challenge(challenge);
    for acr in &settings.acr_values {
        request = request.add_auth_context_value(AuthenticationContextClass::new(acr.clone()));
    }
    let (address, state, nonce) = request.url();
    Ok(Begun {
        address: address.to_string(),
        state: state.secret().clone(),
        nonce: nonce.secret().clone(),
        verifier: verifier.secret().clone(),
    })
}

/// Ends a visit: changes the code for a token and judges it.
pub fn finish(
    settings: &Oidc,
    redirect: &str,
    returned: &Returned<'_>,
    begun: &Begun,
) -> Result<Subject, NotTaken> {
    if returned.state.is_empty() || returned.state != begun.state {
        return Err(NotTaken("the state is not ours".into()));
    }
    if returned.issuer.is_some_and(|issuer| issuer != settings.issuer) {
        return Err(NotTaken("another provider answered".into()));
    }
    let provider = discover(settings)?;
    let secret = secret(settings)?.map(ClientSecret::new);
    let client =
        CoreClient::from_provider_metadata(provider, ClientId::new(settings.client_id.clone()), secret)
            .set_redirect_uri(redirect_url(redirect)?);
    let token = client
        .exchange_code(AuthorizationCode::new(returned.code.to_owned()))
        .map_err(|e| because("no token endpoint")(&e))?
        .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.clone()))
        .request(&fetch)
        .map_err(|e| because("the code was not changed")(&e))?;
    let id_token = token.id_token().ok_or_else(|| NotTaken("no ID token".into()))?;
    let acr_values = settings.acr_values.clone();
    let verifier =
        client.id_token_verifier().set_allowed_algs(ALGORITHMS).set_auth_context_verifier_fn(move |acr| {
            match acr {
                _ if acr_values.is_empty() => Ok(()),
                Some(acr) if acr_values.iter().any(|wanted| wanted == acr.as_str()) => Ok(()),
                _ => Err("the sign-on was not strong enough".into()),
            }
        });
    let claims = id_token
        .claims(&verifier, &Nonce::new(begun.nonce.clone()))
        .map_err(|e| because("the ID token")(&e))?;
    // The library has judged this very text; of its further claims only one is read here.
    let sid = payload(&id_token.to_string())
        .and_then(|claims| claims.get("sid").and_then(Value::as_str).map(str::to_owned))
        .unwrap_or_default();
    Ok(Subject { issuer: settings.issuer.clone(), subject: claims.subject().to_string(), sid })
}

/// Judges a message by which the provider ends sessions (OpenID Connect Back-Channel Logout 1.0).
pub fn logout(settings: &Oidc, token: &str, now: Timestamp) -> Result<Subject, NotTaken> {
    const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
    let no = |why: &str| NotTaken(format!("a logout token: {why}"));
    let provider = discover(settings)?;
    let keys: CoreJsonWebKeySet = provider.jwks().clone();
    let (signed, signature) = token.rsplit_once('.').ok_or_else(|| no("no token"))?;
    let header = signed.split('.').next().and_then(decoded).ok_or_else(|| no("no header"))?;
    let alg = header.get("alg").and_then(Value::as_str).unwrap_or("");
    let alg = ALGORITHMS
        .into_iter()
        .find(|known| serde_json::to_value(known).is_ok_and(|name| name == alg))
        .ok_or_else(|| no("an algorithm that we do not take"))?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| no("no signature"))?;
    let kid = header.get("kid").and_then(Value::as_str);
    let is_signed = keys
        .keys()
        .iter()
        .filter(|key| kid.is_none() || key.key_id().map(|id| id.as_str()) == kid)
        .any(|key| key.verify_signature(&alg, signed.as_bytes(), &signature).is_ok());
    if !is_signed {
        return Err(no("not signed by the provider"));
    }
    let claims = payload(token).ok_or_else(|| no("no claims"))?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let is_for_us = match claims.get("aud") {
        Some(Value::String(aud)) => *aud == settings.client_id,
        Some(Value::Array(all)) => all.iter().any(|aud| aud == settings.client_id.as_str()),
        _ => false,
    };
    let age = now.0 / 1000 - claims.get("iat").and_then(Value::as_i64).unwrap_or(0);
    let is_over = claims.get("exp").and_then(Value::as_i64).is_some_and(|exp| exp < now.0 / 1000);
    if text("iss") != settings.issuer || !is_for_us {
        return Err(no("from or for somebody else"));
    }
    if !(-60..LOGOUT_AGE).contains(&age) || is_over {
        return Err(no("too old"));
    }
    // An ID token must not be taken for one.
    if claims.get("nonce").is_some() || claims.get("events").and_then(|events| events.get(EVENT)).is_none() {
        return Err(no("not a logout token"));
    }
    Ok(Subject { issuer: settings.issuer.clone(), subject: text("sub"), sid: text("sid") })
}

fn discover(settings: &Oidc) -> Result<CoreProviderMetadata, NotTaken> {
    let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|e| because("the issuer")(&e))?;
    // The library refuses a provider that calls itself anything else than what we asked for.
    CoreProviderMetadata::discover(&issuer, &fetch)
        .map_err(|e| because("asking the provider about itself")(&e))
}

fn redirect_url(redirect: &str) -> Result<RedirectUrl, NotTaken> {
    RedirectUrl::new(redirect.to_owned()).map_err(|e| because("public_url")(&e))
}

fn secret(settings: &Oidc) -> Result<Option<String>, NotTaken> {
    let Some(file) = &settings.client_secret_file else { return Ok(None) };
    let text = std::fs::read_to_string(file).map_err(|e| because("client_secret_file")(&e))?;
    Ok(Some(text.trim().to_owned()))
}

/// One question to the provider. No redirect is followed: it could lead into our own network.
fn fetch(request: HttpRequest) -> Result<HttpResponse, NotTaken> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .http_status_as_error(false)
        .build()
        .into();
    let answer = agent.run(request).map_err(|e| because("the provider")(&e))?;
    let (parts, mut body) = answer.into_parts();
    let bytes = body.with_config().limit(MOST).read_to_vec().map_err(|e| because("the provider")(&e))?;
    Ok(HttpResponse::from_parts(parts, bytes))
}

fn payload(token: &str) -> Option<Value> {
    decoded(token.split('.').nth(1)?)
}

fn decoded(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
