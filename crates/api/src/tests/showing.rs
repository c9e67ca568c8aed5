//! Who may see and say what: hiding and showing, notes, keys of one program and another, answers in two languages.

use http::StatusCode;
use serde_json::json;

use super::{City, INSIDE, PRIVATE, SIMPLE, in_the_city, multipart, pixel};

const DESK: [(&str, &str); 1] = [("authorization", "Bearer desk")];

/// Everywhere a public request stands, as far as its words and its code are there.
async fn places(city: &City, code: &str) -> Vec<bool> {
    storage::followers::catch_up_blocking(&city.door.db, requests::figures::FOLLOWER).unwrap();
    let mut found = Vec::new();
    for path in [
        "/api/v1/requests",
        "/api/v1/requests?q=%D9%87%D9%85%D8%B3%D8%A7%DB%8C%D9%87",
        "/api/v1/requests.csv",
        "/api/v1/requests.geojson",
        "/open311/v2/requests.json",
        "/feeds/all.atom",
    ] {
        let answer = city.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        found.push(answer.text().contains(code));
    }
    found.push(city.get(&format!("/api/v1/requests/{code}")).await.status == StatusCode::OK);
    found.push(city.get(&format!("/open311/v2/requests/{code}.json")).await.status == StatusCode::OK);
    found
}

#[test]
fn what_is_hidden_is_nowhere_and_comes_back_whole() {
    in_the_city(async |city| {
        let (kind, body) = multipart(
            &[
                ("api_key", "sender"),
                ("service_code", SIMPLE),
                ("lat", INSIDE.0),
                ("long", INSIDE.1),
                ("description", "نام همسایه‌ام"),
            ],
            &[("media", &pixel())],
        );
        let sent = city.post("/open311/v2/requests.json", &kind, body, &[]).await;
        let code = sent.json()[0]["service_request_id"].as_str().unwrap().to_owned();
        let whole = city.read(&format!("/api/v1/requests/{code}")).await;
        let photo = whole["pictures"][0]["url"].as_str().unwrap().split_once("/files/").unwrap().1.to_owned();
        let photo = format!("/files/{photo}");
        assert_eq!(city.get(&photo).await.status, StatusCode::OK);
        assert_eq!(places(&city, &code).await, [true; 8], "{}", city.engine);

        let path = format!("/api/v1/requests/{code}/visibility");
        let hide = json!({ "public": false, "why": "نام یک شخص" });
        for (key, status) in [("", 401), ("Bearer nobody", 401), ("Bearer sender", 403)] {
            let headers: Vec<_> = if key.is_empty() { vec![] } else { vec![("authorization", key)] };
            let no = city.post_json(&path, &hide, &headers).await;
            assert_eq!(no.status.as_u16(), status, "{key}: {}", no.text());
        }
        let silent = city.post_json(&path, &json!({ "public": false, "why": " " }), &DESK).await;
        assert_eq!((silent.status.as_u16(), silent.codes()), (422, vec!["why-missing".to_owned()]));
        for shapeless in
            [json!({ "public": false }), json!({ "public": "no", "why": "x" }), json!({ "why": "x" })]
        {
            assert_eq!(city.post_json(&path, &shapeless, &DESK).await.status.as_u16(), 422, "{shapeless}");
        }
        let nowhere = city.post_json("/api/v1/requests/0000000000/visibility", &hide, &DESK).await;
        assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
        assert_eq!(places(&city, &code).await, [true; 8], "{}: refusals change nothing", city.engine);

        let hidden = city.post_json(&path, &hide, &DESK).await;
        assert_eq!(hidden.status, StatusCode::OK, "{}", hidden.text());
        assert!(hidden.text().contains("نام یک شخص"), "colleagues see why: {}", hidden.text());
        assert_eq!(places(&city, &code).await, [false; 8], "{}", city.engine);
        assert_eq!(city.get(&photo).await.status, StatusCode::NOT_FOUND, "{}", city.engine);
        assert_eq!(city.post_json(&path, &hide, &DESK).await.status, StatusCode::OK, "twice changes nothing");

        let show = json!({ "public": true, "why": "نام برداشته شد" });
        assert_eq!(city.post_json(&path, &show, &DESK).await.status, StatusCode::OK);
        assert_eq!(places(&city, &code).await, [true; 8], "{}", city.engine);
        assert_eq!(city.get(&photo).await.status, StatusCode::OK);
        let thread = city.get(&format!("/api/v1/requests/{code}")).await;
        assert!(!thread.text().contains("نام یک شخص"), "why is for colleagues");
    });
}

#[test]
fn what_a_private_service_was_asked_cannot_be_shown() {
    in_the_city(async |city| {
        let code = city.report(PRIVATE, "مردی زیر پل").await;
        let path = format!("/api/v1/requests/{code}/visibility");
        let no = city.post_json(&path, &json!({ "public": true, "why": "همه ببینند" }), &DESK).await;
        assert_eq!(
            (no.status.as_u16(), no.codes()),
            (422, vec!["service-private".to_owned()]),
            "{}",
            no.text()
        );
        assert_eq!(city.get(&format!("/api/v1/requests/{code}")).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn nobody_without_a_key_writes_into_the_thread_of_another() {
    in_the_city(async |city| {
        let code = city.report(SIMPLE, "کوچه کثیف است").await;
        let path = format!("/api/v1/requests/{code}/notes");
        let no = city.post_json(&path, &json!({ "text": "دروغ است" }), &[]).await;
        assert_eq!((no.status, &no.json()["code"]), (StatusCode::UNAUTHORIZED, &"key-missing".into()));
        assert!(!city.get(&format!("/api/v1/requests/{code}")).await.text().contains("دروغ"));
        let yes =
            city.post_json(&path, &json!({ "text": "دیدیم" }), &[("authorization", "Bearer sender")]).await;
        assert_eq!(yes.status, StatusCode::CREATED, "{}", yes.text());
    });
}

#[test]
fn two_programs_may_both_count_from_one() {
    in_the_city(async |city| {
        let (lat, long): (f64, f64) = (INSIDE.0.parse().unwrap(), INSIDE.1.parse().unwrap());
        let send = async |key: &str, words: &str| {
            let body = json!({ "service_code": SIMPLE, "lat": lat, "long": long, "description": words });
            let headers = [("authorization", key), ("idempotency-key", "1")];
            city.post_json("/api/v1/requests", &body, &headers).await.status
        };
        assert_eq!(send("Bearer sender", "یک").await, StatusCode::CREATED);
        assert_eq!(send("Bearer desk", "دو").await, StatusCode::CREATED, "{}", city.engine);
        assert_eq!(send("Bearer sender", "یک").await, StatusCode::OK);
        assert_eq!(send("Bearer sender", "سه").await, StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn answers_that_depend_on_the_language_say_so_to_caches() {
    in_the_city(async |city| {
        city.report(SIMPLE, "کوچه کثیف است").await;
        for path in [
            "/api/v1/requests",
            "/api/v1/services",
            "/api/v1/requests.csv",
            "/api/v1/requests.geojson",
            "/feeds/all.atom",
            "/open311/v2/services.json",
            "/open311/v2/requests.xml",
        ] {
            let persian = city.get_with(path, &[("accept-language", "fa")]).await;
            let english = city.get_with(path, &[("accept-language", "en")]).await;
            assert_ne!(persian.text(), english.text(), "{path}");
            let varies: Vec<_> =
                persian.headers.get_all("vary").iter().filter_map(|v| v.to_str().ok()).collect();
            assert!(varies.join(",").contains("accept-language"), "{path}: {varies:?}");
            assert!(!persian.header("cache-control").is_empty(), "{path}");
            let tag = persian.header("etag").to_owned();
            if !tag.is_empty() {
                let other =
                    city.get_with(path, &[("accept-language", "en"), ("if-none-match", &tag)]).await.status;
                assert_eq!(other, StatusCode::OK, "{path}: a Persian tag is no English answer");
            }
        }
        let tile = city.get("/tiles/11/1316/806.mvt").await;
        let varies: Vec<_> = tile.headers.get_all("vary").iter().filter_map(|v| v.to_str().ok()).collect();
        assert!(!varies.join(",").contains("language"), "{varies:?}");
    });
}

#[test]
fn ids_are_read_in_persian_digits_too() {
    in_the_city(async |city| {
        let code = city.report(SIMPLE, "کوچه کثیف است").await;
        let whole = city.read(&format!("/api/v1/requests/{code}")).await;
        let id = language::digits::to_persian(whole["district"]["id"].as_str().unwrap());
        let body = json!({ "service_code": SIMPLE, "division": id });
        let taken = city.post_json("/api/v1/requests", &body, &[]).await;
        assert_eq!(taken.status, StatusCode::CREATED, "{id}: {}", taken.text());
        let fields = [("api_key", "sender"), ("service_code", SIMPLE), ("address_id", id.as_str())];
        let taken = city.post_form("/open311/v2/requests.json", &fields).await;
        assert_eq!(taken.status, StatusCode::OK, "{id}: {}", taken.text());
    });
}
