//! A program sends a request.
//!
//! FixMyStreet and its kin strip nothing, retry after a time-out and put their own number into an attribute, so that
//! number is the natural key of the report; any sender may use `Idempotency-Key` as well. What we cannot use is named
//! in `service_notice` and does not cost the citizen the report.

use axum::extract::{FromRequest, Request};
use door::forms::NoForm;
use door::{Budget, Form};
use language::{Lang, digits, mobile};
use people::Actor;
use requests::{Channel, Contact, Draft, Kind, PlaceDraft, SubmitError};
use words::Words;

use super::answer::Value;
use super::{Answer, Call};
use crate::native::filter::decimal;
use crate::photos::{self, NotKept};
use crate::problem::{FieldError, No};
use crate::state::Api;
use crate::{refusals, who};

/// What FixMyStreet sends with every report, whether a service asks for it or not.
const FIXMYSTREET: [&str; 8] = [
    "fixmystreet_id",
    "title",
    "detail",
    "report_url",
    "easting",
    "northing",
    "closest_address",
    "external_url",
];

pub(crate) async fn read_form(request: Request, api: &Api) -> Result<Form, No> {
    Form::from_request(request, api).await.map_err(|no| match no {
        NoForm::Refused(refusal) => refusal.into(),
        NoForm::Failed(failure) => failure.into(),
    })
}

/// The holder of the key that a write carries, in the body, the address or a header.
pub(crate) async fn sender(call: &Call, form: &Form, city: i64, lang: Lang) -> Result<Actor, No> {
    let in_form = form.get("api_key").map(str::trim).filter(|key| !key.is_empty());
    let key = in_form.or(call.given("api_key")).or_else(|| who::bearer(&call.headers));
    let Some(key) = key.map(str::to_owned) else {
        let code = "key-missing";
        let message = refusals::by_code(lang, code);
        return Err(No::Refused(vec![FieldError { code: code.into(), field: "api_key".into(), message }]));
    };
    let door = call.api.door.clone();
    let found = call.api.door.db.read(move |tx| who::actor(tx, &door.limits, city, Some(&key))).await;
    if matches!(found, Err(No::KeyWrong)) {
        call.api.door.limits.check(Budget::Submit, call.client)?;
    }
    found
}

pub(crate) async fn create(call: &Call, request: Request) -> Result<Answer, No> {
    let form = read_form(request, &call.api).await?;
    let city = call.city(Some(&form)).await?;
    let lang = call.lang(&city);
    let actor = sender(call, &form, city.id, lang).await?;
    let mut notices: Vec<&'static str> = Vec::new();
    let mut draft = draft_of(&form, city.id, lang, &actor, &mut notices);
    draft.idempotency_key =
        call.headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let refused = |refusal| No::Refused(vec![photo_error(lang, refusal)]);
    let sent = photos::of_form(&form).map_err(refused)?;
    if sent.elsewhere > 0 {
        notices.push(Words(lang).api_notice_elsewhere());
    }
    if sent.left_out > 0 {
        notices.push(Words(lang).api_notice_left_out());
    }
    // What the city refuses is refused before its pictures are worked on.
    let draft = checked(call, draft, lang).await?;
    if call.trial {
        notices.push(Words(lang).api_notice_trial());
        return Ok(one("token", "trial".into(), &notices));
    }
    let mut draft = draft;
    draft.photos = match photos::keep(&call.api.door, call.client, sent.pictures).await {
        Ok(photos) => photos,
        Err(NotKept::Refused(refusal)) => return Err(refused(refusal)),
        Err(NotKept::No(no)) => return Err(no),
    };
    let act = call.api.door.act(actor);
    let who = act.clone();
    let submitted = call
        .api
        .door
        .db
        .write(move |tx| -> Result<_, No> {
            requests::submit(tx, &act, &draft).map_err(|error| match error {
                SubmitError::Refused(refused) => match territory::atlas(tx, draft.jurisdiction) {
                    Ok(atlas) => No::Refused(refusals::fields(lang, &atlas, &refused)),
                    Err(error) => error.into(),
                },
                SubmitError::Denied(denied) => denied.into(),
                SubmitError::Failure(error) => error.into(),
            })
        })
        .await;
    // The key came in the body, where nobody on the way out sees it.
    if let Err(No::Denied(denied)) = &submitted {
        call.api.door.note_denied(who, city.id, "/open311/v2/requests", denied.permission).await;
    }
    let submitted = submitted?;
    Ok(one("service_request_id", submitted.code.to_string(), &notices))
}

async fn checked(call: &Call, draft: Draft, lang: Lang) -> Result<Draft, No> {
    call.api
        .door
        .db
        .read(move |tx| -> Result<Draft, No> {
            let refused = requests::check(tx, &draft)?;
            if refused.is_empty() {
                return Ok(draft);
            }
            let atlas = territory::atlas(tx, draft.jurisdiction)?;
            Err(No::Refused(refusals::fields(lang, &atlas, &refused)))
        })
        .await
}

fn one(name: &'static str, id: String, notices: &[&str]) -> Answer {
    let value = Value::Object(vec![
        (name, Value::Text(id)),
        ("service_notice", Value::text(notices.join(" "))),
        ("account_id", Value::Null),
    ]);
    ("service_requests", Value::List("request", vec![value]))
}

fn photo_error(lang: Lang, refusal: requests::photos::PhotoRefusal) -> FieldError {
    let code = photos::code(refusal);
    FieldError { code: code.into(), field: "media".into(), message: refusals::by_code(lang, code) }
}

fn draft_of(form: &Form, city: i64, lang: Lang, actor: &Actor, notices: &mut Vec<&'static str>) -> Draft {
    let text = |name: &str| form.text(name).trim().to_owned();
    let mut draft = Draft::new(city, Channel::Open311, lang);
    draft.kind = Kind::parse(form.text("kind").trim()).unwrap_or(Kind::Request);
    draft.service_code = text("service_code");
    draft.words = text("description");
    let coordinate =
        |name: &str| form.get(name).map(str::trim).filter(|value| !value.is_empty()).map(decimal);
    draft.place = PlaceDraft {
        point: match (coordinate("lat"), coordinate("long")) {
            (None, None) => None,
            // What is no number is refused as impossible, beside its field.
            (lat, long) => Some((lat.flatten().unwrap_or(f64::NAN), long.flatten().unwrap_or(f64::NAN))),
        },
        division: digits::to_ascii(form.text("address_id").trim()).parse::<i64>().ok(),
        address: text("address_string"),
    };
    draft.contact = contact_of(form, lang, notices);
    let mut answers: Vec<(String, Vec<String>)> = Vec::new();
    for (code, value) in form.bracketed("attribute").filter(|(code, _)| !FIXMYSTREET.contains(code)) {
        match answers.iter_mut().find(|(known, _)| known == code) {
            Some((_, values)) => values.push(value.to_owned()),
            None => answers.push((code.to_owned(), vec![value.to_owned()])),
        }
    }
    draft.answers = answers;
    let theirs = form.bracketed("attribute").find(|(code, _)| *code == "fixmystreet_id");
    let theirs = theirs
        .map(|(_, id)| language::display::clean_line(id))
        .filter(|id| !id.is_empty() && id.len() <= 200);
    if let (Some(id), Actor::Key { id: key, .. }) = (theirs, actor) {
        // Two senders may count from one, so the number is unique within the key only.
        draft.source = Some((format!("fixmystreet:{key}"), id));
    }
    draft
}

fn contact_of(form: &Form, lang: Lang, notices: &mut Vec<&'static str>) -> Contact {
    let text = |name: &str| form.text(name).trim();
    // A last name is often `-`, because a form somewhere demanded one.
    let names: Vec<&str> =
        ["first_name", "last_name"].map(text).into_iter().filter(|name| !matches!(*name, "" | "-")).collect();
    let mut mobile = text("phone").to_owned();
    if !mobile.is_empty() && mobile::parse(&mobile).is_err() {
        // A telephone at home, or one of another country: no reason to lose the report.
        mobile.clear();
        notices.push(Words(lang).api_notice_phone());
    }
    Contact {
        name: names.join(" "),
        mobile,
        email: text("email").to_owned(),
        device: text("device_id").to_owned(),
        account: text("account_id").to_owned(),
    }
}
