//! A storm from both sides: staff at the board and at one incident, citizens at home, reporting and following.

use axum::extract::Request;
use http_body_util::BodyExt;
use language::Lang;
use people::Chore;
use people::Role;
use requests::incidents::{self, read};
use requests::{Submitted, storm};
use storage::followers;

use super::browser::Browser;
use super::city::{City, Seen};

impl City {
    /// Three reports of one tree, which the program takes for one incident.
    pub fn tree(&self) -> (String, Vec<Submitted>) {
        let mut all = Vec::new();
        for lang in [Lang::Fa, Lang::Fa, Lang::En] {
            let mut draft = self.draft("fallen-tree");
            draft.language = lang;
            all.push(self.submit(&draft));
        }
        self.keep_up();
        let (id, first) = (self.id, all[0].id);
        let found = self.door.db.read_blocking(move |tx| read::of_request(tx, id, first, false)).unwrap();
        (found.unwrap().id.0.to_string(), all)
    }

    fn keep_up(&self) {
        for follower in requests::PROMPT_FOLLOWERS {
            followers::catch_up_blocking(&self.door.db, *follower).unwrap();
        }
    }

    fn does(&self, chore: Chore) {
        let (act, id) = (self.act(), self.id);
        while self
            .door
            .db
            .write_blocking({
                let act = act.clone();
                move |tx| (chore.run)(tx, &act, id, 50)
            })
            .unwrap()
            >= 50
        {}
    }

    fn storm(&self) -> storm::Storm {
        let (act, id) = (self.act(), self.id);
        self.door
            .db
            .write_blocking(move |tx| {
                Ok::<_, storage::Error>(storm::begin(tx, &act, id, None, None).unwrap())
            })
            .unwrap()
    }
}

async fn goes(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Seen {
    let seen = browser.post(path, fields).await;
    browser.follow(seen).await.is(200)
}

#[tokio::test]
async fn the_board_shows_a_proposal_and_one_button_confirms_it() {
    let city = City::new();
    let (id, all) = city.tree();
    let mut operator = city.somebody(Role::Operator);
    for path in ["/storm", "/incidents", "/en/storm", "/en/incidents?state=proposed"] {
        let page = operator.get(path).await.is(200);
        assert!(page.html.contains(&format!("/incidents/{id}")), "{path}");
    }
    let page =
        operator.get("/storm").await.sees("سقوط درخت یا شاخه").sees("پیشنهاد").sees("حالت توفان روشن نیست");
    assert!(!page.html.contains("/storm/mode"), "an operator does not begin storms");
    let done = goes(&mut operator, "/storm", &[("do", &format!("confirm:{id}"))]).await;
    done.sees("تأیید شد");
    city.does(incidents::TELLING);
    let path = format!("/requests/{}", all[0].code);
    city.get(&path).await.sees("همراه ۲ درخواست دیگر").sees("بخشی از رخدادی که بسیاری گزارش کرده‌اند");
    city.get(&format!("/en{path}")).await.sees("part of an incident with 2 others");
}

#[tokio::test]
async fn one_answer_reaches_everybody_in_their_own_language() {
    let city = City::new();
    let (id, all) = city.tree();
    let mut operator = city.somebody(Role::Operator);
    let path = format!("/incidents/{id}");
    operator.get(&path).await.is(200).sees("۳ درخواست").sees("۳ هنوز باز").misses("پاسخ به همه");
    goes(&mut operator, &path, &[("do", "confirm")]).await.sees("پاسخ به همه");
    let silent = operator.post(&path, &[("do", "answer"), ("fa", " "), ("en", "")]).await;
    silent.is(422).sees("لطفاً بنویسید چه کاری انجام شد");
    let words =
        [("do", "answer"), ("fa", "درخت برداشته شد. کد: {code}"), ("en", "The tree is gone. Code: {code}")];
    goes(&mut operator, &path, &words).await.sees("پاسخ‌ها در راه است");
    city.does(incidents::ANSWERING);
    city.get(&format!("/requests/{}", all[0].code)).await.sees("درخت برداشته شد").sees("یک‌جا پاسخ داده شد");
    city.get(&format!("/en/requests/{}", all[2].code))
        .await
        .sees("The tree is gone")
        .sees("answered for all");
    goes(&mut operator, &path, &[("do", "close")]).await.sees("پایان یافته");
    operator.get("/storm").await.misses("سقوط درخت یا شاخه");
    operator.get("/incidents?state=closed").await.sees("سقوط درخت یا شاخه");
}

#[tokio::test]
async fn requests_are_taken_out_split_off_and_joined_by_code() {
    let city = City::new();
    let (id, all) = city.tree();
    let mut operator = city.somebody(Role::Operator);
    let path = format!("/incidents/{id}");
    let third = all[2].id.0.to_string();
    goes(&mut operator, &path, &[("do", "leave"), ("request", &third)])
        .await
        .sees("بیرون آورده شد")
        .sees("۲ درخواست");
    let code = all[2].code.to_string();
    goes(&mut operator, &path, &[("do", "join"), ("code", &code)])
        .await
        .sees("به این رخداد پیوست")
        .sees("۳ درخواست");
    operator.post(&path, &[("do", "join"), ("code", "۱۲۳")]).await.is(422).sees("چنین درخواست همگانی‌ای نیست");
    goes(&mut operator, &path, &[("do", "split"), ("request", &third)])
        .await
        .sees("رخداد جداگانه‌ای است")
        .sees("۱ درخواست");
    operator.post(&path, &[("do", "split")]).await.is(422).sees("چند درخواست آن را برگزینید");
    goes(&mut operator, "/storm", &[("do", "merge"), ("id", &id)]).await.sees("دست‌کم دو رخداد باز");
    goes(&mut operator, "/storm", &[("do", "confirm")]).await.sees("نخست رخدادی برگزینید");
    let note = [("do", "note"), ("note", "اکیپ ۴ در راه است <script>")];
    let page = goes(&mut operator, &path, &note).await.sees("اکیپ ۴ در راه است");
    assert!(!page.html.contains("<script>\u{20}") && !page.html.contains("است <script>"));
    operator.get("/incidents/1").await.is(404);
    operator.get("/incidents/abc").await.is(404);
}

#[tokio::test]
async fn a_storm_is_begun_on_one_form_and_citizens_see_it() {
    let city = City::new();
    let mut supervisor = city.somebody(Role::Supervisor);
    let form = supervisor.get("/storm/mode").await.is(200).sees("آغاز حالت توفان");
    let mut fields: Vec<(String, String)> = form.fields();
    fields.retain(|(name, _)| name != "message-fa" && name != "do" && name != "shift-hours");
    fields.push(("message-fa".into(), "توفان سنگین در راه است".into()));
    fields.push(("shift-hours".into(), "۲۴".into()));
    fields.push(("do".into(), "begin".into()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    goes(&mut supervisor, "/storm/mode", &fields).await.sees("حالت توفان در همهٔ شهر روشن است");
    supervisor.post("/storm/mode", &fields).await.is(422).sees("حالت توفان اینجا روشن است");

    city.get("/").await.sees("توفان سنگین در راه است");
    city.get("/en/").await.sees("Because of the storm there are far more messages");
    // What waits says so, and the form is shorter.
    let sent = city.submit(&city.draft("street-sweeping"));
    city.get(&format!("/requests/{}", sent.code)).await.sees("به دلیل توفان تا ۲۴ ساعت دیرتر");
    let step = city.get("/report/service").await.is(200).sees("در توفان تنها ضروری‌ترین‌ها");
    assert!(step.text().contains("۴"), "four steps instead of five");

    let page = supervisor.get("/storm/mode").await.is(200).sees("قاعده‌های توفان");
    let id = page.field("id").unwrap();
    let bad = [("do", "change"), ("id", &*id), ("shift-hours", "هزار"), ("message-fa", "متن تازه")];
    supervisor.post("/storm/mode", &bad).await.is(422).sees("لطفاً عددها را ببینید").sees("متن تازه");
    goes(&mut supervisor, "/storm/mode", &[("do", "end"), ("id", &id)]).await.sees("حالت توفان خاموش شد");
    city.somebody(Role::Operator).get("/storm/mode").await.is(403);
}

#[tokio::test]
async fn in_a_storm_a_report_is_sent_from_the_fourth_step() {
    let city = City::new();
    city.storm();
    let page = city.get("/report/place?service_code=street-sweeping").await.is(200);
    let here = [("lat", "35.7219"), ("long", "51.4056")];
    let words = city.send(&page, "/report/words", &here).await.is(200);
    let contact =
        city.send(&words, "/report/contact", &[("description", "کوچه جارو نشده است")]).await.is(200);
    let contact = contact.sees("۴");
    let to = "/report/send";
    assert!(contact.html.contains(&format!("action=\"{to}\"")), "{}", contact.html);
    let sent = city.send(&contact, to, &[]).await.is(303);
    assert!(sent.location().starts_with("/report/done/"), "{}", sent.location());
}

#[tokio::test]
async fn the_board_hears_of_new_requests_and_incidents() {
    let city = City::new();
    let mut operator = city.somebody(Role::Operator);
    let page = operator.get("/en/storm").await.is(200);
    let from =
        page.html.split("data-storm=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let (id, _) = city.tree();
    let token = operator.cookies["peyvand"].clone();
    let request = Request::get(&from).header("cookie", format!("peyvand={token}"));
    let mut answer =
        tower::ServiceExt::oneshot(city.router.clone(), request.body(axum::body::Body::empty()).unwrap())
            .await
            .unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut heard = String::new();
    while !heard.contains("event: board") {
        let frame = answer.body_mut().frame().await.unwrap().unwrap();
        heard.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
    }
    let data =
        heard.split("event: board").nth(1).unwrap().split("data: ").nth(1).unwrap().lines().next().unwrap();
    let news: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(news["new"], 3, "{news}");
    let line = &news["incidents"][0];
    assert_eq!((line["id"].as_str().unwrap(), line["size"].as_i64().unwrap()), (id.as_str(), 3));
    assert_eq!(line["title"], "Fallen tree or branch");
    assert!(!heard.contains("0912") && !heard.contains("مینا"), "nobody is named");
    // Somebody without the right hears nothing.
    city.somebody(Role::FeedbackCaller).get(&from).await.is(403);
}

#[tokio::test]
async fn what_is_of_another_district_is_not_there() {
    let city = City::new();
    let (id, _) = city.tree();
    let other = {
        let city_id = city.id;
        let districts = city.door.db.read_blocking(move |tx| {
            let atlas = territory::atlas(tx, city_id)?;
            Ok::<_, storage::Error>(atlas.districts().map(|d| d.id).collect::<Vec<_>>())
        });
        districts.unwrap()[15]
    };
    let offer = people::accounts::Offer {
        district: Some(other),
        scope: people::Scope::District,
        ..people::accounts::Offer::city(Role::Operator)
    };
    let account = city.member("elsewhere", offer);
    let mut operator = city.signed_in(account, people::sessions::Assurance::PasswordTotp);
    operator.get("/storm").await.is(200).misses("سقوط درخت یا شاخه");
    operator.get(&format!("/incidents/{id}")).await.is(404);
    let refused = operator.post(&format!("/incidents/{id}"), &[("do", "confirm")]).await;
    assert!(refused.status.as_u16() == 404, "{}", refused.status);
}
