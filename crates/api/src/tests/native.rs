//! Our own interface, from a report to its answer.

use http::StatusCode;
use serde_json::json;

use super::{ASKING, SIMPLE, in_the_city, multipart, pixel};

#[test]
fn a_report_is_taken_found_followed_moved_and_answered() {
    in_the_city(async |city| {
        let body = json!({ "service_code": SIMPLE, "lat": 35.7219, "long": 51.4056, "description": "كوچه كثيف است" });
        let key = [("idempotency-key", "phone-1"), ("accept-language", "en")];
        let taken = city.post_json("/api/v1/requests", &body, &key).await;
        assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text());
        let told = taken.json();
        let code = told["code"].as_str().unwrap().to_owned();
        assert!(told["district"]["code"].is_string() && told["neighbourhood"]["name"].is_string(), "{told}");
        assert!(told["unit"]["code"].is_string() && told["due_at"].is_string() && told["repeated"] == false);
        let again = city.post_json("/api/v1/requests", &body, &key).await;
        assert_eq!((again.status, again.json()["code"].as_str()), (StatusCode::OK, Some(code.as_str())));

        city.pass(1_000);
        let near =
            json!({ "service_code": SIMPLE, "lat": 35.7219, "long": 51.4056, "description": "کوچه کثیف" });
        let near = city.post_json("/api/v1/near", &near, &[]).await.json();
        assert_eq!(near[0]["request"]["code"], code.as_str(), "{near}");
        let second = city.post_json("/api/v1/requests", &body, &[]).await.json();
        assert_eq!(second["alike"], json!([code]));

        let follow = city
            .post_json(
                &format!("/api/v1/requests/{code}/follow"),
                &json!({ "me_too": true, "device": "d-1" }),
                &[],
            )
            .await;
        assert_eq!(follow.json()["followers"], 1, "{}", follow.text());
        let wrong =
            city.post_json(&format!("/api/v1/requests/{code}/follow"), &json!({ "contact": "x" }), &[]).await;
        assert_eq!(
            (wrong.status, wrong.codes()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["contact-wrong".to_owned()])
        );

        let moves = format!("/api/v1/requests/{code}/moves");
        let answered = json!({ "to": "answered", "words": "جارو شد" });
        assert_eq!(city.post_json(&moves, &answered, &[]).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(
            city.post_json(&moves, &answered, &[("authorization", "Bearer nobody")]).await.status,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(
            city.post_json(&moves, &answered, &[("authorization", "Bearer desk")]).await.status,
            StatusCode::FORBIDDEN
        );
        let speechless =
            city.post_json(&moves, &json!({ "to": "answered" }), &[("authorization", "Bearer chief")]).await;
        assert_eq!(speechless.codes(), ["move-words-missing"]);
        let impossible = city
            .post_json(
                &moves,
                &json!({ "to": "reopened", "words": "x" }),
                &[("authorization", "Bearer chief")],
            )
            .await;
        assert_eq!(impossible.status, StatusCode::CONFLICT, "{}", impossible.text());
        let done = city.go(&code, "answered", "جارو شد").await.json();
        assert_eq!(
            (&done["status"], &done["open"], &done["status_note"]),
            (&"answered".into(), &false.into(), &"جارو شد".into())
        );

        let internal = city
            .post_json(
                &format!("/api/v1/requests/{code}/notes"),
                &json!({ "text": "راز", "internal": true }),
                &[("authorization", "Bearer desk")],
            )
            .await;
        assert_eq!(internal.status, StatusCode::CREATED, "{}", internal.text());
        assert!(!city.get(&format!("/api/v1/requests/{code}")).await.text().contains("راز"));

        let whole = city.read(&format!("/api/v1/requests/{code}?lang=en")).await;
        let facts: Vec<_> = whole["thread"]
            .as_array()
            .unwrap()
            .iter()
            .map(|k| k["fact"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(facts, ["submitted", "me-too", "answered"], "{whole}");
        assert_eq!(whole["description"], "کوچه کثیف است");

        let listed = city.read(&format!("/api/v1/requests?status=closed&service={SIMPLE}&limit=1")).await;
        assert_eq!(listed["requests"][0]["code"], code.as_str());
        let page = city.read("/api/v1/requests?limit=1").await;
        let next =
            city.read(&format!("/api/v1/requests?limit=1&before={}", page["next"].as_str().unwrap())).await;
        assert_eq!(next["requests"][0]["code"], code.as_str());
        assert_eq!(city.read("/api/v1/requests?q=کثیف").await["requests"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn refusals_name_their_field_in_the_language_of_the_reader() {
    in_the_city(async |city| {
        let body = json!({ "service_code": "none", "lat": 34.0, "long": 50.0, "description": "چ".repeat(4001), "mobile": "۱۲", "email": "x" });
        let no = city.post_json("/api/v1/requests", &body, &[("accept-language", "en-GB,en;q=0.9")]).await;
        assert_eq!(
            (no.status, no.header("content-type")),
            (StatusCode::UNPROCESSABLE_ENTITY, "application/problem+json")
        );
        let problem = no.json();
        let fields: Vec<_> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["field"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(fields, ["service_code", "lat", "description", "mobile", "email"], "{problem}");
        assert!(problem["errors"][1]["message"].as_str().unwrap().contains("nearest district"), "{problem}");
        let persian = city.post_json("/api/v1/requests", &body, &[]).await.json();
        assert!(persian["errors"][1]["message"].as_str().unwrap().contains("نزدیک‌ترین منطقه"), "{persian}");
        assert!(persian["errors"][2]["message"].as_str().unwrap().contains("۴٬۰۰۱"), "{persian}");

        let half = json!({ "service_code": SIMPLE, "lat": 35.7 });
        assert_eq!(city.post_json("/api/v1/requests", &half, &[]).await.codes(), ["coordinates-impossible"]);
        let nowhere = json!({ "service_code": SIMPLE });
        assert_eq!(city.post_json("/api/v1/requests", &nowhere, &[]).await.codes(), ["place-missing"]);
        let answers = json!({ "service_code": ASKING, "lat": 35.7219, "long": 51.4056, "attributes": { "size": "huge-as-a-house" } });
        let answer = city.post_json("/api/v1/requests", &answers, &[]).await;
        assert_eq!(
            (answer.codes(), answer.json()["errors"][0]["field"].as_str()),
            (vec!["answer-not-in-list".to_owned()], Some("attributes.size"))
        );
        assert_eq!(city.read("/api/v1/requests").await["requests"], json!([]), "{}", city.engine);
    });
}

#[test]
fn places_are_found_and_points_located() {
    in_the_city(async |city| {
        let found = city.read("/api/v1/places?q=%D8%AA%D8%AC%D8%B1%DB%8C%D8%B4&lang=en").await;
        assert!(!found.as_array().unwrap().is_empty());
        let inside = city.read("/api/v1/locate?lat=35.7219&long=51.4056").await;
        assert!(inside["inside"] == true && inside["neighbourhood"]["id"].is_string(), "{inside}");
        let outside = city.read("/api/v1/locate?lat=34&long=51").await;
        assert!(outside["inside"] == false && outside["nearest"]["name"].is_string(), "{outside}");
        assert_eq!(city.get("/api/v1/locate?lat=x&long=1").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(city.get("/api/v1/locate?lat=91&long=1").await.status, StatusCode::BAD_REQUEST);
        let services = city.read("/api/v1/services?q=%D8%AF%D8%B1%D8%AE%D8%AA").await;
        assert!(!services.as_array().unwrap().is_empty());
        let figures = city.read("/api/v1/figures?by=service").await;
        assert_eq!(figures["all"], 0);
    });
}

#[test]
fn the_description_describes_every_route() {
    in_the_city(async |city| {
        let document = city.read("/api/v1/openapi.json").await;
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
        let paths: Vec<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        for path in [
            "/requests",
            "/requests/{code}",
            "/requests/{code}/moves",
            "/requests/{code}/notes",
            "/requests/{code}/visibility",
            "/requests/{code}/follow",
            "/near",
            "/places",
            "/locate",
            "/figures",
            "/services",
            "/jurisdictions",
            "/requests.geojson",
            "/requests.csv",
        ] {
            assert!(paths.contains(&path), "{path} in {paths:?}");
        }
        assert_eq!(
            document["paths"]["/requests"]["post"]["responses"]["422"]["content"]
                .as_object()
                .unwrap()
                .keys()
                .next()
                .unwrap(),
            "application/problem+json"
        );
    });
}

#[test]
fn pictures_come_first_and_the_request_names_them() {
    in_the_city(async |city| {
        let picture = pixel();
        let (kind, body) = multipart(&[], &[("photo", &picture), ("photo", &picture)]);
        let kept = city.post("/api/v1/photos", &kind, body, &[]).await;
        assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.text());
        let names = kept.json()["photos"].clone();
        assert_eq!(names.as_array().unwrap().len(), 2);
        let body = |photos: &serde_json::Value| json!({ "service_code": SIMPLE, "lat": 35.7219, "long": 51.4056, "photos": photos });
        let taken = city.post_json("/api/v1/requests", &body(&json!([names[0]])), &[]).await;
        assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text());
        let code = taken.json()["code"].as_str().unwrap().to_owned();
        let whole = city.read(&format!("/api/v1/requests/{code}")).await;
        assert_eq!(whole["pictures"].as_array().unwrap().len(), 1, "{whole}");

        let stranger = format!("{}.{}.1.1", "a".repeat(64), "b".repeat(64));
        for (photos, codes) in [
            (json!([stranger]), "file-unknown"),
            (json!(["../../etc/passwd"]), "file-unknown"),
            (json!(vec![&names[0]; 6]), "too-many-photos"),
        ] {
            let answer = city.post_json("/api/v1/requests", &body(&photos), &[]).await;
            assert_eq!(
                (answer.status, answer.codes()),
                (StatusCode::UNPROCESSABLE_ENTITY, vec![codes.to_owned()]),
                "{photos}"
            );
        }
        for (files, code) in [
            (vec![], "photo-empty"),
            (vec![("photo", &b"GIF89a"[..])], "photo-unknown-type"),
            (vec![("photo", &picture[..40])], "photo-damaged"),
            (vec![("photo", &picture[..]); 6], "too-many-photos"),
        ] {
            let (kind, body) = multipart(&[("words", "x")], &files);
            let answer = city.post("/api/v1/photos", &kind, body, &[]).await;
            assert_eq!(answer.codes(), [code], "{}", answer.text());
        }
    });
}

#[test]
fn a_body_that_does_not_say_it_is_json_is_not_read() {
    in_the_city(async |city| {
        let body = json!({ "service_code": SIMPLE, "lat": 35.7219, "long": 51.4056 }).to_string();
        for kind in ["", "text/plain", "application/x-www-form-urlencoded"] {
            let answer = city.post("/api/v1/requests", kind, body.clone(), &[]).await;
            assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind:?}");
        }
        let answer = city.post("/api/v1/requests", "application/json; charset=utf-8", body, &[]).await;
        assert_eq!(answer.status, StatusCode::CREATED);
    });
}

#[test]
fn a_service_is_closed_and_opened_by_whoever_keeps_the_catalogue() {
    in_the_city(async |city| {
        let open = format!("/api/v1/services/{SIMPLE}/open");
        let no = json!({ "open": false });
        assert_eq!(city.post_json(&open, &no, &[]).await.status, StatusCode::UNAUTHORIZED);
        let desk = [("authorization", "Bearer desk")];
        assert_eq!(city.post_json(&open, &no, &desk).await.status, StatusCode::FORBIDDEN);
        let chief = [("authorization", "Bearer chief")];
        assert_eq!(
            city.post_json("/api/v1/services/none/open", &no, &chief).await.status,
            StatusCode::NOT_FOUND
        );
        for _ in 0..2 {
            let closed = city.post_json(&open, &no, &chief).await;
            assert_eq!((closed.status, closed.json()), (StatusCode::OK, no.clone()));
        }
        let body = json!({ "service_code": SIMPLE, "lat": 35.7219, "long": 51.4056 });
        let refused = city.post_json("/api/v1/requests", &body, &[]).await;
        assert_eq!(refused.codes(), ["service-closed"], "{}", refused.text());
        assert_eq!(city.post_json(&open, &json!({ "open": true }), &chief).await.status, StatusCode::OK);
        assert_eq!(city.post_json("/api/v1/requests", &body, &[]).await.status, StatusCode::CREATED);
    });
}
