//! What every answer carries.

use std::io::Read;

use axum::routing::get as on_get;
use bytes::Bytes;
use http::HeaderMap;

use super::*;
use crate::{assets, etag};

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

async fn get_packed(router: &Router, path: &str) -> Answer {
    ask(router, Request::get(path).header("accept-encoding", "br, gzip;q=0.8").body(Body::empty()).unwrap())
        .await
}

#[tokio::test]
async fn the_browser_is_told_to_be_strict() {
    let door = door();
    let own = || async { ([("content-security-policy", "sandbox")], "a photo") };
    let house =
        house(&door, Router::new().route("/", on_get(|| async { "page" })).route("/own", on_get(own)));
    let answer = get(&house, "/").await;
    let policy = answer.header("content-security-policy");
    for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "worker-src 'self'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("  "));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("permissions-policy").starts_with("geolocation=(self)"));
    assert!(!answer.header("referrer-policy").is_empty());
    assert!(answer.header("server").is_empty() && answer.header("strict-transport-security").is_empty());
    // A route with a stricter rule of its own keeps it.
    assert_eq!(get(&house, "/own").await.header("content-security-policy"), "sandbox");
    // What nobody wrote a route for is dressed the same.
    assert_eq!(get(&house, "/none").await.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn every_answer_has_a_number_of_its_own() {
    let house = house(&door(), Router::new().route("/", on_get(|| async { "page" })));
    let (one, two) = (get(&house, "/").await, get(&house, "/").await);
    assert_eq!(one.header("x-request-id").len(), 16);
    assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
}

/// Remembers what was counted, under which labels.
#[derive(Default)]
struct Counting(std::sync::Mutex<Vec<String>>);

impl metrics::Recorder for Counting {
    fn describe_counter(&self, _: metrics::KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}
    fn describe_gauge(&self, _: metrics::KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}
    fn describe_histogram(&self, _: metrics::KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}

    fn register_counter(&self, key: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Counter {
        let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        self.0.lock().unwrap().push(format!("{} {}", key.name(), labels.join(" ")));
        metrics::Counter::noop()
    }
    fn register_gauge(&self, _: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Gauge {
        metrics::Gauge::noop()
    }
    fn register_histogram(&self, _: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Histogram {
        metrics::Histogram::noop()
    }
}

#[test]
fn answers_are_counted_by_route_and_not_by_what_people_type() {
    let counting = Counting::default();
    metrics::with_local_recorder(&counting, || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let house = house(&door(), Router::new().route("/r/{code}", on_get(|| async { "page" })));
            for path in ["/r/1", "/r/2", "/r/1", "/wp-admin", "/.env"] {
                get(&house, path).await;
            }
        });
    });
    let counted = counting.0.into_inner().unwrap();
    assert_eq!(
        counted,
        [
            "peyvand_http_requests_total route=/r/{code} method=GET status=200",
            "peyvand_http_requests_total route=none method=GET status=404",
        ]
    );
}

#[tokio::test]
async fn an_encrypted_city_says_so() {
    let door =
        door_with(Settings { public_url: Some("https://137.example.ir".into()), ..Settings::default() });
    let house = house(&door, Router::new().route("/", on_get(|| async { "page" })));
    assert!(get(&house, "/").await.header("strict-transport-security").contains("max-age"));
    assert_eq!(door.address("/r/1"), "https://137.example.ir/r/1");
}

#[tokio::test]
async fn texts_are_packed_and_pictures_streams_and_crumbs_are_not() {
    let long = || "چاله ".repeat(400);
    let kind = move |kind: &'static str| move || async move { ([("content-type", kind)], long()) };
    let routes = Router::new()
        .route("/page", on_get(kind("text/html; charset=utf-8")))
        .route("/json", on_get(kind("application/geo+json")))
        .route("/svg", on_get(kind("image/svg+xml")))
        .route("/tile", on_get(kind("application/vnd.mapbox-vector-tile")))
        .route("/photo", on_get(kind("image/jpeg")))
        .route("/font", on_get(kind("font/woff2")))
        .route("/live", on_get(kind("text/event-stream")))
        .route("/crumb", on_get(|| async { ([("content-type", "text/html")], "short") }));
    let house = house(&door(), routes);
    for (path, is_packed) in [
        ("/page", true),
        ("/json", true),
        ("/svg", true),
        ("/tile", true),
        ("/photo", false),
        ("/font", false),
        ("/live", false),
        ("/crumb", false),
    ] {
        let answer = get_packed(&house, path).await;
        assert_eq!(answer.header("content-encoding") == "gzip", is_packed, "{path}");
        if is_packed {
            assert_eq!(unpacked(&answer.bytes), long().into_bytes(), "{path}");
            assert!(answer.bytes.len() < 200, "{path}");
        }
        assert!(
            get(&house, path).await.header("content-encoding").is_empty(),
            "{path}: nobody asked for gzip"
        );
    }
}

#[tokio::test]
async fn a_reader_who_has_it_already_is_told_so() {
    let page = |asked: HeaderMap| async move {
        etag::conditional(&asked, "text/html; charset=utf-8", "no-cache", Bytes::from_static(b"page"))
    };
    let house = house(&door(), Router::new().route("/", on_get(page)));
    let first = get(&house, "/").await;
    assert_eq!((first.status, first.text()), (StatusCode::OK, "page"));
    assert_eq!(first.header("cache-control"), "no-cache");
    let tag = first.header("etag");
    for (held, status) in [
        (tag.to_owned(), StatusCode::NOT_MODIFIED),
        (format!("\"other\", {tag}"), StatusCode::NOT_MODIFIED),
        (tag.trim_start_matches("W/").to_owned(), StatusCode::NOT_MODIFIED),
        ("\"other\"".to_owned(), StatusCode::OK),
    ] {
        let again =
            ask(&house, Request::get("/").header("if-none-match", &held).body(Body::empty()).unwrap()).await;
        assert_eq!(again.status, status, "{held}");
        assert_eq!(again.header("etag"), tag);
        assert_eq!(again.bytes.is_empty(), status == StatusCode::NOT_MODIFIED);
    }
}

#[tokio::test]
async fn files_of_the_house_are_kept_for_ever_under_their_edition() {
    let house = house(&door(), assets::router());
    for name in assets::names() {
        let plain = get(&house, assets::url(name)).await;
        assert_eq!(plain.status, StatusCode::OK, "{name}");
        assert_eq!(plain.bytes, assets::bytes(name).unwrap(), "{name}");
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
        let packed = get_packed(&house, assets::url(name)).await;
        if packed.header("content-encoding") == "gzip" {
            assert_eq!(unpacked(&packed.bytes), plain.bytes, "{name}");
            assert_eq!(packed.header("vary"), "accept-encoding", "{name}");
        }
    }
    let css = get_packed(&house, assets::url("app.css")).await;
    assert_eq!(
        (css.header("content-type"), css.header("content-encoding")),
        ("text/css; charset=utf-8", "gzip")
    );
    let script = get(&house, assets::url("vendor/maplibre-gl/maplibre-gl.mjs")).await;
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    assert!(assets::inline("icons/sprite.svg").contains("<svg"));
    assert_eq!(get(&house, "/assets/missing").await.status, StatusCode::NOT_FOUND);
    for path in ["none.css", "../Cargo.toml", "%2e%2e/Cargo.toml", "fonts", "css/10-tokens.css"] {
        assert_eq!(
            get(&house, &format!("/assets/{}/{path}", assets::EDITION)).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_old_page_finds_todays_file_but_does_not_keep_it() {
    let house = house(&door(), assets::router());
    let answer = get(&house, "/assets/0123456789ab/app.css").await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-cache"));
}

#[test]
fn every_address_in_the_stylesheet_leads_to_a_file() {
    let css = std::str::from_utf8(assets::bytes("app.css").unwrap()).unwrap();
    assert!(!css.contains("/assets/"), "addresses are relative to the sheet");
    let mut found = 0;
    for rest in css.split("url(").skip(1) {
        let address = rest.split(')').next().unwrap().trim_matches(['"', '\'']);
        if !address.starts_with("data:") && !address.starts_with('#') {
            assert!(assets::bytes(address).is_some(), "{address}");
            found += 1;
        }
    }
    assert!(found > 0, "the font at least");
}
