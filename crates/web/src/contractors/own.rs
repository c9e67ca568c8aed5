//! What a contractor sees: its orders, its contracts, its statements. Never another one's.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use dispatch::contracts;
use door::{Door, Failure, Signed};

use super::one::{Order, StatementLine, statement_line};
use super::{Told, list, show};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

/// Orders on one page.
const MOST: u32 = 100;

#[derive(Template)]
#[template(path = "contractors/own.html")]
struct Own<'a> {
    page: Page<'a>,
    done: Option<&'static str>,
    wrong: Wrongs,
    /// Whoever speaks for no contractor has nothing here.
    names: Vec<String>,
    open: Vec<Order>,
    over: Vec<Order>,
    contracts: Vec<list::Line>,
    statements: Vec<StatementLine>,
}

/// `GET /contractor`.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, lang, city) = (ask.words(), ask.lang, here.city());
        let (units, kinds) = (people::units::all(tx, city.id)?, dispatch::job_types::kinds(tx, city.id)?);
        let (mut names, mut open, mut over) = (Vec::new(), Vec::new(), Vec::new());
        let (mut agreed, mut statements) = (Vec::new(), Vec::new());
        for contractor in contracts::contractors_of(&act.by) {
            names.push(show::unit_name(&units, contractor, lang));
            for (offer, work) in contracts::offers(tx, city.id, Some(contractor), None, false, MOST)? {
                let is_open = offer.state.is_open() && offer.signed_at.is_none();
                let (state, tone) = match offer.signed_at {
                    Some(_) => (w.contractors_offer_signed().to_owned(), "active"),
                    None => (show::named(w, "offer", offer.state.code()), show::offer_tone(offer.state)),
                };
                let line = Order {
                    path: format!("/contractor/orders/{}", offer.id),
                    code: language::digits::shown(&work.code, lang),
                    title: kinds.name(&work.job_type, lang),
                    address: work.address.clone(),
                    state,
                    tone,
                    when: match (offer.answered_at, offer.arrive_by) {
                        (None, _) if is_open => {
                            w.contractors_answer_until(&show::moment(offer.answer_by, lang, &city.zone))
                        }
                        (_, Some(at)) if is_open && work.on_site_at.is_none() => {
                            w.contractors_be_there_until(&show::moment(at, lang, &city.zone))
                        }
                        _ => show::moment(offer.offered_at, lang, &city.zone),
                    },
                };
                if is_open { open.push(line) } else { over.push(line) }
            }
            let mine = contracts::of_contractor(tx, city.id, contractor)?;
            agreed.extend(mine.iter().map(|contract| list::line(contract, &units, w)));
            let mine = contracts::statements_of_contractor(tx, city.id, contractor)?;
            statements.extend(mine.iter().map(|statement| statement_line(w, statement)));
        }
        let told = Told::of(ask);
        let html = render(&Own {
            page: here.staff(ask, &signed, w.contractors_own_title()),
            done: told.done,
            wrong: told.wrong,
            names,
            open,
            over,
            contracts: agreed,
            statements,
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}
