//! Keys that are narrower than their role, and keys that call too often.

use door::Settings;
use http::StatusCode;
use people::Role;
use people::keys::{self, KeyScope, KeyScopes, NewKey};
use serde_json::json;

use super::{City, INSIDE, SIMPLE, in_a_city, in_the_city};

async fn key(city: &City, key: NewKey) -> String {
    let (act, id) = (city.door.act(people::Actor::System("test")), city.id);
    city.door.db.write(move |tx| keys::make(tx, &act, id, &key)).await.unwrap()
}

#[test]
fn a_key_does_only_what_it_was_made_for() {
    in_the_city(async |city| {
        let code = city.report(SIMPLE, "خیابان کثیف است").await;
        let chief = |scopes: &[KeyScope]| NewKey {
            scopes: KeyScopes::of(scopes),
            ..NewKey::of("chief", Role::Supervisor, None)
        };
        let moves = format!("/api/v1/requests/{code}/moves");
        let confirm = json!({ "to": "confirmed" });
        let reader = key(&city, chief(&[KeyScope::Requests, KeyScope::Read])).await;
        let bearer = format!("Bearer {reader}");
        let no = city.post_json(&moves, &confirm, &[("authorization", &bearer)]).await;
        assert_eq!(
            (no.status, no.json()["code"].as_str()),
            (StatusCode::FORBIDDEN, Some("denied")),
            "{}",
            city.engine
        );
        // An Open311 report with a key that may only move requests.
        let worker = key(&city, chief(&[KeyScope::Work])).await;
        let fields =
            [("api_key", worker.as_str()), ("service_code", SIMPLE), ("lat", INSIDE.0), ("long", INSIDE.1)];
        let no = city.post_form("/open311/v2/requests.json", &fields).await;
        assert_eq!(no.status, StatusCode::FORBIDDEN, "{}", no.text());
        let bearer = format!("Bearer {worker}");
        let yes = city.post_json(&moves, &confirm, &[("authorization", &bearer)]).await;
        assert_eq!(yes.status, StatusCode::OK, "{}", yes.text());
    });
}

#[test]
fn a_refused_key_leaves_one_fact_a_minute() {
    in_the_city(async |city| {
        let code = city.report(SIMPLE, "خیابان کثیف است").await;
        let reader = NewKey {
            scopes: KeyScopes::of(&[KeyScope::Read]),
            ..NewKey::of("reader", Role::Supervisor, None)
        };
        let reader = key(&city, reader).await;
        let bearer = format!("Bearer {reader}");
        for _ in 0..20 {
            let path = format!("/api/v1/requests/{code}/moves");
            let no =
                city.post_json(&path, &json!({ "to": "confirmed" }), &[("authorization", &bearer)]).await;
            assert_eq!(no.status, StatusCode::FORBIDDEN);
            let fields = [
                ("api_key", reader.as_str()),
                ("service_code", SIMPLE),
                ("lat", INSIDE.0),
                ("long", INSIDE.1),
            ];
            let no = city.post_form("/open311/v2/requests.json", &fields).await;
            assert_eq!(no.status, StatusCode::FORBIDDEN);
            // Nobody's key is nobody's fact.
            let path = format!("/api/v1/requests/{code}/notes");
            city.post_json(&path, &json!({ "words": "x" }), &[("authorization", "Bearer nobody")]).await;
        }
        let id = city.id;
        let facts = city.door.db.read(move |tx| storage::journal::after(tx, id, 0, 5000)).await.unwrap();
        let mut told: Vec<String> =
            facts.into_iter().filter(|e| e.fact == "access-denied").map(|e| e.payload).collect();
        told.sort();
        assert_eq!(told.len(), 2, "{}: {told:?}", city.engine);
        assert!(told[0].contains("/api/v1/requests/{code}/moves") && told[0].contains("confirm"), "{told:?}");
        assert!(told[1].contains("/open311/v2/requests") && told[1].contains("submit"), "{told:?}");
        assert!(told.iter().all(|fact| !fact.contains(&code)));
    });
}

#[test]
fn a_key_that_calls_too_often_waits_and_others_do_not() {
    in_a_city(&["tehran"], Settings::default(), async |city| {
        let code = city.report(SIMPLE, "خیابان کثیف است").await;
        let slow = NewKey { per_minute: Some(2), ..NewKey::of("slow", Role::Supervisor, None) };
        let bearer = format!("Bearer {}", key(&city, slow).await);
        let path = format!("/api/v1/requests/{code}");
        for _ in 0..2 {
            let answer = city.get_with(&path, &[("authorization", &bearer)]).await;
            assert_eq!(answer.status, StatusCode::OK, "{} {}", city.engine, answer.text());
        }
        let third = city.get_with(&path, &[("authorization", &bearer)]).await;
        assert_eq!(third.status, StatusCode::TOO_MANY_REQUESTS);
        let wait: u32 = third.header("retry-after").parse().unwrap();
        assert!((1..=30).contains(&wait), "{wait}");
        assert_eq!(city.get_with(&path, &[("authorization", "Bearer chief")]).await.status, StatusCode::OK);
        assert_eq!(city.get(&path).await.status, StatusCode::OK);
        let open311 = format!("/open311/v2/requests/{code}.json");
        assert_eq!(
            city.get_with(&open311, &[("authorization", &bearer)]).await.status,
            StatusCode::TOO_MANY_REQUESTS,
            "the same key at another door"
        );
    });
}
