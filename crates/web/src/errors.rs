//! Pages for what is not there, not allowed, too much, or broken.
//!
//! An apology must not need what is broken, so these pages are made without the database; only "not found" knows
//! its city.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use door::{Asked, Door, Failure, NotServed, Refusal};
use http::{HeaderValue, StatusCode, header};
use words::Words;

use crate::ask::{self, Answer, Ask, Here, render as html};
use crate::page::Page;

#[derive(Template)]
#[template(path = "errors/page.html")]
struct Oops<'a> {
    page: Page<'a>,
    icon: &'static str,
    words: &'a str,
    code: Option<&'a str>,
}

/// What is said about something that could not be served: icon, title, words.
pub fn words_for(w: Words, what: &NotServed) -> (&'static str, &'static str, String) {
    match what {
        NotServed::Failed(failed) if failed.status == StatusCode::SERVICE_UNAVAILABLE => {
            ("clock", w.errors_busy_title(), w.errors_busy_words().into())
        }
        NotServed::Failed(_) => ("fray", w.errors_failed_title(), w.errors_failed_words().into()),
        NotServed::Refused(refusal) => match refusal {
            Refusal::TooMany { retry_after } => {
                ("clock", w.errors_too_many_title(), w.errors_too_many_words(i64::from(*retry_after)))
            }
            Refusal::TooLarge => ("warning", w.errors_too_large_title(), w.errors_too_large_words().into()),
            Refusal::Malformed(_) | Refusal::UnsupportedType => {
                ("warning", w.errors_malformed_title(), w.errors_malformed_words().into())
            }
            Refusal::CrossSite => ("close", w.errors_cross_site_title(), w.errors_cross_site_words().into()),
            Refusal::Denied => ("close", w.errors_denied_title(), w.errors_denied_words().into()),
            Refusal::TooSlow => ("clock", w.errors_too_slow_title(), w.errors_too_slow_words().into()),
        },
    }
}

/// Puts into words what the guard could not serve.
pub fn render(asked: &Asked, what: &NotServed) -> Response {
    let (lang, path) = door::lang::of_path(asked.uri.path());
    let w = Words(lang);
    let (icon, title, words) = words_for(w, what);
    let code = what.code().map(|code| code.to_string());
    let page = Page::new(w, None, None, path, "", title);
    match html(&Oops { page, icon, words: &words, code: code.as_deref() }) {
        Ok(text) => ([(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], text)
            .into_response(),
        Err(_) => what.status().into_response(),
    }
}

/// The page for an address that leads nowhere. A slash too many at the end is forgiven.
pub async fn missing(State(door): State<Door>, ask: Ask) -> Result<Response, Failure> {
    let bare = ask.path.trim_end_matches('/');
    if bare.len() < ask.path.len() && bare.starts_with('/') && !bare.starts_with("//") {
        let query = if ask.query.is_empty() { String::new() } else { format!("?{}", ask.query) };
        return Ok(
            Redirect::permanent(&format!("{}{query}", door::lang::path(ask.lang, bare))).into_response()
        );
    }
    if ask.path == "/" {
        // `/en` without its slash.
        return Ok(Redirect::permanent(&door::lang::path(ask.lang, "/")).into_response());
    }
    ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await
}

pub fn not_found(ask: &Ask, here: Option<&Here>) -> Result<String, Failure> {
    let w = ask.words();
    let page = match here {
        Some(here) => here.page(ask, w.errors_missing_title()),
        None => Page::new(w, None, None, "/", "", w.errors_missing_title()),
    };
    html(&Oops { page, icon: "search", words: w.errors_missing_words(), code: None })
}

/// The city says that this is not for the one who asks.
pub fn denied(ask: &Ask, here: &Here) -> Result<String, Failure> {
    let w = ask.words();
    let page = here.page(ask, w.errors_denied_title());
    html(&Oops { page, icon: "close", words: w.errors_denied_words(), code: None })
}

/// An installation into which no city has been loaded.
pub fn no_city(ask: &Ask) -> Result<String, Failure> {
    let w = ask.words();
    let page = Page::new(w, None, None, &ask.path, "", w.errors_no_city_title());
    html(&Oops { page, icon: "map", words: w.errors_no_city_words(), code: None })
}
