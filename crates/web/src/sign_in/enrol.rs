//! Setting up the second factor: a picture for an authenticator app, or a passkey.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use door::{Budget, Door, Failure, Form, Signed};
use http::StatusCode;
use people::Refusal;
use people::second;
use people::sessions::Assurance;
use people::sign_ins::{self, Stage};
use qrcode::QrCode;
use qrcode::render::svg;
use serde_json::json;

use super::{Entering, Step, address, address_then, enter, go, own_path};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

/// What seals a secret between two pages of this set-up.
const PURPOSE: &str = "enrol page";

#[derive(Template)]
#[template(path = "sign-in/enrol.html")]
struct Enrol<'a> {
    page: Page<'a>,
    wrong: Wrongs,
    next: &'a str,
    qr: &'a str,
    /// The secret in groups of four.
    secret: Vec<String>,
    can_passkey: bool,
}

#[derive(Template)]
#[template(path = "sign-in/recovery.html")]
struct Recovery<'a> {
    page: Page<'a>,
    codes: &'a [String],
    on: String,
}

/// Whoever may set up a second factor now: staff who have none yet, and those who signed in a short while ago.
fn may(door: &Door, signed: &Signed) -> bool {
    signed.is_staff()
        && !signed.must_change_password
        && (signed.must_add_second(&door.settings) || signed.is_recent(door.now()))
}

/// `GET /sign-in/enrol`.
pub async fn page(State(door): State<Door>, ask: Ask, who: Option<Signed>) -> Result<Response, Failure> {
    let next = own_path(ask.field("next")).to_owned();
    let signed = match who {
        Some(signed) if may(&door, &signed) => signed,
        Some(signed) if signed.must_change_password => {
            return Ok(go(&address_then(&ask, "/sign-in/new-password", &next)));
        }
        _ => return Ok(go(&again(&ask))),
    };
    let old = Step::Enrol.token(&door, &ask);
    let (token, secret, otpauth) = match shown_before(&door, &signed, &old).await? {
        Some((secret, otpauth)) => (old, secret, otpauth),
        None => begin(&door, &signed).await?,
    };
    let can_passkey = crate::passkeys::Party::of(&door, &ask.headers).is_some();
    let mut response = ask::answer(&door, ask, move |_, ask, here| {
        show(ask, here, Wrongs::default(), &next, &secret, &otpauth, can_passkey)
            .map(|html| Answer::Page(NEVER, html))
    })
    .await?;
    Step::Enrol.set(&door, &mut response, &token);
    Ok(response)
}

/// To sign in once more, and then here again.
fn again(ask: &Ask) -> String {
    let here = percent_encoding::utf8_percent_encode("/me/security", crate::page::PLAIN).to_string();
    address(ask, &format!("/sign-in/staff?again=1&next={here}"))
}

/// The secret that this browser was shown a moment ago: a wrong code must not make it useless.
async fn shown_before(
    door: &Door,
    signed: &Signed,
    token: &str,
) -> Result<Option<(String, String)>, Failure> {
    let (city, account, token, now) = (signed.jurisdiction, signed.account, token.to_owned(), door.now());
    let known = door.db.read(move |tx| sign_ins::find(tx, city, &token, now)).await?;
    let Some(known) = known.filter(|k| k.stage == Stage::NewTotp && k.account == Some(account)) else {
        return Ok(None);
    };
    let open = |name: &str| {
        let bytes = door.seal.open(PURPOSE, account, known.text(name))?;
        String::from_utf8(bytes).ok()
    };
    Ok(open("secret").zip(open("address")))
}

async fn begin(door: &Door, signed: &Signed) -> Result<(String, String, String), Failure> {
    let (act, inner, city, account) = (signed.act(door), door.clone(), signed.jurisdiction, signed.account);
    let begun = door.db.write(move |tx| -> Result<_, Refusal> {
        let product = words::Words(language::Lang::En).product_name();
        let cities = territory::cities(tx)?;
        let city_name =
            cities.iter().find(|one| one.id == city).map_or("", |one| one.name(language::Lang::En));
        let begun = second::begin(tx, &act, &inner.seal, city, account, &format!("{product} {city_name}"))?;
        let close = |text: &str| {
            let sealed = inner.seal.close(&act.dice, PURPOSE, account, text.as_bytes());
            sealed.ok_or_else(|| storage::Error::settings("a secret could not be sealed"))
        };
        let data = json!({ "secret": close(&begun.secret)?, "address": close(&begun.address)? });
        let token = sign_ins::begin(tx, &act, city, Stage::NewTotp, Some(account), &data)?;
        Ok((token, begun.secret, begun.address))
    });
    match begun.await {
        Ok(begun) => Ok(begun),
        Err(Refusal::Failure(failure)) => Err(failure.into()),
        Err(other) => Err(Failure::new(other)),
    }
}

fn show(
    ask: &Ask,
    here: &Here,
    wrong: Wrongs,
    next: &str,
    secret: &str,
    otpauth: &str,
    can_passkey: bool,
) -> Result<String, Failure> {
    let title = ask.words().sign_in_enrol_title();
    let page = here.page(ask, title).at("/sign-in/enrol", "").wrong(!wrong.is_empty());
    let letters: Vec<char> = secret.chars().collect();
    let secret = letters.chunks(4).map(|four| four.iter().collect()).collect();
    render(&Enrol { page, wrong, next, qr: &picture(otpauth)?, secret, can_passkey })
}

/// The address as a picture of squares, black on white in every colour scheme: cameras expect it so.
fn picture(otpauth: &str) -> Result<String, Failure> {
    let code = QrCode::new(otpauth.as_bytes()).map_err(Failure::new)?;
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    // Only the drawing: a page has no place for the declaration of another document.
    Ok(drawn.find("<svg").and_then(|at| drawn.get(at..)).unwrap_or("").to_owned())
}

/// `POST /sign-in/enrol`: the first code puts the secret into force; the recovery codes are shown this once.
pub async fn send(
    State(door): State<Door>,
    ask: Ask,
    who: Option<Signed>,
    form: Form,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let next = own_path(form.text("next")).to_owned();
    let Some(signed) = who.filter(|signed| may(&door, signed)) else { return Ok(go(&again(&ask))) };
    let (act, inner, city, account) = (signed.act(&door), door.clone(), signed.jurisdiction, signed.account);
    let typed = form.text("code").to_owned();
    let confirmed =
        door.db.write(move |tx| second::confirm(tx, &act, &inner.seal, city, account, &typed)).await;
    match confirmed {
        Ok(codes) => {
            let entering = Entering { city, account, assurance: Assurance::PasswordTotp, next: next.clone() };
            let (entered, to) = enter(&door, &ask, entering, |_, _, _| Ok(())).await?;
            let mut response = ask::answer(&door, ask, move |_, ask, here| {
                let page = here.page(ask, ask.words().sign_in_recovery_title()).at("/sign-in/enrol", "");
                Ok(Answer::Page(NEVER, render(&Recovery { page, codes: &codes, on: to })?))
            })
            .await?;
            for cookie in entered.headers().get_all(http::header::SET_COOKIE) {
                response.headers_mut().append(http::header::SET_COOKIE, cookie.clone());
            }
            Step::Enrol.clear(&door, &mut response);
            Ok(response)
        }
        Err(Refusal::Failure(failure)) => Err(failure.into()),
        Err(_) => {
            let token = Step::Enrol.token(&door, &ask);
            let Some((secret, otpauth)) = shown_before(&door, &signed, &token).await? else {
                return Ok(go(&address_then(&ask, "/sign-in/enrol", &next)));
            };
            let can_passkey = crate::passkeys::Party::of(&door, &ask.headers).is_some();
            ask::answer(&door, ask, move |_, ask, here| {
                let wrong = Wrongs::one("code", ask.words().sign_in_second_wrong());
                let html = show(ask, here, wrong, &next, &secret, &otpauth, can_passkey)?;
                Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
            })
            .await
        }
    }
}
