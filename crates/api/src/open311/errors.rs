//! What went wrong, in the form that was asked for and with a true HTTP status.
//!
//! The standard wants a code, which repeats the status, and a description for people. `reason` is ours: a stable word
//! for programs.

use axum::response::{IntoResponse, Response};
use door::{Asked, NotServed};
use http::{HeaderValue, StatusCode, header};
use language::Lang;

use super::answer::{Format, Value, respond};
use super::read_path;
use crate::problem::{No, words_of};
use crate::refusals;

/// A refusal as Open311 says it. What the machine or the threshold says passes on to the guard, which comes back to
/// [`render`].
pub(crate) fn respond_no(no: No, lang: Lang, format: Format) -> Response {
    let (status, code) = (status_of(&no), no.code());
    let list = match no {
        No::Failure(failure) => return failure.into_response(),
        No::Threshold(refusal) => return refusal.into_response(),
        No::Refused(errors) => errors.into_iter().map(|error| (error.code, error.message)).collect(),
        No::Parameter { name, code } => {
            vec![(code.to_owned(), format!("{name}: {}", refusals::by_code(lang, code)))]
        }
        No::Conflict { message, .. } => vec![(code.to_owned(), message)],
        _ => vec![(code.to_owned(), refusals::by_code(lang, code))],
    };
    errors(status, format, list)
}

/// 404 for what is not there, 403 for a key that is missing or may not, 400 for everything else.
fn status_of(no: &No) -> StatusCode {
    match no {
        No::KeyWrong | No::Denied(_) => StatusCode::FORBIDDEN,
        No::Refused(errors) if errors.iter().any(|error| error.code == "service-unknown") => {
            StatusCode::NOT_FOUND
        }
        No::Refused(errors) if errors.iter().any(|error| error.code == "key-missing") => {
            StatusCode::FORBIDDEN
        }
        No::Refused(_) | No::WrongShape(_) | No::Conflict { .. } => StatusCode::BAD_REQUEST,
        other => other.status(),
    }
}

fn errors(status: StatusCode, format: Format, list: Vec<(String, String)>) -> Response {
    let list = list
        .into_iter()
        .map(|(reason, description)| {
            Value::Object(vec![
                ("code", Value::Text(status.as_u16().to_string())),
                ("description", Value::text(description)),
                ("reason", Value::text(reason)),
            ])
        })
        .collect();
    respond(status, format, "errors", &Value::List("error", list))
}

pub(crate) fn wrong_method(format: Format, may_post: bool) -> Response {
    let words = refusals::by_code(Lang::En, "method-wrong");
    let mut response = errors(StatusCode::METHOD_NOT_ALLOWED, format, vec![("method-wrong".into(), words)]);
    let allow = if may_post { "GET, HEAD, POST, OPTIONS" } else { "GET, HEAD, OPTIONS" };
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}

/// What the guard says about an address of ours.
pub(crate) fn render(asked: &Asked, what: &NotServed) -> Response {
    let (_, format) = read_path(asked.uri.path());
    let (code, words) = words_of(Lang::En, what);
    errors(what.status(), format, vec![(code.into(), words)])
}
