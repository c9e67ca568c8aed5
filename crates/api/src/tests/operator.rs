//! What the operator and the balancer ask.

use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::in_the_city;

#[test]
fn alive_and_ready_until_it_leaves() {
    in_the_city(async |city| {
        assert_eq!(city.get("/livez").await.status, StatusCode::OK);
        let ready = city.get("/readyz").await;
        assert_eq!(
            (ready.status, ready.json()["ready"].as_bool()),
            (StatusCode::OK, Some(true)),
            "{}",
            ready.text()
        );
        city.door.close();
        assert_eq!(city.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(city.get("/livez").await.status, StatusCode::OK, "leaving is not dying");
    });
}

#[test]
fn a_folder_that_is_gone_is_not_ready() {
    in_the_city(async |city| {
        std::fs::remove_dir_all(city.door.files.folder()).unwrap();
        let answer = city.get("/readyz").await;
        assert_eq!(
            (answer.status, answer.json()["files"].as_str().map(str::to_owned)),
            (StatusCode::SERVICE_UNAVAILABLE, Some("failed".into()))
        );
    });
}

#[test]
fn figures_about_the_program_have_their_own_router() {
    in_the_city(async |city| {
        let router = crate::metrics_router(city.door.clone(), || "up 1\n".into());
        let answer = router.oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(&answer.into_body().collect().await.unwrap().to_bytes()[..], b"up 1\n");
        assert_eq!(city.get("/metrics").await.status, StatusCode::NOT_FOUND, "not on the public listener");
    });
}
