//! Every decision about incidents: read the form, call one verb, go back to where it was made.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use door::{Door, Failure, Form, Signed};
use language::TrackingCode;
use people::Act;
use requests::incidents::{self, Answer, IncidentError, IncidentId};
use requests::{RequestId, find};
use storage::Tx;

use super::one::{self, Typed};
use super::{path, sentence};
use crate::ask::{self, Ask, Here};

/// Chosen requests or incidents of one form; a page shows fewer.
const MOST: usize = 200;

/// What one form asks for.
#[derive(Clone)]
enum Wish {
    Confirm,
    Dismiss,
    Answer(Answer),
    Close,
    Note(String),
    Leave(Vec<RequestId>),
    Split(Vec<RequestId>),
    Join(String),
    Merge(IncidentId),
}

impl Wish {
    fn of(form: &Form) -> Option<(Wish, &'static str)> {
        let text = |name: &str| form.text(name).to_owned();
        let chosen =
            || form.all("request").take(MOST).filter_map(|id| id.parse().ok()).map(RequestId).collect();
        Some(match form.text("do") {
            "confirm" => (Wish::Confirm, "confirm"),
            "dismiss" => (Wish::Dismiss, "dismiss"),
            "answer" => (Wish::Answer(Answer::new(text("fa"), text("en"))), "answer"),
            "close" => (Wish::Close, "close"),
            "note" => (Wish::Note(text("note")), "note"),
            "leave" => (Wish::Leave(chosen()), "leave"),
            "split" => (Wish::Split(chosen()), "split"),
            "join" => (Wish::Join(text("code")), "join"),
            "merge" => (Wish::Merge(IncidentId(form.text("into").parse().ok()?)), "merge"),
            _ => return None,
        })
    }

    /// The incident that the page goes to afterwards.
    fn make(
        &self,
        tx: &mut Tx<'_>,
        act: &Act,
        city: i64,
        id: IncidentId,
    ) -> Result<IncidentId, IncidentError> {
        let done = match self {
            Wish::Confirm => incidents::confirm(tx, act, city, id)?,
            Wish::Dismiss => incidents::dismiss(tx, act, city, id)?,
            Wish::Answer(answer) => incidents::answer(tx, act, city, id, answer)?,
            Wish::Close => incidents::close(tx, act, city, id)?,
            Wish::Note(words) => incidents::note(tx, act, city, id, words)?,
            Wish::Split(members) => incidents::split(tx, act, city, id, members)?,
            Wish::Merge(into) => incidents::merge(tx, act, city, id, *into)?,
            Wish::Join(code) => {
                let request = by_code(tx, city, code)?;
                incidents::join(tx, act, city, id, request)?
            }
            Wish::Leave(members) => {
                if members.is_empty() {
                    return Err(IncidentError::SplitWrong);
                }
                for member in members {
                    incidents::leave(tx, act, city, id, *member)?;
                }
                return Ok(id);
            }
        };
        Ok(done.id)
    }
}

fn by_code(tx: &mut Tx<'_>, city: i64, code: &str) -> Result<RequestId, IncidentError> {
    let code = TrackingCode::parse(code).map_err(|_| IncidentError::RequestUnknown)?;
    find::by_code(tx, city, code)?.map(|request| request.id).ok_or(IncidentError::RequestUnknown)
}

/// A failure of the machine goes on as one; a refusal is left for words.
fn refusal(error: IncidentError) -> Result<&'static str, Failure> {
    match error {
        IncidentError::Failure(failure) => Err(failure.into()),
        refused => Ok(refused.code().unwrap_or("incident-wrong-state")),
    }
}

type Outcome = Result<IncidentId, &'static str>;

/// Runs a verb in the writer and tells refusals from failures. What was refused has changed nothing.
async fn write(
    door: &Door,
    work: impl Fn(&mut Tx<'_>) -> Result<IncidentId, IncidentError> + Send + 'static,
) -> Result<Outcome, Failure> {
    match door.db.write(work).await {
        Ok(id) => Ok(Ok(id)),
        Err(error) => refusal(error).map(Err),
    }
}

async fn go(door: &Door, ask: Ask, to: String) -> Result<Response, Failure> {
    let to = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let here = Here::find(tx, &ask)?;
            Ok(here.map_or(to.clone(), |here| here.page(&ask, "").url(&to).to_string()))
        })
        .await?;
    Ok(Redirect::to(&to).into_response())
}

/// `POST /incidents/{id}`.
pub async fn one(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (Ok(id), Some((wish, name))) = (id.parse().map(IncidentId), Wish::of(&form)) else {
        return ask::answer(&door, ask, |_, _, _| Ok(ask::Answer::Missing)).await;
    };
    let (act, city, wished) = (signed.act(&door), signed.jurisdiction, wish.clone());
    match write(&door, move |tx| wished.make(tx, &act, city, id)).await? {
        Ok(id) => go(&door, ask, format!("{}?done={name}", path(id))).await,
        Err(code) => {
            let sentence = sentence(ask.words(), code);
            let typed = match wish {
                Wish::Answer(answer) => Typed { fa: answer.fa, en: answer.en, ..Typed::default() },
                Wish::Note(words) => Typed { note: Some(words), ..Typed::default() },
                Wish::Join(code) => Typed { code, ..Typed::default() },
                _ => Typed::default(),
            };
            one::refused(&door, ask, signed, id, sentence, typed).await
        }
    }
}

/// `POST /storm`: a decision about every chosen incident of the board.
pub async fn many(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let mut ids: Vec<IncidentId> =
        form.all("id").take(MOST).filter_map(|id| id.parse().ok()).map(IncidentId).collect();
    // The button of one line names that line alone.
    let (what, alone) = match form.text("do").split_once(':') {
        Some((what, id)) => (what.to_owned(), id.parse().ok().map(IncidentId)),
        None => (form.text("do").to_owned(), None),
    };
    if let Some(id) = alone {
        ids = vec![id];
    }
    let (act, city, wanted) = (signed.act(&door), signed.jurisdiction, what.clone());
    let outcome = match ids.first().copied() {
        None => Err("nothing-chosen"),
        Some(first) => {
            let work = move |tx: &mut Tx<'_>| {
                match wanted.as_str() {
                    "confirm" => {
                        for id in &ids {
                            incidents::confirm(tx, &act, city, *id)?;
                        }
                    }
                    "dismiss" => {
                        for id in &ids {
                            incidents::dismiss(tx, &act, city, *id)?;
                        }
                    }
                    "merge" => {
                        // Into the first chosen: the board stands in the order of danger and size.
                        if ids.len() < 2 {
                            return Err(IncidentError::OtherWrong);
                        }
                        for id in ids.iter().skip(1) {
                            incidents::merge(tx, &act, city, *id, first)?;
                        }
                    }
                    _ => return Err(IncidentError::NotFound),
                }
                Ok(first)
            };
            write(&door, work).await?
        }
    };
    let district = form.text("district").chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>();
    let back = match outcome {
        Ok(_) => format!("/storm?district={district}&done={what}"),
        Err(code) => format!("/storm?district={district}&refused={code}"),
    };
    go(&door, ask, back).await
}

/// `POST /incidents`: a request is made an incident.
pub async fn open(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city, code) = (signed.act(&door), signed.jurisdiction, form.text("code").to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let request = by_code(tx, city, &code)?;
        Ok(incidents::open(tx, &act, city, request)?.id)
    };
    match write(&door, work).await? {
        Ok(id) => go(&door, ask, format!("{}?done=open", path(id))).await,
        Err(code) => go(&door, ask, format!("/incidents?refused={code}")).await,
    }
}
