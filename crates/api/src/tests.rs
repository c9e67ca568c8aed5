//! Stories told through the door itself, on both databases, in a real city.

mod calls; // what a telephone exchange tells
mod evidence; // answers that owe a photo
mod feeds; // Atom and CSV
mod gotchas; // what twenty years of Open311 clients stumble over
mod maps; // GeoJSON and tiles
mod messages; // gateways call us back
mod narrow_keys; // keys that are narrower than their role
mod native; // our own interface
mod operator; // alive, ready, too busy
mod reports; // a report through Open311, and what is refused
mod showing; // who may see and say what
mod storms; // what the exchange is told while one lasts
mod threshold; // bad input of every kind

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use calendar::Timestamp;
use door::{Clock, Door, Settings};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use people::{Act, Actor, Dice, Role, keys};
use serde_json::Value;
use storage::Db;
use storage::files::Files;
use tower::ServiceExt;

/// Saturday 10:00 in the city.
pub const SATURDAY: Timestamp = Timestamp(1_794_637_800_000);
/// A point in the middle of the city.
pub const INSIDE: (&str, &str) = ("35.7219", "51.4056");
/// A service that asks no questions, and one that must know the size.
pub const SIMPLE: &str = "street-sweeping";
pub const ASKING: &str = "bulky-waste";
pub const PRIVATE: &str = "homeless";

pub struct City {
    pub engine: &'static str,
    pub id: i64,
    pub door: Door,
    router: Router,
    _folder: tempfile::TempDir,
}

/// Tells a story in a fresh city on each database. Keys: `sender`, `desk` (operator), `chief` (supervisor).
pub fn in_the_city(story: impl AsyncFn(City)) {
    in_a_city(&["tehran"], Settings { rate_limits: false, ..Settings::default() }, story);
}

pub fn in_a_city(packs: &[&str], settings: Settings, story: impl AsyncFn(City)) {
    for (engine, db) in Db::for_stories().unwrap() {
        let act = Act::new(Actor::System("test"), SATURDAY, Arc::new(Dice::seeded(7)));
        let mut first = None;
        for pack in packs {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities").join(pack);
            let (ground, services) =
                (territory::pack::read(&folder).unwrap(), requests::pack::read(&folder).unwrap());
            let loading = act.clone();
            let id = db
                .write_blocking(move |tx| territory::pack::load(tx, &loading, &ground))
                .unwrap()
                .jurisdiction_id;
            let loading = act.clone();
            db.write_blocking(move |tx| requests::pack::load(tx, &loading, id, &services)).unwrap();
            for (text, role) in
                [("sender", Role::Sender), ("desk", Role::Operator), ("chief", Role::Supervisor)]
            {
                let admitting = act.clone();
                db.write_blocking(move |tx| keys::admit(tx, &admitting, id, text, text, role, None)).unwrap();
            }
            first.get_or_insert(id);
        }
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        let door = Door::with(db, files, settings.clone(), Clock::fixed(SATURDAY), Dice::seeded(8));
        let router = door::layers(crate::router(door.clone()), &door);
        // The database is opened outside, because a driver of its own does not run inside another runtime.
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(story(City { engine, id: first.unwrap(), door, router, _folder: folder }));
    }
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The stable codes of a refusal of the native interface.
    pub fn codes(&self) -> Vec<String> {
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect()
    }
}

/// The parts of `name=value` with everything escaped that must be.
pub fn form(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    fields
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect::<Vec<_>>()
        .join("&")
}

impl City {
    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).header(header::HOST, "city.test").body(Body::empty()).unwrap()).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path).header(header::HOST, "city.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    /// Reads JSON and expects success.
    pub async fn read(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{} {path}: {}", self.engine, answer.text());
        answer.json()
    }

    pub async fn post(
        &self,
        path: &str,
        kind: &str,
        body: impl Into<Body>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(Method::POST).uri(path).header(header::HOST, "city.test");
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(body.into()).unwrap()).await
    }

    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post(path, "application/x-www-form-urlencoded; charset=utf-8", form(fields), &[]).await
    }

    pub async fn post_json(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        self.post(path, "application/json", body.to_string(), headers).await
    }

    /// Reports something through the native interface and returns its code.
    pub async fn report(&self, service: &str, words: &str) -> String {
        let (lat, long): (f64, f64) = (INSIDE.0.parse().unwrap(), INSIDE.1.parse().unwrap());
        let body =
            serde_json::json!({ "service_code": service, "lat": lat, "long": long, "description": words });
        let answer = self.post_json("/api/v1/requests", &body, &[]).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}: {}", self.engine, answer.text());
        answer.json()["code"].as_str().unwrap().to_owned()
    }

    /// Sends a report through Open311 with the sender's key and returns its id.
    pub async fn send(&self, more: &[(&str, &str)]) -> String {
        let mut fields =
            vec![("api_key", "sender"), ("service_code", SIMPLE), ("lat", INSIDE.0), ("long", INSIDE.1)];
        fields.extend(more);
        let answer = self.post_form("/open311/v2/requests.json", &fields).await;
        assert_eq!(answer.status, StatusCode::OK, "{}: {}", self.engine, answer.text());
        answer.json()[0]["service_request_id"].as_str().unwrap().to_owned()
    }

    /// Makes a move as the supervisor.
    pub async fn go(&self, code: &str, to: &str, words: &str) -> Answer {
        let body = serde_json::json!({ "to": to, "words": words });
        let answer = self
            .post_json(&format!("/api/v1/requests/{code}/moves"), &body, &[("authorization", "Bearer chief")])
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}: {}", self.engine, answer.text());
        answer
    }

    pub fn pass(&self, millis: i64) {
        self.door.clock.set(self.door.now().plus_millis(millis));
    }
}

/// A PNG of one pixel.
pub fn pixel() -> Vec<u8> {
    use base64::Engine;
    let text =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

/// A multipart body with text fields and files.
pub fn multipart(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--XX\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    for (name, bytes) in files {
        let head = format!(
            "--XX\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"a.png\"\r\ncontent-type: image/png\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    ("multipart/form-data; boundary=XX".into(), body)
}
