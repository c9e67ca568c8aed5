//! "I am the mayor": rounds, ideas, projects, votes; and the desks of those who lead a round.

mod argue; // for and against, following, flags, appeals
mod choosing; // what is ticked on a ballot
mod count; // winners, why, and what anybody needs to count again
mod fields; // the fields of a form
mod idea_deeds; // co-signing and joining
mod ideas; // ideas of a round, and a new one
mod judge; // feasibility: the queue of a unit
mod list; // many projects, and some side by side
mod manage; // leading a round
mod manage_form; // the form of a round
mod moderate; // what waits for a moderator, and the public log
mod one; // one project
mod paper; // ballots on paper
mod rounds; // rounds for everybody
mod said; // rounds, projects and money in words
mod vote; // a ballot, from who one is to the receipt
mod voted; // the receipt
mod wire; // the tablets of interviewers

pub use rounds::{Teaser, teaser};

use axum::response::{IntoResponse, Redirect, Response};
use door::{Door, Failure, Needs, Routes};
use http::StatusCode;
use people::Permission::{JudgeFeasibility, ManageRounds, Moderate, TakeBallots};
use projects::ProjectError;
use words::Words;

use crate::ask::{self, Answer, Ask};
use crate::errors;
use crate::sign_in::address;
use crate::wrong::Wrongs;

const REGISTRY_LIMIT: usize = 16 * 1024 * 1024;
const SYNC_LIMIT: usize = 1024 * 1024;

pub fn routes(routes: Routes) -> Routes {
    const CITIZEN: Needs = Needs::SignedIn;
    routes
        .get("/rounds", Needs::Anyone, rounds::list)
        .get("/rounds/manage", Needs::May(ManageRounds), manage::list)
        .get("/rounds/manage/new", Needs::May(ManageRounds), manage::new)
        .post("/rounds/manage/new", Needs::May(ManageRounds), manage::make)
        .get("/rounds/{code}", Needs::Anyone, rounds::one)
        .get("/rounds/{code}/manage", Needs::May(ManageRounds), manage::one)
        .post("/rounds/{code}/manage", Needs::May(ManageRounds), manage::change)
        .post("/rounds/{code}/publish", Needs::May(ManageRounds), manage::publish)
        .post("/rounds/{code}/open-box", Needs::May(ManageRounds), manage::open_box)
        .post("/rounds/{code}/count", Needs::May(ManageRounds), count::count)
        .get("/rounds/{code}/report", Needs::May(ManageRounds), count::report)
        .post_up_to("/rounds/{code}/registry", Needs::May(ManageRounds), REGISTRY_LIMIT, manage::registry)
        .post("/projects/{code}/withdraw", Needs::May(ManageRounds), manage::withdraw)
        .get("/rounds/{code}/ideas", Needs::Anyone, ideas::list)
        .get("/rounds/{code}/ideas/new", CITIZEN, ideas::new)
        .post_up_to("/rounds/{code}/ideas/new", CITIZEN, crate::FORM_LIMIT, ideas::send)
        .get("/rounds/{code}/projects", Needs::Anyone, list::page)
        .get("/rounds/{code}/compare", Needs::Anyone, list::compare)
        .get("/rounds/{code}/moderation", Needs::Anyone, moderate::log)
        .get("/rounds/{code}/receipt", Needs::Anyone, voted::receipt)
        .get("/ideas/{code}", Needs::Anyone, ideas::one)
        .post("/ideas/{code}/sign", CITIZEN, idea_deeds::sign)
        .post("/ideas/{code}/merge", CITIZEN, idea_deeds::merge)
        .post("/ideas/{code}/merge/answer", CITIZEN, idea_deeds::answer)
        .get("/projects/{code}", Needs::Anyone, one::page)
        .post("/projects/{code}/follow", CITIZEN, argue::follow)
        .post("/projects/{code}/arguments", CITIZEN, argue::argue)
        .post("/arguments/{id}/flag", CITIZEN, argue::flag)
        .post("/arguments/{id}/appeal", CITIZEN, argue::appeal)
        .get("/vote/{code}", CITIZEN, vote::begin)
        .get("/vote/{code}/{step}", CITIZEN, voted::done)
        .post("/vote/{code}/{step}", CITIZEN, vote::go_on)
        .get("/feasibility", Needs::May(JudgeFeasibility), judge::queue)
        .get("/feasibility/{code}", Needs::May(JudgeFeasibility), judge::one)
        .post("/feasibility/{code}", Needs::May(JudgeFeasibility), judge::judge)
        .get("/moderation", Needs::May(Moderate), moderate::queue)
        .post("/moderation/{id}", Needs::May(Moderate), moderate::decide)
        .get("/paper", Needs::May(TakeBallots), paper::list)
        .post("/paper", Needs::May(TakeBallots), paper::begin)
        .get("/paper/{id}", Needs::May(TakeBallots), paper::batch)
        .post("/paper/{id}", Needs::May(TakeBallots), paper::enter)
        .unspoken()
        .get("/rounds/{code}/bundle.json", Needs::Anyone, count::bundle)
        .get("/rounds/{code}/bundle/{file}", Needs::Anyone, count::bundle_file)
        .get("/rounds/{code}/oc4ids.json", Needs::Anyone, count::oc4ids)
        .post_up_to("/rounds/{code}/tablet", Needs::May(TakeBallots), SYNC_LIMIT, wire::sync)
}

/// The words of a refusal.
pub fn refusal(w: Words, code: &str) -> &'static str {
    w.by_key(&format!("projects-refusal-{code}")).unwrap_or_else(|| w.errors_failed_title())
}

/// What is to be done with an error: beside a field, or a page of its own.
enum Trouble {
    Wrong(Wrongs),
    Answered(Response),
}

/// Turns an error into what is shown. Somebody was faster: the page says so on top.
async fn trouble(door: &Door, ask: Ask, error: ProjectError) -> Result<(Ask, Trouble), Failure> {
    let w = ask.words();
    Ok(match error {
        ProjectError::Refused { code, field } => (ask, Trouble::Wrong(Wrongs::one(field, refusal(w, code)))),
        ProjectError::Changed => (ask, Trouble::Wrong(Wrongs::one("", w.projects_changed()))),
        ProjectError::Failure(failure) => return Err(failure.into()),
        other => {
            let again = Ask {
                lang: ask.lang,
                path: ask.path.clone(),
                query: ask.query.clone(),
                fields: door::Form::from_query(Some(&ask.query)).unwrap_or_default(),
                headers: ask.headers.clone(),
                client: ask.client,
            };
            let denied = matches!(other, ProjectError::Denied(_));
            let response = ask::answer(door, ask, move |_, ask, here| {
                Ok(if denied {
                    Answer::Refused(StatusCode::FORBIDDEN, errors::denied(ask, here)?)
                } else {
                    Answer::Missing
                })
            })
            .await?;
            (again, Trouble::Answered(response))
        }
    })
}

/// To a page of ours, after something was done.
fn to(ask: &Ask, path: &str) -> Response {
    Redirect::to(&address(ask, path)).into_response()
}

/// A page about something that is not there.
async fn missing(door: &Door, ask: Ask) -> Result<Response, Failure> {
    ask::answer(door, ask, |_, _, _| Ok(Answer::Missing)).await
}

/// A page, or with 422 when it says what is wrong.
fn page_of(html: String, is_wrong: bool) -> Answer {
    if is_wrong {
        Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html)
    } else {
        Answer::Page(ask::NEVER, html)
    }
}
