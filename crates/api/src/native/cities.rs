//! Jurisdictions, what they offer, and their figures.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use calendar::{Day, Target};
use door::Form;
use http::HeaderMap;
use language::digits;
use requests::figures::{self, By};
use serde::Serialize;
use utoipa::ToSchema;

use super::shapes::Named;
use super::{Call, answered, conditional_json};
use crate::problem::No;
use crate::state::Api;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JurisdictionShape {
    /// What `jurisdiction` takes.
    code: String,
    name_fa: String,
    name_en: String,
    /// IANA name of the time zone.
    zone: String,
    phone: String,
    languages: Vec<&'static str>,
    lat: f64,
    long: f64,
    zoom: f64,
    /// Which edition of the borders is in force.
    edition: String,
    /// Whom the borders and names are owed to.
    attribution: Vec<String>,
}

/// Every city of this installation. The first is the default.
#[utoipa::path(
    get, path = "/jurisdictions", tag = "places", operation_id = "listJurisdictions",
    responses((status = 200, description = "In the order of lists.", body = Vec<JurisdictionShape>))
)]
pub(crate) async fn jurisdictions(State(api): State<Api>, headers: HeaderMap) -> Response {
    let lang = door::lang::suggested(&headers).unwrap_or_default();
    let answer = async {
        let all: Vec<JurisdictionShape> = api
            .all_cities()
            .await?
            .iter()
            .map(|city| JurisdictionShape {
                code: city.code.clone(),
                name_fa: city.name_fa.clone(),
                name_en: city.name_en.clone(),
                zone: city.zone.name().to_owned(),
                phone: city.phone.clone(),
                languages: city.languages.iter().map(|lang| lang.code()).collect(),
                lat: city.centre.lat,
                long: city.centre.long,
                zoom: city.zoom,
                edition: city.edition.clone(),
                attribution: city.attribution.iter().map(|name| name.get(lang).to_owned()).collect(),
            })
            .collect();
        Ok(conditional_json(&headers, &all))
    };
    answered(answer.await, &headers)
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceShape {
    code: String,
    name: String,
    description: String,
    group: Named,
    /// It takes new requests.
    open: bool,
    /// What is reported is shown to everybody.
    public: bool,
    /// The kind of message that it usually is.
    kind: &'static str,
    /// Said before anything is typed: whom to call when somebody is in danger.
    emergency: Option<String>,
    promise: Option<Promise>,
    attributes: Vec<Question>,
}

/// How long the city may take.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Promise {
    /// As the catalogue writes it.
    normal: String,
    /// In words.
    words: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Question {
    code: String,
    question: String,
    hint: String,
    /// Open311's words: `string`, `number`, `datetime`, `text`, `singlevaluelist`, `multivaluelist`.
    datatype: &'static str,
    required: bool,
    /// False for a notice that asks nothing.
    variable: bool,
    values: Vec<Named>,
}

/// What may be asked of the city.
#[utoipa::path(
    get, path = "/services", tag = "requests", operation_id = "listServices",
    params(
        ("jurisdiction" = Option<String>, Query, description = "Code of the jurisdiction; the first one without it."),
        ("q" = Option<String>, Query, description = "Only what these words find."),
    ),
    responses((status = 200, description = "In the order of the catalogue, or the best first.", body = Vec<ServiceShape>))
)]
pub(crate) async fn services(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let query = Form::from_query(query.as_deref())?;
        let Call { city, lang } = Call::of(&api, &query, &headers).await?;
        let id = city.id;
        let catalogue = api.door.db.read(move |tx| requests::catalogue(tx, id)).await?;
        let words: String = query.text("q").chars().take(200).collect();
        let found = match words.trim() {
            "" => catalogue.services.iter().filter(|service| service.is_open).collect(),
            words => catalogue.search(words, 200),
        };
        let shape = |service: &requests::service::Service| {
            let about = &service.about;
            let promise = |target: Target| Promise {
                normal: target.to_string(),
                words: calendar::words::target(lang, target),
            };
            let mut questions: Vec<_> = about.attributes.iter().collect();
            questions.sort_by_key(|question| question.order);
            ServiceShape {
                code: service.code.clone(),
                name: service.name(lang).to_owned(),
                description: about.description.get(lang).to_owned(),
                group: match catalogue.group(service.group) {
                    Some(group) => Named { code: group.code.clone(), name: group.name.get(lang).to_owned() },
                    None => Named { code: String::new(), name: String::new() },
                },
                open: service.is_open,
                public: service.is_public(),
                kind: about.kind.unwrap_or(requests::Kind::Request).code(),
                emergency: about
                    .emergency
                    .as_ref()
                    .map(|e| e.hint.get(lang).to_owned())
                    .filter(|hint| !hint.is_empty()),
                promise: about.target.normal.map(promise),
                attributes: questions
                    .into_iter()
                    .map(|question| Question {
                        code: question.code.clone(),
                        question: question.name.get(lang).to_owned(),
                        hint: question.hint.get(lang).to_owned(),
                        datatype: question.datatype.code(),
                        required: question.required,
                        variable: question.variable,
                        values: question
                            .values
                            .iter()
                            .map(|value| Named {
                                code: value.key.clone(),
                                name: value.name.get(lang).to_owned(),
                            })
                            .collect(),
                    })
                    .collect(),
            }
        };
        let all: Vec<ServiceShape> = found.into_iter().map(shape).collect();
        Ok(conditional_json(&headers, &all))
    };
    answered(answer.await, &headers)
}

/// The honest figures of a window of days.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FigureShape {
    from: String,
    to: String,
    all: i64,
    open: i64,
    /// Work ended within the promise.
    in_time: i64,
    late: i64,
    in_time_percent: Option<i64>,
    /// Counts by one thing, the largest first.
    counts: Vec<CountShape>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CountShape {
    /// A code, or a day.
    code: String,
    name: String,
    count: i64,
}

/// Days that are counted when nobody says how many.
const USUAL_DAYS: i64 = 30;

/// Figures of what was requested on some days.
#[utoipa::path(
    get, path = "/figures", tag = "requests", operation_id = "readFigures",
    params(
        ("jurisdiction" = Option<String>, Query, description = "Code of the jurisdiction; the first one without it."),
        ("from" = Option<String>, Query, description = "First day, `2025-03-21`; 30 days ago without it.", pattern = "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"),
        ("to" = Option<String>, Query, description = "Last day; today without it.", pattern = "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"),
        ("by" = Option<String>, Query, description = "What is counted by: district, neighbourhood, service, unit, status or day.", pattern = "^(district|neighbourhood|service|unit|status|day)?$"),
    ),
    responses((status = 200, description = "The figures.", body = FigureShape))
)]
pub(crate) async fn figures(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let query = Form::from_query(query.as_deref())?;
        let Call { city, lang } = Call::of(&api, &query, &headers).await?;
        let today = api.door.now().day(&city.zone);
        let day = |name: &'static str, without: Day| match query.text(name).trim() {
            "" => Ok(without),
            text => Day::parse_gregorian(&digits::to_ascii(text))
                .map_err(|_| No::Parameter { name, code: "time-wrong" }),
        };
        let to = day("to", today)?;
        let from = day("from", to.plus_days(1 - USUAL_DAYS))?;
        let by = match query.text("by").trim() {
            "" | "status" => By::Status,
            "district" => By::District,
            "neighbourhood" => By::Neighbourhood,
            "service" => By::Service,
            "unit" => By::Unit,
            "day" => By::Day,
            _ => return Err(No::Parameter { name: "by", code: "by-wrong" }),
        };
        let id = city.id;
        let shape = api
            .door
            .db
            .read(move |tx| -> Result<FigureShape, No> {
                let (first, last) = (from.days_since_epoch(), to.days_since_epoch());
                let sums = figures::of_city(tx, id, first, last)?;
                let counts = figures::counts(tx, id, by, first, last, 1000)?;
                let (atlas, catalogue) = (territory::atlas(tx, id)?, requests::catalogue(tx, id)?);
                let named = |key: String, count: i64| {
                    let number = key.parse::<i64>().unwrap_or(0);
                    let (code, name) = match by {
                        By::District | By::Neighbourhood => match atlas.division(number) {
                            Some(division) => (division.code.clone(), division.name(lang).to_owned()),
                            None => (String::new(), String::new()),
                        },
                        By::Service => match catalogue.service(number) {
                            Some(service) => (service.code.clone(), service.name(lang).to_owned()),
                            None => (String::new(), String::new()),
                        },
                        By::Unit => match catalogue.unit(number) {
                            Some(unit) => {
                                (unit.code.clone(), catalogue.unit_name(Some(number), lang).to_owned())
                            }
                            None => (String::new(), String::new()),
                        },
                        By::Status => {
                            let name = requests::Status::parse(&key)
                                .map_or("", |s| super::shapes::status_name(lang, s));
                            (key, name.to_owned())
                        }
                        By::Day => {
                            let day = Day::from_days_since_epoch(number);
                            (day.to_string(), calendar::words::date(lang, day))
                        }
                    };
                    CountShape { code, name, count }
                };
                Ok(FigureShape {
                    from: from.to_string(),
                    to: to.to_string(),
                    all: sums.all,
                    open: sums.open,
                    in_time: sums.in_time,
                    late: sums.late,
                    in_time_percent: sums.in_time_percent(),
                    counts: counts.into_iter().map(|(key, count)| named(key, count)).collect(),
                })
            })
            .await?;
        Ok(conditional_json(&headers, &shape))
    };
    answered(answer.await, &headers)
}
