//! A report through Open311: what comes out of it, and what is refused.

use http::StatusCode;

use super::{ASKING, INSIDE, PRIVATE, SIMPLE, in_the_city, multipart, pixel};

#[test]
fn a_report_in_xml_is_answered_in_xml_and_can_be_read_at_once() {
    in_the_city(async |city| {
        let fields = [
            ("api_key", "sender"),
            ("service_code", SIMPLE),
            ("lat", "۳۵٫۷۲۱۹"),
            ("long", "۵۱٫۴۰۵۶"),
            ("description", "زباله & نخاله <b> تلفن من ۰۹۱۲۱۲۳۴۵۶۷"),
            ("first_name", "مینا"),
            ("last_name", "رضایی"),
            ("email", "mina@example.org"),
            ("phone", "۰۹۱۲۱۲۳۴۵۶۷"),
            ("address_string", "خیابان ولی‌عصر"),
        ];
        let answer = city.post_form("/open311/v2/requests.xml", &fields).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let id: String =
            answer.text().split("<service_request_id>").nth(1).unwrap().chars().take(10).collect();
        let one = city.get(&format!("/open311/v2/requests/{id}.xml")).await;
        let text = one.text();
        assert!(
            text.contains("<status>open</status>") && text.contains("&amp;") && text.contains("&lt;b"),
            "{text}"
        );
        assert!(text.contains("<agency_responsible>") && text.contains("<address>خیابان ولی‌عصر</address>"));
        assert!(text.contains("<zipcode/>") && text.contains("<lat>35.7219</lat>"));
        for secret in ["مینا", "mina@", "0912", "۰۹۱۲"] {
            assert!(!text.contains(secret), "{secret} is nobody else's business");
        }
    });
}

#[test]
fn every_refusal_has_a_true_status_and_leaves_nothing_behind() {
    in_the_city(async |city| {
        let good = [("api_key", "sender"), ("service_code", SIMPLE), ("lat", INSIDE.0), ("long", INSIDE.1)];
        let long = "ا".repeat(4001);
        for (name, value, status, reason) in [
            ("api_key", "", 403, "key-missing"),
            ("api_key", "nobody", 403, "key-wrong"),
            ("service_code", "", 400, "service-missing"),
            ("service_code", "no-such", 404, "service-unknown"),
            ("lat", "", 400, "coordinates-impossible"),
            ("lat", "95", 400, "coordinates-impossible"),
            ("lat", "north", 400, "coordinates-impossible"),
            ("lat", "34.1", 400, "place-outside"),
            ("description", long.as_str(), 400, "words-too-long"),
            ("email", "nobody@", 400, "email-wrong"),
            ("attribute[colour]", "red", 400, "answer-unknown"),
            ("jurisdiction_id", "nowhere", 404, "jurisdiction-unknown"),
        ] {
            let mut fields: Vec<_> = good.iter().copied().filter(|(known, _)| *known != name).collect();
            fields.push((name, value));
            let answer = city.post_form("/open311/v2/requests.json", &fields).await;
            assert_eq!(answer.status.as_u16(), status, "{name}={value:.20}: {}", answer.text());
            assert_eq!(answer.json()[0]["reason"], reason, "{}", answer.text());
        }
        // Outside, the nearest district is named.
        let outside = [("api_key", "sender"), ("service_code", SIMPLE), ("lat", "34.1"), ("long", "51.4")];
        let words =
            city.post_form("/open311/v2/requests.json?lang=en", &outside).await.json()[0]["description"]
                .to_string();
        assert!(words.contains("nearest district is") && words.contains("km"), "{words}");
        let asking = [("api_key", "sender"), ("service_code", ASKING), ("lat", INSIDE.0), ("long", INSIDE.1)];
        let answer = city.post_form("/open311/v2/requests.json", &asking).await;
        assert_eq!(
            (answer.status, answer.json()[0]["reason"].as_str()),
            (StatusCode::BAD_REQUEST, Some("answer-missing"))
        );
        assert_eq!(
            city.read("/open311/v2/requests.json").await.as_array().unwrap().len(),
            0,
            "{}",
            city.engine
        );
    });
}

#[test]
fn photos_come_as_files_and_bad_ones_are_refused() {
    in_the_city(async |city| {
        let fields = [("api_key", "sender"), ("service_code", SIMPLE), ("lat", INSIDE.0), ("long", INSIDE.1)];
        let picture = pixel();
        let (kind, body) = multipart(&fields, &[("media", &picture), ("photo1", &picture)]);
        let answer = city.post("/open311/v2/requests.json", &kind, body, &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let id = answer.json()[0]["service_request_id"].as_str().unwrap().to_owned();
        let listed = city.read("/open311/v2/requests.json?extensions=true").await;
        assert_eq!(listed[0]["extended_attributes"]["photos"].as_array().unwrap().len(), 2);
        let whole = city.read(&format!("/api/v1/requests/{id}")).await;
        assert_eq!(whole["pictures"].as_array().unwrap().len(), 2, "{whole}");
        let path = whole["pictures"][0]["thumbnail"]
            .as_str()
            .unwrap()
            .strip_prefix("http://city.test")
            .unwrap()
            .to_owned();
        let served = city.get(&path).await;
        assert_eq!(served.status, StatusCode::OK);
        assert!(
            served.header("content-security-policy").contains("sandbox")
                && served.header("cache-control").contains("immutable")
        );
        assert_eq!(
            city.get_with(&path, &[("if-none-match", served.header("etag"))]).await.status,
            StatusCode::NOT_MODIFIED
        );
        assert_eq!(city.get(&format!("/files/{}.jpg", "0".repeat(64))).await.status, StatusCode::NOT_FOUND);

        for (bytes, reason) in [
            (&b""[..], "photo-empty"),
            (b"<script>", "photo-unknown-type"),
            (&picture[..40], "photo-damaged"),
        ] {
            let (kind, body) = multipart(&fields, &[("media", bytes)]);
            let answer = city.post("/open311/v2/requests.json", &kind, body, &[]).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{reason}: {}", answer.text());
            assert_eq!(answer.json()[0]["reason"], reason);
        }
        assert_eq!(city.read("/open311/v2/requests.json").await.as_array().unwrap().len(), 1);
    });
}

#[test]
fn private_requests_are_for_those_who_may_see_them() {
    in_the_city(async |city| {
        let fields =
            [("api_key", "sender"), ("service_code", PRIVATE), ("lat", INSIDE.0), ("long", INSIDE.1)];
        let definition = city.read(&format!("/open311/v2/services/{PRIVATE}.json")).await;
        let required: Vec<(String, String)> = definition["attributes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|a| a["required"] == "true")
            .map(|a| {
                (
                    format!("attribute[{}]", a["code"].as_str().unwrap()),
                    a["values"][0]["key"].as_str().unwrap_or("1").to_owned(),
                )
            })
            .collect();
        let mut all = fields.to_vec();
        all.extend(required.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let answer = city.post_form("/open311/v2/requests.json", &all).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let id = answer.json()[0]["service_request_id"].as_str().unwrap().to_owned();
        assert_eq!(city.read("/open311/v2/requests.json").await.as_array().unwrap().len(), 0);
        assert_eq!(
            city.read(&format!("/open311/v2/requests.json?service_request_id={id}"))
                .await
                .as_array()
                .unwrap()
                .len(),
            0
        );
        assert_eq!(city.get(&format!("/open311/v2/requests/{id}.json")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            city.get(&format!("/open311/v2/requests/{id}.json?api_key=sender")).await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            city.get(&format!("/open311/v2/requests/{id}.json?api_key=desk")).await.status,
            StatusCode::OK
        );
        assert_eq!(city.get(&format!("/api/v1/requests/{id}")).await.status, StatusCode::NOT_FOUND);
        let desk =
            city.get_with(&format!("/api/v1/requests/{id}"), &[("authorization", "Bearer desk")]).await;
        assert_eq!(desk.status, StatusCode::OK);
    });
}

#[test]
fn updates_are_listed_and_taken_as_far_as_the_key_may() {
    in_the_city(async |city| {
        let id = city.send(&[]).await;
        city.pass(1_000);
        let update = [
            ("api_key", "sender"),
            ("service_request_id", &id),
            ("update_id", "9"),
            ("status", "FIXED"),
            ("description", "درست شد"),
        ];
        let first =
            city.post_form("/open311/v2/servicerequestupdates.json?jurisdiction_id=tehran.ir", &update).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.text());
        assert!(first.json()[0]["service_notice"].is_string(), "a sender does not decide that it is done");
        assert_eq!(city.read(&format!("/open311/v2/requests/{id}.json")).await[0]["status"], "open");
        city.pass(1_000);
        let again = city.post_form("/open311/v2/servicerequestupdates.json", &update).await;
        assert_eq!(again.json()[0]["update_id"], first.json()[0]["update_id"], "a retry is the same update");

        let chief = [
            ("api_key", "chief"),
            ("service_request_id", &id),
            ("status", "FIXED"),
            ("description", "لکه‌گیری شد"),
        ];
        let done = city.post_form("/open311/v2/servicerequestupdates.xml", &chief).await;
        assert!(
            done.text().contains("<service_request_updates><request_update><update_id>"),
            "{}",
            done.text()
        );
        let one = city.read(&format!("/open311/v2/requests/{id}.json")).await;
        assert_eq!((&one[0]["status"], &one[0]["status_notes"]), (&"closed".into(), &"لکه‌گیری شد".into()));

        let window = "start_date=2026-11-14T06:00:00Z&end_date=2026-11-14T07:00:00Z";
        let listed = city.read(&format!("/open311/v2/servicerequestupdates.json?{window}")).await;
        let told: Vec<_> = listed
            .as_array()
            .unwrap()
            .iter()
            .map(|u| (u["status"].as_str().unwrap(), u["description"].as_str().unwrap()))
            .collect();
        assert_eq!(
            told,
            [("FIXED", "درست شد"), ("FIXED", "لکه‌گیری شد")]
                .map(|(s, d)| (if d == "درست شد" { told[0].0 } else { s }, d))
        );
        let empty = [("api_key", "sender"), ("service_request_id", id.as_str()), ("status", "OPEN")];
        assert_eq!(
            city.post_form("/open311/v2/servicerequestupdates.json", &empty).await.status,
            StatusCode::BAD_REQUEST
        );
        let nobody = [("service_request_id", id.as_str()), ("description", "x")];
        assert_eq!(
            city.post_form("/open311/v2/servicerequestupdates.json", &nobody).await.status,
            StatusCode::FORBIDDEN
        );
    });
}

#[test]
fn lists_have_windows_pages_boxes_and_ids() {
    in_the_city(async |city| {
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(city.send(&[]).await);
            city.pass(1_000);
        }
        let listed = async |query: &str| -> Vec<String> {
            let all = city.read(&format!("/open311/v2/requests.json?{query}")).await;
            all.as_array()
                .unwrap()
                .iter()
                .map(|r| r["service_request_id"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(listed("page=1&page_size=2").await, [ids[2].clone(), ids[1].clone()]);
        assert_eq!(listed("page=2&page_size=2").await, [ids[0].clone()]);
        assert_eq!(listed("page=0&page_size=1").await, [ids[2].clone()], "page 0 is page 1");
        assert_eq!(listed(&format!("service_request_id={},{},1", ids[0], ids[1])).await.len(), 2);
        assert_eq!(listed(&format!("service_code={SIMPLE},none")).await.len(), 3);
        assert_eq!(listed("service_code=none").await.len(), 0);
        assert_eq!(listed("bbox=51.40,35.72,51.41,35.73").await.len(), 3);
        assert_eq!(listed("bbox=50.0,34.0,50.1,34.1").await.len(), 0);
        assert_eq!(listed("updated_after=2026-11-14T06:30:02Z").await, [ids[2].clone()]);
        city.pass(91 * 86_400_000);
        assert_eq!(listed("").await.len(), 0, "older than 90 days");
        assert_eq!(listed("start_date=2026-11-01T00:00:00Z").await.len(), 3);
        assert_eq!(listed("updated_before=2027-01-01T00:00:00Z").await.len(), 3, "updates have no 90 days");
        let offered =
            city.read(&format!("/open311/v2/services.json?lat={}&long={}", INSIDE.0, INSIDE.1)).await;
        assert!(!offered.as_array().unwrap().is_empty());
        assert!(
            city.read("/open311/v2/services.json?lat=34.0&long=50.0").await.as_array().unwrap().is_empty()
        );
    });
}

#[test]
fn a_list_with_extensions_has_the_notes_of_each_request_and_none_for_colleagues() {
    in_the_city(async |city| {
        let (first, second) = (city.report(SIMPLE, "یکی").await, city.report(SIMPLE, "دیگری").await);
        let chief = [("authorization", "Bearer chief")];
        for (code, words, internal) in
            [(&first, "فردا می‌آییم", false), (&second, "راننده بیمار است", true), (&second, "دیدیم", false)]
        {
            let note = serde_json::json!({ "text": words, "internal": internal });
            let path = format!("/api/v1/requests/{code}/notes");
            let answer = city.post_json(&path, &note, &chief).await;
            assert!(answer.status.is_success(), "{}", answer.text());
        }
        let list = city.read("/open311/v2/requests.json?extensions=true").await;
        for (code, said) in [(&first, "فردا می‌آییم"), (&second, "دیدیم")] {
            let one =
                list.as_array().unwrap().iter().find(|r| r["service_request_id"] == code.as_str()).unwrap();
            let words: Vec<&str> =
                one["notes"].as_array().unwrap().iter().filter_map(|n| n["description"].as_str()).collect();
            assert_eq!(words, [said], "{}: {one}", city.engine);
            let alone = city.read(&format!("/open311/v2/requests/{code}.json?extensions=true")).await;
            assert_eq!(alone[0]["notes"], one["notes"]);
        }
        let plain = city.read("/open311/v2/requests.json").await;
        assert!(plain[0].get("notes").is_none());
    });
}
