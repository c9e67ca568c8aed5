//! What is covered, what is forgotten, and what a citizen takes along.

use people::accounts::Offer;
use people::sessions::Assurance;
use people::{Actor, Role};
use requests::moves::Step;
use requests::{Status, find};

use super::work::{EVIL, Scene};

#[tokio::test]
async fn forgetting_takes_two_administrators() {
    let scene = Scene::new();
    scene.city.lead_by(scene.sent.id, Step::to(Status::Answered).saying("شد"));
    let one = scene.city.member("one", Offer::city(Role::Administrator));
    let mut one = scene.browser(one);
    one.get("/privacy/retention").await.is(200).sees("مدت هیچ درخواستی تمام نشده است");
    one.post("/privacy/retention", &[("words", "yes")]).await.is(422).sees("چیزی برای فراموش کردن نیست");
    one.post("/privacy/holds", &[("code", "123"), ("why", "x")]).await.is(422);
    let code = scene.sent.code.to_string();
    one.post("/privacy/holds", &[("code", &code), ("why", EVIL)]).await.is(303);
    one.get("/privacy/retention").await.is(200).misses("<script>alert");
    one.post("/privacy/holds", &[("code", &code), ("lift", "yes")]).await.is(303);
    scene.city.somebody(Role::Supervisor).get("/privacy/retention").await.is(403);
}

#[tokio::test]
async fn a_citizen_sees_takes_and_deletes_what_is_theirs() {
    let scene = Scene::new();
    let mut theirs = scene.city.draft("fallen-tree");
    theirs.words = "حرف دیگری".into();
    theirs.contact.mobile = "09350000000".into();
    scene.city.submit(&theirs);
    let me = scene.city.citizen("09121234567");
    let mut me = scene.city.signed_in(me, Assurance::Code);
    me.get("/me/data").await.is(200).sees("رفت‌وروب").misses("حرف دیگری");
    let file = me.get("/me/data.json").await.is(200);
    let told: serde_json::Value = serde_json::from_str(&file.html).unwrap();
    assert_eq!(told["requests"].as_array().unwrap().len(), 1);
    assert_eq!(told["requests"][0]["contact"]["mobile"], "+989121234567");
    me.post("/me/data", &[]).await.is(422).sees("مطمئن");
    let seen = me.post("/me/data", &[("sure", "yes")]).await;
    me.follow(seen).await.is(200).sees("۱ درخواست شما را فراموش کرد");
    let (system, request) = (scene.city.door.act(Actor::System("test")), scene.city.request(scene.sent.id));
    let contact = scene.city.door.db.read_blocking(move |tx| find::contact(tx, &system, &request)).unwrap();
    assert!(contact.is_none());
    scene.city.get("/me/data").await.is(303);
}

#[tokio::test]
async fn a_citizen_erases_their_account_with_everything() {
    let scene = Scene::new();
    let account = scene.city.citizen("09121234567");
    let mut me = scene.city.signed_in(account, Assurance::Code);
    let mut elsewhere = scene.city.signed_in(account, Assurance::Code);
    me.get("/en/me/data").await.is(200).sees("Erase my account too");
    me.post("/en/me/data", &[("account", "yes")]).await.is(422);
    let gone = me.post("/en/me/data", &[("sure", "yes"), ("account", "yes")]).await.is(200);
    gone.sees("Your account is erased").sees("signed out everywhere");
    for browser in [&mut me, &mut elsewhere] {
        browser.get("/me/data").await.is(303);
    }
    let id = scene.city.id;
    let kept = scene.city.door.db.read_blocking(move |tx| people::accounts::by_id(tx, id, account)).unwrap();
    let kept = kept.unwrap();
    assert_eq!((kept.name.as_str(), kept.mobile, kept.email), ("", None, None));
    // What somebody did at work stays theirs, whatever they send.
    let mut staff = scene.city.somebody(Role::Operator);
    staff.get("/me/data").await.is(200).misses("حسابم هم پاک شود");
    let seen = staff.post("/me/data", &[("sure", "yes"), ("account", "yes")]).await.is(303);
    staff.follow(seen).await.is(200);
}

#[tokio::test]
async fn numbers_and_letters_boxes_are_covered_wherever_everybody_reads() {
    // Twice each, because covering the first alone is the usual mistake.
    let personal = ["09121234567", "۰۹۳۵ ۱۲۳ ۴۵۶۷", "0012345679", "mina@example.com"];
    let text = personal.iter().flat_map(|p| [*p, *p]).collect::<Vec<_>>().join(" و ");
    let scene = Scene::with(|draft| {
        draft.words = format!("بگویید به {text}");
        draft.place.address = format!("پلاک ۱۲، تلفن {text}");
    });
    let mut sara = scene.browser(scene.sara);
    let v = scene.version();
    sara.post(&scene.path("/note"), &[("words", &text), ("public", "yes")]).await.is(303);
    scene.city.lead_by(scene.sent.id, Step::to(Status::Answered).saying(format!("شد {text}")));
    assert_ne!(v, scene.version());
    for lang in ["", "/en"] {
        for path in [
            format!("/requests/{}", scene.sent.code),
            "/requests?status=all".into(),
            "/requests?status=done".into(),
        ] {
            let page = scene.city.get(&format!("{lang}{path}")).await.is(200).sees("••");
            for one in personal {
                assert!(!page.html.contains(one), "{} shows {one}", page.path);
            }
        }
        // Nor is it found by what nobody may read. Of a telephone number nothing is asked at all.
        for one in ["mina", "example.com"] {
            let page = scene.city.get(&format!("{lang}/requests?status=all&q={one}")).await.is(200);
            assert!(!page.html.contains(&scene.sent.code.to_string()), "found by {one}");
        }
    }
}
