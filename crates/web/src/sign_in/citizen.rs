//! A citizen signs in: the mobile number, and the code that is sent to it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use calendar::Timestamp;
use door::{Budget, Door, Failure, Form, Signed};
use http::StatusCode;
use language::{digits, mobile};
use people::codes::{self, Asking};
use people::sessions::Assurance;
use people::sign_ins::{self, SignIn, Stage};
use people::{Actor, NotSignedIn, Refusal};
use serde_json::json;
use storage::Tx;

use super::{Entering, Step, address, address_then, city, counted, enter, go, missing, own_path};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::staff::ENTRIES;
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "sign-in/mobile.html")]
struct Mobile<'a> {
    page: Page<'a>,
    wrong: Wrongs,
    next: &'a str,
    typed: &'a str,
    staff: String,
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

/// `GET /sign-in`. Whoever was on the way to their work is asked for name and password at once.
pub async fn page(State(door): State<Door>, ask: Ask, who: Option<Signed>) -> Result<Response, Failure> {
    let next = own_path(ask.field("next")).to_owned();
    let is_again = ask.fields.get("again").is_some();
    if let Some(signed) = who.as_ref().filter(|_| !is_again) {
        let first = crate::staff::Desk::first(|permission| signed.may_somewhere(permission));
        return Ok(go(&if next.is_empty() { address(&ask, first) } else { next }));
    }
    let (_, bare) = door::lang::of_path(&next);
    let is_work = ENTRIES.iter().any(|entry| bare.starts_with(entry.path));
    if is_work || who.is_some_and(|signed| signed.assurance != Assurance::Code) {
        let again = if is_again { "/sign-in/staff?again=1" } else { "/sign-in/staff" };
        let join = if is_again { '&' } else { '?' };
        let next = percent_encoding::utf8_percent_encode(&next, crate::page::PLAIN);
        return Ok(go(&address(&ask, &format!("{again}{join}next={next}"))));
    }
    ask::answer(&door, ask, move |_, ask, here| {
        let wrong = match ask.fields.get("over") {
            Some(_) => Wrongs::one("mobile", ask.words().sign_in_over()),
            None => Wrongs::default(),
        };
        show(ask, here, wrong, "").map(|html| Answer::Page(NEVER, html))
    })
    .await
}

fn show(ask: &Ask, here: &Here, wrong: Wrongs, typed: &str) -> Result<String, Failure> {
    let next = own_path(ask.field("next"));
    let mut page = here.page(ask, ask.words().sign_in_title()).wrong(!wrong.is_empty());
    if next.is_empty() {
        // Nothing foreign travels on, not even in the link to the other language.
        page = page.at("/sign-in", "");
    }
    render(&Mobile { page, wrong, next, typed, staff: address_then(ask, "/sign-in/staff", next) })
}

/// `POST /sign-in`: sends a code. The answer is the same for every number.
pub async fn send(State(door): State<Door>, mut ask: Ask, form: Form) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let Some(city) = city(&door, &ask).await? else { return missing(&door, ask).await };
    let next = own_path(form.text("next")).to_owned();
    let Ok(number) = mobile::parse(form.text("mobile")) else {
        return ask::answer(&door, ask, move |_, ask, here| {
            let wrong = Wrongs::one("mobile", ask.words().sign_in_mobile_wrong());
            let html = show(ask, here, wrong, form.text("mobile"))?;
            Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
        })
        .await;
    };
    let token = begin(&door, &mut ask, city, number, next).await?;
    let mut response = go(&address(&ask, "/sign-in/code"));
    Step::Proof.set(&door, &mut response, &token);
    Ok(response)
}

/// Begins or goes on with a sign-in by code, and sends one unless it is too early.
async fn begin(
    door: &Door,
    ask: &mut Ask,
    city: i64,
    number: String,
    next: String,
) -> Result<String, Failure> {
    let (old, by, lang) = (Step::Proof.token(door, ask), counted(ask), ask.lang);
    let (act, inner) = (door.act(Actor::Citizen), door.clone());
    door.db
        .write(move |tx| -> Result<_, Failure> {
            // The code that is on its way belongs to this browser and number; a second request must not cut it off.
            let known = sign_ins::find(tx, city, &old, act.at)?
                .filter(|known| known.stage == Stage::Code && known.text("mobile") == number);
            let token = match known {
                Some(_) => old.clone(),
                None => sign_ins::begin(tx, &act, city, Stage::Code, None, &json!({}))?,
            };
            let resend_at = send_code(tx, &inner, &act, city, &number, &token, &by, lang)?;
            let data = json!({ "mobile": number, "next": next, "resend_at": resend_at.0 });
            sign_ins::remember(tx, city, &token, &data)?;
            Ok(token)
        })
        .await
}

/// Makes a code and puts it on its way. Says when the next may be asked for, whether or not one was made.
fn send_code(
    tx: &mut Tx<'_>,
    door: &Door,
    act: &people::Act,
    city: i64,
    number: &str,
    browser: &str,
    by: &str,
    lang: language::Lang,
) -> Result<Timestamp, Failure> {
    let asking = Asking { mobile: number, browser, address: by };
    match codes::make(tx, act, &door.seal, city, &asking) {
        Ok(Ok(made)) => {
            notices::send_code_in(tx, act, city, &made.mobile, &made.code, lang)?;
            Ok(made.resend_at)
        }
        Ok(Err(NotSignedIn::Wait { until })) => Ok(until),
        Ok(Err(_)) => Ok(act.at),
        Err(Refusal::Failure(failure)) => Err(failure.into()),
        // The number was looked at before.
        Err(other) => Err(Failure::new(other)),
    }
}

/// The sign-in by code that this browser is in.
fn under_way(tx: &mut Tx<'_>, city: i64, token: &str, now: Timestamp) -> storage::Result<Option<SignIn>> {
    Ok(sign_ins::find(tx, city, token, now)?.filter(|known| known.stage == Stage::Code))
}

/// `GET /sign-in/code`.
pub async fn code(State(door): State<Door>, ask: Ask) -> Result<Response, Failure> {
    let (token, now) = (Step::Proof.token(&door, &ask), door.now());
    ask::answer(&door, ask, move |tx, ask, here| {
        let Some(known) = under_way(tx, here.city().id, &token, now)? else {
            return Ok(Answer::Go(address(ask, "/sign-in?over=1")));
        };
        let said = ask.fields.get("again").map(|_| ask.words().sign_in_code_sent_again());
        show_code(ask, here, &known, now, Wrongs::default(), said).map(|html| Answer::Page(NEVER, html))
    })
    .await
}

fn show_code(
    ask: &Ask,
    here: &Here,
    known: &SignIn,
    now: Timestamp,
    wrong: Wrongs,
    said: Option<&str>,
) -> Result<String, Failure> {
    let w = ask.words();
    let number = digits::shown(&mobile::for_people(known.text("mobile")), ask.lang);
    render(&CodePage {
        page: here.page(ask, w.sign_in_code_title()).at("/sign-in/code", "").wrong(!wrong.is_empty()),
        wrong,
        said,
        sent: w.sign_in_code_sent(codes::LIFE / 60_000, &number),
        to: "/sign-in/code",
        again: "/sign-in/code/again",
        back: "/sign-in",
        wait: seconds_left(known, now),
    })
}

/// Seconds until another code may be asked for.
fn seconds_left(known: &SignIn, now: Timestamp) -> i64 {
    let resend_at = known.data.get("resend_at").and_then(serde_json::Value::as_i64).unwrap_or(0);
    ((resend_at - now.0).max(0) + 999) / 1000
}

/// `POST /sign-in/code`.
pub async fn verify(State(door): State<Door>, ask: Ask, form: Form) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let Some(city) = city(&door, &ask).await? else { return missing(&door, ask).await };
    let (token, by, typed) =
        (Step::Proof.token(&door, &ask), counted(&ask), form.text("code").trim().to_owned());
    let (act, inner) = (door.act(Actor::Citizen), door.clone());
    let is_empty = typed.is_empty();
    let looked = door
        .db
        .write(move |tx| -> Result<_, Failure> {
            let Some(known) = under_way(tx, city, &token, act.at)? else { return Ok(None) };
            if typed.is_empty() {
                return Ok(Some((known, Err(NotSignedIn::Wrong))));
            }
            let asking = Asking { mobile: known.text("mobile"), browser: &token, address: &by };
            match codes::verify(tx, &act, &inner.seal, city, &asking, &typed) {
                Ok(Ok(proven)) => {
                    sign_ins::end(tx, city, &token)?;
                    Ok(Some((known, Ok(proven))))
                }
                Ok(Err(not)) => Ok(Some((known, Err(not)))),
                Err(Refusal::Failure(failure)) => Err(failure.into()),
                Err(other) => Err(Failure::new(other)),
            }
        })
        .await?;
    match looked {
        None => Ok(go(&address(&ask, "/sign-in?over=1"))),
        Some((known, Ok(proven))) => {
            let entering = Entering {
                city,
                account: proven.account,
                assurance: Assurance::Code,
                next: own_path(known.text("next")).to_owned(),
            };
            let (mut response, _) = enter(&door, &ask, entering, |_, _, _| Ok(())).await?;
            Step::Proof.clear(&door, &mut response);
            Ok(response)
        }
        Some((known, Err(_))) => {
            let now = door.now();
            ask::answer(&door, ask, move |_, ask, here| {
                let w = ask.words();
                let words = if is_empty { w.sign_in_code_empty() } else { w.sign_in_code_wrong() };
                let html = show_code(ask, here, &known, now, Wrongs::one("code", words), None)?;
                Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
            })
            .await
        }
    }
}

/// `POST /sign-in/code/again`. Too early it is refused with the seconds that are left.
pub async fn again(State(door): State<Door>, ask: Ask) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let Some(city) = city(&door, &ask).await? else { return missing(&door, ask).await };
    let (token, by, lang) = (Step::Proof.token(&door, &ask), counted(&ask), ask.lang);
    let (act, inner, now) = (door.act(Actor::Citizen), door.clone(), door.now());
    let known = door
        .db
        .write(move |tx| -> Result<_, Failure> {
            let Some(mut known) = under_way(tx, city, &token, act.at)? else { return Ok(None) };
            let left = seconds_left(&known, act.at);
            if left == 0 {
                let number = known.text("mobile").to_owned();
                let resend_at = send_code(tx, &inner, &act, city, &number, &token, &by, lang)?;
                known.data =
                    json!({ "mobile": number, "next": known.text("next"), "resend_at": resend_at.0 });
                sign_ins::remember(tx, city, &token, &known.data)?;
            }
            Ok(Some((known, left)))
        })
        .await?;
    match known {
        None => Ok(go(&address(&ask, "/sign-in?over=1"))),
        Some((_, 0)) => Ok(go(&address(&ask, "/sign-in/code?again=1"))),
        Some((known, left)) => {
            ask::answer(&door, ask, move |_, ask, here| {
                let w = ask.words();
                // Whoever waits longer than for an SMS has asked too often.
                let words = if left > 180 {
                    w.sign_in_code_too_many().to_owned()
                } else {
                    w.sign_in_code_too_early(left)
                };
                let html = show_code(ask, here, &known, now, Wrongs::one("", words), None)?;
                Ok(Answer::Refused(StatusCode::TOO_MANY_REQUESTS, html))
            })
            .await
        }
    }
}
