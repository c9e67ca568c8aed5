use std::fs;

use super::editions::{collection, feature, square, write_pack};
use crate::pack::{self, Spot};

const IN_ONE: &str = r#","district":"1""#;

/// A good pack with one file put in its place; what is said about it.
fn check(file: &str, text: &str, spot: Spot, said: &str) {
    let dir = tempfile::tempdir().unwrap();
    write_pack(dir.path(), "1", &[feature("a", IN_ONE, &square(51.0, 35.0))]);
    pack::read(dir.path()).unwrap();
    fs::write(dir.path().join(file), text).unwrap();
    let error = pack::read(dir.path()).expect_err(said);
    assert_eq!((error.file.as_str(), &error.spot), (file, &spot), "{error}");
    assert!(error.problem.contains(said), "{error}");
    assert!(error.to_string().starts_with(file));
}

fn at(number: usize, code: &str) -> Spot {
    Spot::Feature { number, code: Some(code.into()) }
}

fn neighbourhoods(features: &[String], spot: Spot, said: &str) {
    check("neighbourhoods.geojson", &collection(features), spot, said);
}

#[test]
fn borders_with_mistakes_say_where_and_what() {
    let file = "neighbourhoods.geojson";
    check(file, "{\"type\":\"FeatureCollection\",\n\"features\":[\n{\"type\":", Spot::Line(3), "no GeoJSON");
    check(file, "", Spot::Line(1), "no GeoJSON");
    check(file, "{\"type\":\"Feature\"}", Spot::Line(1), "missing field `features`");
    let good = feature("a", IN_ONE, &square(51.0, 35.0));
    neighbourhoods(&[good.clone(), good.clone()], at(2, "a"), "code a stands twice");
    neighbourhoods(
        &[feature("b", r#","district":"9""#, &square(51.0, 35.0))],
        at(1, "b"),
        "district 9 is unknown",
    );
    neighbourhoods(&[feature("b", "", &square(51.0, 35.0))], at(1, "b"), "district is missing");
    neighbourhoods(&[feature("b", IN_ONE, &square(52.0, 36.0))], at(1, "b"), "outside its border");
    // A bow tie, a line, metres instead of degrees, half a position, nothing at all.
    let tie = "[[[51.0,35.0],[51.1,35.1],[51.1,35.0],[51.0,35.1],[51.0,35.0]]]";
    neighbourhoods(&[feature("b", IN_ONE, tie)], at(1, "b"), "may not cross themselves");
    neighbourhoods(
        &[feature("b", IN_ONE, "[[[51.0,35.0],[51.1,35.1]]]")],
        at(1, "b"),
        "at least three corners",
    );
    let metres = "[[[538000,3952000],[539000,3952000],[539000,3953000],[538000,3952000]]]";
    neighbourhoods(&[feature("b", IN_ONE, metres)], at(1, "b"), "not degrees");
    neighbourhoods(&[feature("b", IN_ONE, "[[[51.0],[51.1],[51.2]]]")], at(1, "b"), "[longitude, latitude]");
    neighbourhoods(&[feature("b", IN_ONE, "[]")], at(1, "b"), "no ring");
    neighbourhoods(&[good.replace("Polygon", "Point")], at(1, "a"), "Polygon");
    let elsewhere = r#","district":"1","label":[51.25,35.05]"#;
    neighbourhoods(&[feature("b", elsewhere, &square(51.0, 35.0))], at(1, "b"), "label lies outside");
    neighbourhoods(
        &[feature("b", r#","district":"1","label":[51]"#, &square(51.0, 35.0))],
        at(1, "b"),
        "label",
    );
    neighbourhoods(&[feature("b/c", IN_ONE, &square(51.0, 35.0))], at(1, "b/c"), "stands in addresses");
    let number = good.replace("\"code\":\"a\"", "\"code\":7");
    neighbourhoods(&[number], Spot::Feature { number: 1, code: None }, "expected a string");
}

#[test]
fn an_old_code_is_carried_on_by_one_and_is_no_longer_in_use() {
    let with = |code: &str, was: &str, west: f64| {
        feature(code, &format!(r#","district":"1","was":["{was}"]"#), &square(west, 35.0))
    };
    let plain = |code: &str, west: f64| feature(code, IN_ONE, &square(west, 35.0));
    neighbourhoods(&[with("b", "a", 51.0), with("c", "a", 51.1)], at(2, "c"), "only one neighbourhood");
    neighbourhoods(&[with("b", "a", 51.0), plain("a", 51.1)], at(2, "a"), "code a is in use");
    neighbourhoods(&[plain("a", 51.0), with("b", "a", 51.1)], at(2, "b"), "code a is in use");
}

#[test]
fn other_files_with_mistakes_say_the_line() {
    let dir = tempfile::tempdir().unwrap();
    write_pack(dir.path(), "1", &[]);
    let city = fs::read_to_string(dir.path().join("city.toml")).unwrap();
    let line = |n| Spot::Line(n);
    check("city.toml", &city.replace("Asia/Tehran", "Asia/Nowhere"), line(5), "Asia/Nowhere");
    check("city.toml", &city.replace("35.5", "95.5"), line(6), "no position");
    check("city.toml", &city.replace("zoom = 12", "zoom = 40"), line(7), "zoom");
    check("city.toml", &city.replace("little.example", "Little City"), line(2), "stands in addresses");
    check("city.toml", &city.replace("closes = \"16:00\"", "closes = \"07:00\""), line(10), "opening");
    check("city.toml", &city.replace("[\"fri\"]", "[\"friday\"]"), line(13), "friday");
    check("city.toml", &city.replace("name.fa = \"شهرک\"", ""), line(4), "fa");
    check("city.toml", "id = ", line(1), "");
    check(
        "districts.toml",
        "[[district]]\ncode = \"1\"\nname.fa = \"x\"\nname.en = \"y\"\n",
        Spot::File,
        "keep one",
    );
    let holiday = "[[holiday]]\non = \"2024-01-01\"\nname.fa = \"عید\"\nname.en = \"Feast\"\n";
    check("holidays.toml", &format!("{holiday}\n{holiday}"), line(7), "stands twice");
    check("holidays.toml", &holiday.replace("01-01", "02-30"), line(2), "2024-02-30");
    let places = "name_fa,name_en,kind,lat,long,district,neighbourhood\n";
    check(
        "places.csv",
        &format!("{places}م,M,square,35.0,51.0,1,a\nن,N,square,35.0,51.0,1,z\n"),
        line(3),
        "neighbourhood z",
    );
    check("places.csv", &format!("{places}م,M,square,x,51.0,1,a\n"), line(2), "invalid float");
    check("places.csv", &format!("{places}م,M,square,95,51.0,1,a\n"), line(2), "no position");
    check("places.csv", &format!("{places}م,M\n"), line(2), "");
    check("places.csv", &format!("{places}م,M,Big Square,35.0,51.0,1,a\n"), line(2), "kind");
}

#[test]
fn a_missing_folder_and_foreign_letters_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let missing = pack::read(&dir.path().join("nowhere")).unwrap_err();
    assert_eq!((missing.file.as_str(), missing.spot), ("city.toml", Spot::File));
    write_pack(dir.path(), "1", &[]);
    fs::write(dir.path().join("holidays.toml"), b"# ok\n# \xC7\xE1\n").unwrap();
    let foreign = pack::read(dir.path()).unwrap_err();
    assert_eq!((foreign.file.as_str(), foreign.spot), ("holidays.toml", Spot::Line(2)));
    assert!(foreign.problem.contains("UTF-8"));
}
