//! What went wrong, for programs: `application/problem+json` (RFC 9457).
//!
//! `code` is stable and meant for programs; `title` and the messages are for people. Open311 has its own form of the
//! same things, see `open311::errors`; the guard's renderer chooses by the address.

use axum::response::{IntoResponse, Response};
use door::{Asked, Failure, NotServed};
use http::{HeaderValue, StatusCode, header};
use language::Lang;
use people::Denied;
use serde::Serialize;
use words::Words;

use crate::{open311, refusals};

/// The body of every answer that is no success.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(crate) struct Problem {
    /// Always `about:blank`: `code` says which problem it is.
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: String,
    pub status: u16,
    /// Stable, for programs.
    pub code: String,
    /// More, for whoever writes the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// One for each field that was refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(crate) struct FieldError {
    pub code: String,
    /// The name of the field in what was sent; an answer to a question is `attributes.CODE`.
    pub field: String,
    pub message: String,
}

/// Why a handler of the native interface has no answer.
#[derive(Debug)]
pub(crate) enum No {
    CityUnknown,
    /// No key, where one is needed.
    KeyMissing,
    /// A key that nobody holds.
    KeyWrong,
    Denied(Denied),
    NotFound(&'static str),
    /// A parameter of the address.
    Parameter {
        name: &'static str,
        code: &'static str,
    },
    /// The body is not what it says it is.
    Malformed(String),
    /// The body is JSON of another shape.
    WrongShape(String),
    /// The city's refusals, in words already.
    Refused(Vec<FieldError>),
    /// The move does not follow from where the request stands.
    Conflict {
        code: &'static str,
        message: String,
    },
    Failure(Failure),
    Threshold(door::Refusal),
}

impl From<storage::Error> for No {
    fn from(error: storage::Error) -> Self {
        No::Failure(error.into())
    }
}

impl From<Failure> for No {
    fn from(failure: Failure) -> Self {
        No::Failure(failure)
    }
}

impl From<door::Refusal> for No {
    fn from(refusal: door::Refusal) -> Self {
        No::Threshold(refusal)
    }
}

impl From<Denied> for No {
    fn from(denied: Denied) -> Self {
        No::Denied(denied)
    }
}

impl No {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            No::CityUnknown | No::NotFound(_) => StatusCode::NOT_FOUND,
            No::KeyMissing | No::KeyWrong => StatusCode::UNAUTHORIZED,
            No::Denied(_) => StatusCode::FORBIDDEN,
            No::Parameter { .. } | No::Malformed(_) => StatusCode::BAD_REQUEST,
            No::WrongShape(_) | No::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            No::Conflict { .. } => StatusCode::CONFLICT,
            No::Failure(failure) => failure.status(),
            No::Threshold(refusal) => refusal.status(),
        }
    }

    /// The right that was missing.
    pub(crate) fn denied(&self) -> Option<Denied> {
        match self {
            No::Denied(denied) => Some(*denied),
            _ => None,
        }
    }

    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            No::CityUnknown => "jurisdiction-unknown",
            No::KeyMissing => "key-missing",
            No::KeyWrong => "key-wrong",
            No::Denied(_) => "denied",
            No::NotFound(code) | No::Conflict { code, .. } | No::Parameter { code, .. } => code,
            No::Malformed(_) => "malformed",
            No::WrongShape(_) => "wrong-shape",
            No::Refused(_) => "refused",
            No::Failure(_) => "failed",
            No::Threshold(refusal) => refusals::threshold_code(*refusal),
        }
    }

    /// The answer in a language. What the machine or the threshold says passes on to the guard.
    pub(crate) fn say(self, lang: Lang) -> Response {
        let (status, code) = (self.status(), self.code());
        let mut problem = Problem::new(status, code, refusals::by_code(lang, code));
        let denied = self.denied();
        match self {
            No::Failure(failure) => return failure.into_response(),
            No::Threshold(refusal) => return refusal.into_response(),
            No::Malformed(detail) | No::WrongShape(detail) => problem.detail = Some(detail),
            No::Denied(denied) => problem.detail = Some(denied.to_string()),
            No::Parameter { name, .. } => {
                let message = problem.title.clone();
                problem.errors = vec![FieldError { code: code.into(), field: name.into(), message }];
                problem.title = refusals::by_code(lang, "parameter-wrong");
            }
            No::Conflict { message, .. } => problem.title = message,
            No::Refused(errors) => problem.errors = errors,
            No::CityUnknown | No::KeyMissing | No::KeyWrong | No::NotFound(_) => {}
        }
        let mut response = problem.into_response();
        // Whoever was refused is written down on the way out.
        if let Some(denied) = denied {
            response.extensions_mut().insert(denied);
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// For the few places that answer before they know a language.
impl IntoResponse for No {
    fn into_response(self) -> Response {
        self.say(Lang::En)
    }
}

impl Problem {
    pub fn new(status: StatusCode, code: &str, title: String) -> Self {
        Problem {
            kind: "about:blank",
            title,
            status: status.as_u16(),
            code: code.into(),
            detail: None,
            errors: Vec::new(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        (status, headers, body).into_response()
    }
}

/// A known address, and a method that it does not have.
pub(crate) async fn wrong_method() -> Response {
    let code = "method-wrong";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, code, refusals::by_code(Lang::En, code)).into_response()
}

/// An address of the native interface that does not exist.
pub(crate) async fn no_such_address() -> Response {
    No::NotFound("address-unknown").say(Lang::En)
}

/// What the guard of this door says.
pub(crate) fn render(asked: &Asked, what: &NotServed) -> Response {
    let lang = Lang::En;
    if asked.uri.path().starts_with("/open311") {
        return open311::render(asked, what);
    }
    let (code, title) = words_of(lang, what);
    let mut problem = Problem::new(what.status(), code, title);
    problem.detail = match what {
        NotServed::Failed(_) => None,
        NotServed::Refused(refusal) => Some(refusal.to_string()),
    };
    problem.into_response()
}

/// The stable code and the words for what the machine or the threshold says.
pub(crate) fn words_of(lang: Lang, what: &NotServed) -> (&'static str, String) {
    match what {
        NotServed::Failed(failed) if failed.retry_after.is_some() => {
            ("busy", Words(lang).api_problem_busy(failed.code.as_str()))
        }
        NotServed::Failed(failed) => ("failed", Words(lang).api_problem_failed(failed.code.as_str())),
        NotServed::Refused(refusal) => {
            let code = refusals::threshold_code(*refusal);
            (code, refusals::by_code(lang, code))
        }
    }
}
