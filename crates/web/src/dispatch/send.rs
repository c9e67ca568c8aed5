//! What can be done to one order: each form calls one verb and goes back to where it was made.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use dispatch::day::{self, Day, Found, Posed};
use dispatch::{CrewId, DispatchError, Origin, Seen, WorkOrder, orders, roads};
use door::{Door, Failure, Form, Signed};
use people::Act;

use super::candidates::around;
use super::{apart, refusal};
use crate::ask::{self, Answer, Ask, Here};

/// What one form asks for.
#[derive(Debug, Clone)]
enum Wish {
    Assign { crew: CrewId, locked: bool },
    Unassign(String),
    Lock(bool),
    Cancel(String),
    Seen,
    Again(String),
}

impl Wish {
    fn of(form: &Form) -> Option<Wish> {
        let text = |name: &str| form.text(name).to_owned();
        Some(match form.text("do") {
            "assign" => {
                let crew = CrewId(form.text("crew").parse().ok()?);
                Wish::Assign { crew, locked: form.text("lock") == "1" }
            }
            "unassign" => Wish::Unassign(text("words")),
            "lock" => Wish::Lock(true),
            "unlock" => Wish::Lock(false),
            "cancel" => Wish::Cancel(text("reason")),
            "seen" => Wish::Seen,
            "again" => Wish::Again(text("words")),
            _ => return None,
        })
    }

    fn done(&self) -> &'static str {
        match self {
            Wish::Assign { .. } => "assigned",
            Wish::Unassign(_) => "unassigned",
            Wish::Lock(true) => "locked",
            Wish::Lock(false) => "unlocked",
            Wish::Cancel(_) => "cancelled",
            Wish::Seen => "seen",
            Wish::Again(_) => "again",
        }
    }
}

/// `POST /dispatch/orders/{code}`: goes back to the order, or to the board when the form came from there.
pub async fn one(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    decide(door, code, ask, signed, form).await
}

/// `POST /dispatch`: the same from the board, where the order is named in a field.
pub async fn from_board(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let code = form.text("order").to_owned();
    decide(door, code, ask, signed, form).await
}

async fn decide(door: Door, code: String, ask: Ask, signed: Signed, form: Form) -> Result<Response, Failure> {
    let Some(wish) = Wish::of(&form) else {
        return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await;
    };
    let (act, city, now) = (signed.act(&door), signed.jurisdiction, door.now());
    let found = {
        let (act, code) = (act.clone(), code.clone());
        door.db
            .read(move |tx| -> Result<_, Failure> {
                let Some((today, order)) = around(tx, &act, city, &code, now)? else { return Ok(None) };
                Ok(Some((today, order, roads::of(tx, city, now)?)))
            })
            .await?
    };
    let Some((today, order, travel)) = found else {
        return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await;
    };
    // What was looked at: the number in the form, not the one of this moment.
    let seen = Seen(form.text("version").parse().unwrap_or(order.version));
    let done = wish.done();
    let outcome = match wish {
        Wish::Assign { crew, locked } => assign(&door, act, today, order, travel, crew, seen, locked).await,
        wish => write(&door, act, order, wish, seen).await,
    };
    let district = form.text("district").chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let base = match form.text("back") {
        "board" => format!("/dispatch?district={district}&"),
        _ => format!("{}?", super::path(&code)),
    };
    let to = match outcome {
        Ok(()) => format!("{base}done={done}"),
        Err(error) => format!("{base}refused={}", refusal(error)?),
    };
    go(&door, ask, to).await
}

pub async fn go(door: &Door, ask: Ask, to: String) -> Result<Response, Failure> {
    let to = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let here = Here::find(tx, &ask)?;
            Ok(here.map_or(to.clone(), |here| here.page(&ask, "").url(&to).to_string()))
        })
        .await?;
    Ok(Redirect::to(&to).into_response())
}

/// Looks for the best place among the crew's stops away from the database, then gives it in one transaction. Where the
/// engine finds no place, the dispatcher may still decide so: the order becomes the crew's last stop.
async fn assign(
    door: &Door,
    act: Act,
    today: Day,
    order: WorkOrder,
    travel: Arc<dyn roads::Travel>,
    crew: CrewId,
    seen: Seen,
    locked: bool,
) -> Result<(), DispatchError> {
    let (city, id) = (today.jurisdiction, order.id);
    let prepared = apart(move || -> (Posed, Option<Found>) {
        let posed = day::pose(&today, &*travel);
        let found = day::placed(&posed, id, crew).ok().flatten();
        (posed, found)
    });
    let prepared = Arc::new(prepared.await.map_err(|_| DispatchError::Refused("plan-impossible"))?);
    door.db
        .write(move |tx| {
            let (posed, found) = &*prepared;
            let given = match found {
                Some(found) => day::place(tx, &act, city, posed, found, id, seen)?,
                None => orders::assign(tx, &act, city, id, crew, seen)?,
            };
            if locked && !given.is_locked {
                orders::lock(tx, &act, city, id, true, Seen(given.version))?;
            }
            Ok(())
        })
        .await
}

async fn write(door: &Door, act: Act, order: WorkOrder, wish: Wish, seen: Seen) -> Result<(), DispatchError> {
    let (city, id) = (order.jurisdiction, order.id);
    door.db
        .write(move |tx| match &wish {
            Wish::Unassign(words) => orders::unassign(tx, &act, city, id, words, seen).map(|_| ()),
            Wish::Lock(locked) => orders::lock(tx, &act, city, id, *locked, seen).map(|_| ()),
            Wish::Cancel(reason) => orders::cancel(tx, &act, city, id, reason, Some(seen)).map(|_| ()),
            Wish::Seen => day::alarm_seen(tx, &act, city, id),
            Wish::Again(words) => {
                orders::visit_again(tx, &act, city, id, Origin::Hand, words, false).map(|_| ())
            }
            Wish::Assign { .. } => Ok(()),
        })
        .await
}
