//! Our own JSON interface at `/api/v1`, described by OpenAPI 3.1 at `/api/v1/openapi.json`.
//!
//! Anybody may read what is public and report something; staff carry a key. Ids are strings, because numbers of 63
//! bits do not survive JavaScript; times are RFC 3339 in UTC; a refusal names the field it stands beside.

mod cities; // jurisdictions, services, figures
mod create; // a person reports something
mod csv; // everything, row by row
pub(crate) mod filter; // which requests an address asks for
pub(crate) mod given; // a body of JSON
mod list; // many requests
mod openapi; // the description of all this
mod photos; // pictures first, the request after them
mod places; // places by name, and where a point lies
mod read; // one request and its thread
mod services; // open to new requests, or closed
mod shapes; // how things look in JSON
mod storm; // the storms that hold now
mod visibility; // hidden from the public, and shown again
mod work; // moves, notes, following

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::{any, get, post};
use http::HeaderMap;
use language::Lang;
use serde::Serialize;

use crate::city::City;
use crate::problem::{self, No};
use crate::speech;
use crate::state::Api;

pub(crate) use read::{answers, visible as read_visible};
pub(crate) use shapes::{Names, status_name, title_of};

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/api/v1/openapi.json", get(openapi::document))
        .route("/api/v1/jurisdictions", get(cities::jurisdictions))
        .route("/api/v1/services", get(cities::services))
        .route("/api/v1/services/{code}/open", post(services::open))
        .route("/api/v1/figures", get(cities::figures))
        .route("/api/v1/requests", get(list::list).post(create::create))
        .route("/api/v1/requests.csv", get(csv::export))
        .route("/api/v1/requests/{code}", get(read::read))
        .route(
            "/api/v1/requests/{code}/moves",
            // Photos of the work travel inside; the key is asked for before a byte of them is read.
            post(work::make_move).layer(DefaultBodyLimit::max(door::UPLOAD_LIMIT)),
        )
        .route("/api/v1/requests/{code}/visibility", post(visibility::set))
        .route("/api/v1/requests/{code}/notes", post(work::add_note))
        .route("/api/v1/requests/{code}/follow", post(work::follow))
        .route("/api/v1/photos", post(photos::keep).layer(DefaultBodyLimit::max(door::UPLOAD_LIMIT)))
        .route("/api/v1/storm", get(storm::storms))
        .route("/api/v1/near", post(places::near))
        .route("/api/v1/places", get(places::find))
        .route("/api/v1/locate", get(places::locate))
        .route("/api/v1/{*rest}", any(problem::no_such_address))
}

/// The city and the language of one call.
pub(crate) struct Call {
    pub city: City,
    pub lang: Lang,
}

impl Call {
    /// Reads `jurisdiction` and `lang` of an address.
    pub async fn of(api: &Api, query: &door::Form, headers: &HeaderMap) -> Result<Call, No> {
        let city = api.city(query.get("jurisdiction")).await?;
        let lang = speech::of(query.get("lang"), headers, &city);
        Ok(Call { city, lang })
    }
}

/// JSON with a status.
pub(crate) fn json<T: Serialize>(status: http::StatusCode, value: &T) -> Response {
    use axum::response::IntoResponse;
    match serde_json::to_vec(value) {
        Ok(body) => {
            (status, [(http::header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
        }
        Err(error) => door::Failure::new(error).into_response(),
    }
}

/// JSON that may be kept by whoever asks again each time.
pub(crate) fn conditional_json<T: Serialize>(headers: &HeaderMap, value: &T) -> Response {
    use axum::response::IntoResponse;
    match serde_json::to_vec(value) {
        Ok(body) => door::etag::conditional(headers, "application/json; charset=utf-8", "no-cache", body),
        Err(error) => door::Failure::new(error).into_response(),
    }
}

/// The answer, or the refusal in the language of the reader.
pub(crate) fn answered(answer: Result<Response, No>, headers: &HeaderMap) -> Response {
    answer.unwrap_or_else(|no| no.say(door::lang::suggested(headers).unwrap_or(Lang::En)))
}
