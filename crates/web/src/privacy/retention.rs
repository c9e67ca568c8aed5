//! Rounds of forgetting: what a round would forget, who proposed it, who approved it, and what was forgotten.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use calendar::{Timestamp, words as dates};
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use language::TrackingCode;
use people::Act;
use requests::privacy::DEFAULT;
use requests::privacy::legal::{self, LegalError};
use requests::privacy::runs::{self, RunError, State as Standing};
use requests::{catalogue, find};
use storage::Tx;
use words::Words;

use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::parts::{Code, code};
use crate::requests::title;

#[derive(Template)]
#[template(path = "privacy/retention.html")]
struct Retention<'a> {
    page: Page<'a>,
    said: &'static str,
    wrong: &'a str,
    with_words: bool,
    contacts: i64,
    words: i64,
    has_more: bool,
    first: Vec<Line>,
    runs: Vec<Round>,
    holds: Vec<Hold>,
    register: Vec<Registered>,
    rules: Vec<(String, String, String)>,
}

struct Line {
    code: Code,
    title: String,
    ended: String,
    people: bool,
    words: bool,
}

struct Round {
    tail: String,
    when: String,
    by: String,
    state: &'static str,
    found: String,
    done: String,
    decided: String,
    waits: bool,
    is_mine: bool,
}

struct Hold {
    code: Code,
    plain: String,
    why: String,
    since: String,
}

struct Registered {
    code: String,
    when: String,
    what: String,
}

/// `GET /privacy/retention`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let said = ask
            .words()
            .by_key(&format!("privacy-done-{}", ask.field("done")))
            .filter(|_| !ask.field("done").is_empty());
        Ok(Answer::Page(NEVER, show(tx, ask, here, &signed, &act, said.unwrap_or(""), "")?))
    })
    .await
}

fn show(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    act: &Act,
    said: &'static str,
    wrong: &str,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city().id);
    let (catalogue, atlas) = (catalogue(tx, city)?, territory::atlas(tx, city)?);
    let zone = &atlas.jurisdiction.zone;
    let day = |at: Timestamp| dates::short_date(ask.lang, at.day(zone));
    let with_words = ask.field("words") != "no";
    let found = match runs::dry_run(tx, act, city, with_words, 50) {
        Ok(found) => found,
        Err(RunError::Failure(failure)) => return Err(failure.into()),
        // The gate asked already; a role that was lost since then sees nothing.
        Err(_) => runs::DryRun::default(),
    };
    let first = found
        .first
        .iter()
        .map(|(request, people, words)| Line {
            code: code(request.code, ask.lang, false),
            title: title(&catalogue, request, w).to_owned(),
            ended: request.closed_at.map(day).unwrap_or_default(),
            people: *people,
            words: *words,
        })
        .collect();
    let all = runs::all(tx, city, 30)?;
    let people =
        people::names(tx, city, all.iter().flat_map(|r| [Some(r.proposed_by), r.decided_by]).flatten())?;
    let name = |id: Option<i64>| id.and_then(|id| people.get(&id)).cloned().unwrap_or_default();
    let rounds = all
        .iter()
        .map(|run| Round {
            tail: format!("/{}", run.id),
            when: dates::short_date_time(ask.lang, run.proposed_at, zone),
            by: name(Some(run.proposed_by)),
            state: state_name(w, run.state),
            found: w.privacy_round_counts(run.contacts_found, run.words_found),
            done: match run.state {
                Standing::Approved | Standing::Done => {
                    w.privacy_round_counts(run.contacts_done, run.words_done)
                }
                _ => String::new(),
            },
            decided: name(run.decided_by),
            waits: run.state == Standing::Proposed,
            is_mine: act.by.account() == Some(run.proposed_by),
        })
        .collect();
    let holds = legal::all(tx, city, 200)?
        .into_iter()
        .map(|hold| Hold {
            code: code(hold.request.code, ask.lang, false),
            plain: hold.request.code.to_string(),
            why: hold.why,
            since: day(hold.at),
        })
        .collect();
    let lines = runs::register(tx, city, 50)?;
    let ids: Vec<_> = lines.iter().map(|line| line.request).collect();
    let known = find::by_ids(tx, city, &ids)?;
    let register = lines
        .iter()
        .map(|line| Registered {
            code: known
                .iter()
                .find(|r| r.id == line.request)
                .map(|r| r.code.for_people(ask.lang))
                .unwrap_or_default(),
            when: dates::short_date_time(ask.lang, line.at, zone),
            what: forgotten(w, line),
        })
        .collect();
    let days = |days: Option<i64>| days.map_or(w.privacy_never().to_owned(), |days| w.privacy_days(days));
    let mut rules =
        vec![(w.privacy_rule_default().to_owned(), days(DEFAULT.contact_days), days(DEFAULT.words_days))];
    rules.extend(catalogue.services.iter().filter(|s| s.about.retention != Default::default()).map(|s| {
        let own = s.about.retention;
        (
            s.name(ask.lang).to_owned(),
            days(own.contact_days.or(DEFAULT.contact_days)),
            days(own.words_days.or(DEFAULT.words_days)),
        )
    }));
    render(&Retention {
        page: here.staff(ask, signed, w.privacy_title()).wrong(!wrong.is_empty()),
        said,
        wrong,
        with_words,
        contacts: found.contacts,
        words: found.words,
        has_more: found.has_more,
        first,
        runs: rounds,
        holds,
        register,
        rules,
    })
}

fn forgotten(w: Words, line: &runs::Registered) -> String {
    let mut what = Vec::new();
    if line.erased.contact {
        what.push(w.privacy_what_contact().to_owned());
    }
    if line.erased.followers > 0 {
        what.push(w.privacy_what_followers(i64::try_from(line.erased.followers).unwrap_or(i64::MAX)));
    }
    if line.erased.words {
        what.push(w.privacy_what_words().to_owned());
    }
    if line.run.is_none() {
        what.push(w.privacy_what_wish().to_owned());
    }
    what.join(" · ")
}

fn state_name(w: Words, state: Standing) -> &'static str {
    match state {
        Standing::Proposed => w.privacy_state_proposed(),
        Standing::Approved => w.privacy_state_approved(),
        Standing::Withdrawn => w.privacy_state_withdrawn(),
        Standing::Done => w.privacy_state_done(),
    }
}

/// What came of a form: where it leads, or the code of what was refused.
async fn respond(
    door: &Door,
    ask: Ask,
    signed: Signed,
    outcome: Result<&'static str, &'static str>,
) -> Result<Response, Failure> {
    let act = signed.act(door);
    match outcome {
        Ok(done) => {
            let to = format!("/privacy/retention?done={done}");
            let address = door
                .db
                .read(move |tx| -> Result<_, Failure> {
                    Ok(Here::find(tx, &ask)?.map(|here| here.page(&ask, "").url(&to).to_string()))
                })
                .await?;
            Ok(Redirect::to(address.as_deref().unwrap_or("/privacy/retention")).into_response())
        }
        Err(code) => {
            ask::answer(door, ask, move |tx, ask, here| {
                let w = ask.words();
                let wrong = w.by_key(&format!("privacy-refusal-{code}")).unwrap_or(w.work_refusal_other());
                let html = show(tx, ask, here, &signed, &act, "", wrong)?;
                Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
            })
            .await
        }
    }
}

fn run_outcome(
    outcome: Result<&'static str, RunError>,
) -> Result<Result<&'static str, &'static str>, Failure> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(RunError::Failure(failure)) => Err(failure.into()),
        Err(error) => Ok(Err(error.code().unwrap_or("denied"))),
    }
}

/// `POST /privacy/retention`: proposes a round.
pub async fn propose(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let with_words = form.get("words").is_some();
    let outcome =
        door.db.write(move |tx| runs::propose(tx, &act, city, with_words).map(|_| "proposed")).await;
    respond(&door, ask, signed, run_outcome(outcome)?).await
}

/// `POST /privacy/retention/{id}`: approves or withdraws one.
pub async fn decide(
    State(door): State<Door>,
    Path(id): Path<i64>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let approve = form.text("decision") == "approve";
    let done = if approve { "approved" } else { "withdrawn" };
    let outcome = door.db.write(move |tx| runs::decide(tx, &act, city, id, approve).map(|()| done)).await;
    respond(&door, ask, signed, run_outcome(outcome)?).await
}

/// `POST /privacy/holds`: holds a request, or lifts its hold.
pub async fn hold(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let typed = form.text("code").to_owned();
    let why = form.text("why").to_owned();
    let lift = form.get("lift").is_some();
    let outcome = door
        .db
        .write(move |tx| {
            let code = TrackingCode::parse(&typed).map_err(|_| LegalError::NotFound)?;
            let request = find::by_code(tx, city, code)?.ok_or(LegalError::NotFound)?;
            if lift {
                legal::lift(tx, &act, city, request.id)?;
                return Ok("lifted");
            }
            legal::hold(tx, &act, city, request.id, &why)?;
            Ok("held")
        })
        .await;
    let outcome = match outcome {
        Ok(done) => Ok(done),
        Err(LegalError::Failure(failure)) => return Err(failure.into()),
        Err(error) => Err(error.code().unwrap_or("denied")),
    };
    respond(&door, ask, signed, outcome).await
}
