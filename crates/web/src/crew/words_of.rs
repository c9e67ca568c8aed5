//! Codes as sentences.

use dispatch::field::Outcome;
use dispatch::{CrewStatus, OrderStatus, Urgency};
use words::Words;

/// Why something was not taken.
pub fn code(w: Words, code: &str) -> &'static str {
    w.by_key(&format!("crew-code-{code}"))
        .or_else(|| w.by_key(&format!("dispatch-refusal-{code}")))
        .unwrap_or(w.crew_code_other())
}

pub fn outcome(w: Words, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted | Outcome::AlreadyHad => w.crew_outcome_accepted(),
        Outcome::Conflict => w.crew_outcome_conflict(),
        Outcome::Refused => w.crew_outcome_refused(),
    }
}

/// What an item was, by the name that the telephone gives it.
pub fn kind(w: Words, kind: &str) -> &'static str {
    w.by_key(&format!("crew-kind-{kind}")).unwrap_or(w.crew_kind_note())
}

pub fn status(w: Words, status: OrderStatus) -> &'static str {
    w.by_key(&format!("crew-order-{}", status.code())).unwrap_or(w.crew_order_assigned())
}

pub fn crew_status(w: Words, status: CrewStatus) -> &'static str {
    w.by_key(&format!("crew-status-{}", status.code())).unwrap_or(w.crew_status_on_duty())
}

pub fn urgency(w: Words, urgency: Urgency) -> &'static str {
    w.by_key(&format!("crew-urgency-{}", urgency.code())).unwrap_or(w.crew_urgency_day())
}
