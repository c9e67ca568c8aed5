//! Moves, notes, following: how a request goes on.

use axum::extract::{Path, RawQuery, Request, State};
use axum::response::Response;
use door::{Budget, Client, Form};
use http::{HeaderMap, StatusCode};
use language::TrackingCode;
use people::{Act, Actor};
use requests::moves::{self, MoveError, Step};
use requests::reply::Stage;
use requests::{FollowError, FollowRefusal, NoteError, PhotoRef, RequestId, ServiceRequest, Status};
use serde::{Deserialize, Serialize};
use storage::Tx;
use utoipa::ToSchema;

use super::read::{WholeRequest, one, visible};
use super::{Call, answered, given, json};
use crate::photos::{self, NotKept};
use crate::problem::{FieldError, No, Problem};
use crate::refusals;
use crate::state::Api;

/// Photos of one stage that a move may bring.
const MOST_OF_STAGE: usize = 5;

/// Where a request is to go.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMove {
    #[schema(value_type = String, pattern = "^(confirmed|assigned|in-progress|waiting-for-citizen|referred-outside|declined|answered|reopened|closed|duplicate|cancelled)$")]
    to: Status,
    /// What the citizen is told.
    #[serde(default)]
    #[schema(max_length = 4000)]
    words: Option<String>,
    /// Code of the unit that has it from now on.
    #[serde(default)]
    unit: Option<String>,
    /// Tracking code of the request that goes on, when this one is the same.
    #[serde(default)]
    same_as: Option<String>,
    /// Photos taken before the work, as `data:` addresses.
    #[serde(default)]
    #[schema(max_items = 5)]
    photos_before: Vec<String>,
    /// Photos taken after the work, as `data:` addresses. Some services are not answered without one.
    #[serde(default)]
    #[schema(max_items = 5)]
    photos_after: Vec<String>,
}

/// Something to be said about a request.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNote {
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
    /// Only colleagues see it.
    #[serde(default)]
    internal: Option<bool>,
}

/// Someone who stands behind a request, or wants to hear of it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFollower {
    /// A mobile number or an e-mail address.
    #[serde(default)]
    contact: Option<String>,
    /// Names a device, so that it counts once.
    #[serde(default)]
    device: Option<String>,
    /// "It is the same for me."
    #[serde(default)]
    me_too: Option<bool>,
    #[serde(default)]
    #[schema(max_length = 1000)]
    words: Option<String>,
}

/// How many stand behind it now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Followed {
    followers: i64,
}

pub(super) struct Asking {
    pub call: Call,
    pub by: Actor,
    pub code: TrackingCode,
}

/// [`asking`] for what takes a key: the codes of requests are public, so without one nobody knows who speaks.
pub(super) async fn asking_with_key(
    api: &Api,
    client: Client,
    code: &str,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Asking, No> {
    let asking = asking(api, client, code, query, headers).await?;
    if asking.by == Actor::Citizen { Err(No::KeyMissing) } else { Ok(asking) }
}

impl Asking {
    /// Changes the request that is meant, and answers it as it stands afterwards.
    pub async fn change(
        self,
        api: &Api,
        headers: &HeaderMap,
        status: StatusCode,
        change: impl Fn(&mut Tx<'_>, &Act, &ServiceRequest) -> Result<(), No> + Send + 'static,
    ) -> Result<Response, No> {
        let (city, code, act) = (self.call.city.id, self.code, api.door.act(self.by.clone()));
        api.door
            .db
            .write(move |tx| -> Result<(), No> {
                let request = visible(tx, &act, city, code)?;
                change(tx, &act, &request)
            })
            .await?;
        let after = one(api, &self.call, self.by, &code.to_string(), headers).await?;
        Ok(json(status, &after))
    }
}

/// Reads who asks about which request. Citizens have a budget, keys have none.
async fn asking(
    api: &Api,
    client: Client,
    code: &str,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Asking, No> {
    let query = Form::from_query(query)?;
    let call = Call::of(api, &query, headers).await?;
    let by = api.caller(call.city.id, headers).await?;
    if by == Actor::Citizen {
        api.door.limits.check(Budget::Submit, client)?;
    }
    let code = TrackingCode::parse(code).map_err(|_| No::NotFound("request-unknown"))?;
    Ok(Asking { call, by, code })
}

/// Make a move with a request.
#[utoipa::path(
    post, path = "/requests/{code}/moves", tag = "work", operation_id = "moveRequest",
    params(
        ("code" = String, Path, description = "Tracking code: ten digits."),
        ("jurisdiction" = Option<String>, Query, description = "Code of the jurisdiction; the first one without it."),
    ),
    request_body = NewMove,
    responses(
        (status = 200, description = "The request as it stands afterwards.", body = WholeRequest),
        (status = 404, description = "There is no such request.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "From where it stands there is no such move.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = []))
)]
pub(crate) async fn make_move(
    State(api): State<Api>,
    client: Client,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
    mut request: Request,
) -> Response {
    let headers = std::mem::take(request.headers_mut());
    let answer = async {
        let asking = asking_with_key(&api, client, &code, query.as_deref(), &headers).await?;
        let new: NewMove = given::json(&headers, request).await?;
        let (city, lang) = (asking.call.city.id, asking.call.lang);
        let shown = shown(&api, client, lang, &new).await?;
        asking
            .change(&api, &headers, StatusCode::OK, move |tx, act, request| {
                let step = Step { photos: shown.clone(), ..step(tx, city, &new)? };
                moves::make(tx, act, city, request.id, &step).map_err(|error| refused(lang, error))?;
                Ok(())
            })
            .await
    };
    answered(answer.await, &headers)
}

/// Makes the photos of a move safe and keeps them. That happens before the move, which may still be refused; a file
/// that belongs to nothing is removed later.
async fn shown(
    api: &Api,
    client: Client,
    lang: language::Lang,
    new: &NewMove,
) -> Result<Vec<(Stage, PhotoRef)>, No> {
    let mut shown = Vec::new();
    for (stage, field, addresses) in [
        (Stage::Before, "photos_before", &new.photos_before),
        (Stage::After, "photos_after", &new.photos_after),
    ] {
        if addresses.len() > MOST_OF_STAGE {
            return Err(one_field(lang, "too-many-photos", field));
        }
        let pictures =
            photos::of_addresses(addresses).map_err(|no| one_field(lang, photos::code(no), field))?;
        let kept = photos::keep(&api.door, client, pictures).await.map_err(|not_kept| match not_kept {
            NotKept::Refused(no) => one_field(lang, photos::code(no), field),
            NotKept::No(no) => no,
        })?;
        shown.extend(kept.into_iter().map(|photo| (stage, photo)));
    }
    Ok(shown)
}

fn step(tx: &mut Tx<'_>, city: i64, new: &NewMove) -> Result<Step, No> {
    let mut step = Step::to(new.to).saying(new.words.clone().unwrap_or_default());
    if let Some(code) = new.unit.as_deref().map(str::trim).filter(|code| !code.is_empty()) {
        let catalogue = requests::catalogue(tx, city)?;
        // An id that no unit has lets the verb refuse it.
        step = step.with(catalogue.unit_by_code(code).map_or(-1, |unit| unit.id));
    }
    if let Some(code) = new.same_as.as_deref() {
        let other = match TrackingCode::parse(code) {
            Ok(code) => requests::find::by_code(tx, city, code)?.map(|request| request.id),
            Err(_) => None,
        };
        step.same_as = Some(other.unwrap_or(RequestId(-1)));
    }
    Ok(step)
}

pub(super) fn refused(lang: language::Lang, error: MoveError) -> No {
    let code = error.code().unwrap_or("failed");
    let field = match &error {
        MoveError::Failure(failure) => return failure.clone().into(),
        MoveError::Denied(denied) => return (*denied).into(),
        MoveError::NotFound => return No::NotFound("request-unknown"),
        MoveError::NoSuchMove { .. } => {
            return No::Conflict { code: "move-impossible", message: refusals::by_code(lang, code) };
        }
        MoveError::WithInspector => {
            return No::Conflict { code: "move-with-inspector", message: refusals::by_code(lang, code) };
        }
        MoveError::EvidenceMissing | MoveError::TooManyPhotos { .. } => "photos",
        MoveError::WordsMissing | MoveError::WordsTooLong { .. } => "words",
        MoveError::UnitMissing | MoveError::UnitUnknown => "unit",
        MoveError::OtherWrong => "same_as",
        MoveError::ServicePrivate => "public",
    };
    one_field(lang, code, field)
}

pub(super) fn one_field(lang: language::Lang, code: &str, field: &str) -> No {
    No::Refused(vec![FieldError {
        code: code.into(),
        field: field.into(),
        message: refusals::by_code(lang, code),
    }])
}

/// Say something about a request.
///
/// It takes a key: codes of requests are public, and whatever is said stands in the thread.
#[utoipa::path(
    post, path = "/requests/{code}/notes", tag = "work", operation_id = "noteRequest",
    params(
        ("code" = String, Path, description = "Tracking code: ten digits."),
        ("jurisdiction" = Option<String>, Query, description = "Code of the jurisdiction; the first one without it."),
    ),
    request_body = NewNote,
    responses(
        (status = 201, description = "It is said. The request as it stands.", body = WholeRequest),
        (status = 404, description = "There is no such request.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = []))
)]
pub(crate) async fn add_note(
    State(api): State<Api>,
    client: Client,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
    mut request: Request,
) -> Response {
    let headers = std::mem::take(request.headers_mut());
    let answer = async {
        let asking = asking_with_key(&api, client, &code, query.as_deref(), &headers).await?;
        let new: NewNote = given::json(&headers, request).await?;
        let (city, lang) = (asking.call.city.id, asking.call.lang);
        asking
            .change(&api, &headers, StatusCode::CREATED, move |tx, act, request| {
                let internal = new.internal.unwrap_or(false);
                requests::note(tx, act, city, request.id, &new.text, internal).map_err(|error| match error {
                    NoteError::NotFound => No::NotFound("request-unknown"),
                    NoteError::NothingSaid => one_field(lang, "nothing-said", "text"),
                    NoteError::TooLong { .. } => one_field(lang, "words-too-long", "text"),
                    NoteError::Denied(denied) => denied.into(),
                    NoteError::Failure(failure) => failure.into(),
                })
            })
            .await
    };
    answered(answer.await, &headers)
}

/// Follow a request, or say "me too" instead of reporting it again.
#[utoipa::path(
    post, path = "/requests/{code}/follow", tag = "requests", operation_id = "followRequest",
    params(
        ("code" = String, Path, description = "Tracking code: ten digits."),
        ("jurisdiction" = Option<String>, Query, description = "Code of the jurisdiction; the first one without it."),
    ),
    request_body = NewFollower,
    responses(
        (status = 200, description = "How many stand behind it now.", body = Followed),
        (status = 404, description = "There is no such request.", body = Problem, content_type = "application/problem+json"),
    ),
    security((), ("key" = []))
)]
pub(crate) async fn follow(
    State(api): State<Api>,
    client: Client,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
    mut request: Request,
) -> Response {
    let headers = std::mem::take(request.headers_mut());
    let answer = async {
        let asking = asking(&api, client, &code, query.as_deref(), &headers).await?;
        let new: NewFollower = given::json(&headers, request).await?;
        let (city, lang, code) = (asking.call.city.id, asking.call.lang, asking.code);
        let act = api.door.act(asking.by);
        let followers = api
            .door
            .db
            .write(move |tx| -> Result<i64, No> {
                let request = visible(tx, &act, city, code)?;
                let text = |given: &Option<String>| given.clone().unwrap_or_default();
                let (contact, device, words) = (text(&new.contact), text(&new.device), text(&new.words));
                let me_too = new.me_too.unwrap_or(false);
                requests::follow(tx, &act, city, request.id, &contact, &device, me_too, &words).map_err(
                    |error| match error {
                        FollowError::Refused(FollowRefusal::NotFound) => No::NotFound("request-unknown"),
                        FollowError::Refused(FollowRefusal::ContactWrong) => {
                            one_field(lang, "contact-wrong", "contact")
                        }
                        FollowError::Refused(FollowRefusal::WordsTooLong { .. }) => {
                            one_field(lang, "words-too-long", "words")
                        }
                        FollowError::Denied(denied) => denied.into(),
                        FollowError::Failure(failure) => failure.into(),
                    },
                )
            })
            .await?;
        Ok(json(StatusCode::OK, &Followed { followers }))
    };
    answered(answer.await, &headers)
}
