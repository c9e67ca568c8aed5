//! Every button of the desk. What a button means stands in its value: `save`, `join:CODE`, `end:CODE` ...

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use door::{Door, Failure, Form, Signed};
use language::{Lang, TrackingCode};
use people::Act;
use requests::calls::{self, Call, CallError, CallId, CallRefusal, RegisterError, WrapUp};
use requests::incidents::IncidentId;
use requests::{Refusal, RequestId, find};
use storage::Tx;

use super::after;
use super::open::{Showing, show};
use super::typed::Typed;
use crate::ask::Ask;
use crate::page::Page;
use crate::refusals::{self, About};
use crate::report::Wrong;

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Do {
    /// Only look: the button for browsers without script.
    Look,
    /// Begin a call by hand.
    Begin,
    Save,
    /// Stand behind somebody else's request.
    Join(TrackingCode),
    /// Register it as part of an incident.
    Belong(IncidentId),
    /// Say more about one's own.
    Add(TrackingCode),
    /// It is not ours: the code of another door.
    Told(String),
    /// It ends without a request, or the code of an ended call is corrected.
    End(WrapUp),
    /// Call a missed caller back.
    Back(CallId),
}

impl Do {
    fn of(value: &str) -> Do {
        let (what, which) = value.split_once(':').unwrap_or((value, ""));
        let code = TrackingCode::parse(which).ok();
        match (what, code) {
            ("begin", _) => Do::Begin,
            ("save", _) => Do::Save,
            ("join", Some(code)) => Do::Join(code),
            ("belong", _) => which.parse().map_or(Do::Look, |id| Do::Belong(IncidentId(id))),
            ("add", Some(code)) => Do::Add(code),
            ("told", _) => Do::Told(which.to_owned()),
            ("end", _) => WrapUp::parse(which).map_or(Do::Look, Do::End),
            ("back", _) => which.parse().map_or(Do::Look, |id| Do::Back(CallId(id))),
            _ => Do::Look,
        }
    }
}

/// Where it leads.
enum Did {
    /// To an open call.
    Open(CallId),
    /// To what is said after a call.
    After(CallId),
    /// To the empty desk.
    Free,
}

/// `POST /desk`.
pub async fn take(
    State(door): State<Door>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let what = match form.text("do") {
        // The list of endings after a call is a choice beside one button.
        "end" => Do::of(&format!("end:{}", form.text("ending"))),
        value => Do::of(value),
    };
    let typed = Typed::of_form(&form);
    if what == Do::Look {
        let call = typed.call;
        return show(&door, signed, ask, Showing { typed: Some(typed), call, ..Showing::default() }).await;
    }
    let (act, jurisdiction, lang) = (signed.act(&door), signed.jurisdiction, ask.lang);
    let doing = typed.clone();
    let done = door.db.write(move |tx: &mut Tx<'_>| do_it(tx, &act, jurisdiction, lang, &doing, &what)).await;
    let (refusals, refusal) = match done {
        Ok(Did::Open(id)) => return Ok(go(&ask, &format!("/desk?call={}", id.0))),
        Ok(Did::After(id)) => return Ok(go(&ask, &format!("/desk?done={}", id.0))),
        Ok(Did::Free) => return Ok(go(&ask, "/desk")),
        Err(RegisterError::Refused(refusals)) => (refusals, None),
        Err(RegisterError::Call(refusal)) => (Vec::new(), Some(refusal)),
        Err(RegisterError::Denied(_)) => return Ok(door::Refusal::Denied.into_response()),
        Err(RegisterError::Failure(failure)) => return Err(failure.into()),
    };
    again(&door, signed, ask, typed, refusals, refusal).await
}

/// The page again, with what was typed and what is wrong with it.
async fn again(
    door: &Door,
    signed: Signed,
    ask: Ask,
    mut typed: Typed,
    refusals: Vec<Refusal>,
    refusal: Option<CallRefusal>,
) -> Result<Response, Failure> {
    let (w, jurisdiction, service) = (ask.words(), signed.jurisdiction, typed.service.clone());
    if refusals.iter().any(|r| matches!(r, Refusal::KeyReused | Refusal::KeyTooLong)) {
        // What was sent before stays sent; with a new key this becomes a request of its own, if they want it.
        typed.key = String::new();
    }
    let wrong = door
        .db
        .read(move |tx| -> Result<Vec<Wrong>, Failure> {
            let catalogue = requests::catalogue(tx, jurisdiction)?;
            let atlas = territory::atlas(tx, jurisdiction)?;
            let about = About { w, atlas: &atlas, service: catalogue.by_code(&service) };
            let mut wrong: Vec<Wrong> = refusals
                .iter()
                .map(|r| Wrong { id: field(&refusals::field_id(r)), sentence: refusals::sentence(&about, r) })
                .collect();
            if let Some(refusal) = refusal {
                let id = if refusal == CallRefusal::NothingSaid { "words" } else { "main" };
                wrong.push(Wrong { id: id.into(), sentence: after::sentence(w, &refusal) });
            }
            Ok(wrong)
        })
        .await?;
    let call = typed.call;
    show(door, signed, ask, Showing { typed: Some(typed), call, wrong, done: None }).await
}

/// The field of this page that a refusal stands beside; the names of the citizens' form are others.
fn field(id: &str) -> String {
    match id {
        "service" => "service_q",
        "division" | "address_string" => "place",
        "description" => "words",
        "phone" => "mobile",
        "first_name" => "name",
        other => other,
    }
    .to_owned()
}

fn do_it(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    lang: Lang,
    typed: &Typed,
    what: &Do,
) -> Result<Did, RegisterError> {
    match what {
        Do::Look => Ok(Did::Free),
        Do::Begin => {
            let call = call_of(tx, act, jurisdiction, typed)?;
            Ok(Did::Open(call))
        }
        Do::Save => {
            let catalogue = requests::catalogue(tx, jurisdiction)?;
            let draft = typed.draft(jurisdiction, &catalogue, lang);
            let id = call_of(tx, act, jurisdiction, typed)?;
            calls::register(tx, act, jurisdiction, id, &draft)?;
            Ok(Did::After(id))
        }
        Do::Belong(incident) => {
            let catalogue = requests::catalogue(tx, jurisdiction)?;
            let draft = typed.draft(jurisdiction, &catalogue, lang);
            let id = call_of(tx, act, jurisdiction, typed)?;
            calls::register_in(tx, act, jurisdiction, id, &draft, *incident)?;
            Ok(Did::After(id))
        }
        Do::Join(code) => {
            let request = request(tx, jurisdiction, *code)?;
            let id = call_of(tx, act, jurisdiction, typed)?;
            calls::join(tx, act, jurisdiction, id, request, &typed.mobile, &typed.words)?;
            Ok(Did::After(id))
        }
        Do::Add(code) => {
            let request = request(tx, jurisdiction, *code)?;
            let id = call_of(tx, act, jurisdiction, typed)?;
            calls::add(tx, act, jurisdiction, id, request, &typed.words)?;
            Ok(Did::After(id))
        }
        Do::Told(other) => {
            let id = call_of(tx, act, jurisdiction, typed)?;
            calls::told_elsewhere(tx, act, jurisdiction, id, other)?;
            Ok(Did::Free)
        }
        Do::End(code) => {
            let id = call_of(tx, act, jurisdiction, typed)?;
            calls::wrap_up(tx, act, jurisdiction, id, *code)?;
            Ok(Did::Free)
        }
        Do::Back(missed) => {
            // What is being written stays with its call.
            if let Some(call) = typed.call_id().filter(|_| !typed.is_empty()) {
                calls::keep_draft(tx, act, jurisdiction, call, &typed.to_draft())?;
            }
            Ok(Did::Open(calls::call_back(tx, act, jurisdiction, *missed)?.id))
        }
    }
}

/// The call that the form belongs to; one begins when there is none, with what was typed so far.
fn call_of(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, typed: &Typed) -> Result<CallId, CallError> {
    if let Some(call) = typed.call_id() {
        return Ok(call);
    }
    let number = if typed.caller.trim().is_empty() { &typed.mobile } else { &typed.caller };
    let call: Call = calls::begin(tx, act, jurisdiction, number)?;
    if !typed.is_empty() {
        calls::keep_draft(tx, act, jurisdiction, call.id, &typed.to_draft())?;
    }
    Ok(call.id)
}

fn request(tx: &mut Tx<'_>, jurisdiction: i64, code: TrackingCode) -> Result<RequestId, RegisterError> {
    let found = find::by_code(tx, jurisdiction, code)?;
    found.map(|request| request.id).ok_or(RegisterError::Call(CallRefusal::RequestNotFound))
}

/// `POST /desk/draft`: keeps what was typed with its call, which begins if there is none. Answers the call.
pub async fn keep(State(door): State<Door>, signed: Signed, form: Form) -> Result<Response, Failure> {
    let (typed, act, jurisdiction) = (Typed::of_form(&form), signed.act(&door), signed.jurisdiction);
    let kept = door
        .db
        .write(move |tx: &mut Tx<'_>| -> Result<Option<CallId>, CallError> {
            if typed.call.is_none() && typed.is_empty() {
                return Ok(None);
            }
            let id = call_of(tx, &act, jurisdiction, &typed)?;
            calls::keep_draft(tx, &act, jurisdiction, id, &typed.to_draft())?;
            Ok(Some(id))
        })
        .await;
    let (status, call) = match kept {
        Ok(call) => (http::StatusCode::OK, call.map(|id| id.0.to_string())),
        Err(error) => {
            // The call was wrapped up in another window, or is a colleague's: there is nothing to keep it with.
            after::refused(error)?;
            (http::StatusCode::CONFLICT, None)
        }
    };
    let headers = [(http::header::CONTENT_TYPE, "application/json; charset=utf-8")];
    let body = serde_json::to_vec(&serde_json::json!({ "call": call })).map_err(Failure::new)?;
    Ok((status, headers, body).into_response())
}

/// `POST /desk/seat`: at which telephone somebody sits; nothing written means at none.
pub async fn seat(
    State(door): State<Door>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, jurisdiction) = (signed.act(&door), signed.jurisdiction);
    let extension = form.text("extension").trim().to_owned();
    let sat = door
        .db
        .write(move |tx: &mut Tx<'_>| match extension.as_str() {
            "" => calls::stand_up(tx, &act, jurisdiction),
            extension => calls::sit(tx, &act, jurisdiction, extension).map(|_| ()),
        })
        .await;
    match sat {
        Ok(()) => Ok(go(&ask, "/desk")),
        Err(error) => {
            after::refused(error)?;
            Ok(go(&ask, "/desk?seat=wrong"))
        }
    }
}

fn go(ask: &Ask, path: &str) -> Response {
    let city = Some(ask.city_code()).filter(|c| !c.is_empty());
    let page = Page::new(ask.words(), None, city, "", "", "");
    Redirect::to(&page.url(path).to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_says_what_it_does() {
        let code = TrackingCode::from_random(7);
        let check = |value: &str, is: Do| assert_eq!(Do::of(value), is, "{value}");
        check("save", Do::Save);
        check("", Do::Look);
        check("nonsense", Do::Look);
        check(&format!("join:{code}"), Do::Join(code));
        check("join:123", Do::Look);
        check("belong:12", Do::Belong(IncidentId(12)));
        check("belong:x", Do::Look);
        check("end:silent", Do::End(WrapUp::Silent));
        check("end:nothing", Do::Look);
        check("told:power", Do::Told("power".into()));
        check("back:12", Do::Back(CallId(12)));
        check("back:x", Do::Look);
    }
}
