//! A body of JSON or of a form, asked by the names that the settings give.

use door::Form;
use notices::gateways::http::at;
use serde_json::Value;

use crate::problem::No;

/// What was sent.
pub(super) enum Fields {
    Json(Value),
    Form(Form),
}

impl Fields {
    pub fn read(kind: &str, body: &[u8]) -> Result<Fields, No> {
        match kind {
            "application/json" => match serde_json::from_slice(body) {
                Ok(value) => Ok(Fields::Json(value)),
                Err(error) => Err(No::Malformed(error.to_string())),
            },
            "" | "application/x-www-form-urlencoded" => Ok(Fields::Form(Form::from_urlencoded(body)?)),
            _ => Err(door::Refusal::UnsupportedType.into()),
        }
    }

    /// The text at a place: `messages.0.from` in JSON, the name of a field in a form. A NUL is kept by no database.
    pub fn get(&self, place: &str) -> Option<String> {
        let text = match self {
            Fields::Json(_) | Fields::Form(_) if place.is_empty() => None,
            Fields::Json(value) => at(value, place),
            Fields::Form(form) => form.get(place).map(str::to_owned),
        };
        text.map(|text| text.replace('\0', ""))
    }
}
