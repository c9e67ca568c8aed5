//! Hiding a request whose words or photos must not stand in public, and showing it again.

use axum::extract::{Path, RawQuery, Request, State};
use axum::response::Response;
use door::Client;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::read::{WholeRequest, one, visible};
use super::work::{Asking, asking_with_key, refused};
use super::{answered, given, json};
use crate::problem::{FieldError, No, Problem};
use crate::refusals;
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
        let Asking { call, by, code } =
            asking_with_key(&api, client, &code, query.as_deref(), &headers).await?;
        let new: NewVisibility = given::json(&headers, request).await?;
        let (city, lang) = (call.city.id, call.lang);
        let act = api.door.act(by.clone());
        api.door
            .db
            .write(move |tx| -> Result<(), No> {
                let request = visible(tx, &act, city, code)?;
                requests::visibility::set_public(tx, &act, city, request.id, new.public, &new.why).map_err(
                    |error| match error {
                        requests::moves::MoveError::WordsMissing => why(lang, "why-missing"),
                        requests::moves::MoveError::WordsTooLong { .. } => why(lang, "words-too-long"),
                        other => refused(lang, other),
                    },
                )
            })
            .await?;
        let after = one(&api, &call, by, &code.to_string(), &headers).await?;
        Ok(json(StatusCode::OK, &after))
    };
    answered(answer.await, &headers)
}

fn why(lang: language::Lang, code: &str) -> No {
    No::Refused(vec![FieldError {
        code: code.into(),
        field: "why".into(),
        message: refusals::by_code(lang, code),
    }])
}
