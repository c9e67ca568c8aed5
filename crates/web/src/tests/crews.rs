//! Crews, shifts, help between districts and kinds of work, as dispatchers and unit managers see them.

use dispatch::orders::Draft;
use dispatch::{crews, job_types, orders};
use http::StatusCode;
use language::Lang;
use people::accounts::Offer;
use people::sessions::Assurance;
use people::{Actor, Role};
use territory::{Level, Point};

use super::browser::Browser;
use super::city::{City, HERE, Seen};

/// A city whose kinds of work are loaded.
fn city() -> City {
    let city = City::new();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities/tehran");
    let pack = dispatch::pack::read(&folder).unwrap();
    let (act, id) = (city.door.act(Actor::System("test")), city.id);
    city.door.db.write_blocking(move |tx| dispatch::pack::load(tx, &act, id, &pack)).unwrap();
    city
}

fn district(city: &City, code: &'static str) -> String {
    let id = city.id;
    let atlas = city.door.db.read_blocking(move |tx| territory::atlas(tx, id)).unwrap();
    atlas.by_code(Level::District, code).unwrap().id.to_string()
}

fn unit(city: &City, code: &'static str) -> i64 {
    let id = city.id;
    let catalogue = city.door.db.read_blocking(move |tx| requests::catalogue(tx, id)).unwrap();
    catalogue.unit_by_code(code).unwrap().id
}

async fn add(browser: &mut Browser<'_>, at: &str, code: &str) -> Seen {
    let (six, own) = (district(browser.city, "6"), unit(browser.city, "d6-urban-services").to_string());
    let fields = [
        ("code", code),
        ("name_fa", "اکیپ نمونه"),
        ("name_en", "Sample crew"),
        ("kind", "own"),
        ("unit", own.as_str()),
        ("district", six.as_str()),
        ("lat", "۳۵٫۷۲۱۹"),
        ("long", "51.4056"),
        ("people", "۴"),
        ("kilograms", "3000"),
        ("stock", "salt 200\nsand: ۵۰"),
        ("skill", "drain"),
        ("skill", "tree"),
        ("equipment", "jetter"),
        ("equipment", "tipper"),
    ];
    browser.post(at, &fields).await
}

#[tokio::test]
async fn a_dispatcher_makes_a_crew_and_gives_it_people_and_a_week() {
    for lang in Lang::ALL {
        let at = |path: &str| door::lang::path(lang, path);
        let city = city();
        let mut dispatcher = city.somebody(Role::Dispatcher);
        dispatcher.get(&at("/crews")).await.is(200);
        let form = dispatcher.get(&at("/crews/new")).await.is(200);
        assert!(form.html.contains("value=\"drain\"") && form.html.contains("name=\"stock\""));
        // What is wrong is said beside the field, and nothing typed is lost.
        let wrong =
            [("code", "d6 1"), ("name_fa", "اکیپ"), ("lat", "35.7"), ("long", "51.4"), ("people", "2")];
        let page = dispatcher.post(&at("/crews/new"), &wrong).await.is(422);
        assert!(page.html.contains("id=\"code-error\"") && page.html.contains("value=\"d6 1\""));
        let page = dispatcher.post(&at("/crews/new"), &[("code", "d6-1"), ("people", "دو")]).await.is(422);
        assert!(page.html.contains("id=\"people-error\"") && page.html.contains("id=\"lat-error\""));
        let made = add(&mut dispatcher, &at("/crews/new"), "d6-1").await.is(303);
        assert!(made.location().starts_with(&at("/crews/d6-1")), "{}", made.location());
        add(&mut dispatcher, &at("/crews/new"), "d6-1").await.is(422);

        let account = city.member("davood", Offer::unit(Role::CrewMember, unit(&city, "d6-urban-services")));
        let one = dispatcher.get(&at("/crews/d6-1")).await.is(200).sees("همکار davood");
        assert!(one.html.contains("value=\"drain\" checked") && !one.html.contains("value=\"pest\" checked"));
        let fields = [("account", account.to_string()), ("leads", "yes".into())];
        let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        dispatcher.post(&at("/crews/d6-1/members"), &fields).await.is(303);
        dispatcher.post(&at("/crews/d6-1/members"), &[("account", "42")]).await.is(422);
        dispatcher.get(&at("/crews/d6-1")).await.is(200).sees("همکار davood");

        let shifts = dispatcher.get(&at("/shifts")).await.is(200);
        assert_eq!(shifts.field("skip_holidays").as_deref(), Some("yes"));
        let mut fields = shifts.fields();
        fields.extend((0..6).map(|n| ("weekday".to_owned(), n.to_string())));
        let fields: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let planned = dispatcher.post(&at("/shifts"), &fields).await.is(303);
        assert!(planned.location().contains("done=planned"), "{}", planned.location());
        let week = dispatcher.get(planned.location()).await.is(200);
        assert!(week.html.contains("/cancel"), "planned shifts may be cancelled");
        let wrong =
            [("crew", "1"), ("from_day", "فردا"), ("until_day", ""), ("begins", "7"), ("ends", "25:00")];
        let page = dispatcher.post(&at("/shifts"), &wrong).await.is(422);
        assert!(page.html.contains("id=\"from_day-error\"") && page.html.contains("value=\"فردا\""));

        dispatcher.post(&at("/crews/d6-1/status"), &[("status", "on-duty")]).await.is(303);
        dispatcher.post(&at("/crews/d6-1/status"), &[("status", "on-site")]).await.is(422);
        dispatcher.post(&at("/crews/d6-1/status"), &[("status", "asleep")]).await.is(422);
        let leave = format!("/crews/d6-1/members/{account}/leave");
        dispatcher.post(&at(&leave), &[]).await.is(303);
        // An older version changes nothing.
        let late = dispatcher.post(&at("/crews/d6-1/withdraw"), &[("version", "1")]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        let version = dispatcher.get(&at("/crews/d6-1")).await.field("version").unwrap();
        dispatcher.post(&at("/crews/d6-1/withdraw"), &[("version", &version)]).await.is(303);
        dispatcher.get(&at("/crews")).await.is(200).misses("d6-1");
        dispatcher.get(&at("/crews?withdrawn=yes")).await.is(200).sees("d6-1");
    }
}

#[tokio::test]
async fn a_manager_sees_the_own_crews_and_no_others() {
    let city = city();
    let mut dispatcher = city.somebody(Role::Dispatcher);
    add(&mut dispatcher, "/crews/new", "d6-1").await.is(303);
    for (name, of, sees) in [("own", "d6-urban-services", true), ("other", "d6-green", false)] {
        let account = city.member(name, Offer::unit(Role::UnitManager, unit(&city, of)));
        let mut manager = city.signed_in(account, Assurance::PasswordTotp);
        let list = manager.get("/crews").await.is(200);
        assert_eq!(list.html.contains("/crews/d6-1"), sees, "{name}");
        let one = manager.get("/crews/d6-1").await;
        assert_eq!(one.status.as_u16(), if sees { 200 } else { 404 }, "{name}");
        let post = manager.post("/crews/d6-1/status", &[("status", "on-duty")]).await;
        assert_eq!(post.status.as_u16(), if sees { 303 } else { 403 }, "{name}");
    }
    let mut operator = city.somebody(Role::Operator);
    operator.get("/crews").await.is(403);
}

#[tokio::test]
async fn a_district_asks_another_for_help() {
    let city = city();
    let mut dispatcher = city.somebody(Role::Dispatcher);
    add(&mut dispatcher, "/crews/new", "d6-1").await.is(303);
    let form = dispatcher.get("/aid").await.is(200);
    let (six, three) = (district(&city, "6"), district(&city, "3"));
    let send = |from: String, to: String| {
        let mut fields = form.fields();
        fields.retain(|(name, _)| !["from", "to", "skill"].contains(&name.as_str()));
        fields.extend([("from".into(), from), ("to".into(), to), ("skill".into(), "drain".into())]);
        fields
    };
    let of =
        |fields: &[(String, String)]| fields.iter().map(|(n, v)| (n.clone(), v.clone())).collect::<Vec<_>>();
    let same = of(&send(six.clone(), six.clone()));
    let same: Vec<_> = same.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let page = dispatcher.post("/aid", &same).await.is(422);
    assert!(page.html.contains("id=\"from-error\""));
    let fields = of(&send(six, three));
    let fields: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    dispatcher.post("/aid", &fields).await.is(303);
    let page = dispatcher.get("/aid").await.is(200).sees("اکیپ نمونه");
    let grant = page.addresses().into_iter().find(|address| address.ends_with("/grant")).unwrap();
    let (crew, version) = (page.field("crew").unwrap(), page.field("version").unwrap());
    dispatcher.post(&grant, &[("crew", &crew), ("version", &version)]).await.is(303);
    let late = dispatcher.post(&grant.replace("/grant", "/refuse"), &[("version", &version)]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    dispatcher.post(&grant.replace("/grant", "/dance"), &[("version", "2")]).await.is(404);
}

#[tokio::test]
async fn kinds_of_work_and_routines_are_shown_and_an_order_is_written_by_hand() {
    for lang in Lang::ALL {
        let at = |path: &str| door::lang::path(lang, path);
        let city = city();
        let mut dispatcher = city.somebody(Role::Dispatcher);
        let page = dispatcher.get(&at("/work-kinds")).await.is(200);
        let id = city.id;
        let kinds = city.door.db.read_blocking(move |tx| job_types::kinds(tx, id)).unwrap();
        let page = page.sees(kinds.job_types[0].name.get(lang));
        let mut fields = page.fields();
        fields.retain(|(name, _)| !["lat", "long", "job_type", "active", "version"].contains(&name.as_str()));
        let routine = [("job_type", "gutter"), ("lat", "35.7219"), ("long", "51.4056")];
        let mut all: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        dispatcher.post(&at("/work-kinds/routines"), &all).await.is(422);
        all.extend(routine);
        dispatcher.post(&at("/work-kinds/routines"), &all).await.is(303);
        let page = dispatcher.get(&at("/work-kinds")).await.is(200);
        let path = page.addresses().into_iter().find(|a| a.contains("/routines/")).unwrap();
        dispatcher.post(&path, &[("active", "no"), ("version", "1")]).await.is(303);

        dispatcher.get(&at("/dispatch/new-order")).await.is(200);
        let order = |lat: &'static str| {
            [("job_type", "drain"), ("lat", lat), ("long", "51.4056"), ("words", "دهانه گرفته")]
        };
        let page = dispatcher.post(&at("/dispatch/new-order"), &order("34.0")).await.is(422);
        assert!(page.html.contains("id=\"lat-error\"") && page.html.contains("دهانه گرفته"));
        let mut circle = order("35.7219").to_vec();
        circle.push(("after", "1405-99999"));
        dispatcher.post(&at("/dispatch/new-order"), &circle).await.is(422);
        let mut window = order("35.7219").to_vec();
        window.extend([("not_before", "1405/9/10 14:00"), ("not_after", "1405/9/10 13:00")]);
        dispatcher.post(&at("/dispatch/new-order"), &window).await.is(422);
        let made = dispatcher.post(&at("/dispatch/new-order"), &order("35.7219")).await.is(303);
        assert!(made.location().contains("/dispatch/orders/1405-"), "{}", made.location());
    }
}

#[tokio::test]
async fn a_city_without_crews_says_so_kindly() {
    let city = City::new();
    let mut dispatcher = city.somebody(Role::Dispatcher);
    for path in ["/crews", "/shifts", "/aid", "/work-kinds", "/dispatch/new-order"] {
        dispatcher.get(path).await.is(200);
    }
    dispatcher.get("/crews/none").await.is(404);
    let (act, id) = (city.door.act(Actor::System("test")), city.id);
    let draft = Draft::at("drain", Point::new(HERE.0, HERE.1).unwrap());
    let made = city.door.db.write_blocking(move |tx| orders::make(tx, &act, id, draft.clone()));
    assert_eq!(made.unwrap_err().code(), Some("job-type-unknown"));
    let none = crews::Wanted::default();
    assert!(city.door.db.read_blocking(move |tx| crews::list(tx, id, &none)).unwrap().is_empty());
}
