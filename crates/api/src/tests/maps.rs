//! GeoJSON and tiles.

use http::StatusCode;

use super::{SIMPLE, in_the_city};

#[test]
fn geojson_has_points_longitude_first() {
    in_the_city(async |city| {
        let code = city.report(SIMPLE, "برگ").await;
        let answer = city.get("/api/v1/requests.geojson?box=51.40,35.72,51.41,35.73").await;
        assert_eq!(answer.header("content-type"), "application/geo+json");
        let map = answer.json();
        assert_eq!(
            (&map["type"], &map["features"][0]["type"]),
            (&"FeatureCollection".into(), &"Feature".into())
        );
        assert_eq!(map["features"][0]["geometry"]["coordinates"], serde_json::json!([51.4056, 35.7219]));
        let properties = &map["features"][0]["properties"];
        assert_eq!(
            (&properties["code"], &properties["open"], &properties["service"]),
            (&code.into(), &true.into(), &SIMPLE.into())
        );
        assert_eq!(
            city.read("/api/v1/requests.geojson?status=closed").await["features"],
            serde_json::json!([])
        );
    });
}

/// The tile of a zoom that holds the point in the middle of the city.
fn tile_at(z: u32) -> (u32, u32) {
    let side = f64::from(1u32 << z);
    let lat = 35.7219f64.to_radians();
    let (x, y) = ((51.4056 + 180.0) / 360.0, (1.0 - lat.tan().asinh() / std::f64::consts::PI) / 2.0);
    ((x * side) as u32, (y * side) as u32)
}

#[test]
fn tiles_hold_the_ground_its_names_and_the_requests() {
    in_the_city(async |city| {
        let code = city.report(SIMPLE, "برگ").await;
        let tile = async |z: u32, query: &str| {
            let (x, y) = tile_at(z);
            city.get(&format!("/tiles/{z}/{x}/{y}.mvt{query}")).await
        };
        let has = |body: &[u8], text: &str| body.windows(text.len()).any(|part| part == text.as_bytes());
        let near = tile(16, "").await;
        assert_eq!(
            (near.status, near.header("content-type")),
            (StatusCode::OK, "application/vnd.mapbox-vector-tile")
        );
        for text in ["districts", "neighbourhoods", "requests", code.as_str(), SIMPLE, "received"] {
            assert!(has(&near.body, text), "{text} on the nearest tile");
        }
        for z in [8, 11, 13, 15] {
            assert_eq!(tile(z, "").await.status, StatusCode::OK);
        }
        let far = tile(11, "").await;
        assert!(has(&far.body, "labels") && has(&far.body, "name_en") && !has(&far.body, &code));
        assert!(far.body.len() < 100_000, "{} bytes", far.body.len());
        assert!(!has(&tile(16, "?status=closed").await.body, &code));
        assert!(
            has(&tile(16, "?status=open&district=6").await.body, &code)
                != has(&tile(16, "?status=open&district=7").await.body, &code)
        );

        let (x, y) = tile_at(12);
        let packed = city.get_with(&format!("/tiles/12/{x}/{y}.mvt"), &[("accept-encoding", "gzip")]).await;
        assert_eq!((packed.header("content-encoding"), &packed.body[..2]), ("gzip", &[0x1f, 0x8b][..]));
        let again = city
            .get_with(
                &format!("/tiles/12/{x}/{y}.mvt"),
                &[("accept-encoding", "gzip"), ("if-none-match", packed.header("etag"))],
            )
            .await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        for path in [
            "/tiles/12/0/4096.mvt",
            "/tiles/99/0/0.mvt",
            "/tiles/a/b/c.mvt",
            "/tiles/1/1/1.png",
            "/tiles/-1/0/0.mvt",
        ] {
            assert_eq!(city.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    });
}

#[test]
fn a_finer_filter_counts_everything_on_a_tile() {
    in_the_city(async |city| {
        use requests::import::{Record, bring_in};
        let (act, id) = (city.door.act(people::Actor::System("test")), city.id);
        let records: Vec<Record> = (0..1_500i64)
            .map(|n| Record {
                external_id: format!("r{n}"),
                kind: requests::Kind::Request,
                service_code: SIMPLE.into(),
                status: requests::Status::Answered,
                channel: requests::Channel::Import,
                language: language::Lang::Fa,
                priority: requests::Priority::Normal,
                words: if n % 2 == 0 { "زباله".into() } else { "برگ".into() },
                address: String::new(),
                point: territory::Point::new(35.72 + n as f64 * 1e-6, 51.40),
                division: None,
                unit: None,
                requested_at: act.at.plus_millis(-n * 60_000),
                updated_at: None,
                closed_at: None,
                due_at: None,
                resolution: String::new(),
            })
            .collect();
        let counts = city
            .door
            .db
            .write(move |tx| -> Result<_, requests::import::ImportError> {
                bring_in(tx, &act, id, "old", 0, &records)?;
                let mut counts = Vec::new();
                for words in ["", "زباله"] {
                    let filter = requests::list::Filter {
                        statuses: vec![requests::Status::Answered],
                        words: words.into(),
                        ..requests::list::Filter::of(id)
                    };
                    counts.push(requests::list::spots(tx, &filter)?.len());
                }
                Ok(counts)
            })
            .await
            .unwrap();
        assert_eq!(counts, [1_500, 750], "{}", city.engine);
        let answer = city.get("/tiles/12/2632/1612.mvt?status=answered").await;
        assert_eq!(answer.status, http::StatusCode::OK);
    });
}
