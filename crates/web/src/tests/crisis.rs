//! A crisis on the page: begun with words for everybody, all hands called, a refusal, volunteers, a closed street, the end.

use dispatch::crews::{self, Wish};
use people::Role;
use territory::{Level, Point};

use super::browser::Browser;
use super::city::{City, HERE, Seen};

impl City {
    /// The city's kinds of work, and two crews of district 6 that are at home.
    fn with_crews() -> City {
        let city = City::new();
        let (act, id) = (city.door.act(people::Actor::System("test")), city.id);
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities/tehran");
        let pack = dispatch::pack::read(&folder).unwrap();
        city.door
            .db
            .write_blocking(move |tx| {
                dispatch::pack::load(tx, &act, id, &pack).unwrap();
                let six = territory::atlas(tx, id)?.by_code(Level::District, "6").map(|d| d.id);
                for (code, name) in [("d6-1", "اکیپ درخت"), ("d6-2", "اکیپ تخلیه")] {
                    let base = Point { lat: HERE.0, long: HERE.1 };
                    let wish = Wish { name_fa: name.into(), district: six, ..Wish::new(code, base) };
                    crews::add(tx, &act, id, &wish).unwrap();
                }
                Ok::<_, storage::Error>(())
            })
            .unwrap();
        city
    }
}

async fn goes(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Seen {
    let seen = browser.post(path, fields).await;
    browser.follow(seen).await.is(200)
}

/// A hidden field of the form that holds a button, by what stands before it on the page.
fn hidden(page: &Seen, after: &str, name: &str) -> String {
    let from = page.html.find(after).unwrap_or_else(|| panic!("the page lacks {after}"));
    let mark = format!("name=\"{name}\" value=\"");
    let at = page.html[from..].find(&mark).unwrap() + from + mark.len();
    page.html[at..].split('"').next().unwrap().to_owned()
}

async fn begun(browser: &mut Browser<'_>) -> Seen {
    let form = browser.get("/crisis/rules").await.is(200).sees("خطر جانی").sees("منطقه ۶");
    let mut fields = form.fields();
    fields.retain(|(name, _)| name != "do" && name != "message-fa" && name != "cut-off");
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    all.extend([("do", "begin"), ("message-fa", "فقط برای خطر جانی تماس بگیرید."), ("cut-off", "9")]);
    goes(browser, "/crisis/rules", &all).await.sees("حالت بحران روشن شد")
}

#[tokio::test]
async fn everybody_is_called_and_what_they_say_is_written_down() {
    let city = City::with_crews();
    let mut supervisor = city.somebody(Role::Supervisor);
    supervisor.get("/crisis").await.is(200).sees("حالت بحران روشن نیست").sees("هیچ خیابانی بسته نیست");
    supervisor.get("/en/crisis").await.is(200).sees("No crisis mode is on").sees("No street is closed");
    let page = begun(&mut supervisor)
        .await
        .sees("در همهٔ شهر برقرار است")
        .sees("منطقه ۹")
        .sees("هنوز کسی فراخوانده نشده");
    city.get("/").await.sees("فقط برای خطر جانی تماس بگیرید.");

    let (id, version) = (hidden(&page, "calls-", "id"), hidden(&page, "calls-", "version"));
    let call = [("do", "call"), ("id", id.as_str()), ("version", version.as_str())];
    let page = goes(&mut supervisor, "/crisis", &call).await.sees("بی‌پاسخ: ۲").sees("اکیپ درخت");

    // A dispatcher telephones: one cannot, and says why; the other comes.
    let mut dispatcher = city.somebody(Role::Dispatcher);
    let form = dispatcher.get("/crisis").await.is(200).misses("فراخواندن همهٔ کسانی");
    let (crew, seen) =
        (hidden(&form, "اکیپ درخت</bdi>", "crew"), hidden(&form, "اکیپ درخت</bdi>", "version"));
    let mut say = vec![("do", "refuse"), ("id", &id), ("crew", &crew), ("version", &seen)];
    dispatcher.post("/crisis", &say).await.is(422).sees("بنویسید چرا اکیپ نمی‌تواند بیاید");
    say.push(("reason", "خودرو خراب است"));
    goes(&mut dispatcher, "/crisis", &say).await.sees("نمی‌توانند: ۱").sees("خودرو خراب است");
    // The same form again: somebody changed it first, the person themselves.
    dispatcher.post("/crisis", &say).await.is(422).sees("زودتر آن را تغییر داد");
    let (crew, seen) =
        (hidden(&page, "اکیپ تخلیه</bdi>", "crew"), hidden(&page, "اکیپ تخلیه</bdi>", "version"));
    let come = [("do", "coming"), ("id", id.as_str()), ("crew", &crew), ("version", &seen)];
    goes(&mut dispatcher, "/crisis", &come).await.sees("می‌آیند: ۱").sees("اکیپی نمی‌تواند بیاید");
}

#[tokio::test]
async fn volunteers_are_taken_in_and_go_home_when_it_ends() {
    let city = City::with_crews();
    let mut supervisor = city.somebody(Role::Supervisor);
    let page = begun(&mut supervisor).await;
    let (id, version) = (hidden(&page, "calls-", "id"), hidden(&page, "calls-", "version"));
    let helpers = |people: &'static str| {
        vec![
            ("do", "muster"),
            ("name", "دوام یوسف‌آباد"),
            ("district", "6"),
            ("people", people),
            ("place", "۳۵٫۷۲۱۹، ۵۱٫۴۰۵۶"),
        ]
    };
    let with = |mut fields: Vec<(&'static str, &'static str)>| {
        let mut all: Vec<(String, String)> =
            fields.drain(..).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        all.extend([("id".to_owned(), id.clone()), ("version".to_owned(), version.clone())]);
        all
    };
    fn lent(fields: &[(String, String)]) -> Vec<(&str, &str)> {
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
    let few = with(helpers("چند"));
    let page = supervisor.post("/crisis", &lent(&few)).await.is(422);
    assert!(page.html.contains("value=\"دوام یوسف‌آباد\""), "nothing typed is lost");
    let eight = with(helpers("۸"));
    goes(&mut supervisor, "/crisis", &lent(&eight)).await.sees("از هم‌اکنون یک اکیپ‌اند").sees("دوام یوسف‌آباد");

    let form = supervisor.get("/crisis/rules").await.is(200);
    let end = [("do", "end"), ("id", id.as_str()), ("version", &form.field("version").unwrap())];
    goes(&mut supervisor, "/crisis/rules", &end)
        .await
        .sees("حالت بحران پایان یافت")
        .sees("حالت بحران روشن نیست")
        .sees("بحران‌های گذشته");
    city.get("/").await.misses("فقط برای خطر جانی تماس بگیرید.");
    supervisor.post("/crisis/rules", &end).await.is(422).sees("این بحران پایان یافته است");
}

#[tokio::test]
async fn a_street_is_closed_and_opened_again() {
    let city = City::with_crews();
    let mut dispatcher = city.somebody(Role::Dispatcher);
    let close = |place: &'static str, metres: &'static str| {
        [
            ("do", "close"),
            ("words", "آب‌گرفتگی زیرگذر"),
            ("road-place", place),
            ("metres", metres),
            ("hours", ""),
        ]
    };
    dispatcher.post("/crisis", &close("کنار پارک", "80")).await.is(422).sees("جا را");
    dispatcher.post("/crisis", &close("34.5, 51.0", "80")).await.is(422).sees("بیرون از شهر");
    dispatcher.post("/crisis", &close("35.7219, 51.4056", "9000")).await.is(422).sees("۱۰ تا ۵۰۰۰ متر");
    let page = goes(&mut dispatcher, "/crisis", &close("35.7219, 51.4056", "۸۰")).await;
    let page = page.sees("راه‌ها از هم‌اکنون آن را دور می‌زنند").sees("آب‌گرفتگی زیرگذر").sees("تا بازگشایی");
    let (id, version) = (hidden(&page, "35.72190", "id"), hidden(&page, "35.72190", "version"));
    let open = [("do", "open"), ("id", id.as_str()), ("version", version.as_str())];
    goes(&mut dispatcher, "/crisis", &open).await.sees("هیچ خیابانی بسته نیست");
    dispatcher.get("/crisis/rules").await.is(403);
    dispatcher.post("/crisis", &[("do", "dance")]).await.is(404);
}
