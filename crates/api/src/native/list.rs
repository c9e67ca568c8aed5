//! Many requests, newest first.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use door::{Budget, Client, Form};
use http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;

use super::shapes::{Names, RequestShape};
use super::{Call, answered, conditional_json, filter};
use crate::problem::No;
use crate::state::Api;

/// One page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequestList {
    requests: Vec<RequestShape>,
    /// `before` of the next page, when there is one.
    next: Option<String>,
}

/// Requests that everybody may see, newest first.
#[utoipa::path(
    get, path = "/requests", tag = "requests", operation_id = "listRequests",
    params(filter::Filters),
    responses((status = 200, description = "One page.", body = RequestList))
)]
pub(crate) async fn list(
    State(api): State<Api>,
    client: Client,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let query = Form::from_query(query.as_deref())?;
        let Call { city, lang } = Call::of(&api, &query, &headers).await?;
        if !query.text("q").trim().is_empty() {
            api.door.limits.check(Budget::Search, client)?;
        }
        let now = api.door.now();
        let (id, headers) = (city.id, headers.clone());
        api.door
            .db
            .read(move |tx| -> Result<Response, No> {
                let atlas = territory::atlas(tx, id)?;
                let catalogue = requests::catalogue(tx, id)?;
                let filter = filter::read(&query, &atlas, &catalogue, now)?;
                let page = requests::list::list(tx, &filter)?;
                let names = Names { catalogue: &catalogue, atlas: &atlas, lang, now };
                let list = RequestList {
                    requests: page.requests.iter().map(|request| names.request(request)).collect(),
                    next: page.next.map(|id| id.0.to_string()),
                };
                Ok(conditional_json(&headers, &list))
            })
            .await
    };
    answered(answer.await, &headers)
}
