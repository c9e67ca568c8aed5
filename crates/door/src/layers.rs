//! What every answer carries, whichever door it came from: a number for the log, headers that tell the browser to
//! be strict, counts for the operator, and fewer bytes on the line.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll, ready};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::MatchedPath;
use axum::response::{IntoResponse, Response};
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Version, header};
use metrics::{Counter, Histogram};
use pin_project_lite::pin_project;
use tower::{Layer, Service};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

use crate::Door;

const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'; manifest-src 'self'";

/// Smaller answers fit into one packet anyway.
const WORTH_PACKING: u64 = 860;

/// Adds to every answer of the whole program what all have in common. Called once, on the outside.
pub fn layers(router: Router, door: &Door) -> Router {
    let packing = CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(
        SizeAbove::new(WORTH_PACKING)
            .and(is_packable as fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool),
    );
    let mut headers = vec![
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(STRICT)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
        (
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static("geolocation=(self), camera=(), microphone=(), payment=(), usb=()"),
        ),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    ];
    if door.settings.is_https() {
        headers.push((header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")));
    }
    let house = Arc::new(House {
        headers,
        // Numbers of two runs of the program shall not meet in one log.
        first_id: door.dice.number() << 32,
        requests: AtomicU64::new(0),
        counts: RwLock::new(HashMap::new()),
    });
    router.layer((Outside(house), packing))
}

/// Texts are packed; pictures, fonts and streams that live are not.
fn is_packable(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    if kind.starts_with(b"text/") {
        return !kind.starts_with(b"text/event-stream");
    }
    kind.starts_with(b"application/")
        && !kind.starts_with(b"application/zip")
        && !kind.starts_with(b"application/zstd")
        || kind.starts_with(b"image/svg")
}

/// The number of one request, in the log and in the `x-request-id` of its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(u64);

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl RequestId {
    fn header(self) -> HeaderValue {
        let mut text = [0u8; 16];
        for (n, byte) in text.iter_mut().rev().enumerate() {
            let digit = (self.0 >> (4 * n) & 15) as u8;
            *byte = if digit < 10 { b'0' + digit } else { b'a' - 10 + digit };
        }
        HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static(""))
    }
}

struct House {
    headers: Vec<(HeaderName, HeaderValue)>,
    first_id: u64,
    requests: AtomicU64,
    /// By route. Routes, methods and statuses are few, so what counts them is looked up once and kept.
    counts: RwLock<HashMap<String, Vec<Count>>>,
}

struct Count {
    method: Method,
    status: StatusCode,
    answers: Counter,
    seconds: Histogram,
}

impl House {
    fn count(&self, route: Option<&MatchedPath>, method: &Method, status: StatusCode, began: Instant) {
        // What nobody wrote a route for has one name, or a scanner would fill the memory with its guesses.
        let (route, method) = (route.map_or("none", MatchedPath::as_str), known(method));
        let seconds = began.elapsed().as_secs_f64();
        let find = |counts: &[Count]| {
            let count = counts.iter().find(|count| count.status == status && count.method == *method);
            count
                .inspect(|count| {
                    count.answers.increment(1);
                    count.seconds.record(seconds);
                })
                .is_some()
        };
        if self
            .counts
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(route)
            .is_some_and(|counts| find(counts))
        {
            return;
        }
        let labels = [
            ("route", route.to_owned()),
            ("method", method.to_string()),
            ("status", status.as_u16().to_string()),
        ];
        let answers = metrics::counter!("peyvand_http_requests_total", &labels);
        let histogram = metrics::histogram!("peyvand_http_request_seconds", &labels);
        answers.increment(1);
        histogram.record(seconds);
        let count = Count { method: method.clone(), status, answers, seconds: histogram };
        self.counts
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(route.to_owned())
            .or_default()
            .push(count);
    }

    fn dress(&self, response: &mut Response, id: RequestId) {
        let headers = response.headers_mut();
        headers.reserve(self.headers.len() + 1);
        for (name, value) in &self.headers {
            // A route that needs another rule, such as a photo, has said so itself.
            if let http::header::Entry::Vacant(place) = headers.entry(name) {
                place.insert(value.clone());
            }
        }
        headers.insert(HeaderName::from_static("x-request-id"), id.header());
    }
}

/// Anyone can invent a method; only those that exist are counted apart.
fn known(method: &Method) -> &Method {
    match *method {
        Method::GET
        | Method::POST
        | Method::HEAD
        | Method::PUT
        | Method::PATCH
        | Method::DELETE
        | Method::OPTIONS => method,
        _ => &Method::TRACE,
    }
}

#[derive(Clone)]
struct Outside(Arc<House>);

impl<S> Layer<S> for Outside {
    type Service = OutsideOf<S>;

    fn layer(&self, inner: S) -> OutsideOf<S> {
        OutsideOf { inner, house: self.0.clone() }
    }
}

#[derive(Clone)]
struct OutsideOf<S> {
    inner: S,
    house: Arc<House>,
}

impl<S, B> Service<Request<Body>> for OutsideOf<S>
where
    S: Service<Request<Body>, Response = http::Response<B>>,
    http::Response<B>: IntoResponse,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Counting<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Counting<S::Future> {
        let id = RequestId(
            self.house.first_id | (self.house.requests.fetch_add(1, Ordering::Relaxed) & 0xffff_ffff),
        );
        request.extensions_mut().insert(id);
        Counting {
            route: request.extensions().get().cloned(),
            method: request.method().clone(),
            began: Instant::now(),
            id,
            house: self.house.clone(),
            inner: self.inner.call(request),
        }
    }
}

pin_project! {
    struct Counting<F> {
        route: Option<MatchedPath>,
        method: Method,
        began: Instant,
        id: RequestId,
        house: Arc<House>,
        #[pin]
        inner: F,
    }
}

impl<F, B, E> Future for Counting<F>
where
    F: Future<Output = Result<http::Response<B>, E>>,
    http::Response<B>: IntoResponse,
{
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.inner.poll(cx))?.into_response();
        this.house.count(this.route.as_ref(), this.method, response.status(), *this.began);
        this.house.dress(&mut response, *this.id);
        Poll::Ready(Ok(response))
    }
}
