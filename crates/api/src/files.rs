//! Photos of requests, by the hash of their content.
//!
//! Only what is a public photo of a public request is there. A file never changes, so a browser may keep it for ever;
//! it is shown as a picture and as nothing else, whatever its bytes are.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use storage::files::FileId;

use crate::problem::No;
use crate::state::Api;

pub(crate) fn routes() -> Router<Api> {
    Router::new().route("/files/{name}", get(photo))
}

const KEEP: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

async fn photo(State(api): State<Api>, Path(name): Path<String>, headers: HeaderMap) -> Result<Response, No> {
    let id = name.strip_suffix(".jpg").and_then(FileId::parse).ok_or(No::NotFound("file-unknown"))?;
    let cities = api.all_cities().await?;
    let (ids, hash): (Vec<i64>, String) = (cities.iter().map(|city| city.id).collect(), id.to_string());
    let public = api
        .door
        .db
        .read(move |tx| {
            for city in ids {
                if requests::find::is_public_photo(tx, city, &hash)? {
                    return Ok::<_, storage::Error>(true);
                }
            }
            Ok(false)
        })
        .await?;
    if !public {
        return Err(No::NotFound("file-unknown"));
    }
    let tag = format!("\"{id}\"");
    let common = [
        (header::CACHE_CONTROL, KEEP),
        (header::ETAG, HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""))),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    if door::etag::has(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let files = api.door.files.clone();
    let bytes = api.door.blocking(move || files.get(id)).await??.ok_or(No::NotFound("file-unknown"))?;
    Ok((common, [(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response())
}
