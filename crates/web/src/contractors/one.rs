//! One contract: its conditions, price lists, orders, the month that runs, statements and the score card.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use dispatch::contracts::money::Account;
use dispatch::contracts::terms::CLASSES;
use dispatch::contracts::{self, Contract, ContractError, Part, PastedError, Score};
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use language::digits;
use people::Permission;
use words::Words;

use super::{Told, after, list, show, shut, wrongs};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::sign_in::{address, go};
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "contractors/one.html")]
struct One<'a> {
    page: Page<'a>,
    done: Option<&'static str>,
    wrong: Wrongs,
    base: String,
    line: list::Line,
    version: i64,
    is_draft: bool,
    moves: Vec<(&'static str, String)>,
    facts: Vec<(&'static str, String)>,
    targets: Vec<[String; 5]>,
    prices: Vec<Prices>,
    typed: Typed,
    row_errors: Vec<String>,
    orders: Vec<Order>,
    month: Month,
    statements: Vec<StatementLine>,
    score: Vec<(&'static str, String, String)>,
    may_give: bool,
}

struct Prices {
    from: String,
    is_valid: bool,
    items: Vec<[String; 5]>,
}

#[derive(Clone, Default)]
struct Typed {
    valid_from: String,
    items: String,
}

pub struct Order {
    pub path: String,
    pub code: String,
    pub title: String,
    pub address: String,
    pub state: String,
    pub tone: &'static str,
    pub when: String,
}

/// The month that runs, as it would be presented now.
struct Month {
    name: String,
    rows: String,
    account: Vec<(&'static str, String)>,
    payable: String,
    may_present: Option<(String, i64)>,
}

pub struct StatementLine {
    pub path: String,
    pub name: String,
    pub state: String,
    pub tone: &'static str,
    pub payable: String,
}

/// The lines of an account, in the order in which it is reckoned. What is nothing and says nothing is left out.
pub fn account(w: Words, account: &Account) -> Vec<(&'static str, String)> {
    let all = [
        (w.contractors_account_to_date(), account.to_date, true),
        (w.contractors_account_previous(), account.previous, true),
        (w.contractors_account_over_ceiling(), account.over_ceiling, false),
        (w.contractors_account_gross(), account.gross, true),
        (w.contractors_account_corrections(), account.corrections, false),
        (w.contractors_account_retention(), -account.retention, true),
        (w.contractors_account_penalties_full(), account.penalties_full, false),
        (w.contractors_account_penalties(), -account.penalties, true),
        (w.contractors_account_carried_in(), account.carried_in, false),
    ];
    all.into_iter()
        .filter(|(_, amount, always)| *always || *amount != 0)
        .map(|(name, amount, _)| (name, show::rial(w, amount)))
        .collect()
}

pub fn statement_line(w: Words, statement: &contracts::Statement) -> StatementLine {
    StatementLine {
        path: format!("/statements/{}", statement.id),
        name: format!(
            "{} · {}",
            w.contractors_statement_number(statement.number),
            show::month(statement.from_on, statement.until_on, w.lang())
        ),
        state: show::named(w, "statement-state", statement.state.code()),
        tone: show::statement_tone(statement.state),
        payable: show::rial(w, statement.account.payable),
    }
}

fn score(w: Words, score: &Score) -> Vec<(&'static str, String, String)> {
    let part = |name, part: Part| {
        let share = part.percent().map_or("–".to_owned(), |percent| show::whole_percent(percent, w.lang()));
        (name, share, w.contractors_score_of(part.count, part.of))
    };
    vec![
        part(w.contractors_score_accepted(), score.accepted),
        part(w.contractors_score_arrived(), score.arrived_in_time),
        part(w.contractors_score_done(), score.done_in_time),
        part(w.contractors_score_first_time(), score.right_first_time),
        part(w.contractors_score_objections(), score.objections),
        part(w.contractors_score_rework(), score.rework),
        part(w.contractors_score_checks(), score.stood_the_check),
        (
            w.contractors_score_penalties(),
            show::rial(w, score.penalties),
            w.contractors_score_statements(score.statements),
        ),
    ]
}

/// `GET /contracts/{code}`.
pub async fn page(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let told = Told::of(&ask);
    screen(&door, code, signed, ask, told, Typed::default(), Vec::new()).await
}

async fn screen(
    door: &Door,
    code: String,
    signed: Signed,
    ask: Ask,
    told: Told,
    typed: Typed,
    row_errors: Vec<PastedError>,
) -> Result<Response, Failure> {
    let act = signed.act(door);
    let is_refused = !row_errors.is_empty() || (!told.wrong.is_empty() && ask.field("refused").is_empty());
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, lang, city) = (ask.words(), ask.lang, here.city());
        let Some(contract) = contracts::by_code(tx, city.id, &code)? else { return Ok(Answer::Missing) };
        let units = people::units::all(tx, city.id)?;
        let (atlas, catalogue) = (territory::atlas(tx, city.id)?, requests::catalogue(tx, city.id)?);
        let kinds = dispatch::job_types::kinds(tx, city.id)?;
        let today = act.at.day(&city.zone).days_since_epoch();
        let lists = contracts::price_lists(tx, city.id, contract.id)?;
        let valid = contracts::prices_on(&lists, today).map(|list| list.valid_from);
        let statements = contracts::statements_of(tx, city.id, contract.id)?;
        let (from, until) = contracts::month_of(tx, city.id, today)?;
        let month = match contracts::running(tx, city.id, &contract, until) {
            Ok(running) => Month {
                name: show::month(from, until, lang),
                rows: w.contractors_month_rows(i64::try_from(running.rows.len()).unwrap_or(0)),
                account: account(w, &running.account),
                payable: show::rial(w, running.account.payable),
                may_present: may_present(tx, city.id, &contract, &statements, today, lang)?,
            },
            Err(ContractError::Storage(failure)) => return Err(failure.into()),
            Err(_) => Month {
                name: show::month(from, until, lang),
                rows: String::new(),
                account: Vec::new(),
                payable: w.contractors_refusal_sum_too_large().to_owned(),
                may_present: None,
            },
        };
        let since = city.zone.start_of(calendar::Day::from_days_since_epoch(contract.starts_on));
        let card = contracts::score(tx, city.id, &contract, since, act.at.plus_minutes(1))?;
        let orders = contracts::offers(tx, city.id, None, Some(contract.id), false, 50)?;
        let named = |ids: &[i64], name: &dyn Fn(i64) -> Option<String>, all: &str| {
            let names: Vec<String> = ids.iter().filter_map(|id| name(*id)).collect();
            if names.is_empty() {
                all.to_owned()
            } else {
                names.join(if lang == language::Lang::Fa { "، " } else { ", " })
            }
        };
        let terms = &contract.terms;
        let line = list::line(&contract, &units, w);
        let title = line.title.clone();
        let moves = contracts::State::ALL.iter().filter(|state| contract.may_become(**state));
        let html = render(&One {
            page: here.staff(ask, &signed, &title).wrong(is_refused).at(&format!("/contracts/{code}"), ""),
            done: told.done,
            wrong: told.wrong,
            base: format!("/contracts/{code}"),
            version: contract.version,
            is_draft: contract.is_draft(),
            moves: moves
                .map(|state| {
                    let key = if contract.state == contracts::State::Suspended
                        && *state == contracts::State::InForce
                    {
                        "resume"
                    } else {
                        state.code()
                    };
                    (state.code(), show::named(w, "move", key))
                })
                .collect(),
            facts: vec![
                (w.contractors_field_contractor(), line.contractor.clone()),
                (w.contractors_period(), w.contractors_from_until(&line.from, &line.until)),
                (
                    w.contractors_districts(),
                    named(
                        &terms.districts,
                        &|id| atlas.division(id).map(|d| d.name(lang).to_owned()),
                        w.contractors_all_districts(),
                    ),
                ),
                (
                    w.contractors_services(),
                    named(
                        &terms.services,
                        &|id| catalogue.services.iter().find(|s| s.id == id).map(|s| s.name(lang).to_owned()),
                        w.contractors_all_services(),
                    ),
                ),
                (w.contractors_field_coefficient(), show::coefficient(terms.coefficient, lang)),
                (w.contractors_field_retention(), show::percent(terms.retention, lang)),
                (w.contractors_field_bond(), amount(w, terms.bond)),
                (w.contractors_field_ceiling(), amount(w, terms.ceiling)),
                (w.contractors_field_no_show(), amount(w, terms.no_show)),
                (w.contractors_field_failed_check(), amount(w, terms.failed_check)),
                (w.contractors_field_missing_proof(), amount(w, terms.missing_proof)),
                (w.contractors_field_penalty_most(), show::percent(terms.penalty_most, lang)),
                (w.contractors_field_warranty_days(), digits::grouped(terms.warranty_days, lang)),
                (w.contractors_field_check_percent(), show::whole_percent(terms.check_percent, lang)),
                (w.contractors_field_answer_minutes(), digits::grouped(terms.answer_minutes, lang)),
                (w.contractors_field_dispute_days(), digits::grouped(terms.dispute_days, lang)),
            ],
            targets: CLASSES
                .iter()
                .zip(&terms.class)
                .map(|(code, class)| {
                    let length = |minutes: i64| match minutes {
                        0 => "–".to_owned(),
                        minutes => calendar::words::duration(lang, minutes * 60_000),
                    };
                    let rate = |amount: i64| match (amount, class.by_day) {
                        (0, _) => "–".to_owned(),
                        (amount, true) => w.contractors_per_day(&show::rial(w, amount)),
                        (amount, false) => w.contractors_per_hour(&show::rial(w, amount)),
                    };
                    [
                        show::named(w, "urgency", code),
                        length(class.respond),
                        rate(class.late_arrival),
                        length(class.finish),
                        rate(class.late_finish),
                    ]
                })
                .collect(),
            prices: lists
                .iter()
                .map(|list| Prices {
                    from: w.contractors_prices_from(&show::day(list.valid_from, lang)),
                    is_valid: valid == Some(list.valid_from),
                    items: list
                        .items
                        .iter()
                        .map(|item| {
                            [
                                digits::shown(&item.code, lang),
                                item.name_fa.clone(),
                                item.unit.clone(),
                                digits::grouped(item.price, lang),
                                item.usual_most.map_or(String::new(), |most| show::quantity(most, lang)),
                            ]
                        })
                        .collect(),
                })
                .collect(),
            row_errors: row_errors.iter().map(|error| row_error(w, error)).collect(),
            typed: match typed.valid_from.is_empty() && typed.items.is_empty() {
                true => Typed {
                    valid_from: show::typed_day(
                        if contract.is_draft() { contract.starts_on } else { today },
                        lang,
                    ),
                    items: String::new(),
                },
                false => typed.clone(),
            },
            orders: orders
                .iter()
                .map(|(offer, work)| Order {
                    path: format!("/contracts/orders/{}", work.code),
                    code: digits::shown(&work.code, lang),
                    title: kinds.name(&work.job_type, lang),
                    address: work.address.clone(),
                    state: match offer.signed_at {
                        Some(_) => w.contractors_offer_signed().to_owned(),
                        None => show::named(w, "offer", offer.state.code()),
                    },
                    tone: show::offer_tone(offer.state),
                    when: show::moment(offer.offered_at, lang, &city.zone),
                })
                .collect(),
            month,
            statements: statements.iter().map(|statement| statement_line(w, statement)).collect(),
            score: score(w, &card),
            may_give: signed.may_somewhere(Permission::Dispatch),
            line,
        })?;
        Ok(if is_refused {
            Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html)
        } else {
            Answer::Page(NEVER, html)
        })
    })
    .await
}

fn amount(w: Words, amount: i64) -> String {
    if amount == 0 { "–".to_owned() } else { show::rial(w, amount) }
}

fn row_error(w: Words, error: &PastedError) -> String {
    let what = show::named(w, "row-error", error.code);
    match (error.line, error.typed.as_str()) {
        (0, _) => what,
        (line, "") => w.contractors_row_error(line, &what),
        (line, typed) => w.contractors_row_error_typed(line, typed, &what),
    }
}

/// The earliest month that is over and was not presented yet: its name and one of its days.
fn may_present(
    tx: &mut storage::Tx<'_>,
    city: i64,
    contract: &Contract,
    statements: &[contracts::Statement],
    today: i64,
    lang: language::Lang,
) -> storage::Result<Option<(String, i64)>> {
    if contract.is_draft() || statements.iter().any(|s| s.state == contracts::StatementState::Presented) {
        return Ok(None);
    }
    // After the last statement, or from the beginning of the contract; months without anything are passed over.
    let mut day = statements.iter().map(|s| s.until_on + 1).max().unwrap_or(contract.starts_on);
    let mut found = None;
    for _ in 0..240 {
        let (from, until) = contracts::month_of(tx, city, day)?;
        if until >= today {
            break;
        }
        found = Some((show::month(from, until, lang), from));
        match contracts::running(tx, city, contract, until) {
            Ok(running) if running.rows.is_empty() => day = until + 1,
            _ => break,
        }
    }
    Ok(found)
}

/// `POST /contracts/{code}/state`.
pub async fn set_state(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let (known, seen) = (code.clone(), form.text("version").parse().unwrap_or(0));
    let Some(state) = contracts::State::parse(form.text("state")) else {
        return shut(&door, ask, ContractError::NotFound).await;
    };
    let done = door
        .db
        .write(move |tx| {
            let contract = contracts::by_code(tx, city, &known)?.ok_or(ContractError::NotFound)?;
            contracts::set_state(tx, &act, city, contract.id, seen, state)
        })
        .await;
    after(&door, ask, done.map(|()| "state"), format!("/contracts/{code}")).await
}

/// `POST /contracts/{code}/prices`: pasted, or as a file.
pub async fn put_prices(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let w = ask.words();
    let file = form.files("file").next();
    let text = match file {
        Some(file) if !file.bytes.is_empty() => String::from_utf8_lossy(&file.bytes).into_owned(),
        _ => form.text("items").to_owned(),
    };
    let typed = Typed { valid_from: form.text("valid_from").trim().to_owned(), items: text.clone() };
    let again = |wrong: Wrongs, errors: Vec<PastedError>| (Told { done: None, wrong }, errors);
    let (told, errors) = match (show::read_day(&typed.valid_from), contracts::parse_prices(&text)) {
        (None, parsed) => again(
            Wrongs::one("valid_from", show::wrong(w, "valid_from", "missing")),
            parsed.err().unwrap_or_default(),
        ),
        (_, Err(errors)) => again(Wrongs::one("items", w.contractors_wrong_items()), errors),
        (Some(day), Ok(items)) => {
            let (act, city, known) = (signed.act(&door), signed.jurisdiction, code.clone());
            let put = door
                .db
                .write(move |tx| {
                    let contract = contracts::by_code(tx, city, &known)?.ok_or(ContractError::NotFound)?;
                    contracts::put_prices(tx, &act, city, contract.id, day, &items)
                })
                .await;
            match put {
                Ok(()) => return Ok(go(&address(&ask, &format!("/contracts/{code}?done=prices#prices")))),
                Err(error) => match wrongs(w, &error) {
                    Some(wrong) => again(wrong, Vec::new()),
                    None => return shut(&door, ask, error).await,
                },
            }
        }
    };
    screen(&door, code, signed, ask, told, typed, errors).await
}

/// `POST /contracts/{code}/present`: the statement of a month that is over.
pub async fn present(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city, known) = (signed.act(&door), signed.jurisdiction, code.clone());
    let day = form.text("day").parse().unwrap_or(i64::MAX / 2);
    let presented = door
        .db
        .write(move |tx| {
            let contract = contracts::by_code(tx, city, &known)?.ok_or(ContractError::NotFound)?;
            contracts::present(tx, &act, city, contract.id, day)
        })
        .await;
    match presented {
        Ok(id) => Ok(go(&address(&ask, &format!("/statements/{id}?done=presented")))),
        Err(error) => after(&door, ask, Err(error), format!("/contracts/{code}")).await,
    }
}
