//! Pictures of measured lines: for the city's side, for the contractor whose they are, and for whoever holds the link of
//! their order. For everybody else they are not there.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use dispatch::contracts::{self, Sheet};
use door::{Budget, Door, Failure, Signed};
use http::{HeaderValue, StatusCode, header};
use people::{Permission, Where};
use storage::Tx;
use storage::files::FileId;

use crate::ask::{Ask, Here};

/// `GET /contracts/lines/{line}/{sha256}.jpg`.
pub async fn of_line(
    State(door): State<Door>,
    Path((line, name)): Path<(i64, String)>,
    signed: Signed,
) -> Result<Response, Failure> {
    let Some(id) = FileId::parse(name.strip_suffix(".jpg").unwrap_or(&name)) else { return missing() };
    let (act, city, wanted) = (signed.act(&door), signed.jurisdiction, id.to_string());
    let may = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let Some(found) = contracts::line_by_id(tx, city, line)? else { return Ok(false) };
            let is_its = [&found.photo, &found.thumbnail].into_iter().flatten().any(|file| *file == wanted);
            let order = dispatch::orders::by_id(tx, city, dispatch::OrderId(found.order))?;
            let is_ours = order.is_some_and(|order| {
                act.may(Permission::CheckWork, order.place()) || act.may(Permission::Dispatch, order.place())
            });
            let is_theirs = act.may(Permission::WorkAsContractor, Where::unit(city, Some(found.contractor)));
            Ok(is_its && (is_ours || is_theirs))
        })
        .await?;
    if may { file(&door, id).await } else { missing() }
}

/// `GET /contractor/link/{key}/{line}/{sha256}.jpg`.
pub async fn by_link(
    State(door): State<Door>,
    Path((key, line, name)): Path<(String, i64, String)>,
    ask: Ask,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Search, ask.client) {
        return Ok(refusal.into_response());
    }
    let Some(id) = FileId::parse(name.strip_suffix(".jpg").unwrap_or(&name)) else { return missing() };
    let (now, wanted) = (door.now(), id.to_string());
    let may = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let Some(here) = Here::find(tx, &ask)? else { return Ok(false) };
            let sheet = opened(tx, here.city().id, &key, now)?;
            let line = sheet.as_ref().and_then(|s| s.lines.iter().find(|l| l.id == line));
            Ok(line
                .is_some_and(|l| [&l.photo, &l.thumbnail].into_iter().flatten().any(|file| *file == wanted)))
        })
        .await?;
    if may { file(&door, id).await } else { missing() }
}

/// The order that a key opens.
pub fn opened(
    tx: &mut Tx<'_>,
    city: i64,
    key: &str,
    now: calendar::Timestamp,
) -> storage::Result<Option<Sheet>> {
    match contracts::open_link(tx, city, key, now)? {
        Some(opened) => contracts::sheet(tx, city, opened.offer, now),
        None => Ok(None),
    }
}

fn missing() -> Result<Response, Failure> {
    Ok(StatusCode::NOT_FOUND.into_response())
}

async fn file(door: &Door, id: FileId) -> Result<Response, Failure> {
    let files = door.files.clone();
    let Some(bytes) = door.blocking(move || files.get(id)).await?? else { return missing() };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=600")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, bytes).into_response())
}
