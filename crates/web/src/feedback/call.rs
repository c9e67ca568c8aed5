//! The caller's screen: one call at a time, with the number, the words to say and the form to fill in.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use calendar::{Day, TimeOfDay, Timestamp, words as dates};
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use language::{TrackingCode, digits};
use requests::feedback::{self, Held, Outcome, QueueError, Record, RecordError, WantedReply};
use requests::reply::ReplyError;
use requests::{catalogue, find};
use storage::Tx;
use words::Words;

use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::errors;
use crate::page::Page;
use crate::parts::{Code, code};
use crate::reply::{Standing, standing};
use crate::requests::{divisions, line, title};
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "feedback/page.html")]
struct Screen<'a> {
    page: Page<'a>,
    call: Option<Call<'a>>,
    waiting: String,
    done: Option<&'static str>,
    wrong: Wrongs,
    typed: Typed,
    outcomes: Vec<(Outcome, &'static str)>,
    marks: Vec<(i64, &'static str)>,
}

/// What the caller sees while they hold a call.
struct Call<'a> {
    code: Code,
    path: String,
    record: String,
    name: String,
    number: String,
    dial: String,
    until: String,
    tries: String,
    subject: &'a str,
    place: String,
    unit: &'a str,
    reported: String,
    answer: String,
    answered: String,
    city: &'a str,
    /// The citizen may still accept or object.
    asks_reply: bool,
    standing: Option<Standing>,
}

#[derive(Debug, Clone, Default)]
struct Typed {
    outcome: String,
    satisfaction: String,
    word: String,
    words: String,
    day: String,
    time: String,
}

impl Typed {
    fn of(form: &Form) -> Self {
        let text = |name: &str| form.text(name).trim().to_owned();
        Typed {
            outcome: text("outcome"),
            satisfaction: text("satisfaction"),
            word: text("word"),
            words: text("words"),
            day: text("day"),
            time: text("time"),
        }
    }

    fn is(&self, outcome: &Outcome) -> bool {
        self.outcome == outcome.code()
    }

    fn has_mark(&self, mark: &i64) -> bool {
        self.satisfaction == mark.to_string()
    }
}

/// `GET /feedback`. The number is shown only while the call is held, and each look at it is written down; so this page
/// is made in the writer.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let done = match ask.field("done") {
        "recorded" => Some(ask.words().feedback_done_recorded()),
        "empty" => Some(ask.words().feedback_done_empty()),
        "released" => Some(ask.words().feedback_done_released()),
        _ => None,
    };
    screen(&door, signed, ask, done, Wrongs::default(), Typed::default()).await
}

async fn screen(
    door: &Door,
    signed: Signed,
    ask: Ask,
    done: Option<&'static str>,
    wrong: Wrongs,
    typed: Typed,
) -> Result<Response, Failure> {
    let (act, jurisdiction) = (signed.act(door), signed.jurisdiction);
    let held = match door.db.write(move |tx: &mut Tx<'_>| feedback::current(tx, &act, jurisdiction)).await {
        Ok(held) => held,
        Err(QueueError::Denied(_)) => None,
        Err(QueueError::Failure(failure)) => return Err(failure.into()),
    };
    let now = door.now();
    ask::answer(door, ask, move |tx, ask, here| {
        let is_wrong = !wrong.is_empty();
        let html = show(tx, ask, here, &signed, held, now, done, wrong, typed)?;
        Ok(if is_wrong {
            Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html)
        } else {
            Answer::Page(NEVER, html)
        })
    })
    .await
}

#[allow(clippy::too_many_arguments)]
fn show(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    held: Option<Held>,
    now: Timestamp,
    done: Option<&'static str>,
    wrong: Wrongs,
    mut typed: Typed,
) -> Result<String, Failure> {
    let w = ask.words();
    let city = here.city();
    let atlas = territory::atlas(tx, city.id)?;
    let catalogue = catalogue(tx, city.id)?;
    let waiting = feedback::waiting(tx, city.id, now)?;
    if typed.day.is_empty() {
        // Today, in the reader's own calendar.
        typed.day = dates::numeric_date(ask.lang, now.day(&city.zone));
    }
    let answer = match &held {
        Some(held) => {
            let knots = find::thread(tx, &held.request, false)?;
            let answer =
                knots.into_iter().rev().find(|k| k.at <= held.round.answered_at && !k.text.is_empty());
            answer.map(|knot| knot.text).unwrap_or_default()
        }
        None => String::new(),
    };
    let call = held.as_ref().map(|held| {
        let request = &held.request;
        let place = divisions(&atlas, request.district, request.neighbourhood, ask.lang);
        let between = if request.address.is_empty() || place.is_empty() { "" } else { " · " };
        let asks_reply = held.round.is_waiting(now);
        Call {
            code: code(request.code, ask.lang, false),
            path: line::path(request.code),
            record: format!("/feedback/calls/{}", request.code),
            name: held.name.clone(),
            number: number_for_people(&held.mobile, ask.lang),
            dial: held.mobile.clone(),
            until: dates::time(ask.lang, held.until.minute_of_day(&city.zone)),
            tries: if held.attempts > 0 { w.feedback_tries(held.attempts) } else { String::new() },
            subject: title(&catalogue, request, w),
            place: format!("{}{between}{place}", request.address),
            unit: catalogue.unit_name(held.round.unit, ask.lang),
            reported: request.words.clone(),
            answer: answer.clone(),
            answered: dates::date_time(ask.lang, held.round.answered_at, &city.zone),
            city: city.name(ask.lang),
            asks_reply,
            standing: if asks_reply { None } else { standing(request, Some(&held.round), &atlas, w, now) },
        }
    });
    render(&Screen {
        page: here.staff(ask, signed, w.feedback_title()).at("/feedback", "").wrong(!wrong.is_empty()),
        call,
        waiting: w.feedback_waiting(waiting),
        done,
        wrong,
        typed,
        outcomes: vec![
            (Outcome::Reached, w.feedback_outcome_reached()),
            (Outcome::NoAnswer, w.feedback_outcome_no_answer()),
            (Outcome::Later, w.feedback_outcome_later()),
            (Outcome::Refused, w.feedback_outcome_refused()),
            (Outcome::WrongNumber, w.feedback_outcome_wrong_number()),
        ],
        marks: vec![
            (5, w.feedback_mark_5()),
            (4, w.feedback_mark_4()),
            (3, w.feedback_mark_3()),
            (2, w.feedback_mark_2()),
            (1, w.feedback_mark_1()),
        ],
    })
}

/// As people dial it at home: 0912…, in the digits of the reader.
fn number_for_people(mobile: &str, lang: language::Lang) -> String {
    let plain = mobile.strip_prefix("+98").map_or(mobile.to_owned(), |rest| format!("0{rest}"));
    digits::shown(&plain, lang)
}

/// `POST /feedback/next`.
pub async fn next(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let (act, jurisdiction) = (signed.act(&door), signed.jurisdiction);
    let taken = door.db.write(move |tx: &mut Tx<'_>| feedback::next(tx, &act, jurisdiction)).await;
    match taken {
        Ok(Some(_)) => Ok(to(&ask, "/feedback")),
        Ok(None) => Ok(to(&ask, "/feedback?done=empty")),
        Err(QueueError::Failure(failure)) => Err(failure.into()),
        Err(QueueError::Denied(_)) => denied(&door, ask).await,
    }
}

/// `POST /feedback/release`.
pub async fn release(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let (act, jurisdiction) = (signed.act(&door), signed.jurisdiction);
    match door.db.write(move |tx: &mut Tx<'_>| feedback::release(tx, &act, jurisdiction)).await {
        Ok(()) => Ok(to(&ask, "/feedback?done=released")),
        Err(QueueError::Failure(failure)) => Err(failure.into()),
        Err(QueueError::Denied(_)) => denied(&door, ask).await,
    }
}

/// `POST /feedback/calls/{code}`: writes down what was said, and takes the next one when that was asked for.
pub async fn record(
    State(door): State<Door>,
    Path(typed_code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let typed = Typed::of(&form);
    let goes_on = form.text("go") != "stop";
    let w = ask.words();
    let Ok(code) = TrackingCode::parse(&typed_code) else {
        return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await;
    };
    let Some(outcome) = Outcome::parse(&typed.outcome) else {
        let wrong = Wrongs::one("outcome", w.feedback_refusal_outcome());
        return screen(&door, signed, ask, None, wrong, typed).await;
    };
    let (act, jurisdiction, theirs) = (signed.act(&door), signed.jurisdiction, typed.clone());
    let recorded = door
        .db
        .write(move |tx: &mut Tx<'_>| -> Result<(), RecordError> {
            let request = find::by_code(tx, jurisdiction, code)?.ok_or(RecordError::NotHeld)?;
            let zone = territory::atlas(tx, jurisdiction)?.jurisdiction.zone.clone();
            let record = Record {
                outcome,
                satisfaction: theirs.satisfaction.parse().ok().filter(|_| outcome == Outcome::Reached),
                reply: match theirs.word.as_str() {
                    "accept" => Some(WantedReply::Accept),
                    "object" => Some(WantedReply::Object { words: theirs.words.clone() }),
                    _ => None,
                },
                call_at: moment(&theirs.day, &theirs.time, &zone),
            };
            feedback::record(tx, &act, jurisdiction, request.id, &record)?;
            if goes_on {
                match feedback::next(tx, &act, jurisdiction) {
                    Ok(_) | Err(QueueError::Denied(_)) => {}
                    Err(QueueError::Failure(failure)) => return Err(failure.into()),
                }
            }
            Ok(())
        })
        .await;
    match recorded {
        Ok(()) => Ok(to(&ask, "/feedback?done=recorded")),
        Err(RecordError::Failure(failure)) => Err(failure.into()),
        Err(RecordError::Denied(_) | RecordError::Reply(ReplyError::Denied(_))) => denied(&door, ask).await,
        Err(refused) => {
            let wrong = wrongs(w, &refused);
            screen(&door, signed, ask, None, wrong, typed).await
        }
    }
}

/// A day and a time as typed, in either calendar and any digits.
fn moment(day: &str, time: &str, zone: &calendar::Zone) -> Option<Timestamp> {
    let (day, time) = (Day::parse(day).ok()?, time.parse::<TimeOfDay>().ok()?);
    Some(zone.at(day, time.minute()))
}

fn wrongs(w: Words, refused: &RecordError) -> Wrongs {
    match refused {
        RecordError::SatisfactionMissing | RecordError::SatisfactionWrong => {
            Wrongs::one("satisfaction", w.feedback_refusal_satisfaction())
        }
        RecordError::TimeWrong => Wrongs::one("day", w.feedback_refusal_time()),
        RecordError::Reply(ReplyError::WordsMissing) => Wrongs::one("words", w.feedback_refusal_words()),
        RecordError::Reply(ReplyError::WordsTooLong { most }) => {
            Wrongs::one("words", w.reply_refusal_words_too_long(i64::try_from(*most).unwrap_or(i64::MAX)))
        }
        _ => Wrongs::one("", w.feedback_refusal_not_held()),
    }
}

fn to(ask: &Ask, path: &str) -> Response {
    let city = Some(ask.city_code()).filter(|code| !code.is_empty());
    let page = Page::new(ask.words(), None, city, "", "", "");
    Redirect::to(&page.url(path).to_string()).into_response()
}

async fn denied(door: &Door, ask: Ask) -> Result<Response, Failure> {
    ask::answer(door, ask, |_, ask, here| {
        Ok(Answer::Refused(StatusCode::FORBIDDEN, errors::denied(ask, here)?))
    })
    .await
}
