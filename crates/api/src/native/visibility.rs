//! Hiding a request whose words or photos must not stand in public, and showing it again.

use axum::extract::{Path, RawQuery, Request, State};
use axum::response::Response;
use door::Client;
use http::StatusCode;
use requests::moves::MoveError;
use requests::visibility::set_public;
use serde::Deserialize;
use utoipa::ToSchema;

use super::read::WholeRequest;
use super::work::{asking_with_key, one_field, refused};
use super::{answered, given};
use crate::problem::Problem;
use crate::state::Api;

/// Whether everybody may see a request from now on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVisibility {
    public: bool,
    /// For colleagues, in the thread; owed whenever something changes.
    #[schema(max_length = 4000)]
    why: String,
}

/// Hide a request from the public, or show it again.
///
/// A hidden request keeps its code, its thread and its promise; it leaves lists, maps, search, feeds and files, and its
/// photos. Doing it twice changes nothing.
#[utoipa::path(
    post, path = "/requests/{code}/visibility", tag = "work", operation_id = "showOrHideRequest",
    params(
        ("code" = String, Path, description = "Tracking code: ten digits."),
        ("jurisdiction" = Option<String>, Query, description = "Code of the jurisdiction; the first one without it."),
    ),
    request_body = NewVisibility,
    responses(
        (status = 200, description = "The request as it stands afterwards.", body = WholeRequest),
        (status = 404, description = "There is no such request.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = []))
)]
pub(crate) async fn set(
    State(api): State<Api>,
    client: Client,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
    mut request: Request,
) -> Response {
    let headers = std::mem::take(request.headers_mut());
    let answer = async {
        let asking = asking_with_key(&api, client, &code, query.as_deref(), &headers).await?;
        let new: NewVisibility = given::json(&headers, request).await?;
        let (city, lang) = (asking.call.city.id, asking.call.lang);
        asking
            .change(&api, &headers, StatusCode::OK, move |tx, act, request| {
                set_public(tx, act, city, request.id, new.public, &new.why).map_err(|error| match error {
                    MoveError::WordsMissing => one_field(lang, "why-missing", "why"),
                    MoveError::WordsTooLong { .. } => one_field(lang, "words-too-long", "why"),
                    other => refused(lang, other),
                })
            })
            .await
    };
    answered(answer.await, &headers)
}
