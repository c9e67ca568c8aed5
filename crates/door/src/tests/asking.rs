//! Forms, addresses, budgets, languages.

use std::net::{IpAddr, SocketAddr};

use axum::routing::post;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use language::Lang;

use super::*;
use crate::cache::Cache;
use crate::client::Peer;
use crate::forms::{self, Form};
use crate::limits::Limits;
use crate::{Budget, Client, Network, Refusal, UPLOAD_LIMIT, csrf, lang};

fn parsed(text: &str) -> Vec<(String, String)> {
    Form::from_urlencoded(text.as_bytes())
        .unwrap()
        .pairs()
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect()
}

#[test]
fn a_form_keeps_every_name_in_order() {
    let form = Form::from_urlencoded(
        b"service_code=021&attribute[WHISHETN]=123+AB&attribute[KIND][]=a&attribute%5BKIND%5D%5B%5D=b&x&y=1=2&description=%DA%86%D8%A7%D9%84%D9%87",
    )
    .unwrap();
    assert_eq!(form.get("service_code"), Some("021"));
    assert_eq!(form.text("description"), "چاله");
    assert_eq!(form.all("attribute[KIND]").collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(
        form.bracketed("attribute").collect::<Vec<_>>(),
        [("WHISHETN", "123 AB"), ("KIND", "a"), ("KIND", "b")]
    );
    assert_eq!((form.get("x"), form.get("y"), form.get("z")), (Some(""), Some("1=2"), None));
    assert_eq!(
        parsed("a=100%&b=%zz&&c=%4"),
        [("a".into(), "100%".into()), ("b".into(), "%zz".into()), ("c".into(), "%4".into())]
    );
    assert!(parsed("").is_empty());
}

#[test]
fn text_that_is_not_utf8_and_a_million_names_are_refused() {
    for bad in [&b"a=%ff"[..], b"%c3%28=1", b"a=\xe0\x80\x80", b"a=%ed%a0%80"] {
        assert_eq!(Form::from_urlencoded(bad).err(), Some(Refusal::Malformed("not UTF-8")));
    }
    assert_eq!(Form::from_urlencoded(b"a=x%00y").err(), Some(Refusal::Malformed("a NUL in the text")));
    assert_eq!(Form::from_urlencoded("a=1&".repeat(1_000_000).as_bytes()).err(), Some(Refusal::TooLarge));
    assert_eq!(Form::from_urlencoded("a".repeat(forms::TEXT + 1).as_bytes()).err(), Some(Refusal::TooLarge));
}

/// What the form of a citizen looked like to the handler.
async fn described(form: Form) -> String {
    let files: Vec<String> = form
        .files("photo")
        .map(|file| format!("{}:{}:{}", file.name, file.bytes.len(), file.is_too_large))
        .collect();
    format!(
        "{}|{}|{}|{}",
        form.text("words"),
        form.all("tag").collect::<Vec<_>>().join(","),
        files.join(","),
        form.files_left_out()
    )
}

fn reading(door: &Door) -> Router {
    let limit = axum::extract::DefaultBodyLimit::max(UPLOAD_LIMIT);
    house(door, Router::new().route("/", post(described).layer(limit)).route("/small", post(described)))
}

fn part(disposition: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = format!("--cut\r\nContent-Disposition: form-data; {disposition}\r\n\r\n").into_bytes();
    bytes.extend(content);
    bytes.extend(b"\r\n");
    bytes
}

fn multipart(path: &str, parts: &[Vec<u8>]) -> Request<Body> {
    let mut body = parts.concat();
    body.extend(b"--cut--\r\n");
    Request::post(path)
        .header("content-type", "multipart/form-data; boundary=cut")
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn a_report_with_photos_is_read() {
    let door = door();
    let house = reading(&door);
    let answer = ask(
        &house,
        multipart(
            "/",
            &[
                part("name=\"words\"", "چاله در خیابان".as_bytes()),
                part("name=\"tag\"", b"a"),
                part("name=\"tag[]\"", b"b"),
                part("name=\"photo\"; filename=\"a.jpg\"", &[7; 3000]),
                // What a browser sends when no file was chosen.
                part("name=\"photo\"; filename=\"\"", b""),
                part("name=\"photo\"; filename=\"empty.jpg\"", b""),
            ],
        ),
    )
    .await;
    assert_eq!(answer.text(), "چاله در خیابان|a,b|a.jpg:3000:false,empty.jpg:0:false|0");
    assert_eq!(door.upload_room.available_permits(), 512, "the room for files is given back");
}

#[tokio::test]
async fn a_photo_too_many_or_too_large_does_not_lose_the_words() {
    let photo = |n: u8| part(&format!("name=\"photo\"; filename=\"{n}\""), &[n; 10]);
    let mut parts: Vec<_> = (1..=7).map(photo).collect();
    parts.push(part("name=\"words\"", b"kept"));
    let house = reading(&door());
    assert_eq!(
        ask(&house, multipart("/", &parts)).await.text(),
        "kept||1:10:false,2:10:false,3:10:false,4:10:false,5:10:false|2"
    );
    let large = part("name=\"photo\"; filename=\"large\"", &vec![1; forms::FILE + 1]);
    let answer = ask(&house, multipart("/", &[large, part("name=\"words\"", b"kept")])).await;
    assert_eq!(answer.text(), "kept||large:0:true|0");
}

#[tokio::test]
async fn broken_and_boundless_bodies_are_refused() {
    let house = reading(&door());
    let many: Vec<_> = (0..10_000).map(|n| part(&format!("name=\"f{n}\""), b"1")).collect();
    assert_eq!(ask(&house, multipart("/", &many)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let long = part("name=\"words\"", &vec![b'a'; forms::TEXT + 1]);
    assert_eq!(ask(&house, multipart("/", &[long])).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let photo = part("name=\"photo\"; filename=\"a\"", &vec![1; 100_000]);
    assert_eq!(ask(&house, multipart("/small", &[photo])).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let bad = part("name=\"words\"", b"\xff\xfe");
    assert_eq!(ask(&house, multipart("/", &[bad])).await.status, StatusCode::BAD_REQUEST);

    let send = |kind: Option<&str>, body: &'static [u8]| {
        let mut request = Request::post("/");
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let (house, request) = (house.clone(), request.body(Body::from(body)).unwrap());
        async move { ask(&house, request).await }
    };
    assert_eq!(send(Some("multipart/form-data"), b"--cut").await.status, StatusCode::BAD_REQUEST);
    let half = b"--cut\r\nContent-Disposition: form-data; name=\"words\"\r\n\r\nhal";
    assert_eq!(send(Some("multipart/form-data; boundary=cut"), half).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(send(Some("application/json"), b"{}").await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(
        send(Some("Application/X-WWW-Form-Urlencoded; charset=UTF-8"), b"words=a").await.text(),
        "a|||0"
    );
    assert_eq!(send(None, b"words=old+sender").await.text(), "old sender|||0");
    assert_eq!(send(None, b"").await.text(), "|||0");
}

#[tokio::test]
async fn when_the_room_for_files_is_taken_a_sender_is_asked_to_come_back() {
    let door = door();
    let house = reading(&door);
    let taken = door.upload_room.clone().acquire_many_owned(512).await.unwrap();
    let report = || multipart("/", &[part("name=\"photo\"; filename=\"a\"", &[1; 10])]);
    let answer = ask(&house, report()).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "2"));
    drop(taken);
    assert_eq!(ask(&house, report()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_and_a_program_is_not() {
    let door =
        door_with(Settings { public_url: Some("https://137.example.ir/".into()), ..Settings::default() });
    let routes = Router::new()
        .route("/", post(|| async { "taken" }).get(|| async { "page" }))
        .layer(csrf::layer(&door.settings));
    let house = house(&door, routes);
    for (headers, is_taken) in [
        (&[("sec-fetch-site", "same-origin")][..], true),
        (&[("sec-fetch-site", "none")], true),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("sec-fetch-site", "same-site")], false),
        (&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], false),
        (&[("origin", "https://evil.example")], false),
        (&[("origin", "null")], false),
        (&[("origin", "http://city.local:8137")], true),
        (&[("origin", "https://137.example.ir")], true),
        (&[], true),
    ] {
        let mut request = Request::post("/").header("host", "city.local:8137");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = ask(&house, request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status == StatusCode::OK, is_taken, "{headers:?}");
        if !is_taken {
            assert_eq!((answer.status, answer.text()), (StatusCode::FORBIDDEN, "/ 403 "), "{headers:?}");
        }
    }
    let link = Request::get("/").header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    assert_eq!(ask(&house, link).await.text(), "page", "a link may come from anywhere");
}

fn client(peer: &str, forwarded: &[&str], trusted: &[&str]) -> IpAddr {
    let mut headers = HeaderMap::new();
    for claim in forwarded {
        headers.append("x-forwarded-for", HeaderValue::from_str(claim).unwrap());
    }
    let trusted: Vec<Network> = trusted.iter().map(|network| network.parse().unwrap()).collect();
    Client::of(&headers, Some(Peer(SocketAddr::new(peer.parse().unwrap(), 1))), &trusted).0
}

#[test]
fn only_trusted_proxies_say_who_the_visitor_is() {
    for (peer, forwarded, trusted, expected) in [
        ("5.5.5.5", &[][..], &[][..], "5.5.5.5"),
        ("5.5.5.5", &["1.1.1.1"], &[], "5.5.5.5"),
        ("5.5.5.5", &["1.1.1.1"], &["10.0.0.0/8"], "5.5.5.5"),
        ("10.0.0.1", &["1.1.1.1"], &["10.0.0.0/8"], "1.1.1.1"),
        // The visitor wrote the first part himself.
        ("10.0.0.1", &["9.9.9.9, 1.1.1.1"], &["10.0.0.0/8"], "1.1.1.1"),
        ("10.0.0.1", &["9.9.9.9", "1.1.1.1, 10.2.2.2"], &["10.0.0.0/8"], "1.1.1.1"),
        ("10.0.0.1", &["10.3.3.3"], &["10.0.0.0/8"], "10.3.3.3"),
        ("10.0.0.1", &["1.1.1.1, unknown"], &["10.0.0.0/8"], "10.0.0.1"),
        ("10.0.0.1", &["1.1.1.1:443"], &["10.0.0.1"], "1.1.1.1"),
        ("::ffff:10.0.0.1", &["2001:db8::7"], &["10.0.0.0/8"], "2001:db8::7"),
        ("fd00::1", &["[2001:db8::7]:80"], &["fd00::/8"], "2001:db8::7"),
        ("10.0.0.1", &["1.1.1.1"], &["0.0.0.0/0"], "1.1.1.1"),
    ] {
        assert_eq!(
            client(peer, forwarded, trusted),
            expected.parse::<IpAddr>().unwrap(),
            "{peer} {forwarded:?} {trusted:?}"
        );
    }
    for wrong in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "localhost", "10.0.0.0/-1"] {
        assert!(wrong.parse::<Network>().is_err(), "{wrong}");
    }
}

#[test]
fn one_address_has_one_budget_and_hopping_inside_a_64_does_not_help() {
    let at = |text: &str| Client(text.parse().unwrap());
    let limits = Limits::new(true);
    for n in 0..60 {
        let hop = at(&format!("2001:db8:1:1::{n:x}"));
        assert_eq!(limits.check(Budget::Submit, hop), Ok(()), "{n}");
    }
    let Err(Refusal::TooMany { retry_after }) = limits.check(Budget::Submit, at("2001:db8:1:1:ffff::1"))
    else {
        panic!("the 61st at once")
    };
    assert!(retry_after >= 1);
    assert_eq!(limits.check(Budget::Submit, at("2001:db8:1:2::1")), Ok(()), "the neighbour");
    assert_eq!(limits.check(Budget::Search, at("2001:db8:1:1::1")), Ok(()), "another budget");
    let off = Limits::new(false);
    assert!((0..10_000).all(|_| off.check(Budget::Photo, at("1.2.3.4")).is_ok()));
}

#[test]
fn the_address_decides_the_language_and_the_browser_suggests_one() {
    for (path, expected) in [
        ("/", (Lang::Fa, "/")),
        ("/requests/1", (Lang::Fa, "/requests/1")),
        ("/en", (Lang::En, "/")),
        ("/en/", (Lang::En, "/")),
        ("/en/requests/1", (Lang::En, "/requests/1")),
        ("/england", (Lang::Fa, "/england")),
        ("", (Lang::Fa, "")),
    ] {
        assert_eq!(lang::of_path(path), expected, "{path}");
    }
    assert_eq!(lang::path(Lang::En, "/requests"), "/en/requests");
    assert_eq!(lang::path(Lang::Fa, "/requests"), "/requests");
    for (wish, expected) in [
        ("en-GB,en;q=0.9,fa;q=0.8", Some(Lang::En)),
        ("de, en;q=0.5, fa-IR;q=0.7", Some(Lang::Fa)),
        ("fa;q=0, en;q=0.1", Some(Lang::En)),
        ("de", None),
        (";;;q=,", None),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert("accept-language", HeaderValue::from_str(wish).unwrap());
        assert_eq!(lang::suggested(&headers), expected, "{wish}");
    }
}

#[test]
fn of_all_who_find_a_page_too_old_one_makes_it_anew() {
    let cache: Cache<u32> = Cache::new(16 * 2_000, 1_000);
    let at = |ms: i64| calendar::Timestamp(1_000_000 + ms);
    cache.put(1, Bytes::from_static(b"old"), at(0));
    assert_eq!(cache.get_or_renew(&1, at(999)).as_deref(), Some(&b"old"[..]), "still true");
    assert_eq!(cache.get_or_renew(&1, at(1_000)), None, "the first one goes");
    for later in [1_000, 1_500, 1_999] {
        assert_eq!(cache.get_or_renew(&1, at(later)).as_deref(), Some(&b"old"[..]), "others need not wait");
    }
    assert_eq!(cache.get_or_renew(&1, at(2_000)), None, "whoever went did not come back");
    assert_eq!(cache.get_or_renew(&1, at(2_001)), None, "and now it is too old for anybody");
    cache.put(1, Bytes::from_static(b"new"), at(2_100));
    assert_eq!(cache.get_or_renew(&1, at(2_200)).as_deref(), Some(&b"new"[..]));
    assert_eq!(cache.get_or_renew(&1, at(-5_000)), None, "a clock that was set back");
    assert_eq!(cache.get_or_renew(&2, at(0)), None, "never made");
}

#[test]
fn a_cache_keeps_for_a_while_and_never_more_than_its_room() {
    let cache = Cache::new(16 * 2_000, 1_000);
    let at = Timestamp;
    cache.put("a".to_owned(), Bytes::from_static(b"tile"), at(0));
    assert_eq!(cache.get(&"a".to_owned(), at(999)).as_deref(), Some(&b"tile"[..]));
    assert_eq!(cache.get(&"a".to_owned(), at(1_000)), None, "too old");
    assert_eq!(cache.get(&"a".to_owned(), at(-1)), None, "a clock set back");
    cache.put("a".to_owned(), Bytes::from_static(b"newer"), at(5_000));
    assert_eq!(cache.get(&"a".to_owned(), at(5_001)).as_deref(), Some(&b"newer"[..]));
    cache.put("huge".to_owned(), Bytes::from(vec![0; 3_000]), at(5_000));
    assert_eq!(cache.get(&"huge".to_owned(), at(5_000)), None);
    for n in 0..10_000 {
        cache.put(format!("{}", n % 700), Bytes::from(vec![1; 100]), at(6_000));
    }
    let kept = (0..700).filter(|n| cache.get(&n.to_string(), at(6_000)).is_some()).count();
    assert!(kept > 50 && kept * 228 <= 32_000, "{kept}");
    cache.clear();
    assert_eq!(cache.get(&"699".to_owned(), at(6_000)), None);
}
