//! The telephone exchange tells of calls.

use http::StatusCode;
use serde_json::{Value, json};

use super::{City, in_the_city};

const PATH: &str = "/api/v1/calls/events";
const DESK: [(&str, &str); 1] = [("authorization", "Bearer desk")];

async fn tell(city: &City, event: Value) -> super::Answer {
    city.post_json(PATH, &event, &DESK).await
}

#[test]
fn an_exchange_tells_in_any_order_and_twice() {
    in_the_city(async |city| {
        let ended = json!({ "event": "ended", "call": "x-1", "at": "2026-11-14T06:31:00Z", "cause": 16 });
        let first = tell(&city, ended.clone()).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.text());
        assert_eq!((&first.json()["state"], &first.json()["changed"]), (&json!("missed"), &json!(true)));
        let ringing = json!({ "event": "ringing", "call": "x-1", "caller": "۰۹۱۲۱۲۳۴۵۶۷", "extension": "204", "at": "2026-11-14T06:30:00Z" });
        assert_eq!(tell(&city, ringing).await.json()["state"], "missed");
        let answered = json!({ "event": "answered", "call": "x-1", "extension": "204", "at": "2026-11-14T06:30:10+00:00" });
        let last = tell(&city, answered.clone()).await;
        assert_eq!(last.json()["state"], "ended", "{}", city.engine);
        for again in [ended, answered] {
            let answer = tell(&city, again).await;
            assert_eq!(
                (&answer.json()["changed"], &answer.json()["id"]),
                (&json!(false), &last.json()["id"])
            );
        }
        assert_eq!(
            tell(&city, json!({ "event": "queue", "waiting": 4, "seconds": 30 })).await.json()["waiting"],
            4
        );
    });
}

#[test]
fn whoever_is_no_exchange_is_refused_and_a_crooked_event_is_named() {
    in_the_city(async |city| {
        let event = json!({ "event": "ringing", "call": "x", "extension": "204" });
        for (key, status) in [("", 401), ("Bearer nobody", 401), ("Bearer sender", 403)] {
            let headers: Vec<_> = if key.is_empty() { vec![] } else { vec![("authorization", key)] };
            assert_eq!(city.post_json(PATH, &event, &headers).await.status.as_u16(), status, "{key}");
        }
        for (event, code) in [
            (json!({ "event": "sang", "call": "x" }), "event-unknown"),
            (json!({ "event": "ringing" }), "call-wrong"),
            (json!({ "event": "ringing", "call": "x".repeat(101) }), "call-wrong"),
            (json!({ "event": "ringing", "call": "x", "extension": "204 or 1=1" }), "extension-wrong"),
            (json!({ "event": "ringing", "call": "x", "at": "yesterday" }), "time-wrong"),
        ] {
            let no = tell(&city, event.clone()).await;
            assert_eq!(
                (no.status.as_u16(), no.codes()),
                (422, vec![code.to_owned()]),
                "{event}: {}",
                no.text()
            );
        }
        for shapeless in [json!({}), json!({ "event": 1 }), json!({ "event": "queue", "waiting": "many" })] {
            assert_eq!(tell(&city, shapeless).await.status.as_u16(), 422);
        }
        let long = json!({ "event": "ringing", "call": "x", "more": "y".repeat(9000) });
        assert_eq!(tell(&city, long).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    });
}
