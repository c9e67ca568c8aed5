//! A citizen's own data: on a page, as a file to take along, and a button to be forgotten.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use calendar::words as dates;
use door::{Door, Failure, Form, Signed};
use http::{HeaderValue, StatusCode, header};
use people::accounts;
use requests::privacy::mine::{self, Mine};
use requests::{Catalogue, catalogue};
use serde_json::{Value, json};
use storage::Tx;

use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::parts::{Badge, Code, badge, code};
use crate::requests::{divisions, line, title};

#[derive(Template)]
#[template(path = "privacy/data.html")]
struct Data<'a> {
    page: Page<'a>,
    name: String,
    mobile: String,
    rows: Vec<Row>,
    followed: Vec<Code>,
    held: usize,
    said: String,
    wrong: &'a str,
    is_staff: bool,
}

/// The last page of somebody whose account is no more.
#[derive(Template)]
#[template(path = "privacy/gone.html")]
struct Gone<'a> {
    page: Page<'a>,
    words: String,
}

struct Row {
    path: String,
    code: Code,
    title: String,
    when: String,
    badge: Badge,
    words: String,
    place: String,
    contact: String,
    is_held: bool,
}

/// `GET /me/data`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let now = door.now();
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let w = ask.words();
        let number = |name| ask.field(name).parse::<i64>().ok().filter(|n| (0..10_000).contains(n));
        let said = match (number("forgotten"), number("held")) {
            (Some(done), Some(held)) if held > 0 => w.privacy_forgotten_but(done, held),
            (Some(done), _) => w.privacy_forgotten(done),
            _ => String::new(),
        };
        let html = show(tx, ask, here, &signed, &act, now, said, "")?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

fn show(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    act: &people::Act,
    now: calendar::Timestamp,
    said: String,
    wrong: &str,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city().id);
    let (catalogue, atlas) = (catalogue(tx, city)?, territory::atlas(tx, city)?);
    let account = accounts::by_id(tx, city, signed.account)?;
    let all = mine::all(tx, act, city)?;
    let followed = mine::followed(tx, act, city)?;
    let rows: Vec<Row> = all
        .iter()
        .map(|mine| {
            let request = &mine.request;
            let contact = [&mine.contact.name, &mine.contact.mobile, &mine.contact.email];
            Row {
                path: line::path(request.code),
                code: code(request.code, ask.lang, false),
                title: title(&catalogue, request, w).to_owned(),
                when: dates::date_time(ask.lang, request.requested_at, &atlas.jurisdiction.zone),
                badge: badge(w, request.status, request.is_overdue(now)),
                words: request.words.clone(),
                place: match divisions(&atlas, request.district, request.neighbourhood, ask.lang) {
                    within if request.address.is_empty() => within,
                    within => format!("{} · {within}", request.address),
                },
                contact: contact
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .join(" · "),
                is_held: mine.is_held,
            }
        })
        .collect();
    render(&Data {
        page: here.page(ask, w.privacy_data_title()).wrong(!wrong.is_empty()),
        name: signed.name.clone(),
        mobile: account.and_then(|a| a.mobile).unwrap_or_default(),
        held: rows.iter().filter(|row| row.is_held).count(),
        followed: followed
            .iter()
            .filter_map(|f| language::TrackingCode::parse(&f.code).ok())
            .map(|c| code(c, ask.lang, false))
            .collect(),
        rows,
        said,
        wrong,
        is_staff: signed.is_staff(),
    })
}

/// `GET /me/data.json`: the same, for machines and for keeping.
pub async fn download(State(door): State<Door>, signed: Signed) -> Result<Response, Failure> {
    let (act, city, account) = (signed.act(&door), signed.jurisdiction, signed.account);
    let now = door.now();
    let text = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let catalogue = catalogue(tx, city)?;
            let atlas = territory::atlas(tx, city)?;
            let known = accounts::by_id(tx, city, account)?;
            let mine: Vec<Value> =
                mine::all(tx, &act, city)?.iter().map(|mine| told(mine, &catalogue)).collect();
            let followed: Vec<Value> = mine::followed(tx, &act, city)?
                .iter()
                .map(|f| json!({ "code": f.code, "at": f.at.to_rfc3339_z(), "me_too": f.me_too }))
                .collect();
            let whole = json!({
                "city": atlas.jurisdiction.code,
                "made_at": now.to_rfc3339_z(),
                "account": known.map(|a| json!({
                    "name": a.name, "mobile": a.mobile, "email": a.email, "made_at": a.made_at.to_rfc3339_z(),
                })),
                "requests": mine,
                "followed": followed,
            });
            serde_json::to_string_pretty(&whole).map_err(Failure::new)
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"peyvand-data.json\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, text).into_response())
}

fn told(mine: &Mine, catalogue: &Catalogue) -> Value {
    let request = &mine.request;
    json!({
        "code": request.code.to_string(),
        "service_code": catalogue.service(request.service).map(|s| s.code.clone()),
        "kind": request.kind.code(),
        "status": request.status.code(),
        "channel": request.channel.code(),
        "requested_at": request.requested_at.to_rfc3339_z(),
        "due_at": request.due_at.map(|t| t.to_rfc3339_z()),
        "closed_at": request.closed_at.map(|t| t.to_rfc3339_z()),
        "is_public": request.is_public,
        "words": request.words,
        "answers": request.answers,
        "address": request.address,
        "lat": request.point.map(|p| p.lat),
        "long": request.point.map(|p| p.long),
        "contact": {
            "name": mine.contact.name, "mobile": mine.contact.mobile, "email": mine.contact.email,
            "device": mine.contact.device,
        },
        "held_by_law": mine.is_held,
        "history": mine.thread.iter().map(|knot| json!({
            "at": knot.at.to_rfc3339_z(), "fact": knot.fact, "by": knot.by.code(), "words": knot.text,
        })).collect::<Vec<_>>(),
    })
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// `POST /me/data`: every request forgets this person, and so does the account if they wish. The word that confirms it must be ticked.
pub async fn forget(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city, now) = (signed.act(&door), signed.jurisdiction, door.now());
    if form.get("sure").is_none() {
        return ask::answer(&door, ask, move |tx, ask, here| {
            let wrong = ask.words().privacy_forget_unsure();
            let html = show(tx, ask, here, &signed, &act, now, String::new(), wrong)?;
            Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
        })
        .await;
    }
    let (account, with_account) = (signed.account, form.get("account").is_some() && !signed.is_staff());
    let done = door
        .db
        .write(move |tx| -> Result<_, Failure> {
            let done = mine::forget(tx, &act, city)?;
            if with_account {
                accounts::forget(tx, &act, city, account).map_err(Failure::new)?;
            }
            Ok(done)
        })
        .await?;
    if with_account {
        return ask::answer(&door, ask, move |_, ask, here| {
            let w = ask.words();
            let page = here.page(ask, w.privacy_gone_title()).at("/", "");
            let words = match done.held {
                0 => w.privacy_gone(count(done.requests)),
                held => w.privacy_gone_but(count(done.requests), count(held)),
            };
            Ok(Answer::Page(NEVER, render(&Gone { page, words })?))
        })
        .await;
    }
    let to = format!("/me/data?forgotten={}&held={}", done.requests, done.held);
    let address = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            Ok(Here::find(tx, &ask)?.map(|here| here.page(&ask, "").url(&to).to_string()))
        })
        .await?;
    Ok(Redirect::to(address.as_deref().unwrap_or("/me/data")).into_response())
}
