//! Ballots from the tablets of interviewers, in one handful: each is answered singly, and sending it again changes nothing.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use door::{Door, Failure, Signed, forms};
use http::StatusCode;
use projects::channels::tablet::{self, Answered, Item};
use projects::{ProjectError, book};
use serde::{Deserialize, Serialize};
use storage::Tx;

/// Items of one sending.
const MOST: usize = 200;

#[derive(Deserialize)]
struct Sent {
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Told {
    items: Vec<Answered>,
}

/// `POST /rounds/{code}/tablet`.
pub async fn sync(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    request: Request,
) -> Result<Response, Failure> {
    let body = match forms::body(request).await {
        Ok(body) => body,
        Err(refusal) => return Ok(refusal.into_response()),
    };
    let Ok(sent) = serde_json::from_slice::<Sent>(&body) else {
        return Ok(StatusCode::BAD_REQUEST.into_response());
    };
    if sent.items.len() > MOST {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    }
    let mut told = Told { items: Vec::with_capacity(sent.items.len()) };
    for item in sent.items {
        let (act, inner, jurisdiction, code) =
            (signed.act(&door), door.clone(), signed.jurisdiction, code.clone());
        let name = item.item.clone();
        let taken = door
            .db
            .write(move |tx: &mut Tx<'_>| -> Result<Answered, ProjectError> {
                let id = book(tx, jurisdiction)?.by_code(&code).ok_or(ProjectError::NotFound)?.id;
                tablet::take(tx, &act, &inner.seal, jurisdiction, id, &item)
            })
            .await;
        match taken {
            Ok(answered) => told.items.push(answered),
            Err(ProjectError::Failure(failure)) => return Err(failure.into()),
            Err(ProjectError::Denied(_)) => return Ok(StatusCode::FORBIDDEN.into_response()),
            Err(ProjectError::NotFound) => return Ok(StatusCode::NOT_FOUND.into_response()),
            // What cannot even be kept is told, and the tablet shows it to the interviewer.
            Err(ProjectError::Refused { code, .. }) => told.items.push(Answered {
                item: name,
                state: tablet::ItemState::Quarantined,
                refused: code.into(),
            }),
            Err(ProjectError::Changed) => return Ok(StatusCode::CONFLICT.into_response()),
        }
    }
    Ok(Json(told).into_response())
}
