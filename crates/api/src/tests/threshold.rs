//! Bad input of every kind: a clear refusal or a failure with a code, and nothing half-written.

use http::StatusCode;

use super::{INSIDE, SIMPLE, in_a_city, in_the_city};
use door::Settings;

#[test]
fn what_is_no_json_of_ours_is_refused_by_its_kind() {
    in_the_city(async |city| {
        let post = async |kind: &str, body: String| city.post("/api/v1/requests", kind, body, &[]).await;
        let json = "application/json";
        for (body, status) in [
            ("{", 400),
            ("", 400),
            ("[1,2", 400),
            ("{\"service_code\":\"\\ud800\"}", 400),
            ("null", 422),
            ("[]", 422),
            ("{}", 422),
            ("{\"service_code\":7}", 422),
            ("{\"service_code\":\"x\",\"lat\":\"north\"}", 422),
            ("{\"service_code\":\"x\",\"colour\":\"red\"}", 422),
            ("{\"service_code\":\"x\",\"kind\":\"prayer\"}", 422),
            ("{\"service_code\":\"x\",\"lat\":1e999}", 400),
        ] {
            let answer = post(json, body.into()).await;
            assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.text());
            assert_eq!(answer.header("content-type"), "application/problem+json", "{body}");
            assert!(!answer.json()["title"].as_str().unwrap().is_empty());
        }
        assert_eq!(post("text/plain", "{}".into()).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(post("application/xml", "<a/>".into()).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let huge = format!("{{\"service_code\":\"{}\"}}", "x".repeat(70_000));
        assert_eq!(post(json, huge).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        // Deep nesting does not blow the stack.
        assert!(post(json, "[".repeat(50_000)).await.status.is_client_error());
        let bytes = city.post("/api/v1/requests", json, &b"{\"service_code\":\"\xff\"}"[..], &[]).await;
        assert_eq!(bytes.status, StatusCode::BAD_REQUEST, "{}", bytes.text());
        assert_eq!(city.read("/api/v1/requests").await["requests"].as_array().unwrap().len(), 0);
    });
}

#[test]
fn forms_that_cannot_be_read_are_refused_in_the_form_that_was_asked_for() {
    in_the_city(async |city| {
        let form = "application/x-www-form-urlencoded";
        let answer = city.post("/open311/v2/requests.xml", form, "service_code=%FF%FE", &[]).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::BAD_REQUEST, "text/xml; charset=utf-8")
        );
        assert!(answer.text().contains("<errors><error><code>400</code>"));
        let answer = city.post("/open311/v2/requests.json", "application/json", "{}", &[]).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(answer.json()[0]["reason"], "type-unsupported");
        let answer = city.post("/open311/v2/requests.json", "multipart/form-data", "x", &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        let many = "a=1&".repeat(600);
        assert_eq!(
            city.post("/open311/v2/requests.json", form, many, &[]).await.status,
            StatusCode::PAYLOAD_TOO_LARGE
        );
        assert_eq!(city.get("/open311/v2/requests.json?status=%FF").await.status, StatusCode::BAD_REQUEST);
    });
}

#[test]
fn controls_and_bidi_marks_do_not_survive_and_nul_breaks_nothing() {
    in_the_city(async |city| {
        let id = city
            .send(&[
                ("description", "الف\u{202e}ب\u{200b}پ\u{7}"),
                ("device_id", "d\u{7}"),
                ("attribute[fixmystreet_id]", "7\u{7}"),
            ])
            .await;
        let one = city.read(&format!("/open311/v2/requests/{id}.json")).await;
        assert_eq!(one[0]["description"], "الفبپ", "{}", city.engine);
        for path in [
            "/api/v1/requests?q=%00",
            "/api/v1/places?q=%00%FE",
            "/api/v1/requests?service=%00",
            "/api/v1/requests?district=%00",
            "/open311/v2/requests/%00.json",
            "/open311/v2/services/%00.json",
            "/open311/v2/requests.json?jurisdiction_id=%00",
            "/tiles/0/0/0.mvt?q=%00",
            "/feeds/district/%00.atom",
            "/files/%00.jpg",
            "/api/v1/requests/%F0%9F%8D%89",
        ] {
            let status = city.get(path).await.status;
            assert!(!status.is_server_error(), "{path}: {status}");
        }
        let key = [("authorization", "Bearer a\u{7f}b")];
        assert!(
            http::HeaderValue::from_str(key[0].1).is_err(),
            "the door itself lets no control character in"
        );
        let body = serde_json::json!({ "service_code": SIMPLE, "lat": 35.7219, "long": 51.4056, "device": "a\u{0}b", "name": "\u{0}", "description": "\u{0}" });
        assert_eq!(city.post_json("/api/v1/requests", &body, &[]).await.status, StatusCode::CREATED);
        let follow = serde_json::json!({ "device": "a\u{0}b", "me_too": true, "words": "\u{0}" });
        assert_eq!(
            city.post_json(&format!("/api/v1/requests/{id}/follow"), &follow, &[]).await.status,
            StatusCode::OK
        );
        let wrong = [("api_key", "a\u{0}"), ("service_code", SIMPLE), ("lat", INSIDE.0), ("long", INSIDE.1)];
        assert_eq!(city.post_form("/open311/v2/requests.json", &wrong).await.status, StatusCode::BAD_REQUEST);
    });
}

#[test]
fn parameters_that_cannot_be_read_are_named() {
    in_the_city(async |city| {
        for (query, name) in [
            ("limit=0", "limit"),
            ("limit=5000", "limit"),
            ("limit=-1", "limit"),
            ("open=perhaps", "open"),
            ("status=lost", "status"),
            ("kind=prayer", "kind"),
            ("box=1,2,3", "box"),
            ("box=5,5,1,1", "box"),
            ("from=yesterday", "from"),
            ("before=x", "before"),
            ("from=99999-01-01", "from"),
        ] {
            let answer = city.get(&format!("/api/v1/requests?{query}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}: {}", answer.text());
            assert_eq!(answer.json()["errors"][0]["field"], name);
        }
        for query in ["service=none", "district=999", "neighbourhood=x", "unit=none", "jurisdiction=none"] {
            assert_eq!(
                city.get(&format!("/api/v1/requests?{query}")).await.status,
                StatusCode::NOT_FOUND,
                "{query}"
            );
        }
        for query in [
            "limit=%DB%B5",
            "open=",
            "from=2026-11-14&to=2026-11-14",
            "box=51,35,52,36&status=open,answered",
            "overdue=true",
            "updated_from=0001-01-01T00:00:00Z",
        ] {
            assert_eq!(
                city.get(&format!("/api/v1/requests?{query}")).await.status,
                StatusCode::OK,
                "{query}"
            );
        }
        assert_eq!(city.get("/api/v1/nothing").await.json()["code"], "address-unknown");
        let delete = http::Request::delete("/api/v1/requests").body(axum::body::Body::empty()).unwrap();
        let answer = city.ask(delete).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str().map(str::to_owned)),
            (StatusCode::METHOD_NOT_ALLOWED, Some("method-wrong".into()))
        );
        assert!(answer.header("allow").contains("GET"), "{:?}", answer.headers);
    });
}

#[test]
fn whoever_floods_or_guesses_is_slowed_down_and_keys_are_not() {
    in_a_city(&["tehran"], Settings::default(), async |city| {
        let body = serde_json::json!({ "service_code": "none" });
        let mut last = StatusCode::OK;
        for _ in 0..62 {
            last = city.post_json("/api/v1/requests", &body, &[]).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
        let answer = city.post_json("/api/v1/requests", &body, &[]).await;
        assert!(!answer.header("retry-after").is_empty() && answer.json()["code"] == "too-many");
        let sender = city.post_json("/api/v1/requests", &body, &[("authorization", "Bearer sender")]).await;
        assert_eq!(sender.status, StatusCode::UNPROCESSABLE_ENTITY);
        let mut last = StatusCode::OK;
        for n in 0..260 {
            last = city.get(&format!("/api/v1/requests/{}", 1_000_000_000u64 + n)).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    });
}
