//! Contractors through their pages: both sides of a month, and what others may not see.

use axum::body::Body;
use calendar::Timestamp;
use dispatch::contracts::{self, Draft, Hand, Item, NewLine, State, Terms};
use dispatch::{Seen, Urgency, orders};
use http::{Request, header};
use people::accounts::Offer;
use people::sessions::Assurance;
use people::units::UnitKind;
use people::{Act, Actor, Role};
use territory::Point;

use super::browser::Browser;
use super::city::{City, HERE, NOW};

const DAY: i64 = 86_400_000;
/// 1 Mehr 1405, in days since 1970: NOW is 23 Aban, and Mehr has 30 days.
const MEHR: i64 = NOW.0 / DAY - 22 - 30;

struct Site {
    city: City,
    contractor: i64,
    other: i64,
    contract: i64,
    /// A statement of the month before, presented, and an offer of it.
    statement: i64,
    offer: i64,
    /// An order of today, offered and not answered.
    fresh: i64,
    fresh_code: String,
}

impl Site {
    fn new() -> Site {
        let city = City::new();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities/tehran");
        let pack = dispatch::pack::read(&folder).unwrap();
        let (act, id) = (city.act_of_house(), city.id);
        city.door.db.write_blocking(move |tx| dispatch::pack::load(tx, &act, id, &pack)).unwrap();
        let units = city.door.db.read_blocking(move |tx| people::units::all(tx, id)).unwrap();
        let mut external = units.into_iter().filter(|u| u.kind == UnitKind::External).map(|u| u.id);
        let (contractor, other) = (external.next().unwrap(), external.next().unwrap());
        let site = Site {
            city,
            contractor,
            other,
            contract: 0,
            statement: 0,
            offer: 0,
            fresh: 0,
            fresh_code: String::new(),
        };
        let act = site.at(Actor::System("test"), (MEHR - NOW.0 / DAY) * DAY);
        let mut terms = Terms { check_percent: 0, missing_proof: 500_000, ..Terms::default() };
        terms.class[2].late_finish = 2_000_000;
        let draft = Draft {
            code: "1405-7".into(),
            title_fa: "خدمات شهری منطقهٔ ۶".into(),
            contractor: Some(contractor),
            starts_on: Some(MEHR),
            ends_on: Some(MEHR + 200),
            terms,
            ..Draft::default()
        };
        let contract = site.write(move |tx, j| {
            let made = contracts::make(tx, &act, j, &draft)?;
            let item = Item {
                code: "0101".into(),
                name_fa: "جمع‌آوری نخاله".into(),
                unit: "متر مکعب".into(),
                price: 2_450_000,
                ..Item::default()
            };
            contracts::put_prices(tx, &act, j, made.id, MEHR, &[item])?;
            contracts::set_state(tx, &act, j, made.id, made.version, State::InForce)?;
            Ok(made.id)
        });
        let site = Site { contract, ..site };
        // Forty days ago: two days late, without a photo.
        let offer = site.worked(-40 * DAY, 3);
        let act = site.at(Actor::System("test"), 0);
        let statement = site.write(move |tx, j| contracts::present(tx, &act, j, contract, MEHR));
        let (fresh, fresh_code) = site.given(0);
        Site { statement, offer, fresh, fresh_code, ..site }
    }

    fn at(&self, by: Actor, later: i64) -> Act {
        Act::new(by, NOW.plus_millis(later), self.city.door.dice.clone())
    }

    fn write<T: Send + 'static>(
        &self,
        verb: impl Fn(&mut storage::Tx<'_>, i64) -> contracts::Done<T> + Send + 'static,
    ) -> T {
        let j = self.city.id;
        self.city.door.db.write_blocking(move |tx| verb(tx, j)).unwrap()
    }

    /// An order at the crossing, offered to the contractor.
    fn given(&self, later: i64) -> (i64, String) {
        let (act, contract) = (self.at(Actor::System("test"), later), self.contract);
        self.write(move |tx, j| {
            let draft = orders::Draft {
                urgency: Some(Urgency::Day),
                address: "خیابان نمونه، کوچهٔ Yas".into(),
                ..orders::Draft::at("tree-fallen", Point::new(HERE.0, HERE.1).unwrap())
            };
            let order = orders::make(tx, &act, j, draft).unwrap();
            let offer = contracts::give(tx, &act, j, order.id, contract, Seen(order.version))?;
            Ok((offer.id, order.code))
        })
    }

    /// One that was done so many days after it was accepted, and certified.
    fn worked(&self, later: i64, days: i64) -> i64 {
        let (offer, _) = self.given(later);
        let (accept, done) =
            (self.at(Actor::System("test"), later), self.at(Actor::System("test"), later + days * DAY));
        self.write(move |tx, j| {
            contracts::accept(tx, &accept, j, offer, accept.at.plus_minutes(60), Hand::Account)?;
            contracts::arrive(tx, &accept, j, offer, Hand::Account)?;
            contracts::finish(tx, &done, j, offer, Hand::Account)?;
            let line = NewLine {
                item: "0101".into(),
                quantity: Some(2_500),
                measured_on: Some(done.at.0 / DAY),
                ..NewLine::default()
            };
            contracts::add_line(tx, &done, j, offer, &line, Hand::Account)?;
            contracts::sign(tx, &done, j, offer, "رضا کریمی", Hand::Account)?;
            let line = contracts::sheet(tx, j, offer, done.at)?.unwrap().lines.remove(0);
            contracts::check(tx, &done, j, line.id, line.version, &contracts::Verdict::Certify)?;
            Ok(offer)
        })
    }

    /// Somebody who speaks for a contractor.
    fn speaker(&self, unit: i64) -> Browser<'_> {
        let name = format!("speaker-{unit}");
        let (j, wanted) = (self.city.id, name.clone());
        let known = self
            .city
            .door
            .db
            .read_blocking(move |tx| people::accounts::by_sign_name(tx, j, &wanted))
            .unwrap();
        let account =
            known.map_or_else(|| self.city.member(&name, Offer::unit(Role::Contractor, unit)), |a| a.id);
        self.city.signed_in(account, Assurance::PasswordTotp)
    }
}

#[tokio::test]
async fn every_page_of_contractors_speaks_both_languages() {
    let site = Site::new();
    let mut supervisor = site.city.somebody_once(Role::Supervisor);
    let mut speaker = site.speaker(site.contractor);
    for lang in ["", "/en"] {
        let (statement, offer, fresh) = (site.statement, site.offer, site.fresh);
        let of_city = [
            "/contracts".to_owned(),
            "/contracts/new".into(),
            "/contracts/checks".into(),
            "/contracts/1405-7".into(),
            format!("/contracts/orders/{}", site.fresh_code),
            format!("/statements/{statement}"),
        ];
        let of_contractor = [
            "/contractor".to_owned(),
            format!("/contractor/orders/{offer}"),
            format!("/contractor/orders/{fresh}"),
            format!("/statements/{statement}"),
        ];
        for (browser, paths) in [(&mut supervisor, &of_city[..]), (&mut speaker, &of_contractor[..])] {
            for path in paths {
                let page = browser.get(&format!("{lang}{path}")).await.is(200);
                assert_eq!(page.html.matches("<h1").count(), 1, "{path}");
                assert!(!page.html.contains("{{") && !page.html.contains(" style=\""), "{path}");
                let text = page.text();
                for key in words::Words::KEYS.iter().filter(|key| key.starts_with("contractors-")) {
                    assert!(!text.contains(key), "{path} shows the key {key}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_contract_is_made_priced_and_put_in_force() {
    let site = Site::new();
    let mut browser = site.city.somebody_once(Role::Supervisor);
    let page = browser.get("/contracts/new").await.is(200);
    let mut fields = page.fields();
    let mut send = |name: &str, value: &str| {
        fields.retain(|(known, _)| known != name);
        fields.push((name.to_owned(), value.to_owned()));
        fields.clone()
    };
    send("code", "1405-8");
    send("title_fa", "روشنایی معابر");
    send("retention", "ده");
    let wrong = send("contractor", &site.contractor.to_string());
    let pairs =
        |all: &[(String, String)]| all.iter().map(|(n, v)| (n.clone(), v.clone())).collect::<Vec<_>>();
    let borrowed = |all: &[(String, String)]| -> Vec<(String, String)> { pairs(all) };
    let wrong = borrowed(&wrong);
    let as_refs: Vec<(&str, &str)> = wrong.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let again = browser.post("/contracts/new", &as_refs).await.is(422).sees("روز آغاز را بنویسید");
    assert_eq!(again.field("title_fa").as_deref(), Some("روشنایی معابر"), "nothing that was typed is lost");
    send("starts_on", "۱۴۰۵/۰۸/۰۱");
    send("ends_on", "1405/12/29");
    let wrong = send("retention", "ده");
    let as_refs: Vec<(&str, &str)> = wrong.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post("/contracts/new", &as_refs).await.is(422).sees("این عدد درست نیست");
    let right = send("retention", "7.5");
    let as_refs: Vec<(&str, &str)> = right.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let made = browser.post("/contracts/new", &as_refs).await.is(303);
    assert_eq!(made.location(), "/contracts/1405-8?done=made");
    browser.get("/contracts/1405-8").await.is(200).sees("پیش‌نویس").sees("۷٫۵");
    browser.post("/contracts/new", &as_refs).await.is(422).sees("قرارداد دیگری با این شماره هست");

    // Without prices it is not put in force.
    let refused =
        browser.post("/contracts/1405-8/state", &[("state", "in-force"), ("version", "1")]).await.is(303);
    browser.get(refused.location()).await.is(200).sees("نخست فهرست بهایی وارد کنید");
    let bad = "0101;نخاله;متر مکعب;0\n0101;نخاله;متر;12";
    let page = browser
        .post("/contracts/1405-8/prices", &[("valid_from", "1405/08/01"), ("items", bad)])
        .await
        .is(422);
    let page = page.sees("ردیف ۱").sees("ردیف ۲").sees("این کد پیش‌تر آمده است");
    assert_eq!(page.field("items").as_deref(), Some(bad));
    let good = "0101\tجمع‌آوری نخاله\tمتر مکعب\t۲٬۴۵۰٬۰۰۰";
    browser.post("/contracts/1405-8/prices", &[("valid_from", "1405/08/01"), ("items", good)]).await.is(303);
    browser.post("/contracts/1405-8/state", &[("state", "in-force"), ("version", "1")]).await.is(303);
    browser.get("/contracts/1405-8").await.is(200).sees("در اجرا").sees("۲٬۴۵۰٬۰۰۰");
    // What is in force has no form any more that changes it.
    let late = browser.post("/contracts/1405-8/terms", &as_refs).await.is(422);
    late.sees("شرط‌های قرارداد در اجرا تغییر نمی‌کند");
}

#[tokio::test]
async fn both_sides_bring_a_statement_to_its_end() {
    let site = Site::new();
    let (id, path) = (site.statement, format!("/statements/{}", site.statement));
    let mut speaker = site.speaker(site.contractor);
    let mut supervisor = site.city.somebody_once(Role::Supervisor);
    // 2.5 × 2,450,000; two days late at 2 million; no photo; a fifth at most.
    let page =
        speaker.get(&path).await.is(200).sees("۶٬۱۲۵٬۰۰۰").sees("۲ روز دیرکرد").sees("هیچ عکسی از کار نیست");
    let page = page.sees("قابل پرداخت").sees("۴٬۲۸۷٬۵۰۰");
    drop(page);
    supervisor.get(&path).await.is(200).sees("پیمانکار می‌تواند اعتراض کند");
    speaker.post(&format!("{path}/dispute"), &[("row", "2"), ("words", "خیابان بسته بود")]).await.is(303);
    supervisor.get(&path).await.is(200).sees("خیابان بسته بود").sees("۱ اعتراض بی‌پاسخ");
    supervisor
        .post(
            &format!("{path}/answer"),
            &[("row", "2"), ("do", "uphold"), ("of", "amount"), ("upheld", "۰"), ("words", "درست است")],
        )
        .await
        .is(303);
    speaker.get(&path).await.is(200).sees("اعتراض پذیرفته شد").sees("درست است").sees("۵٬۰۱۲٬۵۰۰");
    let early = supervisor.post(&format!("{path}/close"), &[("version", "3")]).await.is(303);
    supervisor.get(early.location()).await.is(200).sees("مهلت اعتراض پیمانکار هنوز نگذشته است");
    speaker.post(&format!("{path}/agree"), &[]).await.is(303);
    let version = supervisor.get(&path).await.is(200).field("version").unwrap();
    supervisor.post(&format!("{path}/close"), &[("version", &version)]).await.is(303);
    supervisor.get(&path).await.is(200).sees("بسته").sees("بذر");

    // The sheets are for both sides, in both languages.
    for lang in ["", "/en"] {
        let sheet = speaker.get(&format!("{lang}{path}/sheet.xlsx")).await.is(200);
        assert!(sheet.html.starts_with("PK"), "a workbook is a package");
        assert!(sheet.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains(&id.to_string()));
        let sheet = supervisor.get(&format!("{lang}{path}/sheet.csv")).await.is(200);
        assert!(sheet.html.starts_with('\u{feff}') && sheet.html.contains("6125000"));
    }
}

#[tokio::test]
async fn nothing_of_one_contractor_is_there_for_another() {
    let site = Site::new();
    let mut stranger = site.speaker(site.other);
    let (statement, offer, fresh) = (site.statement, site.offer, site.fresh);
    stranger.get("/contractor").await.is(200).misses("کوچهٔ").misses("صورت‌وضعیت ۱");
    for path in [
        format!("/statements/{statement}"),
        format!("/statements/{statement}/sheet.xlsx"),
        format!("/statements/{statement}/sheet.csv"),
        format!("/contractor/orders/{offer}"),
        format!("/contractor/orders/{fresh}"),
    ] {
        stranger.get(&path).await.is(404);
    }
    // What the city gives to contractors is not a contractor's page, whoever's order it is.
    let of_the_city = format!("/contracts/orders/{}", site.fresh_code);
    for path in ["/contracts", "/contracts/1405-7", "/contracts/checks", of_the_city.as_str()] {
        stranger.get(path).await.is(403);
    }
    for deed in ["accept", "refuse", "arrive", "finish", "measure", "sign", "remove:1"] {
        let fields = [("do", deed), ("minutes", "30"), ("reason", "نه"), ("name", "نه")];
        stranger.post(&format!("/contractor/orders/{fresh}"), &fields).await.is(404);
    }
    stranger
        .post(&format!("/statements/{statement}/dispute"), &[("row", "1"), ("words", "نه")])
        .await
        .is(404);
    stranger.post(&format!("/statements/{statement}/agree"), &[]).await.is(404);
    stranger.post(&format!("/statements/{statement}/close"), &[("version", "1")]).await.is(403);
    // The contractor itself neither sees the city's side nor closes.
    let mut own = site.speaker(site.contractor);
    own.get(&of_the_city).await.is(403);
    own.get("/contracts/1405-7").await.is(403);
    own.post(&format!("/statements/{statement}/close"), &[("version", "1")]).await.is(403);
}

#[tokio::test]
async fn an_order_is_accepted_measured_and_signed() {
    let site = Site::new();
    let path = format!("/contractor/orders/{}", site.fresh);
    let mut own = site.speaker(site.contractor);
    own.get("/contractor").await.is(200).sees("پاسخ تا");
    own.post(&path, &[("do", "sign"), ("name", "رضا")]).await.is(422).sees("نخست کار را بپذیرید");
    own.post(&path, &[("do", "accept"), ("minutes", "9999999")]).await.is(422).sees("زمان رسیدن را برگزینید");
    own.post(&path, &[("do", "accept"), ("minutes", "30")]).await.is(303);
    own.post(&path, &[("do", "arrive")]).await.is(303);
    let wrong = own
        .post(
            &path,
            &[
                ("do", "measure"),
                ("item", "0101"),
                ("quantity", "زیاد"),
                ("day", "1405/08/23"),
                ("note", "کنار جوی"),
            ],
        )
        .await;
    let wrong = wrong.is(422).sees("مقدار را با رقم بنویسید");
    assert_eq!(wrong.field("note").as_deref(), Some("کنار جوی"));
    own.post(&path, &[("do", "measure"), ("item", "0101"), ("quantity", "۲٫۵"), ("day", "۱۴۰۵/۰۸/۲۳")])
        .await
        .is(303);
    own.post(&path, &[("do", "sign"), ("name", "رضا")]).await.is(422).sees("نخست پایان کار را ثبت کنید");
    own.post(&path, &[("do", "finish")]).await.is(303);
    own.post(&path, &[("do", "sign"), ("name", "رضا کریمی")]).await.is(303);
    own.get(&path).await.is(200).sees("تحویل شده").sees("رضا کریمی").sees("۶٬۱۲۵٬۰۰۰");
    // Without a photo somebody looks.
    let mut inspector = site.city.somebody_once(Role::Inspector);
    let page = inspector.get("/contracts/checks").await.is(200).sees("بدون عکس").sees("رضا کریمی");
    let line = page.addresses().into_iter().find(|a| a.starts_with("/contracts/checks/")).unwrap();
    inspector
        .post(&line, &[("do", "partly"), ("version", "2"), ("quantity", "2"), ("words", "دو متر است")])
        .await
        .is(303);
    own.get(&path).await.is(200).sees("تأیید با مقدار کمتر").sees("دو متر است").sees("۴٬۹۰۰٬۰۰۰");
    inspector.get("/contracts/checks").await.is(200).sees("چیزی در نوبت بازبینی نیست");
}

#[tokio::test]
async fn a_link_opens_one_order_without_an_account() {
    let site = Site::new();
    let mut dispatcher = site.city.somebody_once(Role::Dispatcher);
    let order = format!("/contracts/orders/{}", site.fresh_code);
    let offer = site.fresh.to_string();
    let page = dispatcher.post(&format!("{order}/link"), &[("offer", &offer), ("do", "make")]).await.is(200);
    let key: String = page.html.split("/contractor/link/").nth(1).unwrap().chars().take(26).collect();
    dispatcher.get(&order).await.is(200).misses(&key);
    let path = format!("/contractor/link/{key}");
    let seen = site.city.get(&path).await.is(200).sees("کوچهٔ Yas");
    assert_eq!(seen.headers["referrer-policy"], "no-referrer");
    assert!(seen.headers["x-robots-tag"].to_str().unwrap().contains("noindex"));
    site.city.get(&format!("/en{path}")).await.is(200).sees("Will you take this order?");
    for wrong in ["x", "00000000000000000000000000", &key[1..], &format!("{key}0")] {
        site.city.get(&format!("/contractor/link/{wrong}")).await.is(404);
        site.city.post(&format!("/contractor/link/{wrong}"), &[("do", "arrive")]).await.is(404);
    }
    site.city.get(&format!("{path}?city=shiraz.ir")).await.is(404);
    site.city.post(&path, &[("do", "accept"), ("minutes", "60")]).await.is(303);
    site.city.post(&path, &[("do", "arrive")]).await.is(303);
    let page = site.city.get(&path).await.is(200);
    let filled = [("do", "measure"), ("item", "0101"), ("quantity", "1")];
    site.city.upload(&page, &path, &filled, &[("after.png", &picture())]).await.is(303);
    let page = site.city.get(&path).await.is(200);
    let photo = page.addresses().into_iter().find(|a| a.ends_with(".jpg")).unwrap();
    assert!(photo.starts_with(&path), "{photo}");
    assert_eq!(site.city.get(&photo).await.is(200).headers["content-type"], "image/jpeg");
    site.city.post(&path, &[("do", "finish")]).await.is(303);
    site.city.post(&path, &[("do", "sign"), ("name", "رضا")]).await.is(200).sees("سپاسگزاریم");
    // It has done its work.
    site.city.get(&path).await.is(404);
    site.city.get(&photo).await.is(404);
    site.city.post(&path, &[("do", "finish")]).await.is(404);
    // A revoked one opens nothing either.
    let (offer, code) = site.given(0);
    let order = format!("/contracts/orders/{code}");
    let offer = offer.to_string();
    let page = dispatcher.post(&format!("{order}/link"), &[("offer", &offer), ("do", "make")]).await.is(200);
    let key: String = page.html.split("/contractor/link/").nth(1).unwrap().chars().take(26).collect();
    dispatcher.post(&format!("{order}/link"), &[("offer", &offer), ("do", "revoke")]).await.is(303);
    site.city.get(&format!("/contractor/link/{key}")).await.is(404);
}

#[tokio::test]
async fn nobody_may_try_many_keys() {
    let city = City::with(door::Settings::default());
    let mut statuses = Vec::new();
    for n in 0..260 {
        let request = Request::get(format!("/contractor/link/{n:026}")).body(Body::empty()).unwrap();
        statuses.push(city.ask(request).await.status.as_u16());
    }
    assert!(statuses.contains(&404) && statuses.contains(&429));
}

/// Every refusal of the verbs has words in both languages.
#[test]
fn no_refusal_is_without_words() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../dispatch/src/contracts");
    let mut found = 0;
    let mut look = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        for part in text.split("Refused(\"").skip(1).chain(text.split("Some(\"contract-").skip(1)) {
            let code = part.split('"').next().unwrap();
            let code = if text.contains(&format!("Some(\"contract-{code}\"")) {
                format!("contract-{code}")
            } else {
                code.to_owned()
            };
            let key = format!("contractors-refusal-{code}");
            assert!(words::Words(language::Lang::Fa).by_key(&key).is_some(), "{key}");
            found += 1;
        }
    };
    for entry in
        std::fs::read_dir(&folder).unwrap().chain(std::fs::read_dir(folder.join("statement")).unwrap())
    {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ext| ext == "rs") {
            look(path);
        }
    }
    assert!(found > 30, "{found}");
    let _: Timestamp = NOW;
}

/// A small picture, different from every other.
fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_fn(32, 24, |x, y| {
        image::Rgb([u8::try_from(x * 7).unwrap_or(0), u8::try_from(y * 9).unwrap_or(0), 90])
    });
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
