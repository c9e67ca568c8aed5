//! What may be asked for, and what is asked back.

use requests::service::{Attribute, Datatype, Service};
use requests::{Catalogue, Kind};
use territory::{Located, Point};

use super::answer::Value;
use super::{Answer, Call};
use crate::native::filter::decimal;
use crate::problem::No;
use language::Lang;

/// The services that take requests now. With `lat` and `long`, those that are offered at that point: all of them
/// inside the city, none outside.
pub(crate) async fn list(call: &Call) -> Result<Answer, No> {
    let city = call.city(None).await?;
    let (id, lang) = (city.id, call.lang(&city));
    let point = match (call.given("lat"), call.given("long")) {
        (None, None) => None,
        (lat, long) => {
            Some(point(lat, long).ok_or(No::Parameter { name: "lat", code: "coordinates-impossible" })?)
        }
    };
    let (atlas, catalogue) = call
        .api
        .door
        .db
        .read(move |tx| Ok::<_, No>((territory::atlas(tx, id)?, requests::catalogue(tx, id)?)))
        .await?;
    let outside = point.is_some_and(|point| matches!(atlas.locate(point), Located::Outside { .. }));
    let services = catalogue
        .services
        .iter()
        .filter(|service| service.is_open && !outside)
        .map(|service| shape(&catalogue, service, lang))
        .collect();
    Ok(("services", Value::List("service", services)))
}

pub(crate) fn point(lat: Option<&str>, long: Option<&str>) -> Option<Point> {
    Point::new(decimal(lat?)?, decimal(long?)?)
}

fn shape(catalogue: &Catalogue, service: &Service, lang: Lang) -> Value {
    let about = &service.about;
    let keywords = match lang {
        Lang::Fa => &about.keywords.fa,
        Lang::En => &about.keywords.en,
    };
    let mut keywords: Vec<&str> = keywords.iter().map(String::as_str).collect();
    // FixMyStreet and its kin look for the kind among the keywords.
    if let Some(kind) = about.kind.filter(|kind| *kind != Kind::Request) {
        keywords.push(kind.code());
    }
    let group = catalogue.group(service.group).map_or("", |group| group.name.get(lang));
    Value::Object(vec![
        ("service_code", Value::text(&service.code)),
        ("service_name", Value::text(service.name(lang))),
        ("description", Value::text(about.description.get(lang))),
        ("metadata", Value::truth(!about.attributes.is_empty())),
        ("type", Value::text("realtime")),
        ("keywords", Value::text(keywords.join(","))),
        ("group", Value::text(group)),
    ])
}

/// The questions of one service. One that asks nothing answers too, with an empty list.
pub(crate) async fn definition(call: &Call, code: &str) -> Result<Answer, No> {
    let city = call.city(None).await?;
    let (id, lang) = (city.id, call.lang(&city));
    let catalogue = call.api.door.db.read(move |tx| requests::catalogue(tx, id)).await?;
    let service = catalogue.by_code(code).ok_or(No::NotFound("service-unknown"))?;
    let mut questions: Vec<&Attribute> = service.about.attributes.iter().collect();
    questions.sort_by_key(|question| question.order);
    let attributes =
        questions.into_iter().enumerate().map(|(n, question)| attribute(n, question, lang)).collect();
    let value = Value::Object(vec![
        ("service_code", Value::text(&service.code)),
        ("attributes", Value::List("attribute", attributes)),
    ]);
    Ok(("service_definition", value))
}

fn attribute(n: usize, question: &Attribute, lang: Lang) -> Value {
    let mut fields = vec![
        ("variable", Value::truth(question.variable)),
        ("code", Value::text(&question.code)),
        ("datatype", Value::text(question.datatype.code())),
        ("required", Value::truth(question.required)),
        ("datatype_description", Value::text(question.hint.get(lang))),
        ("order", Value::Whole(if question.order > 0 { question.order } else { n as i64 + 1 })),
        ("description", Value::text(question.name.get(lang))),
    ];
    if matches!(question.datatype, Datatype::SingleValueList | Datatype::MultiValueList) {
        let value = |v: &requests::service::Value| {
            Value::Object(vec![("key", Value::text(&v.key)), ("name", Value::text(v.name.get(lang)))])
        };
        fields.push(("values", Value::List("value", question.values.iter().map(value).collect())));
    }
    Value::Object(fields)
}
