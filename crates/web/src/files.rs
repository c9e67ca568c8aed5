//! Photos of reports in the making, and the small files that browsers and robots ask for.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use door::{Door, Failure};
use http::{HeaderValue, StatusCode, header};
use requests::find::{self, PhotoStanding};
use storage::files::FileId;

use crate::ask::{Ask, Here};

/// `GET /report/photo/{sha256}.jpg`: a photo of a report that is still being written. Its name is the hash of its
/// content, so only they know it; photos of requests are the programming interface's to show (`/files/`).
pub async fn photo(State(door): State<Door>, Path(name): Path<String>) -> Result<Response, Failure> {
    let Some(id) = FileId::parse(name.strip_suffix(".jpg").unwrap_or(&name)) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let is_hidden = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            for city in territory::cities(tx)?.iter() {
                if find::photo_standing(tx, city.id, &id.to_string())? == PhotoStanding::Hidden {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .await?;
    if is_hidden {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    let files = door.files.clone();
    let bytes = door.blocking(move || files.get(id)).await??;
    Ok(match bytes {
        Some(bytes) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
                (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600")),
                (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
            ];
            (headers, bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

/// `GET /robots.txt`: requests may be found, half-written reports not.
pub async fn robots() -> Response {
    let text =
        "User-agent: *\nDisallow: /report\nDisallow: /en/report\nDisallow: /track\nDisallow: /en/track\n";
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))], text).into_response()
}

/// `GET /favicon.ico`, which some browsers ask for without being told.
pub async fn favicon() -> Redirect {
    Redirect::temporary(door::assets::url("icons/favicon.svg"))
}

/// `GET /manifest.webmanifest`: the name and the mark for the screen of a telephone.
pub async fn manifest(State(door): State<Door>, ask: Ask) -> Result<Response, Failure> {
    let text = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let w = ask.words();
            let city = Here::find(tx, &ask)?;
            let city = city.as_ref().map_or("", |here| here.city().name(ask.lang));
            let name = format!("{} {city}", w.product_name());
            Ok(serde_json::json!({
                "name": name.trim(),
                "short_name": w.product_name(),
                "description": w.layout_description(),
                "lang": ask.lang.code(),
                "dir": ask.lang.dir(),
                "start_url": "/",
                "display": "minimal-ui",
                "background_color": "#faf7f1",
                "theme_color": "#00716e",
                "icons": [{ "src": door::assets::url("icons/favicon.svg"), "sizes": "any", "type": "image/svg+xml" }],
            })
            .to_string())
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/manifest+json"))], text)
        .into_response())
}
