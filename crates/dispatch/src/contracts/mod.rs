//! Contractors: work outside the municipality, measured, checked and paid by what was measured.
//!
//! A contract says for whom, where, what and at which prices. An order is offered under it, accepted with a time of
//! arrival or refused with a reason. The contractor measures, adds photos and signs; a supervisor looks at every
//! immediate order, at everything that looks odd and at a sample of the rest that can be drawn again by anybody. Once a
//! month what was certified to date, less what was paid before, less penalties and retention, becomes a statement; each
//! number in it leads to the times and quantities it was computed from. A closed statement is never changed: what was
//! wrong is put right by a line of the next one.
//!
//! [`money`] and [`penalties`] are plain arithmetic; the rest are verbs over the tables of migration 0019.

mod checks; // what a supervisor looks at, and the verdict
mod contract; // what was agreed, from draft to its end
pub mod draw; // the sample that can be drawn again
mod links; // one order without an account
mod measure; // lines, photos, the signature
pub mod money; // whole rial, one rule of rounding
mod offers; // an order is offered, accepted, refused, taken back
mod pasted; // a price list as people paste it
pub mod penalties; // lateness and the rest, each with its times
pub mod prices; // price lists, valid from a day
mod rows; // what stands in a statement
mod score; // how well a contractor does, with sample sizes
mod statement; // a month's statement
pub mod terms; // the conditions of a contract

use people::Denied;

pub use checks::{ToCheck, Verdict, check, reopen, to_check};
pub use contract::{Contract, Draft, State, by_code, by_id, change, list, make, of_contractor, set_state};
pub use links::{Hand, Link, Opened, links_of, make_link, open_link, revoke_link};
pub use measure::{
    Line, LineState, NewLine, Sheet, add_line, by_id as line_by_id, lines_of, remove_line, sheet, sign,
};
pub use offers::{
    CHORE, Offer, OfferState, Work, accept, arrive, contractors_of, contracts_for, finish, give,
    offer_by_code, offers, refuse, take_back, with_work,
};
pub use pasted::{PastedError, parse as parse_prices};
pub use prices::{Item, PriceList, lists as price_lists, on_day as prices_on, put as put_prices};
pub use rows::{Dispute, Row, RowKind};
pub use score::{Part, Score, score};
pub use statement::{
    Closing, Running, Statement, StatementState, agree, answer, by_id as statement_by_id, close, correct,
    dispute, month, month_of, of_contract as statements_of, of_contractor as statements_of_contractor,
    present, running, withdraw,
};
pub use terms::Terms;

/// The journal's names.
pub const CONTRACT: &str = "contract";
pub const STATEMENT: &str = "statement";

/// Why something about a contract was not done.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// It is not there, or it is another contractor's.
    #[error("there is no such thing")]
    NotFound,
    /// Somebody was faster.
    #[error("somebody else changed it meanwhile")]
    Changed,
    /// The city says no; the code leads to the words.
    #[error("refused: {0}")]
    Refused(&'static str),
    /// A field of a form was not right.
    #[error("{field}: {code}")]
    Wrong { field: &'static str, code: &'static str },
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

pub type Done<T> = std::result::Result<T, ContractError>;

/// Words that a person must write, cleaned; refused when there are none or too many.
pub(crate) fn said(field: &'static str, typed: &str, most: usize) -> Done<String> {
    let words = language::display::clean_text(typed);
    if words.is_empty() {
        return Err(ContractError::Wrong { field, code: "missing" });
    }
    if words.chars().count() > most {
        return Err(ContractError::Wrong { field, code: "too-long" });
    }
    Ok(words)
}

/// One row was changed, or somebody was faster.
pub(crate) fn one(changed: u64) -> Done<()> {
    if changed == 1 { Ok(()) } else { Err(ContractError::Changed) }
}

#[cfg(test)]
mod tests;
