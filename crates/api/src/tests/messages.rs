//! Gateways call us back: who is believed, and what a repeated call changes.

use std::sync::Arc;

use axum::body::Body;
use language::Lang;
use requests::{Channel, Contact, Draft, PlaceDraft, RequestId, Status, moves};

use super::*;

pub const SECRET: &str = "a secret of thirty-two characters";

/// One gateway that sends JSON with a secret in a header, and one that sends forms, the secret in the address.
fn settings() -> Settings {
    let notices: notices::Settings = toml::from_str(&format!(
        r#"
        [[gateway]]
        kind = "http"
        name = "json"
        url = "http://127.0.0.1:1/send"
        [gateway.inbound]
        proof = {{ header = "x-secret", secret = "{SECRET}" }}
        id = "message.id"
        from = "message.from"
        text = "message.body"
        [gateway.report]
        proof = {{ header = "x-signature", hmac = "{SECRET}", prefix = "sha256=" }}
        id = "id"
        status = "status"
        delivered = ["1", "delivered"]
        undelivered = ["2"]

        [[gateway]]
        kind = "http"
        name = "form"
        url = "http://127.0.0.1:1/send"
        [gateway.inbound]
        proof = {{ secret = "{SECRET}" }}
        from = "sender"
        text = "msg"

        [[gateway]]
        kind = "http"
        name = "timed"
        url = "http://127.0.0.1:1/send"
        [gateway.inbound]
        proof = {{ header = "x-signature", hmac = "{SECRET}", prefix = "sha256=", time = "x-time", within = 60 }}
        from = "sender"
        text = "msg"
        [gateway.report]
        proof = {{ secret = "{SECRET}" }}
        id = "id"
        status = "status"
        delivered = ["10"]

        [[gateway]]
        kind = "http"
        name = "open"
        url = "http://127.0.0.1:1/send"
        [gateway.inbound]
        from = "sender"
        text = "msg"
        "#
    ))
    .unwrap();
    Settings { rate_limits: false, notices: Arc::new(notices), ..Settings::default() }
}

fn story(story: impl AsyncFn(City)) {
    in_a_city(&["tehran"], settings(), story);
}

async fn post(city: &City, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::post(path).header(header::HOST, "city.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    city.ask(request.body(Body::from(body.to_owned())).unwrap()).await
}

const JSON: (&str, &str) = ("content-type", "application/json");
const INBOUND: &str = "/api/v1/sms/json/inbound";

fn message(id: &str, text: &str) -> String {
    serde_json::json!({ "message": { "id": id, "from": "989121234567", "body": text } }).to_string()
}

async fn answered(city: &City) -> (RequestId, String) {
    let id = city.id;
    let citizen = city.door.act(Actor::Citizen);
    let draft = Draft {
        service_code: SIMPLE.into(),
        words: "کوچه کثیف است".into(),
        place: PlaceDraft { point: Some((35.7219, 51.4056)), ..PlaceDraft::default() },
        contact: Contact { mobile: "09121234567".into(), ..Contact::default() },
        ..Draft::new(id, Channel::Web, Lang::Fa)
    };
    let done = city.door.db.write(move |tx| requests::submit(tx, &citizen, &draft)).await.unwrap();
    let staff = city.door.act(Actor::System("test"));
    let step = moves::Step::to(Status::Answered).saying("جارو شد.");
    let request = done.id;
    city.door.db.write(move |tx| moves::make(tx, &staff, id, request, &step)).await.unwrap();
    (done.id, done.code.to_string())
}

async fn status(city: &City, request: RequestId) -> Status {
    let id = city.id;
    city.door.db.read(move |tx| requests::find::by_id(tx, id, request)).await.unwrap().unwrap().status
}

#[test]
fn the_same_call_three_times_accepts_once() {
    story(async |city| {
        let (request, code) = answered(&city).await;
        let body = message("m-1", &format!("۳۱ {code}"));
        let headers = [JSON, ("x-secret", SECRET)];
        let first = post(&city, INBOUND, &headers, &body).await;
        assert_eq!((first.status, first.json()["understood"].clone()), (StatusCode::OK, "accepted".into()));
        for _ in 0..2 {
            let again = post(&city, INBOUND, &headers, &body).await;
            assert_eq!((again.status, again.json()["taken"].clone()), (StatusCode::OK, "before".into()));
        }
        assert_eq!(status(&city, request).await, Status::Closed);
    });
}

#[test]
fn many_at_once_are_still_one() {
    story(async |city| {
        let (request, _) = answered(&city).await;
        let body = message("m-1", "33 هنوز کثیف است");
        let headers = [JSON, ("x-secret", SECRET)];
        let calls = (0..8).map(|_| post(&city, INBOUND, &headers, &body));
        let answers = futures_util::future::join_all(calls).await;
        assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
        let now = answers.iter().filter(|answer| answer.json()["taken"] == "now").count();
        assert_eq!(now, 1);
        assert_eq!(status(&city, request).await, Status::Reopened);
    });
}

#[test]
fn forged_calls_change_nothing() {
    story(async |city| {
        let (request, code) = answered(&city).await;
        let body = message("m-1", &format!("33 {code}"));
        for headers in [
            vec![JSON],
            vec![JSON, ("x-secret", "")],
            vec![JSON, ("x-secret", "a secret of thirty-two characterz")],
            vec![JSON, ("authorization", SECRET)],
        ] {
            let answer = post(&city, INBOUND, &headers, &body).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{headers:?}");
        }
        // The secret belongs into the header, and a gateway that asks for none is not believed at all.
        let in_address = format!(
            "{INBOUND}?secret={}",
            percent_encoding::utf8_percent_encode(SECRET, percent_encoding::NON_ALPHANUMERIC)
        );
        assert_eq!(post(&city, &in_address, &[JSON], &body).await.status, StatusCode::UNAUTHORIZED);
        for unknown in ["/api/v1/sms/nobody/inbound", "/api/v1/sms/open/inbound", "/api/v1/sms/form/report"] {
            assert_eq!(
                post(&city, unknown, &[], "sender=09121234567&msg=33").await.status,
                StatusCode::NOT_FOUND
            );
        }
        assert_eq!(status(&city, request).await, Status::Answered);
    });
}

#[test]
fn a_form_without_a_name_is_named_by_what_it_says() {
    story(async |city| {
        let (request, _) = answered(&city).await;
        let path = format!("/api/v1/sms/form/inbound?{}", form(&[("secret", SECRET)]));
        let body = form(&[("sender", "09121234567"), ("msg", "۳۱"), ("time", "14050823100000")]);
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        assert_eq!(post(&city, &path, &kind, &body).await.json()["understood"], "accepted");
        assert_eq!(post(&city, &path, &kind, &body).await.json()["taken"], "before");
        assert_eq!(status(&city, request).await, Status::Closed);
        // The same words at another time are another message.
        let later = body.replace("100000", "100100");
        assert_eq!(post(&city, &path, &kind, &later).await.json()["understood"], "nothing-awaits");
    });
}

#[test]
fn a_report_needs_a_signature_over_its_body() {
    story(async |city| {
        let body = r#"{"id": 7, "status": 1}"#;
        let path = "/api/v1/sms/json/report";
        let good = signature(body);
        for (sent, expected) in [
            (good.clone(), StatusCode::OK),
            (good.clone(), StatusCode::OK),
            (good.replace("sha256=", ""), StatusCode::UNAUTHORIZED),
            (signature(r#"{"id": 8, "status": 1}"#), StatusCode::UNAUTHORIZED),
            (SECRET.to_owned(), StatusCode::UNAUTHORIZED),
        ] {
            let answer = post(&city, path, &[JSON, ("x-signature", &sent)], body).await;
            assert_eq!(answer.status, expected, "{sent}");
        }
        let on_its_way = r#"{"id": 7, "status": 4}"#;
        let answer = post(&city, path, &[JSON, ("x-signature", &signature(on_its_way))], on_its_way).await;
        assert_eq!(answer.json()["taken"], "nothing");
    });
}

#[test]
fn bad_bodies_are_refused_in_order() {
    story(async |city| {
        let secret = ("x-secret", SECRET);
        for (kind, body, expected) in [
            ("application/json", "{", StatusCode::BAD_REQUEST),
            ("application/json", "[]", StatusCode::UNPROCESSABLE_ENTITY),
            (
                "application/json",
                r#"{"message": {"from": {}, "body": "31"}}"#,
                StatusCode::UNPROCESSABLE_ENTITY,
            ),
            ("text/xml", "<a/>", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            ("application/json", &message(&"x".repeat(201), "31"), StatusCode::UNPROCESSABLE_ENTITY),
            ("application/json", &message("m", &"ا".repeat(40_000)), StatusCode::PAYLOAD_TOO_LARGE),
            ("application/json", &message("nul", "3\u{0}1"), StatusCode::OK),
        ] {
            let answer = post(&city, INBOUND, &[("content-type", kind), secret], body).await;
            assert_eq!(answer.status, expected, "{kind} {}", body.chars().take(60).collect::<String>());
        }
        let get = city.get(INBOUND).await;
        assert_eq!(get.status, StatusCode::UNAUTHORIZED);
    });
}

pub fn signature(body: &str) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let tag: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={tag}")
}

async fn get(city: &City, path: &str) -> Answer {
    let request = Request::get(path).header(header::HOST, "city.test");
    city.ask(request.body(Body::empty()).unwrap()).await
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[test]
fn a_gateway_that_can_only_get_is_understood_too() {
    story(async |city| {
        let (request, code) = answered(&city).await;
        let told = format!("sender=989121234567&msg={}", encoded(&format!("31 {code}")));
        let path = |secret: &str| format!("/api/v1/sms/form/inbound?secret={}&{told}", encoded(secret));
        for wrong in ["", "wrong"] {
            assert_eq!(get(&city, &path(wrong)).await.status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(status(&city, request).await, Status::Answered);
        let first = get(&city, &path(SECRET)).await;
        assert_eq!((first.status, first.json()["understood"].clone()), (StatusCode::OK, "accepted".into()));
        for _ in 0..2 {
            assert_eq!(get(&city, &path(SECRET)).await.json()["taken"], "before");
        }
        assert_eq!(status(&city, request).await, Status::Closed);
        let secret = encoded(SECRET);
        let short = get(&city, &format!("/api/v1/sms/form/inbound?secret={secret}&sender=1")).await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", short.text());
        // A report may be quicker than the answer that it is about, so it is kept.
        let report = format!("/api/v1/sms/timed/report?secret={secret}&id=none&status=10");
        assert_eq!(get(&city, &report).await.json()["taken"], "now");
        assert_eq!(get(&city, "/api/v1/sms/none/inbound").await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_signed_time_ends_old_copies() {
    story(async |city| {
        let (request, code) = answered(&city).await;
        let body = format!("sender=989121234567&msg={}", encoded(&format!("31 {code}")));
        let path = "/api/v1/sms/timed/inbound";
        let form = ("content-type", "application/x-www-form-urlencoded");
        let now = city.door.now().0 / 1000;
        for (time, signed, status) in [
            (now - 61, now - 61, StatusCode::UNAUTHORIZED),
            (now, now - 61, StatusCode::UNAUTHORIZED),
            (now, now, StatusCode::OK),
        ] {
            let tag = signature(&format!("{signed}.{body}"));
            let time = time.to_string();
            let answer = post(&city, path, &[form, ("x-signature", &tag), ("x-time", &time)], &body).await;
            assert_eq!(answer.status, status, "{time}");
        }
        assert_eq!(status(&city, request).await, Status::Closed);
    });
}
