//! What may be asked for, as Open311 describes it: service groups, services, and the questions of a service.

use calendar::Target;
use language::Lang;
use serde::{Deserialize, Serialize};

use crate::kinds::{Kind, Priority, coded};

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Both {
    #[serde(default)]
    pub fa: String,
    #[serde(default)]
    pub en: String,
}

impl Both {
    pub fn new(fa: impl Into<String>, en: impl Into<String>) -> Self {
        Both { fa: fa.into(), en: en.into() }
    }

    /// The text in a language, or in the other one where there is none.
    pub fn get(&self, lang: Lang) -> &str {
        let (first, second) = match lang {
            Lang::Fa => (&self.fa, &self.en),
            Lang::En => (&self.en, &self.fa),
        };
        if first.is_empty() { second } else { first }
    }

    pub fn is_empty(&self) -> bool {
        self.fa.is_empty() && self.en.is_empty()
    }
}

/// A family of services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub id: i64,
    pub code: String,
    pub name: Both,
    /// The name of a drawing in `assets/icons`.
    pub icon: String,
}

/// A kind of thing that the city does.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    pub id: i64,
    /// An ASCII slug; Open311's `service_code`.
    pub code: String,
    pub group: i64,
    pub is_open: bool,
    pub about: Definition,
}

impl Service {
    pub fn name(&self, lang: Lang) -> &str {
        self.about.name.get(lang)
    }

    /// How long the city may take, by how urgent it is. A priority without a target of its own has the normal one.
    pub fn target(&self, priority: Priority) -> Option<Target> {
        let t = &self.about.target;
        match priority {
            Priority::Normal => t.normal,
            Priority::Urgent => t.urgent.or(t.normal),
            Priority::Emergency => t.emergency.or(t.urgent).or(t.normal),
        }
    }

    /// Requests for this service are shown to everybody.
    pub fn is_public(&self) -> bool {
        !self.about.private
    }
}

/// Everything about a service that is read as one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Definition {
    pub name: Both,
    pub description: Both,
    pub keywords: Keywords,
    /// The kind of message that it usually is.
    pub kind: Option<Kind>,
    /// What is reported is nobody else's business.
    pub private: bool,
    /// Said before anything is typed: whom to call when somebody is in danger.
    pub emergency: Option<Emergency>,
    pub target: Targets,
    /// What an answer has to show.
    pub evidence: crate::reply::Evidence,
    /// How long people and words are remembered after the end of the work.
    pub retention: crate::privacy::Retention,
    pub attributes: Vec<Attribute>,
    /// What is asked to tell how urgent it is; see `calls::triage`.
    pub triage: Vec<TriageQuestion>,
    /// Made from imported data, not from a city pack.
    pub from_import: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Keywords {
    pub fa: Vec<String>,
    pub en: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Emergency {
    pub hint: Both,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Targets {
    pub normal: Option<Target>,
    pub urgent: Option<Target>,
    pub emergency: Option<Target>,
    /// Of an objection to an answer; half of the others when it is left out.
    pub objection: Option<Target>,
}

/// A question whose "yes" makes it more urgent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriageQuestion {
    pub code: String,
    pub name: Both,
    /// From 1 (a little) to 3 (an emergency by itself).
    pub weight: i64,
}

coded! {
    /// What an answer to a question looks like; Open311's words.
    Datatype {
        Text = "text",
        String = "string",
        Number = "number",
        Datetime = "datetime",
        SingleValueList = "singlevaluelist",
        MultiValueList = "multivaluelist",
    }
}

/// A question of a service; Open311's attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    pub code: String,
    pub datatype: Datatype,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub order: i64,
    /// The answer is shown with the request.
    #[serde(default = "yes")]
    pub public: bool,
    /// False for a notice that asks nothing.
    #[serde(default = "yes")]
    pub variable: bool,
    /// The question itself; Open311's `description`.
    pub name: Both,
    /// How to answer it; Open311's `datatype_description`.
    #[serde(default)]
    pub hint: Both,
    #[serde(default, alias = "value")]
    pub values: Vec<Value>,
}

/// An answer to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    pub key: String,
    pub name: Both,
}

fn yes() -> bool {
    true
}
