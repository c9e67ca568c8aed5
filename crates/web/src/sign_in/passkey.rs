//! Passkeys between the browser and us, as JSON: proving one to sign in, and making one.
//!
//! The script is `assets/script/passkey.mjs`. A browser is told only that a proof was not accepted.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use door::{Budget, Door, Failure, Signed};
use http::{HeaderValue, StatusCode, header};
use people::passkeys::{self, PasskeyError};
use people::sessions::Assurance;
use people::sign_ins::{self, Stage};
use people::{accounts, sign_in};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::password::nobody;
use super::{Entering, Step, address, city, enter, own_path};
use crate::ask::Ask;
use crate::passkeys::{self as ceremony, Party};

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    next: String,
}

/// What the script sends: a name for a new key, and what the authenticator said.
#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    name: String,
    credential: Box<RawValue>,
}

fn json(status: StatusCode, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (status, headers, text).into_response()
}

fn not_accepted() -> Response {
    json(StatusCode::FORBIDDEN, "{}".into())
}

async fn body(door: &Door, ask: &Ask, request: Request) -> Result<Bytes, Response> {
    door.limits.check(Budget::Submit, ask.client).map_err(IntoResponse::into_response)?;
    door::forms::body(request).await.map_err(IntoResponse::into_response)
}

/// `POST /sign-in/passkey/options`: a challenge, whoever it is that will answer it.
pub async fn ask_proof(State(door): State<Door>, ask: Ask, request: Request) -> Result<Response, Failure> {
    let body = match body(&door, &ask, request).await {
        Ok(body) => body,
        Err(answer) => return Ok(answer),
    };
    let asked: Asked = serde_json::from_slice(&body).unwrap_or_default();
    let (Some(city), Some(party)) = (city(&door, &ask).await?, Party::of(&door, &ask.headers)) else {
        return Ok(not_accepted());
    };
    let Some(begun) = ceremony::begin_proving(&party) else { return Ok(not_accepted()) };
    let data = json!({ "state": begun.state, "next": own_path(&asked.next) });
    let act = nobody(&door);
    let token = door.db.write(move |tx| sign_ins::begin(tx, &act, city, Stage::Passkey, None, &data)).await?;
    let mut response = json(StatusCode::OK, begun.options);
    Step::Passkey.set(&door, &mut response, &token);
    Ok(response)
}

/// `POST /sign-in/passkey`: the answer. A challenge is good for one.
pub async fn take_proof(State(door): State<Door>, ask: Ask, request: Request) -> Result<Response, Failure> {
    let body = match body(&door, &ask, request).await {
        Ok(body) => body,
        Err(answer) => return Ok(answer),
    };
    let (Ok(said), Some(city), Some(party)) =
        (serde_json::from_slice::<Said>(&body), city(&door, &ask).await?, Party::of(&door, &ask.headers))
    else {
        return Ok(not_accepted());
    };
    let (token, act) = (Step::Passkey.token(&door, &ask), nobody(&door));
    let proven = door
        .db
        .write(move |tx| -> storage::Result<_> {
            let Some(under_way) = sign_ins::find(tx, city, &token, act.at)? else { return Ok(None) };
            if under_way.stage != Stage::Passkey || !sign_ins::end(tx, city, &token)? {
                return Ok(None);
            }
            let answer = said.credential.get().as_bytes();
            let Some(credential) = ceremony::credential_of(answer) else { return Ok(None) };
            let Some(key) = passkeys::by_credential(tx, city, &credential)? else { return Ok(None) };
            let Some(state) = ceremony::finish_proving(&party, under_way.text("state"), answer, &key) else {
                act.record(
                    tx,
                    city,
                    accounts::ACCOUNT,
                    key.account,
                    "sign-in-failed",
                    "{\"by\":\"passkey\"}".into(),
                );
                return Ok(None);
            };
            let Ok(known) = sign_in::known(tx, city, key.account, Assurance::Passkey)? else {
                return Ok(None);
            };
            passkeys::used(tx, &act, city, key.id, &state)?;
            Ok(Some((known.account, under_way.text("next").to_owned())))
        })
        .await?;
    let Some((account, next)) = proven else { return Ok(not_accepted()) };
    let entering = Entering { city, account, assurance: Assurance::Passkey, next };
    let (entered, to) = enter(&door, &ask, entering, |_, _, _| Ok(())).await?;
    Ok(with_cookies(json(StatusCode::OK, json!({ "to": to }).to_string()), &entered))
}

/// Whoever may make a key now: staff who signed in a short while ago, or who have no second factor yet.
fn may_make(door: &Door, signed: &Signed) -> bool {
    signed.is_staff()
        && !signed.must_change_password
        && (signed.must_add_second(&door.settings) || signed.is_recent(door.now()))
}

/// `POST /sign-in/passkey/new/options`.
pub async fn ask_new(
    State(door): State<Door>,
    ask: Ask,
    who: Option<Signed>,
    request: Request,
) -> Result<Response, Failure> {
    let body = match body(&door, &ask, request).await {
        Ok(body) => body,
        Err(answer) => return Ok(answer),
    };
    let asked: Asked = serde_json::from_slice(&body).unwrap_or_default();
    let (Some(signed), Some(party)) =
        (who.filter(|signed| may_make(&door, signed)), Party::of(&door, &ask.headers))
    else {
        return Ok(not_accepted());
    };
    let (act, city, account) = (signed.act(&door), signed.jurisdiction, signed.account);
    let begun = door
        .db
        .write(move |tx| -> storage::Result<_> {
            let Some(known) = accounts::by_id(tx, city, account)? else { return Ok(None) };
            let keys = passkeys::of(tx, city, account)?;
            let name = known.sign_name.as_deref().unwrap_or("peyvand");
            let Some(begun) = ceremony::begin_making(&party, account, name, &keys) else { return Ok(None) };
            let data = json!({ "state": begun.state, "next": own_path(&asked.next) });
            let token = sign_ins::begin(tx, &act, city, Stage::NewPasskey, Some(account), &data)?;
            Ok(Some((begun.options, token)))
        })
        .await?;
    let Some((options, token)) = begun else { return Ok(not_accepted()) };
    let mut response = json(StatusCode::OK, options);
    Step::Passkey.set(&door, &mut response, &token);
    Ok(response)
}

/// `POST /sign-in/passkey/new`: keeps the key. Whoever had no second factor has one now, and a new session.
pub async fn take_new(
    State(door): State<Door>,
    ask: Ask,
    who: Option<Signed>,
    request: Request,
) -> Result<Response, Failure> {
    let body = match body(&door, &ask, request).await {
        Ok(body) => body,
        Err(answer) => return Ok(answer),
    };
    let (Ok(said), Some(signed), Some(party)) = (
        serde_json::from_slice::<Said>(&body),
        who.filter(|signed| may_make(&door, signed)),
        Party::of(&door, &ask.headers),
    ) else {
        return Ok(not_accepted());
    };
    let (token, act) = (Step::Passkey.token(&door, &ask), signed.act(&door));
    let (city, account) = (signed.jurisdiction, signed.account);
    let kept = door
        .db
        .write(move |tx| -> Result<_, PasskeyError> {
            let Some(under_way) = sign_ins::find(tx, city, &token, act.at)? else { return Ok(None) };
            if under_way.stage != Stage::NewPasskey
                || under_way.account != Some(account)
                || !sign_ins::end(tx, city, &token)?
            {
                return Ok(None);
            }
            let answer = said.credential.get().as_bytes();
            let Some(made) = ceremony::finish_making(&party, account, under_way.text("state"), answer) else {
                return Ok(None);
            };
            passkeys::add(
                tx,
                &act,
                city,
                account,
                &made.credential,
                &made.public_key,
                &made.state,
                &said.name,
            )?;
            Ok(Some(under_way.text("next").to_owned()))
        })
        .await;
    let next = match kept {
        Ok(Some(next)) => next,
        Ok(None) | Err(PasskeyError::Known | PasskeyError::TooMany) => return Ok(not_accepted()),
        Err(PasskeyError::Failure(failure)) => return Err(failure.into()),
    };
    if !signed.must_add_second(&door.settings) {
        let to = if next.is_empty() { address(&ask, "/me/security") } else { next };
        return Ok(json(StatusCode::OK, json!({ "to": to }).to_string()));
    }
    let entering = Entering { city, account, assurance: Assurance::Passkey, next };
    let (entered, to) = enter(&door, &ask, entering, |_, _, _| Ok(())).await?;
    Ok(with_cookies(json(StatusCode::OK, json!({ "to": to }).to_string()), &entered))
}

fn with_cookies(mut response: Response, entered: &Response) -> Response {
    for cookie in entered.headers().get_all(header::SET_COOKIE) {
        response.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    response
}
