//! Every page in both languages, and every address on them.

use std::collections::BTreeSet;

use http::StatusCode;
use language::Lang;

use super::city::{City, Seen};

/// What the programming interface answers; it stands behind the same threshold in the program.
const ELSEWHERE: [&str; 5] = ["/api/", "/open311/", "/tiles/", "/files/", "/feeds/"];

fn paths(code: &str) -> Vec<String> {
    let fixed = [
        "/",
        "/report",
        "/report/service",
        "/report?q=درخت",
        "/report/place?service_code=fallen-tree",
        "/track",
        "/requests",
        "/requests?status=all",
        "/requests?status=late",
        "/requests?status=done&service=green.*&district=6",
        "/map",
        "/services",
        "/services?q=tree",
        "/services/fallen-tree",
        "/about",
        "/officials",
        "/design",
        "/?city=shiraz.ir",
        "/requests?city=shiraz.ir",
        "/report/place?service_code=fallen-tree&city=shiraz.ir",
        "/map?city=shiraz.ir",
    ];
    let made = [
        format!("/requests/{code}"),
        format!("/report/done/{code}"),
        format!("/requests/{code}?done=me-too"),
        format!("/reply/{code}"),
    ];
    fixed.iter().map(|p| p.replace("درخت", "%D8%AF%D8%B1%D8%AE%D8%AA")).chain(made).collect()
}

async fn every_page(city: &City, codes: &[String]) -> Vec<Seen> {
    let mut pages = Vec::new();
    for lang in Lang::ALL {
        for path in codes.iter().flat_map(|code| paths(code)) {
            pages.push(city.get(&door::lang::path(lang, &path)).await);
        }
    }
    pages
}

#[tokio::test]
async fn every_page_speaks_its_language_and_says_everything() {
    let (city, sent) = City::lively();
    let codes: Vec<String> = sent.iter().map(|s| s.code.to_string()).collect();
    for page in every_page(&city, &codes).await {
        let path = page.path.clone();
        let page = page.is(200);
        let (lang, _) = door::lang::of_path(&path);
        assert!(
            page.html.contains(&format!("<html lang=\"{}\" dir=\"{}\">", lang.code(), lang.dir())),
            "{path}"
        );
        assert_eq!(page.html.matches("<h1").count(), 1, "{path}");
        assert!(page.html.contains("<title>") && !page.html.contains("<title> "), "{path}");
        assert!(!page.html.contains("{{") && !page.html.contains("{ $"), "{path}");
        assert!(!page.html.contains(" style=\""), "{path}");
        let text = page.text();
        for key in words::Words::KEYS {
            // A key of several words that stands in a text was never put into words.
            if key.matches('-').count() > 1 {
                assert!(!text.contains(key), "{path} shows the key {key}");
            }
        }
    }
}

#[tokio::test]
async fn every_address_on_every_page_leads_somewhere() {
    let (city, sent) = City::lively();
    let codes: Vec<String> = sent.iter().take(3).map(|s| s.code.to_string()).collect();
    let mut addresses: BTreeSet<(String, String)> = BTreeSet::new();
    for page in every_page(&city, &codes).await {
        addresses.extend(page.addresses().into_iter().map(|to| (to, page.path.clone())));
    }
    let mut asked = BTreeSet::new();
    for (to, from) in addresses {
        let bare = to.split('#').next().unwrap_or("").to_owned();
        let is_ours = bare.starts_with('/') && !ELSEWHERE.iter().any(|start| bare.starts_with(start));
        assert!(
            is_ours
                || bare.is_empty()
                || !bare.starts_with('/') && (bare.starts_with("tel:") || bare.starts_with("geo:"))
                || ELSEWHERE.iter().any(|start| bare.starts_with(start)),
            "{from} leads to {to}"
        );
        if !is_ours || !asked.insert(bare.clone()) {
            continue;
        }
        let bare = bare.replace("درخت", "%D8%AF%D8%B1%D8%AE%D8%AA");
        let mut status = city.get(&bare).await.status;
        if status == StatusCode::NOT_FOUND && (bare.ends_with("/me-too") || bare.contains("/follow")) {
            status = city.post(&bare, &[]).await.status;
        }
        let is_there =
            status.is_success() || status.is_redirection() || status == StatusCode::UNPROCESSABLE_ENTITY;
        assert!(is_there, "{from} leads to {bare}: {status}");
    }
    assert!(asked.len() > 100, "{}", asked.len());
}

#[tokio::test]
async fn every_anchor_is_on_its_page() {
    let (city, sent) = City::lively();
    for page in every_page(&city, &[sent[0].code.to_string()]).await {
        for to in page.addresses() {
            if let Some(id) = to.strip_prefix('#') {
                assert!(page.html.contains(&format!(" id=\"{id}\"")), "{}: #{id}", page.path);
            }
        }
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_is_a_page() {
    let city = City::new();
    city.get("/nothing").await.is(404).sees("پیدا نشد");
    city.get("/en/nothing").await.is(404).sees("not found");
    city.get("/en/requests/1234567890").await.is(404).sees("not found");
    city.get("/?city=atlantis").await.is(404);
    assert_eq!(city.get("/en").await.location(), "/en/");
    assert_eq!(city.get("/services/").await.location(), "/services");
    assert_eq!(city.get("/en/requests/?status=all").await.location(), "/en/requests?status=all");
}

#[tokio::test]
async fn before_any_city_is_loaded_the_page_says_so() {
    let folder = tempfile::tempdir().unwrap().keep();
    let files = storage::files::Files::open(folder).unwrap();
    let db = storage::Db::temporary().unwrap();
    let clock = door::Clock::fixed(super::city::NOW);
    let door = door::Door::with(db, files, door::Settings::default(), clock, people::Dice::seeded(1));
    let empty = City { router: crate::router(door.clone()), door, id: 0 };
    empty.get("/").await.is(503).sees("هنوز شهری اینجا نیست");
}

#[tokio::test]
async fn what_a_reader_holds_already_is_not_sent_again() {
    let (city, sent) = City::lively();
    let path = format!("/requests/{}", sent[0].code);
    let first = city.get(&path).await.is(200);
    let tag = first.headers["etag"].clone();
    let request =
        http::Request::get(&path).header("if-none-match", tag).body(axum::body::Body::empty()).unwrap();
    let second = city.ask(request).await.is(304);
    assert!(second.html.is_empty());
}

#[tokio::test]
async fn the_small_files_are_there() {
    let city = City::new();
    assert!(city.get("/robots.txt").await.is(200).html.contains("Disallow: /report"));
    let manifest = city.get("/manifest.webmanifest").await.is(200);
    let manifest: serde_json::Value = serde_json::from_str(&manifest.html).unwrap();
    assert_eq!(manifest["dir"], "rtl");
    assert!(city.get("/favicon.ico").await.location().ends_with("favicon.svg"));
}

#[tokio::test]
async fn the_first_page_is_light() {
    let (city, _) = City::lively();
    let html = city.get("/").await.html.len();
    // With the font (33 kB), the sheet and the drawings it must stay below 60 kB packed; HTML packs to a third.
    assert!(html < 40_000, "{html}");
}
