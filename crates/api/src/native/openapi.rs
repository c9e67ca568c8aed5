//! The description of the native interface: OpenAPI 3.1, made from the handlers themselves.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ContentBuilder, HttpMethod, OpenApi as Document, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use super::{cities, create, list, photos, places, read, services, storm, visibility, work};
use crate::problem::{FieldError, Problem};
use crate::{map, messages};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Peyvand",
        description = "What people ask of the city. Times are RFC 3339 in UTC, ids are strings, names are in the language of `Accept-Language` or `lang`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/api/v1")),
    paths(
        list::list, create::create, photos::keep, read::read, super::csv::export, map::geojson::geojson, work::make_move, work::add_note,
        work::follow, visibility::set, places::near, places::find, places::locate, cities::jurisdictions, cities::services, services::open, cities::figures, storm::storms,
        messages::message, messages::message_by_address, messages::report, messages::report_by_address, messages::menu,
    ),
    components(schemas(Problem, FieldError)),
    modifiers(&Common),
    tags(
        (name = "requests", description = "Report, find, follow."),
        (name = "work", description = "For staff: moves and notes."),
        (name = "places", description = "Cities and places."),
        (name = "gateways", description = "For SMS gateways that call back; see docs/operating/sms.md."),
    )
)]
struct Description;

/// What every operation has in common: the key, and the problems that the threshold may answer with.
struct Common;

const ANYWHERE: [(&str, &str); 5] = [
    ("400", "A parameter cannot be read."),
    ("404", "There is no such jurisdiction, service, place or request."),
    ("429", "Too many at once; `Retry-After` says when."),
    ("500", "Something broke; the code finds it in the log."),
    ("503", "Too busy at this moment; `Retry-After` says when."),
];
const WITH_BODY: [(&str, &str); 5] = [
    ("403", "The holder of the key may not do that here."),
    ("408", "The body came too slowly."),
    ("413", "The body is too large."),
    ("415", "The body is of another type than is described here, or says none."),
    ("422", "The city says no; each field says why."),
];

impl Modify for Common {
    fn modify(&self, document: &mut Document) {
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_with(Default::default).add_security_scheme("key", bearer);
        for item in document.paths.paths.values_mut() {
            for (method, operation) in [(HttpMethod::Get, &mut item.get), (HttpMethod::Post, &mut item.post)]
            {
                let Some(operation) = operation else { continue };
                let mut more: Vec<(&str, &str)> = ANYWHERE.into();
                if method == HttpMethod::Post {
                    more.extend(WITH_BODY);
                }
                if operation.security.is_some() {
                    more.push(("401", "Nobody holds this key."));
                }
                for (status, words) in more {
                    operation.responses.responses.entry(status.to_owned()).or_insert_with(|| problem(words));
                }
            }
        }
    }
}

fn problem(words: &str) -> RefOr<utoipa::openapi::Response> {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(words).content("application/problem+json", content).build().into()
}

static TEXT: LazyLock<String> = LazyLock::new(|| Description::openapi().to_json().unwrap_or_default());

pub(crate) async fn document(headers: HeaderMap) -> Response {
    door::etag::conditional(&headers, "application/json; charset=utf-8", "no-cache", TEXT.as_bytes())
        .into_response()
}
