//! The telephone exchange tells of calls.

use http::StatusCode;
use serde_json::{Value, json};

use super::messages::signature;
use super::{City, Settings, in_a_city, in_the_city};

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

#[test]
fn an_exchange_asks_whom_a_crew_calls_and_nobody_else_does() {
    in_the_city(async |city| {
        let path = "/api/v1/calls/crew";
        let pressed = json!({ "code": "140599999" });
        let answer = city.post_json(path, &pressed, &DESK).await;
        assert_eq!(
            (answer.status, answer.json()["number"].clone()),
            (StatusCode::OK, Value::Null),
            "{}",
            city.engine
        );
        for (key, status) in [("", 401), ("Bearer nobody", 401), ("Bearer sender", 403)] {
            let headers: Vec<_> = if key.is_empty() { vec![] } else { vec![("authorization", key)] };
            assert_eq!(city.post_json(path, &pressed, &headers).await.status.as_u16(), status, "{key}");
        }
        for shapeless in [json!({}), json!({ "code": 7 }), json!([])] {
            assert_eq!(city.post_json(path, &shapeless, &DESK).await.status.as_u16(), 422);
        }
    });
}

/// An exchange that signs: the key is the one that [`signature`] signs with.
fn signing() -> Settings {
    let telephone: door::Telephone = toml::from_str(&format!(
        r#"proof = {{ header = "x-signature", time = "x-time", prefix = "sha256=", hmac = "{}" }}"#,
        super::messages::SECRET
    ))
    .unwrap();
    Settings { rate_limits: false, telephone: telephone.into(), ..Settings::default() }
}

#[test]
fn an_exchange_may_sign_instead_of_carrying_a_key() {
    in_a_city(&["tehran"], signing(), async |city| {
        let event = json!({ "event": "ringing", "call": "s-1", "caller": "09121234567", "extension": "204" });
        let (now, body) = (city.door.now().0 / 1000, event.to_string());
        let tell = async |time: i64, signed: String, more: &[(&str, &str)]| {
            let (time, tag) = (time.to_string(), signature(&signed));
            let mut headers = vec![("x-time", time.as_str()), ("x-signature", tag.as_str())];
            headers.extend(more);
            city.post_json(PATH, &event, &headers).await
        };
        for (time, signed) in [
            (now - 301, format!("{}.{body}", now - 301)),
            (now + 301, format!("{}.{body}", now + 301)),
            (now, format!("{}.{body}", now - 1)),
            (now, body.clone()),
            (now, format!("{now}.{{}}")),
        ] {
            // A wrong signature is not made good by a key beside it.
            for more in [&[][..], &DESK[..]] {
                let no = tell(time, signed.clone(), more).await;
                assert_eq!(no.status, StatusCode::UNAUTHORIZED, "{signed}");
            }
        }
        let first = tell(now, format!("{now}.{body}"), &[]).await;
        assert_eq!(
            (first.status, &first.json()["changed"]),
            (StatusCode::OK, &json!(true)),
            "{}",
            first.text()
        );
        // The same call again, by the exchange or by whoever overheard it, changes nothing.
        let again = tell(now, format!("{now}.{body}"), &[]).await;
        assert_eq!((&again.json()["id"], &again.json()["changed"]), (&first.json()["id"], &json!(false)));
        // A key is as good as before, and without either nothing is read.
        assert_eq!(city.post_json(PATH, &event, &DESK).await.status, StatusCode::OK);
        assert_eq!(city.post_json(PATH, &event, &[]).await.status, StatusCode::UNAUTHORIZED);
    });
}
