//! Another mobile number: asked of whoever signed in just now, and proven by a code sent to the new number.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use calendar::Timestamp;
use door::{Budget, Door, Failure, Form, Signed};
use http::StatusCode;
use language::{digits, mobile};
use people::codes::{self, Asking};
use people::sign_ins::{self, SignIn, Stage};
use people::{NotSignedIn, Refusal, accounts};
use serde_json::json;

use super::not_recent;
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::sign_in::{Step, address, counted, go};
use crate::wrong::Wrongs;

const HERE: &str = "/me/mobile";

#[derive(Template)]
#[template(path = "me/mobile.html")]
struct Mobile<'a> {
    page: Page<'a>,
    wrong: Wrongs,
    typed: &'a str,
}

#[derive(Template)]
#[template(path = "sign-in/code.html")]
struct CodePage<'a> {
    page: Page<'a>,
    wrong: Wrongs,
    said: Option<&'a str>,
    sent: String,
    to: &'a str,
    again: &'a str,
    back: &'a str,
    wait: i64,
}

/// `GET /me/mobile`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    if let Some(first) = not_recent(&door, &ask, &signed, HERE) {
        return Ok(first);
    }
    ask::answer(&door, ask, move |_, ask, here| {
        show(ask, here, &signed, Wrongs::default(), "").map(|html| Answer::Page(NEVER, html))
    })
    .await
}

fn show(ask: &Ask, here: &Here, signed: &Signed, wrong: Wrongs, typed: &str) -> Result<String, Failure> {
    let page = here.mine(ask, signed, ask.words().me_mobile_title()).at(HERE, "").wrong(!wrong.is_empty());
    render(&Mobile { page, wrong, typed })
}

/// `POST /me/mobile`: sends a code to the new number. Whether somebody has it is not said before it is proven.
pub async fn send(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    if let Some(first) = not_recent(&door, &ask, &signed, HERE) {
        return Ok(first);
    }
    // The button that sends again carries no number: it stands with the server.
    let typed = match form.text("mobile") {
        "" => {
            let (city, token, now) = (signed.jurisdiction, Step::Proof.token(&door, &ask), door.now());
            let known = door.db.read(move |tx| sign_ins::find(tx, city, &token, now)).await?;
            known
                .filter(|k| k.stage == Stage::NewMobile)
                .map(|k| k.text("mobile").to_owned())
                .unwrap_or_default()
        }
        typed => typed.to_owned(),
    };
    let Ok(number) = mobile::parse(&typed) else {
        return ask::answer(&door, ask, move |_, ask, here| {
            let wrong = Wrongs::one("mobile", ask.words().sign_in_mobile_wrong());
            let html = show(ask, here, &signed, wrong, form.text("mobile"))?;
            Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
        })
        .await;
    };
    let (act, inner, city, by) = (signed.act(&door), door.clone(), signed.jurisdiction, counted(&ask));
    let (account, lang, old) = (signed.account, ask.lang, Step::Proof.token(&door, &ask));
    let token = door
        .db
        .write(move |tx| -> Result<String, Failure> {
            let known = sign_ins::find(tx, city, &old, act.at)?.filter(|known| {
                known.stage == Stage::NewMobile
                    && known.account == Some(account)
                    && known.text("mobile") == number
            });
            let token = match known {
                Some(_) => old.clone(),
                None => sign_ins::begin(tx, &act, city, Stage::NewMobile, Some(account), &json!({}))?,
            };
            let asking = Asking { mobile: &number, browser: &token, address: &by };
            let resend_at = match codes::make(tx, &act, &inner.seal, city, &asking) {
                Ok(Ok(made)) => {
                    notices::send_code_in(tx, &act, city, &made.mobile, &made.code, lang)?;
                    made.resend_at
                }
                Ok(Err(NotSignedIn::Wait { until })) => until,
                Ok(Err(_)) => act.at,
                Err(Refusal::Failure(failure)) => return Err(failure.into()),
                Err(other) => return Err(Failure::new(other)),
            };
            let data = json!({ "mobile": number, "resend_at": resend_at.0 });
            sign_ins::remember(tx, city, &token, &data)?;
            Ok(token)
        })
        .await?;
    let mut response = go(&address(&ask, "/me/mobile/code"));
    Step::Proof.set(&door, &mut response, &token);
    Ok(response)
}

fn show_code(
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    known: &SignIn,
    now: Timestamp,
    wrong: Wrongs,
) -> Result<String, Failure> {
    let w = ask.words();
    let number = digits::shown(&mobile::for_people(known.text("mobile")), ask.lang);
    let resend_at = known.data.get("resend_at").and_then(serde_json::Value::as_i64).unwrap_or(0);
    render(&CodePage {
        page: here.mine(ask, signed, w.me_mobile_title()).at("/me/mobile/code", "").wrong(!wrong.is_empty()),
        wrong,
        said: None,
        sent: w.sign_in_code_sent(codes::LIFE / 60_000, &number),
        to: "/me/mobile/code",
        again: HERE,
        back: HERE,
        wait: ((resend_at - now.0).max(0) + 999) / 1000,
    })
}

/// `GET /me/mobile/code`.
pub async fn code(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let (token, now) = (Step::Proof.token(&door, &ask), door.now());
    ask::answer(&door, ask, move |tx, ask, here| {
        let known = sign_ins::find(tx, here.city().id, &token, now)?
            .filter(|known| known.stage == Stage::NewMobile && known.account == Some(signed.account));
        let Some(known) = known else { return Ok(Answer::Go(address(ask, HERE))) };
        show_code(ask, here, &signed, &known, now, Wrongs::default()).map(|html| Answer::Page(NEVER, html))
    })
    .await
}

/// `POST /me/mobile/code`.
pub async fn verify(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let (act, inner, city, by) = (signed.act(&door), door.clone(), signed.jurisdiction, counted(&ask));
    let (token, typed) = (Step::Proof.token(&door, &ask), form.text("code").to_owned());
    let (account, keep) = (signed.account, Some(signed.session));
    let looked = door
        .db
        .write(move |tx| -> Result<_, Failure> {
            let known = sign_ins::find(tx, city, &token, act.at)?
                .filter(|known| known.stage == Stage::NewMobile && known.account == Some(account));
            let Some(known) = known else { return Ok(None) };
            let asking = Asking { mobile: known.text("mobile"), browser: &token, address: &by };
            let refused = match codes::prove(tx, &act, &inner.seal, city, &asking, &typed) {
                Ok(Ok(number)) => {
                    sign_ins::end(tx, city, &token)?;
                    match accounts::set_mobile(tx, &act, city, account, &number, keep) {
                        Ok(()) => None,
                        Err(Refusal::Failure(failure)) => return Err(failure.into()),
                        Err(_) => Some(true),
                    }
                }
                Ok(Err(_)) => Some(false),
                Err(Refusal::Failure(failure)) => return Err(failure.into()),
                Err(other) => return Err(Failure::new(other)),
            };
            Ok(Some((known, refused)))
        })
        .await?;
    match looked {
        None => Ok(go(&address(&ask, HERE))),
        Some((_, None)) => {
            let mut response = go(&address(&ask, "/me/details?done=1"));
            Step::Proof.clear(&door, &mut response);
            Ok(response)
        }
        Some((known, Some(is_taken))) => {
            let now = door.now();
            ask::answer(&door, ask, move |_, ask, here| {
                let w = ask.words();
                let html = match is_taken {
                    true => {
                        let wrong = Wrongs::one("mobile", w.people_refusal_mobile_taken());
                        show(ask, here, &signed, wrong, known.text("mobile"))?
                    }
                    false => {
                        let wrong = Wrongs::one("code", w.sign_in_code_wrong());
                        show_code(ask, here, &signed, &known, now, wrong)?
                    }
                };
                Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
            })
            .await
        }
    }
}
