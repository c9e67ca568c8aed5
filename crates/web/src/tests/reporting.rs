//! From "what is wrong" to the code, with everything that can go amiss on the way.

use super::city::{City, HERE, Seen};

/// Goes as far as the check page, with a service that asks nothing that must be answered.
async fn to_the_check(city: &City, words: &str) -> Seen {
    let page = city.get("/report/service").await.is(200);
    let page = city
        .send(&page, "/report/place", &[("service_code", "street-sweeping")])
        .await
        .is(200)
        .sees("کجاست؟");
    let (lat, long) = (HERE.0.to_string(), HERE.1.to_string());
    let page = city
        .send(&page, "/report/words", &[("lat", &lat), ("long", &long)])
        .await
        .is(200)
        .sees("با حرف خودتان بگویید");
    let page = city
        .send(&page, "/report/contact", &[("description", words)])
        .await
        .is(200)
        .sees("چطور به شما خبر بدهیم؟");
    city.send(&page, "/report/check", &[]).await.is(200).sees("همین‌ها را بفرستیم؟")
}

fn code_of(page: &Seen) -> String {
    let code = page.location().rsplit('/').next().unwrap();
    code.split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_citizen_says_what_is_wrong_and_gets_a_code_and_a_promise() {
    let city = City::new();
    let page = to_the_check(&city, "جوی جلوی مدرسه پر از زباله است")
        .await
        .sees("جوی جلوی مدرسه پر از زباله است")
        .sees("قول ما");
    let sent = city.send(&page, "/report/send", &[]).await.is(303);
    let done = city.get(sent.location()).await.is(200).sees("ثبت شد").sees("رسیدگی می‌شود");
    let code = code_of(&sent);
    assert!(done.html.contains("class=\"code big\""));
    // Typed in Persian digits and with spaces, the code leads to the request.
    let typed = language::digits::to_persian(&format!("{} {} {}", &code[..3], &code[3..6], &code[6..]));
    let typed = percent_encoding::utf8_percent_encode(&typed, crate::page::PLAIN).to_string();
    let found = city.get(&format!("/track?code={typed}")).await.is(303);
    assert_eq!(found.location(), format!("/requests/{code}"));
    city.get(found.location()).await.is(200).sees("جوی جلوی مدرسه پر از زباله است").sees("دریافت شد");
}

#[tokio::test]
async fn sending_twice_makes_one_request() {
    let city = City::new();
    let page = to_the_check(&city, "درخت خشک شده است").await;
    let (first, second) =
        tokio::join!(city.send(&page, "/report/send", &[]), city.send(&page, "/report/send", &[]));
    assert_eq!(first.is(303).location(), second.is(303).location());
    assert_eq!(city.requests(), 1);
}

#[tokio::test]
async fn a_form_that_was_sent_and_changed_asks_before_it_becomes_a_second_request() {
    let city = City::new();
    let page = to_the_check(&city, "اولی").await;
    city.send(&page, "/report/send", &[]).await.is(303);
    let again = city
        .send(&page, "/report/send", &[("description", "دومی")])
        .await
        .is(422)
        .sees("پیش‌تر درخواستی فرستاده‌اید");
    assert_eq!(city.requests(), 1);
    city.send(&again, "/report/send", &[]).await.is(303);
    assert_eq!(city.requests(), 2);
}

#[tokio::test]
async fn an_empty_step_says_what_is_missing_and_where() {
    let city = City::new();
    let page = city.get("/en/report/service").await;
    let page = city
        .send(&page, "/en/report/place", &[("q", "tree")])
        .await
        .is(422)
        .sees("There is a problem")
        .sees("choose one from the list");
    assert!(page.html.contains("href=\"#service\"") && page.html.contains("id=\"service\""));
    assert!(page.html.contains("<title>Error:"));
    assert_eq!(page.field("q").as_deref(), Some("tree"));
    let page = city.send(&page, "/en/report/place", &[("service_code", "street-sweeping")]).await.is(200);
    let page = city.send(&page, "/en/report/words", &[]).await.is(422).sees("Say where it is");
    assert!(page.html.contains("href=\"#address_string\""));
    assert_eq!(page.field("service_code").as_deref(), Some("street-sweeping"));
}

#[tokio::test]
async fn a_question_that_must_be_answered_is_asked_again_and_nothing_is_lost() {
    let city = City::new();
    let page = city.get("/report/place?service_code=bulky-waste").await.is(200);
    let page = city
        .send(&page, "/report/words", &[("address_string", "جایی بی‌نام در شهر")])
        .await
        .is(200)
        .sees("حجم وسایل");
    let page = city.send(&page, "/report/contact", &[("description", "یک مبل و دو تشک")]).await.is(422);
    let page = page.sees("به «حجم وسایل» پاسخ بدهید");
    assert!(page.html.contains("href=\"#attribute-size\"") && page.html.contains("id=\"attribute-size\""));
    assert_eq!(page.field("description").as_deref(), Some("یک مبل و دو تشک"));
    assert_eq!(page.field("address_string").as_deref(), Some("جایی بی‌نام در شهر"));
    city.send(&page, "/report/contact", &[("attribute[size]", "small")]).await.is(200);
}

#[tokio::test]
async fn going_back_and_forth_keeps_everything() {
    let city = City::new();
    let page = to_the_check(&city, "چراغ خاموش است").await;
    let words = city.send(&page, "/report/words", &[]).await.is(200);
    assert_eq!(words.field("description").as_deref(), Some("چراغ خاموش است"));
    let place = city.send(&words, "/report/place", &[("description", "چراغ کوچه خاموش است")]).await.is(200);
    assert_eq!(place.field("lat"), Some(HERE.0.to_string()));
    let check = city.send(&place, "/report/check", &[]).await.is(200);
    check.sees("چراغ کوچه خاموش است").sees("رفت‌وروب");
}

#[tokio::test]
async fn a_place_outside_says_how_far_and_what_is_near() {
    let city = City::new();
    let page = city.get("/report/place?service_code=street-sweeping").await;
    // A town to the west, its numbers in Persian digits.
    let page = city.send(&page, "/report/words", &[("lat", "۳۵٫۸۴"), ("long", "۵۰٫۹۹")]).await.is(422);
    let page = page.sees("کیلومتر بیرون از").sees("نزدیک‌ترین جا منطقه");
    assert_eq!(page.field("lat").as_deref(), Some("۳۵٫۸۴"));
    city.send(&page, "/report/words", &[("lat", "95"), ("long", "abc")])
        .await
        .is(422)
        .sees("این نقطه روی زمین نیست");
    city.send(&page, "/report/words", &[("lat", ""), ("long", ""), ("division", "x")])
        .await
        .is(422)
        .sees("در فهرست ما نیست");
    // Inside, also in Persian digits.
    city.send(&page, "/report/words", &[("lat", "۳۵٫۷۲۱۹"), ("long", "۵۱٫۴۰۵۶")]).await.is(200);
}

#[tokio::test]
async fn an_address_that_may_be_several_places_is_asked_about_once() {
    let city = City::new();
    let page = city.get("/report/place?service_code=street-sweeping").await;
    let page = city
        .send(&page, "/report/words", &[("address_string", "تجریش")])
        .await
        .is(200)
        .sees("کدام یکی؟")
        .sees("ایستگاه مترو");
    let picked = page.field("picked").unwrap();
    assert!(picked.starts_with("d:") || picked.starts_with("p:"), "{picked}");
    let words = city.send(&page, "/report/words", &[]).await.is(200).sees("با حرف خودتان بگویید");
    assert_eq!(words.field("address_string").as_deref(), Some("تجریش"));
    // "None of these" is an answer too.
    city.send(&page, "/report/words", &[("picked", "none")]).await.is(200).sees("با حرف خودتان بگویید");
}

#[tokio::test]
async fn words_may_be_long_but_not_too_long() {
    let city = City::new();
    let long = "ب".repeat(4000);
    let page = city.get("/report/place?service_code=street-sweeping").await;
    let page = city.send(&page, "/report/words", &[("address_string", "بی‌نشان")]).await.is(200);
    city.send(&page, "/report/contact", &[("description", &long)]).await.is(200);
    let page = city
        .send(&page, "/report/contact", &[("description", &format!("{long}پ"))])
        .await
        .is(422)
        .sees("۱ نویسه بلندتر");
    assert_eq!(page.field("description").unwrap().chars().count(), 4001, "what was typed is kept");
    let endless = "ب".repeat(60_000);
    let page = city.send(&page, "/report/contact", &[("description", &endless)]).await.is(422);
    assert_eq!(page.field("description").unwrap().chars().count(), 60_000);
}

#[tokio::test]
async fn what_misleads_is_cleaned_and_what_is_markup_is_text() {
    let city = City::new();
    let page = to_the_check(&city, "\u{202E}وارونه\u{202C} <script>alert(1)</script> \"x\"").await;
    let page = page.misses("<script>alert").misses("\u{202E}وارونه</p>");
    let sent = city.send(&page, "/report/send", &[]).await.is(303);
    let shown = city.get(&format!("/requests/{}", code_of(&sent))).await.is(200);
    let shown = shown.misses("<script>alert").misses("\u{202E}");
    assert!(shown.text().contains("وارونه <script>alert(1)</script>"));
}

#[tokio::test]
async fn a_service_that_closed_meanwhile_is_refused_kindly() {
    let city = City::new();
    let page = to_the_check(&city, "دیر رسید").await;
    let (act, id) = (city.act(), city.id);
    let closed = city.door.db.write_blocking(move |tx| -> Result<bool, storage::Error> {
        Ok(requests::pack::set_open(tx, &act, id, "street-sweeping", false).unwrap())
    });
    assert!(closed.unwrap());
    let page = city.send(&page, "/report/send", &[]).await.is(422).sees("فعلاً بسته است");
    assert_eq!(page.field("description").as_deref(), Some("دیر رسید"));
    city.get("/report/place?service_code=no-such-thing").await.is(200).sees("این موضوع را نداریم");
}

#[tokio::test]
async fn a_wrong_number_stands_beside_its_field() {
    let city = City::new();
    let page = to_the_check(&city, "چاله").await;
    let page = city.send(&page, "/report/check", &[("phone", "۰۹۱۲۳۴۵"), ("email", "a@b")]).await.is(422);
    let page = page.sees("این شمارهٔ همراه درست نیست").sees("این ایمیل درست نیست");
    assert_eq!(page.field("phone").as_deref(), Some("۰۹۱۲۳۴۵"));
    city.send(&page, "/report/check", &[("phone", "۰۹۱۲ ۱۲۳ ۴۵۶۷"), ("email", "")])
        .await
        .is(200)
        .sees("۰۹۱۲ ۱۲۳ ۴۵۶۷");
}

#[tokio::test]
async fn near_by_others_already_said_it() {
    let city = City::new();
    let first = city.submit(&city.draft("fallen-tree"));
    let page = city.get("/report/place?service_code=fallen-tree").await;
    let (lat, long) = (HERE.0.to_string(), HERE.1.to_string());
    let offer = city
        .send(&page, "/report/words", &[("lat", &lat), ("long", &long)])
        .await
        .is(200)
        .sees("شاید همین را دیگران");
    let joined = city.send(&offer, "/report/words", &[("join", &first.code.to_string())]).await.is(303);
    assert!(joined.location().starts_with(&format!("/requests/{}", first.code)), "{}", joined.location());
    city.get(joined.location())
        .await
        .is(200)
        .sees("شما هم پشت این درخواست هستید")
        .sees("۱ نفر دیگر هم گفته‌اند");
    assert_eq!(city.requests(), 1);
    // Whoever says it is something else goes on and is not asked again.
    let words = city.send(&offer, "/report/words", &[]).await.is(200).sees("با حرف خودتان بگویید");
    city.send(&words, "/report/place", &[]).await.is(200);
    city.send(&words, "/report/words", &[]).await.is(200).sees("با حرف خودتان بگویید");
}

#[tokio::test]
async fn photos_are_kept_when_the_words_are_refused() {
    let city = City::new();
    let picture = picture();
    let page = city.get("/report/place?service_code=bulky-waste").await;
    let page = city.send(&page, "/report/words", &[("address_string", "بی‌نشان")]).await.is(200);
    let files: [(&str, &[u8]); 2] = [("IMG.jpg", &picture), ("notes.txt", b"no picture")];
    let page = city.upload(&page, "/report/contact", &[("description", "مبل")], &files).await.is(422);
    let page = page.sees("به «حجم وسایل» پاسخ بدهید").sees("notes.txt").sees("عکس نیست");
    assert!(page.field("photo").is_some(), "the good one is kept");
    let thumbnail = page.addresses().into_iter().find(|a| a.starts_with("/report/photo/")).unwrap();
    assert_eq!(city.get(&thumbnail).await.is(200).headers["content-type"], "image/jpeg");
    let page = city.send(&page, "/report/contact", &[("attribute[size]", "small")]).await.is(200);
    let page = city.send(&page, "/report/check", &[]).await.is(200);
    let sent = city.send(&page, "/report/send", &[]).await.is(303);
    let shown = city.get(&format!("/requests/{}", code_of(&sent))).await.is(200);
    assert!(shown.html.contains("/files/"), "the photo is on the page");
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let city = City::new();
    let request = http::Request::post("/report/send")
        .header("host", "137.example.ir")
        .header("origin", "https://elsewhere.example")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from("service_code=street-sweeping"))
        .unwrap();
    city.ask(request).await.is(403).sees("از جای دیگری فرستاده شد");
    assert_eq!(city.requests(), 0);
}

#[tokio::test]
async fn a_city_without_borders_works_by_choosing_the_district() {
    let city = City::new();
    let page = city.get("/report/place?service_code=pothole&city=shiraz.ir").await;
    let page = if page.status == 200 && page.html.contains("name=\"division\"") {
        page
    } else {
        let first = city.get("/report/service?city=shiraz.ir").await.is(200);
        let code = first
            .html
            .split("name=\"service_code\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        city.send(&first, "/report/place?city=shiraz.ir", &[("service_code", &code)]).await.is(200)
    };
    let list = page.html.split("id=\"division\"").nth(1).unwrap();
    let division = list.split("<option value=\"").nth(2).unwrap().split('"').next().unwrap();
    city.send(&page, "/report/words?city=shiraz.ir", &[("division", division)])
        .await
        .is(200)
        .sees("با حرف خودتان بگویید");
}

/// A small JPEG.
fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(64, 48, image::Rgb([120, 90, 40]))
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn forms_without_a_key_are_not_taken_for_each_other() {
    let city = City::new();
    let page = to_the_check(&city, "چراغ کوچه خاموش است").await;
    let first = city.send(&page, "/report/send", &[("key", "")]).await.is(303);
    let second = city.send(&page, "/report/send", &[("key", "")]).await.is(303);
    assert_ne!(first.location(), second.location(), "nobody is handed the code of somebody else");
}

#[tokio::test]
async fn the_other_language_keeps_what_was_typed() {
    let city = City::new();
    let page = to_the_check(&city, "چراغ کوچه خاموش است").await;
    let words = city.send(&page, "/report/words", &[]).await.is(200);
    let switch = "<button class=\"lang\" form=\"step\" formaction=\"/en/report/words\"";
    assert!(words.html.contains(switch) && words.html.contains("<form id=\"step\""));
    // What was typed at this step and not sent on yet goes along.
    let english =
        city.send(&words, "/en/report/words", &[("description", "چراغ کوچه شکسته است")]).await.is(200);
    assert_eq!(english.field("description").as_deref(), Some("چراغ کوچه شکسته است"));
    assert_eq!(english.field("lat"), Some(HERE.0.to_string()));
    assert!(english.html.contains("formaction=\"/report/words\""));
}

#[tokio::test]
async fn a_city_without_borders_asks_for_the_position_without_a_map() {
    let city = City::new();
    let page = city.get("/report/place?service_code=fallen-tree&city=shiraz.ir").await.is(200);
    assert!(page.html.contains("<peyvand-map mode=\"here\"") && !page.html.contains("mode=\"pick\""));
    assert!(page.html.contains("name=\"lat\"") && page.html.contains("name=\"division\""));
    let page = city.get("/report/place?service_code=street-sweeping").await.is(200);
    assert!(page.html.contains("mode=\"pick\""));
}
