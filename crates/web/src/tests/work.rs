//! Colleagues at work: lists, one request, many at once, and everything that others may try.

use http::{Request, header};
use language::Lang;
use people::Role;
use people::accounts::Offer;
use people::sessions::Assurance;
use requests::moves::Step;
use requests::{RequestId, Status, Submitted, find};

use super::browser::Browser;
use super::city::{City, Seen};

/// What is written into every field: a page that shows it must show it as words.
pub const EVIL: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

pub struct Scene {
    pub city: City,
    pub sent: Submitted,
    unit: i64,
    pub sara: i64,
    reza: i64,
    stranger: i64,
}

impl Scene {
    pub fn new() -> Scene {
        Scene::with(|_| {})
    }

    /// A request that its unit was given, two colleagues in it, and one in another.
    pub fn with(mend: impl Fn(&mut requests::Draft)) -> Scene {
        let city = City::new();
        let mut draft = city.draft("street-sweeping");
        mend(&mut draft);
        let sent = city.submit(&draft);
        let unit = sent.unit.unwrap();
        city.lead_by(sent.id, Step::to(Status::Assigned));
        let other = city.units().into_iter().find(|id| *id != unit).unwrap();
        Scene {
            sara: city.member("sara", Offer::unit(Role::UnitMember, unit)),
            reza: city.member("reza", Offer::unit(Role::UnitMember, unit)),
            stranger: city.member("stranger", Offer::unit(Role::UnitMember, other)),
            city,
            sent,
            unit,
        }
    }

    pub fn browser(&self, account: i64) -> Browser<'_> {
        self.city.signed_in(account, Assurance::PasswordTotp)
    }

    pub fn path(&self, tail: &str) -> String {
        format!("/work/{}{tail}", self.sent.code)
    }

    pub fn version(&self) -> String {
        self.city.request(self.sent.id).version.to_string()
    }
}

impl City {
    pub fn lead_by(&self, id: RequestId, step: Step) {
        let (act, j) = (self.act(), self.id);
        self.door
            .db
            .write_blocking(move |tx| -> Result<(), storage::Error> {
                requests::moves::make(tx, &act, j, id, &step).unwrap();
                Ok(())
            })
            .unwrap();
    }

    pub fn request(&self, id: RequestId) -> requests::ServiceRequest {
        let j = self.id;
        self.door.db.read_blocking(move |tx| find::by_id(tx, j, id)).unwrap().unwrap()
    }

    fn facts(&self, subject: &'static str, id: i64) -> Vec<String> {
        let j = self.id;
        let all =
            self.door.db.read_blocking(move |tx| storage::journal::of(tx, j, subject, id, 200)).unwrap();
        all.into_iter().map(|entry| entry.fact).collect()
    }
}

async fn with_photo(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Seen {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = "--line\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n";
    body.extend_from_slice(head.as_bytes());
    let mut picture = Vec::new();
    image::RgbImage::from_pixel(64, 48, image::Rgb([90, 120, 40]))
        .write_to(&mut std::io::Cursor::new(&mut picture), image::ImageFormat::Jpeg)
        .unwrap();
    body.extend_from_slice(&picture);
    body.extend_from_slice(b"\r\n--line--\r\n");
    let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=line");
    browser.ask(request, axum::body::Body::from(body)).await
}

#[tokio::test]
async fn from_the_inbox_to_an_answer_with_evidence() {
    let scene = Scene::new();
    let mut sara = scene.browser(scene.sara);
    let inbox = sara.get("/work").await.is(200).sees("رفت‌وروب");
    assert!(inbox.html.contains(&format!("/work/{}", scene.sent.code)) && inbox.html.contains("marks=\"{"));
    let page = sara.get(&scene.path("")).await.is(200).sees("برمی‌دارم");
    page.sees("۰۹۱۲۱۲۳۴۵۶۷");
    let me = scene.sara.to_string();
    let v = scene.version();
    sara.post(&scene.path("/hold"), &[("version", &v), ("account", &me)]).await.is(303);
    let v = scene.version();
    sara.post(&scene.path("/move"), &[("version", &v), ("to", "in-progress")]).await.is(303);
    let called = scene.reza.to_string();
    let note = [("words", "همکار reza، نردبان بیاورید"), ("call", called.as_str())];
    let seen = sara.post(&scene.path("/note"), &note).await;
    sara.follow(seen).await.is(200).sees("نردبان بیاورید").sees("فقط همکاران");
    let mut reza = scene.browser(scene.reza);
    reza.get("/work?list=called").await.is(200).sees("همکار sara");
    reza.get(&scene.path("")).await.is(200);
    reza.get("/work?list=called").await.is(200).sees("دیده‌اید");
    let v = scene.version();
    let silent = with_photo(&mut sara, &scene.path("/move"), &[("version", &v), ("to", "answered")]).await;
    silent.is(422).sees("چند کلمه بنویسید");
    let fields = [("version", v.as_str()), ("to", "answered"), ("words", "کوچه جارو شد")];
    let seen = with_photo(&mut sara, &scene.path("/move"), &fields).await;
    let page = sara.follow(seen).await.is(200).sees("کوچه جارو شد").sees("عکس پس از کار");
    let src =
        page.html.split("<img src=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    sara.get(&src).await.is(200);
    scene.browser(scene.stranger).get(&src).await.is(404);
    let request = scene.city.request(scene.sent.id);
    assert_eq!((request.status, request.photos), (Status::Answered, 1));
    // The citizen sees the picture of the work and nothing of the note.
    let public = scene.city.get(&format!("/requests/{}", scene.sent.code)).await.is(200);
    public.sees("کوچه جارو شد").misses("نردبان");
}

#[tokio::test]
async fn a_list_is_kept_shared_counted_and_forgotten() {
    let scene = Scene::new();
    let mut sara = scene.browser(scene.sara);
    let keep = [("name", " "), ("query", "turn=new&service=street-sweeping"), ("shared", "yes")];
    sara.post("/work/lists", &keep).await.is(422).sees("برای فهرست نامی بنویسید");
    let keep = [("name", "جاروهای تازه"), ("query", "turn=new&service=street-sweeping"), ("shared", "yes")];
    sara.post("/work/lists", &keep).await.is(303);
    storage::followers::catch_up_blocking(&scene.city.door.db, requests::work::counts::FOLLOWER).unwrap();
    let page = scene.browser(scene.reza).get("/work").await.is(200).sees("جاروهای تازه");
    assert!(page.html.contains("<b class=\"count\">۱</b>"), "{}", page.html);
    scene.browser(scene.stranger).get("/work").await.is(200).misses("جاروهای تازه");
    let tail = page.html.split("/work/lists/").nth(1);
    assert!(tail.is_none(), "only whoever made it forgets it");
    let mine = sara.get("/work").await.is(200);
    let id =
        mine.html.split("/work/lists/").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    scene.browser(scene.reza).post(&format!("/work/lists/{id}"), &[]).await.is(404);
    sara.post(&format!("/work/lists/{id}"), &[]).await.is(303);
    sara.get("/work").await.is(200).misses("جاروهای تازه");
}

#[tokio::test]
async fn many_at_once_say_what_was_done_and_what_was_not() {
    let scene = Scene::new();
    let foreign = scene.city.submit(&scene.city.draft("fallen-tree"));
    let (mine, theirs) = (scene.sent.code.to_string(), foreign.code.to_string());
    let mut sara = scene.browser(scene.sara);
    let fields = [("what", "in-progress"), ("code", mine.as_str()), ("code", theirs.as_str()), ("code", "1")];
    let before = scene.city.request(foreign.id);
    let page = sara.post("/work/bulk", &fields).await.is(200);
    page.sees("برای ۱ درخواست انجام شد").sees("۱ درخواست پیدا نشد یا از آن شما نیست").misses(&theirs);
    assert_eq!(scene.city.request(scene.sent.id).status, Status::InProgress);
    assert_eq!(scene.city.request(foreign.id), before);
    // The same again is refused, and says why.
    sara.post("/work/bulk", &fields).await.is(200).sees("از این وضعیت به آن نمی‌شود رفت");
    let many: Vec<(&str, &str)> =
        std::iter::once(("what", "take")).chain((0..300).map(|_| ("code", mine.as_str()))).collect();
    sara.post("/work/bulk", &many).await.is(200).sees("تا ۲۰۰ تا در یک بار");
}

#[tokio::test]
async fn whoever_comes_second_is_told_what_changed() {
    let scene = Scene::new();
    let (mut sara, mut reza) = (scene.browser(scene.sara), scene.browser(scene.reza));
    let page = sara.get(&scene.path("")).await.is(200);
    let (version, seq) = (page.field("version").unwrap(), page.field("seq").unwrap());
    reza.post(&scene.path("/move"), &[("version", &version), ("seq", &seq), ("to", "in-progress")])
        .await
        .is(303);
    let late = [("version", version.as_str()), ("seq", &seq), ("to", "declined"), ("words", "اینجا نیست")];
    let page = sara.post(&scene.path("/move"), &late).await.is(409);
    let page = page.sees("همکاری این درخواست را تغییر داد").sees("کار شروع شد").sees("همکار reza");
    assert!(page.html.contains("اینجا نیست"), "nothing typed is lost");
    assert_eq!(scene.city.request(scene.sent.id).status, Status::InProgress);
}

#[tokio::test]
async fn what_is_none_of_theirs_is_not_there() {
    let scene = Scene::with(|draft| draft.words = "راز همسایه".into());
    let request = scene.city.request(scene.sent.id);
    let mut stranger = scene.browser(scene.stranger);
    stranger.get(&scene.path("")).await.is(404).misses("راز همسایه");
    let deeds = crate::matrix();
    let mut tried = 0;
    for row in
        deeds.iter().filter(|row| row.path.starts_with("/work/{code}/") && row.method == http::Method::POST)
    {
        let tail = row.path.trim_start_matches("/work/{code}");
        for lang in ["", "/en"] {
            let path = format!("{lang}{}", scene.path(tail));
            let v = scene.version();
            let fields = [
                ("version", v.as_str()),
                ("to", "in-progress"),
                ("words", "x"),
                ("text", "راز"),
                ("public", "no"),
                ("days", "3"),
                ("unit", "1"),
                ("account", "1"),
                ("service", "fallen-tree"),
            ];
            let seen = stranger.post(&path, &fields).await;
            assert!([403, 404].contains(&seen.status.as_u16()), "{path}: {}", seen.status);
            assert!(!seen.html.contains("راز همسایه"), "{path}");
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried}");
    assert_eq!(scene.city.request(scene.sent.id), request, "nothing changed");
    let asked = scene.city.facts(people::ACCESS, scene.stranger);
    assert!(asked.iter().filter(|fact| *fact == "access-denied").count() > tried, "each is on record");
    // Those who may see and not do are refused what they may not do.
    let caller = scene.city.member("caller", Offer::city(Role::FeedbackCaller));
    let mut caller = scene.browser(caller);
    caller.get(&scene.path("")).await.is(200);
    let v = scene.version();
    for (tail, fields) in [
        ("/move", vec![("to", "in-progress")]),
        ("/hold", vec![("account", "1")]),
        ("/split", vec![]),
        ("/correct", vec![("service", "fallen-tree"), ("words", "x")]),
        ("/visibility", vec![("public", "no"), ("words", "x")]),
        ("/mask", vec![("text", "راز همسایه")]),
        ("/person", vec![]),
    ] {
        let mut fields = fields.clone();
        fields.push(("version", v.as_str()));
        caller.post(&scene.path(tail), &fields).await.is(403);
    }
    assert_eq!(scene.city.request(scene.sent.id), request);
}

#[tokio::test]
async fn who_reported_is_shown_on_demand_and_on_record() {
    let scene = Scene::new();
    let mut sara = scene.browser(scene.sara);
    sara.get(&scene.path("")).await.is(200).misses("+989121234567").misses("مینا");
    sara.post(&scene.path("/contact"), &[]).await.is(200).sees("+989121234567").sees("مینا");
    sara.post(&scene.path("/person"), &[]).await.is(200);
    let facts = scene.city.facts("request", scene.sent.id.0);
    assert_eq!(facts.iter().filter(|f| f.ends_with("-seen")).count(), 2, "{facts:?}");
    let official = scene.city.member("official", Offer::city(Role::Official));
    let mut official = scene.browser(official);
    official.get(&scene.path("")).await.is(200).misses("contact\"");
    official.post(&scene.path("/contact"), &[]).await.is(403).misses("+989121234567");
    // The public page says nothing of it.
    let public = scene.city.get(&format!("/requests/{}", scene.sent.code)).await.is(200);
    public.misses("گزارش‌دهنده دیده شد");
}

#[tokio::test]
async fn words_are_words_on_every_page_of_staff() {
    let scene = Scene::with(|draft| {
        draft.words = EVIL.into();
        draft.place.address = EVIL.into();
        draft.contact.name = EVIL.into();
    });
    let (mut sara, mut boss) = (scene.browser(scene.sara), scene.city.somebody(Role::Supervisor));
    let v = scene.version();
    sara.post(&scene.path("/note"), &[("words", EVIL)]).await.is(303);
    let keep = [("name", "<b onmouseover=alert(1)>"), ("query", "q=\"><script>alert(1)</script>")];
    sara.post("/work/lists", &keep).await.is(303);
    let answer = [
        ("code", "evil"),
        ("status", "answered"),
        ("name-fa", EVIL),
        ("text-fa", EVIL),
        ("name-en", EVIL),
        ("text-en", EVIL),
    ];
    boss.post("/work/answers", &answer).await.is(303);
    let late = [("version", v.as_str()), ("to", "declined"), ("words", EVIL)];
    let changed = sara.post(&scene.path("/move"), &late).await.is(409);
    let code = scene.sent.code.to_string();
    let mut pages = vec![changed];
    for lang in ["", "/en"] {
        for path in ["/work", "/work?list=mine", "/work?q=%3Cscript%3Ealert(1)", &format!("/work/{code}")] {
            pages.push(sara.get(&format!("{lang}{path}")).await.is(200));
        }
        pages.push(boss.get(&format!("{lang}/work/answers?code=evil")).await.is(200));
        pages.push(sara.post(&format!("{lang}/work/{code}/contact"), &[]).await.is(200));
        pages.push(sara.post(&format!("{lang}/work/{code}/person"), &[]).await.is(200));
        pages.push(
            sara.post(&format!("{lang}/work/bulk"), &[("what", EVIL), ("code", &code), ("query", EVIL)])
                .await
                .is(200),
        );
    }
    for page in pages {
        for bad in ["<script>alert", "<img src=x", "<b onmouseover"] {
            assert!(!page.html.contains(bad), "{} holds {bad}", page.path);
        }
    }
}

#[tokio::test]
async fn an_organisation_answers_by_its_link_and_sees_no_more_than_it_must() {
    let scene = Scene::new();
    let id = scene.city.id;
    let outside = scene
        .city
        .door
        .db
        .read_blocking(move |tx| people::units::all(tx, id))
        .unwrap()
        .into_iter()
        .find(|unit| unit.kind == people::units::UnitKind::External)
        .unwrap()
        .id
        .to_string();
    let mut sara = scene.browser(scene.sara);
    let v = scene.version();
    let fields =
        [("version", v.as_str()), ("unit", outside.as_str()), ("days", "۷"), ("words", "لطفاً رسیدگی کنید")];
    sara.post(&scene.path("/refer"), &[("version", &v), ("unit", &outside), ("days", "0"), ("words", "x")])
        .await
        .is(422);
    sara.post(&scene.path("/refer"), &fields).await.is(303);
    sara.get("/work?list=outside").await.is(200).sees("پاسخ تا");
    scene.browser(scene.stranger).post(&scene.path("/link"), &[]).await.is(404);
    let page = sara.post(&scene.path("/link"), &[]).await.is(200);
    let link =
        page.html.split("/outside/").nth(1).and_then(|rest| rest.split('<').next()).unwrap().to_owned();
    let path = format!("/outside/{}", link.trim());
    let seen = scene.city.get(&path).await.is(200).sees("لطفاً رسیدگی کنید");
    let seen = seen.misses("09121234567").misses("مینا").misses("۰۹۱۲۱۲۳۴۵۶۷");
    assert!(seen.headers[header::CACHE_CONTROL].to_str().unwrap().contains("private"));
    scene.city.get("/outside/0123").await.is(404);
    scene.city.get(&format!("/outside/{}", "a".repeat(64))).await.is(404);
    scene.city.post(&path, &[("words", "")]).await.is(422);
    scene.city.post(&path, &[("words", EVIL)]).await.is(200).sees("این پیوند بسته شد");
    scene.city.get(&path).await.is(404);
    sara.get(&scene.path("")).await.is(200).misses("<script>alert").sees("نهاد بیرونی پاسخ داد");
    assert_eq!(scene.city.request(scene.sent.id).unit, Some(scene.unit));
}

#[tokio::test]
async fn a_request_is_split_corrected_hidden_and_covered() {
    let scene = Scene::with(|draft| draft.words = "آقای فرامرز کوشا آشغال می‌ریزد".into());
    let other = scene.city.units().into_iter().find(|id| *id != scene.unit).unwrap().to_string();
    let (unit, v) = (scene.unit.to_string(), scene.version());
    let mut sara = scene.browser(scene.sara);
    let one = [("version", v.as_str()), ("unit", unit.as_str()), ("words", "جارو")];
    sara.post(&scene.path("/split"), &one).await.is(422).sees("از ۲ تا ۱۰ بخش");
    let two = [one.as_slice(), &[("unit", other.as_str()), ("words", "چراغ"), ("unit", ""), ("words", "")]]
        .concat();
    let seen = sara.post(&scene.path("/split"), &two).await;
    sara.follow(seen).await.is(200).sees("بخش شد").sees("بخش‌ها").sees("چراغ");
    scene.browser(scene.stranger).get(&scene.path("")).await.is(404);
    let mut boss = scene.city.somebody(Role::Supervisor);
    boss.post(&scene.path("/mask"), &[("text", "فرامرز کوشا")]).await.is(303);
    let public = scene.city.get(&format!("/requests/{}", scene.sent.code)).await.is(200);
    public.misses("کوشا").sees("•••••• ••••");
    boss.post(&scene.path("/visibility"), &[("public", "no"), ("words", "")]).await.is(422);
    boss.post(&scene.path("/visibility"), &[("public", "no"), ("words", "نام کسی")]).await.is(303);
    let v = scene.version();
    let fields = [
        ("version", v.as_str()),
        ("service", "fallen-tree"),
        ("address", "خیابان تازه"),
        ("words", "درخت است"),
    ];
    boss.post(&scene.path("/correct"), &fields).await.is(303);
    let request = scene.city.request(scene.sent.id);
    assert_eq!((request.address.as_str(), request.is_public), ("خیابان تازه", false));
}

#[tokio::test]
async fn every_page_of_work_says_everything_in_both_languages() {
    let scene = Scene::new();
    let mut boss = scene.city.somebody(Role::Supervisor);
    let mut admin = scene.city.somebody(Role::Administrator);
    let citizen = scene.city.citizen("09121234567");
    let mut citizen = scene.city.signed_in(citizen, Assurance::Code);
    for lang in Lang::ALL {
        let at = |path: &str| door::lang::path(lang, path);
        let mut pages = Vec::new();
        for turn in ["open", "new", "overdue", "waiting", "referred", "objection", "done"] {
            pages.push(boss.get(&at(&format!("/work?turn={turn}&service=waste.*&district=6"))).await);
        }
        for path in [
            "/work",
            "/work?list=mine",
            "/work?list=called",
            "/work?list=outside",
            "/work/answers",
            &scene.path(""),
        ] {
            pages.push(boss.get(&at(path)).await);
        }
        pages.push(admin.get(&at("/privacy/retention")).await);
        pages.push(citizen.get(&at("/me/data")).await);
        for page in pages {
            let page = page.is(200);
            assert!(page.html.contains(&format!("<html lang=\"{}\"", lang.code())), "{}", page.path);
            assert_eq!(page.html.matches("<h1").count(), 1, "{}", page.path);
            assert!(!page.html.contains(" style=\"") && !page.html.contains("{ $"), "{}", page.path);
            let text = page.text();
            for key in words::Words::KEYS.iter().filter(|key| key.matches('-').count() > 1) {
                assert!(!text.contains(key), "{} shows the key {key}", page.path);
            }
        }
    }
}
