//! The only way to add a page: every route says what it needs.
//!
//! Session and permission are looked at here, before any handler runs, so a page cannot forget to. The list of what
//! was added is the permission matrix of the pages: `peyvand check permissions` prints it and the tests walk
//! through it as every role. What a handler does to one thing is asked of the verb again, with its place.

use std::future::Future;
use std::pin::Pin;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, on};
use http::request::Parts;
use http::{Method, header};
use language::Lang;
use people::Permission;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::failure::{Failure, Refusal};
use crate::signed::{self, Signed};
use crate::{Door, lang};

/// What a route needs of whoever comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it is a page for everybody.
    Anyone,
    /// A session in this city, of a citizen or of staff.
    SignedIn,
    /// A membership that may do this somewhere in this city.
    May(Permission),
}

/// One row of the permission matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub method: Method,
    /// As it was written, without its language: `/work/{code}`.
    pub path: &'static str,
    pub needs: Needs,
}

/// Routes that say what they need.
pub struct Routes {
    router: Router<Door>,
    rows: Vec<Row>,
    spoken: bool,
}

impl Default for Routes {
    fn default() -> Self {
        Routes::new()
    }
}

impl Routes {
    /// None yet. Pages are spoken until [`Routes::unspoken`] is called.
    pub fn new() -> Self {
        Routes { router: Router::new(), rows: Vec::new(), spoken: true }
    }

    /// What follows has words: it is there in every language, the default one without its code in front.
    pub fn spoken(self) -> Self {
        Routes { spoken: true, ..self }
    }

    /// What follows has no words: pictures, streams, machine-read answers. It is there once.
    pub fn unspoken(self) -> Self {
        Routes { spoken: false, ..self }
    }

    pub fn get<H, T>(self, path: &'static str, needs: Needs, handler: H) -> Self
    where
        H: Handler<T, Door> + Sync,
        T: 'static,
    {
        self.add(Method::GET, path, needs, None, handler)
    }

    pub fn post<H, T>(self, path: &'static str, needs: Needs, handler: H) -> Self
    where
        H: Handler<T, Door> + Sync,
        T: 'static,
    {
        self.add(Method::POST, path, needs, None, handler)
    }

    /// A form whose body may have so many bytes, for long texts and photos.
    pub fn post_up_to<H, T>(self, path: &'static str, needs: Needs, most: usize, handler: H) -> Self
    where
        H: Handler<T, Door> + Sync,
        T: 'static,
    {
        self.add(Method::POST, path, needs, Some(most), handler)
    }

    fn add<H, T>(
        mut self,
        method: Method,
        path: &'static str,
        needs: Needs,
        most: Option<usize>,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Door> + Sync,
        T: 'static,
    {
        let filter = if method == Method::POST {
            axum::routing::MethodFilter::POST
        } else {
            axum::routing::MethodFilter::GET
        };
        let mut route: MethodRouter<Door> = match needs {
            Needs::Anyone => on(filter, handler),
            needs => on(filter, Gated { handler, needs, path }),
        };
        if let Some(most) = most {
            route = route.layer(DefaultBodyLimit::max(most));
        }
        if self.spoken {
            for lang in Lang::ALL {
                self.router = self.router.route(&lang::path(lang, path), route.clone());
            }
        } else {
            self.router = self.router.route(path, route);
        }
        self.rows.push(Row { method, path, needs });
        self
    }

    /// The permission matrix of the pages, in the order in which they were added.
    pub fn matrix(&self) -> &[Row] {
        &self.rows
    }

    /// The router, when all are added.
    pub fn into_router(self) -> Router<Door> {
        self.router
    }
}

/// A handler behind its gate.
#[derive(Clone)]
struct Gated<H> {
    handler: H,
    needs: Needs,
    path: &'static str,
}

impl<H, T> Handler<T, Door> for Gated<H>
where
    H: Handler<T, Door> + Sync,
    T: 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, door: Door) -> Self::Future {
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match enter(&door, self.needs, self.path, &parts).await {
                Ok(signed) => {
                    parts.extensions.insert(signed);
                    let request = Request::from_parts(parts, body);
                    let mut response = self.handler.call(request, door).await;
                    keep_private(&mut response);
                    response
                }
                Err(answer) => answer,
            }
        })
    }
}

/// Lets somebody in, or says where they must go first.
async fn enter(door: &Door, needs: Needs, path: &'static str, request: &Parts) -> Result<Signed, Response> {
    let found = signed::find(door, &request.headers, &request.uri).await;
    let signed = match found.map_err(Failure::into_response)? {
        Some(signed) => signed,
        None => return Err(to_sign_in(request)),
    };
    if signed.must_change_password {
        return Err(go(request, "/sign-in/new-password"));
    }
    if signed.must_add_second(&door.settings) {
        return Err(go(request, "/sign-in/enrol"));
    }
    if signed.is_to_be_seen {
        note_seen(door, &signed).await;
    }
    let Needs::May(permission) = needs else { return Ok(signed) };
    if signed.may_somewhere(permission) {
        return Ok(signed);
    }
    door.note_denied(signed.act(door), signed.jurisdiction, path, permission).await;
    Err(Refusal::Denied.into_response())
}

/// Writes down that a session is in use. A city that cannot write at the moment can still be read.
async fn note_seen(door: &Door, signed: &Signed) {
    let (act, jurisdiction, session) = (signed.act(door), signed.jurisdiction, signed.session);
    let noted = door.db.write(move |tx| people::sessions::seen(tx, &act, jurisdiction, session)).await;
    if let Err(error) = noted {
        tracing::warn!(%error, "a session in use could not be written down");
    }
}

/// What only some may see is kept by nobody between, whatever its handler said.
fn keep_private(response: &mut Response) {
    let value = response.headers().get(header::CACHE_CONTROL);
    let is_private = value
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("private") || value.contains("no-store"));
    if !is_private {
        let never = http::HeaderValue::from_static("private, no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, never);
    }
}

/// What stays as it is inside `next=`.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The way to the sign-in page, and from there back to the page that was asked for.
fn to_sign_in(request: &Parts) -> Response {
    go(request, "/sign-in")
}

/// To a page of the sign-in, in the same language and city, and from there back. A form that was sent cannot be sent
/// again by a link, so it leads back to nothing in particular.
fn go(request: &Parts, path: &str) -> Response {
    let (lang, _) = lang::of_path(request.uri.path());
    let mut to = lang::path(lang, path);
    let mut mark = '?';
    if let Some(city) = city_of(&request.uri) {
        to.push_str(&format!("?city={}", utf8_percent_encode(&city, PLAIN)));
        mark = '&';
    }
    if request.method == Method::GET {
        let here = request.uri.path_and_query().map_or("/", |path| path.as_str());
        to.push_str(&format!("{mark}next={}", utf8_percent_encode(here, PLAIN)));
    }
    let mut response = Redirect::to(&to).into_response();
    keep_private(&mut response);
    response
}

/// The code of the city that an address names.
pub(crate) fn city_of(uri: &http::Uri) -> Option<String> {
    let form = crate::Form::from_query(uri.query()).ok()?;
    let code = match form.text("city").trim() {
        "" => form.text("jurisdiction").trim(),
        code => code,
    };
    (!code.is_empty()).then(|| code.to_owned())
}
