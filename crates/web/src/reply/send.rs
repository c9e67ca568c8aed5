//! What the citizen said: read, proved, done, and told.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use door::{Budget, Door, Failure, Form, Signed};
use language::TrackingCode;
use people::Actor;
use requests::reply::{self, How, Proof, Proved, ReplyError};
use requests::{RequestId, Status, find};
use storage::Tx;

use super::page::{self, Known};
use crate::ask::{self, Answer, Ask, Here};
use crate::device::Device;
use crate::requests::line;
use crate::wrong::Wrongs;

/// What became of a reply.
enum Outcome {
    Done(&'static str),
    /// Nothing proves that it is the reporter.
    NotYou,
    TooOften,
    DigitsMissing,
    WordMissing,
    Refused(ReplyError),
}

/// What was typed.
#[derive(Clone)]
struct Typed {
    word: String,
    words: String,
    digits: String,
}

/// `POST /reply/{code}`.
pub async fn send(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Option<Signed>,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let text = |name: &str| form.text(name).to_owned();
    let typed = Typed { word: text("word"), words: text("words"), digits: text("digits") };
    let code = TrackingCode::parse(&code).ok();
    let (ask, found) = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let (Some(here), Some(code)) = (Here::find(tx, &ask)?, code) else { return Ok((ask, None)) };
            let request = find::by_code(tx, here.city().id, code)?;
            let address = here.page(&ask, "").url(&line::path(code)).to_string();
            Ok((ask, request.map(|request| (request.jurisdiction, request.id, address))))
        })
        .await?;
    let Some((jurisdiction, id, address)) = found else {
        return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await;
    };

    let known = Known::of(form.text("k"), signed.as_ref(), Device::name_of(&ask, &door), jurisdiction);
    let act = door.act(Actor::Citizen);
    let (theirs, who) = (typed.clone(), known.clone());
    let outcome = door
        .db
        .write(move |tx: &mut Tx<'_>| -> Result<Outcome, Failure> {
            match who_speaks(tx, jurisdiction, id, &who, &theirs.digits)? {
                Some(refused) => Ok(refused),
                None => say(tx, &act, jurisdiction, id, &theirs),
            }
        })
        .await?;
    if let Outcome::Done(done) = outcome {
        let between = if address.contains('?') { '&' } else { '?' };
        return Ok(Redirect::to(&format!("{address}{between}done={done}")).into_response());
    }
    let now = door.now();
    ask::answer(&door, ask, move |tx, ask, here| {
        let Some(request) = find::by_id(tx, jurisdiction, id)? else { return Ok(Answer::Missing) };
        let wrong = wrongs(ask, &outcome);
        page::refused(tx, ask, here, &request, now, &known, wrong, |form| {
            (form.word, form.words) = (typed.word, typed.words);
        })
    })
    .await
}

/// None when it is the reporter. A wrong guess is counted, so this never fails for being wrong.
fn who_speaks(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    id: RequestId,
    known: &Known,
    digits: &str,
) -> Result<Option<Outcome>, Failure> {
    let Some(request) = find::by_id(tx, jurisdiction, id)? else { return Ok(Some(Outcome::NotYou)) };
    if known.is_reporter(tx, &request)? {
        return Ok(None);
    }
    if digits.trim().is_empty() {
        return Ok(Some(Outcome::DigitsMissing));
    }
    Ok(match reply::prove(tx, jurisdiction, id, &Proof::Mobile(digits.to_owned()))? {
        Proved::Yes => None,
        Proved::No => Some(Outcome::NotYou),
        Proved::TooOften => Some(Outcome::TooOften),
    })
}

fn say(
    tx: &mut Tx<'_>,
    act: &people::Act,
    jurisdiction: i64,
    id: RequestId,
    typed: &Typed,
) -> Result<Outcome, Failure> {
    let waits = find::by_id(tx, jurisdiction, id)?.is_some_and(|r| r.status == Status::WaitingForCitizen);
    let (done, said) = match typed.word.as_str() {
        "accept" => ("accepted", reply::accept(tx, act, jurisdiction, id, How::Web)),
        "object" => ("objected", reply::object(tx, act, jurisdiction, id, &typed.words, How::Web)),
        "answer" => ("answered", reply::answer_question(tx, act, jurisdiction, id, &typed.words, How::Web)),
        _ if waits => ("answered", reply::answer_question(tx, act, jurisdiction, id, &typed.words, How::Web)),
        _ => return Ok(Outcome::WordMissing),
    };
    match said {
        Ok(_) => Ok(Outcome::Done(done)),
        Err(ReplyError::Failure(failure)) => Err(failure.into()),
        Err(refused) => Ok(Outcome::Refused(refused)),
    }
}

/// What is wrong, and beside which field.
fn wrongs(ask: &Ask, outcome: &Outcome) -> Wrongs {
    let w = ask.words();
    match outcome {
        Outcome::Done(_) => Wrongs::default(),
        Outcome::NotYou => Wrongs::one("digits", w.reply_refusal_not_you()),
        Outcome::TooOften => Wrongs::one("digits", w.reply_refusal_too_often()),
        Outcome::DigitsMissing => Wrongs::one("digits", w.reply_refusal_digits_missing()),
        Outcome::WordMissing => Wrongs::one("word-accept", w.reply_refusal_word_missing()),
        Outcome::Refused(refused) => match refused {
            ReplyError::WordsMissing => Wrongs::one("words", w.reply_refusal_words_missing()),
            ReplyError::WordsTooLong { most } => {
                let most = i64::try_from(*most).unwrap_or(i64::MAX);
                Wrongs::one("words", w.reply_refusal_words_too_long(most))
            }
            ReplyError::TooLate => Wrongs::one("", w.reply_refusal_too_late()),
            ReplyError::SaidOtherwise(reply::Reply::Accepted) => {
                Wrongs::one("", w.reply_refusal_accepted_before())
            }
            ReplyError::SaidOtherwise(reply::Reply::Objected) => {
                Wrongs::one("", w.reply_refusal_objected_before())
            }
            _ => Wrongs::one("", w.reply_refusal_not_asked()),
        },
    }
}
