//! Open311 GeoReport v2 at `/open311/v2`: complete, in XML and JSON.
//!
//! The specification (wiki.open311.org/GeoReport_v2) is followed by the letter, and read the way its oldest clients
//! read it: a doubled slash, an empty parameter, a `+` that became a space and an address without a suffix are all
//! understood. `/open311/trial/v2` is the same city for people who try out their program: what is sent there is
//! checked and not kept.

mod answer; // one answer, two spellings
mod discovery; // where the endpoints are
mod errors; // what went wrong, in the form that was asked for
mod read; // requests as everybody may see them
mod services; // what may be asked for, and what is asked back
mod updates; // what was said since, FixMyStreet's way
mod window; // which requests, of which days
mod write; // a program sends a request

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use door::{Client, Form};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use language::Lang;
use percent_encoding::percent_decode_str;

use crate::city::City;
use crate::problem::No;
use crate::speech;
use crate::state::Api;

pub(crate) use answer::xml_text;
pub(crate) use errors::render;

use answer::{Format, Value, respond};

const PRODUCTION: &str = "/open311/v2";
const TRIAL: &str = "/open311/trial/v2";

pub(crate) fn routes() -> Router<Api> {
    let mut router = Router::new();
    for base in [PRODUCTION, TRIAL] {
        router = router
            .route(base, any(handle))
            .route(&format!("{base}/"), any(handle))
            .route(&format!("{base}/{{*rest}}"), any(handle));
    }
    router.layer(DefaultBodyLimit::max(door::UPLOAD_LIMIT))
}

/// One call: what was asked for, of whom, in which form.
struct Call {
    api: Api,
    client: Client,
    headers: HeaderMap,
    query: Form,
    trial: bool,
}

/// A list or an object, and what it is called in XML.
type Answer = (&'static str, Value);

impl Call {
    /// The city that a parameter names; both the address and the body may hold it.
    async fn city(&self, body: Option<&Form>) -> Result<City, No> {
        let in_body =
            body.and_then(|form| form.get("jurisdiction_id")).filter(|code| !code.trim().is_empty());
        self.api.city(in_body.or(self.query.get("jurisdiction_id"))).await
    }

    fn lang(&self, city: &City) -> Lang {
        speech::of(self.query.get("lang").or(self.query.get("locale")), &self.headers, city)
    }

    /// A parameter of the address; an empty one is an absent one.
    fn given(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(str::trim).filter(|value| !value.is_empty())
    }
}

/// The parts of a path below the base, and the form that its suffix asks for. The suffix is behind the last dot, so
/// that an id may hold dots; without one the answer is JSON.
fn read_path(path: &str) -> (Vec<String>, Format) {
    let below = path.strip_prefix(TRIAL).or_else(|| path.strip_prefix(PRODUCTION)).unwrap_or(path);
    let mut parts: Vec<String> = below
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    let mut format = Format::Json;
    if let Some(last) = parts.last_mut()
        && let Some((name, suffix)) = last.rsplit_once('.')
        && let Some(known) = Format::of_suffix(suffix)
    {
        format = known;
        *last = name.to_owned();
    }
    (parts, format)
}

async fn handle(State(api): State<Api>, client: Client, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let (parts, format) = read_path(&path);
    let headers = request.headers().clone();
    let query = match Form::from_query(request.uri().query()) {
        Ok(query) => query,
        Err(refusal) => return refusal.into_response(),
    };
    let method = request.method().clone();
    if method == Method::OPTIONS {
        return preflight();
    }
    let call = Call { api, client, headers: headers.clone(), query, trial: path.starts_with(TRIAL) };
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let reads = method == Method::GET || method == Method::HEAD;
    let answer = match parts.as_slice() {
        [] | ["discovery"] if reads => discovery::discovery(&call).await,
        ["services"] if reads => services::list(&call).await,
        ["services", code] if reads => services::definition(&call, code).await,
        ["requests"] if reads => read::list(&call).await,
        ["requests", id] if reads => read::one(&call, id).await,
        ["tokens", token] if reads => read::token(&call, token).await,
        ["servicerequestupdates"] if reads => updates::list(&call).await,
        ["requests"] if method == Method::POST => write::create(&call, request).await,
        ["servicerequestupdates"] if method == Method::POST => updates::create(&call, request).await,
        []
        | ["discovery" | "services" | "requests" | "servicerequestupdates"]
        | ["services" | "requests" | "tokens", _] => return errors::wrong_method(format, parts.len() == 1),
        _ => Err(No::NotFound("address-unknown")),
    };
    match answer {
        Ok((name, value)) => respond(StatusCode::OK, format, name, &value),
        Err(no) => {
            let city_lang = call.api.city(call.query.get("jurisdiction_id")).await.ok();
            let lang = city_lang.map_or(Lang::En, |city| call.lang(&city));
            errors::respond_no(no, lang, format)
        }
    }
}

/// Browsers ask before they send what is no plain form. Reading is allowed from everywhere.
fn preflight() -> Response {
    let headers = [
        (header::ALLOW, HeaderValue::from_static("GET, HEAD, POST, OPTIONS")),
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD")),
        (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400")),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
