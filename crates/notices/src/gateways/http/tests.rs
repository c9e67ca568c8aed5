//! Questions and answers of providers, as their manuals show them.

use super::*;
use crate::gateway::Channel;

fn message() -> Message {
    Message {
        key: "request:7:sms:ab".into(),
        channel: Channel::Sms,
        to: "+989121234567".into(),
        subject: String::new(),
        text: "پیام \"۱۲\" {to} & تمام\nلغو۱۱".into(),
        template: "answered".into(),
        at: calendar::Timestamp(1_794_637_800_000),
        lang: language::Lang::Fa,
    }
}

fn settings(text: &str) -> Settings {
    toml::from_str(text).unwrap()
}

#[test]
fn a_body_of_json_stays_json_whatever_people_write() {
    let s = settings(
        r#"
        name = "a"
        url = "https://sms.example.ir/v1/send?user=137"
        headers = [["authorization", "Bearer {token}"], ["idempotency-key", "{key}"]]
        body = '{"messages": [{"to": {to_plain}, "text": {text}, "from": {from}}], "options": {}}'
        from = "3000137"
        token = "s3cret"
        "#,
    );
    let ask = Http::open(s).unwrap().ask(&message()).unwrap();
    let body: Value = serde_json::from_str(ask.body()).unwrap();
    assert_eq!(body["messages"][0]["to"], "989121234567");
    assert_eq!(body["messages"][0]["text"], message().text);
    assert_eq!(body["options"], serde_json::json!({}));
    assert_eq!(ask.headers()["authorization"], "Bearer s3cret");
    assert_eq!(ask.headers()["idempotency-key"], "request:7:sms:ab");
}

#[test]
fn a_form_and_an_address_are_percent_encoded() {
    let s = settings(
        r#"
        name = "a"
        url = "https://sms.example.ir/send?key={key}"
        format = "form"
        body = "to={to_local}&text={text}"
        "#,
    );
    let ask = Http::open(s).unwrap().ask(&message()).unwrap();
    assert_eq!(ask.uri().query(), Some("key=request%3A7%3Asms%3Aab"));
    assert!(ask.body().starts_with("to=09121234567&text=%D9%BE"), "{}", ask.body());
    assert!(!ask.body().contains('\n') && ask.body().matches('&').count() == 1);
}

#[test]
fn settings_that_cannot_work_are_refused_at_once() {
    for (text, why) in [
        ("name = 'a'\nurl = 'ftp://x'", "url begins"),
        ("name = 'a'\nurl = 'http://x'\nbody = '{\"to\": {mobile}}'", "{mobile}"),
        ("name = 'a'\nurl = 'http://x'\nmethod = 'DELETE'", "method is"),
    ] {
        let error = Http::open(settings(text)).err().unwrap();
        assert!(error.contains(why), "{error}");
    }
    assert!(toml::from_str::<Settings>("name = 'a'\nurll = 'http://x'").is_err());
    // A secret is nowhere to be read.
    let s = settings("name = 'a'\nurl = 'http://x'\ntoken = 's3cret'\nheaders = [['x', 's3cret']]");
    assert!(!format!("{s:?}").contains("s3cret"));
}

#[test]
fn answers_are_read_as_the_provider_means_them() {
    let by_json = settings(
        "name = 'a'\nurl = 'http://x'\nid = 'entries.0.messageid'\nrefused = [422]\n[success]\npath = 'return.status'\nequals = ['200']",
    );
    let sent = |id: &str| Outcome::Sent { id: Some(id.into()) };
    let good = r#"{"return": {"status": 200}, "entries": [{"messageid": 8792343}]}"#;
    assert_eq!(judge(&by_json, 200, good), sent("8792343"));
    for (status, text) in
        [(200, r#"{"return": {"status": 418}}"#), (200, "<html>"), (200, ""), (500, good), (401, good)]
    {
        assert!(
            matches!(judge(&by_json, status, text), Outcome::Failed { maybe_sent: false, .. }),
            "{status} {text}"
        );
    }
    assert!(matches!(judge(&by_json, 422, "blocked"), Outcome::Refused { .. }));

    // A bare number: the message's own, or a small or negative one for an error.
    let by_number = settings("name = 'a'\nurl = 'http://x'\nid = '.'\n[success]\npath = '.'\nleast = 1000");
    assert_eq!(judge(&by_number, 200, " 5219831\n"), sent("5219831"));
    assert!(matches!(judge(&by_number, 200, "14"), Outcome::Failed { .. }));
    assert!(matches!(judge(&by_number, 200, "-3"), Outcome::Failed { .. }));
}
