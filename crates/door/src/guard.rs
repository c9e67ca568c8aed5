//! Limits of time and size around a door, and its words when something fails.
//!
//! Every route of a door stands inside one guard. A handler that panics, takes too long or returns a failure ends
//! here: the code is drawn, one line is logged, and the door's own renderer makes the page or the document.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use http::{HeaderMap, Method, Request, StatusCode, Uri, header};
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep};
use tower::{Layer, Service};
use tower_http::csrf::ProtectionError;

use crate::Door;
use crate::failure::{Code, Failed, Failure, NotServed, Refusal};
use crate::layers::RequestId;

/// The largest body of a route that says nothing else.
pub const BODY_LIMIT: usize = 64 * 1024;
/// The largest body of a route that takes photos: five of 25 MB and the words around them.
/// `.layer(DefaultBodyLimit::max(door::UPLOAD_LIMIT))` on that route.
pub const UPLOAD_LIMIT: usize = 126 * 1024 * 1024;

/// How long a handler may take, from the header to the beginning of its answer.
const HANDLER_TIME: Duration = Duration::from_secs(30);
/// The same for one that is sent files: 25 MB over a slow line take minutes.
const UPLOAD_TIME: Duration = Duration::from_secs(600);
/// The longest silence inside a body.
const SILENCE: Duration = Duration::from_secs(20);

/// What was asked for, for the renderer.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: Method,
    pub uri: Uri,
    /// The value of `Accept`, if it was readable.
    pub accept: Option<http::HeaderValue>,
    pub id: Option<RequestId>,
}

/// Puts into words what could not be served. Status and `Retry-After` are set by the guard.
pub type Render = fn(&Asked, &NotServed) -> Response;

/// Puts the routes of a door behind the guard. Bodies are limited to [`BODY_LIMIT`]; a route that takes photos
/// says so with a `DefaultBodyLimit` of its own.
pub fn guarded<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    door: &Door,
    render: Render,
) -> Router<S> {
    router.layer((Guard { door: door.clone(), render }, DefaultBodyLimit::max(BODY_LIMIT)))
}

#[derive(Clone)]
struct Guard {
    door: Door,
    render: Render,
}

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { inner, guard: self.clone() }
    }
}

#[derive(Clone)]
struct Guarded<S> {
    inner: S,
    guard: Guard,
}

impl<S> Service<Request<Body>> for Guarded<S>
where
    S: Service<Request<Body>, Response = Response>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Watching<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Watching<S::Future> {
        let asked = Asked {
            method: request.method().clone(),
            uri: request.uri().clone(),
            accept: request.headers().get(header::ACCEPT).cloned(),
            id: request.extensions().get().copied(),
        };
        let is_upload = is_multipart(request.headers());
        let request = if request.body().is_end_stream() {
            request
        } else {
            request.map(|body| Body::new(Patient { body, silence: Box::pin(sleep(SILENCE)) }))
        };
        // A NUL in the address is nothing a person follows, and PostgreSQL keeps none: see `forms`.
        let (inner, failed) = if has_nul(&asked.uri) {
            (None, Some(NotBegun::Refused(Refusal::Malformed("a NUL in the address"))))
        } else {
            match catch_unwind(AssertUnwindSafe(|| self.inner.call(request))) {
                Ok(inner) => (Some(inner), None),
                Err(panic) => (None, Some(NotBegun::Failed(panicked(&*panic)))),
            }
        };
        let time = if is_upload { UPLOAD_TIME } else { HANDLER_TIME };
        Watching {
            inner,
            failed,
            timer: None,
            until: Instant::now() + time,
            asked,
            guard: self.guard.clone(),
        }
    }
}

/// Why a handler was not even asked.
enum NotBegun {
    Failed(Failure),
    Refused(Refusal),
}

fn has_nul(uri: &Uri) -> bool {
    uri.path_and_query().is_some_and(|address| address.as_str().contains("%00"))
}

pin_project! {
    struct Watching<F> {
        #[pin]
        inner: Option<F>,
        failed: Option<NotBegun>,
        // Most handlers answer before they wait for anything, so the timer is made only when one does.
        timer: Option<Pin<Box<Sleep>>>,
        until: Instant,
        asked: Asked,
        guard: Guard,
    }
}

impl<F, E> Future for Watching<F>
where
    F: Future<Output = Result<Response, E>>,
{
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        match this.failed.take() {
            Some(NotBegun::Failed(failure)) => return Poll::Ready(Ok(this.guard.fail(this.asked, &failure))),
            Some(NotBegun::Refused(no)) => {
                return Poll::Ready(Ok(this.guard.say(this.asked, NotServed::Refused(no))));
            }
            None => {}
        }
        let Some(inner) = this.inner.as_pin_mut() else {
            return Poll::Ready(Ok(this.guard.fail(this.asked, &Failure::new("polled after its end"))));
        };
        match catch_unwind(AssertUnwindSafe(|| inner.poll(cx))) {
            Ok(Poll::Ready(Ok(response))) => Poll::Ready(Ok(this.guard.mend(this.asked, response))),
            Ok(Poll::Ready(Err(error))) => Poll::Ready(Err(error)),
            Ok(Poll::Pending) => {
                let timer = this.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(*this.until)));
                ready!(timer.as_mut().poll(cx));
                Poll::Ready(Ok(this.guard.fail(this.asked, &Failure::passing("the handler took too long"))))
            }
            Err(panic) => Poll::Ready(Ok(this.guard.fail(this.asked, &panicked(&*panic)))),
        }
    }
}

impl Guard {
    /// Lets an answer through, or puts words into one that has none.
    fn mend(&self, asked: &Asked, response: Response) -> Response {
        if response.status().is_success() || response.status().is_redirection() {
            return response;
        }
        if let Some(failure) = response.extensions().get::<Failure>() {
            return self.fail(asked, failure);
        }
        let refusal = match response.extensions().get::<Refusal>() {
            Some(refusal) => Some(*refusal),
            None if response.extensions().get::<ProtectionError>().is_some() => Some(Refusal::CrossSite),
            // The extractors of axum refuse with plain text.
            None if response.status() == StatusCode::PAYLOAD_TOO_LARGE => Some(Refusal::TooLarge),
            None => None,
        };
        match refusal {
            Some(refusal) => self.say(asked, NotServed::Refused(refusal)),
            None => response,
        }
    }

    fn fail(&self, asked: &Asked, failure: &Failure) -> Response {
        let code = Code::draw(&self.door.dice);
        log(asked, failure, code);
        self.say(
            asked,
            NotServed::Failed(Failed { status: failure.status, code, retry_after: failure.retry_after }),
        )
    }

    fn say(&self, asked: &Asked, what: NotServed) -> Response {
        // A renderer that fails must not take the apology with it.
        match catch_unwind(AssertUnwindSafe(|| (self.render)(asked, &what))) {
            Ok(response) => what.stamp(response),
            Err(_) => what.bare(),
        }
    }
}

/// One line for one failure. The query is left out: it may hold what a person typed.
fn log(asked: &Asked, failure: &Failure, code: Code) {
    let (method, path, cause) = (&asked.method, asked.uri.path(), &failure.cause);
    let request = asked.id.map(|id| id.to_string()).unwrap_or_default();
    if failure.is_passing() {
        tracing::warn!(%code, %request, %method, path, %cause, "busy");
    } else {
        tracing::error!(%code, %request, %method, path, %cause, "failed");
    }
}

fn panicked(panic: &(dyn Any + Send)) -> Failure {
    let message =
        panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    Failure::new(format_args!("panic: {}", message.unwrap_or("without words")))
}

pub(crate) fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    kind.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/"))
}

/// A body that may be slow but not silent.
struct Patient {
    body: Body,
    silence: Pin<Box<Sleep>>,
}

impl HttpBody for Patient {
    type Data = bytes::Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<bytes::Bytes>, axum::BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                self.silence.as_mut().reset(Instant::now() + SILENCE);
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => {
                ready!(self.silence.as_mut().poll(cx));
                Poll::Ready(Some(Err(Box::new(Refusal::TooSlow))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}
