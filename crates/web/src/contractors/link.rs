//! One order without an account. The address holds a key that opens this order and nothing else; a wrong, an old or a
//! revoked one finds nothing, and nobody may try many.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use dispatch::contracts::{ContractError, Hand};
use door::{Budget, Door, Failure, Form};
use http::{HeaderValue, StatusCode, header};
use people::Actor;

use super::work::{Deed, Door_, Typed, draw};
use super::{Told, photos, shut, wrongs};
use crate::ask::{self, Answer, Ask, Here, NEVER};
use crate::sign_in::{address, go};
use crate::wrong::Wrongs;

async fn screen(door: &Door, key: String, ask: Ask, told: Told, typed: Typed) -> Result<Response, Failure> {
    let now = door.now();
    let is_refused = !told.wrong.is_empty() && ask.field("refused").is_empty();
    let answer = ask::answer(door, ask, move |tx, ask, here| {
        let Some(sheet) = photos::opened(tx, here.city().id, &key, now)? else { return Ok(Answer::Missing) };
        let action = format!("/contractor/link/{key}");
        let way = Door_ { signed: None, photos: action.clone(), action };
        let html = draw(tx, ask, here, &way, &sheet, now, told, typed, None)?;
        Ok(if is_refused {
            Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html)
        } else {
            Answer::Page(NEVER, html)
        })
    })
    .await?;
    Ok(kept_secret(answer))
}

/// The address is the key: no other site is told where somebody comes from, and no search engine keeps it.
fn kept_secret(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// `GET /contractor/link/{key}`.
pub async fn page(State(door): State<Door>, Path(key): Path<String>, ask: Ask) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Search, ask.client) {
        return Ok(refusal.into_response());
    }
    let told = Told::of(&ask);
    screen(&door, key, ask, told, Typed::default()).await
}

/// `POST /contractor/link/{key}`.
pub async fn act(
    State(door): State<Door>,
    Path(key): Path<String>,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let (w, now, known) = (ask.words(), door.now(), key.clone());
    let code = ask.city_code().to_owned();
    let opened = door
        .db
        .read(move |tx| -> storage::Result<_> {
            let cities = territory::cities(tx)?;
            let city = match code.as_str() {
                "" => cities.first(),
                code => cities.iter().find(|city| city.code == code),
            };
            let Some(city) = city.map(|city| city.id) else { return Ok(None) };
            Ok(photos::opened(tx, city, &known, now)?.map(|sheet| (city, sheet.offer.id)))
        })
        .await?;
    let Some((city, offer)) = opened else {
        return Ok(kept_secret(shut(&door, ask, ContractError::NotFound).await?));
    };
    let typed = Typed::of(&form);
    let photo = match crate::work::photos::take(&door, ask.client, &form, w).await? {
        Ok(photos) => photos.into_iter().next().map(|photo| (photo.file, photo.thumbnail)),
        Err(sentence) => {
            let told = Told { done: None, wrong: Wrongs::one("media", sentence) };
            return screen(&door, key, ask, told, typed).await;
        }
    };
    let Some(deed) = Deed::of(&form, photo) else {
        return Ok(kept_secret(shut(&door, ask, ContractError::NotFound).await?));
    };
    // The verbs ask for the key; the author in the journal is the link, not a person.
    let act = door.act(Actor::System("contractor-link"));
    let (theirs, hand) = (typed.clone(), key.clone());
    let ends = matches!(deed, Deed::Sign | Deed::Refuse);
    let done = door.db.write(move |tx| deed.run(tx, &act, city, offer, &theirs, Hand::Link(&hand))).await;
    match done {
        // The link has done its work: there is nothing behind it any more.
        Ok(_) if ends => thanks(&door, ask).await,
        Ok(code) => Ok(kept_secret(go(&address(&ask, &format!("/contractor/link/{key}?done={code}"))))),
        Err(error) => match wrongs(w, &error) {
            Some(wrong) => screen(&door, key, ask, Told { done: None, wrong }, typed).await,
            None => Ok(kept_secret(shut(&door, ask, error).await?)),
        },
    }
}

#[derive(askama::Template)]
#[template(path = "contractors/thanks.html")]
struct Thanks<'a> {
    page: crate::page::Page<'a>,
}

async fn thanks(door: &Door, ask: Ask) -> Result<Response, Failure> {
    let answer = ask::answer(door, ask, |_, ask, here: &Here| {
        let page = here.page(ask, ask.words().contractors_thanks_title()).at("/", "");
        Ok(Answer::Page(NEVER, ask::render(&Thanks { page })?))
    })
    .await?;
    Ok(kept_secret(answer))
}
