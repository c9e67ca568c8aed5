//! Stylesheet, script, fonts and icons, inside the program.
//!
//! `build.rs` puts `assets/` here with gzip copies made beforehand. The address of every file carries the edition
//! of the whole set (`/assets/3f2a.../script/map.mjs`), so a browser may keep it for ever, and a module that
//! imports its neighbour by a relative path gets the neighbour of its own edition.

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

struct Asset {
    name: &'static str,
    url: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
    packed: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The address of a file, such as `url("app.css")` or `url("script/map.mjs")`. A name that is not there gives an
/// address that answers 404, and a line in the log.
pub fn url(name: &str) -> &'static str {
    match find(name) {
        Some(asset) => asset.url,
        None => {
            tracing::error!(name, "no such asset");
            "/assets/missing"
        }
    }
}

/// The text of a file, to be written into a page: `inline("icons/sprite.svg")`. Empty when it is not there.
pub fn inline(name: &str) -> &'static str {
    let text = find(name).and_then(|asset| std::str::from_utf8(asset.bytes).ok());
    text.unwrap_or_else(|| {
        tracing::error!(name, "no such asset, or no text");
        ""
    })
}

/// The bytes of a file.
pub fn bytes(name: &str) -> Option<&'static [u8]> {
    find(name).map(|asset| asset.bytes)
}

/// The names of all files, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|asset| asset.name)
}

/// Serves every file under `/assets/`.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{edition}/{*name}", get(serve))
}

fn find(name: &str) -> Option<&'static Asset> {
    let place = FILES.binary_search_by(|asset| asset.name.cmp(name)).ok()?;
    FILES.get(place)
}

async fn serve(Path((edition, name)): Path<(String, String)>, asked: HeaderMap) -> Response {
    let Some(asset) = find(&name) else { return StatusCode::NOT_FOUND.into_response() };
    // A page of an older edition still finds today's file, but must not keep it under yesterday's address.
    let is_current = edition == EDITION;
    let keep = if is_current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let common = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    // Under its own edition a file never changes, so whatever the browser holds is right.
    if is_current && asked.contains_key(header::IF_NONE_MATCH) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let tag = [(header::ETAG, HeaderValue::from_static(edition_tag()))];
    let packed = asset.packed.filter(|_| accepts_gzip(&asked));
    match packed {
        Some(packed) => {
            let encoding = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
            (common, tag, encoding, Body::from(Bytes::from_static(packed))).into_response()
        }
        None => (common, tag, Body::from(Bytes::from_static(asset.bytes))).into_response(),
    }
}

/// The edition is the tag of every file in it: an address names one file.
fn edition_tag() -> &'static str {
    static TAG: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| format!("W/\"{EDITION}\""));
    &TAG
}

fn accepts_gzip(asked: &HeaderMap) -> bool {
    asked
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| {
            let (name, weight) = item.split_once(';').unwrap_or((item, ""));
            let refused = weight
                .trim()
                .strip_prefix("q=")
                .is_some_and(|q| q.trim().parse::<f32>().is_ok_and(|q| q <= 0.0));
            name.trim().eq_ignore_ascii_case("gzip") && !refused
        })
}
