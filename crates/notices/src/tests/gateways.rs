//! The ways out against stand-ins of the outside world: a provider and a mail server on this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use super::*;
use crate::settings::Settings;

fn message(key: &str, channel: Channel, to: &str) -> Message {
    Message {
        key: key.into(),
        channel,
        to: to.into(),
        subject: "پیام ۱۲: جارو".into(),
        text: "پیام ۱۲ رسیدگی شد.\nلغو۱۱".into(),
        template: "answered".into(),
        at: calendar::Timestamp(1_794_637_800_000),
        lang: Lang::Fa,
    }
}

fn open(settings: &str, data: &Path) -> Gateways {
    toml::from_str::<Settings>(settings).unwrap().open(data).unwrap()
}

/// What a provider does with one question.
#[derive(Clone, Copy)]
enum Says {
    Answer(u16, &'static str),
    /// It hangs up when it has read everything.
    HangsUp,
    /// It is silent for longer than anybody waits.
    Nothing,
}

/// A provider that does one thing after the other and reports each question: head and body.
fn provider(script: Vec<Says>) -> (String, Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/v1/send", listener.local_addr().unwrap());
    let (told, questions) = channel();
    thread::spawn(move || {
        let mut silent = Vec::new();
        for says in script {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
                    break;
                }
                if let Some(count) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = count.trim().parse().unwrap();
                }
                head.push_str(&line);
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let _ = told.send((head, String::from_utf8(body).unwrap()));
            match says {
                Says::Answer(status, text) => {
                    let answer = format!(
                        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}",
                        text.len()
                    );
                    let _ = stream.write_all(answer.as_bytes());
                }
                Says::HangsUp => drop(stream),
                Says::Nothing => silent.push(stream),
            }
        }
    });
    (address, questions)
}

fn http(url: &str) -> String {
    format!(
        "[[gateway]]\nkind = 'http'\nname = 'one'\nurl = '{url}'\ntimeout_ms = 300\ncost = 100\n\
         headers = [['authorization', 'Bearer {{token}}'], ['idempotency-key', '{{key}}']]\ntoken = 's3cret'\n\
         body = '{{\"to\": {{to}}, \"text\": {{text}}}}'\nid = 'id'\nrefused = [422]\n\
         success = {{ path = 'status', equals = ['ok'] }}\n"
    )
}

#[test]
fn a_provider_is_asked_and_understood() {
    let folder = tempfile::tempdir().unwrap();
    let (url, questions) = provider(vec![
        Says::Answer(200, r#"{"status": "ok", "id": 7}"#),
        Says::Answer(200, r#"{"status": "no credit"}"#),
        Says::Answer(503, "busy"),
        Says::Answer(422, "blocked"),
        Says::HangsUp,
        Says::Nothing,
    ]);
    let gateways = open(&http(&url), folder.path());
    let send = |key: &str| gateways.all[0].gateway.send(&message(key, Channel::Sms, MOBILE));
    assert_eq!(send("k1"), Outcome::Sent { id: Some("7".into()) });
    let (head, body) = questions.recv().unwrap();
    assert!(head.starts_with("POST /v1/send"), "{head}");
    assert!(head.contains("Bearer s3cret") && head.contains("idempotency-key: k1"), "{head}");
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (body["to"].as_str(), body["text"].as_str()),
        (Some(MOBILE), Some("پیام ۱۲ رسیدگی شد.\nلغو۱۱"))
    );
    assert!(matches!(send("k2"), Outcome::Failed { maybe_sent: false, .. }));
    assert!(matches!(send("k3"), Outcome::Failed { maybe_sent: false, .. }));
    assert!(matches!(send("k4"), Outcome::Refused { .. }));
    // It read the question and never answered: the message may be on its way.
    assert!(matches!(send("k5"), Outcome::Failed { maybe_sent: true, .. }), "hung up");
    assert!(matches!(send("k6"), Outcome::Failed { maybe_sent: true, .. }), "silent");
}

#[test]
fn a_provider_that_is_not_there_got_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let gateways = open(&http(&format!("http://{closed}/")), folder.path());
    let outcome = gateways.all[0].gateway.send(&message("k", Channel::Sms, MOBILE));
    assert!(matches!(outcome, Outcome::Failed { maybe_sent: false, .. }), "{outcome:?}");
}

#[test]
fn the_whole_way_through_two_providers() {
    in_the_city(|city| {
        let folder = tempfile::tempdir().unwrap();
        // The first is out of order, the second takes what it is handed.
        let (bad, _) = provider(vec![Says::Answer(500, ""); 8]);
        let (good, questions) = provider(vec![Says::Answer(200, r#"{"status": "ok", "id": "m1"}"#); 4]);
        let both = http(&bad) + &http(&good).replace("'one'", "'two'");
        let gateways = Arc::new(open(&both, folder.path()));
        city.submit(city.draft("کوچه کثیف است"), SATURDAY);
        city.follow();
        for minute in 0..3 {
            city.send(&gateways, SATURDAY.plus_minutes(minute));
        }
        assert_eq!(city.states(), ["sent"]);
        assert!(questions.recv().unwrap().0.contains("idempotency-key: request:"));
        let jurisdiction = city.jurisdiction;
        let cost: Option<i64> = city
            .db
            .read_blocking(move |tx| {
                tx.value(
                    sql!("SELECT cost FROM notice_days WHERE jurisdiction_id = $1 AND outcome = 'sent'"),
                    &params![jurisdiction],
                )
            })
            .unwrap();
        assert_eq!(cost, Some(200), "two parts at a hundred each");
    });
}

/// A mail server that answers each command by `answer`, and reports the letters it took.
fn mail_server(answer: fn(&str) -> Option<&'static str>) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (told, letters) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let told = told.clone();
            thread::spawn(move || converse(stream, answer, &told));
        }
    });
    (port, letters)
}

fn converse(
    mut stream: TcpStream,
    answer: fn(&str) -> Option<&'static str>,
    told: &std::sync::mpsc::Sender<String>,
) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut say = |text: &str| stream.write_all(format!("{text}\r\n").as_bytes()).is_ok();
    say("220 mail.test ESMTP");
    while let Some(Ok(command)) = lines.next() {
        if let Some(own) = answer(&command) {
            say(own);
            continue;
        }
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => {
                say("250-mail.test");
                say("250 8BITMIME");
            }
            "DATA" => {
                say("354 go on");
                let letter: Vec<String> =
                    lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                let _ = told.send(letter.join("\n"));
                say("250 taken");
            }
            "QUIT" => {
                say("221 bye");
                return;
            }
            _ => {
                say("250 fine");
            }
        }
    }
}

fn smtp(port: u16) -> String {
    format!(
        "[[gateway]]\nkind = 'smtp'\nname = 'mail'\nhost = '127.0.0.1'\nport = {port}\nsecurity = 'none'\n\
         from = '137 <no-reply@137.example.ir>'\ntimeout_ms = 2000\n"
    )
}

#[test]
fn a_letter_arrives_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let (port, letters) = mail_server(|_| None);
    let gateways = open(&smtp(port), folder.path());
    let send =
        || gateways.all[0].gateway.send(&message("request:7:email:ab", Channel::Email, "sara@example.ir"));
    let Outcome::Sent { id: Some(id) } = send() else { panic!("not sent") };
    let letter = letters.recv().unwrap();
    assert!(letter.contains(&format!("Message-ID: {id}")), "{letter}");
    assert!(letter.contains("To: sara@example.ir") && letter.contains("charset=utf-8"), "{letter}");
    assert!(letter.contains("Subject: =?utf-8?"), "a subject outside ASCII is encoded: {letter}");
    // The same message is the same letter.
    assert_eq!(send(), Outcome::Sent { id: Some(id) });
    assert!(matches!(
        gateways.all[0].gateway.send(&message("k", Channel::Email, "sara@example.ir\r\nBcc: all@example.ir")),
        Outcome::Refused { .. }
    ));
}

#[test]
fn a_mail_server_that_says_no_for_ever_and_one_that_says_later() {
    let folder = tempfile::tempdir().unwrap();
    let to =
        |gateways: &Gateways| gateways.all[0].gateway.send(&message("k", Channel::Email, "sara@example.ir"));
    let (port, _letters) = mail_server(|command| command.starts_with("RCPT").then_some("550 no such user"));
    assert!(matches!(to(&open(&smtp(port), folder.path())), Outcome::Refused { .. }));
    let (port, _letters) =
        mail_server(|command| command.starts_with("RCPT").then_some("451 greylisted, come back"));
    assert!(matches!(to(&open(&smtp(port), folder.path())), Outcome::Failed { maybe_sent: false, .. }));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert!(matches!(to(&open(&smtp(closed), folder.path())), Outcome::Failed { .. }));
}

#[test]
fn without_settings_everything_is_written_to_a_file_of_the_owner() {
    let folder = tempfile::tempdir().unwrap();
    let gateways = open("", folder.path());
    for named in &gateways.all {
        assert!(matches!(named.gateway.send(&message("k", named.channel, MOBILE)), Outcome::Sent { .. }));
    }
    let path = folder.path().join("outbox.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["to"], MOBILE);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0);
    }
}

#[test]
fn settings_say_what_is_wrong_with_them() {
    let folder = tempfile::tempdir().unwrap();
    for (text, why) in [
        ("[[gateway]]\nkind = 'http'\nname = 'a b'\nurl = 'http://x'", "a b"),
        (
            "[[gateway]]\nkind = 'http'\nname = 'a'\nurl = 'http://x'\n[[gateway]]\nkind = 'http'\nname = 'a'\nurl = 'http://y'",
            "two gateways",
        ),
        ("[[gateway]]\nkind = 'smtp'\nname = 'a'\nhost = 'x'\nfrom = 'nobody'", "from"),
        ("[[gateway]]\nkind = 'smtp'\nname = 'a'\nfrom = 'a@x.ir'", "host"),
    ] {
        let error = toml::from_str::<Settings>(text).unwrap().open(folder.path()).err().unwrap();
        assert!(error.contains(why), "{error}");
    }
    assert!(toml::from_str::<Settings>("[[gateway]]\nkind = 'pigeon'\nname = 'a'").is_err());
    assert!(toml::from_str::<Settings>("[[gateway]]\nkind = 'smtp'\nname = 'a'\npasword = 'x'").is_err());
}

#[test]
fn the_settings_in_the_guide_are_settings() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operating/sms.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let blocks: Vec<&str> =
        guide.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    #[derive(serde::Deserialize)]
    struct File {
        notices: Settings,
    }
    let folder = tempfile::tempdir().unwrap();
    for settings in blocks.iter().filter(|block| block.contains("[[notices.gateway]]")) {
        let file: File = toml::from_str(settings).unwrap_or_else(|error| panic!("{error}\n{settings}"));
        std::fs::write(folder.path().join("push.key"), "07".repeat(32)).unwrap();
        assert!(!file.notices.open(folder.path()).unwrap().all.is_empty());
    }
    // The guide's first provider, played as the guide plays it.
    let first: File = toml::from_str(blocks[0]).unwrap();
    let (url, questions) =
        provider(vec![Says::Answer(200, r#"{"status": "ok", "messages": [{"id": "abc"}]}"#)]);
    let text = blocks[0].replace("https://sms.example.ir/v1/send", &url);
    let file: File = toml::from_str(&text).unwrap();
    let gateways = file.notices.open(folder.path()).unwrap();
    let sent = gateways.all[0].gateway.send(&message("k1", Channel::Sms, MOBILE));
    assert_eq!(sent, Outcome::Sent { id: Some("abc".into()) });
    let body: serde_json::Value = serde_json::from_str(&questions.recv().unwrap().1).unwrap();
    assert_eq!((body["to"].as_str(), body["reference"].as_str()), (Some("989121234567"), Some("k1")));
    assert!(first.notices.called_back("first").unwrap().inbound.unwrap().proof.is_set());
    // And the city's own words.
    let own = blocks.iter().find(|block| block.contains("[[template]]")).unwrap();
    std::fs::write(folder.path().join("notices.toml"), own).unwrap();
    assert_eq!(crate::city::read(folder.path()).unwrap().templates.len(), 2);
}
