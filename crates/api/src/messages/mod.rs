//! What gateways call us back with: messages of people, and reports of what became of ours.
//!
//! A gateway is described in the settings, and so is the shape of its calls. It proves itself by a secret or by a
//! signature over the body; whoever does not is refused and logged, and nothing is read. A call that comes again
//! changes nothing again, so a gateway may repeat it until it hears 200.

mod fields; // a body of JSON or of a form, asked by name

use axum::Router;
use axum::extract::{Path, RawQuery, Request, State};
use axum::response::Response;
use axum::routing::post;
use bytes::Bytes;
use door::{Client, Form, forms};
use http::{HeaderMap, StatusCode};
use notices::callback::{CalledBack, Proof};
use notices::inbound::{self, Incoming, Taken};
use notices::receipts;
use people::Actor;
use serde_json::json;

use crate::native::{answered, json};
use crate::problem::No;
use crate::state::Api;
use fields::Fields;

/// The longest name of a message that a gateway may give.
const MOST_NAME: usize = 200;

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/api/v1/sms/{gateway}/inbound", post(take_message))
        .route("/api/v1/sms/{gateway}/report", post(take_report))
}

/// A call that proved itself.
struct Call {
    city: i64,
    fields: Fields,
    body: Bytes,
}

/// A person texted the city.
async fn take_message(
    State(api): State<Api>,
    client: Client,
    Path(gateway): Path<String>,
    RawQuery(query): RawQuery,
    mut request: Request,
) -> Response {
    let headers = std::mem::take(request.headers_mut());
    let answer = async {
        let known = api.door.settings.notices.called_back(&gateway);
        let Some((shape, known)) = known.and_then(|known| Some((known.inbound?, known))) else {
            return Err(No::NotFound("gateway-unknown"));
        };
        let call =
            Call::proved(&api, client, &gateway, known, &shape.proof, query.as_deref(), &headers, request)
                .await?;
        let (Some(sender), Some(text)) = (call.fields.get(&shape.from), call.fields.get(&shape.text)) else {
            return Err(No::WrongShape(format!("{} and {} are expected", shape.from, shape.text)));
        };
        let named = call.fields.get(&shape.id).filter(|id| !id.is_empty());
        let message_id = match named {
            Some(id) if id.chars().count() <= MOST_NAME => id,
            Some(_) => return Err(No::WrongShape("the name of the message is too long".into())),
            // Without a name the whole call is the name: a repetition is the same to the letter.
            None => inbound::name_of(&call.body),
        };
        let incoming = Incoming { gateway: gateway.clone(), message_id, sender, text };
        let (act, city) = (api.door.act(Actor::System("sms")), call.city);
        let taken = api.door.db.write(move |tx| inbound::take(tx, &act, city, &incoming)).await?;
        let said = match taken {
            Taken::Now(understood) => json!({ "taken": "now", "understood": understood }),
            Taken::Before => json!({ "taken": "before" }),
        };
        Ok(json(StatusCode::OK, &said))
    };
    answered(answer.await, &headers)
}

/// A gateway says what became of a message of ours.
async fn take_report(
    State(api): State<Api>,
    client: Client,
    Path(gateway): Path<String>,
    RawQuery(query): RawQuery,
    mut request: Request,
) -> Response {
    let headers = std::mem::take(request.headers_mut());
    let answer = async {
        let known = api.door.settings.notices.called_back(&gateway);
        let Some((shape, known)) = known.and_then(|known| Some((known.report?, known))) else {
            return Err(No::NotFound("gateway-unknown"));
        };
        let call =
            Call::proved(&api, client, &gateway, known, &shape.proof, query.as_deref(), &headers, request)
                .await?;
        let (Some(id), Some(status)) = (call.fields.get(&shape.id), call.fields.get(&shape.status)) else {
            return Err(No::WrongShape(format!("{} and {} are expected", shape.id, shape.status)));
        };
        if id.is_empty() || id.chars().count() > MOST_NAME {
            return Err(No::WrongShape("the name of the message is missing or too long".into()));
        }
        let delivered = match (shape.delivered.contains(&status), shape.undelivered.contains(&status)) {
            (true, _) => true,
            (false, true) => false,
            // On its way, queued abroad, and whatever else a gateway tells: it does not end anything.
            (false, false) => return Ok(json(StatusCode::OK, &json!({ "taken": "nothing" }))),
        };
        let (now, city, name) = (api.door.now(), call.city, gateway.clone());
        let taken = api.door.db.write(move |tx| receipts::take(tx, city, &name, &id, delivered, now)).await?;
        Ok(json(StatusCode::OK, &json!({ "taken": if taken { "now" } else { "before" } })))
    };
    answered(answer.await, &headers)
}

impl Call {
    /// Reads a call of a known gateway and believes it only with its proof.
    #[allow(clippy::too_many_arguments)]
    async fn proved(
        api: &Api,
        client: Client,
        name: &str,
        gateway: CalledBack<'_>,
        proof: &Proof,
        query: Option<&str>,
        headers: &HeaderMap,
        request: Request,
    ) -> Result<Call, No> {
        if !proof.is_set() {
            return Err(No::NotFound("gateway-unknown"));
        }
        let body = forms::body(request).await?;
        let query = Form::from_query(query)?;
        let sent = match proof.header.as_str() {
            "" => query.get("secret").unwrap_or_default(),
            header => headers.get(header).and_then(|value| value.to_str().ok()).unwrap_or_default(),
        };
        if !proof.holds(sent, &body) {
            tracing::warn!(gateway = name, ?client, "a call in the name of a gateway was refused");
            return Err(No::KeyWrong);
        }
        let city = api.city(Some(gateway.jurisdiction)).await?.id;
        let fields = Fields::read(&forms::kind(headers), &body)?;
        Ok(Call { city, fields, body })
    }
}
