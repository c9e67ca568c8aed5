//! Browsers ask for news of a request: the key they subscribe with, the worker that shows the news, and the asking.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use door::{Budget, Door, Failure, forms};
use http::{HeaderValue, StatusCode, header};
use language::TrackingCode;
use notices::browsers::{self, Browser};
use people::Actor;
use requests::find;
use serde::Deserialize;

use crate::ask::{Ask, Here};

/// The longest address of a push service that is kept.
const MOST_ENDPOINT: usize = 1_000;

/// `GET /push/key`: what browsers subscribe with; empty where the installation sends to no browsers.
pub async fn key(State(door): State<Door>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, door.settings.notices.push_key.clone()).into_response()
}

/// `GET /push-worker.js`: it stands at the root, because a worker serves only what is below its own address.
pub async fn worker() -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, door::assets::inline("script/push-worker.js")).into_response()
}

/// `PushSubscription.toJSON()`.
#[derive(Deserialize)]
struct Subscription {
    endpoint: String,
    keys: Keys,
}

#[derive(Deserialize)]
struct Keys {
    p256dh: String,
    auth: String,
}

/// `POST /requests/{code}/push`: this browser wants to hear of a request.
pub async fn subscribe(
    State(door): State<Door>,
    Path(typed): Path<String>,
    ask: Ask,
    request: Request,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let body = match forms::body(request).await {
        Ok(body) => body,
        Err(refusal) => return Ok(refusal.into_response()),
    };
    let said = |status: StatusCode| Ok(status.into_response());
    let Some(push) = door.settings.notices.push() else { return said(StatusCode::NOT_FOUND) };
    let Ok(Subscription { endpoint, keys }) = serde_json::from_slice(&body) else {
        return said(StatusCode::UNPROCESSABLE_ENTITY);
    };
    let browser = Browser { endpoint, p256dh: keys.p256dh, auth: keys.auth };
    if browser.endpoint.len() > MOST_ENDPOINT || !push.may_call(&browser.endpoint) || !browser.has_keys() {
        return said(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let Ok(code) = TrackingCode::parse(&typed) else { return said(StatusCode::NOT_FOUND) };
    let act = door.act(Actor::Citizen);
    let done = door.db.write(move |tx| -> storage::Result<bool> {
        let Some(here) = Here::find(tx, &ask)? else { return Ok(false) };
        let found = find::by_code(tx, here.city().id, code)?.filter(|request| request.is_public);
        let Some(found) = found else { return Ok(false) };
        browsers::add(tx, &act, found.jurisdiction, found.id.0, &browser, ask.lang)?;
        Ok(true)
    });
    said(if done.await? { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND })
}
