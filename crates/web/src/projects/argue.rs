//! What people do on the page of a project: follow it, say something for or against, flag, appeal.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use door::{Budget, Door, Failure, Form, Signed};
use language::TrackingCode;
use projects::arguments::{self, Side};
use projects::{ProjectError, ProjectId};
use storage::Tx;

use super::one::{self, Typed};
use super::{Trouble, missing, to, trouble};
use crate::ask::Ask;

/// Changes a project by a verb that says which and what was done, and leads back to its page.
async fn change<F>(
    door: &Door,
    code: Option<String>,
    signed: Signed,
    ask: Ask,
    typed: Typed,
    verb: F,
) -> Result<Response, Failure>
where
    F: FnOnce(&mut Tx<'_>, &people::Act, i64) -> Result<(ProjectId, &'static str), ProjectError>
        + Send
        + Clone
        + 'static,
{
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let (act, jurisdiction) = (signed.act(door), signed.jurisdiction);
    let done = door
        .db
        .write(move |tx: &mut Tx<'_>| {
            let (id, done) = verb.clone()(tx, &act, jurisdiction)?;
            let project = projects::by_id(tx, jurisdiction, id)?.ok_or(ProjectError::NotFound)?;
            Ok::<_, ProjectError>((project.code, done))
        })
        .await;
    match done {
        Ok((code, done)) => Ok(to(&ask, &format!("/projects/{code}?done={done}"))),
        Err(error) => match trouble(door, ask, error).await? {
            (_, Trouble::Answered(response)) => Ok(response),
            (ask, Trouble::Wrong(wrong)) => match code {
                Some(code) => one::show(door, code, Some(signed), ask, wrong, typed).await,
                None => missing(door, ask).await,
            },
        },
    }
}

fn find(tx: &mut Tx<'_>, jurisdiction: i64, code: &str) -> Result<ProjectId, ProjectError> {
    let code = TrackingCode::parse(code).map_err(|_| ProjectError::NotFound)?;
    Ok(projects::by_code(tx, jurisdiction, code)?.ok_or(ProjectError::NotFound)?.id)
}

/// `POST /projects/{code}/follow`; `stop` ends it.
pub async fn follow(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (known, stop) = (code.clone(), form.text("do") == "stop");
    change(&door, Some(code), signed, ask, Typed::default(), move |tx, act, jurisdiction| {
        let id = find(tx, jurisdiction, &known)?;
        if stop {
            projects::unfollow(tx, act, jurisdiction, id)?;
            return Ok((id, "left"));
        }
        projects::follow(tx, act, jurisdiction, id)?;
        Ok((id, "following"))
    })
    .await
}

/// `POST /projects/{code}/arguments`.
pub async fn argue(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let typed = Typed { side: form.text("side").to_owned(), words: form.text("words").to_owned() };
    let (known, side, words) = (code.clone(), Side::parse(form.text("side")), form.text("words").to_owned());
    change(&door, Some(code), signed, ask, typed, move |tx, act, jurisdiction| {
        let id = find(tx, jurisdiction, &known)?;
        arguments::argue(tx, act, jurisdiction, id, side, &words)?;
        Ok((id, "argued"))
    })
    .await
}

/// `POST /arguments/{id}/flag`.
pub async fn flag(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    change(&door, None, signed, ask, Typed::default(), move |tx, act, jurisdiction| {
        Ok((arguments::flag(tx, act, jurisdiction, id)?, "flagged"))
    })
    .await
}

/// `POST /arguments/{id}/appeal`. The form names the project, so that what is wrong is said on its page.
pub async fn appeal(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (words, code) = (form.text("appeal").to_owned(), form.text("project").to_owned());
    let code = (!code.is_empty()).then_some(code);
    change(&door, code, signed, ask, Typed::default(), move |tx, act, jurisdiction| {
        Ok((arguments::appeal(tx, act, jurisdiction, id, &words)?, "appealed"))
    })
    .await
}
