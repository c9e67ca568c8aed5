//! A month's statement, for both sides: the city presents, answers and closes; the contractor objects or agrees.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use dispatch::contracts::money::parse_thousandths;
use dispatch::contracts::{
    self, Closing, Contract, ContractError, Dispute, Row, RowKind, Statement, StatementState,
};
use door::{Door, Failure, Form, Signed};
use language::{Lang, digits};
use people::{Act, Permission, Where};
use storage::Tx;
use words::Words;

use super::one::account;
use super::{Told, after, show};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "contractors/statement.html")]
struct Shown<'a> {
    page: Page<'a>,
    done: Option<&'static str>,
    wrong: Wrongs,
    base: String,
    version: i64,
    city: String,
    contractor: String,
    contract: String,
    back: &'static str,
    state: String,
    tone: &'static str,
    facts: Vec<(&'static str, String)>,
    work: Vec<Line>,
    corrections: Vec<Line>,
    penalties: Vec<Line>,
    account: Vec<(&'static str, String)>,
    payable: String,
    carried_out: Option<String>,
    may_dispute: bool,
    may_agree: bool,
    may_manage: bool,
    is_presented: bool,
    is_closed: bool,
    may_close: bool,
    why_not: Option<String>,
}

/// A row in words.
pub struct Line {
    pub number: i64,
    pub shown_number: String,
    pub order: String,
    pub kind: String,
    pub item: String,
    pub day: String,
    pub quantity: String,
    pub unit: String,
    pub price: String,
    pub coefficient: String,
    pub before: String,
    pub amount: String,
    pub reason: String,
    pub dispute: Option<Told_>,
    pub is_work: bool,
}

/// An objection and its answer.
pub struct Told_ {
    pub state: String,
    pub tone: &'static str,
    pub words: String,
    pub answer: String,
    pub is_open: bool,
    /// What stood there before.
    pub before: String,
}

/// Everything about a statement that somebody may see.
pub struct Found {
    pub statement: Statement,
    pub rows: Vec<Row>,
    pub contract: Contract,
    pub may_manage: bool,
    pub speaks: bool,
}

/// The statement, for the city's side and for the contractor whose it is. For everybody else it is not there.
pub fn find(tx: &mut Tx<'_>, act: &Act, city: i64, id: i64) -> storage::Result<Option<Found>> {
    let Some((statement, rows)) = contracts::statement_by_id(tx, city, id)? else { return Ok(None) };
    let may_manage = act.may(Permission::ManageContracts, Where::city(city));
    let speaks = act.may(Permission::WorkAsContractor, Where::unit(city, Some(statement.contractor)));
    if !may_manage && !speaks {
        return Ok(None);
    }
    let contract = contracts::by_id(tx, city, statement.contract)?;
    Ok(contract.map(|contract| Found { statement, rows, contract, may_manage, speaks }))
}

/// A row in words.
pub fn line(w: Words, row: &Row, zone: &calendar::Zone) -> Line {
    let lang = w.lang();
    let name = if lang == Lang::En && !row.name_en.is_empty() { &row.name_en } else { &row.name_fa };
    Line {
        number: row.number,
        shown_number: digits::plain(row.number, lang),
        order: digits::shown(&row.order_code, lang),
        kind: show::named(w, "kind", row.kind.code()),
        item: if row.item.is_empty() {
            String::new()
        } else {
            format!("{} · {name}", digits::shown(&row.item, lang))
        },
        day: row.measured_on.map_or(String::new(), |day| show::typed_day(day, lang)),
        quantity: show::quantity(row.quantity, lang),
        unit: if row.kind == RowKind::Work { row.unit.clone() } else { String::new() },
        price: digits::grouped(row.price, lang),
        coefficient: show::coefficient(row.coefficient, lang),
        before: if row.before == 0 { "–".to_owned() } else { digits::grouped(row.before, lang) },
        amount: digits::grouped(if row.kind.is_penalty() { -row.amount } else { row.amount }, lang),
        reason: show::reason(w, row, zone),
        dispute: row.dispute.map(|state| Told_ {
            state: show::named(w, "dispute", state.code()),
            tone: match state {
                Dispute::Open => "invited",
                Dispute::Upheld => "active",
                Dispute::TurnedDown => "suspended",
            },
            words: row.dispute_words.clone(),
            answer: row.answer_words.clone(),
            is_open: state == Dispute::Open,
            before: match (state, row.amount_before) {
                (Dispute::Upheld, Some(before)) => digits::grouped(before, lang),
                _ => String::new(),
            },
        }),
        is_work: row.kind == RowKind::Work,
    }
}

/// `GET /statements/{id}`.
pub async fn page(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, lang, city) = (ask.words(), ask.lang, here.city());
        let Some(Found { statement, rows, contract, may_manage, speaks }) = find(tx, &act, city.id, id)?
        else {
            return Ok(Answer::Missing);
        };
        let units = people::units::all(tx, city.id)?;
        let moment = |at| show::moment(at, lang, &city.zone);
        let is_presented = statement.state == StatementState::Presented;
        let closing = Closing::of(&statement, &rows, act.at);
        let mut facts = vec![
            (
                w.contractors_period(),
                w.contractors_from_until(
                    &show::day(statement.from_on, lang),
                    &show::day(statement.until_on, lang),
                ),
            ),
            (w.contractors_presented_at(), moment(statement.presented_at)),
        ];
        if is_presented && statement.agreed_at.is_none() {
            facts.push((w.contractors_dispute_until(), moment(statement.dispute_until)));
        }
        if let Some(at) = statement.agreed_at {
            facts.push((w.contractors_agreed_at(), moment(at)));
        }
        if let Some(at) = statement.closed_at {
            facts.push((w.contractors_closed_at(), moment(at)));
            facts.push((
                w.contractors_sample(),
                w.contractors_sample_words(
                    &show::whole_percent(statement.draw_percent, lang),
                    &statement.draw_seed,
                ),
            ));
        }
        let of = |wanted: &dyn Fn(RowKind) -> bool| -> Vec<Line> {
            let chosen = rows.iter().filter(|row| wanted(row.kind));
            chosen.map(|row| line(w, row, &city.zone)).collect()
        };
        let title = w.contractors_statement_title(
            &show::month(statement.from_on, statement.until_on, lang),
            statement.number,
        );
        let told = Told::of(ask);
        let html = render(&Shown {
            page: here.staff(ask, &signed, &title),
            done: told.done,
            wrong: told.wrong,
            base: format!("/statements/{id}"),
            version: statement.version,
            city: city.name(lang).to_owned(),
            contractor: show::unit_name(&units, statement.contractor, lang),
            contract: format!("{} · {}", show::code(&contract.code, lang), contract.title_fa),
            back: if may_manage { "/contracts" } else { "/contractor" },
            state: show::named(w, "statement-state", statement.state.code()),
            tone: show::statement_tone(statement.state),
            facts,
            work: of(&|kind| kind == RowKind::Work),
            corrections: of(&|kind| kind == RowKind::Correction),
            penalties: of(&RowKind::is_penalty),
            account: account(w, &statement.account),
            payable: show::rial(w, statement.account.payable),
            carried_out: Some(statement.account.carried_out)
                .filter(|amount| *amount != 0)
                .map(|amount| show::rial(w, amount)),
            may_dispute: speaks
                && !may_manage
                && is_presented
                && statement.agreed_at.is_none()
                && act.at <= statement.dispute_until,
            may_agree: speaks && !may_manage && is_presented && statement.agreed_at.is_none(),
            may_manage,
            is_presented,
            is_closed: !is_presented,
            may_close: may_manage && is_presented && closing.may(),
            why_not: match closing {
                _ if !is_presented => None,
                Closing { open_disputes, .. } if open_disputes > 0 => {
                    Some(w.contractors_closing_disputes(i64::try_from(open_disputes).unwrap_or(0)))
                }
                Closing { waits: true, .. } => {
                    Some(w.contractors_closing_waits(&moment(statement.dispute_until)))
                }
                Closing { .. } => None,
            },
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

/// `POST /statements/{id}/dispute`.
pub async fn dispute(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let (row, words) = (form.text("row").parse().unwrap_or(0), form.text("words").to_owned());
    let done = door.db.write(move |tx| contracts::dispute(tx, &act, city, id, row, &words)).await;
    after(&door, ask, done.map(|()| "disputed"), format!("/statements/{id}")).await
}

/// `POST /statements/{id}/agree`.
pub async fn agree(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let done = door.db.write(move |tx| contracts::agree(tx, &act, city, id)).await;
    after(&door, ask, done.map(|()| "agreed"), format!("/statements/{id}")).await
}

/// `POST /statements/{id}/answer`: of a work row the quantity that is right, of a penalty the amount.
pub async fn answer(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let (row, words) = (form.text("row").parse().unwrap_or(0), form.text("words").to_owned());
    let typed = form.text("upheld").trim();
    let upheld = match (form.text("do"), form.text("of")) {
        // What cannot be read is refused as an amount that cannot be.
        ("uphold", "work") => Some(parse_thousandths(typed).unwrap_or(-1)),
        ("uphold", _) => Some(digits::parse_i64(typed).unwrap_or(-1)),
        ("turn-down", _) => None,
        _ => return super::shut(&door, ask, ContractError::NotFound).await,
    };
    let done = door.db.write(move |tx| contracts::answer(tx, &act, city, id, row, upheld, &words)).await;
    after(&door, ask, done.map(|()| "answered"), format!("/statements/{id}")).await
}

/// `POST /statements/{id}/close`.
pub async fn close(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let seen = form.text("version").parse().unwrap_or(0);
    let done = door.db.write(move |tx| contracts::close(tx, &act, city, id, seen)).await;
    after(&door, ask, done.map(|()| "closed"), format!("/statements/{id}")).await
}

/// `POST /statements/{id}/withdraw`.
pub async fn withdraw(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let seen = form.text("version").parse().unwrap_or(0);
    let done = door.db.write(move |tx| contracts::withdraw(tx, &act, city, id, seen)).await;
    let path = if done.is_ok() { "/contracts".to_owned() } else { format!("/statements/{id}") };
    after(&door, ask, done.map(|()| "withdrawn"), path).await
}

/// `POST /statements/{id}/correct`: a line of the next statement.
pub async fn correct(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let (amount, words) =
        (digits::parse_i64(form.text("amount")).unwrap_or(0), form.text("words").to_owned());
    let done = door.db.write(move |tx| contracts::correct(tx, &act, city, id, amount, &words)).await;
    after(&door, ask, done.map(|()| "corrected"), format!("/statements/{id}")).await
}
