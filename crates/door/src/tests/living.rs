//! Live pages: what a screen hears, in which order, and when it is told to load itself anew.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get as on_get;
use http_body_util::BodyExt;
use storage::journal::Note;

use super::*;
use crate::live::{self, Said, Since};

const CITY: i64 = 7;

async fn happen(door: &Door, facts: &[(&'static str, i64)]) {
    let facts = facts.to_vec();
    door.db
        .write(move |tx| {
            for (fact, subject) in facts.clone() {
                tx.record(Note {
                    jurisdiction: CITY,
                    at: 1,
                    actor: "system:test".into(),
                    subject_kind: "thing",
                    subject,
                    fact,
                    payload: "{}".into(),
                });
            }
            Ok::<_, storage::Error>(())
        })
        .await
        .unwrap();
}

async fn stream(State(door): State<Door>, since: Since) -> Response {
    live::events(&door, CITY, since, |entry| {
        (entry.fact == "seen").then(|| Said::new("seen", format!("{}\r", entry.subject)))
    })
}

async fn screen(door: &Door, path: &str, last: Option<&str>) -> Response {
    let mut ask = Request::get(path);
    if let Some(last) = last {
        ask = ask.header("last-event-id", last);
    }
    let router = house(door, Router::new().route("/live", on_get(stream)));
    tower::ServiceExt::oneshot(router, ask.body(Body::empty()).unwrap()).await.unwrap()
}

/// Everything that comes until `end` is in it.
async fn hear(response: &mut Response, end: &str) -> String {
    let mut heard = String::new();
    while !heard.contains(end) {
        let frame = response.body_mut().frame().await.expect("the stream ended early").unwrap();
        heard.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
    }
    heard
}

#[tokio::test]
async fn a_screen_hears_what_it_may_hear_and_a_return_goes_on_where_it_broke_off() {
    let door = door();
    happen(&door, &[("seen", 1), ("hidden", 2)]).await;
    let mut screen_a = screen(&door, "/live", None).await;
    assert_eq!(screen_a.headers()["content-type"], "text/event-stream");
    // The past is not told to whoever did not ask for it.
    let hello = hear(&mut screen_a, "\n\n").await;
    assert!(hello.contains("event: hello") && hello.contains("id: 2"), "{hello}");
    // Browsers drop an event without data.
    assert!(hello.contains("data: {}"), "{hello}");
    happen(&door, &[("hidden", 3), ("seen", 4)]).await;
    let news = hear(&mut screen_a, "event: seen").await;
    assert!(!news.contains("data: 3"), "{news}");

    // Made with the page, or by the browser that comes back: both begin after the fact they know.
    for mut back in
        [screen(&door, "/live?since=0", None).await, screen(&door, "/live?since=9", Some("0")).await]
    {
        let all = hear(&mut back, "data: 4").await;
        assert!(all.contains("data: 1") && all.find("data: 1") < all.find("data: 4"), "{all}");
    }
    assert_eq!(door.live.screens().await, 1, "two have gone");
}

#[tokio::test]
async fn whoever_was_away_too_long_loads_anew() {
    let door = door();
    let many: Vec<(&'static str, i64)> = (0..2_001).map(|n| ("seen", n)).collect();
    happen(&door, &many).await;
    for wrong in ["/live?since=0", "/live?since=99999"] {
        let mut response = screen(&door, wrong, None).await;
        let heard = hear(&mut response, "event: resync").await;
        assert!(heard.contains("id: 2001") && !heard.contains("event: seen"), "{heard}");
    }
}

#[tokio::test]
async fn a_slow_screen_is_told_to_load_anew_and_goes_on() {
    let door = door();
    let mut slow = screen(&door, "/live", None).await;
    hear(&mut slow, "event: hello").await;
    let mut quick = screen(&door, "/live", None).await;
    hear(&mut quick, "event: hello").await;
    for n in 0..40 {
        happen(&door, &[("seen", n)]).await;
        // The quick one has heard it, so it went over the line as a handful of its own.
        hear(&mut quick, &format!("data: {n} ")).await;
    }
    let heard = hear(&mut slow, "data: 39").await;
    assert!(heard.contains("event: resync"), "{heard}");
}

#[tokio::test]
async fn streams_end_when_the_program_leaves() {
    let door = door();
    let mut open = screen(&door, "/live", None).await;
    hear(&mut open, "event: hello").await;
    door.close();
    while let Some(frame) = open.body_mut().frame().await {
        frame.unwrap();
    }
}
