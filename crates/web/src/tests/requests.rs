//! The thread, the list, following, and what stays private.

use requests::Status;

use super::city::City;

#[tokio::test]
async fn a_request_shows_its_thread_and_hides_personal_numbers() {
    let (city, sent) = City::lively();
    let at = Status::ALL.iter().position(|s| *s == Status::Answered).unwrap();
    let page = city.get(&format!("/requests/{}", sent[at].code)).await.is(200);
    let page = page
        .sees("درخت بزرگی افتاده است")
        .sees("پاسخ داده شد")
        .sees("به زودی انجام می‌شود")
        .sees("حرف شهروند ثبت شد");
    let page = page.misses("۰۹۱۲۱۲۳۴۵۶۷").misses("09121234567");
    page.misses("مینا");
}

#[tokio::test]
async fn a_late_promise_frays_and_a_kept_one_says_so() {
    let (city, sent) = City::lively();
    city.door.clock.set(super::city::NOW.plus_hours(24 * 60));
    let page = city
        .get(&format!("/requests/{}", sent[0].code))
        .await
        .is(200)
        .sees("دیر شده")
        .sees("از آن گذشته است");
    assert!(page.html.contains("class=\"promise late\"") && page.html.contains("next-late"));
    let closed = Status::ALL.iter().position(|s| *s == Status::Closed).unwrap();
    let page = city.get(&format!("/requests/{}", sent[closed].code)).await.is(200).sees("همان وقت");
    assert!(!page.html.contains("class=\"promise"));
}

#[tokio::test]
async fn an_internal_note_and_a_private_request_stay_inside() {
    let city = City::new();
    let sent = city.submit(&city.draft("fallen-tree"));
    let (act, id, request) = (city.act(), city.id, sent.id);
    let written = city.door.db.write_blocking(move |tx| -> Result<(), storage::Error> {
        requests::note(tx, &act, id, request, "فقط برای همکاران", true).unwrap();
        requests::note(tx, &act, id, request, "برای همه", false).unwrap();
        Ok(())
    });
    written.unwrap();
    city.get(&format!("/requests/{}", sent.code)).await.is(200).sees("برای همه").misses("فقط برای همکاران");

    let private = city.submit(&city.draft("homeless"));
    let page = city
        .get(&format!("/requests/{}", private.code))
        .await
        .is(200)
        .sees("خصوصی است")
        .sees("حرف شهروند ثبت شد");
    page.misses("درخت بزرگی").misses("ولی‌عصر").misses("/me-too").misses("51.4056");
    city.get("/requests").await.is(200).misses(&private.code.to_string());
    let refused = city.post(&format!("/requests/{}/me-too", private.code), &[]).await;
    assert_eq!(refused.status.as_u16(), 403);
}

#[tokio::test]
async fn one_device_says_me_too_once() {
    let city = City::new();
    let sent = city.submit(&city.draft("fallen-tree"));
    let path = format!("/requests/{}/me-too", sent.code);
    let first = city.post(&path, &[]).await.is(303);
    let cookie = first.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let again = http::Request::post(&path).header("cookie", cookie).body(axum::body::Body::empty()).unwrap();
    city.ask(again).await.is(303);
    city.get(&format!("/requests/{}", sent.code)).await.sees("۱ نفر دیگر هم گفته‌اند");
}

#[tokio::test]
async fn following_needs_a_number_or_an_address() {
    let city = City::new();
    let sent = city.submit(&city.draft("fallen-tree"));
    let path = format!("/en/requests/{}/follow", sent.code);
    let page =
        city.post(&path, &[("contact", "12")]).await.is(422).sees("neither a mobile number nor an e-mail");
    assert_eq!(page.field("contact").as_deref(), Some("12"));
    let done = city.post(&path, &[("contact", "۰۹۱۲۱۲۳۴۵۶۷")]).await.is(303);
    city.get(done.location()).await.is(200).sees("We tell you when this request is answered");
    city.post("/requests/1234567890/follow", &[]).await.is(404);
}

#[tokio::test]
async fn a_list_is_filtered_by_its_address_and_paged_by_a_cursor() {
    let city = City::new();
    for _ in 0..23 {
        city.submit(&city.draft("asphalt-patch"));
    }
    let tree = city.submit(&city.draft("fallen-tree"));
    let first = city.get("/requests").await.is(200);
    assert_eq!(first.html.matches("<article class=\"request\">").count(), 20);
    let next = first.addresses().into_iter().find(|a| a.contains("before=")).unwrap();
    let second = city.get(&next).await.is(200);
    assert_eq!(second.html.matches("<article class=\"request\">").count(), 4);
    let trees = city.get("/requests?service=fallen-tree").await.is(200);
    assert_eq!(trees.html.matches("<article class=\"request\">").count(), 1);
    assert!(trees.html.contains(&tree.code.to_string()));
    assert!(trees.html.contains("<option value=\"fallen-tree\" selected>"));
    let green = city.get("/requests?service=green.*&status=all").await.is(200);
    assert_eq!(green.html.matches("<article class=\"request\">").count(), 1);
    // Found by a word, in any spelling of the Arabic keyboard, and by a word that nobody wrote.
    let found =
        city.get("/requests?q=%D8%A7%D9%81%D8%AA%D8%A7%D8%AF%D9%87&service=fallen-tree").await.is(200);
    assert!(found.html.contains(&tree.code.to_string()));
    city.get("/requests?q=zzqqxx").await.is(200).sees("چیزی پیدا نشد");
    city.get("/requests?district=999&service=nothing&status=x&before=y").await.is(200);
}

#[tokio::test]
async fn a_code_of_another_city_is_found() {
    let city = City::new();
    let sent = city.submit(&city.draft("fallen-tree"));
    let led = city.get(&format!("/requests/{}?city=shiraz.ir", sent.code)).await.is(303);
    assert_eq!(led.location(), format!("/requests/{}", sent.code));
    let led = city.get(&format!("/en/track?city=shiraz.ir&code={}", sent.code)).await.is(303);
    assert_eq!(led.location(), format!("/en/requests/{}", sent.code));
}

#[tokio::test]
async fn a_wrong_code_is_explained() {
    let city = City::new();
    city.get("/track?code=").await.is(422).sees("کد را بنویسید");
    city.get("/track?code=12345").await.is(422).sees("این ۵ رقم دارد");
    city.get("/track?code=abc").await.is(422).sees("فقط رقم دارد");
    city.get("/track?code=1234567890").await.is(422).sees("رقم آخر با بقیه نمی‌خواند");
    let code = language::TrackingCode::from_random(5);
    city.get(&format!("/track?code={code}")).await.is(404).sees("پیدا نشد");
}

#[tokio::test]
async fn whoever_guesses_codes_is_slowed_down_and_readers_are_not() {
    for path in ["/requests/", "/report/done/"] {
        let city = City::with(door::Settings::default());
        let (open, private) = (city.submit(&city.draft("fallen-tree")), city.submit(&city.draft("homeless")));
        city.get(&format!("{path}{}", private.code)).await.is(200);
        let mut refused = 0;
        for _ in 0..300 {
            let status = city.get(&format!("{path}1234567890")).await.status.as_u16();
            assert!(status == 404 || status == 429, "{path}: {status}");
            refused += usize::from(status == 429);
        }
        assert!(refused > 0, "{path}");
        // Somebody else behind the same address still reads what everybody may read.
        city.get(&format!("{path}{}", open.code)).await.is(200);
    }
}

#[tokio::test]
async fn nobody_between_keeps_the_page_of_a_private_request() {
    let city = City::new();
    let (open, private) = (city.submit(&city.draft("fallen-tree")), city.submit(&city.draft("homeless")));
    for path in ["/requests/", "/en/requests/", "/report/done/"] {
        let keep = async |code| {
            let page = city.get(&format!("{path}{code}")).await.is(200);
            page.headers["cache-control"].to_str().unwrap().to_owned()
        };
        assert_eq!(
            (keep(open.code).await, keep(private.code).await),
            ("no-cache".into(), "private, no-cache".into())
        );
    }
}
