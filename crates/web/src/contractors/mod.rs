//! Contractors: contracts and price lists for those who make them, checks for those who look, statements for both sides,
//! a contractor's own orders, and the link that opens one order without an account.

mod checks; // what a supervisor looks at
mod link; // one order without an account
mod list; // every contract
mod one; // one contract: prices, month, statements, score
mod order; // one order as the city gives it
mod own; // what a contractor sees
mod photos; // pictures of measured lines
mod sheet; // a statement as a spreadsheet
mod show; // money, quantities, days, codes in words
mod statement; // a month's statement
mod terms; // the form of a contract
mod work; // an order as the contractor works on it, with account or link

use axum::response::Response;
use dispatch::contracts::ContractError;
use door::{Door, Failure, Needs, Routes};
use http::StatusCode;
use people::Permission::{CheckWork, Dispatch, ManageContracts, WorkAsContractor};
use words::Words;

use crate::ask::{self, Answer, Ask};
use crate::errors;
use crate::sign_in::{address, go};
use crate::wrong::Wrongs;

const MANAGE: Needs = Needs::May(ManageContracts);
const CHECK: Needs = Needs::May(CheckWork);
const GIVE: Needs = Needs::May(Dispatch);
const OWN: Needs = Needs::May(WorkAsContractor);

/// A price list of two thousand rows, and photos.
const LIST_LIMIT: usize = 2 * 1024 * 1024;
const PHOTO_LIMIT: usize = 26 * 1024 * 1024;

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/contracts", MANAGE, list::page)
        .get("/contracts/new", MANAGE, terms::new)
        .post("/contracts/new", MANAGE, terms::make)
        .get("/contracts/checks", CHECK, checks::page)
        .post("/contracts/checks/{line}", CHECK, checks::decide)
        .get("/contracts/orders/{code}", GIVE, order::page)
        .post("/contracts/orders/{code}/give", GIVE, order::give)
        .post("/contracts/orders/{code}/back", GIVE, order::take_back)
        .post("/contracts/orders/{code}/link", GIVE, order::link)
        .get("/contracts/{code}", MANAGE, one::page)
        .get("/contracts/{code}/terms", MANAGE, terms::edit)
        .post("/contracts/{code}/terms", MANAGE, terms::change)
        .post("/contracts/{code}/state", MANAGE, one::set_state)
        .post_up_to("/contracts/{code}/prices", MANAGE, LIST_LIMIT, one::put_prices)
        .post("/contracts/{code}/present", MANAGE, one::present)
        .get("/statements/{id}", Needs::SignedIn, statement::page)
        .post("/statements/{id}/dispute", OWN, statement::dispute)
        .post("/statements/{id}/agree", OWN, statement::agree)
        .post("/statements/{id}/answer", MANAGE, statement::answer)
        .post("/statements/{id}/close", MANAGE, statement::close)
        .post("/statements/{id}/withdraw", MANAGE, statement::withdraw)
        .post("/statements/{id}/correct", MANAGE, statement::correct)
        .get("/statements/{id}/sheet.xlsx", Needs::SignedIn, sheet::xlsx)
        .get("/statements/{id}/sheet.csv", Needs::SignedIn, sheet::csv)
        .get("/contractor", OWN, own::page)
        .get("/contractor/orders/{id}", OWN, work::page)
        .post_up_to("/contractor/orders/{id}", OWN, PHOTO_LIMIT, work::act)
        .get("/contractor/link/{key}", Needs::Anyone, link::page)
        .post_up_to("/contractor/link/{key}", Needs::Anyone, PHOTO_LIMIT, link::act)
        .unspoken()
        .get("/contracts/lines/{line}/{file}", Needs::SignedIn, photos::of_line)
        .get("/contractor/link/{key}/{line}/{file}", Needs::Anyone, photos::by_link)
}

/// What is wrong, in words, beside its field. None for a failure and for what is not there.
fn wrongs(w: Words, error: &ContractError) -> Option<Wrongs> {
    match error {
        ContractError::Refused(code) => Some(Wrongs::one("", show::refusal(w, code))),
        ContractError::Changed => Some(Wrongs::one("", show::refusal(w, "changed"))),
        ContractError::Wrong { field, code } => Some(Wrongs::one(field, show::wrong(w, field, code))),
        ContractError::Denied(_) | ContractError::NotFound | ContractError::Storage(_) => None,
    }
}

/// Where a small form leads: on to `path` with what was done, or back to it with what was refused.
async fn after(
    door: &Door,
    ask: Ask,
    done: Result<&'static str, ContractError>,
    path: String,
) -> Result<Response, Failure> {
    let tail = match done {
        Ok(code) => format!("done={code}"),
        Err(ContractError::Refused(code)) => format!("refused={code}"),
        Err(ContractError::Changed) => "refused=changed".to_owned(),
        Err(ContractError::Wrong { field, code }) => format!("refused={field}.{code}"),
        Err(other) => return shut(door, ask, other).await,
    };
    let mark = if path.contains('?') { '&' } else { '?' };
    Ok(go(&address(&ask, &format!("{path}{mark}{tail}"))))
}

/// The answer to what is not there, not allowed, or broken.
async fn shut(door: &Door, ask: Ask, error: ContractError) -> Result<Response, Failure> {
    match error {
        ContractError::Storage(failure) => Err(failure.into()),
        ContractError::Denied(_) => {
            ask::answer(door, ask, |_, ask, here| {
                Ok(Answer::Refused(StatusCode::FORBIDDEN, errors::denied(ask, here)?))
            })
            .await
        }
        _ => ask::answer(door, ask, |_, _, _| Ok(Answer::Missing)).await,
    }
}

/// What a page says on top after a small form: that it was done, or why not.
struct Told {
    done: Option<&'static str>,
    wrong: Wrongs,
}

impl Told {
    fn of(ask: &Ask) -> Told {
        let w = ask.words();
        let done = Some(ask.field("done"))
            .filter(|code| !code.is_empty())
            .and_then(|code| w.by_key(&format!("contractors-done-{code}")));
        let wrong = match ask.field("refused") {
            "" => Wrongs::default(),
            code => match code.split_once('.') {
                Some((field, code)) => Wrongs::one("", show::wrong(w, field, code)),
                None => Wrongs::one("", show::refusal(w, code)),
            },
        };
        Told { done, wrong }
    }
}
