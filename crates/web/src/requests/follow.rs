//! Staying informed about a request, and "me too" instead of a second report.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use door::{Budget, Door, Failure, Form};
use http::{StatusCode, header};
use language::TrackingCode;
use people::Actor;
use requests::{FollowError, FollowRefusal, find};
use storage::Tx;

use super::{line, one};
use crate::ask::{self, Answer, Ask, Here};
use crate::device::Device;
use crate::{errors, refusals};

/// `POST /requests/{code}/follow`: hear of it by telephone or e-mail.
pub async fn follow(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let contact = form.text("contact").to_owned();
    stand_behind(&door, ask, &code, contact, false).await
}

/// `POST /requests/{code}/me-too`.
pub async fn me_too(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
) -> Result<Response, Failure> {
    stand_behind(&door, ask, &code, String::new(), true).await
}

async fn stand_behind(
    door: &Door,
    ask: Ask,
    typed: &str,
    contact: String,
    me_too: bool,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let code = TrackingCode::parse(typed).ok();
    let (ask, found) = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let (Some(here), Some(code)) = (Here::find(tx, &ask)?, code) else { return Ok((ask, None)) };
            let request = find::by_code(tx, here.city().id, code)?;
            let address = here.page(&ask, "").url(&line::path(code)).to_string();
            Ok((ask, request.map(|request| (request.jurisdiction, request.id, address))))
        })
        .await?;
    let Some((jurisdiction, id, address)) = found else {
        return ask::answer(door, ask, |_, _, _| Ok(Answer::Missing)).await;
    };

    let act = door.act(Actor::Citizen);
    let device = Device::of(&ask, door);
    let (theirs, of_device) = (contact.clone(), device.name(door));
    let write =
        move |tx: &mut Tx<'_>| requests::follow(tx, &act, jurisdiction, id, &theirs, &of_device, me_too, "");
    match door.db.write(write).await {
        Ok(_) => {
            let done = if me_too { "done=me-too" } else { "done=follow" };
            let between = if address.contains('?') { '&' } else { '?' };
            let mut response = Redirect::to(&format!("{address}{between}{done}")).into_response();
            if me_too && let Some(cookie) = device.cookie(door) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Err(FollowError::Failure(failure)) => Err(failure.into()),
        // A private request is nobody's to follow; that it exists is known to whoever has its code.
        Err(FollowError::Denied(_) | FollowError::Refused(FollowRefusal::NotFound)) => {
            ask::answer(door, ask, |_, ask, here| {
                Ok(Answer::Refused(StatusCode::FORBIDDEN, errors::denied(ask, here)?))
            })
            .await
        }
        Err(FollowError::Refused(refusal)) => {
            let now = door.now();
            ask::answer(door, ask, move |tx, ask, here| {
                let Some(request) = find::by_id(tx, jurisdiction, id)? else { return Ok(Answer::Missing) };
                let sentence = refusals::follow(ask.words(), &refusal);
                one::refused(tx, ask, here, &request, now, &sentence, &contact)
            })
            .await
        }
    }
}
