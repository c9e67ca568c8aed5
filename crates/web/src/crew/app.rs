//! What makes the page an app: its name and mark for the screen of a telephone, and the worker that keeps it for a day
//! without network.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use door::{Door, Failure, assets};
use http::{HeaderName, HeaderValue, header};

use crate::ask::{Ask, Here};

/// `GET /crew/manifest.webmanifest`.
pub async fn manifest(State(door): State<Door>, ask: Ask) -> Result<Response, Failure> {
    let text = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let w = ask.words();
            let found = Here::find(tx, &ask)?;
            let city = found.as_ref().map_or("", |here| here.city().name(ask.lang));
            let start = match found.as_ref().and_then(Here::carried) {
                Some(code) => format!("{}?city={code}", door::lang::path(ask.lang, "/crew")),
                None => door::lang::path(ask.lang, "/crew"),
            };
            Ok(serde_json::json!({
                "id": door::lang::path(ask.lang, "/crew"),
                "name": format!("{} {city}", w.crew_app_name()).trim(),
                "short_name": w.crew_app_name(),
                "description": w.crew_app_about(),
                "lang": ask.lang.code(),
                "dir": ask.lang.dir(),
                "start_url": start,
                "scope": door::lang::path(ask.lang, "/crew"),
                "display": "standalone",
                "orientation": "portrait",
                "background_color": "#faf7f1",
                "theme_color": "#00716e",
                "icons": [
                    { "src": assets::url("icons/crew.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any" },
                    { "src": assets::url("icons/crew.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "maskable" },
                ],
            })
            .to_string())
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/manifest+json"))], text)
        .into_response())
}

/// What the page needs besides itself when there is no network.
const SHELL: &[&str] = &[
    "app.css",
    "staff.css",
    "fonts/vazirmatn.woff2",
    "icons/sprite.svg",
    "icons/favicon.svg",
    "icons/crew.svg",
    "icons/down.svg",
    "script/crew.mjs",
    "script/crew-store.mjs",
    "script/crew-sync.mjs",
    "script/crew-forms.mjs",
    "script/crew-photo.mjs",
    "script/crew-place.mjs",
    "script/map.mjs",
    "vendor/maplibre-gl/maplibre-gl.mjs",
    "vendor/maplibre-gl/maplibre-gl-worker.mjs",
    "vendor/maplibre-gl/maplibre-gl.css",
];

/// `GET /crew/worker.js`: the worker, told which files belong to this edition of the program. It is another text with
/// each edition, so telephones take the new one by themselves.
pub async fn worker(ask: Ask) -> Response {
    let scope = door::lang::path(ask.lang, "/crew");
    let shell: Vec<&str> = SHELL.iter().map(|name| assets::url(name)).collect();
    let edition = assets::url("app.css").split('/').nth(2).unwrap_or("");
    let told = serde_json::json!({ "edition": edition, "page": scope, "shell": shell });
    let text = format!("self.TOLD = {told};\n{}", assets::inline("script/crew-worker.js"));
    let allowed = HeaderValue::from_str(&scope).unwrap_or(HeaderValue::from_static("/crew"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (HeaderName::from_static("service-worker-allowed"), allowed),
    ];
    (headers, text).into_response()
}
