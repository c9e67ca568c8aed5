//! What was asked, and of which city.
//!
//! The language comes from the path, the city from `?city=`. A page is read and rendered in one go on a thread of
//! the database, over one consistent view of its rows: nothing is copied between threads but the finished text.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::response::{IntoResponse, Redirect, Response};
use door::{Budget, Client, Door, Failure, Form};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use language::Lang;
use storage::Tx;
use territory::Jurisdiction;
use words::Words;

use crate::errors;
use crate::page::Page;

/// Nothing of a page may be shown before it was asked again whether it changed.
pub const FRESH: &str = "no-cache";
/// For pages that hold what one person typed: nobody between may keep them, and the browser only for its own
/// "back", which otherwise would lead to an error instead of the step before.
pub const NEVER: &str = "private, no-cache";

/// What was asked for.
pub struct Ask {
    pub lang: Lang,
    /// The path without its language.
    pub path: String,
    /// The address behind `?`, as it came.
    pub query: String,
    pub fields: Form,
    pub headers: HeaderMap,
    pub client: Client,
}

impl<S> FromRequestParts<S> for Ask
where
    S: Send + Sync,
    Door: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let client = Client::from_request_parts(parts, state).await?;
        let (lang, path) = door::lang::of_path(parts.uri.path());
        let query = parts.uri.query().unwrap_or("");
        Ok(Ask {
            lang,
            path: path.to_owned(),
            query: query.to_owned(),
            // An address that is no UTF-8 asks for nothing in particular.
            fields: Form::from_query(Some(query)).unwrap_or_default(),
            headers: parts.headers.clone(),
            client,
        })
    }
}

impl Ask {
    pub fn words(&self) -> Words {
        Words(self.lang)
    }

    /// One value of the address, without spaces around it.
    pub fn field(&self, name: &str) -> &str {
        self.fields.text(name).trim()
    }

    /// The code of the city in the address; empty for the one at home. Feeds and other programs say
    /// `jurisdiction`.
    pub fn city_code(&self) -> &str {
        match self.field("city") {
            "" => self.field("jurisdiction"),
            code => code,
        }
    }

    /// A value of the browser's cookies.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
    }
}

/// The city that a page is about.
pub struct Here {
    pub cities: Arc<Vec<Jurisdiction>>,
    at: usize,
}

impl Here {
    /// The city of `?city=`, or the first. None when it is not there.
    pub fn find(tx: &mut Tx<'_>, ask: &Ask) -> storage::Result<Option<Here>> {
        let cities = territory::cities(tx)?;
        let at = match ask.city_code() {
            "" => (!cities.is_empty()).then_some(0),
            code => cities.iter().position(|city| city.code == code),
        };
        Ok(at.map(|at| Here { cities, at }))
    }

    pub fn city(&self) -> &Jurisdiction {
        // `at` was found in this very list.
        &self.cities[self.at]
    }

    /// The code that links carry: none for the city at home.
    pub fn carried(&self) -> Option<&str> {
        (self.at > 0).then(|| self.city().code.as_str())
    }

    pub fn page<'a>(&'a self, ask: &'a Ask, title: &'a str) -> Page<'a> {
        Page::new(ask.words(), Some(self.city()), self.carried(), &ask.path, &ask.query, title)
    }
}

/// What a page turned out to be.
pub enum Answer {
    /// A page, and how long it may be kept.
    Page(&'static str, String),
    /// A page that says what is wrong with what was sent.
    Refused(StatusCode, String),
    /// Somewhere else, with the code of a city if need be.
    Go(String),
    Missing,
}

/// Reads and renders over one view of the rows.
pub async fn answer<F>(door: &Door, ask: Ask, work: F) -> Result<Response, Failure>
where
    F: FnOnce(&mut Tx<'_>, &Ask, &Here) -> Result<Answer, Failure> + Send + 'static,
{
    let (ask, answer) = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let answer = match Here::find(tx, &ask)? {
                Some(here) => match work(tx, &ask, &here)? {
                    Answer::Missing => {
                        Answer::Refused(StatusCode::NOT_FOUND, errors::not_found(&ask, Some(&here))?)
                    }
                    other => other,
                },
                None if ask.city_code().is_empty() => {
                    Answer::Refused(StatusCode::SERVICE_UNAVAILABLE, errors::no_city(&ask)?)
                }
                None => Answer::Refused(StatusCode::NOT_FOUND, errors::not_found(&ask, None)?),
            };
            Ok((ask, answer))
        })
        .await?;
    Ok(respond(&ask, answer))
}

/// [`answer`] for pages that a code leads to. What everybody may see costs nothing; a miss, a private request and the
/// way to another city cost one look each, or whoever guesses codes would be refused only where nothing is.
pub async fn answer_to_code<F>(door: &Door, ask: Ask, work: F) -> Result<Response, Failure>
where
    F: FnOnce(&mut Tx<'_>, &Ask, &Here) -> Result<Answer, Failure> + Send + 'static,
{
    let client = ask.client;
    let response = answer(door, ask, work).await?;
    let keep = response.headers().get(header::CACHE_CONTROL).map_or(&b""[..], HeaderValue::as_bytes);
    if keep != FRESH.as_bytes()
        && let Err(refusal) = door.limits.check(Budget::Search, client)
    {
        return Ok(refusal.into_response());
    }
    Ok(response)
}

/// Turns an answer into what travels.
pub fn respond(ask: &Ask, answer: Answer) -> Response {
    match answer {
        Answer::Page(keep, html) if keep == NEVER => html_with(StatusCode::OK, html),
        Answer::Page(keep, html) => {
            door::etag::conditional(&ask.headers, "text/html; charset=utf-8", keep, html)
        }
        Answer::Refused(status, html) => html_with(status, html),
        Answer::Go(to) => Redirect::to(&to).into_response(),
        Answer::Missing => StatusCode::NOT_FOUND.into_response(),
    }
}

pub fn html_with(status: StatusCode, html: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static(NEVER)),
    ];
    (status, headers, html).into_response()
}

/// Renders a template. It cannot fail unless memory does.
pub fn render(template: &impl askama::Template) -> Result<String, Failure> {
    let mut html = String::with_capacity(24 * 1024);
    template.render_into(&mut html).map_err(Failure::new)?;
    Ok(html)
}
