//! A body of JSON: its type, its size, its grammar and its shape, refused one after the other.

use axum::extract::Request;
use bytes::Bytes;
use door::forms;
use http::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::problem::No;

/// Reads the body of a request as `T`. It says that it is JSON: what says nothing is not guessed at. The headers were taken out of the request before, to be kept beside it.
pub(crate) async fn json<T: DeserializeOwned>(headers: &HeaderMap, request: Request) -> Result<T, No> {
    object(&bytes(headers, request).await?)
}

/// The body of a request that says that it is JSON, to the letter.
pub(crate) async fn bytes(headers: &HeaderMap, request: Request) -> Result<Bytes, No> {
    match forms::kind(headers).as_str() {
        "application/json" => {}
        kind if kind.starts_with("application/") && kind.ends_with("+json") => {}
        _ => return Err(door::Refusal::UnsupportedType.into()),
    }
    Ok(forms::body(request).await?)
}

/// The object that a body of JSON holds.
pub(crate) fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, No> {
    // serde would read an array as the fields of a shape in their order, which nobody means.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(match serde_json::from_slice::<serde::de::IgnoredAny>(body) {
            Ok(_) => No::WrongShape("an object is expected".into()),
            Err(error) => No::Malformed(error.to_string()),
        });
    }
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => No::WrongShape(error.to_string()),
        _ => No::Malformed(error.to_string()),
    })
}
