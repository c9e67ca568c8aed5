//! A call appears by itself: the events of one operator's telephone, from the journal.
//!
//! A fact names the extension and the account and no number; the page then asks for the call, and that look is noted.

use axum::extract::State;
use axum::response::Response;
use door::live::{self, Said, Since};
use door::{Door, Signed};
use requests::calls;
use serde::Deserialize;
use storage::journal::Entry;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Told {
    account: Option<i64>,
}

/// `GET /desk/live`: `call` with its id and what happened to a call of one's own, `line` when something else about
/// the line changed.
pub async fn stream(State(door): State<Door>, signed: Signed, since: Since) -> Response {
    let account = signed.account;
    live::events(&door, signed.jurisdiction, since, move |entry| said(entry, account))
}

fn said(entry: &Entry, account: i64) -> Option<Said> {
    if entry.subject_kind != calls::SUBJECT {
        return None;
    }
    let told: Told = serde_json::from_str(&entry.payload).unwrap_or_default();
    match entry.fact.as_str() {
        "rang" | "picked-up" | "ended" | "missed" if told.account == Some(account) => {
            // Ids of 63 bits do not survive JavaScript's numbers.
            let data = serde_json::json!({ "call": entry.subject.to_string(), "fact": entry.fact });
            Some(Said::new("call", data.to_string()))
        }
        "missed" | "called-back" => Some(Said::new("line", String::new())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_hears_of_its_own_calls_only() {
        let entry = |fact: &str, payload: &str| Entry {
            seq: 1,
            at: 0,
            actor: "operator:9".into(),
            subject_kind: calls::SUBJECT.into(),
            subject: 1_794_000_000_000_000_137,
            fact: fact.into(),
            payload: payload.into(),
            jurisdiction: 1,
            hash: Vec::new(),
        };
        let mine = said(&entry("rang", r#"{"extension":"204","account":7}"#), 7).unwrap();
        assert_eq!(mine.name, "call");
        assert!(mine.data.contains("\"1794000000000000137\""), "{}", mine.data);
        assert_eq!(said(&entry("rang", r#"{"extension":"205","account":8}"#), 7), None);
        assert_eq!(said(&entry("rang", r#"{"extension":"206","account":null}"#), 7), None);
        assert_eq!(said(&entry("missed", r#"{"account":8}"#), 7).unwrap().name, "line");
        assert_eq!(said(&entry("wrapped-up", r#"{"account":7}"#), 7), None);
    }
}
