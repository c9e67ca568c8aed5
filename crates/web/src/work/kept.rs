//! Lists that somebody keeps, alone or with their unit.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use requests::work::filters::{self, FilterError};

use super::{asked, lists, refusal};
use crate::ask::{self, Answer, Ask, Here};

/// `POST /work/lists`: keeps the list that is open.
pub async fn keep(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let (name, query) = (form.text("name").to_owned(), form.text("query").to_owned());
    let shared = form.get("shared").is_some();
    let outcome = door
        .db
        .write({
            let (act, query) = (act.clone(), query.clone());
            move |tx| filters::keep(tx, &act, city, &name, &query, shared)
        })
        .await;
    match outcome {
        Ok(_) => go(&door, ask, &query, "kept").await,
        Err(FilterError::Failure(failure)) => Err(failure.into()),
        Err(error) => {
            let now = door.now();
            ask::answer(&door, ask, move |tx, ask, here| {
                let sentence = error.code().map_or("", |code| refusal(ask.words(), code));
                let html = lists::show(tx, ask, here, &signed, &act, now, "", sentence)?;
                Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
            })
            .await
        }
    }
}

/// `POST /work/lists/{id}`: forgets one of one's own.
pub async fn forget(
    State(door): State<Door>,
    Path(id): Path<i64>,
    ask: Ask,
    signed: Signed,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let gone = door.db.write(move |tx| filters::forget(tx, &act, city, id)).await?;
    if !gone {
        return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await;
    }
    go(&door, ask, "", "forgotten").await
}

async fn go(door: &Door, ask: Ask, query: &str, done: &str) -> Result<Response, Failure> {
    let mark = format!("done={done}");
    let both: Vec<&str> = [query, &mark].into_iter().filter(|part| !part.is_empty()).collect();
    let to = asked::address(&both.join("&"));
    let address = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            Ok(Here::find(tx, &ask)?.map(|here| here.page(&ask, "").url(&to).to_string()))
        })
        .await?;
    Ok(Redirect::to(address.as_deref().unwrap_or("/work")).into_response())
}
