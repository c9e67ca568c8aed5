//! The eighteen things that Open311 clients and servers stumble over, one story for each.

use http::StatusCode;

use super::{City, INSIDE, SIMPLE, form, in_a_city, in_the_city, pixel};
use door::Settings;

const JSON: &str = "application/json; charset=utf-8";
const XML: &str = "text/xml; charset=utf-8";

async fn all_reads(city: &City) -> Vec<String> {
    let id = city.send(&[("description", "آشغال")]).await;
    let mut paths: Vec<String> =
        ["discovery", "services", "requests", "servicerequestupdates"].map(String::from).into();
    paths.extend([format!("services/{SIMPLE}"), format!("requests/{id}"), format!("tokens/{id}")]);
    paths
}

#[test]
fn gotcha_01_json_has_no_containers() {
    in_the_city(async |city| {
        let id = city.send(&[]).await;
        for path in [
            "services.json".to_owned(),
            "requests.json".into(),
            format!("requests/{id}.json"),
            format!("tokens/{id}.json"),
        ] {
            assert!(city.read(&format!("/open311/v2/{path}")).await.is_array(), "{path}");
        }
        assert!(city.read("/open311/v2/discovery.json").await["endpoints"].is_array());
        assert!(city.read("/open311/v2/discovery.json").await["endpoints"][0]["formats"].is_array());
        assert!(city.read("/open311/v2/services/bulky-waste.json").await["attributes"].is_array());
        let xml = city.get("/open311/v2/services.xml").await;
        assert!(xml.text().contains("<services><service><service_code>"));
        assert!(
            city.get("/open311/v2/services/bulky-waste.xml").await.text().contains("<values><value><key>")
        );
    });
}

#[test]
fn gotcha_02_ids_and_truth_are_text_and_coordinates_are_numbers() {
    in_the_city(async |city| {
        let id = city.send(&[]).await;
        let one = city.read(&format!("/open311/v2/requests/{id}.json")).await;
        assert_eq!(one[0]["service_request_id"], id);
        assert!(one[0]["lat"].is_f64() && one[0]["long"].is_f64());
        for service in city.read("/open311/v2/services.json").await.as_array().unwrap() {
            assert!(service["metadata"] == "true" || service["metadata"] == "false");
        }
        let definition = city.read("/open311/v2/services/bulky-waste.json").await;
        assert_eq!(
            (&definition["attributes"][0]["required"], &definition["attributes"][0]["variable"]),
            (&"true".into(), &"true".into())
        );
    });
}

#[test]
fn gotcha_03_times_have_seconds_and_a_zone_and_no_fractions() {
    in_the_city(async |city| {
        city.pass(123);
        let id = city.send(&[]).await;
        let one = city.read(&format!("/open311/v2/requests/{id}.json")).await;
        assert_eq!(one[0]["requested_datetime"], "2026-11-14T06:30:00Z");
        assert_eq!(one[0]["expected_datetime"].as_str().unwrap().len(), 20);
        // Fractions and Persian digits are understood, and never answered.
        let start =
            form(&[("start_date", "۲۰۲۶-۱۱-۱۴T۰۶:۰۰:۰۰.۵۰۰Z"), ("end_date", "2026-11-14T07:00:00.123456Z")]);
        assert_eq!(
            city.read(&format!("/open311/v2/requests.json?{start}")).await.as_array().unwrap().len(),
            1
        );
        let text = city.get("/open311/v2/requests.xml").await;
        assert!(!text.text().contains("۲۰۲۶") && !text.text().contains("۱۴۰۵"));
    });
}

#[test]
fn gotcha_04_a_plus_that_became_a_space_is_a_plus() {
    in_the_city(async |city| {
        city.send(&[]).await;
        let found = city.read("/open311/v2/requests.json?start_date=2026-11-14T09:00:00+03:30&end_date=2026-11-14T11:00:00+03:30").await;
        assert_eq!(found.as_array().unwrap().len(), 1);
    });
}

#[test]
fn gotcha_05_the_jurisdiction_may_be_absent_empty_in_the_query_or_in_the_body() {
    let settings = Settings { rate_limits: false, ..Settings::default() };
    in_a_city(&["tehran", "shiraz"], settings, async |city| {
        let first = city.read("/open311/v2/services.json").await;
        assert_eq!(city.read("/open311/v2/services.json?jurisdiction_id=").await, first);
        assert_eq!(city.read("/open311/v2/services.json?jurisdiction_id=tehran.ir").await, first);
        let cities = city.read("/api/v1/jurisdictions").await;
        let other = cities[1]["code"].as_str().unwrap().to_owned();
        let discovery = city.read(&format!("/open311/v2/discovery.json?jurisdiction_id={other}")).await;
        assert_ne!(discovery["contact"], city.read("/open311/v2/discovery.json").await["contact"]);
        assert_eq!(
            city.get("/open311/v2/services.json?jurisdiction_id=atlantis.gov").await.status,
            StatusCode::NOT_FOUND
        );

        // In the query of a POST, in its body, and the key in either place.
        let fields = [("service_code", SIMPLE), ("lat", INSIDE.0), ("long", INSIDE.1)];
        let in_query = city
            .post_form("/open311/v2/requests.json?jurisdiction_id=tehran.ir&api_key=sender", &fields)
            .await;
        assert_eq!(in_query.status, StatusCode::OK, "{}", in_query.text());
        let mut in_body = fields.to_vec();
        in_body.extend([("jurisdiction_id", "tehran.ir"), ("api_key", "sender")]);
        assert_eq!(city.post_form("/open311/v2/requests.json", &in_body).await.status, StatusCode::OK);
        in_body[3].1 = "atlantis.gov";
        assert_eq!(city.post_form("/open311/v2/requests.json", &in_body).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn gotcha_06_double_slashes_and_addresses_without_a_suffix_are_understood() {
    in_the_city(async |city| {
        let plain = city.get("/open311/v2/services.json").await;
        for path in [
            "/open311/v2//services.json",
            "/open311/v2/services",
            "/open311/v2///services",
            "/open311/v2/services/",
        ] {
            let answer = city.get(path).await;
            assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, JSON), "{path}");
            assert_eq!(answer.body, plain.body, "{path}");
        }
        assert_eq!(city.get("/open311/v2//services.xml").await.header("content-type"), XML);
    });
}

#[test]
fn gotcha_07_codes_are_plain_ascii() {
    in_the_city(async |city| {
        let services = city.read("/open311/v2/services.json").await;
        for service in services.as_array().unwrap() {
            let code = service["service_code"].as_str().unwrap();
            assert!(
                !code.is_empty() && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'),
                "{code}"
            );
        }
    });
}

#[test]
fn gotcha_08_the_suffix_is_behind_the_last_dot() {
    in_the_city(async |city| {
        let id = city.send(&[]).await;
        let dotted = format!("{}.{}", &id[..5], &id[5..]);
        assert_eq!(
            city.read(&format!("/open311/v2/requests/{dotted}.json")).await[0]["service_request_id"],
            id
        );
        let answer = city.get(&format!("/open311/v2/requests/{dotted}.xml")).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, XML));
        let unknown = city.get("/open311/v2/requests/a.b.c").await;
        assert_eq!((unknown.status, unknown.header("content-type")), (StatusCode::NOT_FOUND, JSON));
    });
}

#[test]
fn gotcha_09_discovery_never_has_a_single_endpoint() {
    in_the_city(async |city| {
        let discovery = city.read("/open311/v2/discovery.json").await;
        let kinds: Vec<_> =
            discovery["endpoints"].as_array().unwrap().iter().map(|e| e["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["production", "test"]);
        // The trial endpoint is the same city, and keeps nothing.
        let fields = [("api_key", "sender"), ("service_code", SIMPLE), ("lat", INSIDE.0), ("long", INSIDE.1)];
        let tried = city.post_form("/open311/trial/v2/requests.json", &fields).await;
        assert_eq!(tried.status, StatusCode::OK, "{}", tried.text());
        assert!(tried.json()[0]["service_notice"].is_string() && tried.json()[0]["token"].is_string());
        assert_eq!(city.read("/open311/v2/requests.json").await.as_array().unwrap().len(), 0);
        let wrong = city.post_form("/open311/trial/v2/requests.json", &fields[..2]).await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    });
}

#[test]
fn gotcha_10_content_types_are_those_of_the_standard() {
    in_the_city(async |city| {
        for path in all_reads(&city).await {
            let (xml, json) = (format!("/open311/v2/{path}.xml"), format!("/open311/v2/{path}.json"));
            let xml = city.get(&xml).await;
            assert_eq!(
                (xml.status, xml.header("content-type")),
                (StatusCode::OK, XML),
                "{path}: {}",
                xml.text()
            );
            assert!(xml.text().starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"));
            assert_eq!(city.get(&json).await.header("content-type"), JSON, "{path}");
        }
        let missing = city.get("/open311/v2/requests/1.xml").await;
        assert_eq!((missing.status, missing.header("content-type")), (StatusCode::NOT_FOUND, XML));
        assert!(missing.text().contains("<errors><error><code>404</code><description>"));
    });
}

#[test]
fn gotcha_11_the_changeset_is_a_whole_moment_of_the_past() {
    in_the_city(async |city| {
        let discovery = city.read("/open311/v2/discovery.json").await;
        for changeset in [&discovery["changeset"], &discovery["endpoints"][0]["changeset"]] {
            let at = calendar::Timestamp::parse_rfc3339(changeset.as_str().unwrap()).unwrap();
            assert!(at < city.door.now() && changeset.as_str().unwrap().len() == 20);
        }
    });
}

#[test]
fn gotcha_12_a_status_is_open_or_closed_and_the_rest_stands_in_the_notes() {
    in_the_city(async |city| {
        let id = city.send(&[]).await;
        city.go(&id, "assigned", "").await;
        city.go(&id, "in-progress", "").await;
        let one = city.read(&format!("/open311/v2/requests/{id}.json?extensions=true")).await;
        assert_eq!(one[0]["status"], "open", "{one}");
        assert_eq!(one[0]["status_notes"], "در دست انجام");
        assert_eq!(one[0]["extended_attributes"]["state"], "in-progress");
        city.go(&id, "answered", "انجام شد").await;
        let one = city.read(&format!("/open311/v2/requests/{id}.json?extensions=true")).await;
        assert_eq!((&one[0]["status"], &one[0]["status_notes"]), (&"closed".into(), &"انجام شد".into()));
        let facts: Vec<_> = one[0]["notes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n["type"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(facts.first().map(String::as_str), Some("submitted"));
        assert_eq!(facts.last().map(String::as_str), Some("answered"));
        for (status, count) in [("open", 0), ("closed", 1), ("open,closed", 1), ("", 1)] {
            let found = city.read(&format!("/open311/v2/requests.json?status={status}")).await;
            assert_eq!(found.as_array().unwrap().len(), count, "{status}");
        }
        assert_eq!(
            city.get("/open311/v2/requests.json?status=in_progress").await.status,
            StatusCode::BAD_REQUEST
        );
    });
}

#[test]
fn gotcha_13_a_closed_request_was_updated_when_it_was_closed() {
    in_the_city(async |city| {
        let id = city.send(&[]).await;
        city.pass(60_000);
        city.go(&id, "answered", "انجام شد").await;
        city.pass(60_000);
        let body = serde_json::json!({ "text": "ممنون" });
        let key = [("authorization", "Bearer sender")];
        let said = city.post_json(&format!("/api/v1/requests/{id}/notes"), &body, &key).await;
        assert_eq!(said.status, StatusCode::CREATED, "{}", said.text());
        let one = city.read(&format!("/open311/v2/requests/{id}.json")).await;
        assert_eq!(one[0]["updated_datetime"], "2026-11-14T06:31:00Z");
    });
}

#[test]
fn gotcha_14_a_retry_is_the_same_report() {
    in_the_city(async |city| {
        let sent = [
            ("description", "چاله\r\n\r\nhttps://fms.example/1"),
            ("first_name", "مینا"),
            ("last_name", "-"),
            ("attribute[fixmystreet_id]", "123"),
            ("attribute[title]", "چاله"),
        ];
        let first = city.send(&sent).await;
        assert_eq!(city.send(&sent).await, first, "{}", city.engine);
        assert_ne!(city.send(&[("attribute[fixmystreet_id]", "124")]).await, first);

        let fields =
            form(&[("api_key", "sender"), ("service_code", SIMPLE), ("lat", INSIDE.0), ("long", INSIDE.1)]);
        let kind = "application/x-www-form-urlencoded";
        let key = [("idempotency-key", "k-1")];
        let a = city.post("/open311/v2/requests.json", kind, fields.clone(), &key).await.json();
        let b = city.post("/open311/v2/requests.json", kind, fields.clone(), &key).await.json();
        assert_eq!(a[0]["service_request_id"], b[0]["service_request_id"]);
        let other =
            city.post("/open311/v2/requests.json", kind, format!("{fields}&description=x"), &key).await;
        assert_eq!(
            (other.status, other.json()[0]["reason"].as_str()),
            (StatusCode::BAD_REQUEST, Some("key-reused"))
        );
    });
}

#[test]
fn gotcha_15_ids_are_given_at_once_and_tokens_answer() {
    in_the_city(async |city| {
        let id = city.send(&[]).await;
        assert!(id.len() == 10 && id.bytes().all(|b| b.is_ascii_digit()));
        let token = city.read(&format!("/open311/v2/tokens/{id}.json")).await;
        assert_eq!((&token[0]["service_request_id"], &token[0]["token"]), (&id.clone().into(), &id.into()));
        assert_eq!(city.get("/open311/v2/tokens/12345.json").await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn gotcha_16_a_media_url_may_be_data_and_nothing_is_fetched() {
    use base64::Engine;
    in_the_city(async |city| {
        let data =
            format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(pixel()));
        let id = city.send(&[("media_url", &data), ("media_url", "https://example.org/a.jpg")]).await;
        let one = city.read(&format!("/open311/v2/requests/{id}.json?extensions=true")).await;
        let url = one[0]["media_url"].as_str().unwrap();
        assert!(url.starts_with("http://city.test/files/") && url.ends_with(".jpg"), "{url}");
        assert_eq!(one[0]["extended_attributes"]["photos"].as_array().unwrap().len(), 1);
        let picture = city.get(url.strip_prefix("http://city.test").unwrap()).await;
        assert_eq!((picture.status, picture.header("content-type")), (StatusCode::OK, "image/jpeg"));

        let fields = [
            ("api_key", "sender"),
            ("service_code", SIMPLE),
            ("lat", INSIDE.0),
            ("long", INSIDE.1),
            ("media_url", "http://127.0.0.1:9/x.jpg"),
        ];
        let answer = city.post_form("/open311/v2/requests.json", &fields).await;
        assert!(answer.json()[0]["service_notice"].is_string(), "{}", answer.text());
        let mut broken = fields;
        broken[4].1 = "data:image/png;base64,AAAA";
        assert_eq!(
            city.post_form("/open311/v2/requests.json", &broken).await.status,
            StatusCode::BAD_REQUEST
        );
    });
}

#[test]
fn gotcha_17_an_error_is_never_200() {
    in_the_city(async |city| {
        let base = "/open311/v2";
        for (path, status) in [
            ("/requests/1234567890.json", 404),
            ("/requests/none.xml", 404),
            ("/services/none.json", 404),
            ("/nothing.json", 404),
            ("/requests.json?start_date=yesterday", 400),
            ("/requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400),
            ("/requests.json?start_date=2026-02-01T00:00:00Z&end_date=2026-01-01T00:00:00Z", 400),
            ("/requests.json?bbox=1,2,3", 400),
            ("/requests.json?page_size=many", 400),
            ("/services.json?lat=99&long=200", 400),
            ("/servicerequestupdates.json?start_date=2026-01-01T00:00:00Z", 400),
        ] {
            let answer = city.get(&format!("{base}{path}")).await;
            assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text());
            if !path.contains(".xml") {
                let errors = answer.json();
                assert!(errors[0]["description"].as_str().is_some_and(|words| !words.is_empty()), "{errors}");
            }
        }
        let put = http::Request::put("/open311/v2/services.json").body(axum::body::Body::empty()).unwrap();
        let answer = city.ask(put).await;
        assert_eq!(
            (answer.status, answer.header("allow").contains("GET")),
            (StatusCode::METHOD_NOT_ALLOWED, true)
        );
    });
}

#[test]
fn gotcha_18_pages_of_any_site_may_read() {
    in_the_city(async |city| {
        for path in [
            "/open311/v2/services.json",
            "/open311/v2/requests/0.json",
            "/api/v1/requests.geojson",
            "/api/v1/services",
        ] {
            assert_eq!(city.get(path).await.header("access-control-allow-origin"), "*", "{path}");
        }
        let ask = http::Request::builder()
            .method("OPTIONS")
            .uri("/open311/v2/services.json")
            .body(axum::body::Body::empty())
            .unwrap();
        let answer = city.ask(ask).await;
        assert_eq!(
            (answer.status, answer.header("access-control-allow-methods")),
            (StatusCode::NO_CONTENT, "GET, HEAD")
        );
    });
}
