//! An order by hand: what is to be done, where, and how soon.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calendar::{Day, TimeOfDay, Timestamp, Zone};
use dispatch::orders::{self, Draft};
use dispatch::{Urgency, job_types};
use door::{Door, Failure, Form as Sent, Signed};
use http::StatusCode;
use language::digits;
use storage::Tx;

use super::field::{Field, Form, Kind, urgency};
use super::{Settled, refusal, settle, wish};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "crews/order.html")]
struct New<'a> {
    page: Page<'a>,
    fields: Vec<Field>,
    wrong: Wrongs,
}

#[derive(Clone, Default)]
struct Typed {
    job_type: String,
    words: String,
    lat: String,
    long: String,
    address: String,
    urgency: String,
    minutes: String,
    not_before: String,
    not_after: String,
    after: String,
}

impl Typed {
    fn of(form: &Sent) -> Typed {
        let text = |name: &str| form.text(name).trim().to_owned();
        Typed {
            job_type: text("job_type"),
            words: text("words"),
            lat: text("lat"),
            long: text("long"),
            address: text("address"),
            urgency: text("urgency"),
            minutes: text("minutes"),
            not_before: text("not_before"),
            not_after: text("not_after"),
            after: text("after"),
        }
    }

    fn draft(&self, ask: &Ask, zone: &Zone) -> Result<Draft, Wrongs> {
        let w = ask.words();
        let mut wrong = Wrongs::default();
        let Some(point) = wish::point(&self.lat, &self.long) else {
            return Err(Wrongs::one("lat", refusal(w, "place-missing")));
        };
        let minutes = match digits::to_ascii(&self.minutes).parse() {
            Ok(minutes) => Some(minutes),
            Err(_) if self.minutes.is_empty() => None,
            Err(_) => {
                wrong.add("minutes", refusal(w, "number-wrong"));
                None
            }
        };
        let mut moment = |id: &'static str, text: &str| match moment(text, zone) {
            Some(at) => Some(at),
            None if text.is_empty() => None,
            None => {
                wrong.add(id, refusal(w, "day-wrong"));
                None
            }
        };
        let (not_before, not_after) =
            (moment("not_before", &self.not_before), moment("not_after", &self.not_after));
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Draft {
            words: self.words.clone(),
            address: self.address.clone(),
            urgency: Urgency::parse(&self.urgency),
            minutes,
            not_before,
            not_after,
            ..Draft::at(self.job_type.clone(), point)
        })
    }
}

/// A day and a time with a blank between them.
fn moment(text: &str, zone: &Zone) -> Option<Timestamp> {
    let text = digits::to_ascii(text);
    let (day, time) = text.trim().split_once(' ')?;
    Some(zone.at(Day::parse(day).ok()?, time.trim().parse::<TimeOfDay>().ok()?.minute()))
}

/// `GET /dispatch/new-order`.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let typed =
        Typed { lat: ask.field("lat").to_owned(), long: ask.field("long").to_owned(), ..Typed::default() };
    screen(&door, signed, ask, Wrongs::default(), typed).await
}

/// `POST /dispatch/new-order`.
pub async fn make(
    State(door): State<Door>,
    signed: Signed,
    ask: Ask,
    form: Sent,
) -> Result<Response, Failure> {
    let typed = Typed::of(&form);
    let jurisdiction = signed.jurisdiction;
    let atlas = door.db.read(move |tx| territory::atlas(tx, jurisdiction)).await?;
    let draft = match typed.draft(&ask, &atlas.jurisdiction.zone) {
        Ok(draft) => draft,
        Err(wrong) => return screen(&door, signed, ask, wrong, typed).await,
    };
    let (act, after) = (signed.act(&door), digits::to_ascii(&typed.after));
    let made = door
        .db
        .write(move |tx: &mut Tx<'_>| {
            let mut draft = draft.clone();
            if !after.is_empty() {
                let first = orders::by_code(tx, jurisdiction, &after)?;
                let first = first.ok_or(dispatch::DispatchError::Refused("order-after-unknown"))?;
                draft.after = Some(first.id);
            }
            // Whoever writes it by hand answers for it where no service says who does.
            draft.unit = draft.unit.or(act.by.unit());
            orders::make(tx, &act, jurisdiction, draft)
        })
        .await;
    let outcome = made.map(|order| format!("/dispatch/orders/{}", order.code));
    match settle(&door, ask, outcome).await? {
        (Settled::Page(page), _) => Ok(page),
        (Settled::Wrong(wrong), ask) => screen(&door, signed, ask, wrong, typed).await,
    }
}

async fn screen(
    door: &Door,
    signed: Signed,
    ask: Ask,
    wrong: Wrongs,
    typed: Typed,
) -> Result<Response, Failure> {
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, city, lang) = (ask.words(), here.city(), ask.lang);
        let known = job_types::kinds(tx, city.id)?;
        let kinds = known.job_types.iter().map(|kind| (kind.code.clone(), kind.name.get(lang).to_owned()));
        let usual = (String::new(), w.crews_urgency_usual().to_owned());
        let urgencies = Urgency::ALL.iter().map(|u| (u.code().to_owned(), urgency(w, *u).to_owned()));
        let fields = Form::new(&wrong)
            .choice("job_type", w.crews_job_type(), &typed.job_type, kinds.collect())
            .code("lat", w.crews_lat(), &typed.lat)
            .code("long", w.crews_long(), &typed.long)
            .text("address", w.crews_address(), &typed.address)
            .optional()
            .put(Kind::Long, "words", w.crews_order_words(), &typed.words)
            .optional()
            .choice(
                "urgency",
                w.crews_urgency(),
                &typed.urgency,
                std::iter::once(usual).chain(urgencies).collect(),
            )
            .code("minutes", w.crews_order_minutes(), &typed.minutes)
            .optional()
            .code("not_before", w.crews_order_not_before(), &typed.not_before)
            .hint(w.crews_moment_hint())
            .optional()
            .code("not_after", w.crews_order_not_after(), &typed.not_after)
            .optional()
            .code("after", w.crews_order_after(), &typed.after)
            .hint(w.crews_order_after_hint())
            .optional()
            .fields;
        let is_wrong = !wrong.is_empty();
        let html = render(&New {
            page: here.staff(ask, &signed, w.crews_order_new()).at("/dispatch/new-order", "").wrong(is_wrong),
            fields,
            wrong,
        })?;
        Ok(match is_wrong {
            true => Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html),
            false => Answer::Page(NEVER, html),
        })
    })
    .await
}
