//! Pictures that come with a form, and pictures that only staff see.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use door::{Budget, Client, Door, Failure, Form, Refusal, Signed};
use http::{HeaderValue, StatusCode, header};
use language::TrackingCode;
use requests::photos::{self, PhotoRefusal};
use requests::{PhotoRef, find, work};
use storage::files::FileId;
use words::Words;

use crate::refusals;

/// Takes the pictures of a form: made safe and kept at once. The sentence says what is wrong with the first that
/// cannot be taken.
pub async fn take(
    door: &Door,
    client: Client,
    form: &Form,
    w: Words,
) -> Result<Result<Vec<PhotoRef>, String>, Failure> {
    let mut taken: Vec<PhotoRef> = Vec::new();
    for file in form.files("media") {
        if file.bytes.is_empty() && !file.is_too_large {
            continue;
        }
        if let Err(Refusal::TooMany { .. }) = door.limits.check(Budget::Photo, client) {
            return Ok(Err(w.work_refusal_photos_too_fast().to_owned()));
        }
        if file.is_too_large {
            let refusal = PhotoRefusal::TooLarge { bytes: door::forms::FILE };
            return Ok(Err(refusals::photo(w, &refusal, &file.name)));
        }
        let (bytes, files) = (file.bytes.clone(), door.files.clone());
        let kept = door
            .photo(move || -> Result<Result<PhotoRef, PhotoRefusal>, storage::Error> {
                let prepared = match photos::prepare(&bytes) {
                    Ok(prepared) => prepared,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                Ok(Ok(PhotoRef {
                    file: files.put(&prepared.photo)?.to_string(),
                    thumbnail: files.put(&prepared.thumbnail)?.to_string(),
                    width: prepared.width,
                    height: prepared.height,
                }))
            })
            .await??;
        match kept {
            Ok(photo) => taken.push(photo),
            Err(refusal) => return Ok(Err(refusals::photo(w, &refusal, &file.name))),
        }
    }
    Ok(Ok(taken))
}

/// `GET /work/{code}/photo/{sha256}.jpg`: a picture of a request, also of one that is not public, for whoever may see
/// the request.
pub async fn file(
    State(door): State<Door>,
    Path((code, name)): Path<(String, String)>,
    signed: Signed,
) -> Result<Response, Failure> {
    let missing = || Ok(StatusCode::NOT_FOUND.into_response());
    let Some(id) = FileId::parse(name.strip_suffix(".jpg").unwrap_or(&name)) else { return missing() };
    let Ok(code) = TrackingCode::parse(&code) else { return missing() };
    let (act, city, wanted) = (signed.act(&door), signed.jurisdiction, id.to_string());
    let may = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let Some(request) = find::by_code(tx, city, code)? else { return Ok(false) };
            let is_there =
                work::photos::all(tx, &request)?.iter().any(|p| p.file == wanted || p.thumbnail == wanted);
            Ok(is_there && work::may_see(tx, &act, &request)?)
        })
        .await?;
    if !may {
        return missing();
    }
    let files = door.files.clone();
    let Some(bytes) = door.blocking(move || files.get(id)).await?? else { return missing() };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=600")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, bytes).into_response())
}
