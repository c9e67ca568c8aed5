//! What came too late: the order had been given away or cancelled while its crew worked without network. A dispatcher
//! reads what the crew says it did, and says that it was dealt with.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use calendar::words as dates;
use dispatch::DispatchError;
use dispatch::field::read;
use door::{Door, Failure, Form, Signed};
use http::StatusCode;

use super::words_of;
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::parts::shown;

const MOST: u32 = 200;

#[derive(Template)]
#[template(path = "crew/conflicts.html")]
struct Conflicts<'a> {
    page: Page<'a>,
    said: bool,
    rows: Vec<Row>,
}

struct Row {
    id: i64,
    crew: String,
    order: String,
    what: &'static str,
    words: String,
    why: &'static str,
    happened: String,
    received: String,
    is_doubtful: bool,
}

/// `GET /crew/conflicts`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let found = read::conflicts(tx, &act, city.id, MOST)?;
        let rows = found.into_iter().map(|conflict| {
            let kept = conflict.kept;
            let text = |key: &str| kept.content.get(key).and_then(|v| v.as_str()).unwrap_or("").to_owned();
            let when = |at| dates::short_date_time(w.lang(), at, &city.zone);
            Row {
                id: kept.id,
                crew: conflict.crew.map_or_else(String::new, |crew| crew.name(w.lang()).to_owned()),
                order: shown(&text("order"), w.lang()),
                what: words_of::kind(w, &kept.kind),
                words: text("words"),
                why: words_of::code(w, &kept.code),
                happened: when(kept.happened_at),
                received: when(kept.received_at),
                is_doubtful: !kept.doubt.is_empty(),
            }
        });
        let rows: Vec<Row> = rows.collect();
        let page = here.staff(ask, &signed, w.crew_conflicts_title());
        let html = render(&Conflicts { page, said: ask.field("done") == "settled", rows })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

/// `POST /crew/conflicts`: one of them was dealt with.
pub async fn settle(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let Ok(id) = form.text("id").parse::<i64>() else {
        return Ok(StatusCode::UNPROCESSABLE_ENTITY.into_response());
    };
    match door.db.write(move |tx| read::settle(tx, &act, city, id)).await {
        // Somebody else dealt with it a moment ago: that is what was wanted.
        Ok(()) | Err(DispatchError::NotFound | DispatchError::Changed) => {}
        Err(DispatchError::Storage(failure)) => return Err(failure.into()),
        Err(_) => return Ok(door::Refusal::Denied.into_response()),
    }
    let address = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let to = "/crew/conflicts?done=settled";
            Ok(Here::find(tx, &ask)?.map(|here| here.page(&ask, "").url(to).to_string()))
        })
        .await?;
    Ok(Redirect::to(address.as_deref().unwrap_or("/crew/conflicts")).into_response())
}
