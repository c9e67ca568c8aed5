//! An order as the contractor works on it: answer, arrive, finish, measure, sign. The same page serves an account and a
//! link; what differs is by what right somebody acts.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::Timestamp;
use dispatch::contracts::money::parse_thousandths;
use dispatch::contracts::{self, ContractError, Hand, NewLine, OfferState, Sheet};
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use language::digits;
use people::{Act, Permission, Where};
use storage::Tx;

use super::checks::{self, Line};
use super::{Told, show, shut, wrongs};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::sign_in::{address, go};
use crate::wrong::Wrongs;

/// Hours that a link lives which a contractor makes for its own people.
const LINK_HOURS: i64 = 48;

#[derive(Template)]
#[template(path = "contractors/work.html")]
struct Shown<'a> {
    page: Page<'a>,
    done: Option<&'static str>,
    wrong: Wrongs,
    action: String,
    back: Option<&'static str>,
    title: String,
    address: String,
    words: String,
    point: Option<(f64, f64)>,
    state: String,
    tone: &'static str,
    facts: Vec<(&'static str, String)>,
    is_unpaid: bool,
    can_answer: bool,
    arrivals: Vec<(i64, String)>,
    can_arrive: bool,
    can_finish: bool,
    can_measure: bool,
    can_sign: bool,
    items: Vec<(String, String)>,
    lines: Vec<Line>,
    sum: String,
    typed: Typed,
    can_link: bool,
    link: Option<String>,
}

/// What was typed about a line.
#[derive(Clone, Default)]
pub struct Typed {
    item: String,
    quantity: String,
    day: String,
    by: String,
    note: String,
    reason: String,
    name: String,
}

impl Typed {
    pub fn of(form: &Form) -> Typed {
        let text = |name: &str| form.text(name).trim().to_owned();
        Typed {
            item: text("item"),
            quantity: text("quantity"),
            day: text("day"),
            by: text("by"),
            note: text("note"),
            reason: text("reason"),
            name: text("name"),
        }
    }
}

/// What somebody wants to do with an order.
pub enum Deed {
    Accept { minutes: i64 },
    Refuse,
    Arrive,
    Finish,
    Measure { photo: Option<(String, String)> },
    Remove { line: i64 },
    Sign,
}

impl Deed {
    /// Reads the form; the photo is taken by the caller.
    pub fn of(form: &Form, photo: Option<(String, String)>) -> Option<Deed> {
        Some(match form.text("do").split_once(':').unwrap_or((form.text("do"), "")) {
            ("accept", _) => Deed::Accept { minutes: form.text("minutes").parse().unwrap_or(-1) },
            ("refuse", _) => Deed::Refuse,
            ("arrive", _) => Deed::Arrive,
            ("finish", _) => Deed::Finish,
            ("measure", _) => Deed::Measure { photo },
            ("remove", line) => Deed::Remove { line: line.parse().ok()? },
            ("sign", _) => Deed::Sign,
            _ => return None,
        })
    }

    /// Does it, and says under which code the page tells of it.
    pub fn run(
        &self,
        tx: &mut Tx<'_>,
        act: &Act,
        city: i64,
        offer: i64,
        typed: &Typed,
        hand: Hand<'_>,
    ) -> Result<&'static str, ContractError> {
        match self {
            Deed::Accept { minutes } => {
                // A number that was not chosen from the list is a moment long ago.
                let arrive_by = match minutes {
                    0..=86_400 => act.at.plus_minutes(*minutes),
                    _ => Timestamp(0),
                };
                contracts::accept(tx, act, city, offer, arrive_by, hand)?;
                Ok("accepted")
            }
            Deed::Refuse => {
                contracts::refuse(tx, act, city, offer, &typed.reason, hand)?;
                Ok("refused")
            }
            Deed::Arrive => {
                contracts::arrive(tx, act, city, offer, hand)?;
                Ok("arrived")
            }
            Deed::Finish => {
                contracts::finish(tx, act, city, offer, hand)?;
                Ok("finished")
            }
            Deed::Measure { photo } => {
                let line = NewLine {
                    item: typed.item.clone(),
                    quantity: parse_thousandths(&typed.quantity),
                    measured_on: show::read_day(&typed.day),
                    measured_by: typed.by.clone(),
                    note: typed.note.clone(),
                    photo: photo.clone(),
                };
                contracts::add_line(tx, act, city, offer, &line, hand)?;
                Ok("measured")
            }
            Deed::Remove { line } => {
                contracts::remove_line(tx, act, city, offer, *line, hand)?;
                Ok("removed")
            }
            Deed::Sign => {
                contracts::sign(tx, act, city, offer, &typed.name, hand)?;
                Ok("signed")
            }
        }
    }
}

/// How the page differs between an account and a link.
pub struct Door_<'s> {
    /// None for whoever came by a link.
    pub signed: Option<&'s Signed>,
    pub action: String,
    pub photos: String,
}

/// Draws the page of an order.
#[allow(clippy::too_many_arguments)]
pub fn draw(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    way: &Door_<'_>,
    sheet: &Sheet,
    now: Timestamp,
    told: Told,
    typed: Typed,
    link: Option<String>,
) -> Result<String, Failure> {
    let (w, lang, city) = (ask.words(), ask.lang, here.city());
    let kinds = dispatch::job_types::kinds(tx, city.id)?;
    let (offer, work) = (&sheet.offer, &sheet.work);
    let is_working = offer.state == OfferState::Accepted && offer.signed_at.is_none();
    let at = |name, at: Option<Timestamp>| at.map(|at| (name, show::moment(at, lang, &city.zone)));
    let mut facts: Vec<(&'static str, String)> = [
        at(w.contractors_offered_at(), Some(offer.offered_at)),
        at(w.contractors_answer_by(), Some(offer.answer_by).filter(|_| offer.answered_at.is_none())),
        at(w.contractors_arrive_by(), offer.arrive_by),
        at(w.contractors_arrived_at(), work.on_site_at.filter(|_| is_working || offer.signed_at.is_some())),
        at(w.contractors_ended_at(), work.ended_at.filter(|_| is_working || offer.signed_at.is_some())),
    ]
    .into_iter()
    .flatten()
    .collect();
    facts.insert(0, (w.contractors_urgency(), show::named(w, "urgency", work.urgency.code())));
    if let Some(at) = offer.signed_at {
        facts.push((
            w.contractors_signature(),
            w.contractors_signed(&offer.signed_by, &show::moment(at, lang, &city.zone)),
        ));
    }
    if !offer.reason.is_empty() {
        facts.push((w.contractors_reason(), offer.reason.clone()));
    }
    let (state, tone) = match offer.signed_at {
        Some(_) => (w.contractors_offer_signed().to_owned(), "active"),
        None => (show::named(w, "offer", offer.state.code()), show::offer_tone(offer.state)),
    };
    let list = contracts::prices_on(&sheet.prices, sheet.today);
    let sum =
        sheet.lines.iter().map(|line| sheet.worth(line)).try_fold(0_i64, |sum, line| sum.checked_add(line?));
    let code = digits::shown(&work.code, lang);
    let title = w.contractors_order_title(&code);
    let page = match way.signed {
        Some(signed) => here.staff(ask, signed, &title),
        None => here.page(ask, &title),
    };
    let is_wrong = !told.wrong.is_empty();
    let typed =
        if typed.day.is_empty() { Typed { day: show::typed_day(sheet.today, lang), ..typed } } else { typed };
    render(&Shown {
        page: page.wrong(is_wrong).at(&way.action, ""),
        done: told.done,
        wrong: told.wrong,
        action: way.action.clone(),
        back: way.signed.map(|_| "/contractor"),
        title: kinds.name(&work.job_type, lang),
        address: work.address.clone(),
        words: work.words.clone(),
        point: work.point.map(|p| (p.lat, p.long)),
        state,
        tone,
        facts,
        is_unpaid: !work.is_paid && offer.state.is_open(),
        can_answer: offer.state == OfferState::Offered && now <= offer.answer_by,
        arrivals: [15, 30, 60, 120, 240, 480, 1440, 2880, 10_080]
            .into_iter()
            .map(|minutes| (minutes, calendar::words::duration(lang, minutes * 60_000)))
            .collect(),
        can_arrive: is_working && work.on_site_at.is_none(),
        can_finish: is_working && work.on_site_at.is_some() && work.ended_at.is_none(),
        can_measure: is_working && work.on_site_at.is_some(),
        can_sign: is_working && work.ended_at.is_some() && !sheet.lines.is_empty(),
        items: list
            .map(|list| {
                let name = |i: &contracts::Item| {
                    format!("{} ({}، {})", show::item(i, lang), i.unit, show::rial(w, i.price))
                };
                list.items.iter().map(|item| (item.code.clone(), name(item))).collect()
            })
            .unwrap_or_default(),
        lines: checks::lines(w, sheet, &way.photos),
        sum: sum.map_or("–".to_owned(), |sum| show::rial(w, sum)),
        typed,
        can_link: way.signed.is_some() && offer.state.is_open() && offer.signed_at.is_none(),
        link,
    })
}

/// The order of whoever signed in, if it is theirs.
fn mine(tx: &mut Tx<'_>, act: &Act, city: i64, offer: i64) -> storage::Result<Option<Sheet>> {
    let sheet = contracts::sheet(tx, city, offer, act.at)?;
    let is_mine =
        |s: &Sheet| act.may(Permission::WorkAsContractor, Where::unit(city, Some(s.offer.contractor)));
    Ok(sheet.filter(is_mine))
}

async fn screen(
    door: &Door,
    id: i64,
    signed: Signed,
    ask: Ask,
    told: Told,
    typed: Typed,
    link: Option<String>,
) -> Result<Response, Failure> {
    let act = signed.act(door);
    let is_refused = !told.wrong.is_empty() && ask.field("refused").is_empty();
    ask::answer(door, ask, move |tx, ask, here| {
        let Some(sheet) = mine(tx, &act, here.city().id, id)? else { return Ok(Answer::Missing) };
        let way = Door_ {
            signed: Some(&signed),
            action: format!("/contractor/orders/{id}"),
            photos: "/contracts/lines".into(),
        };
        let html = draw(tx, ask, here, &way, &sheet, act.at, told, typed, link)?;
        Ok(if is_refused {
            Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html)
        } else {
            Answer::Page(NEVER, html)
        })
    })
    .await
}

/// `GET /contractor/orders/{id}`.
pub async fn page(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let told = Told::of(&ask);
    screen(&door, id, signed, ask, told, Typed::default(), None).await
}

/// `POST /contractor/orders/{id}`.
pub async fn act(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city, w) = (signed.act(&door), signed.jurisdiction, ask.words());
    if form.text("do") == "link" {
        let made = door.db.write(move |tx| contracts::make_link(tx, &act, city, id, LINK_HOURS)).await;
        return match made {
            Ok(key) => {
                let link = door.address(&address(&ask, &format!("/contractor/link/{key}")));
                let told = Told { done: Some(w.contractors_done_link()), wrong: Wrongs::default() };
                screen(&door, id, signed, ask, told, Typed::default(), Some(link)).await
            }
            Err(error) => super::after(&door, ask, Err(error), format!("/contractor/orders/{id}")).await,
        };
    }
    if form.text("do") == "revoke" {
        let ended = door.db.write(move |tx| contracts::revoke_link(tx, &act, city, id)).await;
        return super::after(&door, ask, ended.map(|()| "revoked"), format!("/contractor/orders/{id}")).await;
    }
    let typed = Typed::of(&form);
    // Pictures are unpacked only for whoever has an order to add them to.
    let asking = act.clone();
    if door.db.read(move |tx| mine(tx, &asking, city, id)).await?.is_none() {
        return shut(&door, ask, ContractError::NotFound).await;
    }
    let photo = match crate::work::photos::take(&door, ask.client, &form, w).await? {
        Ok(photos) => photos.into_iter().next().map(|photo| (photo.file, photo.thumbnail)),
        Err(sentence) => {
            let told = Told { done: None, wrong: Wrongs::one("media", sentence) };
            return screen(&door, id, signed, ask, told, typed, None).await;
        }
    };
    let Some(deed) = Deed::of(&form, photo) else {
        return shut(&door, ask, ContractError::NotFound).await;
    };
    let theirs = typed.clone();
    let done = door.db.write(move |tx| deed.run(tx, &act, city, id, &theirs, Hand::Account)).await;
    match done {
        Ok(code) => Ok(go(&address(&ask, &format!("/contractor/orders/{id}?done={code}")))),
        Err(error) => match wrongs(w, &error) {
            Some(wrong) => screen(&door, id, signed, ask, Told { done: None, wrong }, typed, None).await,
            None => shut(&door, ask, error).await,
        },
    }
}
