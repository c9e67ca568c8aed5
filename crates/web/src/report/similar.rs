//! "Near you others already said this": a kind offer to join, made once for each place.

use axum::response::{IntoResponse, Redirect, Response};
use calendar::Timestamp;
use door::{Budget, Door, Failure, Form};
use language::TrackingCode;
use people::Actor;
use requests::{FollowError, duplicates, find};
use storage::Tx;
use territory::Point;

use super::state::State;
use super::{Room, views};
use crate::ask::{Ask, Here};

const MOST: usize = 3;

/// The page with the offer, if there is something to offer that was not offered before.
pub fn offer(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    room: &Room,
    state: &mut State,
    now: Timestamp,
) -> Result<Option<String>, Failure> {
    let Some((lat, long)) = state.point() else { return Ok(None) };
    let Some(point) = Point::new(lat, long) else { return Ok(None) };
    let around = format!("{}@{lat},{long}", state.service_code);
    if state.similar == around {
        return Ok(None);
    }
    let near = duplicates::near(tx, here.city().id, &state.service_code, point, &state.words, now, MOST)?;
    state.similar = around;
    if near.is_empty() {
        return Ok(None);
    }
    views::similar(ask, here, room, state, &near, now).map(Some)
}

/// Joins the request that was chosen, and leads to it. None when none was chosen.
pub async fn join(door: &Door, ask: &Ask, form: &Form) -> Result<Option<Response>, Failure> {
    let Ok(code) = TrackingCode::parse(form.text("join")) else { return Ok(None) };
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(Some(refusal.into_response()));
    }
    let act = door.act(Actor::Citizen);
    let city = ask.city_code().to_owned();
    // The key of the form stands for the device: the same form sent twice counts once.
    let device = format!("form-{}", form.text("key").chars().take(64).collect::<String>());
    let joined = door
        .db
        .write(move |tx: &mut Tx<'_>| -> Result<bool, FollowError> {
            let cities = territory::cities(tx).map_err(FollowError::Failure)?;
            let jurisdiction = match city.as_str() {
                "" => cities.first(),
                code => cities.iter().find(|c| c.code == code),
            };
            let Some(jurisdiction) = jurisdiction.map(|c| c.id) else { return Ok(false) };
            let Some(request) = find::by_code(tx, jurisdiction, code).map_err(FollowError::Failure)? else {
                return Ok(false);
            };
            requests::follow(tx, &act, jurisdiction, request.id, "", &device, true, "")?;
            Ok(true)
        })
        .await;
    match joined {
        Ok(true) => {}
        Ok(false) | Err(FollowError::Refused(_) | FollowError::Denied(_)) => return Ok(None),
        Err(FollowError::Failure(failure)) => return Err(failure.into()),
    }
    let city = Some(ask.city_code()).filter(|c| !c.is_empty());
    let page = crate::page::Page::new(ask.words(), None, city, "", "", "");
    let path = format!("/requests/{code}?done=me-too");
    Ok(Some(Redirect::to(&page.url(&path).to_string()).into_response()))
}
