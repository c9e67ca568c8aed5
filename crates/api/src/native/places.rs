//! Places by name, where a point lies, and what was already reported near it.

use axum::extract::{RawQuery, Request, State};
use axum::response::Response;
use door::{Budget, Client, Form};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use territory::{Located, Point};
use utoipa::ToSchema;

use super::shapes::{Division, Names, RequestShape};
use super::{Call, answered, conditional_json, filter, given, json};
use crate::problem::{FieldError, No};
use crate::refusals;
use crate::state::Api;

/// A place that was found by its name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundPlace {
    name: String,
    name_fa: String,
    name_en: String,
    /// `district`, `area`, `neighbourhood`, or the city's own word for a landmark.
    kind: String,
    lat: Option<f64>,
    long: Option<f64>,
    /// The division itself, or the smallest one around the landmark.
    division: Option<Division>,
}

/// Places by name.
#[utoipa::path(
    get, path = "/places", tag = "places", operation_id = "findPlaces",
    params(
        ("q" = Option<String>, Query, description = "What somebody types; the last word may be unfinished."),
        ("jurisdiction" = Option<String>, Query, description = "Code of the jurisdiction; the first one without it."),
        ("limit" = Option<String>, Query, description = "How many at most: 1 to 50.", pattern = "^([1-9]|[1-4][0-9]|50)?$"),
    ),
    responses((status = 200, description = "The best first.", body = Vec<FoundPlace>))
)]
pub(crate) async fn find(
    State(api): State<Api>,
    client: Client,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let query = Form::from_query(query.as_deref())?;
        api.door.limits.check(Budget::Search, client)?;
        let Call { city, lang } = Call::of(&api, &query, &headers).await?;
        let most = filter::whole(&query, "limit", 50)?.unwrap_or(10);
        if most == 0 {
            return Err(No::Parameter { name: "limit", code: "number-wrong" });
        }
        let id = city.id;
        let (atlas, catalogue) = api
            .door
            .db
            .read(move |tx| Ok::<_, No>((territory::atlas(tx, id)?, requests::catalogue(tx, id)?)))
            .await?;
        let names = Names { catalogue: &catalogue, atlas: &atlas, lang, now: api.door.now() };
        let words: String = query.text("q").chars().take(200).collect();
        let found: Vec<FoundPlace> = atlas
            .find_places(&words, most as usize)
            .into_iter()
            .map(|found| FoundPlace {
                name: if lang == language::Lang::Fa { found.name_fa.clone() } else { found.name_en.clone() },
                name_fa: found.name_fa,
                name_en: found.name_en,
                kind: found.kind.code().to_owned(),
                lat: found.point.map(|p| p.lat),
                long: found.point.map(|p| p.long),
                division: names.division(found.division),
            })
            .collect();
        Ok(conditional_json(&headers, &found))
    };
    answered(answer.await, &headers)
}

/// Where a point lies.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Location {
    /// False outside the city, and absent where the city has no open borders.
    inside: Option<bool>,
    district: Option<Division>,
    area: Option<Division>,
    neighbourhood: Option<Division>,
    /// Outside: the nearest district and the metres to it.
    nearest: Option<Division>,
    metres: Option<f64>,
}

/// In which district and neighbourhood a point lies.
#[utoipa::path(
    get, path = "/locate", tag = "places", operation_id = "locatePoint",
    params(
        ("lat" = f64, Query, minimum = -90, maximum = 90),
        ("long" = f64, Query, minimum = -180, maximum = 180),
        ("jurisdiction" = Option<String>, Query, description = "Code of the jurisdiction; the first one without it."),
    ),
    responses((status = 200, description = "Where it lies.", body = Location))
)]
pub(crate) async fn locate(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let query = Form::from_query(query.as_deref())?;
        let Call { city, lang } = Call::of(&api, &query, &headers).await?;
        let number = |name: &'static str| {
            filter::decimal(query.text(name)).ok_or(No::Parameter { name, code: "coordinates-impossible" })
        };
        let point = Point::new(number("lat")?, number("long")?)
            .ok_or(No::Parameter { name: "lat", code: "coordinates-impossible" })?;
        let id = city.id;
        let (atlas, catalogue) = api
            .door
            .db
            .read(move |tx| Ok::<_, No>((territory::atlas(tx, id)?, requests::catalogue(tx, id)?)))
            .await?;
        let names = Names { catalogue: &catalogue, atlas: &atlas, lang, now: api.door.now() };
        let mut location = Location {
            inside: None,
            district: None,
            area: None,
            neighbourhood: None,
            nearest: None,
            metres: None,
        };
        match atlas.locate(point) {
            Located::Inside(place) => {
                location.inside = Some(true);
                location.district = names.division(place.district);
                location.area = names.division(place.area);
                location.neighbourhood = names.division(place.neighbourhood);
            }
            Located::Outside { nearest, metres } => {
                location.inside = Some(false);
                location.nearest = names.division(nearest);
                location.metres = Some(metres.round());
            }
            Located::NoBorders => {}
        }
        Ok(conditional_json(&headers, &location))
    };
    answered(answer.await, &headers)
}

/// As many characters as a report may have.
const MOST_WORDS: usize = 4_000;

/// What somebody is about to report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AboutToSay {
    service_code: String,
    #[schema(minimum = -90, maximum = 90)]
    lat: f64,
    #[schema(minimum = -180, maximum = 180)]
    long: f64,
    #[serde(default)]
    #[schema(max_length = 4000)]
    description: Option<String>,
}

/// An open request that may be about the same thing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NearShape {
    request: RequestShape,
    metres: f64,
    /// From 0 to 1.
    likeness: f64,
}

/// What was already reported near a point: to be shown before somebody sends, as an offer to join.
#[utoipa::path(
    post, path = "/near", tag = "requests", operation_id = "nearRequests",
    params(("jurisdiction" = Option<String>, Query, description = "Code of the jurisdiction; the first one without it.")),
    request_body = AboutToSay,
    responses((status = 200, description = "The likest first; at most five.", body = Vec<NearShape>))
)]
pub(crate) async fn near(
    State(api): State<Api>,
    client: Client,
    RawQuery(query): RawQuery,
    mut request: Request,
) -> Response {
    let headers = std::mem::take(request.headers_mut());
    let answer = async {
        let query = Form::from_query(query.as_deref())?;
        let Call { city, lang } = Call::of(&api, &query, &headers).await?;
        api.door.limits.check(Budget::Search, client)?;
        let about: AboutToSay = given::json(&headers, request).await?;
        let wrong = || {
            let code = "coordinates-impossible";
            No::Refused(vec![FieldError {
                code: code.into(),
                field: "lat".into(),
                message: refusals::by_code(lang, code),
            }])
        };
        let point = Point::new(about.lat, about.long).ok_or_else(wrong)?;
        let words = about.description.unwrap_or_default();
        if words.chars().count() > MOST_WORDS {
            let code = "words-too-long";
            let message = refusals::by_code(lang, code);
            return Err(No::Refused(vec![FieldError {
                code: code.into(),
                field: "description".into(),
                message,
            }]));
        }
        let (id, now) = (city.id, api.door.now());
        let found = api
            .door
            .db
            .read(move |tx| -> Result<Vec<NearShape>, No> {
                let near = requests::duplicates::near(tx, id, &about.service_code, point, &words, now, 5)?;
                let (atlas, catalogue) = (territory::atlas(tx, id)?, requests::catalogue(tx, id)?);
                let names = Names { catalogue: &catalogue, atlas: &atlas, lang, now };
                Ok(near
                    .iter()
                    .map(|near| NearShape {
                        request: names.request(&near.request),
                        metres: near.metres.round(),
                        likeness: (near.likeness * 100.0).round() / 100.0,
                    })
                    .collect())
            })
            .await?;
        Ok(json(StatusCode::OK, &found))
    };
    answered(answer.await, &headers)
}
