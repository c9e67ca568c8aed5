//! The dispatcher's board: read, given, refused, accepted, printed; and what others may not see.

use dispatch::orders::{self, Draft};
use dispatch::{CrewId, OrderStatus, Seen as Version, Urgency, WorkOrder, crews, shifts};
use language::Lang;
use people::Role;
use territory::{Level, Point};

use super::browser::Browser;
use super::city::{City, HERE, NOW, Seen};

const EVIL: &str = "<script>alert(1)</script>";

/// A district with two crews at work and three orders that nobody has.
struct Scene {
    city: City,
    crews: Vec<CrewId>,
    orders: Vec<WorkOrder>,
}

fn near(n: usize) -> Point {
    Point::new(HERE.0 + 0.002 * n as f64, HERE.1 + 0.001 * n as f64).unwrap()
}

impl Scene {
    fn new() -> Scene {
        let city = City::new();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities/tehran");
        let pack = dispatch::pack::read(&folder).unwrap();
        let (act, id, unit) = (city.act_of_house(), city.id, city.first_unit());
        let made = city.door.db.write_blocking(move |tx| -> storage::Result<_> {
            dispatch::pack::load(tx, &act, id, &pack).unwrap();
            let six = territory::atlas(tx, id)?.by_code(Level::District, "6").map(|d| d.id);
            let mut crew_ids = Vec::new();
            for n in 1..=2 {
                let wish = crews::Wish {
                    name_fa: format!("اکیپ {} {EVIL}", if n == 1 { "یک" } else { "دو" }),
                    name_en: format!("Crew {n} {EVIL}"),
                    district: six,
                    unit: Some(unit),
                    people: 4,
                    skills: vec!["drain".into()],
                    equipment: vec!["jetter".into()],
                    loads: [3000, 1000, 10],
                    ..crews::Wish::new(format!("C{n}"), near(0))
                };
                let crew = crews::add(tx, &act, id, &wish).unwrap();
                let shift = shifts::Wish {
                    crew: crew.id,
                    starts_at: NOW.plus_minutes(-60),
                    ends_at: NOW.plus_minutes(400),
                    overtime_until: None,
                    rest: None,
                };
                shifts::plan(tx, &act, id, &shift).unwrap();
                shifts::begin(tx, &act, id, crew.id, true).unwrap();
                crew_ids.push(crew.id);
            }
            let mut all = Vec::new();
            for n in 0..3 {
                let urgency = if n == 0 { Urgency::Immediate } else { Urgency::Day };
                let draft = Draft {
                    words: format!("جوی گرفته است {EVIL}"),
                    address: format!("خیابان ولی‌عصر، کوچهٔ Yas {n} {EVIL}"),
                    urgency: Some(urgency),
                    ..Draft::at("drain", near(n))
                };
                all.push(orders::make(tx, &act, id, draft).unwrap());
            }
            Ok((crew_ids, all))
        });
        let (crews, orders) = made.unwrap();
        Scene { city, crews, orders }
    }

    fn dispatcher(&self) -> Browser<'_> {
        self.city.somebody(Role::Dispatcher)
    }

    fn show(&self, n: usize) -> WorkOrder {
        let (city, id) = (self.city.id, self.orders[n].id);
        self.city.door.db.read_blocking(move |tx| orders::by_id(tx, city, id)).unwrap().unwrap()
    }

    fn path(&self, n: usize) -> String {
        format!("/dispatch/orders/{}", self.orders[n].code)
    }
}

async fn goes(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Seen {
    let seen = browser.post(path, fields).await;
    browser.follow(seen).await.is(200)
}

#[tokio::test]
async fn the_board_shows_crews_orders_and_why_nobody_has_them() {
    let scene = Scene::new();
    let mut dispatcher = scene.dispatcher();
    for path in ["/dispatch", "/dispatch?district=6", "/dispatch?district=nowhere"] {
        let page = dispatcher.get(path).await.is(200);
        let page = page.sees("تابلوی اعزام").sees("اکیپ یک").sees("بی‌اکیپ").misses(EVIL);
        for order in &scene.orders {
            assert!(page.html.contains(&format!("/dispatch/orders/{}", order.code)), "{path}");
        }
    }
    dispatcher.get("/dispatch?district=6").await.is(200).sees("جا هست؛ هنوز سپرده نشده");
    let page = dispatcher.get("/en/dispatch?district=6").await.is(200);
    page.sees("Dispatch board").sees("there is room; not assigned yet").misses(EVIL);
}

#[tokio::test]
async fn every_page_of_dispatch_opens_in_both_languages() {
    let scene = Scene::new();
    let mut dispatcher = scene.dispatcher();
    for lang in Lang::ALL {
        let prefix = if lang == Lang::En { "/en" } else { "" };
        let pages = [
            "/dispatch",
            "/dispatch/plan?district=6",
            "/dispatch/plan",
            "/dispatch/handover?district=6",
            "/dispatch/sheet/c1",
        ];
        for path in pages
            .iter()
            .map(|path| (*path).to_owned())
            .chain([scene.path(0), format!("{}/crews", scene.path(0))])
        {
            dispatcher.get(&format!("{prefix}{path}")).await.is(200).misses(EVIL);
        }
        for path in ["/dispatch/orders/0-0", "/dispatch/sheet/no-such", "/dispatch/orders/0-0/crews"] {
            dispatcher.get(&format!("{prefix}{path}")).await.is(404);
        }
    }
}

#[tokio::test]
async fn an_order_is_given_with_the_engines_opinion_beside_the_button() {
    let scene = Scene::new();
    let mut dispatcher = scene.dispatcher();
    let page = dispatcher.get(&scene.path(0)).await.is(200);
    let page = page.sees("چه اکیپی برود؟").sees("زودتر از همه").sees("بسپار");
    assert!(page.html.contains(&format!("value=\"{}\"", scene.crews[0].0)));
    let version = scene.show(0).version.to_string();
    let crew = scene.crews[1].0.to_string();
    let fields = [("do", "assign"), ("crew", crew.as_str()), ("version", version.as_str()), ("lock", "1")];
    goes(&mut dispatcher, &scene.path(0), &fields).await.sees("کار سپرده شد").sees("اکیپ دو");
    let order = scene.show(0);
    assert_eq!(
        (order.status, order.crew, order.is_locked),
        (OrderStatus::Assigned, Some(scene.crews[1]), true)
    );
    assert!(order.planned_at.is_some());
    // It stands on the line of its crew now.
    let board = dispatcher.get("/dispatch?district=6").await.is(200);
    assert!(board.html.contains("class=\"stop\""));
}

#[tokio::test]
async fn two_dispatchers_at_once_one_is_told_that_somebody_was_faster() {
    let scene = Scene::new();
    let (mut one, mut two) = (scene.dispatcher(), scene.city.somebody_once(Role::Supervisor));
    let version = scene.show(0).version.to_string();
    let [first, second] = [scene.crews[0].0.to_string(), scene.crews[1].0.to_string()];
    let code = scene.orders[0].code.clone();
    let board = |crew: &str| {
        [
            ("do", "assign"),
            ("order", code.as_str()),
            ("back", "board"),
            ("district", "6"),
            ("crew", crew),
            ("version", version.as_str()),
        ]
        .map(|(name, value)| (name, value.to_owned()))
    };
    let send = |fields: [(&'static str, String); 6]| fields;
    let fields = send(board(&first));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    goes(&mut one, "/dispatch", &fields).await.sees("کار سپرده شد");
    let fields = send(board(&second));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    goes(&mut two, "/dispatch", &fields).await.sees("همکار دیگری زودتر");
    assert_eq!(scene.show(0).crew, Some(scene.crews[0]));
}

#[tokio::test]
async fn a_better_plan_is_asked_for_read_and_accepted() {
    let scene = Scene::new();
    let mut dispatcher = scene.dispatcher();
    let page = goes(&mut dispatcher, "/dispatch/plan", &[("do", "ask"), ("district", "6")]).await;
    let page = page.sees("برنامهٔ بهتری پیدا شد").sees("۳ کار جابه‌جا می‌شود").sees("پذیرفتن");
    let plan = page.field("plan").unwrap();
    assert_eq!(scene.show(0).crew, None);
    let fields = [("do", "publish"), ("plan", plan.as_str()), ("district", "6"), ("back", "board")];
    goes(&mut dispatcher, "/dispatch/plan", &fields).await.sees("برنامه به اکیپ‌ها ابلاغ شد");
    assert!((0..3).all(|n| scene.show(n).crew.is_some()));
    goes(&mut dispatcher, "/dispatch/plan", &fields).await.sees("تصمیم گرفته شده است");
    goes(&mut dispatcher, "/dispatch/plan", &[("do", "ask-all")]).await.sees("برنامهٔ بهتری پیدا نشد");
    for (verb, said) in [("by-itself", "خودبه‌خود ابلاغ می‌شود"), ("by-hand", "پیشنهاد می‌شود")]
    {
        goes(&mut dispatcher, "/dispatch/plan", &[("do", verb), ("district", "6")]).await.sees(said);
    }
    let crew = scene.crews[0].0;
    let page = dispatcher.get(&format!("/dispatch/plan?district=6&case=out&crew={crew}")).await.is(200);
    page.sees("اکنون").sees("آنگاه").sees("کار بی‌اکیپ");
    dispatcher
        .get("/dispatch/plan?district=6&case=more&count=%DB%B1%DB%B0&kind=drain")
        .await
        .is(200)
        .sees("دیرکرد");
    dispatcher
        .get("/dispatch/plan?district=6&case=more&count=9999&kind=drain")
        .await
        .is(200)
        .sees("۱ تا ۲۰۰");
    dispatcher.get("/dispatch/sheet/c1").await.is(200).sees("برگهٔ روز");
}

#[tokio::test]
async fn what_a_crew_is_at_is_not_taken_and_the_rest_only_with_words() {
    let scene = Scene::new();
    let (act, city, id, crew) =
        (scene.city.act_of_house(), scene.city.id, scene.orders[1].id, scene.crews[0]);
    let write = move |tx: &mut storage::Tx<'_>| {
        let seen = orders::by_id(tx, city, id)?.unwrap().version;
        orders::assign(tx, &act, city, id, crew, Version(seen)).unwrap();
        orders::on_the_way(tx, &act, city, id).unwrap();
        Ok::<_, storage::Error>(())
    };
    scene.city.door.db.write_blocking(write).unwrap();
    let mut dispatcher = scene.dispatcher();
    let page = dispatcher.get(&scene.path(1)).await.is(200).misses("چه اکیپی برود؟");
    let version = scene.show(1).version.to_string();
    let take = |words: &'static str| {
        [("do", "unassign"), ("version", version.clone().leak() as &str), ("words", words)]
    };
    goes(&mut dispatcher, &scene.path(1), &take("")).await.sees("بنویسید چرا");
    goes(&mut dispatcher, &scene.path(1), &take("سیل در خیابان بالا")).await.sees("پس گرفته شد");
    assert_eq!(scene.show(1).status, OrderStatus::Open);
    assert_eq!(page.status, 200);
    let version = scene.show(2).version.to_string();
    let cancel = [("do", "cancel"), ("version", version.as_str()), ("reason", "by-dispatcher")];
    goes(&mut dispatcher, &scene.path(2), &cancel).await.sees("کار لغو شد");
    goes(&mut dispatcher, &scene.path(2), &cancel).await.sees("همکار دیگری زودتر");
    let nothing = dispatcher.post(&scene.path(2), &[("do", "fly")]).await;
    assert_eq!(nothing.status, 404);
}

#[tokio::test]
async fn a_shift_hands_over_in_words_and_nothing_typed_is_lost() {
    let scene = Scene::new();
    let mut dispatcher = scene.dispatcher();
    let long = "الف".repeat(3000);
    let fields = [("do", "leave"), ("district", "6"), ("words", long.as_str())];
    let page = dispatcher.post("/dispatch/handover", &fields).await.is(422);
    assert!(page.html.contains(&long));
    dispatcher
        .post("/dispatch/handover", &[("do", "leave"), ("district", "6"), ("words", " ")])
        .await
        .is(422)
        .sees("چیزی ننوشته‌اید");
    let fields = [("do", "leave"), ("district", "6"), ("words", "پمپ دوم خراب است <b>")];
    let page = goes(&mut dispatcher, "/dispatch/handover", &fields).await;
    let page = page.sees("برای شیفت بعد ماند").sees("پمپ دوم خراب است").misses("خراب است <b>");
    let id = page.field("id").unwrap();
    let take = [("do", "take"), ("district", "6"), ("id", id.as_str())];
    goes(&mut dispatcher, "/dispatch/handover", &take).await.sees("تحویل گرفتید");
    let again = dispatcher.post("/dispatch/handover", &take).await.is(422);
    again.sees("همکار دیگری زودتر");
}

#[tokio::test]
async fn the_stream_says_who_moved_and_that_orders_changed() {
    use axum::extract::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    let scene = Scene::new();
    let account = scene.city.member("bahram", people::accounts::Offer::city(Role::Dispatcher));
    let mut dispatcher = scene.city.signed_in(account, people::sessions::Assurance::PasswordTotp);
    let page = dispatcher.get("/dispatch?district=6").await.is(200);
    let live = page
        .html
        .split("data-dispatch=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&amp;", "&")
        .replace("&#38;", "&");
    let (act, city, crew, order) =
        (scene.city.act_of_house(), scene.city.id, scene.crews[0], scene.orders[0].clone());
    let write = move |tx: &mut storage::Tx<'_>| {
        orders::assign(tx, &act, city, order.id, crew, Version(order.version)).unwrap();
        orders::on_the_way(tx, &act, city, order.id).unwrap();
        Ok::<_, storage::Error>(())
    };
    scene.city.door.db.write_blocking(write).unwrap();
    let cookies: Vec<String> =
        dispatcher.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = Request::get(live)
        .header(http::header::COOKIE, cookies.join("; "))
        .body(axum::body::Body::empty())
        .unwrap();
    let mut body = scene.city.router.clone().oneshot(request).await.unwrap().into_body();
    let mut text = String::new();
    while !(text.contains("event: crews") && text.contains("event: board")) {
        let frame = body.frame().await.unwrap().unwrap();
        text.push_str(&String::from_utf8_lossy(frame.data_ref().unwrap()));
    }
    assert!(text.contains("on-the-way") && text.contains(&crew.0.to_string()), "{text}");
}
