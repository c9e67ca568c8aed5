//! What can be done to one person: give and take roles, a new first password, shut out, sign out.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use door::{Budget, Door, Failure, Form, Signed};
use people::accounts::{self, Account};
use people::{Act, MemberState, Refusal, passkeys, passwords, second, sessions};
use storage::Tx;

use super::{invite, offer, one, sentence};
use crate::ask::Ask;
use crate::sign_in::{address, go};
use crate::wrong::Wrongs;

/// Does one thing to somebody whom the author looks after, and shows the person again. `not_self` keeps people from
/// shutting themselves out.
async fn act_on(
    door: Door,
    ask: Ask,
    signed: Signed,
    id: String,
    form: Form,
    not_self: bool,
    what: impl Fn(&mut Tx<'_>, &Act, i64, &Account, &Form) -> Result<(), Refusal> + Send + 'static,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    if not_self && id == signed.account.to_string() {
        let wrong = Wrongs::one("", ask.words().people_not_self());
        return one::show(&door, ask, signed, id, wrong, Arc::new(form)).await;
    }
    let (act, city, of, form) = (signed.act(&door), signed.jurisdiction, id.clone(), Arc::new(form));
    let sent = form.clone();
    let done = door
        .db
        .write(move |tx| -> Result<(), Done> {
            let Some(account) = one::looked_after(tx, &act, city, &of).map_err(Done::Failed)? else {
                return Err(Done::Refused(Refusal::NotFound));
            };
            what(tx, &act, city, &account, &sent).map_err(Done::Refused)
        })
        .await;
    match done {
        Ok(()) => Ok(go(&address(&ask, &format!("/people/{id}?done=1")))),
        Err(Done::Failed(failure)) => Err(failure),
        Err(Done::Refused(Refusal::Failure(failure))) => Err(failure.into()),
        Err(Done::Refused(refusal)) => {
            let (field, words) = sentence(ask.words(), &refusal).unwrap_or_default();
            one::show(&door, ask, signed, id, Wrongs::one(field, words), form).await
        }
    }
}

enum Done {
    Refused(Refusal),
    Failed(Failure),
}

impl From<storage::Error> for Done {
    fn from(error: storage::Error) -> Self {
        Done::Failed(error.into())
    }
}

/// `POST /people/{id}/roles`.
pub async fn give(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let city = signed.jurisdiction;
    let atlas = door.db.read(move |tx| territory::atlas(tx, city)).await?;
    let Some(offered) = offer::read(&form, &atlas) else {
        let wrong = Wrongs::one("role", ask.words().people_refusal_role_missing());
        return one::show(&door, ask, signed, id, wrong, Arc::new(form)).await;
    };
    act_on(door, ask, signed, id, form, true, move |tx, act, city, account, _| {
        // Whoever has come already need not be asked whether they will: they see it at the next page.
        match account.signed_in_at.is_some() && !account.must_change_password() {
            true => accounts::give(tx, act, city, account.id, &offered)?,
            false => accounts::invite(tx, act, city, account.id, &offered)?,
        };
        Ok(())
    })
    .await
}

/// `POST /people/{id}/roles/{membership}`, with `state`.
pub async fn set_role(
    State(door): State<Door>,
    Path((id, membership)): Path<(String, String)>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    act_on(door, ask, signed, id, form, true, move |tx, act, city, account, form| {
        let state = MemberState::parse(form.text("state")).ok_or(Refusal::StateWrong)?;
        let membership: i64 = membership.parse().map_err(|_| Refusal::NotFound)?;
        // The number must be of this very person: an address with two numbers must not reach a third thing.
        if accounts::memberships(tx, city, account.id)?.iter().all(|m| m.id != membership) {
            return Err(Refusal::NotFound);
        }
        accounts::set_state(tx, act, city, membership, state)
    })
    .await
}

/// `POST /people/{id}/account`, with `suspended`.
pub async fn set_account(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    act_on(door, ask, signed, id, form, true, |tx, act, city, account, form| {
        accounts::suspend(tx, act, city, account.id, form.text("suspended") == "yes")
    })
    .await
}

/// `POST /people/{id}/second`: for whoever lost telephone and keys.
pub async fn remove_second(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    act_on(door, ask, signed, id, form, true, |tx, act, city, account, _| {
        second::remove(tx, act, city, account.id)?;
        for key in passkeys::of(tx, city, account.id)? {
            passkeys::remove(tx, act, city, account.id, key.id)?;
        }
        sessions::revoke_all(tx, act, city, account.id, None)?;
        Ok(())
    })
    .await
}

/// `POST /people/{id}/sessions`: signs somebody out everywhere.
pub async fn end_sessions(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    act_on(door, ask, signed, id, form, true, |tx, act, city, account, _| {
        sessions::revoke_all(tx, act, city, account.id, None)?;
        Ok(())
    })
    .await
}

/// `POST /people/{id}/password`: a new first password, shown this once.
pub async fn reset(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    if id == signed.account.to_string() {
        let wrong = Wrongs::one("", ask.words().people_not_self());
        return one::show(&door, ask, signed, id, wrong, Arc::new(form)).await;
    }
    let password = passwords::first(&door.dice);
    let (dice, typed) = (door.dice.clone(), password.clone());
    let hash = door.blocking(move || passwords::hash(&dice, &typed)).await??;
    let (act, city, of) = (signed.act(&door), signed.jurisdiction, id.clone());
    let given = door
        .db
        .write(move |tx| -> Result<i64, Done> {
            let Some(account) = one::looked_after(tx, &act, city, &of).map_err(Done::Failed)? else {
                return Err(Done::Refused(Refusal::NotFound));
            };
            accounts::give_first_password(tx, &act, city, account.id, &hash).map_err(Done::Refused)?;
            Ok(account.id)
        })
        .await;
    match given {
        Ok(account) => invite::first_password(&door, ask, signed, account, password).await,
        Err(Done::Failed(failure)) => Err(failure),
        Err(Done::Refused(Refusal::Failure(failure))) => Err(failure.into()),
        Err(Done::Refused(refusal)) => {
            let (field, words) = sentence(ask.words(), &refusal).unwrap_or_default();
            one::show(&door, ask, signed, id, Wrongs::one(field, words), Arc::new(form)).await
        }
    }
}
