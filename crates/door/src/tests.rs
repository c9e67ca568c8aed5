//! What the threshold promises.

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use calendar::Timestamp;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use people::Dice;
use storage::files::Files;
use tower::ServiceExt;

use crate::{Asked, Clock, Door, NotServed, Settings};

mod answers; // what every answer carries
mod asking; // forms, addresses, budgets, languages
mod failing; // panics, failures and limits become words and codes
mod listening; // connections on a real socket
mod living; // live pages hear of news

/// A door on an empty database, with a clock that stands still. Its folder goes with the last handle.
fn door() -> Door {
    door_with(Settings::default())
}

fn door_with(settings: Settings) -> Door {
    let db = storage::Db::temporary().unwrap();
    let files = Files::open(db.path().unwrap().with_file_name("files")).unwrap();
    let clock = Clock::fixed(Timestamp(1_700_000_000_000));
    Door::with(db, files, settings, clock, Dice::seeded(1))
}

/// A renderer as a door would have one, but with what it was told instead of words.
fn render(asked: &Asked, what: &NotServed) -> Response {
    let code = what.code().map(|code| code.to_string()).unwrap_or_default();
    format!("{} {} {code}", asked.uri.path(), what.status().as_u16()).into_response()
}

/// Routes behind everything that a request meets in the program.
fn house(door: &Door, routes: Router<Door>) -> Router {
    crate::layers(crate::guarded(routes, door, render).with_state(door.clone()), door)
}

struct Answer {
    status: StatusCode,
    headers: http::HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn ask(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, bytes }
}

async fn get(router: &Router, path: &str) -> Answer {
    ask(router, Request::get(path).body(Body::empty()).unwrap()).await
}
