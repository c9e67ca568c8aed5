//! The machine broke: a code for the person, a line for the log.
//!
//! A handler returns a [`Failure`] or, when the threshold itself says no, a [`Refusal`]. Neither has words. The
//! guard around each door (see `guard`) draws the code, writes the one line of log, and asks the door for the page
//! or the document. The city's own refusals are not here: they live with the verbs.

use std::fmt::Display;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use people::Dice;

/// Something went wrong that is nobody's fault outside. `?` makes one from a [`storage::Error`].
#[derive(Debug, Clone)]
pub struct Failure {
    pub(crate) status: StatusCode,
    pub(crate) retry_after: Option<u32>,
    pub(crate) cause: Arc<str>,
}

/// Seconds after which a passing failure is worth another try.
const TRY_AGAIN: u32 = 2;

impl Failure {
    pub fn new(cause: impl Display) -> Self {
        Failure {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            retry_after: None,
            cause: cause.to_string().into(),
        }
    }

    /// One that the same request may not meet in a moment.
    pub fn passing(cause: impl Display) -> Self {
        Failure {
            status: StatusCode::SERVICE_UNAVAILABLE,
            retry_after: Some(TRY_AGAIN),
            cause: cause.to_string().into(),
        }
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn is_passing(&self) -> bool {
        self.retry_after.is_some()
    }
}

impl From<storage::Error> for Failure {
    fn from(error: storage::Error) -> Self {
        if error.is_passing() { Failure::passing(error) } else { Failure::new(error) }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The threshold says no before any verb is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// One address asked too often; it may ask again after so many seconds.
    #[error("asked too often")]
    TooMany { retry_after: u32 },
    #[error("the body is too large")]
    TooLarge,
    /// The body does not follow its own format; the text says how, for programmers.
    #[error("{0}")]
    Malformed(&'static str),
    #[error("this kind of content is not read here")]
    UnsupportedType,
    /// A form was sent from a page of another site.
    #[error("sent from another site")]
    CrossSite,
    /// The body did not come in time.
    #[error("the body came too slowly")]
    TooSlow,
    /// Whoever is signed in may not do this.
    #[error("not allowed")]
    Denied,
}

impl Refusal {
    pub fn status(self) -> StatusCode {
        match self {
            Refusal::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::Malformed(_) => StatusCode::BAD_REQUEST,
            Refusal::UnsupportedType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::CrossSite | Refusal::Denied => StatusCode::FORBIDDEN,
            Refusal::TooSlow => StatusCode::REQUEST_TIMEOUT,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A failure that was logged under a code, as a person is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed {
    pub status: StatusCode,
    pub code: Code,
    /// Seconds after which another try may succeed; none when it will not help.
    pub retry_after: Option<u32>,
}

/// What a door must put into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotServed {
    Failed(Failed),
    Refused(Refusal),
}

impl NotServed {
    pub fn status(&self) -> StatusCode {
        match self {
            NotServed::Failed(failed) => failed.status,
            NotServed::Refused(refusal) => refusal.status(),
        }
    }

    /// The code to read out on the telephone, when the log has a line about it.
    pub fn code(&self) -> Option<Code> {
        match self {
            NotServed::Failed(failed) => Some(failed.code),
            NotServed::Refused(_) => None,
        }
    }

    pub fn retry_after(&self) -> Option<u32> {
        match self {
            NotServed::Failed(failed) => failed.retry_after,
            NotServed::Refused(Refusal::TooMany { retry_after }) => Some(*retry_after),
            NotServed::Refused(_) => None,
        }
    }

    /// Gives an answer the status and the headers that belong to it, whatever its words are.
    pub(crate) fn stamp(&self, mut response: Response) -> Response {
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// The answer where no door has words for it: the code and nothing else.
    pub(crate) fn bare(&self) -> Response {
        let text = self.code().map(|code| code.to_string()).unwrap_or_default();
        self.stamp(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
    }
}

/// Six letters and digits that are hard to mishear, the same in the log and on the page.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code([u8; 6]);

/// Crockford's base 32: no I, L, O and U, which are misread or make words.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Code {
    pub fn draw(dice: &Dice) -> Self {
        let mut number = dice.number();
        Code(std::array::from_fn(|_| {
            let letter = LETTERS.get((number & 31) as usize).copied().unwrap_or(b'0');
            number >>= 5;
            letter
        }))
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
