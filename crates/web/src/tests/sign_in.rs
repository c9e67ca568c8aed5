//! Signing in and out, with everything that somebody may try.

use axum::body::Body;
use calendar::Timestamp;
use http::{Request, StatusCode, header};
use language::Lang;
use people::accounts::Offer;
use people::sessions::Assurance;
use people::{Actor, Role, accounts, passwords, second};

use super::browser::PASSWORD;
use super::city::{City, NOW};
use door::Settings;

fn strict() -> City {
    City::with(Settings { rate_limits: false, ..Settings::default() })
}

#[tokio::test]
async fn a_citizen_signs_in_by_a_code_and_sees_their_requests() {
    for lang in Lang::ALL {
        let at = |path: &str| door::lang::path(lang, path);
        let city = City::new();
        let sent = city.submit(&city.draft("fallen-tree"));
        let mut browser = city.browser();
        let first = browser.get(&at("/me")).await.is(303);
        assert!(first.location().starts_with(&format!("{}?next=", at("/sign-in"))), "{}", first.location());
        browser.follow(first).await.is(200);
        // Any digits, any spelling.
        let next = at("/me");
        let gone = browser.post(&at("/sign-in"), &[("mobile", "۰۹۱۲ ۱۲۳ ۴۵۶۷"), ("next", &next)]).await;
        let page = browser.follow(gone).await.is(200);
        assert!(
            page.html.contains("autocomplete=\"one-time-code\"")
                && page.html.contains("inputmode=\"numeric\"")
        );
        let code = city.newest_code();
        assert_eq!(code.len(), 6);
        let typed: String =
            code.chars().map(|c| char::from_u32('۰' as u32 + c as u32 - 48).unwrap()).collect();
        let entered = browser.post(&at("/sign-in/code"), &[("code", &typed)]).await.is(303);
        assert_eq!(entered.location(), at("/me"));
        let mine = browser.get(&at("/me")).await.is(200);
        assert!(mine.html.contains(&format!("/requests/{}", sent.code)), "{}", mine.text());
        assert!(mine.headers[header::CACHE_CONTROL].to_str().unwrap().contains("private"));
        // A code works once.
        let mut other = city.browser();
        other.cookies = browser.cookies.clone();
        other.cookies.remove("peyvand");
        other.post(&at("/sign-in/code"), &[("code", &code)]).await.is(303);
        assert!(!other.cookies.contains_key("peyvand"));
    }
}

#[tokio::test]
async fn a_number_that_is_known_and_one_that_is_not_hear_the_same() {
    let city = City::new();
    city.submit(&city.draft("fallen-tree"));
    let mut known = city.browser();
    let mut unknown = city.browser();
    let (a, b) = (
        known.post("/sign-in", &[("mobile", "09121234567")]).await,
        unknown.post("/sign-in", &[("mobile", "09350000000")]).await,
    );
    assert_eq!((a.status, a.location()), (b.status, b.location()));
    let (a, b) = (known.follow(a).await, unknown.follow(b).await);
    let same =
        |html: &str| html.replace("۰۹۱۲\u{a0}۱۲۳\u{a0}۴۵۶۷", "N").replace("۰۹۳۵\u{a0}۰۰۰\u{a0}۰۰۰۰", "N");
    assert_eq!(same(&a.html), same(&b.html));
    known.post("/sign-in", &[("mobile", "12")]).await.is(422).sees("شمارهٔ همراه نیست");
}

#[tokio::test]
async fn a_code_is_for_its_browser_and_dies_of_five_wrong_tries() {
    let city = City::new();
    let mut browser = city.browser();
    browser.post("/sign-in", &[("mobile", "09121234567")]).await.is(303);
    let code = city.newest_code();
    let wrong = if code == "111111" { "222222" } else { "111111" };
    // Another browser cannot use it, even with the number.
    let mut thief = city.browser();
    thief.post("/sign-in", &[("mobile", "09121234567")]).await.is(303);
    thief.post("/sign-in/code", &[("code", &code)]).await.is(422);
    for _ in 0..5 {
        browser.post("/sign-in/code", &[("code", wrong)]).await.is(422).sees("درست نیست");
    }
    browser.post("/sign-in/code", &[("code", &code)]).await.is(422);
    assert!(!browser.cookies.contains_key("peyvand") && !thief.cookies.contains_key("peyvand"));
    assert_eq!(city.messages(), 1, "the second request came too early");
}

#[tokio::test]
async fn a_code_is_sent_again_only_after_a_while() {
    let city = City::new();
    let mut browser = city.browser();
    browser.post("/sign-in", &[("mobile", "09121234567")]).await.is(303);
    browser.post("/sign-in/code/again", &[]).await.is(429).sees("ثانیهٔ دیگر");
    assert_eq!(city.messages(), 1);
    city.door.clock.set(Timestamp(NOW.0 + 61_000));
    let again = browser.post("/sign-in/code/again", &[]).await;
    browser.follow(again).await.is(200).sees("کد تازه‌ای فرستادیم");
    assert_eq!(city.messages(), 2);
    let code = city.newest_code();
    browser.post("/sign-in/code", &[("code", &code)]).await.is(303);
    assert!(browser.cookies.contains_key("peyvand"));
    // After its time the form says so and begins anew.
    let mut late = city.browser();
    late.post("/sign-in", &[("mobile", "09351112233")]).await.is(303);
    city.door.clock.set(Timestamp(NOW.0 + 3_600_000));
    let page = late.post("/sign-in/code", &[("code", "123456")]).await;
    late.follow(page).await.is(200).sees("زمان این ورود گذشت");
}

#[tokio::test]
async fn next_leads_nowhere_else() {
    let city = City::new();
    for evil in ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"] {
        let mut browser = city.browser();
        let coded = percent_encoding::utf8_percent_encode(evil, crate::page::PLAIN).to_string();
        browser.get(&format!("/sign-in?next={coded}")).await.is(200).misses("evil.example");
        let number = format!("0912{:07}", city.door.dice.number() % 10_000_000);
        browser.post("/sign-in", &[("mobile", &number), ("next", evil)]).await.is(303);
        let code = city.newest_code();
        let entered = browser.post("/sign-in/code", &[("code", &code)]).await.is(303);
        assert_eq!(entered.location(), "/me", "{evil}");
        let away = browser.get(&format!("/sign-in?next={coded}")).await.is(303);
        assert_eq!(away.location(), "/me", "{evil}");
    }
}

#[tokio::test]
async fn a_token_that_was_there_before_is_worth_nothing_afterwards() {
    let city = City::new();
    let account = city.member("sara", Offer::city(Role::Supervisor));
    let mut browser = city.signed_in(account, Assurance::PasswordTotp);
    let old = browser.cookies["peyvand"].clone();
    // A planted token is neither taken nor kept.
    let mut planted = city.browser();
    planted.cookies.insert("peyvand".into(), "a".repeat(64));
    planted.get("/me").await.is(303);
    browser.get("/me").await.is(200);
    let entered = browser.post("/sign-in/staff", &[("name", "sara"), ("password", PASSWORD)]).await.is(303);
    assert_ne!(browser.cookies["peyvand"], old);
    browser.follow(entered).await;
    let mut thief = city.browser();
    thief.cookies.insert("peyvand".into(), old);
    thief.get("/me").await.is(303);
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let city = City::new();
    let account = city.member("sara", Offer::city(Role::Administrator));
    for path in ["/sign-in", "/sign-in/staff", "/sign-out", "/me/password", "/people/new", "/sign-in/passkey"]
    {
        let mut browser = city.signed_in(account, Assurance::PasswordTotp);
        for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
            let request = Request::post(path)
                .header(name, value)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            browser.ask(request, Body::from("a=b")).await.is(403);
        }
        assert!(browser.cookies.contains_key("peyvand"), "{path}");
    }
}

#[tokio::test]
async fn a_name_that_nobody_has_hears_what_a_wrong_password_hears() {
    let city = City::new();
    city.member("sara", Offer::city(Role::Operator));
    let mut browser = city.browser();
    let mut text = Vec::new();
    for (name, password) in [("sara", "نادرست است این"), ("nobody", PASSWORD), ("  ", "xyzzy-secret")]
    {
        let page = browser.post("/sign-in/staff", &[("name", name), ("password", password)]).await.is(422);
        text.push(page.text());
        assert!(!page.html.contains(password), "what was typed as a password is not sent back");
    }
    assert!(text.iter().all(|one| *one == text[0]));
}

#[tokio::test]
async fn whoever_guesses_passwords_waits() {
    let city = City::new();
    city.member("sara", Offer::city(Role::Operator));
    let mut browser = city.browser();
    for _ in 0..5 {
        browser.post("/sign-in/staff", &[("name", "sara"), ("password", "wrong-password")]).await.is(422);
    }
    browser
        .post("/sign-in/staff", &[("name", "sara"), ("password", PASSWORD)])
        .await
        .is(429)
        .sees("دقیقهٔ دیگر");
    city.door.clock.set(Timestamp(NOW.0 + 3_600_000));
    browser.post("/sign-in/staff", &[("name", "sara"), ("password", PASSWORD)]).await.is(303);
}

#[tokio::test]
async fn staff_set_up_a_second_factor_before_anything_else() {
    for lang in Lang::ALL {
        let at = |path: &str| door::lang::path(lang, path);
        let city = strict();
        city.member("sara", Offer::city(Role::Administrator));
        let mut browser = city.browser();
        let entered =
            browser.post(&at("/sign-in/staff"), &[("name", "Sara"), ("password", PASSWORD)]).await.is(303);
        assert_eq!(entered.location(), at("/people"));
        // The password alone opens nothing.
        let led = browser.get(&at("/people")).await.is(303);
        assert!(led.location().starts_with(&at("/sign-in/enrol")), "{}", led.location());
        let page = browser.follow(led).await.is(200);
        assert!(page.html.contains("<svg") && !page.html.contains("<?xml"));
        let secret: String = between(&page.html, "<bdi class=\"code secret\" dir=\"ltr\">", "</bdi>")
            .replace("<span>", "")
            .replace("</span>", "");
        assert_eq!(secret.len(), 32, "{secret}");
        // A wrong code keeps the secret that was shown.
        let wrong = browser.post(&at("/sign-in/enrol"), &[("code", "000000")]).await.is(422);
        assert!(wrong.html.contains(&secret[..4]));
        let code = second::code_at(&secret, city.door.now()).unwrap();
        let old = browser.cookies["peyvand"].clone();
        let codes = browser.post(&at("/sign-in/enrol"), &[("code", &code)]).await.is(200);
        assert_ne!(browser.cookies["peyvand"], old, "the session is a new one");
        let recovery = between(&codes.html, "<li><bdi class=\"code\" dir=\"ltr\">", "</bdi>");
        browser.get(&at("/people")).await.is(200);

        // Next time the code is asked; the recovery code does as well, once.
        let signing = browser.post(&at("/sign-out"), &[]).await.is(303);
        assert!(signing.headers.contains_key("clear-site-data"));
        browser.get(&at("/people")).await.is(303);
        let second_page = browser
            .post(
                &at("/sign-in/staff"),
                &[("name", "sara"), ("password", PASSWORD), ("next", &at("/people?q=a"))],
            )
            .await
            .is(303);
        assert!(second_page.location().starts_with(&at("/sign-in/second")));
        browser.get(&at("/people")).await.is(303);
        browser.follow(second_page).await.is(200);
        let next = at("/people?q=a");
        browser.post(&at("/sign-in/second"), &[("code", &code), ("next", &next)]).await.is(422);
        let entered =
            browser.post(&at("/sign-in/second"), &[("code", &recovery), ("next", &next)]).await.is(303);
        assert_eq!(entered.location(), next);
        browser.get(&at("/people")).await.is(200);
        browser.post(&at("/sign-out"), &[]).await;
        browser.post(&at("/sign-in/staff"), &[("name", "sara"), ("password", PASSWORD)]).await.is(303);
        browser.post(&at("/sign-in/second"), &[("code", &recovery)]).await.is(422);
    }
}

fn between(html: &str, from: &str, to: &str) -> String {
    let (_, rest) = html.split_once(from).expect("it is there");
    rest.split_once(to).unwrap().0.to_owned()
}

#[tokio::test]
async fn a_first_password_opens_nothing_but_its_own_change() {
    let city = City::new();
    let account = city.member("sara", Offer::city(Role::Administrator));
    let (act, id) = (city.door.act(Actor::System("test")), city.id);
    let first = passwords::first(&city.door.dice);
    let hash = passwords::hash(&city.door.dice, &first).unwrap();
    let given = city.door.db.write_blocking(move |tx| -> storage::Result<()> {
        accounts::give_first_password(tx, &act, id, account, &hash).unwrap();
        Ok(())
    });
    given.unwrap();
    let mut browser = city.browser();
    browser.post("/sign-in/staff", &[("name", "sara"), ("password", &first)]).await.is(303);
    for path in ["/me", "/people", "/me/sessions", "/people/new"] {
        assert!(browser.get(path).await.is(303).location().starts_with("/sign-in/new-password"), "{path}");
    }
    browser.get("/sign-in/new-password").await.is(200);
    for (weak, says) in [("کوتاه", "کوتاه است"), ("password123", "خیلی‌ها"), (&first, "همان رمز")]
    {
        browser.post("/sign-in/new-password", &[("new-password", weak)]).await.is(422).sees(says);
    }
    let mine = "اسب آبی روی نردبان";
    browser.post("/sign-in/new-password", &[("new-password", mine)]).await.is(303);
    assert!(browser.get("/people").await.is(303).location().starts_with("/sign-in/enrol"));
    let mut other = city.browser();
    other.post("/sign-in/staff", &[("name", "sara"), ("password", &first)]).await.is(422);
    other.post("/sign-in/staff", &[("name", "sara"), ("password", mine)]).await.is(303);
}

#[tokio::test]
async fn cookies_are_bound_to_the_host_where_the_line_is_encrypted() {
    let settings = Settings {
        rate_limits: false,
        public_url: Some("https://137.example.ir".into()),
        ..Settings::default()
    };
    let city = City::with(settings);
    let mut browser = city.browser();
    let sent = browser.post("/sign-in", &[("mobile", "09121234567")]).await.is(303);
    let cookie = sent.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(
        cookie.starts_with("__Host-") && cookie.contains("Secure") && !cookie.contains("Domain"),
        "{cookie}"
    );
    let code = city.newest_code();
    let entered = browser.post("/sign-in/code", &[("code", &code)]).await.is(303);
    let cookies: Vec<_> = entered.headers.get_all(header::SET_COOKIE).iter().collect();
    assert!(cookies.iter().any(|c| c.to_str().unwrap().starts_with("__Host-peyvand=")), "{cookies:?}");
}

#[tokio::test]
async fn sessions_are_seen_and_ended_by_their_owner_only() {
    let city = City::new();
    let (sara, mina) =
        (city.member("sara", Offer::city(Role::Operator)), city.member("mina", Offer::city(Role::Operator)));
    let mut here = city.signed_in(sara, Assurance::PasswordTotp);
    let mut there = city.signed_in(sara, Assurance::PasswordTotp);
    let mut other = city.signed_in(mina, Assurance::PasswordTotp);
    let page = here.get("/me/sessions").await.is(200).sees("همین دستگاه");
    let end = page
        .addresses()
        .into_iter()
        .find(|to| to.starts_with("/me/sessions/") && !to.ends_with("others"))
        .unwrap();
    // Somebody else's session is not there.
    other.post(&end, &[]).await.is(404);
    there.get("/me").await.is(200);
    here.post(&end, &[]).await.is(303);
    assert_eq!(there.get("/me").await.status, StatusCode::SEE_OTHER);
    here.get("/me").await.is(200);
    let mut third = city.signed_in(sara, Assurance::PasswordTotp);
    here.post("/me/sessions/others", &[]).await.is(303);
    third.get("/me").await.is(303);
    other.get("/me").await.is(200);
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_the_old_one() {
    let city = City::new();
    let sara = city.member("sara", Offer::city(Role::Operator));
    let mut here = city.signed_in(sara, Assurance::PasswordTotp);
    let mut there = city.signed_in(sara, Assurance::PasswordTotp);
    let mine = "پنج کبوتر کنار حوض";
    here.post("/me/password", &[("old-password", "نه این"), ("new-password", mine)])
        .await
        .is(422)
        .sees("رمز کنونی درست نیست");
    here.post("/me/password", &[("old-password", PASSWORD), ("new-password", PASSWORD)])
        .await
        .is(422)
        .sees("همان رمز");
    here.post("/me/password", &[("old-password", PASSWORD), ("new-password", mine)]).await.is(303);
    here.get("/me").await.is(200);
    there.get("/me").await.is(303);
}

#[tokio::test]
async fn what_matters_asks_for_a_fresh_sign_in() {
    let city = City::new();
    let sara = city.member("sara", Offer::city(Role::Operator));
    let mut here = city.signed_in(sara, Assurance::PasswordTotp);
    here.get("/sign-in/enrol").await.is(200);
    city.door.clock.set(Timestamp(NOW.0 + 20 * 60_000));
    for path in ["/sign-in/enrol"] {
        assert!(here.get(path).await.is(303).location().contains("again=1"), "{path}");
    }
    for path in ["/me/details", "/me/recovery-codes", "/me/organisation"] {
        let led = here.post(path, &[("name", "سارا"), ("email", "a@example.ir")]).await.is(303);
        assert!(led.location().contains("again=1"), "{path}: {}", led.location());
    }
    let page = here.get("/sign-in?again=1&next=%2Fme%2Fdetails").await;
    here.follow(page).await.is(200);
    here.post("/sign-in/staff", &[("name", "sara"), ("password", PASSWORD)]).await.is(303);
    // That was the password alone; the second factor is due now.
    assert!(here.get("/me/details").await.is(303).location().contains("/sign-in/enrol"));
}

#[tokio::test]
async fn another_number_is_proven_before_it_counts() {
    let city = City::new();
    let account = city.citizen("09121234567");
    city.citizen("09357654321");
    let mut here = city.signed_in(account, Assurance::Code);
    let mut there = city.signed_in(account, Assurance::Code);
    city.door.clock.set(Timestamp(NOW.0 + 120_000));
    here.post("/me/mobile", &[("mobile", "x")]).await.is(422);
    // A number of somebody else is refused only to whoever holds it.
    let sent = here.post("/me/mobile", &[("mobile", "0935 765 4321")]).await;
    here.follow(sent).await.is(200);
    let code = city.newest_code();
    let taken = here.post("/me/mobile/code", &[("code", &code)]).await.is(422);
    taken.sees("از کس دیگری است");
    let sent = here.post("/me/mobile", &[("mobile", "09190001122")]).await;
    here.follow(sent).await.is(200);
    let code = city.newest_code();
    let wrong = if code == "111111" { "222222" } else { "111111" };
    here.post("/me/mobile/code", &[("code", wrong)]).await.is(422);
    there.get("/me").await.is(200);
    here.post("/me/mobile/code", &[("code", &code)]).await.is(303);
    here.get("/me").await.is(200).sees("۰۹۱۹");
    there.get("/me").await.is(303);
    // Much later it is asked to sign in once more first.
    city.door.clock.set(Timestamp(NOW.0 + 3_600_000));
    assert!(
        here.post("/me/mobile", &[("mobile", "09190003344")]).await.is(303).location().contains("again=1")
    );
}
