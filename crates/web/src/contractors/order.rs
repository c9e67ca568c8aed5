//! One order as the city gives it to a contractor, takes it back and looks at what was measured.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use dispatch::contracts::{self, ContractError};
use dispatch::{Seen, orders};
use door::{Door, Failure, Form, Signed};
use people::Permission;

use super::checks::{self, Line};
use super::{Told, after, show};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

/// Hours that a link lives.
const LINK_HOURS: i64 = 48;

#[derive(Template)]
#[template(path = "contractors/order.html")]
struct Order<'a> {
    page: Page<'a>,
    done: Option<&'static str>,
    wrong: Wrongs,
    base: String,
    /// As the address writes it.
    code: String,
    version: i64,
    title: String,
    address: String,
    words: String,
    facts: Vec<(&'static str, String)>,
    /// The contracts under which it may be given, when nobody has it.
    fitting: Option<Vec<(i64, String)>>,
    offer: Option<Offer>,
    lines: Vec<Line>,
    may_check: bool,
    /// The address of a link that was made just now; it is shown once.
    link: Option<String>,
}

struct Offer {
    id: i64,
    contractor: String,
    contract: String,
    path: String,
    state: String,
    tone: &'static str,
    facts: Vec<(&'static str, String)>,
    can_take_back: bool,
    can_link: bool,
    has_link: bool,
}

/// `GET /contracts/orders/{code}`.
pub async fn page(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let told = Told::of(&ask);
    screen(&door, code, signed, ask, told, None).await
}

async fn screen(
    door: &Door,
    code: String,
    signed: Signed,
    ask: Ask,
    told: Told,
    link: Option<String>,
) -> Result<Response, Failure> {
    let act = signed.act(door);
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, lang, city) = (ask.words(), ask.lang, here.city());
        let Some(order) = orders::by_code(tx, city.id, &code)? else { return Ok(Answer::Missing) };
        let may_check = act.may(Permission::CheckWork, order.place());
        // Whoever may do nothing here is told nothing either.
        if !act.may(Permission::Dispatch, order.place()) && !may_check {
            return Ok(Answer::Missing);
        }
        let (units, kinds) = (people::units::all(tx, city.id)?, dispatch::job_types::kinds(tx, city.id)?);
        let found = contracts::offer_by_code(tx, city.id, &code)?;
        let mut lines = Vec::new();
        let mut shown = None;
        if let Some((offer, work)) = found {
            let sheet = contracts::sheet(tx, city.id, offer.id, act.at)?;
            lines =
                sheet.as_ref().map(|sheet| checks::lines(w, sheet, "/contracts/lines")).unwrap_or_default();
            let links = contracts::links_of(tx, city.id, offer.id)?;
            let is_open = offer.state.is_open() && offer.signed_at.is_none();
            let at = |name, at: Option<calendar::Timestamp>| {
                at.map(|at| (name, show::moment(at, lang, &city.zone)))
            };
            let mut facts: Vec<(&'static str, String)> = [
                at(w.contractors_offered_at(), Some(offer.offered_at)),
                at(w.contractors_answer_by(), Some(offer.answer_by).filter(|_| offer.answered_at.is_none())),
                at(w.contractors_answered_at(), offer.answered_at),
                at(w.contractors_arrive_by(), offer.arrive_by),
                at(w.contractors_arrived_at(), work.on_site_at),
                at(w.contractors_ended_at(), work.ended_at),
                at(w.contractors_taken_back_at(), offer.taken_back_at),
            ]
            .into_iter()
            .flatten()
            .collect();
            if let Some(at) = offer.signed_at {
                facts.push((
                    w.contractors_signature(),
                    w.contractors_signed(&offer.signed_by, &show::moment(at, lang, &city.zone)),
                ));
            }
            if !offer.reason.is_empty() {
                facts.push((w.contractors_reason(), offer.reason.clone()));
            }
            let contract = contracts::by_id(tx, city.id, offer.contract)?;
            shown = Some(Offer {
                id: offer.id,
                contractor: show::unit_name(&units, offer.contractor, lang),
                contract: contract.as_ref().map_or(String::new(), |c| c.title_fa.clone()),
                path: contract.map_or(String::new(), |c| format!("/contracts/{}", c.code)),
                state: show::named(w, "offer", offer.state.code()),
                tone: show::offer_tone(offer.state),
                facts,
                can_take_back: is_open && work.ended_at.is_none(),
                can_link: is_open,
                has_link: links.iter().any(|link| link.is_open(act.at)),
            });
        }
        let is_free = order.status == dispatch::OrderStatus::Open && order.contractor.is_none();
        let fitting = if is_free {
            let fitting = contracts::contracts_for(tx, city.id, order.district, order.service, act.at)?;
            let name = |c: &contracts::Contract| {
                format!("{} · {}", show::unit_name(&units, c.contractor, lang), c.title_fa)
            };
            Some(fitting.iter().map(|c| (c.id, name(c))).collect())
        } else {
            None
        };
        let shown_code = language::digits::shown(&order.code, lang);
        let title = w.contractors_order_title(&shown_code);
        let base = format!("/contracts/orders/{code}");
        let html = render(&Order {
            page: here.staff(ask, &signed, &title).at(&base, ""),
            done: told.done,
            wrong: told.wrong,
            base: base.clone(),
            code: order.code.clone(),
            version: order.version,
            title: kinds.name(&order.job_type, lang),
            address: order.address.clone(),
            words: order.words.clone(),
            facts: vec![
                (w.contractors_urgency(), show::named(w, "urgency", order.urgency.code())),
                (w.contractors_made_at(), show::moment(order.made_at, lang, &city.zone)),
            ],
            fitting,
            offer: shown,
            lines,
            may_check,
            link,
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

/// `POST /contracts/orders/{code}/give`.
pub async fn give(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city, known) = (signed.act(&door), signed.jurisdiction, code.clone());
    let (contract, seen) =
        (form.text("contract").parse().unwrap_or(0), form.text("version").parse().unwrap_or(0));
    let given = door
        .db
        .write(move |tx| {
            let order = orders::by_code(tx, city, &known)?.ok_or(ContractError::NotFound)?;
            contracts::give(tx, &act, city, order.id, contract, Seen(seen))
        })
        .await;
    after(&door, ask, given.map(|_| "given"), format!("/contracts/orders/{code}")).await
}

/// `POST /contracts/orders/{code}/back`.
pub async fn take_back(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let (offer, reason) = (form.text("offer").parse().unwrap_or(0), form.text("reason").to_owned());
    let taken = door.db.write(move |tx| contracts::take_back(tx, &act, city, offer, &reason)).await;
    after(&door, ask, taken.map(|()| "taken-back"), format!("/contracts/orders/{code}")).await
}

/// `POST /contracts/orders/{code}/link`: makes a link and shows it once, or ends every link.
pub async fn link(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let offer = form.text("offer").parse().unwrap_or(0);
    let back = format!("/contracts/orders/{code}");
    if form.text("do") == "revoke" {
        let ended = door.db.write(move |tx| contracts::revoke_link(tx, &act, city, offer)).await;
        return after(&door, ask, ended.map(|()| "revoked"), back).await;
    }
    let made = door.db.write(move |tx| contracts::make_link(tx, &act, city, offer, LINK_HOURS)).await;
    match made {
        Ok(key) => {
            let path = crate::sign_in::address(&ask, &format!("/contractor/link/{key}"));
            let link = door.address(&path);
            let told = Told { done: Some(ask.words().contractors_done_link()), wrong: Wrongs::default() };
            screen(&door, code, signed, ask, told, Some(link)).await
        }
        Err(error) => after(&door, ask, Err(error), back).await,
    }
}
