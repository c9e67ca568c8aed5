//! A crew with its telephone: the page with and without script, the queue, pictures, positions, and what others may try.

use std::io::Cursor;

use axum::body::Body;
use dispatch::orders::{self, Draft};
use dispatch::{CrewId, OrderStatus, Seen, WorkOrder, crews, members, shifts};
use http::{Request, header};
use language::Lang;
use people::Role;
use people::accounts::Offer;
use people::sessions::Assurance;
use serde_json::{Value, json};
use storage::Tx;
use territory::{Level, Point};

use super::browser::Browser;
use super::city::{City, HERE, NOW, Seen as Page};

const EVIL: &str = "<script>alert(1)</script>";

/// A city with one crew at work, a person in it, and one order in its hands.
struct Scene {
    city: City,
    account: i64,
    crew: CrewId,
    order: WorkOrder,
}

impl Scene {
    fn new() -> Scene {
        let city = City::new();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities/tehran");
        let mut pack = dispatch::pack::read(&folder).unwrap();
        pack.masking.number = "02112345".into();
        pack.masking.ends = "#".into();
        let unit = city.first_unit();
        let account = city.member("sara", Offer::unit(Role::CrewMember, unit));
        // An hour ago, so that what was done since then can be told.
        let earlier = people::Act { at: NOW.plus_minutes(-60), ..city.act_of_house() };
        let (act, id) = (earlier, city.id);
        let (crew, order) = city
            .door
            .db
            .write_blocking(move |tx| -> storage::Result<_> {
                dispatch::pack::load(tx, &act, id, &pack).unwrap();
                let atlas = territory::atlas(tx, id)?;
                let wish = crews::Wish {
                    name_fa: "اکیپ یک".into(),
                    name_en: "Crew one".into(),
                    district: atlas.by_code(Level::District, "6").map(|d| d.id),
                    unit: Some(unit),
                    people: 4,
                    skills: vec!["drain".into()],
                    equipment: vec!["jetter".into()],
                    loads: [3000, 1000, 10],
                    ..crews::Wish::new("C1", point())
                };
                let crew = crews::add(tx, &act, id, &wish).unwrap();
                members::join(tx, &act, id, crew.id, account, true).unwrap();
                let shift = shifts::Wish {
                    crew: crew.id,
                    starts_at: NOW.plus_minutes(-60),
                    ends_at: NOW.plus_minutes(400),
                    overtime_until: None,
                    rest: None,
                };
                shifts::plan(tx, &act, id, &shift).unwrap();
                shifts::begin(tx, &act, id, crew.id, true).unwrap();
                let draft = Draft {
                    words: format!("جوی گرفته است {EVIL}"),
                    address: "خیابان ولی‌عصر، کوچهٔ Yas".into(),
                    ..Draft::at("drain", point())
                };
                let order = orders::make(tx, &act, id, draft).unwrap();
                let order = orders::assign(tx, &act, id, order.id, crew.id, Seen(order.version)).unwrap();
                Ok((crew.id, order))
            })
            .unwrap();
        Scene { city, account, crew, order }
    }

    fn browser(&self) -> Browser<'_> {
        self.city.signed_in(self.account, Assurance::PasswordTotp)
    }

    fn show(&self) -> WorkOrder {
        let (city, id) = (self.city.id, self.order.id);
        self.city.door.db.read_blocking(move |tx| orders::by_id(tx, city, id)).unwrap().unwrap()
    }

    fn write(&self, work: impl Fn(&mut Tx<'_>) + Send + 'static) {
        let write = move |tx: &mut Tx<'_>| {
            work(tx);
            Ok::<_, storage::Error>(())
        };
        self.city.door.db.write_blocking(write).unwrap();
    }

    fn item(&self, n: i64, minutes: i64, what: Value) -> Value {
        let mut item = json!({
            "id": format!("telephone-{n:04}"),
            "sequence": n,
            "at": NOW.plus_minutes(minutes).0,
            "order": self.order.code,
        });
        for (key, value) in what.as_object().unwrap() {
            item[key] = value.clone();
        }
        item
    }

    fn queue(&self, items: &[Value]) -> Value {
        json!({ "device": "device-0001", "sent_at": NOW.0, "account": self.account.to_string(), "items": items })
    }
}

fn point() -> Point {
    Point::new(HERE.0, HERE.1).unwrap()
}

async fn send(browser: &mut Browser<'_>, path: &str, body: &Value) -> Page {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    browser.ask(request, Body::from(body.to_string())).await
}

fn told(page: &Page) -> Value {
    serde_json::from_str(&page.html).unwrap_or_else(|_| panic!("{} says {}", page.path, page.html))
}

/// A picture as a telephone takes it.
fn picture() -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8, y as u8, 90]));
    picture.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Jpeg).unwrap();
    bytes
}

/// Fields and files as a browser sends them.
async fn form(
    browser: &mut Browser<'_>,
    path: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> Page {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (name, bytes) in files {
        let head =
            format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"p.jpg\"\r\n");
        body.extend_from_slice(format!("{head}Content-Type: image/jpeg\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--line--\r\n");
    let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=line");
    browser.ask(request, Body::from(body)).await
}

#[tokio::test]
async fn an_old_telephone_works_through_a_stop_with_forms() {
    let scene = Scene::new();
    let mut sara = scene.browser();
    let page = sara.get("/crew").await.is(200).sees("راه افتادیم").sees("کوچهٔ Yas");
    assert!(
        page.html.contains("اکیپ یک")
            && !page.html.contains("<script>alert")
            && page.html.contains(&scene.order.code)
    );
    let path = format!("/crew/stops/{}", scene.order.code);
    sara.post(&path, &[("do", "on-the-way"), ("nonce", "aaaaaaaa1")]).await.is(303);
    // The browser's "back" and once more.
    sara.post(&path, &[("do", "on-the-way"), ("nonce", "aaaaaaaa1")]).await.is(303);
    assert_eq!(scene.show().status, OrderStatus::OnTheWay);
    sara.post(&path, &[("do", "on-site"), ("nonce", "aaaaaaaa2")]).await.is(303);
    // Something is missing, and nothing typed is lost.
    let fields = [("do", "done"), ("nonce", "aaaaaaaa3"), ("words", "آب روان شد"), ("check", "ppe")];
    let wrong = form(&mut sara, &path, &fields, &[]).await.is(422).sees("یک مورد لازم بازبینی علامت ندارد");
    assert!(wrong.html.contains(">آب روان شد</textarea>"));
    assert_eq!(scene.show().status, OrderStatus::OnSite);
    let fields = [
        ("do", "done"),
        ("nonce", "aaaaaaaa4"),
        ("words", "آب روان شد"),
        ("was", "ppe"),
        ("check", "ppe"),
        ("check", "flow"),
        ("material[bags]", "۳"),
        ("other", ""),
        ("other-amount", ""),
        ("note", "دریچه شکسته است"),
    ];
    let photo = picture();
    let files = [("before", photo.as_slice()), ("after", photo.as_slice())];
    form(&mut sara, &path, &fields, &files).await.is(303);
    assert_eq!(scene.show().status, OrderStatus::Done);
    sara.get("/crew").await.is(200).sees("تمام‌شده در این شیفت").sees("کاری نمانده است");
    // The amount is no number.
    let wrong = [("do", "keep"), ("nonce", "aaaaaaaa5"), ("material[bags]", "خیلی")];
    form(&mut sara, &path, &wrong, &[]).await.is(422).sees("مقدار یک عدد است");
    sara.post("/crew/stops/1405-99999", &[("do", "on-site"), ("nonce", "aaaaaaaa6")]).await.is(422);
}

#[tokio::test]
async fn a_queue_is_taken_item_by_item_and_once() {
    let scene = Scene::new();
    let mut sara = scene.browser();
    let items = [
        scene.item(1, -50, json!({ "kind": "on-the-way" })),
        scene.item(2, -40, json!({ "kind": "on-site" })),
        scene.item(3, -39, json!({ "kind": "check", "code": "ppe", "ticked": true })),
        scene.item(4, -39, json!({ "kind": "check", "code": "flow", "ticked": true })),
        json!({ "id": "telephone-0005", "kind": "fly" }),
        scene.item(6, -10, json!({ "kind": "done", "words": "شد", "photos": 2 })),
    ];
    let answer = told(&send(&mut sara, "/crew/sync", &scene.queue(&items)).await.is(200));
    let outcome = |answer: &Value, id: &str| {
        let items = answer["items"].as_array().unwrap();
        let one = items.iter().find(|one| one["id"] == id).unwrap();
        (one["outcome"].as_str().unwrap().to_owned(), one["words"].as_str().unwrap_or("").to_owned())
    };
    assert_eq!(outcome(&answer, "telephone-0001").0, "accepted");
    assert_eq!(outcome(&answer, "telephone-0006").0, "accepted", "{answer}");
    let (refused, words) = outcome(&answer, "telephone-0005");
    assert_eq!(refused, "refused");
    assert!(words.contains("فهمیده نشد"), "{words}");
    let done = scene.show();
    assert_eq!((done.status, done.on_site_at), (OrderStatus::Done, Some(NOW.plus_minutes(-40))));
    let again = told(&send(&mut sara, "/en/crew/sync", &scene.queue(&items)).await.is(200));
    assert_eq!(outcome(&again, "telephone-0001").0, "already-had");
    assert_eq!(scene.show(), done);
    // Pictures follow, one at a time, and once.
    for (n, stage) in [(7, "before"), (8, "after")] {
        let item = scene.item(n, -35, json!({ "kind": "photo", "stage": stage })).to_string();
        let account = scene.account.to_string();
        let now = NOW.0.to_string();
        let fields =
            [("device", "device-0001"), ("sent_at", now.as_str()), ("account", &account), ("item", &item)];
        let photo = picture();
        for expected in ["accepted", "already-had"] {
            let page = form(&mut sara, "/crew/photo", &fields, &[("photo", &photo)]).await.is(200);
            assert_eq!(told(&page)["outcome"], expected, "{}", page.html);
        }
        let broken = scene.item(n + 10, -35, json!({ "kind": "photo", "stage": stage })).to_string();
        let fields =
            [("device", "device-0001"), ("sent_at", now.as_str()), ("account", &account), ("item", &broken)];
        let page = form(&mut sara, "/crew/photo", &fields, &[("photo", b"no picture")]).await.is(200);
        assert_eq!(told(&page)["code"], "photo-unreadable");
    }
    assert_eq!(scene.show().reason, "");
    let (city, id) = (scene.city.id, scene.order.id);
    let brought =
        scene.city.door.db.read_blocking(move |tx| dispatch::evidence::of_order(tx, city, id)).unwrap();
    let photo = brought.iter().find_map(|e| e.photo.clone()).unwrap();
    let path = format!("/crew/photos/{}/{}.jpg", scene.order.code, photo.thumbnail);
    let seen = sara.get(&path).await.is(200);
    assert_eq!(seen.headers[header::CONTENT_TYPE], "image/jpeg");
    scene.city.somebody(Role::Dispatcher).get(&path).await.is(200);
    scene.city.somebody(Role::Operator).get(&path).await.is(404);
    let other = scene.city.member("omid", Offer::unit(Role::CrewMember, scene.city.first_unit()));
    scene.city.signed_in(other, Assurance::PasswordTotp).get(&path).await.is(404);
}

#[tokio::test]
async fn nobody_sends_what_another_person_did() {
    let scene = Scene::new();
    let other = scene.city.member("omid", Offer::unit(Role::CrewMember, scene.city.first_unit()));
    let mut omid = scene.city.signed_in(other, Assurance::PasswordTotp);
    let queue = scene.queue(&[scene.item(1, -5, json!({ "kind": "on-the-way" }))]);
    send(&mut omid, "/crew/sync", &queue).await.is(409);
    let mut own = queue.clone();
    own["account"] = json!(other.to_string());
    let answer = told(&send(&mut omid, "/crew/sync", &own).await.is(200));
    assert_eq!(answer["items"][0]["outcome"], "conflict");
    assert_eq!(scene.show().status, OrderStatus::Assigned);
    omid.get("/crew").await.is(200).sees("شما در هیچ اکیپی نیستید").misses(&scene.order.code);
    for body in ["", "{}", "[]", "null", "{\"device\":1}"] {
        let request = Request::post("/crew/sync").header(header::CONTENT_TYPE, "application/json");
        omid.ask(request, Body::from(body)).await.is(422);
    }
    let nameless = json!({ "device": "x", "sent_at": NOW.0, "account": other.to_string(), "items": [] });
    send(&mut omid, "/crew/sync", &nameless).await.is(422);
}

#[tokio::test]
async fn what_came_too_late_is_shown_to_the_crew_and_to_dispatchers() {
    let scene = Scene::new();
    let (act, city, order) = (scene.city.act_of_house(), scene.city.id, scene.order.id);
    scene.write(move |tx| {
        orders::cancel(tx, &act, city, order, "not-needed", None).unwrap();
    });
    let mut sara = scene.browser();
    let item = scene.item(1, -5, json!({ "kind": "done", "words": format!("شد {EVIL}") }));
    let answer = told(&send(&mut sara, "/crew/sync", &scene.queue(&[item])).await.is(200));
    assert_eq!(answer["items"][0]["outcome"], "conflict");
    assert!(answer["items"][0]["words"].as_str().unwrap().contains("لغو شد"), "{answer}");
    sara.get("/crew").await.is(200).sees("آنچه به‌تازگی پذیرفته نشد").sees("لغو شد");
    let mut boss = scene.city.somebody(Role::Dispatcher);
    let page = boss.get("/crew/conflicts").await.is(200).sees("اکیپ یک").sees("شد <script>");
    assert!(!page.html.contains("<script>alert"));
    let id = page.field("id").unwrap();
    sara.get("/crew/conflicts").await.is(403);
    sara.post("/crew/conflicts", &[("id", &id)]).await.is(403);
    boss.post("/crew/conflicts", &[("id", &id)]).await.is(303);
    boss.post("/crew/conflicts", &[("id", &id)]).await.is(303);
    boss.post("/crew/conflicts", &[("id", "x")]).await.is(422);
    boss.get("/en/crew/conflicts").await.is(200).sees("Nothing is waiting here.");
}

#[tokio::test]
async fn positions_of_many_telephones_go_into_one_write() {
    let scene = Scene::new();
    let fixes = |minutes: i64, lat: f64| {
        let at = NOW.plus_minutes(minutes).0;
        json!({ "sent_at": NOW.0, "fixes": [{ "at": at, "lat": lat, "long": HERE.1, "accuracy": 9.0 }] })
    };
    let head = |scene: &Scene| {
        let city = scene.city.id;
        scene.city.door.db.read_blocking(move |tx| storage::journal::head(tx, city)).unwrap().0
    };
    let mut browsers: Vec<Browser<'_>> = (0..5).map(|_| scene.browser()).collect();
    for browser in &mut browsers {
        // The first page of a session writes that it is in use.
        browser.get("/crew").await.is(200);
    }
    let before = head(&scene);
    let body = fixes(0, HERE.0);
    let [a, b, c, d, e] = &mut browsers[..] else { panic!("five") };
    let path = "/crew/positions";
    let (a, b, c, d, e) = tokio::join!(
        send(a, path, &body),
        send(b, path, &body),
        send(c, path, &body),
        send(d, path, &body),
        send(e, path, &body)
    );
    let answers = [a, b, c, d, e];
    for answer in answers {
        assert_eq!(told(&answer.is(200))["taken"], 1);
    }
    assert!(head(&scene) <= before + 2, "five reports are not five facts");
    let (city, crew) = (scene.city.id, scene.crew);
    let now = scene.city.door.db.read_blocking(move |tx| crews::by_id(tx, city, crew)).unwrap().unwrap();
    assert_eq!(now.position.unwrap().at, NOW);
    let mut sara = scene.browser();
    let outside = told(&send(&mut sara, "/crew/positions", &fixes(0, 34.5)).await.is(200));
    assert_eq!(outside["is_outside"], true);
    send(&mut sara, "/crew/positions", &json!({ "fixes": 7 })).await.is(422);
    let act = scene.city.act_of_house();
    scene.write(move |tx| {
        shifts::consent(tx, &act, city, crew, false).unwrap();
    });
    let refused = send(&mut sara, "/crew/positions", &fixes(0, HERE.0)).await.is(409);
    assert_eq!(told(&refused)["code"], "positions-no-consent");
}

#[tokio::test]
async fn the_app_is_served_by_us_and_serves_only_itself() {
    let scene = Scene::new();
    for (lang, scope) in [("", "/crew"), ("/en", "/en/crew")] {
        let manifest = scene.city.get(&format!("{lang}/crew/manifest.webmanifest")).await.is(200);
        let told = told(&manifest);
        assert_eq!((told["scope"].as_str(), told["start_url"].as_str()), (Some(scope), Some(scope)));
        for icon in told["icons"].as_array().unwrap() {
            scene.city.get(icon["src"].as_str().unwrap()).await.is(200);
        }
        let worker = scene.city.get(&format!("{lang}/crew/worker.js")).await.is(200);
        assert_eq!(worker.headers["service-worker-allowed"], scope);
        let line = worker.html.lines().next().unwrap();
        let told: Value =
            serde_json::from_str(line.trim_start_matches("self.TOLD = ").trim_end_matches(';')).unwrap();
        assert_eq!(told["page"], scope);
        for file in told["shell"].as_array().unwrap() {
            let file = file.as_str().unwrap();
            assert!(file.starts_with("/assets/") && !file.ends_with("missing"), "{file}");
            scene.city.get(file).await.is(200);
        }
        let policy = worker.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"));
    }
    let page = scene.browser().get("/en/crew").await.is(200);
    assert!(page.html.contains("href=\"/en/crew/manifest.webmanifest\""));
    scene.city.get("/").await.is(200).misses("/crew/manifest");
}

#[tokio::test]
async fn a_citizen_is_called_without_their_number() {
    let scene = Scene::new();
    let sent = scene.city.submit(&scene.city.draft("blocked-drain"));
    let (act, city, crew) = (scene.city.act_of_house(), scene.city.id, scene.crew);
    scene.write(move |tx| {
        let draft = Draft { request: Some(sent.id), ..Draft::at("drain", point()) };
        let order = orders::make(tx, &act, city, draft).unwrap();
        orders::assign(tx, &act, city, order.id, crew, Seen(order.version)).unwrap();
    });
    let page = scene.browser().get("/crew").await.is(200).sees("تماس با شهروند");
    assert_eq!(page.html.matches("tel:02112345,,1405").count(), 1, "an order of nobody calls nobody");
    assert!(page.html.contains("%23\""));
    for secret in ["9121234567", "۹۱۲۱۲۳۴۵۶۷", "مینا"] {
        assert!(!page.html.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn the_shift_and_the_consent_are_in_the_hands_of_the_crew() {
    let scene = Scene::new();
    let mut sara = scene.browser();
    let shift = |scene: &Scene| {
        let (city, crew) = (scene.city.id, scene.crew);
        scene.city.door.db.read_blocking(move |tx| shifts::current(tx, city, crew, NOW)).unwrap()
    };
    let ask = |n: i64| format!("bbbbbbb{n}");
    sara.post("/crew/shift", &[("do", "consent"), ("given", "no"), ("nonce", &ask(1))]).await.is(303);
    assert_eq!(shift(&scene).unwrap().consent_at, None);
    sara.post("/crew/shift", &[("do", "on-break"), ("nonce", &ask(2))]).await.is(303);
    sara.get("/crew").await.is(200).sees("استراحت");
    sara.post("/crew/shift", &[("do", "on-duty"), ("nonce", &ask(3))]).await.is(303);
    sara.post("/crew/shift", &[("do", "fly"), ("nonce", &ask(4))]).await.is(422);
    sara.post("/crew/shift", &[("do", "end"), ("words", "سلام"), ("nonce", &ask(5))]).await.is(303);
    assert!(shift(&scene).is_none());
    let none = sara.post("/crew/shift", &[("do", "end"), ("nonce", &ask(6))]).await.is(422);
    none.sees("شیفتی از اکیپ شما در جریان نیست");
    assert_eq!(scene.show().status, OrderStatus::Open, "what was not begun goes to others");
}

#[tokio::test]
async fn the_page_says_everything_in_both_languages() {
    let scene = Scene::new();
    let mut sara = scene.browser();
    let mut boss = scene.city.somebody(Role::Dispatcher);
    for lang in Lang::ALL {
        let at = |path: &str| door::lang::path(lang, path);
        for page in [sara.get(&at("/crew")).await, boss.get(&at("/crew/conflicts")).await] {
            let page = page.is(200);
            assert!(page.html.contains(&format!("<html lang=\"{}\"", lang.code())), "{}", page.path);
            assert_eq!(page.html.matches("<h1").count(), 1, "{}", page.path);
            assert!(!page.html.contains(" style=\"") && !page.html.contains("{ $"), "{}", page.path);
            assert!(!page.html.contains("\"\"data") && page.html.contains("</html>"));
            for key in
                words::Words::KEYS.iter().filter(|key| key.starts_with("crew-") && key.contains("-code-"))
            {
                assert!(!page.text().contains(key), "{} shows the key {key}", page.path);
            }
        }
    }
}
