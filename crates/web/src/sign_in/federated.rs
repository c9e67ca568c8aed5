//! The organisation's own sign-on: to the provider and back, and its word that a session there is over.
//!
//! What is remembered meanwhile stands with the server under the token of a cookie, so an answer is taken only by the
//! browser that asked. An account is found by the provider's name and subject and in no other way; somebody unknown
//! is asked to sign in once with name and password and to connect the two.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use door::{Budget, Door, Failure, Form, Signed};
use http::StatusCode;
use language::Lang;
use people::federated::{self, BindError};
use people::sessions::Assurance;
use people::sign_ins::{self, Stage};
use people::{Act, Actor, sessions, sign_in};
use serde_json::json;

use super::password::nobody;
use super::{Entering, Step, address, city, enter, go, missing, own_path, said};
use crate::ask::{self, Answer, Ask};
use crate::oidc::{self, Begun, Returned};

/// What the sign-on is called, where there is one.
pub fn name(door: &Door, lang: Lang) -> Option<String> {
    let oidc = door.settings.oidc.as_ref()?;
    Some(if lang == Lang::Fa { oidc.name_fa.clone() } else { oidc.name_en.clone() })
}

/// Where the provider sends the browser back to: one address for all languages and cities, as providers want it.
fn redirect(door: &Door) -> Option<String> {
    door.settings.public_url.as_ref()?;
    Some(door.address("/sign-in/organisation/back"))
}

/// `GET /sign-in/organisation`, a link and no form: browsers follow no redirect of a form to another site.
pub async fn begin(State(door): State<Door>, ask: Ask, who: Option<Signed>) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let Some(city) = city(&door, &ask).await? else { return missing(&door, ask).await };
    let (Some(settings), Some(redirect)) = (door.settings.oidc.clone(), redirect(&door)) else {
        return off(&door, ask).await;
    };
    // Binding is for whoever signed in a short while ago; the account is theirs and no other.
    let binding = ask.fields.get("bind").is_some();
    let account =
        who.filter(|signed| signed.is_staff() && signed.is_recent(door.now())).map(|signed| signed.account);
    if binding && account.is_none() {
        return Ok(go(&address(&ask, "/sign-in/staff?again=1&next=%2Fme%2Fsecurity")));
    }
    let begun = match door.blocking(move || oidc::begin(&settings, &redirect)).await? {
        Ok(begun) => begun,
        Err(error) => {
            tracing::warn!(%error, "the organisation's sign-on");
            return failed(&door, ask).await;
        }
    };
    let data = json!({
        "state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier, "next": own_path(ask.field("next")),
        "lang": ask.lang.code(), "city": ask.city_code(),
    });
    let (act, account) = (nobody(&door), account.filter(|_| binding));
    let token =
        door.db.write(move |tx| sign_ins::begin(tx, &act, city, Stage::Federated, account, &data)).await?;
    let mut response = go(&begun.address);
    Step::Federated.set(&door, &mut response, &format!("{city}-{token}"));
    Ok(response)
}

/// `GET /sign-in/organisation/back`: the provider's answer.
pub async fn back(State(door): State<Door>, mut ask: Ask, who: Option<Signed>) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let (Some(settings), Some(redirect)) = (door.settings.oidc.clone(), redirect(&door)) else {
        return off(&door, ask).await;
    };
    let cookie = Step::Federated.token(&door, &ask);
    let Some((city, token)) =
        cookie.split_once('-').and_then(|(city, token)| Some((city.parse().ok()?, token.to_owned())))
    else {
        return failed(&door, ask).await;
    };
    let now = door.now();
    let under_way = door
        .db
        .write(move |tx| -> storage::Result<_> {
            let found =
                sign_ins::find(tx, city, &token, now)?.filter(|known| known.stage == Stage::Federated);
            // An answer is taken once, whatever it is.
            sign_ins::end(tx, city, &token)?;
            Ok(found)
        })
        .await?;
    let Some(under_way) = under_way else { return failed(&door, ask).await };
    // The address is the same for everybody; language and city are those that the visit began in.
    ask.lang = Lang::from_code(under_way.text("lang")).unwrap_or(ask.lang);
    let begun = Begun {
        address: String::new(),
        state: under_way.text("state").to_owned(),
        nonce: under_way.text("nonce").to_owned(),
        verifier: under_way.text("verifier").to_owned(),
    };
    let (code, state) = (ask.field("code").to_owned(), ask.field("state").to_owned());
    let issuer = ask.fields.get("iss").map(str::to_owned);
    let finished = door
        .blocking(move || {
            let returned = Returned { code: &code, state: &state, issuer: issuer.as_deref() };
            oidc::finish(&settings, &redirect, &returned, &begun)
        })
        .await?;
    let subject = match finished {
        Ok(subject) => subject,
        Err(error) => {
            tracing::warn!(%error, "the organisation's sign-on");
            return failed(&door, ask).await;
        }
    };
    if let Some(account) = under_way.account {
        return bind(&door, ask, who, account, subject).await;
    }
    let (issuer, sub) = (subject.issuer.clone(), subject.subject.clone());
    let known = door
        .db
        .read(move |tx| -> storage::Result<_> {
            let Some(account) = federated::account_of(tx, city, &issuer, &sub)? else { return Ok(None) };
            Ok(sign_in::known(tx, city, account, Assurance::Oidc)?.ok())
        })
        .await?;
    let Some(known) = known else {
        return ask::answer(&door, ask, |_, ask, here| {
            let w = ask.words();
            let page = said(
                ask,
                here,
                "info",
                w.sign_in_federated_unknown_title(),
                w.sign_in_federated_unknown_words(),
            )?;
            Ok(with_status(page, StatusCode::FORBIDDEN))
        })
        .await;
    };
    let entering = Entering {
        city,
        account: known.account,
        assurance: known.assurance,
        next: own_path(under_way.text("next")).to_owned(),
    };
    let (response, _) = enter(&door, &ask, entering, move |tx, act, session| {
        federated::began(tx, act, city, session, &subject.issuer, &subject.subject, &subject.sid)
    })
    .await?;
    Ok(response)
}

/// Binds the account of whoever is signed in to what the provider said.
async fn bind(
    door: &Door,
    ask: Ask,
    who: Option<Signed>,
    account: i64,
    subject: oidc::Subject,
) -> Result<Response, Failure> {
    let Some(signed) = who.filter(|signed| signed.account == account && signed.is_recent(door.now())) else {
        return failed(door, ask).await;
    };
    let (act, city) = (signed.act(door), signed.jurisdiction);
    let bound = door
        .db
        .write(move |tx| federated::bind(tx, &act, city, account, &subject.issuer, &subject.subject))
        .await;
    let mut response = match bound {
        Ok(()) => go(&address(&ask, "/me/security?done=bound")),
        Err(BindError::Taken) => go(&address(&ask, "/me/security?done=taken")),
        Err(BindError::Failure(failure)) => return Err(failure.into()),
    };
    Step::Federated.clear(door, &mut response);
    Ok(response)
}

/// `POST /sign-in/organisation/ended`: the provider says that a session there is over.
pub async fn ended(State(door): State<Door>, ask: Ask, form: Form) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let Some(settings) = door.settings.oidc.clone() else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    let (token, now) = (form.text("logout_token").to_owned(), door.now());
    let subject = match door.blocking(move || oidc::logout(&settings, &token, now)).await? {
        Ok(subject) => subject,
        Err(error) => {
            tracing::warn!(%error, "the organisation's sign-on");
            return Ok(StatusCode::BAD_REQUEST.into_response());
        }
    };
    let act: Act = door.act(Actor::System("sign-on"));
    door.db
        .write(move |tx| -> storage::Result<()> {
            let cities: Vec<i64> = territory::cities(tx)?.iter().map(|city| city.id).collect();
            for city in cities {
                for session in federated::ended(tx, city, &subject.issuer, &subject.subject, &subject.sid)? {
                    if let Err(people::Refusal::Failure(failure)) = sessions::revoke(tx, &act, city, session)
                    {
                        return Err(failure);
                    }
                }
            }
            Ok(())
        })
        .await?;
    Ok(([(http::header::CACHE_CONTROL, "no-store")], "").into_response())
}

async fn failed(door: &Door, ask: Ask) -> Result<Response, Failure> {
    ask::answer(door, ask, |_, ask, here| {
        let w = ask.words();
        let page =
            said(ask, here, "fray", w.sign_in_federated_failed_title(), w.sign_in_federated_failed_words())?;
        Ok(with_status(page, StatusCode::FORBIDDEN))
    })
    .await
}

async fn off(door: &Door, ask: Ask) -> Result<Response, Failure> {
    ask::answer(door, ask, |_, ask, here| {
        let w = ask.words();
        let page = said(ask, here, "info", w.sign_in_federated_failed_title(), w.sign_in_federated_off())?;
        Ok(with_status(page, StatusCode::NOT_FOUND))
    })
    .await
}

fn with_status(page: Answer, status: StatusCode) -> Answer {
    match page {
        Answer::Page(_, html) => Answer::Refused(status, html),
        other => other,
    }
}
