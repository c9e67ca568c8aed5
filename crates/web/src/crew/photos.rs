//! Pictures that come from telephones, one at a time, and pictures that are shown to those who may see the order.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use dispatch::field::{self, Item, Outcome, Stage, Taken, What};
use dispatch::{crews, evidence, orders};
use door::{Budget, Client, Door, Failure, Form, Refusal, Signed, forms};
use http::{HeaderValue, StatusCode, header};
use people::{Permission, Where};
use requests::PhotoRef;
use requests::photos::{self, PhotoRefusal};
use storage::files::FileId;

use super::sync::{self, Told, json};
use crate::ask::Ask;
use crate::refusals;

/// Makes a picture safe and keeps it; a picture that cannot be read is refused.
pub async fn keep(
    door: &Door,
    client: Client,
    file: &forms::File,
) -> Result<Result<PhotoRef, PhotoRefusal>, Response> {
    if let Err(refusal @ Refusal::TooMany { .. }) = door.limits.check(Budget::Photo, client) {
        return Err(refusal.into_response());
    }
    if file.is_too_large {
        return Ok(Err(PhotoRefusal::TooLarge { bytes: forms::FILE }));
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
        .await
        .map_err(IntoResponse::into_response)?;
    kept.map_err(|failure| Failure::from(failure).into_response())
}

/// `POST /crew/photo`: one picture of the queue, with the item that it belongs to.
pub async fn take(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let unreadable = || Ok(StatusCode::UNPROCESSABLE_ENTITY.into_response());
    if form.text("account") != signed.account.to_string() {
        return Ok(StatusCode::CONFLICT.into_response());
    }
    let (Ok(item), Ok(sent_at)) =
        (serde_json::from_str::<Item>(form.text("item")), form.text("sent_at").parse::<i64>())
    else {
        return unreadable();
    };
    if !matches!(item.what, What::Photo { .. }) {
        return unreadable();
    }
    let (act, city, w) = (signed.act(&door), signed.jurisdiction, ask.words());
    let device = form.text("device").to_owned();
    let clock = match sync::greet(&door, &act, city, &device, calendar::Timestamp(sent_at)).await? {
        Ok(clock) => clock,
        Err(status) => return Ok(status.into_response()),
    };
    // A picture that is here is not read again.
    let (account, id) = (signed.account, item.id.clone());
    if let Some(had) = door.db.read(move |tx| field::had(tx, city, account, &id)).await? {
        return Ok(json(&Told::new(had, w)));
    }
    let item = match form.files("photo").next() {
        None => item,
        Some(file) => match keep(&door, ask.client, file).await {
            Ok(Ok(photo)) => item.with_photo(&photo),
            Ok(Err(refusal)) => {
                let code = if refusal == PhotoRefusal::Heic { "photo-heic" } else { "photo-unreadable" };
                let taken = Taken { id: item.id, outcome: Outcome::Refused, first: None, code: code.into() };
                return Ok(json(&Told::new(taken, w)));
            }
            Err(answer) => return Ok(answer),
        },
    };
    let taken = sync::one(&door, &act, city, &device, clock, item).await?;
    Ok(json(&Told::new(taken, w)))
}

/// The pictures of a form, as items of an order; the sentence says what is wrong with the first that cannot be taken.
pub async fn of_form(
    door: &Door,
    ask: &Ask,
    form: &Form,
) -> Result<Result<Vec<(Stage, PhotoRef)>, String>, Response> {
    let mut taken = Vec::new();
    for (stage, field) in [(Stage::Before, "before"), (Stage::After, "after")] {
        for file in form.files(field) {
            if file.bytes.is_empty() && !file.is_too_large {
                continue;
            }
            match keep(door, ask.client, file).await? {
                Ok(photo) => taken.push((stage, photo)),
                Err(refusal) => return Ok(Err(refusals::photo(ask.words(), &refusal, &file.name))),
            }
        }
    }
    Ok(Ok(taken))
}

/// `GET /crew/photos/{code}/{sha256}.jpg`: a picture of an order, for its crew and for those who judge the work.
pub async fn file(
    State(door): State<Door>,
    Path((code, name)): Path<(String, String)>,
    signed: Signed,
) -> Result<Response, Failure> {
    let missing = || Ok(StatusCode::NOT_FOUND.into_response());
    let Some(id) = FileId::parse(name.strip_suffix(".jpg").unwrap_or(&name)) else { return missing() };
    let (act, city, wanted) = (signed.act(&door), signed.jurisdiction, id.to_string());
    let account = signed.account;
    let may = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let Some(order) = orders::by_code(tx, city, &code)? else { return Ok(false) };
            let own = Where::city(city).owned_by(Some(account));
            let is_own = act.may(Permission::WorkAsCrew, own)
                && crews::of_account(tx, city, account)?.is_some_and(|crew| Some(crew.id) == order.crew);
            let may = is_own
                || order.require(&act, Permission::Dispatch).is_ok()
                || order.require(&act, Permission::CheckWork).is_ok();
            if !may {
                return Ok(false);
            }
            let brought = evidence::of_order(tx, city, order.id)?;
            Ok(brought
                .iter()
                .filter_map(|e| e.photo.as_ref())
                .any(|p| p.file == wanted || p.thumbnail == wanted))
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
