use std::fs;
use std::path::Path;

use storage::{Db, journal, params, sql};

use super::{Point, atlas, load_at, point};
use crate::{Level, Located, pack};

const CITY: &str = r#"
id = "little.example"
name.fa = "شهرک"
name.en = "Little"
zone = "Asia/Tehran"
centre = { lat = 35.5, long = 51.5 }
zoom = 12
edition = "EDITION"

[working]
opens = "08:00"
closes = "16:00"
rest = ["fri"]
"#;

/// A square of 0.1° with its south-west corner there.
pub fn square(west: f64, south: f64) -> String {
    let (east, north) = (west + 0.1, south + 0.1);
    format!("[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]")
}

pub fn feature(code: &str, more: &str, coordinates: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"code":"{code}","name_fa":"نام {code}","name_en":"Name {code}"{more}}},"geometry":{{"type":"Polygon","coordinates":{coordinates}}}}}"#
    )
}

pub fn collection(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}", features.join(",\n"))
}

/// A city of one district, 0.3° wide, with the given neighbourhoods.
pub fn write_pack(dir: &Path, edition: &str, neighbourhoods: &[String]) {
    fs::write(dir.join("city.toml"), CITY.replace("EDITION", edition)).unwrap();
    let district = "[[[51.0,35.0],[51.3,35.0],[51.3,35.1],[51.0,35.1],[51.0,35.0]]]";
    fs::write(dir.join("districts.geojson"), collection(&[feature("1", "", district)])).unwrap();
    fs::write(dir.join("neighbourhoods.geojson"), collection(neighbourhoods)).unwrap();
}

const IN_ONE: &str = r#","district":"1""#;

fn middle(west: f64) -> Point {
    point(35.05, west + 0.05)
}

#[test]
fn a_newer_edition_keeps_ids_retires_what_is_gone_and_adds_what_is_new() {
    for (engine, db) in Db::for_stories().unwrap() {
        let dir = tempfile::tempdir().unwrap();
        let read = || pack::read(dir.path()).unwrap();
        write_pack(
            dir.path(),
            "1402",
            &[
                feature("a", IN_ONE, &square(51.0, 35.0)),
                feature("b", IN_ONE, &square(51.1, 35.0)),
                feature("c", IN_ONE, &square(51.2, 35.0)),
            ],
        );
        let first = load_at(&db, read(), 0);
        assert_eq!((first.added, first.kept, first.retired, first.changed), (4, 0, 0, true), "{engine}");
        let jid = first.jurisdiction_id;
        let old = atlas(&db, jid);
        let id = |code: &str| old.by_code(Level::Neighbourhood, code).unwrap().id;

        // The same again: nothing is written, announced or reloaded.
        let facts = |db: &Db| db.read_blocking(move |tx| journal::head(tx, jid)).unwrap();
        let before = facts(&db);
        let again = load_at(&db, read(), 1);
        assert_eq!((again.added, again.kept, again.retired, again.changed), (0, 4, 0, false), "{engine}");
        assert_eq!(facts(&db), before, "{engine}");
        assert!(std::sync::Arc::ptr_eq(&old, &atlas(&db, jid)), "{engine}");

        // b is now called b2, c is gone, d stands where c stood.
        write_pack(
            dir.path(),
            "1404",
            &[
                feature("a", IN_ONE, &square(51.0, 35.0)),
                feature("b2", r#","district":"1","was":["b"]"#, &square(51.1, 35.0)),
                feature("d", IN_ONE, &square(51.2, 35.0)),
            ],
        );
        let second = load_at(&db, read(), 2);
        assert_eq!((second.added, second.kept, second.renamed, second.retired), (1, 3, 1, 1), "{engine}");
        assert_eq!(second.jurisdiction_id, jid);
        let new = atlas(&db, jid);
        assert_eq!(new.by_code(Level::Neighbourhood, "a").unwrap().id, id("a"));
        assert_eq!(new.by_code(Level::Neighbourhood, "b2").unwrap().id, id("b"));
        assert_eq!(new.by_code(Level::Neighbourhood, "b"), None);
        assert_eq!(new.jurisdiction.edition, "1404");
        // What hangs on c still finds its name and its district.
        let c = new.division(id("c")).unwrap();
        assert!(c.retired && c.name_fa == "نام c");
        assert_eq!(new.place_of(c.id).district, new.by_code(Level::District, "1").map(|d| d.id));
        assert_eq!(new.find_places("Name c", 9).iter().filter(|f| f.division == Some(c.id)).count(), 0);
        let d = new.by_code(Level::Neighbourhood, "d").unwrap();
        let Located::Inside(place) = new.locate(middle(51.2)) else { panic!() };
        assert_eq!(place.neighbourhood, Some(d.id));
        let names: Vec<_> = new.neighbourhoods(place.district.unwrap()).map(|n| n.code.as_str()).collect();
        assert_eq!(names, ["a", "b2", "d"]);
        // Borders of the older edition are still there to read.
        let kept = db.read_blocking(move |tx| {
            tx.value::<i64>(
                sql!("SELECT COUNT(*) FROM borders WHERE jurisdiction_id = $1 AND edition = $2"),
                &params![jid, "1402"],
            )
        });
        assert_eq!(kept.unwrap(), Some(4), "{engine}");
        let told = db.read_blocking(move |tx| journal::of(tx, jid, "borders", jid, 10)).unwrap();
        assert_eq!(told.len(), 2);
        let last: serde_json::Value = serde_json::from_str(&told[1].payload).unwrap();
        assert_eq!(last["renamed"][0], serde_json::json!(["neighbourhood/b", "neighbourhood/b2"]));
        assert_eq!(last["retired"], serde_json::json!(["neighbourhood/c"]));
        assert_eq!(last["added"], serde_json::json!(["neighbourhood/d"]));

        // Loaded again, the old code that the pack still names does no harm.
        assert!(!load_at(&db, read(), 3).changed, "{engine}");

        // The city changes its mind: c comes back as itself.
        write_pack(
            dir.path(),
            "1405",
            &[
                feature("a", IN_ONE, &square(51.0, 35.0)),
                feature("b2", IN_ONE, &square(51.1, 35.0)),
                feature("c", IN_ONE, &square(51.2, 35.0)),
            ],
        );
        let third = load_at(&db, read(), 4);
        assert_eq!((third.added, third.kept, third.retired), (0, 4, 1), "{engine}");
        let back = atlas(&db, jid);
        assert_eq!(back.division(id("c")).map(|c| c.retired), Some(false));
        assert_eq!(back.division(d.id).map(|d| d.retired), Some(true));
    }
}

#[test]
fn holidays_and_landmarks_follow_the_files() {
    for (engine, db) in Db::for_stories().unwrap() {
        let dir = tempfile::tempdir().unwrap();
        write_pack(dir.path(), "1", &[feature("a", IN_ONE, &square(51.0, 35.0))]);
        let holiday =
            |on: &str| format!("[[holiday]]\non = \"{on}\"\nname.fa = \"عید\"\nname.en = \"Feast\"\n");
        let put = |name: &str, text: String| fs::write(dir.path().join(name), text).unwrap();
        put("holidays.toml", ["2024-01-01", "2024-06-01", "2024-12-31"].map(holiday).concat());
        put("places.csv", "name_fa,name_en,kind,lat,long,district,neighbourhood\nمیدان,Square,square,35.05,51.05,1,a\nدور,Far,square,35.05,51.25,,\n".into());
        let jid = load_at(&db, pack::read(dir.path()).unwrap(), 0).jurisdiction_id;
        let city = atlas(&db, jid);
        assert_eq!(city.working().holidays.len(), 3, "{engine}");
        let far = city.find_places("far", 1).remove(0);
        assert_eq!(far.division, city.by_code(Level::District, "1").map(|d| d.id), "placed by its point");

        // A holiday within the time spoken of was cancelled; the pack no longer speaks of the first year's start.
        put("holidays.toml", ["2024-05-01", "2024-12-31", "2025-01-01"].map(holiday).concat());
        put("places.csv", "name_fa,name_en,kind,lat,long\nمیدان نو,New Square,square,35.05,51.05\n".into());
        assert!(load_at(&db, pack::read(dir.path()).unwrap(), 1).changed);
        let city = atlas(&db, jid);
        let days: Vec<String> = city.working().holidays.iter().map(|h| h.day.to_string()).collect();
        assert_eq!(days, ["2024-01-01", "2024-05-01", "2024-12-31", "2025-01-01"], "{engine}");
        assert_eq!(city.find_places("far", 1), vec![]);
        assert_eq!(city.find_places("square", 5).len(), 1);
        assert!(!load_at(&db, pack::read(dir.path()).unwrap(), 2).changed, "{engine}");
    }
}

#[test]
fn ten_cities_founded_at_once_get_ten_numbers() {
    for (engine, db) in Db::for_stories().unwrap() {
        let dir = tempfile::tempdir().unwrap();
        write_pack(dir.path(), "1", &[feature("a", IN_ONE, &square(51.0, 35.0))]);
        let pack = pack::read(dir.path()).unwrap();
        let threads: Vec<_> = (0..10)
            .map(|n| {
                // Every city is asked for twice.
                let (db, pack) = (db.clone(), pack::Pack { code: format!("city-{}", n / 2), ..pack.clone() });
                std::thread::spawn(move || load_at(&db, pack, n).jurisdiction_id)
            })
            .collect();
        let mut ids: Vec<i64> = threads.into_iter().map(|t| t.join().unwrap()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 5, "{engine}");
    }
}
