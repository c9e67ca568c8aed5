//! One person: roles, proofs, open sessions, and what is on record about them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::{Timestamp, words as dates};
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use people::accounts::{self, ACCOUNT, Account};
use people::{ACCESS, Act, MemberState, Permission, Refusal, Role, Where, passkeys, sessions, units};
use serde_json::Value;
use storage::{Tx, journal};
use territory::Atlas;
use words::Words;

use super::offer::Fields;
use super::role_name;
use super::row::Row;
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

/// Facts on one page.
const FACTS: u32 = 50;

#[derive(Template)]
#[template(path = "people/one.html")]
struct One<'a> {
    page: Page<'a>,
    wrong: Wrongs,
    done: bool,
    person: &'a Account,
    mobile: String,
    seen: String,
    path: &'a str,
    is_self: bool,
    roles: Vec<Row>,
    offer: Fields,
    passkeys: i64,
    open: Vec<Open>,
    facts: Option<Vec<Fact>>,
}

/// An open session, as the one who looks after its owner sees it.
struct Open {
    agent: String,
    seen: String,
}

/// Something on record.
struct Fact {
    when: String,
    what: String,
    refused: bool,
}

/// `GET /people/{id}`.
pub async fn page(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
    signed: Signed,
) -> Result<Response, Failure> {
    show(&door, ask, signed, id, Wrongs::default(), Arc::default()).await
}

/// The page of a person, with what was refused if something was.
pub async fn show(
    door: &Door,
    ask: Ask,
    signed: Signed,
    id: String,
    wrong: Wrongs,
    form: Arc<Form>,
) -> Result<Response, Failure> {
    let (act, now) = (signed.act(door), door.now());
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city().id);
        let Some(person) = looked_after(tx, &act, city, &id)? else { return Ok(Answer::Missing) };
        let (units, atlas) = (units::all(tx, city)?, territory::atlas(tx, city)?);
        let moment = |at: Timestamp| crate::requests::line::moment(ask.lang, at, now, &atlas);
        let roles = accounts::memberships(tx, city, person.id)?
            .iter()
            .rev()
            .filter(|m| m.state != MemberState::Ended)
            .map(|m| Row::of(w, m, &units, &atlas))
            .collect();
        let open = match sessions::list(tx, &act, city, person.id) {
            Ok(all) => all
                .into_iter()
                .map(|one| Open {
                    seen: moment(one.seen_at),
                    agent: crate::me::sessions::browser(w, &one.agent),
                })
                .collect(),
            Err(Refusal::Failure(failure)) => return Err(failure.into()),
            // A manager of a unit does not see the sessions of somebody who also works elsewhere.
            Err(_) => Vec::new(),
        };
        let facts = match act.may(Permission::SeeAudit, Where::city(city)) {
            true => Some(facts(tx, w, here, &atlas, person.id, now)?),
            false => None,
        };
        let path = format!("/people/{}", person.id);
        let refused = !wrong.is_empty();
        let html = render(&One {
            page: here.staff(ask, &signed, &person.name).at(&path, "").wrong(refused),
            done: ask.fields.get("done").is_some() && !refused,
            mobile: person
                .mobile
                .as_deref()
                .map(|mobile| language::digits::shown(&language::mobile::for_people(mobile), ask.lang))
                .unwrap_or_default(),
            seen: person.signed_in_at.map(moment).unwrap_or_else(|| w.people_never_seen().to_owned()),
            path: &path,
            is_self: person.id == signed.account,
            roles,
            offer: Fields::of(tx, &act, city, &form, ask.lang)?,
            passkeys: i64::try_from(passkeys::of(tx, city, person.id)?.len()).unwrap_or(0),
            open,
            facts,
            person: &person,
            wrong,
        })?;
        Ok(if refused {
            Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html)
        } else {
            Answer::Page(NEVER, html)
        })
    })
    .await
}

/// The account, if it is one of staff whom the author looks after. What is foreign is not there.
pub fn looked_after(tx: &mut Tx<'_>, act: &Act, city: i64, id: &str) -> Result<Option<Account>, Failure> {
    let Ok(id) = id.parse::<i64>() else { return Ok(None) };
    let Some(account) = accounts::by_id(tx, city, id)? else { return Ok(None) };
    if account.sign_name.is_none() {
        return Ok(None);
    }
    if act.may(Permission::ManagePeople, Where::city(city)) {
        return Ok(Some(account));
    }
    let theirs = accounts::memberships(tx, city, id)?;
    let is_mine = theirs.iter().any(|m| {
        m.state != MemberState::Ended
            && m.unit.is_some()
            && act.may(Permission::ManagePeople, Where::unit(city, m.unit))
    });
    Ok(is_mine.then_some(account))
}

/// What was done to the account, and which rights its owner used or was refused, the newest first.
fn facts(
    tx: &mut Tx<'_>,
    w: Words,
    here: &Here,
    atlas: &Atlas,
    id: i64,
    now: Timestamp,
) -> storage::Result<Vec<Fact>> {
    let city = here.city().id;
    let mut entries = journal::latest_of(tx, city, ACCOUNT, id, FACTS)?;
    entries.extend(journal::latest_of(tx, city, ACCESS, id, FACTS)?);
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.seq));
    entries.truncate(FACTS as usize);
    Ok(entries
        .into_iter()
        .map(|entry| {
            let at = Timestamp(entry.at);
            let payload: Value = serde_json::from_str(&entry.payload).unwrap_or_default();
            Fact {
                when: if now.millis_since(at) < 86_400_000 {
                    dates::relative(w.lang(), at, now)
                } else {
                    dates::short_date_time(w.lang(), at, &atlas.jurisdiction.zone)
                },
                what: fact(w, &entry.fact, &payload),
                refused: entry.fact == "access-denied",
            }
        })
        .collect())
}

fn fact(w: Words, fact: &str, payload: &Value) -> String {
    let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or("");
    let role = Role::parse(text("role")).map_or("", |role| role_name(w, role));
    match fact {
        "access-granted" => format!("{}: {}", w.people_access_granted(), text("what")),
        // A path runs from left to right inside the sentence, whichever way that runs.
        "access-denied" => format!("{}: \u{2068}{}\u{2069}", w.people_access_denied(), text("what")),
        "role-given" => w.people_fact_role_given(role),
        "role-offered" => w.people_fact_role_offered(role),
        "role-accepted" => w.people_fact_role_accepted(role),
        "role-suspended" => w.people_fact_role_suspended(role),
        "role-restored" => w.people_fact_role_restored(role),
        "role-ended" => w.people_fact_role_ended(role),
        "account-made" => w.people_fact_account_made().into(),
        "account-changed" => w.people_fact_account_changed().into(),
        "account-suspended" => w.people_fact_account_suspended().into(),
        "account-restored" => w.people_fact_account_restored().into(),
        "password-given" => w.people_fact_password_given().into(),
        "password-chosen" => w.people_fact_password_chosen().into(),
        "signed-in" => w.people_fact_signed_in().into(),
        "sign-in-failed" => w.people_fact_sign_in_failed().into(),
        "sessions-ended" => w.people_fact_session_ended().into(),
        "second-proof-set" | "second-proof-removed" | "recovery-code-used" => w.people_fact_second().into(),
        "mobile-changed" => w.people_fact_account_changed().into(),
        "passkey-added" | "passkey-removed" => w.people_fact_passkey().into(),
        "sign-on-bound" | "sign-on-unbound" => w.people_fact_sign_on().into(),
        _ => w.people_fact_other().into(),
    }
}
