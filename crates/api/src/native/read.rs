//! One request and its thread.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use door::{Budget, Client, Form};
use http::HeaderMap;
use language::{TrackingCode, mask};
use people::Actor;
use requests::find::{self, Knot, Photo};
use requests::{Catalogue, ServiceRequest};
use serde::Serialize;
use storage::Tx;
use utoipa::ToSchema;

use super::shapes::{Named, Names, RequestShape, status_name};
use super::{Call, answered, conditional_json};
use crate::address;
use crate::problem::{No, Problem};
use crate::state::Api;

/// A request with everything that everybody may see of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WholeRequest {
    #[serde(flatten)]
    request: RequestShape,
    attributes: Vec<AnswerShape>,
    pictures: Vec<Picture>,
    thread: Vec<KnotShape>,
    /// Code of the request that goes on instead of this one.
    duplicate_of: Option<String>,
}

/// The answers to one question of the service.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnswerShape {
    code: String,
    question: String,
    values: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Picture {
    url: String,
    thumbnail: String,
    width: i64,
    height: i64,
    /// `reported`, `before`, `after`.
    stage: String,
    at: String,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KnotShape {
    at: String,
    /// The role of whoever did it.
    by: &'static str,
    fact: String,
    status: Option<&'static str>,
    status_name: Option<&'static str>,
    unit: Option<Named>,
    text: String,
    /// Only colleagues see it.
    internal: bool,
}

/// One request by its tracking code.
#[utoipa::path(
    get, path = "/requests/{code}", tag = "requests", operation_id = "readRequest",
    params(
        ("code" = String, Path, description = "Tracking code: ten digits."),
        ("jurisdiction" = Option<String>, Query, description = "Code of the jurisdiction; the first one without it."),
    ),
    responses(
        (status = 200, description = "The request as it stands, and what happened to it.", body = WholeRequest),
        (status = 404, description = "There is none, or it is not public.", body = Problem, content_type = "application/problem+json"),
    ),
    security((), ("key" = []))
)]
pub(crate) async fn read(
    State(api): State<Api>,
    client: Client,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let query = Form::from_query(query.as_deref())?;
        let call = Call::of(&api, &query, &headers).await?;
        let by = api.caller(call.city.id, &headers).await?;
        let whole = one(&api, &call, by, &code, &headers).await;
        if matches!(whole, Err(No::NotFound(_))) {
            // Whoever guesses codes is slowed down; whoever knows them is not.
            api.door.limits.check(Budget::Search, client)?;
        }
        Ok(conditional_json(&headers, &whole?))
    };
    answered(answer.await, &headers)
}

/// A request for a caller who may see it, as it stands.
pub(crate) async fn one(
    api: &Api,
    call: &Call,
    by: Actor,
    code: &str,
    headers: &HeaderMap,
) -> Result<WholeRequest, No> {
    let act = api.door.act(by);
    let (id, lang) = (call.city.id, call.lang);
    let base = address::absolute(&api.door, headers, "/files/");
    let code = TrackingCode::parse(code).map_err(|_| No::NotFound("request-unknown"))?;
    api.door
        .db
        .read(move |tx| -> Result<WholeRequest, No> {
            let request = visible(tx, &act, id, code)?;
            let internal = find::may_see_internal(&act, &request);
            let thread = find::thread(tx, &request, internal)?;
            let photos = find::photos(tx, &request)?;
            let atlas = territory::atlas(tx, id)?;
            let catalogue = requests::catalogue(tx, id)?;
            let duplicate_of = match request.duplicate_of {
                Some(other) => find::by_id(tx, id, other)?
                    .filter(|r| r.is_public || internal)
                    .map(|r| r.code.to_string()),
                None => None,
            };
            let names = Names { catalogue: &catalogue, atlas: &atlas, lang, now: act.at };
            Ok(WholeRequest {
                request: names.request(&request),
                attributes: public_answers(&names, &request, internal),
                pictures: photos.into_iter().map(|photo| picture(&base, photo)).collect(),
                thread: thread
                    .into_iter()
                    .filter(|knot| knot.fact != "handed-over")
                    .map(|knot| shape(&names, knot))
                    .collect(),
                duplicate_of,
            })
        })
        .await
}

/// The request of a code, if whoever acts may see it.
pub(crate) fn visible(
    tx: &mut Tx<'_>,
    act: &people::Act,
    city: i64,
    code: TrackingCode,
) -> Result<ServiceRequest, No> {
    find::by_code(tx, city, code)?
        .filter(|request| request.is_public || find::may_see_internal(act, request))
        .ok_or(No::NotFound("request-unknown"))
}

fn public_answers(names: &Names<'_>, request: &ServiceRequest, internal: bool) -> Vec<AnswerShape> {
    answers(names.catalogue, names.lang, request, internal)
        .map(|(code, question, values)| AnswerShape { code, question, values })
        .collect()
}

/// The answers that may be shown: code, question, and the values in words.
pub(crate) fn answers<'a>(
    catalogue: &'a Catalogue,
    lang: language::Lang,
    request: &'a ServiceRequest,
    private_too: bool,
) -> impl Iterator<Item = (String, String, Vec<String>)> + 'a {
    let attributes =
        catalogue.service(request.service).map(|s| s.about.attributes.as_slice()).unwrap_or_default();
    request.answers.iter().filter_map(move |answer| {
        let asked = attributes.iter().find(|a| a.code == answer.code)?;
        if !asked.public && !private_too {
            return None;
        }
        let shown = |value: &String| match asked.values.iter().find(|v| v.key == *value) {
            Some(known) => known.name.get(lang).to_owned(),
            None => mask::public_text(value),
        };
        Some((
            answer.code.clone(),
            asked.name.get(lang).to_owned(),
            answer.values.iter().map(shown).collect(),
        ))
    })
}

fn picture(base: &str, photo: Photo) -> Picture {
    Picture {
        url: format!("{base}{}.jpg", photo.file),
        thumbnail: format!("{base}{}.jpg", photo.thumbnail),
        width: photo.width,
        height: photo.height,
        stage: photo.stage,
        at: photo.at.to_rfc3339_z(),
    }
}

fn shape(names: &Names<'_>, knot: Knot) -> KnotShape {
    KnotShape {
        at: knot.at.to_rfc3339_z(),
        by: knot.by.code(),
        status: knot.status.map(|status| status.code()),
        status_name: knot.status.map(|status| status_name(names.lang, status)),
        unit: names.unit(knot.unit),
        text: if knot.is_internal { knot.text } else { mask::public_text(&knot.text) },
        internal: knot.is_internal,
        fact: knot.fact,
    }
}
