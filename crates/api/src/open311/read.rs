//! Requests as everybody may see them.

use std::collections::HashMap;

use language::{TrackingCode, mask};
use people::Act;
use requests::find::{self, Knot, Photo};
use requests::{RequestId, ServiceRequest};
use storage::Tx;

use super::answer::Value;
use super::{Answer, Call, window};
use crate::address::absolute;
use crate::native::{Names, answers, filter::truth, read_visible, status_name};
use crate::problem::No;
use crate::who;
use door::Budget;

/// As many ids as one call may name.
const MOST_IDS: usize = 200;

/// What is needed to write requests down.
struct Page<'p> {
    names: Names<'p>,
    files: String,
    /// Everything we know beyond the standard.
    extended: bool,
    photos: HashMap<RequestId, Vec<Photo>>,
}

impl Page<'_> {
    fn value(&self, request: &ServiceRequest, notes: Option<Value>) -> Value {
        let (names, lang) = (&self.names, self.names.lang);
        let service = names.catalogue.service(request.service);
        let photos = self.photos.get(&request.id).map(Vec::as_slice).unwrap_or_default();
        let address_of = |photo: &Photo| format!("{}{}.jpg", self.files, photo.file);
        // The standard knows two states; which of ours it is stands in the words.
        let note = match mask::public_text(&request.status_note) {
            note if note.is_empty() => status_name(lang, request.status).to_owned(),
            note => note,
        };
        // For a closed request the standard wants the time it was closed.
        let updated = request.closed_at.filter(|_| !request.status.is_open()).unwrap_or(request.updated_at);
        let mut fields = vec![
            ("service_request_id", Value::Text(request.code.to_string())),
            ("status", Value::text(request.status.open311())),
            ("status_notes", Value::text(note)),
            ("service_name", Value::text(service.map_or("", |s| s.name(lang)))),
            ("service_code", Value::text(service.map_or("", |s| s.code.as_str()))),
            ("description", Value::text(mask::public_text(&request.words))),
            ("agency_responsible", Value::text(names.catalogue.unit_name(request.unit, lang))),
            ("service_notice", Value::Null),
            ("requested_datetime", Value::Text(request.requested_at.to_rfc3339_z())),
            ("updated_datetime", Value::Text(updated.to_rfc3339_z())),
            ("expected_datetime", request.due_at.map_or(Value::Null, |due| Value::Text(due.to_rfc3339_z()))),
            ("address", Value::text(mask::public_text(&request.address))),
            ("address_id", Value::Null),
            ("zipcode", Value::Null),
            ("lat", request.point.map_or(Value::Null, |p| Value::Number(p.lat))),
            ("long", request.point.map_or(Value::Null, |p| Value::Number(p.long))),
            ("media_url", photos.first().map_or(Value::Null, |photo| Value::Text(address_of(photo)))),
        ];
        if self.extended {
            fields.push((
                "extended_attributes",
                self.extended(request, photos.iter().map(address_of).collect()),
            ));
            let answered = answers(names.catalogue, lang, request, false).map(|(code, question, values)| {
                let values = values.into_iter().map(Value::Text).collect();
                Value::Object(vec![
                    ("code", Value::Text(code)),
                    ("label", Value::text(question)),
                    ("values", Value::List("value", values)),
                ])
            });
            fields.push(("attributes", Value::List("attribute", answered.collect())));
            fields.extend(notes.map(|notes| ("notes", notes)));
        }
        Value::Object(fields)
    }

    fn extended(&self, request: &ServiceRequest, photos: Vec<String>) -> Value {
        let names = &self.names;
        let place =
            |id: Option<i64>| id.and_then(|id| names.atlas.division(id)).map_or("", |d| d.name(names.lang));
        Value::Object(vec![
            ("channel", Value::text(request.channel.code())),
            ("kind", Value::text(request.kind.code())),
            ("priority", Value::text(request.priority.code())),
            ("state", Value::text(request.status.code())),
            ("overdue", Value::truth(request.is_overdue(names.now))),
            ("district", Value::text(place(request.district))),
            ("neighbourhood", Value::text(place(request.neighbourhood))),
            ("followers", Value::Whole(request.followers)),
            ("source", Value::text(&request.source)),
            ("photos", Value::List("photo", photos.into_iter().map(Value::Text).collect())),
        ])
    }
}

fn photos(
    tx: &mut Tx<'_>,
    city: i64,
    requests: &[ServiceRequest],
) -> Result<HashMap<RequestId, Vec<Photo>>, No> {
    let ids: Vec<RequestId> = requests.iter().filter(|r| r.photos > 0).map(|r| r.id).collect();
    let mut by_request: HashMap<RequestId, Vec<Photo>> = HashMap::new();
    for (id, photo) in find::photos_of(tx, city, &ids)? {
        by_request.entry(id).or_default().push(photo);
    }
    Ok(by_request)
}

/// Requests of a window, or those whose ids are named, which overrides everything else.
pub(crate) async fn list(call: &Call) -> Result<Answer, No> {
    let city = call.city(None).await?;
    let (id, lang, now) = (city.id, call.lang(&city), call.api.door.now());
    let extended = truth(&call.query, "extensions")?.unwrap_or(false);
    let files = absolute(&call.api.door, &call.headers, "/files/");
    if call.given("q").is_some() {
        call.api.door.limits.check(Budget::Search, call.client)?;
    }
    let catalogue = call.api.door.db.read(move |tx| requests::catalogue(tx, id)).await?;
    let codes = call.given("service_request_id").map(|list| {
        list.split(',').filter_map(|code| TrackingCode::parse(code).ok()).take(MOST_IDS).collect::<Vec<_>>()
    });
    let filter = if codes.is_none() { Some(window::read(call, id, &catalogue, now)?) } else { None };
    let list = call
        .api
        .door
        .db
        .read(move |tx| -> Result<Vec<Value>, No> {
            let mut found = Vec::new();
            for code in codes.into_iter().flatten() {
                found.extend(find::by_code(tx, id, code)?.filter(|request| request.is_public));
            }
            if let Some(filter) = filter {
                found = requests::list::list(tx, &filter)?.requests;
            }
            let atlas = territory::atlas(tx, id)?;
            let photos = photos(tx, id, &found)?;
            let names = Names { catalogue: &catalogue, atlas: &atlas, lang, now };
            let ids: Vec<RequestId> = found.iter().map(|request| request.id).collect();
            let mut threads = if extended { find::threads(tx, id, &ids)? } else { HashMap::new() };
            let page = Page { names, files, extended, photos };
            let notes = |thread: Vec<Knot>| extended.then(|| notes(thread));
            Ok(found
                .iter()
                .map(|request| page.value(request, notes(threads.remove(&request.id).unwrap_or_default())))
                .collect())
        })
        .await?;
    Ok(("service_requests", Value::List("request", list)))
}

/// One request, as a list of one. A key shows what its holder may see.
pub(crate) async fn one(call: &Call, id: &str) -> Result<Answer, No> {
    let city = call.city(None).await?;
    let (city, lang) = (city.id, call.lang(&city));
    let Ok(code) = TrackingCode::parse(id) else { return missed(call) };
    let extended = truth(&call.query, "extensions")?.unwrap_or(false);
    let files = absolute(&call.api.door, &call.headers, "/files/");
    let key = call.given("api_key").or_else(|| who::bearer(&call.headers)).map(str::to_owned);
    let (door, now) = (call.api.door.clone(), call.api.door.now());
    let found = door
        .clone()
        .db
        .read(move |tx| -> Result<Value, No> {
            // A key nobody holds opens nothing; what is public stays open.
            let by = match who::actor(tx, &door.limits, city, key.as_deref()) {
                Err(No::KeyWrong) => people::Actor::Citizen,
                other => other?,
            };
            let act: Act = door.act(by);
            let request = read_visible(tx, &act, city, code)?;
            let (atlas, catalogue) = (territory::atlas(tx, city)?, requests::catalogue(tx, city)?);
            let notes = if extended { Some(notes(find::thread(tx, &request, false)?)) } else { None };
            let photos = photos(tx, city, std::slice::from_ref(&request))?;
            let names = Names { catalogue: &catalogue, atlas: &atlas, lang, now };
            Ok(Page { names, files, extended, photos }.value(&request, notes))
        })
        .await;
    match found {
        Ok(value) => Ok(("service_requests", Value::List("request", vec![value]))),
        Err(No::NotFound(_)) => missed(call),
        Err(no) => Err(no),
    }
}

/// Whoever guesses codes is slowed down; whoever knows them is not.
fn missed(call: &Call) -> Result<Answer, No> {
    call.api.door.limits.check(Budget::Search, call.client)?;
    Err(No::NotFound("request-unknown"))
}

/// What was said to everybody: `datetime`, `description`, `type`.
fn notes(thread: Vec<Knot>) -> Value {
    let notes = thread.into_iter().map(|knot| {
        Value::Object(vec![
            ("datetime", Value::Text(knot.at.to_rfc3339_z())),
            ("description", Value::text(mask::public_text(&knot.text))),
            ("type", Value::text(knot.fact)),
        ])
    });
    Value::List("note", notes.collect())
}

/// A token is the id itself, since ids are given at once.
pub(crate) async fn token(call: &Call, token: &str) -> Result<Answer, No> {
    let city = call.city(None).await?.id;
    let parsed = TrackingCode::parse(token);
    let found = match parsed {
        Ok(code) => call.api.door.db.read(move |tx| find::by_code(tx, city, code)).await?,
        Err(_) => None,
    };
    // A private one costs the guesser as much as a miss, or only the misses would be refused in the end.
    if !found.as_ref().is_some_and(|request| request.is_public) {
        call.api.door.limits.check(Budget::Search, call.client)?;
    }
    let code = found.ok_or(No::NotFound("token-unknown"))?.code;
    let value = Value::Object(vec![
        ("service_request_id", Value::Text(code.to_string())),
        ("token", Value::Text(code.to_string())),
    ]);
    Ok(("service_requests", Value::List("request", vec![value])))
}
