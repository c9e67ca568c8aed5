//! Opening and closing a service to new requests.

use axum::extract::{Path, RawQuery, Request, State};
use axum::response::Response;
use door::Form;
use http::StatusCode;
use people::Actor;
use requests::pack::{self, PackError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Call, answered, given, json};
use crate::problem::{No, Problem};
use crate::state::Api;

/// Whether a service takes new requests from now on.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Offered {
    open: bool,
}

/// Open a service to new requests, or close it.
///
/// What was asked before goes on. Doing it twice changes nothing.
#[utoipa::path(
    post, path = "/services/{code}/open", tag = "work", operation_id = "openOrCloseService",
    params(
        ("code" = String, Path, description = "Code of the service, see `/services`."),
        ("jurisdiction" = Option<String>, Query, description = "Code of the jurisdiction; the first one without it."),
    ),
    request_body = Offered,
    responses(
        (status = 200, description = "How it stands now.", body = Offered),
        (status = 404, description = "There is no such service.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = []))
)]
pub(crate) async fn open(
    State(api): State<Api>,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
    mut request: Request,
) -> Response {
    let headers = std::mem::take(request.headers_mut());
    let answer = async {
        let Call { city, .. } = Call::of(&api, &Form::from_query(query.as_deref())?, &headers).await?;
        let by = api.caller(city.id, &headers).await?;
        if by == Actor::Citizen {
            return Err(No::KeyMissing);
        }
        let offered: Offered = given::json(&headers, request).await?;
        let (act, id) = (api.door.act(by), city.id);
        api.door
            .db
            .write(move |tx| match pack::set_open(tx, &act, id, &code, offered.open) {
                Ok(true) => Ok(()),
                Ok(false) => Err(No::NotFound("service-unknown")),
                Err(PackError::Denied(denied)) => Err(No::from(denied)),
                Err(PackError::Failure(failure)) => Err(No::from(failure)),
                Err(other) => Err(No::from(storage::Error::corrupt(other))),
            })
            .await?;
        Ok(json(StatusCode::OK, &offered))
    };
    answered(answer.await, &headers)
}
