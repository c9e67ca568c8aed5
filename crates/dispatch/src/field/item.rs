//! One thing that a crew did, as its telephone says it.

use calendar::Timestamp;
use requests::PhotoRef;
use serde::{Deserialize, Serialize};

use crate::kinds::coded;
use crate::{CrewStatus, DispatchError, Done};

coded! {
    /// Before the work or after it.
    Stage { Before = "before", After = "after" }
}

coded! {
    /// What became of an item.
    Outcome {
        Accepted = "accepted",
        /// It came before; the answer of then stands.
        AlreadyHad = "already-had",
        /// The world had moved on: somebody else has the order now, or it was cancelled. It is kept for a dispatcher.
        Conflict = "conflict",
        /// It cannot be done like this, and the code says why.
        Refused = "refused",
    }
}

/// Where a telephone was, by its own clock.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    pub at: Timestamp,
    pub lat: f64,
    pub long: f64,
    /// Metres.
    #[serde(default)]
    pub accuracy: f64,
}

/// What was done. The names are those that the telephone sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum What {
    /// With consent the crew's position may be read until the shift ends.
    ShiftBegin {
        #[serde(default)]
        consent: bool,
    },
    ShiftEnd {
        #[serde(default)]
        words: String,
    },
    /// The crew changes its mind about its position.
    Consent {
        given: bool,
    },
    Status {
        status: CrewStatus,
    },
    OnTheWay,
    OnSite,
    Check {
        code: String,
        ticked: bool,
    },
    /// The picture itself comes beside the item.
    Photo {
        stage: Stage,
        #[serde(default, skip_deserializing)]
        file: Option<String>,
    },
    Material {
        code: String,
        amount: f64,
    },
    Quantity {
        code: String,
        amount: f64,
    },
    Note {
        words: String,
    },
    Done {
        #[serde(default)]
        words: String,
        /// Pictures that are still on the telephone and come later.
        #[serde(default)]
        photos: i64,
    },
    NotDone {
        reason: String,
        #[serde(default)]
        words: String,
    },
    Positions {
        fixes: Vec<Fix>,
    },
}

impl What {
    pub const fn code(&self) -> &'static str {
        match self {
            What::ShiftBegin { .. } => "shift-begin",
            What::ShiftEnd { .. } => "shift-end",
            What::Consent { .. } => "consent",
            What::Status { .. } => "status",
            What::OnTheWay => "on-the-way",
            What::OnSite => "on-site",
            What::Check { .. } => "check",
            What::Photo { .. } => "photo",
            What::Material { .. } => "material",
            What::Quantity { .. } => "quantity",
            What::Note { .. } => "note",
            What::Done { .. } => "done",
            What::NotDone { .. } => "not-done",
            What::Positions { .. } => "positions",
        }
    }

    /// It is about one order.
    pub const fn is_of_order(&self) -> bool {
        !matches!(
            self,
            What::ShiftBegin { .. }
                | What::ShiftEnd { .. }
                | What::Consent { .. }
                | What::Status { .. }
                | What::Positions { .. }
        )
    }
}

/// One thing that a crew did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Made on the telephone, so that sending it again adds nothing: a UUID or the like.
    pub id: String,
    /// The telephone's own count, without gaps: what was done first is taken first.
    pub sequence: i64,
    /// By the telephone's clock.
    pub at: Timestamp,
    /// The code of the order that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    #[serde(flatten)]
    pub what: What,
}

const LONGEST_NAME: usize = 64;
const LONGEST_CONTENT: usize = 16_000;
const MOST_FIXES: usize = 500;

impl Item {
    /// An item with its picture, which was made safe and kept already.
    pub fn with_photo(mut self, photo: &PhotoRef) -> Item {
        if let What::Photo { file, .. } = &mut self.what {
            *file = Some(photo.text());
        }
        self
    }

    /// Refuses what no telephone of ours sends.
    pub fn check(&self) -> Done<()> {
        let refused = |code| Err(DispatchError::Refused(code));
        if !is_name(&self.id) {
            return refused("item-name");
        }
        if self.what.is_of_order() != self.order.is_some() {
            return refused("item-order");
        }
        if self.order.as_ref().is_some_and(|code| code.len() > LONGEST_NAME) {
            return refused("order-unknown");
        }
        let code = match &self.what {
            What::Check { code, .. } | What::Material { code, .. } | What::Quantity { code, .. } => code,
            What::NotDone { reason, .. } => reason,
            _ => "",
        };
        if code.len() > LONGEST_NAME {
            return refused("item-content");
        }
        if matches!(&self.what, What::Positions { fixes } if fixes.len() > MOST_FIXES) {
            return refused("item-content");
        }
        if let What::Positions { .. } = self.what {
            return Ok(());
        }
        match serde_json::to_string(self) {
            Ok(text) if text.len() <= LONGEST_CONTENT => Ok(()),
            _ => refused("words-too-long"),
        }
    }
}

/// A name made on a telephone: letters, digits and hyphens, long enough not to be met twice.
pub(super) fn is_name(text: &str) -> bool {
    (8..=LONGEST_NAME).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// The answer to one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Taken {
    pub id: String,
    pub outcome: Outcome,
    /// Of what came before: what became of it then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Outcome>,
    /// Why, or empty.
    pub code: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(text: &str) -> Result<Item, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn telephones_say_what_they_mean() {
        let read = item(
            r#"{"id":"0192-aaaa","sequence":4,"at":17,"order":"1405-00001","kind":"not-done","reason":"no-access"}"#,
        );
        let read = read.unwrap();
        assert_eq!(read.what, What::NotDone { reason: "no-access".into(), words: String::new() });
        assert_eq!(read.what.code(), "not-done");
        assert!(read.check().is_ok());
        for kind in [r#""on-the-way""#, r#""on-site""#, r#""done""#] {
            let text = format!(r#"{{"id":"0192-aaaa","sequence":1,"at":1,"order":"a","kind":{kind}}}"#);
            assert!(item(&text).unwrap().check().is_ok(), "{kind}");
        }
    }

    #[test]
    fn nonsense_is_refused_and_breaks_nothing() {
        for (text, code) in [
            (r#"{"id":"x","sequence":1,"at":1,"order":"a","kind":"on-site"}"#, "item-name"),
            (r#"{"id":"'; DROP--","sequence":1,"at":1,"order":"a","kind":"on-site"}"#, "item-name"),
            (r#"{"id":"0192-aaaa","sequence":1,"at":1,"kind":"on-site"}"#, "item-order"),
            (r#"{"id":"0192-aaaa","sequence":1,"at":1,"order":"a","kind":"shift-end"}"#, "item-order"),
        ] {
            assert_eq!(item(text).unwrap().check().unwrap_err().code(), Some(code), "{text}");
        }
        for text in ["{}", "[]", "null", r#"{"id":"0192-aaaa","sequence":1,"at":1,"kind":"fly"}"#] {
            assert!(item(text).is_err(), "{text}");
        }
        let words = "ا".repeat(20_000);
        let long = format!(
            r#"{{"id":"0192-aaaa","sequence":1,"at":1,"order":"a","kind":"note","words":"{words}"}}"#
        );
        assert_eq!(item(&long).unwrap().check().unwrap_err().code(), Some("words-too-long"));
    }

    #[test]
    fn a_telephone_cannot_name_a_file_of_ours() {
        let text = r#"{"id":"0192-aaaa","sequence":1,"at":1,"order":"a","kind":"photo","stage":"after","file":"secret"}"#;
        assert_eq!(item(text).unwrap().what, What::Photo { stage: Stage::After, file: None });
    }
}
