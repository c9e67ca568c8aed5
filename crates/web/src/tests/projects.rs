//! A round on the pages: an idea, a ballot, its receipt, paper, moderators; and everything that others may try.

use http::{Request, header};
use people::Role;
use people::sessions::Assurance;
use projects::ballots::identity;
use projects::{IdentityRule, NewProject, Phase, ProjectError, RoundId, book, rounds, samples};
use requests::service::Both;
use territory::Level;

use super::browser::Browser;
use super::city::{City, HERE, NOW, Seen};
use super::work::EVIL;

const DAY: i64 = 86_400_000;

impl City {
    pub fn led<T: Send + 'static>(
        &self,
        verb: impl Fn(&mut storage::Tx<'_>, &people::Act, i64) -> Result<T, ProjectError> + Send + 'static,
        days: i64,
    ) -> T {
        let (mut act, id) = (self.door.act(people::Actor::System("test")), self.id);
        act.at = NOW.plus_millis(days * DAY);
        self.door.db.write_blocking(move |tx| verb(tx, &act, id)).unwrap()
    }

    /// A public round at a phase, with pots for two districts and the city.
    pub fn round(&self, phase: Phase, change: impl FnOnce(&mut rounds::Draft)) -> RoundId {
        let id = self.id;
        let atlas = self.door.db.read_blocking(move |tx| territory::atlas(tx, id)).unwrap();
        let district =
            |code: &str| (atlas.by_code(Level::District, code).unwrap().id, Both::default(), 100_000_000_000);
        let mut draft = samples::draft("1405", phase, NOW, &[district("6"), district("3")]);
        change(&mut draft);
        let seal = self.door.seal.clone();
        self.led(move |tx, act, id| rounds::put(tx, act, &seal, id, None, &draft), -400)
    }

    /// Two projects of the first district (1, 2), one of the second (3), one of the city (4). Returns their codes.
    pub fn ballot(&self, round: RoundId) -> Vec<String> {
        let id = self.id;
        let book = self.door.db.read_blocking(move |tx| book(tx, id)).unwrap();
        let shown = book.round(round).unwrap().clone();
        let begins = shown.times.begins_at(Phase::Pricing).unwrap();
        let days = begins.millis_since(NOW) / DAY + 1;
        let mut codes = Vec::new();
        for (pot, name) in [(1, "بوستان"), (1, "پیاده‌رو"), (2, "کتابخانه"), (0, "اتوبوس")]
        {
            let new = NewProject {
                pot: shown.pot_numbered(pot).map(|pot| pot.id),
                topic: "environment".into(),
                title: Both::new(format!("{name} {EVIL}"), format!("Park {EVIL}")),
                words: Both::new("توضیح", "About it"),
                point: territory::Point::new(HERE.0, HERE.1),
                cost: 40_000_000_000,
                cost_least: 30_000_000_000,
                cost_most: 40_000_000_000,
                ..NewProject::default()
            };
            let made = self.led(move |tx, act, id| projects::add(tx, act, id, round, &new), days);
            let project =
                self.door.db.read_blocking(move |tx| projects::by_id(tx, id, made)).unwrap().unwrap();
            codes.push(project.code.to_string());
        }
        self.led(move |tx, act, id| projects::publish_all(tx, act, id, round).map(|_| ()), days);
        codes
    }

    fn voter(&self, mobile: &str) -> Browser<'_> {
        let account = self.citizen(mobile);
        self.signed_in(account, Assurance::Code)
    }
}

/// Sends the form as it stands to where it leads, with some fields filled in.
async fn sends(browser: &mut Browser<'_>, page: &Seen, to: &str, filled: &[(&str, &str)]) -> Seen {
    let mut fields = page.fields();
    fields.retain(|(name, _)| filled.iter().all(|(known, _)| known != name));
    fields.extend(filled.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(to, &fields).await
}

#[tokio::test]
async fn an_idea_is_shown_beside_what_is_like_it_and_then_kept() {
    let city = City::new();
    city.round(Phase::Collect, |_| {});
    let mut first = city.voter("09121110001");
    let page = first.get("/rounds/1405/ideas/new").await.is(200).sees("شهر سال آینده چه کند");
    let to = "/rounds/1405/ideas/new";
    let place = [("lat", "35.7219"), ("long", "51.4056"), ("topic", "environment")];
    let said = |title: &'static str, words: &'static str| {
        [&place[..], &[("title", title), ("words", words)]].concat()
    };
    let wrong = sends(&mut first, &page, to, &said("", "چراغ")).await.is(422);
    assert_eq!(wrong.field("words").as_deref(), Some("چراغ"), "nothing typed is lost");
    let sent = sends(&mut first, &page, to, &said("روشنایی بوستان", "بوستان ما شب تاریک است")).await;
    let kept = first.follow(sent).await.is(200).sees("ایدهٔ شما رسید").sees("این ایدهٔ شماست");
    let path = kept.path.split('?').next().unwrap().to_owned();

    let mut second = city.voter("09121110002");
    let page = second.get(to).await.is(200);
    let alike = sends(&mut second, &page, to, &said("روشنايي براي بوستان", "تاریک است")).await.is(200);
    let alike = alike.sees("پیش از شما کسی چنین ایده‌ای داده است").sees("روشنایی بوستان");
    // They want their own all the same.
    let own = sends(&mut second, &alike, to, &[]).await;
    second.follow(own).await.is(200).sees("ایدهٔ شما رسید");
    let signed = second.post(&format!("{path}/sign"), &[]).await;
    second.follow(signed).await.is(200).sees("امضا کرده‌اید").sees("۱ امضای همراه");
    let own = first.post(&format!("{path}/sign"), &[]).await.is(422);
    own.sees("این ایدهٔ خود شماست");
    for address in [
        "/rounds",
        "/rounds/1405",
        "/rounds/1405/ideas",
        "/rounds/1405/ideas?q=چراغ&topic=environment",
        &path,
    ] {
        let address = address.replace("چراغ", "%DA%86");
        for lang in ["", "/en"] {
            city.get(&format!("{lang}{address}")).await.is(200);
        }
    }
}

#[tokio::test]
async fn somebody_votes_on_the_page_and_holds_a_receipt() {
    let city = City::new();
    let round = city.round(Phase::Voting, |_| {});
    city.ballot(round);
    city.get("/").await.is(200).sees("رأی‌گیری است");
    let mut voter = city.voter("09121110001");
    let page = voter.get("/vote/1405").await.is(200).sees("چه کسی رأی می‌دهد");
    let ballot = "/vote/1405/ballot";
    sends(&mut voter, &page, ballot, &[("home", "")]).await.is(422).sees("محله‌تان را انتخاب کنید");
    let page = sends(&mut voter, &page, ballot, &[("home", "1")]).await.is(200).sees("کدام پروژه‌ها");
    assert!(!page.html.contains("<script>alert") && !page.html.contains("<img src=x"), "words stay words");
    assert!(!page.text().contains("کتابخانه"), "the other district's project is not offered");
    let review = "/vote/1405/review";
    sends(&mut voter, &page, review, &[]).await.is(422).sees("دست‌کم یک پروژه");
    // A project of another neighbourhood, one that is not there.
    for (number, words) in [("3", "برای محلهٔ دیگری است"), ("99", "روی برگه نیست")]
    {
        sends(&mut voter, &page, review, &[("choice", number)]).await.is(422).sees(words);
    }
    let look = sends(&mut voter, &page, review, &[("choice", "1")]).await.is(200).sees("این‌ها را می‌خواهید");
    let done = sends(&mut voter, &look, "/vote/1405/cast", &[]).await;
    let to = done.location().to_owned();
    voter.follow(done).await.is(200).sees("رأی شما در صندوق است").misses("بوستان");
    let receipt = to.split("receipt=").nth(1).unwrap().to_owned();
    assert_eq!(receipt.len(), 20);
    city.get(&format!("/rounds/1405/receipt?r={receipt}")).await.is(200).sees("مهرشده در صندوق است");
    city.get("/en/rounds/1405/receipt?r=12345678901234567890")
        .await
        .is(200)
        .sees("No ballot with this receipt");
    // Tapping again is the same ballot; another choice takes its place.
    let again = sends(&mut voter, &look, "/vote/1405/cast", &[]).await;
    assert!(again.location().contains(&receipt));
    let page = voter.get("/vote/1405").await.is(200).sees("رأی شما در صندوق است");
    let page = sends(&mut voter, &page, ballot, &[("home", "1")]).await.is(200);
    let look = sends(&mut voter, &page, review, &[("choice", "4")]).await.is(200).sees("جای آن را می‌گیرد");
    let done = sends(&mut voter, &look, "/vote/1405/cast", &[]).await;
    voter.follow(done).await.is(200).sees("جای برگهٔ پیش را گرفت");
    for step in ["ballot", "review", "cast"] {
        assert_eq!(voter.get(&format!("/vote/1405/{step}")).await.is(303).location(), "/vote/1405");
    }
    let _ = page;
    let anybody = city.get("/vote/1405").await.is(303);
    assert!(anybody.location().starts_with("/sign-in"), "{}", anybody.location());
    for path in [
        "/rounds/1405",
        "/rounds/1405/projects",
        "/rounds/1405/projects?pot=1&cost=1&order=cost",
        "/rounds/1405/compare?p=1&p=4",
    ] {
        for lang in ["", "/en"] {
            let page = city.get(&format!("{lang}{path}")).await.is(200);
            assert!(
                !page.html.contains("<script>alert") && !page.html.contains("onerror=alert(2)>"),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn a_national_number_is_asked_where_the_round_says_so_and_points_are_read_in_any_digits() {
    let city = City::new();
    let round = city.round(Phase::Voting, |draft| {
        draft.rules.identity = IdentityRule::Registry;
        draft.rules.ballot.kind = projects::BallotKind::Points;
    });
    city.ballot(round);
    let seal = city.door.seal.clone();
    city.led(
        move |tx, act, id| identity::bring_in(tx, act, &seal, id, "0499370899,1365/04/21,6\n").map(|_| ()),
        0,
    );
    let mut voter = city.voter("09121110001");
    let page = voter.get("/vote/1405").await.is(200).sees("کد ملی");
    let who = |number: &'static str, birth: &'static str| {
        [("home", "1"), ("national_id", number), ("birth", birth)]
    };
    for (filled, words) in [
        (who("0499370890", "1365/04/21"), "کد ملی درست نیست"),
        (who("0499370899", "1365/04/22"), "در فهرست شهر نیست"),
        (who("0499370899", "x"), "تاریخ تولد را مانند"),
    ] {
        sends(&mut voter, &page, "/vote/1405/ballot", &filled).await.is(422).sees(words);
    }
    let page = sends(&mut voter, &page, "/vote/1405/ballot", &who("۰۴۹۹۳۷۰۸۹۹", "۱۳۶۵/۰۴/۲۱")).await.is(200);
    let over =
        sends(&mut voter, &page, "/vote/1405/review", &[("weight-1", "۶"), ("weight-2", "5")]).await.is(422);
    assert!(over.html.contains("value=\"۶\""), "what was typed stays as it was typed");
    let look =
        sends(&mut voter, &page, "/vote/1405/review", &[("weight-1", "۶"), ("weight-2", "4")]).await.is(200);
    let done = sends(&mut voter, &look, "/vote/1405/cast", &[]).await;
    voter.follow(done).await.is(200).sees("رأی شما در صندوق است");
}

#[tokio::test]
async fn arguments_wait_for_a_look_and_every_decision_stands_in_public() {
    let city = City::new();
    let round = city.round(Phase::Voting, |_| {});
    let code = city.ballot(round)[0].clone();
    let path = format!("/projects/{code}");
    city.get(&path).await.is(200).sees("موافق");
    let mut writer = city.voter("09121110001");
    let sent = writer.post(&format!("{path}/arguments"), &[("side", "against"), ("words", EVIL)]).await;
    let page = writer.follow(sent).await.is(200).sees("هنوز بررسی نشده").sees("<script>");
    assert!(!page.html.contains("<script>alert"));
    assert!(
        !city
            .get(&path)
            .await
            .is(200)
            .text()
            .contains("alert(1)</script>\"'><img src=x onerror=alert(2)>هنوز")
    );
    writer.post(&format!("{path}/arguments"), &[("words", "x")]).await.is(422).sees("موافق‌اید یا مخالف");
    let followed = writer.post(&format!("{path}/follow"), &[]).await;
    writer.follow(followed).await.is(200).sees("دیگر خبر نمی‌خواهم");

    let mut moderator = city.somebody(Role::RoundManager);
    let queue = moderator.get("/moderation").await.is(200).sees("تازه");
    let to = queue.addresses().into_iter().find(|to| to.starts_with("/moderation/")).unwrap();
    let version = queue.field("version").unwrap();
    let hide = [("version", version.as_str()), ("deed", "hidden")];
    moderator.post(&to, &hide).await.is(422).sees("دلیل را بنویسید");
    let decided = moderator
        .post(&to, &[&hide[..], &[("reason", "off-topic"), ("words", "دربارهٔ پروژه نیست")]].concat())
        .await;
    moderator.follow(decided).await.is(200).sees("تصمیم ثبت شد");
    city.get("/rounds/1405/moderation")
        .await
        .is(200)
        .sees("پنهان شد")
        .sees("بی‌ربط به پروژه")
        .misses("alert(1)");
    let page = writer.get(&path).await.is(200).sees("پنهان شد");
    let appeal = page.addresses().into_iter().find(|to| to.ends_with("/appeal")).unwrap();
    let appealed = writer.post(&appeal, &[("project", &code), ("appeal", "مربوط است")]).await;
    writer.follow(appealed).await.is(200).sees("بازبین دیگری نگاه می‌کند");
    let version =
        moderator.get("/moderation").await.sees("نویسنده اعتراض کرده است").field("version").unwrap();
    moderator.post(&to, &[("version", &version), ("deed", "shown")]).await.is(403);
    let mut other = city.somebody(Role::RoundManager);
    other.post(&to, &[("version", "999"), ("deed", "shown")]).await.is(422).sees("کس دیگری آن را تغییر داد");
    other.post(&to, &[("version", &version), ("deed", "shown")]).await.is(303);
    city.get("/rounds/1405/moderation").await.is(200).sees("پس از اعتراض");
    // Nobody else moderates.
    assert_eq!(writer.post(&to, &[("deed", "shown")]).await.status.as_u16(), 403);
}

#[tokio::test]
async fn paper_is_typed_by_two_and_a_third_sees_where_they_disagree() {
    let city = City::new();
    let round = city.round(Phase::Voting, |_| {});
    city.ballot(round);
    let mut hands = [
        city.somebody(Role::Interviewer),
        city.somebody(Role::Interviewer),
        city.somebody(Role::Interviewer),
    ];
    let begun = hands[0].post("/paper", &[("round", "1405"), ("name", "سرای محله"), ("sheets", "۳")]).await;
    let page = hands[0].follow(begun).await.is(200).sees("سرای محله");
    let path = page.path.clone();
    let sheet = |n: &'static str, choices: &'static str| {
        [("sheet", n), ("person", "۰۹۱۲۱۱۱۰۰۰۱"), ("home", "1"), ("choices", choices)]
    };
    hands[0].post(&path, &sheet("9", "1")).await.is(422).sees("شمارهٔ برگه درست نیست");
    for (who, choices, words) in [(0, "1 4", "در انتظار نفر دوم"), (1, "1", "نفر سوم نگاه می‌کند")]
    {
        let sent = hands[who].post(&path, &sheet("1", choices)).await;
        hands[who].follow(sent).await.is(200).sees(words);
    }
    assert!(!hands[0].get(&path).await.is(200).html.contains("settle="), "not one of the two");
    let look = hands[2].get(&format!("{path}?settle=1")).await.is(200).sees("نفر سوم");
    assert!(look.html.contains("name=\"settle\" value=\"yes\"") && look.html.contains("1=1 4=1"));
    let settled = hands[2].post(&path, &[&sheet("1", "1 4")[..], &[("settle", "yes")]].concat()).await;
    hands[2].follow(settled).await.is(200).sees("برگه در صندوق است");
    // The same person on another sheet: refused, with the reason beside it.
    for who in [0, 1] {
        hands[who].post(&path, &sheet("2", "2")).await.is(303);
    }
    hands[0].get(&path).await.is(200).sees("پیش‌تر رأی داده است");
    hands[0].get("/paper").await.is(200).sees("سرای محله");
    hands[0].get("/en/paper").await.is(200);
}

#[tokio::test]
async fn a_round_is_led_on_its_desk() {
    let city = City::new();
    let mut manager = city.somebody(Role::RoundManager);
    for path in [
        "/rounds/manage",
        "/rounds/manage/new",
        "/en/rounds/manage/new",
        "/feasibility",
        "/moderation",
        "/paper",
    ] {
        manager.get(path).await.is(200);
    }
    let page = manager.get("/rounds/manage/new").await.is(200);
    let filled = [("code", "1406"), ("name_fa", "من شهردارم"), ("is_public", "yes")];
    let bad =
        sends(&mut manager, &page, "/rounds/manage/new", &[&filled[..], &[("phase-voting", "x")]].concat())
            .await
            .is(422);
    assert_eq!(bad.field("code").as_deref(), Some("1406"), "nothing typed is lost");
    let made = sends(&mut manager, &page, "/rounds/manage/new", &filled).await;
    let page = manager.follow(made).await.is(200).sees("ذخیره شد");
    let saved = sends(&mut manager, &page, "/rounds/1406/manage", &[("most", "۳")]).await;
    manager.follow(saved).await.is(200).sees("ذخیره شد");
    city.get("/rounds/1406").await.is(200).sees("تا ۳ پروژه");
    manager.post("/rounds/1406/publish", &[]).await.is(422).sees("اکنون زمان این کار نیست");
    manager.post("/rounds/1406/open-box", &[]).await.is(422).sees("پس از پایان رأی‌گیری");
    city.get("/rounds/no-such").await.is(404);
    city.get("/projects/1234567890").await.is(404);
    city.get("/ideas/1234567890").await.is(404);
}

#[tokio::test]
async fn a_unit_judges_what_it_is_asked_and_nothing_else() {
    let city = City::new();
    city.round(Phase::Collect, |_| {});
    let mut author = city.voter("09121110001");
    let page = author.get("/rounds/1405/ideas/new").await.is(200);
    let fields = [
        ("title", "روشنایی"),
        ("words", "تاریک است"),
        ("topic", "environment"),
        ("lat", "35.7219"),
        ("long", "51.4056"),
    ];
    let sent = sends(&mut author, &page, "/rounds/1405/ideas/new", &fields).await;
    let code = sent.location().rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
    let path = format!("/feasibility/{code}");
    // The first unit of the city is not the one of this district.
    let mut stranger = city.somebody(Role::UnitManager);
    stranger.get(&path).await.is(403);
    stranger.post(&path, &[("verdict", "yes"), ("version", "1")]).await.is(403);
    let mut expert = city.somebody(Role::RoundManager);
    let page = expert.get(&path).await.is(200).sees("روشنایی");
    sends(&mut expert, &page, &path, &[("do", "judge"), ("verdict", "no")])
        .await
        .is(422)
        .sees("دلیل را بنویسید");
    let yes = [
        ("do", "judge"),
        ("verdict", "yes"),
        ("reason", "برق هست"),
        ("cost_least", "۱۲۰۰"),
        ("cost_most", "۲٬۰۰۰"),
        ("title_other", "Lights"),
    ];
    let judged = sends(&mut expert, &page, &path, &yes).await;
    expert.follow(judged).await.is(200).sees("پاسخ ثبت شد");
    city.get(&format!("/ideas/{code}"))
        .await
        .is(200)
        .sees("شدنی است")
        .sees("برق هست")
        .sees("۲ میلیارد تومان");
}

#[tokio::test]
async fn a_tablet_is_answered_item_by_item() {
    let city = City::new();
    let round = city.round(Phase::Voting, |_| {});
    city.ballot(round);
    let mut hands = city.somebody(Role::Interviewer);
    let body = r#"{"items":[{"item":"tablet-0000000000000001","person":"09121110001","home":1,"choices":[[1,1]]},
        {"item":"tablet-0000000000000002","person":"09121110001","home":1,"choices":[[2,1]]}]}"#;
    for _ in 0..2 {
        let request = Request::post("/rounds/1405/tablet").header(header::CONTENT_TYPE, "application/json");
        let seen = hands.ask(request, axum::body::Body::from(body)).await.is(200);
        assert!(
            seen.html.contains("\"state\":\"cast\"") && seen.html.contains("voted-already"),
            "{}",
            seen.html
        );
    }
    let request = Request::post("/rounds/1405/tablet").header(header::CONTENT_TYPE, "application/json");
    hands.ask(request, axum::body::Body::from("{")).await.is(400);
}

#[test]
fn every_refusal_has_words() {
    for lang in language::Lang::ALL {
        for code in projects::REFUSALS {
            let words = words::Words(lang).by_key(&format!("projects-refusal-{code}"));
            assert!(words.is_some_and(|words| !words.is_empty()), "{code}");
        }
    }
}
