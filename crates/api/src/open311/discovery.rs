//! Where the endpoints are (wiki.open311.org/Service_Discovery).

use words::Words;

use super::answer::Value;
use super::{Answer, Call, PRODUCTION, TRIAL};
use crate::address::absolute;
use crate::problem::No;

/// When these endpoints last changed: a whole timestamp in the past, since strict readers want seconds and a zone.
const CHANGESET: &str = "2025-03-21T00:00:00Z";

pub(crate) async fn discovery(call: &Call) -> Result<Answer, No> {
    let city = call.city(None).await?;
    let lang = call.lang(&city);
    // Readers turn a list of one into no list at all, so both endpoints are always there.
    let endpoints = [(PRODUCTION, "production"), (TRIAL, "test")].map(|(path, kind)| {
        Value::Object(vec![
            ("specification", Value::text("http://wiki.open311.org/GeoReport_v2")),
            ("url", Value::text(absolute(&call.api.door, &call.headers, path))),
            ("changeset", Value::text(CHANGESET)),
            ("type", Value::text(kind)),
            (
                "formats",
                Value::List("format", vec![Value::text("text/xml"), Value::text("application/json")]),
            ),
        ])
    });
    let contact = match city.phone.as_str() {
        "" => city.name(lang).to_owned(),
        phone => format!("{} · {phone}", city.name(lang)),
    };
    let value = Value::Object(vec![
        ("changeset", Value::text(CHANGESET)),
        ("contact", Value::text(contact)),
        ("key_service", Value::text(Words(lang).api_key_service(city.name(lang)))),
        ("endpoints", Value::List("endpoint", endpoints.into())),
    ]);
    Ok(("discovery", value))
}
