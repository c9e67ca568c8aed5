//! Requests as GeoJSON features (RFC 7946): longitude first.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use calendar::Timestamp;
use door::{Budget, Client, Form};
use http::HeaderMap;
use requests::ServiceRequest;
use serde::Serialize;
use utoipa::ToSchema;

use crate::native::{Call, Names, answered, filter, title_of};
use crate::problem::No;
use crate::state::Api;

/// How many features there are when nobody says how many.
const USUAL: u32 = 1_000;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FeatureCollection {
    /// `FeatureCollection`.
    #[serde(rename = "type")]
    kind: &'static str,
    features: Vec<Feature>,
    /// `before` of the next page, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Feature {
    /// `Feature`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The tracking code.
    id: String,
    geometry: Option<PointGeometry>,
    properties: Properties,
}

#[derive(Debug, Serialize, ToSchema)]
struct PointGeometry {
    /// `Point`.
    #[serde(rename = "type")]
    kind: &'static str,
    coordinates: [f64; 2],
}

#[derive(Debug, Serialize, ToSchema)]
struct Properties {
    code: String,
    title: String,
    status: &'static str,
    open: bool,
    overdue: bool,
    kind: &'static str,
    /// Code of the service.
    service: String,
    service_name: String,
    /// Codes of the divisions.
    district: Option<String>,
    neighbourhood: Option<String>,
    requested_at: String,
    updated_at: String,
    due_at: Option<String>,
    closed_at: Option<String>,
}

/// Requests as GeoJSON.
#[utoipa::path(
    get, path = "/requests.geojson", tag = "requests", operation_id = "mapRequests",
    params(filter::Filters),
    responses((status = 200, description = "Newest first; those without a point have no geometry.", body = FeatureCollection, content_type = "application/geo+json"))
)]
pub(crate) async fn geojson(
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
        let (id, now) = (city.id, api.door.now());
        let body = api
            .door
            .db
            .read(move |tx| -> Result<Vec<u8>, No> {
                let (atlas, catalogue) = (territory::atlas(tx, id)?, requests::catalogue(tx, id)?);
                let mut filter = filter::read(&query, &atlas, &catalogue, now)?;
                if query.text("limit").trim().is_empty() {
                    filter.limit = USUAL;
                }
                let page = requests::list::list(tx, &filter)?;
                let names = Names { catalogue: &catalogue, atlas: &atlas, lang, now };
                let collection = FeatureCollection {
                    kind: "FeatureCollection",
                    features: page.requests.iter().map(|request| feature(&names, request)).collect(),
                    next: page.next.map(|id| id.0.to_string()),
                };
                Ok(serde_json::to_vec(&collection).map_err(storage::Error::corrupt)?)
            })
            .await?;
        Ok(door::etag::conditional(&headers, "application/geo+json", "no-cache", body))
    };
    answered(answer.await, &headers)
}

fn feature(names: &Names<'_>, request: &ServiceRequest) -> Feature {
    let division =
        |id: Option<i64>| id.and_then(|id| names.atlas.division(id)).map(|division| division.code.clone());
    let service = names.service(request.service);
    Feature {
        kind: "Feature",
        id: request.code.to_string(),
        geometry: request.point.map(|p| PointGeometry { kind: "Point", coordinates: [p.long, p.lat] }),
        properties: Properties {
            code: request.code.to_string(),
            title: title_of(names, request),
            status: request.status.code(),
            open: request.status.is_open(),
            overdue: request.is_overdue(names.now),
            kind: request.kind.code(),
            service: service.code,
            service_name: service.name,
            district: division(request.district),
            neighbourhood: division(request.neighbourhood),
            requested_at: request.requested_at.to_rfc3339_z(),
            updated_at: request.updated_at.to_rfc3339_z(),
            due_at: request.due_at.map(Timestamp::to_rfc3339_z),
            closed_at: request.closed_at.map(Timestamp::to_rfc3339_z),
        },
    }
}
