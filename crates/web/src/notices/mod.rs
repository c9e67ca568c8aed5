//! Messages to people and from them: the outbox, what came in, the gateways, the texts. And the short address that
//! messages carry.

mod browser; // browsers that ask for news
mod inbox; // what people texted
mod outbox; // figures, gateways, what was sent and what waits
mod texts; // every text with an example, and what it costs

use axum::extract::{Path, State};
use axum::response::Response;
use door::{Door, Failure, Needs, Routes};
use notices::board::BoardError;
use people::Permission::ManageNotices;

use crate::ask::{self, Answer, Ask, Here};
use crate::errors;

const NEEDS: Needs = Needs::May(ManageNotices);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/notices", NEEDS, outbox::page)
        .post("/notices/retry", NEEDS, outbox::retry)
        .post("/notices/test", NEEDS, outbox::test)
        .get("/notices/inbox", NEEDS, inbox::page)
        .get("/notices/texts", NEEDS, texts::page)
        .get("/r/{code}", Needs::Anyone, short)
        .post("/requests/{code}/push", Needs::Anyone, browser::subscribe)
        .unspoken()
        .get("/push/key", Needs::Anyone, browser::key)
        .get("/push-worker.js", Needs::Anyone, browser::worker)
}

/// `GET /r/{code}`: the address of a request as messages write it, where every character is paid for.
async fn short(State(door): State<Door>, Path(code): Path<String>, ask: Ask) -> Result<Response, Failure> {
    ask::answer(&door, ask, move |_, ask, here| {
        // What is no code leads to the page for what is not there, and never anywhere else.
        let digits = language::digits::to_ascii(&code);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) || digits.len() > 20 {
            return Ok(Answer::Missing);
        }
        let (path, title) = (format!("/requests/{digits}"), ask.words().notices_title());
        let page = here.page(ask, title);
        let to = page.url(&path).to_string();
        Ok(Answer::Go(to))
    })
    .await
}

/// The answer to an error of the board, which holds only what the gate let through.
fn refused(error: BoardError, ask: &Ask, here: &Here) -> Result<Answer, Failure> {
    match error {
        BoardError::Failure(failure) => Err(failure.into()),
        BoardError::Denied(_) | BoardError::MobileWrong => {
            Ok(Answer::Refused(http::StatusCode::FORBIDDEN, errors::denied(ask, here)?))
        }
    }
}

/// The words of a code that comes from data; the code itself where an older edition wrote it.
fn said(words: words::Words, prefix: &str, code: &str) -> String {
    words.by_key(&format!("{prefix}{code}")).unwrap_or(code).to_owned()
}
