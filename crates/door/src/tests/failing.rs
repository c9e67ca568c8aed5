//! Panics, failures and limits become words and codes.

use std::future::pending;

use axum::Form as PlainForm;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get as on_get, post};
use bytes::Bytes;

use super::*;
use crate::{Failure, Form, Refusal, UPLOAD_LIMIT};

fn routes() -> Router<Door> {
    async fn broken() -> Result<&'static str, Failure> {
        Err(storage::Error::corrupt("a page of the database").into())
    }
    async fn busy() -> Result<&'static str, Failure> {
        Err(storage::Error::Busy.into())
    }
    async fn often() -> Result<&'static str, Refusal> {
        Err(Refusal::TooMany { retry_after: 7 })
    }
    #[allow(clippy::unused_async)]
    async fn stops() -> &'static str {
        panic!("an index was wrong")
    }
    Router::new()
        .route("/panic", on_get(stops))
        .route("/broken", on_get(broken))
        .route("/busy", on_get(busy))
        .route("/often", on_get(often))
        .route("/never", on_get(|| async { pending::<&'static str>().await }))
        .route("/own", on_get(|| async { (StatusCode::NOT_FOUND, "a page of its own") }))
        .route("/bytes", post(|bytes: Bytes| async move { bytes.len().to_string() }))
        .route(
            "/plain",
            post(|PlainForm(pairs): PlainForm<Vec<(String, String)>>| async move { pairs.len().to_string() }),
        )
        .route("/form", post(|form: Form| async move { form.pairs().count().to_string() }))
        .route(
            "/photos",
            post(|bytes: Bytes| async move { bytes.len().to_string() })
                .layer(DefaultBodyLimit::max(UPLOAD_LIMIT)),
        )
}

fn code_of(answer: &Answer) -> &str {
    answer.text().split(' ').next_back().unwrap()
}

#[tokio::test]
async fn a_panic_is_a_page_with_a_code_and_the_next_request_is_served() {
    let house = house(&door(), routes());
    let answer = get(&house, "/panic").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.text().starts_with("/panic 500 "));
    assert_eq!(code_of(&answer).len(), 6);
    assert!(!answer.text().contains("index"), "what went wrong is for the log");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(get(&house, "/own").await.text(), "a page of its own");
    assert_ne!(code_of(&get(&house, "/panic").await), code_of(&answer));
}

#[tokio::test]
async fn what_passes_says_when_to_come_back_and_what_does_not_says_nothing_of_it() {
    let house = house(&door(), routes());
    let busy = get(&house, "/busy").await;
    assert_eq!((busy.status, busy.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "2"));
    let broken = get(&house, "/broken").await;
    assert_eq!((broken.status, broken.header("retry-after")), (StatusCode::INTERNAL_SERVER_ERROR, ""));
    let often = get(&house, "/often").await;
    assert_eq!((often.status, often.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "7"));
    assert_eq!(code_of(&often), "", "a refusal has no code: there is nothing to look up");
}

#[tokio::test]
async fn an_address_with_a_nul_leads_nowhere() {
    let house = house(&door(), routes());
    for address in ["/own%00", "/own?q=a%00b"] {
        let answer = get(&house, address).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address}");
        assert!(answer.text().ends_with(" 400 "), "{}", answer.text());
    }
    assert_eq!(
        get(&house, "/own?q=%2500").await.status,
        StatusCode::NOT_FOUND,
        "three letters that were typed"
    );
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_never_answers_is_given_up() {
    let house = house(&door(), routes());
    assert_eq!(get(&house, "/never").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_body_over_the_limit_of_its_route_is_refused() {
    let house = house(&door(), routes());
    let send = |path: &str, size: usize| {
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("a".repeat(size)))
            .unwrap();
        let house = house.clone();
        async move { ask(&house, request).await }
    };
    for path in ["/bytes", "/plain", "/form"] {
        assert_eq!(send(path, 64 * 1024).await.status, StatusCode::OK, "{path}");
        let refused = send(path, 64 * 1024 + 1).await;
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert!(refused.text().starts_with(path), "the door has the words: {}", refused.text());
    }
    assert_eq!(send("/photos", 3 * 1024 * 1024).await.status, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_falls_silent_is_given_up() {
    let house = house(&door(), routes());
    let answer = ask(&house, Request::post("/form").body(Body::new(Silent)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
}

/// A body of which nothing ever comes.
struct Silent;

impl http_body::Body for Silent {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        std::task::Poll::Pending
    }
}

#[tokio::test]
async fn pictures_wait_for_their_turn_and_a_panic_gives_the_turn_back() {
    let door = door();
    assert_eq!(door.photo(|| 5).await.unwrap(), 5);
    for _ in 0..5 {
        assert!(door.photo(|| panic!("a decoder")).await.is_err());
    }
    assert_eq!(door.photo(|| 6).await.unwrap(), 6);
    assert_eq!(door.photo_slots.available_permits(), 2);
}

#[tokio::test]
async fn a_closed_database_is_a_passing_failure() {
    let error = storage::Error::Unavailable("locked".into());
    assert!(Failure::from(error).is_passing());
    assert!(Failure::from(storage::Error::DiskFull).is_passing());
    assert!(!Failure::from(storage::Error::Panicked).is_passing());
}
