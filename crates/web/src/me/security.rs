//! How I sign in: password, second factor, passkeys, the organisation's sign-on.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use door::{Budget, Door, Failure, Form, Signed};
use http::StatusCode;
use people::accounts::{self, Account};
use people::{NotSignedIn, Refusal, federated, passkeys, passwords, second, sign_in};

use super::not_recent;
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::passkeys::Party;
use crate::sign_in::{address, choose, counted, go, password_sentence};
use crate::wrong::Wrongs;

const HERE: &str = "/me/security";

#[derive(Template)]
#[template(path = "me/security.html")]
struct Security<'a> {
    page: Page<'a>,
    wrong: Wrongs,
    done: Option<&'static str>,
    account: Account,
    least: i64,
    codes_left: i64,
    keys: Vec<Key>,
    can_passkey: bool,
    /// What the organisation's sign-on is called, where there is one.
    provider: Option<String>,
    is_bound: bool,
    bind: String,
    enrol: String,
}

struct Key {
    path: String,
    name: String,
    made: String,
    used: String,
}

#[derive(Template)]
#[template(path = "sign-in/recovery.html")]
struct Recovery<'a> {
    page: Page<'a>,
    codes: &'a [String],
    on: String,
}

/// `GET /me/security`. Citizens sign in by a code, so for them there is nothing to set.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    if !signed.is_staff() {
        return Ok(go(&address(&ask, "/me/sessions")));
    }
    show(&door, ask, signed, Wrongs::default()).await
}

async fn show(door: &Door, ask: Ask, signed: Signed, wrong: Wrongs) -> Result<Response, Failure> {
    let now = door.now();
    let can_passkey = Party::of(door, &ask.headers).is_some();
    let provider = crate::sign_in::provider(door, ask.lang);
    let issuer = door.settings.oidc.as_ref().map(|oidc| oidc.issuer.clone());
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city().id);
        let Some(account) = accounts::by_id(tx, city, signed.account)? else { return Ok(Answer::Missing) };
        let atlas = territory::atlas(tx, city)?;
        let moment = |at| crate::requests::line::moment(ask.lang, at, now, &atlas);
        let keys = passkeys::of(tx, city, signed.account)?;
        let keys = keys
            .into_iter()
            .map(|key| Key {
                path: format!("/me/passkeys/{}", key.id),
                name: if key.name.is_empty() { w.me_passkey().to_owned() } else { key.name },
                made: moment(key.made_at),
                used: key.used_at.map(moment).unwrap_or_else(|| w.me_passkey_never().to_owned()),
            })
            .collect();
        let bindings = federated::of(tx, city, signed.account)?;
        let refused = !wrong.is_empty();
        let html = render(&Security {
            page: here.mine(ask, &signed, w.me_security_title()).at(HERE, "").wrong(refused),
            wrong,
            done: match ask.field("done") {
                "password" => Some(w.me_password_done()),
                "bound" => Some(w.me_organisation_done()),
                "taken" => Some(w.me_organisation_taken()),
                "" => None,
                _ => Some(w.people_done()),
            },
            least: passwords::LEAST as i64,
            codes_left: second::recovery_codes_left(tx, city, signed.account)?,
            keys,
            can_passkey,
            provider,
            is_bound: issuer.is_some_and(|issuer| bindings.iter().any(|binding| binding.issuer == issuer)),
            bind: address(ask, "/sign-in/organisation?bind=1"),
            enrol: address(ask, "/sign-in/enrol?next=%2Fme%2Fsecurity"),
            account,
        })?;
        Ok(if refused {
            Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html)
        } else {
            Answer::Page(NEVER, html)
        })
    })
    .await
}

/// `POST /me/password`: the old one and the new one.
pub async fn password(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let w = ask.words();
    match proven(&door, &ask, &signed, form.text("old-password")).await? {
        Ok(()) => {}
        Err(NotSignedIn::Wait { until }) => {
            let minutes = ((until.0 - door.now().0).max(0) + 59_999) / 60_000;
            return show(&door, ask, signed, Wrongs::one("old-password", w.sign_in_locked(minutes))).await;
        }
        Err(_) => return show(&door, ask, signed, Wrongs::one("old-password", w.me_password_wrong())).await,
    }
    match choose(&door, &signed, form.text("new-password")).await? {
        Ok(()) => Ok(go(&address(&ask, "/me/security?done=password"))),
        Err(not) => {
            let wrong = Wrongs::one("new-password", password_sentence(w, not));
            show(&door, ask, signed, wrong).await
        }
    }
}

/// Whether whoever sits there knows the password, counted like a sign-in.
async fn proven(
    door: &Door,
    ask: &Ask,
    signed: &Signed,
    typed: &str,
) -> Result<Result<(), NotSignedIn>, Failure> {
    let (act, inner, city, by) = (signed.act(door), door.clone(), signed.jurisdiction, counted(ask));
    let looking = act.clone();
    let attempt = door.db.read(move |tx| sign_in::look_up_own(tx, &looking, &inner.seal, city, &by)).await?;
    let (looked, typed) = (attempt.clone(), typed.to_owned());
    let fits = door.blocking(move || looked.fits(&typed)).await?;
    Ok(door.db.write(move |tx| sign_in::settle_own(tx, &act, city, &attempt, fits)).await?)
}

/// `POST /me/recovery-codes`: new ones, shown this once.
pub async fn new_codes(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    if let Some(first) = not_recent(&door, &ask, &signed, HERE) {
        return Ok(first);
    }
    let (act, inner, city, account) = (signed.act(&door), door.clone(), signed.jurisdiction, signed.account);
    let codes = door
        .db
        .write(move |tx| -> Result<_, Refusal> {
            let has_totp = accounts::by_id(tx, city, account)?.is_some_and(|account| account.has_totp);
            if !has_totp {
                return Err(Refusal::NotBegun);
            }
            second::new_recovery_codes(tx, &act, &inner.seal, city, account)
        })
        .await;
    let codes = match codes {
        Ok(codes) => codes,
        Err(Refusal::Failure(failure)) => return Err(failure.into()),
        Err(_) => return Ok(go(&address(&ask, HERE))),
    };
    ask::answer(&door, ask, move |_, ask, here| {
        let page = here.mine(ask, &signed, ask.words().sign_in_recovery_title()).at(HERE, "");
        let on = address(ask, HERE);
        Ok(Answer::Page(NEVER, render(&Recovery { page, codes: &codes, on })?))
    })
    .await
}

/// `POST /me/passkeys/{id}`: removes one. Whoever has nothing else sets up a second factor at the next sign-in.
pub async fn remove_passkey(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
    signed: Signed,
) -> Result<Response, Failure> {
    if let Some(first) = not_recent(&door, &ask, &signed, HERE) {
        return Ok(first);
    }
    let (act, city, account) = (signed.act(&door), signed.jurisdiction, signed.account);
    let id = id.parse::<i64>().unwrap_or(0);
    let removed = door.db.write(move |tx| passkeys::remove(tx, &act, city, account, id)).await?;
    match removed {
        true => Ok(go(&address(&ask, "/me/security?done=1"))),
        false => ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await,
    }
}

/// `POST /me/organisation`: loosens the account from the organisation's sign-on.
pub async fn unbind(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    if let Some(first) = not_recent(&door, &ask, &signed, HERE) {
        return Ok(first);
    }
    let Some(issuer) = door.settings.oidc.as_ref().map(|oidc| oidc.issuer.clone()) else {
        return Ok(go(&address(&ask, HERE)));
    };
    let (act, city, account) = (signed.act(&door), signed.jurisdiction, signed.account);
    door.db.write(move |tx| federated::unbind(tx, &act, city, account, &issuer)).await?;
    Ok(go(&address(&ask, "/me/security?done=1")))
}
