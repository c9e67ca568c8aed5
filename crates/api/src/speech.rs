//! The language an answer is written in.

use http::HeaderMap;
use language::Lang;
use territory::Jurisdiction;

/// What the address says (`lang=en`), else what the reader would rather read, else the city's first language.
pub(crate) fn of(asked: Option<&str>, headers: &HeaderMap, city: &Jurisdiction) -> Lang {
    asked
        .and_then(Lang::from_code)
        .or_else(|| door::lang::suggested(headers))
        .or_else(|| city.languages.first().copied())
        .unwrap_or_default()
}
