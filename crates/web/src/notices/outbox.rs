//! Figures, gateways, what was sent and what waits; and two things to do: try again, and test.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use calendar::{Day, words as dates};
use door::{Budget, Door, Failure, Form, Signed};
use language::digits;
use notices::board::{self, BoardError};
use storage::Tx;

use super::{refused, said};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::sign_in::{address, go};
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "notices/outbox.html")]
struct Outbox<'a> {
    page: Page<'a>,
    tab: &'static str,
    states: Vec<State_>,
    chosen: String,
    gateways: Vec<Gateway>,
    days: Vec<Line>,
    messages: Vec<Message>,
    has_failed: bool,
    told: String,
    wrong: Wrongs,
    typed: String,
}

struct State_ {
    code: String,
    name: String,
    count: i64,
}

struct Gateway {
    name: String,
    share: String,
    standing: String,
    tone: &'static str,
    error: String,
}

struct Line {
    day: String,
    channel: String,
    gateway: String,
    numbers: [i64; 6],
}

struct Message {
    when: String,
    channel: String,
    to: String,
    about: String,
    text: String,
    state: String,
    tone: &'static str,
    detail: String,
    gateway: String,
}

/// `GET /notices`, with `?state=`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    show(door, ask, signed, Wrongs::default(), String::new()).await
}

async fn show(
    door: Door,
    ask: Ask,
    signed: Signed,
    wrong: Wrongs,
    typed: String,
) -> Result<Response, Failure> {
    let act = signed.act(&door);
    let is_wrong = !wrong.is_empty();
    ask::answer(&door, ask, move |tx, ask, here| match read(tx, ask, here, &act, &signed, wrong, typed) {
        Ok(html) if is_wrong => Ok(Answer::Refused(http::StatusCode::UNPROCESSABLE_ENTITY, html?)),
        Ok(html) => Ok(Answer::Page(NEVER, html?)),
        Err(error) => refused(error, ask, here),
    })
    .await
}

fn read(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    act: &people::Act,
    signed: &Signed,
    wrong: Wrongs,
    typed: String,
) -> Result<Result<String, Failure>, BoardError> {
    let (w, lang, city, zone) = (ask.words(), ask.lang, here.city().id, here.city().zone.clone());
    let chosen = board::STATES.iter().find(|state| **state == ask.field("state")).copied();
    let counts = board::counts(tx, act, city)?;
    let has_failed = counts.iter().any(|(state, count)| state == "failed" && *count > 0);
    let all: i64 = counts.iter().map(|(_, count)| count).sum();
    let mut states = vec![State_ { code: String::new(), name: w.notices_state_all().to_owned(), count: all }];
    states.extend(counts.into_iter().map(|(code, count)| State_ {
        name: said(w, "notices-state-", &code),
        code,
        count,
    }));
    let gateways = board::gateways(tx, act, city)?.into_iter().map(|health| {
        let share = health.share(act.at);
        let (standing, tone) = if health.is_resting(act.at) {
            (w.notices_gateway_resting(&dates::relative(lang, health.rest_until, act.at)), "suspended")
        } else if share < 0.9 {
            (w.notices_gateway_failing().to_owned(), "invited")
        } else {
            (w.notices_gateway_well().to_owned(), "active")
        };
        let percent = digits::plain((share * 100.0).round() as i64, lang);
        Gateway {
            share: if lang == language::Lang::Fa { format!("{percent}٪") } else { format!("{percent}%") },
            error: match health.last_error_at {
                Some(at) => format!("{} · {}", dates::relative(lang, at, act.at), health.last_error),
                None => String::new(),
            },
            name: health.gateway,
            standing,
            tone,
        }
    });
    let gateways = gateways.collect();
    let days = board::days(tx, act, city)?.into_iter().map(|day| Line {
        day: dates::short_date(lang, Day::from_days_since_epoch(day.day)),
        channel: said(w, "notices-channel-", &day.channel),
        gateway: day.gateway,
        numbers: [day.sent, day.delivered, day.failed + day.undelivered, day.received, day.parts, day.cost],
    });
    let days = days.collect();
    let messages = board::messages(tx, act, city, chosen)?.into_iter().map(|sent| Message {
        when: dates::short_date_time(lang, sent.made_at, &zone),
        channel: said(w, "notices-channel-", &sent.channel),
        to: digits::shown(&sent.to, lang),
        about: said(w, "notices-occasion-", &sent.template),
        tone: match sent.state.as_str() {
            "delivered" | "sent" => "active",
            "failed" => "suspended",
            _ => "invited",
        },
        detail: match sent.state.as_str() {
            "queued" if sent.attempts > 0 => format!(
                "{} · {}",
                w.notices_attempts(sent.attempts),
                w.notices_next(&dates::relative(lang, sent.next_at, act.at))
            ),
            "failed" | "suppressed" => sent.reason.clone(),
            _ => String::new(),
        },
        state: said(w, "notices-state-", &sent.state),
        text: sent.text,
        gateway: sent.gateway,
    });
    let messages = messages.collect();
    let told = match (ask.field("retried").parse::<i64>(), ask.field("tested")) {
        (Ok(count), _) if (0..1_000_000).contains(&count) => w.notices_retried(count),
        (_, "1") => w.notices_tested().to_owned(),
        _ => String::new(),
    };
    let page = here.staff(ask, signed, w.notices_title()).wrong(!wrong.is_empty()).at("/notices", &ask.query);
    let chosen = chosen.unwrap_or("").to_owned();
    Ok(render(&Outbox {
        page,
        tab: "outbox",
        states,
        chosen,
        gateways,
        days,
        messages,
        has_failed,
        told,
        wrong,
        typed,
    }))
}

/// `POST /notices/retry`.
pub async fn retry(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    match door.db.write(move |tx| board::retry(tx, &act, city)).await {
        Ok(count) => Ok(go(&address(&ask, &format!("/notices?retried={count}")))),
        Err(BoardError::Failure(failure)) => Err(failure.into()),
        Err(_) => Ok(door::Refusal::Denied.into_response()),
    }
}

/// `POST /notices/test`.
pub async fn test(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let (act, city, lang) = (signed.act(&door), signed.jurisdiction, ask.lang);
    let typed = form.text("mobile").trim().to_owned();
    let mobile = typed.clone();
    match door.db.write(move |tx| board::test(tx, &act, city, &mobile, lang)).await {
        Ok(()) => Ok(go(&address(&ask, "/notices?tested=1"))),
        Err(BoardError::MobileWrong) => {
            let wrong = Wrongs::one("mobile", ask.words().notices_test_wrong());
            show(door, ask, signed, wrong, typed).await
        }
        Err(BoardError::Failure(failure)) => Err(failure.into()),
        Err(BoardError::Denied(_)) => Ok(door::Refusal::Denied.into_response()),
    }
}
