//! An operator at the desk, in both languages, as the pages stand without script, and as its script asks.

use axum::body::Body;
use http::{Request, header};
use people::memberships::{self, Offer};
use people::sessions::{self, Assurance};
use people::{Actor, Role, accounts};
use requests::calls::{self, Event, Happened};

use super::city::{City, HERE, Seen};
use crate::page::PLAIN;

/// Somebody with a session.
pub struct Operator<'c> {
    city: &'c City,
    cookie: String,
}

impl City {
    fn operator(&self, role: Role) -> Operator<'_> {
        let (act, id) = (self.door.act(Actor::System("test")), self.id);
        let name = format!("{}-{}", role.code(), self.door.dice.number() % 10_000);
        let token = self.door.db.write_blocking(move |tx| -> storage::Result<String> {
            let wish = accounts::NewAccount {
                name: "زهرا".into(),
                sign_name: Some(name.clone()),
                ..accounts::NewAccount::default()
            };
            let account = accounts::create(tx, &act, id, &wish).unwrap();
            let offer = Offer::city(role);
            memberships::give(tx, &act, id, account, &offer).unwrap();
            sessions::begin(tx, &act, id, account, Assurance::PasswordTotp, "test", "127.0.0.1")
        });
        Operator { city: self, cookie: format!("peyvand={}", token.unwrap()) }
    }

    fn rings(&self, call: &str, happened: Happened, extension: &str) {
        let (act, id) = (self.door.act(Actor::System("test")), self.id);
        let event = Event {
            call: call.into(),
            happened,
            at: None,
            caller: "09121234567".into(),
            extension: extension.into(),
        };
        self.door
            .db
            .write_blocking(move |tx| -> storage::Result<()> {
                calls::hear(tx, &act, id, &event).unwrap();
                Ok(())
            })
            .unwrap();
    }
}

impl Operator<'_> {
    async fn get(&self, path: &str) -> Seen {
        let request = Request::get(path).header(header::COOKIE, &self.cookie);
        self.city.ask(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, fields: &[(String, String)]) -> Seen {
        let code = |text: &str| percent_encoding::utf8_percent_encode(text, PLAIN).to_string();
        let body: Vec<String> = fields.iter().map(|(n, v)| format!("{}={}", code(n), code(v))).collect();
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::HOST, "127.0.0.1");
        self.city.ask(request.body(Body::from(body.join("&"))).unwrap()).await
    }

    /// Sends the form on a page with some fields filled in and one button pressed.
    async fn send(&self, page: &Seen, to: &str, filled: &[(&str, &str)]) -> Seen {
        let mut fields = page.fields();
        fields.retain(|(name, _)| filled.iter().all(|(known, _)| known != name) && name != "do");
        fields.extend(filled.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        self.post(to, &fields).await
    }

    /// Registers something and comes to the code.
    async fn registers(&self, page: &Seen, words: &str) -> Seen {
        let (lat, long) = (HERE.0.to_string(), HERE.1.to_string());
        let filled = [
            ("words", words),
            ("service", "street-sweeping"),
            ("place", "میدان نمونه"),
            ("lat", &lat),
            ("long", &long),
            ("detail", "روبه‌روی پلاک ۴"),
            ("do", "save"),
        ];
        let sent = self.send(page, "/desk", &filled).await.is(303);
        let to = sent.location().to_owned();
        assert!(to.starts_with("/desk?done="), "{to}");
        self.get(&to).await.is(200)
    }
}

fn code_of(page: &Seen) -> String {
    let path = page.addresses().into_iter().find(|a| a.starts_with("/requests/")).unwrap();
    path.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_call_becomes_a_request_without_script() {
    let city = City::new();
    let desk = city.operator(Role::Operator);
    let seat = desk.post("/desk/seat", &[("extension".into(), "۲۰۴".into())]).await.is(303);
    assert_eq!(seat.location(), "/desk");
    city.rings("a-1", Happened::Ringing, "204");
    city.rings("a-1", Happened::Answered, "204");
    let page =
        desk.get("/desk").await.is(200).sees("گفت‌وگو").sees("داخلی ۲۰۴").sees("از این شماره چیزی ثبت نشده");
    assert_eq!(page.field("mobile").as_deref(), Some("۰۹۱۲ ۱۲۳ ۴۵۶۷"), "the number is in its field");

    // One look: suggestions by the caller's words, and what would be read back.
    let looked = desk.send(&page, "/desk", &[("words", "سطل زباله شکسته"), ("do", "look")]).await.is(200);
    let looked = looked.sees("شاید:").sees("سطل زباله");
    assert_eq!(looked.field("words").as_deref(), Some("سطل زباله شکسته"), "nothing typed is lost");

    let after = desk.registers(&looked, "کوچه پر از زباله است").await;
    let after = after.sees("درخواست ثبت شد").sees("این کد را بخوانید").sees("قول ما").sees("روبه‌روی پلاک");
    let code = code_of(&after);
    let digits = ["صفر", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه"];
    let first: usize = code[..1].parse().unwrap();
    after.sees(digits[first]);

    // The next caller from that number is known, and what they said can be added to.
    city.rings("a-2", Happened::Answered, "204");
    let page = desk.get("/desk").await.is(200).sees("پیش‌تر گفته").sees("رفت‌وروب").sees("افزودن به همین");
    let nothing = desk.send(&page, "/desk", &[("do", &format!("add:{code}"))]).await.is(422);
    let page = nothing.sees("چیزی برای افزودن ننوشته‌اید");
    let added = desk
        .send(&page, "/desk", &[("words", "هنوز نیامده‌اند"), ("do", &format!("add:{code}"))])
        .await
        .is(303);
    desk.get(added.location()).await.is(200).sees("به درخواست افزوده شد");
    city.get(&format!("/requests/{code}")).await.is(200).sees("هنوز نیامده‌اند").misses("0912").misses("۰۹۱۲");
}

#[tokio::test]
async fn a_second_caller_joins_and_the_desk_speaks_english() {
    let city = City::new();
    let desk = city.operator(Role::Operator);
    let page = desk.get("/desk").await.is(200);
    let code = code_of(&desk.registers(&page, "زباله مانده است").await);

    let (lat, long) = (HERE.0.to_string(), HERE.1.to_string());
    let page = desk.get("/en/desk").await.is(200).sees("Number of the caller").sees("Which telephone?");
    let filled = [
        ("caller", "0935 000 0000"),
        ("words", "rubbish in the street"),
        ("service", "street-sweeping"),
        ("lat", &lat[..]),
        ("long", &long[..]),
        ("do", "look"),
    ];
    let page = desk.send(&page, "/en/desk", &filled).await.is(200).sees("Join this one");
    let joined = desk.send(&page, "/en/desk", &[("do", &format!("join:{code}"))]).await.is(303);
    assert!(joined.location().starts_with("/en/desk?done="), "{}", joined.location());
    let after =
        desk.get(joined.location()).await.is(200).sees("Joined the request").sees("What was this call?");
    let next = desk.send(&after, "/en/desk", &[("do", "end"), ("ending", "joined")]).await.is(303);
    assert_eq!(next.location(), "/en/desk");
    assert_eq!(city.requests(), 1, "one request, two people");
}

#[tokio::test]
async fn a_caller_belongs_to_an_incident_by_one_button() {
    let city = City::new();
    let (tree, _) = city.tree();
    let desk = city.operator(Role::Operator);
    let (lat, long) = (HERE.0.to_string(), HERE.1.to_string());
    let page = desk.get("/desk").await.is(200);
    let filled = [
        ("words", "درخت افتاده"),
        ("service", "fallen-tree"),
        ("lat", &lat[..]),
        ("long", &long[..]),
        ("do", "look"),
    ];
    let page = desk.send(&page, "/desk", &filled).await.is(200).sees("رخداد با").sees("ثبت در همین رخداد");
    assert_eq!(
        page.html.matches("<kbd data-key=\"join\">Alt J</kbd></button>").count(),
        1,
        "one key, and it means the incident"
    );
    assert!(page.html.find("belong:").unwrap() < page.html.find("join:").unwrap());
    let before = city.requests();
    let button = format!("belong:{tree}");
    // What the service asks must be answered here too.
    desk.send(&page, "/desk", &[("do", &button)]).await.is(422).sees("ثبت در همین رخداد");
    let filled = [("attribute[blocks]", "street"), ("do", &button[..])];
    let sent = desk.send(&page, "/desk", &filled).await.is(303);
    desk.get(sent.location()).await.is(200).sees("درخواست ثبت شد");
    assert_eq!(city.requests(), before + 1);
    city.operator(Role::Supervisor).get(&format!("/incidents/{tree}")).await.is(200).sees("درخت افتاده");
    let gone =
        desk.send(&page, "/desk", &[("attribute[blocks]", "street"), ("key", "other"), ("do", "belong:12")]);
    gone.await.is(422).sees("این رخداد دیگر باز نیست");
}

#[tokio::test]
async fn what_is_refused_stands_beside_its_field_and_nothing_is_lost() {
    let city = City::new();
    let desk = city.operator(Role::Operator);
    let page = desk.get("/desk").await.is(200);
    let filled = [
        ("words", "چاله <b>بزرگ</b>"),
        ("service", ""),
        ("mobile", "۱۲"),
        ("name", "رضا"),
        ("detail", "پلاک ۴"),
        ("do", "save"),
    ];
    let refused = desk.send(&page, "/desk", &filled).await.is(422);
    let refused = refused.sees("بگویید موضوع چیست").sees("این شمارهٔ همراه درست نیست").misses("<b>بزرگ");
    for (name, value) in
        [("words", "چاله <b>بزرگ</b>"), ("name", "رضا"), ("detail", "پلاک ۴"), ("mobile", "۱۲")]
    {
        assert_eq!(refused.field(name).as_deref(), Some(value), "{name}");
    }
    for id in ["mobile-error", "service_q-error"] {
        assert!(refused.html.contains(&format!("id=\"{id}\"")), "{id}");
    }
    assert_eq!(city.requests(), 0);
}

#[tokio::test]
async fn urgency_is_asked_and_promised() {
    let city = City::new();
    let desk = city.operator(Role::Operator);
    let page = desk.get("/desk").await.is(200).sees("پس از انتخاب موضوع");
    let page = desk.send(&page, "/desk", &[("service", "gas-leak"), ("do", "look")]).await.is(200);
    let page = page.sees("بوی گاز داخل خانه").sees("عادی");
    let page = desk.send(&page, "/desk", &[("triage", "inside"), ("do", "look")]).await.is(200);
    let page = page.sees("اضطراری").sees("ساعت ۱۱:۰۰");
    assert!(page.html.contains("class=\"promise-line emergency\""));
}

#[tokio::test]
async fn what_is_typed_is_kept_with_its_call() {
    let city = City::new();
    let desk = city.operator(Role::Operator);
    let other = city.operator(Role::Operator);
    let page = desk.get("/desk").await.is(200);
    let kept = desk.send(&page, "/desk/draft", &[("words", "نیمه‌کاره"), ("detail", "ته کوچه")]).await.is(200);
    let call = kept.html.split('"').nth(3).unwrap().to_owned();
    let again = desk.get("/desk").await.is(200);
    assert_eq!(again.field("words").as_deref(), Some("نیمه‌کاره"), "after a reload");
    assert_eq!(again.field("call").as_deref(), Some(call.as_str()));
    // A colleague sees nothing of it, whatever they ask for.
    let theirs = other.get(&format!("/desk?call={call}")).await.is(200).misses("نیمه‌کاره");
    assert_eq!(theirs.field("words").as_deref(), Some(""));
    let written =
        other.post("/desk/draft", &[("call".into(), call.clone()), ("words".into(), "x".into())]).await;
    assert_eq!(written.status.as_u16(), 409);
    other.post("/desk", &[("call".into(), call), ("do".into(), "end:silent".into())]).await.is(422);
    assert_eq!(desk.get("/desk").await.field("words").as_deref(), Some("نیمه‌کاره"));
}

#[tokio::test]
async fn doors_that_are_not_ours_end_a_call() {
    let city = City::new();
    let desk = city.operator(Role::Operator);
    let page = desk.get("/desk").await.is(200);
    let page =
        desk.send(&page, "/desk", &[("words", "قبض برق خانه زیاد آمده"), ("do", "look")]).await.is(200);
    let page = page.sees("با ما نیست:").sees("با ۱۲۱ تماس بگیرید");
    let told = desk.send(&page, "/desk", &[("do", "told:power")]).await.is(303);
    assert_eq!(told.location(), "/desk");
    let page = desk.get("/desk").await.is(200);
    assert_eq!(page.field("words").as_deref(), Some(""), "the desk is free");
    assert_eq!(city.requests(), 0);
    assert!(desk.get("/desk/figures").await.is(200).html.contains("۱"), "the call is counted");
}

#[tokio::test]
async fn the_script_is_answered_in_fragments() {
    let city = City::new();
    let desk = city.operator(Role::Operator);
    let lines = desk.get("/desk/services?q=%D8%AF%D8%B1%D8%AE").await.is(200);
    assert!(
        lines.html.contains("role=\"option\"") && lines.html.contains("data-value=\"fallen-tree\""),
        "{}",
        lines.html
    );
    // The same keys on the other keyboard: nvoj is «درخت».
    let rescued = desk.get("/desk/services?q=nvoj").await.is(200);
    assert!(
        rescued.html.contains("درخت") && rescued.html.contains("data-value=\"fallen-tree\""),
        "{}",
        rescued.html
    );
    let by_code = desk.get("/en/desk/services?q=gas-l").await.is(200);
    assert!(
        by_code.html.contains("data-value=\"gas-leak\"") && by_code.html.contains("Gas leak"),
        "{}",
        by_code.html
    );
    let suggested = desk
        .get("/desk/services?q=&words=%D8%AF%D8%B1%D8%AE%D8%AA%20%D8%A7%D9%81%D8%AA%D8%A7%D8%AF%D9%87")
        .await;
    assert!(suggested.html.contains("چون"), "{}", suggested.html);
    let places = desk.get("/desk/places?q=%D8%B7%D8%A7%D9%84%D9%82%D8%A7%D9%86").await.is(200);
    assert!(places.html.contains("data-value=\"p:35."), "{}", places.html);
    let none = desk.get("/desk/places?q=%3Cscript%3E").await.is(200);
    assert!(!none.html.contains("<script") && !none.html.contains("role=\"option\""), "{}", none.html);
    let look = desk.post("/desk/look", &[("words".into(), "sghl".into())]).await.is(200);
    assert!(look.html.contains("سلام"), "{}", look.html);
}

#[tokio::test]
async fn nobody_calls_in_vain() {
    let city = City::new();
    let desk = city.operator(Role::Operator);
    city.rings("m", Happened::Ringing, "");
    city.rings("m", Happened::Ended, "");
    let page = desk.get("/desk").await.is(200).sees("بی‌پاسخ: ۱").sees("تماس می‌گیرم");
    let button = page.html.split("value=\"back:").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let back = desk.post("/desk", &[("do".into(), format!("back:{button}"))]).await.is(303);
    desk.get(back.location()).await.is(200).sees("۰۹۱۲").sees("بی‌پاسخ: ۰");
}

#[tokio::test]
async fn the_desk_is_for_operators() {
    let city = City::new();
    let visitor = city.get("/desk").await.is(303);
    assert!(
        visitor.location().contains("/sign-in") && visitor.location().contains("next"),
        "{}",
        visitor.location()
    );
    let unit = city.operator(Role::Administrator);
    for path in ["/desk", "/en/desk", "/desk/services?q=a", "/desk/figures", "/desk/live"] {
        unit.get(path).await.is(403);
    }
    unit.post("/desk", &[("do".into(), "save".into())]).await.is(403);
    city.operator(Role::Supervisor).get("/desk").await.is(200);
}
