use geo::{Area, BooleanOps};
use storage::Db;

use super::{Chance, act, atlas, city, load, load_at, point};
use crate::{Bounds, Level, Located, Place, Point, jurisdiction_by_code, jurisdictions, pack};

/// Rings of every feature of a file, read without this crate: code, district and rings.
fn features(file: &str) -> Vec<(String, String, Vec<Vec<(f64, f64)>>)> {
    let text = std::fs::read_to_string(city("tehran").join(file)).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let features = json["features"].as_array().unwrap();
    features
        .iter()
        .map(|f| {
            let rings = f["geometry"]["coordinates"].as_array().unwrap().iter().flat_map(|part| {
                // A part of a MultiPolygon is one level deeper.
                if part[0][0].is_array() { part.as_array().unwrap().clone() } else { vec![part.clone()] }
            });
            let ring = |ring: serde_json::Value| {
                let positions = ring.as_array().unwrap().iter();
                positions.map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap())).collect()
            };
            let text = |key: &str| f["properties"][key].as_str().unwrap().to_owned();
            (text("code"), text("district"), rings.map(ring).collect())
        })
        .collect()
}

/// Even and odd crossings of a ray to the east.
fn holds(rings: &[Vec<(f64, f64)>], p: Point) -> bool {
    let mut inside = false;
    for ring in rings {
        for edge in ring.windows(2) {
            let ((ax, ay), (bx, by)) = (edge[0], edge[1]);
            if (ay > p.lat) != (by > p.lat) && p.long < (bx - ax) * (p.lat - ay) / (by - ay) + ax {
                inside = !inside;
            }
        }
    }
    inside
}

#[test]
fn twenty_thousand_points_lie_where_a_slow_oracle_says() {
    let db = Db::temporary().unwrap();
    let (_, atlas) = load(&db, "tehran");
    let neighbourhoods = features("neighbourhoods.geojson");
    let districts = features("districts.geojson");
    let Bounds { min, max } = atlas.bounds().unwrap();
    let mut chance = Chance(1);
    let (mut inside, mut outside) = (0, 0);
    for _ in 0..20_000 {
        // A little more than the city, so that some points are outside on every side.
        let mut between = |a: f64, b: f64| a - 0.02 + (b - a + 0.04) * chance.next();
        let p = point(between(min.lat, max.lat), between(min.long, max.long));
        let small: Vec<_> = neighbourhoods.iter().filter(|(_, _, rings)| holds(rings, p)).collect();
        assert!(small.len() <= 1, "{p:?} in {small:?}");
        let large = districts.iter().find(|(_, _, rings)| holds(rings, p));
        match atlas.locate(p) {
            Located::Inside(Place { district, area, neighbourhood }) => {
                inside += 1;
                assert_eq!(area, None);
                let code = |id: Option<i64>| id.map(|id| atlas.division(id).unwrap().code.as_str());
                assert_eq!(code(neighbourhood), small.first().map(|(code, _, _)| code.as_str()), "{p:?}");
                let expected =
                    small.first().map(|(_, district, _)| district).or(large.map(|(code, _, _)| code));
                assert_eq!(code(district), expected.map(String::as_str), "{p:?}");
            }
            Located::Outside { nearest, metres } => {
                outside += 1;
                assert!(small.is_empty() && large.is_none(), "{p:?}");
                assert!(nearest.is_some() && metres > 0.0, "{p:?}");
                // The slow measure is tried on some of them.
                if outside % 16 != 0 {
                    continue;
                }
                let corner = atlas.borders(Level::District).flat_map(|(_, border)| border.0.iter());
                let corners = corner.flat_map(|polygon| polygon.exterior().0.iter());
                let to_corner = corners.map(|c| p.metres_to(point(c.y, c.x))).fold(f64::INFINITY, f64::min);
                // An edge is at most as far as the nearest corner.
                assert!(metres < to_corner * 1.01, "{p:?} {metres} {to_corner}");
            }
            Located::NoBorders => unreachable!(),
        }
    }
    assert!(inside > 7_000 && outside > 2_000, "{inside} inside, {outside} outside");
}

#[test]
fn tehran_is_loaded_and_known_squares_are_found() {
    for (engine, db) in Db::for_stories().unwrap() {
        let (loaded, atlas) = load(&db, "tehran");
        assert_eq!((loaded.districts, loaded.neighbourhoods), (22, 375), "{engine}");
        assert_eq!((loaded.added, loaded.kept, loaded.retired), (397, 0, 0), "{engine}");
        assert!(atlas.has_borders());
        let district_at = |lat: f64, long: f64| match atlas.locate(point(lat, long)) {
            Located::Inside(place) => place.district.map(|id| atlas.division(id).unwrap().code.clone()),
            _ => None,
        };
        // Azadi Square stands where districts 2, 5 and 9 meet; Tajrish in 1, the bazaar in 12.
        let azadi = district_at(35.6997, 51.3380).unwrap();
        assert!(["2", "5", "9"].contains(&azadi.as_str()), "{azadi}");
        assert_eq!(district_at(35.8046, 51.4297).as_deref(), Some("1"));
        assert_eq!(district_at(35.6750, 51.4220).as_deref(), Some("12"));
        // Karaj lies to the west.
        let Located::Outside { nearest, metres } = atlas.locate(point(35.8327, 50.9915)) else { panic!() };
        assert_eq!(atlas.division(nearest.unwrap()).unwrap().code, "22");
        assert!((8_000.0..20_000.0).contains(&metres), "{metres}");
        let codes: Vec<_> = atlas.districts().map(|d| d.code.as_str()).collect();
        assert_eq!(codes[..3], ["1", "2", "3"]);
        assert_eq!(codes.len(), 22);
        let per_district = atlas.districts().map(|d| atlas.neighbourhoods(d.id).count());
        assert_eq!(per_district.sum::<usize>(), 375);
        assert!(atlas.working().holidays.len() > 150);
    }
}

#[test]
fn every_label_lies_in_its_own_division_and_every_neighbourhood_in_its_district() {
    let db = Db::temporary().unwrap();
    let (_, atlas) = load(&db, "tehran");
    let districts: Vec<_> = atlas.borders(Level::District).collect();
    for (neighbourhood, border) in atlas.borders(Level::Neighbourhood) {
        let place = atlas.place_of(neighbourhood.id);
        assert_eq!(
            atlas.locate(neighbourhood.label.unwrap()),
            Located::Inside(place),
            "{}",
            neighbourhood.code
        );
        assert_eq!(place.neighbourhood, Some(neighbourhood.id));
        let (_, district) = districts.iter().find(|(d, _)| Some(d.id) == place.district).unwrap();
        let outside = border.difference(*district).unsigned_area() / border.unsigned_area();
        assert!(outside < 1e-6, "{}: {outside}", neighbourhood.code);
    }
    for district in atlas.districts() {
        let Located::Inside(place) = atlas.locate(district.label.unwrap()) else {
            panic!("{}", district.code)
        };
        assert_eq!(place.district, Some(district.id));
    }
}

#[test]
fn a_point_on_a_shared_border_always_belongs_to_the_first_code() {
    let db = Db::temporary().unwrap();
    let (_, atlas) = load(&db, "tehran");
    let mut shared = 0;
    for (neighbourhood, border) in atlas.borders(Level::Neighbourhood) {
        for c in &border.0[0].exterior().0 {
            // A corner of a border is in it, or in one with an earlier code that has the same corner.
            let Located::Inside(place) = atlas.locate(point(c.y, c.x)) else {
                panic!("{}", neighbourhood.code)
            };
            let winner = atlas.division(place.neighbourhood.unwrap()).unwrap();
            assert!(winner.code <= neighbourhood.code, "{} {}", winner.code, neighbourhood.code);
            shared += usize::from(winner.id != neighbourhood.id);
        }
    }
    assert!(shared > 1_000, "{shared}");
}

#[test]
fn a_city_without_borders_works_by_choosing_the_district() {
    for (engine, db) in Db::for_stories().unwrap() {
        let (loaded, atlas) = load(&db, "shiraz");
        assert_eq!((loaded.districts, loaded.neighbourhoods), (11, 0), "{engine}");
        assert!(!atlas.has_borders() && atlas.bounds().is_none());
        assert_eq!(atlas.locate(point(29.6101, 52.5425)), Located::NoBorders);
        let codes: Vec<_> = atlas.districts().map(|d| d.code.as_str()).collect();
        assert_eq!(codes, ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]);
        let chosen = atlas.by_code(Level::District, "8").unwrap();
        assert_eq!(
            atlas.place_of(chosen.id),
            Place { district: Some(chosen.id), area: None, neighbourhood: None }
        );
        assert_eq!(atlas.place_of(12345), Place::default());
    }
}

#[test]
fn every_pack_of_the_house_loads_and_cities_stay_in_their_order() {
    for (engine, db) in Db::for_stories().unwrap() {
        let mut names: Vec<String> = std::fs::read_dir(city(""))
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.path().join("city.toml").exists())
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        names.sort();
        // The busiest city first.
        names.sort_by_key(|name| name != "tehran");
        let codes: Vec<String> = names
            .iter()
            .map(|name| {
                let pack = pack::read(&city(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
                let code = pack.code.clone();
                load_at(&db, pack, 0);
                code
            })
            .collect();
        let known = db.read_blocking(jurisdictions).unwrap();
        assert_eq!(known.iter().map(|j| j.code.clone()).collect::<Vec<_>>(), codes, "{engine}");
        assert_eq!(
            known.iter().map(|j| j.id).collect::<Vec<_>>(),
            (1..=codes.len() as i64).collect::<Vec<_>>()
        );
        let last = codes.last().unwrap().clone();
        let found = db.read_blocking(move |tx| jurisdiction_by_code(tx, &last)).unwrap();
        assert_eq!(found.as_ref(), known.last());
        assert_eq!(db.read_blocking(|tx| jurisdiction_by_code(tx, "atlantis")).unwrap(), None);
        for city in &known {
            assert_eq!(&atlas(&db, city.id).jurisdiction, city);
        }
    }
}

#[test]
fn only_who_may_manage_the_catalogue_loads_a_pack() {
    let db = Db::temporary().unwrap();
    let pack = pack::read(&city("shiraz")).unwrap();
    let citizen = people::Act { by: people::Actor::Citizen, ..act() };
    let refused = db.write_blocking(move |tx| pack::load(tx, &citizen, &pack));
    assert!(matches!(refused, Err(pack::LoadError::Denied(_))));
    assert_eq!(db.read_blocking(jurisdictions).unwrap(), vec![]);
}
