//! Pictures first, the request after them: each picture is made safe and kept, and gets a name that the request carries.
//!
//! They come as files of a form, not inside JSON, so that twenty megabytes are never held as text.

use axum::extract::State;
use axum::response::Response;
use door::{Client, Form};
use http::{HeaderMap, StatusCode};
use language::Lang;
use requests::PhotoRef;
use serde::Serialize;
use storage::files::FileId;
use utoipa::ToSchema;

use super::{answered, json, work};
use crate::photos::{self, NotKept};
use crate::problem::{No, Problem};
use crate::state::Api;

/// Files of a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the form")]
pub(crate) struct NewPhotos {
    /// JPEG, PNG or WebP; 20 MB and 50 megapixels at most each.
    #[schema(value_type = Vec<String>, format = Binary, min_items = 1, max_items = 5)]
    photo: Vec<Vec<u8>>,
}

/// Pictures that are kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct Kept {
    /// Names to put into `photos` of a new request within two days, in the order of the files.
    photos: Vec<String>,
}

/// Send pictures for a request.
///
/// What a camera wrote into them about place and owner is taken out. Those that no request names are removed after two
/// days.
#[utoipa::path(
    post, path = "/photos", tag = "requests", operation_id = "keepPhotos",
    request_body(content = NewPhotos, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Kept.", body = Kept),
        (status = 422, description = "A picture is refused.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn keep(State(api): State<Api>, client: Client, headers: HeaderMap, form: Form) -> Response {
    answered(take(&api, client, &headers, &form).await, &headers)
}

async fn take(api: &Api, client: Client, headers: &HeaderMap, form: &Form) -> Result<Response, No> {
    let lang = door::lang::suggested(headers).unwrap_or(Lang::En);
    let refused = |code: &str| work::one_field(lang, code, "photo");
    let sent = photos::of_form(form).map_err(|no| refused(photos::code(no)))?;
    if sent.left_out > 0 {
        return Err(refused("too-many-photos"));
    }
    if sent.pictures.is_empty() {
        return Err(refused("photo-empty"));
    }
    let kept = photos::keep(&api.door, client, sent.pictures).await.map_err(|not_kept| match not_kept {
        NotKept::Refused(no) => refused(photos::code(no)),
        NotKept::No(no) => no,
    })?;
    Ok(json(StatusCode::CREATED, &Kept { photos: kept.iter().map(PhotoRef::text).collect() }))
}

/// The pictures that a new request names; each must be there still.
pub(super) async fn named(api: &Api, lang: Lang, names: Vec<String>) -> Result<Vec<PhotoRef>, No> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let files = api.door.files.clone();
    let found = api
        .door
        .blocking(move || {
            let is_there = |name: &str| FileId::parse(name).is_some_and(|id| files.path(id).exists());
            let there =
                |photo: PhotoRef| (is_there(&photo.file) && is_there(&photo.thumbnail)).then_some(photo);
            names.iter().map(|name| PhotoRef::parse(name).and_then(there)).collect::<Option<Vec<_>>>()
        })
        .await?;
    found.ok_or_else(|| work::one_field(lang, "file-unknown", "photos"))
}
