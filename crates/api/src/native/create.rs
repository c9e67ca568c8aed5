//! A person reports something: the hottest path of the program.
//!
//! The body is parsed straight into what the verb takes, the verb runs in one group commit, and names are looked up
//! after the answer is safe on the disk, on this thread and not on the writer's.

use std::collections::BTreeMap;

use axum::extract::{RawQuery, Request, State};
use axum::response::Response;
use door::{Budget, Client, Form};
use http::{HeaderMap, StatusCode};
use language::{Lang, digits};
use people::{Actor, Role};
use requests::{
    Channel, Contact, Draft, Kind, PlaceDraft, Priority, RequestId, Rules, SubmitError, Submitted,
};
use serde::{Deserialize, Serialize};
use territory::Located;
use utoipa::ToSchema;

use super::shapes::{Division, Named, Names};
use super::{Call, answered, given, json, photos};
use crate::problem::{No, Problem};
use crate::refusals;
use crate::state::Api;

/// What somebody wants to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRequest {
    /// Code of the service, see `/services`.
    service_code: String,
    /// WGS 84 degrees. A place is a point, a division, an address, or several of them.
    #[serde(default)]
    #[schema(minimum = -90, maximum = 90)]
    lat: Option<f64>,
    #[serde(default)]
    #[schema(minimum = -180, maximum = 180)]
    long: Option<f64>,
    /// Id of a district or neighbourhood.
    #[serde(default)]
    #[schema(pattern = "^[0-9]{1,18}$")]
    division: Option<String>,
    #[serde(default)]
    #[schema(max_length = 300)]
    address: Option<String>,
    #[serde(default)]
    #[schema(max_length = 4000)]
    description: Option<String>,
    /// Answers to the questions of the service, by code.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, Vec<String>>>)]
    attributes: Option<BTreeMap<String, OneOrMany>>,
    /// `request` when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^(request|complaint|criticism|suggestion|appreciation)$")]
    kind: Option<Kind>,
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^(normal|urgent|emergency)$")]
    priority: Option<Priority>,
    /// Language it is written in.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^(fa|en)$")]
    language: Option<Lang>,
    /// The way it came. Only staff may say another than `api`.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^(web|open311|api|phone|sms|walk-in|messenger)$")]
    channel: Option<Channel>,
    /// Who reports; all of it optional, none of it public.
    #[serde(default)]
    #[schema(max_length = 300)]
    name: Option<String>,
    #[serde(default)]
    mobile: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    device: Option<String>,
    /// Names of pictures that were sent to `/photos` before.
    #[serde(default)]
    #[schema(max_items = 5)]
    photos: Vec<String>,
}

/// An answer, or several where the question takes several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// What the sender is told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Accepted {
    /// The tracking code, ten digits.
    code: String,
    /// The promise.
    due_at: Option<String>,
    unit: Option<Named>,
    district: Option<Division>,
    neighbourhood: Option<Division>,
    /// Codes of open requests that may be about the same thing.
    alike: Vec<String>,
    /// The answer to an earlier send with the same key.
    repeated: bool,
}

/// At most so many requests are named as alike.
const MOST_ALIKE: usize = 5;

/// Report something to the city.
///
/// Anybody may, without a key. A repeated send with the same `Idempotency-Key` answers what the first one answered.
#[utoipa::path(
    post, path = "/requests", tag = "requests", operation_id = "createRequest",
    params(
        ("jurisdiction" = Option<String>, Query, description = "Code of the jurisdiction; the first one without it."),
        ("Idempotency-Key" = Option<String>, Header, description = "Made by the sender; the same key is the same request for ever."),
    ),
    request_body = NewRequest,
    responses(
        (status = 201, description = "Kept. The code follows it.", body = Accepted),
        (status = 200, description = "It was kept before, under the same key.", body = Accepted),
        (status = 422, description = "The city says no; each field says why.", body = Problem, content_type = "application/problem+json"),
    ),
    security((), ("key" = []))
)]
pub(crate) async fn create(
    State(api): State<Api>,
    client: Client,
    RawQuery(query): RawQuery,
    mut request: Request,
) -> Response {
    let headers = std::mem::take(request.headers_mut());
    answered(take(&api, client, query.as_deref(), &headers, request).await, &headers)
}

async fn take(
    api: &Api,
    client: Client,
    query: Option<&str>,
    headers: &HeaderMap,
    request: Request,
) -> Result<Response, No> {
    let query = Form::from_query(query)?;
    let Call { city, lang } = Call::of(api, &query, headers).await?;
    let actor = api.caller(city.id, headers).await?;
    if actor == Actor::Citizen {
        api.door.limits.check(Budget::Submit, client)?;
    }
    let key = match headers.get("idempotency-key").map(|key| key.to_str()) {
        Some(Ok(key)) => Some(key.to_owned()),
        Some(Err(_)) => return Err(No::Parameter { name: "idempotency-key", code: "malformed" }),
        None => None,
    };
    let mut new: NewRequest = given::json(headers, request).await?;
    // As many as are refused anyway are looked for, and no more.
    new.photos.truncate(requests::MOST_PHOTOS + 1);
    let pictures = photos::named(api, lang, std::mem::take(&mut new.photos)).await?;
    let draft = Draft { photos: pictures, ..draft_of(new, city.id, &actor, lang, key) };
    let (place, draft_city) = (draft.place.clone(), draft.jurisdiction);
    let act = api.door.act(actor);
    let now = act.at;
    // Everything that can be worked out without rows is worked out on this thread; the one writer only writes.
    let rules = match api.door.db.remembered::<Rules>(city.id) {
        Some(rules) => rules,
        None => api.door.db.read(move |tx| requests::rules(tx, draft_city)).await?,
    };
    let submitted = match requests::prepare(&rules, &act, &draft) {
        Ok(ready) => {
            let atlas = rules.atlas.clone();
            let write = move |tx: &mut storage::Tx<'_>| {
                requests::store(tx, &act, &draft, &ready).map_err(|error| refused(error, &atlas, lang))
            };
            api.door.db.write(write).await?
        }
        // What was taken in once stays so, whatever became of the rules since; and the rules may just have changed.
        // The verb sees both, in the writer, and refusals change nothing there.
        Err(SubmitError::Refused(_)) => {
            let atlas = rules.atlas.clone();
            let write = move |tx: &mut storage::Tx<'_>| {
                requests::submit(tx, &act, &draft).map_err(|error| refused(error, &atlas, lang))
            };
            api.door.db.write(write).await?
        }
        Err(error) => return Err(refused(error, &rules.atlas, lang)),
    };
    let Rules { atlas, catalogue, .. } = &*rules;
    let Submitted { code, due_at, unit, alike, repeated, .. } = submitted;
    let alike = if alike.is_empty() { Vec::new() } else { codes_of(api, city.id, alike).await? };
    let names = Names { catalogue, atlas, lang, now };
    let located =
        place.point.and_then(|(lat, long)| territory::Point::new(lat, long)).map(|point| atlas.locate(point));
    let place = match (located, place.division) {
        (Some(Located::Inside(place)), _) => place,
        (_, Some(division)) => atlas.place_of(division),
        _ => Default::default(),
    };
    let accepted = Accepted {
        code: code.to_string(),
        due_at: due_at.map(|due| due.to_rfc3339_z()),
        unit: names.unit(unit),
        district: names.division(place.district),
        neighbourhood: names.division(place.neighbourhood),
        alike,
        repeated,
    };
    Ok(json(if repeated { StatusCode::OK } else { StatusCode::CREATED }, &accepted))
}

fn refused(error: SubmitError, atlas: &territory::Atlas, lang: Lang) -> No {
    match error {
        SubmitError::Refused(refused) => No::Refused(refusals::fields(lang, atlas, &refused)),
        SubmitError::Denied(denied) => denied.into(),
        SubmitError::Failure(error) => error.into(),
    }
}

async fn codes_of(api: &Api, city: i64, mut alike: Vec<RequestId>) -> Result<Vec<String>, No> {
    alike.truncate(MOST_ALIKE);
    let found = api.door.db.read(move |tx| requests::find::by_ids(tx, city, &alike)).await?;
    Ok(found.iter().filter(|request| request.is_public).map(|request| request.code.to_string()).collect())
}

fn draft_of(new: NewRequest, city: i64, actor: &Actor, lang: Lang, key: Option<String>) -> Draft {
    let is_staff = !matches!(actor.role(), Role::Citizen | Role::Sender);
    let channel = new.channel.filter(|_| is_staff).unwrap_or(Channel::Api);
    let division = new.division.as_deref().map(str::trim).filter(|text| !text.is_empty());
    // What is no number is no id of ours; the verb says so beside the field.
    let division = division.map(|text| digits::to_ascii(text).parse::<i64>().unwrap_or(-1));
    let point = match (new.lat, new.long) {
        (Some(lat), Some(long)) => Some((lat, long)),
        (None, None) => None,
        // Half a point is none; it is refused as impossible rather than forgotten.
        (lat, long) => Some((lat.unwrap_or(f64::NAN), long.unwrap_or(f64::NAN))),
    };
    let text = Option::unwrap_or_default;
    Draft {
        jurisdiction: city,
        kind: new.kind.unwrap_or(Kind::Request),
        service_code: new.service_code,
        place: PlaceDraft { point, division, address: text(new.address) },
        words: text(new.description),
        answers: answers_of(new.attributes),
        priority: new.priority.unwrap_or(Priority::Normal),
        channel,
        language: new.language.unwrap_or(lang),
        contact: Contact {
            name: text(new.name),
            mobile: text(new.mobile),
            email: text(new.email),
            device: text(new.device),
            // Whose account it is, only a session can say.
            account: String::new(),
        },
        photos: Vec::new(),
        idempotency_key: key,
        source: None,
    }
}

fn answers_of(given: Option<BTreeMap<String, OneOrMany>>) -> Vec<(String, Vec<String>)> {
    let many = |answer| match answer {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    };
    given.into_iter().flatten().map(|(code, answer)| (code, many(answer))).collect()
}
