//! What waits for a supervisor's look.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use dispatch::contracts::money::parse_thousandths;
use dispatch::contracts::{self, ContractError, LineState, Verdict};
use door::{Door, Failure, Form, Signed};
use people::Permission;

use super::{Told, after, show, shut};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

/// Orders on one page.
const MOST: u32 = 50;

#[derive(Template)]
#[template(path = "contractors/checks.html")]
struct Checks<'a> {
    page: Page<'a>,
    done: Option<&'static str>,
    wrong: Wrongs,
    orders: Vec<Order>,
    may_manage: bool,
}

struct Order {
    code: String,
    path: String,
    title: String,
    address: String,
    contractor: String,
    look: String,
    look_code: String,
    signed: String,
    lines: Vec<Line>,
}

pub struct Line {
    pub id: i64,
    pub version: i64,
    pub item: String,
    pub quantity: String,
    pub certified: String,
    pub unit: String,
    pub amount: String,
    pub measured: String,
    pub note: String,
    pub flags: Vec<String>,
    /// Addresses of the picture and its small copy.
    pub photo: Option<(String, String)>,
    pub state: String,
    pub tone: &'static str,
    pub words: String,
    pub is_waiting: bool,
    pub is_decided: bool,
}

/// The lines of an order as staff and the contractor see them. `photos` is what their addresses begin with.
pub fn lines(w: words::Words, sheet: &contracts::Sheet, photos: &str) -> Vec<Line> {
    let lang = w.lang();
    let line = |line: &contracts::Line| {
        let list = contracts::prices_on(&sheet.prices, line.measured_on);
        let item = list.and_then(|list| list.item(&line.item));
        Line {
            id: line.id,
            version: line.version,
            item: item.map_or(line.item.clone(), |item| show::item(item, lang)),
            quantity: show::quantity(line.quantity, lang),
            certified: show::quantity(line.certified, lang),
            unit: item.map(|item| item.unit.clone()).unwrap_or_default(),
            amount: sheet.worth(line).map_or("–".to_owned(), |amount| show::rial(w, amount)),
            measured: match line.measured_by.as_str() {
                "" => show::day(line.measured_on, lang),
                by => w.contractors_measured_by(by, &show::day(line.measured_on, lang)),
            },
            note: line.note.clone(),
            flags: line.flags.iter().map(|flag| show::named(w, "flag", flag)).collect(),
            photo: line.photo.as_ref().map(|photo| {
                let small = line.thumbnail.as_ref().unwrap_or(photo);
                (format!("{photos}/{}/{photo}.jpg", line.id), format!("{photos}/{}/{small}.jpg", line.id))
            }),
            state: show::named(w, "line", line.state.code()),
            tone: show::line_tone(line.state),
            words: line.words.clone(),
            is_waiting: matches!(line.state, LineState::Submitted | LineState::Reopened),
            is_decided: matches!(line.state, LineState::Certified | LineState::Partly | LineState::Rejected),
        }
    };
    sheet.lines.iter().map(line).collect()
}

/// `GET /contracts/checks`.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, lang, city) = (ask.words(), ask.lang, here.city());
        let (units, kinds) = (people::units::all(tx, city.id)?, dispatch::job_types::kinds(tx, city.id)?);
        let mut orders = Vec::new();
        for waiting in contracts::to_check(tx, &act, city.id, MOST)? {
            let Some(sheet) = contracts::sheet(tx, city.id, waiting.offer.id, act.at)? else { continue };
            let work = &sheet.work;
            let look = if waiting.lines.iter().any(|l| l.state == LineState::Reopened) {
                "reopened"
            } else {
                waiting.offer.look.as_str()
            };
            orders.push(Order {
                code: language::digits::shown(&work.code, lang),
                path: format!("/contracts/orders/{}", work.code),
                title: kinds.name(&work.job_type, lang),
                address: work.address.clone(),
                contractor: show::unit_name(&units, waiting.offer.contractor, lang),
                look: show::named(w, "look", look),
                look_code: look.to_owned(),
                signed: match waiting.offer.signed_at {
                    Some(at) => {
                        w.contractors_signed(&waiting.offer.signed_by, &show::moment(at, lang, &city.zone))
                    }
                    None => String::new(),
                },
                lines: lines(w, &sheet, "/contracts/lines"),
            });
        }
        let told = Told::of(ask);
        let html = render(&Checks {
            page: here.staff(ask, &signed, w.contractors_checks_title()),
            done: told.done,
            wrong: told.wrong,
            orders,
            may_manage: signed.may_somewhere(Permission::ManageContracts),
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

/// `POST /contracts/checks/{line}`: a verdict, or an approval made void.
pub async fn decide(
    State(door): State<Door>,
    Path(line): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let seen = form.text("version").parse().unwrap_or(0);
    let words = form.text("words").to_owned();
    let back = match form.text("order").trim() {
        "" => "/contracts/checks".to_owned(),
        code => {
            format!("/contracts/orders/{}", percent_encoding::utf8_percent_encode(code, crate::page::PLAIN))
        }
    };
    let (verdict, done) = match form.text("do") {
        "certify" => (Some(Verdict::Certify), "certified"),
        "partly" => {
            let quantity = parse_thousandths(form.text("quantity")).unwrap_or(0);
            (Some(Verdict::Partly { quantity, words: words.clone() }), "partly")
        }
        "reject" => (Some(Verdict::Reject { words: words.clone() }), "rejected"),
        "reopen" => (None, "reopened"),
        _ => return shut(&door, ask, ContractError::NotFound).await,
    };
    let decided = door
        .db
        .write(move |tx| match &verdict {
            Some(verdict) => contracts::check(tx, &act, city, line, seen, verdict),
            None => contracts::reopen(tx, &act, city, line, seen, &words),
        })
        .await;
    after(&door, ask, decided.map(|()| done), back).await
}
