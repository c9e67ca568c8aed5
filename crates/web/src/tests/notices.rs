//! The page of messages, and the short address that messages carry.

use language::Lang;
use people::Role;

use super::city::City;

fn mobile_of(city: &City) -> String {
    let id = city.id;
    let act = city.act_of_house();
    let messages =
        city.door.db.read_blocking(move |tx| notices::board::messages(tx, &act, id, None)).unwrap();
    messages.iter().map(|sent| format!("{}:{}", sent.template, sent.to)).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn an_administrator_sees_what_goes_out_and_sends_a_test() {
    for lang in Lang::ALL {
        let at = |path: &str| door::lang::path(lang, path);
        let city = City::new();
        let mut draft = city.draft("street-sweeping");
        draft.contact.mobile = "09121234567".into();
        city.submit(&draft);
        storage::followers::catch_up_blocking(&city.door.db, notices::follow::FOLLOWER).unwrap();
        let mut admin = city.somebody(Role::Administrator);
        let page = admin.get(&at("/notices")).await.is(200);
        assert!(page.html.contains("<td class=\"said\"") && page.html.contains("data-state=\"invited\""));
        // Whoever looks after gateways need not know who wrote.
        assert!(!page.html.contains("9121234567") && !page.html.contains("۹۱۲۱۲۳۴۵۶۷"));
        let wrong = admin.post(&at("/notices/test"), &[("mobile", "137")]).await.is(422);
        assert!(wrong.html.contains("id=\"mobile-error\"") && wrong.html.contains("value=\"137\""));
        admin.post(&at("/notices/test"), &[("mobile", "۰۹۳۵ ۱۱۱ ۲۲۳۳")]).await.is(303);
        assert!(mobile_of(&city).contains("test:…2233"));
        admin.get(&at("/notices?state=queued")).await.is(200);
        admin.get(&at("/notices?state=eaten&retried=x")).await.is(200);
        admin.get(&at("/notices/inbox")).await.is(200);
        let texts = admin.get(&at("/notices/texts")).await.is(200);
        assert!(texts.html.contains("لغو۱۱") && texts.html.contains("No more news: 11"));
        admin.post(&at("/notices/retry"), &[]).await.is(303);
    }
}

#[tokio::test]
async fn what_people_text_is_shown_with_what_it_was_taken_for() {
    let city = City::new();
    let (act, id) = (city.act_of_house(), city.id);
    let incoming = notices::inbound::Incoming {
        gateway: "one".into(),
        message_id: "1".into(),
        sender: "+989121234567".into(),
        text: "<script>alert(1)</script> هرس درخت خیابان بهار".into(),
    };
    city.door.db.write_blocking(move |tx| notices::inbound::take(tx, &act, id, &incoming)).unwrap();
    let mut admin = city.somebody(Role::Administrator);
    let page = admin.get("/notices/inbox").await.is(200).sees("درخواست تازه");
    assert!(page.html.contains("/requests/") && !page.html.contains("<script>alert"));
}

#[tokio::test]
async fn nobody_else_comes_in() {
    let city = City::new();
    for role in [Role::Operator, Role::UnitMember, Role::Inspector, Role::Official] {
        let mut somebody = city.somebody(role);
        for path in ["/notices", "/notices/inbox", "/notices/texts"] {
            somebody.get(path).await.is(403);
        }
        somebody.post("/notices/test", &[("mobile", "09121234567")]).await.is(403);
        somebody.post("/notices/retry", &[]).await.is(403);
    }
}

#[tokio::test]
async fn the_short_address_leads_to_the_request_and_nowhere_else() {
    let city = City::new();
    let code = city.submit(&city.draft("street-sweeping")).code;
    assert_eq!(city.get(&format!("/r/{code}")).await.is(303).location(), format!("/requests/{code}"));
    assert_eq!(city.get(&format!("/en/r/{code}")).await.is(303).location(), format!("/en/requests/{code}"));
    for wrong in ["/r/x", "/r/%2F%2Fexample.ir", "/r/..%2F..%2Fadmin", "/r/123456789012345678901"] {
        city.get(wrong).await.is(404);
    }
}

#[tokio::test]
async fn a_browser_may_ask_for_news_of_a_public_request() {
    let push = notices::gateways::push::Settings { name: "push".into(), ..Default::default() };
    let wishes = notices::Settings {
        gateways: vec![notices::settings::Way::Push(push)],
        push_key: "BKey".into(),
        ..notices::Settings::default()
    };
    let settings = door::Settings { rate_limits: false, notices: wishes.into(), ..door::Settings::default() };
    let city = City::with(settings);
    let request = city.submit(&city.draft("street-sweeping"));
    let hidden = city.submit(&city.draft("homeless"));
    assert_eq!(city.get("/push/key").await.is(200).html, "BKey");
    assert!(city.get("/push-worker.js").await.is(200).html.contains("showNotification"));
    assert!(city.get(&format!("/requests/{}", request.code)).await.is(200).html.contains("data-push="));
    let keys = r#""keys": {"p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "auth": "BTBZMqHH6r4Tts7J_aSIgg"}"#;
    let good = format!(r#"{{"endpoint": "https://fcm.googleapis.com/fcm/send/abc", {keys}}}"#);
    let ask = async |code: &str, body: &str| {
        let request =
            http::Request::post(format!("/requests/{code}/push")).header("content-type", "application/json");
        city.ask(request.body(axum::body::Body::from(body.to_owned())).unwrap()).await.status
    };
    let (code, hidden) = (request.code.to_string(), hidden.code.to_string());
    assert_eq!(ask(&code, &good).await, 204);
    assert_eq!(ask(&code, &good).await, 204);
    for (wrong, status) in [
        (good.replace("fcm.googleapis.com", "127.0.0.1"), 422),
        (good.replace("https:", "http:"), 422),
        (good.replace("BTBZMqHH6r4Tts7J_aSIgg", "AAAA"), 422),
        ("{}".to_owned(), 422),
        ("[".to_owned(), 422),
    ] {
        assert_eq!(ask(&code, &wrong).await, status, "{wrong}");
    }
    assert_eq!(ask(&hidden, &good).await, 404);
    assert_eq!(ask("1234567890", &good).await, 404);
    let (id, of) = (city.id, request.id.0);
    let browsers = city.door.db.read_blocking(move |tx| notices::browsers::of(tx, id, of)).unwrap();
    assert_eq!(browsers.len(), 1);
}
