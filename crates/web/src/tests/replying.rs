//! The reporter's word on the web, the inspector's list, feedback calls, and officials on the line.

use axum::body::Body;
use http::{Request, header};
use people::memberships::{self, Offer};
use people::sessions::{self, Assurance};
use people::{Actor, Role, accounts};
use requests::moves::{self, Step};
use requests::{Status, Submitted, feedback, reply};

use super::city::{City, Seen};
use crate::page::PLAIN;

/// Somebody who signed in.
struct Staff<'c> {
    city: &'c City,
    account: i64,
    cookie: String,
}

impl City {
    fn colleague(&self, offer: Offer) -> Staff<'_> {
        let (act, id) = (self.door.act(Actor::System("test")), self.id);
        let name = format!("{}-{}", offer.role.code(), self.door.dice.number() % 100_000);
        let (account, token) = self
            .door
            .db
            .write_blocking(move |tx| -> storage::Result<(i64, String)> {
                let wish = accounts::NewAccount {
                    name: "نرگس".into(),
                    sign_name: Some(name.clone()),
                    ..accounts::NewAccount::default()
                };
                let account = accounts::create(tx, &act, id, &wish).unwrap();
                memberships::give(tx, &act, id, account, &offer).unwrap();
                let token =
                    sessions::begin(tx, &act, id, account, Assurance::PasswordTotp, "test", "127.0.0.1")?;
                Ok((account, token))
            })
            .unwrap();
        Staff { city: self, account, cookie: format!("peyvand={token}") }
    }

    /// A request that was answered and waits for its reporter.
    fn answered(&self) -> Submitted {
        let sent = self.submit(&self.draft("street-sweeping"));
        self.leads(&sent, Step::to(Status::Assigned));
        self.leads(&sent, Step::to(Status::Answered).saying("کوچه جارو شد."));
        sent
    }

    fn leads(&self, sent: &Submitted, step: Step) {
        let (act, jurisdiction, id) = (self.act(), self.id, sent.id);
        self.door
            .db
            .write_blocking(move |tx| -> storage::Result<()> {
                moves::make(tx, &act, jurisdiction, id, &step).unwrap();
                Ok(())
            })
            .unwrap();
    }

    fn stands(&self, sent: &Submitted) -> requests::ServiceRequest {
        let (jurisdiction, id) = (self.id, sent.id);
        self.door.db.read_blocking(move |tx| requests::find::by_id(tx, jurisdiction, id)).unwrap().unwrap()
    }

    fn link(&self, sent: &Submitted) -> String {
        let request = self.stands(sent);
        self.door.db.read_blocking(move |tx| reply::link(tx, &request)).unwrap().unwrap()
    }
}

/// Reports as a browser does, from the first form to the last.
async fn reports(browser: &mut super::browser::Browser<'_>, service: &str, more: &[(&str, &str)]) -> Seen {
    let (lat, long) = (super::city::HERE.0.to_string(), super::city::HERE.1.to_string());
    let mut fields = vec![
        ("key", "0123456789abcdef0123456789abcdef"),
        ("service_code", service),
        ("lat", &lat),
        ("long", &long),
        ("similar", ""),
        ("description", "چیزی که تنها من می‌دانم"),
    ];
    fields.extend(more);
    browser.post("/report/send", &fields).await
}

#[tokio::test]
async fn whoever_reported_from_this_device_answers_from_it_without_digits() {
    let city = City::new();
    let mut phone = city.browser();
    let first = reports(&mut phone, "homeless", &[]).await.is(303);
    let cookie = phone.cookies["peyvand-device"].clone();
    assert_eq!(cookie.len(), 32);
    let flags = first.headers["set-cookie"].to_str().unwrap();
    assert!(flags.contains("HttpOnly") && flags.contains("SameSite=Lax"), "{flags}");
    // Sent again before the cookie came, it is the same report from the same device.
    phone.cookies.clear();
    let again = reports(&mut phone, "homeless", &[]).await.is(303);
    assert_eq!((again.location(), &phone.cookies["peyvand-device"]), (first.location(), &cookie));
    assert_eq!(city.requests(), 1);

    let code = first.location().rsplit('/').next().unwrap().to_owned();
    let (id, known) = (city.id, language::TrackingCode::parse(&code).unwrap());
    let request =
        city.door.db.read_blocking(move |tx| requests::find::by_code(tx, id, known)).unwrap().unwrap();
    let kept = city.door.db.read_blocking(|tx| -> storage::Result<Option<String>> {
        tx.value(storage::sql!("SELECT device FROM request_contacts"), &storage::params![])
    });
    let kept = kept.unwrap().unwrap();
    assert!(kept.len() == 32 && kept != cookie, "a hash of it alone is kept");
    // A private request is open to the device that said it, and to no other.
    let path = format!("/requests/{code}");
    phone.get(&path).await.is(200).sees("چیزی که تنها من می‌دانم");
    city.get(&path).await.is(200).misses("چیزی که تنها من می‌دانم");
    let mut stranger = city.browser();
    for number in [kept.as_str(), "0123456789abcdef0123456789abcdef", "", "x"] {
        stranger.cookies.insert("peyvand-device".into(), number.into());
        stranger.get(&path).await.is(200).misses("چیزی که تنها من می‌دانم");
    }

    for step in [Step::to(Status::Assigned), Step::to(Status::Answered).saying("پناه داده شد.")] {
        let (act, id, request) = (city.act(), city.id, request.id);
        city.door
            .db
            .write_blocking(move |tx| -> storage::Result<()> {
                moves::make(tx, &act, id, request, &step).unwrap();
                Ok(())
            })
            .unwrap();
    }
    let reply = format!("/reply/{code}");
    city.get(&reply).await.is(200).sees("چهار رقم");
    phone.get(&reply).await.is(200).sees("پناه داده شد.").misses("چهار رقم");
    let no = stranger.post(&reply, &[("word", "object"), ("words", "هنوز اینجاست")]).await.is(422);
    no.sees("چهار رقم");
    let said = phone.post(&reply, &[("word", "object"), ("words", "هنوز اینجاست")]).await.is(303);
    assert!(said.location().ends_with("done=objected"), "{}", said.location());
}

#[tokio::test]
async fn a_device_that_others_use_too_proves_nothing() {
    let city = City::new();
    let mut shared = city.browser();
    let sent = reports(&mut shared, "homeless", &[("shared", "yes")]).await.is(303);
    assert!(!shared.cookies.contains_key("peyvand-device"));
    let code = sent.location().rsplit('/').next().unwrap().to_owned();
    shared.get(&format!("/requests/{code}")).await.is(200).misses("چیزی که تنها من می‌دانم");
    // Whoever had a number from an earlier "me too" gives none away either.
    shared.cookies.insert("peyvand-device".into(), "0123456789abcdef0123456789abcdef".into());
    let sent = reports(&mut shared, "homeless", &[("shared", "yes")]).await.is(303);
    let code = sent.location().rsplit('/').next().unwrap().to_owned();
    shared.get(&format!("/requests/{code}")).await.is(200).misses("چیزی که تنها من می‌دانم");
}

impl Staff<'_> {
    async fn get(&self, path: &str) -> Seen {
        let request = Request::get(path).header(header::COOKIE, &self.cookie);
        self.city.ask(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let code = |text: &str| percent_encoding::utf8_percent_encode(text, PLAIN).to_string();
        let body: Vec<String> = fields.iter().map(|(n, v)| format!("{}={}", code(n), code(v))).collect();
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::HOST, "127.0.0.1");
        self.city.ask(request.body(Body::from(body.join("&"))).unwrap()).await
    }
}

#[tokio::test]
async fn the_link_in_a_message_opens_the_way_to_one_word() {
    let city = City::new();
    let sent = city.answered();
    let path = format!("/requests/{}", sent.code);
    let asked = city.get(&path).await.is(200).sees("می‌تواند این پاسخ را بپذیرد");
    assert!(asked.addresses().contains(&format!("/reply/{}?word=object", sent.code)));
    let link = city.link(&sent);
    let page = city.get(&link).await.is(200).sees("کوچه جارو شد.");
    assert!(page.field("digits").is_none(), "the link says who it is");
    assert!(page.field("k").is_some_and(|token| link.ends_with(&token)));
    assert!(page.headers[header::CACHE_CONTROL].to_str().unwrap().contains("private"));
    let form = format!("/reply/{}", sent.code);
    city.send(&page, &form, &[]).await.is(422).sees("یکی از دو پاسخ را انتخاب کنید");
    let done = city.send(&page, &form, &[("word", "accept")]).await.is(303);
    assert_eq!(done.location(), format!("{path}?done=accepted"));
    city.get(done.location()).await.is(200).sees("ثبت شد که کار انجام شده است").sees("گزارش‌دهنده تأیید کرد");
    let again = city.send(&page, &form, &[("word", "accept")]).await.is(303);
    assert_eq!(again.location(), done.location(), "saying it again is no mistake");
    city.send(&page, &form, &[("word", "object"), ("words", "نه")])
        .await
        .is(422)
        .sees("پیش‌تر این پاسخ را پذیرفته‌اید");
    assert_eq!(city.stands(&sent).status, Status::Closed);
    city.get(&format!("/en{link}")).await.is(200).sees("confirmed that it is done");
}

#[tokio::test]
async fn without_the_link_the_end_of_the_number_is_asked_for() {
    let city = City::new();
    let sent = city.answered();
    let form = format!("/reply/{}", sent.code);
    let page = city.get(&format!("{form}?word=object")).await.is(200);
    assert_eq!(page.field("digits").as_deref(), Some(""));
    assert_eq!(page.field("word").as_deref(), Some("object"), "the button on the request chose it");
    let words = [("word", "object"), ("words", "هنوز <b>کثیف</b> است")];
    let missing =
        city.send(&page, &form, &words).await.is(422).sees("چهار رقم آخر شمارهٔ همراه خود را بنویسید");
    assert_eq!(missing.field("words").as_deref(), Some("هنوز <b>کثیف</b> است"), "nothing typed is lost");
    let wrong: Vec<_> = words.iter().copied().chain([("digits", "۱۱۱۱")]).collect();
    city.send(&page, &form, &wrong).await.is(422).sees("یکی نیست");
    let right: Vec<_> = words.iter().copied().chain([("digits", "۴۵۶۷")]).collect();
    let done = city.send(&page, &form, &right).await.is(303);
    let seen = city.get(done.location()).await.is(200).sees("بازرس شهر").sees("هنوز <b>کثیف</b> است");
    assert!(!seen.html.contains("<b>کثیف"), "words stay words");
    assert!(city.stands(&sent).with_inspector);
    // Somebody who guesses is stopped, whatever they say afterwards.
    let other = city.answered();
    let form = format!("/reply/{}", other.code);
    for _ in 0..5 {
        city.post(&form, &[("word", "accept"), ("digits", "0000")]).await.is(422);
    }
    city.post(&form, &[("word", "accept"), ("digits", "4567")])
        .await
        .is(422)
        .sees("این راه برای این پاسخ بسته شد");
    assert_eq!(city.stands(&other).status, Status::Answered);
    city.get("/reply/1234567890").await.is(404);
    city.post("/reply/1234567890", &[("word", "accept"), ("digits", "4567")]).await.is(404);
}

#[tokio::test]
async fn what_the_city_asked_is_answered_on_the_page_of_the_request() {
    let city = City::new();
    let sent = city.submit(&city.draft("street-sweeping"));
    city.leads(&sent, Step::to(Status::Assigned));
    city.leads(&sent, Step::to(Status::WaitingForCitizen).saying("کدام کوچه؟"));
    let page = city.get(&format!("/requests/{}", sent.code)).await.is(200).sees("شهر از شما پرسیده است");
    let form = format!("/reply/{}", sent.code);
    city.send(&page, &form, &[("digits", "4567")]).await.is(422).sees("کدام کوچه؟");
    let done = city.send(&page, &form, &[("digits", "4567"), ("words", "کوچهٔ یاس")]).await.is(303);
    city.get(done.location()).await.is(200).sees("پاسخ شما رسید").sees("کوچهٔ یاس");
    assert_eq!(city.stands(&sent).status, Status::Assigned);
}

#[tokio::test]
async fn an_inspector_decides_and_nobody_else_sees_the_list() {
    let city = City::new();
    let sent = city.answered();
    let link = city.link(&sent);
    let page = city.get(&link).await.is(200);
    city.send(&page, &format!("/reply/{}", sent.code), &[("word", "object"), ("words", "ناقص است")])
        .await
        .is(303);
    assert!(city.get("/objections").await.is(303).location().starts_with("/sign-in"));
    let caller = city.colleague(Offer::city(Role::FeedbackCaller));
    caller.get("/objections").await.is(403);
    let inspector = city.colleague(Offer::city(Role::Inspector));
    inspector.get("/objections").await.is(200).sees("ناقص است").sees("کوچه جارو شد.");
    let decide = format!("/objections/{}", sent.code);
    inspector.post(&decide, &[("decision", "back"), ("words", "")]).await.is(422).sees("دلیل تصمیم خود را");
    inspector
        .post(&decide, &[("decision", "back"), ("unit", "هیچ واحدی"), ("words", "بروید")])
        .await
        .is(422)
        .sees("چنین واحدی نیست");
    caller.post(&decide, &[("decision", "back"), ("words", "بروید")]).await.is(403);
    let done =
        inspector.post(&decide, &[("decision", "back"), ("words", "امروز دوباره بروید")]).await.is(303);
    inspector.get(done.location()).await.is(200).sees("دوباره به کار سپرده شد").sees("اعتراضی منتظر نیست");
    assert_eq!(city.stands(&sent).status, Status::Assigned);
    inspector.post(&decide, &[("decision", "close"), ("words", "x")]).await.is(422).sees("پیش از شما");
    inspector.get("/en/objections").await.is(200).sees("No objection waits");
    inspector.post("/objections/1234567890", &[("words", "x")]).await.is(404);
}

#[tokio::test]
async fn a_caller_sees_a_number_only_while_they_hold_the_call() {
    let city = City::new();
    let (id, act) = (city.id, city.act());
    let all = feedback::Settings { percent: 100, ..feedback::Settings::default() };
    city.door.db.write_blocking(move |tx| feedback::set(tx, &act, id, &all)).unwrap();
    let sent = city.answered();
    let caller = city.colleague(Offer::city(Role::FeedbackCaller));
    let other = city.colleague(Offer::city(Role::FeedbackCaller));
    caller.get("/feedback").await.is(200).misses("۰۹۱۲۱۲۳۴۵۶۷").sees("۱ تماس در صف");
    caller.post("/feedback/next", &[]).await.is(303);
    caller.get("/feedback").await.is(200).sees("۰۹۱۲۱۲۳۴۵۶۷").sees("کوچه جارو شد.");
    other.post("/feedback/next", &[]).await.is(303);
    other.get("/feedback").await.is(200).misses("۰۹۱۲۱۲۳۴۵۶۷");
    let record = format!("/feedback/calls/{}", sent.code);
    let reached = [("outcome", "reached"), ("satisfaction", "5"), ("word", "accept")];
    other.post(&record, &reached).await.is(422).sees("دیگر در دست شما نیست");
    caller.post(&record, &[]).await.is(422).sees("بگویید تماس چه شد").sees("۰۹۱۲۱۲۳۴۵۶۷");
    caller.post(&record, &[("outcome", "reached")]).await.is(422).sees("یک نمره از ۱ تا ۵");
    caller.post(&record, &[("outcome", "later"), ("day", "دیروز"), ("time", "18:00")]).await.is(422);
    let object = [("outcome", "reached"), ("satisfaction", "1"), ("word", "object"), ("words", " ")];
    caller.post(&record, &object).await.is(422).sees("بنویسید شهروند به چه چیزی");
    caller.post(&record, &reached).await.is(303);
    caller.get("/feedback?done=recorded").await.is(200).sees("ثبت شد").misses("۰۹۱۲۱۲۳۴۵۶۷");
    assert_eq!(city.stands(&sent).status, Status::Closed);
    storage::followers::catch_up_blocking(&city.door.db, feedback::FOLLOWER).unwrap();
    caller.get("/feedback/figures").await.is(200).sees("۵٫۰");
    caller.get("/en/feedback/figures").await.is(200).sees("5.0");
    city.colleague(Offer::city(Role::Operator)).get("/feedback").await.is(403);
}

#[tokio::test]
async fn an_official_promises_and_everybody_sees_what_becomes_of_it() {
    let city = City::new();
    city.get("/officials").await.is(200).sees("ساعتی اعلام نشده است");
    let manager = city.colleague(Offer::city(Role::Supervisor));
    let official = city.colleague(Offer::city(Role::Official));
    let account = official.account.to_string();
    let hour = [
        ("name_fa", "مریم رستمی"),
        ("name_en", "Maryam Rostami"),
        ("title_fa", "معاون خدمات شهری"),
        ("title_en", "Deputy for urban services"),
        ("account", account.as_str()),
        ("day", "۱۴۰۵/۰۸/۲۳"),
        ("from", "09:00"),
        ("to", "۱۲:۰۰"),
        ("published", "yes"),
    ];
    let wrong: Vec<_> = hour.iter().map(|(n, v)| if *n == "to" { (*n, "08:00") } else { (*n, *v) }).collect();
    let page = manager.post("/officials/manage", &wrong).await.is(422).sees("ساعت پایان");
    assert_eq!(page.field("name_fa").as_deref(), Some("مریم رستمی"), "nothing typed is lost");
    official.post("/officials/manage", &hour).await.is(403);
    manager.post("/officials/manage", &hour).await.is(303);
    city.get("/officials").await.is(200).sees("مریم رستمی").sees("همین حالا روی خط است").sees("شنبه");
    city.get("/en/officials").await.is(200).sees("Maryam Rostami").sees("Saturday");

    let mine = official.get("/officials/mine").await.is(200);
    let line = mine.addresses().into_iter().find(|a| a.starts_with("/officials/line/")).unwrap();
    let entered = [("name", "زهرا"), ("mobile", "۰۹۱۲۱۲۳۴۵۶۷"), ("about", "جوی کوچه")];
    official.post(&format!("{line}/callers"), &[("mobile", "12")]).await.is(422);
    official.post(&format!("{line}/callers"), &entered).await.is(303);
    let stranger = city.colleague(Offer::city(Role::Official));
    stranger.get(&line).await.is(403);
    let operator = city.colleague(Offer::city(Role::Operator));
    operator.get(&line.replace("/line/", "/calls/")).await.is(200).sees("زهرا");
    operator.get(&line).await.is(403);

    let page = official.get(&line).await.is(200).sees("جوی کوچه");
    let set = page.addresses().into_iter().find(|a| a.starts_with(&format!("{line}/callers/"))).unwrap();
    official.post(&set, &[("state", "speaking")]).await.is(303);
    let page = official.get(&line).await.is(200);
    let caller = page.field("caller").unwrap();
    let promise = [
        ("caller", caller.as_str()),
        ("service", "street-sweeping"),
        ("address", "کوچهٔ یاس"),
        ("words", "تا فردا جارو می‌شود"),
        ("key", "abc"),
    ];
    official.post(&format!("{line}/promise"), &[("key", "x")]).await.is(422).sees("جوی کوچه");
    official.post(&format!("{line}/promise"), &promise).await.is(303);
    official.post(&format!("{line}/promise"), &promise).await.is(303);
    assert_eq!(city.requests(), 1, "sent twice, promised once");
    stranger.post(&format!("{line}/promise"), &promise).await.is(403);
    official.get("/officials/mine").await.is(200).sees("تا فردا جارو می‌شود");
    city.get("/officials").await.is(200).sees("۱ قول").misses("۰۹۱۲۱۲۳۴۵۶۷").misses("زهرا");
}

#[tokio::test]
async fn how_many_are_asked_is_set_on_a_form() {
    let city = City::new();
    let chief = city.colleague(Offer::city(Role::Supervisor));
    chief.get("/feedback/figures").await.is(200).sees("چند پاسخ پرسیده شود");
    let page = chief.get("/feedback/settings").await.is(200);
    assert_eq!(page.field("percent").as_deref(), Some("10"));
    let (id, unit) = (city.id, "green");
    let units = city.door.db.read_blocking(move |tx| requests::catalogue(tx, id)).unwrap();
    let unit = units.unit_by_code(unit).or(units.units().next()).unwrap().code.clone();
    let typed = |percent: &'static str, share: &'static str| {
        vec![
            ("percent", percent),
            ("lease_minutes", "۱۵"),
            ("again_hours", "6"),
            ("most_attempts", "2"),
            ("district", ""),
            ("share", share),
        ]
    };
    for (percent, share) in [("101", ""), ("", ""), ("ten", ""), ("-1", ""), ("20", "101")] {
        let mut fields = typed(percent, share);
        fields.push(("unit", &unit));
        let no = chief.post("/feedback/settings", &fields).await.is(422);
        assert_eq!(no.field("lease_minutes").as_deref(), Some("۱۵"), "nothing typed is lost");
    }
    let mut fields = typed("20", "50");
    fields.push(("unit", "no-such-unit"));
    chief.post("/feedback/settings", &fields).await.is(422);
    let mut fields = typed("۲۰", "50");
    fields.push(("unit", &unit));
    let done = chief.post("/feedback/settings", &fields).await.is(303);
    chief.get(done.location()).await.is(200).sees("ثبت شد.");
    let now = city.door.db.read_blocking(move |tx| feedback::settings(tx, id)).unwrap();
    assert_eq!((now.percent, now.lease_minutes, now.again_hours, now.most_attempts), (20, 15, 6, 2));
    assert_eq!((now.share.len(), now.share[0].percent), (1, 50));
    city.colleague(Offer::city(Role::FeedbackCaller)).post("/feedback/settings", &fields).await.is(403);
}
