//! What gateways call us back with: messages of people, and reports of what became of ours.
//!
//! A gateway is described in the settings, and so is the shape of its calls. It proves itself by a secret or by a
//! signature over the body; whoever does not is refused and logged, and nothing is read. A call that comes again
//! changes nothing again, so a gateway may repeat it until it hears 200. Gateways that can only GET tell the same in the
//! address.

mod fields; // a body of JSON or of a form, asked by name

use axum::Router;
use axum::extract::{FromRequest, FromRequestParts, Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use door::{Client, Form, forms};
use http::{HeaderMap, Method, StatusCode};
use notices::callback::{CalledBack, Proof, Shown};
use notices::inbound::{self, Incoming, Taken};
use notices::receipts;
use notices::voting;
use people::Actor;
use serde::Serialize;
use utoipa::ToSchema;

use crate::native::{answered, json};
use crate::problem::{No, Problem};
use crate::state::Api;
use fields::Fields;

/// The longest name of a message that a gateway may give.
const MOST_NAME: usize = 200;

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/api/v1/sms/{gateway}/inbound", post(message).get(message_by_address))
        .route("/api/v1/sms/{gateway}/report", post(report).get(report_by_address))
        .route("/api/v1/ussd/{gateway}", post(menu))
}

/// What a gateway called with, whatever the method: the raw query and the request.
pub(crate) struct Came {
    client: Client,
    gateway: String,
    query: Option<String>,
    headers: HeaderMap,
    request: Request,
}

impl FromRequest<Api> for Came {
    type Rejection = Response;

    async fn from_request(request: Request, state: &Api) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let client =
            Client::from_request_parts(&mut parts, state).await.map_err(IntoResponse::into_response)?;
        let path = Path::<String>::from_request_parts(&mut parts, state).await;
        let Path(gateway) = path.map_err(IntoResponse::into_response)?;
        let query = parts.uri.query().map(str::to_owned);
        let headers = std::mem::take(&mut parts.headers);
        Ok(Came { client, gateway, query, headers, request: Request::from_parts(parts, body) })
    }
}

/// What we answer a gateway.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Took {
    /// `now`, `before` for a call that came again, or `nothing` for a state that ends nothing.
    taken: &'static str,
    /// What a message was understood as.
    #[serde(skip_serializing_if = "Option::is_none")]
    understood: Option<&'static str>,
}

/// A person texted the city.
///
/// The names of the fields are those that the gateway's `[notices.gateway.inbound]` says, in JSON or in a form.
#[utoipa::path(
    post, path = "/sms/{gateway}/inbound", tag = "gateways", operation_id = "takeMessage",
    params(("gateway" = String, Path, description = "The name of the gateway in the settings.")),
    request_body(content((serde_json::Value = "application/json"), (serde_json::Value = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "It is taken, now or before.", body = Took),
        (status = 401, description = "The call proves nothing.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn message(State(api): State<Api>, came: Came) -> Response {
    take_message(&api, came).await
}

/// A person texted the city, told in the address.
///
/// For gateways that call by GET. Proxies write addresses down, so prefer POST where the gateway can.
#[utoipa::path(
    get, path = "/sms/{gateway}/inbound", tag = "gateways", operation_id = "takeMessageByAddress",
    params(
        ("gateway" = String, Path, description = "The name of the gateway in the settings."),
        ("secret" = Option<String>, Query, description = "What the gateway proves itself by, unless it does so in a header."),
    ),
    responses(
        (status = 200, description = "It is taken, now or before.", body = Took),
        (status = 401, description = "The call proves nothing.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is missing.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn message_by_address(State(api): State<Api>, came: Came) -> Response {
    take_message(&api, came).await
}

/// What became of a message of ours.
///
/// The names of the fields are those that the gateway's `[notices.gateway.report]` says, in JSON or in a form.
#[utoipa::path(
    post, path = "/sms/{gateway}/report", tag = "gateways", operation_id = "takeReport",
    params(("gateway" = String, Path, description = "The name of the gateway in the settings.")),
    request_body(content((serde_json::Value = "application/json"), (serde_json::Value = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "It is taken, now or before.", body = Took),
        (status = 401, description = "The call proves nothing.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn report(State(api): State<Api>, came: Came) -> Response {
    take_report(&api, came).await
}

/// What became of a message of ours, told in the address.
#[utoipa::path(
    get, path = "/sms/{gateway}/report", tag = "gateways", operation_id = "takeReportByAddress",
    params(
        ("gateway" = String, Path, description = "The name of the gateway in the settings."),
        ("secret" = Option<String>, Query, description = "What the gateway proves itself by, unless it does so in a header."),
    ),
    responses(
        (status = 200, description = "It is taken, now or before.", body = Took),
        (status = 401, description = "The call proves nothing.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is missing.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn report_by_address(State(api): State<Api>, came: Came) -> Response {
    take_report(&api, came).await
}

async fn take_message(api: &Api, came: Came) -> Response {
    let headers = came.headers.clone();
    let answer = async {
        let gateway = came.gateway.clone();
        let known = api.door.settings.notices.called_back(&gateway);
        let Some((shape, known)) = known.and_then(|known| Some((known.inbound?, known))) else {
            return Err(No::NotFound("gateway-unknown"));
        };
        let call = came.prove(api, known, &shape.proof).await?;
        let [sender, text] = call.both(&shape.from, &shape.text)?;
        let named = call.fields.get(&shape.id).filter(|id| !id.is_empty());
        let message_id = match named {
            Some(id) if id.chars().count() <= MOST_NAME => id,
            Some(_) => return Err(No::WrongShape("the name of the message is too long".into())),
            // Without a name the whole call is the name: a repetition is the same to the letter.
            None => inbound::name_of(&call.body),
        };
        let incoming = Incoming { gateway, message_id, sender, text };
        let (act, city) = (api.door.act(Actor::System("sms")), call.city);
        let seal = api.door.seal.clone();
        let taken = api
            .door
            .db
            .write(move |tx| match voting::take(tx, &act, &seal, city, &incoming)? {
                Some(taken) => Ok(taken),
                None => inbound::take(tx, &act, city, &incoming),
            })
            .await?;
        Ok(said(match taken {
            Taken::Now(understood) => Took { taken: "now", understood: Some(understood) },
            Taken::Before => Took { taken: "before", understood: None },
        }))
    };
    answered(answer.await, &headers)
}

/// Somebody answers a menu of the telephone.
///
/// Number and text are named as the gateway's `[notices.gateway.inbound]` says. The answer is plain text: `CON` and a
/// question, or `END` and a last word.
#[utoipa::path(
    post,
    path = "/ussd/{gateway}",
    tag = "gateways", operation_id = "answerMenu",
    params(("gateway" = String, Path, description = "The name of the gateway in the settings.")),
    responses(
        (status = 200, description = "What the menu says.", body = String, content_type = "text/plain"),
        (status = 401, description = "The call proves nothing.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is missing.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn menu(State(api): State<Api>, came: Came) -> Response {
    let headers = came.headers.clone();
    let answer = async {
        let known = api.door.settings.notices.called_back(&came.gateway);
        let Some((shape, known)) = known.and_then(|known| Some((known.inbound?, known))) else {
            return Err(No::NotFound("gateway-unknown"));
        };
        let call = came.prove(&api, known, &shape.proof).await?;
        let [sender, text] = call.both(&shape.from, &shape.text)?;
        let (act, seal, city) = (api.door.act(Actor::System("ussd")), api.door.seal.clone(), call.city);
        let said = api.door.db.write(move |tx| voting::menu(tx, &act, &seal, city, &sender, &text)).await?;
        let (goes_on, words) = said;
        Ok(format!("{} {words}", if goes_on { "CON" } else { "END" }).into_response())
    };
    answered(answer.await, &headers)
}

async fn take_report(api: &Api, came: Came) -> Response {
    let headers = came.headers.clone();
    let answer = async {
        let name = came.gateway.clone();
        let known = api.door.settings.notices.called_back(&name);
        let Some((shape, known)) = known.and_then(|known| Some((known.report?, known))) else {
            return Err(No::NotFound("gateway-unknown"));
        };
        let call = came.prove(api, known, &shape.proof).await?;
        let [id, status] = call.both(&shape.id, &shape.status)?;
        if id.is_empty() || id.chars().count() > MOST_NAME {
            return Err(No::WrongShape("the name of the message is missing or too long".into()));
        }
        let delivered = match (shape.delivered.contains(&status), shape.undelivered.contains(&status)) {
            (true, _) => true,
            (false, true) => false,
            // On its way, queued abroad, and whatever else a gateway tells: it does not end anything.
            (false, false) => return Ok(said(Took { taken: "nothing", understood: None })),
        };
        let (now, city) = (api.door.now(), call.city);
        let taken = api.door.db.write(move |tx| receipts::take(tx, city, &name, &id, delivered, now)).await?;
        Ok(said(Took { taken: if taken { "now" } else { "before" }, understood: None }))
    };
    answered(answer.await, &headers)
}

fn said(took: Took) -> Response {
    json(StatusCode::OK, &took)
}

/// A call that proved itself.
struct Call {
    city: i64,
    fields: Fields,
    /// The body, or of a GET what stands behind the question mark.
    body: Bytes,
}

impl Call {
    /// The two fields that a call of its kind must have.
    fn both(&self, one: &str, other: &str) -> Result<[String; 2], No> {
        match (self.fields.get(one), self.fields.get(other)) {
            (Some(a), Some(b)) => Ok([a, b]),
            _ => Err(No::WrongShape(format!("{one} and {other} are expected"))),
        }
    }
}

impl Came {
    /// Reads a call of a known gateway and believes it only with its proof.
    async fn prove(self, api: &Api, gateway: CalledBack<'_>, proof: &Proof) -> Result<Call, No> {
        if !proof.is_set() {
            return Err(No::NotFound("gateway-unknown"));
        }
        let query = Form::from_query(self.query.as_deref())?;
        let is_in_address = self.request.method() == Method::GET;
        let body = match is_in_address {
            true => Bytes::from(self.query.clone().unwrap_or_default()),
            false => forms::body(self.request).await?,
        };
        let value = |name: &str| self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let sent = match proof.header.as_str() {
            "" => query.get("secret").unwrap_or_default(),
            header => value(header),
        };
        let time = if proof.time.is_empty() { "" } else { value(&proof.time) };
        if !proof.believes(&Shown { proof: sent, time, body: &body }, api.door.now()) {
            let (gateway, client) = (&self.gateway, &self.client);
            tracing::warn!(gateway, ?client, "a call in the name of a gateway was refused");
            return Err(No::KeyWrong);
        }
        let city = api.city(Some(gateway.jurisdiction)).await?.id;
        let fields = match is_in_address {
            true => Fields::Form(query),
            false => Fields::read(&forms::kind(&self.headers), &body)?,
        };
        Ok(Call { city, fields, body })
    }
}
