//! Atom and CSV.

use http::StatusCode;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::{SIMPLE, in_the_city};

#[test]
fn a_feed_tells_what_is_new_in_a_place() {
    in_the_city(async |city| {
        let code = city.report(SIMPLE, "برگ & شاخه <b>").await;
        let place = city.read("/api/v1/locate?lat=35.7219&long=51.4056").await;
        let (id, own) =
            (place["neighbourhood"]["id"].as_str().unwrap(), place["district"]["code"].as_str().unwrap());
        for path in [
            "/feeds/all.atom".to_owned(),
            format!("/feeds/neighbourhood/{id}.atom"),
            format!("/feeds/district/{own}.atom?lang=en"),
        ] {
            let feed = city.get(&path).await;
            assert_eq!(
                (feed.status, feed.header("content-type")),
                (StatusCode::OK, "application/atom+xml; charset=utf-8"),
                "{path}"
            );
            let text = feed.text();
            assert!(
                text.contains(&format!("request/{code}</id>")) && text.contains("&amp;"),
                "{path}: {text}"
            );
            // RFC 4287: a feed and its entries have id, title and updated; an author stands somewhere.
            for needed in [
                "<id>tag:",
                "<title>",
                "<updated>2026-11-14T06:30:00Z</updated>",
                "<author><name>",
                "rel=\"self\"",
            ] {
                assert!(text.contains(needed), "{needed}");
            }
            let mut reader = Reader::from_str(text);
            while !matches!(reader.read_event().unwrap(), Event::Eof) {}
            assert_eq!(
                city.get_with(&path, &[("if-none-match", feed.header("etag"))]).await.status,
                StatusCode::NOT_MODIFIED
            );
        }
        for path in
            ["/feeds/none.atom", "/feeds/district/999.atom", "/feeds/area/1.atom", "/feeds/district/6.rss"]
        {
            assert_eq!(city.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    });
}

#[test]
fn the_csv_opens_in_a_spreadsheet_and_computes_nothing() {
    in_the_city(async |city| {
        city.report(SIMPLE, "=HYPERLINK(\"http://evil\"), \"x\"\nدوم").await;
        city.report(SIMPLE, "تلفن ۰۹۱۲۱۲۳۴۵۶۷").await;
        let answer = city.get("/api/v1/requests.csv").await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::OK, "text/csv; charset=utf-8")
        );
        let text = answer.text();
        assert!(text.starts_with("\u{feff}کد پیگیری [code],"), "{text:.80}");
        assert!(text.contains("\r\n") && !text.contains("۰۹۱۲") && text.contains("1405-08-23"), "{text}");
        let mut rows = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let columns = rows.headers().unwrap().clone();
        let description = columns.iter().position(|name| name.contains("[description]")).unwrap();
        let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2);
        assert!(rows[1][description].starts_with("'=HYPERLINK"), "{}", &rows[1][description]);
        let english = city.get("/api/v1/requests.csv?lang=en&limit=1").await;
        assert!(english.text().starts_with("\u{feff}Tracking code [code],"));
        assert_eq!(city.get("/api/v1/requests.csv?status=lost").await.status, StatusCode::BAD_REQUEST);
    });
}

#[test]
fn an_export_goes_on_over_many_pages() {
    in_the_city(async |city| {
        if city.engine != "sqlite" {
            return;
        }
        let id = city.id;
        let act = city.door.act(people::Actor::Citizen);
        city.door
            .db
            .write_blocking(move |tx| -> Result<(), requests::SubmitError> {
                for n in 0..1_205 {
                    let mut draft = requests::Draft::new(id, requests::Channel::Web, language::Lang::Fa);
                    draft.service_code = SIMPLE.into();
                    draft.place.address = format!("کوچهٔ {n}");
                    requests::submit(tx, &act, &draft)?;
                }
                Ok(())
            })
            .unwrap();
        let text = city.get("/api/v1/requests.csv").await;
        assert_eq!(text.text().matches("\r\n").count(), 1_206);
        assert!(text.text().contains("کوچهٔ 0,") && text.text().contains("کوچهٔ 1204,"));
    });
}
