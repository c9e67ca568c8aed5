//! What people do on the page of an idea: co-sign it, propose that two are one, agree or not.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use door::{Budget, Door, Failure, Form, Signed};
use language::TrackingCode;
use projects::ProjectError;
use projects::ideas::{self, Idea};
use storage::Tx;

use super::ideas::show;
use super::{Trouble, missing, to, trouble};
use crate::ask::Ask;

/// The idea of a code in the city of whoever asks, changed by a verb; then back to its page.
async fn change<F>(door: &Door, code: String, signed: Signed, ask: Ask, verb: F) -> Result<Response, Failure>
where
    F: FnOnce(&mut Tx<'_>, &people::Act, i64, &Idea) -> Result<&'static str, ProjectError>
        + Send
        + Clone
        + 'static,
{
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let Ok(parsed) = TrackingCode::parse(&code) else { return missing(door, ask).await };
    let (act, jurisdiction) = (signed.act(door), signed.jurisdiction);
    let done = door
        .db
        .write(move |tx: &mut Tx<'_>| {
            let idea = ideas::by_code(tx, jurisdiction, parsed)?.ok_or(ProjectError::NotFound)?;
            verb.clone()(tx, &act, jurisdiction, &idea)
        })
        .await;
    match done {
        Ok(done) => Ok(to(&ask, &format!("/ideas/{parsed}?done={done}"))),
        Err(error) => match trouble(door, ask, error).await? {
            (_, Trouble::Answered(response)) => Ok(response),
            (ask, Trouble::Wrong(wrong)) => show(door, code, Some(signed), ask, wrong).await,
        },
    }
}

/// `POST /ideas/{code}/sign`.
pub async fn sign(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    change(&door, code, signed, ask, |tx, act, jurisdiction, idea| {
        ideas::sign(tx, act, jurisdiction, idea.id).map(|()| "signed")
    })
    .await
}

/// `POST /ideas/{code}/merge`: these two are one.
pub async fn merge(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let into = TrackingCode::parse(form.text("into")).ok();
    change(&door, code, signed, ask, move |tx, act, jurisdiction, idea| {
        let into = into.ok_or(ProjectError::NotFound)?;
        let other = ideas::by_code(tx, jurisdiction, into)?.ok_or(ProjectError::NotFound)?;
        let state = ideas::propose_merge(tx, act, jurisdiction, idea.id, other.id)?;
        Ok(if state == ideas::MergeState::Accepted { "merged" } else { "merge-asked" })
    })
    .await
}

/// `POST /ideas/{code}/merge/answer`: the author agrees or not.
pub async fn answer(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (into, agrees) = (TrackingCode::parse(form.text("into")).ok(), form.text("answer") == "yes");
    change(&door, code, signed, ask, move |tx, act, jurisdiction, idea| {
        let into = into.ok_or(ProjectError::NotFound)?;
        let other = ideas::by_code(tx, jurisdiction, into)?.ok_or(ProjectError::NotFound)?;
        ideas::answer_merge(tx, act, jurisdiction, idea.id, other.id, agrees)?;
        Ok(if agrees { "merged" } else { "declined" })
    })
    .await
}
