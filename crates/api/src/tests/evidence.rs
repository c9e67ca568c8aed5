//! An answer that owes a photo, through our own interface.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::json;

use super::{in_the_city, pixel};

#[test]
fn an_answer_that_owes_a_photo_is_taken_with_one() {
    in_the_city(async |city| {
        let chief = [("authorization", "Bearer chief")];
        let body = json!({ "service_code": "gutter-dredging", "lat": 35.7219, "long": 51.4056, "description": "جوی گرفته" });
        let told = city.post_json("/api/v1/requests", &body, &[]).await.json();
        let code = told["code"].as_str().unwrap().to_owned();
        let moves = format!("/api/v1/requests/{code}/moves");
        let bare = city.post_json(&moves, &json!({ "to": "answered", "words": "باز شد" }), &chief).await;
        assert_eq!(
            (bare.status, bare.codes()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["move-evidence-missing".to_owned()])
        );
        let elsewhere =
            json!({ "to": "answered", "words": "باز شد", "photos_after": ["https://example.org/a.jpg"] });
        let elsewhere = city.post_json(&moves, &elsewhere, &chief).await;
        assert_eq!(elsewhere.codes(), ["photo-unknown-type"], "nothing is fetched from elsewhere");
        let photo = format!("data:image/png;base64,{}", STANDARD.encode(pixel()));
        let many = json!({ "to": "answered", "words": "باز شد", "photos_after": vec![photo.clone(); 6] });
        assert_eq!(city.post_json(&moves, &many, &chief).await.codes(), ["too-many-photos"]);
        let done = json!({ "to": "answered", "words": "باز شد", "photos_after": [photo] });
        let done = city.post_json(&moves, &done, &chief).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        assert_eq!(done.json()["photos"], 1, "{}", done.text());
    });
}
