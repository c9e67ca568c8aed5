//! Storms that hold now: what the telephone exchange and other programs say and do while one lasts.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use door::Form;
use http::HeaderMap;
use requests::storm;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Call, answered, conditional_json};
use crate::problem::No;
use crate::state::Api;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StormShape {
    /// Code of the district; absent for the whole city.
    #[serde(skip_serializing_if = "Option::is_none")]
    district: Option<String>,
    since: String,
    /// For a page or a screen.
    message: Texts,
    /// To be read out by the phone menu.
    phone: Texts,
    /// Services that are worked on first.
    first: Vec<String>,
    /// Services that wait.
    wait: Vec<String>,
    /// How much later the services that wait are promised, in hours.
    shift_hours: i64,
    /// People are asked only the most needed when they report.
    simple_intake: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Texts {
    fa: String,
    en: String,
}

/// The storms that hold now; none on a calm day.
#[utoipa::path(
    get, path = "/storm", tag = "places", operation_id = "listStorms",
    params(("jurisdiction" = Option<String>, Query, description = "Code of the jurisdiction; the first one without it.")),
    responses((status = 200, description = "The city's own first, then those of districts.", body = Vec<StormShape>))
)]
pub(crate) async fn storms(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let query = Form::from_query(query.as_deref())?;
        let city = Call::of(&api, &query, &headers).await?.city.id;
        let shapes = api
            .door
            .db
            .read(move |tx| -> Result<_, No> {
                let (storms, atlas) = (storm::current(tx, city)?, territory::atlas(tx, city)?);
                let shape = |s: &storm::Storm| StormShape {
                    district: s.district.and_then(|id| atlas.division(id)).map(|d| d.code.clone()),
                    since: s.begun_at.to_rfc3339_z(),
                    message: Texts { fa: s.mode.message.fa.clone(), en: s.mode.message.en.clone() },
                    phone: Texts { fa: s.mode.phone.fa.clone(), en: s.mode.phone.en.clone() },
                    first: s.mode.first.clone(),
                    wait: s.mode.wait.clone(),
                    shift_hours: s.mode.shift_hours,
                    simple_intake: s.mode.simple,
                };
                Ok(storms.all.iter().map(shape).collect::<Vec<_>>())
            })
            .await?;
        Ok(conditional_json(&headers, &shapes))
    };
    answered(answer.await, &headers)
}
