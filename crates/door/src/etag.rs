//! "You have that already": answers that a browser or a feed reader may keep.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// Answers with `body`, or with 304 when the reader has the same already. `keep` is the `Cache-Control`, such as
/// `no-cache` (ask each time) or `public, max-age=60`.
pub fn conditional(
    asked: &HeaderMap,
    kind: &'static str,
    keep: &'static str,
    body: impl Into<Bytes>,
) -> Response {
    let body = body.into();
    let tag = of(&body);
    let common = [
        (header::ETAG, HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("W/\"0\""))),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
    ];
    if has(asked, &tag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let kind: [(HeaderName, HeaderValue); 1] = [(header::CONTENT_TYPE, HeaderValue::from_static(kind))];
    (common, kind, Body::from(body)).into_response()
}

/// The tag of some bytes. It is weak, because the same page may travel packed or not.
pub fn of(bytes: &[u8]) -> String {
    // Two pages of one address with the same 64 bits would have to be found by the city itself: nobody outside
    // gains from a reader that keeps an old page.
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

/// Whether the reader says it holds what `tag` names.
pub fn has(asked: &HeaderMap, tag: &str) -> bool {
    let plain = tag.trim_start_matches("W/");
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|held| matches!(held.trim(), "*") || held.trim().trim_start_matches("W/") == plain)
}
